"""Counting calls, errors and time: strace's -c, -C and their table.

Time is the CPU time that the tracee's process has spent in the kernel between the entry and the
exit of a call, as wait4(2) tells it with each stop, or the time that has passed (-w).
"""

from __future__ import annotations

from time import perf_counter_ns

from seize.arch import native
from seize.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable
    from typing import Any, Protocol

    from seize.strace.settings import Settings

    class Counted(Protocol):
        """A call that is over, as far as counting goes."""

        name: str
        number: int
        arch_name: str
        failed: bool


_ALIASES = {
    "time-percent": ("time",),
    "total-time": ("time-total",),
    "min-time": ("shortest", "time-min"),
    "max-time": ("longest", "time-max"),
    "avg-time": ("time-avg",),
    "wall-time-percent": (),
    "wall-total-time": ("wall-total", "wall-time-total"),
    "wall-min-time": ("wall-min", "wall-time-min"),
    "wall-max-time": ("wall-max", "wall-time-max"),
    "wall-avg-time": ("wall-avg", "wall-time-avg"),
    "calls": ("count",),
    "errors": ("error",),
    "name": ("syscall", "syscall-name"),
}
COLUMNS = {word: column for column, aliases in _ALIASES.items() for word in (column, *aliases)}
"""What ``-U`` takes -> the column's name."""
DEFAULT_COLUMNS = ("time-percent", "total-time", "avg-time", "calls", "errors", "name")
NOTHING = "nothing"
_SORTS = {**COLUMNS, NOTHING: NOTHING, "none": NOTHING}

_HEADERS = {
    "time-percent": ("% time", 6),
    "total-time": ("seconds", 11),
    "min-time": ("shortest", 8),
    "max-time": ("longest", 8),
    "avg-time": ("usecs/call", 11),
    "wall-time-percent": ("% wall", 6),
    "wall-total-time": ("wall-seconds", 12),
    "wall-min-time": ("wall-min", 8),
    "wall-max-time": ("wall-max", 8),
    "wall-avg-time": ("wall-usecs/call", 15),
    "calls": ("calls", 9),
    "errors": ("errors", 9),
    "name": ("syscall", 16),
}
"""Column -> its heading, and the least width."""
MODES = {"x86_64": "64 bit", "i386": "32 bit", "aarch64": "64 bit"}


def columns_of(words: Iterable[str]) -> tuple[str, ...]:
    """The columns that ``-U`` asks for; the name comes last where it wasn't asked for."""
    found: list[str] = []
    rest = list(words)
    while rest:
        column = COLUMNS.get(rest[0])
        if column is None:
            raise UsageError(f"unknown column name: '{rest[0]}'")
        if column in found:
            raise UsageError(
                f"call summary column has been provided more than once: '{rest[0]}' "
                f"(-U option residual: '{','.join(rest)}')"
            )
        found.append(column)
        del rest[0]
    if not found:
        return DEFAULT_COLUMNS
    return tuple(found) if "name" in found else (*found, "name")


def sort_of(word: str) -> str:
    """The column that ``-S`` sorts by, or "nothing"."""
    if word not in _SORTS:
        raise UsageError(f"invalid sortby: '{word}'")
    return _SORTS[word]


class Spent:
    """Nanoseconds: of all calls together, the shortest and the longest."""

    __slots__ = ("longest", "shortest", "total")

    def __init__(self, total: int = 0, shortest: int = 1 << 62, longest: int = 0) -> None:
        self.total, self.shortest, self.longest = total, shortest, longest

    def add(self, nanoseconds: int) -> None:
        """Count one call."""
        self.total += nanoseconds
        self.shortest = min(self.shortest, nanoseconds)
        self.longest = max(self.longest, nanoseconds)

    def join(self, other: Spent) -> None:
        """Count the calls of another one, too."""
        self.total += other.total
        self.shortest = min(self.shortest, other.shortest)
        self.longest = max(self.longest, other.longest)

    def to_json(self) -> dict[str, float]:
        """Seconds."""
        parts = {"total": self.total, "shortest": self.shortest, "longest": self.longest}
        return {name: nanoseconds / 1e9 for name, nanoseconds in parts.items()}


class Row:
    """The calls of one name."""

    __slots__ = ("calls", "errors", "name", "number", "system", "wall")

    def __init__(self, name: str, number: int = 0) -> None:
        self.name = name
        self.number = number
        self.calls = self.errors = 0
        self.system, self.wall = Spent(), Spent()

    def join(self, other: Row) -> None:
        """Count the calls of another one, too."""
        self.calls += other.calls
        self.errors += other.errors
        self.system.join(other.system)
        self.wall.join(other.wall)

    def to_json(self) -> dict[str, Any]:
        """What JSON tells of them."""
        made = {"name": self.name, "number": self.number, "calls": self.calls}
        times = {"system": self.system.to_json(), "wall": self.wall.to_json()}
        return {**made, "errors": self.errors, **times}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Row:
        """The row that ``to_json`` has told."""
        row = cls(found["name"], found["number"])
        row.calls, row.errors = found["calls"], found["errors"]
        for spent, key in ((row.system, "system"), (row.wall, "wall")):
            for name in ("total", "shortest", "longest"):
                setattr(spent, name, round(found[key][name] * 1e9))
        return row


