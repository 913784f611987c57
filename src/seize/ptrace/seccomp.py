"""A tracee's seccomp filters (needs CAP_SYS_ADMIN, and a kernel with CONFIG_CHECKPOINT_RESTORE)."""

from __future__ import annotations

import ctypes
from errno import EACCES, EINVAL, ENOENT
from struct import Struct

from seize._frozen import frozen
from seize.abi._generated import ptrace as op
from seize.ptrace import _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.errors import SeizeError

_SOCK_FILTER = Struct("=HBBI")
_METADATA = Struct("=QQ")

_HINTS = {
    EACCES: "it needs CAP_SYS_ADMIN, and a tracer that isn't under seccomp itself",
    ENOENT: "the tracee has no filter with this index",
    EINVAL: "the tracee isn't in seccomp's filter mode",
}


@frozen
class BpfInstruction:
    """``struct sock_filter``: one instruction of classic BPF.

    ``jt`` and ``jf`` are how many instructions to jump if true and if false; ``k`` is the
    operand.
    """

    code: int
    jt: int
    jf: int
    k: int

    def to_bytes(self) -> bytes:
        """Pack into 8 bytes, as ``kernel.seccomp_set_mode_filter`` takes them."""
        return _SOCK_FILTER.pack(self.code, self.jt, self.jf, self.k)


@frozen
class SeccompMetadata:
    """``struct seccomp_metadata``: the SECCOMP_FILTER_FLAG_* of filter ``filter_off``."""

    filter_off: int
    flags: int


def seccomp_get_filter(tid: int, index: int) -> tuple[BpfInstruction, ...]:
    """PTRACE_SECCOMP_GET_FILTER: a filter's program; index 0 is the latest installed.

    ``PtraceError`` with ENOENT beyond the last filter, EINVAL without any, EACCES without
    privileges, EMEDIUMTYPE for a filter that isn't classic BPF.
    """
    operation = op.PTRACE_SECCOMP_GET_FILTER
    count = _call._ptrace(operation, tid, index, 0)
    if count == -1:
        raise _error(operation, tid)
    buffer = ctypes.create_string_buffer(count * _SOCK_FILTER.size)
    if _call._ptrace(operation, tid, index, ctypes.addressof(buffer)) == -1:
        raise _error(operation, tid)
    return tuple(BpfInstruction(*fields) for fields in _SOCK_FILTER.iter_unpack(buffer.raw))


def seccomp_get_metadata(tid: int, index: int) -> SeccompMetadata:
    """PTRACE_SECCOMP_GET_METADATA (Linux 4.16): the flags of a filter; errors as above."""
    buffer = ctypes.create_string_buffer(_METADATA.pack(index, 0), _METADATA.size)
    operation = op.PTRACE_SECCOMP_GET_METADATA
    if _call._ptrace(operation, tid, _METADATA.size, ctypes.addressof(buffer)) == -1:
        raise _error(operation, tid)
    return SeccompMetadata(*_METADATA.unpack(buffer.raw))


def _error(operation: int, tid: int) -> SeizeError:
    errno = _call.last_errno()
    # A kernel built without the feature says EINVAL, as it does of a tracee without a filter.
    if errno == EINVAL and _has_filter(tid):
        return _call.unsupported(operation)
    return _call.error(operation, tid, _HINTS.get(errno, ""))


def _has_filter(tid: int) -> bool:
    try:
        with open(f"/proc/{tid}/status", "rb") as file:
            return b"\nSeccomp:\t2\n" in file.read()
    except OSError:
        return False
