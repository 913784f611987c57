"""Structs that grow: the caller tells how much of the struct it knows.

The size is an argument (``mount_attr[usize]``), or a field of the struct itself.  Fields beyond
it are left out or taken as 0; what lies beyond our own knowledge is shown if it isn't all 0.
"""

from __future__ import annotations

from seize.decode.kinds.base import Kind
from seize.decode.values import Address, HexBytes, Labelled, LazyStruct, Struct, Value, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds.base import Number
    from seize.decode.shapes import Shape

TAIL_LIMIT = 4096
"""No kernel takes a struct that is longer than a page."""


def sized(made: Shape, length: Number | None) -> Kind:
    """A pointer to a struct of ``length`` bytes, or as many as a field of it tells."""

    def decode(call: Call, raw: int) -> Value:
        if not raw:
            return Address(0)
        if length is not None:
            given = length(call)
            if given < made.least:
                return Address(raw)
            wanted = min(given, made.end)
            data = call.memory.read_prefix(raw, wanted)
        else:
            data = call.memory.read_prefix(raw, made.size)
            sizer = made.sizer
            assert sizer is not None
            given = sizer(data.ljust(made.size, b"\0"))
            wanted = min(max(given, made.least), made.end)
        if len(data) < wanted:
            return Address(raw)
        data = data[:wanted].ljust(made.size, b"\0")
        value = made.value(call, data, given, raw)
        if not isinstance(value, Struct) or isinstance(value, LazyStruct):
            return value
        if made.elided and any(data[made.extent(data) :]):
            return Struct(value.names, value.values, True)
        return value if given <= made.end else with_tail(call, made, value, raw, given)

    def later(call: Call, raw: int, before: Value) -> Value:
        data = call.memory.read_prefix(raw, made.size)
        return made.later(call, data.ljust(made.size, b"\0"), before)

    return Kind(decode=decode, later=later if made.outputs else None)


def with_tail(call: Call, made: Shape, value: Struct, raw: int, given: int) -> Value:
    """The struct, and the bytes behind the fields that are known."""
    wanted = min(given - made.end, TAIL_LIMIT)
    data = call.memory.read_prefix(raw + made.end, wanted)
    unreadable = len(data) < wanted or wanted < given - made.end
    if not unreadable and not any(data):
        return value
    if made.elided:
        return Address(raw) if unreadable else Struct(value.names, value.values, True)
    rest: Value = Word("???")
    if not unreadable:
        shown = HexBytes(data[: call.decoder.string_limit], len(data))
        rest = Labelled(f"/* bytes {made.end}..{given - 1} */", shown)
    return Struct((*value.names, ""), (*value.values, rest), value.abbreviated)
