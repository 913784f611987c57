"""Commands about events, and about signals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seize.terminal import points, reports, words
from seize.terminal.commands.running import signal_number
from seize.terminal.table import CommandError, command

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from seize.terminal.session import Session

_EVENTS = {
    "syscall": ("[NAME…]", "Stop at system calls: those that are named, or all.", "syscall"),
    "signal": ("[SIGNAL…]", "Stop before signals: those that are named, or all.", "signal"),
    "fork": ("", "Stop when the program forks.", ""),
    "vfork": ("", "Stop when the program calls vfork().", ""),
    "clone": ("", "Stop when the program makes a thread.", ""),
    "exec": ("", "Stop when the program becomes another one.", ""),
    "exit": ("", "Stop when a process is about to end.", ""),
    "thread": ("", "Stop when a thread begins or ends.", ""),
    "load": ("[REGEX]", "Stop when a library is loaded.", ""),
    "unload": ("[REGEX]", "Stop when a library is unloaded.", ""),
}


def _catcher(kind: str) -> Callable[[Session, str], dict[str, Any]]:
    def catch(session: Session, argument: str) -> dict[str, Any]:
        names: list[int | str] = [int(w) if w.isdigit() else w for w in argument.split()]
        made = session.debugger.catch(kind, *names)
        session.console.say(points.announce(session, made))
        return points.record(session, made)

    catch.__doc__ = _EVENTS[kind][1]
    return catch


for _kind, (_usage, _help, _completes) in _EVENTS.items():
    command(f"catch {_kind}", "breakpoints", _usage, _completes)(_catcher(_kind))


@command("catch", "breakpoints", "EVENT")
def catch(session: Session, argument: str) -> None:
    """Stop the program at an event; `help catch` lists them."""
    raise CommandError(f"Catch what?  One of: {', '.join(_EVENTS)}.")


# ------------------------------------------------------------ signals


@command("handle", "breakpoints", "SIGNAL… [stop|nostop] [print|noprint] [pass|nopass]", "signal")
def handle(session: Session, argument: str) -> list[dict[str, Any]]:
    """Say what to do with signals: stop the program, pass it on to it.

    SIGNAL may be a name, a number, or `all` (but for SIGTRAP and SIGINT).
    """
    stop: bool | None = None
    passed: bool | None = None
    numbers: list[int] = []
    for word in argument.split():
        match word.lower():
            case "stop" | "print":
                stop = True if word == "stop" else stop
            case "nostop" | "noprint":
                stop = False
            case "pass" | "noignore":
                passed = True
            case "nopass" | "ignore":
                passed = False
            case "all":
                kept = ("SIGTRAP", "SIGINT")
                numbers += [int(one) for one in reports.signals() if one.name not in kept]
            case _:
                numbers.append(signal_number(word))
    if not numbers:
        raise CommandError("Argument required (signal to handle).")
    for number in numbers:
        session.debugger.signals.set(number, stop=stop, passed=passed)
    if not session.interactive:
        return _records(session, numbers)
    return _show(session, numbers)


@command("info signals, info handle, info signal", "status", "[SIGNAL]", "signal")
def info_signals(session: Session, argument: str) -> list[dict[str, Any]]:
    """Show what is done with signals."""
    if argument.strip():
        return _show(session, [signal_number(argument)])
    return _show(session, [int(one) for one in reports.signals()])


def _show(session: Session, numbers: list[int]) -> list[dict[str, Any]]:
    session.console.say("Signal        Stop\tPrint\tPass to program\tDescription")
    for number in numbers:
        what = session.debugger.signals.get(number)
        name, _, description = words.signal_text(number).partition(", ")
        stop, passed = ("Yes" if flag else "No" for flag in (what.stop, what.passed))
        session.console.say(f"{name:<13} {stop}\t{stop}\t{passed}\t\t{description}")
    return _records(session, numbers)


def _records(session: Session, numbers: list[int]) -> list[dict[str, Any]]:
    made = []
    for number in numbers:
        what = session.debugger.signals.get(number)
        name = words.signal_name(number)
        made.append({"signal": name, "stop": what.stop, "pass": what.passed})
    return made
