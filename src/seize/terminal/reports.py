"""What is told when the program has stopped: gdb's words, and a record for JSON."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from seize.debug import reasons
from seize.errors import SeizeError
from seize.terminal import display, frames, variables, words

if TYPE_CHECKING:
    from typing import Any

    from seize.debug import Thread
    from seize.debug.reasons import DebugStop
    from seize.symbols import Frame
    from seize.terminal.selection import Where
    from seize.terminal.session import Session


def tell(session: Session, stop: DebugStop, before: Where | None) -> None:
    """Write why the program stopped, where, and what is displayed at each stop."""
    _threads(session, stop)
    session.console.write(words.headline(session, stop))
    if stop.thread is None:
        return
    _place(session, stop, before)
    for line in words.afterwards(session, stop):
        session.console.say(line)
    display.show_all(session)


def _threads(session: Session, stop: DebugStop) -> None:
    """Tell which threads have come and gone, and that another thread is selected now."""
    path = session.selection.new_program(stop.process)
    if path:
        session.console.say(f"process {stop.process.pid} is executing new program: {path}")
    came, went = session.selection.arrivals(stop.process)
    names = session.selection.names
    lines = []
    for tid in came:
        thread = stop.process.threads.get(tid)
        if thread is not None and thread.stopped:
            names[tid] = frames.thread_name(thread)
            lines.append(f"[New {names[tid]}]")
    lines += [f"[{names.get(tid, f'LWP {tid}')} exited]" for tid in went]
    if session.options["print thread-events"]:
        for line in lines:
            session.console.say(line)
    if stop.thread is not None and session.selection.switched(stop.thread):
        session.console.say(f"[Switching to {frames.thread_name(stop.thread)}]")


def _place(session: Session, stop: DebugStop, before: Where | None) -> None:
    """Tell where the thread is: the line alone if a step ended in the same function."""
    try:
        frame = session.selection.at(0)
    except SeizeError as error:
        assert stop.thread is not None
        session.console.say(f"{frames.address(stop.thread.registers.pc)} in ?? () ({error})")
        return
    same = (
        isinstance(stop, reasons.StepDone)
        and not isinstance(stop, reasons.FunctionFinished)
        and before is not None
        and before.tid == stop.thread.tid  # type: ignore[union-attr]
        and (before.function, before.cfa) == (frame.function, frame.cfa)
    )
    frames.show(session, frame, only_line=same)


def actions(session: Session, stop: DebugStop) -> list[str]:
    """The commands of the breakpoints that the program ran into."""
    found: list[str] = []
    for number in numbers(session, stop):
        found += session.book.scripts.get(number, ())
    return found


def numbers(session: Session, stop: DebugStop) -> list[int]:
    """The numbers of the breakpoints, the watchpoint or the catchpoint that a stop is of."""
    match stop:
        case reasons.BreakpointHit(breakpoints=hit):
            return [one.number for one in hit if one.number > 0]
        case reasons.WatchpointHit(watchpoint=one):
            return [one.number]
        case _:
            caught = words.caught_by(session, stop)
            return [caught.number] if caught is not None else []


# ------------------------------------------------------------ records


_REASONS = {
    "BreakpointHit": "breakpoint",
    "WatchpointHit": "watchpoint",
    "StepDone": "step",
    "FunctionFinished": "finish",
    "Interrupted": "interrupt",
    "SignalStop": "signal",
    "SyscallCaught": "syscall",
    "ForkCaught": "fork",
    "CloneCaught": "clone",
    "ExecCaught": "exec",
    "LibrariesChanged": "libraries",
    "ThreadStarted": "thread-started",
    "ThreadExited": "thread-exited",
    "Exiting": "exiting",
    "ProcessExited": "exited",
    "ProcessKilled": "killed",
}
"""The word for each kind of stop, as ``reason`` in JSON."""


def reason(stop: DebugStop) -> str:
    """The word for why the program stopped, as JSON has it."""
    return _REASONS[type(stop).__name__]


def record(session: Session, stop: DebugStop) -> dict[str, Any]:
    """A stop as an object for JSON (docs/debugging.md has its members)."""
    made: dict[str, Any] = {
        "reason": reason(stop),
        "pid": stop.process.pid,
        "tid": stop.thread.tid if stop.thread is not None else None,
    }
    if found := numbers(session, stop):
        made["breakpoints"] = found
    made.update(_details(stop))
    if stop.thread is not None:
        made["thread"] = session.selection.numbers.get(stop.thread.tid)
        try:
            made["frame"] = frame_record(session, session.selection.at(0))
        except SeizeError:
            made["frame"] = {"pc": stop.thread.registers.pc}
    if session.displays:
        made["displays"] = display.records(session)
    return made


def _details(stop: DebugStop) -> dict[str, Any]:
    match stop:
        case reasons.WatchpointHit(old=old, new=new):
            return {"old": old.hex(), "new": new.hex()}
        case reasons.FunctionFinished(value=value):
            return {"value": value}
        case reasons.SignalStop(signal=number):
            return {"signal": words.signal_name(number)}
        case reasons.ProcessKilled(signal=number, core=core):
            return {"signal": words.signal_name(number), "core": core}
        case reasons.ProcessExited(status=status):
            return {"status": status}
        case reasons.Exiting(status=status):
            return {"wait_status": status}
        case reasons.ThreadExited(tid=tid, status=status):
            return {"exited_tid": tid, "wait_status": status}
        case reasons.SyscallCaught(call=call, entry=entry):
            return {"syscall": call.name, "entry": entry, "call": str(call)}
        case reasons.ForkCaught(kind=kind, child_pid=child):
            return {"kind": kind, "child": child}
        case reasons.CloneCaught(child_tid=child):
            return {"child": child}
        case reasons.ExecCaught(path=path, former_tid=former):
            return {"path": path, "former_tid": former}
        case reasons.LibrariesChanged(loaded=loaded, unloaded=unloaded):
            return {
                "loaded": [image.path for image in loaded],
                "unloaded": [image.path for image in unloaded],
            }
    return {}


def frame_record(session: Session, frame: Frame) -> dict[str, Any]:
    """A frame for JSON."""
    arguments = {name: variables.listed(value) for name, value in variables.args(frame).items()}
    return {
        "level": frame.level,
        "pc": frame.pc,
        "function": frame.function,
        "args": arguments,
        "file": frame.file or None,
        "line": frame.line or None,
        "image": frame.image.path if frame.image is not None else None,
    }


def thread_record(session: Session, thread: Thread) -> dict[str, Any]:
    """A thread for JSON."""
    return {
        "number": session.selection.numbers.get(thread.tid),
        "pid": thread.process.pid,
        "tid": thread.tid,
        "name": thread.name,
        "stopped": thread.stopped,
    }


def signals() -> list[signal.Signals]:
    """The signals that there are, by number."""
    return sorted(signal.Signals)
