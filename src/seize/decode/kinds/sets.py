"""Named values: sets of flags and enumerations, from the generated tables."""

from __future__ import annotations

from seize.decode.kinds.base import Kind, Memo, UnknownKind
from seize.decode.tables import usual_prefix
from seize.decode.values import Enum, Flags

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Pure, Scope
    from seize.decode.signature import Spec
    from seize.decode.tables import Table


_made: dict[tuple[object, ...], Pure] = {}
"""The functions of all tables: what is remembered of one is shared by all that use it."""


def enumeration(table: Table, name: str, bits: int = 32, is_signed: bool = False) -> Pure:
    """A function from a number to an ``Enum`` of the table; it remembers the values it made."""
    key = (table, name, bits, is_signed)
    if key not in _made:
        _made[key] = Memo(_enum_of(table, name, bits, is_signed)).__getitem__
    return _made[key]


def _enum_of(table: Table, name: str, bits: int, is_signed: bool) -> Pure:
    names: dict[int, str] = {}
    mask = (1 << bits) - 1
    for value, word in table:
        names.setdefault(value & mask, word)

    def make(raw: int) -> Enum:
        raw &= mask
        found = names.get(raw)
        if is_signed and raw >> (bits - 1):
            raw -= mask + 1
        enum = Enum(raw)
        enum.name = found
        enum.set = name
        return enum

    return make


def constant(value: int, name: str, table: str) -> Enum:
    """A number that has a name, by that of the set it belongs to."""
    enum = Enum(value)
    enum.name = name
    enum.set = table
    return enum


def flag_names(table: Table, value: int) -> tuple[list[str], int]:
    """The names of the flags in ``value``, and the bits that have none."""
    names: list[str] = []
    for bits, word in table:
        if bits and value & bits == bits:
            names.append(word)
            value &= ~bits
    return names, value


def flag_set(
    table: Table, name: str, bits: int, base: Table = (), base_mask: int = 0, apart: bool = False
) -> Pure:
    """A function from a number to ``Flags``: a value of ``base`` under its mask, then bits.

    ``apart``: what has no name is said of the base and of the bits each.
    """
    key = (table, name, bits, base, base_mask, apart)
    if key not in _made:
        _made[key] = Memo(_flags_of(table, name, bits, base, base_mask, apart)).__getitem__
    return _made[key]


def _flags_of(table: Table, name: str, bits: int, base: Table, base_mask: int, apart: bool) -> Pure:
    mask = (1 << bits) - 1
    zero = next((word for value, word in table if value == 0), None)
    bases: dict[int, str] = {}
    for value, word in base:
        bases.setdefault(value, word)

    def make(raw: int) -> Flags:
        raw &= mask
        rest = raw & ~base_mask
        first = bases.get(raw & base_mask) if base else None
        if apart and first is None:
            first = unnamed(raw & base_mask, base)
        if base and first is None:
            rest = raw
        names, rest = flag_names(table, rest)
        if apart and rest and not names:
            names, rest = [unnamed(rest, table)], 0
        if first is not None:
            names.insert(0, first)
        if raw == 0 and not names and zero is not None:
            names = [zero]
        flags = Flags(raw)
        flags.names = tuple(names)
        flags.rest = rest
        flags.set = name
        return flags

    return make


def unnamed(value: int, table: Table) -> str:
    """``0x20 /* MFD_??? */``: what is said of a value that has no name in the table."""
    return f"{value:#x} /* {usual_prefix([name for _, name in table])}??? */"


def _bits(scope: Scope, spec: Spec) -> tuple[list[str], int]:
    words = list(spec.params)
    bits = 32
    for word, width in (("long", scope.bits), ("u64", 64), ("u16", 16), ("u8", 8)):
        if words and words[-1] == word:
            words.pop()
            bits = width
    return words, bits


def _flags(scope: Scope, spec: Spec) -> Kind:
    """``flags SET [of BASE MASK [apart]] [u64|long]``."""
    words, bits = _bits(scope, spec)
    apart = words[-1:] == ["apart"]
    if apart:
        words.pop()
    if not words or (len(words) > 1 and (len(words) != 4 or words[1] != "of")):
        raise UnknownKind("flags needs SET, or SET of BASE MASK")
    base: Table = scope.set(words[2]) if len(words) > 1 else ()
    mask = int(words[3], 0) if len(words) > 1 else 0
    return Kind(flag_set(scope.set(words[0]), words[0], bits, base, mask, apart))


def _enum(scope: Scope, spec: Spec) -> Kind:
    """``enum SET [signed] [u64|long]``."""
    words, bits = _bits(scope, spec)
    is_signed = words[1:] == ["signed"]
    if not words or (len(words) > 1 and not is_signed):
        raise UnknownKind("enum needs SET")
    return Kind(enumeration(scope.set(words[0]), words[0], bits, is_signed))


_HUGE_SHIFT, _HUGE_MASK = 26, 0x3F


def _unnamed_type(value: int) -> str:
    return f"{value:#x} /* MAP_??? */"


def _mmap_flags(scope: Scope, spec: Spec) -> Kind:
    """mmap's flags: a type, bits, and the size of huge pages as a shifted number."""
    types, bits = dict(scope.set("mmap_type")), scope.set("mmap_flags")

    def make(raw: int) -> Flags:
        raw &= 0xFFFFFFFF
        flags = Flags(raw)
        huge = raw >> _HUGE_SHIFT & _HUGE_MASK
        kind = types.get(raw & 0xF) or ("MAP_FILE" if not raw & 0xF else _unnamed_type(raw & 0xF))
        names, rest = flag_names(bits, raw & ~0xF & ~(_HUGE_MASK << _HUGE_SHIFT))
        if not raw or raw & ~0xF or raw in types:
            names.insert(0, kind)
        if huge:
            if rest:
                names.append(f"{rest:#x}")
            names.append(f"{huge}<<MAP_HUGE_SHIFT")
        else:
            flags.rest = rest
        flags.names, flags.set = tuple(names), "mmap_flags"
        return flags

    return Kind(Memo(make).__getitem__)


def _huge_flags(scope: Scope, spec: Spec) -> Kind:
    """``huge_flags SET SHIFT``: flags, and the size of huge pages as a shifted number."""
    name, shift = spec.params
    bits = scope.set(name)

    def make(raw: int) -> Flags:
        raw &= 0xFFFFFFFF
        flags = Flags(raw)
        huge = raw >> _HUGE_SHIFT & _HUGE_MASK
        names, rest = flag_names(bits, raw & ~(_HUGE_MASK << _HUGE_SHIFT))
        if huge:
            if rest:
                names.append(f"{rest:#x}" if names else unnamed(rest, bits))
            names.append(f"{huge}<<{shift}")
        else:
            flags.rest = rest
        flags.names, flags.set = tuple(names), name
        return flags

    return Kind(Memo(make).__getitem__)


KINDS: dict[str, Factory] = {
    "flags": _flags,
    "enum": _enum,
    "mmap_flags": _mmap_flags,
    "huge_flags": _huge_flags,
}
