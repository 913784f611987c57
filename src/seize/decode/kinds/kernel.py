"""Numbers that the kernel's interfaces have special values of."""

from __future__ import annotations

from seize.decode.kinds.base import Kind
from seize.decode.values import Enum, Int, Noted, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec

_NO_NODE = 0xFFFFFFFF
_U64_MAX = 0xFFFFFFFFFFFFFFFF


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


KINDS: dict[str, Factory] = {"ifindex": _ifindex, "numa_node": _numa_node, "u64max": _u64max}
