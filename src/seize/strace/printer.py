"""Putting lines together, in strace's format.

A call's line is begun at its entry and ended at its exit.  When another thread has something
to say meanwhile, the line is cut (``<unfinished ...>``) and taken up again (``<... resumed>``).
"""

from __future__ import annotations

from time import perf_counter_ns

from seize.abi.names import signal_name
from seize.engine import instruction_pointer
from seize.errors import PtraceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sized
    from typing import Protocol

    from seize.callsets.sets import NumberSet
    from seize.decode import Call
    from seize.decode.render.strace import StraceText
    from seize.decode.values import Value
    from seize.strace.clocks import Clock
    from seize.strace.contexts import Contexts
    from seize.strace.dumps import Dumps
    from seize.strace.pids import ThreadNames
    from seize.strace.settings import Settings
    from seize.strace.stacktrace import Stack, Stacks
    from seize.strace.summary import Summary

    class Sink(Protocol):
        """Where text goes: a `seize.strace.output.Output`, or standard output."""

        def write(self, text: str) -> None:
            """Write all of ``text``."""

    class Data(Protocol):
        """What gives the data that calls read and write."""

        def text(self, call: Call) -> str:
            """Give the lines that follow a call's."""

    class Thread(Protocol):
        """What is to be known of a thread: a `seize.engine.Tracee`, or one that was recorded."""

        tid: int


NEVER_RETURN = frozenset(("exit", "exit_group"))


def pointer_of(tid: int) -> int | None:
    """Where a stopped thread is, or None if it can't be asked any more."""
    try:
        return instruction_pointer(tid)
    except PtraceError:
        return None


def returns(call: Call) -> bool:
    """Whether even an exit_group(2) comes back: one that a tampering has replaced."""
    tampered = call.tampered
    return tampered is not None and tampered.replaced


def awaits(call: Call) -> bool:
    """Whether a call has arguments that are known at its exit only."""
    return call.compiled.first_out < len(call.values)


def signals_of(settings: Settings) -> NumberSet | None:
    """The signals that are shown; None if all are."""
    if settings.signals == "all":
        return None
    from seize.callsets.sets import signals

    return signals(settings.signals)


def dumps_of(settings: Settings) -> Dumps | None:
    """What gives the data of reads and writes, or None if nobody wants it."""
    if settings.reads == settings.writes == "none":
        return None
    from seize.strace.dumps import Dumps

    return Dumps(settings)


