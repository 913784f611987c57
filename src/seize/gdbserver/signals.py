"""Signal numbers: Linux has one numbering, gdb's protocol another (its ``gdb/signals.def``)."""

from __future__ import annotations

import signal

# gdb's numbers come from several systems, and never change; what Linux has of them, by name.
_BY_NAME = {
    "SIGHUP": 1,
    "SIGINT": 2,
    "SIGQUIT": 3,
    "SIGILL": 4,
    "SIGTRAP": 5,
    "SIGABRT": 6,
    "SIGFPE": 8,
    "SIGKILL": 9,
    "SIGBUS": 10,
    "SIGSEGV": 11,
    "SIGSYS": 12,
    "SIGPIPE": 13,
    "SIGALRM": 14,
    "SIGTERM": 15,
    "SIGURG": 16,
    "SIGSTOP": 17,
    "SIGTSTP": 18,
    "SIGCONT": 19,
    "SIGCHLD": 20,
    "SIGTTIN": 21,
    "SIGTTOU": 22,
    "SIGIO": 23,
    "SIGXCPU": 24,
    "SIGXFSZ": 25,
    "SIGVTALRM": 26,
    "SIGPROF": 27,
    "SIGWINCH": 28,
    "SIGUSR1": 30,
    "SIGUSR2": 31,
    "SIGPWR": 32,
}
UNKNOWN = 143
_TO_GDB = {
    **{int(getattr(signal, name)): number for name, number in _BY_NAME.items()},
    # 33 to 63 stand together, 32 and 64 were added later.
    **{number: number - 33 + 45 for number in range(33, 64)},
    32: 77,
    64: 78,
}
_FROM_GDB = {number: linux for linux, number in _TO_GDB.items()}


def to_gdb(number: int) -> int:
    """Give gdb's number of a signal of Linux; UNKNOWN if it has none (SIGSTKFLT)."""
    return _TO_GDB.get(number, UNKNOWN) if number else 0


def from_gdb(number: int) -> int | None:
    """Give the signal of Linux that gdb means; None if Linux has none such."""
    return _FROM_GDB.get(number) if number else 0
