"""Commands that show source and instructions."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from seize.terminal import examine, expressions, frames, locating
from seize.terminal.sources import full_name
from seize.terminal.table import CommandError, command

if TYPE_CHECKING:
    from typing import Any

    from seize.symbols import Image
    from seize.terminal.disassembly import Instruction
    from seize.terminal.session import Session

_LONGEST_FUNCTION = 1 << 16
_WITHOUT_SYMBOL = 64
_RAW = 19
"""How wide the bytes of an instruction are, as far as they aren't longer."""
_RANGE = re.compile(r"(\d*)\s*,\s*(\d*)$")


@command("list, l", "files", "[LOCATION | FIRST,LAST | -]", "location", "bare")
def list_(session: Session, argument: str) -> list[str]:
    """Show source lines: around a location, or what follows those that were shown last."""
    size = session.options["listsize"]
    listing = session.listing
    text = argument.strip()
    if listing.file is None or text == "":
        _begin(session)
    if text == "":
        first = listing.last + 1 if listing.center is None else _centered(listing.center, size)
        last = first + size - 1
    elif text == "-":
        first = max(listing.first - size, 1)
        if listing.first <= 1:
            raise CommandError(f"Already at the start of {os.path.basename(listing.file or '')}.")
        last = listing.first - 1
    elif found := _RANGE.match(text):
        first = int(found[1]) if found[1] else int(found[2]) - size + 1
        last = int(found[2]) if found[2] else first + size - 1
    else:
        first, last = _around(session, text, size)
    lines = listing.show(session.sources, first, last)
    for line in lines:
        session.console.say(line)
    return lines


def _begin(session: Session) -> None:
    """Let the listing begin somewhere: where the program is, or at main()."""
    if session.listing.file is not None:
        return
    place: Any = None
    if session.program.fresh is None:
        place = session.frame if session.frame.file else None
    if place is None:
        found = session.process.symbols.resolve("main")
        place = found[0] if found else None
    if place is None or not place.file:
        raise CommandError('No symbol table is loaded.  Use the "file" command.')
    session.listing.around(place)
    if session.program.fresh is not None:
        session.listing.center = (place.line or 1) + 1


