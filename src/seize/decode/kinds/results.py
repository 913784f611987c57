"""Results that say more than a number: a note beside it."""

from __future__ import annotations

from seize.decode.kinds.base import Kind
from seize.decode.kinds.basic import signed
from seize.decode.values import Date, Flags, Hex, Int, Labelled, Signal, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec


def _noted_flags(label: str) -> Factory:
    def factory(scope: Scope, spec: Spec) -> Kind:
        """``0x1 (flags FD_CLOEXEC)``."""
        from seize.decode.kinds.sets import KINDS as SETS

        flags = SETS["flags"](scope, spec).contextual()

        def decode(call: Call, raw: int) -> Value:
            value = flags(call, raw)
            if raw or (isinstance(value, Flags) and value.names):
                call.note = Labelled(label, value)
            return Hex(raw)

        return Kind(decode=decode)

    return factory


def _noted_mask(scope: Scope, spec: Spec) -> Kind:
    """``0x3 (A|B)``."""
    from seize.decode.kinds.sets import KINDS as SETS

    flags = SETS["flags"](scope, spec).contextual()

    def decode(call: Call, raw: int) -> Value:
        call.note = flags(call, raw)
        return Hex(raw)

    return Kind(decode=decode)


def _noted_enum(base: type[Int]) -> Factory:
    def factory(scope: Scope, spec: Spec) -> Kind:
        """``0 (SCHED_OTHER)``."""
        from seize.decode.kinds.sets import KINDS as SETS

        enum = SETS["enum"](scope, spec).contextual()

        def decode(call: Call, raw: int) -> Value:
            call.note = enum(call, raw)
            return base(raw)

        return Kind(decode=decode)

    return factory


def _noted_signal(scope: Scope, spec: Spec) -> Kind:
    """``17 (SIGCHLD)``."""

    def decode(call: Call, raw: int) -> Value:
        if raw:
            call.note = Signal(raw)
        return Int(raw)

    return Kind(decode=decode)


def _noted_time(scope: Scope, spec: Spec) -> Kind:
    """``1700000000 (2023-11-14T22:13:20+0000)``."""
    convert = signed(scope.bits)

    def decode(call: Call, raw: int) -> Value:
        value = convert(raw)
        assert isinstance(value, Int)
        call.note = Date(value)
        return value

    return Kind(decode=decode)


KINDS: dict[str, Factory] = {
    "noted_flags": _noted_flags("flags"),
    "noted_seals": _noted_flags("seals"),
    "noted_mask": _noted_mask,
    "noted_enum": _noted_enum(Int),
    "noted_hex_enum": _noted_enum(Hex),
    "noted_signal": _noted_signal,
    "noted_time": _noted_time,
}
