"""What the server says to its own user, on standard error (where gdbserver says it too)."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """Write a line; nobody is told if standard error is closed."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except BrokenPipeError:
        # Whoever read it has gone: that is no reason to end the session.
        return


def show(text: str) -> None:
    """Write what a program's breakpoints print, on standard output, as gdbserver does."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        return
