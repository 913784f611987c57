"""Making one call of a run fail, as the kernel would have let it fail."""

from __future__ import annotations

from seize._frozen import frozen
from seize.abi.names import syscall_name
from seize.sweep.faults import SHORT
from seize.tampering import Rule, Tampering

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode import Call
    from seize.sweep.calls import Seen
    from seize.tampering import Change

MEMORY = ("brk", "mmap", "mmap2", "mremap", "munmap", "mprotect", "madvise")
"""Calls about memory alone."""
_ATTEMPTS = 64
_ALLOCATING = ("brk", "mmap", "mmap2", "mremap")


@frozen
class Target:
    """A call of the baseline, and the ``fault`` that it is to have."""

    seen: Seen
    fault: str

    @property
    def call(self) -> tuple[str, str, int]:
        """Whose call it is, its name, and which of them."""
        return self.seen.role, self.seen.name, self.seen.ordinal

    @property
    def key(self) -> str:
        """``0/write:3/ENOSPC``: what the run goes by."""
        return f"{self.seen.call}/{self.fault}"

    @property
    def is_memory(self) -> bool:
        """Whether it is an allocation that fails for want of memory."""
        return self.seen.name in MEMORY and self.seen.fd < 0


class Injection:
    """The fault of a target, as a rule of ``tampering``.

    Memory that is short stays short: after an allocation that failed, the same thread's further
    attempts fail as well, until it makes a call of another kind or has made many attempts.
    (malloc(3) falls back from brk(2) to mmap(2), and the other way round.)

    ``ordinal(call)`` gives the role of a call's thread, and the how many-th call of its name it is
    there.  ``tid`` is the thread whose call has failed, 0 before.
    """

    def __init__(self, target: Target, ordinal: Callable[[Call], tuple[str, int]]) -> None:
        self.target = target
        self.tid = 0
        self._ordinal = ordinal
        self._left = _ATTEMPTS if target.is_memory else 0
        names = _ALLOCATING if target.is_memory else (target.seen.name,)
        self.tampering = Tampering(
            [Rule(calls=_Calls(names), where=self._strikes, do=self._fail)], record=False
        )

    def _strikes(self, call: Call) -> bool:
        if self.tid:
            return self._left > 0 and call.tid == self.tid
        role, ordinal = self._ordinal(call)
        return (role, call.name, ordinal) == self.target.call

    def _fail(self, change: Change) -> None:
        self.tid = change.call.tid
        self._left -= 1
        fault, name = self.target.fault, change.call.name
        if fault == SHORT:
            change.short = self.target.seen.result // 2
        elif name == "brk":
            # brk(0) does what a failure does: it returns the break as it is.
            change.replace(brk=0)
        else:
            # Whatever close(2) returns, the descriptor is closed.
            change.fail(fault, run=name == "close")
        if fault == "EPIPE":
            change.send("SIGPIPE")

    def entered(self, call: Call) -> None:
        """Take note of any call, which may end a shortage of memory."""
        if call.tid == self.tid and call.name not in MEMORY:
            self._left = 0


class _Calls:
    """A set of calls by name, those of a multiplexer included."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names

    def wants(self, arch_name: str, number: int) -> bool:
        return syscall_name(arch_name, number) in self._names

    def wants_name(self, name: str) -> bool:
        return name in self._names
