"""Executing an instruction elsewhere than where it stands: out of the way of a breakpoint.

While a breakpoint stays in the program's text, a thread executes what stood there in a slot of
its own (``seize.debug.scratch``), and goes on behind it: no other thread can slip past.  What
depends on its place is changed so that the program can't tell the difference:

- A RIP-relative operand gets another displacement; so its slot must be within 2 GB of it.
- A relative jump becomes one to the same place, a branch one over another.
- A call pushes the address that it would have pushed, and changes no flag.
- What a decoder doesn't know isn't moved.

Of what the program could look for, two things show the slot: the address that x87 instructions
note for exception handlers, and, after a fault that isn't of memory, ``si_addr``.
"""

from __future__ import annotations

import struct

from seize.debug import instructions
from seize.debug.instructions import Instruction
from seize.debug.scratch import SLOT_SIZE
from seize.debug.trapflag import is_pushf
from seize.errors import UsageError

__all__ = ["MOVED", "SLOT_SIZE", "STEPPED", "SYSCALL", "TRAP", "Displaced", "plan"]

MOVED, SYSCALL, TRAP, STEPPED = "moved", "syscall", "trap", "step"

_NEAR = 1 << 31
_MASK = {64: 0xFFFF_FFFF_FFFF_FFFF, 32: 0xFFFF_FFFF}
_KINDS = {
    instructions.SYSCALL: SYSCALL,
    instructions.TRAP: TRAP,
    instructions.STEP: STEPPED,
}
_SHORT_JUMPS = range(0xE0, 0xE4)
"""loop, loopne, loope, jrcxz: they have no form with a farther target."""
_REGISTER_FIELD, _JUMP_FIELD, _PUSH_FIELD = 7 << 3, 4 << 3, 6 << 3
"""The part of an operand byte that tells call r/m, jmp r/m and push r/m apart."""
_IN_REGISTER, _STACK_POINTER = 3, 4
_PUSH_SIZE = {64: 6, 32: 5}
_PUSH_TOP, _RETURN = b"\xff\x34\x24", b"\xc3"


def plan(code: bytes, address: int, *, bits: int = 64) -> Displaced:
    """Plan how to execute the instruction at ``address`` elsewhere.

    ``code`` are the original bytes there: as many as can be read, up to 16.  ``bits`` is 32 for
    i386 code.
    """
    return Displaced(code, address, bits, instructions.decode(code, address, bits))


