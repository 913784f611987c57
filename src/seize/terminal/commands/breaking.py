"""Commands about breakpoints and watchpoints."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seize.debug.breakpoints import Breakpoint
from seize.debug.watchpoints import Watchpoint
from seize.terminal import expressions, locating, points
from seize.terminal.commands import data
from seize.terminal.table import CommandError, command

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from seize.terminal.points import Point
    from seize.terminal.session import Session

_IF = re.compile(r"(?:^|\s)if\b\s*(.+)$", re.DOTALL)
_THREAD = re.compile(r"(?:^|\s)thread\s+(\d+)\s*$")


@command("break, b, br, brea", "breakpoints", "[LOCATION] [thread N] [if CONDITION]", "location")
def break_(session: Session, argument: str) -> dict[str, Any]:
    """Stop the program at a location, before it is executed.

    LOCATION is a function, FILE:LINE, LINE, FUNCTION+OFFSET or *ADDRESS; without one, the next
    instruction of the selected frame.  What isn't loaded yet is waited for.  CONDITION is C, or
    Python with thread, frame and registers at hand.
    """
    return set_breakpoint(session, argument)


@command("tbreak, tb, tbr", "breakpoints", "[LOCATION] [if CONDITION]", "location")
def tbreak(session: Session, argument: str) -> dict[str, Any]:
    """Stop the program at a location once."""
    return set_breakpoint(session, argument, temporary=True)


@command("hbreak, hb", "breakpoints", "[LOCATION] [if CONDITION]", "location")
def hbreak(session: Session, argument: str) -> dict[str, Any]:
    """Stop the program at a location, by a debug register: its code isn't changed."""
    return set_breakpoint(session, argument, hardware=True)


@command("thbreak", "breakpoints", "[LOCATION] [if CONDITION]", "location")
def thbreak(session: Session, argument: str) -> dict[str, Any]:
    """Stop the program at a location once, by a debug register."""
    return set_breakpoint(session, argument, hardware=True, temporary=True)


@command("rbreak", "breakpoints", "REGEX", "location")
def rbreak(session: Session, argument: str) -> dict[str, Any]:
    """Stop the program in all functions that a regular expression matches."""
    try:
        pattern = re.compile(argument)
    except re.error as error:
        raise CommandError(f"Invalid regexp: {error}.") from None
    made = session.debugger.breakpoint(pattern)
    session.console.say(points.announce(session, made))
    return points.record(session, made)


def set_breakpoint(
    session: Session, argument: str, *, temporary: bool = False, hardware: bool = False
) -> dict[str, Any]:
    """Set a breakpoint, and tell of it."""
    text = argument.strip()
    condition = None
    if found := _IF.search(text):
        condition, text = found[1].strip(), text[: found.start()].strip()
    thread = None
    if found := _THREAD.search(text):
        thread = session.selection.thread_by_number(session.process, int(found[1]))
        text = text[: found.start()].strip()
    where: int | str = locating.location(session, text)
    made = session.debugger.breakpoint(where, temporary=temporary, hardware=hardware, thread=thread)
    session.book.where[made.number] = text or f"*{where:#x}"
    if condition is not None:
        points.set_condition(session, made, condition)
    session.console.say(points.announce(session, made))
    return points.record(session, made)


# ------------------------------------------------------------ watchpoints


@command("watch, wa", "breakpoints", "[-l] EXPRESSION [if CONDITION]", "expression")
def watch(session: Session, argument: str) -> dict[str, Any]:
    """Stop the program when a variable has changed."""
    return _watch(session, argument, "write")


@command("rwatch", "breakpoints", "[-l] EXPRESSION", "expression")
def rwatch(session: Session, argument: str) -> dict[str, Any]:
    """Stop the program when a variable is read; what changes it doesn't count."""
    return _watch(session, argument, "access", only_reads=True)


@command("awatch", "breakpoints", "[-l] EXPRESSION", "expression")
def awatch(session: Session, argument: str) -> dict[str, Any]:
    """Stop the program when a variable is read or written."""
    return _watch(session, argument, "access")


def _watch(
    session: Session, argument: str, kind: str, *, only_reads: bool = False
) -> dict[str, Any]:
    text = re.sub(r"^-l(ocation)?\s+", "", argument.strip())
    condition = None
    if found := _IF.search(text):
        condition, text = found[1].strip(), text[: found.start()].strip()
    value = expressions.evaluate(session, text)
    address = getattr(value, "address", None)
    typed = None
    if address is None:
        raise CommandError("Cannot watch constant value `" + text + "'.")
    typed, size = value, value.type.size
    made = session.debugger.watch(address, size=size, kind=kind)
    session.book.watched[made.number] = (text, typed)
    if only_reads:
        session.book.reads.add(made.number)
    points.watch_scope(session, made)
    if condition is not None:
        points.set_condition(session, made, condition)
    session.console.say(points.announce(session, made))
    return points.record(session, made)


# ------------------------------------------------------------ changing them


