"""What to change in a call, and in which calls."""

from __future__ import annotations

from seize._frozen import frozen
from seize.abi import names
from seize.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from seize.decode import Call
    from seize.tampering.change import Change

    class Calls(Protocol):
        """A set of system calls: ``Named``, or what the trace expressions of strace(1) mean."""

        def wants(self, arch_name: str, number: int) -> bool:
            """Whether the call of this number is in the set."""

        def wants_name(self, name: str) -> bool:
            """Whether a call of this name is: for what a multiplexer stands for."""


ARCHES = ("x86_64", "i386", "aarch64")
FIRST_LIMIT = 65535
LAST_LIMIT = 65534


class Named:
    """The calls of these names, on every machine that has them; UsageError for an unknown one."""

    def __init__(self, *wanted: str) -> None:
        for name in wanted:
            if all(names.syscall_number(arch, name) is None for arch in ARCHES):
                raise UsageError(f"invalid system call '{name}'")
        self.names = frozenset(wanted)

    def wants(self, arch_name: str, number: int) -> bool:
        """Whether the call of this number is in the set."""
        return names.syscall_name(arch_name, number) in self.names

    def wants_name(self, name: str) -> bool:
        """Whether a call of this name is in the set."""
        return name in self.names

    def __repr__(self) -> str:
        return f"Named({', '.join(map(repr, sorted(self.names)))})"


@frozen
class When:
    """Which invocations: from ``first`` (counted from 1) to ``last``, each ``step``-th.

    ``step`` 0 means the first alone; ``last`` None that there is no end.
    """

    first: int = 1
    last: int | None = None
    step: int = 1

    def includes(self, ordinal: int) -> bool:
        """Whether the invocation of this ordinal is one."""
        if ordinal < self.first or (self.last is not None and ordinal > self.last):
            return False
        beyond = ordinal - self.first
        return beyond % self.step == 0 if self.step else beyond == 0


def when(text: str | int) -> When:
    """Parse strace's ``first[..last][+[step]]``; UsageError if it is none."""
    made = parse_when(str(text))
    if made is None:
        raise UsageError(f"invalid when '{text}': it is FIRST[..LAST][+[STEP]]")
    return made


def parse_when(text: str) -> When | None:
    """Parse ``first[..last][+[step]]``; None if it is none."""
    import re

    # strtoul(3), by which strace reads each number, takes blanks and a plus sign before it.
    number = r"\s*\+?(\d+)"
    found = re.fullmatch(rf"{number}(?:\.\.{number})?(\+(?:{number})?)?", text, re.ASCII)
    if found is None:
        return None
    first = int(found[1])
    last = None if found[2] is None else int(found[2])
    # Without a plus sign: the first alone, or all of a span.
    step = int(found[4] or 1) if found[3] else int(last is not None)
    if not 1 <= first <= FIRST_LIMIT or not step <= FIRST_LIMIT or (found[4] and step < 1):
        return None
    if last is not None and not first <= last <= LAST_LIMIT:
        return None
    return When(first, last, step)


@frozen
class Rule:
    """One way to tamper with system calls.

    Which: ``calls``; of them the invocations ``when`` (counted for each thread, call and ABI,
    as strace does); with ``rate``, each of these by chance only (0 to 1); those that name a
    path, or have a descriptor of a file, that the shell pattern ``path`` matches; those with
    the descriptor ``fd``; those for which ``where(call)`` is true.

    What: ``error`` (an errno) or ``retval`` instead of running the call, or, with ``run``,
    after it has run; ``syscall`` runs another one in its place.  ``signal`` is sent at the entry.
    ``delay_enter`` and ``delay_exit`` (seconds) hold the thread up before and after the call.
    ``poke_enter`` and ``poke_exit`` overwrite the memory that arguments point to: pairs of the
    argument's number (from 1) and bytes.  ``args`` replaces arguments by name (an integer, or
    text that is put on the thread's stack and pointed to).  ``short`` limits the bytes that
    the call may move: a number, or a fraction of what it asks for.  ``do(change)`` may do any
    of it by a function.
    """

    calls: Calls
    error: int | None = None
    retval: int | None = None
    run: bool = False
    syscall: str | None = None
    signal: int = 0
    delay_enter: float | None = None
    delay_exit: float | None = None
    poke_enter: tuple[tuple[int, bytes], ...] = ()
    poke_exit: tuple[tuple[int, bytes], ...] = ()
    args: tuple[tuple[str, int | bytes], ...] = ()
    short: int | float | None = None
    when: When = When()
    rate: float | None = None
    seed: int | None = None
    path: str | None = None
    fd: int | None = None
    where: Callable[[Call], object] | None = None
    do: Callable[[Change], object] | None = None
