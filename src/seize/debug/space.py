"""Breakpoint instructions in one address space, and where the displaced ones are executed.

Processes that share their memory (vfork(2), until the child's execve) share one of these.
"""

from __future__ import annotations

from seize.debug.displaced import MOVED, STEPPED, SYSCALL, plan
from seize.debug.scratch import SLOT_SIZE, Scratch
from seize.errors import MemoryFault, SeizeError, TraceeGone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from seize.arch import Arch
    from seize.debug.displaced import Displaced
    from seize.debug.thread import Thread
    from seize.memory import Mapping, Memory

    class Owner(Protocol):
        """Who wants a stop at an address: a breakpoint, or a step that is on its way."""

        def reached(self, thread: Thread) -> bool:
            """Take note that ``thread`` has come to the address; True to stop there."""
            ...


_LONGEST_INSTRUCTION = 15


class Location:
    """A breakpoint instruction at ``address`` in the place of the bytes ``original``.

    ``slot`` is where a copy of the displaced instruction is executed, None until it is needed.
    ``kind`` is how to get past it (see ``seize.debug.displaced``), "" until it is known.
    """

    __slots__ = ("address", "kind", "original", "owners", "plan", "slot")

    def __init__(self, address: int, original: bytes) -> None:
        self.address = address
        self.original = original
        self.owners: list[Owner] = []
        self.kind = ""
        self.plan: Displaced | None = None
        self.slot: int | None = None

    def reached(self, thread: Thread) -> tuple[Owner, ...]:
        """Tell every owner; return those that want to stop."""
        if len(self.owners) == 1:
            owner = self.owners[0]
            return (owner,) if owner.reached(thread) else ()
        return tuple(owner for owner in list(self.owners) if owner.reached(thread))


class _Injector:
    """What ``Scratch`` needs of an address space, through a thread that is stopped."""

    def __init__(self, machine: Arch) -> None:
        self.machine_name = machine.name
        self.thread: Thread | None = None

    def syscall(self, name: str, *arguments: int) -> int:
        assert self.thread is not None
        return self.thread.syscall(name, *arguments)

    def maps(self) -> tuple[Mapping, ...]:
        assert self.thread is not None
        return self.thread.tracee.memory.maps()


