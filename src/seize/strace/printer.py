"""Putting lines together, in strace's format.

A call's line is begun at its entry and ended at its exit.  When another thread has something
to say meanwhile, the line is cut (``<unfinished ...>``) and taken up again (``<... resumed>``).
"""

from __future__ import annotations

import time

from seize.abi.names import signal_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode import Call
    from seize.decode.render.strace import StraceText
    from seize.engine import Tracee, Tracer
    from seize.strace.output import Output
    from seize.strace.settings import Settings

NEVER_RETURN = frozenset(("exit", "exit_group"))


class Printer:
    """Writes the events of one trace to an ``Output``."""

    def __init__(
        self, output: Output, text: StraceText, settings: Settings, tracer: Tracer
    ) -> None:
        self._write = output.write
        self._text = text
        self._settings = settings
        self._tracees = tracer.tracees
        self._column = settings.column
        self._to_file = settings.output is not None
        self._times = settings.times
        # The thread whose line is begun and not ended, and the width of what stands there.
        self._open: Tracee | None = None
        self._width = 0
        self._started: dict[Tracee, float] = {}

    def _head(self, tid: int, dead: int = 0) -> str:
        """Begin a line: end the one that is open, and give what comes before the call.

        ``dead`` threads still count, though they are tracees no more.
        """
        if self._open is not None:
            self._write(" <unfinished ...>\n")
            self._open = None
        if self._to_file:
            prefix = f"{tid:<5} " if self._settings.follow else ""
        else:
            prefix = f"[pid {tid:>5}] " if len(self._tracees) + dead > 1 else ""
        return prefix + self._clock() if self._settings.timestamps else prefix

    def _clock(self) -> str:
        style = self._settings.timestamps
        nanoseconds = time.time_ns()
        seconds, micros = nanoseconds // 10**9, nanoseconds // 1000 % 10**6
        if style == "epoch":
            return f"{seconds}.{micros:06} "
        clock = time.strftime("%H:%M:%S", time.localtime(seconds))
        return f"{clock} " if style == "s" else f"{clock}.{micros:06} "

    def enter(self, tracee: Tracee, call: Call) -> None:
        """Begin the line of a call."""
        line = self._head(tracee.tid) + self._text.enter(call)
        if call.name in NEVER_RETURN:
            self._write(f"{line + ')':<{self._column - 1}} = ?\n")
            return
        self._write(line)
        self._open = tracee
        self._width = len(line)
        if self._times:
            self._started[tracee] = time.perf_counter()

    def exit(self, tracee: Tracee, call: Call) -> None:
        """End the line of a call, or take it up again if it was cut."""
        if self._open is tracee:
            begun, width = "", self._width
            self._open = None
        else:
            begun = f"{self._head(tracee.tid)}<... {call.name} resumed>"
            width = 0
        rest = begun + self._text.exit(call)
        self._finish(tracee, rest, width, self._text.result(call))

    def _finish(self, tracee: Tracee, rest: str, width: int, result: str) -> None:
        spent = ""
        if self._times:
            started = self._started.pop(tracee, None)
            if started is not None:
                spent = f" <{time.perf_counter() - started:.6f}>"
        padding = self._column - 1 - width
        self._write(f"{rest:<{padding if padding > 0 else 0}} = {result}{spent}\n")

    def signal(self, tracee: Tracee, signal: int, siginfo: bytes) -> None:
        """A signal is about to be delivered."""
        head = self._head(tracee.tid)
        self._write(f"{head}--- {signal_name(signal)} {self._text.siginfo(siginfo)} ---\n")

    def stopped(self, tracee: Tracee, signal: int) -> None:
        """A group-stop."""
        self._write(f"{self._head(tracee.tid)}--- stopped by {signal_name(signal)} ---\n")

    def exited(self, tid: int, status: int) -> None:
        """A thread has ended by itself."""
        self._write(f"{self._head(tid, dead=1)}+++ exited with {status} +++\n")

    def killed(self, tid: int, signal: int, core: bool) -> None:
        """A thread was killed."""
        dumped = " (core dumped)" if core else ""
        self._write(f"{self._head(tid, dead=1)}+++ killed by {signal_name(signal)}{dumped} +++\n")

    def superseded(self, tid: int, by_tid: int, interrupted: Call | None) -> None:
        """The leader ``tid`` was replaced by the thread ``by_tid``, which called execve."""
        if interrupted is not None:
            begun = f"{self._head(tid)}<... {interrupted.name} resumed>)"
            self._write(f"{begun:<{self._column - 1}} = ?\n")
        self._write(f"{self._head(tid)}+++ superseded by execve in pid {by_tid} +++\n")

    def detached(self, tracee: Tracee) -> None:
        """End the line of a call that the trace leaves in progress."""
        if self._open is tracee:
            self._write("\n <detached ...>\n")
            self._open = None

    def personality(self, tracee: Tracee, bits: int) -> None:
        """The thread has become a 32-bit program, or a 64-bit one again."""
        head = self._head(tracee.tid)
        self._write(f"{head}[ Process PID={tracee.tid} runs in {bits} bit mode. ]\n")
