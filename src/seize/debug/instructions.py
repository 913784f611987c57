"""What must be known of an x86 instruction to execute it elsewhere: its size, and where it goes.

iced-x86 decodes them all; without it ``frequent`` knows those that functions mostly begin with.
"""

from __future__ import annotations

from functools import cache

from seize._frozen import frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Decode = Callable[[bytes, int, int], "Instruction"]

NEXT = "next"
"""It goes on with what follows, unless it faults."""
ENDS = "ends"
"""It sets the program counter to something absolute: ret, jmp r/m."""
JUMP = "jump"
BRANCH = "branch"
"""A jump that may not be taken: jcc, loop, jrcxz."""
CALL = "call"
CALL_INDIRECT = "call indirect"
SYSCALL = "syscall"
TRAP = "trap"
STEP = "step"
"""It can't be executed elsewhere, or isn't known."""

PREFIXES = frozenset((0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0x66, 0x67, 0xF0, 0xF2, 0xF3))
_SYSCALLS = (b"\x0f\x05", b"\x0f\x34", b"\xcd\x80")
_TRAPS = (b"\xcc", b"\xcd\x03", b"\xf1")


@frozen
class Instruction:
    """One instruction: ``size`` in bytes (0 if unknown) and ``flow``, where it goes.

    ``target`` is where a relative jump or call leads.  ``displacement`` is the offset of the four
    bytes that are counted from the program counter; 0 if there is no such operand.
    """

    size: int
    flow: str
    target: int = 0
    displacement: int = 0


UNKNOWN = Instruction(0, STEP)


def decode(code: bytes, address: int, bits: int) -> Instruction:
    """Decode the instruction at ``address``; ``code`` are the bytes there, 15 if so many are."""
    for start in _SYSCALLS:
        if code.startswith(start):
            return Instruction(2, SYSCALL)
    for start in _TRAPS:
        if code.startswith(start):
            return Instruction(len(start), TRAP)
    return _decoder()(code, address, bits)


@cache
def _decoder() -> Decode:
    try:
        import iced_x86  # noqa: F401
    except ImportError:
        from seize.debug import frequent

        return frequent.decode
    return decode_any


def opcode_offset(code: bytes, bits: int) -> int:
    """Return how many bytes of prefixes there are (REX too, in 64-bit code)."""
    offset = 0
    while code[offset] in PREFIXES or (bits == 64 and code[offset] & 0xF0 == 0x40):
        offset += 1
    return offset


def decode_any(code: bytes, address: int, bits: int) -> Instruction:
    """Decode by iced-x86."""
    import iced_x86

    decoder = iced_x86.Decoder(bits, code, ip=address)
    found = decoder.decode()
    size = found.len
    if found.is_invalid:
        return UNKNOWN
    flow, prefixes = found.flow_control, code[: opcode_offset(code, bits)]
    kinds = iced_x86.FlowControl
    if flow == kinds.NEXT:
        if found.mnemonic == iced_x86.Mnemonic.ENTER:
            return Instruction(size, STEP)
        if not found.is_ip_rel_memory_operand:
            return Instruction(size, NEXT)
        offset = decoder.get_constant_offsets(found).displacement_offset
        return Instruction(size, STEP if 0x67 in prefixes else NEXT, 0, offset)
    if flow in (kinds.INTERRUPT, kinds.EXCEPTION):
        return Instruction(size, NEXT)
    if 0x66 in prefixes:
        return Instruction(size, STEP)
    if found.is_jmp_short_or_near:
        return Instruction(size, JUMP, found.near_branch_target)
    if flow == kinds.CONDITIONAL_BRANCH:
        return Instruction(size, BRANCH, found.near_branch_target)
    if found.is_call_near:
        return Instruction(size, CALL, found.near_branch_target)
    return _indirect(found, decoder, size, prefixes)


def _indirect(found: object, decoder: object, size: int, prefixes: bytes) -> Instruction:
    import iced_x86

    assert isinstance(found, iced_x86.Instruction)
    assert isinstance(decoder, iced_x86.Decoder)
    offset = 0
    if found.is_ip_rel_memory_operand:
        if 0x67 in prefixes:
            return Instruction(size, STEP)
        offset = decoder.get_constant_offsets(found).displacement_offset
    if found.is_call_near_indirect:
        return Instruction(size, CALL_INDIRECT, 0, offset)
    if found.is_jmp_near_indirect or found.mnemonic == iced_x86.Mnemonic.RET:
        return Instruction(size, ENDS, 0, offset)
    return Instruction(size, STEP)
