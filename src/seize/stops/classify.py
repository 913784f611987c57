"""From what ``waitpid`` reported to the one stop that it was: ptrace(2), "Stopped states".

Pure: no function here makes a system call.  ``needs`` says which evidence a status word calls
for, the engine fetches it, and ``classify`` decides.

The status word of a stop is ``event << 16 | signal << 8 | 0x7f``:

===================  ===============================  ==========================================
event                signal                           stop
===================  ===============================  ==========================================
1 … 7                SIGTRAP                          PTRACE_EVENT_foo
PTRACE_EVENT_STOP    a stopping signal                group-stop (seized)
PTRACE_EVENT_STOP    SIGTRAP                          PTRACE_EVENT_STOP
0                    SIGTRAP | 0x80                   syscall-stop (TRACESYSGOOD)
0                    SIGTRAP, si_code SIGTRAP         syscall-stop (without TRACESYSGOOD)
0                    SIGTRAP, si_code TRAP_TRACE …    single-step, if it was asked for
0                    SIGTRAP from execve              post-exec SIGTRAP (attached, no TRACEEXEC)
0                    a stopping signal, no siginfo    group-stop (attached: EINVAL)
0                    any other                        signal-delivery-stop
===================  ===============================  ==========================================
"""

from __future__ import annotations

from seize._frozen import frozen
from seize.abi._generated import constants as k
from seize.abi._generated import ptrace as pt
from seize.stops import events

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode import Call
    from seize.engine import Tracee
    from seize.ptrace import SigInfo

SIGTRAP = k.SIGTRAP
SYSCALL_SIGNAL = SIGTRAP | 0x80
STOPPING_SIGNALS = frozenset((k.SIGSTOP, k.SIGTSTP, k.SIGTTIN, k.SIGTTOU))

#: The whole status word of a syscall-stop under PTRACE_O_TRACESYSGOOD: the engine's fast path.
SYSCALL_STATUS = SYSCALL_SIGNAL << 8 | 0x7F
#: The whole status word of a SIGTRAP that is no event: a breakpoint, a step, or a signal.
TRAP_STATUS = SIGTRAP << 8 | 0x7F
#: The whole status word of PTRACE_EVENT_SECCOMP.
SECCOMP_STATUS = pt.PTRACE_EVENT_SECCOMP << 16 | SIGTRAP << 8 | 0x7F

EVENT_MESSAGE = 1
"""Evidence wanted: PTRACE_GETEVENTMSG."""
SIGINFO = 2
"""Evidence wanted: PTRACE_GETSIGINFO (None where it answers EINVAL)."""
SYSCALL_INFO = 4
"""Evidence wanted: PTRACE_GET_SYSCALL_INFO, and the call it tells of."""
LAST_CALL = 8
"""Evidence wanted: whether the last system call was an execve."""

_STEPPING = frozenset((pt.PTRACE_SINGLESTEP, pt.PTRACE_SINGLEBLOCK, pt.PTRACE_SYSEMU_SINGLESTEP))
_SYSEMU = frozenset((pt.PTRACE_SYSEMU, pt.PTRACE_SYSEMU_SINGLESTEP))
# What the kernel puts in si_code when a step is complete: TRAP_TRACE after an instruction,
# TRAP_BRANCH after a block, TRAP_BRKPT when the stepped instruction was a system call.
_STEP_CODES = frozenset((k.TRAP_TRACE, k.TRAP_BRANCH, k.TRAP_BRKPT))


@frozen
class Evidence:
    """What is known of a stop.  Fields that ``needs`` doesn't name may keep their defaults."""

    status: int
    seized: bool = True
    resumed_by: int = pt.PTRACE_CONT
    first: bool = False
    awaits_sigstop: bool = False
    event_message: int = 0
    siginfo: SigInfo | None = None
    syscall_op: int = pt.PTRACE_SYSCALL_INFO_NONE
    call: Call | None = None
    last_call_was_execve: bool = False


def needs(status: int, seized: bool) -> int:
    """Return the evidence (a bit set of the constants above) that a status word calls for."""
    if status & 0xFF != 0x7F:
        return 0
    signal = status >> 8 & 0xFF
    event = status >> 16
    if event == pt.PTRACE_EVENT_SECCOMP:
        return EVENT_MESSAGE | SYSCALL_INFO
    if event:
        return 0 if event == pt.PTRACE_EVENT_STOP else EVENT_MESSAGE
    if signal == SYSCALL_SIGNAL:
        return SYSCALL_INFO
    if signal == SIGTRAP:
        return SIGINFO | EVENT_MESSAGE | (0 if seized else LAST_CALL)
    return SIGINFO


