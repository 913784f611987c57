"""The files that a process runs code from: how to unwind through them, what their functions are."""

from __future__ import annotations

from seize.stacks.cfi import FrameTable
from seize.stacks.debugfiles import ROOT, debug_file, embedded
from seize.stacks.elf import PT_GNU_EH_FRAME, SHT_NOBITS, BytesSource, Elf, open_file
from seize.stacks.reading import Malformed
from seize.stacks.rows import row_at
from seize.stacks.symbols import SymbolTable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.memory import Mapping
    from seize.stacks.backend import CodeMemory
    from seize.stacks.elf import Source
    from seize.stacks.lines import LineTable
    from seize.stacks.rows import Row
    from seize.stacks.symbols import Symbol

_LARGEST_VDSO = 1 << 20
_MOST_MODULES = 256
"""More files aren't held open while tracing: a tracee may map what it likes."""


class Module:
    """One ELF image.  Addresses are the image's own (virtual addresses as linked).

    Everything is read when it is first asked for.  What is malformed counts as missing.
    ``path`` is where it was loaded from, ``debug_root`` where separate debug files are.
    """

    def __init__(self, elf: Elf, path: str, debug_root: str = ROOT) -> None:
        self.elf = elf
        self._path = path
        self._debug_root = debug_root
        self._rows: dict[int, Row | None] = {}
        self._tables: list[FrameTable] | None = None
        self._symbols: dict[int, Symbol | None] = {}
        self._symbol_table: SymbolTable | None = None
        self._detailed: list[SymbolTable] | None = None
        self._debug: Elf | None = None
        self._debug_sought = False
        self._lines: LineTable | None = None
        self._lines_sought = False

    def close(self) -> None:
        """Close its files."""
        self.elf.source.close()
        if self._debug is not None:
            self._debug.source.close()

    # ------------------------------------------------------------------ unwinding

    def row(self, address: int) -> Row | None:
        """How to unwind from an address; None if nothing tells."""
        try:
            return self._rows[address]
        except KeyError:
            row = self._rows[address] = self._find_row(address)
            return row

    def _find_row(self, address: int) -> Row | None:
        if self._tables is None:
            self._tables = _frame_tables(self.elf)
            if not self._tables:
                debug = self.debug
                self._tables = [] if debug is None else _frame_tables(debug)
        for table in self._tables:
            try:
                fde = table.find(address)
                if fde is not None:
                    return row_at(fde, address, self.elf.word)
            except Malformed:
                # As if it weren't described.
                continue
        return None

    # ------------------------------------------------------------------ naming

    def symbol(self, address: int) -> Symbol | None:
        """The function that an address is in; None if the file names none before it.

        The function's size decides, in the file's own tables or in its debug file's.  Where no
        function contains the address, the nearest name before it stands for it.
        """
        try:
            return self._symbols[address]
        except KeyError:
            symbol = self._symbols[address] = self._find_symbol(address)
            return symbol

    def _find_symbol(self, address: int) -> Symbol | None:
        if self._symbol_table is None:
            self._symbol_table = _symbol_table(self.elf)
        nearest = self._symbol_table.nearest(address)
        if nearest is not None and address - nearest.address < nearest.size:
            return nearest
        for table in (self._symbol_table, *self._more_symbols()):
            symbol = table.containing(address)
            if symbol is not None:
                return symbol
        for table in self._more_symbols():
            symbol = table.nearest(address)
            if symbol is not None and (nearest is None or symbol.address > nearest.address):
                nearest = symbol
        return nearest

    def _more_symbols(self) -> list[SymbolTable]:
        """The tables that are not in the file itself."""
        if self._detailed is None:
            images = self.debug, self.embedded
            self._detailed = [_symbol_table(image, True) for image in images if image]
        return self._detailed

    @property
    def embedded(self) -> Elf | None:
        """The image in .gnu_debugdata, which has more names."""
        try:
            return embedded(self.elf)
        except (OSError, Malformed):
            # What is there isn't an image: no more names.
            return None

    def function_bytes(self, address: int, size: int) -> bytes:
        """The code at an address, as the file has it; fewer bytes, or none, if it can't be read."""
        try:
            return self.elf.at_address(address, size)
        except OSError:
            return b""

    @property
    def debug(self) -> Elf | None:
        """The separate debug file."""
        if not self._debug_sought:
            self._debug_sought = True
            try:
                self._debug = debug_file(self.elf, self._path, self._debug_root)
            except (OSError, Malformed):
                # A damaged file is as good as none.
                self._debug = None
        return self._debug

    def line(self, address: int) -> tuple[str, int] | None:
        """The source file and the line that an address was compiled from; None if unknown."""
        if not self._lines_sought:
            from seize.stacks.lines import line_table

            self._lines_sought = True
            self._lines = line_table(self.elf) or line_table(self.debug)
        return None if self._lines is None else self._lines.find(address)


