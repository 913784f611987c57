"""Stopping threads for a moment, or all of them, and what can't be stopped.

Nobody is resumed meanwhile, and what happens is kept: see ``Control.pending``.
"""

from __future__ import annotations

from contextlib import contextmanager
from time import monotonic

from seize import _procfs
from seize.engine.tracee import GONE, LISTENING, RUNNING, STOPPED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from seize.debug.control import Control
    from seize.debug.thread import Thread
    from seize.engine import Tracee
    from seize.stops import Event

_LEADERS_TIME = 0.02
"""How long a leader may take to stop, in seconds, until it is asked whether it has ended."""


class Stopping:
    """Stops the threads that a debugger controls."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._tracer = control.tracer
        self._depth = 0
        # Leaders that have ended before the other threads.
        self.left: set[Thread] = set()
        # ``wake`` was called while threads were being stopped.
        self.woken = False

    @property
    def active(self) -> bool:
        """Whether threads are being stopped at present."""
        return self._depth > 0

    def quieten(self, wanted: Callable[[], Iterable[Tracee]]) -> None:
        """Stop threads, those included that ``wanted`` names later; keep what happens meanwhile."""
        asked: set[Tracee] = set()
        self._depth += 1
        try:
            while True:
                waiting = self.vfork_parents()
                running = [t for t in wanted() if t.state in (RUNNING, LISTENING)]
                running = [t for t in running if t not in waiting and not self.has_left(t)]
                if not running and not self._tracer.queue:
                    return
                there = [each for each in running if each not in asked and self._tracer.poll(each)]
                for tracee in running:
                    if tracee not in asked and tracee not in there:
                        asked.add(tracee)
                        self._tracer.ask_to_stop(tracee)
                if there and not self._tracer.queue:
                    continue
                leaders = all(each.tid == each.process.pid for each in running)
                event = self.next_event(_LEADERS_TIME if leaders else None)
                if event is not None:
                    self._control.handle(event)
                elif not self._tracer.tracees:
                    return
        finally:
            self._depth -= 1
            for tracee in asked:
                if tracee.state is STOPPED:
                    # What was asked for has come, or the kernel has forgotten it.
                    tracee.interrupted = False

    @contextmanager
    def paused(self, wanted: Callable[[], Iterable[Tracee]]) -> Iterator[None]:
        """Have threads stopped for a moment; those that were running, or were born, go on."""
        before = [thread for thread in self._control.debugger.threads if thread.stopped]
        self.quieten(wanted)
        try:
            yield
        finally:
            for thread in self._control.debugger.threads:
                if thread not in before and not self.active:
                    self._control.start_if_ready(thread)

    def vfork_parents(self) -> set[Tracee | None]:
        """Those whom nothing but a SIGKILL can stop: their children use their memory."""
        return {each.vfork_parent for each in self._tracer.tracees.values()}

    def has_left(self, tracee: Tracee) -> bool:
        """Whether this is a thread group's leader that has ended before the other threads.

        The kernel doesn't tell of its end before that of the last one: until then it is a zombie,
        which never stops, and which nobody is to see.
        """
        pid = tracee.process.pid
        if tracee.tid != pid or len(tracee.process.tracees) == 1:
            return False
        stat = _procfs.stat(pid)
        if not stat or stat[0] not in "ZX":
            return False
        thread = self._control.known(tracee)
        if thread is not None:
            self.left.add(thread)
            thread.process.threads.pop(pid, None)
        return True

    @property
    def awaits_end(self) -> bool:
        """Whether a process has ended, or a thread was killed, and that hasn't been told yet."""
        if any(not thread.process.threads for thread in self.left):
            return True
        gone = [each.tracee for each in self._control.debugger.threads if each.tracee.state is GONE]
        return any(not self.has_left(tracee) for tracee in gone)

    def everything(self) -> None:
        """Stop all threads of all processes."""
        self.quieten(lambda: list(self._tracer.tracees.values()))

    def next_event(self, seconds: float | None = None) -> Event | None:
        """Wait for the next event although ``wake`` is called: that is for ``wait`` to see.

        None if there is nothing to wait for any more, or none has come within ``seconds``.
        """
        while True:
            before = monotonic()
            event = self._tracer.next(seconds)
            if event is not None or not self._tracer.tracees:
                return event
            if seconds is not None and monotonic() - before >= seconds:
                return None
            self.woken = True
