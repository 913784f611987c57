"""Reading options by getopt_long(3)'s rules, from a table that also writes the help.

Short options may be joined (``-fo FILE``), long ones shortened as long as that is unambiguous.
Options end at the first word that is none, or at ``--``.
"""

from __future__ import annotations

from seize._frozen import frozen
from seize.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NONE, REQUIRED, OPTIONAL = range(3)
_COLUMN = 27
_WIDTH = 92


class WrongOption(UsageError):
    """Options that can't be understood: the help says how they are written.

    ``before`` are the options that were understood, before one that wasn't.
    """

    before: tuple[Found, ...] = ()


@frozen
class Option:
    """One option: its ``names`` (``-o``, ``--output``), the word for its argument, its help.

    ``metavar`` is empty without an argument, and in brackets (``[=FORMAT]``) for an optional one,
    which only the long name can take.  ``section`` is the heading that it stands under in the
    help.  ``choices`` are the words that the argument may be, or is a list of.  ``also`` are names
    that are understood and not told.  ``qualifiers`` are the words by which ``-e`` means it.
    """

    names: tuple[str, ...]
    metavar: str
    help: str
    section: str = ""
    choices: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    qualifiers: tuple[str, ...] = ()

    @property
    def argument(self) -> int:
        """NONE, REQUIRED or OPTIONAL."""
        if not self.metavar:
            return NONE
        return OPTIONAL if self.metavar.startswith("[") else REQUIRED

    @property
    def name(self) -> str:
        """The long name, by which a parser's result goes."""
        return self.names[-1]


class Found:
    """An option that was given: which, by what name, with what argument (None without)."""

    def __init__(self, option: Option, by: str, value: str | None) -> None:
        self.option = option
        self.by = by
        self.value = value

    @property
    def name(self) -> str:
        """The option's long name."""
        return self.option.name

    @property
    def is_short(self) -> bool:
        """Whether it was given by its letter."""
        return not self.by.startswith("--")


def option(names: str, metavar: str, text: str, **more: str) -> Option:
    """``option("-o --output", "FILE", "write to FILE")``; lists are words in a string."""
    lists = {key: tuple(more.pop(key, "").split()) for key in ("choices", "also", "qualifiers")}
    return Option(tuple(names.split()), metavar, text, more.pop("section", ""), **lists)


def parse(
    table: Iterable[Option], words: list[str], verb: str = ""
) -> tuple[list[Found], list[str]]:
    """The options among ``words`` with their arguments, and the words after them.

    Raises WrongOption, in getopt_long(3)'s words, for what that wouldn't take; with a ``verb``
    it points to the help of that.
    """
    try:
        return _parse(table, words)
    except WrongOption as error:
        if not verb:
            raise
        raise UsageError(f"{error} (try 'seize {verb} --help')") from error


def _parse(table: Iterable[Option], words: list[str]) -> tuple[list[Found], list[str]]:
    known = {name: entry for entry in table for name in (*entry.names, *entry.also)}
    found: list[Found] = []
    rest = list(words)
    while rest and rest[0].startswith("-") and rest[0] != "-":
        word = rest.pop(0)
        if word == "--":
            break
        try:
            for one in (_long if word.startswith("--") else _short)(known, word, rest):
                found.append(one)
        except WrongOption as error:
            error.before = tuple(found)
            raise
    return found, rest


def _long(known: dict[str, Option], word: str, rest: list[str]) -> Iterator[Found]:
    name, given, value = word.partition("=")
    entry = known.get(name)
    if entry is None:
        matches = [full for full in known if full.startswith(name)]
        if not matches:
            raise WrongOption(f"unrecognized option '{word}'")
        if len({known[full].name for full in matches}) > 1:
            possible = " ".join(f"'{full}'" for full in matches)
            raise WrongOption(f"option '{word}' is ambiguous; possibilities: {possible}")
        name = matches[0]
        entry = known[name]
    if given and entry.argument == NONE:
        raise WrongOption(f"option '{name}' doesn't allow an argument")
    if not given and entry.argument == REQUIRED:
        if not rest:
            raise WrongOption(f"option '{name}' requires an argument")
        value = rest.pop(0)
    yield Found(entry, entry.name, value if given or entry.argument == REQUIRED else None)


def _short(known: dict[str, Option], word: str, rest: list[str]) -> Iterator[Found]:
    letters = word[1:]
    while letters:
        letter, letters = letters[0], letters[1:]
        entry = known.get(f"-{letter}")
        if entry is None:
            raise WrongOption(f"invalid option -- '{letter}'")
        if entry.argument != REQUIRED:
            yield Found(entry, f"-{letter}", None)
            continue
        if not letters:
            if not rest:
                raise WrongOption(f"option requires an argument -- '{letter}'")
            letters = rest.pop(0)
        yield Found(entry, f"-{letter}", letters)
        return


def describe(table: Iterable[Option]) -> str:
    """The help of a table: a line or more for each option, under the headings of its sections."""
    lines: list[str] = []
    section = ""
    for entry in table:
        if entry.section != section:
            lines += ["", f"{entry.section}:"] if lines else [f"{entry.section}:"]
            section = entry.section
        lines += _lines(entry)
    return "\n".join(lines) + "\n"


def heading(entry: Option) -> str:
    """An option's names with its argument: ``-o, --output=FILE``."""
    equals = "" if entry.argument != REQUIRED else "=" if entry.name.startswith("--") else " "
    return ", ".join(entry.names) + equals + entry.metavar


def _lines(entry: Option) -> Iterator[str]:
    from textwrap import wrap

    names = heading(entry)
    head = f"  {names}" if entry.names[0][1] != "-" else f"      {names}"
    text = wrap(entry.help, _WIDTH - _COLUMN)
    if len(head) + 2 > _COLUMN:
        yield head
        head = ""
    yield f"{head:<{_COLUMN}}{text[0]}"
    for more in text[1:]:
        yield " " * _COLUMN + more
