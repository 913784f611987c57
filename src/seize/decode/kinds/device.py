"""Small forms that structs of devices use: numbers of bits, fractions, codes of four letters."""

from __future__ import annotations

import struct

from seize.decode.kinds.base import Kind, Memo, UnknownKind
from seize.decode.kinds.memory import element
from seize.decode.kinds.sets import enumeration, flag_names
from seize.decode.memory import read_exactly, read_string
from seize.decode.signature import Spec, parse_kind
from seize.decode.values import (
    Address,
    Array,
    Bytes,
    Enum,
    Flags,
    Hex,
    Indexed,
    Int,
    Macro,
    Noted,
    Struct,
    Text,
    Value,
    Word,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope


def _whole(scope: Scope, spec: Spec) -> Kind:
    """``whole[COUNT] KIND``: a pointer to COUNT numbers, of which none may be missing."""
    target = parse_kind(list(spec.params), "ioctls.sig", " ".join(spec.params))
    size, value = element(scope, Spec("array", spec.index, target=target))
    count = int(spec.index)

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, count * size) if raw else None
        if data is None:
            return Address(raw)
        parts = [data[i * size : (i + 1) * size] for i in range(count)]
        return Array(tuple([value(call, part) for part in parts]))

    return Kind(decode=decode)


def _bit_numbers(scope: Scope, spec: Spec) -> Kind:
    """``bit_numbers SET [spaced]``: flags that are ``1<<NAME``, for SET has numbers of bits."""
    if not spec.params:
        raise UnknownKind("bit_numbers needs SET")
    shift = " << " if spec.params[1:] == ("spaced",) else "<<"
    table = tuple([(1 << bit, f"1{shift}{word}") for bit, word in scope.set(spec.params[0])])

    def make(raw: int) -> Value:
        flags = Flags(raw)
        names, flags.rest = flag_names(table, raw)
        flags.names, flags.set = tuple(names), spec.params[0]
        return flags

    return Kind(Memo(make).__getitem__)


def _flags_at(scope: Scope, spec: Spec) -> Kind:
    """``flags_at SET``: a pointer to 64 bits of flags, shown without brackets."""
    from seize.decode.kinds.sets import flag_set

    name = spec.params[0]
    convert = flag_set(scope.set(name), name, 64)

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, 8) if raw else None
        return Address(raw) if data is None else convert(int.from_bytes(data, "little"))

    return Kind(decode=decode)


def _parts_of_flags(width: int, *parts: tuple[str, int]) -> Factory:
    """Flags of the first set; numbers of the others under their masks."""

    def factory(scope: Scope, spec: Spec) -> Kind:
        table = scope.set(parts[0][0])
        numbers = [(dict(scope.set(name)), mask) for name, mask in parts[1:]]
        masks = sum([mask for _, mask in numbers])

        def make(raw: int) -> Value:
            raw &= width
            flags = Flags(raw)
            names, rest = flag_names(table, raw & ~masks)
            if rest:
                names.append(f"{rest:#x}")
            for known, mask in numbers:
                value = raw & mask
                names.append(known.get(value) or f"{value:#x} /* {parts[1][0]} */")
            flags.names = tuple(names)
            return flags

        return Kind(Memo(make).__getitem__)

    return factory


def letter(code: int) -> str:
    """A character constant: ``'a'``, ``'\\x07'``."""
    char = chr(code)
    return (
        f"'{char}'"
        if char.isascii() and char.isprintable() and char not in "'\\"
        else (f"'\\{char}'" if char in "'\\" else f"'\\x{code:02x}'")
    )


def _letter(scope: Scope, spec: Spec) -> Kind:
    return Kind(lambda raw: Word(letter(raw & 0xFF)))


def _fourcc(scope: Scope, spec: Spec) -> Kind:
    """A code of four letters, as in a format of pixels."""

    names = dict(scope.set("v4l2_pixel_format"))

    def make(raw: int) -> Value:
        letters = [Word(letter(raw >> shift & 0xFF)) for shift in (0, 8, 16, 24)]
        code = Macro("v4l2_fourcc", *letters)
        name = names.get(raw)
        return Noted(code, name) if name else code

    return Kind(make)


def _vbi_lines(scope: Scope, spec: Spec) -> Kind:
    """The lines of the two fields of a frame."""

    def inline(data: bytes) -> Value:
        numbers = [Hex(number) for (number,) in struct.iter_unpack("<H", data)]
        half = len(numbers) // 2
        return Array((Array(tuple(numbers[:half])), Array(tuple(numbers[half:]))))

    return Kind(inline=inline)


def _errno(scope: Scope, spec: Spec) -> Kind:
    """A negative error number."""
    from seize.abi.names import errno_name

    def make(raw: int) -> Value:
        value = Enum(raw)
        name = errno_name(-raw) if raw < 0 else ""
        value.name = str(int(raw)) if not name or name.startswith("ERRNO_") else f"-{name}"
        return value

    return Kind(make)


def _fraction(scope: Scope, spec: Spec) -> Kind:
    """Two numbers of 32 bits, as a fraction."""

    def inline(data: bytes) -> Value:
        above, below = struct.unpack_from("<II", data)
        return Word(f"{above}/{below}")

    return Kind(inline=inline)


def _number_or(scope: Scope, spec: Spec) -> Kind:
    """``number_or SET``: a number of 64 bits, some of which have names."""
    name = spec.params[0]
    names = dict(scope.set(name))
    convert = enumeration(scope.set(name), name, 64)
    mask = (1 << 64) - 1
    known = {value & mask for value in names}
    return Kind(lambda raw: convert(raw) if raw in known else Int(raw))


