"""Where a function's body begins: the place of a breakpoint on the function.

Told as gdb tells it.  Where the compiler says for every instruction where variables are (location
lists), it is the entry itself.  Else it is behind what sets the frame up, and behind the rest of
the line in which that ends; LLVM marks the end itself, by the function's second line.
"""

from __future__ import annotations

import re

from seize.symbols import constants as dw
from seize.symbols.ranges import ranges_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.symbols.debuginfo import DebugInfo
    from seize.symbols.dies import Die
    from seize.symbols.dwarf import Unit
    from seize.symbols.sourcelines import UnitLines

    Code = Callable[[int, int], bytes]

_ENDBR = (b"\xf3\x0f\x1e\xfa", b"\xf3\x0f\x1e\xfb")
_PUSH_FRAME = 0x55
_SET_FRAME_64 = (b"\x48\x89\xe5", b"\x48\x8b\xec")
_SET_FRAME_32 = (b"\x89\xe5", b"\x8b\xec")
# lea 4(%esp),%ecx (or %eax, %edx); and $-16,%esp; pushl -4(%ecx): what aligns main's stack.
_ALIGNED = re.compile(rb"\x8d[\x44\x4c\x54]\x24\x04\x83\xe4.\xff[\x70-\x72]\xfc", re.DOTALL)
_LONGEST = 64
_MOST_PUSHES = 8


def after_prologue(info: DebugInfo | None, code: Code, start: int, word: int) -> int:
    """The address behind the prologue of the function that begins at ``start``.

    Addresses are the image's; ``code`` reads the image.
    """
    unit = None if info is None else info.unit_of(start)
    if info is None or unit is None:
        return _analyzed(code, start, word)
    lines = info.lines(unit)
    if lines is None or lines.block(start) is None:
        return _analyzed(code, start, word)
    if has_location_lists(unit) or unit.language in dw.LANG_ASM:
        return start
    function = info.function_at(start)
    end = _end_of(function, start)
    address = 0
    if "clang" in unit.producer:
        address = max(_second_line(lines, function, start, end), 0)
    address = max(address, start) if address else _analyzed(code, start, word)
    block = lines.block(address)
    if block is not None and block.start != address and start <= block.end < end:
        # In the middle of a line: to the end of it.
        address = block.end
    return address


def has_location_lists(unit: Unit) -> bool:
    """Whether a unit's variables have location lists."""
    variables = (dw.TAG_VARIABLE, dw.TAG_PARAMETER)
    lists = (dw.FORM_SEC_OFFSET, dw.FORM_LOCLISTX)
    return "GNU" in unit.producer and any(
        abbreviation.tag in variables and abbreviation.forms.get(dw.AT_LOCATION) in lists
        for _, abbreviation in unit.abbreviations.all()
    )


def _end_of(function: Die | None, start: int) -> int:
    for first, end in [] if function is None else ranges_of(function):
        if first <= start < end:
            return end
    return start


def _second_line(lines: UnitLines, function: Die | None, start: int, end: int) -> int:
    """Where the body begins by the line table alone; 0 if it doesn't tell."""
    block = lines.block(start)
    if block is None:
        return 0
    here = [row for row in lines.rows if row.address == start and row.line]
    if len(here) > 1:
        # A prologue of no instructions.
        return start
    if block.end >= end:
        return 0
    while block.end < end:
        following = lines.block(block.end)
        if following is None or following.line >= block.line or following.file != block.file:
            break
        if _is_inlined(function, block.end):
            break
        block = following
    return min(block.end, end)


def _is_inlined(function: Die | None, address: int) -> bool:
    return function is not None and any(
        child.tag == dw.TAG_INLINED and any(a <= address < b for a, b in ranges_of(child))
        for child in function.children
    )


def _analyzed(code: Code, start: int, word: int) -> int:
    """The address behind the instructions that set up a frame pointer; the start if none do."""
    text = code(start, _LONGEST)
    position = 4 if text.startswith(_ENDBR) else 0
    if word == 4:
        aligned = _ALIGNED.match(text, position)
        position = aligned.end() if aligned else position
    if len(text) <= position or text[position] != _PUSH_FRAME:
        return start
    position += 1
    settings = _SET_FRAME_64 if word == 8 else _SET_FRAME_32
    if not text.startswith(settings, position):
        return start
    position += len(settings[0])
    return start + (position if word == 8 else _saved(text, position))


def _saved(text: bytes, position: int) -> int:
    """On i386: the end of the pushes of registers, and of what makes room for variables."""
    if text[position : position + 2] == b"\x83\xec":
        position += 3
    elif text[position : position + 2] == b"\x81\xec":
        position += 6
    for _ in range(_MOST_PUSHES):
        if not 0x50 <= text[position] <= 0x57:
            break
        position += 1
    return position
