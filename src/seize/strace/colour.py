"""The same lines in colours, for a terminal."""

from __future__ import annotations

import os

from seize.decode.render.strace import StraceText
from seize.decode.values import (
    AbstractPath,
    Bytes,
    Dated,
    Enum,
    Flags,
    HexBytes,
    Name,
    Noted,
    Path,
    Signal,
    Text,
    WholeBytes,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from seize.decode import Call
    from seize.decode.render.strace import Render
    from seize.decode.values import Value

_BEGIN = "\x1b["
_RESET = "\x1b[0m"
DEFAULTS = {
    "syscall": "33",
    "argname": "39",
    "argval": "35",
    "const": "34",
    "comment": "36",
    "retval": "32",
    "error": "31",
    "signal": "93",
    "end": "95",
}
"""What is painted -> the parameters of SGR (console_codes(4)); STRACE_COLORS changes them.

All but the last two are strace's; its "punct", the text between the others, isn't painted here.
"""


def colours_of(text: str) -> dict[str, str]:
    """The colours that STRACE_COLORS asks for: ``NAME=SGR:…``; what is no such thing is ignored."""
    found = dict(DEFAULTS)
    for part in text.split(":"):
        name, _, parameters = part.partition("=")
        name, parameters = name.strip().lower(), parameters.strip()
        if name in found and parameters.strip("0123456789;") == "" and parameters.strip(";"):
            found[name] = parameters
    return found


def is_colourful(environment: Mapping[str, str]) -> bool:
    """Whether a terminal can show colours, and its user hasn't asked for plain text."""
    terminal = environment.get("TERM", "").lower()
    return "NO_COLOR" not in environment and terminal not in ("", "dumb", "unknown")


_STRINGS = (Text, Path, Name, AbstractPath, Bytes, WholeBytes, HexBytes)
_CONSTANTS = (Flags, Enum, Signal)


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
    """strace's text with its parts painted: calls, names, values, comments, results, signals."""

    width = staticmethod(visible_width)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._colours = colours = colours_of(os.environ.get("STRACE_COLORS", ""))
        for kinds, colour in ((_STRINGS, colours["argval"]), (_CONSTANTS, colours["const"])):
            for kind in kinds:
                self._renders[kind] = _painting(self._renders[kind], colour)
        self._renders[Noted] = self._commented
        self._renders[Dated] = self._date

    def name(self, name: str) -> str:
        """The text of a call's name."""
        return painted(name, self._colours["syscall"])

    def event(self, text: str) -> str:
        """The text of a line that is no call: a signal, an end."""
        return painted(text, self._colours["signal" if text.startswith("---") else "end"])

    def enter(self, call: Call) -> str:
        """What is known at the entry, the name of the call first."""
        return self.name(call.name) + super().enter(call)[len(call.name) :]

    def result(self, call: Call) -> str:
        """What follows the equals sign."""
        return painted(super().result(call), self._colours["error" if call.failed else "retval"])

    def _label(self, name: str) -> str:
        return painted(f"{name}=", self._colours["argname"])

    def _labelled(self, call: Call) -> list[str]:
        names, values = call.compiled.names, call.values
        labels = (True,) * len(names) if self.names else call.compiled.labels or ()
        return [
            f"{self._label(name)}{self.value(value)}" if label else self.value(value)
            for label, name, value in zip(labels, names, values, strict=False)
        ]

    def _fields(self, pairs: Iterable[tuple[str, Value]], is_brief: bool) -> str:
        parts = [
            f"{self._label(name)}{self.value(field)}" if name else self.value(field)
            for name, field in pairs
        ]
        return "{" + ", ".join([*parts, "..."] if is_brief else parts) + "}"

    def _commented(self, value: Any) -> str:
        return f"{self.value(value.value)} {self._comment(f'/* {value.note} */')}"

    def _date(self, value: Any) -> str:
        text = self._dated(value)
        start = text.rindex("/*")
        return text[:start] + self._comment(text[start:])

    def _comment(self, text: str) -> str:
        return painted(text, self._colours["comment"])