def _nameless(scope: Scope, spec: Spec) -> Kind:
    """``nameless SET``: flags of which none is known yet."""

    def make(raw: int) -> Value:
        flags = Flags(raw)
        flags.set = spec.params[0]
        return flags

    return Kind(make)


def _supported(scope: Scope, spec: Spec) -> Kind:
    """The features of a btrfs: those that there are, and those that may be set and cleared."""
    from seize.decode.shapes import shape

    made = shape(scope, "btrfs_ioctl_feature_flags")

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, 3 * made.size) if raw else None
        if data is None:
            return Address(raw)
        notes = ("supported", "safe to set", "safe to clear")
        parts = [data[i * made.size : (i + 1) * made.size] for i in range(3)]
        pairs = zip(parts, notes, strict=True)
        return Array(tuple([Noted(made.value(call, part), note) for part, note in pairs]))

    return Kind(decode=decode)


def _uuid(scope: Scope, spec: Spec) -> Kind:
    """16 bytes in the usual groups."""

    def inline(data: bytes) -> Value:
        text = data[:16].hex()
        groups = (text[:8], text[8:12], text[12:16], text[16:20], text[20:])
        return Word("-".join(groups))

    return Kind(inline=inline)


def _hex_pairs(scope: Scope, spec: Spec) -> Kind:
    """An array of pairs of numbers in hex."""

    def inline(data: bytes) -> Value:
        numbers = [Hex(number) for (number,) in struct.iter_unpack("<I", data)]
        pairs = zip(numbers[::2], numbers[1::2], strict=True)
        return Array(tuple([Array(pair) for pair in pairs]))

    return Kind(inline=inline)


def _octet_list(scope: Scope, spec: Spec) -> Kind:
    """An array of bytes, each a number in hex."""
    return Kind(inline=lambda data: Array(tuple([Hex(code) for code in data])))


def _indexed(scope: Scope, spec: Spec) -> Kind:
    """``indexed[COUNT] SET``: numbers of 64 bits, each with the name of its place."""
    name = enumeration(scope.set(spec.params[0]), spec.params[0])
    length = scope.number(spec.index)
    most = len(scope.set(spec.params[0]))

    def decode(call: Call, raw: int) -> Value:
        count = min(length(call), most)
        data = read_exactly(call.memory, raw, 8 * count) if raw else None
        if data is None:
            return Address(raw)
        numbers = [number for (number,) in struct.iter_unpack("<Q", data)]
        return Array(tuple([Indexed(name(i), Int(number)) for i, number in enumerate(numbers)]))

    return Kind(decode=decode)


def _create_buffers(scope: Scope, spec: Spec) -> Kind:
    """What buffers are asked for; which ones came is a remark on the result."""
    from seize.decode.shapes import shape

    made = shape(scope, "v4l2_create_buffers")
    came = shape(scope, "v4l2_created_buffers")

    def later(call: Call, raw: int, before: Value) -> Value:
        if not isinstance(before, Address):
            call.note = came.at(call, raw)
        return before

    return Kind(decode=made.at, later=later)


def _line_number(scope: Scope, spec: Spec) -> Kind:
    """A pointer to the number of a line, shown as the struct that it once was."""

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, 4) if raw else None
        if data is None:
            return Address(raw)
        return Struct(("offset",), (Int(int.from_bytes(data, "little")),))

    return Kind(decode=decode)


def _query_id(scope: Scope, spec: Spec) -> Kind:
    """A control's number; flags in it ask for the next control instead."""
    from seize.decode.kinds.sets import flag_set

    control = enumeration(scope.set("v4l2_control_id"), "v4l2_control_id")
    flags = flag_set(scope.set("v4l2_control_id_flags"), "v4l2_control_id_flags", 32)
    mask = sum([value for value, _ in scope.set("v4l2_control_id_flags")])

    def make(raw: int) -> Value:
        if not raw & mask:
            return control(raw)
        asked = flags(raw & mask)
        joined = Flags(raw)
        own = control(raw & ~mask)
        assert isinstance(asked, Flags)
        assert isinstance(own, Enum)
        name = own.name or f"{int(own) and hex(own)} /* V4L2_CID_??? */"
        joined.names = (*asked.names, name)
        return joined

    return Kind(Memo(make).__getitem__)


def _character(scope: Scope, spec: Spec) -> Kind:
    """A pointer to one character."""

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, 1) if raw else None
        return Address(raw) if data is None else Bytes(data, 1)

    return Kind(decode=decode)


def _interface_name(scope: Scope, spec: Spec) -> Kind:
    """A pointer to the name of an interface, in at most 16 bytes."""

    def decode(call: Call, raw: int) -> Value:
        found = read_string(call.memory, raw, 16) if raw else None
        return Address(raw) if found is None else Text(*found)

    return Kind(decode=decode)


KINDS: dict[str, Factory] = {
    "whole": _whole,
    "bit_numbers": _bit_numbers,
    "flags_at": _flags_at,
    "letter": _letter,
    "fourcc": _fourcc,
    "vbi_lines": _vbi_lines,
    "errno": _errno,
    "fraction": _fraction,
    "number_or": _number_or,
    "nameless": _nameless,
    "btrfs_supported": _supported,
    "uuid": _uuid,
    "hex_pairs": _hex_pairs,
    "octet_list": _octet_list,
    "indexed": _indexed,
    "v4l2_create": _create_buffers,
    "gpio_line_number": _line_number,
    "v4l2_query_id": _query_id,
    "character": _character,
    "interface_name": _interface_name,
    "v4l2_buffer_flags": _parts_of_flags(
        0xFFFFFFFF,
        ("v4l2_buf_flags", 0),
        ("v4l2_buf_timestamp", 0xE000),
        ("v4l2_buf_timestamp_source", 0x70000),
    ),
    "kbd_leds": _parts_of_flags(0xFF, ("kbd_led_bits", 0)),
}
