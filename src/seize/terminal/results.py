"""What functions return, as their declared types have it (System V ABI, 3.2.3)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from seize.debug.remote import Returned
from seize.debug.vectors import extended_to_float
from seize.symbols import Value
from seize.terminal import variables

if TYPE_CHECKING:
    from seize.debug import Process
    from seize.symbols import Frame, Type
    from seize.terminal.session import Session

_EIGHTBYTE = 8
_IN_REGISTERS = 16
_NUMBERS = ("int", "char", "bool", "enum", "pointer", "reference", "rvalue")


def function(frame: Frame) -> Value | None:
    """The function of a frame as a value, whose type tells what it returns; None if unknown."""
    die, info = frame.function_die, frame.info
    if die is None or info is None:
        return None
    return Value(info.types.of(die), frame.symbols)


def returned(session: Session) -> Value | None:
    """What the function has returned that was finished just now; None for nothing or unknown."""
    called, session.finishing = session.finishing, None
    type_ = None if called is None else called.type.strip().target
    if called is None or type_ is None:
        return None
    data = data_of(type_.strip(), _registers(session), session.process)
    return None if data is None else Value.of(type_, data, called.space)


def _registers(session: Session) -> Returned:
    """The registers that results are in."""
    registers = session.thread.registers
    low, high = ("eax", "edx") if session.process.machine.name == "i386" else ("rax", "rdx")
    return Returned(registers[low], registers[high], registers.read("xmm0"), registers.read("st0"))


def _low(number: int, size: int) -> bytes:
    return (number & (1 << 8 * size) - 1).to_bytes(size, "little")


def data_of(type_: Type, found: Returned, process: Process) -> bytes | None:
    """The bytes of a returned value; None for void, or what isn't in the usual registers."""
    short = process.machine.word_size < _EIGHTBYTE
    if type_.code in _NUMBERS:
        # What is wider than a register has its upper half in the second.
        number = found.value | found.high << 32 if short and type_.size > 4 else found.value
        return _low(number, type_.size)
    if type_.code == "float":
        return _float(type_.size, found, on_stack=short or type_.size > _EIGHTBYTE)
    if type_.code not in variables.STRUCTS:
        return None
    if short or type_.size > _IN_REGISTERS:
        # It was written where the caller wanted it, which is told by the result.
        return bytes(process.memory.read(found.value, type_.size))
    return _in_registers(type_, found)


def _float(size: int, found: Returned, *, on_stack: bool) -> bytes:
    """A floating-point number: of the x87 stack, or of a vector register."""
    if not on_stack:
        return found.xmm0[:size]
    if size > _EIGHTBYTE:
        return found.st0.ljust(size, b"\0")
    return struct.pack("<f" if size == 4 else "<d", extended_to_float(found.st0))


def is_in_memory(type_: Type, word: int) -> bool:
    """Whether a function that returns this is told where to write it; ``word`` in bytes."""
    largest = _IN_REGISTERS if word == _EIGHTBYTE else 0
    return type_.code in variables.STRUCTS and type_.size > largest


def _in_registers(type_: Type, found: Returned) -> bytes | None:
    """A small struct: each eight bytes in the next register of their class."""
    numbers = iter((_low(found.value, _EIGHTBYTE), _low(found.high, _EIGHTBYTE)))
    vectors = iter((found.xmm0[:_EIGHTBYTE],))
    data = b""
    for start in range(0, type_.size, _EIGHTBYTE):
        is_float = all(
            code == "float" for at, code in _scalars(type_) if start <= at < start + _EIGHTBYTE
        )
        part = next(vectors if is_float else numbers, None)
        if part is None:
            # Two halves in vector registers: the second isn't kept.
            return None
        data += part
    return data[: type_.size]


def _scalars(type_: Type, start: int = 0) -> list[tuple[int, str]]:
    """Where the scalars of a type are, and of what kind."""
    type_ = type_.strip()
    if type_.code in variables.STRUCTS:
        return [
            found
            for field in type_.fields
            if field.static is None
            for found in _scalars(field.type, start + field.offset)
        ]
    if type_.code == "array":
        element = type_.referred
        return [
            found
            for index in range(type_.count or 0)
            for found in _scalars(element, start + index * element.size)
        ]
    return [(start, type_.code)]
