"""The memory of a real process: protection doesn't count, and changes are found."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from seize.debug.memory import DebugMemory
from seize.errors import MemoryFault, TraceeGone
from seize.memory import Memory
from tests.live.support import readline, running

Builder = Callable[..., str]
PAGE = 4096


@contextmanager
def mapped(
    program: Builder, bits: int = 64
) -> Iterator[tuple[DebugMemory, tuple[int, int, int], Callable[[], str]]]:
    """The program's memory, its addresses, and a function that lets it go on one step."""
    with running(program("dbg_memory", bits=bits)) as process:
        pages, text, numbers = (int(word, 16) for word in readline(process.stdout).split())

        def go_on() -> str:
            process.send_signal(signal.SIGUSR1)
            return readline(process.stdout).decode().strip()

        raw = Memory(process.pid)
        yield DebugMemory(lambda: raw, None, bits // 8), (pages, text, numbers), go_on


@pytest.mark.parametrize("bits", [64, 32])
def test_protection_doesnt_count(program: Builder, bits: int) -> None:
    with mapped(program, bits) as (memory, (pages, text, numbers), go_on):
        assert memory.read(pages + 4 * PAGE - 2, 4) == b"DDEE"
        assert memory.read_prefix(pages + 5 * PAGE, 3 * PAGE) == b"F" * PAGE
        with pytest.raises(MemoryFault, match="read 2 bytes") as caught:
            memory.read(pages + 6 * PAGE - 2, 4)
        assert caught.value.address == pages + 6 * PAGE
        memory.write(pages + 4 * PAGE, b"!")
        assert memory.u8[pages + 4 * PAGE] == ord("!")
        memory.write(text, b"THE")
        memory.i32[numbers] = -7
        assert memory.cstring(text) == b"THEonstant that nobody can write"
        assert memory.i32.array(numbers, 4) == (-7, -2, 3, -4)
        assert go_on() == "changed"
        assert go_on() == "THEonstant that nobody can write -7"


def test_search_and_differences(program: Builder) -> None:
    with mapped(program) as (memory, (pages, _, numbers), go_on):
        assert list(memory.search(b"needle", pages, 8 * PAGE)) == [pages + PAGE - 2]
        assert list(memory.search(b"H" * 16, pages, 8 * PAGE, alignment=PAGE)) == [pages + 7 * PAGE]
        assert pages + PAGE - 2 in list(memory.search(b"needle"))
        before = memory.snapshot(lambda mapping: mapping.permissions[:2] == "rw")
        assert go_on() == "changed"
        changes = {change.address: change for change in before.diff(memory.snapshot())}
        assert changes[pages + 10].new == b"xy"
        assert changes[pages + 3 * PAGE - 1].old == b"CD"
        (number,) = [c for c in changes.values() if numbers <= c.address < numbers + 16]
        assert (number.address, number.new) == (numbers + 4, b"\x63\0\0\0")


def test_a_dead_process(program: Builder) -> None:
    with mapped(program) as (memory, (pages, _, _), go_on):
        go_on()
        go_on()
        while True:
            try:
                memory.read(pages, 1)
            except TraceeGone:
                break
            except MemoryFault:
                continue
