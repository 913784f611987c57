"""Values as text: what gdb prints of them, with its settings as they are at the beginning."""

from __future__ import annotations

from seize.errors import MemoryFault, UsageError
from seize.stacks.reading import Malformed
from seize.symbols.floats import float_text
from seize.symbols.text import (
    ELEMENTS,
    REPEATS,
    character_prefix,
    quoted_character,
    quoted_string,
)
from seize.symbols.types import REFERENCES, STRUCTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.symbols.types import Field, Type
    from seize.symbols.values import Value

OPTIMIZED_OUT = "<optimized out>"
_TEXTUAL = ("char", "wchar_t", "char16_t", "char32_t")
_DEEPEST = 20
"""More braces aren't opened one in the other."""


def format_value(value: Value, *, top: bool = False) -> str:
    """The text of a value; with ``top`` pointers and references tell their type as well."""
    try:
        prefix = _prefix(value) if top else ""
        return prefix + _Printer().text(value, deref=True)
    except MemoryFault as fault:
        return f"<error: Cannot access memory at address {fault.address:#x}>"
    except (OSError, Malformed) as error:
        return f"<error: {error}>"


def format_argument(value: Value) -> str:
    """The text of a function's argument in a stack: of structs and arrays only "..."."""
    try:
        type_ = value.type.strip()
        if type_.code in REFERENCES:
            type_ = type_.referred.strip()
        if type_.code in (*STRUCTS, "array"):
            return "..."
    except (OSError, Malformed) as error:
        return f"<error: {error}>"
    return format_value(value)


def _prefix(value: Value) -> str:
    """What gdb's ``print`` says before a pointer or a reference."""
    type_ = value.type
    bare = type_.strip()
    if value.optimized_out:
        return ""
    if bare.code not in ("pointer", *REFERENCES):
        return ""
    if bare.code == "pointer" and type_.code != "typedef":
        target = bare.referred
        while target.code in ("const", "volatile", "restrict", "_Atomic"):
            target = target.referred
        if target.tag in _TEXTUAL:
            return ""
    return f"({type_.name}) "


