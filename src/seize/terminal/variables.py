"""What a frame has by name, and what is asked of its values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seize.errors import SeizeError, UsageError
from seize.symbols import Value
from seize.symbols.frames import argument_text
from seize.symbols.types import Type

if TYPE_CHECKING:
    from typing import Any

    from seize.symbols import Frame

STRUCTS = ("struct", "union", "class")


def kind(value: Any) -> str:
    """What sort of type a value of the program has, behind its typedefs; "" for Python's own."""
    return str(value.type.strip().code) if isinstance(value, Value) else ""


def listed(value: Any) -> str:
    """A value as gdb lists it among variables; one that can't be read as its error."""
    try:
        return value.format() if isinstance(value, Value) else str(value)
    except SeizeError as error:
        return f"<error: {error}>"


def arguments(frame: Frame) -> list[str]:
    """The arguments of a frame as its line has them, with their values at entry if known."""
    try:
        return [argument_text(*parameter) for parameter in frame.parameters()]
    except SeizeError:
        return []


def args(frame: Frame) -> dict[str, Value]:
    """A frame's arguments; none where its debug information can't be read."""
    try:
        return frame.args
    except SeizeError:
        return {}


def array(first: Any, count: int) -> Value:
    """So many values side by side in memory, of which one is the first: gdb's ``first@count``."""
    if not isinstance(first, Value) or first.address is None:
        raise UsageError("Only values in memory can be extended with '@'.")
    if count < 1:
        raise UsageError(f"Invalid number {count} of repetitions.")
    type_ = Type("array", 0, None, first.type, count=count)
    return Value(type_, first.space, address=first.address)
