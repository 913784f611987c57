"""Expressions of commands: C as the program's own language has it, or Python.

C comes first (``p a->b[2]``).  What C doesn't know is tried as Python (``p len(process.threads)``).
``$1`` is the first value of the history, ``$`` the last, ``$$`` the one before it, ``$name`` a
register or a convenience variable.
"""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

from seize.errors import MemoryFault, SeizeError
from seize.symbols import Value
from seize.terminal import calls, variables
from seize.terminal.table import CommandError

if TYPE_CHECKING:
    from typing import Any

    from seize.symbols.expression import Caller
    from seize.terminal.session import Session

_DOLLAR = re.compile(r"\$(?:(\$?)(\d*)(?![A-Za-z_])|([A-Za-z_]\w*))")
_STEPPED = re.compile(r"(\+\+|--)\s*([^-+].*)|(.*[^-+\s])\s*(\+\+|--)", re.DOTALL)
_COUNTED = re.compile(r"\$([A-Za-z_]\w*)(\+\+|--)")
_ASSIGNMENT = re.compile(r"(?<![=!<>+\-*/%&|^])(<<|>>|[-+*/%&|^])?=(?!=)")
_CALL = re.compile(r"[\w)\]]\s*\(")
_ELEMENTS = re.compile(r"([^@]+)@([^@]+)")
_WORD_MASK = 0xFFFF_FFFF_FFFF_FFFF


def _thread_number(session: Session) -> int:
    thread = session.selection.chosen
    return 0 if thread is None else session.selection.numbers.get(thread.tid, 0)


def _process_number(session: Session) -> int:
    process = session.selection.current
    return 1 if process is None else session.selection.number_of(process)


_NUMBERS = {"_thread": _thread_number, "_inferior": _process_number}


class Failed(CommandError):
    """A Python expression or statement of the user raised an error; the text is one line."""


def evaluate(session: Session, text: str, call: Caller | None = None) -> Any:
    """The value of an expression: a ``Value`` of the program, or a Python object.

    ``call`` calls functions of the program, in the place of the selected thread.
    Raises CommandError where neither C nor Python can make sense of it.
    """
    text = text.strip()
    if not text:
        raise CommandError("Argument required (expression to compute).")
    whole = _DOLLAR.fullmatch(text)
    if whole is not None:
        return dollar(session, whole)
    stepped = _STEPPED.fullmatch(text)
    if stepped is not None:
        return _count(session, stepped)
    parts = assignment(text)
    if parts is not None:
        return assign(session, *parts)
    try:
        return in_c(session, text, call)
    except SeizeError as error:
        return _in_python(session, text, error)


def in_c(session: Session, text: str, call: Caller | None = None) -> Any:
    """The value of a C expression in the selected frame, None for void; SeizeError if none."""
    text = expanded(session, text)
    elements = _ELEMENTS.fullmatch(text)
    if elements is not None:
        count = number(session, elements[2])
        return variables.array(in_c(session, elements[1], call), count)
    frame = session.frame
    if call is None and _CALL.search(text) is not None and not session.program.is_core:
        value = frame.evaluate(text, calls.caller(session.thread))
        session.changed()
        return None if variables.kind(value) == "void" else value
    return frame.evaluate(text, call)


def expanded(session: Session, text: str) -> str:
    """An expression with C in the place of convenience variables and of values by number."""
    text = _COUNTED.sub(lambda found: as_c(evaluate(session, found[0])), text)
    return _DOLLAR.sub(lambda found: substitute(session, found), text)


def _in_python(session: Session, text: str, c_error: Exception) -> Any:
    message = str(c_error)
    if _DOLLAR.search(text):
        raise CommandError(message) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = compile(text, "<expression>", "eval")
    except (SyntaxError, ValueError):
        raise CommandError(message) from None
    first = code.co_names[:1]
    if first and first[0] not in session.names and not (_builtin(first[0]) and "(" in text):
        raise CommandError(message) from None
    try:
        return eval(code, session.names)
    except SeizeError:
        raise
    except Exception as error:  # noqa: BLE001 (the user's expression may raise anything)
        raise Failed(f"Python: {type(error).__name__}: {error}") from None


