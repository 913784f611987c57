"""The C library, and the calls that it has no function for."""

from __future__ import annotations

import ctypes
import os

from seize.errors import Unsupported

# Calls that may block give up the interpreter's lock; the others keep it, which is cheaper.
blocking = ctypes.CDLL(None, use_errno=True)
quick = ctypes.PyDLL(None, use_errno=True)

_syscall = quick.syscall
_syscall.restype = ctypes.c_long

# The few numbers needed of the tracer's own machine; loading its whole table would cost more.
_NUMBERS = {
    "x86_64": {
        "tkill": 200,
        "rt_sigqueueinfo": 129,
        "rt_tgsigqueueinfo": 297,
        "kcmp": 312,
        "seccomp": 317,
        "timer_create": 222,
        "timer_settime": 223,
        "timer_delete": 226,
    },
    "aarch64": {
        "tkill": 130,
        "rt_sigqueueinfo": 138,
        "rt_tgsigqueueinfo": 240,
        "kcmp": 272,
        "seccomp": 277,
        "timer_create": 107,
        "timer_settime": 110,
        "timer_delete": 111,
    },
}


def failure() -> OSError:
    """Make the OSError for the errno of the last call."""
    errno = ctypes.get_errno()
    return OSError(errno, os.strerror(errno))


def syscall(name: str, *arguments: int) -> int:
    """Make a system call that the C library has no function for; OSError on failure."""
    numbers = _NUMBERS.get(os.uname().machine)
    if numbers is None:
        raise Unsupported(f"{name}(2)", "x86_64 or aarch64")
    result: int = _syscall(*(ctypes.c_long(word) for word in (numbers[name], *arguments)))
    if result == -1:
        raise failure()
    return result
