"""Types, as the debugging information tells them (DWARF 5, chapter 5)."""

from __future__ import annotations

from functools import cached_property

from seize._frozen import frozen
from seize.symbols import constants as dw
from seize.symbols.scopes import qualified_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.symbols.dies import Die
    from seize.symbols.typetable import Types

QUALIFIERS = {
    dw.TAG_CONST: "const",
    dw.TAG_VOLATILE: "volatile",
    dw.TAG_RESTRICT: "restrict",
    dw.TAG_ATOMIC: "_Atomic",
}
STRUCTS = ("struct", "class", "union")
REFERENCES = ("reference", "rvalue")
_DEEPEST = 100


_ACCESS = {1: "public", 2: "protected", 3: "private"}


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

    @property
    def bases(self) -> tuple[str, ...]:
        """The base classes as C++ declares them: ``public ns::Base``, ``private virtual B``."""
        if self.die is None or self.types is None:
            return ()
        found = []
        for child in self.die.children:
            die = child.type if child.tag == dw.TAG_INHERITANCE else None
            if die is not None:
                # Where nothing is said: private, in C++, of what is a class.
                usual = 3 if self.code == "class" else 1
                access = child.number(dw.AT_ACCESSIBILITY) or usual
                virtual = "virtual " if child.number(dw.AT_VIRTUALITY) else ""
                found.append(f"{_ACCESS[access]} {virtual}{self.types.of(die).name}")
        return tuple(found)

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
    def is_variadic(self) -> bool:
        """Whether a function takes more than its parameters."""
        return self.die is not None and any(c.tag == dw.TAG_VARIADIC for c in self.die.children)

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
    if type_.is_variadic:
        names.append("...")
    die, prototyped = type_.die, type_.is_prototyped
    if die is not None:
        prototyped = die.flag(dw.AT_PROTOTYPED) or die.unit.is_cpp
    return ", ".join(names) or ("void" if prototyped else "")