def _builtin(name: str) -> bool:
    import builtins

    return hasattr(builtins, name)


# ------------------------------------------------------------ dollars


def dollar(session: Session, found: re.Match[str]) -> Any:
    """The value of ``$``, ``$$``, ``$3``, ``$$3``, ``$rip`` or ``$name``."""
    back, digits, name = found.groups()
    if name is not None:
        if name in session.variables:
            return session.variables[name]
        if name in _NUMBERS:
            return _NUMBERS[name](session)
        return register(session, name)
    count = len(session.values)
    if not digits:
        number = count - (1 if back else 0)
    else:
        number = count - int(digits) if back else int(digits)
    if number == 0 and not digits:
        raise CommandError("The history is empty.")
    if not 1 <= number <= count:
        raise CommandError(f"History has not yet reached ${number}.")
    return session.values[number - 1]


def register(session: Session, name: str) -> Any:
    """A register of the selected frame, as C sees it; CommandError if there is no such one."""
    try:
        return session.frame.evaluate(f"${name}")
    except SeizeError:
        pass
    name = {"pc": session.process.machine.pc, "sp": session.process.machine.sp}.get(name, name)
    if session.selection.level == 0 and name in session.thread.registers:
        return session.thread.registers[name]
    if name in session.frame.registers:
        return session.frame.registers[name]
    raise CommandError(f"Value of ${name} is void: no register or variable has that name.")


def substitute(session: Session, found: re.Match[str]) -> str:
    """What stands for a ``$`` name in a C expression: registers stay, values become C."""
    name = found[3]
    if name is not None and name not in session.variables and name not in _NUMBERS:
        return found[0]
    return as_c(dollar(session, found))


def as_c(value: Any) -> str:
    """A value as a C expression; CommandError for what C has no words for."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (int, float)):
        return f"({value!r})"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    kind = variables.kind(value)
    if kind in variables.STRUCTS and value.address is not None:
        return f"(*({value.type.name} *){value.address:#x})"
    if kind in ("int", "enum", "bool", "char", "pointer"):
        return f"(({value.type.name}){int(value):#x})"
    if kind == "float":
        return f"({float(value)!r})"
    raise CommandError(f"A value of type {getattr(value, 'type', type(value))} can't stand here.")


def split_commas(text: str) -> list[str]:
    """The parts of a text between its outermost commas; none of an empty text."""
    parts: list[str] = []
    depth, quote, start = 0, "", 0
    for at, letter in enumerate(text):
        if quote:
            if letter == quote and text[at - 1] != "\\":
                quote = ""
        elif letter in "\"'":
            quote = letter
        elif letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        elif letter == "," and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    rest = text[start:].strip()
    return [*parts, rest] if rest or parts else []


# ------------------------------------------------------------ assignment


def assignment(text: str) -> tuple[str, str] | None:
    """The two sides of ``a = b``, outside of quotes and parentheses; None for something else.

    Those of ``a += b`` are ``a`` and ``(a) + (b)``.
    """
    for found in _ASSIGNMENT.finditer(text):
        left, right = text[: found.start()].strip(), text[found.end() :].strip()
        if left.count("(") == left.count(")") and left.count('"') % 2 == 0:
            return left, f"({left}) {found[1]} ({right})" if found[1] else right
    return None


def _count(session: Session, found: re.Match[str]) -> Any:
    """Carry out ``++a``, whose value is the new one, or ``a++``, whose value is the old one."""
    before, after, target, operator = found.groups()
    old = in_c(session, target or after)
    read_whole(old)
    new = assign(session, target or after, f"({target or after}) {(operator or before)[0]} 1")
    return old if target else new


def assign(session: Session, target: str, source: str) -> Any:
    """Set a register, a convenience variable or a variable of the program."""
    value = evaluate(session, source)
    read_whole(value)
    whole = _DOLLAR.fullmatch(target)
    if whole is not None and whole[3] is not None:
        return _set_dollar(session, whole[3], value)
    place: Value = in_c(session, target).referenced()
    if place.address is None:
        raise CommandError("Left operand of assignment is not an lvalue.")
    session.process.memory.write(place.address, _bytes(place, value))
    session.changed()
    return in_c(session, target)


def _set_dollar(session: Session, name: str, value: Any) -> Any:
    registers = session.thread.registers if session.selection.chosen is not None else None
    if registers is None or name not in registers:
        session.variables[name] = value
        return value
    if session.selection.level > 0:
        raise CommandError("Registers can be set in the innermost frame only (frame 0).")
    registers[name] = value if isinstance(value, (int, float, str)) else int(value)
    if name in ("pc", session.process.machine.pc):
        session.thread.leave_call()
    session.changed()
    return session.thread.registers[name]


def _bytes(place: Value, value: Any) -> bytes:
    """The bytes of a value in the type of the place that it goes to."""
    import struct

    size: int = place.type.size
    kind = variables.kind(place)
    if kind == "float" and size in (4, 8):
        return struct.pack("<f" if size == 4 else "<d", float(value))
    if isinstance(value, (bytes, str)):
        data = value.encode() if isinstance(value, str) else value
        if kind == "array" and len(data) <= size:
            return data.ljust(size, b"\0")
        raise CommandError("A text can only be assigned to an array of characters that holds it.")
    if kind in (*variables.STRUCTS, "array"):
        whole = getattr(value, "bytes", None)
        if whole is None or len(whole) != size:
            raise CommandError(f"Invalid cast: {place.type.name} needs a value of its own type.")
        return bytes(whole)
    number = int(value)
    if place.bits is not None:
        first, count = place.bits
        whole, mask = place.bytes, (1 << count) - 1
        others = int.from_bytes(whole, "little") & ~(mask << first)
        return (others | (number & mask) << first).to_bytes(len(whole), "little")
    return (number & ((1 << 8 * size) - 1)).to_bytes(size, "little")


def read_whole(value: Any) -> None:
    """Read a value of the program, which is kept then; CommandError if it can't be read."""
    if variables.kind(value) not in ("", "function", "void"):
        try:
            value.bytes  # noqa: B018 (reading it keeps it)
        except MemoryFault:
            raise CommandError(f"Cannot access memory at address {value.address:#x}") from None
        except SeizeError:
            # It is nowhere, or too large: that is told when it is shown.
            return


