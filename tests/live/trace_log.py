"""Reading the log of ``-f -o FILE``, seize's or strace's alike: they have one format."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

_LINE = re.compile(r"(\d+) +(.*)")
_RESUMED = re.compile(r"<\.\.\. (\w+) resumed>")
_ENTRY = re.compile(r"(\w+)\(")


@dataclass
class Log:
    """What a log tells: how often each call was begun, and what in it doesn't fit together."""

    calls: Counter[str] = field(default_factory=Counter)
    signals: Counter[str] = field(default_factory=Counter)
    ended: Counter[int] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


class Reader:
    """Goes through the lines of one log, and remembers which thread is in which call."""

    def __init__(self) -> None:
        self.log = Log()
        self.inside: dict[int, str] = {}
        self.present: set[int] = set()

    def line(self, text: str) -> None:
        """Take in one line."""
        match = _LINE.fullmatch(text)
        if match is None:
            self.problem("no line of a trace", text)
            return
        tid, rest = int(match[1]), match[2]
        if rest.startswith("+++ superseded"):
            # The thread of that id goes on: it is the one that called execve.
            self.inside[tid] = "execve"
        elif rest.startswith("+++ "):
            self.log.ended[tid] += 1
            self.inside.pop(tid, None)
            self.present.discard(tid)
        else:
            self.present.add(tid)
            self.event(tid, rest, text)

    def event(self, tid: int, rest: str, text: str) -> None:
        """Take in a signal, or a call: whole, its first part or its second."""
        if rest.startswith("--- "):
            self.log.signals[rest.split()[1]] += 1
            return
        if rest.startswith("[ Process PID="):
            return
        resumed = _RESUMED.match(rest)
        entry = _ENTRY.match(rest)
        if resumed is not None:
            if self.inside.pop(tid, None) != resumed[1]:
                self.problem("an exit without its entry", text)
        elif entry is not None:
            if tid in self.inside:
                self.problem("a call inside a call", text)
            self.log.calls[entry[1]] += 1
            self.inside[tid] = entry[1]
        else:
            self.problem("neither a call nor a signal", text)
        if rest.endswith(" <unfinished ...>"):
            return
        if " = " not in rest:
            self.problem("a call without a result", text)
        # A call that doesn't return ("= ?") is over, too: what must follow is the thread's end.
        self.inside.pop(tid, None)

    def problem(self, what: str, text: str) -> None:
        """Note what doesn't fit."""
        self.log.problems.append(f"{what}: {text}")

    def end(self) -> Log:
        """Return what was read; nobody may be left in a call, or without an end."""
        self.log.problems.extend(f"no exit: {tid} {name}" for tid, name in self.inside.items())
        self.log.problems.extend(f"no end of the thread {tid}" for tid in self.present)
        again = [tid for tid, times in self.log.ended.items() if times > 1]
        self.log.problems.extend(f"ended more than once: {tid}" for tid in again)
        return self.log


def read_log(text: str) -> Log:
    """Read a whole log."""
    reader = Reader()
    for line in text.splitlines():
        reader.line(line)
    return reader.end()
