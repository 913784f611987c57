"""Breakpoints, watchpoints and catchpoints as text, and their conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seize.abi.names import syscall_name, syscall_number
from seize.debug.breakpoints import Breakpoint
from seize.debug.watchpoints import Watchpoint
from seize.errors import SeizeError
from seize.terminal import calls, expressions, frames, locating, python, variables
from seize.terminal.table import CommandError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, TypeAlias

    from seize.debug import Thread
    from seize.debug.catchpoints import Catchpoint
    from seize.debug.reasons import BreakpointHit
    from seize.symbols import Place
    from seize.terminal.session import Session

    Point: TypeAlias = Breakpoint | Watchpoint | Catchpoint

_KINDS = {"write": "hw watchpoint", "access": "acc watchpoint", "execute": "hw breakpoint"}


WATCHPOINTS = {
    "write": "Hardware watchpoint",
    "access": "Hardware access (read/write) watchpoint",
    "read": "Hardware read watchpoint",
    "execute": "Hardware assisted breakpoint",
}
"""What gdb calls each kind of watchpoint."""


class Book:
    """What is noted about points, by number.

    ``where`` are the locations as they were given, ``conditions`` the texts of conditions,
    ``watched`` the expressions of watchpoints with their values when they were set, ``scripts``
    the commands that follow a hit.
    """

    def __init__(self) -> None:
        self.where: dict[int, str] = {}
        self.conditions: dict[int, str] = {}
        self.watched: dict[int, tuple[str, Any]] = {}
        self.scripts: dict[int, list[str]] = {}
        self.reads: set[int] = set()
        """The watchpoints that are for reading alone: what is written there doesn't count."""
        self.scopes: dict[int, tuple[Breakpoint, Watchpoint]] = {}
        """Our own breakpoints where a function returns whose variable is watched, by number."""

    def forget(self, number: int) -> None:
        """A point was deleted."""
        for own, (end, watchpoint) in list(self.scopes.items()):
            if watchpoint.number == number:
                end.delete()
                del self.scopes[own]
        self.reads.discard(number)
        for notes in (self.where, self.conditions, self.watched, self.scripts):
            notes.pop(number, None)


def title(session: Session, point: Watchpoint) -> str:
    """A watchpoint with its number and expression, as gdb calls it."""
    kind = "read" if point.number in session.book.reads else point.kind
    return f"{WATCHPOINTS[kind]} {point.number}: {watched(session, point)}"


def watch_scope(session: Session, watchpoint: Watchpoint) -> None:
    """If a watched variable is on the stack, let the watchpoint end with the variable's frame."""
    frame = session.frame
    caller = session.selection.caller(frame)
    if caller is None or frame.cfa is None or not frame.sp <= watchpoint.address < frame.cfa:
        return
    end = frame.cfa
    made = session.debugger.breakpoint(
        caller.pc,
        condition=lambda thread: thread.registers.sp >= end,
        thread=session.thread,
        internal=True,
    )
    session.book.scopes[made.number] = made, watchpoint


def left_scope(session: Session, stop: BreakpointHit) -> Watchpoint | None:
    """The watchpoint whose variable has gone with its frame, if that is why it stopped."""
    for point in stop.breakpoints:
        if point.number in session.book.scopes:
            return session.book.scopes[point.number][1]
    return None


def one(session: Session, text: str) -> Point:
    """The breakpoint of a number."""
    found = chosen(session, text)
    if len(found) != 1:
        raise CommandError(f"Bad breakpoint number '{text}'")
    return found[0]


def chosen(session: Session, text: str) -> list[Point]:
    """The breakpoints of a list of numbers and ranges (1 3-5); CommandError if one isn't there."""
    found: list[Point] = []
    for word in text.replace(",", " ").split():
        first, dash, last = word.partition("-")
        if not first.isdigit() or (dash and not last.isdigit()):
            raise CommandError(f"Bad breakpoint number '{word}'")
        for number in range(int(first), int(last or first) + 1):
            point = session.debugger.breakpoints.get(number) if number > 0 else None
            if point is None:
                raise CommandError(f"No breakpoint number {number}.")
            found.append(point)
    return found


