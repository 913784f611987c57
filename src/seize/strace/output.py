"""Where lines go."""

from __future__ import annotations

import os
import sys

from seize.errors import SeizeError


class OutputError(SeizeError):
    """The trace can't be written: a full disk, a closed pipe."""


class Output:
    """Writes text to a file, or to standard error, at once: nothing is ever held back.

    A tracer may be killed at any moment, and a blocked call should be seen while it is blocked.
    """

    def __init__(self, path: str | None) -> None:
        self._path = path
        if path is None:
            self._fd = sys.stderr.fileno()
            return
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
        try:
            self._fd = os.open(path, flags, 0o666)
        except OSError as error:
            raise OutputError(f"can't write '{path}': {error.strerror}") from error

    def write(self, text: str) -> None:
        """Write all of ``text``; OutputError if that isn't possible."""
        data = text.encode("utf-8", "surrogateescape")
        try:
            written = os.write(self._fd, data)
            while written < len(data):
                data = data[written:]
                written = os.write(self._fd, data)
        except OSError as error:
            where = "standard error" if self._path is None else f"'{self._path}'"
            raise OutputError(f"can't write to {where}: {error.strerror}") from error

    def close(self) -> None:
        """Close the file."""
        if self._path is not None:
            os.close(self._fd)
