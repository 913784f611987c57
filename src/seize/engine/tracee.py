"""One thread under trace."""

from __future__ import annotations

from errno import ESRCH

from seize import arch, ptrace
from seize.abi._generated import ptrace as pt
from seize.errors import NotStopped, TraceeGone
from seize.memory import Memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from seize.decode import Call
    from seize.engine.process import Process
    from seize.engine.tracer import Tracer
    from seize.ptrace import SigInfo

    T = TypeVar("T")

RUNNING = "running"
STOPPED = "stopped"
LISTENING = "listening"
GONE = "gone"


class Tracee:
    """A traced thread, as the manual means the word: always one thread, never a process.

    ``state`` is "running", "stopped" (in a ptrace-stop: only then may it be inspected),
    "listening" (in a group-stop kept by PTRACE_LISTEN) or "gone" (dead or detached).
    ``memory`` reads and writes its address space.
    ``seized`` tells PTRACE_SEIZE from the traditional ways.  ``call`` is the system call that
    it is in, or None.  ``pending_signal`` will be injected when it is resumed.  ``operation``
    resumes it where nothing else is asked: PTRACE_SYSCALL or PTRACE_CONT.
    """

    __slots__ = (
        "awaits_sigstop",
        "call",
        "first",
        "held",
        "interrupted",
        "memory",
        "needs_options",
        "operation",
        "pending_signal",
        "process",
        "resumed_by",
        "seized",
        "state",
        "step",
        "tampered",
        "tid",
        "tracer",
        "vfork_parent",
    )

    def __init__(self, tracer: Tracer, process: Process, tid: int, seized: bool) -> None:
        self.tracer = tracer
        self.process = process
        self.tid = tid
        self.memory = Memory(tid, tracer.vm_reader)
        self.seized = seized
        self.operation = tracer.operation
        self.state = RUNNING
        self.first = True
        self.held = False
        # PTRACE_INTERRUPT was sent, and the stop that it asks for hasn't come.
        self.interrupted = False
        self.call: Call | None = None
        self.pending_signal = 0
        self.resumed_by: int = pt.PTRACE_CONT
        self.step: int | None = None
        # PTRACE_ATTACH, and birth to an attached tracee, send a SIGSTOP that is ours to suppress.
        self.awaits_sigstop = not seized
        self.needs_options = False
        # Who is blocked in vfork(2) until this thread, its child, has exec'd or ended.
        self.vfork_parent: Tracee | None = None
        # What a tampering keeps in mind of this thread.
        self.tampered: object = None

    def take_tid(self, tid: int) -> None:
        """Become the thread ``tid``: what execve(2) does to another thread than the leader."""
        self.tid = tid
        self.memory = Memory(tid, self.tracer.vm_reader)

    def _must_be_stopped(self, operation: str) -> None:
        if self.state != STOPPED:
            raise NotStopped(operation, self.tid, ESRCH, f"the tracee is {self.state}")

    def hold(self) -> None:
        """Keep it in its present stop until ``resume`` or ``detach``."""
        self.held = True

    def resume(self, signal: int | None = None) -> None:
        """Let it run on from a stop; ``signal`` overrides the one that would be injected."""
        self._must_be_stopped("resume")
        self.tracer.resume(self, signal)

    def singlestep(self) -> None:
        """When it is resumed next, run one instruction (PTRACE_SINGLESTEP)."""
        self.step = pt.PTRACE_SINGLESTEP

    def resume_by(self, operation: int) -> None:
        """When it is resumed next, use this restarting operation (a PTRACE_* number)."""
        self.step = operation

    def interrupt(self) -> None:
        """Make it stop with ``EventStop``, without a signal where it was seized."""
        self.tracer.interrupt(self)

    def detach(self, signal: int | None = None) -> None:
        """Stop tracing this thread; see ``Tracer.detach``."""
        self.tracer.detach(self, signal=signal)

    def ask(self, operation: Callable[..., T], *arguments: object) -> T:
        """Perform an operation of ``seize.ptrace`` that needs a stopped tracee.

        >>> tracee.ask(ptrace.getregset, NT_X86_XSTATE)

        ``NotStopped`` if it isn't stopped, ``TraceeGone`` if it died in its stop.
        """
        if self.state != STOPPED:
            self._must_be_stopped(f"PTRACE_{operation.__name__.upper()}")
        try:
            return operation(self.tid, *arguments)
        except NotStopped as error:
            # It was in a stop and isn't any more: only SIGKILL does that.
            self.state = GONE
            raise TraceeGone(error.operation, self.tid, error.errno) from error
        except TraceeGone:
            self.state = GONE
            raise

    def registers(self) -> arch.UserRegs:
        """Read the general-purpose registers (PTRACE_GETREGS)."""
        return self.ask(ptrace.getregs)

    def set_registers(self, registers: arch.UserRegs) -> None:
        """Write the general-purpose registers (PTRACE_SETREGS)."""
        self.ask(ptrace.setregs, registers)

    def set_options(self, options: int) -> None:
        """Set the PTRACE_O_* bits (PTRACE_SETOPTIONS)."""
        self.ask(ptrace.setoptions, options)

    def siginfo(self) -> SigInfo:
        """Read the siginfo of the signal that caused the stop (PTRACE_GETSIGINFO)."""
        return self.ask(ptrace.getsiginfo)

    def __repr__(self) -> str:
        return f"<Tracee {self.tid} of process {self.process.pid}: {self.state}>"
