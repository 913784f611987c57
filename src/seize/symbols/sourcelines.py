"""The lines of one unit, as a debugger needs them: both ways, and as blocks.

A block is what one row of the line table covers.  Which rows count, and where a block ends, is
told as gdb tells it, so that a breakpoint or a step leads to the same address: rows of another
file begin a block too, of several rows at one address the last counts, and a row that is no
statement is no place to stop at.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from seize._frozen import frozen
from seize.stacks.lineprogram import DISCRIMINATED, IS_STMT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.stacks.lineprogram import LineProgram


@frozen
class Row:
    """From ``address`` on the code is of ``line`` in file number ``file``; of none if it is 0."""

    address: int
    file: int
    line: int
    is_stmt: bool


@frozen
class Block:
    """The code from ``start`` to ``end`` (exclusive): one piece of a line."""

    start: int
    end: int
    file: int
    line: int
    is_stmt: bool


class UnitLines:
    """The line table of one unit, by addresses of the image."""

    def __init__(self, program: LineProgram) -> None:
        self.program = program
        rows = [row for run in program.runs for row in _rows_of(run)]
        # The sort is stable; an end comes before what begins at the same address.
        rows.sort(key=lambda row: (row.address, row.line != 0))
        self.rows = rows
        self._addresses = [row.address for row in rows]

    def block(self, address: int) -> Block | None:
        """The piece of a line that an address is in; None where the unit tells none."""
        addresses, rows = self._addresses, self.rows
        after = bisect_right(addresses, address)
        if not after or not rows[after - 1].line:
            return None
        row = rows[after - 1]
        for index in range(after - 1, bisect_left(addresses, row.address) - 1, -1):
            other = rows[index]
            if other.is_stmt and other.file == row.file and other.line:
                row = other
                break
        end = addresses[after] if after < len(addresses) else row.address + 1
        return Block(row.address, end, row.file, row.line, row.is_stmt)

    def addresses_of(self, files: set[int], line: int) -> list[Row]:
        """The statements of exactly this line in any of the files."""
        return [row for row in self.rows if row.line == line and row.file in files and row.is_stmt]

    def next_line(self, files: set[int], line: int) -> int | None:
        """The next line that has a statement, from ``line`` on."""
        lines = [r.line for r in self.rows if r.line >= line and r.file in files and r.is_stmt]
        return min(lines, default=None)


def _rows_of(run: tuple[int, int, list[int], list[tuple[int, int, int]]]) -> Iterator[Row]:
    """The rows of one run of addresses that count."""
    _, end, addresses, raw = run
    found: list[Row] = []
    file = line = last_line = -1
    was_discriminated = False
    stmt_here, here = False, -1
    for address, (number, row_line, flags) in zip(addresses, raw, strict=True):
        is_stmt = bool(flags & IS_STMT)
        discriminated = bool(flags & DISCRIMINATED)
        was_discriminated = discriminated or (was_discriminated and row_line == line)
        line = row_line
        if address != here:
            here, stmt_here = address, False
        changed = number != file
        if row_line and not (changed and not is_stmt and stmt_here):
            if changed:
                # What another file has at this very address takes no room.
                while found and found[-1].address == address:
                    found.pop()
            if changed or row_line != last_line or not was_discriminated:
                found.append(Row(address, number, row_line, is_stmt))
            file, last_line = number, row_line
        stmt_here = stmt_here or is_stmt
    while found and found[-1].address == end:
        found.pop()
    found.append(Row(end, 0, 0, True))
    return iter(found)
