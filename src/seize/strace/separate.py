"""A file for each thread: strace's -ff.

Each has its own printer, so no line is ever cut by another thread.  The files are begun when a
thread is first heard of, and ended with it.
"""

from __future__ import annotations

from seize.strace.output import TraceOutput
from seize.strace.printer import Printer
from seize.strace.settings import STATUSES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode import Call
    from seize.decode.render.strace import StraceText
    from seize.decode.values import Value
    from seize.engine import Tracee
    from seize.strace.clocks import Clock
    from seize.strace.jsonlines import JsonLines
    from seize.strace.settings import Settings
    from seize.strace.stacktrace import Stacks
    from seize.strace.summary import Summary


class ThreadPrinter(Printer):
    """Writes the lines of one thread, which have no thread id."""

    _has_others = False

    def __init__(
        self, output: TraceOutput, text: StraceText, settings: Settings, stacks: Stacks | None
    ) -> None:
        super().__init__(output, text, settings, (), stacks)
        self._has_ids = settings.always_show_pid

    def take_over(self, tracee: Tracee, other: Printer | JsonLines) -> None:
        """Go on with the call of a thread that has got this one's id by execve."""
        if isinstance(other, ThreadPrinter):
            other.changes_id(tracee)
            started = other._started.pop(tracee, None)
            if started is not None:
                self._started[tracee] = started

    def changes_id(self, tracee: Tracee) -> None:
        """End the open line: the rest is in another file."""
        if self._open is tracee:
            self._write(f" <pid changed to {tracee.tid} ...>\n")
            self._open = None

    def share_clock(self, clock: Clock | None) -> Clock | None:
        """Take the time from one clock for all files; give it for the next one."""
        self._clock = clock or self._clock
        return self._clock


def _held() -> type[ThreadPrinter]:
    """The same for lines that are held back until their call is over."""
    from seize.strace.held import HeldPrinter

    class HeldThreadPrinter(HeldPrinter, ThreadPrinter):
        def take_over(self, tracee: Tracee, other: Printer | JsonLines) -> None:
            super().take_over(tracee, other)
            if isinstance(other, HeldPrinter):
                self.hold(tracee, other)

    return HeldThreadPrinter


class _File:
    """A thread's output, and what writes to it."""

    def __init__(
        self, path: str, append: bool, settings: Settings, text: StraceText, stacks: Stacks | None
    ) -> None:
        self.output = TraceOutput(path, settings.name, append=append)
        self.printer: ThreadPrinter | JsonLines
        if settings.format == "json":
            from seize.strace.jsonlines import JsonLines

            self.printer = JsonLines(self.output, settings, stacks)
        else:
            make = ThreadPrinter if settings.status == STATUSES else _held()
            self.printer = make(self.output, text, settings, stacks)


class Separate:
    """Hands each event to the printer of its thread."""

    def __init__(self, settings: Settings, text: StraceText, stacks: Stacks | None) -> None:
        self._settings = settings
        self._text = text
        self._stacks = stacks
        self._files: dict[int, _File] = {}
        self._ended: set[int] = set()
        self._clock: Clock | None = None

    def _of(self, tid: int) -> ThreadPrinter | JsonLines:
        file = self._files.get(tid)
        if file is None:
            settings = self._settings
            # A child may be dead before its parent tells of it: its file mustn't begin anew.
            append = settings.append or tid in self._ended
            path = f"{settings.output}.{tid}"
            file = self._files[tid] = _File(path, append, settings, self._text, self._stacks)
            if isinstance(file.printer, ThreadPrinter):
                self._clock = file.printer.share_clock(self._clock)
        return file.printer

    def _end(self, tid: int) -> None:
        file = self._files.pop(tid, None)
        if file is not None:
            file.output.close()
            self._ended.add(tid)

    def enter(self, tracee: Tracee, call: Call) -> None:
        """A call begins."""
        self._of(tracee.tid).enter(tracee, call)

    def passed(self, tracee: Tracee, call: Call) -> None:
        """A call begins that isn't shown."""
        self._of(tracee.tid).passed(tracee, call)

    def exit(self, tracee: Tracee, call: Call) -> None:
        """A call is over."""
        self._of(tracee.tid).exit(tracee, call)

    def signal(self, tracee: Tracee, signal: int, siginfo: Value) -> None:
        """A signal is about to be delivered."""
        self._of(tracee.tid).signal(tracee, signal, siginfo)

    def stopped(self, tracee: Tracee, signal: int) -> None:
        """A group-stop."""
        self._of(tracee.tid).stopped(tracee, signal)

    def exited(self, tracee: Tracee, status: int) -> None:
        """A thread has ended by itself."""
        self._of(tracee.tid).exited(tracee, status)
        self._end(tracee.tid)

    def killed(self, tracee: Tracee, signal: int, core: bool) -> None:
        """A thread was killed."""
        self._of(tracee.tid).killed(tracee, signal, core)
        self._end(tracee.tid)

    def superseded(self, tracee: Tracee, by_tid: int, interrupted: Call | None) -> None:
        """The leader was replaced: its file goes on, that of the thread ``by_tid`` ends."""
        leader, former = self._of(tracee.tid), self._of(by_tid)
        leader.superseded(tracee, by_tid, interrupted)
        leader.take_over(tracee, former)
        self._end(by_tid)

    def detached(self, tracee: Tracee) -> None:
        """The trace leaves a thread."""
        self._of(tracee.tid).detached(tracee)

    def personality(self, tracee: Tracee, abi: str, bits: int) -> None:
        """The thread has become a 32-bit program, or a 64-bit one again."""
        self._of(tracee.tid).personality(tracee, abi, bits)

    def begins(self, tid: int) -> None:
        """A thread is traced from now on: it has a file even if nothing more is shown of it."""
        self._of(tid)

    def comes_or_goes(self, word: str, tid: int, pid: int | None) -> None:
        """A thread is traced from now on ("attached") or no more ("detached"): told in JSON."""
        printer = self._of(tid)
        if not isinstance(printer, ThreadPrinter):
            printer.comes_or_goes(word, tid, pid)

    def summary(self, summary: Summary) -> None:
        """Counts belong to no thread: they are told on standard error."""
        TraceOutput(None, self._settings.name).write(summary.text())

    def close(self) -> None:
        """End all files."""
        for tid in list(self._files):
            self._end(tid)
