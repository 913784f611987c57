"""Breakpoints: where they are, and what is asked at a hit."""

from __future__ import annotations

import re

from seize._frozen import frozen
from seize.debug.conditions import compiled
from seize.errors import MemoryFault, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from seize.debug.debugger import Condition, Debugger, Place
    from seize.debug.process import Process
    from seize.debug.thread import Thread
    from seize.symbols import Place as SourcePlace


@frozen
class Limits:
    """Which hits stop: what ``Debugger.breakpoint`` and its like are told, and mean by it."""

    condition: Condition | None
    callback: Callable[[Thread, Any], object] | None
    ignore: int
    temporary: bool
    process: Process | None
    thread: Thread | None = None


class Stopper:
    """What break-, watch- and catchpoints have in common: whether a hit stops.

    ``hits`` counts those whose condition held; ``ignore`` of them don't stop, and count down.
    """

    def __init__(self, debugger: Debugger, number: int, limits: Limits) -> None:
        self.debugger = debugger
        self.number = number
        self.hits = 0
        self.ignore = limits.ignore
        self.callback = limits.callback
        self.temporary = limits.temporary
        self.process = limits.process
        self.thread = limits.thread
        self.deleted = False
        self._enabled = False
        self._asked: Condition | None = None
        self._test: Callable[[Thread], object] | None = None
        self.condition = limits.condition

    @property
    def condition(self) -> Condition | None:
        """What must be true at a hit: a function of the thread, or a Python expression."""
        return self._asked

    @condition.setter
    def condition(self, condition: Condition | None) -> None:
        self._test = compiled(condition) if isinstance(condition, str) else condition
        self._asked = condition

    def reached(self, thread: Thread) -> bool:
        """Count a hit of ``thread``, ask condition and callback; True if it is to stop."""
        if (self.thread is not None and thread is not self.thread) or (
            self.process is not None and thread.process is not self.process
        ):
            return False
        if self._test is not None and not self._test(thread):
            return False
        self.hits += 1
        if self.ignore > 0:
            self.ignore -= 1
            return False
        return self.callback is None or self.callback(thread, self) is not False

    @property
    def enabled(self) -> bool:
        """Whether it is in force."""
        return self._enabled

    @enabled.setter
    def enabled(self, wanted: bool) -> None:
        if wanted and not self.deleted:
            self.enable()
        else:
            self.disable()

    def enable(self) -> None:
        """Put it in force in every process that it is for."""
        if not self._enabled:
            self._enabled = True
            for process in list(self.debugger.processes.values()):
                self.place(process)

    def disable(self) -> None:
        """Take it out of every process, and keep its counts."""
        if self._enabled:
            for process in list(self.debugger.processes.values()):
                self.lift(process)
            self._enabled = False

    def delete(self) -> None:
        """Take it out for good."""
        self.disable()
        self.deleted = True
        self.debugger.breakpoints.pop(self.number, None)

    def is_for(self, process: Process) -> bool:
        """Whether it is in force in a process."""
        return self._enabled and process.followed and self.process in (None, process)

    def place(self, process: Process) -> None:
        """Put it in force in a process, where it isn't yet."""

    def lift(self, process: Process) -> None:
        """Take it out of a process."""

    def forget(self, process: Process) -> None:
        """The process, or what it has run, is gone."""

    def inherit(self, parent: Process, child: Process) -> None:
        """A process was made by one that it is in force in."""


class Breakpoint(Stopper):
    """Stops threads that come to a place; made by ``Debugger.breakpoint``.

    ``where`` is the place as it was given, ``number`` its number, below 0 for internal ones.
    """

    def __init__(
        self, debugger: Debugger, number: int, where: Place, limits: Limits, *, hardware: bool
    ) -> None:
        super().__init__(debugger, number, limits)
        self.where = where
        self.hardware = hardware
        self._fixed = _address_of(where)
        self._placed: dict[Process, set[int]] = {}
        # Whether it has been in force: its address may vanish by execve(2).
        self._was_placed = False

    @property
    def addresses(self) -> tuple[int, ...]:
        """Where it is, in all processes."""
        return tuple(sorted(set().union(*self._placed.values())))

    def addresses_in(self, process: Process) -> tuple[int, ...]:
        """Where it is in one process."""
        return tuple(sorted(self._placed.get(process, ())))

    def places(self, process: Process) -> tuple[SourcePlace, ...]:
        """Where it is in one process: function, file and line of each address."""
        return tuple(process.symbols.describe(each) for each in self.addresses_in(process))

    @property
    def pending(self) -> bool:
        """Whether no place of that name is there yet."""
        return not self.addresses

    def resolve(self, process: Process) -> set[int]:
        """Where its place is in a process; empty if there is none."""
        if self._fixed is not None:
            return {self._fixed}
        assert not isinstance(self.where, int)
        return {place.address for place in process.symbols.resolve(self.where)}

    def place(self, process: Process) -> None:
        """Insert it in a process, wherever its place is now; take out what is gone."""
        if not self.is_for(process):
            return
        placed = self._placed.setdefault(process, set())
        wanted = self.resolve(process)
        for address in placed - wanted:
            self._take_out(process, address)
        if not self.hardware:
            for address in placed & wanted:
                process.space.renew(process.raw_memory, address)
        for address in sorted(wanted - placed):
            try:
                self._put_in(process, address)
            except MemoryFault as error:
                if self._fixed is not None and not self._was_placed:
                    raise UsageError(f"can't insert a breakpoint at {address:#x}") from error
                continue
            placed.add(address)
            self._was_placed = True
        placed &= wanted

    def _put_in(self, process: Process, address: int) -> None:
        if self.hardware:
            self.debugger.catchpoints.hardware_registers(process).insert(
                self, address, 1, "execute"
            )
        else:
            process.space.insert(process.raw_memory, address, self)

    def _take_out(self, process: Process, address: int) -> None:
        if self.hardware:
            self.debugger.catchpoints.hardware_registers(process).remove(self)
        elif process.alive:
            process.space.remove(process.raw_memory, address, self)

    def lift(self, process: Process) -> None:
        """Take it out of a process."""
        for address in self._placed.pop(process, ()):
            self._take_out(process, address)

    def forget(self, process: Process) -> None:
        """The process, or what it has run, is gone, and with it what was inserted."""
        self._placed.pop(process, None)

    def inherit(self, parent: Process, child: Process) -> None:
        """A child of fork(2) has what its parent has, unless it isn't meant."""
        placed = self._placed.get(parent)
        if not placed or self.hardware:
            return
        if self.is_for(child):
            self._placed[child] = set(placed)
        elif child.space is not parent.space:
            for address in placed:
                self._take_out(child, address)

    def __repr__(self) -> str:
        where = f"{self.where:#x}" if isinstance(self.where, int) else str(self.where)
        return f"<Breakpoint {self.number} at {where}, {self.hits} hits>"


def _address_of(where: Place) -> int | None:
    """The address that a place is by itself, without any symbols."""
    if isinstance(where, int):
        return where
    if isinstance(where, re.Pattern):
        return None
    text = where.removeprefix("*").strip()
    if where.startswith("*") or text.lower().startswith("0x"):
        try:
            return int(text, 0)
        except ValueError:
            return None
    return None
