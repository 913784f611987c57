"""Fetching the evidence that the classifier asks for, and making the call of a syscall-stop."""

from __future__ import annotations

from errno import EINVAL

from seize import arch, ptrace
from seize._frozen import replace
from seize.abi._generated import ptrace as pt
from seize.abi.names import syscall_name
from seize.errors import PtraceError, Unsupported
from seize.stops import classify as c

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode import Call
    from seize.engine.protocols import CallDecoder
    from seize.engine.tracee import Tracee
    from seize.ptrace import SigInfo

EXECVE_NAMES = ("execve", "execveat")
_ENTRY = pt.PTRACE_SYSCALL_INFO_ENTRY
_EXIT = pt.PTRACE_SYSCALL_INFO_EXIT
_SECCOMP = pt.PTRACE_SYSCALL_INFO_SECCOMP
_MAX_ERRNO = 4095


class _ArchNames(dict[int, str]):
    """Machine names by AUDIT_ARCH_*, each looked up once."""

    def __missing__(self, audit_arch: int) -> str:
        name = self[audit_arch] = arch.by_audit_arch(audit_arch).name
        return name


class Gatherer:
    """Fetches evidence from the kernel for one tracer, whose decoder makes the calls.

    ``plain`` makes those whose entry nobody saw: it only decodes, even if ``decoder`` does more.
    """

    __slots__ = ("arch_names", "decoder", "eventmsg", "plain", "syscall_info")

    def __init__(self, decoder: CallDecoder, plain: CallDecoder) -> None:
        self.decoder = decoder
        self.plain = plain
        self.syscall_info = ptrace.syscall_info_reader()
        self.eventmsg = ptrace.eventmsg_reader()
        self.arch_names = _ArchNames()

    def gather(self, tracee: Tracee, status: int) -> c.Evidence:
        """Return the evidence for a status word; TraceeGone if the thread died meanwhile."""
        wanted = c.needs(status, tracee.seized)
        if not wanted:
            return c.Evidence(status, tracee.seized, tracee.resumed_by, tracee.first)
        tid = tracee.tid
        evidence = c.Evidence(
            status,
            tracee.seized,
            tracee.resumed_by,
            tracee.first,
            tracee.awaits_sigstop,
            self.eventmsg(tid) if wanted & c.EVENT_MESSAGE else 0,
            self._siginfo(tid) if wanted & c.SIGINFO else None,
            last_call_was_execve=bool(wanted & c.LAST_CALL) and _last_call_was_execve(tid),
        )
        if wanted & c.SYSCALL_INFO:
            op, call = self.syscall(tracee)
            evidence = replace(evidence, syscall_op=op, call=call)
        elif c.is_bare_syscall_stop(evidence):
            evidence = replace(evidence, call=self._bare_call(tracee, evidence.event_message))
        return evidence

    def _siginfo(self, tid: int) -> SigInfo | None:
        try:
            return ptrace.getsiginfo(tid)
        except PtraceError as error:
            if error.errno == EINVAL:
                return None
            raise

    def syscall(self, tracee: Tracee) -> tuple[int, Call]:
        """Ask PTRACE_GET_SYSCALL_INFO; return the op and the call, decoded as far as may be."""
        info = self.syscall_info(tracee.tid)
        op = info[0]
        if op in (_ENTRY, _SECCOMP):
            if op == _SECCOMP and tracee.call is not None:
                return op, tracee.call
            return op, self.enter(tracee, info[1], info[4], info[5:11])
        if op != _EXIT:
            raise Unsupported("telling system call entry from exit", "Linux 5.3")
        value = info[4]
        return op, self._exit(tracee, value - (value >> 63 << 64), bool(info[5] & 0xFF))

    def enter(self, tracee: Tracee, audit: int, number: int, args: tuple[int, ...]) -> Call:
        """Make the call that a thread enters on the machine AUDIT_ARCH_* ``audit``."""
        call = self.decoder.enter(tracee.tid, self.arch_names[audit], number, args, tracee.memory)
        tracee.call = call
        return call

    def _exit(self, tracee: Tracee, value: int, failed: bool) -> Call:
        call = tracee.call
        if call is None:
            # Attached between entry and exit: the registers still tell which call it is.
            call = self._call_from_registers(tracee, self.plain)
        else:
            tracee.call = None
        self.decoder.exit(call, value, failed, tracee.memory)
        return call

    def _call_from_registers(self, tracee: Tracee, decoder: CallDecoder) -> Call:
        machine, registers = _registers(tracee.tid)
        return decoder.enter(
            tracee.tid,
            machine.name,
            registers[machine.syscall_number],
            tuple(registers[name] for name in machine.syscall_arguments),
            tracee.memory,
        )

    def _bare_call(self, tracee: Tracee, message: int) -> Call:
        """Make the call of a syscall-stop that PTRACE_GET_SYSCALL_INFO doesn't tell of."""
        if message == pt.PTRACE_EVENTMSG_SYSCALL_ENTRY:
            call = tracee.call = self._call_from_registers(tracee, self.decoder)
            return call
        value = syscall_result(tracee.tid)
        return self._exit(tracee, value, -_MAX_ERRNO <= value < 0)


def _registers(tid: int) -> tuple[arch.Arch, dict[str, int]]:
    """Read the registers as the machine that the thread runs as at present has them."""
    data = ptrace.getregset(tid, pt.NT_PRSTATUS)
    machine = arch.by_prstatus_size(len(data))
    return machine, machine.user_regs.from_bytes(data).as_dict()


def syscall_result(tid: int) -> int:
    """Return what the call of a thread in syscall-exit-stop gives: minus the errno if it failed."""
    machine, registers = _registers(tid)
    value = registers[machine.syscall_result]
    return value - (machine.word_mask + 1 if value > machine.word_mask >> 1 else 0)


def stack_pointer(tid: int) -> int:
    """Return the stack pointer of a stopped thread: where a signal frame begins."""
    machine, registers = _registers(tid)
    return registers[machine.sp]


def instruction_pointer(tid: int) -> int:
    """Return the instruction pointer of a stopped thread."""
    machine, registers = _registers(tid)
    return registers[machine.pc]


def machine_name(tid: int) -> str:
    """Return the machine that a stopped thread runs as: "i386" for a 32-bit program."""
    return _registers(tid)[0].name


def _last_call_was_execve(tid: int) -> bool:
    machine, registers = _registers(tid)
    return syscall_name(machine.name, registers[machine.syscall_number]) in EXECVE_NAMES
