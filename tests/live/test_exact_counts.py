"""No hit is lost and none counted twice: by threads, with signals, at every kind of instruction.

SEIZE_EXACT_CALLS=20000 makes 16 threads call as often, as ``bench`` does; CI counts fewer.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from seize.debug import Breakpoint, Debugger, Process, ProcessExited, StepDone, Thread

Program = Callable[..., str]
BITS = pytest.mark.parametrize("bits", [64, 32])
THREADS = 16
CALLS = int(os.environ.get("SEIZE_EXACT_CALLS", "100"))
KINDS = (
    *("endbr", "push", "move", "relative", "jump", "branch", "loop", "call", "call_register"),
    *("call_memory", "call_stack", "pop", "jump_register", "repeat", "lock", "push_flags"),
    *("pop_flags", "system_call", "trap", "vector", "return", "called"),
)


@dataclass
class Told:
    """What the program says at its end."""

    calls: int
    executed: int
    traps: int
    handled: int
    wrong: int
    strange: int


def run(
    debugger: Debugger, path: str, arguments: list[str], kinds: tuple[str, ...]
) -> tuple[list[int], dict[str, int], Counter[int]]:
    """Run the program with breakpoints on these; return what it tells, and the hits."""
    for name in ("SIGTRAP", "SIGUSR1", "SIGALRM", "SIGSEGV", "SIGILL"):
        debugger.signals.set(name, stop=False, passed=True)
    threads: Counter[int] = Counter()

    def count(thread: Thread, _: Breakpoint) -> bool:
        threads[thread.tid] += 1
        return False

    reader, writer = os.pipe()
    with os.fdopen(reader) as output:
        process = debugger.spawn([path, *arguments], stdout=writer)
        os.close(writer)
        made = {kind: debugger.breakpoint(address(process, kind), callback=count) for kind in kinds}
        stop = debugger.run()
        assert isinstance(stop, ProcessExited), stop
        assert stop.status == 0
        told = [int(word) for word in output.read().split()[:6]]
    return told, {kind: each.hits for kind, each in made.items()}, threads


def address(process: Process, kind: str) -> int:
    symbol = process.symbols.symbol(f"kind_{kind}")
    assert symbol is not None, kind
    return symbol.address


def times(kind: str) -> int:
    """How often a call executes it."""
    return 4 if kind == "called" else 1


@BITS
@pytest.mark.parametrize("non_stop", [False, True])
@pytest.mark.parametrize("how", ["", "signals", "churn"])
def test_every_kind_of_instruction(program: Program, bits: int, how: str, non_stop: bool) -> None:
    path = program("exact_counts", bits=bits, flags=("-no-pie",))
    with Debugger(non_stop=non_stop) as debugger:
        words, hits, _ = run(debugger, path, ["4", "16", *how.split()], KINDS)
    told = Told(*words)
    assert (told.wrong, told.strange) == (0, 0)
    assert told.calls == told.executed == told.traps == 64 + told.handled
    assert hits == {kind: told.calls * times(kind) for kind in KINDS}
    assert how != "signals" or told.handled > 0


@pytest.mark.parametrize("out_of_line", [True, False])
def test_sixteen_threads_at_one_function(program: Program, out_of_line: bool) -> None:
    path = program("exact_counts", flags=("-no-pie",))
    calls = CALLS if out_of_line else 10
    with Debugger(out_of_line=out_of_line) as debugger:
        words, hits, threads = run(debugger, path, [str(THREADS), str(calls)], ("push",))
    assert Told(*words).calls == hits["push"] == THREADS * calls
    assert sorted(threads.values()) == [calls] * THREADS


def test_threads_that_come_and_go_with_signals(program: Program) -> None:
    path = program("exact_counts", flags=("-no-pie",))
    with Debugger() as debugger:
        arguments = [str(THREADS), str(max(CALLS, 8)), "churn", "signals"]
        words, hits, _ = run(debugger, path, arguments, ("push", "relative", "return"))
    told = Told(*words)
    assert (told.wrong, told.strange) == (0, 0)
    assert told.handled > 0
    assert set(hits.values()) == {told.calls}


@BITS
@pytest.mark.parametrize("mode", ["restarted", "broken", "nested", "sleep"])
def test_system_calls_that_signals_interrupt(program: Program, bits: int, mode: str) -> None:
    path = program("displaced_edges", bits=bits, flags=("-no-pie",))
    with Debugger() as debugger:
        (made, handled, expected), hits, _ = run(debugger, path, [mode, "6"], ("wait",))
    assert hits["wait"] == made
    assert handled > 6
    assert expected == (0 if mode == "sleep" else 6)
    if mode == "restarted":
        assert made == 6


@BITS
def test_a_string_instruction_that_signals_interrupt(program: Program, bits: int) -> None:
    path = program("displaced_edges", bits=bits, flags=("-no-pie",))
    with Debugger() as debugger:
        (made, handled, _), hits, _ = run(debugger, path, ["long", "6"], ("long",))
    assert hits["long"] == made == 6
    assert handled > 0


@BITS
def test_instructions_that_fail(program: Program, bits: int) -> None:
    path = program("displaced_edges", bits=bits, flags=("-no-pie",))
    kinds = ("bad_call", "bad_memory_call", "undefined")
    with Debugger() as debugger:
        (made, handled, expected), hits, _ = run(debugger, path, ["fail", "5"], kinds)
    assert made == handled == expected == 15
    assert hits == dict.fromkeys(kinds, 5)


@BITS
@pytest.mark.parametrize("stop_at", ["lock", "push_flags"])
def test_a_step_isnt_seen_in_pushed_flags(program: Program, bits: int, stop_at: str) -> None:
    path = program("exact_counts", bits=bits, flags=("-no-pie",))
    with Debugger() as debugger:
        debugger.signals.set("SIGTRAP", stop=False, passed=True)
        process = debugger.spawn([path, "1", "2"], stdout=-3)
        place = debugger.breakpoint(address(process, stop_at))
        stop = debugger.run()
        assert stop is not None
        assert stop.thread is not None
        while stop.thread.pc != address(process, "pop_flags"):
            assert isinstance(stop.thread.step_instruction(), StepDone)
        sp = stop.thread.registers.sp
        assert process.memory.read(sp, 2)[1] & 1 == 0
        place.delete()
        ended = debugger.run()
        assert isinstance(ended, ProcessExited)
        assert ended.status == 0
