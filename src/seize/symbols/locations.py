"""Where a variable is, or what it is: DWARF expressions (DWARF 5, sections 2.5 and 2.6)."""

from __future__ import annotations

from seize._frozen import frozen
from seize.stacks.expressions import StackMachine
from seize.stacks.reading import Cursor, Malformed
from seize.symbols import constants as dw
from seize.symbols.typedvalues import (
    TYPED_ARITHMETIC,
    Typed,
    TypedInt,
    decoded,
    encoded,
    typed_float,
    typed_int,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Protocol

    from seize.symbols.dies import Die
    from seize.symbols.dwarf import Unit

    class Context(Protocol):
        """What an expression may ask of the frame that it is evaluated in."""

        unit: Unit
        word: int
        bias: int

        @property
        def registers(self) -> Mapping[int, int]:
            """Registers by DWARF number."""

        def read(self, address: int, size: int) -> int:
            """A number in memory; Malformed if it isn't there."""

        def register_bytes(self, number: int) -> bytes:
            """A whole register, such as a vector; Malformed if unknown."""

        def frame_base(self) -> int:
            """The frame base of the function; Malformed if unknown."""

        def cfa(self) -> int:
            """The canonical frame address; Malformed if unknown."""

        def entry_value(self, expression: bytes) -> int:
            """What an expression was when the function was entered; Malformed if unknown."""

        def parameter_ref(self, die: Die) -> int:
            """What a parameter was when the function was entered; Malformed if unknown."""

        def tls_address(self, offset: int) -> int:
            """The address of a thread's own variable; Malformed if unknown."""

        def object_address(self) -> int:
            """The address of the object that is looked into; Malformed if there is none."""


@frozen
class InMemory:
    """It is at an address of the process."""

    address: int


@frozen
class InRegister:
    """It is in the register of a DWARF number."""

    number: int


@frozen
class Implicit:
    """It is nowhere, but these are its bytes."""

    data: bytes


@frozen
class ImplicitPointer:
    """A pointer that doesn't exist, to ``offset`` in the variable of an entry."""

    die: Die
    offset: int


@frozen
class OptimizedOut:
    """It is nowhere."""


@frozen
class Piece:
    """``bits`` bits of it are at ``location``, from bit ``offset`` there on."""

    location: Location
    bits: int
    offset: int = 0


@frozen
class Pieces:
    """Several parts of it, each somewhere else."""

    pieces: tuple[Piece, ...]


Location = InMemory | InRegister | Implicit | ImplicitPointer | OptimizedOut | Pieces


def locate(code: bytes, context: Context) -> Location:
    """Where an expression says that something is; Malformed if that can't be told."""
    return _Locator(code, context).locate()


def value_of(code: bytes, context: Context, initial: int | None = None) -> int:
    """The value of an expression that gives a number; Malformed if it can't be told."""
    machine = _Locator(code, context)
    if initial is not None:
        machine.push(initial)
    found = machine.locate()
    if isinstance(found, InMemory):
        return found.address
    if isinstance(found, Implicit):
        return int.from_bytes(found.data[: context.word], "little")
    if isinstance(found, InRegister):
        return machine.register(found.number)
    raise Malformed("no number")


class _Locator(StackMachine):
    def __init__(self, code: bytes, context: Context) -> None:
        super().__init__(code, context.registers, context.read, context.word)
        self.context = context
        self.pieces: list[Piece] = []
        self.found: Location | None = None

    def locate(self) -> Location:
        cursor = self.cursor
        if cursor.position == cursor.end:
            return OptimizedOut()
        for _ in range(_MOST_STEPS):
            if cursor.position == cursor.end:
                return Pieces(tuple(self.pieces)) if self.pieces else self._whole()
            self.step(cursor.byte())
            if len(self.stack) > _MOST_VALUES:
                break
        raise Malformed("an endless expression")

    def _whole(self) -> Location:
        """The location that the operations so far tell."""
        found, self.found = self.found, None
        if found is not None:
            return found
        value = self.pop()
        if isinstance(value, (Typed, TypedInt)):
            return Implicit(self._bytes_of(value))
        return InMemory(value)

    def push(self, value: int) -> None:
        self.stack.append(value if isinstance(value, (Typed, TypedInt)) else value & self.mask)

    def step(self, operation: int) -> None:
        if 0x50 <= operation <= 0x6F:
            self.found = InRegister(operation - 0x50)
            return
        special = _SPECIAL.get(operation)
        if special is not None:
            special(self)
        elif operation in TYPED_ARITHMETIC and self._is_typed():
            self._arithmetic(operation)
        else:
            super().step(operation)

    def register(self, number: int) -> int:
        """The value of a register, of a vector its first word."""
        if number in self.registers:
            return self.registers[number]
        return int.from_bytes(self.context.register_bytes(number)[: self.word], "little")

    # ------------------------------------------------------------------ locations

    def _piece(self) -> None:
        size = self.cursor.uleb()
        self._add_piece(8 * size, 0)

    def _bit_piece(self) -> None:
        size, offset = self.cursor.uleb(), self.cursor.uleb()
        self._add_piece(size, offset)

    def _add_piece(self, bits: int, offset: int) -> None:
        # A piece that nothing stands for is nowhere.
        whole = self._whole() if self.found is not None or self.stack else OptimizedOut()
        self.pieces.append(Piece(whole, bits, offset))

    def _stack_value(self) -> None:
        self.found = Implicit(self._bytes_of(self.pop()))

    def _implicit_value(self) -> None:
        self.found = Implicit(self.cursor.take(self.cursor.uleb()))

    def _implicit_pointer(self) -> None:
        unit = self.context.unit
        offset = self.cursor.unsigned(unit.word if unit.version < 3 else unit.offset_size)
        distance = self.cursor.sleb()
        self.found = ImplicitPointer(unit.dwarf.die_at(offset), distance)

    def _register_by_number(self) -> None:
        self.found = InRegister(self.cursor.uleb())

    # ------------------------------------------------------------------ addresses

    def _address(self) -> None:
        self.push(self.cursor.unsigned(self.word) + self.context.bias)

    def _indexed_address(self) -> None:
        self.push(self.context.unit.indexed_address(self.cursor.uleb()) + self.context.bias)

    def _indexed_constant(self) -> None:
        self.push(self.context.unit.indexed_address(self.cursor.uleb()))

    def _frame_base(self) -> None:
        self.push(self.context.frame_base() + self.cursor.sleb())

    def _call_frame(self) -> None:
        self.push(self.context.cfa())

    def _thread_local(self) -> None:
        self.push(self.context.tls_address(self.pop()))

    def _object(self) -> None:
        self.push(self.context.object_address())

    def _entry_value(self) -> None:
        self.push(self.context.entry_value(self.cursor.take(self.cursor.uleb())))

    def _parameter(self) -> None:
        self.push(self.context.parameter_ref(self._unit_die(self.cursor.unsigned(4))))

    def _call(self, size: int) -> None:
        die = self._unit_die(self.cursor.unsigned(size))
        code = die.block(dw.AT_LOCATION)
        if code:
            inner = _Locator(code, self.context)
            inner.stack = self.stack
            inner.locate()

    def _unit_die(self, offset: int) -> Die:
        return self.context.unit.die_at(self.context.unit.offset + offset)

    # ------------------------------------------------------------------ typed values

    def _base_type(self) -> Die | None:
        offset = self.cursor.uleb()
        return self._unit_die(offset) if offset else None

    def _constant_of_type(self) -> None:
        die = self._base_type()
        self._push_typed(self.cursor.take(self.cursor.byte()), die)

    def _register_of_type(self) -> None:
        number = self.cursor.uleb()
        die = self._base_type()
        size = self.word if die is None else die.number(dw.AT_BYTE_SIZE) or self.word
        self._push_typed(self.context.register_bytes(number)[:size], die)

    def _memory_of_type(self) -> None:
        size = self.cursor.byte()
        die = self._base_type()
        data = self.read(self.pop(), size).to_bytes(size, "little")
        self._push_typed(data, die)

    def _push_typed(self, data: bytes, die: Die | None) -> None:
        if die is None:
            self.push(int.from_bytes(data, "little"))
            return
        self.stack.append(decoded(data, die))

    def _convert(self) -> None:
        die = self._base_type()
        value = self.pop()
        if die is None:
            self.push(int(value))
        elif die.number(dw.AT_ENCODING) == dw.ATE_FLOAT:
            number = value if isinstance(value, (Typed, TypedInt)) else self.signed(value)
            self.stack.append(typed_float(float(number), die))
        else:
            self.stack.append(typed_int(int(value), die, self.word))

    def _reinterpret(self) -> None:
        die, value = self._base_type(), self.pop()
        self._push_typed(self._bytes_of(value), die)

    def _bytes_of(self, value: float) -> bytes:
        if isinstance(value, (Typed, TypedInt)):
            return encoded(value, value.die)
        return int(value).to_bytes(self.word, "little")

    def _is_typed(self) -> bool:
        return any(isinstance(value, (Typed, TypedInt)) for value in self.stack[-2:])

    def _arithmetic(self, operation: int) -> None:
        second, first = self.pop(), self.pop()
        die = getattr(first, "die", None) or getattr(second, "die", None)
        assert die is not None
        try:
            result = TYPED_ARITHMETIC[operation](first, second)
        except (ArithmeticError, TypeError) as error:
            raise Malformed(f"an expression that can't be calculated: {error}") from error
        if isinstance(result, bool):
            self.push(result)
        elif isinstance(first, Typed) or isinstance(second, Typed):
            self.stack.append(typed_float(float(result), die))
        else:
            self.stack.append(typed_int(int(result), die, self.word))


_MOST_STEPS = 1000
_MOST_VALUES = 256
_SPECIAL: dict[int, Callable[[_Locator], None]] = {
    0x03: _Locator._address,
    0x90: _Locator._register_by_number,
    0x91: _Locator._frame_base,
    0x93: _Locator._piece,
    0x97: _Locator._object,
    0x98: lambda m: m._call(2),
    0x99: lambda m: m._call(4),
    0x9B: _Locator._thread_local,
    0x9C: _Locator._call_frame,
    0x9D: _Locator._bit_piece,
    0x9E: _Locator._implicit_value,
    0x9F: _Locator._stack_value,
    0xA0: _Locator._implicit_pointer,
    0xA1: _Locator._indexed_address,
    0xA2: _Locator._indexed_constant,
    0xA3: _Locator._entry_value,
    0xA4: _Locator._constant_of_type,
    0xA5: _Locator._register_of_type,
    0xA6: _Locator._memory_of_type,
    0xA8: _Locator._convert,
    0xA9: _Locator._reinterpret,
    # The GNU operations that DWARF 5 has taken up, and those that it hasn't.
    0xE0: _Locator._thread_local,
    0xF2: _Locator._implicit_pointer,
    0xF3: _Locator._entry_value,
    0xF4: _Locator._constant_of_type,
    0xF5: _Locator._register_of_type,
    0xF6: _Locator._memory_of_type,
    0xF7: _Locator._convert,
    0xF9: _Locator._reinterpret,
    0xFA: _Locator._parameter,
    0xFB: _Locator._indexed_address,
    0xFC: _Locator._indexed_constant,
}


def entry_register(code: bytes) -> int | None:
    """The register that an expression is, if it is nothing but one."""
    if len(code) == 1 and 0x50 <= code[0] <= 0x6F:
        return code[0] - 0x50
    if code[:1] == b"\x90":
        cursor = Cursor(code, 1)
        number = cursor.uleb()
        return number if cursor.position == cursor.end else None
    return None


def frame_offset(code: bytes) -> int | None:
    """The distance from the frame base that an expression is, if it is nothing but that."""
    if code[:1] != b"\x91":
        return None
    cursor = Cursor(code, 1)
    distance = cursor.sleb()
    return distance if cursor.position == cursor.end else None
