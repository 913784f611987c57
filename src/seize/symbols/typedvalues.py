"""Numbers of a base type on the stack of DWARF expressions (DWARF 5, section 2.5.1)."""

from __future__ import annotations

import struct

from seize.stacks.reading import Malformed
from seize.symbols import constants as dw

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.symbols.dies import Die


class Typed(float):
    """A floating-point number on the stack, with its base type."""

    die: Die


class TypedInt(int):
    """A number on the stack that isn't of the address type."""

    die: Die


def typed_float(number: float, die: Die) -> int:
    """A floating-point number of a base type."""
    made = Typed(number)
    made.die = die
    # The stack holds numbers of any type; only those of an address's type are plain.
    return made  # type: ignore[return-value]


def typed_int(number: int, die: Die, word: int) -> int:
    """An integer of a base type, as wide as that is."""
    size = die.number(dw.AT_BYTE_SIZE) or word
    return decoded((number & (1 << 8 * size) - 1).to_bytes(size, "little"), die)


_FLOATS = {4: "<f", 8: "<d"}
_SIGNED = (dw.ATE_SIGNED, dw.ATE_SIGNED_CHAR)


def decoded(data: bytes, die: Die) -> int:
    """The number of a base type that bytes are; Malformed if there is no such."""
    encoding = die.number(dw.AT_ENCODING)
    if encoding == dw.ATE_FLOAT:
        if len(data) not in _FLOATS:
            raise Malformed(f"a floating-point number of {len(data)} bytes")
        return typed_float(struct.unpack(_FLOATS[len(data)], data)[0], die)
    made = TypedInt(int.from_bytes(data, "little", signed=encoding in _SIGNED))
    made.die = die
    return made


def encoded(value: float, die: Die) -> bytes:
    """The bytes of a number of a base type; Malformed if it can't be."""
    size = die.number(dw.AT_BYTE_SIZE) or 8
    if die.number(dw.AT_ENCODING) == dw.ATE_FLOAT:
        if size not in _FLOATS:
            raise Malformed(f"a floating-point number of {size} bytes")
        try:
            return struct.pack(_FLOATS[size], value)
        except OverflowError as error:
            raise Malformed(str(error)) from error
    return (int(value) & (1 << 8 * size) - 1).to_bytes(size, "little")


TYPED_ARITHMETIC: dict[int, Callable[[int, int], int]] = {
    0x1A: lambda a, b: a & b,
    0x1B: lambda a, b: a / b if isinstance(a, Typed) else _quotient(a, b),
    0x1C: lambda a, b: a - b,
    0x1D: lambda a, b: a - b * _quotient(a, b),
    0x1E: lambda a, b: a * b,
    0x21: lambda a, b: a | b,
    0x22: lambda a, b: a + b,
    0x24: lambda a, b: a << min(b, 1024),
    0x25: lambda a, b: a >> b,
    0x26: lambda a, b: a >> b,
    0x27: lambda a, b: a ^ b,
    0x29: lambda a, b: a == b,
    0x2A: lambda a, b: a >= b,
    0x2B: lambda a, b: a > b,
    0x2C: lambda a, b: a <= b,
    0x2D: lambda a, b: a < b,
    0x2E: lambda a, b: a != b,
}


def _quotient(first: int, second: int) -> int:
    quotient = abs(first) // abs(second)
    return -quotient if (first < 0) != (second < 0) else quotient
