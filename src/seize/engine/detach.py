"""Ending the trace, and leaving each thread as it was found: "Attaching and detaching"."""

from __future__ import annotations

import os
from errno import EINVAL, EIO, ESRCH

from seize import kernel, ptrace
from seize.abi._generated import constants as k
from seize.engine import proc
from seize.engine.tracee import GONE, STOPPED, Tracee
from seize.errors import NotStopped, PtraceError, TraceeGone, UsageError
from seize.stops import events

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.engine.process import Process
    from seize.engine.tracer import Tracer


def detach(tracer: Tracer, tracees: list[Tracee], signal: int | None = None) -> None:
    """Detach from these threads; those that run are stopped for it first."""
    waiting: set[Tracee] = set()
    staying = set(tracer.tracees.values()).difference(tracees)
    for tracee in tracees:
        if tracee.state is STOPPED:
            _let_go(tracer, tracee, signal)
        else:
            tracer.ask_to_stop(tracee)
            if _waits_for_others(tracee, staying):
                tracer.leaving.add(tracee)
                if signal is not None:
                    _send(tracee, signal)
            else:
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


def _waits_for_others(tracee: Tracee, staying: set[Tracee]) -> bool:
    """Whether it is blocked in vfork(2) by a child that goes on being traced.

    Nothing but a SIGKILL stops it then, and it would be waited for in vain while the child
    waits to be resumed.
    """
    if any(each.vfork_parent is tracee for each in staying):
        return True
    if all(each.process.parent_pid != tracee.process.pid for each in staying):
        return False
    # Both may have been attached in the middle of it: that wait is an uninterruptible one.
    status = proc.thread_status(tracee.tid)
    return status is not None and status.state == "D"


def leaves(tracer: Tracer, event: events.Event) -> bool:
    """Let go a thread that ``detach`` had to leave for later; False if the event is another's."""
    tracee = event.tracee
    if tracee not in tracer.leaving:
        return False
    if isinstance(event, events.End) or _ready(tracer, event):
        tracer.leaving.discard(tracee)
        if tracee.state is STOPPED:
            _let_go(tracer, tracee)
    return True


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
    in_delivery = tracee.pending_signal != 0
    pending = tracee.pending_signal if signal is None else signal
    if not tracee.seized and tracee.process.was_stopped and not pending:
        # The traditional way had to run it on; the stop it was found in begins again.
        pending = k.SIGSTOP
    if pending and not in_delivery:
        # Only a signal-delivery-stop is sure to inject; another way to send it works from any.
        _send(tracee, pending)
        pending = 0
    tracer.placement.restore(tracee)
    try:
        if tracer.tampering is not None and tracee.call is not None:
            tracer.tampering.undo(tracee)
        ptrace.detach(tracee.tid, pending)
    except (TraceeGone, NotStopped):
        # A SIGKILL took it out of its stop: it stays ours until its death is reported.
        tracee.state = GONE
    else:
        tracer.registry.detached(tracee)


def _send(tracee: Tracee, signal: int) -> None:
    try:
        kernel.tgkill(tracee.process.pid, tracee.tid, signal)
    except ProcessLookupError:
        # A SIGKILL was faster.
        return


def check(tracees: list[Tracee]) -> None:
    """Raise UsageError for a thread whose wanted calls would fail without a tracer."""
    for tracee in tracees:
        if tracee.process.filtered:
            raise UsageError(
                f"process {tracee.process.pid} can't be detached: its seccomp filter needs a tracer"
            )


def _must_die(tracer: Tracer, process: Process) -> bool:
    return process.filtered or (tracer.exitkill and process.spawned)


def kill_spawned(tracer: Tracer) -> None:
    """SIGKILL what can't or mustn't go on untraced, with all descendants, and see it dead."""
    spawned = [process for process in tracer.processes.values() if _must_die(tracer, process)]
    for process in spawned:
        try:
            os.kill(process.pid, k.SIGKILL)
        except ProcessLookupError:
            continue
    dead: list[int] = []
    while any(process.tracees for process in spawned):
        event = tracer.next()
        if event is None:
            break
        if isinstance(event, events.End):
            dead.append(event.tid)
        if event.tracee.state is STOPPED:
            if _must_die(tracer, event.tracee.process):
                os.kill(event.tracee.process.pid, k.SIGKILL)
            tracer.resume(event.tracee)
    _reap_orphans(dead)


def _reap_orphans(dead: list[int]) -> None:
    """Reap those whose parent died after them, if this process is their subreaper.

    The tracer's wait4 gives a zombie back to its real parent while that lives.  Where the parent
    dies first, the same wait4 has reaped the zombie for good; so it is the same for the others.
    """
    for pid in dead:
        try:
            os.waitpid(pid, os.WNOHANG | kernel.WALL)
        except ChildProcessError:
            continue


def recover(tracer: Tracer) -> None:
    """Put the books right after an exception came between the kernel and the books.

    A KeyboardInterrupt may strike between any two steps, so a report may have been taken from
    wait4 and lost: a stop (the thread answers PTRACE_GETEVENTMSG and has nothing to report), a
    death (the thread doesn't exist any more), the first stop of a child that nobody knows yet.
    """
    for tid in proc.traced_by(tracer.owner_tid):
        status = proc.thread_status(tid)
        if tid not in tracer.tracees and status is not None:
            tracer.registry.add(tid, status, seized=_is_seized(tid))
    for tracee in list(tracer.tracees.values()):
        report = os.WEXITED | os.WSTOPPED | os.WNOHANG | os.WNOWAIT | kernel.WALL
        try:
            if os.waitid(os.P_PID, tracee.tid, report) is not None:
                continue
        except ChildProcessError:
            tracer.registry.detached(tracee)
            continue
        if tracee.state is not STOPPED:
            _recover_stop(tracee)


def _is_seized(tid: int) -> bool:
    try:
        ptrace.interrupt(tid)
    except PtraceError as error:
        return error.errno != EIO
    return True


def _recover_stop(tracee: Tracee) -> None:
    """Find out whether a thread is in a stop that was lost, and whether a signal goes with it."""
    try:
        ptrace.geteventmsg(tracee.tid)
        tracee.state = STOPPED
        siginfo = ptrace.getsiginfo(tracee.tid)
    except PtraceError as error:
        if error.errno not in (ESRCH, EINVAL):
            raise
        # ESRCH: it runs, or is dying.  EINVAL: a group-stop, which has no siginfo.
        return
    if siginfo.signo != k.SIGTRAP:
        tracee.pending_signal = siginfo.signo
