"""The instructions that functions mostly begin with, decoded without help: where iced-x86 lacks.

It knows the one-byte opcodes that compilers use and a few of two bytes.  For the others, and for
prefixes other than 0x66 and REX, the answer is `instructions.UNKNOWN`: a single step in place.
Prefixes may not be repeated here, which assemblers do for padding.
"""

from __future__ import annotations

import struct

from seize.debug.instructions import (
    BRANCH,
    CALL,
    CALL_INDIRECT,
    ENDS,
    JUMP,
    NEXT,
    UNKNOWN,
    Instruction,
)

_ENDBR = (b"\xf3\x0f\x1e\xfa", b"\xf3\x0f\x1e\xfb")
_WIDE = 0x66
_MASK = {64: 0xFFFF_FFFF_FFFF_FFFF, 32: 0xFFFF_FFFF}

# Opcodes with an operand byte, by the size of the constant that follows: "z" is 2 or 4 bytes.
_ARITHMETIC = {row | column for row in range(0, 0x40, 8) for column in range(4)}
_OPERAND: dict[int, int | str] = {
    **dict.fromkeys(_ARITHMETIC | set(range(0x84, 0x8C)) | {0x8D, 0x63, 0xD1, 0xD3}, 0),
    0x80: 1,
    0x81: "z",
    0x83: 1,
    0x6B: 1,
    0x69: "z",
    0xC0: 1,
    0xC1: 1,
    0xC6: 1,
    0xC7: "z",
}
_NO_OPERAND: dict[int, int | str] = {
    **dict.fromkeys((*range(0x50, 0x60), 0x90, 0x98, 0x99, 0xC9), 0),
    0x6A: 1,
    0x68: "z",
    0xA8: 1,
    0xA9: "z",
    **dict.fromkeys(range(0x04, 0x40, 8), 1),
    **dict.fromkeys(range(0x05, 0x40, 8), "z"),
}
# With 0x0f before: nop, cmov, setcc, movzx and movsx, imul, and moves of vector registers.
_TWO_BYTE_OPERAND = {
    *(0x1F, 0xAF, 0xB6, 0xB7, 0xBE, 0xBF, 0x10, 0x11, 0x28, 0x29, 0x57, 0x6E, 0x7E, 0xEF),
    *range(0x40, 0x50),
    *range(0x90, 0xA0),
}
_ONLY_FIRST = (0xC6, 0xC7)
"""mov, if the middle field of the operand byte is 0."""
_LEA = 0x8D
_REX_W = 8


def decode(code: bytes, address: int, bits: int) -> Instruction:
    """Decode the instruction at ``address``; see the module for what is known."""
    if code.startswith(_ENDBR):
        return Instruction(4, NEXT)
    try:
        found = _decode(code, address, bits)
    except (IndexError, struct.error):
        return UNKNOWN
    return found if found.size <= len(code) else UNKNOWN


def _decode(code: bytes, address: int, bits: int) -> Instruction:
    start = int(code[0] == _WIDE)
    wide, rex = bool(start), 0
    if bits == 64 and code[start] & 0xF0 == 0x40:
        rex = code[start]
        start += 1
    opcode = code[start]
    start += 1
    constant = 2 if wide and not rex & _REX_W else 4
    if 0xB8 <= opcode <= 0xBF:
        return Instruction(start + (8 if rex & _REX_W else constant), NEXT)
    if opcode in _NO_OPERAND:
        return Instruction(start + _size(_NO_OPERAND[opcode], constant), NEXT)
    if opcode in _OPERAND:
        field, in_memory = code[start] >> 3 & 7, code[start] < 0xC0
        if (opcode in _ONLY_FIRST and field) or (opcode == _LEA and not in_memory):
            return UNKNOWN
        return _with_operand(code, start, bits, _size(_OPERAND[opcode], constant))
    if opcode == 0x0F and code[start] in _TWO_BYTE_OPERAND:
        return _with_operand(code, start + 1, bits, 0)
    return UNKNOWN if wide else _transfer(code, start, address, bits)


def _size(size: int | str, constant: int) -> int:
    return constant if isinstance(size, str) else size


def _transfer(code: bytes, start: int, address: int, bits: int) -> Instruction:
    """Decode a jump, a call or a return."""
    opcode, mask = code[start - 1], _MASK[bits]
    if opcode == 0xC3:
        return Instruction(start, ENDS)
    if opcode == 0xC2:
        return Instruction(start + 2, ENDS)
    if opcode == 0xFF:
        flow = {2: CALL_INDIRECT, 4: ENDS, 6: NEXT}.get(code[start] >> 3 & 7)
        return UNKNOWN if flow is None else _with_operand(code, start, bits, 0, flow)
    if opcode == 0xEB or 0x70 <= opcode <= 0x7F:
        (distance,) = struct.unpack_from("<b", code, start)
        flow = JUMP if opcode == 0xEB else BRANCH
        return Instruction(start + 1, flow, address + start + 1 + distance & mask)
    if opcode == 0x0F and 0x80 <= code[start] <= 0x8F:
        start, flow = start + 1, BRANCH
    elif opcode in (0xE8, 0xE9):
        flow = CALL if opcode == 0xE8 else JUMP
    else:
        return UNKNOWN
    (distance,) = struct.unpack_from("<i", code, start)
    return Instruction(start + 4, flow, address + start + 4 + distance & mask)


def _with_operand(
    code: bytes, start: int, bits: int, constant: int, flow: str = NEXT
) -> Instruction:
    """Decode the operand byte at ``start``, and what belongs to it."""
    mode, register = code[start] >> 6, code[start] & 7
    size = start + 1
    if mode == 3:
        return Instruction(size + constant, flow)
    if mode == 0 and register == 5:
        place = size if bits == 64 else 0
        return Instruction(size + 4 + constant, flow, 0, place)
    base = register
    if register == 4:
        base = code[size] & 7
        size += 1
    if mode == 1:
        size += 1
    elif mode == 2 or base == 5:
        size += 4
    return Instruction(size + constant, flow)
