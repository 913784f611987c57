"""Netlink attributes (``signatures/netlink.attrs``): type, length and value, often nested."""

from __future__ import annotations

import os
import struct

from seize.decode import shapes
from seize.decode.kinds.address import inet_addr, inet_pton
from seize.decode.kinds.base import UnknownKind
from seize.decode.kinds.families import interface
from seize.decode.kinds.named import Names, Pair, hardware, struct_of_pairs
from seize.decode.signature import FOLDER
from seize.decode.values import (
    Array,
    Flags,
    Hex,
    HexBytes,
    Indexed,
    Int,
    Macro,
    Noted,
    Several,
    Text,
    Value,
    Word,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode.call import Call
    from seize.decode.kinds.base import Scope

    Decode = Callable[["Context", bytes], Value | None]

HEAD = 4
NESTED, NET_BYTEORDER = 0x8000, 0x4000
WIDTHS = {"u8": 1, "u16": 2, "u32": 4, "u64": 8, "hex16": 2, "hex32": 4, "hex64": 8}
DEEPEST = 16
"""No attributes are nested deeper: hostile ones would otherwise be."""

# How long a hardware address of a link type is; the others' length is that of the attribute.
ADDRESS_LENGTHS = {0: 7, 1: 6, 3: 7, 4: 6, 6: 6, 24: 8, 27: 8, 32: 20, 769: 4, 772: 6}


class Context:
    """What the attributes of a message depend on: its family, the type and kind of the link."""

    __slots__ = ("call", "depth", "family", "hardware", "link_kind")

    def __init__(self, call: Call, family: int = 0, link_type: int = -1) -> None:
        self.call = call
        self.family = family
        self.hardware = link_type
        self.link_kind = b""
        self.depth = 0


class Section:
    """The attributes of one section: their names and the functions that decode them."""

    __slots__ = ("kinds", "other", "set")

    def __init__(self, set_name: str) -> None:
        self.set = set_name
        self.kinds: dict[int, Decode] = {}
        self.other: Decode | None = None


_texts: dict[str, tuple[str, dict[str, str]]] = {}


def sections() -> dict[str, tuple[str, dict[str, str]]]:
    """The file's sections: the set that names the attributes, and the kind of each."""
    if not _texts:
        kinds: dict[str, str] = {}
        with open(os.path.join(FOLDER, "netlink.attrs"), encoding="utf-8") as stream:
            for line in stream:
                if line.startswith("["):
                    name, _, set_name = line[1:].partition("]")
                    kinds = {}
                    _texts[name] = set_name.strip(), kinds
                elif line.strip() and line[0] not in "# ":
                    words, _, kind = line.partition(": ")
                    kinds.update(dict.fromkeys(words.split(), kind.strip()))
    return _texts


class Attributes:
    """Decodes attributes, as one architecture has them."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.names = Names(scope)
        self._sections: dict[str, Section] = {}

    # ---------------------------------------------------------------- sections

    def section(self, name: str) -> Section:
        """The section of that name; raises ``UnknownKind``."""
        made = self._sections.get(name)
        if made is None:
            found = sections().get(name)
            if found is None:
                raise UnknownKind(f"netlink.attrs: no section {name!r}")
            made = self._sections[name] = Section(found[0])
            numbers = (
                {word: number for number, word in self.scope.set(found[0])} if found[0] else {}
            )
            for word, kind in found[1].items():
                if word == "*":
                    made.other = self.kind(kind)
                elif word in numbers:
                    made.kinds[numbers[word]] = self.kind(kind)
                elif found[0]:
                    raise UnknownKind(f"netlink.attrs [{name}]: no attribute {word!r}")
        return made

    def kind(self, text: str) -> Decode:
        """The function that decodes an attribute of a kind, as the file writes it."""
        word, *rest = text.split()
        if word in WIDTHS:
            return _fixed(WIDTHS[word], Hex if word[0] == "h" else Int)
        if word.startswith("@"):
            return SPECIAL[word[1:]](self, rest)
        maker = MAKERS.get(word)
        return maker(self, rest) if maker is not None else self._struct(word, rest)

    def _struct(self, name: str, rest: list[str]) -> Decode:
        """A struct, and attributes behind it if there may be any."""
        shape = shapes.shape(self.scope, name)
        size = shape.size

        def decode(context: Context, data: bytes) -> Value | None:
            if len(data) < size:
                return None
            value = shape.value(context.call, data[:size])
            behind = data[(size + 3) // 4 * 4 :]
            if not rest or not behind:
                return value
            return Several((value, self.value(rest[0], context, behind)))

        return decode

    # ---------------------------------------------------------------- values

    def value(self, name: str, context: Context, data: bytes) -> Value:
        """The attributes in ``data``: one by itself, several as an array."""
        items, more = self.items(name, context, data)
        return items[0] if len(items) == 1 and not more else Array(tuple(items), more)

    def items(self, name: str, context: Context, data: bytes) -> tuple[list[Value], bool]:
        """Each attribute in ``data``, and whether there are more than are looked at."""
        if len(data) < HEAD or context.depth >= DEEPEST:
            return [HexBytes(data[: context.call.decoder.string_limit], len(data))], False
        section = self.section(name)
        context.depth += 1
        found: list[Value] = []
        most = context.call.decoder.array_limit
        offset = 0
        while len(data) - offset >= HEAD and len(found) < most:
            length, kind = struct.unpack_from("<HH", data, offset)
            found.append(self._item(section, context, length, kind, data[offset:]))
            if length < HEAD:
                offset = len(data)
            else:
                offset += (length + 3) // 4 * 4
        context.depth -= 1
        left = len(data) - offset
        if 0 < left < HEAD:
            rest = data[offset:]
            found.append(HexBytes(rest[: context.call.decoder.string_limit], len(rest)))
        return found, left >= HEAD

    def _item(
        self, section: Section, context: Context, length: int, kind: int, data: bytes
    ) -> Value:
        """``[{nla_len=8, nla_type=IFLA_MTU}, 1500]``; the header alone if there is no more."""
        head = struct_of_pairs([("nla_len", Int(length)), ("nla_type", self._type(section, kind))])
        payload = data[HEAD : max(length, HEAD)]
        if not payload:
            return head
        decode = section.kinds.get(kind & 0x3FFF, section.other)
        value = decode(context, payload) if decode is not None else None
        if value is None:
            value = HexBytes(payload[: context.call.decoder.string_limit], len(payload))
        return Array((head, value))

    def _type(self, section: Section, kind: int) -> Value:
        """An attribute's type, and the flags in its upper bits."""
        bare = kind & 0x3FFF
        if kind == bare:
            return self.names.enum(section.set, bare, 16) if section.set else Hex(bare)
        shown = Flags(kind)
        known = self.names.find(section.set, bare) if section.set else None
        names = [word for bit, word in self.scope.set("nla_flags") if kind & bit]
        shown.names = tuple(names) if known is None else (*names, known)
        shown.rest = bare if known is None else 0
        shown.set = "nla_flags"
        if known is None and section.set:
            return Noted(shown, self.names.unknown(section.set))
        return shown


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _fixed(width: int, make: type[Int]) -> Decode:
    def decode(context: Context, data: bytes) -> Value | None:
        return make(_number(data[:width])) if len(data) >= width else None

    return decode


def _any(convert: Callable[[int, int], Value], width: int = 0, most: int = 1 << 16) -> Decode:
    """A number of a width, or (0) of the attribute's own length, of at most 8 bytes."""

    def decode(context: Context, data: bytes) -> Value | None:
        size = width or len(data)
        if size > 8 or not size <= len(data) <= most:
            return None
        return convert(_number(data[:size]), size * 8)

    return decode


def _enum(own: Attributes, rest: list[str]) -> Decode:
    width = WIDTHS[rest[1]] if len(rest) > 1 else 0
    return _any(lambda number, bits: own.names.enum(rest[0], number, bits), width)


def _flags(own: Attributes, rest: list[str]) -> Decode:
    most = 8 if "short" in rest else 1 << 16
    return _any(lambda number, bits: own.names.flags(rest[0], number, bits), WIDTHS[rest[1]], most)


def _number_of_any_width(own: Attributes, rest: list[str]) -> Decode:
    return _any(lambda number, bits: Int(number))


def _ticks(own: Attributes, rest: list[str]) -> Decode:
    """A time in hundredths of a second (USER_HZ)."""
    return _any(
        lambda number, bits: Noted(Int(number), f"{number // 100}.{number % 100:02} s")
        if number
        else Int(0)
    )


def _text(own: Attributes, rest: list[str]) -> Decode:
    def decode(context: Context, data: bytes) -> Value:
        limit = context.call.decoder.string_limit
        text, end, _ = data.partition(b"\0")
        return Text(text[:limit], bool(end) and len(text) <= limit)

    return decode


def _hardware(own: Attributes, rest: list[str]) -> Decode:
    def decode(context: Context, data: bytes) -> Value | None:
        if len(data) > 32:
            return None
        return hardware(data[: ADDRESS_LENGTHS.get(context.hardware, 32)])

    return decode


def _inet6(own: Attributes, rest: list[str]) -> Decode:
    return lambda context, data: inet6_address(data) if len(data) >= 16 else None


def inet6_address(data: bytes) -> Value:
    """An IPv6 address that is no field of a struct."""
    return inet_pton(data[:16], "")


def _address(own: Attributes, rest: list[str]) -> Decode:
    """An address of the message's family."""

    def decode(context: Context, data: bytes) -> Value | None:
        if context.family == 2 and len(data) >= 4:
            return inet_addr(data[:4])
        return inet6_address(data) if context.family == 10 and len(data) >= 16 else None

    return decode


def _interface(own: Attributes, rest: list[str]) -> Decode:
    return _any(lambda number, bits: interface(number), 4)


def _network16(own: Attributes, rest: list[str]) -> Decode:
    return _any(lambda number, bits: Macro("htons", Int(number >> 8 | (number & 255) << 8)), 2)


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
        label = Word(f"{name}{suffix}") if name else Hex(index)
        return Indexed(label, Int(_number(part)))

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


MAKERS: dict[str, Callable[[Attributes, list[str]], Decode]] = {
    "number": _number_of_any_width,
    "ticks": _ticks,
    "str": _text,
    "hwaddr": _hardware,
    "address": _address,
    "interface": _interface,
    "be16": _network16,
    "be64": _network64,
    "enum": _enum,
    "flags": _flags,
    "array": _array,
    "indexed": _indexed,
    "nest": _nest,
    "of": _of,
}


# ---------------------------------------------------------------- what a line can't say


def _link_kind(own: Attributes, rest: list[str]) -> Decode:
    """The kind of a link: what follows depends on it."""
    text = _text(own, rest)

    def decode(context: Context, data: bytes) -> Value | None:
        context.link_kind = data.partition(b"\0")[0]
        return text(context, data)

    return decode


def _link_data(own: Attributes, rest: list[str]) -> Decode:
    """``@link_data SECTION``: the section says which attributes a kind of link has."""

    def decode(context: Context, data: bytes) -> Value | None:
        kinds = sections()[rest[0]][1]
        name = kinds.get(context.link_kind.decode("latin-1"))
        return own.value(name, context, data) if name and len(data) >= HEAD else None

    return decode


def _multipath(own: Attributes, rest: list[str]) -> Decode:
    """A row of next hops, each with attributes of its own."""
    shape = shapes.shape(own.scope, "rtnexthop")

    def decode(context: Context, data: bytes) -> Value | None:
        if len(data) < shape.size:
            return None
        hops: list[Value] = []
        most = context.call.decoder.array_limit
        while len(data) >= shape.size and len(hops) < most:
            length = int.from_bytes(data[:2], "little")
            hop = shape.value(context.call, data[: shape.size])
            behind = data[shape.size : max(length, shape.size)]
            hops.append(Array((hop, own.value(rest[0], context, behind))) if behind else hop)
            if length < shape.size:
                break
            data = data[(length + 3) // 4 * 4 :]
        return hops[0] if len(hops) == 1 else Array(tuple(hops))

    return decode


def _via(own: Attributes, rest: list[str]) -> Decode:
    """A family and an address of it."""

    def decode(context: Context, data: bytes) -> Value | None:
        if len(data) < 2:
            return None
        family = _number(data[:2])
        pairs: list[Pair] = [("rtvia_family", own.names.enum("socket_domain", family, 16))]
        if len(data) > 2:
            inner = Context(context.call, family)
            address = _address(own, [])(inner, data[2:])
            pairs.append(("rtvia_addr", address or HexBytes(data[2:34], len(data) - 2)))
        return struct_of_pairs(pairs)

    return decode


def _router_port(own: Attributes, rest: list[str]) -> Decode:
    """The index of a port, and attributes behind it."""

    def decode(context: Context, data: bytes) -> Value | None:
        if len(data) < 4:
            return None
        port = interface(_number(data[:4]))
        return Several((port, own.value(rest[0], context, data[4:]))) if data[4:] else port

    return decode


def _ethernet(own: Attributes, rest: list[str]) -> Decode:
    def convert(number: int, bits: int) -> Value:
        swapped = number >> 8 | (number & 255) << 8
        return Macro("htons", own.names.enum("packet_protocols", swapped, 16))

    return _any(convert, 2)


def _shutdown(own: Attributes, rest: list[str]) -> Decode:
    def convert(number: int, bits: int) -> Value:
        return own.names.noted_flags("sock_shutdown", number, "???_SHUTDOWN")

    return _any(convert, 1)


def _bytecode(own: Attributes, rest: list[str]) -> Decode:
    """The first operation of a filter, and the bytes of the others."""
    shape = shapes.shape(own.scope, "inet_diag_bc_op")

    def decode(context: Context, data: bytes) -> Value | None:
        if len(data) < 4:
            return None
        first = shape.value(context.call, data[:4])
        behind = data[4:]
        if not behind:
            return first
        limit = context.call.decoder.string_limit
        return Several((first, HexBytes(behind[:limit], len(behind))))

    return decode


SPECIAL: dict[str, Callable[[Attributes, list[str]], Decode]] = {
    "link_kind": _link_kind,
    "link_data": _link_data,
    "multipath": _multipath,
    "via": _via,
    "router_port": _router_port,
    "ethernet": _ethernet,
    "shutdown": _shutdown,
    "bytecode": _bytecode,
    "inet6": _inet6,
}
