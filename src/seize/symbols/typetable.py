"""The types of one image: made of entries of the debugging information, each once."""

from __future__ import annotations

from seize.stacks.reading import Cursor, Malformed
from seize.symbols import constants as dw
from seize.symbols.scopes import qualified_name
from seize.symbols.types import QUALIFIERS, REFERENCES, STRUCTS, VOID, Field, Type

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.symbols.debuginfo import DebugInfo
    from seize.symbols.dies import Die

_DEEPEST = 100
_CODES = {
    **QUALIFIERS,
    dw.TAG_POINTER: "pointer",
    dw.TAG_REFERENCE: "reference",
    dw.TAG_RVALUE: "rvalue",
    dw.TAG_ARRAY: "array",
    dw.TAG_STRUCTURE: "struct",
    dw.TAG_CLASS: "class",
    dw.TAG_INTERFACE: "class",
    dw.TAG_UNION: "union",
    dw.TAG_ENUMERATION: "enum",
    dw.TAG_TYPEDEF: "typedef",
    dw.TAG_SUBROUTINE_TYPE: "function",
    dw.TAG_SUBPROGRAM: "function",
    dw.TAG_UNSPECIFIED_TYPE: "void",
    dw.TAG_PTR_TO_MEMBER: "member-pointer",
}
_ENCODINGS = {
    dw.ATE_BOOLEAN: "bool",
    dw.ATE_COMPLEX: "complex",
    dw.ATE_FLOAT: "float",
    dw.ATE_SIGNED_CHAR: "char",
    dw.ATE_UNSIGNED_CHAR: "char",
    dw.ATE_UTF: "char",
}
_SIGNED = (dw.ATE_SIGNED, dw.ATE_SIGNED_CHAR)


class Types:
    """The types of one image, each made once."""

    def __init__(self, info: DebugInfo) -> None:
        self._info = info
        self._known: dict[Die, Type] = {}
        self._definitions: dict[str, Type | None] = {}

    def of(self, die: Die) -> Type:
        """The type of an entry."""
        known = self._known.get(die)
        if known is None:
            known = self._known[die] = self._make(die)
        return known

    def _make(self, die: Die) -> Type:
        if dw.AT_SIGNATURE in die:
            complete = die.reference(dw.AT_SIGNATURE)
            if complete is not None:
                return self.of(complete)
        tag, size = die.tag, die.number(dw.AT_BYTE_SIZE) or 0
        if tag == dw.TAG_BASE_TYPE:
            encoding = die.number(dw.AT_ENCODING) or 0
            code, signed = _ENCODINGS.get(encoding, "int"), encoding in _SIGNED
            name = _short_name(die.name)
            return Type(code, size, name, types=self, die=die, is_signed=signed)
        if tag == dw.TAG_ARRAY:
            return self._array(die)
        code = _CODES.get(tag, "void")
        if code in ("pointer", *REFERENCES) and not size:
            size = die.unit.word
        if code == "member-pointer":
            target = die.type
            is_function = target is not None and target.tag == dw.TAG_SUBROUTINE_TYPE
            size = die.unit.word * (2 if is_function else 1)
        name = qualified_name(die) if code in (*STRUCTS, "enum", "typedef", "void") else None
        if code == "void":
            size, name = 1, name or "void"
        if code == "function":
            size = 1
        return Type(code, size, name, types=self, die=die, is_signed=_is_signed_enum(die))

    def _array(self, die: Die) -> Type:
        element_die = die.type
        element = VOID if element_die is None else self.of(element_die)
        ranges = [child for child in die.children if child.tag == dw.TAG_SUBRANGE]
        counts = [_count(child) for child in ranges] or [None]
        made = element
        for number in range(len(counts) - 1, -1, -1):
            made = Type(
                *("array", 0, None, made),
                types=self,
                die=die,
                count=counts[number],
                is_vector=die.flag(dw.AT_GNU_VECTOR),
            )
        return made

    def fields(self, die: Die) -> list[Field]:
        """The members of a struct."""
        found = []
        for child in die.children:
            type_die = child.type if child.tag in _MEMBERS else None
            if type_die is None:
                continue
            type_ = self.of(type_die)
            is_static = child.tag == dw.TAG_VARIABLE or (
                child.flag(dw.AT_EXTERNAL) or child.flag(dw.AT_DECLARATION)
            )
            if is_static:
                found.append(Field(child.name or "", type_, 0, static=child))
            else:
                found.append(_member(child, type_, die))
        return found

    def definition(self, die: Die) -> Type | None:
        """The complete type of a declaration, in whichever unit it is."""
        name = die.name
        key = qualified_name(die) or ""
        if name is None:
            return None
        if key not in self._definitions:
            self._definitions[key] = None
            try:
                self._definitions[key] = self.find(key, frozenset((die.tag, *_CLASSES)))
            except Malformed:
                # Damaged elsewhere: it stays incomplete.
                self._definitions[key] = None
        return self._definitions[key]

    def find(self, name: str, tags: frozenset[int]) -> Type | None:
        """The first complete type of a qualified name."""
        last = name.rpartition("::")[2] if "<" not in name else name
        for die in self._info.seek(last, tags):
            if not die.flag(dw.AT_DECLARATION) and qualified_name(die) == name:
                return self.of(die)
        return None


