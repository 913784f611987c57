"""A core file of a process that is debugged: as it is without the debugger."""

from __future__ import annotations

from seize.corefile import writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.arch import Arch
    from seize.debug.process import Process


class _Debugged:
    """A debugged process, all of whose threads are stopped, as what a core file is made of."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def machine(self) -> Arch:
        """The machine of its program."""
        return self._process.machine

    def thread_ids(self) -> tuple[int, ...]:
        """Its threads, the one that stopped last first."""
        first = self._process.thread.tid
        return (first, *(tid for tid in self._process.threads if tid != first))

    def regset(self, tid: int, note_type: int) -> bytes:
        """The registers of a thread, as they will be when it is resumed."""
        return self._process.threads[tid].registers.regset(note_type)

    def siginfo(self, tid: int) -> bytes:
        """The siginfo_t of the signal that a thread is about to get; b"" if there is none."""
        thread = self._process.threads[tid]
        return thread.siginfo().raw if thread.pending_signal else b""

    def read_prefix(self, address: int, size: int) -> bytes:
        """The readable beginning of so many bytes, without breakpoints."""
        return self._process.memory.read_prefix(address, size)


def save(process: Process, path: str, *, everything: bool = False) -> writer.Saved:
    """Write a core file of a debugged process; see ``seize.corefile.writer.write``.

    NotStopped if one of its threads runs.
    """
    return writer.write(_Debugged(process), path, everything=everything)
