"""Commands that show and change data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seize._frozen import replace
from seize.errors import SeizeError
from seize.symbols.lookup import find_type
from seize.terminal import calls, declarations, expressions, formats, python, variables
from seize.terminal import display as displays
from seize.terminal.display import Display
from seize.terminal.examine import examine
from seize.terminal.table import CommandError, command

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from seize.symbols import Type
    from seize.terminal.formats import Format
    from seize.terminal.session import Session

_OUTPUT_ESCAPES = {"n": "\n", "t": "\t", "a": "\a", "\\": "\\", '"': '"', "e": "\x1b", "r": "\r"}


@command("print, p, inspect", "data", "[/FMT] EXPRESSION", "expression", "same")
def print_(session: Session, argument: str) -> Any:
    """Show the value of an expression: C, or Python where C has no such thing.

    FMT is x, d, u, o, t (binary), z, c, a (address), f or s.  The value gets a number: $1.
    An assignment (p x = 5) changes the program.  Without an expression, the last value again.
    """
    form, text = formats.split(argument)
    value = expressions.evaluate(session, text or "$")
    if value is None:
        return None
    expressions.read_whole(value)
    shown = _text(session, value, formats.parse(form or ""))
    session.console.say(f"${session.remember(value)} = {shown}")
    return python.jsonable(value)


def _text(session: Session, value: Any, form: Format) -> str:
    if form.letter in ("i",) or form.count != 1:
        raise CommandError('Format letter "i" and counts are for "x", not for "print".')
    if variables.kind(value) and not form.letter and not form.size:
        is_pretty = session.options["print pretty"] and variables.kind(value) != "pointer"
        return formats.pretty(value) if is_pretty else str(value)
    return formats.value(value, form, session.symbol_name)


@command("output", "data", "[/FMT] EXPRESSION", "expression")
def output(session: Session, argument: str) -> Any:
    """Show a value alone: no number, no line end."""
    form, text = formats.split(argument)
    value = expressions.evaluate(session, text)
    session.console.write(formats.value(value, formats.parse(form or ""), session.symbol_name))
    return python.jsonable(value)


@command("x", "data", "[/FMT] ADDRESS", "expression", "bare")
def x(session: Session, argument: str) -> dict[str, Any]:
    """Show memory: /4xw four words in hexadecimal, /3i instructions, /s a string.

    FMT is a count, a letter (x d u o t z c a f s i) and a size (b h w g); the last ones stay.
    Without an ADDRESS, what follows.
    """
    form, text = formats.split(argument)
    memory = session.cursor.form
    if form is not None:
        given = formats.parse(form, memory.letter, memory.size)
        sized = any(mark in form for mark in formats.SIZES)
        usual = {
            "a": session.process.machine.word_size,
            "c": 1,
            "f": memory.size if memory.size > 2 else 8,
        }
        if given.letter in usual and not sized:
            given = formats.Format(given.count, given.letter, usual[given.letter])
        elif given.letter in ("s", "i"):
            given = formats.Format(given.count, given.letter, memory.size)
    else:
        sized = True
        count = 1 if text else memory.count
        given = formats.Format(count, memory.letter, memory.size)
    address = session.cursor.next
    if text:
        address, pointed = expressions.pointed_to(session, text)
        if given.letter == "f" and not sized and pointed in (4, 8):
            given = formats.Format(given.count, given.letter, pointed)
    if address is None:
        raise CommandError("Argument required (starting display address).")
    backwards = given.count < 0
    if backwards:
        if given.letter in ("s", "i"):
            raise CommandError("Strings and instructions can't be shown backwards.")
        given = formats.Format(-given.count, given.letter, given.size)
        address -= given.count * given.size
    lines, after = examine(session, given, address)
    for line in lines:
        session.console.say(line)
    # A string has characters: so has what is shown next, if nothing else is said.
    session.cursor.form = replace(given, size=1) if given.letter == "s" else given
    session.cursor.next = address if backwards else after
    session.variables["_"] = address
    data = session.process.memory.read_prefix(address, after - address) if after > address else b""
    return {"address": address, "bytes": bytes(data).hex(), "next": after}


@command("set variable, set var", "data", "EXPRESSION", "expression")
def set_variable(session: Session, argument: str) -> None:
    """Evaluate an assignment: set var total = 5."""
    expressions.evaluate(session, argument)


@command("display", "data", "[/FMT] [EXPRESSION]", "expression")
def display(session: Session, argument: str) -> None:
    """Show an expression now and whenever the program stops; without one, show all now."""
    if not argument:
        displays.show_all(session)
        return
    form, text = formats.split(argument)
    parsed = formats.parse(form or "")
    if not text:
        raise CommandError("Argument required (expression to display).")
    number = max((entry.number for entry in session.displays), default=session.display_count) + 1
    session.display_count = number
    entry = Display(number, text, form)
    if parsed.letter not in ("i", "s"):
        expressions.evaluate(session, text)
    session.displays.append(entry)
    if session.interactive:
        displays.show(session, entry)


@command("undisplay, delete display", "data", "[NUMBER…]")
def undisplay(session: Session, argument: str) -> None:
    """Show an expression at each stop no longer; without a number, none at all."""
    if not argument:
        session.displays.clear()
        return
    gone = {int(word) for word in argument.split() if word.isdigit()}
    missing = gone - {entry.number for entry in session.displays}
    if missing or not gone:
        raise CommandError(f"No display number {min(missing) if missing else argument}.")
    session.displays[:] = [entry for entry in session.displays if entry.number not in gone]


@command("info display", "data")
def info_display(session: Session, argument: str) -> list[dict[str, Any]]:
    """Show what is displayed at each stop."""
    if not session.displays:
        session.console.say("There are no auto-display expressions now.")
        return []
    session.console.say("Auto-display expressions now in effect:\nNum Enb Expression")
    for entry in session.displays:
        session.console.say(f"{entry.number}:   {'y' if entry.enabled else 'n'}  {entry.listed}")
    return [{"number": entry.number, "expression": entry.heading} for entry in session.displays]


def enable_displays(session: Session, numbers: list[int], enabled: bool) -> None:
    """Show some displays again, or no longer."""
    session.displays[:] = [
        replace(entry, enabled=enabled) if not numbers or entry.number in numbers else entry
        for entry in session.displays
    ]


@command("whatis", "data", "EXPRESSION", "expression")
def whatis(session: Session, argument: str) -> str:
    """Show the type of an expression, by its name."""
    return _type(session, argument, lambda type_: type_.name)


@command("ptype", "data", "EXPRESSION | TYPE", "expression")
def ptype(session: Session, argument: str) -> str:
    """Show the type of an expression, or a type, with its members and behind its typedefs."""
    return _type(session, argument, declarations.expanded)


def _own_type(session: Session, name: str) -> Type | None:
    """The type that a name has in the file of the frame, where no variable hides it; else None.

    Files of libraries may have variables of that name.
    """
    if not name.replace("::", "").isidentifier():
        return None
    frame = session.frame
    type_ = find_type(frame, name) if frame.scopes and frame.find(name) is None else None
    if type_ is None or type_.die is None or type_.die.unit is not frame.scopes[0].unit:
        return None
    return type_ if frame.is_cpp or type_.code == "typedef" else None


def _type(session: Session, argument: str, describe: Callable[[Type], str]) -> str:
    own = _own_type(session, argument)
    if own is not None:
        text = describe(own)
        session.console.say(f"type = {text}")
        return text
    try:
        value = expressions.evaluate(session, argument, call=calls.typed)
    except SeizeError as error:
        # A type itself: that of what a pointer to it leads to, which isn't read.
        try:
            value = session.frame.evaluate(f"*({argument} *) 0")
        except SeizeError:
            raise error from None
    text = describe(value.type) if variables.kind(value) else type(value).__name__
    session.console.say(f"type = {text}")
    return text


@command("echo", "support", "TEXT")
def echo(session: Session, argument: str) -> None:
    """Write a text; \\n is the end of a line."""
    session.console.write(unescaped(argument))


def unescaped(text: str) -> str:
    """A text with C's escapes read."""
    parts: list[str] = []
    letters = iter(text)
    for letter in letters:
        if letter == "\\":
            following = next(letters, "")
            parts.append(_OUTPUT_ESCAPES.get(following, following))
        else:
            parts.append(letter)
    return "".join(parts)


