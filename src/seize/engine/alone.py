"""Running one stopped thread while everybody else waits, outside of the event loop."""

from __future__ import annotations

import os

from seize import kernel, ptrace
from seize.abi._generated import ptrace as pt
from seize.engine.tracee import GONE, RUNNING, STOPPED
from seize.errors import NotStopped, TraceeGone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.engine.tracee import Tracee
    from seize.engine.tracer import Tracer


def run_alone(
    tracer: Tracer,
    tracee: Tracee,
    operation: int,
    resume: Callable[[int, int], None],
    signal: int,
) -> int:
    """Do what ``Tracer.run_alone`` promises; ``resume`` performs ``operation``."""
    tracee._must_be_stopped("resume")
    tid = tracee.tid
    tracee.resumed_by = operation
    tracee.state = RUNNING
    try:
        resume(tid, signal)
        _, status = kernel.waitpid(tid, kernel.WALL)
    except (TraceeGone, NotStopped) as error:
        tracee.state = GONE
        raise TraceeGone("resume", tid, error.errno) from error
    except BaseException:
        _stop(tracer, tracee)
        raise
    return _take(tracer, tracee, status)


def _take(tracer: Tracer, tracee: Tracee, status: int) -> int:
    if os.WIFSTOPPED(status) and status >> 16 != pt.PTRACE_EVENT_EXEC:
        tracee.state = STOPPED
        return status
    event = tracer.event(tracee.tid, status)
    if event is not None:
        tracer.queue.append(event)
    return status


def _stop(tracer: Tracer, tracee: Tracee) -> None:
    """Stop a tracee whose wait was broken off, wherever that was."""
    try:
        flags = os.WNOHANG if _stands(tracee.tid) else 0
        if not flags:
            ptrace.interrupt(tracee.tid)
        tid, status = kernel.waitpid(tracee.tid, kernel.WALL | flags)
    except (TraceeGone, ChildProcessError):
        tracee.state = GONE
        return
    if tid:
        _take(tracer, tracee, status)
    else:
        # It wasn't resumed yet, or its report was taken and lost.
        tracee.state = STOPPED


def _stands(tid: int) -> bool:
    try:
        ptrace.geteventmsg(tid)
    except NotStopped:
        return False
    return True
