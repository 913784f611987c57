"""The call stack of a stopped thread, from its registers, its memory and its code.

Frames are unwound by the call frame information of each image.  Where there is none, by the
return address that a call of this very function has left, then by the chain of frame pointers.
A tracee may lie in all of it, so every step must lead up the stack, and there is an end.
"""

from __future__ import annotations

from seize._frozen import frozen
from seize.errors import PtraceError
from seize.stacks import rows
from seize.stacks.expressions import evaluate
from seize.stacks.reading import Malformed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.stacks.backend import CodeMemory
    from seize.stacks.machines import Machine
    from seize.stacks.reading import WordReader
    from seize.stacks.rows import Row
    from seize.stacks.space import Code, CodeSpace

_FIRST_BLOCK = 1 << 13
_BLOCK = 1 << 16
_MOST_BLOCKS = 1024
_MOST_FRAMES = 1 << 16
_WORDS_SCANNED = 256
_PROLOGUES = (b"\x55\x48\x89\xe5", b"\x55\x89\xe5")  # push %rbp; mov %rsp,%rbp, and of i386
_LANDING_PADS = (b"\xf3\x0f\x1e\xfa", b"\xf3\x0f\x1e\xfb")  # endbr64, endbr32
_CALL = 0xE8
_CALL_SIZE = 5


@frozen
class Frame:
    """One activation of a function, innermost first.

    ``address`` is where it goes on: the program counter, or where a call returns to.
    ``interrupted`` tells that this is where it really is (the innermost frame, one that a
    signal has interrupted), not behind a call.  ``code`` is None where nothing executable is.
    ``registers`` are the frame's own by DWARF number, ``row`` is what describes it.
    """

    address: int
    interrupted: bool
    code: Code | None
    registers: dict[int, int]
    row: Row | None

    @property
    def image_address(self) -> int:
        """What to look up in the image: inside of the call instruction where there was one."""
        assert self.code is not None
        return self.address - self.code.bias - (not self.interrupted)


class StackReader:
    """Reads words of one stopped thread's memory, a block at a time."""

    def __init__(self, memory: CodeMemory, start: int) -> None:
        self._memory = memory
        self._start = start
        self._blocks = 1
        self._data = memory.read_prefix(start, _FIRST_BLOCK)

    def word(self, address: int, size: int) -> int:
        """Return a number from memory; Malformed if it isn't there."""
        inside = address - self._start
        if not 0 <= inside <= len(self._data) - size:
            if self._blocks >= _MOST_BLOCKS:
                raise Malformed("a stack all over the memory")
            self._blocks += 1
            self._data = self._memory.read_prefix(address, _BLOCK)
            self._start, inside = address, 0
            if len(self._data) < size:
                raise Malformed(f"no memory at {address:#x}")
        return int.from_bytes(self._data[inside : inside + size], "little")


def unwind(
    machine: Machine,
    registers: dict[int, int],
    memory: CodeMemory,
    space: CodeSpace,
    *,
    keep: frozenset[int] | None = None,
) -> Iterator[Frame]:
    """Give the frames of a stopped thread, the innermost first.

    ``registers`` are the innermost frame's by DWARF number.  Those of which nothing is told are a
    caller's too if they are in ``keep``: without it, what functions have to preserve.

    The frames end where the stack does, or where nothing tells how it goes on.  Nothing is raised
    for a broken stack; after a frame without code there is none.
    """
    space.begin()
    try:
        stack = StackReader(memory, registers[machine.sp])
        walk = _Walk(machine, registers, memory, space, stack)
        walk.keep = machine.preserved if keep is None else keep
        yield from walk.frames()
    except PtraceError:
        # It was killed meanwhile.
        return


def frame_address(row: Row, registers: dict[int, int], read: WordReader, word: int) -> int:
    """The canonical frame address: the stack pointer before the call; Malformed if unknown."""
    if row.cfa_expression:
        return evaluate(row.cfa_expression, registers, read, word)
    base = registers.get(row.cfa_register)
    if base is None:
        raise Malformed(f"the CFA is from the unknown register {row.cfa_register}")
    return base + row.cfa_offset & (1 << 8 * word) - 1


