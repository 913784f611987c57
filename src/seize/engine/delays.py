"""Tracees that stay in their stop for a while, without keeping the loop from the others.

A delayed tracee isn't resumed when the loop would do it, but when its time has come: a timer
wakes the loop out of its wait.  The tracee is in a ptrace-stop all the while, so it can be
inspected, detached, and killed.

The timer is the tracer's only one: it keeps the loop's own time limit, too, and its heartbeat.
"""

from __future__ import annotations

import os
from time import monotonic

from seize import kernel
from seize.engine.interrupts import WAKEUP_SIGNAL
from seize.engine.tracee import STOPPED
from seize.stops.events import EventStop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.engine.tracee import Tracee
    from seize.engine.tracer import Tracer
    from seize.kernel.timers import WakeupTimer

DELAY = -1
"""In the place of a restarting operation: not yet."""
LONGEST_SECONDS = 1e9
HEARTBEAT_SECONDS = 0.25
"""How long a signal for Python's handlers may go unheard while the loop waits."""
_SOON = 1e-3


class Delays:
    """The delayed tracees of one tracer: ``waiting`` has those whose resumption is due later."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self._until: dict[Tracee, tuple[float, int | None]] = {}
        self.waiting: set[Tracee] = set()
        self._timer: WakeupTimer | None = None
        self._beats = False
        self.deadline: float | None = None

    def set_deadline(self, seconds: float | None) -> None:
        """Let the loop return after so many seconds; None lets it wait as long as it takes."""
        self.deadline = None if seconds is None else monotonic() + min(seconds, LONGEST_SECONDS)
        self._set_timer()

    def listen(self) -> None:
        """Have the loop's wait interrupted now and then, where Python handles signals.

        One that comes just before wait4(2) begins doesn't interrupt it, nor does one that another
        OS thread gets; and Python calls its handler only when the wait is over.
        """
        if not self._beats and self._tracer.owner_tid == os.getpid():
            self._beats = True
            self._set_timer()

    @property
    def is_over(self) -> bool:
        """Whether the loop's deadline has passed."""
        return self.deadline is not None and monotonic() >= self.deadline

    def begin(self, tracee: Tracee, seconds: float) -> None:
        """Let a stopped tracee be resumed ``seconds`` from now at the earliest."""
        if tracee.step != DELAY:
            self._until[tracee] = (monotonic() + min(seconds, LONGEST_SECONDS), tracee.step)
            tracee.step = DELAY

    def hold(self, tracee: Tracee, signal: int) -> None:
        """Remember a tracee that was to be resumed with ``signal``."""
        tracee.held = False
        tracee.pending_signal = signal
        if tracee not in self.waiting:
            self.waiting.add(tracee)
            self._set_timer()

    def ask_to_stop(self, tracee: Tracee) -> None:
        """Report a waiting tracee as stopped, which it is, as soon as the loop comes round."""
        self._tracer.queue.append(EventStop(tracee.tid, tracee))
        if self._timer is not None:
            self._timer.arm(_SOON)

    def serve(self) -> None:
        """Resume those whose time has come; forget those that have died or were detached."""
        now = monotonic()
        for tracee in list(self.waiting):
            until, step = self._until[tracee]
            if tracee.state is STOPPED and until > now:
                continue
            self.waiting.discard(tracee)
            del self._until[tracee]
            if tracee.state is STOPPED:
                tracee.step = tracee.operation if step is None else step
                self._tracer.resume(tracee)
        self._set_timer()

    def _set_timer(self) -> None:
        moments = [self._until[tracee][0] for tracee in self.waiting]
        if self.deadline is not None:
            moments.append(self.deadline)
        if moments:
            self._made().arm(min(moments) - monotonic())
        elif self._beats:
            self._made().arm(HEARTBEAT_SECONDS, HEARTBEAT_SECONDS)
        elif self._timer is not None:
            self._timer.disarm()

    def _made(self) -> WakeupTimer:
        if self._timer is None:
            from seize.kernel.timers import WakeupTimer

            kernel.install_wakeup_handler(WAKEUP_SIGNAL)
            self._timer = WakeupTimer(WAKEUP_SIGNAL, self._tracer.owner_tid)
        return self._timer

    def close(self) -> None:
        """Forget everything."""
        self.waiting.clear()
        self._until.clear()
        self._beats = False
        if self._timer is not None:
            self._timer.close()
            self._timer = None
