"""Starting the program, attaching to one, opening a core file."""

from __future__ import annotations

import os
import shlex
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

from seize._frozen import frozen
from seize.debug import PostmortemProcess
from seize.terminal import frames, words
from seize.terminal.table import CommandError

if TYPE_CHECKING:
    from typing import IO, Any

    from seize.debug import Process
    from seize.terminal.session import Session
    from seize.terminal.settings import Settings

_NO_PROGRAM = "No program was given.  Use seize debug COMMAND, or `file COMMAND` and `run`."
_REDIRECTIONS = {
    "<": ("stdin", "rb"),
    ">": ("stdout", "wb"),
    "1>": ("stdout", "wb"),
    ">>": ("stdout", "ab"),
    "2>": ("stderr", "wb"),
    "2>>": ("stderr", "ab"),
    "&>": ("both", "wb"),
}


@frozen
class Command:
    """A program with its arguments and where its streams come from and go to."""

    argv: tuple[str, ...]
    streams: tuple[tuple[str, str, str], ...] = ()
    """Triples: "stdin", "stdout", "stderr" or "both", the file's path, the mode of opening."""


class Program:
    """What is started, and how: its command, environment and folder.

    ``environment`` and ``cwd`` are None for ours.  ``fresh`` is the process that was started and
    hasn't been let run yet, ``attached`` are those that we didn't start.
    """

    def __init__(self, settings: Settings) -> None:
        self.command = Command(settings.argv) if settings.argv else None
        self.environment: dict[str, str] | None = None
        self.cwd = settings.cwd
        self.stale = False
        """Whether it has to be started again for what has been set."""
        self.fresh: Process | None = None
        self.attached: set[int] = set()
        self.is_core = False
        self.output: Any = sys.stderr if settings.json else None
        """Where its output goes, if not where ours goes: JSON is to be alone there."""
        for entry in settings.environment:
            name, _, value = entry.partition("=")
            self.change_environment(name, value)
        self.stale = False

    @property
    def line(self) -> str:
        """The command as a shell would take it."""
        return shlex.join(self.command.argv) if self.command is not None else ""

    def change_environment(self, name: str, value: str | None) -> None:
        """Set a variable of the program's environment; None takes it out."""
        if self.environment is None:
            self.environment = dict(os.environ)
        if value is None:
            self.environment.pop(name, None)
        else:
            self.environment[name] = value
        self.stale = True


def parse(program: str, text: str) -> Command:
    """Read the arguments of ``run``: words as a shell has them, < > >> 2> for the streams."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars="<>&")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        words = list(lexer)
    except ValueError as error:
        raise CommandError(f"{error}: {text}") from None
    argv = [program]
    streams: list[tuple[str, str, str]] = []
    while words:
        word = words.pop(0)
        if word in ("1", "2") and words and words[0] in (">", ">>"):
            word += words.pop(0)
        if word not in _REDIRECTIONS:
            argv.append(word)
            continue
        if not words:
            raise CommandError(f"A file name is needed after {word}.")
        stream, mode = _REDIRECTIONS[word]
        streams.append((stream, words.pop(0), mode))
    return Command(tuple(argv), tuple(streams))


def spawn(session: Session) -> Process:
    """Start the session's command: it is stopped at its first instruction."""
    command = session.program.command
    if command is None:
        raise CommandError(_NO_PROGRAM)
    with ExitStack() as files:
        opened: dict[str, IO[Any]] = {}
        for stream, path, mode in command.streams:
            try:
                file = files.enter_context(open(os.path.expanduser(path), mode))
            except OSError as error:
                raise CommandError(f"{path}: {error.strerror}.") from None
            names = ("stdout", "stderr") if stream == "both" else (stream,)
            opened.update(dict.fromkeys(names, file))
        process = session.debugger.spawn(
            list(command.argv),
            env=session.program.environment,
            cwd=session.program.cwd,
            stdin=opened.get("stdin"),
            stdout=opened.get("stdout", session.program.output),
            stderr=opened.get("stderr"),
            aslr=not session.options["disable-randomization"],
        )
    session.terminal.adopt(process)
    session.program.fresh = process
    return process


def restart(session: Session, arguments: str | None) -> None:
    """Have the program at its first instruction: as it was started, or started again."""
    old = session.selection.current
    changed = session.program.stale
    if arguments is not None:
        if session.program.command is None:
            raise CommandError(_NO_PROGRAM)
        session.program.command = parse(session.program.command.argv[0], arguments)
        changed = True
    if session.program.fresh is not None and not changed and session.program.fresh.exited is None:
        session.selection.choose_process(session.program.fresh)
        return
    running = old is not None and old.exited is None
    if (
        running
        and session.program.fresh is None
        and not session.confirm(
            "The program being debugged has been started already.\nStart it from the beginning?"
        )
    ):
        raise CommandError("Program not restarted.")
    if running and old is not None:
        session.debugger.kill(old)
    session.program.stale = False
    process = spawn(session)
    session.sources.told()
    session.selection.restart(old, process)


def attach(session: Session, pid: int) -> None:
    """Attach to a process, and show where it is."""
    process = session.debugger.attach(pid)
    session.program.attached.add(pid)
    session.selection.choose_process(process)
    session.console.say(f"Attached to {process.executable}, process {pid}.")
    frames.show_place(session)


def open_core(session: Session, path: str, program: str | None) -> None:
    """Look at a core file: registers, stacks and memory, but nothing runs."""
    # It has all that is asked of a process that stands still.
    process: Any = PostmortemProcess(path, program=program, cache=session.debugger.images)
    session.program.is_core = True
    session.selection.choose_process(process)
    session.console.say(f"Core was generated by `{process.arguments or process.executable}'.")
    if process.signal:
        text = words.signal_text(process.signal)
        session.console.say(f"Program terminated with signal {text}.")
    frames.show(session, session.frame, level=True)


def ended(session: Session, process: Process) -> None:
    """A process is debugged no longer: select another one, if there is any."""
    session.program.attached.discard(process.pid)
    if session.program.fresh is process:
        session.program.fresh = None
    others = [one for one in session.debugger.processes.values() if one is not process]
    session.selection.choose_process(others[0] if others else None)