def _centered(line: int, size: int) -> int:
    return max(line - size // 2, 1)


def _around(session: Session, text: str, size: int) -> tuple[int, int]:
    begin, comma, end = text.partition(",")
    if comma and begin.strip() and end.strip():
        last = _line_of(session, end.strip())
        return _line_of(session, begin.strip()), last
    if comma and begin.strip():
        first = _line_of(session, begin.strip())
    else:
        first = _centered(_line_of(session, text), size)
    return first, first + size - 1


def _line_of(session: Session, text: str) -> int:
    """The line of a location, whose file is listed from now on."""
    if text.isdigit():
        return int(text)
    place = locating.place(session, text, exact=True)
    if not place.file or not place.line:
        raise CommandError(f"No line number known for {text}.")
    session.listing.around(place)
    # The line itself, which may have no code.
    found = locating.LINE.match(text)
    return int(found[2]) if found else place.line


@command("disassemble, disas", "files", "[/rs] [LOCATION | START,END | START,+LENGTH]", "location")
def disassemble(session: Session, argument: str) -> list[dict[str, Any]]:
    """Show the instructions of a function, or of a range; /r with their bytes, /s with source."""
    flags, text = _flags(argument)
    start, end, name = _range(session, text)
    say = session.console.say
    size = min(end - start, _LONGEST_FUNCTION) + examine.LONGEST_INSTRUCTION
    data = session.process.memory.read_prefix(start, size)
    say(
        f"Dump of assembler code for function {name}:"
        if name
        else f"Dump of assembler code from {start:#x} to {end:#x}:"
    )
    pc = session.frame.pc
    made = []
    before: tuple[str | None, int | None] = (None, None)
    for item in examine.disassembler(session).decode(bytes(data), start):
        if item.address >= end:
            break
        if flags & {"s", "m"}:
            before = _source(session, item, before)
        say(_line(session, item, start if name else None, pc, raw="r" in flags))
        made.append({"address": item.address, "bytes": item.data.hex(), "text": item.text})
    say("End of assembler dump.")
    return made


def _flags(argument: str) -> tuple[set[str], str]:
    text = argument.strip()
    flags: set[str] = set()
    while text.startswith("/"):
        word, _, text = text[1:].partition(" ")
        flags |= set(word)
        text = text.strip()
    if unknown := flags - set("rms"):
        raise CommandError(f"Invalid disassembly modifier: {''.join(sorted(unknown))}.")
    return flags, text


def _range(session: Session, text: str) -> tuple[int, int, str]:
    """Where to begin and end, and the name of the function that this is ("" for a range)."""
    parts = expressions.split_commas(text)
    if len(parts) > 2:
        raise CommandError("A start and an end are expected: START,END or START,+LENGTH.")
    if len(parts) == 2:
        start = expressions.address_of(session, parts[0])
        if parts[1].startswith("+"):
            return start, start + expressions.number(session, parts[1][1:]), ""
        return start, expressions.address_of(session, parts[1]), ""
    address = locating.function_address(session, text) if text else session.frame.pc
    symbols = session.process.symbols
    found = symbols.function_range(address)
    place = symbols.describe(address)
    if not place.symbol:
        raise CommandError("No function contains specified address.")
    start, end = found or (address - place.offset, address + _WITHOUT_SYMBOL)
    return start, end, place.symbol


def _line(
    session: Session, item: Instruction, start: int | None, pc: int, *, raw: bool = False
) -> str:
    word = session.process.machine.word_size
    mark = "=>" if item.address == pc else "  "
    where = f" <+{item.address - start}>" if start is not None else ""
    if start is None:
        name = session.symbol_name(item.address)
        whole = name if "+" in name else f"{name[:-1]}+0>"
        where = f" {whole}" if name else ""
    data = f"{item.data.hex(' '):<{_RAW}}\t" if raw else ""
    return f"{mark} {frames.address(item.address, word)}{where}:\t{data}{item.text}"


def _source(
    session: Session, item: Instruction, before: tuple[str | None, int | None]
) -> tuple[str | None, int | None]:
    """Show the source line of an instruction if it is another than before."""
    place = locating.describe(session, item.address)
    if place is None or not place.file:
        return before
    if (place.file, place.line) == before:
        return before
    if place.file != before[0]:
        session.console.say(f"{place.file}:")
    elif before[1] is not None:
        session.console.say("")
    text = session.sources.line(place, place.line or 0)
    session.console.say(f"{place.line}\t{text if text is not None else f'in {place.file}'}")
    return place.file, place.line


@command("info line", "files", "[LOCATION]", "location")
def info_line(session: Session, argument: str) -> dict[str, Any]:
    """Show where the code of a source line is."""
    text = argument.strip()
    address = locating.place(session, text, exact=True).address if text else session.frame.pc
    found = locating.LINE.match(text)
    asked = found[2] if found else text if text.isdigit() else "0"
    block = _line_block(session, address, int(asked))
    if block is None:
        name = session.symbol_name(address)
        raise CommandError(
            f"No line number information available for address {address:#x} {name}".rstrip()
        )
    start, end, file, line = block
    names = [session.symbol_name(at) for at in (start, end)]
    session.console.say(
        f'Line {line} of "{file}" starts at address {start:#x} {names[0]} '
        f"and ends at {end:#x} {names[1]}."
    )
    session.cursor.next = start
    return {"file": file, "line": line, "start": start, "end": end}


def _line_block(session: Session, address: int, line: int) -> tuple[int, int, str, int] | None:
    """The first code of a line in the function of an address: where it begins and ends, its file
    and its number.  Without the line (0), that of the address; None if nothing is known.
    """
    symbols = session.process.symbols
    own = symbols.line_block(address)
    function = symbols.function_range(address)
    if own is None or function is None:
        return own
    at = function[0]
    while at < function[1]:
        block = symbols.line_block(at)
        if block is None:
            break
        if block[2] == own[2] and block[3] == (line or own[3]):
            return block
        at = block[1]
    return own


@command("info symbol", "files", "ADDRESS", "expression")
def info_symbol(session: Session, argument: str) -> dict[str, Any]:
    """Show the symbol of an address."""
    if not argument:
        raise CommandError("Argument required (address).")
    address = locating.function_address(session, argument)
    place = session.process.symbols.describe(address)
    if not place.symbol:
        session.console.say(f"No symbol matches {argument}.")
        return {"address": address}
    offset = f" + {place.offset}" if place.offset else ""
    image = place.image
    where = f" of {image.path}" if image is not None else ""
    section = section_of(image, address) if image is not None else ""
    inside = f" in section {section}" if section else ""
    session.console.say(f"{place.symbol}{offset}{inside}{where}")
    return {"address": address, "symbol": place.symbol, "offset": place.offset}


def section_of(image: Image, address: int) -> str:
    """The name of the section of an image that an address is in; "" if it is in none."""
    inside = address - image.bias
    for section in image.module.elf.sections:
        if section.address and section.address <= inside < section.address + section.size:
            return section.name
    return ""


@command("info address", "files", "SYMBOL", "location")
def info_address(session: Session, argument: str) -> dict[str, Any]:
    """Show where a symbol is."""
    symbol = session.process.symbols.symbol(argument.strip())
    if symbol is None:
        raise CommandError(f'No symbol "{argument.strip()}" in current context.')
    kinds = {"function": "a function", "data": "static storage"}
    what = kinds.get(symbol.kind, f"of kind {symbol.kind},")
    session.console.say(f'Symbol "{argument.strip()}" is {what} at address {symbol.address:#x}.')
    return {"address": symbol.address, "size": symbol.size}


@command("info source", "files")
def info_source(session: Session, argument: str) -> dict[str, Any]:
    """Show which source file the selected frame is of."""
    frame = session.frame
    if not frame.file:
        session.console.say("No current source file.")
        return {}
    path = full_name(frame) or frame.file
    lines = session.sources.lines(path)
    session.console.say(f"Current source file is {frame.file}")
    if lines is None:
        session.console.say("It isn't to be found: see `directory`.")
    else:
        session.console.say(f"Located in {os.path.abspath(session.sources.path(path) or path)}")
        session.console.say(f"Contains {len(lines) - 1} lines.")
    return {"file": frame.file, "fullname": path}


@command("directory, dir", "files", "[FOLDER…]", "file")
def directory(session: Session, argument: str) -> list[str]:
    """Look for source files in these folders too; without one, no longer."""
    if argument:
        session.sources.add([part for word in argument.split() for part in word.split(":")])
    else:
        session.sources.folders.clear()
        session.sources.forget()
    session.console.say(f"Source directories searched: {':'.join(session.sources.folders)}")
    return session.sources.folders
