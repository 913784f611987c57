"""Where a program begins: the calls before that are the dynamic loader's.

A breakpoint at the program's entry point (AT_ENTRY of getauxval(3)), set when execve(2) is done
and taken away when it is met.
"""

from __future__ import annotations

from struct import iter_unpack

from seize import arch, ptrace
from seize.abi._generated import constants as k
from seize.abi._generated import ptrace as pt
from seize.errors import AccessDenied, MemoryFault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.engine import Tracee
    from seize.stops import SignalDelivery

_PAIRS = {4: "=II", 8: "=QQ"}


class EntryPoints:
    """Which processes have come to the entry point of their program."""

    def __init__(self) -> None:
        self._begun: set[int] = set()
        self._breakpoints: dict[int, tuple[int, bytes, int]] = {}

    def begun(self, pid: int) -> bool:
        """Whether the process is beyond the entry point."""
        return pid in self._begun

    def execed(self, tracee: Tracee) -> None:
        """Set the breakpoint of a new program; where that can't be done, it has begun."""
        pid = tracee.process.pid
        self._begun.discard(pid)
        self._breakpoints.pop(pid, None)
        machine = arch.by_prstatus_size(len(tracee.ask(ptrace.getregset, pt.NT_PRSTATUS)))
        try:
            address = _entry_point(tracee.tid, machine.word_size)
            original = tracee.memory.read(address, len(machine.breakpoint))
            tracee.memory.write(address, machine.breakpoint, force=True)
        except (OSError, MemoryFault, AccessDenied):
            self._begun.add(pid)
            return
        self._breakpoints[pid] = (address, original, machine.breakpoint_advance)

    def reached(self, stop: SignalDelivery) -> bool:
        """Whether the signal is our breakpoint's; then it is taken away, and the program begins."""
        tracee = stop.tracee
        pid = tracee.process.pid
        if stop.signal != k.SIGTRAP or pid not in self._breakpoints:
            return False
        address, original, advance = self._breakpoints[pid]
        registers = tracee.registers()
        if registers.pc != address + advance:
            return False
        del self._breakpoints[pid]
        tracee.memory.write(address, original, force=True)
        registers.pc = address
        tracee.set_registers(registers)
        stop.suppress()
        self._begun.add(pid)
        return True

    def born(self, parent_pid: int, pid: int) -> None:
        """Take note of a child, which is where its parent is."""
        if parent_pid in self._begun:
            self._begun.add(pid)

    def ended(self, pid: int) -> None:
        """Forget a process."""
        self._begun.discard(pid)
        self._breakpoints.pop(pid, None)


def _entry_point(tid: int, word_size: int) -> int:
    with open(f"/proc/{tid}/auxv", "rb") as file:
        pairs = file.read()
    size = 2 * word_size
    for kind, value in iter_unpack(_PAIRS[word_size], pairs[: len(pairs) // size * size]):
        if kind == k.AT_ENTRY:
            return int(value)
    raise MemoryFault(0)