def pointed_to(session: Session, text: str) -> tuple[int, int]:
    """The address that an expression means, and the size of the number that is there, if it is
    a floating-point one (else 0).
    """
    if text.strip().startswith("*"):
        return address_of(session, text), 0
    try:
        value = evaluate(session, text)
    except CommandError:
        return address_of(session, text), 0
    target = value.type.strip() if isinstance(value, Value) else None
    if target is not None and target.code in ("pointer", "array"):
        target = target.referred.strip()
    is_float = target is not None and target.code == "float"
    return as_address(value), target.size if target is not None and is_float else 0


def address_of(session: Session, text: str) -> int:
    """The address that an expression means: a pointer's or number's value, ``main``, ``$pc``."""
    text = text.strip()
    if text.startswith("*"):
        text = text[1:]
    try:
        return as_address(evaluate(session, text))
    except CommandError as error:
        places = _places(session, text)
        if not places:
            raise error from None
        return places[0]


def _places(session: Session, text: str) -> list[int]:
    symbol = session.process.symbols.symbol(text)
    return [symbol.address] if symbol is not None else []


def as_address(value: Any) -> int:
    """A value as an address: of arrays and functions where they are, of others the number."""
    if isinstance(value, int):
        return value & _WORD_MASK
    kind = variables.kind(value)
    if kind in ("array", "function", *variables.STRUCTS) and value.address is not None:
        return int(value.address)
    try:
        return int(value) & _WORD_MASK
    except (TypeError, ValueError, OverflowError):
        raise CommandError(f"{value!r} is no address.") from None


def number(session: Session, text: str, default: int = 1) -> int:
    """A count that a command was given, as an expression; ``default`` for none."""
    if not text.strip():
        return default
    if text.strip().isdigit():
        return int(text)
    value = evaluate(session, text)
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        raise CommandError(f"{text.strip()} is no number.") from None
