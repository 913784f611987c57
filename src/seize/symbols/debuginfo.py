"""The debugging information of one image: which unit, which lines, which functions.

Found by address through .debug_aranges and the units' own ranges; found by name through the
string section: only a unit whose bytes refer to the name is read.
"""

from __future__ import annotations

import os
from bisect import bisect_right

from seize.stacks.aranges import aranges
from seize.stacks.lineprogram import LineProgram
from seize.stacks.reading import Malformed
from seize.symbols import constants as dw
from seize.symbols.dwarf import Dwarf
from seize.symbols.ranges import entry_pc, ranges_of
from seize.symbols.sourcelines import UnitLines
from seize.symbols.splitdwarf import is_skeleton, split_unit
from seize.symbols.typetable import Types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seize.stacks.elf import Elf
    from seize.symbols.dies import Die
    from seize.symbols.dwarf import Unit

CONTAINERS = frozenset(
    (dw.TAG_NAMESPACE, dw.TAG_MODULE, dw.TAG_STRUCTURE, dw.TAG_CLASS, dw.TAG_UNION)
)
_FUNCTIONS = frozenset((dw.TAG_SUBPROGRAM,))
_DECLARED = frozenset((dw.TAG_MEMBER,))
_LOOK_BACK = 64
_MOST_SHARED = 8


class _Sections(dict[str, bytes]):
    """The sections of an image, read when they are asked for."""

    def __init__(self, dwarf: Dwarf) -> None:
        super().__init__()
        self._dwarf = dwarf

    def __missing__(self, name: str) -> bytes:
        return self._dwarf.section(name)


