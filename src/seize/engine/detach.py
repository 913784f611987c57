"""Ending the trace, and leaving each thread as it was found: "Attaching and detaching"."""

from __future__ import annotations

import os

from seize import kernel, ptrace
from seize.abi._generated import constants as k
from seize.engine.tracee import GONE, RUNNING, STOPPED, Tracee
from seize.errors import NotStopped, TraceeGone
from seize.stops import events

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.engine.tracer import Tracer


def detach(tracer: Tracer, tracees: list[Tracee], signal: int | None = None) -> None:
    """Detach from these threads; those that run are stopped for it first."""
    waiting: set[Tracee] = set()
    for tracee in tracees:
        if tracee.state is STOPPED:
            _let_go(tracer, tracee, signal)
        else:
            tracer.ask_to_stop(tracee)
            waiting.add(tracee)
    others: list[events.Event] = []
    while waiting and (event := tracer.next()) is not None:
        tracee = event.tracee
        if tracee not in waiting:
            others.append(event)
        elif isinstance(event, events.End) or _ready(tracer, event):
            if tracee.state is STOPPED:
                _let_go(tracer, tracee, signal)
            waiting.discard(tracee)
        waiting = {each for each in waiting if tracer.tracees.get(each.tid) is each}
    tracer.queue.extend(others)


def detach_all(tracer: Tracer) -> None:
    """Detach from all threads, and from those that are born before it is done."""
    asked: set[Tracee] = set()
    while True:
        for tracee in list(tracer.tracees.values()):
            if tracee.state is STOPPED:
                _let_go(tracer, tracee)
            elif tracee not in asked:
                tracer.ask_to_stop(tracee)
                asked.add(tracee)
        event = tracer.next()
        if event is None:
            return
        if event.tracee.state is STOPPED and _ready(tracer, event):
            _let_go(tracer, event.tracee)


def _ready(tracer: Tracer, event: events.Event) -> bool:
    """Whether the thread may be let go from this stop.

    A thread that waits for the SIGSTOP of the traditional way must see it first, lest it
    arrive when nobody is there to suppress it; what comes before it is passed on.
    """
    tracee = event.tracee
    if not tracee.awaits_sigstop:
        return True
    tracer.resume(tracee)
    return False


def _let_go(tracer: Tracer, tracee: Tracee, signal: int | None = None) -> None:
    pending = tracee.pending_signal if signal is None else signal
    if not tracee.seized and tracee.process.was_stopped and not pending:
        # The traditional way had to run it on; the stop it was found in begins again.
        pending = k.SIGSTOP
    tracer.placement.restore(tracee)
    try:
        ptrace.detach(tracee.tid, pending)
    except (TraceeGone, NotStopped):
        # A SIGKILL took it out of its stop: it stays ours until its death is reported.
        tracee.state = GONE
    else:
        tracer.registry.detached(tracee)


def kill_spawned(tracer: Tracer) -> None:
    """SIGKILL every process that the tracer started (and their descendants), and see them dead."""
    spawned = [process for process in tracer.processes.values() if process.spawned]
    for process in spawned:
        try:
            os.kill(process.pid, k.SIGKILL)
        except ProcessLookupError:
            continue
    while any(process.tracees for process in spawned):
        event = tracer.next()
        if event is None:
            return
        if event.tracee.state is STOPPED:
            if event.tracee.process.spawned:
                os.kill(event.tracee.process.pid, k.SIGKILL)
            tracer.resume(event.tracee)


def recover(tracer: Tracer) -> None:
    """Put the books right after an exception came between wait4 and its evaluation.

    A KeyboardInterrupt may strike anywhere, so a tracee may be in a stop that was reported
    and lost.  Such a thread answers PTRACE_GETEVENTMSG and has nothing to report.
    """
    for tracee in list(tracer.tracees.values()):
        if tracee.state is not RUNNING:
            continue
        try:
            ptrace.geteventmsg(tracee.tid)
        except (TraceeGone, NotStopped):
            continue
        report = os.WEXITED | os.WSTOPPED | os.WNOHANG | os.WNOWAIT | kernel.WALL
        if os.waitid(os.P_PID, tracee.tid, report) is None:
            tracee.state = STOPPED
