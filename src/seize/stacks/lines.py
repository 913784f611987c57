"""From addresses to source lines: .debug_aranges, .debug_info and .debug_line (DWARF 2 to 5).

Only the unit that an address belongs to is read: .debug_aranges tells which.  Where it doesn't,
the units are read one after the other until one knows the address.
"""

from __future__ import annotations

from bisect import bisect_right

from seize.stacks.aranges import aranges
from seize.stacks.lineprogram import LineProgram
from seize.stacks.reading import Cursor, Malformed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.stacks.elf import Elf

_SECTIONS = (
    *(".debug_line", ".debug_line_str", ".debug_str"),
    *(".debug_aranges", ".debug_info", ".debug_abbrev"),
)
_AT_STMT_LIST, _AT_COMP_DIR = 0x10, 0x1B
_MOST_SCANNED = 1 << 24
"""How many bytes of line numbers are read in search of an address that no index has."""
_MOST_UNITS = 1 << 16
_LONGEST_ABBREVIATIONS = 1 << 20
_LARGEST_INDEX = 1 << 24
_SKELETON_UNITS, _TYPE_UNITS = (4, 5), (2, 6)

_IMPLICIT_CONST, _INDIRECT = 0x21, 0x16
_SIZES = (
    {0x0B: 1, 0x0C: 1, 0x11: 1, 0x25: 1, 0x29: 1, 0x05: 2, 0x12: 2, 0x26: 2, 0x2A: 2}
    | {0x27: 3, 0x2B: 3, 0x06: 4, 0x13: 4, 0x1C: 4, 0x28: 4, 0x2C: 4}
    | {0x07: 8, 0x14: 8, 0x20: 8, 0x24: 8, 0x1E: 16, 0x19: 0}
)
_OFFSETS = (0x0E, 0x10, 0x17, 0x1D, 0x1F, 0x1F20, 0x1F21)
_ULEBS = (0x0F, 0x15, 0x1A, 0x1B, 0x22, 0x23)
_LENGTHS = {0x0A: 1, 0x03: 2, 0x04: 4}


def line_table(elf: Elf | None) -> LineTable | None:
    """The line numbers of an image; None if it has none."""
    try:
        if elf is None or elf.section(".debug_line") is None:
            return None
        sections = {name: elf.contents(elf.section(name)) for name in _SECTIONS}
        sections[".debug_aranges"] = sections[".debug_aranges"][:_LARGEST_INDEX]
        return LineTable(sections, elf.word)
    except (OSError, Malformed):
        # Damaged is as good as none.
        return None


class _Unit:
    """A unit of .debug_info: where its line numbers are, and its compilation directory."""

    __slots__ = ("folder", "lines")

    def __init__(self, lines: int | None, folder: str) -> None:
        self.lines = lines
        self.folder = folder


