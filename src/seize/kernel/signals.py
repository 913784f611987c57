"""Sending signals to threads, and being woken by one."""

from __future__ import annotations

import ctypes
import os

from seize.kernel import _libc

SIGINFO_SIZE = 128


class _Sigaction(ctypes.Structure):
    # The C library's struct sigaction: its mask has 1024 bits, unlike the kernel's.
    _fields_ = [
        ("handler", ctypes.c_void_p),
        ("mask", ctypes.c_uint64 * 16),
        ("flags", ctypes.c_int),
        ("restorer", ctypes.c_void_p),
    ]


def tgkill(tgid: int, tid: int, signal: int) -> None:
    """Perform tgkill(2): send ``signal`` to thread ``tid`` of process ``tgid``.

    ProcessLookupError if there is no such thread, PermissionError if it isn't allowed.
    """
    if _libc.quick.tgkill(tgid, tid, signal) == -1:
        raise _libc.failure()


def tkill(tid: int, signal: int) -> None:
    """Perform tkill(2): as ``tgkill``, for a thread whose process isn't known."""
    _libc.syscall("tkill", tid, signal)


def pidfd_open(pid: int, flags: int = 0) -> int:
    """Perform pidfd_open(2) (Linux 5.3): a descriptor that stands for process ``pid``."""
    return os.pidfd_open(pid, flags)


def pidfd_send_signal(pidfd: int, signal: int) -> None:
    """Perform pidfd_send_signal(2) (Linux 5.1): a signal that can't hit a recycled pid."""
    # Loaded when needed: the signal module builds enumerations, which the trace path avoids.
    from signal import pidfd_send_signal as send

    send(pidfd, signal)


def rt_sigqueueinfo(tgid: int, signal: int, siginfo: bytes) -> None:
    """Perform rt_sigqueueinfo(2): queue ``signal`` with 128 bytes of ``siginfo_t`` to a process.

    To a process other than one's own the kernel refuses codes that only it may use (>= 0, and
    SI_TKILL): PermissionError.
    """
    buffer = ctypes.create_string_buffer(siginfo, SIGINFO_SIZE)
    _libc.syscall("rt_sigqueueinfo", tgid, signal, ctypes.addressof(buffer))


def rt_tgsigqueueinfo(tgid: int, tid: int, signal: int, siginfo: bytes) -> None:
    """Perform rt_tgsigqueueinfo(2): as ``rt_sigqueueinfo``, to one thread."""
    buffer = ctypes.create_string_buffer(siginfo, SIGINFO_SIZE)
    _libc.syscall("rt_tgsigqueueinfo", tgid, tid, signal, ctypes.addressof(buffer))


def swap_action(signum: int, action: _Sigaction | None = None) -> _Sigaction:
    """Give a signal another action (None: the default one) by sigaction(2); return the former.

    Unlike Python's ``signal.signal`` it may be done in any thread, and the interpreter doesn't
    know of it: it is for a moment.
    """
    former = _Sigaction()
    given = _Sigaction() if action is None else action
    if _libc.quick.sigaction(signum, ctypes.byref(given), ctypes.byref(former)) == -1:
        raise _libc.failure()
    return former


def install_wakeup_handler(signum: int) -> None:
    """Let ``signum`` interrupt a blocking wait of this process, and do nothing else.

    The handler is a C function (getppid), installed without SA_RESTART: a ``pthread_kill`` from
    another thread makes the wait return EINTR, and Python's own signal machinery, which only
    the main thread has, isn't involved.  OSError (EINVAL) for a signal that can't be caught.
    """
    action = _Sigaction()
    action.handler = ctypes.cast(_libc.quick.getppid, ctypes.c_void_p).value
    if _libc.quick.sigaction(signum, ctypes.byref(action), None) == -1:
        raise _libc.failure()
