"""What a frame has by name: arguments, local variables, and expressions of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seize.errors import SeizeError, Unsupported

if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from seize.symbols import Frame

    Value: TypeAlias = Any

_NEEDS = "debug information that can be read"


def args(frame: Frame) -> dict[str, Value]:
    """A frame's arguments; none where its debug information can't be read."""
    try:
        return dict(getattr(frame, "args", {}))
    except SeizeError:
        return {}


def local_variables(frame: Frame) -> dict[str, Value]:
    """A frame's local variables, those of the innermost block first."""
    return dict(getattr(frame, "locals", {}))


def evaluate(frame: Frame, text: str) -> Value:
    """The value of a C expression in a frame; SeizeError or KeyError if it has none."""
    function = getattr(frame, "evaluate", None)
    if function is None:
        raise Unsupported("C expressions", _NEEDS)
    return function(text)
