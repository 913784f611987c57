"""Commands about registers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seize.terminal.table import CommandError, command

if TYPE_CHECKING:
    from typing import Any

    from seize.debug.registers import Registers
    from seize.terminal.session import Session

_NAME, _RAW = 15, 20
_POINTERS = ("rip", "eip", "pc")
_STACK = ("rsp", "rbp", "esp", "ebp", "sp")


@command("info registers, info r", "data", "[NAME…]", "register")
def info_registers(session: Session, argument: str) -> dict[str, Any]:
    """Show the general registers of the selected frame, or those that are named."""
    names = [word.lstrip("$") for word in argument.split()]
    registers = _registers(session)
    if not names:
        names = list(registers.names("general"))
    return _show(session, registers, names)


@command("info all-registers, info al", "data", "[NAME…]", "register")
def info_all_registers(session: Session, argument: str) -> dict[str, Any]:
    """Show all registers: also those for numbers, vectors and the system."""
    names = [word.lstrip("$") for word in argument.split()]
    registers = _registers(session)
    return _show(session, registers, names or list(registers.names()))


@command("info float", "data")
def info_float(session: Session, argument: str) -> dict[str, Any]:
    """Show the x87 registers."""
    return _group(session, "float")


@command("info vector, info ve", "data")
def info_vector(session: Session, argument: str) -> dict[str, Any]:
    """Show the vector registers."""
    return _group(session, "vector")


def _registers(session: Session) -> Registers:
    current = session.selection.current
    if current is None or current.exited is not None:
        raise CommandError("The program has no registers now.")
    return session.thread.registers


def _group(session: Session, name: str) -> dict[str, Any]:
    registers = _registers(session)
    if name not in registers.groups:
        raise CommandError(f"This machine has no {name} registers.")
    return _show(session, registers, list(registers.names(name)))


def _show(session: Session, registers: Registers, names: list[str]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name in names:
        if name in registers.groups:
            made.update(_show(session, registers, list(registers.names(name))))
            continue
        if name not in registers:
            raise CommandError(f"Invalid register `{name}'")
        value = value_of(session, registers, name)
        session.console.say(line(session, registers, name, value))
        made[name] = value if isinstance(value, (int, float)) else str(value)
    return made


def value_of(session: Session, registers: Registers, name: str) -> Any:
    """A register's value in the selected frame."""
    if session.selection.level > 0:
        unwound = session.frame.registers
        if name in unwound:
            return unwound[name]
    return registers[name]


def line(session: Session, registers: Registers, name: str, value: Any) -> str:
    """One register: its name, its bits, and what they mean."""
    if not isinstance(value, int):
        raw = f"(raw {int.from_bytes(value.raw, 'little'):#022x})" if hasattr(value, "raw") else ""
        return f"{name:<{_NAME}}{value!s:<{_RAW if raw else 0}}{raw}"
    raw = f"{value:#x}"
    if name in _POINTERS:
        meaning = f"{raw} {session.symbol_name(value)}".rstrip()
    elif name in _STACK:
        meaning = raw
    elif name == "eflags":
        meaning = str(registers.flags)
    elif name == "mxcsr":
        meaning = str(registers.mxcsr_flags)
    else:
        meaning = str(signed(value, registers, name))
    return f"{name:<{_NAME}}{raw:<{_RAW}}{meaning}"


def signed(value: int, registers: Registers, name: str) -> int:
    """A general register's number, which is signed; the others' as they are."""
    word = registers.machine.word_size
    if name in ("fs_base", "gs_base") or name.startswith("k"):
        return value
    return value - (1 << 8 * word) if value >> (8 * word - 1) & 1 else value
