"""Reading options by getopt_long(3)'s rules, from one table that also writes the help.

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


@frozen
class Option:
    """One option: its ``names`` (``-o``, ``--output``), the word for its argument, its help.

    ``metavar`` is empty without an argument, and in brackets (``[=FORMAT]``) for an optional one,
    which only the long name can take.
    """

    names: tuple[str, ...]
    metavar: str
    help: str

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


def option(names: str, metavar: str, text: str) -> Option:
    """``option("-o --output", "FILE", "write to FILE")``."""
    return Option(tuple(names.split()), metavar, text)


def parse(
    table: Iterable[Option], words: list[str], verb: str = ""
) -> tuple[list[tuple[Option, str | None]], list[str]]:
    """The options among ``words`` with their arguments, and the words after them.

    Raises UsageError for what getopt_long(3) wouldn't take; it points to the help of ``verb``.
    """
    try:
        return _parse(table, words)
    except UsageError as error:
        if not verb:
            raise
        raise UsageError(f"{error} (try 'seize {verb} --help')") from error


def _parse(
    table: Iterable[Option], words: list[str]
) -> tuple[list[tuple[Option, str | None]], list[str]]:
    known = {name: entry for entry in table for name in entry.names}
    found: list[tuple[Option, str | None]] = []
    rest = list(words)
    while rest and rest[0].startswith("-") and rest[0] != "-":
        word = rest.pop(0)
        if word == "--":
            break
        found.extend((_long if word.startswith("--") else _short)(known, word, rest))
    return found, rest


def _long(
    known: dict[str, Option], word: str, rest: list[str]
) -> Iterator[tuple[Option, str | None]]:
    name, given, value = word.partition("=")
    entry = known.get(name)
    if entry is None:
        matches = {known[full].name: known[full] for full in known if full.startswith(name)}
        if not matches:
            raise UsageError(f"unrecognized option '{name}'")
        if len(matches) > 1:
            raise UsageError(f"option '{name}' is ambiguous: {', '.join(sorted(matches))}")
        (entry,) = matches.values()
    if given and entry.argument == NONE:
        raise UsageError(f"option '{name}' doesn't allow an argument")
    if not given and entry.argument == REQUIRED:
        if not rest:
            raise UsageError(f"option '{name}' requires an argument")
        value = rest.pop(0)
    yield entry, value if given or entry.argument == REQUIRED else None


def _short(
    known: dict[str, Option], word: str, rest: list[str]
) -> Iterator[tuple[Option, str | None]]:
    letters = word[1:]
    while letters:
        letter, letters = letters[0], letters[1:]
        entry = known.get(f"-{letter}")
        if entry is None:
            raise UsageError(f"invalid option -- '{letter}'")
        if entry.argument != REQUIRED:
            yield entry, None
            continue
        if not letters:
            if not rest:
                raise UsageError(f"option requires an argument -- '{letter}'")
            letters = rest.pop(0)
        yield entry, letters
        return


def describe(table: Iterable[Option]) -> str:
    """The help of a table: a line or more for each option."""
    return "\n".join([line for entry in table for line in _lines(entry)]) + "\n"


def _lines(entry: Option) -> Iterator[str]:
    from textwrap import wrap

    equals = "" if entry.argument != REQUIRED else "=" if entry.name.startswith("--") else " "
    names = ", ".join(entry.names) + equals + entry.metavar
    head = f"  {names}" if entry.names[0][1] != "-" else f"      {names}"
    text = wrap(entry.help, _WIDTH - _COLUMN)
    if len(head) + 2 > _COLUMN:
        yield head
        head = ""
    yield f"{head:<{_COLUMN}}{text[0]}"
    for more in text[1:]:
        yield " " * _COLUMN + more
