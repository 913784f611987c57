"""The shared libraries of a process: the dynamic linker's own list, link_map of <link.h>."""

from __future__ import annotations

from struct import Struct
from xml.sax.saxutils import quoteattr

from seize._frozen import frozen
from seize.errors import MemoryFault
from seize.gdbserver.fields import Fields, Refused
from seize.gdbserver.lldb_modules import debug_slot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.debug.process import Process

_MOST_LIBRARIES = 4096
_MOST_NAMESPACES = 64
_LONGEST_NAME = 4096
_EXTENDED = 2
"""The version of struct r_debug from which on it leads to further namespaces (dlmopen(3))."""


@frozen
class LinkMap:
    """One entry: where it is, what was added to the addresses in the file, its dynamic section.

    ``namespace`` is the address of its struct r_debug.
    """

    address: int
    bias: int
    name: bytes
    dynamic: int
    next: int
    previous: int
    namespace: int


class LinkMaps:
    """Reads the list from a process's memory."""

    def __init__(self, process: Process) -> None:
        self.memory = process.memory
        self.word = process.machine.word_size
        self._words = Struct("<5Q" if self.word == 8 else "<5I")

    def _pointer(self, address: int) -> int:
        return int.from_bytes(self.memory.read(address, self.word), "little")

    def read(self, address: int, namespace: int = 0) -> LinkMap:
        """Read the entry at an address."""
        words = self._words.unpack(self.memory.read(address, self._words.size))
        bias, name, dynamic, following, previous = words
        text = self.memory.cstring(name, _LONGEST_NAME) if name else b""
        return LinkMap(address, bias, text, dynamic, following, previous, namespace)

    def chain(self, address: int, namespace: int = 0) -> Iterator[LinkMap]:
        """Give the entry at an address and those after it."""
        seen: set[int] = set()
        while address and address not in seen and len(seen) < _MOST_LIBRARIES:
            seen.add(address)
            entry = self.read(address, namespace)
            yield entry
            address = entry.next

    def namespaces(self, debug: int) -> Iterator[tuple[int, int]]:
        """Give the address of each struct r_debug, and its first entry."""
        for _ in range(_MOST_NAMESPACES):
            if not debug:
                return
            version = int.from_bytes(self.memory.read(debug, 4), "little")
            yield debug, self._pointer(debug + self.word)
            debug = self._pointer(debug + 5 * self.word) if version >= _EXTENDED else 0


def debug_address(process: Process) -> int:
    """Where the dynamic linker keeps its struct r_debug; 0 if it has none yet.

    Refused for a program that doesn't tell (a static one, or the dynamic linker itself).
    """
    word = process.machine.word_size
    slot = debug_slot(process.auxv(), process.memory.read, word)
    if slot is None:
        raise Refused("the program has no DT_DEBUG")
    return int.from_bytes(process.memory.read(slot, word), "little")


def document(process: Process, annex: str) -> bytes:
    """Write the list as gdb wants it; the annex may name the entry to begin with.

    The program itself isn't listed, only told as ``main-lm``.  Refused where there is no list: gdb
    then looks by itself.
    """
    wanted = _annex(annex)
    maps = LinkMaps(process)
    lines: list[str] = []
    main = 0
    start = wanted.get("start", 0)
    try:
        if start:
            entries = maps.chain(start, wanted.get("lmid", 0))
            lines += (_line(entry) for entry in entries)
        else:
            debug = debug_address(process)
            for number, (namespace, first) in enumerate(maps.namespaces(debug)):
                main = main or first
                entries = maps.chain(first, namespace)
                lines += (_line(each) for each in entries if number or each.address != first)
    except MemoryFault:
        # The list is just being changed, or not made yet: what was read counts.
        pass
    attribute = f' main-lm="{main:#x}"' if main else ""
    head = f'<library-list-svr4 version="1.0"{attribute}>'
    return "".join([head, *lines, "</library-list-svr4>"]).encode("utf-8", "surrogateescape")


def _line(entry: LinkMap) -> str:
    name = entry.name.decode("utf-8", "surrogateescape")
    return (
        f'<library name={quoteattr(name)} lm="{entry.address:#x}" l_addr="{entry.bias:#x}" '
        f'l_ld="{entry.dynamic:#x}" lmid="{entry.namespace:#x}"/>'
    )


def _annex(annex: str) -> dict[str, int]:
    """Read ``start=…;prev=…;lmid=…``, hexadecimal numbers."""
    pairs = (part.partition("=") for part in annex.split(";") if part)
    return {name: Fields(value.encode("ascii", "replace")).number() for name, _, value in pairs}
