"""Types, as the debugging information tells them (DWARF 5, chapter 5)."""

from __future__ import annotations

from functools import cached_property

from seize._frozen import frozen
from seize.stacks.reading import Malformed
from seize.symbols import constants as dw
from seize.symbols.scopes import qualified_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.symbols.debuginfo import DebugInfo
    from seize.symbols.dies import Die

QUALIFIERS = {
    dw.TAG_CONST: "const",
    dw.TAG_VOLATILE: "volatile",
    dw.TAG_RESTRICT: "restrict",
    dw.TAG_ATOMIC: "_Atomic",
}
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
STRUCTS = ("struct", "class", "union")
REFERENCES = ("reference", "rvalue")
_DEEPEST = 100


@frozen
class Field:
    """A member of a struct: where it is (bytes, and bits from there for a bit-field)."""

    name: str
    type: Type
    offset: int
    bit_offset: int = 0
    bit_size: int = 0
    is_base: bool = False
    static: Die | None = None
    """The entry of a static member."""
    expression: bytes | None = None
    """Tells where a virtual base class is."""


class Type:
    """A type.

    ``code`` says what kind: "int", "char", "bool", "float", "complex", "pointer", "reference",
    "rvalue", "array", "struct", "class", "union", "enum", "typedef", "function", "void",
    "member-pointer", or a qualifier ("const", "volatile", "restrict", "_Atomic").  ``size`` is in
    bytes; ``target`` is what is pointed to, qualified, counted or returned.
    """

    def __init__(
        self,
        code: str,
        size: int,
        name: str | None = None,
        target: Type | None = None,
        *,
        types: Types | None = None,
        die: Die | None = None,
        count: int | None = None,
        is_signed: bool = False,
        parameters: tuple[Type, ...] = (),
        is_vector: bool = False,
        is_prototyped: bool = True,
    ) -> None:
        self.code = code
        self._size = size
        self.tag = name
        self._target = target
        self.types = types
        self.die = die
        self.count = count
        self.is_signed = is_signed
        self._parameters = parameters
        self.is_vector = is_vector
        self.is_prototyped = is_prototyped

    # ------------------------------------------------------------------ what it is

    @cached_property
    def target(self) -> Type | None:
        """What is pointed to, qualified, counted, returned; None for void."""
        if self._target is None and self.die is not None and self.types is not None:
            die = self.die.type
            return None if die is None else self.types.of(die)
        return self._target

    @property
    def referred(self) -> Type:
        """The target, void where there is none."""
        return self.target or VOID

    def strip(self) -> Type:
        """The type without typedefs and qualifiers, completed where it is only declared."""
        return self.bare().completed()

    def bare(self) -> Type:
        """The type without typedefs and qualifiers, maybe only declared."""
        found = self
        for _ in range(_DEEPEST):
            if found.code != "typedef" and found.code not in QUALIFIERS.values():
                break
            found = found.referred
        return found

    def completed(self) -> Type:
        """The definition of a struct that is only declared here; itself if there is none."""
        if self.die is None or self.types is None or not self.die.flag(dw.AT_DECLARATION):
            return self
        return self.types.definition(self.die) or self

    @property
    def is_incomplete(self) -> bool:
        """Whether its members aren't known."""
        return self.die is not None and self.die.flag(dw.AT_DECLARATION)

    @property
    def is_cpp(self) -> bool:
        """Whether it is of a C++ program."""
        return self.die is not None and self.die.unit.is_cpp

    @cached_property
    def size(self) -> int:
        """The size in bytes; 0 where it isn't known."""
        if self.code in ("typedef", *QUALIFIERS.values()):
            return self.referred.size
        if self.code == "array" and not self._size:
            return (self.count or 0) * self.referred.size
        return self._size

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The members of a struct, class or union, base classes among them, in their order."""
        if self.die is None or self.types is None or self.code not in STRUCTS:
            return ()
        return tuple(self.types.fields(self.die))

    def field(self, name: str) -> Field | None:
        """The member of its own that is called so."""
        return next((field for field in self.fields if field.name == name), None)

    def has_member(self, name: str) -> bool:
        """Whether it, a base class or an unnamed member has a member that is called so."""
        return any(
            field.name == name
            or ((field.is_base or not field.name) and field.type.strip().has_member(name))
            for field in self.fields
        )

    @cached_property
    def enumerators(self) -> tuple[tuple[str, int], ...]:
        """The names and values of an enumeration."""
        if self.die is None:
            return ()
        found = []
        for child in self.die.children:
            if child.tag == dw.TAG_ENUMERATOR:
                value = child.signed(dw.AT_CONST_VALUE) if self.is_signed else None
                if value is None:
                    value = child.number(dw.AT_CONST_VALUE) or 0
                found.append((qualified_name(child) or "", value))
        return tuple(found)

    @cached_property
    def parameters(self) -> tuple[Type, ...]:
        """The types of a function's parameters."""
        if self.die is None or self.types is None:
            return self._parameters
        found = []
        for child in self.die.children:
            if child.tag == dw.TAG_PARAMETER:
                die = child.type
                found.append(VOID if die is None else self.types.of(die))
        return tuple(found)

    @property
    def name(self) -> str:
        """The type as the language writes it: ``char *``, ``struct p``, ``int (*)(int)``."""
        return declare(self, "")

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<Type {self.name}>"

    # ------------------------------------------------------------------ others of it

    def pointer(self, word: int) -> Type:
        """The type of pointers to it."""
        return Type("pointer", word, None, self)

    def array(self, count: int) -> Type:
        """The type of arrays of it."""
        return Type("array", count * self.size, None, self, count=count)


