"""The debug registers' bits, how ranges are split, and in which order they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seize.debug import debugregs
from seize.debug.debugregs import NOTHING, NoDebugRegister, Slots, Watch, split
from seize.errors import UsageError


@pytest.mark.parametrize(
    ("watch", "slot", "bits"),
    [
        # Intel's manual, figure 18-1: L0 is bit 0, R/W0 bits 16 and 17, LEN0 bits 18 and 19.
        (Watch(0x1000, 1, "execute"), 0, 0x0000_0001),
        (Watch(0x1000, 1, "write"), 0, 0x0001_0001),
        (Watch(0x1000, 2, "write"), 1, 0x0050_0004),
        (Watch(0x1000, 4, "access"), 2, 0x0F00_0010),
        (Watch(0x1000, 8, "write"), 3, 0x9000_0040),
    ],
)
def test_control_bits(watch: Watch, slot: int, bits: int) -> None:
    assert debugregs.encode(slot, watch) == bits
    addresses = [0, 0, 0, 0]
    addresses[slot] = watch.address
    decoded = debugregs.decode((*addresses, bits))  # type: ignore[arg-type]
    assert decoded[slot] == watch
    assert decoded.count(None) == 3


@pytest.mark.parametrize(
    ("address", "size", "lengths"),
    [
        (0x1000, 1, [1]),
        (0x1000, 8, [8]),
        (0x1004, 8, [4, 4]),
        (0x1001, 7, [1, 2, 4]),
        (0x1003, 13, [1, 4, 8]),
        (0x1000, 32, [8, 8, 8, 8]),
        (0x1001, 2, [1, 1]),
        (0x1000, 3, [2, 1]),
    ],
)
def test_split(address: int, size: int, lengths: list[int]) -> None:
    parts = split(address, size, "write")
    assert [part.length for part in parts] == lengths


def fewest(address: int, size: int, word: int) -> int:
    """How many aligned blocks cover the bytes, tried out from each byte on."""
    best = {address + size: 0}
    for start in range(address + size - 1, address - 1, -1):
        lengths = (1, 2, 4, 8) if word == 8 else (1, 2, 4)
        ends = [start + length for length in lengths if start % length == 0]
        best[start] = 1 + min(best[end] for end in ends if end in best)
    return best[address]


@given(st.integers(0x1000, 0x1100), st.integers(1, 32), st.sampled_from([4, 8]))
def test_a_split_covers_exactly(address: int, size: int, word: int) -> None:
    try:
        parts = split(address, size, "access", word)
    except NoDebugRegister:
        assert fewest(address, size, word) > 4
        return
    assert len(parts) == fewest(address, size, word)
    covered = [byte for part in parts for byte in range(part.address, part.address + part.length)]
    assert covered == list(range(address, address + size))
    assert all(part.address % part.length == 0 for part in parts)


def test_what_cant_be_watched() -> None:
    with pytest.raises(NoDebugRegister, match="33 bytes are too many to watch: 32 at most"):
        split(0x1000, 33, "write")
    with pytest.raises(NoDebugRegister, match="29 bytes at 0x1001 need 7 debug registers"):
        split(0x1001, 29, "write")
    with pytest.raises(UsageError, match="can't watch for 'read'"):
        split(0x1000, 1, "read")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="can't watch 0 bytes"):
        split(0x1000, 0, "write")
    with pytest.raises(UsageError, match="can't watch 8 bytes"):
        split((1 << 64) - 4, 8, "write")


def test_slots_are_shared_and_given_back() -> None:
    slots = Slots()
    first, second = split(0x1000, 8, "write"), split(0x2000, 24, "access")
    slots.insert(first)
    slots.insert(second)
    slots.insert(first)
    with pytest.raises(NoDebugRegister, match="1 debug registers are needed, 0 are free"):
        slots.insert(split(0x3000, 1, "execute"))
    slots.remove(first)
    assert slots.watches[0] == first[0]
    slots.remove(first)
    assert slots.watches[0] is None
    slots.insert(split(0x3000, 1, "execute"))
    assert slots.image() == (0x3000, 0x2000, 0x2008, 0x2010, 0xBBB0_0055)
    assert slots.trapped(0b0101) == (Watch(0x3000, 1, "execute"), Watch(0x2008, 8, "access"))
    slots.remove(second)
    assert slots.trapped(0b0010) == ()
    assert slots.in_use
    slots.remove(split(0x3000, 1, "execute"))
    assert (slots.in_use, slots.image()) == (False, NOTHING)


def test_a_full_insert_takes_nothing() -> None:
    slots = Slots()
    slots.insert(split(0x1000, 16, "write"))
    before = slots.image()
    with pytest.raises(NoDebugRegister, match="3 debug registers are needed, 2 are free"):
        slots.insert(split(0x2000, 24, "write"))
    assert slots.image() == before


def test_registers_that_change_are_turned_off_first() -> None:
    slots = Slots()
    slots.insert(split(0x1000, 8, "write"))
    slots.insert(split(0x2000, 4, "access"))
    held = [0] * 8
    log: list[tuple[int, int]] = []

    def poke(number: int, value: int) -> None:
        if number < 4:
            assert not held[7] >> 2 * number & 1, "the address of a register in use is changed"
        log.append((number, value))
        held[number] = value

    first = slots.image()
    debugregs.update(poke, NOTHING, first)
    assert [number for number, _ in log] == [0, 1, 7]
    slots.remove(split(0x1000, 8, "write"))
    slots.insert(split(0x3001, 1, "write"))
    second = slots.image()
    log.clear()
    debugregs.update(poke, first, second)
    assert [number for number, _ in log] == [7, 0, 7]
    assert log[0][1] == first[4] & ~0x9_0003
    assert debugregs.read(lambda number: held[number]) == second
    log.clear()
    debugregs.update(poke, second, second)
    assert log == []
    debugregs.update(poke, second, NOTHING)
    assert debugregs.read(lambda number: held[number]) == NOTHING


def test_status() -> None:
    assert debugregs.stepped(0x4000)
    assert not debugregs.stepped(0x1)
