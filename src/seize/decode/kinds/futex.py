"""futex(2): operations, and what FUTEX_WAKE_OP does."""

from __future__ import annotations

from seize.decode.kinds.base import Kind, Memo
from seize.decode.values import Flags, Value, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec

_PRIVATE, _REALTIME = 0x80, 0x100


def _operation(scope: Scope, spec: Spec) -> Kind:
    """``FUTEX_WAIT_BITSET_PRIVATE|FUTEX_CLOCK_REALTIME``."""
    names = dict(scope.set("futex_op"))

    def make(raw: int) -> Flags:
        raw &= 0xFFFFFFFF
        flags = Flags(raw)
        flags.set = "futex_op"
        plain = raw & ~_REALTIME
        found = [names[plain]] if plain in names else []
        if not found and plain & ~_PRIVATE in names:
            found = [names[plain & ~_PRIVATE], "FUTEX_PRIVATE_FLAG"]
        if found and raw & _REALTIME:
            found.append("FUTEX_CLOCK_REALTIME")
        flags.names, flags.rest = tuple(found), 0 if found else raw
        return flags

    return Kind(Memo(make).__getitem__)


def _wake_op(scope: Scope, spec: Spec) -> Kind:
    """``FUTEX_OP_ADD<<28|0x1<<12|FUTEX_OP_CMP_EQ<<24|0x2``."""
    operations = dict(scope.set("futex_wake_op"))
    compares = dict(scope.set("futex_wake_cmp"))

    def convert(raw: int) -> Value:
        shift = "FUTEX_OP_OPARG_SHIFT<<28|" if raw >> 31 & 1 else ""
        first, second = raw >> 12 & 0xFFF, raw & 0xFFF
        operation = _shifted(operations, raw >> 28 & 7, 28, "FUTEX_OP_")
        compare = _shifted(compares, raw >> 24 & 15, 24, "FUTEX_OP_CMP_")
        left = f"{first:#x}" if first else "0"
        right = f"{second:#x}" if second else "0"
        return Word(f"{shift}{operation}|{left}<<12|{compare}|{right}")

    return Kind(convert)


def _shifted(names: dict[int, str], value: int, shift: int, prefix: str) -> str:
    name = names.get(value)
    return f"{name}<<{shift}" if name else f"{value:#x}<<{shift} /* {prefix}??? */"


KINDS: dict[str, Factory] = {"futex_op": _operation, "futex_wake_op": _wake_op}
