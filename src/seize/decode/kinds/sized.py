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

_E2BIG = 7
TAIL_LIMIT = 4096
"""No kernel takes a struct that is longer than a page."""


def sized(made: Shape, length: Number | None) -> Kind:
    """A pointer to a struct of ``length`` bytes, or as many as a field of it tells."""

    def measure(call: Call, raw: int) -> tuple[int, bytes] | None:
        """The size that the struct is said to have, and what there is of its known part."""
        if length is not None:
            given = length(call)
            wanted = min(given, made.end)
            data = call.memory.read_prefix(raw, wanted) if given >= made.least else b""
            return (given, data) if data and len(data) == wanted else None
        data = call.memory.read_prefix(raw, made.end)
        if made.sizer is None or len(data) < made.least:
            return None
        given = made.sizer(data.ljust(made.size, b"\0"))
        # Of the first version of such a struct the size may be left out.
        return (given, data[: given or made.least]) if not 0 < given < made.least else None

    def decode(call: Call, raw: int) -> Value:
        measured = measure(call, raw) if raw else None
        if measured is None:
            return Address(raw)
        given, known = measured
        data = known.ljust(made.size, b"\0")
        missing = len(known) < min(given, made.end)
        value = made.value(call, data, len(known) if missing else given, raw)
        if not isinstance(value, Struct) or isinstance(value, LazyStruct):
            return value
        if made.elided and (missing or any(data[made.extent(data) :])):
            return Struct(value.names, value.values, True)
        return value if given <= made.end else with_tail(call, made, value, raw, given)

    def later(call: Call, raw: int, before: Value) -> Value:
        given = length(call) if length is not None else made.size
        data = call.memory.read_prefix(raw, max(min(given, made.size), 0))
        return made.later(call, data.ljust(made.size, b"\0"), before, given=given)

    def failed(call: Call, raw: int, before: Value) -> Value:
        return later(call, raw, before) if call.error == _E2BIG else before

    if not made.outputs:
        return Kind(decode=decode)
    # A kernel that knows less of such a struct stores the size that it knows.
    return Kind(decode=decode, later=later, failed=failed if made.sizer else None)


def with_tail(call: Call, made: Shape, value: Struct, raw: int, given: int) -> Value:
    """The struct, and the bytes behind the fields that are known."""
    wanted = min(given - made.end, TAIL_LIMIT)
    data = call.memory.read_prefix(raw + made.end, wanted)
    unreadable = len(data) < wanted or wanted < given - made.end
    if not unreadable and not any(data):
        return value
    if made.elided:
        hidden = unreadable and made.sizer is None
        return Address(raw) if hidden else Struct(value.names, value.values, True)
    rest: Value = Word("???")
    if not unreadable:
        shown = HexBytes(data[: call.decoder.string_limit], len(data))
        rest = Labelled(f"/* bytes {made.end}..{given - 1} */", shown)
    return Struct((*value.names, ""), (*value.values, rest), value.abbreviated)
