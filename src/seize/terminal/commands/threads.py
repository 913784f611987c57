"""Commands about threads and processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seize.errors import SeizeError
from seize.terminal import expressions, frames, reports
from seize.terminal.table import CommandError, command

if TYPE_CHECKING:
    from typing import Any

    from seize.debug import Thread
    from seize.terminal.session import Session


@command("info threads, info thr", "status")
def info_threads(session: Session, argument: str) -> list[dict[str, Any]]:
    """Show the threads, and where each of them is."""
    process = session.process
    rows = []
    for thread in _in_order(session):
        mark = "*" if thread is session.selection.chosen else " "
        number = str(session.selection.numbers.get(thread.tid, 0))
        target = f'{frames.thread_name(thread)} "{thread.name}"'
        rows.append((mark, number, target, _where(session, thread)))
    width = max((len(row[2]) for row in rows), default=0)
    session.console.say(f"  {'Id':<4} {'Target Id':<{width}} Frame ")
    for mark, number, target, where in rows:
        session.console.say(f"{mark} {number:<4} {target:<{width}} {where}")
    return [reports.thread_record(session, thread) for thread in process.threads.values()]


def _in_order(session: Session) -> list[Thread]:
    numbers = session.selection.numbers
    session.selection.number(session.process)
    threads = session.process.threads.values()
    return sorted(threads, key=lambda thread: numbers.get(thread.tid, 0))


def _where(session: Session, thread: Thread) -> str:
    if not thread.stopped:
        return "(running)"
    try:
        return frames.describe(session, thread.frame, level=False)
    except SeizeError as error:
        return f"({error})"


@command("thread, t", "running", "[NUMBER]", "thread", "same")
def thread(session: Session, argument: str) -> dict[str, Any]:
    """Select a thread by its number, and show where it is."""
    if not argument:
        chosen = session.selection.chosen
        if chosen is None:
            raise CommandError("No thread selected")
        number = session.selection.numbers.get(chosen.tid, 0)
        session.console.say(f"[Current thread is {number} ({frames.thread_name(chosen)})]")
        return reports.thread_record(session, chosen)
    number = expressions.number(session, argument)
    chosen = session.selection.thread_by_number(session.process, number)
    session.selection.choose(chosen)
    session.console.say(f"[Switching to thread {number} ({frames.thread_name(chosen)})]")
    if chosen.stopped:
        frames.show(session, session.frame, level=True)
    else:
        session.console.say("(running)")
    return reports.thread_record(session, chosen)


@command("thread apply", "running", "NUMBERS|all COMMAND", "command")
def thread_apply(session: Session, argument: str) -> None:
    """Do a command for several threads: thread apply all bt."""
    words = argument.split()
    chosen: list[Thread] = []
    while words and (words[0] == "all" or words[0][0].isdigit() or words[0] in ("-s", "-q")):
        word = words.pop(0)
        if word == "all":
            chosen = list(reversed(_in_order(session)))
        elif word[0].isdigit():
            first, dash, last = word.partition("-")
            if not first.isdigit() or (dash and not last.isdigit()):
                raise CommandError(f"Invalid thread ID: {word}")
            for number in range(int(first), int(last or first) + 1):
                chosen.append(session.selection.thread_by_number(session.process, number))
    if not chosen or not words:
        raise CommandError("Please specify a thread ID list and a command.")
    before, level = session.selection.chosen, session.selection.level
    try:
        for one in chosen:
            if one.tid not in session.process.threads:
                continue
            session.selection.choose(one)
            number = session.selection.numbers.get(one.tid, 0)
            title = f'{frames.thread_name(one)} "{one.name}"'
            session.console.say(f"\nThread {number} ({title}):")
            session.run_line(" ".join(words))
    finally:
        session.selection.choose(before, level)


@command("frame apply", "stack", "all|COUNT COMMAND", "command")
def frame_apply(session: Session, argument: str) -> None:
    """Do a command for several frames: frame apply all info locals."""
    word, _, line = argument.strip().partition(" ")
    if not line.strip():
        raise CommandError("Please specify a command to apply on all frames.")
    limit = None if word == "all" else expressions.number(session, word)
    before = session.selection.level
    try:
        for found in list(session.selection.frames(limit)):
            session.selection.level = found.level
            session.console.say(frames.describe(session, found))
            session.run_line(line)
    finally:
        session.selection.level = before


@command("info inferiors, info inf", "status")
def info_inferiors(session: Session, argument: str) -> list[dict[str, Any]]:
    """Show the processes that are debugged."""
    columns = f"{'Description':<17} {'Connection':<20} {'Executable':<17} "
    session.console.say(f"  Num  {columns}")
    made = []
    processes = list(session.debugger.processes.values())
    if session.program.is_core:
        processes = [session.process]
    connection = "1 (core)" if session.program.is_core else "1 (native)"
    for process in processes:
        number = session.selection.number_of(process)
        mark = "*" if process is session.selection.current else " "
        what = f"process {process.pid}"
        session.console.say(
            f"{mark} {number:<4} {what:<17} {connection:<20} {process.executable:<17} "
        )
        made.append({"number": number, "pid": process.pid, "executable": process.executable})
    return made


@command("inferior", "running", "[NUMBER]")
def inferior(session: Session, argument: str) -> dict[str, Any]:
    """Select a process by its number."""
    if argument:
        number = expressions.number(session, argument)
        pids = session.selection.inferiors
        pid = pids[number - 1] if 0 < number <= len(pids) else 0
        found = session.debugger.processes.get(pid)
        if found is None:
            raise CommandError(f"No inferior {number}.")
        session.selection.choose_process(found)
    process = session.process
    number = session.selection.number_of(process)
    session.console.say(f"[Current inferior is {number} [process {process.pid}]]")
    return {"number": number, "pid": process.pid}
