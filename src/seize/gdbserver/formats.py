"""``printf`` for agent expressions: the template is gdb's, the strings are the tracee's."""

from __future__ import annotations

import re

from seize.errors import MemoryFault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_DIRECTIVE = re.compile(r"%([-+ #0]*)(\d{0,3})(?:\.(\d{0,3}))?(hh|h|ll|l|j|z|t|L)?([diouxXcsp%])")
_SIZES = {"hh": 1, "h": 2, "": 4, "l": 8, "ll": 8, "j": 8, "z": 8, "t": 8, "L": 8}
_LONGEST_STRING = 4096
# gdb sends the template as the user has typed it.
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "e": "\x1b",
    "\\": "\\",
    '"': '"',
}


def formatted(template: str, values: Sequence[int], read: Callable[[int, int], bytes]) -> str:
    """Write ``values`` by a C ``template`` (text of latin-1); missing ones are 0."""
    left = iter(values)
    template = _ESCAPE.sub(lambda found: _ESCAPES.get(found[1], found[0]), template)
    return _DIRECTIVE.sub(lambda found: _one(found, left, read), template)


def _one(found: re.Match[str], left: Iterator[int], read: Callable[[int, int], bytes]) -> str:
    flags, width, precision, size, kind = found.groups()
    if kind == "%":
        return "%"
    value = next(left, 0)
    python = f"%{flags}{width}" + (f".{precision}" if precision is not None else "")
    if kind == "s":
        return (python + "s") % _string(value, read)
    if kind == "c":
        return f"%{flags}{width}c" % chr(value & 0xFF)
    if kind == "p":
        return f"%{flags}{width}s" % f"{value:#x}"
    bits = 8 * _SIZES[size or ""]
    value &= (1 << bits) - 1
    if kind in "di" and value >> (bits - 1):
        value -= 1 << bits
    return (python + ("d" if kind in "iu" else kind)) % value


def _string(address: int, read: Callable[[int, int], bytes]) -> str:
    parts = b""
    while len(parts) < _LONGEST_STRING:
        try:
            byte = read(address + len(parts), 1)
        except MemoryFault:
            break
        if byte == b"\0":
            break
        parts += byte
    return parts.decode("latin-1")
