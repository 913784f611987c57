"""Completion: of commands, locations, expressions, files and what else commands take."""

from __future__ import annotations

import glob
import os
import re
import signal
from typing import TYPE_CHECKING

from seize.errors import SeizeError
from seize.terminal import options, table, variables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from seize.terminal.session import Session

_MOST = 500
_WORD = re.compile(r"[\w$:.~-]*$")
_FILE = re.compile(r"\S*$")


def completer(session: Session) -> Any:
    """A completer for prompt_toolkit."""
    from prompt_toolkit.completion import Completer, Completion

    class Candidates(Completer):
        """What the word before the cursor may become."""

        def get_completions(self, document: Any, event: Any) -> Iterator[Completion]:
            """Give the candidates."""
            start, words = candidates(session, document.text_before_cursor)
            for word in words:
                yield Completion(word, start_position=-start)

    return Candidates()


def candidates(session: Session, line: str) -> tuple[int, list[str]]:
    """The length of the word to complete, and what it may become."""
    before = line.lstrip()
    word, rest = table.split(before)
    if not rest and (not before or before[-1] not in " \t"):
        if word != before:
            return _expression(session, line)
        return len(word), [*_commands(word), *_python(session, word)]
    try:
        found = table.find(before)
    except table.CommandError:
        return 0, []
    if found is None:
        return _expression(session, line)
    entry, argument = found
    typed = _last_word(line)
    subs = _subcommands(word, rest, typed)
    if subs and (not argument or " " in entry.name):
        return len(typed), subs
    start, others = _by_kind(session, entry.completes, line, argument)
    return start, [*subs, *others] if start == len(typed) else others


def _last_word(line: str) -> str:
    found = _WORD.search(line)
    return found[0] if found else ""


def _subcommands(first: str, rest: str, typed: str) -> list[str]:
    """The second words that the one being typed may become: ``info reg``, ``thread ap``."""
    if rest != typed:
        return []
    parent = table.find(first)
    below = table.subcommands(parent[0].name) if parent is not None else {}
    return sorted(name for name in below if name.startswith(typed) and " " not in name)


def _commands(start: str) -> list[str]:
    names = {name for entry in table.COMMANDS.values() for name in entry.names if " " not in name}
    return sorted(name for name in names if name.startswith(start))


def _python(session: Session, start: str) -> list[str]:
    return sorted(name for name in session.names.words() if start and name.startswith(start))


def _by_kind(session: Session, kind: str, line: str, argument: str) -> tuple[int, list[str]]:
    if kind == "file":
        typed = _FILE.search(line)
        return _files(typed[0] if typed else "")
    found = _WORD.search(line)
    start = found[0] if found else ""
    match kind:
        case "command":
            words: Iterable[str] = _commands(argument)
            return len(argument), sorted(words)
        case "location":
            words = [*_symbols(session, start), *_source_files(session)]
        case "expression":
            return _expression(session, line)
        case "signal":
            words = [one.name for one in signal.Signals]
        case "syscall":
            words = _syscalls(session)
        case "register":
            words = _registers(session)
        case "number":
            words = [str(point.number) for point in session.points]
        case "thread":
            words = [str(number) for number in session.selection.numbers.values()]
        case "setting":
            return len(argument), sorted(
                entry.name for entry in options.SETTINGS if entry.name.startswith(argument)
            )
        case _:
            words = kind.strip("[]").split() if kind.startswith("[") else ()
    return len(start), sorted({word for word in words if word.startswith(start)})[:_MOST]


def _files(start: str) -> tuple[int, list[str]]:
    path = os.path.expanduser(start)
    found = sorted(glob.glob(glob.escape(path) + "*"))[:_MOST]
    return len(start), [name + "/" if os.path.isdir(name) else name for name in found]


def _symbols(session: Session, start: str) -> list[str]:
    if not start:
        return []
    try:
        found = session.process.symbols.symbols(re.compile("^" + re.escape(start)))
        return [symbol.name for symbol in found]
    except SeizeError:
        # No process: no symbols.
        return []


def _source_files(session: Session) -> list[str]:
    try:
        return [os.path.basename(frame.file) for frame in session.selection.frames(8) if frame.file]
    except SeizeError:
        # It runs, or there is no stack.
        return []


def _expression(session: Session, line: str) -> tuple[int, list[str]]:
    """Variables in reach, functions, registers after a $, members after a dot or an arrow."""
    found = re.search(r"([\w$.\[\]()>-]*?)(\.|->)?([\w$]*)$", line)
    assert found is not None
    owner, arrow, start = found.groups()
    if arrow and owner:
        return len(start), _members(session, owner, start)
    if start.startswith("$"):
        names = [f"${name}" for name in _registers(session)]
        return len(start), [name for name in names if name.startswith(start)]
    words = {name for name in _locals(session) if name.startswith(start)}
    words.update(_python(session, start))
    words.update(_symbols(session, start))
    return len(start), sorted(words)[:_MOST]


def _locals(session: Session) -> list[str]:
    try:
        frame = session.frame
        return [*variables.args(frame), *frame.locals]
    except SeizeError:
        # No stack, or no debug information.
        return []


def _members(session: Session, owner: str, start: str) -> list[str]:
    try:
        value = session.frame.evaluate(owner)
        if variables.kind(value) == "pointer":
            value = value.dereference()
        names = [field.name for field in value.type.fields]
    except SeizeError:
        found = session.names.get(owner.strip(), None)
        if owner.strip() in session.names and found is None:
            found = session.names[owner.strip()]
        names = [name for name in dir(found) if not name.startswith("_")] if found else []
    return sorted(name for name in names if name and name.startswith(start))


def _registers(session: Session) -> list[str]:
    try:
        return list(session.thread.registers.names())
    except SeizeError:
        # It runs, or there is no process.
        return []


def _syscalls(session: Session) -> list[str]:
    from seize.abi.names import syscall_names

    return list(syscall_names(session.process.machine.name).values())
