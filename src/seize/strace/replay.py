"""The text of a trace, made again from the JSON Lines that it was written as.

One line of JSON is one line of text, at the place where the call was over.  So a call that
another thread has cut is whole here, where the live text has it in two pieces; the rest is the
same, as `seize trace -o FILE` writes it.
"""

from __future__ import annotations

import json

from seize.decode.render import unjson
from seize.decode.render.unjson import NotOurs
from seize.strace.printer import NEVER_RETURN, Printer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from seize.decode import Call
    from seize.decode.render.strace import StraceText
    from seize.strace.clocks import Clock
    from seize.strace.printer import Sink
    from seize.strace.settings import Settings
    from seize.strace.stacktrace import Stack

    Json = dict[str, Any]


class Recorded:
    """A thread that was traced once."""

    def __init__(self, tid: int) -> None:
        self.tid = tid


class RecordedStacks:
    """The stacks as they stand beside the events; ``line`` is the present one."""

    def __init__(self) -> None:
        self.line: Json = {}
        self._held: dict[Recorded, Stack] = {}

    def enter(self, thread: Recorded, call: Call) -> None:
        """A call begins: the stack of one that never returns follows its thread's end."""
        if call.name in NEVER_RETURN:
            self._held[thread] = self.now(thread)

    def exit(self, thread: Recorded, call: Call) -> Stack:
        """Give the stack of a call that is over."""
        return self.now(thread)

    def now(self, thread: Recorded) -> Stack:
        """Give the stack of the event."""
        found: Stack = self.line.get("stack", [])
        return found

    def ended(self, thread: Recorded) -> Stack:
        """Give the stack that a thread had when it asked for its end."""
        return self._held.pop(thread, [])


class RecordedDumps:
    """The data of reads and writes beside the present ``line``."""

    def __init__(self) -> None:
        self.line: Json = {}

    def text(self, call: Call) -> str:
        """Give the lines that follow a call's."""
        if "dumps" not in self.line:
            return ""
        from seize.strace.dumps import from_json, text_of

        return text_of(from_json(self.line["dumps"]))


class Replay(Printer):
    """Prints what was recorded: the time, and what took time, comes from there."""

    def __init__(self, sink: Sink, text: StraceText, settings: Settings) -> None:
        self._recorded = RecordedStacks()
        super().__init__(sink, text, settings, (), self._recorded)
        self._dumps = self._data = RecordedDumps()
        self._to_file = True
        self._has_ids = settings.follow or settings.always_show_pid
        self._line: Json = {}
        self._threads: dict[int, Recorded] = {}
        self._superseded: dict[int, Call] = {}
        self._handlers: dict[str, Callable[[Recorded, Json], None]] = {
            "syscall": self._call,
            "signal": lambda t, f: self.signal(t, f["number"], unjson.value(f["siginfo"])),
            "stopped": lambda t, f: self.stopped(t, f["number"]),
            "exited": lambda t, f: self.exited(t, f["status"]),
            "killed": lambda t, f: self.killed(t, f["number"], f["core"]),
            "superseded": self._replaced,
            "personality": lambda t, f: self.personality(t, f["abi"], f["bits"]),
            "attached": lambda t, f: None,
            "detached": lambda t, f: None,
        }

    def lines(self, lines: Iterable[bytes], name: str) -> None:
        """Print all lines of a file; raises ``NotOurs``, with the place, for a strange one."""
        for number, line in enumerate(lines, 1):
            try:
                self.line(json.loads(line))
            except (NotOurs, KeyError, TypeError, ValueError, RecursionError) as problem:
                self._end()
                raise NotOurs(f"{name}:{number}: no line of a trace: {problem}") from problem
        self._end()

    def line(self, found: Json) -> None:
        """Print one event."""
        self._line = self._recorded.line = self._data.line = found
        if found["type"] == "summary":
            self._counts(found)
            return
        tid = found["tid"]
        thread = self._threads.setdefault(tid, Recorded(tid))
        self._handlers[found["type"]](thread, found)

    def _call(self, thread: Recorded, found: Json) -> None:
        call = unjson.call(found)
        reason = found.get("unfinished")
        self.enter(thread, call)
        if reason is None:
            self.exit(thread, call)
        elif reason == "detached":
            self.detached(thread)
        elif reason == "superseded":
            self._superseded[thread.tid] = call

    def _replaced(self, thread: Recorded, found: Json) -> None:
        self.superseded(thread, found["by"], self._superseded.pop(thread.tid, None))

    def _counts(self, found: Json) -> None:
        from seize.strace.summary import Summary

        summary = Summary(self._settings)
        summary.load(found)
        self._end()
        self.summary(summary)

    def _end(self) -> None:
        """End the line of a call that was never over."""
        if self._open is not None:
            self._write(" <unfinished ...>\n")
            self._open = None

    def _make_names(self) -> None:
        """The commands that threads had aren't recorded."""

    def _make_contexts(self) -> None:
        """Nor are their security contexts."""

    def _make_clock(self) -> Clock:
        from seize.strace.clocks import Clock

        return Clock(self._settings, self._now, self._now)

    def _now(self) -> int:
        seconds: float = self._line["time"]
        return round(seconds * 1_000_000) * 1000

    def _spent(self, tracee: object) -> int | None:
        seconds: float | None = self._line.get("duration")
        return None if seconds is None else round(seconds * 1_000_000) * 1000

    def _pointer(self, tid: int) -> int | None:
        pointer: int | None = self._line.get("instruction_pointer")
        return pointer
