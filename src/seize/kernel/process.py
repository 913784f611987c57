"""The tracer's (or a launched child's) own state: seccomp, prctl, scheduling, personality."""

from __future__ import annotations

import ctypes
import os
from _thread import get_native_id
from errno import EINVAL

from seize.abi._generated import constants as k
from seize.kernel import _libc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

PER_LINUX = 0
QUERY_PERSONALITY = 0xFFFFFFFF
SECCOMP_FILTER_FLAG_TSYNC = 1

_SECCOMP_SET_MODE_FILTER = 1
_SECCOMP_GET_ACTION_AVAIL = 2

_prctl = _libc.quick.prctl
_prctl.argtypes = (ctypes.c_int, *[ctypes.c_ulong] * 4)
_personality = _libc.quick.personality
_personality.argtypes = (ctypes.c_ulong,)


class _SockFprog(ctypes.Structure):
    _fields_ = [
        ("length", ctypes.c_ushort),
        ("filter", ctypes.c_void_p),
    ]


def gettid() -> int:
    """Give the calling OS thread's id."""
    return get_native_id()


def seccomp_set_mode_filter(program: bytes, flags: int = 0) -> int:
    """Perform seccomp(SECCOMP_SET_MODE_FILTER): install a classic BPF ``program``.

    ``program`` is a packed array of ``struct sock_filter``, 8 bytes an instruction.  It needs
    CAP_SYS_ADMIN or PR_SET_NO_NEW_PRIVS (EACCES); a malformed program is EINVAL.  Returns what
    the call returns: 0, or with SECCOMP_FILTER_FLAG_TSYNC the id of a thread that couldn't be
    synchronized, or with SECCOMP_FILTER_FLAG_NEW_LISTENER a descriptor.
    """
    buffer = ctypes.create_string_buffer(program, len(program))
    fprog = _SockFprog(len(program) // 8, ctypes.addressof(buffer))
    return _libc.syscall("seccomp", _SECCOMP_SET_MODE_FILTER, flags, ctypes.addressof(fprog))


def seccomp_get_action_avail(action: int) -> None:
    """Perform seccomp(SECCOMP_GET_ACTION_AVAIL): OSError unless filters can answer ``action``.

    EOPNOTSUPP for an action that this kernel doesn't know, EINVAL before Linux 4.14, ENOSYS
    without seccomp filters.
    """
    word = ctypes.c_uint32(action)
    _libc.syscall("seccomp", _SECCOMP_GET_ACTION_AVAIL, 0, ctypes.addressof(word))


def prctl(option: int, arg2: int = 0, arg3: int = 0, arg4: int = 0, arg5: int = 0) -> int:
    """Perform prctl(2) with plain numbers; OSError on failure."""
    result: int = _prctl(option, arg2, arg3, arg4, arg5)
    if result == -1:
        raise _libc.failure()
    return result


def permit_tracer(pid: int) -> None:
    """Let a process that is no ancestor attach to us, where Yama would forbid it (prctl(2))."""
    try:
        prctl(k.PR_SET_PTRACER, pid)
    except OSError as error:
        if error.errno != EINVAL:
            raise
        # A kernel without Yama doesn't know the operation, and needs no permission.


def get_affinity(tid: int = 0) -> frozenset[int]:
    """Perform sched_getaffinity(2): the CPUs that thread ``tid`` (0: the caller) may run on."""
    return frozenset(os.sched_getaffinity(tid))


def set_affinity(tid: int, cpus: Iterable[int]) -> None:
    """Perform sched_setaffinity(2)."""
    os.sched_setaffinity(tid, cpus)


def set_idle(tid: int = 0, idle: bool = True) -> None:
    """Put thread ``tid`` (0: the caller) under SCHED_IDLE, or back under SCHED_OTHER.

    Children do not inherit SCHED_IDLE.

    Leaving SCHED_IDLE needs CAP_SYS_NICE or a nice limit that allows it: PermissionError.
    """
    policy = os.SCHED_IDLE | os.SCHED_RESET_ON_FORK if idle else os.SCHED_OTHER
    os.sched_setscheduler(tid, policy, os.sched_param(0))


def personality(persona: int = QUERY_PERSONALITY) -> int:
    """Perform personality(2): set the execution domain's flags; returns those before."""
    result: int = _personality(persona)
    if result == -1:
        raise _libc.failure()
    return result & 0xFFFFFFFF


def kcmp(pid1: int, pid2: int, kind: int, index1: int = 0, index2: int = 0) -> int:
    """Perform kcmp(2): 0 if the two processes share the resource of KCMP_* ``kind``.

    1 and 2 order different resources, 3 says only that they differ.
    """
    return _libc.syscall("kcmp", pid1, pid2, kind, index1, index2)
