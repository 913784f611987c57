"""Ending in order when a signal asks for it: nothing is left in the processes."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_ENDING = (signal.SIGTERM, signal.SIGHUP)


class Ended(BaseException):
    """A signal asks us to end."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(number)


def _end(number: int, frame: FrameType | None) -> None:
    # Once is enough: what follows must not be disturbed.
    for each in _ENDING:
        signal.signal(each, signal.SIG_IGN)
    raise Ended(number)


@contextmanager
def orderly() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the block as an exception does, and then this process."""
    before = {number: signal.getsignal(number) for number in _ENDING}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, _end)
    try:
        yield
    except Ended as ended:
        signal.signal(ended.number, signal.SIG_DFL)
        os.kill(os.getpid(), ended.number)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
