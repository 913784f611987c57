"""Lines that are held back until it is known how their call ends: strace's ``--status``."""

from __future__ import annotations

from seize.strace.printer import Printer
from seize.strace.selection import status_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from seize.decode import Call
    from seize.strace.printer import Thread


class HeldPrinter(Printer):
    """Prints a call when it is over, if it has ended in one of the ways that are asked for.

    The line has the time of the call's entry, so lines need not be in the order of their times;
    none is ever cut.
    """

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._sink = self._write
        self._statuses = self._settings.status
        # What is written of a call so far, its width, and whether arguments are still to come.
        self._held: dict[Thread, tuple[str, int, Call]] = {}

    def enter(self, tracee: Thread, call: Call) -> None:
        """Begin the line of a call, and keep it."""
        written: list[str] = []
        self._write = lambda text: written.append(text)
        try:
            super().enter(tracee, call)
        finally:
            self._write = self._sink
        if self._open is None:
            # It never returns, and its line is whole.
            if "unfinished" in self._statuses:
                self._write("".join(written))
            return
        self._open = None
        self._held[tracee] = "".join(written), self._width, call

    def exit(self, tracee: Thread, call: Call) -> None:
        """Print a call that is over, or forget it."""
        held = self._held.pop(tracee, None)
        if status_of(call) not in self._statuses:
            self._started.pop(tracee, None)
            return
        if held is not None:
            self._write(held[0])
            self._width = held[1]
            self._open = tracee
        super().exit(tracee, call)

    def hold(self, tracee: Thread, other: HeldPrinter) -> None:
        """Go on with the line of a thread that another printer has begun."""
        held = other._held.pop(tracee, None)
        if held is not None:
            self._held[tracee] = held

    def exited(self, tracee: Thread, status: int) -> None:
        """A thread has ended by itself."""
        self._broken(tracee)
        super().exited(tracee, status)

    def killed(self, tracee: Thread, signal: int, core: bool) -> None:
        """A thread was killed."""
        self._broken(tracee)
        super().killed(tracee, signal, core)

    def superseded(self, tracee: Thread, by_tid: int, interrupted: Call | None) -> None:
        """The leader was replaced by the thread ``by_tid``, which called execve."""
        for thread, (_, _, call) in list(self._held.items()):
            if call is interrupted:
                self._broken(thread)
        super().superseded(tracee, by_tid, None)

    def _broken(self, tracee: Thread) -> None:
        """Print a call that nobody will see the end of, if such are asked for."""
        held = self._held.pop(tracee, None)
        self._started.pop(tracee, None)
        if held is None or "unfinished" not in self._statuses:
            return
        begun, width, call = held
        self._write(begun)
        self._width = width
        self._begun = call
        self._break_off()

    def detached(self, tracee: Thread) -> None:
        """Print a call that the trace leaves in progress, if such are asked for."""
        held = self._held.pop(tracee, None)
        if held is not None and "detached" in self._statuses:
            self._write(f"{held[0]} <detached ...>\n")
