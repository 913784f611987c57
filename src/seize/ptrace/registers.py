"""Registers: whole register sets, x86's older operations, and thread-local storage."""

from __future__ import annotations

import ctypes

from seize import arch
from seize.ptrace import _call
from seize.ptrace import _numbers as op

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.arch import UserRegs

NT_PRSTATUS = 1


class _Iovec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


def getregs(tid: int) -> UserRegs:
    """PTRACE_GETREGS: the general-purpose registers, in the tracer's own layout.

    A 32-bit tracee of a 64-bit tracer gives the 64-bit layout too.  Where the machine lacks the
    operation (aarch64), PTRACE_GETREGSET with NT_PRSTATUS answers the same.
    """
    native = arch.native()
    size = native.user_regs.layout.size
    if native.name == "aarch64":
        return native.user_regs.from_bytes(getregset(tid, NT_PRSTATUS, size))
    buffer = ctypes.create_string_buffer(size)
    _call.call(op.PTRACE_GETREGS, tid, 0, ctypes.addressof(buffer))
    return native.user_regs.from_bytes(buffer.raw)


def setregs(tid: int, registers: UserRegs) -> None:
    """PTRACE_SETREGS: replace the general-purpose registers.

    ``PtraceError`` with EIO for a segment register or base that the kernel doesn't allow.
    """
    data = registers.to_bytes()
    if arch.native().name == "aarch64":
        setregset(tid, NT_PRSTATUS, data)
        return
    buffer = ctypes.create_string_buffer(data, len(data))
    _call.call(op.PTRACE_SETREGS, tid, 0, ctypes.addressof(buffer))


def getregset(tid: int, note_type: int, size: int = 4096) -> bytes:
    """PTRACE_GETREGSET: the register set NT_* ``note_type``, as long as the kernel says.

    ``size`` is the size of the first buffer in bytes; it grows while the kernel fills it.
    """
    while True:
        buffer = ctypes.create_string_buffer(size)
        iovec = _Iovec(ctypes.addressof(buffer), size)
        _call.call(op.PTRACE_GETREGSET, tid, note_type, ctypes.addressof(iovec))
        if iovec.length < size:
            return buffer.raw[: iovec.length]
        size *= 2


def setregset(tid: int, note_type: int, data: bytes) -> None:
    """PTRACE_SETREGSET: replace the first ``len(data)`` bytes of a register set."""
    buffer = ctypes.create_string_buffer(data, len(data))
    iovec = _Iovec(ctypes.addressof(buffer), len(data))
    _call.call(op.PTRACE_SETREGSET, tid, note_type, ctypes.addressof(iovec))
