"""The process that tampers for a block: a tracer beside the program that asked for it.

A thread of the program itself couldn't do it: the program's own wait(2) would take the stops
of a tracer in the same process, and nobody can trace his own threads.  So a process is forked
off which traces the program, without stopping its system calls, for the sake of what it starts.
"""

from __future__ import annotations

import gc
import marshal
import os
import signal
from _thread import start_new_thread

from seize.abi._generated import ptrace as pt
from seize.callsets import CallFilter
from seize.engine import Tracer
from seize.errors import SeizeError
from seize.stops import events
from seize.tampering.build import named
from seize.tampering.frames import read_frame, write_frame
from seize.tampering.plan import Fired, Tampering
from seize.tampering.rule import Named, Rule, When

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from seize.engine import Process, Tracee

READY = "ready"
DONE = "done"
PROBLEM = -1
"""In the place of a rule's number in the record."""
_MOST_DESCRIPTORS = 1 << 16
"""A program may have lowered its limit, and have descriptors beyond it."""
ADD, REMOVE, END = "add", "remove", "end"


class Channels:
    """The descriptors between the two: ``control`` to the tracer, ``report`` from it.

    ``record`` is a file in memory that the tracer appends to and the program reads: unlike a
    pipe, it never makes the tracer wait for the program that waits for its child.
    """

    def __init__(self, control: int, report: int, record: int) -> None:
        self.control = control
        self.report = report
        self.record = record

    def tell(self, word: str) -> None:
        """Say a word to the program."""
        write_frame(self.report, word.encode("utf-8", "backslashreplace"))


def run(channels: Channels, rules: dict[int, Rule], pid: int, own: bool) -> NoReturn:
    """Be the tracer of the process ``pid``; ``own`` says that only what it starts is meant.

    Runs in a process of its own, and ends it.
    """
    word = DONE
    try:
        channels.tell(str(os.getpid()))
        _detach_from_the_program(channels)
        if read_frame(channels.control) is not None:
            _Beside(channels, rules, pid, own).run()
    except SeizeError as error:
        word = str(error)
    except BaseException as error:  # noqa: BLE001 - whatever a program's own function raises
        word = f"{type(error).__name__}: {error}"
    finally:
        try:
            channels.tell(word)
        finally:
            os._exit(word != DONE)