@command("delete, d, del", "breakpoints", "[NUMBER…]", "number")
def delete(session: Session, argument: str) -> None:
    """Delete breakpoints, watchpoints and catchpoints; without a number, all of them."""
    argument = re.sub(r"^breakpoints\b", "", argument)
    if not argument.strip():
        if session.points and not session.confirm("Delete all breakpoints?"):
            return
        chosen = session.points
    else:
        chosen = points.chosen(session, argument)
    for point in chosen:
        point.delete()
        session.book.forget(point.number)


@command("clear, cl", "breakpoints", "[LOCATION]", "location")
def clear(session: Session, argument: str) -> None:
    """Delete the breakpoints at a location."""
    address = locating.place(session, argument).address if argument else session.frame.pc
    gone = [
        point
        for point in session.points
        if isinstance(point, Breakpoint) and address in point.addresses
    ]
    if not gone:
        raise CommandError(f"No breakpoint at {argument or 'this line'}.")
    for point in gone:
        point.delete()
        session.book.forget(point.number)
    numbers = " ".join(str(point.number) for point in gone)
    session.console.say(f"Deleted breakpoint{'s' if len(gone) > 1 else ''} {numbers} ")


@command("enable, en", "breakpoints", "[once|delete|display] [NUMBER…]", "number")
def enable(session: Session, argument: str) -> None:
    """Let breakpoints stop the program again; without a number, all."""
    _enable(session, argument, True)


@command("disable, dis, disa", "breakpoints", "[display] [NUMBER…]", "number")
def disable(session: Session, argument: str) -> None:
    """Keep breakpoints, but don't stop at them; without a number, all."""
    _enable(session, argument, False)


def _enable(session: Session, argument: str, enabled: bool) -> None:
    word, _, rest = argument.strip().partition(" ")
    if word == "display":
        data.enable_displays(session, [int(number) for number in rest.split()], enabled)
        return
    if word in ("once", "delete", "breakpoints"):
        argument = rest
    for point in points.chosen(session, argument) if argument else session.points:
        point.enabled = enabled
        if word == "delete" and enabled:
            point.temporary = True


@command("condition, cond", "breakpoints", "NUMBER [CONDITION]", "number")
def condition(session: Session, argument: str) -> None:
    """Let a breakpoint stop the program only if a condition holds; without one, always."""
    number, _, text = argument.strip().partition(" ")
    if not number:
        raise CommandError("Argument required (breakpoint number).")
    point = points.one(session, number)
    if text.strip():
        points.set_condition(session, point, text.strip())
    else:
        point.condition = None
        session.book.conditions.pop(point.number, None)
        session.console.say(f"Breakpoint {point.number} now unconditional.")


@command("ignore", "breakpoints", "NUMBER COUNT", "number")
def ignore(session: Session, argument: str) -> None:
    """Pass over a breakpoint so many times."""
    number, _, count = argument.strip().partition(" ")
    if not number:
        raise CommandError("Argument required (a breakpoint number).")
    if not count.strip():
        raise CommandError("Second argument (specified ignore-count) is missing.")
    point = points.one(session, number)
    point.ignore = max(0, expressions.number(session, count))
    if point.ignore == 0:
        session.console.say(f"Will stop next time breakpoint {point.number} is reached.")
    else:
        crossings = "crossing" if point.ignore == 1 else f"{point.ignore} crossings"
        session.console.say(f"Will ignore next {crossings} of breakpoint {point.number}.")


@command("commands", "breakpoints", "[NUMBER…]", "number")
def commands(session: Session, argument: str) -> None:
    """Do the commands that follow, up to `end`, whenever a breakpoint stops the program.

    `silent` as the first tells nothing else.  Without a number, the last breakpoint's.
    """
    if argument.strip():
        numbers = [point.number for point in points.chosen(session, argument)]
    elif session.points:
        numbers = [session.points[-1].number]
    else:
        raise CommandError("No breakpoints specified.")
    named = ", ".join(str(number) for number in numbers)
    body = session.block(f"Type commands for breakpoint(s) {named}")
    for number in numbers:
        session.book.scripts[number] = body


@command("info breakpoints, info b", "breakpoints", "[NUMBER…]", "number")
def info_breakpoints(session: Session, argument: str) -> list[dict[str, Any]]:
    """Show breakpoints, watchpoints and catchpoints: whether they are in force, and their hits."""
    shown = points.chosen(session, argument) if argument else session.points
    return _show(session, shown, "No breakpoints or watchpoints.")


@command("info watchpoints", "breakpoints", "[NUMBER…]", "number")
def info_watchpoints(session: Session, argument: str) -> list[dict[str, Any]]:
    """Show watchpoints and their hits."""
    shown = points.chosen(session, argument) if argument else session.points
    watching = [point for point in shown if isinstance(point, Watchpoint)]
    return _show(session, watching, "No watchpoints.")


def _show(session: Session, shown: Sequence[Point], none: str) -> list[dict[str, Any]]:
    if not shown:
        session.console.say(none)
        return []
    for text in points.listing(session, shown):
        session.console.say(text)
    return [points.record(session, point) for point in shown]
