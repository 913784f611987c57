"""Numbers that the kernel's interfaces have special values of."""

from __future__ import annotations

import struct

from seize.decode.fields import Inside
from seize.decode.kinds.base import Kind
from seize.decode.kinds.memory import array_of
from seize.decode.memory import read_exactly, read_string
from seize.decode.shapes import shape
from seize.decode.values import (
    Address,
    Array,
    Bytes,
    Changed,
    Enum,
    Int,
    Noted,
    Struct,
    Text,
    Value,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec

_NO_NODE = 0xFFFFFFFF
_U64_MAX = 0xFFFFFFFFFFFFFFFF
_E2BIG = 7
_DESCRIPTOR, _SEGMENTS, _CONTEXTS = 16, 16, 1 << 16
_HEAD = struct.Struct("<QQ")


def _ifindex(scope: Scope, spec: Spec) -> Kind:
    """A network interface, by name where there is one."""
    from seize.decode.kinds.families import interface

    return Kind(lambda raw: interface(raw & 0xFFFFFFFF) if raw else Int(0))


def _numa_node(scope: Scope, spec: Spec) -> Kind:
    def make(raw: int) -> Value:
        raw &= 0xFFFFFFFF
        return Noted(Int(raw), "NUMA_NO_NODE") if raw == _NO_NODE else Int(raw)

    return Kind(make)


def _u64max(scope: Scope, spec: Spec) -> Kind:
    """A number of 64 bits, the largest by name."""

    def make(raw: int) -> Value:
        if raw != _U64_MAX:
            return Int(raw)
        value = Enum(raw)
        value.name = "UINT64_MAX"
        return value

    return Kind(make)


def _str_at(scope: Scope, spec: Spec) -> Kind:
    """``str_at START``: a string so many bytes behind START of the struct."""
    start = int(spec.params[0])
    limit = scope.decoder.string_limit

    def decode(call: Call, raw: int) -> Value:
        address = call.address if isinstance(call, Inside) else 0
        found = read_string(call.memory, address + start + raw, limit) if address else None
        return Int(raw) if found is None else Text(*found)

    return Kind(decode=decode)


def _ldt_entry(scope: Scope, spec: Spec) -> Kind:
    """modify_ldt's descriptor, if its size is right."""
    from seize.decode.kinds import make
    from seize.decode.signature import Spec as Written

    entry = make(scope, Written("user_desc")).contextual()
    size = scope.number("bytecount")
    return Kind(
        decode=lambda call, raw: entry(call, raw) if size(call) == _DESCRIPTOR else Address(raw)
    )


def _sched_setting(scope: Scope, spec: Spec) -> Kind:
    """sched_setattr's struct; a kernel that wants it of another size says so in it."""
    from seize.decode.kinds import make
    from seize.decode.signature import Spec as Written

    whole = make(scope, Written("sched_attr")).contextual()

    def size_at(call: Call, raw: int) -> Struct | None:
        data = read_exactly(call.memory, raw, 4) if raw else None
        if data is None:
            return None
        return Struct(("size",), (Int(int.from_bytes(data, "little")),))

    def decode(call: Call, raw: int) -> Value:
        value = whole(call, raw)
        if isinstance(value, Struct):
            return value
        size = size_at(call, raw)
        return size if size is not None and size.size else value

    def failed(call: Call, raw: int, before: Value) -> Value:
        after = size_at(call, raw) if call.error == _E2BIG else None
        if after is None or not isinstance(before, Struct) or before.size == after.size:
            return before
        return Changed(before, after)

    return Kind(decode=decode, failed=failed)


def _segments(scope: Scope, spec: Spec) -> Kind:
    """``kexec_segments[COUNT]``: what a new kernel is made of; too many aren't looked at."""
    inner = shape(scope, "kexec_segment")
    count = scope.number(spec.index)
    several = array_of(count, inner.size, inner.value)
    return Kind(
        decode=lambda call, raw: several(call, raw) if count(call) <= _SEGMENTS else Address(raw)
    )


def _contexts(scope: Scope, spec: Spec) -> Kind:
    """``lsm_contexts[SIZE]``: the contexts of security modules, of lengths of their own."""
    inner = shape(scope, "lsm_ctx")
    length = scope.number(spec.index)
    limit = scope.decoder.string_limit

    def decode(call: Call, raw: int) -> Value:
        size = min(length(call), _CONTEXTS)
        data = call.memory.read_prefix(raw, size) if raw and size > 0 else b""
        if len(data) < inner.size:
            return Address(raw)
        items: list[Value] = []
        offset = 0
        while offset + inner.size <= len(data) and len(items) < call.decoder.array_limit:
            whole, used = _HEAD.unpack_from(data, offset + 16)
            context = data[offset + inner.size : offset + inner.size + used]
            pairs = inner.unpack(data[offset : offset + inner.size], True)
            names, values = [name for name, _ in pairs], [value for _, value in pairs]
            shown = Bytes(context[:limit], len(context))
            items.append(Struct((*names, "ctx"), (*values, shown)))
            if whole < inner.size:
                break
            offset += whole
        return Array(tuple(items), offset + inner.size <= len(data) and offset > 0)

    return Kind(decode=decode)


KINDS: dict[str, Factory] = {
    "ifindex": _ifindex,
    "numa_node": _numa_node,
    "u64max": _u64max,
    "str_at": _str_at,
    "sched_setting": _sched_setting,
    "ldt_entry": _ldt_entry,
    "kexec_segments": _segments,
    "lsm_contexts": _contexts,
}
