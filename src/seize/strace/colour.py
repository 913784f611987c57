"""The same lines in colours, for a terminal."""

from __future__ import annotations

from seize.decode.render.strace import StraceText
from seize.decode.values import AbstractPath, Bytes, Enum, Flags, HexBytes, Path, Text, WholeBytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from seize.decode import Call
    from seize.decode.render.strace import Render

_BEGIN = "\x1b["
_RESET = "\x1b[0m"
CALL, STRING, CONSTANT, FAILURE, SIGNAL, END = "1", "32", "36", "31", "33", "35"
"""Parameters of SGR (console_codes(4)): bold, green, cyan, red, yellow, magenta."""

_STRINGS = (Text, Path, AbstractPath, Bytes, WholeBytes, HexBytes)
_CONSTANTS = (Flags, Enum)


def painted(text: str, colour: str) -> str:
    """``text`` in a colour; nothing else on the line changes."""
    return f"{_BEGIN}{colour}m{text}{_RESET}"


def visible_width(text: str) -> int:
    """The columns that a painted text takes."""
    first, *rest = text.split(_BEGIN)
    return len(first) + sum([len(part) - part.index("m") - 1 for part in rest])


def _painting(render: Render, colour: str) -> Render:
    return lambda value: painted(render(value), colour)


class ColourText(StraceText):
    """strace's text with the calls, strings, constants, failures and signals painted."""

    width = staticmethod(visible_width)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for kinds, colour in ((_STRINGS, STRING), (_CONSTANTS, CONSTANT)):
            for kind in kinds:
                self._renders[kind] = _painting(self._renders[kind], colour)

    def name(self, name: str) -> str:
        """The text of a call's name."""
        return painted(name, CALL)

    def event(self, text: str) -> str:
        """The text of a line that is no call: a signal, an end."""
        return painted(text, SIGNAL if text.startswith("---") else END)

    def enter(self, call: Call) -> str:
        """What is known at the entry, the name of the call first."""
        return self.name(call.name) + super().enter(call)[len(call.name) :]

    def result(self, call: Call) -> str:
        """What follows the equals sign."""
        text = super().result(call)
        return painted(text, FAILURE) if call.failed else text