@command("printf", "data", '"FORMAT", EXPRESSION…', "expression")
def printf(session: Session, argument: str) -> None:
    """Write values as C's printf() does: printf "%d %s\\n", total, name."""
    parts = expressions.split_commas(argument)
    if not parts or len(parts[0]) < 2 or parts[0][0] != '"' or parts[0][-1] != '"':
        raise CommandError("Bad format string")
    form = unescaped(parts[0][1:-1])
    values = [_printable(expressions.evaluate(session, part)) for part in parts[1:]]
    for word in ("ll", "l", "h", "z"):
        for letter in "dxucoi":
            form = form.replace(f"%{word}{letter}", f"%{letter}")
    form = form.replace("%p", "0x%x").replace("%u", "%d")
    try:
        text = form % tuple(values)
    except (TypeError, ValueError) as error:
        raise CommandError(f"Bad format string: {error}.") from None
    session.console.write(text)


def _printable(value: Any) -> Any:
    """A value for Python's % operator: texts of character pointers and arrays, else a number."""
    kind = variables.kind(value)
    if not kind:
        return value
    plain = value.to_python()
    if isinstance(plain, bytes):
        return plain.partition(b"\0")[0].decode("utf-8", "replace")
    if isinstance(plain, (int, float, str)):
        shown = variables.listed(value)
        if kind == "pointer" and '"' in shown:
            return shown.partition('"')[2].rpartition('"')[0]
        return plain
    return variables.listed(value)


@command("find", "data", "START, +LENGTH | END, EXPRESSION", "expression")
def find(session: Session, argument: str) -> list[int]:
    """Search memory for a number or a "text": find $sp, +4096, "abc"."""
    parts = expressions.split_commas(argument)
    if len(parts) < 3:
        raise CommandError("Missing search parameters: find START, +LENGTH, EXPRESSION.")
    start = expressions.address_of(session, parts[0])
    if parts[1].startswith("+"):
        size = expressions.number(session, parts[1][1:])
    else:
        size = expressions.address_of(session, parts[1]) - start + 1
    pattern = b"".join(_pattern(session, part) for part in parts[2:])
    found = list(session.process.memory.search(pattern, start, size))
    for address in found:
        name = session.symbol_name(address)
        session.console.say(f"{address:#x} {name}".rstrip())
    count = len(found)
    session.console.say(
        "Pattern not found." if not count else f"{count} pattern{'s' if count > 1 else ''} found."
    )
    return found


def _pattern(session: Session, text: str) -> bytes:
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        return unescaped(text[1:-1]).encode()
    value = expressions.evaluate(session, text)
    data = getattr(value, "bytes", None)
    return bytes(data) if data is not None else int(value).to_bytes(4, "little", signed=value < 0)
