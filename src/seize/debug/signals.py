"""What to do with the signals that a debugged program gets: gdb's ``handle``."""

from __future__ import annotations

from signal import Signals

from seize._frozen import frozen
from seize.abi._generated import constants as k
from seize.errors import UsageError

_LAST = 64
# What programs are sent in the ordinary course of things: nobody wants to be told.
_QUIET = (
    *(k.SIGALRM, k.SIGCHLD, k.SIGURG, k.SIGIO, k.SIGVTALRM, k.SIGPROF, k.SIGWINCH),
    *range(32, 34),  # the C library's own, for cancelling threads and for setuid()
)
# A debugger's own; what the program gets of them by itself is rarely meant for it.
_KEPT = (k.SIGTRAP, k.SIGINT)


@frozen
class Disposition:
    """``stop``: the program stops before the signal; ``passed``: then it is delivered."""

    stop: bool
    passed: bool


class SignalTable:
    """The disposition of each signal, by number."""

    def __init__(self) -> None:
        self._table = {
            number: Disposition(number not in _QUIET, number not in _KEPT)
            for number in range(1, _LAST + 1)
        }

    def get(self, signal: int | str) -> Disposition:
        """What is done with a signal; UsageError for one that doesn't exist."""
        return self._table[signal_number(signal)]

    def set(
        self, signal: int | str, *, stop: bool | None = None, passed: bool | None = None
    ) -> None:
        """Change what is done with a signal; None leaves that part as it is."""
        number = signal_number(signal)
        now = self._table[number]
        self._table[number] = Disposition(
            now.stop if stop is None else stop, now.passed if passed is None else passed
        )


def signal_number(signal: int | str) -> int:
    """Give the number of a signal by name ("SIGUSR1", "usr1") or number; UsageError if unknown."""
    if isinstance(signal, str):
        if signal.isdigit():
            number = int(signal)
        else:
            name = signal.upper()
            name = name if name.startswith("SIG") else f"SIG{name}"
            try:
                number = Signals[name]
            except KeyError:
                raise UsageError(f"there is no signal {signal!r}") from None
    else:
        number = signal
    if not 1 <= number <= _LAST:
        raise UsageError(f"there is no signal {signal!r}")
    return int(number)
