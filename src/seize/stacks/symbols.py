"""Which function is at an address: the symbol tables of ELF images."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from seize._frozen import frozen
from seize.stacks.elf import SHT_DYNSYM, SHT_NOBITS, SHT_SYMTAB

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.stacks.elf import Elf

_STT_NOTYPE, _STT_FUNC = 0, 2
_SHN_UNDEF = 0
_SHF_EXECINSTR = 4
_ENTRY = {4: 16, 8: 24}
_LOOK_BACK = 32
"""How many symbols before the nearest one are tried for one that contains an address."""
_LONGEST_NAME = 4096
_LARGEST_TABLE = 1 << 26
"""Some millions of symbols."""


@frozen
class Symbol:
    """A function: it begins at ``address`` and is ``size`` bytes long (0: nobody says)."""

    name: str
    address: int
    size: int


class SymbolTable:
    """The functions of one image by address, from .dynsym and .symtab together.

    With ``labels`` it has the untyped symbols in code as well: what assembly code names.
    """

    def __init__(self, elf: Elf, labels: bool = False) -> None:
        entries: list[tuple[int, int, int, int]] = []
        self._names: list[bytes] = []
        sections = elf.sections
        code = {n for n, section in enumerate(sections) if section.flags & _SHF_EXECINSTR}
        kinds = (_STT_FUNC, _STT_NOTYPE) if labels else (_STT_FUNC,)
        for section in sections:
            if section.kind not in (SHT_SYMTAB, SHT_DYNSYM) or section.link >= len(sections):
                continue
            strings = sections[section.link]
            if strings.kind == SHT_NOBITS:
                continue
            table = elf.contents(section, _LARGEST_TABLE)
            found = _defined(table, elf.word, kinds)
            index = len(self._names)
            entries += [
                (address, size, name, index)
                for address, size, name, kind, place in found
                if kind == _STT_FUNC or place in code
            ]
            self._names.append(elf.contents(strings))
        # The sort is stable: of several names for one address the first in the file comes first.
        entries.sort(key=_by_address)
        self._entries = entries
        self._addresses = [entry[0] for entry in entries]

    def nearest(self, address: int) -> Symbol | None:
        """The function that begins at or last before ``address``, if there is one."""
        last = bisect_right(self._addresses, address) - 1
        if last < 0:
            return None
        return self._symbol(bisect_left(self._addresses, self._addresses[last]))

    def containing(self, address: int) -> Symbol | None:
        """The innermost function that ``address`` is in, by its size."""
        last = bisect_right(self._addresses, address) - 1
        if last < 0:
            return None
        first = bisect_left(self._addresses, self._addresses[last])
        same = range(first, min(last + 1, first + _LOOK_BACK))
        for index in (*same, *range(first - 1, max(first - _LOOK_BACK, -1), -1)):
            start, size, *_ = self._entries[index]
            if address - start < size:
                return self._symbol(index)
        return None

    def _symbol(self, index: int) -> Symbol:
        address, size, name, table = self._entries[index]
        names = self._names[table]
        end = names.find(0, name, name + _LONGEST_NAME)
        text = names[name : end if end >= 0 else name].decode("utf-8", "surrogateescape")
        return Symbol(text, address, size)


def _by_address(entry: tuple[int, int, int, int]) -> int:
    return entry[0]


def _defined(
    table: bytes, word: int, kinds: tuple[int, ...]
) -> list[tuple[int, int, int, int, int]]:
    """The defined symbols of a table: (address, size, name's offset, kind, section's index)."""
    whole = memoryview(table)[: len(table) // _ENTRY[word] * _ENTRY[word]]
    if word == 8:
        words = whole.cast("Q")
        heads, values, sizes = (words[start::3].tolist() for start in range(3))
        return [
            (value, size, head & 0xFFFF_FFFF, head >> 32 & 0xF, head >> 48)
            for head, value, size in zip(heads, values, sizes, strict=True)
            if head >> 32 & 0xF in kinds and head >> 48 != _SHN_UNDEF
        ]
    words = whole.cast("I")
    names, values, sizes, tails = (words[start::4].tolist() for start in range(4))
    return [
        (value, size, name, tail & 0xF, tail >> 16)
        for name, value, size, tail in zip(names, values, sizes, tails, strict=True)
        if tail & 0xF in kinds and tail >> 16 != _SHN_UNDEF
    ]
