"""Watchpoints and breakpoints of the processor, in a real thread."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from seize import Tracer, ptrace
from seize.abi._generated import constants as k
from seize.debug import debugregs
from seize.debug.debugregs import NOTHING, Slots, Watch, split
from seize.engine.tracee import Tracee
from seize.errors import PtraceError
from seize.stops.events import Exited, SignalDelivery

Builder = Callable[..., str]


def symbols(path: str) -> dict[str, int]:
    """The addresses of a program's symbols."""
    told = subprocess.run(["nm", path], capture_output=True, text=True, check=True).stdout
    rows = (line.split() for line in told.splitlines())
    return {row[2]: int(row[0], 16) for row in rows if len(row) == 3}


def peeker(tracee: Tracee) -> Callable[[int], int]:
    return lambda number: tracee.ask(ptrace.peekuser, debugregs.offset(number))


def poker(tracee: Tracee) -> Callable[[int, int], None]:
    return lambda number, value: tracee.ask(ptrace.pokeuser, debugregs.offset(number), value)


@contextmanager
def armed(path: str, *watches: Watch) -> Iterator[Iterator[tuple[Tracee, tuple[Watch, ...]]]]:
    """A program that is watched; what is iterated are its traps."""
    slots = Slots()
    slots.insert(watches)
    with Tracer(syscalls=False) as tracer:
        tracer.spawn([path])
        yield traps(tracer, slots)


def traps(tracer: Tracer, slots: Slots) -> Iterator[tuple[Tracee, tuple[Watch, ...]]]:
    first = True
    for stop in tracer:
        if isinstance(stop, Exited):
            assert stop.status == 0
        if not isinstance(stop, SignalDelivery) or stop.signal != k.SIGTRAP:
            continue
        stop.suppress()
        if first:
            debugregs.update(poker(stop.tracee), NOTHING, slots.image())
            image = debugregs.read(peeker(stop.tracee))
            assert debugregs.decode(image) == slots.watches
            first = False
            continue
        status = peeker(stop.tracee)(debugregs.STATUS)
        assert not debugregs.stepped(status)
        poker(stop.tracee)(debugregs.STATUS, 0)
        yield stop.tracee, slots.trapped(status)


@pytest.fixture(params=[64, 32])
def watched(program: Builder, request: pytest.FixtureRequest) -> str:
    """The program, for both machines, where symbols say addresses."""
    return program("dbg_watched", bits=request.param, flags=("-no-pie", "-fno-pie"))


def test_writes_of_a_word(watched: str) -> None:
    size = 8 if "-64-" in watched else 4
    (watch,) = split(symbols(watched)["wide"], size, "write", size)
    with armed(watched, watch) as found:
        values = []
        for tracee, watches in found:
            assert watches == (watch,)
            values.append(int.from_bytes(tracee.memory.read(watch.address, size), "little"))
    # A trap, not a fault: the value is there already; and a write of the same value traps too.
    assert values == [5, 5]


def test_a_range_that_takes_several_registers(watched: str) -> None:
    base = symbols(watched)["bytes"]
    parts = split(base + 7, 8, "write", 4)
    assert len(parts) == 4
    with armed(watched, *parts) as found:
        hit = [watch.address - base for _, watches in found for watch in watches]
    assert hit == [7, 8, 14]


def test_reads_and_writes(watched: str) -> None:
    base = symbols(watched)["bytes"]
    watch = Watch(base + 4, 4, "access")
    with armed(watched, watch) as found:
        assert [watches for _, watches in found] == [(watch,), (watch,)]


def test_execution(watched: str) -> None:
    address = symbols(watched)["called"]
    with armed(watched, *split(address, 1, "execute")) as found:
        seen = [tracee.registers().pc for tracee, _ in found]
    # A fault, before the instruction; the kernel lets the thread pass it when it goes on.
    assert seen == [address, address]


def test_what_the_kernel_refuses(watched: str) -> None:
    with Tracer(syscalls=False) as tracer:
        tracer.spawn([watched])
        stop = tracer.next()
        assert stop is not None
        slots = Slots()
        slots.insert([Watch(0xFFFF_8000_0000_0000, 8, "write")])
        with pytest.raises(PtraceError):
            debugregs.update(poker(stop.tracee), NOTHING, slots.image())
