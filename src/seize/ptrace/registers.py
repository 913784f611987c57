"""Registers: whole register sets, x86's older operations, and thread-local storage."""

from __future__ import annotations

import ctypes
from errno import EINVAL
from struct import Struct

from seize import arch
from seize._frozen import frozen
from seize.abi._generated import ptrace as op
from seize.errors import PtraceError, Unsupported, UsageError
from seize.ptrace import _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.arch import UserFpRegs, UserRegs
    from seize.errors import SeizeError

# A length that is a multiple of every register set's unit, so that it isn't what EINVAL means.
_ROUND_SIZE = 4096

# arch_prctl(2)'s operations that store a word: ARCH_GET_FS, _GET_GS, _GET_XCOMP_SUPP,
# _GET_XCOMP_PERM, _GET_XCOMP_GUEST_PERM, _GET_UNTAG_MASK, _GET_MAX_TAG_BITS, _SHSTK_STATUS.
_ARCH_PRCTL_GETS = (0x1003, 0x1004, 0x1021, 0x1022, 0x1024, 0x4001, 0x4003, 0x5005)

_USER_DESC = Struct("=IIII")


class _Iovec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


def getregs(tid: int) -> UserRegs:
    """PTRACE_GETREGS: the general-purpose registers, in the tracer's own layout.

    A 32-bit tracee of a 64-bit tracer gives the 64-bit layout too.  Where the machine lacks the
    operation (aarch64), PTRACE_GETREGSET with NT_PRSTATUS answers the same.
    """
    kind = arch.native().user_regs
    return kind.from_bytes(_get(op.PTRACE_GETREGS, op.NT_PRSTATUS, tid, kind.layout.size))


def setregs(tid: int, registers: UserRegs) -> None:
    """PTRACE_SETREGS: replace the general-purpose registers.

    ``PtraceError`` with EIO for a segment register or base that the kernel doesn't allow.
    """
    _set(op.PTRACE_SETREGS, op.NT_PRSTATUS, tid, registers.to_bytes())


def getfpregs(tid: int) -> UserFpRegs:
    """PTRACE_GETFPREGS: the floating-point registers (on x86-64 with the lower vector halves).

    NT_X86_XSTATE of ``getregset`` has whole vector registers.
    """
    kind = arch.native().user_fpregs
    return kind.from_bytes(_get(op.PTRACE_GETFPREGS, op.NT_FPREGSET, tid, kind.layout.size))


def setfpregs(tid: int, registers: UserFpRegs) -> None:
    """PTRACE_SETFPREGS: replace the floating-point registers.

    ``PtraceError`` with EINVAL for reserved bits set in ``mxcsr``.
    """
    _set(op.PTRACE_SETFPREGS, op.NT_FPREGSET, tid, registers.to_bytes())


def _get(operation: int, note_type: int, tid: int, size: int) -> bytes:
    if arch.native().name == "aarch64":
        return getregset(tid, note_type)[:size]
    buffer = ctypes.create_string_buffer(size)
    _call.call(operation, tid, 0, ctypes.addressof(buffer))
    return buffer.raw


def _set(operation: int, note_type: int, tid: int, data: bytes) -> None:
    if arch.native().name == "aarch64":
        setregset(tid, note_type, data)
        return
    buffer = ctypes.create_string_buffer(data, len(data))
    _call.call(operation, tid, 0, ctypes.addressof(buffer))


def getregset(tid: int, note_type: int, size: int = _ROUND_SIZE) -> bytes:
    """PTRACE_GETREGSET: the register set NT_* ``note_type``, as long as the kernel says.

    ``size`` is the size of the first buffer in bytes; it grows while the kernel fills it.
    Its unit is the register set's word: a ``size`` that isn't a multiple is a ``PtraceError``
    with EINVAL.  A type that the tracee's machine doesn't know is ``Unsupported``; one that
    its processor or state lacks is a ``PtraceError`` with ENODEV.

    NT_PRSTATUS of a 32-bit tracee comes in the 32-bit layout (``arch.by_prstatus_size``).
    """
    while True:
        buffer = ctypes.create_string_buffer(size)
        iovec = _Iovec(ctypes.addressof(buffer), size)
        if _call._ptrace(op.PTRACE_GETREGSET, tid, note_type, ctypes.addressof(iovec)) == -1:
            raise _regset_error(op.PTRACE_GETREGSET, tid, note_type, size)
        if iovec.length < size:
            return buffer.raw[: iovec.length]
        size *= 2


