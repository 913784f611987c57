"""Agent expressions: the bytecode in which gdb sends conditions and commands of breakpoints.

The machine and its codes are described in gdb's manual, appendix "The GDB Agent Expression
Mechanism".  What only tracepoints use (tracing, trace variables) and floating point are refused.
"""

from __future__ import annotations

from seize.gdbserver.fields import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    class State(Protocol):
        """What an expression can ask of a stopped thread."""

        def register(self, number: int) -> int:
            """Return the value of a register by its number in the target description."""

        def read(self, address: int, size: int) -> bytes:
            """Return memory; MemoryFault if that isn't there."""

        def show(self, text: str) -> None:
            """Take what ``printf`` writes."""


MOST_STEPS = 10_000
_MOST_VALUES = 100
_MASK = (1 << 64) - 1
_SIGN = 1 << 63


class Op:
    """The codes that aren't in a table below."""

    LOG_NOT, BIT_NOT, EXT = 0x0E, 0x12, 0x16
    IF_GOTO, GOTO, REG, END, DUP, POP = 0x20, 0x21, 0x26, 0x27, 0x28, 0x29
    ZERO_EXT, SWAP, PICK, ROT, PRINTF = 0x2A, 0x2B, 0x32, 0x33, 0x34


_REFERENCES = {0x17: 1, 0x18: 2, 0x19: 4, 0x1A: 8}
_CONSTANTS = {0x22: 1, 0x23: 2, 0x24: 4, 0x25: 8}


class Broken(Exception):
    """An expression that can't be evaluated: it is malformed, divides by 0, or doesn't end."""


def _signed(value: int) -> int:
    return value - (1 << 64) if value & _SIGN else value


def _divide(first: int, second: int) -> int:
    """Divide as C does: towards 0."""
    if not second:
        raise Broken("division by zero")
    quotient = abs(first) // abs(second)
    return quotient if (first < 0) == (second < 0) else -quotient


def _remainder(first: int, second: int) -> int:
    return first - second * _divide(first, second)


_BINARY: dict[int, Callable[[int, int], int]] = {
    0x02: lambda a, b: a + b,
    0x03: lambda a, b: a - b,
    0x04: lambda a, b: a * b,
    0x05: lambda a, b: _divide(_signed(a), _signed(b)),
    0x06: _divide,
    0x07: lambda a, b: _remainder(_signed(a), _signed(b)),
    0x08: _remainder,
    0x09: lambda a, b: a << b if b < 64 else 0,
    0x0A: lambda a, b: _signed(a) >> min(b, 63),
    0x0B: lambda a, b: a >> b,
    0x0F: lambda a, b: a & b,
    0x10: lambda a, b: a | b,
    0x11: lambda a, b: a ^ b,
    0x13: lambda a, b: a == b,
    0x14: lambda a, b: _signed(a) < _signed(b),
    0x15: lambda a, b: a < b,
}
_OPERANDS = {
    Op.EXT: 1,
    Op.ZERO_EXT: 1,
    Op.PICK: 1,
    Op.REG: 2,
    Op.IF_GOTO: 2,
    Op.GOTO: 2,
    **_CONSTANTS,
}
_PLAIN = {Op.END, Op.DUP, Op.POP, Op.SWAP, Op.ROT, Op.LOG_NOT, Op.BIT_NOT, *_REFERENCES, *_BINARY}


class Expression:
    """One expression.  Refused if it has codes that we don't know, or ends in the middle of one.

    ``value`` may be asked any number of times.
    """

    def __init__(self, code: bytes) -> None:
        self.code = code
        # At each offset where an instruction begins: (opcode, operand, the next offset).
        self._decoded: dict[int, tuple[int, int | bytes, int]] = {}
        position = 0
        while position < len(code):
            position = self._decode(position)
        for opcode, operand, _ in self._decoded.values():
            if opcode in (Op.IF_GOTO, Op.GOTO) and operand not in self._decoded:
                raise Refused("an expression goes to nowhere")

    def _decode(self, position: int) -> int:
        opcode = self.code[position]
        following = position + 1
        operand: int | bytes = 0
        if opcode == Op.PRINTF:
            length = int.from_bytes(self.code[position + 2 : position + 4], "big")
            following = position + 4 + length
            operand = self.code[position + 1 : following]
            if length == 0 or operand[-1:] != b"\0":
                raise Refused("an expression has a malformed format")
        elif opcode in _OPERANDS:
            following += _OPERANDS[opcode]
            operand = int.from_bytes(self.code[position + 1 : following], "big")
        elif opcode not in _PLAIN:
            raise Refused(f"an expression has the unknown code {opcode:#04x}")
        if following > len(self.code):
            raise Refused("an expression is cut off")
        self._decoded[position] = opcode, operand, following
        return following

    def value(self, state: State) -> int:
        """Evaluate for a stopped thread: what is on top of the stack at the end, or 0.

        Raises Broken, MemoryFault and what else the state raises.
        """
        stack: list[int] = []
        position = 0
        try:
            for _ in range(MOST_STEPS):
                opcode, operand, position = self._decoded[position]
                if opcode == Op.END:
                    return stack[-1] if stack else 0
                if opcode == Op.GOTO or (opcode == Op.IF_GOTO and stack.pop()):
                    assert isinstance(operand, int)
                    position = operand
                elif opcode != Op.IF_GOTO:
                    _execute(opcode, operand, stack, state)
                if len(stack) > _MOST_VALUES:
                    raise Broken("the stack is full")
        except (IndexError, KeyError) as error:
            raise Broken("the stack is empty, or the end is missing") from error
        raise Broken("it doesn't end")


def _execute(opcode: int, operand: int | bytes, stack: list[int], state: State) -> None:
    """Execute what is neither a jump nor the end; IndexError for an empty stack."""
    if isinstance(operand, bytes):
        _print(operand, stack, state)
    elif opcode in _BINARY:
        second = stack.pop()
        stack[-1] = int(_BINARY[opcode](stack[-1], second)) & _MASK
    elif opcode in _CONSTANTS:
        stack.append(operand)
    elif opcode in _REFERENCES:
        stack[-1] = int.from_bytes(state.read(stack[-1], _REFERENCES[opcode]), "little")
    elif opcode == Op.REG:
        stack.append(state.register(operand) & _MASK)
    else:
        _rearrange(opcode, operand, stack)


def _rearrange(opcode: int, operand: int, stack: list[int]) -> None:
    match opcode:
        case Op.EXT:
            if operand:
                kept = stack[-1] & ((1 << operand) - 1)
                sign = kept >> (operand - 1) & 1
                stack[-1] = (kept - (sign << operand)) & _MASK
        case Op.ZERO_EXT:
            stack[-1] &= (1 << operand) - 1
        case Op.PICK:
            stack.append(stack[-1 - operand])
        case Op.DUP:
            stack.append(stack[-1])
        case Op.POP:
            stack.pop()
        case Op.SWAP:
            stack[-1], stack[-2] = stack[-2], stack[-1]
        case Op.ROT:
            # a b c => c a b
            stack[-3:] = [stack[-1], stack[-3], stack[-2]]
        case Op.LOG_NOT:
            stack[-1] = int(not stack[-1])
        case Op.BIT_NOT:
            stack[-1] ^= _MASK


def _print(operand: bytes, stack: list[int], state: State) -> None:
    from seize.gdbserver.formats import formatted

    count, template = operand[0], operand[3:-1]
    del stack[-2:]  # the function and the channel, which a program's own printf would be called by
    values = [stack.pop() for _ in range(count)]
    state.show(formatted(template.decode("latin-1"), values, state.read))
