"""The names of the stubs by which code calls into libraries: the procedure linkage table.

No symbol tells them.  A stub jumps to where a word of the global offset table points to, and a
relocation tells whose address the loader puts into that word (the psABI documents of both
machines, "Procedure Linkage Table").
"""

from __future__ import annotations

from bisect import bisect_right

from seize.stacks.elf import SHT_DYNSYM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.stacks.elf import Elf, Section

_STUBS = (".plt", ".plt.sec", ".plt.got")
_RELOCATIONS = (".rela.plt", ".rela.dyn", ".rel.plt", ".rel.dyn")
_JUMPS = (b"\xff\x25", b"\xff\xa3")
"""jmp *distance(%rip) (of i386: *address), and jmp *distance(%ebx)."""
_ALIGNMENT = 8
_LARGEST = 16
_LARGEST_TABLE = 1 << 24


class Stubs:
    """The stubs of one image by address."""

    def __init__(self, elf: Elf) -> None:
        self._elf = elf
        self._names = dict(self._relocated())
        self._stubs = sorted(set(self._found()))

    def at(self, address: int) -> tuple[str, int] | None:
        """The name of the stub that an address of the image is in, and where that begins."""
        index = bisect_right(self._stubs, (address, "\U0010ffff")) - 1
        if index < 0:
            return None
        start, name = self._stubs[index]
        return (f"{name}@plt", start) if address < start + _LARGEST else None

    def _relocated(self) -> Iterator[tuple[int, str]]:
        """The words that the loader fills in: their addresses, and the names."""
        elf = self._elf
        symbols = next((s for s in elf.sections if s.kind == SHT_DYNSYM), None)
        if symbols is None or symbols.link >= len(elf.sections):
            return
        table = elf.contents(symbols, _LARGEST_TABLE)
        strings = elf.contents(elf.sections[symbols.link])
        word, entry = elf.word, 24 if elf.word == 8 else 16
        for name in _RELOCATIONS:
            section = elf.section(name)
            data = elf.contents(section, _LARGEST_TABLE)
            size = word * (3 if name.startswith(".rela") else 2)
            for start in range(0, len(data) - size + 1, size):
                address = int.from_bytes(data[start : start + word], "little")
                info = int.from_bytes(data[start + word : start + 2 * word], "little")
                index = (info >> 32 if word == 8 else info >> 8) * entry
                if index and index + 4 <= len(table):
                    place = int.from_bytes(table[index : index + 4], "little")
                    text = strings[place : strings.find(0, place)]
                    yield address, text.decode("utf-8", "surrogateescape")

    def _found(self) -> Iterator[tuple[int, str]]:
        for name in _STUBS:
            section = self._elf.section(name)
            data = self._elf.contents(section, _LARGEST_TABLE)
            for jump in _JUMPS if section is not None else ():
                position = -1
                while (position := data.find(jump, position + 1)) >= 0:
                    assert section is not None
                    slot = self._slot(data, position, section)
                    if slot in self._names:
                        start = section.address + (position & -_ALIGNMENT)
                        yield start, self._names[slot]

    def _slot(self, data: bytes, position: int, section: Section) -> int:
        """The address of the word that a jump takes its target from."""
        distance = int.from_bytes(data[position + 2 : position + 6], "little", signed=True)
        if data[position + 1] == _JUMPS[1][1]:
            table = self._elf.section(".got.plt") or self._elf.section(".got")
            return distance + (0 if table is None else table.address)
        after = section.address + position + 6
        return after + distance if self._elf.word == 8 else distance & 0xFFFF_FFFF
