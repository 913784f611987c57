"""The kinds of netlink attributes: how the bytes of one become a value."""

from __future__ import annotations

from seize.decode import shapes
from seize.decode.kinds.address import inet_addr, inet_pton
from seize.decode.kinds.attributes import HEAD, WIDTHS, Context
from seize.decode.kinds.families import interface
from seize.decode.kinds.named import hardware
from seize.decode.kinds.sets import constant
from seize.decode.values import (
    Array,
    Hex,
    Indexed,
    Int,
    Macro,
    Noted,
    Text,
    Ticks,
    Value,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode.kinds.attributes import Attributes, Decode, Maker

# The link types whose hardware addresses are of a length; the others' is that of the attribute.
_OF_LENGTH = {
    1: (7, 0x305, 0x334, 0x335, 0x336),
    2: (15,),
    4: (0x300, 0x308, 0x309, 0x30A, 0x30B, 0x30F),
    5: (0x10E, 0x10F),
    6: (1, 6, 0x304, 0x306, 0x30C, 0x321, 0x322, 0x323),
    7: (0, 3),
    8: (27, 0x324, 0x325, 0x339, 0x33A),
    16: (24, 0x301),
    20: (32,),
}
ADDRESS_LENGTHS = {kind: length for length, kinds in _OF_LENGTH.items() for kind in kinds}


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")


def fixed(width: int, make: type[Int], signed: bool) -> Decode:
    """A number in the first ``width`` bytes."""

    def decode(context: Context, data: bytes) -> Value | None:
        number = int.from_bytes(data[:width], "little", signed=signed)
        return make(number) if len(data) >= width else None

    return decode


def number_of(convert: Callable[[int, int], Value], width: int = 0, most: int = 1 << 16) -> Decode:
    """A number of a width, or (0) of the attribute's own length, of at most 8 bytes."""

    def decode(context: Context, data: bytes) -> Value | None:
        size = width or len(data)
        if size > 8 or not size <= len(data) <= most:
            return None
        return convert(_number(data[:size]), size * 8)

    return decode


def _enum(own: Attributes, rest: list[str]) -> Decode:
    width = WIDTHS[rest[1]] if len(rest) > 1 else 0
    most = 8 if "short" in rest else 1 << 16
    return number_of(lambda number, bits: own.names.enum(rest[0], number, bits), width, most)


def _named(own: Attributes, rest: list[str]) -> Decode:
    """As an enumeration, without a remark on a number that has no name."""

    def convert(number: int, bits: int) -> Value:
        known = own.names.find(rest[0], number) is not None
        return own.names.enum(rest[0], number, bits) if known else Hex(number)

    return number_of(convert, WIDTHS[rest[1]])


def _flags(own: Attributes, rest: list[str]) -> Decode:
    most = 8 if "short" in rest else 1 << 16
    return number_of(
        lambda number, bits: own.names.flags(rest[0], number, bits), WIDTHS[rest[1]], most
    )


def _number_of_any_width(own: Attributes, rest: list[str]) -> Decode:
    return number_of(lambda number, bits: Int(number))


def _ticks(own: Attributes, rest: list[str]) -> Decode:
    """A time in hundredths of a second (USER_HZ)."""
    return number_of(lambda number, bits: Ticks(number))


def text_of(own: Attributes, rest: list[str]) -> Decode:
    """A text, without the NUL at its end."""

    def decode(context: Context, data: bytes) -> Value:
        limit = context.call.decoder.string_limit
        text = data[:limit]
        return Text(text[:-1], True) if text.endswith(b"\0") else Text(text, False)

    return decode


def _hardware(own: Attributes, rest: list[str]) -> Decode:
    def decode(context: Context, data: bytes) -> Value | None:
        if len(data) > 32:
            return None
        return hardware(data if rest else data[: ADDRESS_LENGTHS.get(context.hardware, 32)])

    return decode


def inet6_of(own: Attributes, rest: list[str]) -> Decode:
    """An IPv6 address, whatever the message's family."""
    return lambda context, data: inet6_address(data) if len(data) >= 16 else None


def inet6_address(data: bytes) -> Value:
    """An IPv6 address that is no field of a struct."""
    return inet_pton(data[:16], "")


def address_of(own: Attributes, rest: list[str]) -> Decode:
    """An address of the message's family."""

    def decode(context: Context, data: bytes) -> Value | None:
        if context.family == 2 and len(data) >= 4:
            return inet_addr(data[:4])
        return inet6_address(data) if context.family == 10 and len(data) >= 16 else None

    return decode


def _interface(own: Attributes, rest: list[str]) -> Decode:
    return number_of(lambda number, bits: interface(number), 4)


def _network16(own: Attributes, rest: list[str]) -> Decode:
    return number_of(lambda number, bits: Macro("htons", Int(number >> 8 | (number & 255) << 8)), 2)


def _network64(own: Attributes, rest: list[str]) -> Decode:
    def decode(context: Context, data: bytes) -> Value | None:
        return Macro("htobe64", Int(int.from_bytes(data[:8], "big"))) if len(data) >= 8 else None

    return decode


def _elements(
    context: Context, data: bytes, size: int, element: Callable[[int, bytes], Value]
) -> Value | None:
    """An array of elements of ``size`` bytes."""
    count = min(len(data) // size, context.call.decoder.array_limit)
    if not count:
        return None
    items = [element(i, data[i * size : (i + 1) * size]) for i in range(count)]
    return Array(tuple(items), len(data) // size > count)


def _array(own: Attributes, rest: list[str]) -> Decode:
    """``array WIDTH`` or ``array STRUCT``."""
    width = WIDTHS.get(rest[0])
    if width is None:
        shape = shapes.shape(own.scope, rest[0])
        return lambda context, data: _elements(
            context, data, shape.size, lambda index, part: shape.value(context.call, part)
        )
    make = Hex if rest[0][0] == "h" else Int
    return lambda context, data: _elements(
        context, data, width, lambda index, part: make(_number(part))
    )


def _indexed(own: Attributes, rest: list[str]) -> Decode:
    """``indexed SET [-N] WIDTH``: ``[[NAME-1]=5, …]``."""
    width = WIDTHS[rest[-1]]
    base = -int(rest[1]) if len(rest) > 2 else 0
    suffix = rest[1] if len(rest) > 2 else ""

    def element(index: int, part: bytes) -> Value:
        name = own.names.find(rest[0], index + base)
        label: Value = Noted(Int(index), own.names.unknown(rest[0]))
        if name:
            label = constant(index, f"{name}{suffix}", rest[0])
        return Indexed(label, Int(int.from_bytes(part, "little", signed=rest[-1] == "s32")))

    return lambda context, data: _elements(context, data, width, element)


def _nest(own: Attributes, rest: list[str]) -> Decode:
    def decode(context: Context, data: bytes) -> Value | None:
        return own.value(rest[0], context, data) if len(data) >= HEAD else None

    return decode


def _of(own: Attributes, rest: list[str]) -> Decode:
    """What the section has for the message's family."""

    def decode(context: Context, data: bytes) -> Value | None:
        section = own.section(rest[0])
        chosen = section.kinds.get(context.family, section.other)
        return chosen(context, data) if chosen is not None else None

    return decode


MAKERS: dict[str, Maker] = {
    "number": _number_of_any_width,
    "ticks": _ticks,
    "str": text_of,
    "hwaddr": _hardware,
    "address": address_of,
    "interface": _interface,
    "be16": _network16,
    "be64": _network64,
    "enum": _enum,
    "named": _named,
    "flags": _flags,
    "array": _array,
    "indexed": _indexed,
    "nest": _nest,
    "of": _of,
}
