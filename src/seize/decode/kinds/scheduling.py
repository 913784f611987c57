"""Scheduling: policies, parameters, attributes."""

from __future__ import annotations

import struct

from seize.decode.kinds.base import Kind
from seize.decode.kinds.process import struct_of
from seize.decode.kinds.sets import enumeration, flag_set
from seize.decode.memory import read_exactly
from seize.decode.values import Address, Enum, Flags, Int, Pointer, Struct, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec

_RESET_ON_FORK = 0x40000000
_ATTR = struct.Struct("<IIQiIQQQII")
_FIRST_SIZE = 48
_KEEP_POLICY, _KEEP_PARAMS = 8, 16


def _policies(scope: Scope) -> Callable[[int], Value]:
    """``SCHED_FIFO``, ``SCHED_FIFO|SCHED_RESET_ON_FORK``."""
    enum = enumeration(scope.set("sched_policy"), "sched_policy")
    names = dict(scope.set("sched_policy"))

    def make(raw: int) -> Value:
        raw &= 0xFFFFFFFF
        base = raw & ~_RESET_ON_FORK
        if base == raw or base not in names:
            return enum(raw)
        flags = Flags(raw)
        flags.names, flags.set = (names[base], "SCHED_RESET_ON_FORK"), "sched_policy"
        return flags

    return make


def _policy(scope: Scope, spec: Spec) -> Kind:
    return Kind(_policies(scope))


def _noted_policy(scope: Scope, spec: Spec) -> Kind:
    make = _policies(scope)

    def decode(call: Call, raw: int) -> Value:
        note = make(raw)
        if not isinstance(note, Enum) or note.name is not None:
            call.note = note
        return Int(raw)

    return Kind(decode=decode)


def _param(scope: Scope, spec: Spec) -> Kind:
    """A sched_param: ``[0]``."""

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, 4) if raw else None
        if data is None:
            return Address(raw)
        return Pointer(Int(int.from_bytes(data, "little", signed=True)))

    return Kind(decode=decode)


def _attr(scope: Scope, spec: Spec) -> Kind:
    """A sched_attr, as far as its own size tells."""
    policy = enumeration(scope.set("sched_policy"), "sched_policy")
    flags_of = flag_set(scope.set("sched_attr_flags"), "sched_attr_flags", 64)

    def decode(call: Call, raw: int) -> Value:
        head = read_exactly(call.memory, raw, 4) if raw else None
        if head is None:
            return Address(raw)
        given = int.from_bytes(head, "little")
        size = given or _FIRST_SIZE
        if size < _FIRST_SIZE:
            return Struct(("size",), (Int(given),))
        data = read_exactly(call.memory, raw, min(size, _ATTR.size))
        if data is None:
            return Address(raw)
        _, kind, flags, nice, priority, *times, low, high = _ATTR.unpack(data.ljust(_ATTR.size))
        params = [("sched_nice", nice), ("sched_priority", priority)]
        params += zip(("sched_runtime", "sched_deadline", "sched_period"), times, strict=True)
        value = struct_of(
            ("size", Int(given)),
            None if flags & (_KEEP_POLICY | _KEEP_PARAMS) else ("sched_policy", policy(kind)),
            ("sched_flags", flags_of(flags)),
            *[(name, Int(number)) for name, number in params if not flags & _KEEP_PARAMS],
            ("sched_util_min", Int(low)) if size >= _ATTR.size else None,
            ("sched_util_max", Int(high)) if size >= _ATTR.size else None,
        )
        return Struct(value.names, value.values, True) if size > _ATTR.size else value

    return Kind(decode=decode)


KINDS: dict[str, Factory] = {
    "sched_policy": _policy,
    "noted_sched_policy": _noted_policy,
    "sched_param": _param,
    "sched_attr": _attr,
}
