"""A living process as what a core file is made of: all its threads stopped for a moment."""

from __future__ import annotations

from contextlib import contextmanager
from errno import ESRCH

from seize import arch, ptrace
from seize.corefile import writer
from seize.corefile.layout import NT_PRSTATUS
from seize.engine import Tracer
from seize.engine.tracee import STOPPED
from seize.errors import TraceeGone, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.arch import Arch
    from seize.engine.process import Process
    from seize.engine.tracee import Tracee


class Living:
    """A process whose threads an engine's tracer keeps stopped."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.pid = process.pid
        # The leader comes first, if it still is there.
        self._tids = tuple(sorted(process.tracees, key=lambda tid: (tid != process.pid, tid)))
        if not self._tids:
            raise TraceeGone("reading registers", process.pid, ESRCH)
        self.machine: Arch = arch.by_prstatus_size(len(self.regset(self._tids[0], NT_PRSTATUS)))

    def _tracee(self, tid: int) -> Tracee:
        tracee = self._process.tracees.get(tid)
        if tracee is None:
            raise TraceeGone("reading registers", tid, ESRCH)
        return tracee

    def thread_ids(self) -> tuple[int, ...]:
        """Its threads, the leader first."""
        return self._tids

    def regset(self, tid: int, note_type: int) -> bytes:
        """The registers of a thread."""
        return self._tracee(tid).ask(ptrace.getregset, note_type)

    def siginfo(self, tid: int) -> bytes:
        """The siginfo_t of the signal that a thread is about to get; b"" if there is none."""
        tracee = self._tracee(tid)
        return tracee.siginfo().raw if tracee.pending_signal else b""

    def read_prefix(self, address: int, size: int) -> bytes:
        """The readable beginning of so many bytes, whatever their protection."""
        memory = self._process.memory
        data = memory.read_prefix(address, size)
        return data + memory.read_forced(address + len(data), size - len(data))


def save(pid: int, path: str, *, everything: bool = False) -> writer.Saved:
    """Write the core file of a running process, which goes on as it was found.

    All its threads are stopped meanwhile; see ``writer.write`` for what is written and raised,
    and ``AccessDenied`` where it can't be attached to.
    """
    with stopped(pid) as subject:
        return writer.write(subject, path, everything=everything)


@contextmanager
def stopped(pid: int) -> Iterator[Living]:
    """Stop all threads of a process, and let it go afterwards as it was found."""
    with Tracer(syscalls=False, placement="off") as tracer:
        process = tracer.attach(pid)
        if process.pid != pid:
            raise UsageError(f"{pid} is a thread of process {process.pid}: use that number")
        while any(tracee.state != STOPPED for tracee in process.tracees.values()):
            event = tracer.next()
            if event is None or not process.tracees:
                raise TraceeGone("saving its core", pid, ESRCH, "it has ended")
        yield Living(process)