class Printer:
    """Writes the events of one trace to an ``Output``."""

    _has_others = True
    """Whether other threads write lines, too."""

    def __init__(
        self,
        output: Sink,
        text: StraceText,
        settings: Settings,
        tracees: Sized,
        stacks: Stacks | None = None,
    ) -> None:
        self._write = output.write
        self._text = text
        self._settings = settings
        self._tracees = tracees
        self._stacks = stacks
        self._column = settings.column
        self._to_file = settings.output is not None
        several = settings.follow or len(settings.attach) + bool(settings.command) > 1
        self._has_ids = several or not self._to_file or settings.always_show_pid
        self._names = self._make_names() if "comm" in settings.decode_pids else None
        self._contexts = self._make_contexts() if settings.secontext else None
        self._times = settings.times
        self._clock = self._make_clock() if settings.timestamps or settings.relative else None
        # The thread whose line is begun and not ended, the width of what stands there, and its
        # call; and the calls whose lines were cut.
        self._open: Thread | None = None
        self._width = 0
        self._begun: Call | None = None
        self._cut: dict[Thread, Call | None] = {}
        self._started: dict[Thread, int] = {}
        self._len = text.width
        self._places = settings.syscall_number or settings.instruction_pointer
        self._numbers: dict[int, tuple[int, bool]] = {}
        self._dumps: Data | None = dumps_of(settings)
        self._signals = signals_of(settings)

    def _head(self, tid: int, dead: int = 0) -> str:
        """Begin a line: end the one that is open, and give what comes before the call.

        ``dead`` threads still count, though they are tracees no more.
        """
        if self._open is not None:
            self._write(" <unfinished ...>\n")
            self._cut[self._open] = self._begun
            self._open = None
        prefix = self._thread(tid, dead) if self._has_ids else ""
        if self._contexts is not None:
            context = self._contexts.of_thread(tid)
            prefix += f"[{context}] " if context is not None else ""
        if self._clock is not None:
            prefix += self._clock.text()
        return prefix + self._place(tid, dead) if self._places else prefix

    def _thread(self, tid: int, dead: int) -> str:
        """Which thread a line is about, where there may be others."""
        name = "" if self._names is None else self._names.of_thread(tid)
        if self._to_file:
            return f"{f'{tid}{name}':<5} "
        if len(self._tracees) + dead > 1 or self._settings.always_show_pid:
            return f"[pid {tid:>5}{name}] "
        return ""

    def _make_names(self) -> ThreadNames | None:
        from seize.strace.pids import ThreadNames

        return ThreadNames(self._settings.strings)

    def _make_contexts(self) -> Contexts | None:
        from seize.strace.contexts import Contexts

        return Contexts(self._settings.secontext - {"mismatch"})

    def _place(self, tid: int, dead: int) -> str:
        """Where a thread is: the number of its last call, its instruction pointer."""
        number, is_narrow = self._numbers.get(tid, (0, False))
        text = f"[{number:4}] " if self._settings.syscall_number else ""
        if not self._settings.instruction_pointer:
            return text
        width = 8 if is_narrow else 16
        pointer = None if dead else self._pointer(tid)
        return f"{text}[{'?' * width if pointer is None else f'{pointer:0{width}x}'}] "

    def _pointer(self, tid: int) -> int | None:
        return pointer_of(tid)

    def _make_clock(self) -> Clock:
        from seize.strace.clocks import Clock

        return Clock(self._settings)

    def enter(self, tracee: Thread, call: Call) -> None:
        """Begin the line of a call."""
        if self._places:
            self._numbers[tracee.tid] = call.number, call.arch_name == "i386"
        line = self._head(tracee.tid) + self._text.enter(call)
        if self._stacks is not None:
            self._stacks.enter(tracee, call)
        if call.name in NEVER_RETURN and not returns(call):
            padding = " " * (self._column - 2 - self._len(line))
            self._write(f"{line}){padding} = ?\n")
            return
        self._write(line)
        self._open = tracee
        self._width = self._len(line)
        self._begun = call
        if self._times:
            self._started[tracee] = perf_counter_ns()

    def passed(self, tracee: Thread, call: Call) -> None:
        """Note a call that isn't shown: its number still is, before the thread's next line."""
        self._numbers[tracee.tid] = call.number, call.arch_name == "i386"

    def exit(self, tracee: Thread, call: Call) -> None:
        """End the line of a call, or take it up again if it was cut."""
        if self._open is tracee:
            begun, width = "", self._width
            self._open = None
        else:
            self._cut.pop(tracee, None)
            begun = f"{self._head(tracee.tid)}<... {self._text.name(call.name)} resumed>"
            width = 0
        rest = begun + self._text.exit(call)
        self._finish(tracee, rest, width, self._text.result(call))
        if self._dumps is not None:
            self._write(self._dumps.text(call))
        if self._stacks is not None:
            self._show(self._stacks.exit(tracee, call))

    def _finish(self, tracee: Thread, rest: str, width: int, result: str) -> None:
        spent = ""
        if self._times:
            nanoseconds = self._spent(tracee)
            if nanoseconds is not None:
                from seize.strace.clocks import seconds

                spent = f" <{seconds(nanoseconds, self._times)}>"
        padding = " " * (self._column - 1 - width - self._len(rest))
        self._write(f"{rest}{padding} = {result}{spent}\n")

    def _spent(self, tracee: Thread) -> int | None:
        started = self._started.pop(tracee, None)
        return None if started is None else perf_counter_ns() - started

    def _event(self, tid: int, text: str, dead: int = 0) -> None:
        self._write(f"{self._head(tid, dead)}{self._text.event(text)}\n")

    def signal(self, tracee: Thread, signal: int, siginfo: Value) -> None:
        """A signal is about to be delivered."""
        info = self._text.value(siginfo)
        self._event(tracee.tid, f"--- {signal_name(signal)} {info} ---")
        if self._stacks is not None:
            self._show(self._stacks.now(tracee))

    def stopped(self, tracee: Thread, signal: int) -> None:
        """A group-stop."""
        self._event(tracee.tid, f"--- stopped by {signal_name(signal)} ---")
        if self._stacks is not None:
            self._show(self._stacks.now(tracee))

    def exited(self, tracee: Thread, status: int) -> None:
        """A thread has ended by itself."""
        is_quiet = "exit" in self._settings.quiet
        self._ended(tracee, "" if is_quiet else f"+++ exited with {status} +++")

    def killed(self, tracee: Thread, signal: int, core: bool) -> None:
        """A thread was killed."""
        dumped = " (core dumped)" if core else ""
        shown = self._signals is None or signal in self._signals
        self._ended(tracee, f"+++ killed by {signal_name(signal)}{dumped} +++" if shown else "")

    def _ended(self, tracee: Thread, text: str) -> None:
        tid = tracee.tid
        if self._open is tracee:
            self._break_off()
        else:
            call = self._cut.pop(tracee, None)
            if call is not None:
                self._break_off_cut(call, tid, dead=1)
        if text:
            self._event(tid, text, dead=1)
        self._numbers.pop(tid, None)
        self._started.pop(tracee, None)
        if self._names is not None:
            self._names.forget(tid)
        if self._stacks is not None:
            self._show(self._stacks.ended(tracee))

    def _show(self, stack: Stack) -> None:
        """Write the lines of a stack."""
        from seize.strace.stacktrace import text_of_stack

        if stack:
            self._write(text_of_stack(stack))

    def _break_off(self) -> None:
        """End the open line of a call that nobody will see the end of."""
        rest = " <unfinished ...>)" if self._begun is not None and awaits(self._begun) else ")"
        padding = " " * (self._column - 1 - self._width - len(rest))
        self._write(f"{rest}{padding} = ?\n")
        self._open = None

    def _break_off_cut(self, call: Call, tid: int, dead: int = 0) -> None:
        """The same for a line that was cut."""
        end = " <unfinished ...>)" if dead and awaits(call) else ")"
        begun = f"{self._head(tid, dead)}<... {self._text.name(call.name)} resumed>{end}"
        padding = " " * (self._column - 1 - self._len(begun))
        self._write(f"{begun}{padding} = ?\n")

    def summary(self, summary: Summary) -> None:
        """What was counted, in tables."""
        self._write(summary.text())

    def begins(self, tid: int) -> None:
        """A thread is traced from now on."""

    def close(self) -> None:
        """Nothing more comes."""

    def superseded(self, tracee: Thread, by_tid: int, interrupted: Call | None) -> None:
        """The leader was replaced by the thread ``by_tid``, which called execve."""
        self._cut.pop(tracee, None)
        if "thread-execve" in self._settings.quiet:
            return
        tid = tracee.tid
        if interrupted is not None and not self._has_others and self._open is not None:
            self._break_off()
        elif interrupted is not None:
            self._break_off_cut(interrupted, tid)
        self._event(tid, f"+++ superseded by execve in pid {by_tid} +++")

    def detached(self, tracee: Thread) -> None:
        """End the line of a call that the trace leaves in progress."""
        self._cut.pop(tracee, None)
        if self._open is tracee:
            self._write(" <detached ...>\n")
            self._open = None

    def personality(self, tracee: Thread, abi: str, bits: int) -> None:
        """The thread has become a 32-bit program, or a 64-bit one again."""
        head = self._head(tracee.tid)
        self._write(f"{head}[ Process PID={tracee.tid} runs in {bits} bit mode. ]\n")
