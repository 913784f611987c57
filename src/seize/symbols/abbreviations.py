"""The kinds of entries (.debug_abbrev), and the forms of values: DWARF 5, section 7.5."""

from __future__ import annotations

from struct import Struct

from seize.stacks.reading import Cursor, Malformed
from seize.symbols import constants as dw

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from seize.symbols.dwarf import Unit

    Value = int | bytes

_MOST_ABBREVIATIONS = 1 << 16

FIXED = {
    **dict.fromkeys((dw.FORM_DATA1, dw.FORM_REF1, dw.FORM_FLAG, dw.FORM_STRX1, 0x29), "B"),
    **dict.fromkeys((dw.FORM_DATA2, dw.FORM_REF2, dw.FORM_STRX2, dw.FORM_ADDRX2), "H"),
    **dict.fromkeys((dw.FORM_STRX3, dw.FORM_ADDRX3), "3s"),
    **dict.fromkeys((dw.FORM_DATA4, dw.FORM_REF4, dw.FORM_STRX4, dw.FORM_ADDRX4, 0x1C), "I"),
    **dict.fromkeys((dw.FORM_DATA8, dw.FORM_REF8, dw.FORM_REF_SIG8, dw.FORM_REF_SUP8), "Q"),
    dw.FORM_DATA16: "16s",
}
OFFSETS = frozenset(
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
LOCAL_REFERENCES = frozenset(
    (dw.FORM_REF1, dw.FORM_REF2, dw.FORM_REF4, dw.FORM_REF8, dw.FORM_REF_UDATA)
)
STRING_INDEXES = frozenset(
    (
        *(dw.FORM_STRX, dw.FORM_STRX1, dw.FORM_STRX2, dw.FORM_STRX3, dw.FORM_STRX4),
        dw.FORM_GNU_STR_INDEX,
    )
)
ADDRESS_INDEXES = frozenset(
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
