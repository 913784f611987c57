"""Where lines go."""

from __future__ import annotations

import os
import sys

from seize.errors import SeizeError


class OutputError(SeizeError):
    """The trace can't be written: a full disk, a closed pipe."""


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of ``data``, also where somebody has made the open file non-blocking.

    A terminal or a pipe is shared: any program that has it, the tracee first of all, may have
    set O_NONBLOCK on it.
    """
    while data:
        try:
            data = data[os.write(descriptor, data) :]
        except BlockingIOError:
            from select import POLLOUT, poll

            waiting = poll()
            waiting.register(descriptor, POLLOUT)
            waiting.poll()


def complain(text: str) -> None:
    """Write a message to standard error, if there is one."""
    if sys.stderr is not None:
        sys.stderr.flush()
        write_all(sys.stderr.fileno(), text.encode("utf-8", "backslashreplace"))


class Output:
    """Writes text to a file, or to standard error, at once: nothing is ever held back.

    A tracer may be killed at any moment, and a blocked call should be seen while it is blocked.
    """

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._is_ours = path is not None or sys.stderr is None
        if path is None and sys.stderr is not None:
            self._fd = sys.stderr.fileno()
            return
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
        try:
            # Whoever closed our standard error wants to see nothing.
            self._fd = os.open(os.devnull if path is None else path, flags, 0o666)
        except OSError as error:
            raise OutputError(f"can't write '{path}': {error.strerror}") from error

    def write(self, text: str) -> None:
        """Write all of ``text``; OutputError if that isn't possible."""
        data = text.encode("utf-8", "surrogateescape")
        try:
            write_all(self._fd, data)
        except OSError as error:
            where = "standard error" if self._path is None else f"'{self._path}'"
            raise OutputError(f"can't write to {where}: {error.strerror}") from error

    def close(self) -> None:
        """Close the file."""
        if self._is_ours:
            os.close(self._fd)
