"""Commands that let the program run a little."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seize.debug import reasons
from seize.terminal import expressions, frames, locating, results
from seize.terminal.table import CommandError, command

if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.debug import Thread
    from seize.debug.reasons import DebugStop
    from seize.terminal.session import Session


def _repeat(session: Session, argument: str, step: Callable[[], DebugStop | None]) -> None:
    """Step so many times as the argument says; stop early where something else happens."""
    count = expressions.number(session, argument)
    session.thread  # noqa: B018 (there must be one)
    session.selection.mark()

    def steps() -> DebugStop | None:
        stop = None
        for _ in range(count):
            stop = step()
            if not isinstance(stop, reasons.StepDone):
                break
        return stop

    session.run_until_stop(steps, steps=True)


@command("step, s", "running", "[COUNT]", "expression", "same")
def step(session: Session, argument: str) -> None:
    """Go on to another source line, into functions that have source."""
    _repeat(session, argument, lambda: session.thread.step())


@command("next, n", "running", "[COUNT]", "expression", "same")
def next_(session: Session, argument: str) -> None:
    """Go on to another source line of this function or its caller."""
    _repeat(session, argument, lambda: session.thread.next())


@command("stepi, si", "running", "[COUNT]", "expression", "same")
def stepi(session: Session, argument: str) -> None:
    """Execute one instruction."""
    _repeat(session, argument, lambda: session.thread.step_instruction())


@command("nexti, ni", "running", "[COUNT]", "expression", "same")
def nexti(session: Session, argument: str) -> None:
    """Execute one instruction, and the whole function if it is a call."""
    _repeat(session, argument, lambda: session.thread.step_instruction(over=True))


@command("finish, fin", "running", "", "", "same")
def finish(session: Session, argument: str) -> None:
    """Go on until the selected frame's function has returned, and show what it returns."""
    thread, frame = session.thread, session.frame
    caller = session.selection.caller(frame)
    if caller is None:
        raise CommandError('"finish" not meaningful in the outermost frame.')
    if session.interactive:
        session.console.say(f"Run till exit from {frames.describe(session, frame)}")
    session.finishing = results.function(frame)
    try:
        if frame.level == 0:
            session.run_until_stop(thread.finish, steps=True)
        else:
            _run_to(session, {caller.pc: _is_below(frame.cfa or frame.sp)})
    finally:
        session.finishing = None


def _is_below(address: int) -> Callable[[Thread], bool]:
    """Whether a thread's stack has shrunk to an address: the frame that was there is gone."""
    return lambda thread: thread.registers.sp >= address


def _run_to(session: Session, places: dict[int, Callable[[Thread], bool]]) -> None:
    """Run until the selected thread comes to one of these addresses, and its condition holds."""
    made = [
        session.debugger.breakpoint(
            address, condition=condition, thread=session.thread, internal=True
        )
        for address, condition in places.items()
    ]
    try:
        session.run_until_stop(session.debugger.run)
    finally:
        for point in made:
            point.delete()


@command("until, u", "running", "[LOCATION]", "location", "same")
def until(session: Session, argument: str) -> None:
    """Go on to a line past this one (so out of a loop), or to a location in this frame."""
    session.selection.mark()
    frame, symbols = session.frame, session.process.symbols
    if argument:
        address, own = locating.place(session, argument).address, frame.cfa
        places: dict[int, Callable[[Thread], bool]] = {address: lambda it: it.frame.cfa == own}
        caller = session.selection.caller(frame)
        if caller is not None and caller.pc != address:
            places[caller.pc] = _is_below(frame.cfa or frame.sp)
        _run_to(session, places)
        return
    block, function = symbols.line_block(frame.pc), symbols.function_range(frame.pc)
    if block is None or function is None:
        session.run_until_stop(session.thread.next)
        return
    start, end, cfa = function[0], block[1], frame.cfa
    thread = session.thread

    def past() -> DebugStop | None:
        while True:
            stop = thread.next()
            if type(stop) is not reasons.StepDone:
                return stop
            now = thread.frame
            if now.cfa != cfa or not start <= now.pc < end:
                return stop

    session.run_until_stop(past, steps=True)


@command("advance", "running", "LOCATION", "location", "same")
def advance(session: Session, argument: str) -> None:
    """Go on to a location, or until this function returns."""
    if not argument:
        raise CommandError("Argument required (a location).")
    thread = session.thread
    address = locating.place(session, argument).address
    session.run_until_stop(lambda: thread.until(address))


@command("return", "running", "[VALUE]", "expression")
def return_(session: Session, argument: str) -> None:
    """Give up the selected frame: its caller goes on, as if it had returned VALUE."""
    frame = session.frame
    caller = session.selection.caller(frame)
    if caller is None or frame.is_inlined:
        raise CommandError("Can not force return from the outermost frame, or an inlined one.")
    if not session.confirm(f"Make {frame.function or 'this frame'} return now?"):
        raise CommandError("Not confirmed")
    value = expressions.number(session, argument) if argument else None
    registers, machine = session.thread.registers, session.process.machine
    for name, found in caller.registers.items():
        registers[name] = found
    session.thread.leave_call()
    if value is not None:
        registers[machine.function_result] = value & machine.word_mask
    session.selection.level = 0
    session.changed()
    if session.interactive:
        frames.show(session, session.frame, level=True)
