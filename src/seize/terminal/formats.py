"""The formats of ``print/FMT`` and ``x/FMT``: a count, a letter, a size (``4xw``)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from seize._frozen import frozen
from seize.symbols.text import ELEMENTS, REPEATS
from seize.terminal import variables
from seize.terminal.table import CommandError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

LETTERS = "xduotzacfsir"
SIZES = {"b": 1, "h": 2, "w": 4, "g": 8}
_LARGEST = 8
_ESCAPES = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 27: "033"}


@frozen
class Format:
    """A format: how many, which letter ("" for none), units of how many bytes (0 for none)."""

    count: int = 1
    letter: str = ""
    size: int = 0


def parse(text: str, letter: str = "", size: int = 0) -> Format:
    """Read the part after the slash: ``4xw``; CommandError for what gdb doesn't know either."""
    digits = ""
    rest = text
    if rest[:1] == "-":
        digits, rest = "-", rest[1:]
    while rest[:1].isdigit():
        digits, rest = digits + rest[0], rest[1:]
    for mark in rest:
        if mark in SIZES:
            size = SIZES[mark]
        elif mark in LETTERS:
            letter = mark
        else:
            raise CommandError(f'Undefined output format "{mark}".')
    if digits == "-":
        raise CommandError("A count must follow the minus.")
    return Format(int(digits) if digits else 1, letter, size)


def split(argument: str) -> tuple[str | None, str]:
    """The format of ``/4xw &total`` (None without a slash), and the rest."""
    if not argument.startswith("/"):
        return None, argument
    form, _, rest = argument[1:].partition(" ")
    return form, rest.strip()


def integer(value: int, size: int, letter: str, name: Callable[[int], str], *, pad: bool) -> str:
    """An integer of ``size`` bytes in the format of ``letter``.

    ``name`` gives the symbol of an address, as ``<main+4>``; ``pad`` shows all digits (``x``).
    """
    mask = (1 << 8 * size) - 1
    bits = value & mask
    signed = bits - (mask + 1) if bits >> (8 * size - 1) else bits
    match letter:
        case "d":
            return str(signed)
        case "u":
            return str(bits)
        case "o":
            return f"0{bits:o}" if bits else "0"
        case "t":
            return f"{bits:0{8 * size}b}" if pad else f"{bits:b}"
        case "a":
            symbol = name(bits)
            return f"{bits:#x} {symbol}" if symbol else f"{bits:#x}"
        case "c":
            return character(struct.unpack("b", bytes([bits & 0xFF]))[0])
        case "z":
            return f"0x{bits:0{2 * size}x}"
        case "f":
            return real(bits.to_bytes(size, "little"), signed)
        case _:
            return f"0x{bits:0{2 * size}x}" if pad else f"{bits:#x}"


def real(data: bytes, otherwise: int) -> str:
    """Bytes as a floating-point number, of the sizes that there are; else the integer."""
    if len(data) == 4:
        return shortest(struct.unpack("<f", data)[0], 9)
    if len(data) == 8:
        return shortest(struct.unpack("<d", data)[0], 17)
    return str(otherwise)


def shortest(number: float, digits: int) -> str:
    """A number as C's ``%g`` with that many digits shows it, as gdb does."""
    text = f"{number:.{digits}g}"
    if text in ("inf", "-inf"):
        return text
    return "nan(0x8000000000000)" if text == "nan" else text


def character(value: int) -> str:
    """A character with its number: ``97 'a'``, ``0 '\\000'``."""
    return f"{value} '{escape(value & 0xFF, chr(39))}'"


def escape(byte: int, quote: str) -> str:
    """One character of a text, as C would write it."""
    if chr(byte) == quote or byte == 0x5C:
        return "\\" + chr(byte)
    if 32 <= byte < 127:
        return chr(byte)
    if byte in _ESCAPES:
        return "\\" + _ESCAPES[byte]
    return f"\\{byte:03o}"


def quoted(data: bytes) -> str:
    """Bytes as a C string: octal escapes for what isn't printable."""
    return '"' + "".join(escape(byte, '"') for byte in data) + '"'


def elements(texts: list[str]) -> str:
    """The elements of an array, long repeats told once: ``0x0 <repeats 16 times>``."""
    parts: list[str] = []
    at = 0
    while at < len(texts) and len(parts) < ELEMENTS:
        end = at
        while end < len(texts) and texts[end] == texts[at]:
            end += 1
        if end - at > REPEATS:
            parts.append(f"{texts[at]} <repeats {end - at} times>")
            at = end
        else:
            parts.append(texts[at])
            at += 1
    return "{" + ", ".join(parts) + ("..." if at < len(texts) else "") + "}"


def value(item: Any, form: Format, name: Callable[[int], str]) -> str:
    """A value of the program, or a Python number, in a format: what ``print/x`` shows."""
    kind = variables.kind(item)
    if not kind:
        return _python(item, form, name)
    if item.optimized_out or (form.letter in ("s", "") and not form.size):
        return str(item.format())
    if kind in ("reference", "rvalue"):
        return value(item.referenced(), form, name)
    type_ = item.type.strip()
    if kind == "array":
        count = type_.count or 0
        texts = [value(item[index], form, name) for index in range(min(count, 4 * ELEMENTS))]
        return elements(texts)
    if kind in variables.STRUCTS:
        members = (f"{one.name} = {value(item[one.name], form, name)}" for one in type_.fields)
        return "{" + ", ".join(members) + "}"
    if kind == "function":
        return integer(int(item), _LARGEST, form.letter, name, pad=form.letter == "z")
    size = form.size or type_.size or 8
    if kind == "float":
        if form.letter == "f":
            return str(item.format())
        bits = int.from_bytes(item.bytes[:_LARGEST], "little")
        return integer(bits, min(size, _LARGEST), form.letter, name, pad=form.letter == "z")
    return integer(int(item), size, form.letter, name, pad=form.letter == "z")


def pretty(item: Any, indent: int = 0) -> str:
    """A value with each member of its structs on a line of its own: ``set print pretty on``."""
    kind = variables.kind(item)
    if kind in variables.STRUCTS and not item.optimized_out:
        deeper = indent + 2
        lines = [
            f"{' ' * deeper}{one.name} = {pretty(item.member(one), deeper)}"
            for one in item.type.strip().fields
        ]
        return "{\n" + ",\n".join(lines) + "\n" + " " * indent + "}"
    if kind == "array" and variables.kind(item[0]) in variables.STRUCTS:
        count = min(item.type.strip().count or 0, ELEMENTS)
        return "{" + ", ".join(pretty(item[index], indent + 2) for index in range(count)) + "}"
    return variables.listed(item)


def _python(item: Any, form: Format, name: Callable[[int], str]) -> str:
    if isinstance(item, bool) or not isinstance(item, int):
        if isinstance(item, (list, tuple)):
            return elements([_python(part, form, name) for part in item])
        return quoted(item.encode()) if isinstance(item, str) else str(item)
    size = form.size or (4 if -(1 << 31) <= item < 1 << 31 else 8)
    if form.letter == "f":
        return str(item)
    return integer(item, size, form.letter or "d", name, pad=form.letter == "z")
