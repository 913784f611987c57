"""A session from its beginning to its end."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from seize.debug.ending import orderly
from seize.errors import SeizeError
from seize.terminal import starting
from seize.terminal.console import Console
from seize.terminal.repl import Repl
from seize.terminal.session import Quit, Session

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from seize.terminal.settings import Settings


def debug(settings: Settings) -> int:
    """Debug what the settings say; return the exit status.

    The status is 0, that of ``quit``, or 1 where a script failed.  What was started is killed at
    the end, what was attached to goes on.
    """
    from seize.terminal import commands

    assert commands.__all__
    session = Session(settings, Console(json=settings.json))
    before = signal.signal(signal.SIGINT, _interrupter(session))
    try:
        with orderly():
            struck = True
            try:
                _open(session)
                status = _run(session)
                struck = False
            except Quit as leaving:
                status, struck = leaving.status, False
            finally:
                # Ctrl-C doesn't keep us from leaving the program as we should.
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                session.close(recover=struck)
            return status
    finally:
        signal.signal(signal.SIGINT, before)


def _interrupter(session: Session) -> Callable[[int, FrameType | None], None]:
    def interrupt(number: int, frame: FrameType | None) -> None:
        """Ctrl-C stops the program if it runs; else it ends what the debugger is doing.

        While a prompt is being set up there is nothing to end.
        """
        if session.is_running:
            session.interrupted = True
            session.debugger.wake()
        elif not session.is_prompting:
            raise KeyboardInterrupt

    return interrupt


def _open(session: Session) -> None:
    """Start the command, attach to the process, or read the core file."""
    settings = session.settings
    if settings.quiet:
        session.console.sink = _forget
    if settings.core:
        program = settings.argv[0] if settings.argv else None
        starting.open_core(session, settings.core, program)
    elif settings.pid:
        starting.attach(session, settings.pid)
    elif settings.argv:
        session.selection.choose_process(starting.spawn(session))
    session.console.sink = None
    if session.console.json:
        text = session.console.collected()
        process = session.selection.current
        pid = process.pid if process is not None else None
        session.console.emit("start", pid=pid, version=1, text=text)


def _forget(text: str) -> None:
    """Take what is written at the beginning, and tell it nobody."""


def _run(session: Session) -> int:
    """Do the scripts, then what is typed."""
    for kind, text in session.settings.script:
        if kind == "command":
            session.execute(text)
        else:
            _source(session, text)
    if not session.settings.batch:
        Repl(session).loop()
        return 0
    return 1 if session.failed else 0


def _source(session: Session, path: str) -> None:
    try:
        session.source(path)
    except (SeizeError, OSError) as error:
        session.fail(str(error), f"source {path}")