def _short_name(name: str | None) -> str | None:
    """A base type's name in the shortest way of writing: ``unsigned long``."""
    words = (name or "").split()
    if "int" in words and ("long" in words or "short" in words):
        words.remove("int")
        if "unsigned" in words:
            words.remove("unsigned")
            words.insert(0, "unsigned")
        return " ".join(words)
    return name


_CLASSES = (dw.TAG_STRUCTURE, dw.TAG_CLASS)
_MEMBERS = (dw.TAG_MEMBER, dw.TAG_INHERITANCE, dw.TAG_VARIABLE)


def _is_signed_enum(die: Die) -> bool:
    if die.tag != dw.TAG_ENUMERATION:
        return False
    base = die.type
    for _ in range(_DEEPEST):
        if base is None or base.tag == dw.TAG_BASE_TYPE:
            break
        base = base.type
    if base is not None and base.number(dw.AT_ENCODING) not in _SIGNED:
        return False
    # A C enum without negative values is unsigned for gdb, whatever the compiler says.
    return any(
        (child.signed(dw.AT_CONST_VALUE) or 0) < 0
        for child in die.children
        if child.tag == dw.TAG_ENUMERATOR
    )


def _count(die: Die) -> int | None:
    """How many elements a dimension has; None if that isn't fixed."""
    count = die.number(dw.AT_COUNT) if _is_constant(die, dw.AT_COUNT) else None
    if count is not None:
        return count
    if not _is_constant(die, dw.AT_UPPER_BOUND):
        return None
    upper = die.number(dw.AT_UPPER_BOUND)
    if upper is None:
        return None
    if upper in (0xFFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF):
        # -1: no elements at all.
        upper = -1
    return max(upper - (die.number(dw.AT_LOWER_BOUND) or 0) + 1, 0)


def _is_constant(die: Die, attribute: int) -> bool:
    return die.abbreviation.forms.get(attribute) in _CONSTANTS


_CONSTANTS = frozenset(
    (
        *(dw.FORM_DATA1, dw.FORM_DATA2, dw.FORM_DATA4, dw.FORM_DATA8, dw.FORM_UDATA),
        *(dw.FORM_SDATA, dw.FORM_IMPLICIT_CONST),
    )
)


def _member(die: Die, type_: Type, struct: Die) -> Field:
    """A member, or a base class."""
    name, is_base = die.name or "", die.tag == dw.TAG_INHERITANCE
    if is_base:
        name = type_.strip().name
    bits = die.number(dw.AT_BIT_SIZE) or 0
    if not bits:
        place = die.values.get(dw.AT_DATA_MEMBER_LOCATION)
        if isinstance(place, bytes):
            # The old way of telling an offset is to add it to an address.
            offset = _constant_offset(place)
            if offset is None:
                return Field(name, type_, 0, is_base=is_base, expression=place)
            return Field(name, type_, offset, is_base=is_base)
        return Field(name, type_, place or 0, is_base=is_base)
    start = die.number(dw.AT_DATA_BIT_OFFSET)
    if start is None:
        offset = die.number(dw.AT_DATA_MEMBER_LOCATION) or 0
        storage = 8 * (die.number(dw.AT_BYTE_SIZE) or type_.size)
        start = 8 * offset + storage - (die.number(dw.AT_BIT_OFFSET) or 0) - bits
    return Field(name, type_, start // 8, start % 8, bits)


def _constant_offset(code: bytes) -> int | None:
    if code[:1] != b"\x23":
        return None
    cursor = Cursor(code, 1)
    offset = cursor.uleb()
    return offset if cursor.position == cursor.end else None
