"""Fields that hold several elements, as many as another field of the struct tells.

They may be the last of the struct and have no certain length: then they are read behind it.
"""

from __future__ import annotations

from seize.decode.fields import Field, Inside
from seize.decode.values import Address, Array, Bytes, HexBytes, Int, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec

    Entry = tuple[str, int, str, int]


def field(scope: Scope, label: str, spec: Spec, entry: Entry) -> Field:
    """``array[LENGTH] KIND`` or ``bytes[LENGTH]``."""
    make = counted if spec.target is not None else buffer
    return make(scope, label, spec, entry)


_MOST_IN_BRIEF = {"array": None, "brief_array": 2, "hidden_array": 0}
"""How many elements of an array within a struct are shown in the short form, if few."""


def buffer(scope: Scope, label: str, spec: Spec, entry: Entry) -> Field:
    """``bytes[LENGTH]`` of a field that is an array, maybe one of no certain length."""
    _, offset, _, most = entry
    length = scope.number(spec.index)
    limit = scope.decoder.string_limit
    make = Bytes if spec.word == "bytes" else HexBytes

    def get(call: Call | None, data: bytes) -> Value:
        if call is None:
            return Int(0)
        size = length(call)
        if size < 0:
            return Address(call.address + offset if isinstance(call, Inside) else 0)
        size = min(size, most or size)
        shown = min(size, limit)
        text = data[offset : offset + shown]
        if len(text) < shown and isinstance(call, Inside) and call.address:
            text = call.memory.read_prefix(call.address + offset, shown)
            if len(text) < shown:
                return Address(call.address + offset)
        return make(text, size)

    return Field(label, get, False)


def counted(scope: Scope, label: str, spec: Spec, entry: Entry) -> Field:
    """``array[LENGTH] KIND`` of a field that is an array, maybe one of no certain length."""
    from seize.decode.kinds.memory import element

    _, offset, _, most = entry
    length = scope.number(spec.index)
    size, value = element(scope, spec)
    in_brief = _MOST_IN_BRIEF[spec.word]
    if in_brief is not None and scope.decoder.verbose:
        in_brief = None

    def get(call: Call | None, data: bytes) -> Value:
        if call is None:
            return Int(0)
        wanted = max(length(call), 0)
        count = min(wanted, most or wanted)
        shown = min(count, call.decoder.array_limit if in_brief is None else in_brief)
        end = offset + shown * size
        if len(data) < end and isinstance(call, Inside) and call.address and shown:
            data = bytes(offset) + call.memory.read_prefix(call.address + offset, shown * size)
        have = min(len(data[offset:end]) // size, shown)
        if shown and not have and isinstance(call, Inside):
            return Address(call.address + offset)
        parts = [data[offset + i * size : offset + (i + 1) * size] for i in range(have)]
        ended = have < shown and isinstance(call, Inside) and call.address
        cut = call.address + offset + have * size if ended and isinstance(call, Inside) else None
        return Array(
            tuple([value(call, part) for part in parts]), count > have and cut is None, cut
        )

    return Field(label, get, False)