class DebugInfo:
    """What .debug_info and .debug_line of one image tell; addresses are the image's own."""

    def __init__(self, elf: Elf) -> None:
        self.dwarf = Dwarf(elf)
        self._word = elf.word
        self._sections: Mapping[str, bytes] = _Sections(self.dwarf)
        self._ranges: list[tuple[int, int, int]] | None = None
        self._lines: dict[Unit, UnitLines | None] = {}
        self._programs: dict[Unit, LineProgram | None] = {}
        self._functions: dict[Unit, list[tuple[int, int, Die]]] = {}
        self._named: dict[tuple[str, frozenset[int]], list[Die]] = {}
        self._nested: dict[Unit, list[tuple[int, int, Die]]] = {}
        self._contents: dict[Unit, Unit] = {}
        self.may_call_itself: dict[Die, bool] = {}
        """What was found out of functions: whether they may end by a jump to their beginning."""
        self.types = Types(self)

    # ------------------------------------------------------------------ by address

    def unit_of(self, address: int) -> Unit | None:
        """The unit that an address was compiled from."""
        if self._ranges is None:
            self._ranges = sorted(self._read_ranges())
        last = bisect_right(self._ranges, (address, 1 << 64, 0)) - 1
        for index in range(last, max(last - _LOOK_BACK, -1), -1):
            start, end, offset = self._ranges[index]
            if start <= address < end:
                try:
                    return self.content(self.dwarf.unit_at(offset))
                except Malformed:
                    # The index points to nowhere: as if it didn't.
                    continue
        return None

    def content(self, unit: Unit) -> Unit:
        """The unit that has the entries of a unit: itself, if it is no skeleton of another."""
        if unit not in self._contents:
            found = split_unit(unit) if is_skeleton(unit) else unit
            self._contents[unit] = found or unit
        return self._contents[unit]

    def _read_ranges(self) -> Iterator[tuple[int, int, int]]:
        """Where units have code: (start, end, the unit's offset)."""
        indexed: set[int] = set()
        try:
            for start, end, offset in aranges(self.dwarf.section(".debug_aranges")):
                indexed.add(offset)
                if start:
                    yield start, end, offset
        except Malformed:
            # The units themselves say the same.
            indexed.clear()
        for unit in self.dwarf.units:
            if unit.offset in indexed or unit.kind in (dw.UT_TYPE, dw.UT_SPLIT_TYPE):
                continue
            try:
                ranges = ranges_of(unit.root)
            except Malformed:
                continue
            for start, end in ranges:
                if start:
                    yield start, end, unit.offset

    def lines(self, unit: Unit) -> UnitLines | None:
        """The line table of a unit; None if it has none that can be read."""
        unit = unit.owner
        if unit not in self._lines:
            made = None
            try:
                offset = unit.root.number(dw.AT_STMT_LIST)
                if offset is not None:
                    folder = unit.root.string(dw.AT_COMP_DIR) or ""
                    made = UnitLines(LineProgram(self._sections, offset, folder, unit.word))
            except Malformed:
                # As if it had none.
                made = None
            self._lines[unit] = made
        return self._lines[unit]

    def file_names(self, unit: Unit) -> LineProgram | None:
        """The line table of a unit, of which only the names of files are wanted."""
        unit = unit.owner
        if unit in self._lines:
            lines = self._lines[unit]
            return None if lines is None else lines.program
        if unit not in self._programs:
            made = None
            try:
                offset = unit.root.number(dw.AT_STMT_LIST)
                if offset is not None:
                    folder = unit.root.string(dw.AT_COMP_DIR) or ""
                    sections, word = self._sections, unit.word
                    made = LineProgram(sections, offset, folder, word, only_names=True)
            except Malformed:
                # As if it had none.
                made = None
            self._programs[unit] = made
        return self._programs[unit]

    def may_have_file(self, name: str) -> bool:
        """Whether any unit may have lines of a file that is called so."""
        text = os.fsencode(name.rpartition("/")[2]) + b"\0"
        sections = ".debug_line_str", ".debug_line", ".debug_str"
        return any(self.dwarf.section(section).find(text) >= 0 for section in sections)

    def file_name(self, unit: Unit, number: int) -> str:
        """The name of a file of a unit, as the compiler was told it."""
        program = self.file_names(unit)
        if program is None:
            return ""
        name = program.file_name(number)
        main, folder = unit.root.name or "", unit.owner.root.string(dw.AT_COMP_DIR) or ""
        # The line table may have another name for the unit's own file.
        return main if path_in(folder, name) == path_in(folder, main) else name

    def path(self, unit: Unit, number: int) -> str:
        """The whole path of a file of a unit."""
        return path_in(unit.owner.root.string(dw.AT_COMP_DIR) or "", self.file_name(unit, number))

    def functions(self, unit: Unit) -> list[tuple[int, int, Die]]:
        """The functions of a unit that have code, as (start, end, entry) in order."""
        if unit not in self._functions:
            found: list[tuple[int, int, Die]] = []
            for die in subprograms(unit.root):
                found += [(start, end, die) for start, end in ranges_of(die) if start]
            found.sort(key=lambda entry: entry[:2])
            self._functions[unit] = found
        return self._functions[unit]

    def function_at(self, address: int) -> Die | None:
        """The function (not an inlined one) that an address is in."""
        unit = self.unit_of(address)
        if unit is None:
            return None
        found = _covering(self.functions(unit), address)
        if found is None and unit not in self._nested:
            # A lambda's function is inside of the one that has made it.
            nested = [die for outer in subprograms(unit.root) for die in _inside(outer)]
            entries = [(start, end, die) for die in nested for start, end in ranges_of(die)]
            self._nested[unit] = sorted(entries, key=lambda entry: entry[:2])
        return found or _covering(self._nested.get(unit, []), address)

    def entries_with(self, root: Die, data: bytes) -> Iterator[Die]:
        """The entries below one in whose attributes some bytes are."""
        unit, position = root.unit, root.offset
        while (position := unit.data.find(data, position + 1, root.end)) >= 0:
            die = _entry_over(root, position)
            if die is not None:
                yield die

    # ------------------------------------------------------------------ by name

    def units_naming(self, name: str, tags: frozenset[int]) -> Iterator[Unit]:
        """The units that may have an entry of this name and one of these kinds."""
        yield from _units_naming(self.dwarf, name, tags)
        for unit in self.dwarf.units:
            if (unit.kind == dw.UT_SKELETON or self._is_split) and is_skeleton(unit):
                content = self.content(unit)
                if content is not unit:
                    yield from _units_naming(content.dwarf, name, tags)

    @property
    def _is_split(self) -> bool:
        """Whether the program was compiled with .dwo files: it has addresses by number."""
        return bool(self.dwarf.section(".debug_addr"))

    def inlined_named(self, name: str) -> Iterator[tuple[int, Die]]:
        """Where functions whose own name is ``name`` are inlined: (entry, die)."""
        for unit in self.units_naming(name, _FUNCTIONS):
            for die in subprograms(unit.root):
                if die.any_name != name or dw.AT_LOW_PC in die or dw.AT_RANGES in die:
                    continue
                for abstract in (die, *self.elsewhere(die)):
                    for inlined in self._instances(abstract):
                        address = entry_pc(inlined)
                        if address:
                            yield address, inlined

    def _instances(self, abstract: Die) -> Iterator[Die]:
        """Where an inlined function is: the entries that refer to it."""
        unit = abstract.unit
        needle = (abstract.offset - unit.offset).to_bytes(4, "little")
        for die in self.entries_with(unit.root, needle):
            if die.tag == dw.TAG_INLINED and die.reference(dw.AT_ABSTRACT_ORIGIN) is abstract:
                yield die
        yield from (die for die in self.elsewhere(abstract) if die.tag == dw.TAG_INLINED)

    def elsewhere(self, abstract: Die) -> Iterator[Die]:
        """The instances of an entry in other units, as optimizing at link time makes them."""
        section = self.dwarf.section(".debug_info")
        if abstract.unit.data is not section:
            return
        needle, position = abstract.offset.to_bytes(4, "little"), -1
        while (position := section.find(needle, position + 1)) >= 0:
            unit = self.dwarf.unit_at(position)
            die = None if unit is abstract.unit else _entry_over(unit.root, position)
            if die is not None and die.reference(dw.AT_ABSTRACT_ORIGIN) is abstract:
                yield die

    def named(self, name: str, tags: frozenset[int]) -> list[Die]:
        """The entries of some kinds outside of functions whose own name is ``name``."""
        key = name, tags
        if key not in self._named:
            self._named[key] = list(self.seek(name, tags))
        return self._named[key]

    def seek(self, name: str, tags: frozenset[int]) -> Iterator[Die]:
        """The same, one after the other: for who wants only the first ones."""
        # What a class only declares may be defined by an entry that has no name itself.
        for unit in self.units_naming(name, tags | _DECLARED):
            for die in _outside(unit.root):
                if die.tag in tags and die.any_name == name:
                    yield die

    def below(self, unit: Unit, tags: frozenset[int]) -> Iterator[Die]:
        """The entries of some kinds in a unit, outside of functions."""
        return (die for die in _outside(unit.root) if die.tag in tags)


