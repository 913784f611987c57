"""Which memory goes into a core file: core(5), "Controlling which mappings are written"."""

from __future__ import annotations

import os
from errno import ESRCH
from struct import Struct

from seize._frozen import frozen
from seize.corefile.layout import ELF_MAGIC, PAGE
from seize.errors import TraceeGone
from seize.memory import Mapping, parse_maps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# The bits of coredump_filter.
ANON_PRIVATE, ANON_SHARED, MAPPED_PRIVATE, MAPPED_SHARED = 1, 2, 4, 8
ELF_HEADERS, HUGETLB_PRIVATE, HUGETLB_SHARED, DAX_PRIVATE, DAX_SHARED = 16, 32, 64, 128, 256
EVERYTHING = 0x1FF
_DEFAULT_FILTER = ANON_PRIVATE | ANON_SHARED | ELF_HEADERS | HUGETLB_PRIVATE

_ENTRY = Struct("<Q")
# In an entry of /proc/PID/pagemap: the page is in memory, or swapped out.
_POPULATED = 1 << 63 | 1 << 62
_ENTRIES = 1 << 16
_NO_PAGES = bytes(_ENTRIES * _ENTRY.size)
_SPECIAL = ("[vdso]", "[uprobes]")
_UNREADABLE = ("[vvar]", "[vvar_vclock]", "[vsyscall]")


@frozen
class Area:
    """A mapping, and what smaps says of it: its VmFlags, and whether it has pages of its own."""

    mapping: Mapping
    flags: frozenset[str]
    has_own_pages: bool

    @property
    def is_file(self) -> bool:
        """Whether a file is mapped (shared memory counts as one)."""
        return self.mapping.inode != 0


def areas(tid: int) -> tuple[Area, ...]:
    """Read all mappings of a process from /proc/TID/smaps, in the order of addresses."""
    try:
        with open(f"/proc/{tid}/smaps", encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read().splitlines()
    except (FileNotFoundError, ProcessLookupError) as error:
        raise TraceeGone("reading /proc/PID/smaps", tid, ESRCH) from error
    found: list[Area] = []
    head, own = "", 0
    for line in lines:
        word, _, rest = line.partition(" ")
        if word == "VmFlags:":
            (mapping,) = parse_maps(head)
            found.append(Area(mapping, frozenset(rest.split()), own > 0))
        elif word in ("Anonymous:", "Swap:"):
            own += int(rest.split()[0])
        elif not word.endswith(":"):
            head, own = line, 0
    return tuple(found)


def coredump_filter(tid: int) -> int:
    """Read which kinds of mappings the process wants in its core files."""
    try:
        with open(f"/proc/{tid}/coredump_filter", encoding="ascii") as file:
            return int(file.read(), 16)
    except (OSError, ValueError):
        # A kernel without CONFIG_ELF_CORE: what would hold where nobody has changed it.
        return _DEFAULT_FILTER


def size_in_core(
    area: Area, wanted: int, read_prefix: Callable[[int, int], bytes], excluded: bool
) -> int:
    """Decide how many bytes of a mapping go into the core: all, its first page, or none.

    ``wanted`` are bits of coredump_filter, ``excluded`` whether what madvise(2)'s
    MADV_DONTDUMP has excluded is wanted all the same.
    """
    mapping, flags = area.mapping, area.flags
    shared = "sh" in flags
    if mapping.path in _UNREADABLE or "io" in flags or ("dd" in flags and not excluded):
        return 0
    if mapping.path in _SPECIAL:
        return mapping.size
    if "ht" in flags:
        return mapping.size if wanted & (HUGETLB_SHARED if shared else HUGETLB_PRIVATE) else 0
    if shared:
        bit = MAPPED_SHARED if area.is_file and _is_linked(mapping) else ANON_SHARED
        return mapping.size if wanted & bit else 0
    if area.has_own_pages and wanted & ANON_PRIVATE:
        return mapping.size
    if not area.is_file:
        return 0
    if wanted & MAPPED_PRIVATE:
        return mapping.size
    return PAGE if wanted & ELF_HEADERS and _has_elf_header(mapping, read_prefix) else 0


def _is_linked(mapping: Mapping) -> bool:
    """Whether the file has a name: shared memory without one is anonymous."""
    return not mapping.path.endswith(" (deleted)")


def _has_elf_header(mapping: Mapping, read_prefix: Callable[[int, int], bytes]) -> bool:
    if mapping.offset or mapping.permissions[0] != "r":
        return False
    return read_prefix(mapping.start, len(ELF_MAGIC)) == ELF_MAGIC


def populated(tid: int, area: Area, size: int) -> Iterator[tuple[int, int]]:
    """Give the (address, size) of what there is to read at the beginning of a mapping.

    Anonymous memory that was never touched is left out: reading it would make the kernel map
    pages there.
    """
    start, end = area.mapping.start, area.mapping.start + size
    if area.is_file or "sh" in area.flags or area.mapping.path in _SPECIAL:
        yield start, size
        return
    try:
        descriptor = os.open(f"/proc/{tid}/pagemap", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        yield start, size
        return
    try:
        while start < end:
            wanted = min((end - start) // PAGE, _ENTRIES)
            data = os.pread(descriptor, wanted * _ENTRY.size, start // PAGE * _ENTRY.size)
            if not data:
                return
            yield from _runs(data, start)
            start += len(data) // _ENTRY.size * PAGE
    finally:
        os.close(descriptor)


def _runs(entries: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Give the runs of populated pages of a stretch of the page map."""
    if _NO_PAGES.startswith(entries):
        return
    first = None
    address = start
    for (entry,) in _ENTRY.iter_unpack(entries):
        if entry & _POPULATED:
            if first is None:
                first = address
        elif first is not None:
            yield first, address - first
            first = None
        address += PAGE
    if first is not None:
        yield first, address - first
