"""Netlink attributes (``signatures/netlink.attrs``): type, length and value, often nested."""

from __future__ import annotations

import os
import struct

from seize.decode import shapes
from seize.decode.kinds.base import UnknownKind
from seize.decode.kinds.named import Names, Pair, struct_of_pairs
from seize.decode.signature import FOLDER
from seize.decode.values import (
    Array,
    Flags,
    Hex,
    HexBytes,
    Int,
    Noted,
    Several,
    Value,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode.call import Call
    from seize.decode.kinds.base import Scope
    from seize.decode.shapes import Shape

    Decode = Callable[["Context", bytes], Value | None]
    Maker = Callable[["Attributes", list[str]], Decode]

HEAD = 4
NESTED, NET_BYTEORDER = 0x8000, 0x4000
WIDTHS = {"u8": 1, "u16": 2, "u32": 4, "s32": 4, "u64": 8, "hex16": 2, "hex32": 4, "hex64": 8}
DEEPEST = 16
"""No attributes are nested deeper: hostile ones would otherwise be."""


class Context:
    """What the attributes of a message depend on: its family, the type and kind of the link."""

    __slots__ = ("call", "depth", "family", "hardware", "link_kind")

    def __init__(self, call: Call, family: int = 0, link_type: int = -1) -> None:
        self.call = call
        self.family = family
        self.hardware = link_type
        self.link_kind = b""
        self.depth = 0


def part_of(shape: Shape, call: Call, data: bytes) -> Value:
    """The beginning of a struct: the fields in ``data``, and what there is of the next."""
    whole = data.ljust(shape.size, b"\0")
    pairs: list[Pair] = []
    for field in shape.all:
        if field.end <= len(data):
            pairs.append((field.name, field.get(None, whole)))
        else:
            if field.start < len(data):
                rest = data[field.start :]
                pairs.append((field.name, HexBytes(rest, len(rest))))
            break
    return struct_of_pairs(pairs)


class Section:
    """The attributes of one section: their names and the functions that decode them."""

    __slots__ = ("kinds", "other", "set")

    def __init__(self, set_name: str) -> None:
        self.set = set_name
        self.kinds: dict[int, Decode] = {}
        self.other: Decode | None = None


_texts: dict[str, dict[str, tuple[str, dict[str, str]]]] = {}


def read_sections(file: str) -> dict[str, tuple[str, dict[str, str]]]:
    """A file's sections: what stands behind the head, and the text of each name."""
    found = _texts.get(file)
    if found is None:
        found = _texts[file] = {}
        kinds: dict[str, str] = {}
        with open(os.path.join(FOLDER, file), encoding="utf-8") as stream:
            for line in stream:
                if line.startswith("["):
                    name, _, rest = line[1:].partition("]")
                    kinds = {}
                    found[name] = rest.strip(), kinds
                elif line.strip() and line[0] not in "# ":
                    words, _, kind = line.partition(": ")
                    kinds.update(dict.fromkeys(words.split(), kind.strip()))
    return found


class Attributes:
    """Decodes attributes by a file of sections, as one architecture has them.

    ``special`` are the kinds of the file that a line can't say.
    """

    def __init__(self, scope: Scope, file: str, special: dict[str, Maker]) -> None:
        self.scope = scope
        self.names = Names(scope)
        self.file = file
        self._special = special
        self._sections: dict[str, Section] = {}

    def sections(self) -> dict[str, tuple[str, dict[str, str]]]:
        """The sections of the file, as they are written."""
        return read_sections(self.file)

    # ---------------------------------------------------------------- sections

    def section(self, name: str) -> Section:
        """The section of that name; raises ``UnknownKind``."""
        made = self._sections.get(name)
        if made is None:
            found = self.sections().get(name)
            if found is None:
                raise UnknownKind(f"{self.file}: no section {name!r}")
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
                    raise UnknownKind(f"{self.file} [{name}]: no {word!r}")
        return made

    def kind(self, text: str) -> Decode:
        """The function that decodes an attribute of a kind, as the file writes it."""
        word, *rest = text.split()
        from seize.decode.kinds.attribute_kinds import MAKERS, fixed

        if word in WIDTHS:
            return fixed(WIDTHS[word], Hex if word[0] == "h" else Int, word[0] == "s")
        if word.startswith("@"):
            return self._special[word[1:]](self, rest)
        maker = MAKERS.get(word)
        return maker(self, rest) if maker is not None else self._struct(word, rest)

    def _struct(self, name: str, rest: list[str]) -> Decode:
        """A struct, and attributes behind it if there may be any."""
        shape = shapes.shape(self.scope, name)
        size = shape.size
        if rest and rest[0] == "from":
            least = int(rest[1])
            return lambda context, data: (
                part_of(shape, context.call, data[:size]) if len(data) >= least else None
            )

        def decode(context: Context, data: bytes) -> Value | None:
            if len(data) < shape.end:
                return None
            value = shape.value(context.call, data[:size].ljust(size, b"\0"))
            behind = data[(size + 3) // 4 * 4 :]
            if not rest or not behind:
                return value
            if rest[0] == "...":
                limit = context.call.decoder.string_limit
                return Several((value, HexBytes(behind[:limit], len(behind))))
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
            end = offset + max(length, HEAD)
            found.append(self._item(section, context, length, kind, data[offset:end]))
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
        payload = data[HEAD:]
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
