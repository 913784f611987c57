"""Reading and writing the memory of a living tracee."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from seize.engine import Tracee, Tracer
from seize.errors import MemoryFault
from seize.memory import parse_maps
from seize.stops import SignalDelivery

Program = Callable[..., str]
PAGE = 4096


@contextmanager
def stopped(path: str) -> Iterator[tuple[Tracee, int, int, list[bytes]]]:
    """The tracee at its SIGUSR1, the addresses it told, and (afterwards) what it printed."""
    reader, writer = os.pipe()
    rest: list[bytes] = []
    with Tracer(syscalls=False) as tracer, os.fdopen(reader, "rb") as output:
        tracer.spawn([path], stdout=writer)
        os.close(writer)
        for stop in tracer:
            if isinstance(stop, SignalDelivery) and stop.signal == signal.SIGUSR1:
                stop.suppress()
                pages, constant = (int(word, 16) for word in output.readline().split())
                yield stop.tracee, pages, constant, rest
        rest.append(output.read())


@pytest.mark.parametrize("bits", [64, 32])
def test_reading(program: Program, bits: int) -> None:
    with stopped(program("memory_map", bits=bits)) as (tracee, pages, constant, _):
        memory = tracee.memory
        end = pages + 2 * PAGE
        assert memory.read(pages, 3) == b"aaa"
        assert memory.read(pages + PAGE - 2, 4) == b"ss\0b"
        assert memory.read(end - 5, 5) == b"bbbbb"
        assert memory.read_prefix(end - 5, 100) == b"bbbbb"
        assert memory.read_prefix(end, 100) == b""
        assert memory.read_prefix(pages, 0) == b""
        assert memory.read(pages, 2 * PAGE).count(b"a") == 4090 + 1
        assert memory.cstring(constant) == b"constant"
        assert memory.cstring(pages + 4090) == b"across"
        with pytest.raises(MemoryFault) as fault:
            memory.read(end - 5, 6)
        assert fault.value.address == end
        with pytest.raises(MemoryFault):
            memory.cstring(pages + PAGE + 1)
        with pytest.raises(MemoryFault):
            memory.cstring(pages, limit=100)


@pytest.mark.parametrize("address", [0, 8, 1 << 47, (1 << 64) - 8, (1 << 64) - 1, 1 << 64, -1])
def test_addresses_where_nothing_is(program: Program, address: int) -> None:
    with stopped(program("memory_map")) as (tracee, *_):
        assert tracee.memory.read_prefix(address, 16) == b""
        with pytest.raises(MemoryFault):
            tracee.memory.read(address, 16)


def test_writing(program: Program) -> None:
    with stopped(program("memory_map")) as (tracee, pages, constant, rest):
        tracee.memory.write(pages, b"hello")
        with pytest.raises(MemoryFault, match="write"):
            tracee.memory.write(constant, b"variable")
        tracee.memory.write(constant, b"variable", force=True)
        with pytest.raises(MemoryFault):
            tracee.memory.write(pages + 2 * PAGE - 2, b"more")
        with pytest.raises(MemoryFault):
            tracee.memory.write(8, b"x", force=True)
    assert rest == [b"hello variable\n"]


def test_peek_is_the_same_word(program: Program) -> None:
    with stopped(program("memory_map")) as (tracee, pages, *_):
        assert tracee.memory.peek(pages) == int.from_bytes(b"a" * 8, "little")
        with pytest.raises(MemoryFault):
            tracee.memory.peek(pages + 2 * PAGE)


def test_maps(program: Program) -> None:
    with stopped(program("memory_map")) as (tracee, pages, constant, _):
        maps = tracee.memory.maps()
        home = next(each for each in maps if each.start <= constant < each.end)
        assert "memory_map" in home.path
        assert home.permissions == "r--p"
        area = next(each for each in maps if each.start <= pages < each.end)
        assert area.permissions == "rw-p"
        assert area.end == pages + 2 * PAGE
        assert any(each.path == "[stack]" for each in maps)
        assert sum(each.size for each in maps) > 0


def test_parsing_a_map_with_blanks_in_a_name() -> None:
    text = "00400000-00452000 r-xp 00001000 08:02 173521  /a b/c d (deleted)\n"
    (mapping,) = parse_maps(text)
    assert (mapping.start, mapping.end, mapping.offset) == (0x400000, 0x452000, 0x1000)
    assert (mapping.device, mapping.inode) == ("08:02", 173521)
    assert mapping.path == "/a b/c d (deleted)"
