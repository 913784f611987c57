"""Messages: msghdr and its control data, vectors of them."""

from __future__ import annotations

import struct

from seize.decode import shapes
from seize.decode.kinds.address import Addresses, address_at
from seize.decode.kinds.base import Kind
from seize.decode.kinds.control import Controls
from seize.decode.kinds.iovec import vectors
from seize.decode.kinds.netlink import Buffers
from seize.decode.kinds.sets import flag_set
from seize.decode.memory import read_exactly
from seize.decode.values import (
    Address,
    Array,
    Changed,
    Int,
    Labelled,
    Struct,
    Value,
    Word,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec

_MESSAGES_MOST = 1024
"""The kernel's UIO_MAXIOV: it takes no more of a vector."""


class Messages:
    """Makes values of message headers of one ABI."""

    def __init__(self, scope: Scope) -> None:
        self.word = scope.word
        self.layout = struct.Struct("<Qi4xQQQQI4x" if scope.word == 8 else "<IiIIIII")
        self.addresses = Addresses(scope)
        self.netlink = Buffers(scope)
        self.flags = flag_set(scope.set("msg_flags"), "msg_flags", 32)
        self.controls = Controls(scope)

    def at(self, call: Call, raw: int) -> tuple[int, ...] | None:
        """The fields of the header at an address."""
        data = read_exactly(call.memory, raw, self.layout.size) if raw else None
        return None if data is None else self.layout.unpack(data)

    def value(
        self,
        call: Call,
        fields: tuple[int, ...],
        filled: int | None,
        name_length: int | None,
        share: int = 1,
    ) -> Struct:
        """The header: ``filled`` bytes have come; ``name_length`` was given at the entry.

        The message is one of ``share`` that are shown.
        """
        name, length, iov, count, control, control_length, flags = fields
        shown: Value = Int(length)
        size = length
        if name_length is not None:
            size = min(length, name_length)
            if name and name_length != length:
                shown = Changed(Int(name_length), Int(length))
        read = self.netlink.reader(call, share)
        pairs: list[tuple[str, Value]] = [
            ("msg_name", address_at(self.addresses, call, name, size)),
            ("msg_namelen", shown),
            (
                "msg_iov",
                vectors(call, self.word, iov, _count(count), filled, share=share, read=read),
            ),
            ("msg_iovlen", Int(count)),
        ]
        if control_length:
            pairs.append(("msg_control", self.controls.at(call, control, control_length, share)))
        pairs += [("msg_controllen", Int(control_length)), ("msg_flags", self.flags(flags))]
        return Struct(tuple([name for name, _ in pairs]), tuple([value for _, value in pairs]))


def _count(count: int) -> int:
    return count if count < 1 << 32 else -1


def _msghdr(scope: Scope, spec: Spec) -> Kind:
    """A message to send."""
    messages = Messages(scope)

    def decode(call: Call, raw: int) -> Value:
        fields = messages.at(call, raw)
        return Address(raw) if fields is None else messages.value(call, fields, None, None)

    return Kind(decode=decode)


def _msghdr_out(scope: Scope, spec: Spec) -> Kind:
    """A message that was received: only the room for the name is known at the entry."""
    messages = Messages(scope)

    def decode(call: Call, raw: int) -> Value:
        fields = messages.at(call, raw)
        if fields is None:
            return Address(raw)
        return Struct(("msg_namelen",), (Int(fields[1]),))

    def later(call: Call, raw: int, before: Value) -> Value:
        fields = messages.at(call, raw)
        if fields is None or not isinstance(before, Struct):
            return Address(raw)
        before_length = before.values[0]
        assert isinstance(before_length, Int)
        return messages.value(call, fields, call.rval or 0, int(before_length))

    return Kind(decode=decode, later=later, failed=lambda call, raw, before: before)


class _Vector:
    """A vector of messages with their lengths (mmsghdr)."""

    def __init__(self, scope: Scope, spec: Spec) -> None:
        self.messages = Messages(scope)
        self.size = self.messages.layout.size + scope.word
        self.count = scope.number(spec.index)

    def entries(self, call: Call, raw: int, count: int) -> list[tuple[tuple[int, ...], int]]:
        """The fields of each header, and the length beside it."""
        most = min(count, call.decoder.array_limit, _MESSAGES_MOST)
        data = call.memory.read_prefix(raw, most * self.size) if raw and most > 0 else b""
        found = []
        for start in range(0, len(data) - self.size + 1, self.size):
            fields = self.messages.layout.unpack_from(data, start)
            at = start + self.messages.layout.size
            found.append((fields, int.from_bytes(data[at : at + 4], "little")))
        return found

    def value(
        self, call: Call, raw: int, count: int, done: int, names: tuple[int, ...] | None
    ) -> Value:
        """``count`` messages, of which ``done`` have been sent or received."""
        entries = self.entries(call, raw, count)
        if not entries:
            return Array(()) if raw and not count else Address(raw)
        items: list[Value] = []
        for index, (fields, length) in enumerate(entries):
            given = names[index] if names and index < len(names) else None
            filled = length if names is not None else None
            header = self.messages.value(call, fields, filled, given, len(entries))
            if index < done:
                items.append(Struct(("msg_hdr", "msg_len"), (header, Int(length))))
            else:
                items.append(Struct(("msg_hdr",), (header,)))
        wanted = min(count, call.decoder.array_limit, _MESSAGES_MOST)
        if len(items) < wanted:
            return Array(tuple(items), False, raw + len(items) * self.size)
        return Array(tuple(items), count > len(items))


def _mmsghdr(scope: Scope, spec: Spec) -> Kind:
    """Messages to send; afterwards, how much was sent of each."""
    vector = _Vector(scope, spec)

    def decode(call: Call, raw: int) -> Value:
        count = vector.count(call) & 0xFFFFFFFF
        return vector.value(call, raw, count, 0, None)

    def later(call: Call, raw: int, before: Value) -> Value:
        count = vector.count(call) & 0xFFFFFFFF
        return vector.value(call, raw, count, call.rval or 0, None)

    return Kind(decode=decode, later=later)


def _mmsghdr_out(scope: Scope, spec: Spec) -> Kind:
    """Messages that were received."""
    vector = _Vector(scope, spec)

    def decode(call: Call, raw: int) -> Value:
        count = vector.count(call) & 0xFFFFFFFF
        call.saved = tuple([fields[1] for fields, _ in vector.entries(call, raw, count)])
        return Address(raw)

    def later(call: Call, raw: int, before: Value) -> Value:
        names = call.saved if isinstance(call.saved, tuple) else ()
        return vector.value(call, raw, call.rval or 0, call.rval or 0, names)

    return Kind(decode=decode, later=later)


def _recvmmsg_result(scope: Scope, spec: Spec) -> Kind:
    """The number of messages; the time that is left."""
    shape = shapes.shape(scope, spec.params[0] if spec.params else "timespec")

    def decode(call: Call, raw: int) -> Value:
        left = shape.at(call, call.raw[4])
        if not isinstance(left, Address):
            call.note = Labelled("left", left) if raw else Word("Timeout")
        return Int(raw)

    return Kind(decode=decode)


KINDS: dict[str, Factory] = {
    "msghdr": _msghdr,
    "msghdr_out": _msghdr_out,
    "mmsghdr": _mmsghdr,
    "mmsghdr_out": _mmsghdr_out,
    "recvmmsg_result": _recvmmsg_result,
}
