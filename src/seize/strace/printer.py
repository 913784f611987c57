"""Putting lines together, in strace's format.

A call's line is begun at its entry and ended at its exit.  When another thread has something
to say meanwhile, the line is cut (``<unfinished ...>``) and taken up again (``<... resumed>``).
"""

from __future__ import annotations

import time

from seize.abi.names import signal_name
from seize.engine import instruction_pointer
from seize.errors import PtraceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sized
    from typing import Protocol

    from seize.decode import Call
    from seize.decode.render.strace import StraceText
    from seize.decode.values import Value
    from seize.strace.settings import Settings
    from seize.strace.stacktrace import Stack, Stacks

    class Sink(Protocol):
        """Where text goes: a `seize.strace.output.Output`, or standard output."""

        def write(self, text: str) -> None:
            """Write all of ``text``."""

    class Thread(Protocol):
        """What is to be known of a thread: a `seize.engine.Tracee`, or one that was recorded."""

        tid: int


DIGITS = {"s": 0, "ms": 3, "us": 6, "ns": 9}
"""Precision -> digits after the point of a time in seconds."""
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


class Printer:
    """Writes the events of one trace to an ``Output``."""

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
        self._times = bool(settings.times)
        # The thread whose line is begun and not ended, and the width of what stands there.
        self._open: Thread | None = None
        self._width = 0
        self._started: dict[Thread, float] = {}
        self._len = text.width
        self._places = settings.syscall_number or settings.instruction_pointer
        self._numbers: dict[int, tuple[int, bool]] = {}

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
        if self._settings.timestamps:
            prefix += self._clock()
        return prefix + self._place(tid, dead) if self._places else prefix

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

    def _now(self) -> int:
        return time.time_ns()

    def _clock(self) -> str:
        seconds, nanoseconds = divmod(self._now(), 10**9)
        digits = DIGITS[self._settings.timestamp_precision]
        fraction = f".{nanoseconds // 10 ** (9 - digits):0{digits}}" if digits else ""
        if self._settings.timestamps == "unix":
            return f"{seconds}{fraction} "
        return f"{time.strftime('%H:%M:%S', time.localtime(seconds))}{fraction} "

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
        if self._times:
            self._started[tracee] = time.perf_counter()

    def passed(self, tracee: Thread, call: Call) -> None:
        """Note a call that isn't shown: its number still is, before the thread's next line."""
        self._numbers[tracee.tid] = call.number, call.arch_name == "i386"

    def exit(self, tracee: Thread, call: Call) -> None:
        """End the line of a call, or take it up again if it was cut."""
        if self._open is tracee:
            begun, width = "", self._width
            self._open = None
        else:
            begun = f"{self._head(tracee.tid)}<... {self._text.name(call.name)} resumed>"
            width = 0
        rest = begun + self._text.exit(call)
        self._finish(tracee, rest, width, self._text.result(call))
        if self._stacks is not None:
            self._show(self._stacks.exit(tracee, call))

    def _finish(self, tracee: Thread, rest: str, width: int, result: str) -> None:
        spent = ""
        if self._times:
            seconds = self._spent(tracee)
            if seconds is not None:
                spent = f" <{seconds:.6f}>"
        padding = " " * (self._column - 1 - width - self._len(rest))
        self._write(f"{rest}{padding} = {result}{spent}\n")

    def _spent(self, tracee: Thread) -> float | None:
        started = self._started.pop(tracee, None)
        return None if started is None else time.perf_counter() - started

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
        self._ended(tracee, f"+++ exited with {status} +++")

    def killed(self, tracee: Thread, signal: int, core: bool) -> None:
        """A thread was killed."""
        dumped = " (core dumped)" if core else ""
        self._ended(tracee, f"+++ killed by {signal_name(signal)}{dumped} +++")

    def _ended(self, tracee: Thread, text: str) -> None:
        if "exit" not in self._settings.quiet:
            self._event(tracee.tid, text, dead=1)
        self._numbers.pop(tracee.tid, None)
        if self._stacks is not None:
            self._show(self._stacks.ended(tracee))

    def _show(self, stack: Stack) -> None:
        """Write the lines of a stack."""
        from seize.strace.stacktrace import text_of_stack

        if stack:
            self._write(text_of_stack(stack))

    def superseded(self, tracee: Thread, by_tid: int, interrupted: Call | None) -> None:
        """The leader was replaced by the thread ``by_tid``, which called execve."""
        if "thread-execve" in self._settings.quiet:
            return
        tid = tracee.tid
        if interrupted is not None:
            begun = f"{self._head(tid)}<... {self._text.name(interrupted.name)} resumed>)"
            padding = " " * (self._column - 1 - self._len(begun))
            self._write(f"{begun}{padding} = ?\n")
        self._event(tid, f"+++ superseded by execve in pid {by_tid} +++")

    def detached(self, tracee: Thread) -> None:
        """End the line of a call that the trace leaves in progress."""
        if self._open is tracee:
            self._write(" <detached ...>\n")
            self._open = None

    def personality(self, tracee: Thread, abi: str, bits: int) -> None:
        """The thread has become a 32-bit program, or a 64-bit one again."""
        head = self._head(tracee.tid)
        self._write(f"{head}[ Process PID={tracee.tid} runs in {bits} bit mode. ]\n")
