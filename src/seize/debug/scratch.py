"""Room for instructions of ours in a program's address space: pages that it maps for us.

A displaced instruction may have to lie near the place that it comes from, so each page is put
into a gap within reach; in the middle of the gap, far from what grows into it (the heap, further
mappings, the stack), so that the program finds its own memory where it would have been.
"""

from __future__ import annotations

from errno import EEXIST

from seize.abi._generated import constants as k
from seize.errors import Unsupported, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Protocol, TypeAlias

    from seize.memory import Mapping

    Reach: TypeAlias = tuple[int, int] | None
    """The first and the last address where a slot may begin; None: anywhere."""

    class SpaceAccess(Protocol):
        """An address space, as it is needed here."""

        @property
        def machine_name(self) -> str:
            """The machine that its program is for: "x86_64" or "i386"."""
            ...

        def syscall(self, name: str, *arguments: int) -> int:
            """Execute a system call in one of its threads; OSError if it fails."""
            ...

        def maps(self) -> tuple[Mapping, ...]:
            """List its mappings in address order."""
            ...


SLOT_SIZE = 64
PAGE_SIZE = 4096
_LOWEST = 1 << 16
"""The kernel's default for the lowest address that may be mapped (vm.mmap_min_addr)."""
_ENDS = {"x86_64": 0x7FFF_FFFF_F000, "i386": 0xFFFF_0000}
_ROOMY = 16 << 20
"""A gap of this size leaves enough for what grows into it."""
_TRIES = 4


class Scratch:
    """The slots for displaced instructions in one address space, SLOT_SIZE bytes each."""

    def __init__(self, space: SpaceAccess) -> None:
        self._space = space
        self._free: dict[int, list[int]] = {}

    @property
    def pages(self) -> tuple[int, ...]:
        """The addresses of the pages, PAGE_SIZE bytes each."""
        return tuple(self._free)

    def allocate(self, reach: Reach) -> int | None:
        """Return the address of a free slot within ``reach``; None if there can't be one.

        There can't where no gap is near enough, or where the program isn't allowed to map
        executable memory.  ``TraceeGone`` if the program is dead.
        """
        for slots in self._free.values():
            if slots and _within(slots[-1], reach) and _within(slots[0], reach):
                return slots.pop()
        page = self._map(reach)
        if page is None:
            return None
        self._free[page] = list(range(page, page + PAGE_SIZE, SLOT_SIZE))
        return self._free[page].pop()

    def free(self, slot: int) -> None:
        """Let a slot be used again.  No thread may be in it."""
        page = slot & -PAGE_SIZE
        if page not in self._free or slot % SLOT_SIZE or slot in self._free[page]:
            raise UsageError(f"{slot:#x} is no slot that is in use")
        self._free[page].append(slot)

    def __contains__(self, address: int) -> bool:
        return address & -PAGE_SIZE in self._free

    def copied(self, space: SpaceAccess) -> Scratch:
        """Give the same slots in another address space: a forked child has a copy of the pages."""
        made = Scratch(space)
        made._free = {page: list(slots) for page, slots in self._free.items()}
        return made

    def forget(self) -> None:
        """Drop all pages without unmapping them: execve(2) has done that."""
        self._free.clear()

    def release_all(self) -> None:
        """Unmap all pages.  No thread may be in them; ``TraceeGone`` if the program is dead."""
        while self._free:
            page = next(iter(self._free))
            self._space.syscall("munmap", page, PAGE_SIZE)
            del self._free[page]

    def _map(self, reach: Reach) -> int | None:
        machine = self._space.machine_name
        name = "mmap2" if machine == "i386" else "mmap"
        flags = k.MAP_PRIVATE | k.MAP_ANONYMOUS | k.MAP_FIXED_NOREPLACE
        minus_one = -1
        refused: list[int] = []
        for _ in range(_TRIES):
            wanted = _place(self._space.maps(), reach, _ENDS[machine], refused)
            if wanted is None:
                return None
            try:
                page = self._space.syscall(
                    name, wanted, PAGE_SIZE, k.PROT_READ | k.PROT_EXEC, flags, minus_one, 0
                )
            except Unsupported:
                return None
            except OSError as error:
                if error.errno != EEXIST:
                    return None
                # Another thread was faster, or something is there that isn't listed.
                refused.append(wanted)
                continue
            if page == wanted:
                return page
            # Before Linux 4.17 the address is a hint.
            self._space.syscall("munmap", page, PAGE_SIZE)
            refused.append(wanted)
        return None


def _within(address: int, reach: Reach) -> bool:
    return reach is None or reach[0] <= address <= reach[1]


def _gaps(maps: tuple[Mapping, ...], end: int) -> Iterator[tuple[int, int, bool]]:
    """Give the start and end of each gap, and whether the heap or the stack grows into it."""
    start, grows = _LOWEST, False
    for mapping in maps:
        if mapping.start >= end:
            break
        if mapping.start > start:
            yield start, mapping.start, grows or mapping.path == "[stack]"
        start, grows = max(start, mapping.end), mapping.path == "[heap]"
    if start < end:
        yield start, end, grows


def _place(maps: tuple[Mapping, ...], reach: Reach, end: int, refused: list[int]) -> int | None:
    """Return the address for a page all of whose slots are within reach; None if there is none."""
    low, high = reach or (0, end)
    best: tuple[tuple[bool, bool, int], int] | None = None
    for gap_start, gap_end, grows in _gaps(maps, end):
        start = -(-max(gap_start, low) // PAGE_SIZE) * PAGE_SIZE
        last = (min(gap_end, high + 1) - PAGE_SIZE) & -PAGE_SIZE
        if last < start:
            continue
        page = (start + last) // 2 & -PAGE_SIZE
        while page in refused and page < last:
            page += PAGE_SIZE
        size = last - start
        rank = (size >= _ROOMY, not grows, size)
        if page not in refused and (best is None or rank > best[0]):
            best = rank, page
    return None if best is None else best[1]
