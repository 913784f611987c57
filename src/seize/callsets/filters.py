"""Which system calls are meant: the values of ``-e trace=``, ``-e raw=`` and the like."""

from __future__ import annotations

from seize.abi import names
from seize.callsets import classes
from seize.callsets.sets import decimal, invalid, split
from seize.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Test = Callable[[int, str], bool]
    Value = tuple[tuple[str, ...], Test]

ARCHES = ("x86_64", "i386")
_WHAT = "system call"
_PERSONALITIES = {"64": ("x86_64",), "32": ("i386",), "x32": ()}
_X32_NUMBERS = range(512, 548)
_HIGHEST = (1 << 32) - 1

MULTIPLEXERS = {
    "socketcall": frozenset(
        (
            *("socket", "bind", "connect", "listen", "accept", "getsockname", "getpeername"),
            *("socketpair", "send", "recv", "sendto", "recvfrom", "shutdown", "setsockopt"),
            *("getsockopt", "sendmsg", "recvmsg", "accept4", "recvmmsg", "sendmmsg"),
        )
    ),
    "ipc": frozenset(
        (
            *("semop", "semget", "semctl", "semtimedop", "msgsnd", "msgrcv", "msgget", "msgctl"),
            *("shmat", "shmdt", "shmget", "shmctl"),
        )
    ),
}
"""i386's calls that stand for others by their first argument: the names of those."""

# A call that only a multiplexer has: no number of a table.
_NO_NUMBER = -1


class WrongPersonality(UsageError):
    """What follows the ``@`` of a value is no ABI."""


class CallFilter:
    """A set of system calls.

    ``expression`` is strace's ``[!]value,…``: names, numbers, ``%class``, ``/regex``, each with
    ``?`` before it if it may mean nothing, and behind it ``@64`` or ``@32`` for one ABI alone;
    ``all``, ``none``.  UsageError names a value that means nothing.

    ``everything`` says that no call is left out.  ``numbers`` are those in the set, by machine;
    of a multiplexer (``MULTIPLEXERS``) that number means what can't be told apart, and
    ``wants_name`` what it stands for.
    """

    def __init__(self, expression: str) -> None:
        self.expression = expression
        self._inverted, words = split(expression, _WHAT)
        self._values: list[Value] = [_value(word) for word in words]
        self.everything = self._inverted and not words
        self.numbers: dict[str, frozenset[int]] = {}
        if not self.everything:
            for arch_name in ARCHES:
                self.numbers[arch_name] = self._numbers(arch_name)

    def _numbers(self, arch_name: str) -> frozenset[int]:
        table = names.syscall_names(arch_name)
        tests = [test for arches, test in self._values if arch_name in arches]
        found: set[int] = set()
        for test in tests:
            found.update([number for number, name in table.items() if test(number, name)])
        return frozenset(table.keys() - found if self._inverted else found)

    def wants(self, arch_name: str, number: int) -> bool:
        """Whether the call with this number is to be shown; so is one that nobody knows."""
        return self.has(arch_name, number) or number not in names.syscall_names(arch_name)

    def has(self, arch_name: str, number: int) -> bool:
        """Whether the number is in the set."""
        return self.everything or number in self.numbers[arch_name]

    def wants_name(self, name: str) -> bool:
        """Whether what a multiplexer of i386 stands for is in the set."""
        tests = [test for arches, test in self._values if "i386" in arches]
        return any(test(_NO_NUMBER, name) for test in tests) != self._inverted

    def asks(self, name: str) -> bool:
        """Whether a multiplexer must be looked into: something that it stands for is wanted."""
        return any(self.wants_name(call) for call in MULTIPLEXERS[name])

    def stops(self, arch_name: str) -> frozenset[int]:
        """The numbers that must be stopped at: those in the set, and the multiplexers to ask."""
        found = self.numbers[arch_name]
        if arch_name != "i386":
            return found
        asked = [names.syscall_number("i386", name) for name in MULTIPLEXERS if self.asks(name)]
        return found | {number for number in asked if number is not None}


def _value(word: str) -> Value:
    """What one value of an expression stands for: on which machines, and a test of a call."""
    optional = word.startswith("?")
    word = word.lstrip("?")
    value, arches = _split_personality(word)
    test = _test(value)
    if test is None or not (optional or _exists(value, word, arches, test)):
        if optional:
            return (), lambda number, name: False
        raise invalid(_WHAT, word)
    return arches, test


def _split_personality(word: str) -> tuple[str, tuple[str, ...]]:
    value, at, designator = word.partition("@")
    if not at or "@" in designator:
        return word, ARCHES
    if designator not in _PERSONALITIES:
        raise WrongPersonality(
            f"incorrect personality designator '{designator}' in qualification '{word}'"
        )
    return value, _PERSONALITIES[designator]


def _exists(value: str, word: str, arches: tuple[str, ...], test: Test) -> bool:
    """Whether any call of these machines passes the test; x32 has x86_64's, and its own."""
    if not arches:
        arches = ARCHES[:1]
    number = _decimal(value)
    if number in _X32_NUMBERS and (word == value or word.endswith("@x32")):
        return True
    if "i386" in arches and any(test(_NO_NUMBER, name) for name in MULTIPLEXERS["socketcall"]):
        return True
    return any(
        test(number, name) for arch in arches for number, name in names.syscall_names(arch).items()
    )


def _test(value: str) -> Test | None:
    """The test that a value stands for, without its marks; None if it means nothing."""
    if value == "all":
        return lambda number, name: True
    if value.startswith("/"):
        return _pattern(value[1:])
    if value.startswith("%") or value in classes.TRADITIONAL:
        members = classes.members(value.removeprefix("%"))
        return None if members is None else lambda number, name: name in members
    wanted = _decimal(value)
    if wanted is not None:
        return lambda number, name: number == wanted
    return lambda number, name: name == value


def _decimal(value: str) -> int | None:
    return decimal(value, _HIGHEST) if value[:1].isdecimal() else None


def _pattern(text: str) -> Test:
    from seize.kernel.patterns import ExtendedPattern

    try:
        pattern = ExtendedPattern(text)
    except ValueError as error:
        raise UsageError(f"regcomp: {text}: {error}") from error
    return lambda number, name: pattern.found_in(name)