class Displaced:
    """One instruction, and how it is executed in a slot.

    ``size`` is that of the original in bytes, 0 if unknown.  ``kind`` is MOVED where a slot
    executes it; SYSCALL (``syscall``, ``sysenter``, ``int $0x80``) where a slot enters the call,
    and the program counter is to be put right at the entry, for the call shows it (fork(2));
    TRAP is a trap of the program's own (``int3``, ``int1``), which a slot may execute too;
    STEPPED can't be moved.  ``reach`` is the first and last address where its slot may lie; None
    is anywhere.
    """

    __slots__ = ("_bits", "_code", "_instruction", "address", "kind", "reach", "size")

    def __init__(self, code: bytes, address: int, bits: int, instruction: Instruction) -> None:
        self.address = address
        self.size = instruction.size
        self.kind = _KINDS.get(instruction.flow, MOVED)
        self._code = code[: self.size]
        self._bits = bits
        self._instruction = instruction
        self.reach: tuple[int, int] | None = None
        if instruction.displacement and self.kind == MOVED:
            referred = self._referred()
            first = referred - self.size - _NEAR + 1
            self.reach = max(first, 0), referred - self.size + _NEAR

    def __repr__(self) -> str:
        return f"<Displaced {self.kind} {self._code.hex()} of {self.address:#x}>"

    @property
    def _next(self) -> int:
        return self.address + self.size & _MASK[self._bits]

    def _referred(self) -> int:
        """The address of the RIP-relative operand."""
        offset = self._instruction.displacement
        (displacement,) = struct.unpack_from("<i", self._code, offset)
        return self._next + int(displacement)

    @property
    def pushes_flags(self) -> bool:
        """Whether it is pushf, which shows a single step (see ``seize.debug.trapflag``)."""
        return is_pushf(self._code, self._bits)

    def place(self, slot: int) -> bytes:
        """Return the machine code for a slot at that address, at most SLOT_SIZE bytes.

        ``UsageError`` for a slot out of reach, and for an instruction that can't be moved.
        """
        return b"".join(piece for piece, _ in self._pieces(slot))

    def logical_pc(self, slot: int, pc: int) -> int | None:
        """Return the program's own program counter for one inside of the slot.

        It is ``address`` if nothing has been executed yet, and where the program goes on if all
        has; None is in between.
        """
        offset = 0
        for piece, logical in self._pieces(slot):
            if pc == slot + offset:
                return logical
            offset += len(piece)
        return None

    def pushed(self, slot: int, pc: int) -> int:
        """Return how many bytes have been pushed where ``logical_pc`` is None.

        Whoever adds them to the stack pointer and goes back to ``address`` has undone what was
        executed.  It is for a fault in between: a call to where nothing can be faults there.
        """
        executed, place = 0, slot
        for piece, _ in self._pieces(slot):
            if place == pc:
                break
            executed += 1
            place += len(piece)
        # Only calls have such places: after one push, or after two and what follows them.
        return min(executed, 2) * self._bits // 8

    def _pieces(self, slot: int) -> list[tuple[bytes, int | None]]:
        """Return the slot's instructions, and the program counter that each of them stands for."""
        flow, target = self._instruction.flow, self._instruction.target
        start = self.address
        if flow == instructions.JUMP:
            return [(self._jump(slot, target), start)]
        if flow == instructions.BRANCH:
            return self._branch(slot, target)
        if flow == instructions.CALL:
            return self._call(slot, target)
        if flow == instructions.CALL_INDIRECT:
            return self._call_indirect(slot)
        if flow == instructions.ENDS:
            return [(self._moved(slot), start)]
        if self.kind == STEPPED:
            raise UsageError(f"the instruction at {self.address:#x} can't be executed elsewhere")
        end = slot + self.size
        return [(self._moved(slot), start), (self._jump(end, self._next), self._next)]

    def _moved(self, slot: int) -> bytes:
        """The instruction itself, its displacement changed for the slot."""
        offset = self._instruction.displacement
        if not offset:
            return self._code
        distance = self._referred() - (slot + self.size)
        if not -_NEAR <= distance < _NEAR:
            raise UsageError(f"a slot at {slot:#x} is too far from {self.address:#x}")
        code = self._code
        return code[:offset] + struct.pack("<i", distance) + code[offset + 4 :]

    def _jump(self, place: int, target: int) -> bytes:
        """A jump from ``place``, which changes nothing else."""
        distance = target - (place + 5)
        if self._bits == 32:
            return b"\xe9" + struct.pack("<I", distance & _MASK[32])
        if -_NEAR <= distance < _NEAR:
            return b"\xe9" + struct.pack("<i", distance)
        return b"\xff\x25" + struct.pack("<iQ", 0, target)

    def _branch(self, slot: int, target: int) -> list[tuple[bytes, int | None]]:
        opcode = instructions.opcode_offset(self._code, self._bits)
        first = self._code[opcode]
        if first in _SHORT_JUMPS:
            condition = self._code[: opcode + 1]
        else:
            # Of a condition's two forms the second has 0x0f and, in its second byte, 0x80 to 0x8f.
            condition = bytes([0x70 | (self._code[opcode + 1] if first == 0x0F else first) & 0xF])
        size = len(condition) + 1
        onward = self._jump(slot + size, self._next)
        taken = self._jump(slot + size + len(onward), target)
        branch = condition + bytes([len(onward)])
        return [(branch, self.address), (onward, self._next), (taken, target)]

    def _call(self, slot: int, target: int) -> list[tuple[bytes, int | None]]:
        return self._push_and(self._jump(slot + _PUSH_SIZE[self._bits], target), target)

    def _push_and(self, jump: bytes, target: int | None) -> list[tuple[bytes, int | None]]:
        """Push the return address, which in 64-bit code lies behind the jump that follows."""
        if self._bits == 32:
            return [(b"\x68" + struct.pack("<I", self._next), self.address), (jump, target)]
        push = b"\xff\x35" + struct.pack("<i", len(jump))
        return [(push, self.address), (jump, target), (struct.pack("<Q", self._next), None)]

    def _call_indirect(self, slot: int) -> list[tuple[bytes, int | None]]:
        operand = instructions.opcode_offset(self._code, self._bits) + 1
        mode, register = self._code[operand] >> 6, self._code[operand] & 7
        moved = bytearray(self._moved(slot))
        if mode == _IN_REGISTER and register != _STACK_POINTER:
            moved[operand] = moved[operand] & ~_REGISTER_FIELD | _JUMP_FIELD
            return self._push_and(bytes(moved), None)
        # Push the target, push it again, put the return address in the first place, and return.
        # So the operand is read once, before the stack changes, and by the same addressing.  The
        # word below the new top of the stack is lost: it is the function's that is called.
        moved[operand] = moved[operand] & ~_REGISTER_FIELD | _PUSH_FIELD
        low, high = self._next & _MASK[32], self._next >> 32
        pieces: list[tuple[bytes, int | None]] = [(bytes(moved), self.address), (_PUSH_TOP, None)]
        if self._bits == 32:
            pieces.append((b"\xc7\x44\x24\x04" + struct.pack("<I", low), None))
        else:
            pieces.append((b"\xc7\x44\x24\x08" + struct.pack("<I", low), None))
            pieces.append((b"\xc7\x44\x24\x0c" + struct.pack("<I", high), None))
        return [*pieces, (_RETURN, None)]
