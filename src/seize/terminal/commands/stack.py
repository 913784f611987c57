"""Commands about the stack."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from seize.errors import SeizeError
from seize.terminal import expressions, frames, python, reports, variables
from seize.terminal.table import CommandError, command

if TYPE_CHECKING:
    from typing import Any

    from seize.symbols import Frame
    from seize.terminal.session import Session


@command("backtrace, bt, where, info stack, info s", "stack", "[full] [COUNT | -COUNT]", "", "same")
def backtrace(session: Session, argument: str) -> list[dict[str, Any]]:
    """Show the stack, innermost frame first; COUNT of its frames, or the outermost.

    With `full` each frame's local variables too.
    """
    words = argument.split()
    full = any(word in ("full", "-full") for word in words)
    counts = [word for word in words if word not in ("full", "-full")]
    count = expressions.number(session, counts[0], 0) if counts else 0
    session.selection.at(0)
    shown: list[Frame] = list(session.selection.frames(count + 1 if count > 0 else None))
    more = count > 0 and len(shown) > count
    if count:
        shown = shown[:count] if count > 0 else shown[count:]
    for frame in shown:
        session.console.say(frames.describe(session, frame))
        if full:
            show_locals(session, frame, indent="        ")
    if more and session.interactive:
        session.console.say("(More stack frames follow...)")
    return [reports.frame_record(session, frame) for frame in shown]


def show_locals(session: Session, frame: Frame, indent: str = "") -> dict[str, Any]:
    """Show a frame's local variables."""
    try:
        found = frame.locals
    except SeizeError as error:
        raise CommandError(str(error)) from None
    for name, value in found.items():
        session.console.say(f"{indent}{name} = {variables.listed(value)}")
    if not found:
        session.console.say(f"{indent}No locals.")
    return {name: python.jsonable(value) for name, value in found.items()}


@command("info locals, info lo", "stack")
def info_locals(session: Session, argument: str) -> dict[str, Any]:
    """Show the local variables of the selected frame."""
    return show_locals(session, session.frame)


@command("info args, info ar", "stack")
def info_args(session: Session, argument: str) -> dict[str, Any]:
    """Show the arguments of the selected frame."""
    found = variables.args(session.frame)
    for name, value in found.items():
        session.console.say(f"{name} = {variables.listed(value)}")
    if not found:
        session.console.say("No arguments.")
    return {name: python.jsonable(value) for name, value in found.items()}


@command("frame, f", "stack", "[LEVEL]", "expression", "same")
def frame(session: Session, argument: str) -> dict[str, Any]:
    """Select a frame by its number, and show it."""
    words = argument.split()
    if words[:1] == ["function"]:
        return _function_frame(session, words[1:])
    if words[:1] == ["level"]:
        argument = " ".join(words[1:])
    if argument:
        level = expressions.number(session, argument)
        session.selection.at(level)
        session.selection.level = level
    return _show(session)


def _function_frame(session: Session, names: list[str]) -> dict[str, Any]:
    for found in session.selection.frames():
        if names and found.function == names[0]:
            session.selection.level = found.level
            return _show(session)
    raise CommandError(f'No frame for function "{" ".join(names)}".')


def _show(session: Session) -> dict[str, Any]:
    found = session.frame
    frames.show(session, found, level=True)
    return reports.frame_record(session, found)


@command("up", "stack", "[COUNT]", "expression", "same")
def up(session: Session, argument: str) -> dict[str, Any]:
    """Select the frame that called this one, or COUNT of them up."""
    return _move(session, expressions.number(session, argument))


@command("down, dow", "stack", "[COUNT]", "expression", "same")
def down(session: Session, argument: str) -> dict[str, Any]:
    """Select the frame that this one called."""
    return _move(session, -expressions.number(session, argument))


def _move(session: Session, count: int) -> dict[str, Any]:
    session.frame  # noqa: B018 (there must be one)
    level = session.selection.level + count
    if count < 0 and session.selection.level == 0:
        raise CommandError("Bottom (innermost) frame selected; you cannot go down.")
    deepest = session.selection.level
    for found in session.selection.frames(max(level, 0) + 1):
        deepest = found.level
    if count > 0 and deepest == session.selection.level:
        raise CommandError("Initial frame selected; you cannot go up.")
    session.selection.level = max(0, min(level, deepest))
    return _show(session)


@command("info frame, info f", "stack")
def info_frame(session: Session, argument: str) -> dict[str, Any]:
    """Show all that is known of the selected frame."""
    found = session.frame
    machine = session.process.machine
    say = session.console.say
    say(f"Stack level {found.level}, frame at {found.cfa or 0:#x}:")
    where = f" in {found.function}" if found.function else ""
    source = f" ({found.file}:{found.line})" if found.file else ""
    # What called main() too, though stacks end there.
    caller = next(islice(session.thread.frames(), found.level + 1, None), None)
    saved = f"; saved {machine.pc} = {caller.pc:#x}" if caller is not None else ""
    say(f" {machine.pc} = {found.pc:#x}{where}{source}{saved}")
    if session.selection.caller(found) is not None and caller is not None:
        say(f" called by frame at {caller.cfa or 0:#x}")
    if found.level > 0:
        say(f" caller of frame at {session.selection.at(found.level - 1).cfa or 0:#x}")
    if found.is_inlined:
        say(f" inlined into frame {found.level + 1}")
    say(f" Args: {frames.arguments(found)}")
    say(f" Previous frame's sp is {found.cfa or 0:#x}")
    return {**reports.frame_record(session, found), "cfa": found.cfa, "sp": found.sp}