class _Printer:
    def __init__(self) -> None:
        self.depth = 0
        # Virtual base classes are shown once.
        self.seen: set[tuple[str, int]] = set()

    def text(self, value: Value, *, deref: bool = False) -> str:
        """The text of a value; ``deref`` shows what a reference refers to."""
        if value.error:
            return f"<error: {value.error}>"
        type_ = value.type.strip()
        if value.optimized_out:
            return OPTIMIZED_OUT
        if value.pointee is not None:
            return self._synthetic(value, deref)
        if type_.code in STRUCTS:
            return self._struct(value, type_)
        if type_.code == "array":
            return self._array(value, type_)
        if value.is_partly_missing:
            return OPTIMIZED_OUT
        if type_.code in REFERENCES:
            return self._reference(value, type_, deref)
        return self._scalar(value, type_)

    def _synthetic(self, value: Value, deref: bool) -> str:
        if value.type.strip().code in REFERENCES and deref:
            return f"@<synthetic pointer>: {self.text(value.referenced())}"
        return "<synthetic pointer>"

    # ------------------------------------------------------------------ one thing

    def _scalar(self, value: Value, type_: Type) -> str:
        code = type_.code
        if code == "void":
            return "void"
        if code == "function":
            return f"{{{type_.name}}} {_address(value, value.number(), is_code=True)}"
        if code == "float":
            return float_text(value.bytes)
        if code == "complex":
            data = value.bytes
            half = len(data) // 2
            return f"{float_text(data[:half])} + {float_text(data[half:])}i"
        if code == "member-pointer":
            return self._member_pointer(value, type_)
        number = value.number()
        if code == "bool":
            return {0: "false", 1: "true"}.get(number, str(number))
        if code == "enum":
            return enum_text(type_, number)
        if code == "pointer":
            return self._pointer(value, type_, number)
        prefix = character_prefix(value.type)
        if prefix is not None:
            return f"{number} {quoted_character(number, type_.size, prefix)}"
        return str(number)

    def _pointer(self, value: Value, type_: Type, number: int) -> str:
        target = type_.referred
        if target.bare().code == "function":
            return _address(value, number, is_code=True)
        text = _address(value, number, is_code=False)
        prefix = character_prefix(target)
        if prefix is None or not number:
            return text
        return f"{text} {_string_at(value, number, target.size, prefix)}"

    def _member_pointer(self, value: Value, type_: Type) -> str:
        word = value.space.word_size
        number = int.from_bytes(value.bytes[:word], "little", signed=True)
        if type_.referred.strip().code == "function":
            return _address(value, number, is_code=True) if number else "NULL"
        return "NULL" if number == -1 else str(number)

    def _reference(self, value: Value, type_: Type, deref: bool) -> str:
        address = int.from_bytes(value.bytes, "little")
        text = f"@{address:#x}"
        if not deref:
            return text
        try:
            return f"{text}: {self.text(value.referenced())}"
        except MemoryFault as fault:
            return f"{text}: <error: Cannot access memory at address {fault.address:#x}>"

    # ------------------------------------------------------------------ several

    def _struct(self, value: Value, type_: Type) -> str:
        if type_.is_incomplete:
            return "<incomplete type>"
        if self.depth >= _DEEPEST:
            return "{...}"
        self.depth += 1
        try:
            return f"{{{', '.join(self._members(value, type_)) or '<No data fields>'}}}"
        finally:
            self.depth -= 1

    def _members(self, value: Value, type_: Type) -> list[str]:
        # One reading for all: the members are parts of these bytes.
        if value.address is not None and type_.size:
            _ = value.bytes
        bases = [field for field in type_.fields if field.is_base]
        found = [text for field in bases if (text := self._base(value, field)) is not None]
        others = [field for field in type_.fields if not field.is_base]
        if not others and bases:
            found.append("<No data fields>")
        return found + [self._field(value, field) for field in others]

    def _base(self, value: Value, field: Field) -> str | None:
        base = value.member(field)
        if field.expression is not None:
            key = field.name, base.address or 0
            if key in self.seen:
                return None
            self.seen.add(key)
        return f"<{field.name}> = {self.text(base)}"

    def _field(self, value: Value, field: Field) -> str:
        try:
            text = self.text(value.member(field))
        except MemoryFault as fault:
            text = f"<error: Cannot access memory at address {fault.address:#x}>"
        except UsageError as error:
            text = f"<error: {error}>"
        static = "static " if field.static is not None else ""
        return f"{static}{field.name} = {text}" if field.name else text

    def _array(self, value: Value, type_: Type) -> str:
        element, count = type_.referred, type_.count
        if not count or not element.size:
            if value.address is None:
                return "{}"
            prefix = character_prefix(element)
            text = _address(value, value.address, is_code=False)
            if prefix is None:
                return text
            return f"{text} {_string_at(value, value.address, element.size, prefix)}"
        prefix = character_prefix(element)
        if prefix is not None and not type_.is_vector and not value.missing:
            return _text_array(value.bytes[: count * element.size], element.size, prefix)
        if self.depth >= _DEEPEST:
            return "{...}"
        self.depth += 1
        try:
            return f"{{{self._elements(value, element, count)}}}"
        finally:
            self.depth -= 1

    def _elements(self, value: Value, element: Type, count: int) -> str:
        data = value.bytes
        size, index, shown = element.size, 0, 0
        found: list[str] = []
        while index < count and shown < ELEMENTS:
            end = index + 1
            here = data[index * size : end * size]
            lacks = value[index].missing if value.missing else ()
            while end < count and data[end * size : (end + 1) * size] == here:
                if value.missing and value[end].missing != lacks:
                    break
                end += 1
            text = self.text(value[index])
            if end - index > REPEATS:
                found.append(f"{text} <repeats {end - index} times>")
                index, shown = end, shown + REPEATS
            else:
                found.append(text)
                index, shown = index + 1, shown + 1
        return ", ".join(found) + ("..." if index < count else "")


def _address(value: Value, number: int, *, is_code: bool) -> str:
    name = value.space.name_of(number, is_code=is_code) if number else None
    return f"{number:#x} <{name}>" if name else f"{number:#x}"


def _text_array(data: bytes, width: int, prefix: str) -> str:
    """The text of an array of characters: one NUL at the end isn't shown."""
    if data[-width:] == bytes(width):
        data = data[:-width]
    return quoted_string(data, width, prefix)


def _string_at(value: Value, address: int, width: int, prefix: str) -> str:
    """The text that a pointer leads to."""
    data = value.space.read_prefix(address, (ELEMENTS + 1) * width)
    end = next((n for n in range(0, len(data), width) if not any(data[n : n + width])), None)
    if end is not None:
        return quoted_string(data[:end], width, prefix)
    limit = ELEMENTS * width
    if len(data) > limit:
        return quoted_string(data[:limit], width, prefix, more=True)
    fault = f"<error: Cannot access memory at address {address + len(data):#x}>"
    return f"{quoted_string(data, width, prefix)}{fault}" if data else fault


def enum_text(type_: Type, number: int) -> str:
    """The name of an enumerator, or of the flags that are set."""
    for name, value in type_.enumerators:
        if value == number:
            return name
    if not _is_flags(type_):
        return str(number)
    names = []
    for name, value in type_.enumerators:
        if number & value:
            names.append(name)
            number &= ~value
    if number:
        names.append(f"unknown: {number:#x}")
    return f"({' | '.join(names)})" if names else "0"


def _is_flags(type_: Type) -> bool:
    """Whether the enumerators are single bits."""
    values = [value for _, value in type_.enumerators]
    return any(values) and all(value >= 0 and value.bit_count() <= 1 for value in values)
