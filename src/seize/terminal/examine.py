"""Memory as ``x/FMT ADDRESS`` shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seize.errors import MemoryFault
from seize.terminal import formats
from seize.terminal.disassembly import Disassembler
from seize.terminal.formats import Format
from seize.terminal.table import CommandError

if TYPE_CHECKING:
    from typing import NoReturn

    from seize.terminal.disassembly import Instruction
    from seize.terminal.session import Session

_LONGEST_STRING = 200
LONGEST_INSTRUCTION = 15
_MOST = 1 << 20
_PER_LINE = {1: 8, 2: 8, 4: 4, 8: 2}


class Cursor:
    """Where ``x`` goes on, and the format that it goes on with."""

    def __init__(self) -> None:
        self.form = Format(1, "x", 4)
        self.next: int | None = None


def examine(session: Session, form: Format, address: int) -> tuple[list[str], int]:
    """The lines of ``x``, and the address after what they show.

    Raises CommandError where nothing at all can be read.
    """
    if form.count * max(form.size, 1) > _MOST:
        raise CommandError(f"That is more than {_MOST} bytes.")
    if form.letter == "i":
        return _instructions(session, form.count, address)
    if form.letter == "s":
        return _strings(session, form.count, address)
    return _numbers(session, form, address)


def _numbers(session: Session, form: Format, address: int) -> tuple[list[str], int]:
    size = form.size or (session.process.machine.word_size if form.letter == "a" else 4)
    if form.letter == "c" and not form.size:
        size = 1
    if form.letter == "f" and not form.size:
        size = 8
    lines: list[str] = []
    each = _PER_LINE[size]
    left = form.count
    while left > 0:
        count = min(each, left)
        data = read(session, address, count * size, lines)
        texts = [
            formats.integer(
                int.from_bytes(data[at : at + size], "little"),
                size,
                form.letter or "x",
                session.symbol_name,
                pad=form.letter in ("", "x", "t", "z"),
            )
            for at in range(0, len(data) - size + 1, size)
        ]
        if texts:
            lines.append(f"{place(session, address)}:\t" + "\t".join(texts))
        if len(texts) < count:
            refuse(session, address + len(texts) * size, lines)
        address += count * size
        left -= count
    return lines, address


def read(session: Session, address: int, size: int, lines: list[str]) -> bytes:
    """What can be read from an address on, at most ``size`` bytes; nothing is an error."""
    try:
        return bytes(session.process.memory.read_prefix(address, size))
    except MemoryFault:
        refuse(session, address, lines)


def refuse(session: Session, address: int, lines: list[str]) -> NoReturn:
    """Show the lines so far, and fail at an address, as gdb does."""
    for line in lines:
        session.console.say(line)
    session.console.write(f"{place(session, address)}:\t")
    raise CommandError(f"Cannot access memory at address {address:#x}")


def place(session: Session, address: int) -> str:
    """An address with its symbol: ``0x401136 <main+4>``."""
    name = session.symbol_name(address)
    return f"{address:#x} {name}" if name else f"{address:#x}"


def _strings(session: Session, count: int, address: int) -> tuple[list[str], int]:
    lines: list[str] = []
    for _ in range(count):
        data = read(session, address, _LONGEST_STRING, lines)
        end = data.find(b"\0")
        text = formats.quoted(data if end < 0 else data[:end])
        cut = "..." if end < 0 and len(data) == _LONGEST_STRING else ""
        lines.append(f"{place(session, address)}:\t{text}{cut}")
        address += len(data) if end < 0 else end + 1
    return lines, address


def _instructions(session: Session, count: int, address: int) -> tuple[list[str], int]:
    lines: list[str] = []
    pc = session.frame.pc
    for item in instructions(session, address, count):
        mark = "=> " if item.address == pc else "   "
        lines.append(f"{mark}{place(session, item.address)}:\t{item.text}")
        address = item.address + len(item.data)
    if len(lines) < count:
        refuse(session, address, lines)
    return lines, address


def instructions(session: Session, address: int, count: int) -> list[Instruction]:
    """At most ``count`` instructions from an address on: as many as can be read."""
    try:
        data = session.process.memory.read_prefix(address, count * LONGEST_INSTRUCTION)
    except MemoryFault:
        return []
    found = []
    for item in disassembler(session).decode(bytes(data), address):
        found.append(item)
        if len(found) == count:
            break
    return found


def disassembler(session: Session) -> Disassembler:
    """A disassembler for the program's machine, in the form that is set."""
    bits = 8 * session.process.machine.word_size
    return Disassembler(session.options["disassembly-flavor"], bits, session.symbol_name)
