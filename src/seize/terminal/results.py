"""What functions return, as their declared types have it (the System V ABI, 3.2.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seize.debug.remote import Returned
from seize.errors import SeizeError
from seize.terminal import variables

if TYPE_CHECKING:
    from typing import Any

    from seize.symbols import Frame, Value
    from seize.terminal.session import Session

_EIGHTBYTE = 8
_IN_REGISTERS = 16
_NUMBERS = ("int", "char", "bool", "enum", "pointer", "reference", "rvalue")


def function(frame: Frame) -> Value | None:
    """The function of a frame as a value, whose type tells what it returns; None if unknown."""
    if not frame.function:
        return None
    try:
        return frame.evaluate(frame.function)
    except SeizeError:
        # No debug information: the type isn't known.
        return None


def returned(session: Session) -> Any:
    """What the function has returned that was finished just now; None for nothing or unknown."""
    called, session.finishing = session.finishing, None
    if called is None or variables.kind(called) != "function":
        return None
    type_ = called.type.strip().target
    if type_ is None or session.process.machine.word_size != _EIGHTBYTE:
        return None
    registers = session.thread.registers
    found = Returned(registers.rax, registers.rdx, registers.read("xmm0"), registers.read("st0"))
    data = data_of(type_.strip(), found, session)
    return None if data is None else called.of(type_, data, called.space)


def _low(number: int, size: int) -> bytes:
    return (number & (1 << 8 * size) - 1).to_bytes(size, "little")


def data_of(type_: Any, found: Returned, session: Session) -> bytes | None:
    """The bytes of a returned value; None for void, or what isn't in the usual registers."""
    if type_.code in _NUMBERS:
        return _low(found.value, type_.size)
    if type_.code == "float":
        where = found.st0.ljust(type_.size, b"\0") if type_.size > _EIGHTBYTE else found.xmm0
        return where[: type_.size]
    if type_.code not in variables.STRUCTS:
        return None
    if type_.size > _IN_REGISTERS:
        # It was written where the caller wanted it, which is told by rax.
        return bytes(session.process.memory.read(found.value, type_.size))
    return _in_registers(type_, found)


def is_in_memory(type_: Any) -> bool:
    """Whether a function that returns this is told where to write it."""
    return type_.code in variables.STRUCTS and type_.size > _IN_REGISTERS


def _in_registers(type_: Any, found: Returned) -> bytes | None:
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


def _scalars(type_: Any, start: int = 0) -> list[tuple[int, str]]:
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
