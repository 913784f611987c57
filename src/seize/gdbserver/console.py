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
    except OSError:
        # Its reader or its terminal has gone, or the disk is full: no reason to end the session.
        return


def show(text: str) -> None:
    """Write what a program's breakpoints print, on standard output, as gdbserver does.

    Each character of ``text`` is a byte of the program's (latin-1), whatever that means there.
    """
    if sys.stdout is None:
        return
    try:
        sys.stdout.buffer.write(text.encode("latin-1", "replace"))
        sys.stdout.flush()
    except OSError:
        # As above.
        return
