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


class Usage:
    """What wait4(2) tells of the process that it reports: its rusage, overwritten by each wait."""

    def __init__(self) -> None:
        # struct rusage: two timevals, and fourteen numbers.
        self._words = (ctypes.c_long * 18)()
        self.address = ctypes.addressof(self._words)

    @property
    def system_time(self) -> int:
        """Nanoseconds of CPU time in the kernel, of all its threads and of reaped children."""
        return self._words[2] * 1_000_000_000 + self._words[3] * 1000


def waiter(options: int, usage: Usage | None = None) -> Callable[[], tuple[int, int]]:
    """Make a function ``wait()`` that performs wait4(-1, &status, ``options``, &rusage).

    ``usage`` gets the rusage; without it that is NULL.

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
    resources = ctypes.c_void_p(0 if usage is None else usage.address)

    def wait() -> tuple[int, int]:
        tid: int = wait4(anyone, pointer, how, resources)
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
