"""Commands that start the program, let it go on, and let it go."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from seize.debug import reasons, signals
from seize.terminal import expressions, frames, locating, points, starting, words
from seize.terminal.table import CommandError, command

if TYPE_CHECKING:
    from typing import Any

    from seize.debug.breakpoints import Breakpoint
    from seize.debug.reasons import DebugStop
    from seize.terminal.session import Session


def going_on(session: Session) -> DebugStop | None:
    """Let everything run until something stops; the thread alone if the scheduler is locked."""
    alone = session.options["scheduler-locking"] == "on"
    session.debugger.resume(session.thread if alone else None)
    return session.debugger.wait()


def signal_number(text: str, *, zero: bool = False) -> int:
    """The number of a signal by name or number; 0 where that is allowed."""
    text = text.strip()
    if not text:
        raise CommandError("Argument required (signal number).")
    if text == "0" and zero:
        return 0
    return signals.signal_number(text)


@command("run, r", "running", "[ARGS] [<FILE] [>FILE]")
def run(session: Session, argument: str) -> None:
    """Start the program from its beginning.

    ARGS replace those it was given before; < and > redirect its input and output.
    """
    starting.restart(session, argument or None)
    if session.interactive:
        session.console.say(f"Starting program: {session.program.line}")
    session.run_until_stop(session.debugger.run)


@command("start", "running", "[ARGS]")
def start(session: Session, argument: str) -> None:
    """Start the program, and stop it at the beginning of main()."""
    starting.restart(session, argument or None)
    point = session.debugger.breakpoint("main", temporary=True)
    session.console.say(points.announce(session, point))
    session.run_until_stop(session.debugger.run)


@command("starti", "running", "[ARGS]")
def starti(session: Session, argument: str) -> None:
    """Start the program, and stop it at its first instruction."""
    starting.restart(session, argument or None)
    session.program.fresh = None
    session.console.say("\nProgram stopped.")
    frames.show_place(session)


@command("continue, c, fg", "running", "[COUNT]", "expression", "same")
def continue_(session: Session, argument: str) -> None:
    """Let the program go on.

    COUNT passes over the breakpoint that it stands at so many times, less one.  With & at the
    end (in non-stop mode) it goes on while you type.
    """
    process = session.process
    text, background = _background(argument)
    if text:
        count = expressions.number(session, text)
        hit = _breakpoints_hit(session)
        if hit and count > 1:
            hit[0].ignore = count - 1
            session.console.say(
                f"Will ignore next {count - 1} crossings of breakpoint {hit[0].number}.  "
                "Continuing."
            )
    elif session.interactive:
        session.console.say("Continuing.")
    if background:
        process.resume()
        session.changed()
        return
    session.run_until_stop(lambda: going_on(session))


def _breakpoints_hit(session: Session) -> tuple[Breakpoint, ...]:
    stop = session.stop
    return stop.breakpoints if isinstance(stop, reasons.BreakpointHit) else ()


def _background(argument: str) -> tuple[str, bool]:
    text = argument.strip()
    return (text[:-1].strip(), True) if text.endswith("&") else (text, False)


@command("interrupt", "running")
def interrupt(session: Session, argument: str) -> None:
    """Stop what runs."""
    session.process.interrupt()
    session.run_until_stop(session.debugger.wait)


@command("kill, k", "running")
def kill(session: Session, argument: str) -> None:
    """End the program at once."""
    process = session.process
    if not session.confirm("Kill the program being debugged?"):
        raise CommandError("Not confirmed.")
    number = session.selection.number_of(process)
    process.kill()
    session.console.say(f"[Inferior {number} (process {process.pid}) killed]")
    starting.ended(session, process)


@command("detach", "running")
def detach(session: Session, argument: str) -> None:
    """Let the program go on without the debugger; nothing of it stays behind."""
    process = session.process
    number = session.selection.number_of(process)
    session.console.say(f"Detaching from program: {process.executable}, process {process.pid}")
    session.terminal.leave(process)
    process.detach()
    session.console.say(f"[Inferior {number} (process {process.pid}) detached]")
    starting.ended(session, process)


@command("attach, at", "running", "PID", "process")
def attach(session: Session, argument: str) -> None:
    """Debug a running process; it is stopped, with all its threads."""
    if not argument.strip().isdigit():
        raise CommandError("A process id is needed: attach PID.")
    starting.attach(session, int(argument))


@command("signal", "running", "SIGNAL", "signal")
def signal(session: Session, argument: str) -> None:
    """Let the program go on with a signal; 0 leaves out the one that it would get."""
    number = signal_number(argument, zero=True)
    thread = session.thread
    if session.interactive:
        name = f"signal {words.signal_name(number)}" if number else "no signal"
        session.console.say(f"Continuing with {name}.")
    thread.pending_signal = number
    session.run_until_stop(lambda: going_on(session))


@command("queue-signal", "running", "SIGNAL", "signal")
def queue_signal(session: Session, argument: str) -> None:
    """Give the selected thread a signal when it goes on; 0 takes the waiting one away."""
    session.thread.pending_signal = signal_number(argument, zero=True)


@command("jump, j", "running", "LOCATION", "location")
def jump(session: Session, argument: str) -> None:
    """Let the program go on at another place."""
    place = locating.place(session, argument)
    thread = session.thread
    session.console.say(f"Continuing at {place.address:#x}.")
    thread.registers.pc = place.address
    thread.leave_call()
    session.run_until_stop(lambda: going_on(session))


@command("call", "data", "FUNCTION(ARGS)", "expression")
def call(session: Session, argument: str) -> Any:
    """Call a function of the program; its result is shown, if it has one."""
    from seize.terminal.commands.data import print_

    return print_(session, argument)


@command("syscall", "data", "NAME ARG…", "syscall")
def syscall(session: Session, argument: str) -> Any:
    """Let the program make a system call, and show the result: syscall getpid."""
    words = argument.split()
    if not words:
        raise CommandError("A system call is needed: syscall NAME ARG…")
    name: int | str = int(words[0]) if words[0].isdigit() else words[0]
    values = [int(expressions.evaluate(session, word)) for word in words[1:]]
    try:
        result = session.process.syscall(name, *values)
    except OSError as error:
        raise CommandError(f"-{error.errno} ({os.strerror(error.errno or 0)})") from None
    session.changed()
    session.console.say(f"${session.remember(result)} = {result}")
    return result


@command("generate-core-file, gcore", "files", "[FILE]", "file")
def gcore(session: Session, argument: str) -> str:
    """Write a core file of the program (core.PID), without the debugger's breakpoints in it."""
    process = session.process
    if session.program.is_core:
        raise CommandError("This is a core file already.")
    path = argument.strip() or f"core.{process.pid}"
    process.save_core(path)
    session.console.say(f"Saved corefile {path}")
    return path


@command("core-file, core", "files", "FILE", "file")
def core_file(session: Session, argument: str) -> None:
    """Look at a core file."""
    if not argument:
        raise CommandError("Argument required (a core file).")
    starting.open_core(session, argument.strip(), None)


@command("quit, q, exit", "support", "[STATUS]")
def quit_(session: Session, argument: str) -> None:
    """Leave: what was started is killed, what was attached to goes on."""
    from seize.terminal.session import Quit

    status = expressions.number(session, argument, 0)
    current = session.selection.current
    if current is not None and current.exited is None and not session.program.is_core:
        pid = current.pid
        verb = "detached" if pid in session.program.attached else "killed"
        question = (
            f"A debugging session is active.\n\n\tInferior 1 [process {pid}] will be {verb}.\n\n"
            "Quit anyway?"
        )
        if session.program.fresh is None and not session.confirm(question):
            raise CommandError("Not confirmed.")
    raise Quit(status & 0xFF)
