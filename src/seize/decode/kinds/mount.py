"""mount(2): its flags tell what the other arguments are good for."""

from __future__ import annotations

from seize.decode.kinds.base import Kind, Memo
from seize.decode.kinds.sets import flag_names
from seize.decode.values import Address, Flags, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec

_MAGIC, _MAGIC_MASK = 0xC0ED0000, 0xFFFF0000
_REMOUNT, _OTHER_ACTS = 0x20, 0x1000 | 0x2000 | 0x1E0000
_FLAGS = 3


def _bits(raw: int) -> int:
    """The flags without the number that was once demanded in their upper half."""
    return raw & ~_MAGIC_MASK if raw & _MAGIC_MASK == _MAGIC else raw


def _flags(scope: Scope, spec: Spec) -> Kind:
    table = scope.set("mount_flags")
    mask = (1 << scope.bits) - 1

    def make(raw: int) -> Value:
        raw &= mask
        names, rest = flag_names(table, _bits(raw))
        if _bits(raw) != raw:
            names.insert(0, "MS_MGC_VAL")
        flags = Flags(raw)
        flags.names, flags.rest, flags.set = tuple(names), rest, "mount_flags"
        return flags

    return Kind(Memo(make).__getitem__)


def _ignored(unless: int, when: int) -> Factory:
    """A string that some flags make mount ignore."""

    def factory(scope: Scope, spec: Spec) -> Kind:
        from seize.decode.kinds import make
        from seize.decode.signature import Spec as Written

        text = make(scope, Written("str")).contextual()

        def decode(call: Call, raw: int) -> Value:
            flags = _bits(call.raw[_FLAGS])
            return Address(raw) if flags & when and not flags & unless else text(call, raw)

        return Kind(decode=decode)

    return factory


KINDS: dict[str, Factory] = {
    "mount_flags": _flags,
    "mount_type": _ignored(0, _REMOUNT | _OTHER_ACTS),
    "mount_data": _ignored(_REMOUNT, _OTHER_ACTS),
}
