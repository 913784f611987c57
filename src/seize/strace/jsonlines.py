"""The trace as JSON Lines: one object a line, one line for each event.

docs/json.md tells what is in them, schema.json defines it.  Each line is one write, so that a
trace that was cut short has at most its last line broken.
"""

from __future__ import annotations

import time
from json import JSONEncoder

from seize.abi.names import signal_name
from seize.strace.printer import NEVER_RETURN, dumps_of, pointer_of, returns, signals_of
from seize.strace.selection import json_values, status_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from seize.decode import Call
    from seize.decode.values import Value
    from seize.engine import Tracee
    from seize.strace.printer import Printer, Sink
    from seize.strace.settings import Settings
    from seize.strace.stacktrace import Stack, Stacks
    from seize.strace.summary import Summary

_encode = JSONEncoder(separators=(",", ":"), check_circular=False).encode


class _Begun:
    """A call that has been entered: when, and where."""

    __slots__ = ("call", "place", "started", "time")

    def __init__(self, call: Call, place: dict[str, Any]) -> None:
        self.call = call
        self.place = place
        self.time = _now()
        self.started: float | None = time.perf_counter()


class JsonLines:
    """Writes the events of one trace in the place of a ``Printer``."""

    def __init__(self, output: Sink, settings: Settings, stacks: Stacks | None = None) -> None:
        self._output = output
        self._stacks = stacks
        self._values = json_values(settings)
        self._quiet = settings.quiet
        self._has_places = settings.instruction_pointer
        self._dumps = dumps_of(settings)
        self._statuses = settings.status
        self._signals = signals_of(settings)
        self._begun: dict[Tracee, _Begun] = {}

    def enter(self, tracee: Tracee, call: Call) -> None:
        """Remember a call until it is over; one that never returns is over at once."""
        begun = self._begun[tracee] = _Begun(call, self._place(tracee.tid))
        if self._stacks is not None:
            self._stacks.enter(tracee, call)
        if call.name in NEVER_RETURN and not returns(call):
            del self._begun[tracee]
            stack = None if self._stacks is None else self._stacks.ended(tracee)
            self._call(tracee.tid, tracee.process.pid, begun, "exit", stack)

    def passed(self, tracee: Tracee, call: Call) -> None:
        """A call that isn't shown."""

    def exit(self, tracee: Tracee, call: Call) -> None:
        """Write a call that has returned."""
        begun = self._begun.pop(tracee, None)
        if begun is None:
            # It was under way when we attached.
            begun = _Begun(call, self._place(tracee.tid))
            begun.started = None
        stack = None if self._stacks is None else self._stacks.exit(tracee, call)
        self._call(tracee.tid, tracee.process.pid, begun, stack=stack)

    def _call(
        self,
        tid: int,
        pid: int,
        begun: _Begun,
        unfinished: str = "",
        stack: Stack | None = None,
    ) -> None:
        call = begun.call
        status = "detached" if unfinished == "detached" else status_of(call)
        if status not in self._statuses:
            return
        line = {"type": "syscall", "tid": tid, "pid": pid, "time": begun.time, **begun.place}
        if unfinished:
            line["unfinished"] = unfinished
            line["known"] = min(call.compiled.first_out, len(call.values))
        elif begun.started is not None:
            line["duration"] = round(time.perf_counter() - begun.started, 6)
        line.update(self._values.call(call))
        if self._dumps is not None and not unfinished:
            from seize.strace.dumps import to_json

            dumps = self._dumps.of(call)
            if dumps:
                line["dumps"] = to_json(dumps)
        if stack is not None:
            line["stack"] = stack
        self._write(line)

    def _event(self, word: str, tid: int, pid: int | None, **more: object) -> None:
        self._write({"type": word, "tid": tid, "pid": pid, "time": _now(), **more})

    def _write(self, line: dict[str, Any]) -> None:
        self._output.write(_encode(line) + "\n")

    def _place(self, tid: int) -> dict[str, Any]:
        """Where a stopped thread is, if that was asked for."""
        return {"instruction_pointer": pointer_of(tid)} if self._has_places else {}

    def _stack(self, tracee: Tracee) -> dict[str, Any]:
        """The stack of a stopped thread, if that was asked for."""
        return {} if self._stacks is None else {"stack": self._stacks.now(tracee)}

    def signal(self, tracee: Tracee, signal: int, siginfo: Value) -> None:
        """A signal is about to be delivered."""
        place = self._place(tracee.tid)
        named = {"signal": signal_name(signal), "number": signal}
        info = self._values.value(siginfo)
        stack = self._stack(tracee)
        self._event(
            "signal", tracee.tid, tracee.process.pid, **place, **named, siginfo=info, **stack
        )

    def stopped(self, tracee: Tracee, signal: int) -> None:
        """A group-stop."""
        place = self._place(tracee.tid)
        named = {"signal": signal_name(signal), "number": signal}
        stack = self._stack(tracee)
        self._event("stopped", tracee.tid, tracee.process.pid, **place, **named, **stack)

    def exited(self, tracee: Tracee, status: int) -> None:
        """A thread has ended by itself."""
        self._cut(tracee, "exited")
        self._forget(tracee)
        if "exit" not in self._quiet:
            self._event("exited", tracee.tid, tracee.process.pid, status=status)

    def killed(self, tracee: Tracee, signal: int, core: bool) -> None:
        """A thread was killed."""
        self._cut(tracee, "killed")
        self._forget(tracee)
        named = {"signal": signal_name(signal), "number": signal}
        self._event("killed", tracee.tid, tracee.process.pid, **named, core=core)

    def _forget(self, tracee: Tracee) -> None:
        if self._stacks is not None:
            self._stacks.ended(tracee)

    def superseded(self, tracee: Tracee, by_tid: int, interrupted: Call | None) -> None:
        """The leader was replaced by the thread ``by_tid``, which called execve."""
        leader = next((t for t, begun in self._begun.items() if begun.call is interrupted), None)
        if leader is not None:
            self._call(tracee.tid, tracee.process.pid, self._begun.pop(leader), "superseded")
        if "thread-execve" not in self._quiet:
            self._event("superseded", tracee.tid, tracee.process.pid, by=by_tid)

    def take_over(self, tracee: Tracee, other: Printer | JsonLines) -> None:
        """Go on with the call of a thread that has got another's id by execve."""
        if isinstance(other, JsonLines) and tracee in other._begun:
            self._begun[tracee] = other._begun.pop(tracee)

    def detached(self, tracee: Tracee) -> None:
        """Write the call that the trace leaves in progress."""
        self._cut(tracee, "detached")

    def _cut(self, tracee: Tracee, reason: str) -> None:
        begun = self._begun.pop(tracee, None)
        if begun is not None:
            self._call(tracee.tid, tracee.process.pid, begun, reason)

    def personality(self, tracee: Tracee, abi: str, bits: int) -> None:
        """The thread has become a 32-bit program, or a 64-bit one again."""
        process = tracee.process.pid
        self._event("personality", tracee.tid, process, abi=abi, bits=bits)

    def summary(self, summary: Summary) -> None:
        """What was counted."""
        self._write(summary.to_json())

    def begins(self, tid: int) -> None:
        """A thread is traced from now on."""

    def close(self) -> None:
        """Nothing more comes."""

    def comes_or_goes(self, word: str, tid: int, pid: int | None) -> None:
        """A thread is traced from now on ("attached") or no more ("detached")."""
        self._event(word, tid, pid)


def _now() -> float:
    """Seconds since the epoch, to the microsecond."""
    return time.time_ns() // 1000 / 1_000_000
