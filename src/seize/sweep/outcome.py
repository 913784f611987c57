"""What a run may use, and how it went."""

from __future__ import annotations

from seize._frozen import frozen
from seize.abi._generated import constants as k

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.sweep.calls import Seen

LINGER = 2.0
"""Seconds that processes may go on after the command itself has ended."""
LEFT = "left"
"""What ``Outcome.stuck`` says of a command that has ended, but not all that it started."""
CRASHES = frozenset(
    (k.SIGSEGV, k.SIGBUS, k.SIGABRT, k.SIGFPE, k.SIGILL, k.SIGSYS, k.SIGTRAP),
)
"""Signals that tell of a bug in the process that they kill."""


@frozen
class Limits:
    """What a run may use: seconds, system calls, and bytes that it writes."""

    seconds: float
    calls: int
    output: int


@frozen
class Outcome:
    """How a run went.

    ``status`` is the command's exit status, minus the signal that killed it, or None if it had to
    be ended; then ``stuck`` is "time", "calls", "output" or "left" (only its children went on),
    and ``sitting`` says in which calls its threads were.  ``fired`` is the text of the call that
    was made to fail, ``position`` its index in its thread.  ``sequences`` are the names and
    descriptors of all calls, by role; ``kinds`` are their machines and numbers.  ``seen`` are the
    calls that may fail (of a baseline), ``successes`` counts the successful calls like the
    target's.  ``double_closes`` are the role and text of each close(2) of a descriptor that had
    been closed; ``killed`` the role and signal of each process that a signal killed.
    """

    status: int | None
    stuck: str
    sitting: list[str]
    fired: str
    position: int
    sequences: dict[str, list[str]]
    kinds: list[tuple[str, int]]
    seen: list[Seen]
    successes: int
    double_closes: list[tuple[str, str]]
    killed: list[tuple[str, int]]
    calls: int
    output: int
    seconds: float