def classify(tid: int, tracee: Tracee, evidence: Evidence) -> events.Event:
    """Return the one event that the evidence shows for the thread ``tid``.

    ``tracee`` is passed on to the event untouched.  Raises ValueError for a status word that
    no kernel reports (neither an exit, nor a death, nor a stop).
    """
    status = evidence.status
    if status & 0x7F == 0:
        return events.Exited(tid, tracee, status >> 8 & 0xFF)
    if status & 0xFF != 0x7F:
        return events.Killed(tid, tracee, status & 0x7F, bool(status & 0x80))
    event = status >> 16
    if event:
        return _ptrace_event(tid, tracee, event, evidence)
    signal = status >> 8 & 0xFF
    if signal == SYSCALL_SIGNAL:
        return _syscall_stop(tid, tracee, evidence.syscall_op, evidence)
    if signal == SIGTRAP:
        return _trap(tid, tracee, evidence)
    if signal in STOPPING_SIGNALS and evidence.siginfo is None:
        return events.GroupStop(tid, tracee, signal)
    if signal == k.SIGSTOP and evidence.awaits_sigstop:
        # The SIGSTOP of PTRACE_ATTACH, or of birth to an attached tracee: ours, not the program's.
        return events.EventStop(tid, tracee, evidence.first)
    return _delivery(tid, tracee, signal, evidence)


def _ptrace_event(tid: int, tracee: Tracee, event: int, evidence: Evidence) -> events.Event:
    message = evidence.event_message
    match event:
        case pt.PTRACE_EVENT_FORK:
            return events.Fork(tid, tracee, message)
        case pt.PTRACE_EVENT_VFORK:
            return events.Vfork(tid, tracee, message)
        case pt.PTRACE_EVENT_CLONE:
            return events.Clone(tid, tracee, message)
        case pt.PTRACE_EVENT_VFORK_DONE:
            return events.VforkDone(tid, tracee, message)
        case pt.PTRACE_EVENT_EXEC:
            return events.Exec(tid, tracee, message)
        case pt.PTRACE_EVENT_EXIT:
            return events.Exiting(tid, tracee, message)
        case pt.PTRACE_EVENT_SECCOMP if evidence.call is not None:
            return events.SeccompStop(tid, tracee, message, evidence.call)
        case pt.PTRACE_EVENT_STOP:
            signal = evidence.status >> 8 & 0xFF
            if signal in STOPPING_SIGNALS:
                return events.GroupStop(tid, tracee, signal)
            return events.EventStop(tid, tracee, evidence.first)
    raise ValueError(f"no such ptrace event: status {evidence.status:#x}")


def _syscall_stop(tid: int, tracee: Tracee, op: int, evidence: Evidence) -> events.Event:
    if evidence.call is None:
        raise ValueError("a syscall-stop needs its call as evidence")
    if op != pt.PTRACE_SYSCALL_INFO_ENTRY:
        return events.SyscallExit(tid, tracee, evidence.call)
    if evidence.resumed_by in _SYSEMU:
        return events.SysemuStop(tid, tracee, evidence.call)
    return events.SyscallEnter(tid, tracee, evidence.call)


def is_bare_syscall_stop(evidence: Evidence) -> bool:
    """Tell whether a SIGTRAP stop is a syscall-stop of a tracee without TRACESYSGOOD.

    Then ``event_message`` is PTRACE_EVENTMSG_SYSCALL_ENTRY or _EXIT, and the call is wanted.
    """
    siginfo = evidence.siginfo
    return (
        evidence.status >> 8 == SIGTRAP
        and siginfo is not None
        and siginfo.code in (SIGTRAP, SYSCALL_SIGNAL)
        and evidence.event_message
        in (pt.PTRACE_EVENTMSG_SYSCALL_ENTRY, pt.PTRACE_EVENTMSG_SYSCALL_EXIT)
    )


def _trap(tid: int, tracee: Tracee, evidence: Evidence) -> events.Event:
    siginfo = evidence.siginfo
    if siginfo is None:
        return events.GroupStop(tid, tracee, SIGTRAP)
    if is_bare_syscall_stop(evidence):
        entry = evidence.event_message == pt.PTRACE_EVENTMSG_SYSCALL_ENTRY
        op = pt.PTRACE_SYSCALL_INFO_ENTRY if entry else pt.PTRACE_SYSCALL_INFO_EXIT
        return _syscall_stop(tid, tracee, op, evidence)
    if evidence.resumed_by in _STEPPING and siginfo.code in _STEP_CODES:
        return events.SingleStep(tid, tracee, siginfo)
    if not evidence.seized and evidence.last_call_was_execve and siginfo.code == k.SI_USER:
        return events.PostExecTrap(tid, tracee, siginfo)
    return events.SignalDelivery(tid, tracee, SIGTRAP, siginfo)


def _delivery(tid: int, tracee: Tracee, signal: int, evidence: Evidence) -> events.Event:
    if evidence.siginfo is None:
        raise ValueError(f"signal {signal} was reported without siginfo")
    return events.SignalDelivery(tid, tracee, signal, evidence.siginfo)