def set_condition(session: Session, point: Point, text: str) -> None:
    """Let a point stop the program only if a C or Python expression isn't zero."""
    point.condition = _condition(session, text)
    session.book.conditions[point.number] = text


def _condition(session: Session, text: str) -> Callable[[Thread], bool]:
    try:
        code = compile(text, "<condition>", "eval")
    except SyntaxError:
        code = None

    def holds(thread: Thread) -> bool:
        try:
            wanted = expressions.expanded(session, text)
            return truth(thread.frame.evaluate(wanted, calls.caller(thread)))
        except SeizeError as error:
            message = str(error)
        try:
            if code is not None:
                return bool(eval(code, python.names_of(session, thread)))
        except NameError:
            # It isn't Python either: what C says of it tells more.
            pass
        except Exception as error:  # noqa: BLE001 (the user's expression: it stops, and is told)
            message = str(error)
        session.console.complain(f"Error in testing condition: {message}")
        return True

    return holds


def truth(value: Any) -> bool:
    """Whether C takes a value as true."""
    try:
        return bool(float(value) if variables.kind(value) == "float" else int(value))
    except AttributeError:
        return bool(value)


# ------------------------------------------------------------ text


def watched(session: Session, point: Any) -> str:
    """The expression that a watchpoint was made of."""
    known = session.book.watched.get(point.number)
    return known[0] if known is not None else f"*{point.address:#x}"


def value_text(session: Session, point: Any, data: bytes) -> str:
    """Bytes of a watched variable, as its type has them."""
    known = session.book.watched.get(point.number)
    if known is not None and known[1] is not None:
        try:
            return str(known[1].with_bytes(data))
        except SeizeError:
            return str(int.from_bytes(data, "little"))
    return str(int.from_bytes(data, "little", signed=len(data) in (1, 2, 4, 8)))


def announce(session: Session, point: Point) -> str:
    """What is said when a point has been set: ``Breakpoint 1 at 0x1143: file a.c, line 6.``"""
    if isinstance(point, Watchpoint):
        return title(session, point)
    if not isinstance(point, Breakpoint):
        return f"Catchpoint {point.number} ({_caught(point)})"
    kind = "Temporary breakpoint" if point.temporary else "Breakpoint"
    if point.hardware:
        kind = "Hardware assisted breakpoint"
    what = _what(session, point)
    if point.pending or not point.addresses:
        why = f"{locating.unknown(point.where)}\n" if isinstance(point.where, str) else ""
        return f"{why}{kind} {point.number} ({what}) pending."
    if len(point.addresses) > 1:
        return f"{kind} {point.number} at {point.addresses[0]:#x}: {what}. " + (
            f"({len(point.addresses)} locations)"
        )
    place = locating.describe(session, point.addresses[0])
    if place is not None and place.file:
        return (
            f"{kind} {point.number} at {point.addresses[0]:#x}: "
            f"file {place.file}, line {place.line}."
        )
    return f"{kind} {point.number} at {point.addresses[0]:#x}"


def _what(session: Session, point: Breakpoint) -> str:
    known = session.book.where.get(point.number)
    if known is not None:
        return known
    where = point.where
    return where if isinstance(where, str) else getattr(where, "pattern", None) or f"*{where:#x}"


def _caught(point: Any) -> str:
    names = getattr(point, "names", ())
    if point.kind == "syscall" and names:
        calls = " ".join(_call_text(name) for name in names)
        return f"syscall{'s' if len(names) > 1 else ''} {calls}"
    if point.kind == "syscall":
        return "any syscall"
    return " ".join((point.kind, *map(str, names)))


def _call_text(call: int | str) -> str:
    """A system call with its number: ``'write' [1]``."""
    if isinstance(call, str):
        return f"'{call}' [{syscall_number('x86_64', call)}]"
    return f"'{syscall_name('x86_64', call) or call}' [{call}]"


