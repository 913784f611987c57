"""Keeping a single step out of the program's sight: pushf stores the flag that makes it.

The kernel hides TF in the registers, but not in what pushf pushes; and popf would then load it,
so that the program would trap at every instruction from there on.
"""

from __future__ import annotations

from seize.debug import instructions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.debug.thread import Thread

_PUSHF = 0x9C
_TF = 0x100
_LONGEST = 4
"""Bytes of a pushf with the prefixes that assemblers write."""


def is_pushf(code: bytes, bits: int) -> bool:
    """Tell whether an instruction is pushf; False if ``code`` ends before its opcode."""
    try:
        return code[instructions.opcode_offset(code, bits)] == _PUSHF
    except IndexError:
        return False


def is_at_pushf(thread: Thread, pc: int) -> bool:
    """Tell whether a thread is about to execute pushf."""
    bits = 8 * thread.process.machine.word_size
    return is_pushf(thread.tracee.memory.read_prefix(pc, _LONGEST), bits)


def hide(thread: Thread) -> None:
    """Take the flag out of what a thread has pushed, unless it is the program's own."""
    own, sp = thread.registers.eflags & _TF, thread.registers.sp
    # The program counter may still be put right elsewhere: nothing of this may be kept.
    thread.flush()
    if not own:
        memory = thread.process.raw_memory
        pushed = int.from_bytes(memory.read(sp, 2), "little")
        memory.write(sp, (pushed & ~_TF).to_bytes(2, "little"))
