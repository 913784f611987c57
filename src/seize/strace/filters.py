"""Which system calls to show: the values of ``-e trace=``."""

from __future__ import annotations

from seize.abi import names
from seize.decode.decoder import source
from seize.errors import UsageError
from seize.strace import classes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Test = Callable[[str], bool]

ARCHES = ("x86_64", "i386")


class CallFilter:
    """A set of system calls, by machine and number.

    ``expression`` is strace's ``[!]value,…``: names, numbers, ``%class``, ``/regex``,
    ``?optional``, ``all``, ``none``.  UsageError names a value that means nothing.
    """

    def __init__(self, expression: str) -> None:
        self.expression = expression
        self._negated = negated = expression.startswith("!")
        self._tests: list[Test] = []
        values = expression.removeprefix("!")
        self.everything = (values == "all") != negated and values in ("all", "none")
        self.numbers: dict[str, frozenset[int]] = {}
        if self.everything:
            return
        self._tests = tests = [_test(value) for value in values.split(",")]
        for arch_name in ARCHES:
            table = names.syscall_names(arch_name)
            self.numbers[arch_name] = frozenset(
                number
                for number, name in table.items()
                if any(test(name) for test in tests) != negated
            )

    def wants(self, arch_name: str, number: int) -> bool:
        """Whether this call is to be shown."""
        return self.everything or number in self.numbers[arch_name]

    def wants_name(self, name: str) -> bool:
        """Whether a call of this name is to be shown: for what a multiplexer stands for."""
        return self.everything or any(test(name) for test in self._tests) != self._negated


def _exists(name: str) -> bool:
    return any(names.syscall_number(arch, name) is not None for arch in ARCHES)


def _test(value: str) -> Test:
    """Make the predicate on names that one value of the expression stands for."""
    optional = value.startswith("?")
    value = value.removeprefix("?")
    if value == "all":
        return lambda name: True
    if value == "none":
        return lambda name: False
    if value.startswith("/"):
        return _pattern(value[1:])
    if value.startswith("%"):
        return _members(value[1:], value)
    if value in classes.TRADITIONAL:
        return _members(value, value)
    if value.isdecimal():
        value = names.syscall_name(ARCHES[0], int(value)) or value
    if not optional and not _exists(value):
        raise UsageError(f"invalid system call '{value}'")
    return lambda name: name == value


def _pattern(text: str) -> Test:
    import re

    try:
        pattern = re.compile(text)
    except re.error as error:
        raise UsageError(f"invalid regular expression '{text}': {error}") from error
    return lambda name: pattern.search(name) is not None


def _signature(call: str) -> str:
    """The text of a call's signature, on whichever machine has it."""
    for arch_name in ARCHES:
        signatures = source(arch_name)
        if call in signatures:
            return "".join(signatures.text(call)[1])
    return ""


def _members(name: str, value: str) -> Test:
    kinds = classes.KINDS.get(name)
    if kinds is not None:
        return lambda call: any(kind in _signature(call) for kind in kinds)
    members = classes.MEMBERS.get(name)
    if members is None:
        raise UsageError(f"invalid system call '{value}'")
    return members.__contains__
