"""Results that say more than a number: a note beside it."""

from __future__ import annotations

from seize.decode.kinds.base import Kind
from seize.decode.kinds.basic import signed
from seize.decode.values import Date, Flags, Handler, Hex, Int, Labelled, Signal, SigSet, Value

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


def _noted_set_bits(scope: Scope, spec: Spec) -> Kind:
    """``0x3 (A|B)``, but ``0`` alone."""
    noted = _noted_mask(scope, spec).contextual()
    return Kind(decode=lambda call, raw: noted(call, raw) if raw else Hex(0))


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


def _noted_handler(scope: Scope, spec: Spec) -> Kind:
    """``0x1 (SIG_IGN)``."""

    def decode(call: Call, raw: int) -> Value:
        if raw in (0, 1):
            call.note = Handler(raw)
        return Hex(raw)

    return Kind(decode=decode)


def _noted_sigmask(scope: Scope, spec: Spec) -> Kind:
    """``0x2 (old mask [INT])``: ``noted_sigmask WORD…``."""
    label = " ".join(spec.params)

    def decode(call: Call, raw: int) -> Value:
        mask = SigSet(raw & 0xFFFFFFFF)
        mask.width = 32
        call.note = Labelled(label, mask)
        return Hex(raw)

    return Kind(decode=decode)


KINDS: dict[str, Factory] = {
    "noted_flags": _noted_flags("flags"),
    "noted_seals": _noted_flags("seals"),
    "noted_mask": _noted_mask,
    "noted_set_bits": _noted_set_bits,
    "noted_enum": _noted_enum(Int),
    "noted_hex_enum": _noted_enum(Hex),
    "noted_signal": _noted_signal,
    "noted_time": _noted_time,
    "noted_handler": _noted_handler,
    "noted_sigmask": _noted_sigmask,
}
