"""What the requests of disks, file systems and trusted environments carry in odd forms."""

from __future__ import annotations

import struct

from seize.decode.kinds.base import Kind
from seize.decode.kinds.sets import enumeration
from seize.decode.kinds.text import read_bytes
from seize.decode.memory import read_exactly
from seize.decode.values import Address, Array, Bytes, Hex, HexBytes, Int, Struct, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec


def _drive_command(scope: Scope, spec: Spec) -> Kind:
    """The registers of an ATA command."""
    command = enumeration(scope.set("ata_command"), "ata_command", 8)

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, 4) if raw else None
        if data is None:
            return Address(raw)
        names = ("command", "sector_number", "feature", "sector_count")
        return Struct(names, (command(data[0]), *[Int(number) for number in data[1:]]))

    return Kind(decode=decode)


def _drive_status(scope: Scope, spec: Spec) -> Kind:
    """What an ATA command left in the registers, and the sectors that it read."""

    def decode(call: Call, raw: int) -> Value:
        sent = call.values[2]
        sectors = int(sent.sector_count) if isinstance(sent, Struct) else 0
        data = read_exactly(call.memory, raw, 4) if raw else None
        if data is None:
            return Address(raw)
        names = ("status", "error", "nsector")
        values: tuple[Value, ...] = (Hex(data[0]), Int(data[1]), Int(data[2]))
        if sectors:
            buffer = read_bytes(call.memory, raw + 4, sectors * 512, call.decoder.string_limit)
            if isinstance(buffer, Bytes):
                buffer = HexBytes(buffer.bytes, buffer.size)
            names, values = (*names, "buf"), (*values, buffer)  # type: ignore[assignment]
        return Struct(names, values)

    return Kind(decode=decode)


def _tee_buffer(scope: Scope, spec: Spec) -> Kind:
    """``tee_buffer STRUCT``: a pointer to the place and the length of a STRUCT."""
    from seize.decode.shapes import shape

    made = shape(scope, spec.params[0])

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, 16) if raw else None
        if data is None:
            return Address(raw)
        address, size = struct.unpack("<QQ", data)
        target: Value = Address(address)
        if made.size <= size <= 4096:
            found = made.at(call, address)
            target = target if isinstance(found, Address) else found
        return Struct(("buf_len", "buf_ptr"), (Int(size), target))

    return Kind(decode=decode)


_ITEM = struct.Struct("<QQQII")


def _found(scope: Scope, spec: Spec) -> Kind:
    """``btrfs_found SIZED``: how many items a search of a btrfs tree found, and the items.

    They lie one behind the other; the second form of the request tells how much room there is.
    """
    from seize.decode.kinds import make
    from seize.decode.signature import Spec

    objects = make(scope, Spec("number_or", params=("btrfs_tree_objectids",))).pure
    types = make(scope, Spec("number_or", params=("btrfs_key_type",))).pure
    assert objects is not None
    assert types is not None
    sized = spec.params == ("sized",)
    start = _KEY + 8 if sized else _KEY

    def item(data: bytes) -> tuple[int, Value]:
        transid, objectid, offset, kind, length = _ITEM.unpack(data)
        values = (Int(transid), objects(objectid), Int(offset), types(kind), Int(length))
        return length, Struct(_ITEM_NAMES, values)

    def items(call: Call, address: int, count: int, room: int) -> Value:
        found: list[Value] = []
        offset = 0
        for _ in range(min(count, call.decoder.array_limit)):
            if offset + _ITEM.size > room:
                return Array(tuple(found), True)
            data = read_exactly(call.memory, address + offset, _ITEM.size)
            if data is None:
                return Array(tuple(found), False, address + offset)
            length, value = item(data)
            found.append(value)
            offset += _ITEM.size + length
        return Array(tuple(found), count > len(found))

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, start) if raw else None
        if data is None:
            return Address(raw)
        count = int.from_bytes(data[_COUNT : _COUNT + 4], "little")
        pairs: list[tuple[str, Value]] = [("key", Struct(("nr_items",), (Int(count),)))]
        room = _SEARCH_SIZE - start
        if sized:
            room = int.from_bytes(data[_KEY:start], "little")
            pairs.append(("buf_size", Int(room)))
        full = call.decoder.verbose
        if full:
            pairs.append(("buf", items(call, raw + start, count, room)))
        names, values = [name for name, _ in pairs], [value for _, value in pairs]
        return Struct(tuple(names), tuple(values), not full)

    return Kind(decode=decode)


_ITEM_NAMES = ("transid", "objectid", "offset", "type", "len")
_KEY, _COUNT, _SEARCH_SIZE = 104, 64, 4096


KINDS: dict[str, Factory] = {
    "hdio_drive_cmd": _drive_command,
    "hdio_drive_status": _drive_status,
    "tee_buffer": _tee_buffer,
    "btrfs_found": _found,
}
