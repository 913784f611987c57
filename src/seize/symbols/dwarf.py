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
from struct import Struct, calcsize

from seize.stacks.reading import Cursor, Malformed
from seize.symbols import constants as dw

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seize.stacks.elf import Elf

    Value = int | bytes

_MOST_UNITS = 1 << 17
_MOST_ABBREVIATIONS = 1 << 16
_MOST_CHILDREN = 1 << 20
_DEEPEST = 200
"""So deep entries may be nested."""

_FIXED = {
    **dict.fromkeys((dw.FORM_DATA1, dw.FORM_REF1, dw.FORM_FLAG, dw.FORM_STRX1, 0x29), "B"),
    **dict.fromkeys((dw.FORM_DATA2, dw.FORM_REF2, dw.FORM_STRX2, dw.FORM_ADDRX2), "H"),
    **dict.fromkeys((dw.FORM_STRX3, dw.FORM_ADDRX3), "3s"),
    **dict.fromkeys((dw.FORM_DATA4, dw.FORM_REF4, dw.FORM_STRX4, dw.FORM_ADDRX4, 0x1C), "I"),
    **dict.fromkeys((dw.FORM_DATA8, dw.FORM_REF8, dw.FORM_REF_SIG8, dw.FORM_REF_SUP8), "Q"),
    dw.FORM_DATA16: "16s",
}
_OFFSETS = frozenset(
    (
        *(dw.FORM_STRP, dw.FORM_SEC_OFFSET, dw.FORM_LINE_STRP, dw.FORM_STRP_SUP),
        *(dw.FORM_GNU_REF_ALT, dw.FORM_GNU_STRP_ALT),
    )
)
_ULEBS = frozenset(
    (
        *(dw.FORM_UDATA, dw.FORM_REF_UDATA, dw.FORM_STRX, dw.FORM_ADDRX, dw.FORM_LOCLISTX),
        *(dw.FORM_RNGLISTX, dw.FORM_GNU_ADDR_INDEX, dw.FORM_GNU_STR_INDEX),
    )
)
_BLOCK_LENGTHS = {dw.FORM_BLOCK1: 1, dw.FORM_BLOCK2: 2, dw.FORM_BLOCK4: 4}
_LOCAL_REFERENCES = frozenset(
    (dw.FORM_REF1, dw.FORM_REF2, dw.FORM_REF4, dw.FORM_REF8, dw.FORM_REF_UDATA)
)
_STRING_INDEXES = frozenset(
    (
        *(dw.FORM_STRX, dw.FORM_STRX1, dw.FORM_STRX2, dw.FORM_STRX3, dw.FORM_STRX4),
        dw.FORM_GNU_STR_INDEX,
    )
)
_ADDRESS_INDEXES = frozenset(
    (
        *(dw.FORM_ADDRX, dw.FORM_ADDRX1, dw.FORM_ADDRX2, dw.FORM_ADDRX3, dw.FORM_ADDRX4),
        dw.FORM_GNU_ADDR_INDEX,
    )
)
BLOCKS = frozenset((dw.FORM_EXPRLOC, dw.FORM_BLOCK, *_BLOCK_LENGTHS))
SECTION_OFFSETS = frozenset((dw.FORM_SEC_OFFSET, dw.FORM_LOCLISTX, dw.FORM_RNGLISTX))


class Abbreviation:
    """What entries of one kind consist of; ``forms`` are FORM_* by AT_*."""

    __slots__ = ("constants", "forms", "has_children", "steps", "tag")

    def __init__(
        self, tag: int, has_children: bool, attributes: list[tuple[int, int, int]], unit: Unit
    ) -> None:
        self.tag = tag
        self.has_children = has_children
        self.forms = {attribute: form for attribute, form, _ in attributes}
        # Values that take no bytes; then runs of those of a fixed size, and single others.
        self.constants: dict[int, Value] = {}
        self.steps: list[tuple[Struct | None, tuple[int, ...], int]] = []
        names: list[int] = []
        layout = "<"
        for attribute, form, constant in attributes:
            if form == dw.FORM_IMPLICIT_CONST:
                self.constants[attribute] = constant
            elif form == dw.FORM_FLAG_PRESENT:
                self.constants[attribute] = 1
            elif (code := unit.fixed(form)) is not None:
                names.append(attribute)
                layout += code
            else:
                if names:
                    self.steps.append((Struct(layout), tuple(names), 0))
                    names, layout = [], "<"
                self.steps.append((None, (attribute,), form))
        if names:
            self.steps.append((Struct(layout), tuple(names), 0))

    def read(self, data: bytes, position: int) -> tuple[dict[int, Value], int]:
        """Read the attributes of an entry: raw values by AT_*, and where they end."""
        values = self.constants.copy()
        for layout, names, form in self.steps:
            if layout is None:
                values[names[0]], position = _variable(data, position, form)
            else:
                after = position + layout.size
                if after > len(data):
                    raise Malformed(f"an entry that ends after {len(data)} bytes")
                values.update(zip(names, layout.unpack_from(data, position), strict=True))
                position = after
        return values, position


