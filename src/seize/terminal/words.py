"""The sentences about a stop."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from seize.debug import Breakpoint, Catchpoint, reasons
from seize.terminal import points, results, variables

if TYPE_CHECKING:
    from seize.debug import Thread, Watchpoint
    from seize.debug.reasons import DebugStop
    from seize.terminal.session import Session

# gdb's words, where they aren't those of strsignal(3).
_DESCRIPTIONS = {
    signal.SIGTRAP: "Trace/breakpoint trap",
    signal.SIGCHLD: "Child status changed",
    signal.SIGIO: "I/O possible",
    signal.SIGURG: "Urgent I/O condition",
    signal.SIGWINCH: "Window size changed",
    signal.SIGABRT: "Aborted",
    signal.SIGFPE: "Arithmetic exception",
    signal.SIGSTOP: "Stopped (signal)",
    signal.SIGTSTP: "Stopped (user)",
    signal.SIGPWR: "Power fail/restart",
}


def signal_name(number: int) -> str:
    """A signal's name: ``SIGUSR1``, ``SIG40`` for a real-time one."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"SIG{number}"


def signal_text(number: int) -> str:
    """A signal's name and what it means: ``SIGSEGV, Segmentation fault``."""
    words = _DESCRIPTIONS.get(number) or signal.strsignal(number) or "Unknown signal"  # type: ignore[call-overload]
    return f"{signal_name(number)}, {words}"


def headline(session: Session, stop: DebugStop) -> str:
    """What comes before the frame, why it stopped: whole lines, or the beginning of its line."""
    who = _who(session, stop.thread)
    match stop:
        case reasons.BreakpointHit(breakpoints=hit) if hit[0].number <= 0:
            # One of our own: where to go, or where a watched variable ends.
            watchpoint = points.left_scope(session, stop)
            return _gone(session, watchpoint) if watchpoint is not None else ""
        case reasons.BreakpointHit(breakpoints=hit):
            kind = "Temporary breakpoint" if hit[0].temporary else "Breakpoint"
            return _hit(who, f"{kind} {_located(stop)}, ")
        case reasons.WatchpointHit():
            return _watchpoint(session, stop, who)
        case reasons.FunctionFinished() | reasons.StepDone():
            return ""
        case reasons.Interrupted():
            return f"\n{who or 'Program'} stopped.\n"
        case reasons.SignalStop(signal=number) if found := caught_by(session, stop):
            return _hit(who, f"Catchpoint {found.number} (signal {signal_name(number)}), ")
        case reasons.SignalStop(signal=number):
            return f"\n{who or 'Program'} received signal {signal_text(number)}.\n"
        case reasons.ProcessExited(status=status):
            how = f"exited with code 0{status:o}" if status else "exited normally"
            number = session.selection.number_of(stop.process)
            return f"[Inferior {number} (process {stop.process.pid}) {how}]\n"
        case reasons.ProcessKilled(signal=number, core=core):
            written = "(A core file was written.)\n" if core else ""
            text = f"\nProgram terminated with signal {signal_text(number)}.\n"
            return f"{text}{written}The program no longer exists.\n"
        case reasons.ThreadExited(tid=tid):
            return f"[{session.selection.names.get(tid, f'LWP {tid}')} exited]\n"
        case reasons.ThreadStarted():
            return f"\n{who or 'Thread'} started.\n"
    return _caught(stop, who)


def caught_by(session: Session, stop: DebugStop) -> Catchpoint | None:
    """The catchpoint that a stop is of; None if there is none."""
    if not isinstance(stop, reasons.SignalStop):
        return getattr(stop, "catchpoint", None)
    for point in session.points:
        if not isinstance(point, Catchpoint) or point.kind != "signal" or not point.enabled:
            continue
        if point.is_about_signal(stop.signal):
            return point
    return None


def _gone(session: Session, watchpoint: Watchpoint) -> str:
    """Delete a watchpoint whose variable is no more, and tell it."""
    watchpoint.delete()
    session.book.forget(watchpoint.number)
    return (
        f"\nWatchpoint {watchpoint.number} deleted because the program has left the block in\n"
        "which its expression is valid.\n"
    )


def _located(stop: reasons.BreakpointHit) -> str:
    """A breakpoint's number, and which of its places it is if it has several: ``3.2``."""
    point, thread = stop.breakpoints[0], stop.thread
    places = point.addresses_in(stop.process) if isinstance(point, Breakpoint) else ()
    if thread is None or len(places) < 2 or thread.pc not in places:
        return str(point.number)
    return f"{point.number}.{places.index(thread.pc) + 1}"


def _hit(who: str, what: str) -> str:
    return f"\n{who} hit {what}" if who else f"\n{what}"


def _caught(stop: DebugStop, who: str) -> str:
    """The headline of a catchpoint, or of what stops without one."""
    catchpoint = getattr(stop, "catchpoint", None)
    number = f"Catchpoint {catchpoint.number}" if catchpoint is not None else "Event"
    match stop:
        case reasons.SyscallCaught(call=call, entry=entry):
            what = f"({'call to' if entry else 'returned from'} syscall {call.name}), "
        case reasons.ForkCaught(kind="vfork-done"):
            what = "(vfork done), "
        case reasons.ForkCaught(kind=kind, child_pid=child):
            what = f"({kind}ed process {child}), "
        case reasons.CloneCaught(child_tid=child):
            what = f"(cloned thread {child}), "
        case reasons.ExecCaught(path=path):
            what = f"(exec'd {path}), "
        case reasons.LibrariesChanged(loaded=loaded, unloaded=unloaded):
            lines = [f"  Inferior loaded {image.path}\n" for image in loaded]
            lines += [f"  Inferior unloaded {image.path}\n" for image in unloaded]
            return _hit(who, f"{number}\n") + "".join(lines)
        case _:
            what = f"({type(stop).__name__}), "
    return _hit(who, f"{number} {what}")


def _watchpoint(session: Session, stop: reasons.WatchpointHit, who: str) -> str:
    point = stop.watchpoint
    title = points.title(session, point) + "\n"
    old, new = (points.value_text(session, point, data) for data in (stop.old, stop.new))
    if stop.old == stop.new:
        return _hit(who, title) + f"\nValue = {new}\n"
    return _hit(who, title) + f"\nOld value = {old}\nNew value = {new}\n"


def afterwards(session: Session, stop: DebugStop) -> list[str]:
    """The lines that come after the frame."""
    match stop:
        case reasons.FunctionFinished() | reasons.BreakpointHit() if session.finishing is not None:
            if not _has_returned(stop):
                return []
            found = results.returned(session)
            if found is None:
                return []
            return [f"Value returned is ${session.remember(found)} = {variables.listed(found)}"]
        case reasons.SyscallCaught(call=call):
            return [str(call)]
    return []


def _has_returned(stop: DebugStop) -> bool:
    """Whether the function that ``finish`` waits for has returned: by a stop of its own."""
    if isinstance(stop, reasons.BreakpointHit):
        return all(point.number <= 0 for point in stop.breakpoints)
    return True


def _who(session: Session, thread: Thread | None) -> str:
    """The thread, where there are several: ``Thread 2 "worker"``."""
    if thread is None or not session.selection.has_threads:
        return ""
    return f'Thread {session.selection.numbers.get(thread.tid, 0)} "{thread.name}"'
