"""perf_event_open(2): what depends on the type of the event."""

from __future__ import annotations

from seize.decode.kinds.base import Kind
from seize.decode.kinds.sets import enumeration
from seize.decode.values import Flags, Hex, Int, Noted, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Pure, Scope
    from seize.decode.signature import Spec

_HARDWARE, _SOFTWARE, _TRACEPOINT, _CACHE = 0, 1, 2, 3
_SKIDS = ("arbitrary skid", "constant skid", "requested to have 0 skid", "must have 0 skid")
_INVALID_BREAKPOINT = 7


def _config(scope: Scope, spec: Spec) -> Kind:
    """``perf_config[TYPE]``: the event that is counted."""
    kind = scope.number(spec.index)
    pures: dict[int, Pure] = {
        _HARDWARE: enumeration(scope.set("perf_hw_id"), "perf_hw_id", 64),
        _SOFTWARE: enumeration(scope.set("perf_sw_id"), "perf_sw_id", 64),
        _TRACEPOINT: Int,
        _CACHE: _cache(scope),
    }
    return Kind(decode=lambda call, raw: pures.get(kind(call), Hex)(raw))


def _cache(scope: Scope) -> Pure:
    """``RESULT<<16|OPERATION<<8|CACHE``."""
    caches = dict(scope.set("perf_hw_cache_id"))
    operations = dict(scope.set("perf_hw_cache_op_id"))
    results = dict(scope.set("perf_hw_cache_result_id"))

    def make(raw: int) -> Value:
        high, fourth = raw >> 32, raw >> 24 & 0xFF
        flags = Flags(raw)
        flags.names = (
            *((f"{high:#x}<<32",) if high else ()),
            *((f"{fourth:#x}<<24",) if fourth else ()),
            _named(results, raw >> 16 & 0xFF, "PERF_COUNT_HW_CACHE_RESULT_???") + "<<16",
            _named(operations, raw >> 8 & 0xFF, "PERF_COUNT_HW_CACHE_OP_???") + "<<8",
            _named(caches, raw & 0xFF, "PERF_COUNT_HW_CACHE_???"),
        )
        flags.set = "perf_hw_cache_id"
        return flags

    return make


def _named(names: dict[int, str], value: int, unknown: str) -> str:
    return names.get(value) or f"{value:#x} /* {unknown} */"


def _precise_ip(scope: Scope, spec: Spec) -> Kind:
    return Kind(lambda raw: Noted(Int(raw & 3), _SKIDS[raw & 3]))


def _reserved(scope: Scope, spec: Spec) -> Kind:
    """``reserved_bits FIRST..LAST``: bits of a larger field that ought to be 0."""
    return Kind(lambda raw: Noted(Hex(raw), f"Bits {spec.params[0]}"))


def _bp_type(scope: Scope, spec: Spec) -> Kind:
    """What a breakpoint watches for; some combinations are told to be invalid."""
    names = dict(scope.set("perf_bp_type"))
    known = enumeration(scope.set("perf_bp_type"), "perf_bp_type")

    def make(raw: int) -> Value:
        if raw in names and raw != _INVALID_BREAKPOINT:
            return known(raw)
        invalid = raw <= _INVALID_BREAKPOINT
        return Noted(Hex(raw), "HW_BREAKPOINT_INVALID" if invalid else "HW_BREAKPOINT_???")

    return Kind(make)


KINDS: dict[str, Factory] = {
    "perf_config": _config,
    "precise_ip": _precise_ip,
    "reserved_bits": _reserved,
    "bp_type": _bp_type,
}
