"""What functions return, as their declared types have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seize.errors import SeizeError
from seize.terminal import variables

if TYPE_CHECKING:
    from typing import Any

    from seize.symbols import Frame
    from seize.terminal.session import Session
    from seize.terminal.variables import Value


def function(frame: Frame) -> Value | None:
    """The function of a frame as a value, whose type tells what it returns; None if unknown."""
    if not frame.function:
        return None
    try:
        return variables.evaluate(frame, frame.function)
    except (SeizeError, KeyError):
        # No debug information: the type isn't known.
        return None


def returned(session: Session, value: int) -> Any:
    """What the finished function has returned; None where it returns nothing, or nobody knows."""
    return None
