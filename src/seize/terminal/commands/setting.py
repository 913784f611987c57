"""Commands that change how the debugger behaves, and what the program starts with."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from seize.terminal import expressions, options, starting
from seize.terminal.table import CommandError, command

if TYPE_CHECKING:
    from typing import Any

    from seize.terminal.session import Session


@command("set", "support", "NAME VALUE | $REGISTER = VALUE | VARIABLE = VALUE", "setting")
def set_(session: Session, argument: str) -> None:
    """Change a setting (see `show`), a register ($rax), a variable of the program, or $name."""
    if not argument:
        raise CommandError("Argument required (a setting, or an assignment).")
    entry = session.options.take(argument) if not argument.startswith("$") else None
    if entry is not None:
        _apply(session, entry.name)
        return
    if expressions.assignment(argument) is None:
        word = argument.split()[0]
        raise CommandError(f'Undefined set command: "{word}".  Try "help set".')
    expressions.evaluate(session, argument)


def _apply(session: Session, name: str) -> None:
    """Let a setting that the debugger itself has take effect."""
    match name:
        case "non-stop":
            session.debugger.non_stop = session.options[name]
        case "follow-fork-mode" | "detach-on-fork":
            both = not session.options["detach-on-fork"]
            session.debugger.follow = "both" if both else session.options["follow-fork-mode"]
        case "disable-randomization":
            session.program.stale = True


@command("show", "support", "[NAME]", "setting")
def show(session: Session, argument: str) -> dict[str, Any]:
    """Show a setting, or all of them."""
    if not argument:
        for entry in session.options:
            session.console.say(f"{entry.name}: {session.options.shown(entry)}  ({entry.help})")
        return {entry.name: session.options[entry.name] for entry in session.options}
    found = options.find(argument)
    if found is None:
        raise CommandError(f'Undefined show command: "{argument}".  Try "help show".')
    entry = found[0]
    session.console.say(f"{entry.name} is {session.options.shown(entry)}: {entry.help}.")
    return {entry.name: session.options[entry.name]}


@command("set args", "running", "[ARGS]")
def set_args(session: Session, argument: str) -> None:
    """Set the arguments with which `run` starts the program."""
    if session.program.command is None:
        raise CommandError("No program was given.")
    session.program.command = starting.parse(session.program.command.argv[0], argument)
    session.program.stale = True


@command("show args", "running")
def show_args(session: Session, argument: str) -> list[str]:
    """Show the arguments with which `run` starts the program."""
    arguments = (
        list(session.program.command.argv[1:]) if session.program.command is not None else []
    )
    text = shlex.join(arguments)
    session.console.say(
        f'Argument list to give program being debugged when it is started is "{text}".'
    )
    return arguments


@command("file, exec-file", "files", "PROGRAM", "file")
def file(session: Session, argument: str) -> None:
    """Choose the program that `run` starts."""
    words = shlex.split(argument)
    if not words:
        raise CommandError("Argument required (a program).")
    session.program.command = starting.Command(tuple(words))
    session.program.stale = True
    if session.selection.current is None:
        session.selection.choose_process(starting.spawn(session))
        session.program.stale = False


@command("set environment, set env", "running", "NAME=VALUE")
def set_environment(session: Session, argument: str) -> None:
    """Set a variable of the environment with which `run` starts the program."""
    name, _, value = argument.partition("=")
    if not name.strip():
        raise CommandError("Argument required (environment variable and value).")
    session.program.change_environment(name.strip(), value.strip())


@command("unset", "support", "NAME")
def unset(session: Session, argument: str) -> None:
    """Take back what was set: unset environment NAME."""
    raise CommandError('"unset" must be followed by the name of an unset command: environment.')


@command("unset environment, unset env", "running", "[NAME]")
def unset_environment(session: Session, argument: str) -> None:
    """Take a variable out of the program's environment; without a name, all of them."""
    if argument.strip():
        session.program.change_environment(argument.strip(), None)
        return
    for name in list(session.program.environment or os.environ):
        session.program.change_environment(name, None)


@command("show environment, show env", "running", "[NAME]")
def show_environment(session: Session, argument: str) -> dict[str, str]:
    """Show the environment with which `run` starts the program."""
    values = (
        session.program.environment if session.program.environment is not None else dict(os.environ)
    )
    name = argument.strip()
    shown = {name: values[name]} if name in values else {} if name else values
    for key, value in shown.items():
        session.console.say(f"{key} = {value}" if name else f"{key}={value}")
    if name and not shown:
        session.console.say(f'Environment variable "{name}" not defined.')
    return shown


@command("cd", "support", "[FOLDER]", "file")
def cd(session: Session, argument: str) -> None:
    """Go to another folder; the program starts there too."""
    path = os.path.expanduser(argument.strip() or "~")
    try:
        os.chdir(path)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}.") from None
    session.console.say(f"Working directory {os.getcwd()}.")


@command("set cwd", "running", "[FOLDER]", "file")
def set_cwd(session: Session, argument: str) -> None:
    """Set the folder in which `run` starts the program."""
    session.program.cwd = os.path.expanduser(argument.strip()) or None
    session.program.stale = True


@command("pwd", "support")
def pwd(session: Session, argument: str) -> str:
    """Show the folder that the debugger is in."""
    session.console.say(f"Working directory {os.getcwd()}.")
    return os.getcwd()
