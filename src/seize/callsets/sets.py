"""Set expressions, ``[!]value,…``: what strace(1) takes for signals, descriptors and words.

``all`` and ``none`` stand alone, ``!`` inverts, empty values are skipped.  What isn't understood
raises UsageError with strace's words: "invalid signal 'FOO'".
"""

from __future__ import annotations

from seize.abi.names import signal_number
from seize.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

SIGNALS_LIMIT = 255
DESCRIPTORS_LIMIT = (1 << 31) - 1


def split(expression: str, what: str) -> tuple[bool, list[str]]:
    """Whether a set is inverted, and its values; ``all`` is the inverted empty set."""
    values = expression.lstrip("!")
    inverted = (len(expression) - len(values)) % 2 == 1
    if values in ("all", "none"):
        return inverted == (values == "none"), []
    words = [word for word in values.split(",") if word]
    if not words:
        raise invalid(what, expression)
    return inverted, words


def invalid(what: str, value: str) -> UsageError:
    """The error of a value that means nothing."""
    return UsageError(f"invalid {what} '{value}'")


class NumberSet:
    """A set of numbers, or of all but some."""

    __slots__ = ("inverted", "numbers")

    def __init__(self, inverted: bool, numbers: Iterable[int]) -> None:
        self.inverted = inverted
        self.numbers = frozenset(numbers)

    def __contains__(self, number: int) -> bool:
        return (number in self.numbers) != self.inverted


def numbers(expression: str, what: str, number: Callable[[str], int | None]) -> NumberSet:
    """The set of an expression; ``number`` makes one of a value, or None if it is no such."""
    inverted, values = split(expression, what)
    found = []
    for value in values:
        one = number(value)
        if one is None:
            raise invalid(what, value)
        found.append(one)
    return NumberSet(inverted, found)


def decimal(text: str, limit: int) -> int | None:
    """A number in decimal digits, up to ``limit``; None for any other text.

    As with strtol(3), white space and a plus may come before it.
    """
    text = text.lstrip(" \t\n\v\f\r").removeprefix("+")
    if not text.isascii() or not text.isdecimal():
        return None
    number = int(text)
    return number if number <= limit else None


def signals(expression: str) -> NumberSet:
    """A set of signals: ``SIGINT``, ``int``, ``2``."""

    def number(value: str) -> int | None:
        return decimal(value, SIGNALS_LIMIT) if value[0].isdecimal() else signal_number(value)

    return numbers(expression, "signal", number)


def descriptors(expression: str) -> NumberSet:
    """A set of file descriptors."""
    return numbers(expression, "descriptor", lambda value: decimal(value, DESCRIPTORS_LIMIT))


def words(
    expression: str, what: str, known: Iterable[str], others: Mapping[str, str] | None = None
) -> frozenset[str]:
    """A part of some ``known`` words, in any case; ``others`` are second names for them.

    ``words("!failed", "status", STATUSES)`` are all statuses but that.
    """
    every = frozenset(known)
    inverted, values = split(expression, what)
    found = set()
    for value in values:
        word = value.lower()
        word = (others or {}).get(word, word)
        if word not in every:
            raise invalid(what, value)
        found.add(word)
    return every - found if inverted else frozenset(found)