def path_in(folder: str, name: str) -> str:
    """The path of a file that is called so in a folder."""
    return name if name.startswith("/") or not folder else f"{folder}/{name}"


def _units_naming(dwarf: Dwarf, name: str, tags: frozenset[int]) -> Iterator[Unit]:
    """The units of one file that may have an entry of a name and one of some kinds."""
    text = name.encode("utf-8", "surrogateescape")
    section = dwarf.section(".debug_info")
    offsets = _likely_offsets(dwarf.section(".debug_str"), text + b"\0")
    needles = [text + b"\0", *(offset.to_bytes(4, "little") for offset in offsets)]
    found: set[int] = set()
    for needle in needles:
        position = -1
        while (position := section.find(needle, position + 1)) >= 0:
            unit = dwarf.unit_at(position)
            if unit.offset in found:
                position = unit.end - 1
            elif _names_there(unit, position, tags):
                found.add(unit.offset)
                yield unit
    wanted = set(offsets)
    for unit in dwarf.units:
        if unit.offset not in found and unit.names_by_index(wanted):
            yield unit
    for unit in dwarf.type_units:
        if any(unit.data.find(needle, unit.offset, unit.end) >= 0 for needle in needles):
            yield unit


def _covering(functions: list[tuple[int, int, Die]], address: int) -> Die | None:
    index = bisect_right(functions, address, key=lambda entry: entry[0]) - 1
    return functions[index][2] if index >= 0 and address < functions[index][1] else None


def _inside(function: Die) -> Iterator[Die]:
    """The functions that are defined inside of another."""
    for child in function.children:
        if child.tag == dw.TAG_SUBPROGRAM:
            yield child
        if child.tag in (*CONTAINERS, dw.TAG_BLOCK, dw.TAG_SUBPROGRAM):
            yield from _inside(child)


def _likely_offsets(strings: bytes, text: bytes) -> list[int]:
    """Where in a string section a name may be.

    The linker lets a string share the end of a longer one: of the one that is the least when
    they are read backwards.
    """
    found: list[tuple[bytes, int]] = []
    position = -1
    while (position := strings.find(text, position + 1)) >= 0:
        start = strings.rfind(b"\0", 0, position) + 1
        found.append((strings[start:position][::-1], position))
    found.sort()
    return [offset for _, offset in found[:_MOST_SHARED]]


def _names_there(unit: Unit, position: int, tags: frozenset[int]) -> bool:
    """Whether what is at an offset may be the name of an entry of one of the kinds."""
    for code, place in unit.name_places(tags):
        start = position - place - len(code)
        if place < 0 or unit.data.startswith(code, max(start, 0)):
            return True
    return False


def subprograms(die: Die) -> Iterator[Die]:
    """The functions below an entry, in namespaces and classes too, not in other functions."""
    for child in die.children:
        if child.tag == dw.TAG_SUBPROGRAM:
            yield child
        elif child.tag in CONTAINERS:
            yield from subprograms(child)


def _outside(die: Die) -> Iterator[Die]:
    """What is declared or defined outside of functions."""
    for child in die.children:
        yield child
        if child.tag in CONTAINERS:
            yield from _outside(child)


def _entry_over(root: Die, position: int) -> Die | None:
    """The entry at or below one whose attributes cover an offset."""
    node = root
    while True:
        if node.offset <= position < node.after:
            return node
        children = node.children
        index = bisect_right(children, position, key=lambda die: die.offset) - 1
        if index < 0:
            return None
        node = children[index]
        if not node.abbreviation.has_children and position >= node.after:
            return None
