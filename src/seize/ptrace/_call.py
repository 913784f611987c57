"""The one way into ptrace(2), and what its error numbers mean."""

from __future__ import annotations

import ctypes
from _thread import get_native_id
from errno import EFAULT, EIO, EPERM, ESRCH

from seize.errors import (
    AccessDenied,
    MemoryFault,
    NotStopped,
    PtraceError,
    SeizeError,
    TraceeGone,
    Unsupported,
    WrongThread,
)
from seize.ptrace import _numbers

# No ptrace operation blocks, so holding the interpreter's lock is cheaper than handing it over.
_libc = ctypes.PyDLL(None, use_errno=True)
_ptrace = _libc.ptrace
_ptrace.restype = ctypes.c_long
_ptrace.argtypes = (ctypes.c_long, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)

WORD = ctypes.sizeof(ctypes.c_long)
WORD_MASK = (1 << 8 * WORD) - 1

# An operation that only some machines or kernels know, and who does.
_NEEDS = {
    "PTRACE_GET_SYSCALL_INFO": "Linux 5.3",
    "PTRACE_SET_SYSCALL_INFO": "Linux 6.16",
    "PTRACE_GET_RSEQ_CONFIGURATION": "Linux 5.13 with CONFIG_RSEQ",
    "PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG": "Linux 6.4 with CONFIG_GENERIC_ENTRY",
    "PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG": "Linux 6.4 with CONFIG_GENERIC_ENTRY",
    "PTRACE_SECCOMP_GET_FILTER": "Linux 4.4 with CONFIG_CHECKPOINT_RESTORE",
    "PTRACE_SECCOMP_GET_METADATA": "Linux 4.16 with CONFIG_CHECKPOINT_RESTORE",
    "PTRACE_SINGLEBLOCK": "a machine with block stepping (x86, s390, parisc)",
    "PTRACE_SINGLESTEP": "a machine with hardware single-stepping",
    "PTRACE_SYSEMU": "x86 or aarch64",
    "PTRACE_SYSEMU_SINGLESTEP": "x86 or aarch64",
    "PTRACE_GETREGS": "x86 (other machines have PTRACE_GETREGSET)",
    "PTRACE_GETFPREGS": "x86 (other machines have PTRACE_GETREGSET)",
    "PTRACE_ARCH_PRCTL": "x86-64",
    "PTRACE_GET_THREAD_AREA": "x86 with 32-bit support",
    "PTRACE_SET_THREAD_AREA": "x86 with 32-bit support",
}


def name_of(operation: int) -> str:
    """Give the manual's name of an operation number."""
    for name, value in vars(_numbers).items():
        if value == operation and name.startswith("PTRACE_") and name != "PTRACE_O_MASK":
            return name
    return f"ptrace operation {operation:#x}"


def call(operation: int, tid: int, address: int = 0, data: int = 0) -> int:
    """Call ptrace(2) and return its result; raise the error that fits on failure."""
    result: int = _ptrace(operation, tid, address, data)
    if result == -1:
        raise error(operation, tid)
    return result


def peek(operation: int, tid: int, address: int) -> int:
    """Call a PTRACE_PEEK* operation, whose result may be -1 on success; unsigned."""
    ctypes.set_errno(0)
    result: int = _ptrace(operation, tid, address, 0)
    if result == -1 and ctypes.get_errno():
        raise error(operation, tid, address=address)
    return result & WORD_MASK


def unsupported(operation: int) -> Unsupported:
    """Make the error for an operation that this kernel or machine lacks."""
    name = name_of(operation)
    return Unsupported(name, _NEEDS.get(name, "another kernel or machine"))


def error(operation: int, tid: int, hint: str = "", address: int = 0) -> SeizeError:
    """Make the error for the failure that ctypes' errno still holds."""
    errno = ctypes.get_errno()
    name = name_of(operation)
    if errno == ESRCH:
        return _no_such_tracee(name, tid)
    if errno == EPERM and name in ("PTRACE_ATTACH", "PTRACE_SEIZE"):
        from seize.access import explain

        return AccessDenied(name, tid, errno, explain(tid))
    if errno in (EIO, EFAULT):
        if name in ("PTRACE_PEEKTEXT", "PTRACE_PEEKDATA"):
            return MemoryFault(address, WORD)
        if name in ("PTRACE_POKETEXT", "PTRACE_POKEDATA"):
            return MemoryFault(address, WORD, "write")
    return PtraceError(name, tid, errno, hint)


def last_errno() -> int:
    """Give the error number of the last failed call."""
    return ctypes.get_errno()


def _no_such_tracee(name: str, tid: int) -> SeizeError:
    """Tell apart what the kernel answers with ESRCH alike, by what /proc shows."""
    try:
        with open(f"/proc/{tid}/status", "rb") as file:
            status = file.read().decode("ascii", "replace")
    except OSError:
        return TraceeGone(name, tid, ESRCH)
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    state, tracer = fields["State"][0], int(fields["TracerPid"])
    if state in "ZX":
        return TraceeGone(name, tid, ESRCH)
    if tracer == get_native_id():
        return NotStopped(name, tid, ESRCH, "it must be in a ptrace-stop for this operation")
    if _is_thread_of_ours(tracer):
        return WrongThread(
            f"{name} on thread {tid}: it is traced by OS thread {tracer} of this process, and "
            f"only that one may operate on it (this is {get_native_id()})"
        )
    by = f"process {tracer} traces it" if tracer else "nobody traces it"
    return TraceeGone(name, tid, ESRCH, f"not our tracee: {by}")


def _is_thread_of_ours(tid: int) -> bool:
    try:
        with open(f"/proc/self/task/{tid}/comm", "rb"):
            return True
    except OSError:
        return False
