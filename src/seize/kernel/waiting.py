"""Waiting for tracees."""

from __future__ import annotations

import ctypes
import os
from errno import EINTR

from seize.kernel import _libc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# wait4(2)'s __WALL and __WNOTHREAD, without the underscores that Python gives a meaning.
WALL = 0x40000000
WNOTHREAD = 0x20000000


def waiter(options: int) -> Callable[[], tuple[int, int]]:
    """Make a function ``wait()`` that performs wait4(-1, &status, ``options``, NULL).

    It returns ``(tid, status)``; ``(0, 0)`` if WNOHANG is among the options and there is
    nothing; ``(-1, 0)`` if a signal interrupted it: unlike ``os.waitpid`` it doesn't resume
    then (PEP 475), so that the caller can look around.  It raises ChildProcessError if there
    is nobody to wait for.  Other Python threads run meanwhile.  One waiter for each OS thread.
    """
    wait4 = _libc.blocking["wait4"]
    wait4.restype = ctypes.c_int
    status = ctypes.c_int()
    anyone = ctypes.c_int(-1)
    pointer = ctypes.c_void_p(ctypes.addressof(status))
    how = ctypes.c_int(options)
    nothing = ctypes.c_void_p(0)

    def wait() -> tuple[int, int]:
        tid: int = wait4(anyone, pointer, how, nothing)
        if tid > 0:
            return tid, status.value
        if tid == 0:
            return 0, 0
        if ctypes.get_errno() == EINTR:
            return -1, 0
        raise _libc.failure()

    return wait


def waitpid(pid: int, options: int) -> tuple[int, int]:
    """Perform waitpid(2), resumed after a signal as ``os.waitpid`` does."""
    return os.waitpid(pid, options)