class AddressSpace:
    """The inserted breakpoints of one address space.

    ``locations`` are those that are inserted, by address; ``past`` those that were, for threads
    that are still on their way through them.
    """

    def __init__(self, machine: Arch, *, out_of_line: bool = True) -> None:
        self.machine = machine
        self.out_of_line = out_of_line
        self.locations: dict[int, Location] = {}
        self.past: dict[int, Location] = {}
        self.slots: dict[int, Location] = {}
        self._injector = _Injector(machine)
        self._scratch = Scratch(self._injector)

    # ------------------------------------------------------------------ insertion

    def insert(self, memory: Memory, address: int, owner: Owner) -> None:
        """Let ``owner`` know when a thread is at ``address``; MemoryFault if that isn't there."""
        self.renew(memory, address)
        location = self.locations.get(address)
        if location is None:
            breakpoint_ = self.machine.breakpoint
            original = memory.read(address, len(breakpoint_))
            location = self.past.pop(address, None)
            if location is None or location.original != original:
                location = Location(address, original)
            # Noted first: what is noted is put back at the end, even if a signal ends us here.
            self.locations[address] = location
            try:
                memory.write(address, breakpoint_, force=True)
            except SeizeError:
                del self.locations[address]
                raise
        location.owners.append(owner)

    def remove(self, memory: Memory, address: int, owner: Owner) -> None:
        """Undo ``insert``; the instruction is put back when its last owner has gone."""
        location = self.locations.get(address)
        if location is None or owner not in location.owners:
            return
        location.owners.remove(owner)
        if not location.owners:
            self.lift(memory, location)
            self.past[address] = location
            del self.locations[address]

    def renew(self, memory: Memory, address: int) -> None:
        """Insert again what has vanished with its memory, if that was mapped anew."""
        location = self.locations.get(address)
        if location is None:
            return
        try:
            found = memory.read(address, len(location.original))
        except MemoryFault:
            return
        if found != self.machine.breakpoint:
            fresh = self.locations[address] = Location(address, found)
            fresh.owners = location.owners
            memory.write(address, self.machine.breakpoint, force=True)

    def lift(self, memory: Memory, location: Location) -> None:
        """Put the program's own bytes back, unless they are no longer where they were."""
        try:
            if memory.read(location.address, len(location.original)) == self.machine.breakpoint:
                memory.write(location.address, location.original, force=True)
        except (MemoryFault, TraceeGone):
            # The library was unmapped, and its breakpoints with it; or all of the memory is gone.
            return

    def put_back(self, memory: Memory, location: Location) -> None:
        """Insert what ``lift`` has taken out."""
        memory.write(location.address, self.machine.breakpoint, force=True)

    def lift_all(self, memory: Memory) -> None:
        """Put back every instruction."""
        for location in self.locations.values():
            self.lift(memory, location)

    # ------------------------------------------------------------------ what others see

    def hide(self, address: int, data: bytes) -> bytes:
        """Give what the program has, for what was read at ``address``."""
        end = address + len(data)
        for location in self.locations.values():
            if address <= location.address < end:
                at = location.address - address
                if not self.machine.breakpoint.startswith(data[at : at + len(location.original)]):
                    # It has vanished with its memory.
                    continue
                data = data[:at] + location.original + data[at + len(location.original) :]
                data = data[: end - address]
        return data

    def write(self, address: int, data: bytes) -> bytes:
        """Take note of what is to be written, and give what really has to be."""
        end = address + len(data)
        for location in list(self.locations.values()):
            if address <= location.address < end:
                at = location.address - address
                new = data[at : at + len(location.original)]
                if new != location.original:
                    fresh = Location(location.address, new)
                    fresh.owners = location.owners
                    self.locations[location.address] = fresh
                data = data[:at] + self.machine.breakpoint + data[at + len(new) :]
        return data

    # ------------------------------------------------------------------ displaced instructions

    def prepare(self, location: Location, thread: Thread) -> None:
        """Find out how to get past a location, and make its slot if it is to have one."""
        address = location.address
        code = thread.tracee.memory.read_prefix(address, _LONGEST_INSTRUCTION)
        planned = plan(self.hide(address, code), address, bits=8 * self.machine.word_size)
        location.plan = planned
        location.kind = planned.kind
        if location.kind not in (MOVED, SYSCALL):
            return
        slot = self._allocate(planned.reach, thread) if self.out_of_line else None
        if slot is None:
            # In place, then.  (Of a system call only the entry is, so that it may wait there.)
            location.kind = STEPPED if planned.kind == MOVED else SYSCALL
            return
        thread.tracee.memory.write(slot, planned.place(slot), force=True)
        location.slot = slot
        self.slots[slot] = location

    def _allocate(self, reach: tuple[int, int] | None, thread: Thread) -> int | None:
        self._injector.thread = thread
        try:
            return self._scratch.allocate(reach)
        except (SeizeError, OSError):
            # There is always the other way: a single step with all others stopped.
            return None

    def own_slot(self, location: Location, thread: Thread) -> int | None:
        """Give a slot to one thread, where the displaced instruction ends in a trap."""
        plan_ = location.plan
        assert plan_ is not None
        slot = self._allocate(plan_.reach, thread)
        if slot is not None:
            code = plan_.place(slot)[: plan_.size] + self.machine.breakpoint
            thread.tracee.memory.write(slot, code, force=True)
        return slot

    def free_slot(self, slot: int) -> None:
        """Take back what ``own_slot`` gave."""
        self._scratch.free(slot)

    def slot_at(self, pc: int) -> Location | None:
        """The location whose slot a program counter is in."""
        return self.slots.get(pc & -SLOT_SIZE) if pc in self._scratch else None

    def release(self, thread: Thread) -> None:
        """Unmap the slots, through a stopped thread; nobody may be in them."""
        self._injector.thread = thread
        self._scratch.release_all()
        self.slots.clear()
        self.past.clear()
        for location in self.locations.values():
            location.slot, location.kind = None, ""

    def copy(self) -> AddressSpace:
        """What a child of fork(2) has: the same instructions, in memory of its own."""
        made = AddressSpace(self.machine, out_of_line=self.out_of_line)
        for table, copies in ((self.locations, made.locations), (self.past, made.past)):
            for address, location in table.items():
                twin = copies[address] = Location(address, location.original)
                twin.owners = list(location.owners)
                twin.kind, twin.plan, twin.slot = location.kind, location.plan, location.slot
                if twin.slot is not None:
                    made.slots[twin.slot] = twin
        made._scratch = self._scratch.copied(made._injector)
        return made
