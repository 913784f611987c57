"""The other system calls a tracer makes, those that Python's ``os`` doesn't have (or bends)."""

from __future__ import annotations

import ctypes
import os
from errno import ECHILD, EFAULT, EINTR, EPERM, ESRCH

from seize.errors import AccessDenied, PtraceError, SeizeError, TraceeGone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# wait4(2)'s __WALL and __WNOTHREAD, without the underscores that Python gives a meaning.
WALL = 0x40000000
WNOTHREAD = 0x20000000

# Calls that may block give up the interpreter's lock; the others keep it, which is cheaper.
_blocking = ctypes.CDLL(None, use_errno=True)
_quick = ctypes.PyDLL(None, use_errno=True)


def waiter(options: int) -> Callable[[], tuple[int, int]]:
    """Make a function ``wait()`` that performs wait4(-1, &status, ``options``, NULL).

    It returns ``(tid, status)``; ``(0, 0)`` if WNOHANG is among the options and there is
    nothing; ``(-1, 0)`` if a signal interrupted it: unlike ``os.waitpid`` it doesn't resume
    then (PEP 475), so that the caller can look around.  It raises ChildProcessError if there
    is nobody to wait for.  It lets other Python threads run meanwhile.
    """
    wait4 = ctypes.CDLL(None, use_errno=True).wait4
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
        errno = ctypes.get_errno()
        if errno == EINTR:
            return -1, 0
        if errno == ECHILD:
            raise ChildProcessError(errno, os.strerror(errno))
        raise OSError(errno, os.strerror(errno))

    return wait


def waitpid(pid: int, options: int) -> tuple[int, int]:
    """Perform waitpid(2), resumed after a signal as ``os.waitpid`` does."""
    return os.waitpid(pid, options)


def vm_reader(size: int = 4096) -> Callable[[int, int, int], bytes]:
    """Make a function ``read(tid, address, size)`` that performs process_vm_readv(2).

    It returns the readable prefix: fewer bytes where an unreadable page begins, ``b""`` if
    there is none.  ``TraceeGone`` and ``AccessDenied`` otherwise.  ``size`` is that of the
    buffer at hand; longer reads allocate.
    """
    readv = ctypes.PyDLL(None, use_errno=True).process_vm_readv
    readv.restype = ctypes.c_ssize_t
    buffer = (ctypes.c_char * size)()
    ranges = (ctypes.c_size_t * 4)()
    start = ctypes.addressof(buffer)
    local = ctypes.c_void_p(ctypes.addressof(ranges))
    remote = ctypes.c_void_p(ctypes.addressof(ranges) + 2 * ctypes.sizeof(ctypes.c_size_t))
    one, nothing = ctypes.c_ulong(1), ctypes.c_ulong(0)

    def read(tid: int, address: int, length: int) -> bytes:
        into = buffer if length <= size else (ctypes.c_char * length)()
        at = start if into is buffer else ctypes.addressof(into)
        ranges[:] = [at, length, address, length]
        got: int = readv(tid, local, one, remote, one, nothing)
        if got >= 0:
            return ctypes.string_at(at, got)
        if ctypes.get_errno() == EFAULT:
            return b""
        raise _memory_error("process_vm_readv", tid)

    return read


def _memory_error(name: str, tid: int) -> SeizeError:
    errno = ctypes.get_errno()
    if errno == ESRCH:
        return TraceeGone(name, tid, errno)
    if errno == EPERM:
        from seize.access import explain

        return AccessDenied(name, tid, errno, explain(tid))
    return PtraceError(name, tid, errno)


_tgkill = _quick.tgkill
_tgkill.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_int)


def tgkill(tgid: int, tid: int, signal: int) -> None:
    """Perform tgkill(2): send ``signal`` to one thread of process ``tgid``.

    ProcessLookupError if there is no such thread, PermissionError if it isn't allowed.
    """
    if _tgkill(tgid, tid, signal) == -1:
        errno = ctypes.get_errno()
        raise OSError(errno, os.strerror(errno))