VOID = Type("void", 1, "void")


def _tag_text(type_: Type) -> str:
    """The name of a type that is no pointer, array or function."""
    if type_.code not in (*STRUCTS, "enum"):
        return type_.tag or "void"
    name = type_.tag or "{...}"
    return name if type_.is_cpp and type_.tag else f"{type_.code} {name}"


def declare(type_: Type, inner: str) -> str:
    """The declaration of something called ``inner``."""
    qualifiers = []
    for _ in range(_DEEPEST):
        if type_.code not in QUALIFIERS.values():
            break
        qualifiers.append(type_.code)
        type_ = type_.referred
    words = " ".join(sorted(set(qualifiers)))
    code = type_.code
    if code in ("pointer", "reference", "rvalue", "member-pointer"):
        mark = {"pointer": "*", "reference": "&", "rvalue": "&&"}.get(code) or _member_mark(type_)
        text = f"{mark} {words}{' ' if inner else ''}{inner}" if words else f"{mark}{inner}"
        pointed = type_.referred
        if _bare(pointed) in ("array", "function"):
            text = f"({text})"
        return declare(pointed, text)
    if code == "array":
        count = "" if type_.count is None else type_.count
        text = f"{inner}[{count}]"
        element = declare(
            type_.referred, text if not type_.is_vector else f"{inner} __vector({count})"
        )
        return f"{words} {element}" if words else element
    if code == "function":
        return declare(type_.referred, f"{inner}({_parameter_list(type_)})")
    name = _tag_text(type_)
    text = f"{words} {name}" if words else name
    return f"{text} {inner}" if inner else text


def _bare(type_: Type) -> str:
    while type_.code in QUALIFIERS.values():
        type_ = type_.referred
    return type_.code


def _member_mark(type_: Type) -> str:
    owner = None if type_.die is None else type_.die.reference(dw.AT_CONTAINING_TYPE)
    name = "" if owner is None else qualified_name(owner) or ""
    return f"{name}::*"


def _parameter_list(type_: Type) -> str:
    names = [parameter.name for parameter in type_.parameters]
    die = type_.die
    if die is not None and any(child.tag == dw.TAG_VARIADIC for child in die.children):
        names.append("...")
    prototyped = type_.is_prototyped
    if die is not None:
        prototyped = die.flag(dw.AT_PROTOTYPED) or die.unit.is_cpp
    return ", ".join(names) or ("void" if prototyped else "")


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
    from seize.stacks.reading import Cursor

    if code[:1] != b"\x23":
        return None
    cursor = Cursor(code, 1)
    offset = cursor.uleb()
    return offset if cursor.position == cursor.end else None
