"""Source files: where they are, and their lines."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from seize.terminal.table import CommandError

if TYPE_CHECKING:
    from typing import Protocol

    class Located(Protocol):
        """What has a file and a line: a frame, or a place."""

        @property
        def file(self) -> str:
            """The file, as the compiler was told it; "" if unknown."""

        @property
        def path(self) -> str:
            """Its whole path; "" if unknown."""

        @property
        def line(self) -> int:
            """The line's number; 0 if unknown."""


class Sources:
    """The lines of source files, each read once.

    A file is looked for where the debug information says it was compiled, then under each of the
    folders of ``directory``, by its last parts.
    """

    def __init__(self) -> None:
        self.folders: list[str] = []
        self._lines: dict[str, list[str] | None] = {}
        self._missed: set[str] = set()

    def lines(self, file: str) -> list[str] | None:
        """The lines of a file as the debug information names it; None if it isn't to be found."""
        if file not in self._lines:
            self._lines[file] = _read(self.path(file))
        return self._lines[file]

    def path(self, file: str) -> str | None:
        """Where a file is; None if it isn't to be found."""
        parts = file.split("/")
        candidates = [file]
        for folder in self.folders:
            candidates += [
                os.path.join(folder, *parts[start:])
                for start in range(1 if file.startswith("/") else 0, len(parts))
            ]
        for candidate in candidates:
            if os.path.isfile(candidate):
                return candidate
        return None

    def line(self, frame: Located, number: int) -> str | None:
        """One line of a frame's file; None if it isn't there."""
        path = full_name(frame)
        lines = self.lines(path) if path else None
        if lines is None or not 1 <= number <= len(lines):
            return None
        return lines[number - 1]

    def missing(self, file: str) -> str:
        """What to show in the place of a line of a file that isn't there: the first time, why."""
        if file in self._missed:
            return f"in {file}"
        self._missed.add(file)
        return f"{file}: No such file or directory."

    def told(self) -> None:
        """Tell again of each file why it isn't shown."""
        self._missed.clear()

    def add(self, folders: list[str]) -> None:
        """Look in these folders first."""
        fresh = [os.path.abspath(os.path.expanduser(folder)) for folder in folders]
        self.folders[:0] = [folder for folder in fresh if folder not in self.folders]
        self.forget()

    def forget(self) -> None:
        """Read files again when they are needed."""
        self._lines.clear()


def full_name(place: Located) -> str:
    """A place's file with the folder in which it was compiled; "" if it isn't known."""
    return place.path or place.file


def _read(path: str | None) -> list[str] | None:
    if path is None:
        return None
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().split("\n")
    except OSError:
        # It is there and can't be read: the same to us as a file that isn't there.
        return None


class Listing:
    """Where ``list`` goes on."""

    def __init__(self) -> None:
        self.file: str | None = None
        self.first = 0
        self.last = 0
        self.center: int | None = None

    def around(self, place: Located) -> None:
        """Let the next ``list`` show the lines around a place."""
        self.file = full_name(place)
        self.center = place.line

    def show(self, sources: Sources, first: int, last: int) -> list[str]:
        """The numbered lines ``first`` to ``last``; CommandError if there are none."""
        if self.file is None:
            raise CommandError('No symbol table is loaded.  Use the "file" command.')
        lines = sources.lines(self.file)
        if lines is None:
            raise CommandError(f"{first}\tin {self.file}: No such file or directory.")
        count = len(lines) - (1 if lines and not lines[-1] else 0)
        first = max(first, 1)
        if first > count:
            name = os.path.basename(self.file)
            raise CommandError(f'Line number {first} out of range; "{name}" has {count} lines.')
        last = min(last, count)
        self.first, self.last, self.center = first, last, None
        return [f"{number}\t{lines[number - 1]}" for number in range(first, last + 1)]
