"""The system call a tracee stopped at, and what changes how its system calls go."""

from __future__ import annotations

import ctypes
from errno import EINVAL
from struct import Struct

from seize._frozen import frozen, replace
from seize.abi._generated import ptrace as op
from seize.errors import UsageError
from seize.ptrace import _call

# op, reserved, flags, arch, instruction_pointer, stack_pointer; then the union.
_HEAD = Struct("=BBHIQQ")
_CALL = Struct("=7QI4x")
_EXIT = Struct("=qB55x")
SYSCALL_INFO_SIZE = _HEAD.size + _CALL.size

_RSEQ_CONFIGURATION = Struct("=QIII4x")
_SUD_CONFIG = Struct("=4Q")
_WORD_MASK = (1 << 64) - 1


@frozen
class SyscallInfo:
    """``struct ptrace_syscall_info``: what PTRACE_GET_SYSCALL_INFO says of a stop.

    ``op`` is a PTRACE_SYSCALL_INFO_* value and says which fields mean something: ENTRY has
    ``nr`` and the six ``args`` (unsigned words), SECCOMP those and ``ret_data``, EXIT has
    ``rval`` (signed; -errno if ``is_error``), NONE no more than ``arch`` (AUDIT_ARCH_*),
    ``instruction_pointer`` and ``stack_pointer``.
    """

    op: int
    arch: int = 0
    instruction_pointer: int = 0
    stack_pointer: int = 0
    nr: int = 0
    args: tuple[int, ...] = (0, 0, 0, 0, 0, 0)
    rval: int = 0
    is_error: bool = False
    ret_data: int = 0

    @classmethod
    def from_bytes(cls, data: bytes) -> SyscallInfo:
        """Unpack the kernel's structure (88 bytes)."""
        kind, _, _, machine, pc, sp = _HEAD.unpack_from(data)
        if kind == op.PTRACE_SYSCALL_INFO_EXIT:
            rval, is_error = _EXIT.unpack_from(data, _HEAD.size)
            return cls(kind, machine, pc, sp, rval=rval, is_error=bool(is_error))
        if kind in (op.PTRACE_SYSCALL_INFO_ENTRY, op.PTRACE_SYSCALL_INFO_SECCOMP):
            nr, *args, ret_data = _CALL.unpack_from(data, _HEAD.size)
            known = ret_data if kind == op.PTRACE_SYSCALL_INFO_SECCOMP else 0
            return cls(kind, machine, pc, sp, nr, tuple(args), ret_data=known)
        return cls(kind, machine, pc, sp)

    def replace(self, **changes: object) -> SyscallInfo:
        """Give a copy with the named fields changed."""
        return replace(self, **changes)

    def to_bytes(self) -> bytes:
        """Pack into the kernel's structure (88 bytes)."""
        head = _HEAD.pack(self.op, 0, 0, self.arch, self.instruction_pointer, self.stack_pointer)
        if self.op == op.PTRACE_SYSCALL_INFO_EXIT:
            return head + _EXIT.pack(self.rval, self.is_error)
        words = [word & _WORD_MASK for word in (self.nr, *self.args)]
        if len(words) != 7:
            raise UsageError(f"a system call has six arguments, not {len(self.args)}")
        return head + _CALL.pack(*words, self.ret_data)


def get_syscall_info(tid: int) -> SyscallInfo:
    """PTRACE_GET_SYSCALL_INFO: the system call that caused the stop; ``Unsupported`` before 5.3.

    Tracers in a hurry use ``syscall_info_reader``.
    """
    buffer = ctypes.create_string_buffer(SYSCALL_INFO_SIZE)
    _call.call(op.PTRACE_GET_SYSCALL_INFO, tid, SYSCALL_INFO_SIZE, ctypes.addressof(buffer))
    return SyscallInfo.from_bytes(buffer.raw)


