"""Types with their members, as C declares them: ``ptype``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seize.symbols.types import STRUCTS, declare

if TYPE_CHECKING:
    from seize.symbols import Type

_STEP = "    "
_THROUGH = ("pointer", "reference", "rvalue", "array", "const", "volatile")


def expanded(type_: Type) -> str:
    """A type behind its typedefs, with the members of the struct that it is made of."""
    plain = _without_typedefs(type_)
    base = _base(plain)
    body = _body(base, 0)
    text = declare(plain, "")
    return text.replace(base.name, body, 1) if body else text


def _without_typedefs(type_: Type) -> Type:
    """The same type, its typedefs and those of what it points to replaced."""
    while type_.code == "typedef":
        type_ = type_.referred
    if type_.code not in _THROUGH or type_.target is None:
        return type_
    target = _without_typedefs(type_.target)
    if target is type_.target:
        return type_
    return type(type_)(type_.code, type_.size, type_.tag, target, count=type_.count)


def _base(type_: Type) -> Type:
    """What is pointed to, counted or qualified in the end."""
    while type_.code in (*_THROUGH, "function") and type_.target is not None:
        type_ = type_.target
    return type_


def _body(type_: Type, indent: int) -> str:
    """A struct with its members, an enumeration with its names; "" for other types."""
    if type_.code == "enum":
        return f"{type_.name.replace(' {...}', '')} {{{_enumerators(type_)}}}"
    if type_.code not in STRUCTS:
        return ""
    head = type_.name.replace(" {...}", "")
    if type_.is_cpp:
        head = f"{type_.code} {head}"
    complete = type_.completed()
    if complete.bases:
        head += f" : {', '.join(complete.bases)}"
    if not complete.fields:
        return f"{head} {{\n{_STEP * (indent + 1)}<no data fields>\n{_STEP * indent}}}"
    lines = [
        f"{_STEP * (indent + 1)}{'static ' if field.static is not None else ''}"
        f"{_member(field.type, field.name, field.bit_size, indent + 1)};\n"
        for field in complete.fields
        if not field.is_base and not field.name.startswith("_vptr")
    ]
    return f"{head} {{\n{''.join(lines)}{_STEP * indent}}}"


def _member(type_: Type, name: str, bits: int, indent: int) -> str:
    """A member's declaration; what has no name of its own is shown with its members."""
    text = declare(type_, name) + (f" : {bits}" if bits else "")
    base = _base(type_)
    if base.tag is None and "{...}" in base.name:
        return text.replace(base.name, _body(base, indent), 1)
    return text


def _enumerators(type_: Type) -> str:
    """The names of an enumeration, with their values where those aren't the next ones."""
    parts, expected = [], 0
    for name, value in type_.enumerators:
        parts.append(name if value == expected else f"{name} = {value}")
        expected = value + 1
    return ", ".join(parts)
