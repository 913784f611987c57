"""One frozen type for each thing that ``waitpid`` can tell a tracer.

The names are those of ptrace(2), "Stopped states" and "Death under ptrace".  ``Event`` is the
root; a ``Stop`` is an event after which the tracee is held until it is resumed, an ``End`` is
the death of a thread.

>>> match stop:
...     case SyscallExit(call=call): ...
...     case SignalDelivery(signal=11): stop.suppress()
"""

from __future__ import annotations

from seize._frozen import frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode import Call
    from seize.engine import Tracee
    from seize.ptrace import SigInfo


@frozen
class Event:
    """What was reported of the thread ``tid``.

    ``tracee`` is the engine's object for that thread; the pure classifier, which knows no
    engine, leaves it None.
    """

    tid: int
    tracee: Tracee


@frozen
class Stop(Event):
    """A ptrace-stop: the tracee is held, and may be inspected and changed."""

    def hold(self) -> None:
        """Leave the tracee stopped after this event, until ``tracee.resume()``."""
        self.tracee.hold()


@frozen
class SignalDelivery(Stop):
    """signal-delivery-stop: ``signal`` is about to reach the tracee.

    ``siginfo`` tells who sent it and why.  Unless told otherwise the tracer injects the same
    signal when it resumes the tracee ("Signal injection and suppression").
    """

    signal: int
    siginfo: SigInfo

    def suppress(self) -> None:
        """Resume the tracee without the signal."""
        self.tracee.pending_signal = 0

    def replace(self, signal: int) -> None:
        """Resume the tracee with another signal in the place of this one."""
        self.tracee.pending_signal = signal


@frozen
class GroupStop(Stop):
    """group-stop: the whole process was stopped by ``signal`` (SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU).

    A seized tracee is resumed with PTRACE_LISTEN: it stays stopped, and SIGCONT wakes it.
    """

    signal: int


@frozen
class EventStop(Stop):
    """PTRACE_EVENT_STOP that is no group-stop.

    After PTRACE_INTERRUPT, when a listening tracee is woken by SIGCONT, and as the first stop
    (``initial``) of a thread that was attached by PTRACE_SEIZE or born to a seized tracee.
    """

    initial: bool = False


@frozen
class NewChild(Stop):
    """The tracee made a new thread or process, ``child_tid``, which is traced from its birth."""

    child_tid: int


@frozen
class Fork(NewChild):
    """PTRACE_EVENT_FORK: before return from fork(2), or clone(2) with SIGCHLD as exit signal."""


@frozen
class Vfork(NewChild):
    """PTRACE_EVENT_VFORK: before return from vfork(2), or clone(2) with CLONE_VFORK."""


@frozen
class Clone(NewChild):
    """PTRACE_EVENT_CLONE: before return from any other clone(2)."""


@frozen
class VforkDone(Stop):
    """PTRACE_EVENT_VFORK_DONE: ``child_tid`` has exec'd or exited, so its parent goes on."""

    child_tid: int


@frozen
class Exec(Stop):
    """PTRACE_EVENT_EXEC: before return from execve(2).

    ``former_tid`` is the thread id before the call: it differs from ``tid`` when another thread
    than the leader called execve ("execve(2) under ptrace").  Then ``superseded_call`` is the
    system call that the leader was in, whose exit nobody will see.
    """

    former_tid: int
    superseded_call: Call | None = None


@frozen
class Exiting(Stop):
    """PTRACE_EVENT_EXIT: registers can still be read; ``status`` is the coming wait status."""

    status: int


@frozen
class SeccompStop(Stop):
    """PTRACE_EVENT_SECCOMP: a filter answered SECCOMP_RET_TRACE, with ``data``."""

    data: int
    call: Call


@frozen
class SyscallStop(Stop):
    """syscall-stop: ``call`` is the system call, the same object at entry and at exit."""

    call: Call


@frozen
class SyscallEnter(SyscallStop):
    """syscall-enter-stop: the kernel hasn't looked at the call yet."""


@frozen
class SyscallExit(SyscallStop):
    """syscall-exit-stop: the call is done, or was interrupted by a signal."""


@frozen
class SysemuStop(SyscallStop):
    """The stop of PTRACE_SYSEMU: the call is entered and will not be executed."""


@frozen
class SingleStep(Stop):
    """One instruction (or branch) was executed under PTRACE_SINGLESTEP or PTRACE_SINGLEBLOCK."""

    siginfo: SigInfo


@frozen
class PostExecTrap(Stop):
    """The SIGTRAP after execve(2) of a tracee that wasn't seized and has no PTRACE_O_TRACEEXEC.

    It is the kernel's notice to the tracer, not a signal for the program: it is suppressed.
    """

    siginfo: SigInfo


@frozen
class End(Event):
    """The thread is dead.  The leader's end is reported last, and is that of the process."""


@frozen
class Exited(End):
    """WIFEXITED: the thread ended by _exit(2) with ``status`` (0 to 255)."""

    status: int


@frozen
class Killed(End):
    """WIFSIGNALED: ``signal`` killed the thread; ``core`` says that a core file was written."""

    signal: int
    core: bool
