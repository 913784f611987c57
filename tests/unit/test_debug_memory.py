"""Typed memory, breakpoints that don't show, searches and snapshots, over memory that is bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seize.debug.memory import DebugMemory
from seize.debug.snapshots import Change, Snapshot
from seize.errors import MemoryFault, UsageError
from seize.memory import Mapping

BASE = 0x10000


class Bytes:
    """Mappings made of bytes; what is in ``closed`` can only be read by force."""

    def __init__(self, *parts: tuple[int, bytes], closed: tuple[int, ...] = ()) -> None:
        self.parts = {start: bytearray(data) for start, data in parts}
        self.closed = closed

    def _read(self, address: int, size: int, forced: bool) -> bytes:
        found = b""
        while len(found) < size:
            at = address + len(found)
            for start, data in self.parts.items():
                if start <= at < start + len(data) and (forced or start not in self.closed):
                    found += data[at - start :][: size - len(found)]
                    break
            else:
                break
        return bytes(found)

    def read_prefix(self, address: int, size: int) -> bytes:
        return self._read(address, size, False)

    def read_forced(self, address: int, size: int) -> bytes:
        return self._read(address, size, True)

    def write(self, address: int, data: bytes, *, force: bool = False) -> None:
        for start, content in self.parts.items():
            if start <= address and address + len(data) <= start + len(content):
                content[address - start : address - start + len(data)] = data
                return
        raise MemoryFault(address, len(data), "write")

    def maps(self) -> tuple[Mapping, ...]:
        return tuple(
            Mapping(at, at + len(data), "---p" if at in self.closed else "rw-p", 0, "00:00", 0, "")
            for at, data in sorted(self.parts.items())
        )

    def code_maps(self) -> tuple[Mapping, ...]:
        return ()

    def open_image(self, mapping: Mapping) -> str | None:
        return None


class OneBreakpoint:
    """A shadow of a single byte."""

    def __init__(self, address: int, original: int) -> None:
        self.address, self.original = address, original

    def hide(self, address: int, data: bytes) -> bytes:
        at = self.address - address
        if not 0 <= at < len(data):
            return data
        return data[:at] + bytes([self.original]) + data[at + 1 :]

    def write(self, address: int, data: bytes) -> bytes:
        at = self.address - address
        if not 0 <= at < len(data):
            return data
        self.original = data[at]
        return data[:at] + b"\xcc" + data[at + 1 :]


def over(*parts: tuple[int, bytes], word_size: int = 8) -> DebugMemory:
    raw = Bytes(*parts)
    return DebugMemory(lambda: raw, None, word_size)


def test_typed() -> None:
    memory = over((BASE, bytes(range(64))))
    assert memory.u8[BASE + 3] == 3
    assert memory.u32[BASE] == 0x0302_0100
    memory.i16[BASE] = -2
    assert memory.u16[BASE] == 0xFFFE
    memory.f64[BASE + 8] = 2.5
    assert memory.f64[BASE + 8] == 2.5
    memory.f32.set_array(BASE + 16, [1.0, -0.5])
    assert memory.f32.array(BASE + 16, 2) == (1.0, -0.5)
    assert memory.u8.array(BASE, 0) == ()
    memory.pointer[BASE + 32] = BASE
    assert memory.u64[BASE + 32] == memory.pointer[BASE + 32] == BASE
    memory.pack("BH", BASE + 40, 7, 8)
    assert memory.read(BASE + 40, 3) == b"\x07\x08\x00"
    assert memory.unpack(">H", BASE + 41) == (0x0800,)
    assert over((BASE, b"\x01\0\0\0\xff\xff\xff\xff"), word_size=4).pointer[BASE] == 1


def test_what_is_wrong() -> None:
    memory = over((BASE, bytes(16)))
    with pytest.raises(MemoryFault, match="read 4 bytes of the tracee's memory at 0x10010"):
        memory.u32[BASE + 16]
    with pytest.raises(MemoryFault, match="write"):
        memory.write(BASE + 12, bytes(8))
    with pytest.raises(UsageError, match="256: no value for u8"):
        memory.u8[BASE] = 256
    with pytest.raises(UsageError, match="no layout"):
        memory.unpack("<?!", BASE)
    with pytest.raises(UsageError, match="1, 2: no value for 'B'"):
        memory.pack("B", BASE, 1, 2)
    with pytest.raises(UsageError, match="-1 elements"):
        memory.u8.array(BASE, -1)


def test_a_breakpoint_neither_shows_nor_goes() -> None:
    raw = Bytes((BASE, b"\x90\xcc\x90\xc3"))
    shadow = OneBreakpoint(BASE + 1, 0x55)
    memory = DebugMemory(lambda: raw, shadow)
    assert memory.read(BASE, 4) == b"\x90\x55\x90\xc3"
    assert list(memory.search(b"\x55\x90")) == [BASE + 1]
    memory.write(BASE, b"\x01\x02\x03")
    assert bytes(raw.parts[BASE]) == b"\x01\xcc\x03\xc3"
    assert memory.read(BASE, 4) == b"\x01\x02\x03\xc3"
    with pytest.raises(MemoryFault):
        memory.write(BASE + 1, bytes(10))
    assert shadow.original == 2


def test_what_the_program_cant_read_is_read_all_the_same() -> None:
    raw = Bytes((BASE, b"abcd"), (BASE + 4, b"efgh"), closed=(BASE + 4,))
    memory = DebugMemory(lambda: raw)
    assert memory.read(BASE + 2, 4) == b"cdef"
    assert memory.read_prefix(BASE, 100) == b"abcdefgh"


def test_search() -> None:
    chunk = 1 << 20
    data = bytearray(chunk + 100)
    data[chunk - 2 : chunk + 3] = b"aabaa"
    data[10:13] = b"aaa"
    memory = over((BASE, bytes(data)), (BASE + len(data), b"aa"), (BASE + 0x200000, b"xaax"))
    end = BASE + len(data)
    everywhere = [BASE + 10, BASE + 11, BASE + chunk - 2, BASE + chunk + 1, end, BASE + 0x200001]
    assert list(memory.search(b"aa")) == everywhere
    assert list(memory.search(b"aba")) == [BASE + chunk - 1]
    assert list(memory.search(b"aa", BASE + 11, 10)) == [BASE + 11]
    assert list(memory.search(b"aa", BASE + 12, chunk)) == [BASE + chunk - 2, BASE + chunk + 1]
    assert list(memory.search(b"aa", BASE + 10, 2)) == [BASE + 10]
    assert list(memory.search(b"aa", alignment=2)) == [each for each in everywhere if each % 2 == 0]
    assert list(memory.search(b"\0aa\0", end - 3, 10)) == []
    for pattern, size, alignment in ((b"", 1, 1), (b"a", -1, 1), (b"a", 1, 0)):
        with pytest.raises(UsageError, match="a search needs"):
            list(memory.search(pattern, BASE, size, alignment=alignment))


@given(st.binary(min_size=1, max_size=40), st.binary(min_size=1, max_size=3))
def test_search_finds_what_is_there(data: bytes, pattern: bytes) -> None:
    memory = over((BASE, data))
    expected = [BASE + at for at in range(len(data)) if data.startswith(pattern, at)]
    assert list(memory.search(pattern)) == expected


def test_snapshots() -> None:
    raw = Bytes((BASE, bytes(8192)), (BASE + 0x10000, b"gone"))
    memory = DebugMemory(lambda: raw)
    before = memory.snapshot()
    assert before.size == 8196
    memory.write(BASE + 4094, b"abcd")
    memory.write(BASE + 10, b"x\0y")
    del raw.parts[BASE + 0x10000]
    raw.parts[BASE + 0x20000] = bytearray(b"new")
    after = memory.snapshot()
    assert before.diff(after) == (
        Change(BASE + 10, b"\0", b"x"),
        Change(BASE + 12, b"\0", b"y"),
        Change(BASE + 4094, bytes(4), b"abcd"),
        Change(BASE + 0x10000, b"gone", b""),
        Change(BASE + 0x20000, b"", b"new"),
    )
    assert before.diff(before) == ()
    assert after.read(BASE + 4095, 2) == b"bc"
    with pytest.raises(MemoryFault):
        after.read(BASE + 8190, 4)
    part = memory.snapshot([(BASE, 16), (BASE + 16, 4), (BASE + 0x90000, 8)])
    assert part.ranges == ((BASE, 20),)
    assert memory.snapshot(lambda mapping: mapping.size == 3).ranges == ((BASE + 0x20000, 3),)
    with pytest.raises(UsageError, match="more than the limit of 4096"):
        memory.snapshot(limit=4096)


@given(
    st.lists(st.tuples(st.integers(0, 30), st.binary(max_size=8)), max_size=4),
    st.lists(st.tuples(st.integers(0, 30), st.binary(max_size=8)), max_size=4),
)
def test_a_difference_tells_everything(
    old: list[tuple[int, bytes]], new: list[tuple[int, bytes]]
) -> None:
    before, after = Snapshot(old), Snapshot(new)

    def spread(snapshot: Snapshot) -> dict[int, int]:
        ranges = snapshot.ranges
        return {at + i: b for at, n in ranges for i, b in enumerate(snapshot.read_prefix(at, n))}

    state = spread(before)
    for change in before.diff(after):
        for index in range(change.size):
            state.pop(change.address + index, None)
        state.update({change.address + index: byte for index, byte in enumerate(change.new)})
    assert state == spread(after)
