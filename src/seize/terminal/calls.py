"""Calling functions of the program from the prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seize.symbols import Value
from seize.terminal import results, variables

if TYPE_CHECKING:
    from typing import Any

    from seize.terminal.session import Session


def call(session: Session, address: int, called: Value | None, arguments: list[Any]) -> Any:
    """Call a function; its result as the type that ``called`` returns, a number if that is None.

    None for a function that returns nothing.  CallInterrupted if it crashes.
    """
    known = called is not None and variables.kind(called) == "function"
    type_ = called.type.strip().target if called is not None and known else None
    passed = [_converted(value) for value in arguments]
    if type_ is not None and results.is_in_memory(type_.strip()):
        # Where to write the result is a first argument that nobody sees.
        passed.insert(0, bytes(type_.size))
    found = session.thread.call_values(address, *passed)
    if called is None or not known:
        return found.value
    data = results.data_of(type_.strip(), found, session) if type_ is not None else None
    return None if type_ is None or data is None else Value.of(type_, data, called.space)


def _converted(value: Any) -> int | float | bytes | str:
    """An argument as it is passed: the program's values as numbers, arrays by address."""
    if isinstance(value, (int, float, str, bytes)):
        return value
    kind = variables.kind(value)
    if kind == "float":
        return float(value)
    if kind == "array" and value.address is None:
        return bytes(value.bytes)
    return int(value)
