"""Where the pages for displaced instructions go, and who gets which slot."""

from __future__ import annotations

import errno

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seize.abi._generated import constants as k
from seize.debug.scratch import PAGE_SIZE, SLOT_SIZE, Scratch
from seize.errors import Unsupported, UsageError
from seize.memory import Mapping

GIB = 1 << 30
TEXT = 0x5555_5555_4000


def mapping(start: int, size: int, path: str = "") -> Mapping:
    return Mapping(start, start + size, "r-xp", 0, "0:0", 0, path)


class Space:
    """A program's address space, as far as it is mapped."""

    def __init__(self, *maps: Mapping, machine: str = "x86_64") -> None:
        self.machine_name = machine
        self.mappings = {each.start: each for each in maps}
        self.hidden: set[int] = set()
        self.ignores_address = False
        self.failure: Exception | None = None

    def maps(self) -> tuple[Mapping, ...]:
        return tuple(self.mappings[start] for start in sorted(self.mappings))

    def syscall(self, name: str, *arguments: int) -> int:
        address, size = arguments[:2]
        if name == "munmap":
            assert self.mappings.pop(address).size == size
            return 0
        assert name == ("mmap2" if self.machine_name == "i386" else "mmap")
        assert arguments[2:] == (
            k.PROT_READ | k.PROT_EXEC,
            k.MAP_PRIVATE | k.MAP_ANONYMOUS | k.MAP_FIXED_NOREPLACE,
            -1,
            0,
        )
        if self.failure is not None:
            raise self.failure
        if address in self.hidden:
            raise OSError(errno.EEXIST, "exists")
        if self.ignores_address:
            address = 0x7FFF_0000_0000
        for each in self.maps():
            assert address + size <= each.start or each.end <= address
        self.mappings[address] = mapping(address, size)
        return address


def ordinary() -> Space:
    return Space(
        mapping(TEXT, 0x4000, "/bin/x"),
        mapping(TEXT + 0x6000, 0x21000, "[heap]"),
        mapping(0x7FFF_F7DC_0000, 0x200000, "/lib/libc.so"),
        mapping(0x7FFF_FFFD_E000, 0x21000, "[stack]"),
        Mapping(0xFFFF_FFFF_FF60_0000, 0xFFFF_FFFF_FF60_1000, "--xp", 0, "0:0", 0, "[vsyscall]"),
    )


def test_a_slot_is_within_reach_and_far_from_what_grows() -> None:
    for around in (TEXT, 0x7FFF_F7DC_0000):
        space = ordinary()
        before = space.maps()
        reach = (around - 2 * GIB, around + 2 * GIB - SLOT_SIZE)
        slot = Scratch(space).allocate(reach)
        assert slot is not None
        assert reach[0] <= slot <= reach[1]
        assert min(abs(slot - each.start) for each in before) > GIB // 4
        assert min(abs(slot - each.end) for each in before) > GIB // 4


def test_slots_of_one_page_are_different_and_come_back() -> None:
    space = ordinary()
    scratch = Scratch(space)
    slots = {scratch.allocate(None) for _ in range(PAGE_SIZE // SLOT_SIZE)}
    assert len(slots) == PAGE_SIZE // SLOT_SIZE
    assert len(scratch.pages) == 1
    assert all(slot is not None and slot in scratch for slot in slots)
    another = scratch.allocate(None)
    assert another is not None
    assert len(scratch.pages) == 2
    scratch.free(another)
    assert scratch.allocate(None) == another
    scratch.release_all()
    assert another not in scratch
    assert space.maps() == ordinary().maps()


def test_freeing_what_isnt_in_use_is_an_error() -> None:
    scratch = Scratch(ordinary())
    slot = scratch.allocate(None)
    assert slot is not None
    for wrong in (slot + 1, slot - SLOT_SIZE, TEXT):
        with pytest.raises(UsageError, match="no slot that is in use"):
            scratch.free(wrong)


def test_a_page_out_of_reach_isnt_used() -> None:
    space = ordinary()
    scratch = Scratch(space)
    first = scratch.allocate((TEXT - GIB, TEXT + GIB))
    second = scratch.allocate((0x7FFF_F7DC_0000 - GIB, 0x7FFF_F7DC_0000 + GIB))
    assert first is not None
    assert second is not None
    assert second - first > 2 * GIB
    assert len(scratch.pages) == 2


def test_no_room_within_reach() -> None:
    full = Space(mapping(0x10000, 0x10_0000))
    assert Scratch(full).allocate((0x20000, 0x30000)) is None


@pytest.mark.parametrize("failure", [OSError(errno.ENOMEM, ""), Unsupported("calls", "root")])
def test_a_program_that_may_not_map_has_no_slots(failure: Exception) -> None:
    space = ordinary()
    space.failure = failure
    assert Scratch(space).allocate(None) is None
    assert space.maps() == ordinary().maps()


def test_a_place_that_is_taken_meanwhile_is_left() -> None:
    space = ordinary()
    taken = Scratch(ordinary()).allocate(None)
    assert taken is not None
    space.hidden = {taken & -PAGE_SIZE}
    slot = Scratch(space).allocate(None)
    assert slot is not None
    assert slot & -PAGE_SIZE not in space.hidden


def test_a_kernel_that_takes_the_address_for_a_hint() -> None:
    space = ordinary()
    space.ignores_address = True
    assert Scratch(space).allocate(None) is None
    assert space.maps() == ordinary().maps()


def test_a_child_has_the_slots_of_its_parent() -> None:
    parent, child = ordinary(), ordinary()
    scratch = Scratch(parent)
    slot = scratch.allocate(None)
    assert slot is not None
    child.mappings = dict(parent.mappings)
    copy = scratch.copied(child)
    assert slot in copy
    assert copy.allocate(None) != slot
    copy.release_all()
    assert child.maps() == ordinary().maps()
    assert slot in scratch
    scratch.forget()
    assert slot not in scratch
    scratch.release_all()


@given(
    st.lists(st.tuples(st.integers(16, 0xEFFF0), st.integers(1, 0x4000)), max_size=12),
    st.integers(0x10000, 0xF000_0000),
    st.integers(SLOT_SIZE, 0x1000_0000),
)
def test_any_map_and_any_reach(pages: list[tuple[int, int]], low: int, width: int) -> None:
    maps: list[Mapping] = []
    end = 0x10000
    for page, count in sorted(pages):
        start = max(page * PAGE_SIZE, end)
        end = start + count * PAGE_SIZE
        maps.append(mapping(start, end - start))
    space = Space(*maps, machine="i386")
    reach = (low, low + width)
    slot = Scratch(space).allocate(reach)
    gaps = zip(
        [0x10000, *(each.end for each in maps)],
        [*(each.start for each in maps), 0xFFFF_0000],
        strict=True,
    )
    possible = any(
        (min(last, reach[1] + 1) & -PAGE_SIZE) - -(-max(first, reach[0]) // PAGE_SIZE) * PAGE_SIZE
        >= PAGE_SIZE
        for first, last in gaps
    )
    assert (slot is not None) == possible
    if slot is not None:
        assert reach[0] <= slot <= reach[1]
        assert slot not in range(0x10000)