def _detach_from_the_program(channels: Channels) -> None:
    """Have nothing of the program: its signals, its terminal's, its descriptors, its rubbish."""
    os.setsid()
    gc.freeze()
    gc.disable()
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        ignored = number in (signal.SIGINT, signal.SIGPIPE, signal.SIGHUP)
        signal.signal(number, signal.SIG_IGN if ignored else signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    # The standard input is closed as well, and replaced.
    last = -1
    for kept in sorted((1, 2, channels.control, channels.report, channels.record)):
        os.closerange(last + 1, kept)
        last = kept
    os.closerange(last + 1, max(os.sysconf("SC_OPEN_MAX"), _MOST_DESCRIPTORS))
    os.open(os.devnull, os.O_RDWR)


class _Beside:
    """The tracer's run."""

    def __init__(self, channels: Channels, rules: dict[int, Rule], pid: int, own: bool) -> None:
        self._channels = channels
        self._rules = rules
        self._pid = pid
        # Processes that run without stopping at system calls: the program, and those that are
        # born by vfork(2) to become another.
        self._quiet: set[int] = {pid} if own else set()
        self._held: dict[int, Tracee] = {}
        self._announced: set[int] = set()
        self._ends = False
        self._problems: set[str] = set()
        self._tampering = Tampering(
            rules.values(), record=False, on_fired=self._fired, complain=self._complain
        )
        self._tracer = Tracer(exitkill=False, placement="off", tampering=self._tampering)

    def run(self) -> None:
        """Trace until the program says that it is enough, or has ended."""
        with self._tracer as tracer:
            process = tracer.attach(self._pid)
            for tracee in process.tracees.values():
                self._set_pace(tracee)
            self._channels.tell(READY)
            start_new_thread(self._listen, ())
            for event in tracer:
                if self._ends:
                    break
                self._handle(event)
                if self._is_over(event, process):
                    break

    def _is_over(self, event: events.Event, process: Process) -> bool:
        """Whether the program has ended, or has become another by execve(2)."""
        if not self._quiet:
            return False
        if isinstance(event, events.Exec) and event.tracee.process is process:
            return True
        return not process.alive

    def _set_pace(self, tracee: Tracee) -> None:
        if tracee.process.pid in self._quiet:
            tracee.operation = pt.PTRACE_CONT
            if tracee.step == pt.PTRACE_SYSCALL:
                tracee.step = pt.PTRACE_CONT

    def _handle(self, event: events.Event) -> None:
        tracee = event.tracee
        match event:
            case events.NewChild(child_tid=child) if tracee.process.pid == self._pid:
                self._born(child, isinstance(event, events.Vfork))
            case events.EventStop(initial=True):
                self._first_stop(tracee)
            case events.Exec() if event.tid in self._quiet and event.tid != self._pid:
                self._quiet.discard(event.tid)
                tracee.operation = pt.PTRACE_SYSCALL
            case events.End():
                self._quiet -= {event.tid} - {self._pid}
                self._held.pop(event.tid, None)
                self._announced.discard(event.tid)

    def _born(self, tid: int, is_vfork: bool) -> None:
        """Learn that the program has a new child, or a new thread."""
        child = self._tracer.tracees.get(tid)
        if not self._quiet or child is None or child.process.pid == self._pid:
            return
        if is_vfork:
            self._quiet.add(tid)
        self._announced.add(tid)
        held = self._held.pop(tid, None)
        if held is not None:
            self._set_pace(held)
            held.resume()

    def _first_stop(self, tracee: Tracee) -> None:
        """Let a new thread run, when it is known what it was born for."""
        process = tracee.process
        is_child = process.parent_pid == self._pid and tracee.tid == process.pid
        if self._quiet and is_child and tracee.tid not in self._announced:
            self._held[tracee.tid] = tracee
            tracee.hold()
            return
        self._set_pace(tracee)

    def _fired(self, fired: Fired) -> None:
        number = next(number for number, rule in self._rules.items() if rule is fired.rule)
        told = (number, fired.tid, fired.call, fired.ordinal, fired.text, fired.done)
        write_frame(self._channels.record, marshal.dumps(told))

    def _complain(self, text: str) -> None:
        if text not in self._problems:
            self._problems.add(text)
            write_frame(self._channels.record, marshal.dumps((PROBLEM, text)))

    # ------------------------------------------------------------------ in a thread of its own

    def _listen(self) -> None:
        """Do what the program says; its last word, or its silence, ends the tracer."""
        while True:
            data = read_frame(self._channels.control)
            word, *more = marshal.loads(data) if data is not None else (END,)
            if word == END:
                self._ends = True
                self._tracer.interrupt()
                return
            if word == ADD:
                number, fields = more
                self._rules[number] = unpacked(fields)
            else:
                self._rules.pop(more[0], None)
            self._tampering.set_rules(self._rules.values())
            self._channels.tell(READY)


def packed(rule: Rule) -> dict[str, object] | None:
    """A rule as plain data; None if it has functions."""
    fields: dict[str, object] = {name: getattr(rule, name) for name in rule.__match_args__}
    calls, when = rule.calls, rule.when
    if rule.where is not None or rule.do is not None:
        return None
    if isinstance(calls, Named):
        expression = ",".join(sorted(calls.names))
    elif isinstance(calls, CallFilter):
        expression = calls.expression
    else:
        return None
    return {**fields, "calls": expression, "when": (when.first, when.last, when.step)}


def unpacked(fields: dict[str, object]) -> Rule:
    """The rule of plain data."""
    made: dict[str, Any] = dict(fields)
    made["calls"] = named(made["calls"])
    made["when"] = When(*made["when"])
    return Rule(**made)
