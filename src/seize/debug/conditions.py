"""Conditions that are Python expressions."""

from __future__ import annotations

from typing import Any

from seize.errors import SeizeError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.debug.thread import Thread


class Names(dict):  # type: ignore[type-arg]
    """The names that an expression may use, looked up when they are used.

    ``thread``, ``frame``, ``process``, ``registers``, ``memory``; then the variables of the
    innermost frame; then the registers.
    """

    def __init__(self, thread: Thread) -> None:
        super().__init__()
        self._thread = thread

    def __missing__(self, name: str) -> Any:
        value = self[name] = self._find(name)
        return value

    def _find(self, name: str) -> Any:
        thread = self._thread
        match name:
            case "thread":
                return thread
            case "process":
                return thread.process
            case "frame":
                return thread.frame
            case "registers":
                return thread.registers
            case "memory":
                return thread.memory
        if name in thread.registers.names():
            return thread.registers[name]
        try:
            return thread.frame[name]
        except SeizeError:
            # No variable either: Python says so, after it has looked at its own names.
            raise KeyError(name) from None


def compiled(expression: str) -> Callable[[Thread], object]:
    """Make a function of a thread from a Python expression; UsageError if it is none."""
    try:
        code = compile(expression, "<condition>", "eval")
    except SyntaxError as error:
        raise UsageError(f"not a Python expression: {expression!r} ({error.msg})") from None

    def test(thread: Thread) -> object:
        return eval(code, {}, Names(thread))

    return test
