"""The table of commands: what a line may begin with, what it does, and its help.

``@command`` enters a function with its names; its docstring is the help.  A command of two words
(``info registers``) belongs to the first of them.  Words may be shortened as long as that is
unambiguous, and some have short names of their own, as gdb has them.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from seize._frozen import frozen
from seize.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    from seize.terminal.session import Session

    Function: TypeAlias = Callable[[Session, str], Any]

GROUPS = {
    "running": "Running the program",
    "breakpoints": "Stopping it at certain points",
    "stack": "Examining the stack",
    "data": "Examining data",
    "files": "Source and code",
    "status": "Status",
    "support": "Support",
}
"""The headings of the help."""


class CommandError(UsageError):
    """A command that can't be done; the message is what the terminal shows."""


@frozen
class Command:
    """One command.

    ``name`` may have two words.  ``group`` is one of GROUPS.  ``completes`` says what its argument
    is: "location", "expression", "file", "command", "thread", "number", "signal", "syscall",
    "register", or words of its own, separated by spaces in brackets.  ``repeats`` says what an
    empty line after it does: "same" repeats it, "bare" repeats it without its argument, "no"
    nothing.  ``help`` is its first line and the rest, ``usage`` its form.
    """

    name: str
    aliases: tuple[str, ...]
    group: str
    usage: str
    completes: str
    repeats: str
    help: str
    function: Function

    @property
    def summary(self) -> str:
        """The first line of the help."""
        return self.help.partition("\n")[0]

    @property
    def names(self) -> tuple[str, ...]:
        """The name and its aliases."""
        return (self.name, *self.aliases)


COMMANDS: dict[str, Command] = {}
"""Every command by its name."""
_ALIASES: dict[str, str] = {}


def command(
    names: str, group: str, usage: str = "", completes: str = "", repeats: str = "no"
) -> Callable[[Function], Function]:
    """Enter the decorated function: ``@command("break, b, br", "breakpoints", "[LOCATION]")``."""

    def enter(function: Function) -> Function:
        name, *aliases = names.split(", ")
        text = inspect.cleandoc(function.__doc__ or "")
        full = f"{name} {usage}".strip()
        entry = Command(name, tuple(aliases), group, full, completes, repeats, text, function)
        COMMANDS[name] = entry
        for alias in aliases:
            _ALIASES[alias] = name
        return function

    return enter


def subcommands(word: str) -> dict[str, Command]:
    """The commands of two words that begin with ``word``, by their second word."""
    start = word + " "
    return {name[len(start) :]: COMMANDS[name] for name in COMMANDS if name.startswith(start)}


def find(line: str) -> tuple[Command, str] | None:
    """The command that a line begins with, and its argument; None if it begins with none.

    Raises CommandError for a word that may be several commands.
    """
    word, rest = split(line)
    if not word:
        return None
    entry = _find(word, {name: COMMANDS[name] for name in COMMANDS if " " not in name}, "")
    if entry is None:
        return None
    while True:
        word, after = split(rest)
        inner = _find(word, subcommands(entry.name), entry.name) if word else None
        if inner is None:
            return entry, rest
        entry, rest = inner, after


def split(line: str) -> tuple[str, str]:
    """The first word (letters, digits, - and _) and the rest without leading blanks."""
    line = line.strip()
    end = 0
    while end < len(line) and (line[end].isalnum() or line[end] in "-_"):
        end += 1
    return line[:end], line[end:].lstrip()


def _find(word: str, among: dict[str, Command], first: str) -> Command | None:
    if word in among:
        return among[word]
    full = _ALIASES.get(f"{first} {word}" if first else word)
    if full is not None:
        return COMMANDS[full]
    matches = sorted(name for name in among if name.startswith(word) and " " not in name)
    if len(matches) > 1:
        kind = f'{first} command "{word}"' if first else f'command "{word}"'
        raise CommandError(f"Ambiguous {kind}: {', '.join(matches)}.")
    return among[matches[0]] if matches else None
