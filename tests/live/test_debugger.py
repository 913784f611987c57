"""The debugger as a library, on real programs."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from seize.debug import (
    BreakpointHit,
    Debugger,
    ExecCaught,
    Exiting,
    ForkCaught,
    FunctionFinished,
    Interrupted,
    LibrariesChanged,
    Process,
    ProcessExited,
    ProcessKilled,
    SignalStop,
    StepDone,
    SyscallCaught,
    Thread,
    ThreadExited,
    ThreadStarted,
    WatchpointHit,
)
from seize.errors import LaunchError, NotStopped, SeizeError, TraceeGone, UsageError
from tests.live.support import in_state, running, state, tracer_of, wait_until

Program = Callable[..., str]
DEBUGGED = ("-O0", "-g")
BITS = pytest.mark.parametrize("bits", [64, 32])
NULL = -3


@pytest.fixture
def debuggee(program: Program) -> str:
    return program("debuggee", flags=DEBUGGED)


@pytest.fixture
def debugger() -> Iterator[Debugger]:
    with Debugger() as made:
        yield made


def function(thread: Thread | None) -> str | None:
    assert thread is not None
    return thread.frame.function


def killed(stop: object) -> int:
    assert isinstance(stop, ProcessKilled), stop
    return stop.signal


def ended(stop: object) -> int:
    assert isinstance(stop, ProcessExited), stop
    return stop.status


# ---------------------------------------------------------------------- breakpoints


@BITS
def test_a_breakpoint_on_a_function_stops_behind_its_prologue(
    debugger: Debugger, program: Program, bits: int
) -> None:
    process = debugger.spawn([program("debuggee", bits=bits, flags=DEBUGGED), "sum"], stdout=NULL)
    breakpoint_ = debugger.breakpoint("add")
    for hit in range(1, 4):
        stop = debugger.run()
        assert isinstance(stop, BreakpointHit)
        assert stop.breakpoints == (breakpoint_,)
        assert breakpoint_.hits == hit
        assert stop.thread is not None
        assert stop.thread.pc == breakpoint_.addresses[0]
        assert [frame.function for frame in stop.thread.frames()][:2] == ["add", "sum"]
    assert ended(debugger.run()) == 22
    assert process.exited is not None
    assert debugger.run() is None


def test_places_by_address_line_regular_expression_and_star(
    debugger: Debugger, debuggee: str
) -> None:
    source = Path("tests/programs/debuggee.c").read_text().splitlines()
    line = next(n for n, text in enumerate(source, 1) if "sum += square" in text)
    process = debugger.spawn([debuggee, "sum"], stdout=NULL)
    symbol = process.symbols.symbol("square")
    assert symbol is not None
    at = [
        debugger.breakpoint(symbol.address),
        debugger.breakpoint(f"*{symbol.address:#x}"),
        debugger.breakpoint(f"debuggee.c:{line}"),
        debugger.breakpoint(re.compile("^squ.re$")),
    ]
    while not isinstance(debugger.run(), ProcessExited):
        pass
    assert [each.hits for each in at] == [3, 3, 3, 3]


def test_condition_ignore_callback_temporary(debugger: Debugger, debuggee: str) -> None:
    debugger.spawn([debuggee, "sum"], stdout=NULL)
    seen: list[int] = []
    by_function = debugger.breakpoint("square", condition=lambda thread: thread.registers.rdi == 2)

    def second(thread: Thread, _: object) -> bool:
        seen.append(thread.tid)
        return len(seen) == 2

    by_function.callback = second
    stop = debugger.run()
    assert isinstance(stop, BreakpointHit)
    assert len(seen) == by_function.hits == 2
    by_function.delete()
    once = debugger.breakpoint("add", temporary=True)
    late = debugger.breakpoint("square", ignore=5)
    stop = debugger.run()
    assert isinstance(stop, BreakpointHit)
    assert stop.breakpoints == (once,)
    assert once.number not in debugger.breakpoints
    assert ended(debugger.run()) == 22
    assert (late.hits, late.ignore) == (1, 4)


def test_a_condition_may_be_an_expression(debugger: Debugger, debuggee: str) -> None:
    debugger.spawn([debuggee, "sum"], stdout=NULL)
    never = debugger.breakpoint("add", condition="rip == 0")
    always = debugger.breakpoint("add", condition="process.pid > 1 and thread.pc == rip")
    assert isinstance(debugger.run(), BreakpointHit)
    assert (never.hits, always.hits) == (0, 1)
    with pytest.raises(UsageError, match="not a Python expression"):
        debugger.breakpoint("add", condition="rip ==")


def test_a_condition_may_name_variables(debugger: Debugger, debuggee: str) -> None:
    process = debugger.spawn([debuggee, "sum"], stdout=NULL)
    debugger.breakpoint("square", condition="v == 2 and frame.caller()['a'] >= 1")
    stop = debugger.run()
    assert isinstance(stop, BreakpointHit)
    frames = list(process.thread.frames())
    assert [frames[0]["v"] == 2, frames[1]["a"] == 1, frames[2]["i"] == 1] == [True] * 3
    assert 10 * frames[0]["v"] + 1 == 21
    assert str(frames[2]["p"]) == "{x = 7, y = 2}"
    assert frames[2].evaluate("p.x + i * 2") == 9


def test_a_variable_is_watched_by_its_name(debugger: Debugger, debuggee: str) -> None:
    process = debugger.spawn([debuggee, "sum"], stdout=NULL)
    debugger.breakpoint("sum", temporary=True)
    debugger.run()
    watchpoint = debugger.watch("p.x")
    values = []
    for _ in range(4):
        stop = debugger.run()
        assert isinstance(stop, WatchpointHit)
        assert stop.watchpoint is watchpoint
        values.append(int.from_bytes(stop.new, "little"))
    assert values == [1, 7, 14, 22]
    assert function(process.thread) == "sum"


def test_an_error_in_a_condition_loses_nothing(debugger: Debugger, debuggee: str) -> None:
    debugger.spawn([debuggee, "sum"], stdout=NULL)
    wrong = debugger.breakpoint("add", condition=lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        debugger.run()
    wrong.condition = None
    assert isinstance(debugger.run(), BreakpointHit)
    wrong.delete()
    assert ended(debugger.run()) == 22


def test_a_breakpoint_waits_for_its_library(
    debugger: Debugger, program: Program, debuggee: str
) -> None:
    library = program("in_library", flags=("-shared", "-fPIC", "-O0"))
    debugger.spawn([debuggee, "load", library])
    breakpoint_ = debugger.breakpoint("in_library")
    load, unload = debugger.catch("load", "in_library"), debugger.catch("unload")
    assert breakpoint_.pending
    stop = debugger.run()
    assert isinstance(stop, LibrariesChanged)
    assert stop.catchpoint is load
    assert [image.path for image in stop.loaded] == [library]
    stop = debugger.run()
    assert isinstance(stop, BreakpointHit)
    assert function(stop.thread) == "in_library"
    stop = debugger.run()
    assert isinstance(stop, LibrariesChanged)
    assert stop.catchpoint is unload
    assert breakpoint_.pending
    assert ended(debugger.run()) == 9


def test_memory_shows_the_program_and_not_the_breakpoint(debugger: Debugger, debuggee: str) -> None:
    process = debugger.spawn([debuggee, "sum"], stdout=NULL)
    symbol = process.symbols.symbol("square")
    assert symbol is not None
    before = process.memory.read(symbol.address, 16)
    breakpoint_ = debugger.breakpoint(symbol.address)
    assert process.memory.read(symbol.address, 16) == before
    assert process.raw_memory.read(symbol.address, 1) == b"\xcc"
    process.memory.write(symbol.address, before)
    assert process.raw_memory.read(symbol.address, 1) == b"\xcc"
    breakpoint_.enabled = False
    assert process.raw_memory.read(symbol.address, 16) == before
    breakpoint_.enabled = True
    assert isinstance(debugger.run(), BreakpointHit)


def test_a_callback_may_return_from_the_function(debugger: Debugger, debuggee: str) -> None:
    """Patch a return value: the function's own instructions aren't executed."""
    process = debugger.spawn([debuggee, "sum"], stdout=NULL)
    symbol = process.symbols.symbol("square")
    assert symbol is not None

    def skip(thread: Thread, _: object) -> bool:
        registers = thread.registers
        registers.rax = 100
        registers.rip = int.from_bytes(thread.memory.read(registers.rsp, 8), "little")
        registers.rsp += 8
        return False

    debugger.breakpoint(symbol.address, callback=skip)
    assert ended(debugger.run()) == (1 + 3 * 102 + 3) & 255


@BITS
@pytest.mark.parametrize("threads", [1, 4])
def test_a_callback_may_have_its_thread_execute_something(
    debugger: Debugger, program: Program, bits: int, threads: int
) -> None:
    """The hit goes on from its own place, although the thread has run in the meantime."""
    command = [program("debuggee", bits=bits, flags=DEBUGGED), "threads", str(threads), "30"]
    process = debugger.spawn(command, stdout=NULL)
    symbol = process.symbols.symbol("work")
    assert symbol is not None
    seen: list[bool] = []

    def work(thread: Thread, _: object) -> bool:
        # While this thread is alone, others may come here too.
        number = len(seen)
        if number % 3 == 0:
            assert thread.registers.pc == symbol.address
        if number % 2:
            seen.append(thread.syscall("getpid") == process.pid)
        else:
            seen.append(thread.call("square", number) == number**2)
        assert thread.pc == symbol.address
        assert function(thread) == "work"
        return False

    breakpoint_ = debugger.breakpoint(symbol.address, callback=work)
    assert ended(debugger.run()) == 0
    assert breakpoint_.hits == 30 * threads
    assert all(seen)


def test_a_callback_may_return_after_a_call(debugger: Debugger, debuggee: str) -> None:
    process = debugger.spawn([debuggee, "sum"], stdout=NULL)
    symbol = process.symbols.symbol("square")
    assert symbol is not None

    def skip(thread: Thread, _: object) -> bool:
        registers = thread.registers
        registers.rax = 100
        registers.rip = int.from_bytes(thread.memory.read(registers.rsp, 8), "little")
        registers.rsp += 8
        return thread.syscall("getpid") != process.pid

    debugger.breakpoint(symbol.address, callback=skip)
    assert ended(debugger.run()) == (1 + 3 * 102 + 3) & 255


@BITS
def test_hardware_breakpoints_change_no_instruction(
    debugger: Debugger, program: Program, bits: int
) -> None:
    command = [program("debuggee", bits=bits, flags=DEBUGGED), "threads", "4", "50"]
    process = debugger.spawn(command, stdout=NULL)
    breakpoint_ = debugger.breakpoint("work", hardware=True, callback=lambda *_: False)
    address = breakpoint_.addresses[0]
    assert process.raw_memory.read(address, 1) != b"\xcc"
    assert ended(debugger.run()) == 0
    assert breakpoint_.hits == 200


def test_followed_children_of_what_was_spawned_end_with_it(debuggee: str) -> None:
    with Debugger(follow="both") as debugger:
        debugger.spawn([debuggee, "fork"], stdout=NULL)
        debugger.catch("fork")
        stop = debugger.run()
        assert isinstance(stop, ForkCaught)
        assert in_state(stop.child_pid, "t")
    assert state(stop.child_pid) in ("", "Z")


# ---------------------------------------------------------------------- killed by somebody else


def test_a_kill_that_is_noticed_first_by_an_error_is_told(
    debugger: Debugger, debuggee: str
) -> None:
    process = debugger.spawn([debuggee, "sum"], stdout=NULL)
    os.kill(process.pid, signal.SIGKILL)
    wait_until(lambda: in_state(process.pid, "Z"))
    with pytest.raises(TraceeGone):
        process.stopped_thread().siginfo()
    assert killed(debugger.run()) == signal.SIGKILL


# ---------------------------------------------------------------------- watchpoints


def test_a_breakpoint_that_needs_too_many_registers_leaves_none_taken(
    debugger: Debugger, debuggee: str
) -> None:
    process = debugger.spawn([debuggee, "watch"], stdout=NULL)
    with pytest.raises(SeizeError, match="debug register"):
        debugger.breakpoint(re.compile("^(main|add|work|square|sum|child)$"), hardware=True)
    with pytest.raises(UsageError, match="can't watch 8 bytes at 0xffff800000000000"):
        debugger.watch(0xFFFF800000000000, size=8)
    assert not debugger.breakpoints
    stack = process.stopped_thread().registers.sp & ~7
    for number in range(4):
        debugger.watch(stack + 8 * number, size=8)


@BITS
def test_watchpoints_tell_old_and_new(debugger: Debugger, program: Program, bits: int) -> None:
    command = [program("debuggee", bits=bits, flags=DEBUGGED), "watch"]
    process = debugger.spawn(command)
    debugger.signals.set("SIGUSR1", stop=False)
    symbol = process.symbols.symbol("global")
    assert symbol is not None
    watchpoint = debugger.watch(symbol.address, size=4)
    values = []
    while isinstance(stop := debugger.run(), WatchpointHit):
        assert stop.watchpoint is watchpoint
        values.append((int.from_bytes(stop.old, "little"), int.from_bytes(stop.new, "little")))
    # A write of what is there already isn't told.
    assert values == [(5, 6), (6, 6 + signal.SIGUSR1)]
    assert watchpoint.hits == 2
    assert ended(stop) == 6 + signal.SIGUSR1


def test_watching_accesses_bytes_and_more_than_a_register(
    debugger: Debugger, debuggee: str
) -> None:
    process = debugger.spawn([debuggee, "watch"])
    debugger.signals.set("SIGUSR1", stop=False)
    buffer, value = process.symbols.symbol("buffer"), process.symbols.symbol("global")
    assert buffer is not None
    assert value is not None
    access = debugger.watch(value.address, size=4, kind="access")
    byte = debugger.watch(buffer.address + 3, size=1)
    wide = debugger.watch(buffer.address, size=16)
    with pytest.raises(SeizeError, match="debug register"):
        debugger.watch(buffer.address + 32, size=8)
    while isinstance(stop := debugger.run(), WatchpointHit):
        pass
    assert ended(stop) == 6 + signal.SIGUSR1
    assert (byte.hits, wide.hits) == (1, 1)
    # Two writes, three reads (one of them to return it), and the handler's read and write.
    assert access.hits >= 6


def test_what_a_step_writes_is_told(debugger: Debugger, debuggee: str) -> None:
    process = debugger.spawn([debuggee, "watch"])
    debugger.breakpoint("main", temporary=True)
    stop = debugger.run()
    assert isinstance(stop, BreakpointHit)
    symbol = process.symbols.symbol("global")
    assert symbol is not None
    watchpoint = debugger.watch(symbol.address, size=4)
    told: list[tuple[int, int]] = []
    for _ in range(1000):
        step = process.thread.step_instruction(over=True)
        if isinstance(step, WatchpointHit):
            assert step.watchpoint is watchpoint
            told.append((step.old[0], step.new[0]))
            break
        assert isinstance(step, StepDone)
    assert told == [(5, 6)]


def test_new_threads_are_watched_too(debugger: Debugger, debuggee: str) -> None:
    process = debugger.spawn([debuggee, "threads", "4", "25"], stdout=NULL)
    symbol = process.symbols.symbol("counter")
    assert symbol is not None
    tids: set[int] = set()

    def note(thread: Thread, _: object) -> bool:
        tids.add(thread.tid)
        return False

    watchpoint = debugger.watch(symbol.address, size=8, callback=note)
    assert ended(debugger.run()) == 0
    # Two threads that write at once may be told after both.
    assert 4 <= watchpoint.hits <= 100
    assert len(tids) == 4


# ---------------------------------------------------------------------- catchpoints


def test_catching_system_calls(debugger: Debugger, debuggee: str) -> None:
    debugger.spawn([debuggee, "sum"], stdout=NULL)
    catchpoint = debugger.catch("syscall", "exit_group", "newfstatat")
    calls = []
    while isinstance(stop := debugger.run(), SyscallCaught):
        assert stop.catchpoint is catchpoint
        calls.append((stop.call.name, stop.entry))
    assert calls[-1] == ("exit_group", True)
    assert calls[0] == ("newfstatat", True)
    assert calls[1] == ("newfstatat", False)
    assert ended(stop) == 22
    with pytest.raises(UsageError, match="no system call"):
        debugger.catch("syscall", "nonsense")


def test_catching_signals_and_changing_them(debugger: Debugger, debuggee: str) -> None:
    debugger.spawn([debuggee, "signal"])
    stop = debugger.run()
    assert isinstance(stop, SignalStop)
    assert (stop.signal, stop.siginfo.signo) == (signal.SIGUSR1, signal.SIGUSR1)
    assert stop.thread is not None
    stop.thread.pending_signal = 0
    assert ended(debugger.run()) == 5
    debugger.spawn([debuggee, "signal"])
    assert isinstance(debugger.run(), SignalStop)
    debugger.resume(signal=signal.SIGKILL)
    assert killed(debugger.wait()) == signal.SIGKILL


def test_signals_are_passed_without_a_word_if_that_is_wanted(
    debugger: Debugger, debuggee: str
) -> None:
    debugger.signals.set("SIGUSR1", stop=False)
    debugger.spawn([debuggee, "signal"])
    assert ended(debugger.run()) == 5 + signal.SIGUSR1
    debugger.signals.set("SIGUSR1", passed=False)
    debugger.spawn([debuggee, "signal"])
    assert ended(debugger.run()) == 5


def test_catching_threads_and_exits(debugger: Debugger, debuggee: str) -> None:
    debugger.spawn([debuggee, "threads", "3", "5"], stdout=NULL)
    debugger.catch("thread")
    debugger.catch("exit")
    kinds: list[type] = []
    while not isinstance(stop := debugger.run(), ProcessExited):
        kinds.append(type(stop))
    assert sorted(kinds.count(kind) for kind in (ThreadStarted, ThreadExited, Exiting)) == [3, 3, 4]


def test_a_temporary_catchpoint_stops_once(debugger: Debugger, debuggee: str) -> None:
    debugger.spawn([debuggee, "sum"], stdout=NULL)
    debugger.catch("syscall", temporary=True)
    assert isinstance(debugger.run(), SyscallCaught)
    assert not debugger.breakpoints
    assert ended(debugger.run()) == 22


# ---------------------------------------------------------------------- children and programs


@pytest.mark.parametrize("kind", ["fork", "vfork"])
@pytest.mark.parametrize("follow", ["parent", "child", "both"])
def test_following_forks(
    debugger: Debugger, debuggee: str, kind: str, follow: str, capfd: pytest.CaptureFixture[str]
) -> None:
    debugger.follow = follow
    first = debugger.spawn([debuggee, kind])
    hits: list[int] = []
    debugger.breakpoint("work", callback=lambda thread, _: hits.append(thread.process.pid))
    ends = []
    while (stop := debugger.run()) is not None:
        if isinstance(stop, ProcessExited):
            ends.append((stop.process is first, stop.status))
    by_parent = hits.count(first.pid)
    by_child = len(hits) - by_parent
    expected = {"parent": (1, 0), "child": (0, 1), "both": (1, 1)}[follow]
    assert (by_parent, by_child) == expected
    assert sorted(ends) == [
        each
        for each in [(False, 3), (True, 0)]
        if follow == "both" or each[0] == (follow == "parent")
    ]
    # Whoever is let go runs to its end as if nothing had been there.
    wait_until(lambda: capfd.readouterr().out == f"3 {11 if kind == 'vfork' else 1}\n")
    if follow == "child":
        assert os.waitpid(first.pid, 0)[1] == 0


@pytest.mark.parametrize("kind", ["fork", "vfork"])
def test_catching_a_fork(debugger: Debugger, debuggee: str, kind: str) -> None:
    debugger.follow = "both"
    parent = debugger.spawn([debuggee, kind], stdout=NULL)
    debugger.catch(kind)
    stop = debugger.run()
    assert isinstance(stop, ForkCaught)
    assert stop.kind == kind
    assert isinstance(stop.child, Process)
    assert stop.child.pid == stop.child_pid
    assert stop.child.stopped_thread().stopped
    assert set(debugger.processes) == {parent.pid, stop.child_pid}
    kinds = []
    while (stop := debugger.run()) is not None:
        kinds.append(stop.kind if isinstance(stop, ForkCaught) else ended(stop))
    assert sorted(map(str, kinds)) == sorted(["0", "3", *(["vfork-done"] * (kind == "vfork"))])


@pytest.mark.parametrize("kind", ["exec", "vexec"])
@pytest.mark.parametrize("follow", ["parent", "child", "both"])
def test_breakpoints_across_execve(
    debugger: Debugger, debuggee: str, kind: str, follow: str
) -> None:
    debugger.follow = follow
    first = debugger.spawn([debuggee, kind], stdout=NULL)
    work = debugger.breakpoint("work", callback=lambda *_: False)
    add = debugger.breakpoint("add", callback=lambda *_: False)
    debugger.catch("exec")
    caught, ends = 0, []
    while (stop := debugger.run()) is not None:
        if isinstance(stop, ExecCaught):
            caught += 1
            assert Path(stop.path).name == Path(debuggee).name
        else:
            ends.append(ended(stop))
    both = follow == "both"
    assert caught == (follow != "parent")
    assert add.hits == (0 if follow == "parent" else 3)
    assert work.hits == 1 + both
    assert ends == [22] * (1 + both)
    if follow == "child":
        assert os.waitstatus_to_exitcode(os.waitpid(first.pid, 0)[1]) == 22


@pytest.mark.parametrize("told", [True, False])
def test_a_step_may_end_with_a_signal_that_does_not_stop(
    debugger: Debugger, debuggee: str, told: bool
) -> None:
    process = debugger.spawn([debuggee, "signal"])
    debugger.signals.set("SIGUSR1", stop=False)
    debugger.breakpoint("raise", temporary=True)
    debugger.breakpoint("handler", temporary=True)
    assert isinstance(debugger.run(), BreakpointHit)
    seen: list[object] = []
    for _ in range(2000):
        debugger.resume(process.thread, step=True, every_signal=told)
        stop = debugger.wait()
        if not isinstance(stop, StepDone):
            seen.append(stop)
            break
    assert len(seen) == 1
    assert isinstance(seen[0], SignalStop if told else BreakpointHit)


def test_a_breakpoint_comes_back_with_its_memory(debugger: Debugger, debuggee: str) -> None:
    process = debugger.spawn([debuggee, "sum"], stdout=NULL)
    private_fixed = 0x32
    address = process.syscall("mmap", 0, 4096, 7, 0x22, -1, 0)
    process.memory.write(address, b"\x90\x90\xc3")
    first = debugger.breakpoint(address + 1)
    assert process.memory.read(address, 3) == b"\x90\x90\xc3"
    process.syscall("munmap", address, 4096)
    process.syscall("mmap", address, 4096, 7, private_fixed, -1, 0)
    # Nothing of what was there is shown.
    assert process.memory.read(address, 3) == bytes(3)
    process.memory.write(address, b"\x90\x40\xc3")
    second = debugger.breakpoint(address + 1)
    assert process.memory.read(address, 3) == b"\x90\x40\xc3"
    assert process.raw_memory.read(address, 3) == b"\x90\xcc\xc3"
    second.delete()
    first.delete()
    assert process.raw_memory.read(address, 3) == b"\x90\x40\xc3"


def test_a_leader_that_has_ended_is_not_waited_for(debugger: Debugger, program: Program) -> None:
    process = debugger.spawn([program("leader_exits")], stdout=NULL)
    debugger.catch("syscall", "exit_group")
    stop = debugger.run()
    assert isinstance(stop, SyscallCaught)
    assert stop.thread is not None
    assert stop.thread.tid != process.pid
    assert list(process.threads) == [stop.thread.tid]
    assert ended(debugger.run()) is not None


def test_a_signal_is_injected_wherever_the_thread_has_stopped(
    debugger: Debugger, debuggee: str
) -> None:
    process = debugger.spawn([debuggee, "sum"], stdout=NULL)
    caught = debugger.catch("syscall", "brk")
    assert isinstance(debugger.run(), SyscallCaught)
    caught.delete()
    debugger.resume(process, signal=signal.SIGTERM)
    stop = debugger.wait()
    # It isn't told of once more, and the kernel didn't overlook it.
    assert isinstance(stop, ProcessKilled)
    assert stop.signal == signal.SIGTERM


def test_an_address_may_vanish_by_execve(debugger: Debugger) -> None:
    process = debugger.spawn(["sh", "-c", "exec true"])
    code = next(each for each in process.maps() if "x" in each.permissions)
    point = debugger.breakpoint(code.end - 16)
    assert not point.pending
    stop = debugger.run()
    assert isinstance(stop, ProcessExited)
    assert point.hits == 0


# ---------------------------------------------------------------------- stepping


def test_stepping_by_line_over_into_and_out(debugger: Debugger, debuggee: str) -> None:
    debugger.spawn([debuggee, "sum"], stdout=NULL)
    debugger.breakpoint("sum", temporary=True)
    stop = debugger.run()
    assert stop is not None
    thread = stop.thread
    assert thread is not None
    lines = []
    source = Path("tests/programs/debuggee.c").read_text().splitlines()
    for _ in range(5):
        assert isinstance(thread.next(), StepDone)
        assert function(thread) == "sum"
        lines.append(source[thread.frame.line - 1].strip())
    loop, body = "for (i = 0; i < 3; i++)", "p.x += add(i, p.y);"
    assert lines == [loop, body, loop, body, loop]
    thread.step()
    thread.step()
    assert function(thread) == "add"
    assert source[thread.frame.line - 1].strip() == "int sum = a + b;"
    finished = thread.finish()
    assert isinstance(finished, FunctionFinished)
    assert finished.value == 2 + 2 + 4
    assert function(thread) == "sum"
    assert isinstance(thread.until("printf"), StepDone)
    thread.finish()
    assert isinstance(thread.next(), StepDone)


@BITS
def test_stepping_by_instruction(debugger: Debugger, program: Program, bits: int) -> None:
    command = [program("debuggee", bits=bits, flags=DEBUGGED), "sum"]
    process = debugger.spawn(command, stdout=NULL)
    add = debugger.breakpoint("add")
    debugger.run()
    thread = process.thread
    into = 0
    while function(thread) == "add":
        assert isinstance(thread.step_instruction(), StepDone)
        into += 1
    assert function(thread) == "square"
    thread.finish()
    assert function(thread) == "add"
    stop = debugger.run()
    assert isinstance(stop, BreakpointHit)
    over = 0
    while function(thread) == "add":
        assert isinstance(thread.step_instruction(over=True), StepDone)
        over += 1
    assert function(thread) == "sum"
    assert over > into
    assert add.hits == 2


def test_a_step_ends_at_a_breakpoint_on_its_way(debugger: Debugger, debuggee: str) -> None:
    process = debugger.spawn([debuggee, "sum"], stdout=NULL)
    debugger.breakpoint("add", temporary=True)
    debugger.run()
    inner = debugger.breakpoint("square")
    process.thread.next()
    stop = process.thread.next()
    assert isinstance(stop, BreakpointHit)
    assert stop.breakpoints == (inner,)
    # Nothing of the step is left: the program runs to its end.
    inner.delete()
    assert ended(debugger.run()) == 22


def test_stepping_with_other_threads_about(debugger: Debugger, debuggee: str) -> None:
    debugger.spawn([debuggee, "threads", "4", "300"], stdout=NULL)
    work = debugger.breakpoint("many")
    stop = debugger.run()
    assert isinstance(stop, BreakpointHit)
    assert stop.thread is not None
    thread = stop.thread
    work.delete()
    for _ in range(20):
        stop = thread.next()
        assert isinstance(stop, StepDone), stop
        assert stop.thread is thread
    assert ended(debugger.run()) == 0


# ---------------------------------------------------------------------- all-stop, non-stop


def test_all_threads_stop_in_all_stop(debugger: Debugger, debuggee: str) -> None:
    process = debugger.spawn([debuggee, "threads", "6", "100"], stdout=NULL)
    debugger.breakpoint("work", ignore=37)
    stop = debugger.run()
    assert isinstance(stop, BreakpointHit)
    assert all(thread.stopped for thread in process.threads.values())


def test_others_run_on_in_non_stop(program: Program, debuggee: str) -> None:
    with Debugger(non_stop=True) as debugger:
        process = debugger.spawn([debuggee, "threads-forever"], stdout=NULL)
        breakpoint_ = debugger.breakpoint("many")
        debugger.resume()
        stopped = []
        for _ in range(4):
            stop = debugger.wait(30)
            assert isinstance(stop, BreakpointHit)
            stopped.append(stop.thread)
        assert breakpoint_.hits == len(set(stopped)) == 4
        leader = process.threads[process.pid]
        assert not leader.stopped
        with pytest.raises(NotStopped):
            leader.registers.pc  # noqa: B018
        debugger.interrupt(leader)
        stop = debugger.wait(30)
        assert isinstance(stop, Interrupted)
        assert stop.thread is leader
        assert stopped[0] is not None
        debugger.resume(stopped[0])
        assert debugger.wait(0.05) is None
        assert not stopped[0].stopped
        assert stopped[1] is not None
        assert stopped[1].stopped


def test_interrupting_from_another_thread_and_by_time(debugger: Debugger, debuggee: str) -> None:
    process = debugger.spawn([debuggee, "forever"], stdout=NULL)
    debugger.resume()
    assert debugger.wait(0.05) is None
    assert not process.threads[process.pid].stopped
    for _ in range(20):
        timer = threading.Timer(0.005, debugger.interrupt)
        timer.start()
        stop = debugger.wait(30)
        assert isinstance(stop, Interrupted)
        timer.join()
        debugger.resume()
    debugger.breakpoint("work", temporary=True)
    wait_until(lambda: in_state(process.pid, "t"))
    # It is there already: no time at all is enough.
    assert isinstance(debugger.wait(0), BreakpointHit)
    assert debugger.wait(0) is None
    debugger.resume()
    assert debugger.wait(0) is None
    threading.Timer(0.005, debugger.wake).start()
    before = time.monotonic()
    assert debugger.wait(30) is None
    assert time.monotonic() - before < 20


def test_interrupting_threads_that_are_about_to_end(debugger: Debugger, debuggee: str) -> None:
    """The one that was asked to stop may be gone before it does; so is the leader, all the time."""
    process = debugger.spawn([debuggee, "short-threads"])
    debugger.breakpoint("work", callback=lambda *_: False)
    debugger.resume()
    for turn in range(40):
        assert debugger.wait(0.001 * (turn % 5)) is None
        debugger.interrupt()
        stop = debugger.wait(30)
        assert isinstance(stop, Interrupted)
        assert all(thread.stopped for thread in process.threads.values())
        debugger.resume()


# ---------------------------------------------------------------------- attaching and letting go


def test_attach_look_and_detach(debugger: Debugger, debuggee: str) -> None:
    with running(debuggee, "forever") as child:
        process = debugger.attach(child.pid)
        assert all(thread.stopped for thread in process.threads.values())
        breakpoint_ = debugger.breakpoint("work")
        assert isinstance(debugger.run(), BreakpointHit)
        assert process.call("add", 2, 3) == 14
        assert process.syscall("getpid") == child.pid
        symbol = process.symbols.symbol("work")
        assert symbol is not None
        text = process.memory.read(symbol.address, 64)
        process.detach()
        assert tracer_of(child.pid) == 0
        assert child.poll() is None
        with open(f"/proc/{child.pid}/mem", "rb") as memory:
            memory.seek(symbol.address)
            assert memory.read(64) == text
        assert breakpoint_.pending


def test_a_stopped_process_stays_stopped(debugger: Debugger, debuggee: str) -> None:
    with running(debuggee, "forever") as child:
        os.kill(child.pid, signal.SIGSTOP)
        wait_until(lambda: "State:\tT" in Path(f"/proc/{child.pid}/status").read_text())
        process = debugger.attach(child.pid)
        assert process.thread.registers.pc
        process.detach()
        wait_until(lambda: "State:\tT (s" in Path(f"/proc/{child.pid}/status").read_text())


def test_close_kills_what_was_spawned_and_lets_go_the_rest(debuggee: str) -> None:
    with running(debuggee, "threads-forever") as child:
        with Debugger() as debugger:
            spawned = debugger.spawn([debuggee, "forever"], stdout=NULL)
            debugger.attach(child.pid)
            debugger.breakpoint("work", callback=lambda *_: False)
            debugger.resume()
            assert debugger.wait(0.1) is None
        assert not spawned.alive
        assert tracer_of(child.pid) == 0
        assert child.poll() is None


def test_a_kill_from_outside_is_ordinary(debugger: Debugger, debuggee: str) -> None:
    process = debugger.spawn([debuggee, "threads-forever"], stdout=NULL)
    debugger.breakpoint("work", callback=lambda *_: False)
    threading.Timer(0.1, os.kill, (process.pid, signal.SIGKILL)).start()
    assert killed(debugger.run(30)) == signal.SIGKILL


def test_what_cannot_be_started_or_placed(
    debugger: Debugger, debuggee: str, tmp_path: Path
) -> None:
    with pytest.raises(LaunchError, match="No such file"):
        debugger.spawn([str(tmp_path / "missing")])
    nothing = tmp_path / "nothing"
    nothing.write_bytes(b"\0\1\2")
    nothing.chmod(0o755)
    with pytest.raises(LaunchError):
        debugger.spawn([str(nothing)])
    debugger.spawn([debuggee])
    with pytest.raises(UsageError, match="can't insert a breakpoint at 0x10"):
        debugger.breakpoint(0x10)
    with pytest.raises(UsageError):
        debugger.catch("nonsense")
    assert not debugger.breakpoints


def test_addresses_are_the_same_without_aslr(debugger: Debugger, debuggee: str) -> None:
    where = [debugger.spawn([debuggee], aslr=False).thread.pc for _ in range(2)]
    assert where[0] == where[1]
    assert subprocess.run(["true"], check=False).returncode == 0


def test_finish_goes_over_a_signals_handler_and_a_step_into_it(
    debugger: Debugger, debuggee: str
) -> None:
    process = debugger.spawn([debuggee, "signal"])
    stop = debugger.run()
    assert isinstance(stop, SignalStop)
    thread = process.thread
    while function(thread) != "main":
        thread.finish()
    assert ended(debugger.run()) == 5 + signal.SIGUSR1
    # The same with the handler on the way of a step.
    process = debugger.spawn([debuggee, "signal"])
    assert isinstance(debugger.run(), SignalStop)
    stop = process.thread.step_instruction()
    assert isinstance(stop, StepDone), stop
    assert function(process.thread) == "handler"
    assert ended(debugger.run()) == 5 + signal.SIGUSR1


def test_what_is_called_meets_no_breakpoint(debugger: Debugger, debuggee: str) -> None:
    process = debugger.spawn([debuggee, "threads", "4", "40"], stdout=NULL)
    work, add = debugger.breakpoint("work"), debugger.breakpoint("square")
    hits = 0
    while isinstance(stop := debugger.run(), BreakpointHit):
        hits += 1
        if hits % 40 == 0:
            assert stop.thread is not None
            assert stop.thread.call("add", 1, hits) == 1 + hits + hits * hits
            assert process.syscall("getpid") == process.pid
    assert (hits, work.hits, add.hits) == (160, 160, 0)
    assert ended(stop) == 0