class Summary:
    """Counts the calls of one trace; ``system_time`` tells the stopped process's nanoseconds."""

    def __init__(self, settings: Settings, system_time: Callable[[], int] = lambda: 0) -> None:
        self._columns = columns_of(settings.summary_columns)
        self._sort = sort_of(settings.summary_sort)
        self._wall = settings.summary_wall
        self._overhead = round((settings.summary_overhead or 0.0) * 1e9)
        self._system_time = system_time
        self._begun: dict[Hashable, tuple[int, int]] = {}
        self._rows: dict[tuple[str, str], Row] = {}

    def begin(self, thread: Hashable) -> None:
        """A thread has entered a call."""
        self._begun[thread] = self._system_time(), perf_counter_ns()

    def count(self, thread: Hashable, call: Counted) -> None:
        """A call is over."""
        wall, system = perf_counter_ns(), self._system_time()
        begun_system, begun_wall = self._begun.pop(thread, (system, wall))
        key = call.arch_name, call.name
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = Row(call.name, call.number)
        row.calls += 1
        row.errors += call.failed
        row.system.add(max(system - begun_system - self._overhead, 0))
        row.wall.add(max(wall - begun_wall - self._overhead, 0))

    def forget(self, thread: Hashable) -> None:
        """A thread is gone; the call that it was in doesn't count."""
        self._begun.pop(thread, None)

    # ------------------------------------------------------------------ what came of it

    def to_json(self) -> dict[str, Any]:
        """The summary as one object for JSON."""
        found: dict[str, list[dict[str, Any]]] = {}
        for arch_name, rows in self._by_arch():
            found[arch_name] = [row.to_json() for row in self._sorted(rows)]
        clock = "wall" if self._wall else "system"
        how = {"clock": clock, "sort": self._sort, "columns": list(self._columns)}
        return {"type": "summary", **how, "calls": found}

    def load(self, found: dict[str, Any]) -> None:
        """Take in what ``to_json`` has told."""
        self._wall = found["clock"] == "wall"
        self._sort = sort_of(found["sort"])
        self._columns = columns_of(found["columns"])
        for arch_name, rows in found["calls"].items():
            for told in rows:
                self._rows[arch_name, told["name"]] = Row.from_json(told)

    def _by_arch(self) -> list[tuple[str, list[Row]]]:
        """The rows of each machine, our own one first."""
        arches = sorted({arch for arch, _ in self._rows}, key=lambda arch: arch != native().name)
        return [
            (arch, [row for (name, _), row in self._rows.items() if name == arch])
            for arch in arches
        ]

    def text(self) -> str:
        """The tables, each line ended; empty if nothing was counted."""
        parts = []
        for arch_name, rows in self._by_arch():
            if arch_name != native().name:
                parts.append(f"System call usage summary for {MODES[arch_name]} mode:\n")
            parts.append(self._table(rows))
        return "".join(parts)

    def _main(self, row: Row) -> Spent:
        return row.wall if self._wall else row.system

    def _value(self, row: Row, column: str) -> int:
        """What a row is sorted by."""
        if column in ("calls", "errors"):
            count: int = getattr(row, column)
            return count
        spent = row.wall if column.startswith("wall-") else self._main(row)
        what = column.removeprefix("wall-")
        if what == "avg-time":
            return spent.total // row.calls
        if what == "min-time":
            return spent.shortest
        return spent.longest if what == "max-time" else spent.total

    def _sorted(self, rows: list[Row]) -> list[Row]:
        """The rows in order; the numbers of the calls decide where all else is equal."""
        ordered = sorted(rows, key=lambda row: row.number)
        if self._sort == "name":
            ordered.sort(key=lambda row: row.name)
        elif self._sort != NOTHING:
            ordered.sort(key=lambda row: -self._value(row, self._sort))
        return ordered

    def _table(self, rows: list[Row]) -> str:
        total = Row("total")
        for row in rows:
            total.join(row)
        lines = [self._cells(row, total) for row in self._sorted(rows)]
        last = self._cells(total, total)
        widths = self._widths([*lines, last], rows)
        rule = ["-" * width for width in widths]
        headings = [_HEADERS[column][0] for column in self._columns]
        table = [headings, rule, *lines, rule, last]
        return "".join([self._line(cells, widths) for cells in table])

    def _widths(self, lines: list[list[str]], rows: list[Row]) -> list[int]:
        widths = []
        for index, column in enumerate(self._columns):
            longest = max(len(cells[index]) for cells in lines)
            # The dashes under the names are one more than the longest of them.
            longest += column == "name"
            widths.append(max(_HEADERS[column][1], longest))
        return widths

    def _line(self, cells: list[str], widths: list[int]) -> str:
        pairs = zip(self._columns, cells, widths, strict=True)
        parts = [
            f"{cell:<{width}}" if column == "name" else f"{cell:>{width}}"
            for column, cell, width in pairs
        ]
        if self._columns[-1] == "name":
            parts[-1] = cells[-1]
        return " ".join(parts) + "\n"

    def _cells(self, row: Row, total: Row) -> list[str]:
        return [self._cell(row, column, total) for column in self._columns]

    def _cell(self, row: Row, column: str, total: Row) -> str:
        if column == "name":
            return row.name
        value = self._value(row, column)
        if column == "calls":
            return str(value)
        if column == "errors":
            return str(value) if value else ""
        if column.endswith("percent"):
            return _percent(value, self._value(total, column), row is total)
        if column.endswith("avg-time"):
            return str(value // 1000)
        return f"{value / 1e9:.6f}"


def _percent(part: int, whole: int, is_whole: bool) -> str:
    """``12.34``; all of nothing is 100, too."""
    if is_whole:
        return "100.00"
    return f"{100 * part / whole if whole else 0.0:.2f}"
