"""Named numbers inside structures that are decoded by hand: the tables, made when first met."""

from __future__ import annotations

from seize.decode.kinds.sets import enumeration, flag_names, flag_set
from seize.decode.tables import unknown_word
from seize.decode.values import Array, HardwareAddress, Hex, Noted, Padded, Struct, Value

Pair = tuple[str, Value]
"""A field of a struct: its name and its value."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from seize.decode.kinds.base import Pure, Scope


class Names:
    """The enumerations and flag sets of one architecture."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._made: dict[tuple[str, str, int], Pure] = {}

    def enum(self, name: str, raw: int, bits: int = 32) -> Value:
        """The number as one of the set ``name``."""
        make = self._made.get(("enum", name, bits))
        if make is None:
            make = enumeration(self.scope.set(name), name, bits)
            self._made["enum", name, bits] = make
        return make(raw)

    def flags(self, name: str, raw: int, bits: int = 32) -> Value:
        """The number as bits of the set ``name``."""
        make = self._made.get(("flags", name, bits))
        if make is None:
            make = flag_set(self.scope.set(name), name, bits)
            self._made["flags", name, bits] = make
        return make(raw)

    def find(self, name: str, raw: int) -> str | None:
        """The name of a number in a set, or None."""
        return dict(self.scope.set(name)).get(raw)

    def unknown(self, name: str) -> str:
        """What is said of a number without a name in a set: ``IFLA_???``."""
        return unknown_word(name)

    def noted(self, name: str, raw: int, unknown: str = "") -> Value:
        """The number in hexadecimal, with its name as a remark; 0 only if it has one."""
        found = self.find(name, raw) or unknown
        return Noted(Hex(raw), found) if found else Hex(raw)

    def noted_flags(self, name: str, raw: int, unknown: str) -> Value:
        """The bits in hexadecimal, with their names as a remark."""
        if not raw:
            return Hex(0)
        names, rest = flag_names(self.scope.set(name), raw)
        if names and rest:
            names.append(f"{rest:#x}")
        return Noted(Hex(raw), "|".join(names) or unknown)


def padded(number: int, digits: int) -> Value:
    """A number in hexadecimal of at least so many places, its prefix included."""
    value = Padded(number)
    value.digits = digits
    return value


def hex_bytes(data: bytes) -> Array:
    """An array of bytes: ``[0x1, 00, 0xff]``."""
    return Array(tuple([padded(byte, 2) for byte in data]))


def hardware(data: bytes) -> Value:
    """A hardware address: ``01:02:03:04:05:06``."""
    return HardwareAddress(data.hex(":"))


def struct_of_pairs(pairs: Iterable[Pair], abbreviated: bool = False) -> Struct:
    """A struct of (name, value) pairs."""
    listed = tuple(pairs)
    return Struct(
        tuple([name for name, _ in listed]), tuple([value for _, value in listed]), abbreviated
    )