def set_syscall_info(tid: int, info: SyscallInfo) -> None:
    """PTRACE_SET_SYSCALL_INFO: change the system call of the stop; ``Unsupported`` before 6.16.

    At ENTRY and SECCOMP the number and the arguments are replaced (nr -1 skips the call), at
    EXIT the result; ``arch``, the pointers and ``ret_data`` are ignored.  ``PtraceError`` with
    EINVAL if ``op`` isn't that of the stop, with ERANGE for a value too large for the tracee.
    """
    buffer = ctypes.create_string_buffer(info.to_bytes(), SYSCALL_INFO_SIZE)
    address = ctypes.addressof(buffer)
    if _call._ptrace(op.PTRACE_SET_SYSCALL_INFO, tid, SYSCALL_INFO_SIZE, address) == -1:
        hint = f"op {info.op} isn't what the tracee stopped for"
        raise _call.error(
            op.PTRACE_SET_SYSCALL_INFO, tid, hint if _call.last_errno() == EINVAL else ""
        )


def set_syscall(tid: int, number: int) -> None:
    """PTRACE_SET_SYSCALL: change the number of the system call at its entry (32-bit arm only).

    ``Unsupported`` elsewhere: there a register (``setregs``) or ``set_syscall_info`` does it.
    """
    _call.call(_call.PTRACE_SET_SYSCALL, tid, 0, number)


@frozen
class RseqConfiguration:
    """``struct ptrace_rseq_configuration``: how a thread registered its rseq(2) area.

    ``abi_pointer`` is the area's address in the tracee (0: none registered), ``abi_size`` its
    size in bytes; ``signature`` precedes every abort handler.
    """

    abi_pointer: int
    abi_size: int
    signature: int
    flags: int


def get_rseq_configuration(tid: int) -> RseqConfiguration:
    """PTRACE_GET_RSEQ_CONFIGURATION: the tracee's restartable sequences (Linux 5.13)."""
    buffer = ctypes.create_string_buffer(_RSEQ_CONFIGURATION.size)
    size, address = _RSEQ_CONFIGURATION.size, ctypes.addressof(buffer)
    _call.call(op.PTRACE_GET_RSEQ_CONFIGURATION, tid, size, address)
    return RseqConfiguration(*_RSEQ_CONFIGURATION.unpack(buffer.raw))


@frozen
class SyscallUserDispatch:
    """``struct ptrace_sud_config``: see PR_SET_SYSCALL_USER_DISPATCH of prctl(2).

    ``mode`` is 0 (off) or 1 (on); ``selector`` is the address of the tracee's selector byte;
    system calls from ``length`` bytes at ``offset`` are always let through.
    """

    mode: int
    selector: int = 0
    offset: int = 0
    length: int = 0


def get_syscall_user_dispatch_config(tid: int) -> SyscallUserDispatch:
    """PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG (Linux 6.4): how the tracee's calls are diverted."""
    buffer = ctypes.create_string_buffer(_SUD_CONFIG.size)
    operation = op.PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG
    if _call._ptrace(operation, tid, _SUD_CONFIG.size, ctypes.addressof(buffer)) == -1:
        # The size is right, so EINVAL is the answer of a kernel built without the feature.
        if _call.last_errno() == EINVAL:
            raise _call.unsupported(operation)
        raise _call.error(operation, tid)
    return SyscallUserDispatch(*_SUD_CONFIG.unpack(buffer.raw))


def set_syscall_user_dispatch_config(tid: int, config: SyscallUserDispatch) -> None:
    """PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG (Linux 6.4): divert the tracee's calls.

    ``PtraceError`` with EINVAL for an unknown mode, a range that wraps, or mode 0 with a range.
    """
    data = _SUD_CONFIG.pack(config.mode, config.selector, config.offset, config.length)
    buffer = ctypes.create_string_buffer(data, len(data))
    operation = op.PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG
    if _call._ptrace(operation, tid, len(data), ctypes.addressof(buffer)) == -1:
        failure = _call.error(operation, tid)
        if _call.last_errno() == EINVAL:
            get_syscall_user_dispatch_config(tid)  # says Unsupported if that is the reason
        raise failure
