"""System calls that a breakpoint stands at: is it there for the first time, or once more?

A call that a signal interrupts is often restarted: the kernel goes back to its instruction, where
the breakpoint is.  That is no second hit.  But the kernel may also give up, with EINTR, and then
the program may come back to the same instruction by itself, which is one.
"""

from __future__ import annotations

from struct import Struct

from seize.abi._generated import constants as k
from seize.abi.restart import ERESTARTNOINTR, ERESTARTSYS, RESTARTS
from seize.errors import MemoryFault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.debug.thread import Thread

# The kernel's struct sigaction: its handler and its flags come first.
_SIGACTION = {8: Struct("<QQQQ"), 4: Struct("<IIIQ")}
_SIGSET_SIZE = 8
_RED_ZONE = 128
_DEFAULT, _IGNORED = 0, 1


class Restarts:
    """The calls of one thread, made at breakpoints, that are to be restarted.

    ``calling`` is the one that it is in: the breakpoint's address and the stack pointer.  Those
    that were interrupted are kept too, for a signal's handler may make further ones.
    """

    __slots__ = ("_interrupted", "calling")

    def __init__(self) -> None:
        self.calling: tuple[int, int] | None = None
        self._interrupted: list[tuple[int, int, int]] = []

    def returned(self, value: int | None) -> None:
        """Take note of what the call has returned, as the kernel knows it."""
        calling, self.calling = self.calling, None
        if calling is not None and value is not None and -value in RESTARTS:
            self._interrupted.append((*calling, -value))

    def is_one(self, thread: Thread, address: int) -> bool:
        """Tell whether a thread has come to a breakpoint because its call is restarted."""
        if not self._interrupted:
            return False
        sp = thread.registers.sp
        # What was interrupted deeper in the stack has been left for good.
        self._interrupted = [each for each in self._interrupted if each[1] >= sp]
        if not self._interrupted or self._interrupted[-1][:2] != (address, sp):
            return False
        self._interrupted.pop()
        return True

    def before_signal(self, thread: Thread, signal: int) -> None:
        """Forget a call that ends with EINTR because of the handler of ``signal``."""
        if not self._interrupted:
            return
        _, sp, reason = self._interrupted[-1]
        registers, machine = thread.registers, thread.process.machine
        result = machine.word_mask + 1 - int(registers[machine.syscall_result])
        if reason == ERESTARTNOINTR or (registers.sp, result) != (sp, reason):
            return
        handler, flags = _action(thread, signal)
        if handler in (_DEFAULT, _IGNORED) or (reason == ERESTARTSYS and flags & k.SA_RESTART):
            return
        self._interrupted.pop()

    def forget(self) -> None:
        """The thread runs another program."""
        self.calling = None
        self._interrupted.clear()


def _action(thread: Thread, signal: int) -> tuple[int, int]:
    """Return a signal's handler and flags, asked below the thread's stack."""
    layout = _SIGACTION[thread.process.machine.word_size]
    place = (thread.registers.sp - _RED_ZONE - layout.size) & -16
    try:
        thread.syscall("rt_sigaction", signal, 0, place, _SIGSET_SIZE)
        handler, flags, *_ = layout.unpack(thread.tracee.memory.read(place, layout.size))
    except (OSError, MemoryFault):
        # There is no room: no handler can be called either.
        return _DEFAULT, 0
    return handler, flags
