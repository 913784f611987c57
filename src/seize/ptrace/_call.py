"""The one way into ptrace(2), and what its error numbers mean."""

from __future__ import annotations

import ctypes
from _thread import get_native_id
from errno import EFAULT, EIO, EPERM, ESRCH

from seize.abi._generated import ptrace as op
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

# No ptrace operation blocks, so holding the interpreter's lock is cheaper than handing it over.
_libc = ctypes.PyDLL(None, use_errno=True)
_ptrace = _libc.ptrace
_ptrace.restype = ctypes.c_long
_ptrace.argtypes = (ctypes.c_long, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)

WORD = ctypes.sizeof(ctypes.c_long)
WORD_MASK = (1 << 8 * WORD) - 1

_SIGKILL = 9
# Flags of a task in /proc/PID/stat.
_PF_EXITING, _PF_SIGNALED = 0x4, 0x400

# 32-bit arm's own, and so not among the constants of our machines.
PTRACE_SET_SYSCALL = 23

_NAMES = (
    *("TRACEME", "PEEKTEXT", "PEEKDATA", "PEEKUSER", "POKETEXT", "POKEDATA", "POKEUSER"),
    *("CONT", "KILL", "SINGLESTEP", "GETREGS", "SETREGS", "GETFPREGS", "SETFPREGS"),
    *("ATTACH", "DETACH", "SYSCALL", "SETOPTIONS", "GETEVENTMSG", "GETSIGINFO", "SETSIGINFO"),
    *("GETREGSET", "SETREGSET", "SEIZE", "INTERRUPT", "LISTEN", "PEEKSIGINFO", "GETSIGMASK"),
    *("SETSIGMASK", "SECCOMP_GET_FILTER", "SECCOMP_GET_METADATA", "GET_SYSCALL_INFO"),
    *("SET_SYSCALL_INFO", "GET_RSEQ_CONFIGURATION", "GET_SYSCALL_USER_DISPATCH_CONFIG"),
    *("SET_SYSCALL_USER_DISPATCH_CONFIG", "ARCH_PRCTL", "GET_THREAD_AREA", "SET_THREAD_AREA"),
    *("SYSEMU", "SYSEMU_SINGLESTEP", "SINGLEBLOCK"),
)

# What has an operation that is missing here.  For all of these the kernel's EIO means just that:
# what else EIO may say of a bad argument is checked before (signal numbers, GDT indices).
_NEEDS = {
    "PTRACE_GET_SYSCALL_INFO": "Linux 5.3",
    "PTRACE_SET_SYSCALL_INFO": "Linux 6.16",
    "PTRACE_SET_SYSCALL": "32-bit arm",
    "PTRACE_PEEKSIGINFO": "Linux 3.10",
    "PTRACE_GETSIGMASK": "Linux 3.11",
    "PTRACE_SETSIGMASK": "Linux 3.11",
    "PTRACE_GET_RSEQ_CONFIGURATION": "Linux 5.13 with CONFIG_RSEQ",
    "PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG": "Linux 6.4 with CONFIG_GENERIC_ENTRY",
    "PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG": "Linux 6.4 with CONFIG_GENERIC_ENTRY",
    "PTRACE_SECCOMP_GET_FILTER": "Linux 4.4 with CONFIG_CHECKPOINT_RESTORE",
    "PTRACE_SECCOMP_GET_METADATA": "Linux 4.16 with CONFIG_CHECKPOINT_RESTORE",
    "PTRACE_SINGLEBLOCK": "a machine with block stepping (x86)",
    "PTRACE_SINGLESTEP": "a machine with hardware single-stepping",
    "PTRACE_SYSEMU": "x86, or aarch64 with Linux 5.3",
    "PTRACE_SYSEMU_SINGLESTEP": "x86, or aarch64 with Linux 5.3",
    "PTRACE_ARCH_PRCTL": "x86-64",
    "PTRACE_GET_THREAD_AREA": "x86 with 32-bit support",
    "PTRACE_SET_THREAD_AREA": "x86 with 32-bit support",
}


def name_of(operation: int) -> str:
    """Give the manual's name of an operation number."""
    if operation == PTRACE_SET_SYSCALL:
        return "PTRACE_SET_SYSCALL"
    for name in _NAMES:
        if getattr(op, f"PTRACE_{name}") == operation:
            return f"PTRACE_{name}"
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
    if errno == EPERM and not hint and name in ("PTRACE_ATTACH", "PTRACE_SEIZE"):
        from seize.access import explain

        return AccessDenied(name, tid, errno, explain(tid))
    if errno in (EIO, EFAULT):
        if errno == EIO and not hint and name in _NEEDS:
            return unsupported(operation)
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
    from seize import _procfs

    fields = _procfs.status(tid)
    # The flags are read later: they show what a SIGKILL no longer pending has led to.
    flags = _procfs.flags(tid)
    if not fields or flags is None or _is_dying(fields, flags):
        return TraceeGone(name, tid, ESRCH)
    tracer = int(fields["TracerPid"])
    if tracer == get_native_id():
        return NotStopped(name, tid, ESRCH, "it must be in a ptrace-stop for this operation")
    if _is_thread_of_ours(tracer):
        return WrongThread(
            f"{name} on thread {tid}: it is traced by OS thread {tracer} of this process, and "
            f"only that one may operate on it (this is {get_native_id()})"
        )
    by = f"process {tracer} traces it" if tracer else "nobody traces it"
    return TraceeGone(name, tid, ESRCH, f"not our tracee: {by}")


def _is_dying(fields: dict[str, str], flags: int) -> bool:
    """Tell whether a thread is dead, or has been killed and is on its way.

    SIGKILL is pending first, then the thread is marked as killed, and then it exits.
    """
    pending = int(fields["SigPnd"], 16) | int(fields["ShdPnd"], 16)
    killed = bool(pending >> _SIGKILL - 1 & 1 or flags & (_PF_EXITING | _PF_SIGNALED))
    return killed or fields["State"][0] in "ZX"


def _is_thread_of_ours(tid: int) -> bool:
    try:
        with open(f"/proc/self/task/{tid}/comm", "rb"):
            return True
    except OSError:
        return False
