"""Address ranges and location lists: DWARF 5, sections 2.17 and 2.6.2, and what was before."""

from __future__ import annotations

from seize.stacks.reading import Cursor, Malformed
from seize.symbols import constants as dw
from seize.symbols.abbreviations import SECTION_OFFSETS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.symbols.dies import Die
    from seize.symbols.dwarf import Unit

    Range = tuple[int, int]

_MOST_ENTRIES = 1 << 16
_AT_GNU_RANGES_BASE = 0x2132


def ranges_of(die: Die) -> list[Range]:
    """The addresses of an entry's code as (start, end): of the image, end exclusive."""
    low = die.address(dw.AT_LOW_PC)
    if low is not None and dw.AT_HIGH_PC in die:
        high = die.address(dw.AT_HIGH_PC)
        end = low + (die.number(dw.AT_HIGH_PC) or 0) if high is None else high
        return [(low, end)] if low < end else []
    if dw.AT_RANGES in die:
        return [found for found in _range_list(die) if found[0] < found[1]]
    return []


def entry_pc(die: Die) -> int | None:
    """Where an entry's code begins (not DW_AT_entry_pc: as gdb sees it); None if it has none."""
    ranges = ranges_of(die)
    return ranges[0][0] if ranges else None


def _unit_base(unit: Unit) -> int:
    return unit.owner.root.address(dw.AT_LOW_PC) or 0


def _range_list(die: Die) -> list[Range]:
    unit, value = die.unit, die.number(dw.AT_RANGES)
    assert value is not None
    if unit.version < 5:
        if unit.skeleton is not None:
            value += unit.skeleton.root.number(_AT_GNU_RANGES_BASE) or 0
        return [(a, b) for a, b, _ in _old_list(unit, ".debug_ranges", value, False)]
    if die.abbreviation.forms[dw.AT_RANGES] == dw.FORM_RNGLISTX:
        value = _indexed(unit, ".debug_rnglists", dw.AT_RNGLISTS_BASE, value)
    return [(a, b) for a, b, _ in _new_list(unit, ".debug_rnglists", value, False)]


def _indexed(unit: Unit, section: str, attribute: int, index: int) -> int:
    base = unit.root.number(attribute)
    if base is None:
        base = 12 if unit.offset_size == 4 else 20
    size = unit.offset_size
    return base + Cursor(unit.dwarf.section(section), base + index * size).unsigned(size)


def location_of(die: Die, attribute: int, address: int | None) -> bytes | None:
    """The expression of an attribute that holds at an address of the image; None if none does."""
    value = die.values.get(attribute)
    if value is None or isinstance(value, bytes):
        return value
    if not is_list(die, attribute) or address is None:
        return None
    for start, end, expression in location_list(die, attribute):
        if start <= address < end:
            return expression
    return None


def is_list(die: Die, attribute: int) -> bool:
    """Whether an attribute is a location list, not one expression."""
    form = die.abbreviation.forms.get(attribute)
    old = die.unit.version < 4 and form in (dw.FORM_DATA4, dw.FORM_DATA8)
    return form in SECTION_OFFSETS or old


def location_list(die: Die, attribute: int) -> Iterator[tuple[int, int, bytes]]:
    """The (start, end, expression)s of a location list."""
    unit, value = die.unit, die.number(attribute)
    assert value is not None
    if unit.version < 5:
        if unit.skeleton is not None:
            return _split_list(unit, value)
        return _old_list(unit, ".debug_loc", value, True)
    if die.abbreviation.forms[attribute] == dw.FORM_LOCLISTX:
        value = _indexed(unit, ".debug_loclists", dw.AT_LOCLISTS_BASE, value)
    return _new_list(unit, ".debug_loclists", value, True)


def _old_list(
    unit: Unit, section: str, offset: int, located: bool
) -> Iterator[tuple[int, int, bytes]]:
    """A list of DWARF 2 to 4: pairs of addresses, (0, 0) at the end."""
    cursor = Cursor(unit.dwarf.section(section), offset)
    base, word = _unit_base(unit), unit.word
    highest = (1 << 8 * word) - 1
    for _ in range(_MOST_ENTRIES):
        start, end = cursor.unsigned(word), cursor.unsigned(word)
        if start == highest:
            base = end
        elif not start and not end:
            return
        else:
            expression = cursor.take(cursor.unsigned(2)) if located else b""
            yield base + start, base + end, expression
    raise Malformed("a list without end")


def _split_list(unit: Unit, offset: int) -> Iterator[tuple[int, int, bytes]]:
    """A location list of a .dwo file of DWARF 4: addresses by number."""
    cursor = Cursor(unit.dwarf.section(".debug_loc"), offset)
    for _ in range(_MOST_ENTRIES):
        kind = cursor.byte()
        if kind == 0:
            return
        if kind not in (2, 3):
            raise Malformed(f"a location list with an entry of the kind {kind}")
        start = unit.indexed_address(cursor.uleb())
        end = unit.indexed_address(cursor.uleb()) if kind == 2 else start + cursor.unsigned(4)
        yield start, end, cursor.take(cursor.unsigned(2))
    raise Malformed("a list without end")


def _new_list(
    unit: Unit, section: str, offset: int, located: bool
) -> Iterator[tuple[int, int, bytes]]:
    """A list of DWARF 5; its entries of both sections are alike but for the expressions."""
    cursor = Cursor(unit.dwarf.section(section), offset)
    base, word = _unit_base(unit), unit.word
    for _ in range(_MOST_ENTRIES):
        kind = cursor.byte()
        if located and kind >= 5:
            # A default location, which .debug_rnglists hasn't got, comes in between.
            if kind == 5:
                yield 0, 1 << 8 * word, cursor.take(cursor.uleb())
                continue
            if kind == 9:
                cursor.uleb()
                cursor.uleb()
                continue
            kind -= 1
        if kind == 0:
            return
        if kind == 1:
            base = unit.indexed_address(cursor.uleb())
            continue
        if kind == 5:
            base = cursor.unsigned(word)
            continue
        if kind == 2:
            start, end = (unit.indexed_address(cursor.uleb()) for _ in range(2))
        elif kind == 3:
            start = unit.indexed_address(cursor.uleb())
            end = start + cursor.uleb()
        elif kind == 4:
            start, end = base + cursor.uleb(), base + cursor.uleb()
        elif kind == 6:
            start, end = cursor.unsigned(word), cursor.unsigned(word)
        elif kind == 7:
            start = cursor.unsigned(word)
            end = start + cursor.uleb()
        else:
            raise Malformed(f"a list with an entry of the kind {kind}")
        yield start, end, cursor.take(cursor.uleb()) if located else b""
    raise Malformed("a list without end")
