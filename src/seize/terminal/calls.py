"""Calling functions of the program from the prompt."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from seize.symbols import Value
from seize.symbols.lookup import UnknownFunction
from seize.symbols.types import REFERENCES, VOID
from seize.terminal import results, variables
from seize.terminal.table import CommandError

if TYPE_CHECKING:
    from seize.debug import Thread
    from seize.symbols.expression import Caller
    from seize.symbols.types import Type

_DOUBLE = 8


def caller(thread: Thread) -> Caller:
    """What calls functions in a stopped thread, for the expressions of one of its frames."""

    def call(function: Value, arguments: list[Value], wanted: Type | None) -> Value:
        called, address = _function(function)
        result = called.target
        if isinstance(called, UnknownFunction):
            if wanted is None:
                raise CommandError(
                    f"'{called.symbol}' has unknown return type; "
                    "cast the call to its declared return type"
                )
            result = wanted
            if called.is_resolver:
                address = thread.call_values(address).value
        passed = _passed(thread, called, arguments)
        word = thread.process.machine.word_size
        if result is not None and results.is_in_memory(result.strip(), word):
            # Where to write the result is a first argument that nobody sees.
            passed.insert(0, bytes(result.size))
        found = thread.call_values(address, *passed)
        if result is None:
            return Value.of(VOID, b"", function.space)
        data = results.data_of(result.strip(), found, thread.process)
        if data is None:
            raise CommandError(f"A result of type {result.name} can't be shown.")
        return Value.of(result, data, function.space)

    return call


def typed(function: Value, arguments: list[Value], wanted: Type | None) -> Value:
    """Call nothing, and give a value of the type that the function returns."""
    called, _ = _function(function)
    type_ = (wanted if isinstance(called, UnknownFunction) else called.target) or VOID
    return Value.of(type_, bytes(type_.size), function.space)


def _function(value: Value) -> tuple[Type, int]:
    """The type and address of what is called: a function, or what a pointer leads to."""
    value = value.referenced()
    type_ = value.type.strip()
    if type_.code == "pointer":
        type_ = type_.referred.strip()
    if type_.code != "function":
        raise CommandError("Cannot perform a call on a value that is no function.")
    return type_, value.number()


def _passed(
    thread: Thread, called: Type, arguments: list[Value]
) -> list[int | float | bytes | str]:
    """The arguments as they are passed: converted to the types of the parameters, where known."""
    parameters = called.parameters
    if len(arguments) < len(parameters):
        raise CommandError("Too few arguments in function call.")
    if parameters and len(arguments) > len(parameters) and not called.is_variadic:
        raise CommandError("Too many arguments in function call.")
    word = thread.process.machine.word_size
    known = [*parameters, *[None] * (len(arguments) - len(parameters))]
    return [_converted(value, type_, word) for value, type_ in zip(arguments, known, strict=True)]


def _converted(value: Value, parameter: Type | None, word: int) -> int | float | bytes:
    """One argument: numbers by value, arrays and what is referred to by address."""
    wanted = None if parameter is None else parameter.strip()
    if wanted is not None and wanted.code in REFERENCES:
        place = value.referenced()
        return bytes(place.bytes) if place.address is None else place.address
    kind = variables.kind(value)
    if kind == "array" and value.address is None:
        return bytes(value.bytes)
    if parameter is None or wanted is None:
        return float(value) if kind == "float" else int(value)
    if wanted.code == "float":
        return _float(float(value), wanted.size, word)
    if wanted.code in variables.STRUCTS:
        raise CommandError(f"A {parameter} can't be passed by value.")
    return int(value.cast(parameter))


def _float(number: float, size: int, word: int) -> int | float:
    """A floating-point argument: of a float, the bits are passed as they are."""
    if size > _DOUBLE:
        raise CommandError("A long double can't be passed.")
    if size == _DOUBLE:
        return number
    data = struct.pack("<f", number)
    if word < _DOUBLE:
        return int.from_bytes(data, "little")
    return float(struct.unpack("<d", data.ljust(_DOUBLE, b"\0"))[0])