def _symbol_table(elf: Elf, labels: bool = False) -> SymbolTable:
    try:
        return SymbolTable(elf, labels)
    except (OSError, Malformed):
        return SymbolTable(Elf(BytesSource(_EMPTY_IMAGE)))


_EMPTY_IMAGE = b"\x7fELF\x02\x01" + bytes(58)
"""An ELF header that says there is nothing."""


def _frame_tables(elf: Elf) -> list[FrameTable]:
    """The frame descriptions that are really in a file."""
    found = []
    for make in (_eh_frame, _debug_frame):
        try:
            table = make(elf)
        except (OSError, Malformed):
            # The other one may be better.
            continue
        if table is not None:
            found.append(table)
    return found


def _eh_frame(elf: Elf) -> FrameTable | None:
    section = elf.section(".eh_frame")
    header = elf.section(".eh_frame_hdr")
    if section is not None and section.kind != SHT_NOBITS:
        data, address = elf.contents(section), section.address
        if header is None:
            return FrameTable(data, address, elf.word, True)
        return FrameTable(data, address, elf.word, True, elf.contents(header), header.address)
    for segment in elf.segments:
        # Without section headers: the header's segment tells where the other begins.
        if segment.kind == PT_GNU_EH_FRAME:
            start = segment.address
            data = elf.at_address(start)
            return FrameTable(data, start, elf.word, True, data[: segment.file_size], start)
    return None


def _debug_frame(elf: Elf) -> FrameTable | None:
    data = elf.contents(elf.section(".debug_frame"))
    return FrameTable(data, 0, elf.word, False) if data else None


class Modules:
    """The images that were read, each once, whichever processes map them.

    When there are ``most`` of them all are closed, and begun again.
    """

    def __init__(self, debug_root: str = ROOT, *, most: int = _MOST_MODULES) -> None:
        self._debug_root = debug_root
        self._most = most
        self._known: dict[tuple[object, ...], Module | None] = {}

    def close(self) -> None:
        """Close all files."""
        for module in self._known.values():
            if module is not None:
                module.close()
        self._known.clear()

    def of(self, mapping: Mapping, memory: CodeMemory) -> Module | None:
        """The image that a mapping shows a part of; None if it is none, or can't be read."""
        if mapping.path == "[vdso]":
            data = memory.read_prefix(mapping.start, min(mapping.size, _LARGEST_VDSO))
            return self._remembered((data,), BytesSource(data), mapping.path)
        path = memory.open_image(mapping)
        if path is None:
            return None
        try:
            source, status = open_file(path)
        except (OSError, Malformed):
            # It has gone meanwhile, or is none that has code.
            return None
        key = status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size
        return self._remembered(key, source, mapping.path)

    def _remembered(self, key: tuple[object, ...], source: Source, path: str) -> Module | None:
        if key in self._known:
            source.close()
            return self._known[key]
        try:
            module = Module(Elf(source), path, self._debug_root)
        except (OSError, Malformed):
            source.close()
            module = None
        if len(self._known) >= self._most:
            self.close()
        self._known[key] = module
        return module
