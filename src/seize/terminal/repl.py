"""Reading lines: at a terminal with history and completion, or plain ones from a pipe."""

from __future__ import annotations

import os
import sys
import threading
from functools import partial
from typing import TYPE_CHECKING

from seize.terminal import table
from seize.terminal.session import INTERRUPT
from seize.terminal.table import CommandError

_LOOK_EVERY, _LOOK_FOR = 0.1, 0.005
"""Seconds between two looks at what runs in the background, and for a look."""

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from seize.terminal.session import Session


class Repl:
    """Reads lines and does what they say; an empty line repeats what can be repeated."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._repeat = ""

    def loop(self) -> None:
        """Go on until the end of the input."""
        session = self._session
        session.input = self._prompting() if _is_terminal() else self._plain()
        for line in session.input:
            self.take(line)

    def take(self, line: str) -> None:
        """Do what a typed line says."""
        if line == INTERRUPT:
            return
        if not line.strip():
            line = self._repeat
        if line:
            self._repeat = repeated(line)
            self._session.execute(line)

    def _plain(self) -> Iterator[str]:
        """The lines of standard input."""
        session = self._session
        is_terminal = sys.stdin is not None and sys.stdin.isatty()
        while sys.stdin is not None:
            if is_terminal and not session.console.json:
                session.console.write(session.prompt)
            line = Reading(session).line() if session.debugger.running else sys.stdin.readline()
            if not line:
                return
            yield line.rstrip("\n")

    def _prompting(self) -> Iterator[str]:
        """The lines that a person types, with history and completion by prompt_toolkit.

        Plain lines where that isn't installed.
        """
        session = self._session
        session.interactive = True
        try:
            import prompt_toolkit
        except ImportError:
            yield from self._plain()
            return
        from seize.terminal.completion import completer

        prompt: Any = prompt_toolkit.PromptSession(
            history=history(), completer=completer(session), complete_while_typing=False
        )
        session.has_screen = True
        if session.settings.tui:
            session.layout = "src"
        while True:
            try:
                session.is_prompting = True
                line = self._typed(prompt)
            except KeyboardInterrupt:
                session.console.say("Quit")
                line = INTERRUPT
            except EOFError:
                line = None
            finally:
                session.is_prompting = False
            if line is not None:
                yield line
            else:
                # As `quit`: it asks, if there is something to lose.
                session.console.say("quit")
                session.execute("quit")

    def _typed(self, prompt: Any) -> str:
        session = self._session
        session.console.sink = None
        if session.layout == "off":
            return str(prompt.prompt(session.prompt, pre_run=self._watch_background))
        from seize.terminal.panes import Screen

        return Screen(session, self, prompt).read()

    def _watch_background(self) -> None:
        """While a line is typed, tell what happens to a program that runs in the background."""
        from prompt_toolkit.application import get_app, run_in_terminal

        session = self._session

        async def watch() -> None:
            import asyncio

            while session.debugger.running:
                await asyncio.sleep(_LOOK_EVERY)
                stop = session.debugger.wait(_LOOK_FOR)
                if stop is not None:
                    await run_in_terminal(partial(session.tell, stop))

        if session.debugger.running:
            get_app().create_background_task(watch())


class Reading:
    """Reads one line in a thread of its own, while the program runs in the background.

    What happens to the program is told meanwhile, by this thread, which traces it.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lines: list[str] = []
        self._thread = threading.Thread(target=self._read, daemon=True)

    def _read(self) -> None:
        self._lines.append(sys.stdin.readline())
        self._session.debugger.wake()

    def line(self) -> str:
        """The line; "" at the end of the input."""
        session = self._session
        self._thread.start()
        while not self._lines and session.debugger.running:
            stop = session.debugger.wait()
            if stop is not None:
                session.tell(stop)
        self._thread.join()
        return self._lines[0]


def repeated(line: str) -> str:
    """What an empty line after this one means: the same, the command alone, or nothing."""
    try:
        found = table.find(line)
    except CommandError:
        return ""
    if found is None or found[0].repeats == "no":
        return ""
    if found[0].repeats == "same":
        return line
    return found[0].name


def _is_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


def history() -> Any:
    """The history file, or a history that is forgotten where there can be none."""
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    path = history_path()
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        # What is typed is nobody else's business.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
        return FileHistory(path)
    except OSError:
        # No home, or it can't be written: the lines are kept while we run.
        return InMemoryHistory()


def history_path() -> str:
    """Where the typed lines are kept: below $XDG_STATE_HOME, or ~/.local/state."""
    state = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
    return os.path.join(state, "seize", "debug_history")
