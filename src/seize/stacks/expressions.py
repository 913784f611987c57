"""DWARF expressions as call frame information uses them: DWARF 5, section 2.5."""

from __future__ import annotations

from seize.stacks.reading import Cursor, Malformed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from seize.stacks.reading import WordReader

_MOST_STEPS = 1000
_MOST_VALUES = 256

# Operands of a fixed size, by operation: bytes, and whether they are signed.
_CONSTANTS = {0x08: (1, False), 0x09: (1, True), 0x0A: (2, False), 0x0B: (2, True)} | {
    0x0C: (4, False),
    0x0D: (4, True),
    0x0E: (8, False),
    0x0F: (8, True),
}


def evaluate(
    code: bytes,
    registers: Mapping[int, int],
    read: WordReader,
    word: int,
    initial: int | None = None,
) -> int:
    """Return the value of an expression: a ``word`` bytes wide address or number.

    ``registers`` has values by DWARF number, ``initial`` is what is on the stack first.
    Raises ``Malformed`` for what isn't allowed, or needs what isn't known.
    """
    return StackMachine(code, registers, read, word).run(initial)


class StackMachine:
    """Carries out an expression; what is on the stack are unsigned numbers of a word's size."""

    def __init__(
        self, code: bytes, registers: Mapping[int, int], read: WordReader, word: int
    ) -> None:
        self.cursor = Cursor(code)
        self.registers = registers
        self.read = read
        self.word = word
        self.bits = 8 * word
        self.mask = (1 << self.bits) - 1
        self.stack: list[int] = []

    def run(self, initial: int | None) -> int:
        """Carry out everything; return the top."""
        cursor = self.cursor
        if initial is not None:
            self.stack.append(initial)
        for _ in range(_MOST_STEPS):
            if cursor.position == cursor.end:
                return self.pop()
            self.step(cursor.byte())
            if len(self.stack) > _MOST_VALUES:
                break
        raise Malformed("an endless expression")

    def pop(self) -> int:
        """Take the top."""
        if not self.stack:
            raise Malformed("an expression that takes more than there is")
        return self.stack.pop()

    def push(self, value: int) -> None:
        """Put a number on the stack."""
        self.stack.append(value & self.mask)

    def signed(self, value: int) -> int:
        """The number as two's complement."""
        return value - (1 << self.bits) if value >> self.bits - 1 else value

    def register(self, number: int) -> int:
        """The value of a register."""
        value = self.registers.get(number)
        if value is None:
            raise Malformed(f"an expression of the unknown register {number}")
        return value

    def step(self, operation: int) -> None:
        """Carry out one operation."""
        cursor = self.cursor
        if 0x30 <= operation <= 0x4F:
            self.push(operation - 0x30)
        elif 0x50 <= operation <= 0x6F:
            self.push(self.register(operation - 0x50))
        elif 0x70 <= operation <= 0x8F:
            self.push(self.register(operation - 0x70) + cursor.sleb())
        elif operation in _CONSTANTS:
            size, is_signed = _CONSTANTS[operation]
            self.push(cursor.signed(size) if is_signed else cursor.unsigned(size))
        elif operation in _BINARY:
            second, first = self.pop(), self.pop()
            self.push(_BINARY[operation](self, first, second))
        elif operation in _OTHERS:
            _OTHERS[operation](self)
        else:
            raise Malformed(f"an expression with the operation {operation:#x}")

    def pick(self, depth: int) -> None:
        """Copy what is so deep."""
        if depth >= len(self.stack):
            raise Malformed("an expression that takes more than there is")
        self.push(self.stack[-1 - depth])

    def swap(self) -> None:
        """Exchange the two on the top."""
        second, first = self.pop(), self.pop()
        self.stack += (second, first)

    def rotate(self) -> None:
        """Bring the top below the next two."""
        third, second, first = self.pop(), self.pop(), self.pop()
        self.stack += (third, first, second)

    def jump(self, condition: int) -> None:
        """Jump if the condition holds."""
        cursor = self.cursor
        distance = cursor.signed(2)
        if condition:
            target = cursor.position + distance
            if not 0 <= target <= cursor.end:
                raise Malformed("an expression that jumps out of itself")
            cursor.position = target


def _divide(machine: StackMachine, first: int, second: int) -> int:
    if not second:
        raise Malformed("an expression that divides by zero")
    quotient = abs(machine.signed(first)) // abs(machine.signed(second))
    negative = (machine.signed(first) < 0) != (machine.signed(second) < 0)
    return -quotient if negative else quotient


def _modulo(machine: StackMachine, first: int, second: int) -> int:
    if not second:
        raise Malformed("an expression that divides by zero")
    return first % second


def _shift_left(machine: StackMachine, first: int, second: int) -> int:
    return first << second if second < machine.bits else 0


_BINARY: dict[int, Callable[[StackMachine, int, int], int]] = {
    0x1A: lambda m, a, b: a & b,
    0x1B: _divide,
    0x1C: lambda m, a, b: a - b,
    0x1D: _modulo,
    0x1E: lambda m, a, b: a * b,
    0x21: lambda m, a, b: a | b,
    0x22: lambda m, a, b: a + b,
    0x24: _shift_left,
    0x25: lambda m, a, b: a >> b,
    0x26: lambda m, a, b: m.signed(a) >> b,
    0x27: lambda m, a, b: a ^ b,
    0x29: lambda m, a, b: m.signed(a) == m.signed(b),
    0x2A: lambda m, a, b: m.signed(a) >= m.signed(b),
    0x2B: lambda m, a, b: m.signed(a) > m.signed(b),
    0x2C: lambda m, a, b: m.signed(a) <= m.signed(b),
    0x2D: lambda m, a, b: m.signed(a) < m.signed(b),
    0x2E: lambda m, a, b: m.signed(a) != m.signed(b),
}
_OTHERS: dict[int, Callable[[StackMachine], object]] = {
    0x03: lambda m: m.push(m.cursor.unsigned(m.word)),
    0x06: lambda m: m.push(m.read(m.pop(), m.word)),
    0x10: lambda m: m.push(m.cursor.uleb()),
    0x11: lambda m: m.push(m.cursor.sleb()),
    0x12: lambda m: m.pick(0),
    0x13: lambda m: m.pop(),
    0x14: lambda m: m.pick(1),
    0x15: lambda m: m.pick(m.cursor.byte()),
    0x16: lambda m: m.swap(),
    0x17: lambda m: m.rotate(),
    0x19: lambda m: m.push(abs(m.signed(m.pop()))),
    0x1F: lambda m: m.push(-m.pop()),
    0x20: lambda m: m.push(~m.pop()),
    0x23: lambda m: m.push(m.pop() + m.cursor.uleb()),
    0x28: lambda m: m.jump(m.pop()),
    0x2F: lambda m: m.jump(1),
    0x90: lambda m: m.push(m.register(m.cursor.uleb())),
    0x92: lambda m: m.push(m.register(m.cursor.uleb()) + m.cursor.sleb()),
    0x94: lambda m: m.push(m.read(m.pop(), min(m.cursor.byte(), m.word))),
    0x96: lambda m: None,
}
