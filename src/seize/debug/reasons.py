"""Why the debugger stopped: one frozen type for each thing that ``Debugger.wait`` may tell.

>>> match debugger.run():
...     case BreakpointHit(thread=thread): print(thread.frame)
...     case ProcessExited(status=status): ...
"""

from __future__ import annotations

from seize._frozen import frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.debug.breakpoints import Breakpoint
    from seize.debug.catchpoints import Catchpoint
    from seize.debug.process import Process
    from seize.debug.thread import Thread
    from seize.debug.watchpoints import Watchpoint
    from seize.decode import Call
    from seize.ptrace import SigInfo
    from seize.symbols import Image


@frozen
class DebugStop:
    """Something happened in ``process``; ``thread`` is stopped (None if there is none left)."""

    process: Process
    thread: Thread | None

    def __repr__(self) -> str:
        who = f"process {self.process.pid}" if self.thread is None else f"thread {self.thread.tid}"
        names = [name for name in self.__match_args__ if name not in ("process", "thread")]
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"<{type(self).__name__} of {who}{': ' * bool(fields)}{fields}>"


@frozen
class BreakpointHit(DebugStop):
    """The thread is about to execute the instruction at these breakpoints' address."""

    breakpoints: tuple[Breakpoint, ...]


@frozen
class WatchpointHit(DebugStop):
    """The watched memory was accessed; ``old`` and ``new`` are its bytes before and after."""

    watchpoint: Watchpoint
    old: bytes
    new: bytes


@frozen
class StepDone(DebugStop):
    """What was asked of the thread, one instruction, a line, a range, is done."""


@frozen
class FunctionFinished(StepDone):
    """``function`` has returned; ``value`` is what is in the result register, unsigned."""

    value: int
    function: str | None = None


@frozen
class Interrupted(DebugStop):
    """The thread was stopped by ``interrupt``."""


@frozen
class SignalStop(DebugStop):
    """``signal`` is about to be delivered; ``thread.pending_signal`` may still be changed."""

    signal: int
    siginfo: SigInfo


@frozen
class SyscallCaught(DebugStop):
    """A system call is entered (``entry``), or returns; ``call`` is the same object at both."""

    catchpoint: Catchpoint
    call: Call
    entry: bool


@frozen
class ForkCaught(DebugStop):
    """``kind`` is "fork", "vfork" or "vfork-done"; ``child`` is None if it isn't debugged."""

    kind: str
    child: Process | None
    child_pid: int
    catchpoint: Catchpoint | None = None


@frozen
class CloneCaught(DebugStop):
    """The thread has made a new thread."""

    child_tid: int
    catchpoint: Catchpoint | None = None


@frozen
class ExecCaught(DebugStop):
    """The process runs another program now; ``former_tid`` is who called execve(2)."""

    path: str
    former_tid: int
    catchpoint: Catchpoint | None = None


@frozen
class LibrariesChanged(DebugStop):
    """The dynamic linker has loaded or unloaded images."""

    loaded: tuple[Image, ...]
    unloaded: tuple[Image, ...]
    catchpoint: Catchpoint | None = None


@frozen
class ThreadStarted(DebugStop):
    """A new thread is about to run its first instruction."""


@frozen
class Exiting(DebugStop):
    """The thread is about to end; its registers can still be read.  ``status``: see waitpid(2)."""

    status: int
    catchpoint: Catchpoint | None = None


@frozen
class ThreadExited(DebugStop):
    """A thread, not the last one, has ended with the wait status ``status``."""

    tid: int
    status: int


@frozen
class ProcessExited(DebugStop):
    """The process has ended by _exit(2) with ``status``, 0 to 255."""

    status: int


@frozen
class ProcessKilled(DebugStop):
    """``signal`` has killed the process; ``core`` tells whether a core file was written."""

    signal: int
    core: bool
