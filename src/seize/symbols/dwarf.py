"""Debugging information entries: .debug_info and .debug_abbrev (DWARF 5, section 7.5).

Only what is asked for is read: the headers of the units, then the entries on the way to the one
that is wanted; siblings are stepped over.  That is why types and variables are read by ourselves.
drgn indexes a whole file first and unwinds no living user process, and knows neither the blocks of
a function nor entry values; pyelftools takes 50 ms for a large unit, for each of the units that a
stack leads through.  Reading by ourselves also works alike for living processes and cores, and
needs no package.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from struct import calcsize

from seize.stacks.reading import Cursor, Malformed
from seize.symbols import constants as dw
from seize.symbols.abbreviations import FIXED, OFFSETS, STRING_INDEXES, Abbreviations
from seize.symbols.dies import Die

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.stacks.elf import Elf
    from seize.symbols.abbreviations import Value

_MOST_UNITS = 1 << 17
_CODES = re.compile(r"\d*[a-zA-Z]")


def _uleb(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*found, value))


class Unit:
    """One unit of debugging information; ``offset`` is where it begins in its section."""

    def __init__(self, dwarf: Dwarf, data: bytes, offset: int, *, is_types: bool = False) -> None:
        self.dwarf = dwarf
        self.data = data
        self.offset = offset
        cursor = Cursor(data, offset)
        length, self.offset_size = cursor.initial_length()
        self.end = cursor.position + length
        if self.end > len(data):
            raise Malformed(f"a unit that ends after {len(data)} bytes")
        self.version = cursor.unsigned(2)
        if not 2 <= self.version <= 5:
            raise Malformed(f"a unit of version {self.version}")
        self.kind = dw.UT_TYPE if is_types else 0
        if self.version == 5:
            self.kind, self.word = cursor.byte(), cursor.byte()
            self._abbreviations_offset = cursor.unsigned(self.offset_size)
        else:
            self._abbreviations_offset = cursor.unsigned(self.offset_size)
            self.word = cursor.byte()
        self.skeleton: Unit | None = None
        """The unit in the program, if this one is in a .dwo file."""
        self.dwo_id = 0
        if self.kind in (dw.UT_SKELETON, dw.UT_SPLIT_COMPILE):
            self.dwo_id = cursor.unsigned(8)
        self.signature = self.type_offset = 0
        if self.kind in (dw.UT_TYPE, dw.UT_SPLIT_TYPE):
            self.signature = cursor.unsigned(8)
            self.type_offset = cursor.unsigned(self.offset_size)
        self._first = cursor.position
        self._abbreviations: Abbreviations | None = None
        self._dies: dict[int, Die] = {}
        self._root: Die | None = None

    def fixed(self, form: int) -> str | None:
        """The struct code of a form of a fixed size; None of the others."""
        if form in OFFSETS or (form == dw.FORM_REF_ADDR and self.version > 2):
            return "I" if self.offset_size == 4 else "Q"
        if form in (dw.FORM_ADDR, dw.FORM_REF_ADDR):
            return "I" if self.word == 4 else "Q"
        return FIXED.get(form)

    @property
    def abbreviations(self) -> Abbreviations:
        """The kinds of entries by their codes."""
        if self._abbreviations is None:
            self._abbreviations = self.dwarf.abbreviations(self._abbreviations_offset, self)
        return self._abbreviations

    @property
    def root(self) -> Die:
        """The entry of the unit itself."""
        if self._root is None:
            root = self.die(self._first)
            if root is None:
                raise Malformed("a unit without entries")
            self._root = root
        return self._root

    def die(self, offset: int) -> Die | None:
        """The entry at an offset of the section; None at the end of siblings."""
        known = self._dies.get(offset)
        if known is not None:
            return known
        if not self._first <= offset < self.end:
            raise Malformed(f"an entry at {offset}, outside of its unit")
        code = self.data[offset]
        position = offset + 1
        if code > 0x7F:
            cursor = Cursor(self.data, offset)
            code, position = cursor.uleb(), cursor.position
        if not code:
            return None
        abbreviation = self.abbreviations.get(code)
        if abbreviation is None:
            raise Malformed(f"an entry of the unknown kind {code}")
        values, end = abbreviation.read(self.data, position)
        made = self._dies[offset] = Die(self, offset, abbreviation, values, end)
        return made

    def die_at(self, offset: int) -> Die:
        """The entry at an offset that something refers to."""
        die = self.die(offset)
        if die is None:
            raise Malformed(f"no entry at {offset}")
        return die

    def name_places(self, tags: frozenset[int]) -> list[tuple[bytes, int]]:
        """How entries of some kinds begin: their code, and how far behind it the name is.

        That is -1 where it isn't always the same.
        """
        found = []
        for code, abbreviation in self.abbreviations.all():
            if abbreviation.tag not in tags or dw.AT_NAME not in abbreviation.forms:
                continue
            layout, names, _ = abbreviation.steps[0]
            place = -1
            if layout is None:
                place = 0 if names[0] == dw.AT_NAME else -1
            elif dw.AT_NAME in names:
                letters = layout.format.removeprefix("<")
                count = names.index(dw.AT_NAME)
                place = calcsize("<" + "".join(_CODES.findall(letters)[:count]))
            found.append((_uleb(code), place))
        return found

    def names_by_index(self, offsets: set[int]) -> bool:
        """Whether its strings by index include one of some offsets into .debug_str."""
        table = self.dwarf.section(".debug_str_offsets")
        size = self.offset_size
        if not table:
            return False
        if self.skeleton is not None:
            # A .dwo file has one table, with a header from DWARF 5 on.
            base, end = 2 * size if self.version > 4 else 0, len(table)
        elif self.version > 4 and dw.AT_STR_OFFSETS_BASE in self.root:
            base = self.root.number(dw.AT_STR_OFFSETS_BASE) or 0
            header = base - 2 * size
            end = base - size + Cursor(table, header).unsigned(size) if size == 4 else len(table)
        else:
            return False
        words = memoryview(table[base:end][: (end - base) // size * size])
        return not offsets.isdisjoint(words.cast("I" if size == 4 else "Q").tolist())

    # ------------------------------------------------------------------ by way of other sections

    def string(self, form: int, value: Value) -> str:
        """The text that a value of a form stands for."""
        if form == dw.FORM_STRING and isinstance(value, bytes):
            return value.decode("utf-8", "surrogateescape")
        if form in STRING_INDEXES:
            index = value if isinstance(value, int) else int.from_bytes(value, "little")
            header = 2 * self.offset_size if self.version > 4 else 0
            base = self._base(dw.AT_STR_OFFSETS_BASE, header)
            offsets = self.dwarf.section(".debug_str_offsets")
            place = base + index * self.offset_size
            value, form = Cursor(offsets, place).unsigned(self.offset_size), dw.FORM_STRP
        section = ".debug_line_str" if form == dw.FORM_LINE_STRP else ".debug_str"
        if form not in (dw.FORM_STRP, dw.FORM_LINE_STRP) or not isinstance(value, int):
            return ""
        text = Cursor(self.dwarf.section(section), value).cstring()
        return text.decode("utf-8", "surrogateescape")

    def indexed_address(self, index: int) -> int:
        """The address of an index into .debug_addr."""
        root = self.owner.root
        base = root.number(dw.AT_ADDR_BASE)
        if base is None:
            base = root.number(dw.AT_GNU_ADDR_BASE) or (8 if self.version > 4 else 0)
        place = base + index * self.word
        return Cursor(self.dwarf.section(".debug_addr"), place).unsigned(self.word)

    def _base(self, attribute: int, default: int) -> int:
        value = self.root.number(attribute)
        return default if value is None else value

    @property
    def owner(self) -> Unit:
        """The unit in the program: its skeleton, or itself."""
        return self.skeleton or self

    @property
    def language(self) -> int:
        """The DW_LANG_* number."""
        return self.root.number(dw.AT_LANGUAGE) or 0

    @property
    def is_cpp(self) -> bool:
        """Whether it was compiled from C++."""
        return self.language in dw.LANG_CPP

    @property
    def producer(self) -> str:
        """What compiled it."""
        return self.root.string(dw.AT_PRODUCER) or ""


class Dwarf:
    """The debugging information of one image."""

    def __init__(self, elf: Elf) -> None:
        self.elf = elf
        self._sections: dict[str, bytes] = {}
        self._tables: dict[int, Abbreviations] = {}
        self._units: list[Unit] | None = None
        self._signatures: dict[int, Unit] = {}
        self.type_units: list[Unit] = []
        """The units of .debug_types (DWARF 4), known once the others are."""

    def section(self, name: str) -> bytes:
        """The contents of a section, b"" if there is none."""
        if name not in self._sections:
            self._sections[name] = self.elf.contents(self.elf.section(name))
        return self._sections[name]

    @property
    def units(self) -> list[Unit]:
        """All units in order, as far as their headers can be read."""
        if self._units is None:
            self._units = list(self._read_units(".debug_info"))
            self.type_units = list(self._read_units(".debug_types"))
            every = [*self._units, *self.type_units]
            self._signatures = {unit.signature: unit for unit in every if unit.signature}
        return self._units

    def _read_units(self, section: str) -> Iterator[Unit]:
        data, offset = self.section(section), 0
        for _ in range(_MOST_UNITS):
            if offset >= len(data):
                return
            try:
                unit = Unit(self, data, offset, is_types=section == ".debug_types")
            except Malformed:
                # What was read so far is good.
                return
            yield unit
            offset = unit.end

    def unit_at(self, offset: int) -> Unit:
        """The unit that has the entry at an offset of .debug_info."""
        units = self.units
        index = bisect_right(units, offset, key=_unit_offset) - 1
        if index < 0 or offset >= units[index].end:
            raise Malformed(f"no unit has an entry at {offset}")
        return units[index]

    def die_at(self, offset: int) -> Die:
        """The entry at an offset of .debug_info."""
        return self.unit_at(offset).die_at(offset)

    def by_signature(self, signature: int) -> Die | None:
        """The entry of a type that has a unit of its own."""
        unit = self._signatures.get(signature) if self.units else None
        return None if unit is None else unit.die_at(unit.offset + unit.type_offset)

    def abbreviations(self, offset: int, unit: Unit) -> Abbreviations:
        """The table of abbreviations at an offset."""
        key = offset * 8 + unit.offset_size + (unit.word == 4)
        table = self._tables.get(key)
        if table is None or unit.version <= 2:
            cursor = Cursor(self.section(".debug_abbrev"), offset)
            table = self._tables[key] = Abbreviations(cursor, unit)
        return table


def _unit_offset(unit: Unit) -> int:
    return unit.offset
