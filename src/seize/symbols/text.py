"""Characters and strings in quotes, as gdb writes those of C."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.symbols.types import Type

_ESCAPES = {7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 27: "\\033"}
_WIDE_NAMES = {"wchar_t": "L", "char16_t": "u", "char32_t": "U"}
_CODECS = {1: "utf-8", 2: "utf-16-le", 4: "utf-32-le"}
ELEMENTS = 200
"""So many elements of an array, or characters of a string, are shown."""
REPEATS = 10
"""More equal ones that follow each other are shown as one."""
_DEEPEST = 100


def character_prefix(type_: Type) -> str | None:
    """What precedes the quotes of a character of this type ("", "L" …); None if it is none."""
    for _ in range(_DEEPEST):
        if type_.code in ("typedef", "int", "char") and type_.tag in _WIDE_NAMES:
            return _WIDE_NAMES[type_.tag]
        if type_.die is not None and type_.die.name in _WIDE_NAMES and type_.code == "char":
            return _WIDE_NAMES[type_.die.name]
        if type_.code not in ("typedef", "const", "volatile", "restrict", "_Atomic"):
            break
        type_ = type_.referred
    return "" if type_.code == "char" and type_.size == 1 else None


def quoted_character(number: int, width: int, prefix: str) -> str:
    """A character in single quotes."""
    data = (number & (1 << 8 * width) - 1).to_bytes(width, "little")
    (unit,) = _units(data, width)
    return _single(unit, prefix)


def _single(unit: tuple[str, bytes], prefix: str) -> str:
    return prefix + "'" + _escaped(unit, "'") + "'"


def quoted_string(data: bytes, width: int, prefix: str, *, more: bool = False) -> str:
    """A string in double quotes; equal characters in a row are counted, after 200 it is cut."""
    segments: list[str] = []
    plain = ""
    shown, cut = 0, more
    units = list(_units(data, width))
    index = 0
    while index < len(units):
        if shown >= ELEMENTS:
            cut = True
            break
        end = index + 1
        while end < len(units) and units[end] == units[index]:
            end += 1
        if end - index > REPEATS:
            if plain:
                segments.append(f'{prefix}"{plain}"')
                plain = ""
            segments.append(f"{_single(units[index], prefix)} <repeats {end - index} times>")
            shown += REPEATS
            index = end
        else:
            plain += _escaped(units[index], '"')
            shown += 1
            index += 1
    if plain or not segments:
        segments.append(f'{prefix}"{plain}"')
    return ", ".join(segments) + ("..." if cut else "")


def _units(data: bytes, width: int) -> Iterator[tuple[str, bytes]]:
    """The characters of a string, and the bytes that each is; "" for what is none."""
    codec, position = _CODECS.get(width, "utf-8"), 0
    while position < len(data):
        for size in range(width, 5, width):
            piece = data[position : position + size]
            try:
                text = piece.decode(codec)
            except UnicodeDecodeError:
                continue
            yield text, piece
            break
        else:
            piece = data[position : position + width]
            yield "", piece
        position += len(piece)


def _escaped(unit: tuple[str, bytes], quote: str) -> str:
    text, data = unit
    if text:
        number = ord(text)
        if number in _ESCAPES:
            return _ESCAPES[number]
        if text in (quote, "\\"):
            return f"\\{text}"
        if text.isprintable():
            return text
    return "".join(f"\\{byte:03o}" for byte in data)
