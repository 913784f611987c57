"""The line number information of one unit: DWARF 2 to 5, section 6.2."""

from __future__ import annotations

from bisect import bisect_right

from seize.stacks.reading import Cursor, Malformed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Run = tuple[int, int, list[int], list[tuple[int, int, int]]]

IS_STMT, DISCRIMINATED = 1, 2
"""Flags of a row: a place for breakpoints; one of several blocks of its line."""
_PATH, _DIRECTORY = 1, 2
_MOST_ROWS = 1 << 20
_LONGEST = 1 << 25
_LOOK_BACK = 64
"""How many runs of addresses are looked through: they may overlap."""

_STRING, _BLOCK, _UDATA, _STRP, _LINE_STRP = 0x08, 0x09, 0x0F, 0x0E, 0x1F
_FIXED_FORMS = {0x0B: 1, 0x05: 2, 0x06: 4, 0x07: 8, 0x1E: 16}


class LineProgram:
    """The line table of one unit.

    ``sections`` are the contents of .debug_line, .debug_line_str and .debug_str by name,
    ``offset`` where the unit begins, ``folder`` the unit's compilation directory (which from
    DWARF 5 on the table has itself), ``word`` the size of an address.  With ``only_names`` the
    program isn't carried out: only the names of the files are known.
    """

    def __init__(
        self,
        sections: Mapping[str, bytes],
        offset: int,
        folder: str,
        word: int,
        *,
        only_names: bool = False,
    ) -> None:
        self._sections = sections
        self._word = word
        cursor = Cursor(sections[".debug_line"], offset)
        length, self._offset_size = cursor.initial_length()
        if length > _LONGEST:
            raise Malformed(f"line numbers of {length} bytes")
        cursor = Cursor(cursor.data, cursor.position, cursor.position + length)
        self.version = cursor.unsigned(2)
        if not 2 <= self.version <= 5:
            raise Malformed(f"line numbers of version {self.version}")
        if self.version == 5:
            self._word = cursor.byte()
            cursor.byte()
        program = cursor.unsigned(self._offset_size)
        program += cursor.position
        self._least = cursor.byte()
        if self.version >= 4:
            # Operations for each instruction: one but on VLIW machines.
            cursor.byte()
        self._default_is_stmt = IS_STMT if cursor.byte() else 0
        self._base, self._range = cursor.signed(1), cursor.byte()
        self._lengths = cursor.take(max(cursor.byte() - 1, 0))
        if not self._range:
            raise Malformed("line numbers that never advance")
        self._folders: list[str] = []
        self._files: list[tuple[str, int]] = []
        if self.version == 5:
            self._read_tables(cursor)
        else:
            self._read_lists(cursor, folder)
        cursor.position = Cursor(cursor.data, program, cursor.end).position
        self.runs: list[Run] = []
        """Runs of addresses: where each begins and ends, and its (file, line, flags) by address."""
        if not only_names:
            self._run(cursor)
        self.runs.sort(key=lambda run: run[0])
        self._starts = [run[0] for run in self.runs]

    def find(self, address: int) -> tuple[str, int] | None:
        """The source file and the line of an address; None if this unit doesn't tell."""
        last = bisect_right(self._starts, address) - 1
        for index in range(last, max(last - _LOOK_BACK, -1), -1):
            _, end, addresses, rows = self.runs[index]
            if address < end:
                number, line, _ = rows[bisect_right(addresses, address) - 1]
                # Line 0 is code that belongs to no line.
                return (self._path(number), line) if line else None
        return None

    # ------------------------------------------------------------------ names

    def file_count(self) -> int:
        """One more than the highest number of a file."""
        return len(self._files) + (self.version != 5)

    def file_name(self, number: int) -> str:
        """The name of a file as the compiler was told it; gdb shows the same."""
        index = number if self.version == 5 else number - 1
        if not 0 <= index < len(self._files):
            return "??"
        name, folder = self._files[index]
        if name.startswith("/") or folder >= len(self._folders):
            return name
        path = self._folders[folder]
        if not folder:
            # From DWARF 5 on that is the directory of the compiler itself.
            is_main = (name, folder) == self._files[0] and path.startswith("/")
            return name if self.version < 5 or is_main else f"{path}/{name}"
        return f"{path}/{name}"

    def _path(self, number: int) -> str:
        index = number if self.version == 5 else number - 1
        if not 0 <= index < len(self._files):
            return "??"
        name, folder = self._files[index]
        if name.startswith("/") or folder >= len(self._folders):
            return name
        path = self._folders[folder]
        if folder and not path.startswith("/") and self._folders[0]:
            path = f"{self._folders[0]}/{path}"
        return f"{path}/{name}" if path else name

    def _read_lists(self, cursor: Cursor, folder: str) -> None:
        """Read the directories and files of DWARF 2 to 4."""
        self._folders.append(folder)
        while name := cursor.cstring():
            self._folders.append(_text(name))
        while name := cursor.cstring():
            self._files.append((_text(name), cursor.uleb()))
            cursor.uleb()
            cursor.uleb()

    def _read_tables(self, cursor: Cursor) -> None:
        """Read the directories and files of DWARF 5."""
        self._folders += [name for name, _ in self._entries(cursor)]
        self._files += self._entries(cursor)

    def _entries(self, cursor: Cursor) -> list[tuple[str, int]]:
        format_ = [(cursor.uleb(), cursor.uleb()) for _ in range(cursor.byte())]
        count = cursor.uleb()
        if count > cursor.end - cursor.position:
            raise Malformed(f"{count} files in {cursor.end - cursor.position} bytes")
        found = []
        for _ in range(count):
            name, folder = "", 0
            for kind, form in format_:
                value = self._value(cursor, form)
                if kind == _PATH and isinstance(value, bytes):
                    name = _text(value)
                elif kind == _DIRECTORY and isinstance(value, int):
                    folder = value
            found.append((name, folder))
        return found

    def _value(self, cursor: Cursor, form: int) -> int | bytes:
        if form == _STRING:
            return cursor.cstring()
        if form in (_LINE_STRP, _STRP):
            section = ".debug_line_str" if form == _LINE_STRP else ".debug_str"
            return Cursor(self._sections[section], cursor.unsigned(self._offset_size)).cstring()
        if form == _UDATA:
            return cursor.uleb()
        if form == _BLOCK:
            return cursor.take(cursor.uleb())
        if form in _FIXED_FORMS:
            return cursor.unsigned(_FIXED_FORMS[form])
        raise Malformed(f"a file in the form {form:#x}")

    # ------------------------------------------------------------------ the program

    def _run(self, cursor: Cursor) -> None:
        """Carry out the line number program."""
        first_special = len(self._lengths) + 1
        base, range_, least = self._base, self._range, self._least
        address, file, line = 0, 1, 1
        addresses: list[int] = []
        rows: list[tuple[int, int, int]] = []
        flags = self._default_is_stmt
        count = 0
        while cursor.position < cursor.end:
            operation = cursor.byte()
            if operation >= first_special:
                advance, step = divmod(operation - first_special, range_)
                address += advance * least
                line += base + step
            elif operation == 0x02:
                address += cursor.uleb() * least
                continue
            elif operation == 0x03:
                line += cursor.sleb()
                continue
            elif operation == 0x04:
                file = cursor.uleb()
                continue
            elif operation == 0x08:
                address += (255 - first_special) // range_ * least
                continue
            elif operation == 0x09:
                address += cursor.unsigned(2)
                continue
            elif operation == 0x00:
                kind, inner = self._extended(cursor)
                if kind == 0x02:
                    address = inner.unsigned(self._word)
                elif kind == 0x01:
                    self._end_of_run(addresses, rows, address)
                    addresses, rows, address, file, line = [], [], 0, 1, 1
                    flags = self._default_is_stmt
                elif kind == 0x04:
                    flags = flags & IS_STMT | (DISCRIMINATED if inner.uleb() else 0)
                continue
            elif operation == 0x06:
                flags ^= IS_STMT
                continue
            elif operation != 0x01:
                for _ in range(self._lengths[operation - 1]):
                    cursor.uleb()
                continue
            addresses.append(address)
            rows.append((file, line, flags))
            flags &= IS_STMT
            count += 1
            if count > _MOST_ROWS:
                raise Malformed("endless line numbers")

    def _extended(self, cursor: Cursor) -> tuple[int, Cursor]:
        """Read an extended operation: its kind, and what follows."""
        data = cursor.take(cursor.uleb())
        if not data:
            raise Malformed("an empty operation")
        return data[0], Cursor(data, 1)

    def _end_of_run(self, addresses: list[int], rows: list[tuple[int, int, int]], end: int) -> None:
        # A run at 0 is of a function that the linker has left out.
        ascending = all(map(_not_after, addresses, addresses[1:]))
        if addresses and addresses[0] and ascending and addresses[-1] <= end:
            self.runs.append((addresses[0], end, addresses, rows))


def _not_after(first: int, second: int) -> bool:
    return first <= second


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")
