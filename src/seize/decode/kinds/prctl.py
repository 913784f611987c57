"""prctl(2): arguments that are made up of several parts."""

from __future__ import annotations

from seize.decode.kinds.base import Kind
from seize.decode.kinds.sets import flag_names
from seize.decode.values import Flags, Hex, Noted, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec

_LENGTH = 0xFFFF
_TAGGED = 1
_CHECKS = ("PR_MTE_TCF_NONE", "PR_MTE_TCF_SYNC", "PR_MTE_TCF_ASYNC", "PR_MTE_TCF_MASK")
_TAG_SHIFT, _TAG_MASK = 3, 0xFFFF
_KNOWN = _TAGGED | 6 | _TAG_MASK << _TAG_SHIFT
_PID_TYPES = ("PIDTYPE_PID", "PIDTYPE_TGID", "PIDTYPE_PGID", "PIDTYPE_SID")


def _named(raw: int, names: list[str], set_name: str) -> Flags:
    flags = Flags(raw)
    flags.names, flags.set = tuple(names), set_name
    return flags


def _lengths(scope: Scope, spec: Spec) -> Callable[[int], Value]:
    """Flags, and the length of vectors in the low half: ``PR_SVE_VL_INHERIT|0x20``."""
    table = scope.set(spec.params[0])
    mask = (1 << scope.bits) - 1

    def make(raw: int) -> Value:
        raw &= mask
        if raw <= _LENGTH:
            return Hex(raw)
        names, rest = flag_names(table, raw & ~_LENGTH)
        if rest:
            names.append(f"{rest:#x}")
        length = raw & _LENGTH
        return _named(raw, [*names, f"{length:#x}" if length else "0"], spec.params[0])

    return make


def _tags(scope: Scope) -> Callable[[int], Value]:
    """``PR_TAGGED_ADDR_ENABLE|PR_MTE_TCF_SYNC|0xfffe<<PR_MTE_TAG_SHIFT``."""
    mask = (1 << scope.bits) - 1

    def make(raw: int) -> Value:
        raw &= mask
        names = ["PR_TAGGED_ADDR_ENABLE" if raw & _TAGGED else "!PR_TAGGED_ADDR_ENABLE"]
        names.append(_CHECKS[raw >> 1 & 3])
        tags, rest = raw >> _TAG_SHIFT & _TAG_MASK, raw & ~_KNOWN
        if tags:
            names.append(f"{tags:#x}<<PR_MTE_TAG_SHIFT")
        if rest:
            names.append(f"{rest:#x}")
        return _named(raw, names, "prctl_tagged_addr")

    return make


def _noted(make: Callable[[int], Value]) -> Kind:
    def decode(call: Call, raw: int) -> Value:
        call.note = make(raw)
        return Hex(raw)

    return Kind(decode=decode)


def _pid_type(scope: Scope, spec: Spec) -> Kind:
    """What a pid stands for: no header names these."""

    def make(raw: int) -> Value:
        raw &= 0xFFFFFFFF
        return Noted(Hex(raw), _PID_TYPES[raw] if raw < len(_PID_TYPES) else "PIDTYPE_???")

    return Kind(make)


KINDS: dict[str, Factory] = {
    "vector_length": lambda scope, spec: Kind(_lengths(scope, spec)),
    "noted_vector_length": lambda scope, spec: _noted(_lengths(scope, spec)),
    "tagged_addr": lambda scope, spec: Kind(_tags(scope)),
    "noted_tagged_addr": lambda scope, spec: _noted(_tags(scope)),
    "pid_type": _pid_type,
}
