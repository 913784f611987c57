"""Another process's memory by process_vm_readv(2) and process_vm_writev(2).

The calls need no stop, but the permission of an attach.  They honour page protection: a
read-only page isn't writable this way (/proc/PID/mem and PTRACE_POKEDATA are).
"""

from __future__ import annotations

import ctypes
from errno import EFAULT, EPERM, ESRCH
from struct import Struct

from seize.errors import AccessDenied, PtraceError, SeizeError, TraceeGone
from seize.kernel import _libc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_IOVEC = 2 * ctypes.sizeof(ctypes.c_size_t)
_CHUNK = 1 << 20
_WORD_MASK = (1 << 8 * ctypes.sizeof(ctypes.c_size_t)) - 1


class _Transfer:
    """Prepared arguments: one local and one remote range, which a packing fills in."""

    def __init__(self, name: str) -> None:
        # A page may be served by another thread of ours (userfaultfd, FUSE), so let it run.
        self.function = _libc.blocking[name]
        self.function.restype = ctypes.c_ssize_t
        self.ranges = (ctypes.c_size_t * 4)()
        at = ctypes.addressof(self.ranges)
        self.local, self.remote = ctypes.c_void_p(at), ctypes.c_void_p(at + _IOVEC)
        self.one, self.flags = ctypes.c_ulong(1), ctypes.c_ulong(0)
        self.pack = Struct("@4N").pack_into


def vm_reader(size: int = 4096) -> Callable[[int, int, int], bytes]:
    """Make a function ``read(tid, address, length)`` that performs process_vm_readv(2).

    It returns the readable prefix: fewer bytes where an unreadable page begins, ``b""`` if
    there is none (the kernel copies page by page and answers with what it got).  An exited
    process is ``TraceeGone``, a forbidden one ``AccessDenied``.  ``size`` is that of the
    buffer kept at hand; a longer read allocates one.  One reader for each OS thread.
    """
    ready = _Transfer("process_vm_readv")
    readv, ranges, pack = ready.function, ready.ranges, ready.pack
    local, remote, one, flags = ready.local, ready.remote, ready.one, ready.flags
    buffer: Any = (ctypes.c_char * size)()
    start = ctypes.addressof(buffer)

    def read(tid: int, address: int, length: int) -> bytes:
        if length > size:
            return read_long(tid, address, length)
        pack(ranges, 0, start, length, address & _WORD_MASK, length)
        got: int = readv(tid, local, one, remote, one, flags)
        data: bytes = buffer[:got] if got >= 0 else _nothing("process_vm_readv", tid)
        return data

    def read_long(tid: int, address: int, length: int) -> bytes:
        if length > _CHUNK:
            return read_in_chunks(tid, address, length)
        into: Any = (ctypes.c_char * length)()
        pack(ranges, 0, ctypes.addressof(into), length, address & _WORD_MASK, length)
        got: int = readv(tid, local, one, remote, one, flags)
        data: bytes = into[:got] if got >= 0 else _nothing("process_vm_readv", tid)
        return data

    def read_in_chunks(tid: int, address: int, length: int) -> bytes:
        # The length may be anything that a tracee claims: only what is there takes memory.
        chunks: list[bytes] = []
        while length > 0:
            chunk = read_long(tid, address, min(length, _CHUNK))
            chunks.append(chunk)
            if len(chunk) < _CHUNK:
                break
            address += _CHUNK
            length -= _CHUNK
        return b"".join(chunks)

    return read


def vm_writer() -> Callable[[int, int, bytes], int]:
    """Make a function ``write(tid, address, data)`` that performs process_vm_writev(2).

    It returns how many bytes were written: fewer than given, or 0, where an unmapped or
    unwritable page begins.  The errors are those of ``vm_reader``.
    """
    ready = _Transfer("process_vm_writev")
    writev, ranges, pack = ready.function, ready.ranges, ready.pack

    def write(tid: int, address: int, data: bytes) -> int:
        source = ctypes.create_string_buffer(data, len(data)) if data else ctypes.c_char()
        pack(ranges, 0, ctypes.addressof(source), len(data), address & _WORD_MASK, len(data))
        put: int = writev(tid, ready.local, ready.one, ready.remote, ready.one, ready.flags)
        return put if put >= 0 else len(_nothing("process_vm_writev", tid))

    return write


def _nothing(name: str, tid: int) -> bytes:
    """Answer a failed transfer: no bytes for a fault, the fitting error otherwise."""
    errno = ctypes.get_errno()
    if errno == EFAULT:
        return b""
    raise _error(name, tid, errno)


def _error(name: str, tid: int, errno: int) -> SeizeError:
    if errno == ESRCH:
        return TraceeGone(name, tid, errno)
    if errno == EPERM:
        from seize.access import explain

        return AccessDenied(name, tid, errno, explain(tid))
    return PtraceError(name, tid, errno)
