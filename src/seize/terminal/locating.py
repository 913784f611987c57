"""Locations: what ``break``, ``list``, ``until`` and others take."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seize.errors import SeizeError
from seize.terminal import expressions
from seize.terminal.table import CommandError

if TYPE_CHECKING:
    from seize.symbols import Place
    from seize.terminal.session import Session

LINE = re.compile(r"(.+):(\d+)$")
"""A file and a line in it."""
_OFFSET = re.compile(r"([+-])(\d+)$")


def location(session: Session, text: str) -> int | str:
    """What a breakpoint is to be set at: an address, or a text that the symbols can resolve.

    A line number alone is of the current file; nothing is where the selected frame is.
    """
    text = text.strip().strip("'\"")
    if not text:
        return session.frame.pc
    if text.startswith("*"):
        return expressions.address_of(session, text[1:])
    if text.isdigit():
        return f"{_file(session)}:{text}"
    if found := _OFFSET.match(text):
        line = session.frame.line
        if not line:
            raise CommandError("No line number known for the selected frame.")
        return f"{_file(session)}:{line + int(found[1] + found[2])}"
    return text


def _file(session: Session) -> str:
    if session.program.fresh is None:
        try:
            frame = session.frame
        except CommandError:
            frame = None
        if frame is not None and frame.file:
            return frame.file
    if session.listing.file is not None:
        return session.listing.file
    found = session.process.symbols.resolve("main")
    if not found or not found[0].file:
        raise CommandError('No symbol table is loaded.  Use the "file" command.')
    return found[0].file


def place(session: Session, text: str, *, exact: bool = False) -> Place:
    """The place of a location, where a breakpoint on it would stop.

    ``exact``: where a function begins, not after its prologue.  CommandError if there is none.
    """
    where = location(session, text)
    symbols = session.process.symbols
    if exact and isinstance(where, str):
        symbol = symbols.symbol(where)
        if symbol is not None:
            return symbols.describe(symbol.address)
    if isinstance(where, int):
        return symbols.describe(where)
    found = symbols.resolve(where)
    if not found:
        raise CommandError(unknown(where))
    return found[0]


def unknown(where: str) -> str:
    """What to say of a location that isn't there, in gdb's words."""
    if found := LINE.match(where):
        return f'No line {found[2]} in file "{found[1]}".'
    return f'Function "{where}" not defined.'


def function_address(session: Session, text: str) -> int:
    """The address that a function's name or an expression means."""
    text = text.strip()
    symbol = session.process.symbols.symbol(text)
    if symbol is not None:
        return symbol.address
    if LINE.match(text):
        return place(session, text).address
    return expressions.address_of(session, text)


def describe(session: Session, address: int) -> Place | None:
    """The place of an address; None if nothing is known of it."""
    try:
        found = session.process.symbols.describe(address)
    except SeizeError:
        # No process, or none of its images is there: an address is all there is to tell.
        return None
    return found


def symbol_name(session: Session, address: int) -> str:
    """The symbol of an address: ``<main+4>``; "" if there is none."""
    found = describe(session, address)
    if found is None or not found.symbol:
        return ""
    return f"<{found.symbol}+{found.offset}>" if found.offset else f"<{found.symbol}>"