class Abbreviations:
    """A table of abbreviations, read as far as it is needed: a unit's own is the first."""

    def __init__(self, cursor: Cursor, unit: Unit) -> None:
        self._cursor: Cursor | None = cursor
        self._unit = unit
        self._known: dict[int, Abbreviation] = {}

    def get(self, code: int) -> Abbreviation | None:
        """The abbreviation of a code; None if there is none."""
        known = self._known.get(code)
        while known is None and self._cursor is not None:
            self._read_next(self._cursor)
            known = self._known.get(code)
        return known

    def all(self) -> Iterable[tuple[int, Abbreviation]]:
        """All abbreviations with their codes."""
        while self._cursor is not None:
            self._read_next(self._cursor)
        return self._known.items()

    def _read_next(self, cursor: Cursor) -> None:
        code = cursor.uleb()
        if not code or len(self._known) >= _MOST_ABBREVIATIONS:
            self._cursor = None
            return
        tag, has_children = cursor.uleb(), bool(cursor.byte())
        attributes = []
        while True:
            attribute, form = cursor.uleb(), cursor.uleb()
            constant = cursor.sleb() if form == dw.FORM_IMPLICIT_CONST else 0
            if not attribute and not form:
                break
            attributes.append((attribute, form, constant))
        self._known[code] = Abbreviation(tag, has_children, attributes, self._unit)


def _variable(data: bytes, position: int, form: int) -> tuple[Value, int]:
    """Read a value whose size isn't fixed, and where it ends."""
    cursor = Cursor(data, position)
    value: Value
    if form in _ULEBS:
        value = cursor.uleb()
    elif form in (dw.FORM_EXPRLOC, dw.FORM_BLOCK):
        value = cursor.take(cursor.uleb())
    elif form == dw.FORM_STRING:
        value = cursor.cstring()
    elif form == dw.FORM_SDATA:
        value = cursor.sleb()
    elif form in _BLOCK_LENGTHS:
        value = cursor.take(cursor.unsigned(_BLOCK_LENGTHS[form]))
    else:
        raise Malformed(f"a value in the form {form:#x}")
    return value, cursor.position


_CODES = re.compile(r"\d*[a-zA-Z]")


def _uleb(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*found, value))


