"""Commands about the debugger itself: help, scripts, Python, the shell, panes."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from seize.terminal import helping, python
from seize.terminal.table import CommandError, command

if TYPE_CHECKING:
    from typing import Any

    from seize.terminal.session import Session

_LAYOUTS = ("src", "asm", "regs", "split", "off")


@command("help, h", "support", "[COMMAND]", "command")
def help_(session: Session, argument: str) -> None:
    """Show the commands, or what one of them does."""
    session.console.write(helping.text(argument.strip()))


@command("apropos", "support", "WORD")
def apropos(session: Session, argument: str) -> None:
    """Show the commands whose help has a word."""
    session.console.write(helping.search(argument.strip()))


@command("source", "support", "FILE", "file")
def source(session: Session, argument: str) -> None:
    """Do the commands of a file; one that ends in .py is Python."""
    if not argument:
        raise CommandError("Argument required (a file).")
    session.source(argument)


@command("shell", "support", "[COMMAND]", "file")
def shell(session: Session, argument: str) -> int:
    """Run a command of the shell, or a shell."""
    program = os.environ.get("SHELL", "/bin/sh")
    words = [program, "-c", argument] if argument else [program]
    options: dict[str, Any] = {}
    if session.console.json or session.console.sink is not None:
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(words, check=False, **options)
    if options:
        session.console.write(done.stdout.decode("utf-8", "replace"))
    session.variables["_shell_exitcode"] = done.returncode
    return done.returncode


@command("python, py", "support", "[CODE]", "python")
def python_(session: Session, argument: str) -> Any:
    """Run Python: one line, or the lines up to `end`.

    debugger, process, thread, frame, registers and memory are what is selected.
    """
    if argument:
        return python.run(session, argument)
    return python.execute(session, "\n".join(session.block("Type Python")) + "\n", "<python>")


@command("define", "support", "NAME")
def define(session: Session, argument: str) -> None:
    """Make a command of the lines up to `end`; $arg0, $arg1 … stand for its arguments."""
    name = argument.strip()
    if not name.replace("-", "_").isidentifier():
        raise CommandError("Argument required (name of command to define).")
    body = session.block(f'Type commands for definition of "{name}"')

    def run(session: Session, given: str) -> None:
        words = given.split()
        for line in body:
            for index, word in reversed(list(enumerate(words))):
                line = line.replace(f"$arg{index}", word)
            session.run_line(line.replace("$argc", str(len(words))))

    run.__doc__ = "Defined by the user."
    command(name, "support")(run)


@command("layout, tui", "support", "src|asm|regs|split|off", "[src asm regs split off]")
def layout(session: Session, argument: str) -> str:
    """Show panes above the prompt: source, instructions, registers; `off` takes them away."""
    word = argument.strip()
    word = {"enable": "src", "disable": "off", "next": _next(session.layout)}.get(word, word)
    if word not in _LAYOUTS:
        raise CommandError(f"One of these layouts is expected: {', '.join(_LAYOUTS)}.")
    if not session.has_screen:
        raise CommandError("Cannot enable the TUI when output is not a terminal.")
    session.layout = word
    return word


def _next(now: str) -> str:
    return _LAYOUTS[(_LAYOUTS.index(now) + 1) % len(_LAYOUTS)]
