"""The device mapper: struct dm_ioctl, and what follows it in the same buffer."""

from __future__ import annotations

import struct

from seize.decode.kinds.base import Kind
from seize.decode.kinds.sets import flag_set
from seize.decode.memory import read_exactly, read_string
from seize.decode.values import (
    Address,
    Array,
    Changed,
    Device,
    Int,
    Noted,
    Struct,
    Text,
    Value,
    Word,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Pure, Scope
    from seize.decode.signature import Spec

    Pairs = list[tuple[str, Value]]

_HEAD = struct.Struct("<3I I I I i I I I Q 128s 129s")
_MAJOR = 4
_SMALLEST = 305
_NAME, _UUID = 128, 129
_SUSPEND = 2

# What a request looks at, by its number: d the device, e the number of an event, s only when a
# device is resumed, t the count of targets; > what the answer adds.
_PARTS = {
    0: "d>d",
    1: ">",
    2: ">",
    3: "d>dc",
    4: "de>d",
    5: "de>dc",
    6: "ds>dc",
    7: "d>dc",
    8: "de>dc",
    9: "dt>dc",
    10: "d>dc",
    11: "d>dc",
    12: "d>dc",
    13: ">",
    14: "d>dc",
    15: "d>d",
}
_WITH_START = {2, 5, 8, 9, 11, 12, 13, 14, 15}
_RENAME, _WAIT, _LOAD, _DEPS, _STATUS, _VERSIONS, _MESSAGE, _GEOMETRY = 5, 8, 9, 11, 12, 13, 14, 15
_LIST = 2
_ENTERS = {_RENAME, _LOAD, _MESSAGE, _GEOMETRY}
_LEAVES = {_LIST, _WAIT, _DEPS, _STATUS, _VERSIONS}


class _Header:
    def __init__(self, call: Call, address: int, data: bytes) -> None:
        fields = _HEAD.unpack_from(data)
        self.call, self.address = call, address
        self.version = fields[:3]
        self.size, self.start, self.targets, self.opened, self.flags, self.event = fields[3:9]
        self.device, self.name, self.uuid = fields[10:]


class _Request:
    def __init__(self, scope: Scope) -> None:
        self.flags: Pure = flag_set(scope.set("dm_flags"), "dm_flags", 32)

    def at(self, call: Call, address: int) -> Value:
        """The struct at the address, and what follows it, as one moment shows them."""
        data = call.memory.read_prefix(address, _HEAD.size) if address else b""
        if len(data) < _HEAD.size:
            return Address(address)
        head = _Header(call, address, data)
        version: Value = Array(tuple([Int(number) for number in head.version]))
        if head.version[0] != _MAJOR:
            version = Noted(version, "unsupported device mapper ABI version")
            return Array((Struct(("version",), (version,)),))
        if head.size < _SMALLEST:
            size: Value = Noted(Int(head.size), "data_size too small")
            return Array((Struct(("version", "data_size"), (version, size)),))
        number = call.raw[1] & 0xFF
        first = self._struct(head, number, version)
        rest = (
            self._payload(head, number) if number in (_LEAVES if call.finished else _ENTERS) else []
        )
        return Array((first, *rest))

    def _struct(self, head: _Header, number: int, version: Value) -> Struct:
        enters, _, leaves = _PARTS.get(number, "d>d").partition(">")
        parts = leaves if head.call.finished else enters
        pairs: Pairs = [("version", version), ("data_size", Int(head.size))]
        if number in _WITH_START:
            pairs.append(("data_start", Int(head.start)))
        if "d" in parts:
            pairs.append(("dev", Device(head.device)))
            for name, text in (("name", head.name), ("uuid", head.uuid)):
                if text[:1] != b"\0":
                    found, ended, _ = text.partition(b"\0")
                    pairs.append((name, Text(found, bool(ended))))
        if "t" in parts or "c" in parts:
            pairs.append(("target_count", Int(head.targets)))
        if "c" in parts:
            pairs.append(("open_count", Int(head.opened)))
        resumed = "s" in parts and not head.flags & _SUSPEND
        if "e" in parts or "c" in parts or resumed:
            pairs.append(("event_nr", Int(head.event)))
        pairs.append(("flags", self.flags(head.flags)))
        return Struct(tuple([name for name, _ in pairs]), tuple([value for _, value in pairs]))

    def _payload(self, head: _Header, number: int) -> list[Value]:
        """What follows the struct: a text, a message, a list or the targets of a table."""
        if number in (_RENAME, _GEOMETRY):
            return [self._text(head, head.start, "string")]
        if number == _MESSAGE:
            return [self._message(head)]
        lists = (_LIST, _VERSIONS, _DEPS)
        if not head.call.decoder.verbose and (number in lists or head.targets):
            return [Word("...")]
        if number == _DEPS:
            return [self._dependencies(head)]
        if number == _LIST:
            return self._linked(head, "dm_name_list", self._device)
        if number == _VERSIONS:
            return self._linked(head, "dm_target_versions", self._version)
        return self._targets(head, number)

    def _text(self, head: _Header, start: int, label: str) -> Value:
        room = max(min(head.size - start, head.call.decoder.string_limit), 0)
        found = read_string(head.call.memory, head.address + start, room)
        value: Value = Address(head.address + start) if found is None else Text(*found)
        return Struct((label,), (value,))

    def _message(self, head: _Header) -> Value:
        data = read_exactly(head.call.memory, head.address + head.start, 8)
        if data is None or head.start + 8 > head.size:
            return _misplaced("dm_target_msg")
        text = self._text(head, head.start + 8, "message")
        assert isinstance(text, Struct)
        return Struct(("sector", "message"), (Int(int.from_bytes(data, "little")), text.values[0]))

    def _dependencies(self, head: _Header) -> Value:
        data = read_exactly(head.call.memory, head.address + head.start, 8)
        if data is None or head.start + 8 > head.size:
            return _misplaced("dm_target_deps")
        count = int.from_bytes(data[:4], "little")
        if count > (head.size - head.start - 8) // 8:
            return Noted(Word("???"), "misplaced struct dm_target_deps")
        wanted = min(count, head.call.decoder.array_limit)
        numbers = head.call.memory.read_prefix(head.address + head.start + 8, 8 * wanted)
        devices = [Device(n) for (n,) in struct.iter_unpack("<Q", numbers[: len(numbers) & ~7])]
        more = count > len(devices)
        return Struct(("count", "deps"), (Int(count), Array(tuple(devices), more)))

    def _linked(
        self, head: _Header, name: str, make: Callable[[_Header, int], tuple[int, Value] | None]
    ) -> list[Value]:
        """A list whose elements tell how far the next one is."""
        found: list[Value] = []
        offset = head.start
        while len(found) < head.call.decoder.array_limit:
            made = make(head, offset) if _SMALLEST <= offset < head.size else None
            if made is None:
                return [*found, _misplaced(name)]
            found.append(made[1])
            if not made[0]:
                return found
            offset += made[0]
        return [*found, Word("...")]

    def _device(self, head: _Header, offset: int) -> tuple[int, Value] | None:
        data = read_exactly(head.call.memory, head.address + offset, 12)
        if data is None:
            return None
        device, following = struct.unpack("<QI", data)
        name = self._text(head, offset + 12, "name")
        assert isinstance(name, Struct)
        return following, Struct(("dev", "name"), (Device(device), name.values[0]))

    def _version(self, head: _Header, offset: int) -> tuple[int, Value] | None:
        data = read_exactly(head.call.memory, head.address + offset, 16)
        if data is None:
            return None
        following, *version = struct.unpack("<4I", data)
        name = self._text(head, offset + 16, "name")
        assert isinstance(name, Struct)
        numbers = Array(tuple([Int(number) for number in version]))
        return following, Struct(("name", "version"), (name.values[0], numbers))

    def _targets(self, head: _Header, number: int) -> list[Value]:
        found: list[Value] = []
        offset = head.start
        for _ in range(min(head.targets, head.call.decoder.array_limit)):
            data = None
            if _SMALLEST <= offset <= head.size - 40:
                data = read_exactly(head.call.memory, head.address + offset, 40)
            if data is None:
                return [*found, _misplaced("dm_target_spec")]
            start, length, status, following, kind = struct.unpack("<QQiI16s", data)
            pairs: Pairs = [("sector_start", Int(start)), ("length", Int(length))]
            if number != _LOAD:
                pairs.append(("status", Int(status)))
            name, ended, _ = kind.partition(b"\0")
            pairs.append(("target_type", Text(name, bool(ended))))
            text = self._text(head, offset + 40, "string")
            assert isinstance(text, Struct)
            pairs.append(("string", text.values[0]))
            found.append(Struct(tuple([n for n, _ in pairs]), tuple([v for _, v in pairs])))
            # The input tells the way from the element before, the output from the first one.
            offset = offset + following if number == _LOAD else head.start + following
        return found


def _misplaced(name: str) -> Value:
    return Noted(Word("???"), f"misplaced struct {name}")


def _dm_ioctl(scope: Scope, spec: Spec) -> Kind:
    """The request, and the answer in its place."""
    request = _Request(scope)

    def later(call: Call, raw: int, before: Value) -> Value:
        return before if isinstance(before, Address) else Changed(before, request.at(call, raw))

    return Kind(decode=request.at, later=later)


KINDS: dict[str, Factory] = {"dm_ioctl": _dm_ioctl}
