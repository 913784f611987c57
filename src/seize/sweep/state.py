"""The results of a sweep as they come, in a file of JSON Lines from which it can be taken up."""

from __future__ import annotations

import json
import os

from seize.errors import SeizeError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TextIO

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


class State:
    """A file of results: the first line is what was asked, then one line for each run.

    ``results`` are the records of an earlier sweep by key.  A last line that isn't whole (the
    sweep was killed) is forgotten.
    """

    def __init__(self, settings: Settings) -> None:
        self.results: dict[str, Record] = {}
        self._file: TextIO | None = None
        path = settings.resume
        if path is None:
            return
        header = _header(settings)
        whole = self._load(path, header)
        try:
            self._file = open(path, "r+" if whole else "w", encoding="utf-8")  # noqa: SIM115
        except OSError as error:
            raise SeizeError(f"can't write '{path}': {os.strerror(error.errno or 0)}") from error
        if whole:
            self._file.truncate(whole)
            self._file.seek(whole)
        else:
            self._write(header)

    def _load(self, path: str, header: Record) -> int:
        """Read what there is; return the size of the whole lines."""
        try:
            with open(path, "rb") as file:
                data = file.read()
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise SeizeError(f"can't read '{path}': {os.strerror(error.errno or 0)}") from error
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
            self._file.write(json.dumps(record) + "\n")
            self._file.flush()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
