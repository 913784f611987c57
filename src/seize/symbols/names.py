"""The symbols of one image by name, and its data by address: .symtab and .dynsym (elf(5))."""

from __future__ import annotations

import re
from bisect import bisect_right

from seize._frozen import frozen
from seize.kernel.demangle import PREFIX, demangle
from seize.stacks.elf import SHT_DYNSYM, SHT_NOBITS, SHT_SYMTAB

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.stacks.elf import Elf, Section

_LARGEST_TABLE = 1 << 26
_LONGEST_NAME = 1 << 14
_ENTRY = {4: 16, 8: 24}
_KINDS = {0: "label", 1: "data", 2: "function", 6: "tls", 10: "ifunc"}
FUNCTIONS = ("function", "ifunc")
_SHF_EXECINSTR = 4


@frozen
class Symbol:
    """A name of an ELF image; ``address`` is that in the process where a process has it.

    ``kind`` is "function", "ifunc" (which gives the function that it stands for), "data", "tls"
    (then the address is an offset) or "label"; ``size`` is in bytes, 0 where nobody says.
    """

    name: str
    address: int
    size: int
    kind: str


class _Table:
    """One symbol table: its columns."""

    def __init__(self, elf: Elf, section: Section) -> None:
        data = elf.contents(section, _LARGEST_TABLE)
        self.strings = elf.contents(elf.sections[section.link])
        self.word = elf.word
        entry = _ENTRY[elf.word]
        whole = memoryview(data)[: len(data) // entry * entry]
        self.heads: list[int]
        if elf.word == 8:
            words = whole.cast("Q")
            heads = words[0::3].tolist()
            self.names = [head & 0xFFFF_FFFF for head in heads]
            self.infos = [head >> 32 for head in heads]
            self.values, self.sizes = words[1::3].tolist(), words[2::3].tolist()
        else:
            words = whole.cast("I")
            self.names, self.values = words[0::4].tolist(), words[1::4].tolist()
            self.sizes, self.infos = words[2::4].tolist(), words[3::4].tolist()

    def symbol(self, index: int) -> Symbol | None:
        """The symbol of an index, None if it isn't defined here or of no kind that counts."""
        info = self.infos[index]
        kind = _KINDS.get(info & 0xF)
        if kind is None or not info >> 16:
            return None
        return Symbol(self.name(index), self.values[index], self.sizes[index], kind)

    def name(self, index: int) -> str:
        """The name of an index."""
        start = self.names[index]
        end = self.strings.find(0, start, start + _LONGEST_NAME)
        return self.strings[start : max(end, start)].decode("utf-8", "surrogateescape")

    def places(self, text: bytes, *, whole: bool) -> Iterator[int]:
        """Where names with a text in them begin in the string table."""
        strings, position = self.strings, -1
        while (position := strings.find(text, position + 1)) >= 0:
            if whole:
                yield position
            else:
                yield strings.rfind(0, 0, position) + 1


class SymbolNames:
    """The symbols of an image's files: what is in the program itself, and in its debug file."""

    def __init__(self, files: list[Elf]) -> None:
        self._tables: list[_Table] = []
        for elf in files:
            sections = elf.sections
            for section in sections:
                if section.kind not in (SHT_SYMTAB, SHT_DYNSYM) or section.link >= len(sections):
                    continue
                if section.kind == SHT_DYNSYM and elf is not files[0]:
                    continue
                if sections[section.link].kind != SHT_NOBITS:
                    self._tables.append(_Table(elf, section))
        self._code = _code_sections(files[0]) if files else ()
        self._data: list[tuple[int, int, str]] | None = None

    def find(self, name: str) -> list[Symbol]:
        """The symbols of exactly this (linkage) name, each address once."""
        text = name.encode("utf-8", "surrogateescape") + b"\0"
        found: dict[int, Symbol] = {}
        for table in self._tables:
            # A name may be the end of a longer one: the linker shares them.
            wanted = set(table.places(text, whole=True))
            for index in _indexes(table.names, wanted):
                symbol = table.symbol(index)
                if symbol is not None and symbol.name == name:
                    found.setdefault(symbol.address, symbol)
        # Versions of a function: "memcpy@GLIBC_2.14" in .symtab is "memcpy" in .dynsym.
        return list(found.values())

    def mangled_with(self, identifier: str) -> list[Symbol]:
        """The C++ functions whose mangled names have an identifier in them."""
        size = len(identifier.encode())
        text = f"{size}{identifier}".encode("utf-8", "surrogateescape")
        found: dict[int, Symbol] = {}
        for table in self._tables:
            wanted = set(table.places(text, whole=False))
            for index in _indexes(table.names, wanted):
                symbol = table.symbol(index)
                if symbol is not None and symbol.name.startswith(PREFIX):
                    found.setdefault(symbol.address, symbol)
        return list(found.values())

    def clones(self, name: str) -> list[Symbol]:
        """The functions that the compiler has made of one: ``name.constprop.0`` and such."""
        start = b"\0" + name.encode("utf-8", "surrogateescape") + b"."
        found: dict[int, Symbol] = {}
        for table in self._tables:
            wanted = {place + 1 for place in table.places(start, whole=True)}
            for index in _indexes(table.names, wanted):
                symbol = table.symbol(index)
                if symbol is not None and symbol.kind == "function":
                    found.setdefault(symbol.address, symbol)
        return list(found.values())

    def search(self, pattern: re.Pattern[str], *, functions: bool = True) -> list[Symbol]:
        """The symbols in whose (C++) names a regular expression is found, each address once."""
        found: dict[int, Symbol] = {}
        for table in self._tables:
            for index in range(len(table.names)):
                symbol = table.symbol(index)
                if symbol is None or (functions and symbol.kind not in FUNCTIONS):
                    continue
                if symbol.address not in found and pattern.search(demangle(symbol.name)):
                    found[symbol.address] = symbol
        return list(found.values())

    def data_at(self, address: int) -> Symbol | None:
        """The variable that an address of the image is in."""
        if self._data is None:
            entries: dict[int, tuple[int, int, str]] = {}
            for table in self._tables:
                for index, info in enumerate(table.infos):
                    if info & 0xF == 1 and info >> 16 and table.sizes[index]:
                        value = table.values[index]
                        entries.setdefault(value, (value, table.sizes[index], table.name(index)))
            self._data = sorted(entries.values())
        index = bisect_right(self._data, address, key=_first) - 1
        if index < 0:
            return None
        start, size, name = self._data[index]
        return Symbol(name, start, size, "data") if address < start + size else None

    def is_code(self, address: int) -> bool:
        """Whether an address of the image is in a section of code."""
        return any(start <= address < end for start, end in self._code)


def _first(entry: tuple[int, int, str]) -> int:
    return entry[0]


def _indexes(names: list[int], wanted: set[int]) -> Iterator[int]:
    """Where any of the offsets is in a column."""
    if len(wanted) > 4:
        yield from (index for index, name in enumerate(names) if name in wanted)
        return
    for offset in wanted:
        index = -1
        while True:
            try:
                index = names.index(offset, index + 1)
            except ValueError:
                break
            yield index


def _code_sections(elf: Elf) -> tuple[tuple[int, int], ...]:
    found = [s for s in elf.sections if s.flags & _SHF_EXECINSTR]
    return tuple((s.address, s.address + s.size) for s in found)