class Die:
    """One entry: a tag, attributes, children."""

    __slots__ = (
        "_children",
        "_end",
        "_parent",
        "abbreviation",
        "after",
        "offset",
        "unit",
        "values",
    )

    def __init__(
        self,
        unit: Unit,
        offset: int,
        abbreviation: Abbreviation,
        values: dict[int, Value],
        end: int,
    ) -> None:
        self.unit = unit
        self.offset = offset
        self.abbreviation = abbreviation
        self.values = values
        self.after = end
        self._children: list[Die] | None = None
        self._end: int | None = None
        self._parent: Die | None = None

    @property
    def tag(self) -> int:
        """The TAG_* number."""
        return self.abbreviation.tag

    def __repr__(self) -> str:
        return f"<Die {self.tag:#x} {self.name!r} at {self.offset:#x}>"

    # ------------------------------------------------------------------ the tree

    @property
    def children(self) -> list[Die]:
        """The entries right below this one."""
        if self._children is None:
            self._read_children(0)
        assert self._children is not None
        return self._children

    def _read_children(self, depth: int) -> None:
        found: list[Die] = []
        position, unit = self.after, self.unit
        if depth > _DEEPEST:
            raise Malformed("entries nested without end")
        while self.abbreviation.has_children:
            child = unit.die(position)
            if child is None:
                position += 1
                break
            child._parent = self
            found.append(child)
            position = child._find_end(depth)
            if len(found) > _MOST_CHILDREN:
                raise Malformed("entries without end")
        self._children, self._end = found, position

    @property
    def end(self) -> int:
        """The offset of what follows this entry and all below it."""
        return self._find_end(0)

    def _find_end(self, depth: int) -> int:
        """The offset of what follows this entry and all below it."""
        if not self.abbreviation.has_children:
            return self.after
        if self._end is None:
            sibling = self.values.get(dw.AT_SIBLING)
            if isinstance(sibling, int):
                end = sibling + self.unit.offset
                if not self.after < end <= self.unit.end:
                    raise Malformed(f"an entry that ends at {end}")
                self._end = end
            else:
                self._read_children(depth + 1)
        assert self._end is not None
        return self._end

    @property
    def parent(self) -> Die | None:
        """The entry above; None of a unit's first one."""
        if self._parent is None and self.offset != self.unit.root.offset:
            node = self.unit.root
            while True:
                children = node.children
                index = bisect_right(children, self.offset, key=_offset) - 1
                if index < 0:
                    raise Malformed(f"an entry at {self.offset} that no other has")
                if children[index].offset == self.offset:
                    self._parent = node
                    break
                node = children[index]
        return self._parent

    # ------------------------------------------------------------------ attributes

    def __contains__(self, attribute: int) -> bool:
        return attribute in self.values

    def number(self, attribute: int) -> int | None:
        """The value of an attribute that is a number."""
        value = self.values.get(attribute)
        return value if isinstance(value, int) else None

    def signed(self, attribute: int) -> int | None:
        """A number whose fixed size says where its sign is."""
        value = self.number(attribute)
        bits = {dw.FORM_DATA1: 8, dw.FORM_DATA2: 16, dw.FORM_DATA4: 32, dw.FORM_DATA8: 64}.get(
            self.abbreviation.forms.get(attribute, 0)
        )
        if value is None or bits is None:
            return value
        return value - (1 << bits) if value >> bits - 1 else value

    def block(self, attribute: int) -> bytes | None:
        """The bytes of an attribute that is an expression or a block."""
        value = self.values.get(attribute)
        return value if isinstance(value, bytes) else None

    def flag(self, attribute: int) -> bool:
        """Whether a flag is set."""
        return bool(self.values.get(attribute))

    def string(self, attribute: int) -> str | None:
        """The text of an attribute."""
        value = self.values.get(attribute)
        if value is None:
            return None
        return self.unit.string(self.abbreviation.forms[attribute], value)

    def address(self, attribute: int) -> int | None:
        """The address that an attribute is; None if it is of another kind."""
        value = self.values.get(attribute)
        if value is None:
            return None
        form = self.abbreviation.forms[attribute]
        if form == dw.FORM_ADDR and isinstance(value, int):
            return value
        if form in _ADDRESS_INDEXES:
            index = value if isinstance(value, int) else int.from_bytes(value, "little")
            return self.unit.indexed_address(index)
        return None

    def reference(self, attribute: int) -> Die | None:
        """The entry that an attribute refers to."""
        value = self.values.get(attribute)
        if not isinstance(value, int):
            return None
        form = self.abbreviation.forms[attribute]
        unit = self.unit
        if form in _LOCAL_REFERENCES:
            return unit.die_at(value + unit.offset)
        if form == dw.FORM_REF_ADDR:
            return unit.dwarf.die_at(value)
        if form == dw.FORM_REF_SIG8:
            return unit.dwarf.by_signature(value)
        # A supplementary file (dwz -m): what it has is missing.
        return None

    @property
    def name(self) -> str | None:
        """The name that it has itself."""
        return self.string(dw.AT_NAME)

    def inherited(self, attribute: int) -> Die | None:
        """The entry that has an attribute: this one, or what it completes or instantiates."""
        die: Die | None = self
        for _ in range(_DEEPEST):
            if die is None or attribute in die.values:
                return die
            die = die.reference(dw.AT_ABSTRACT_ORIGIN) or die.reference(dw.AT_SPECIFICATION)
        return None

    @property
    def any_name(self) -> str | None:
        """The name, maybe of the entry that this one completes or instantiates."""
        owner = self.inherited(dw.AT_NAME)
        return None if owner is None else owner.name

    @property
    def type(self) -> Die | None:
        """The entry of its type, maybe by way of what it completes or instantiates."""
        owner = self.inherited(dw.AT_TYPE)
        return None if owner is None else owner.reference(dw.AT_TYPE)


def _offset(die: Die) -> int:
    return die.offset


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
        if self.kind in (dw.UT_SKELETON, dw.UT_SPLIT_COMPILE):
            cursor.take(8)
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
        if form in _OFFSETS or (form == dw.FORM_REF_ADDR and self.version > 2):
            return "I" if self.offset_size == 4 else "Q"
        if form in (dw.FORM_ADDR, dw.FORM_REF_ADDR):
            return "I" if self.word == 4 else "Q"
        return _FIXED.get(form)

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
        if not table or self.version < 5 or dw.AT_STR_OFFSETS_BASE not in self.root:
            return False
        base, size = self.root.number(dw.AT_STR_OFFSETS_BASE) or 0, self.offset_size
        header = base - 2 * size
        end = base - size + Cursor(table, header).unsigned(size) if size == 4 else len(table)
        words = memoryview(table[base:end][: (end - base) // size * size])
        return not offsets.isdisjoint(words.cast("I" if size == 4 else "Q").tolist())

    # ------------------------------------------------------------------ by way of other sections

    def string(self, form: int, value: Value) -> str:
        """The text that a value of a form stands for."""
        if form == dw.FORM_STRING and isinstance(value, bytes):
            return value.decode("utf-8", "surrogateescape")
        if form in _STRING_INDEXES:
            index = value if isinstance(value, int) else int.from_bytes(value, "little")
            base = self._base(dw.AT_STR_OFFSETS_BASE, 8 if self.offset_size == 4 else 16)
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
        base = self._base(dw.AT_ADDR_BASE, 8)
        place = base + index * self.word
        return Cursor(self.dwarf.section(".debug_addr"), place).unsigned(self.word)

    def _base(self, attribute: int, default: int) -> int:
        value = self.root.number(attribute)
        return default if value is None else value

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
