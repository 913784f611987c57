"""Control messages of sendmsg(2) and recvmsg(2): cmsg(3)."""

from __future__ import annotations

import struct

from seize.decode import shapes
from seize.decode.kinds.address import Addresses
from seize.decode.kinds.attributes import Attributes, Context
from seize.decode.kinds.basic import descriptor_of
from seize.decode.kinds.named import Pair, hex_bytes, struct_of_pairs
from seize.decode.memory import read_exactly
from seize.decode.values import (
    Address,
    Array,
    Hex,
    Int,
    Pointer,
    Value,
    WholeBytes,
    Word,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds.attributes import Decode, Maker
    from seize.decode.kinds.base import Scope

MOST = 1 << 16
REMARKED = (0, 1)
"""The levels (IP, sockets) in which an unknown type is remarked on."""

COUNT_MOST = 1024
ALL_MOST = 1 << 20
"""What is read of one message's control data, and of a vector of messages, all in all."""


class Controls(Attributes):
    """Decodes the control messages of one ABI."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, "control.messages", SPECIAL)
        self.addresses = Addresses(scope)
        self.word = scope.word
        self.head = struct.Struct("<Qii" if scope.word == 8 else "<Iii")
        self.levels = dict(scope.set("cmsg_level"))

    def at(self, call: Call, raw: int, length: int, share: int = 1) -> Value:
        """The control messages in ``length`` bytes at an address, one of ``share`` such rows."""
        size = min(length, MOST, ALL_MOST // share)
        data = read_exactly(call.memory, raw, size) if raw and size >= self.head.size else None
        if data is None:
            return Address(raw)
        items: list[Value] = []
        offset, head = 0, self.head.size
        while offset + head <= len(data) and len(items) < COUNT_MOST:
            own, level, kind = self.head.unpack_from(data, offset)
            end = offset + max(own, head)
            payload = data[offset + head : end]
            items.append(self._message(call, own, level, kind, payload))
            offset = (end + self.word - 1) // self.word * self.word
            if own < head:
                # Nobody can tell where the next one would be.
                break
        return Array(tuple(items), False, raw + offset if offset < size else None)

    def _message(self, call: Call, own: int, level: int, kind: int, data: bytes) -> Value:
        level &= 0xFFFFFFFF
        name = self.levels.get(level, "")
        known = name in self.sections()
        pairs: list[Pair] = [
            ("cmsg_len", Int(own)),
            ("cmsg_level", self.names.enum("cmsg_level", level)),
        ]
        if not known:
            pairs.append(("cmsg_type", Hex(kind & 0xFFFFFFFF)))
            return struct_of_pairs(pairs)
        section = self.section(name)
        named = level in REMARKED or self.names.find(section.set, kind & 0xFFFFFFFF) is not None
        shown = self.names.enum(section.set, kind & 0xFFFFFFFF)
        pairs.append(("cmsg_type", shown if named else Hex(kind & 0xFFFFFFFF)))
        decode = section.kinds.get(kind)
        value = decode(Context(call), data) if decode is not None and data else None
        if value is not None:
            pairs.append(("cmsg_data", value))
        return struct_of_pairs(pairs)


def _descriptors(own: Attributes, rest: list[str]) -> Decode:
    """Descriptors: those of the sender, or of the receiver."""
    descriptor = descriptor_of(own.scope)

    def decode(context: Context, data: bytes) -> Value | None:
        call = context.call
        count = len(data) // 4
        if not count:
            return None
        numbers = struct.unpack_from(f"<{min(count, call.decoder.array_limit)}i", data)
        found = [descriptor(call, number) for number in numbers]
        return Array(tuple(found), count > len(found))

    return decode


def _text(own: Attributes, rest: list[str]) -> Decode:
    """A text, whole."""
    return lambda context, data: WholeBytes(data, len(data))


def _octets(own: Attributes, rest: list[str]) -> Decode:
    """Bytes, each as a number."""

    def decode(context: Context, data: bytes) -> Value:
        shown = hex_bytes(data[: context.call.decoder.array_limit])
        shown.more = len(shown) < len(data)
        return shown

    return decode


def _time(own: Attributes, rest: list[str]) -> Decode:
    """A time; too short a one can't be told."""
    shape = shapes.shape(own.scope, rest[0])
    return lambda context, data: (
        shape.value(context.call, data[: shape.size]) if len(data) >= shape.size else Word("???")
    )


def _times(own: Attributes, rest: list[str]) -> Decode:
    """The three times of a packet: by software, deprecated, by hardware."""
    shape = shapes.shape(own.scope, rest[0])

    def decode(context: Context, data: bytes) -> Value:
        size = shape.size
        if len(data) < 3 * size:
            return Word("???")
        parts = [data[i * size : (i + 1) * size] for i in range(3)]
        return Array(tuple([shape.value(context.call, part) for part in parts]))

    return decode


def _one(own: Attributes, rest: list[str]) -> Decode:
    """A number."""
    inner = own.kind(" ".join(rest))

    def decode(context: Context, data: bytes) -> Value | None:
        value = inner(context, data)
        return None if value is None else Pointer(value)

    return decode


def _error(own: Attributes, rest: list[str]) -> Decode:
    """An error, and the address of who reported it."""
    shape = shapes.shape(own.scope, "sock_extended_err")
    most = int(rest[0])

    def decode(context: Context, data: bytes) -> Value | None:
        assert isinstance(own, Controls)
        behind = data[shape.size : shape.size + most]
        if len(behind) < 16:
            return None
        offender = own.addresses.value(behind)
        return struct_of_pairs([*shape.unpack(data, True), ("offender", offender)])

    return decode


def _address(own: Attributes, rest: list[str]) -> Decode:
    """A socket address."""

    def decode(context: Context, data: bytes) -> Value | None:
        assert isinstance(own, Controls)
        return own.addresses.value(data) if len(data) >= 16 else None

    return decode


SPECIAL: dict[str, Maker] = {
    "fds": _descriptors,
    "text": _text,
    "octets": _octets,
    "time": _time,
    "times": _times,
    "one": _one,
    "error": _error,
    "address": _address,
}