class LineTable:
    """The line numbers of one image; ``sections`` are contents by name."""

    def __init__(self, sections: dict[str, bytes], word: int) -> None:
        self._sections = sections
        self._word = word
        self._ranges = sorted(self._read_ranges())
        self._starts = [start for start, _, _ in self._ranges]
        self._programs: dict[int, LineProgram | None] = {}
        self._unread = self._units()
        self._scanned = 0

    def find(self, address: int) -> tuple[str, int] | None:
        """The source file and the line that an address was compiled from; None if unknown."""
        index = bisect_right(self._starts, address) - 1
        if index >= 0 and address < self._ranges[index][1]:
            found = self._in_unit(self._ranges[index][2], address)
            if found is not None:
                return found
        for program in list(self._programs.values()):
            found = None if program is None else program.find(address)
            if found is not None:
                return found
        return self._search(address)

    def _in_unit(self, offset: int, address: int) -> tuple[str, int] | None:
        try:
            unit, _ = self._unit(offset)
        except Malformed:
            # The index points to nowhere: as if it didn't.
            return None
        program = self._program(unit)
        return None if program is None else program.find(address)

    def _search(self, address: int) -> tuple[str, int] | None:
        """Read the next units until one of them knows the address."""
        while self._scanned <= _MOST_SCANNED:
            unit = next(self._unread, None)
            if unit is None:
                break
            if unit.lines in self._programs:
                continue
            program = self._program(unit)
            found = None if program is None else program.find(address)
            if found is not None:
                return found
        return None

    def _program(self, unit: _Unit) -> LineProgram | None:
        offset = unit.lines
        if offset is None:
            return None
        if offset not in self._programs:
            try:
                self._scanned += Cursor(self._sections[".debug_line"], offset).initial_length()[0]
                program = LineProgram(self._sections, offset, unit.folder, self._word)
            except Malformed:
                program = None
            self._programs[offset] = program
        return self._programs[offset]

    # ------------------------------------------------------------------ .debug_aranges

    def _read_ranges(self) -> list[tuple[int, int, int]]:
        """Where units have code: (start, end, the unit's offset in .debug_info)."""
        found: list[tuple[int, int, int]] = []
        try:
            found.extend(aranges(self._sections[".debug_aranges"]))
        except Malformed:
            # What was read so far is good.
            return found
        return found

    # ------------------------------------------------------------------ .debug_info

    def _units(self) -> Iterator[_Unit]:
        """All units, in order, as far as they can be read."""
        offset, end = 0, len(self._sections[".debug_info"])
        for _ in range(_MOST_UNITS):
            if offset >= end:
                return
            try:
                unit, offset = self._unit(offset)
            except Malformed:
                return
            yield unit

    def _unit(self, offset: int) -> tuple[_Unit, int]:
        """The unit at an offset in .debug_info, and the offset of the one after it."""
        cursor = Cursor(self._sections[".debug_info"], offset)
        length, offset_size = cursor.initial_length()
        following = cursor.position + length
        version = cursor.unsigned(2)
        if version >= 5:
            kind, word = cursor.byte(), cursor.byte()
            abbreviations = cursor.unsigned(offset_size)
            if kind in _SKELETON_UNITS:
                cursor.take(8)
            elif kind in _TYPE_UNITS:
                cursor.take(8 + offset_size)
        else:
            abbreviations, word = cursor.unsigned(offset_size), cursor.byte()
        lines, folder = None, ""
        for attribute, form, constant in self._attributes(abbreviations, cursor.uleb()):
            value = constant if form == _IMPLICIT_CONST else _read(cursor, form, offset_size, word)
            if attribute == _AT_STMT_LIST and isinstance(value, int):
                lines = value
            elif attribute == _AT_COMP_DIR:
                folder = self._string(form, value)
        return _Unit(lines, folder), following

    def _attributes(self, offset: int, code: int) -> list[tuple[int, int, int]]:
        """What the entries of an abbreviation consist of: (attribute, form, constant)."""
        cursor = Cursor(self._sections[".debug_abbrev"], offset, offset + _LONGEST_ABBREVIATIONS)
        while number := cursor.uleb():
            cursor.uleb()
            cursor.byte()
            found = []
            while True:
                attribute, form = cursor.uleb(), cursor.uleb()
                constant = cursor.sleb() if form == _IMPLICIT_CONST else 0
                if not attribute and not form:
                    break
                found.append((attribute, form, constant))
            self._scanned += len(found)
            if number == code:
                return found
        return []

    def _string(self, form: int, value: int | bytes) -> str:
        if isinstance(value, int):
            section = {0x0E: ".debug_str", 0x1F: ".debug_line_str"}.get(form)
            if section is None:
                return ""
            value = Cursor(self._sections[section], value).cstring()
        return value.decode("utf-8", "surrogateescape")


def _read(cursor: Cursor, form: int, offset_size: int, word: int) -> int | bytes:
    """Read an attribute's value."""
    if form == _INDIRECT:
        form = cursor.uleb()
    if form in _SIZES:
        return cursor.unsigned(_SIZES[form])
    if form in _OFFSETS:
        return cursor.unsigned(offset_size)
    if form in _ULEBS:
        return cursor.uleb()
    if form in _LENGTHS:
        return cursor.take(cursor.unsigned(_LENGTHS[form]))
    if form in (0x09, 0x18):
        return cursor.take(cursor.uleb())
    if form == 0x01:
        return cursor.unsigned(word)
    if form == 0x08:
        return cursor.cstring()
    if form == 0x0D:
        return cursor.sleb()
    raise Malformed(f"a value in the form {form:#x}")
