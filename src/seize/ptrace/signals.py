"""Signals: the one that stopped a tracee, those queued for it, and those it blocks."""

from __future__ import annotations

import ctypes
from errno import EINVAL
from struct import Struct

from seize.abi._generated import ptrace as op
from seize.errors import UsageError
from seize.ptrace import _call
from seize.ptrace.siginfo import SIGINFO_SIZE, SigInfo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_SIGSET_SIZE = 8
_HIGHEST_SIGNAL = 64
_PEEKSIGINFO_ARGS = Struct("=QIi")


def getsiginfo(tid: int) -> SigInfo:
    """PTRACE_GETSIGINFO: the information on the signal that caused the stop.

    ``PtraceError`` with EINVAL in the group-stop of a tracee that wasn't seized.
    """
    buffer = ctypes.create_string_buffer(SIGINFO_SIZE)
    if _call._ptrace(op.PTRACE_GETSIGINFO, tid, 0, ctypes.addressof(buffer)) == -1:
        hint = "no signal caused this stop: it is a group-stop"
        raise _call.error(op.PTRACE_GETSIGINFO, tid, hint if _call.last_errno() == EINVAL else "")
    return SigInfo(buffer.raw)


def setsiginfo(tid: int, info: SigInfo) -> None:
    """PTRACE_SETSIGINFO: replace that information.

    Its ``signo`` must be that of the signal then injected, or the result is undefined.
    """
    buffer = ctypes.create_string_buffer(info.raw, SIGINFO_SIZE)
    _call.call(op.PTRACE_SETSIGINFO, tid, 0, ctypes.addressof(buffer))


def peeksiginfo(tid: int, offset: int, count: int, shared: bool = False) -> list[SigInfo]:
    """PTRACE_PEEKSIGINFO: up to ``count`` queued signals from position ``offset`` on.

    Of the thread's own queue, or with ``shared`` of the process's.  The signals stay queued.
    """
    if offset < 0 or count < 0:
        raise UsageError("peeksiginfo wants an offset and a count of at least 0")
    flags = op.PTRACE_PEEKSIGINFO_SHARED if shared else 0
    arguments = ctypes.create_string_buffer(_PEEKSIGINFO_ARGS.pack(offset, flags, count))
    buffer = ctypes.create_string_buffer(SIGINFO_SIZE * max(count, 1))
    found = _call.call(
        op.PTRACE_PEEKSIGINFO, tid, ctypes.addressof(arguments), ctypes.addressof(buffer)
    )
    ends = range(SIGINFO_SIZE, SIGINFO_SIZE * found + 1, SIGINFO_SIZE)
    return [SigInfo(buffer.raw[end - SIGINFO_SIZE : end]) for end in ends]


def getsigmask(tid: int) -> frozenset[int]:
    """PTRACE_GETSIGMASK: the numbers of the signals that the tracee blocks."""
    buffer = ctypes.c_uint64()
    _call.call(op.PTRACE_GETSIGMASK, tid, _SIGSET_SIZE, ctypes.addressof(buffer))
    mask = buffer.value
    return frozenset(number for number in range(1, _HIGHEST_SIGNAL + 1) if mask >> number - 1 & 1)


def setsigmask(tid: int, signals: Iterable[int]) -> None:
    """PTRACE_SETSIGMASK: block just ``signals`` (SIGKILL and SIGSTOP are left out silently)."""
    mask = 0
    for number in signals:
        if not 1 <= number <= _HIGHEST_SIGNAL:
            raise UsageError(f"{number} is no signal number")
        mask |= 1 << number - 1
    buffer = ctypes.c_uint64(mask)
    _call.call(op.PTRACE_SETSIGMASK, tid, _SIGSET_SIZE, ctypes.addressof(buffer))
