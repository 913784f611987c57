"""Watchpoints: stop after memory was accessed."""

from __future__ import annotations

from seize.debug.breakpoints import Limits, Stopper
from seize.errors import MemoryFault, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.debug.debugger import Debugger
    from seize.debug.process import Process
    from seize.debug.thread import Thread

KINDS = ("write", "access")


class Watchpoint(Stopper):
    """Watches ``size`` bytes at ``address``; made by ``Debugger.watch``.

    ``kind`` is "write" or "access"; ``value`` are the bytes that were there last.
    """

    def __init__(
        self,
        debugger: Debugger,
        number: int,
        where: int | str,
        limits: Limits,
        *,
        size: int | None,
        kind: str,
    ) -> None:
        super().__init__(debugger, number, limits)
        if kind not in KINDS:
            raise UsageError(f"can't watch for {kind!r}: {' or '.join(KINDS)}")
        self.where = where
        self.kind = kind
        self.address, self.size = self._find(where, size)
        self._values: dict[Process, bytes] = {}

    def _find(self, where: int | str, size: int | None) -> tuple[int, int]:
        """The address and the size of what is to be watched."""
        chosen = self.process or next(iter(self.debugger.processes.values()), None)
        if chosen is None:
            raise UsageError("there is no process to watch")
        if isinstance(where, int):
            return where, chosen.machine.word_size if size is None else size
        value = chosen.stopped_thread().frame.evaluate(where)
        if value.address is None:
            raise UsageError(f"can't watch {where!r}: it is not in memory")
        return value.address, value.type.size if size is None else size

    def value(self, process: Process) -> bytes:
        """The bytes that were there when it was last looked."""
        return self._values.get(process, b"")

    def place(self, process: Process) -> None:
        """Put it into the debug registers of a process."""
        if self.is_for(process) and process not in self._values:
            self._values[process] = self._read(process)
            try:
                self.debugger.catchpoints.hardware_registers(process).insert(
                    self, self.address, self.size, "write" if self.kind == "write" else "access"
                )
            except BaseException:
                del self._values[process]
                raise

    def _read(self, process: Process) -> bytes:
        try:
            return process.memory.read(self.address, self.size)
        except MemoryFault:
            # Not mapped, or not any more.
            return b""

    def lift(self, process: Process) -> None:
        """Take it out of the debug registers of a process."""
        if self._values.pop(process, None) is not None and process.alive:
            self.debugger.catchpoints.hardware_registers(process).remove(self)

    def forget(self, process: Process) -> None:
        """The process, or what it has run, is gone."""
        self._values.pop(process, None)

    def accessed(self, thread: Thread) -> tuple[bytes, bytes] | None:
        """What was and what is there, after it has trapped; None if that is to be passed over."""
        old, new = self._values.get(thread.process, b""), self._read(thread.process)
        self._values[thread.process] = new
        if self.kind == "write" and old == new:
            return None
        return (old, new) if self.reached(thread) else None

    def __repr__(self) -> str:
        return f"<Watchpoint {self.number}: {self.size} bytes at {self.address:#x}>"
