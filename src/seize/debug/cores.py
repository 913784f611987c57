"""A core file of a process that is debugged: as it is without the debugger."""

from __future__ import annotations

from seize.corefile import writer
from seize.debug.native import NativeBackend

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.debug.process import Process


class _Debugged(NativeBackend):
    """A debugged process, all of whose threads are stopped, as what a core file is made of."""

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


def save(process: Process, path: str, *, everything: bool = False) -> writer.Saved:
    """Write a core file of a debugged process; see ``seize.corefile.writer.write``.

    NotStopped if one of its threads runs.
    """
    return writer.write(_Debugged(process), path, everything=everything)
