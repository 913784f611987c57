"""The terminal that the debugger and its program share.

A program that reads the terminal must be in its foreground process group, and so must the
debugger at its prompt.  So a program that we start at a terminal gets a process group of its own,
which is in the foreground, with the modes that it has set, while the program runs.  Ctrl-C then
interrupts the program and not us (see "Terminal access control" in setpgid(2), tcsetpgrp(3)).
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from seize.errors import SeizeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeAlias

    from seize.debug import Process

    Modes: TypeAlias = list[Any]


class JobControl:
    """Lends the terminal to the program that runs; nothing is done where there is none."""

    def __init__(self, *, wanted: bool = True) -> None:
        self._descriptor = _terminal() if wanted else None
        self._groups: set[int] = set()
        self._modes: dict[int, Modes] = {}
        self._lent = False

    def adopt(self, process: Process) -> None:
        """Give a process that we have started a process group of its own."""
        if self._descriptor is None:
            return
        try:
            process.syscall("setpgid", 0, 0)
        except (SeizeError, OSError):
            # It shares our group then, and Ctrl-C reaches both.
            return
        self._groups.add(process.pid)

    @contextmanager
    def lent(self, process: Process | None) -> Iterator[None]:
        """Let a process have the terminal while it runs."""
        if self._descriptor is None or process is None or process.pid not in self._groups:
            yield
            return
        group = process.pid
        ours = self._get_modes()
        self._give(group, self._modes.get(group))
        self._lent = True
        try:
            yield
        finally:
            self._modes[group] = self._get_modes()
            self._give(os.getpgrp(), ours)
            self._lent = False

    def take_back(self) -> None:
        """Be in the foreground again, whatever has happened."""
        if self._lent:
            self._give(os.getpgrp(), None)
            self._lent = False

    def leave(self, process: Process) -> None:
        """Let a process that goes on without us keep the terminal, as it had it."""
        if self._descriptor is not None and process.pid in self._groups:
            self._groups.discard(process.pid)

    def _give(self, group: int, modes: Modes | None) -> None:
        import termios

        assert self._descriptor is not None
        # tcsetpgrp from the background would stop us.
        before = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        try:
            os.tcsetpgrp(self._descriptor, group)
            if modes:
                termios.tcsetattr(self._descriptor, termios.TCSANOW, modes)
        except (OSError, termios.error):
            # The group has ended, or the terminal was hung up: there's nobody to lend it to.
            return
        finally:
            signal.signal(signal.SIGTTOU, before)

    def _get_modes(self) -> Modes:
        import termios

        assert self._descriptor is not None
        try:
            return list(termios.tcgetattr(self._descriptor))
        except (OSError, termios.error):
            return []


def _terminal() -> int | None:
    """Our standard input if it is a terminal whose foreground group is ours; else None."""
    if sys.stdin is None:
        return None
    try:
        descriptor = sys.stdin.fileno()
        if os.tcgetpgrp(descriptor) == os.getpgrp():
            return descriptor
    except (OSError, ValueError):
        # No terminal, or not ours: there is nothing to lend.
        return None
    return None
