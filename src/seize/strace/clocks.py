"""The times before lines: strace's -t, -r and their long forms."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.strace.settings import Settings

DIGITS = {"s": 0, "ms": 3, "us": 6, "ns": 9}
"""Precision -> digits after the point of a time in seconds."""
_BILLION = 10**9


def seconds(nanoseconds: int, precision: str, width: int = 0) -> str:
    """``0.000123``: seconds to a precision, cut off and not rounded, as strace has them."""
    whole, rest = divmod(nanoseconds, _BILLION)
    return f"{whole:{width}}{_fraction(rest, precision)}"


def _fraction(nanoseconds: int, precision: str) -> str:
    digits = DIGITS[precision]
    return f".{nanoseconds // 10 ** (9 - digits):0{digits}}" if digits else ""


class Clock:
    """Tells the time for the beginning of a line.

    ``now`` gives nanoseconds since the epoch, ``monotonic`` those of a clock that nobody sets.
    """

    def __init__(
        self,
        settings: Settings,
        now: Callable[[], int] = time.time_ns,
        monotonic: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._style = settings.timestamps
        self._precision = settings.timestamp_precision
        self._relative = settings.relative
        self._now = now
        self._monotonic = monotonic
        self._before: int | None = None

    def text(self) -> str:
        """What stands before a line: the time of day, the time since the line before it."""
        text = self._absolute() if self._style else ""
        if not self._relative:
            return text
        now = self._monotonic()
        passed = 0 if self._before is None else max(now - self._before, 0)
        self._before = now
        relative = seconds(passed, self._relative, 6)
        return f"{text}(+{relative}) " if self._style else f"{relative} "

    def _absolute(self) -> str:
        whole, rest = divmod(self._now(), _BILLION)
        fraction = _fraction(rest, self._precision)
        if self._style == "unix":
            return f"{whole}{fraction} "
        return f"{time.strftime('%H:%M:%S', time.localtime(whole))}{fraction} "