def setregset(tid: int, note_type: int, data: bytes) -> None:
    """PTRACE_SETREGSET: replace the first ``len(data)`` bytes of a register set.

    The errors are those of ``getregset``; and EIO, EINVAL or EFAULT for contents that the
    kernel doesn't allow.
    """
    buffer = ctypes.create_string_buffer(data, len(data))
    iovec = _Iovec(ctypes.addressof(buffer), len(data))
    if _call._ptrace(op.PTRACE_SETREGSET, tid, note_type, ctypes.addressof(iovec)) == -1:
        raise _regset_error(op.PTRACE_SETREGSET, tid, note_type, len(data))


def _regset_error(operation: int, tid: int, note_type: int, size: int) -> SeizeError:
    failure = _call.error(operation, tid)
    if not (isinstance(failure, PtraceError) and failure.errno == EINVAL):
        return failure
    # EINVAL is an unknown type or a bad length: ask with a length that is surely good.
    buffer = ctypes.create_string_buffer(_ROUND_SIZE)
    iovec = _Iovec(ctypes.addressof(buffer), _ROUND_SIZE)
    answer = _call._ptrace(op.PTRACE_GETREGSET, tid, note_type, ctypes.addressof(iovec))
    if answer == -1 and _call.last_errno() == EINVAL:
        return Unsupported(f"register set {note_type:#x}", "a tracee on a machine that has it")
    hint = f"{size} bytes of register set {note_type:#x} aren't acceptable"
    return PtraceError(failure.operation, tid, EINVAL, hint)


def arch_prctl(tid: int, code: int, address: int = 0) -> int:
    """PTRACE_ARCH_PRCTL: perform arch_prctl(2) for an x86-64 tracee.

    An ARCH_GET_* (or other storing) ``code`` returns the word, others take ``address`` and
    return 0.  ``PtraceError`` with EINVAL for an unknown code, EPERM for a base out of range;
    ``Unsupported`` off x86-64.
    """
    word = ctypes.c_ulong()
    if code in _ARCH_PRCTL_GETS:
        _call.call(op.PTRACE_ARCH_PRCTL, tid, ctypes.addressof(word), code)
        return word.value
    return _call.call(op.PTRACE_ARCH_PRCTL, tid, address, code)


@frozen
class UserDesc:
    """``struct user_desc``: an entry for thread-local storage in the GDT (set_thread_area(2)).

    ``limit`` is in bytes, or in pages if ``limit_in_pages``; ``contents`` is 0 for data.
    """

    entry_number: int
    base_addr: int
    limit: int
    seg_32bit: bool = True
    contents: int = 0
    read_exec_only: bool = False
    limit_in_pages: bool = False
    seg_not_present: bool = False
    useable: bool = False

    @classmethod
    def from_bytes(cls, data: bytes) -> UserDesc:
        """Unpack 16 bytes."""
        number, base, limit, bits = _USER_DESC.unpack_from(data)
        flags = [bool(bits >> position & 1) for position in (3, 4, 5, 6)]
        return cls(number, base, limit, bool(bits & 1), bits >> 1 & 3, *flags)

    def to_bytes(self) -> bytes:
        """Pack into 16 bytes."""
        flags = (self.read_exec_only, self.limit_in_pages, self.seg_not_present, self.useable)
        bits = self.seg_32bit | self.contents << 1
        for position, flag in enumerate(flags, 3):
            bits |= flag << position
        return _USER_DESC.pack(self.entry_number, self.base_addr, self.limit, bits)


def get_thread_area(tid: int, index: int) -> UserDesc:
    """PTRACE_GET_THREAD_AREA: the GDT entry ``index`` (x86; 12 to 14 on a 64-bit kernel).

    ``PtraceError`` with EINVAL for another index; ``Unsupported`` off x86 or without 32-bit
    support.
    """
    buffer = ctypes.create_string_buffer(_USER_DESC.size)
    _thread_area(op.PTRACE_GET_THREAD_AREA, tid, index, ctypes.addressof(buffer))
    return UserDesc.from_bytes(buffer.raw)


def set_thread_area(tid: int, index: int, description: UserDesc) -> None:
    """PTRACE_SET_THREAD_AREA: replace the GDT entry ``index``; errors as ``get_thread_area``."""
    data = description.to_bytes()
    buffer = ctypes.create_string_buffer(data, len(data))
    _thread_area(op.PTRACE_SET_THREAD_AREA, tid, index, ctypes.addressof(buffer))


def _thread_area(operation: int, tid: int, index: int, address: int) -> None:
    if index < 0:
        raise UsageError(f"{index} is no index into the GDT")
    if _call._ptrace(operation, tid, index, address) == -1:
        hint = f"entry {index} isn't one for thread-local storage"
        raise _call.error(operation, tid, hint if _call.last_errno() == EINVAL else "")