def listing(session: Session, shown: Sequence[Point]) -> list[str]:
    """The table of ``info breakpoints``."""
    width = 18 if any(getattr(point, "addresses", ()) for point in session.points) else 10
    kinds = max(14, *(len(_kind(session, point)) for point in shown))
    lines = [f"Num     {'Type':<{kinds}} Disp Enb {'Address':<{width}} What"]
    for point in shown:
        kind = _kind(session, point)
        disposition = "del" if getattr(point, "temporary", False) else "keep"
        enabled = "y" if point.enabled else "n"
        start = f"{point.number:<7} {kind:<{kinds}} {disposition:<4} {enabled:<3} "
        lines += _rows(session, point, start, width)
        if text := session.book.conditions.get(point.number):
            lines.append(f"\tstop only if {text}")
        if point.thread is not None:
            number = session.selection.numbers.get(point.thread.tid, 0)
            lines.append(f"\tstop only in thread {number}")
        if point.hits:
            times = "time" if point.hits == 1 else "times"
            what = "catchpoint" if kind == "catchpoint" else "breakpoint"
            lines.append(f"\t{what} already hit {point.hits} {times}")
        if getattr(point, "ignore", 0):
            lines.append(f"\tignore next {point.ignore} hits")
        lines += [f"        {line.strip()}" for line in session.book.scripts.get(point.number, ())]
    return lines


def _kind(session: Session, point: Point) -> str:
    if point.number in session.book.reads:
        return "read watchpoint"
    if isinstance(point, Watchpoint):
        return _KINDS.get(point.kind, point.kind)
    if isinstance(point, Breakpoint):
        return "hw breakpoint" if point.hardware else "breakpoint"
    return "catchpoint"


def _rows(session: Session, point: Point, start: str, width: int) -> list[str]:
    """A point's line, and one for each of its places if there are several."""
    if isinstance(point, Watchpoint):
        return [f"{start}{'':<{width}} {watched(session, point)}"]
    if not isinstance(point, Breakpoint):
        names = " ".join(f'"{name}"' for name in point.names)
        return [f"{start}{'':<{width}} {point.kind} {names}".rstrip()]
    if point.pending or not point.addresses:
        return [f"{start}{'<PENDING>':<{width}} {_what(session, point)}"]
    if len(point.addresses) == 1:
        return [f"{start}{_location(session, point.addresses[0])}"]
    lines = [f"{start}{'<MULTIPLE>':<18} "]
    for index, address in enumerate(point.addresses, 1):
        number = f"{point.number}.{index}"
        lines.append(f"{number:<7} {'':<14} {'':<4} y   {_location(session, address)}")
    return lines


def signature(place: Place) -> str:
    """The function of a place, with the types of its arguments where C++ names have them."""
    symbol, function = place.symbol or "", place.function or "??"
    at = symbol.find(f"{function}(")
    return symbol[at:] if at >= 0 else function


def _location(session: Session, address: int) -> str:
    place = locating.describe(session, address)
    if place is not None and place.file:
        name = signature(place)
        return f"{frames.address(address)} in {name} at {place.file}:{place.line}"
    name = session.symbol_name(address)
    return f"{frames.address(address)} {name}".rstrip()


def record(session: Session, point: Point) -> dict[str, Any]:
    """A point for JSON."""
    made: dict[str, Any] = {
        "number": point.number,
        "type": _kind(session, point),
        "enabled": point.enabled,
        "hits": point.hits,
        "condition": session.book.conditions.get(point.number),
    }
    if isinstance(point, Watchpoint):
        made["address"], made["size"] = point.address, point.size
        made["expression"] = watched(session, point)
    elif isinstance(point, Breakpoint):
        made["pending"] = point.pending
        made["what"] = _what(session, point)
        made["locations"] = [_place_record(session, address) for address in point.addresses]
    else:
        made["what"] = _caught(point)
    return made


def _place_record(session: Session, address: int) -> dict[str, Any]:
    place: Place | None = locating.describe(session, address)
    if place is None:
        return {"address": address}
    return {
        "address": address,
        "function": place.function,
        "file": place.file,
        "line": place.line or None,
    }
