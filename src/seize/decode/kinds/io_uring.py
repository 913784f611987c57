"""io_uring: files that may be skipped, registered rings, the workers of a ring."""

from __future__ import annotations

import struct

from seize.decode.kinds.base import Kind
from seize.decode.kinds.basic import descriptor
from seize.decode.kinds.sets import constant
from seize.decode.values import Address, Array, Changed, Enum, Fd, Indexed, Int, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec

_SKIP = 0xFFFFFFFE
_ANY = 0xFFFFFFFF


def _file(scope: Scope, spec: Spec) -> Kind:
    """A descriptor to register, or a slot to leave as it is."""
    usual = descriptor(Fd)(scope, spec).contextual()

    def decode(call: Call, raw: int) -> Value:
        if raw & 0xFFFFFFFF != _SKIP:
            return usual(call, raw)
        value = Enum(-2)
        value.name = "IORING_REGISTER_FILES_SKIP"
        return value

    return Kind(decode=decode)


def _ring_offset(scope: Scope, spec: Spec) -> Kind:
    """The slot of a registered ring; -1 asks for any."""
    return Kind(lambda raw: Int(-1 if raw & 0xFFFFFFFF == _ANY else raw & 0xFFFFFFFF))


def _workers(scope: Scope, spec: Spec) -> Kind:
    """``io_workers[COUNT]``: the most workers of each sort, and what it was before."""
    count = scope.number(spec.index)
    names = dict(scope.set("io_wq_type"))

    def decode(call: Call, raw: int) -> Value:
        total = count(call)
        wanted = min(total, call.decoder.array_limit)
        data = call.memory.read_prefix(raw, wanted * 4) if raw and wanted > 0 else b""
        have = len(data) // 4
        if not have:
            return Address(raw)
        numbers = struct.unpack_from(f"<{have}I", data)
        items = [_indexed(names, place, number) for place, number in enumerate(numbers)]
        return Array(tuple(items), total > wanted, raw + have * 4 if have < wanted else None)

    def later(call: Call, raw: int, before: Value) -> Value:
        return Changed(before, decode(call, raw))

    return Kind(decode=decode, later=later)


def _indexed(names: dict[int, str], place: int, number: int) -> Value:
    name = names.get(place)
    return Indexed(constant(place, name, "io_wq_type") if name else Int(place), Int(number))


KINDS: dict[str, Factory] = {
    "uring_file": _file,
    "ring_offset": _ring_offset,
    "io_workers": _workers,
}