class _Walk:
    def __init__(
        self,
        machine: Machine,
        registers: dict[int, int],
        memory: CodeMemory,
        space: CodeSpace,
        stack: StackReader,
    ) -> None:
        self.machine = machine
        self.registers = registers
        self.memory = memory
        self.space = space
        self.stack = stack
        self.mask = (1 << 8 * machine.word) - 1
        self.keep = machine.preserved
        # Whether the present frame goes on where it was interrupted, not behind a call.
        self.interrupted = True
        # Whether registers come from a guess, so that what they lead to proves nothing.
        self.guessed = False

    def frames(self) -> Iterator[Frame]:
        machine = self.machine
        for _ in range(_MOST_FRAMES):
            pc = self.registers.get(machine.pc)
            if not pc:
                return
            code = self.space.find(pc, self.memory)
            if code is None and self.guessed:
                return
            row = None
            if code is not None and code.module is not None:
                row = self._row(code, pc)
            # The return address into a signal's frame wasn't left by a call: there was none.
            interrupted = self.interrupted or (row is not None and row.is_signal)
            yield Frame(pc, interrupted, code, self.registers, row)
            if code is None:
                return
            try:
                found = self._by_row(row) if row is not None else self._by_guess(code, pc)
            except Malformed:
                # Memory that isn't there, registers that nobody knows: here it ends.
                return
            if found is None:
                return
            self.guessed = self.guessed or row is None
            self.interrupted = row is not None and row.is_signal
            self.registers = found

    def _row(self, code: Code, pc: int) -> Row | None:
        assert code.module is not None
        address = pc - code.bias
        # A call at the very end of a function returns behind it.
        return code.module.row(address if self.interrupted else address - 1)

    # ------------------------------------------------------------------ by description

    def _by_row(self, row: Row) -> dict[int, int] | None:
        """The caller's registers as the frame's description says; None at the last frame."""
        machine, registers, mask = self.machine, self.registers, self.mask
        word = machine.word
        cfa = frame_address(row, registers, self.stack.word, word)
        found = {n: registers[n] for n in self.keep if n in registers}
        found[machine.sp] = cfa
        for register, kind, value in row.rules:
            if kind == rows.OFFSET:
                assert isinstance(value, int)
                found[register] = self.stack.word(cfa + value & mask, word)
            elif kind == rows.UNDEFINED:
                found.pop(register, None)
            else:
                self._apply(found, register, kind, value, cfa)
        # Where a program begins its return address is undefined.
        pc = found.get(row.return_register)
        if pc is None:
            return None
        found[machine.pc] = pc
        moved_up = found[machine.sp] > registers[machine.sp]
        return found if moved_up or row.is_signal or self._is_leaf(pc) else None

    def _is_leaf(self, pc: int) -> bool:
        """Whether a frame without a stack of its own leads on: only the innermost may."""
        return self.interrupted and pc != self.registers[self.machine.pc]

    def _apply(
        self, found: dict[int, int], register: int, kind: int, value: int | bytes, cfa: int
    ) -> None:
        """Carry out one of the rarer rules."""
        word, registers = self.machine.word, self.registers
        if isinstance(value, bytes):
            result = evaluate(value, registers, self.stack.word, word, cfa)
            found[register] = self.stack.word(result, word) if kind == rows.EXPRESSION else result
        elif kind == rows.VAL_OFFSET:
            found[register] = cfa + value & self.mask
        else:
            source = register if kind == rows.SAME else value
            if source not in registers:
                raise Malformed(f"register {register} is from an unknown one")
            found[register] = registers[source]

    # ------------------------------------------------------------------ without one

    def _by_guess(self, code: Code, pc: int) -> dict[int, int] | None:
        """The caller's registers where nothing describes the frame; None if they can't be told."""
        start, begins = self._function(code, pc)
        for pad in _LANDING_PADS:
            begins = begins.removeprefix(pad)
        if start is not None and not begins.startswith(_PROLOGUES):
            found = self._by_call(start)
            if found is not None:
                return found
        return self._by_frame_pointer()

    def _function(self, code: Code, pc: int) -> tuple[int | None, bytes]:
        """Where in the process the function of an address begins, and its first bytes."""
        if code.module is None:
            return None, b""
        symbol = code.module.symbol(pc - code.bias - (not self.interrupted))
        if symbol is None:
            return None, b""
        return symbol.address + code.bias, code.module.function_bytes(symbol.address, 8)

    def _by_call(self, start: int) -> dict[int, int] | None:
        """Find on the stack where a call of the function at ``start`` returns to."""
        machine, sp = self.machine, self.registers[self.machine.sp]
        for position in range(sp, sp + _WORDS_SCANNED * machine.word, machine.word):
            candidate = self.stack.word(position, machine.word)
            if self.space.find(candidate, self.memory) is None:
                continue
            call = self.memory.read_prefix(candidate - _CALL_SIZE, _CALL_SIZE)
            if len(call) == _CALL_SIZE and call[0] == _CALL:
                distance = int.from_bytes(call[1:], "little", signed=True)
                if candidate + distance & self.mask == start:
                    return self._caller(position + machine.word, candidate, self._saved(position))
        return None

    def _saved(self, position: int) -> int | None:
        """The caller's frame pointer, if it was saved before a return address at ``position``."""
        word = self.machine.word
        if self.registers.get(self.machine.frame) != position - word:
            return None
        return self.stack.word(position - word, word)

    def _by_frame_pointer(self) -> dict[int, int] | None:
        machine, word = self.machine, self.machine.word
        frame = self.registers.get(machine.frame)
        if frame is None or frame < self.registers[machine.sp] or frame % word:
            return None
        saved, pc = self.stack.word(frame, word), self.stack.word(frame + word, word)
        # Any number may be in that register, if the function doesn't keep its frame there.
        if self.space.find(pc, self.memory) is None:
            return None
        return self._caller(frame + 2 * word, pc, saved)

    def _caller(self, sp: int, pc: int, frame: int | None) -> dict[int, int]:
        machine = self.machine
        found = {n: self.registers[n] for n in self.keep if n in self.registers}
        found[machine.sp], found[machine.pc] = sp, pc
        if frame is not None:
            found[machine.frame] = frame
        return found
