"""A timer that wakes one OS thread out of a blocking system call: timer_create(2)."""

from __future__ import annotations

import ctypes
from struct import Struct

from seize.kernel import _libc

_CLOCK_MONOTONIC = 1
_SIGEV_THREAD_ID = 4
_AGAIN_SECONDS = 0.01
_SECOND = 1_000_000_000
# struct sigevent: value, signal, way of notification, thread; and struct itimerspec.
_SIGEVENT = Struct("=QiiI44x")
_ITIMERSPEC = Struct("=4q")


class WakeupTimer:
    """Sends ``signum`` to the thread ``tid`` when its time has come, and again and again.

    Again, because a signal that arrives just before a system call begins doesn't interrupt it.
    The signal needs a handler: see ``install_wakeup_handler``.
    """

    def __init__(self, signum: int, tid: int) -> None:
        event = ctypes.create_string_buffer(_SIGEVENT.pack(0, signum, _SIGEV_THREAD_ID, tid))
        made = ctypes.c_int()
        addresses = (ctypes.addressof(event), ctypes.addressof(made))
        _libc.syscall("timer_create", _CLOCK_MONOTONIC, *addresses)
        self._id = made.value

    def _set(self, nanoseconds: int, interval: int) -> None:
        spec = _ITIMERSPEC.pack(*divmod(interval, _SECOND), *divmod(nanoseconds, _SECOND))
        buffer = ctypes.create_string_buffer(spec, len(spec))
        _libc.syscall("timer_settime", self._id, 0, ctypes.addressof(buffer), 0)

    def arm(self, seconds: float, again: float = _AGAIN_SECONDS) -> None:
        """Send the signal in so many seconds (in the place of what was set before).

        Then send it every ``again`` seconds.
        """
        self._set(max(1, round(seconds * _SECOND)), round(again * _SECOND))

    def disarm(self) -> None:
        """Send the signal no more."""
        self._set(0, 0)

    def close(self) -> None:
        """Give the timer back to the kernel."""
        _libc.syscall("timer_delete", self._id)
