"""The results of a sweep as they come, in a file of JSON Lines from which it can be taken up."""

from __future__ import annotations

import fcntl
import json
import os

from seize.errors import SeizeError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from io import TextIOWrapper
    from typing import Any

    from seize.sweep.settings import Settings

    Record = dict[str, Any]

_FORMAT = 1


def _header(settings: Settings) -> Record:
    return {
        "sweep": _FORMAT,
        "command": list(settings.command),
        "directory": settings.directory,
        "setup": settings.setup,
        "check": settings.check,
    }


def _open(path: str) -> TextIOWrapper:
    """Open the file, made if need be, for this sweep alone."""
    if os.path.exists(path) and not os.path.isfile(path):
        raise UsageError(f"'{path}' is no file of results")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        file = open(descriptor, "r+", encoding="utf-8")  # noqa: SIM115
    except OSError as error:
        raise SeizeError(f"can't write '{path}': {os.strerror(error.errno or 0)}") from error
    try:
        # A lock of this process: the runs that are forked off don't have it.
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise UsageError(f"another sweep writes to '{path}'") from error
    return file


class State:
    """A file of results: the first line is what was asked, then one line for each run.

    ``results`` are the records of an earlier sweep by key.  A last line that isn't whole (the
    sweep was killed) is forgotten.
    """

    def __init__(self, settings: Settings) -> None:
        self.results: dict[str, Record] = {}
        self._file: TextIOWrapper | None = None
        if settings.resume is None:
            return
        self._file = _open(settings.resume)
        header = _header(settings)
        try:
            whole = self._load(settings.resume, bytes(self._file.buffer.read()), header)
        except UsageError:
            self._file.close()
            raise
        self._file.seek(whole)
        self._file.truncate()
        if not whole:
            self._write(header)

    def _load(self, path: str, data: bytes, header: Record) -> int:
        """Take in what there is; return the size of the whole lines."""
        whole = data[: data.rfind(b"\n") + 1]
        if not whole and data:
            raise UsageError(f"'{path}' is no file of results")
        try:
            records = [json.loads(line) for line in whole.splitlines()]
            if records and records.pop(0) != header:
                raise UsageError(f"'{path}' has the results of another command")
            self.results = {record["key"]: record for record in records}
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(f"'{path}' is no file of results") from error
        return len(whole)

    def add(self, record: Record) -> None:
        """Write down a result."""
        self.results[record["key"]] = record
        if self._file is not None:
            self._write(record)

    def _write(self, record: Record) -> None:
        if self._file is not None:
            try:
                self._file.write(json.dumps(record) + "\n")
                self._file.flush()
            except OSError as error:
                why = os.strerror(error.errno or 0)
                raise SeizeError(f"can't write '{self._file.name}': {why}") from error

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
