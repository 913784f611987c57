"""Calls made in a stopped thread from outside: they do what they should, and nobody notices."""

from __future__ import annotations

import errno
import os
import signal
import struct
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from seize import kernel, ptrace
from seize.abi._generated import constants as k
from seize.abi._generated import ptrace as pt
from seize.debug.detour import find_instruction
from seize.debug.remote import (
    CallInterrupted,
    remote_call,
    remote_call_values,
    remote_syscall,
)
from seize.engine import Tracee, Tracer
from seize.errors import MemoryFault, NotStopped, PtraceError, TraceeGone, UsageError
from seize.stops import events
from tests.live.support import in_state, state, wait_until

Program = Callable[..., str]
RETURN = b"\xc3"
NAMES = (
    *("nine", "mixed", "ten_doubles", "length", "aligned", "crash", "wait_for_ever", "children"),
)


def seen_from_outside(tracee: Tracee) -> tuple[object, ...]:
    """All of a thread's state that a tracer can see."""
    info: object
    try:
        info = tracee.siginfo()
    except PtraceError as error:
        info = error.errno
    vectors = tracee.ask(ptrace.getregset, pt.NT_X86_XSTATE)
    return (
        tracee.ask(ptrace.getregset, pt.NT_PRSTATUS),
        # Without the header: the processor tracks there what is in use, as it likes.
        vectors[:512] + vectors[576:],
        tracee.ask(ptrace.getsigmask),
        info,
        tracee.ask(ptrace.get_syscall_info).op,
        tracee.pending_signal,
    )


def call_out(tracee: Tracee) -> None:
    """Make a system call and a call in a thread."""
    assert remote_syscall(tracee, "getpid") == tracee.process.pid
    remote_call(tracee, find_instruction(tracee.memory, RETURN))


@pytest.mark.parametrize("syscalls", [True, False])
@pytest.mark.parametrize("bits", [64, 32])
def test_a_program_that_checks_itself_sees_nothing(
    program: Program, bits: int, syscalls: bool
) -> None:
    path = program("self_check", bits=bits)
    alone = subprocess.run([path], stdout=subprocess.PIPE, timeout=30).stdout
    reader, writer = os.pipe()
    done: Counter[type[events.Event]] = Counter()
    with Tracer(syscalls=syscalls) as tracer, os.fdopen(reader, "rb") as output:
        tracer.spawn([path], stdout=writer)
        os.close(writer)
        for index, stop in enumerate(tracer):
            # A thread that waits in vfork can't be taken aside.
            if isinstance(stop, (events.End, events.Vfork)) or (syscalls and index % 5):
                continue
            try:
                before = seen_from_outside(stop.tracee)
                call_out(stop.tracee)
                if not isinstance(stop, (events.Fork, events.Clone, events.Exec)):
                    # Its parent may end a group-stop meanwhile.
                    fields = 3 if isinstance(stop, events.GroupStop) else len(before)
                    assert seen_from_outside(stop.tracee)[:fields] == before[:fields], stop
            except TraceeGone:
                # Killed, and it answers nothing any more: its end is told next.
                with pytest.raises((TraceeGone, NotStopped)):
                    stop.tracee.ask(ptrace.getsigmask)
                continue
            done[type(stop)] += 1
        assert output.read() == alone
    others = {events.SignalDelivery, events.GroupStop, events.EventStop, events.Fork, events.Clone}
    assert ({events.SyscallEnter, events.SyscallExit} if syscalls else others) <= set(done)


def asleep(path: str, kind: str) -> tuple[subprocess.Popen[bytes], list[bytes]]:
    """The program in its system call, and what it has said; some calls don't take long."""
    for _ in range(20):
        process = subprocess.Popen([path, kind], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert process.stdout is not None
        words = process.stdout.readline().split()
        assert process.stdout.readline() == b"ready\n"
        wait_until(lambda pid=process.pid: state(pid) in "SZ")  # type: ignore[misc]
        if in_state(process.pid, "S"):
            return process, words
        process.communicate()
    raise AssertionError("it is never met asleep")


@contextmanager
def stopped(
    path: str, kind: str
) -> Iterator[tuple[subprocess.Popen[bytes], Tracer, Tracee, dict[str, int]]]:
    """The program, attached and stopped in the system call that ``kind`` names."""
    process, words = asleep(path, kind)
    try:
        functions = {name: int(word, 16) for name, word in zip(NAMES, words, strict=True)}
        with Tracer(syscalls=False) as tracer:
            tracer.attach(process.pid)
            stop = tracer.next()
            assert isinstance(stop, events.EventStop)
            yield process, tracer, stop.tracee, functions
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("kind", ["nanosleep", "poll", "futex", "sigsuspend", "read"])
@pytest.mark.parametrize("bits", [64, 32])
def test_an_interrupted_system_call_goes_on(program: Program, bits: int, kind: str) -> None:
    with stopped(program("remote", bits=bits), kind) as (process, tracer, tracee, functions):
        for _ in range(3):
            call_out(tracee)
            assert remote_call(tracee, functions["nine"], *[1] * 9) == 111111111
        tracer.detach(tracee.process)
        if kind == "sigsuspend":
            wait_until(lambda: in_state(process.pid, "S"))
            os.kill(process.pid, signal.SIGUSR1)
        assert process.communicate(b"x", timeout=20)[0] == b"0 3\n"
        assert process.returncode == 0


@pytest.mark.parametrize("bits", [64, 32])
def test_arguments_and_results(program: Program, bits: int) -> None:
    with stopped(program("remote", bits=bits), "read") as (_, _, tracee, functions):

        def call(name: str, *arguments: int | float | bytes | str) -> int:
            return remote_call(tracee, functions[name], *arguments) & 0xFFFF_FFFF

        assert call("nine", *range(1, 10)) == 987654321
        assert call("nine", -1, 0, 0, 0, 0, 0, 0, 0, 0) == 0xFFFF_FFFF
        assert call("ten_doubles", *map(float, range(1, 11))) == 385
        assert call("length", "word", b"seven b") == 407
        values = remote_call_values(tracee, functions["mixed"], 2, 0.5, 3.0, 4, 0.25)
        assert (values.double if bits == 64 else _extended(values.st0)) == 4.5
        # The frame address is 16 bytes below the alignment that the convention wants.
        assert call("aligned") in ({0} if bits == 64 else {8})


def _extended(data: bytes) -> float:
    """The value of an 80-bit x87 number (a normal one)."""
    mantissa, exponent = struct.unpack("<QH", data)
    return float(mantissa * 2.0 ** ((exponent & 0x7FFF) - 16383 - 63))


@pytest.mark.parametrize("bits", [64, 32])
def test_a_function_that_waits_for_children(program: Program, bits: int) -> None:
    with stopped(program("remote", bits=bits), "read") as (process, tracer, tracee, functions):
        before = seen_from_outside(tracee)
        assert remote_call(tracee, functions["children"]) == 705
        assert seen_from_outside(tracee) == before
        assert set(tracer.processes) == {process.pid}


@pytest.mark.parametrize("bits", [64, 32])
def test_a_function_that_crashes_is_undone(program: Program, bits: int) -> None:
    with stopped(program("remote", bits=bits), "read") as (process, tracer, tracee, functions):
        before = seen_from_outside(tracee)
        with pytest.raises(CallInterrupted, match="interrupted by SIGSEGV") as caught:
            remote_call(tracee, functions["crash"])
        assert caught.value.signal == signal.SIGSEGV
        assert functions["crash"] < caught.value.pc < functions["crash"] + 64
        assert seen_from_outside(tracee) == before
        tracer.detach(tracee.process)
        assert process.communicate(b"x", timeout=20)[0] == b"0 1\n"


def test_a_function_that_crashes_can_be_looked_at(program: Program) -> None:
    with stopped(program("remote"), "read") as (_, _, tracee, functions):
        with pytest.raises(CallInterrupted) as caught:
            remote_call(tracee, functions["crash"], unwind=False)
        assert tracee.registers().rip == caught.value.pc
        assert tracee.siginfo().addr == 8


def test_signals_that_come_meanwhile_come_afterwards(program: Program) -> None:
    with stopped(program("remote"), "read") as (process, tracer, tracee, functions):
        os.kill(process.pid, signal.SIGUSR1)
        tgkill = [process.pid, process.pid, signal.SIGSEGV]
        remote_syscall(tracee, "tgkill", *tgkill[:2], signal.SIGUSR2)
        remote_syscall(tracee, "tgkill", *tgkill)
        assert remote_call(tracee, functions["nine"], *[0] * 9) == 0
        tracee.resume()
        found: set[int] = set()
        while len(found) < 3:
            stop = tracer.next()
            assert isinstance(stop, events.SignalDelivery)
            assert stop.siginfo.pid in (process.pid, os.getpid())
            found.add(stop.signal)
            stop.tracee.resume(0 if stop.signal == signal.SIGSEGV else None)
        assert found == {signal.SIGUSR1, signal.SIGUSR2, signal.SIGSEGV}
        tracer.detach(tracee.process)
        assert process.communicate(b"x", timeout=20)[0] == b"0 1\n"


@pytest.mark.parametrize("resumed", [False, True])
def test_an_exception_beside_the_resumption_ends_a_call(
    program: Program, monkeypatch: pytest.MonkeyPatch, resumed: bool
) -> None:
    """As the handler of a signal raises it, before the thread was resumed or after it."""
    with stopped(program("remote"), "read") as (process, tracer, tracee, functions):
        before = seen_from_outside(tracee)
        resume = ptrace.resumer(pt.PTRACE_CONT)

        def struck(tid: int, signal: int) -> None:
            monkeypatch.setitem(tracer._resumers, pt.PTRACE_CONT, resume)
            if resumed:
                resume(tid, signal)
            raise KeyboardInterrupt

        monkeypatch.setitem(tracer._resumers, pt.PTRACE_CONT, struck)
        with pytest.raises(KeyboardInterrupt):
            remote_call(tracee, functions["wait_for_ever"])
        assert seen_from_outside(tracee) == before
        tracer.detach(tracee.process)
        assert process.communicate(b"x", timeout=20)[0] == b"0 0\n"


def test_keyboard_interrupt_ends_a_call_that_hangs(program: Program) -> None:
    with stopped(program("remote"), "read") as (process, tracer, tracee, functions):
        os.kill(process.pid, signal.SIGUSR1)
        tracee.resume()
        stop = tracer.next()
        assert isinstance(stop, events.SignalDelivery)
        before = seen_from_outside(tracee)
        former = signal.signal(signal.SIGALRM, signal.default_int_handler)
        try:
            with pytest.raises(KeyboardInterrupt):
                signal.setitimer(signal.ITIMER_REAL, 0.05)
                remote_call(tracee, functions["wait_for_ever"])
        finally:
            signal.signal(signal.SIGALRM, former)
        assert seen_from_outside(tracee) == before
        tracer.detach(tracee.process)
        assert process.communicate(b"x", timeout=20)[0] == b"0 0\n"


def test_a_thread_that_is_killed_meanwhile_is_gone(program: Program) -> None:
    with stopped(program("remote"), "read") as (process, tracer, tracee, functions):
        timer = threading.Timer(0.05, os.kill, (process.pid, signal.SIGKILL))
        timer.start()
        with pytest.raises(TraceeGone):
            remote_call(tracee, functions["wait_for_ever"])
        timer.join()
        end = tracer.next()
        assert isinstance(end, events.Killed)
        assert end.signal == signal.SIGKILL


def test_what_cant_be_called_is_an_error(program: Program) -> None:
    with stopped(program("remote"), "read") as (_, _, tracee, functions):
        before = seen_from_outside(tracee)
        with pytest.raises(OSError, match="Bad file descriptor") as caught:
            remote_syscall(tracee, "close", 999)
        assert caught.value.errno == errno.EBADF
        with pytest.raises(UsageError, match="no system call 'mmap2'"):
            remote_syscall(tracee, "mmap2")
        with pytest.raises(UsageError, match="at most 6"):
            remote_syscall(tracee, "close", *range(7))
        with pytest.raises(UsageError, match="list"):
            remote_call(tracee, functions["nine"], [])  # type: ignore[arg-type]
        registers = tracee.registers()
        tracee.set_registers(registers.replace(rsp=0x1000))
        with pytest.raises(MemoryFault):
            remote_call(tracee, functions["nine"])
        tracee.set_registers(registers)
        assert seen_from_outside(tracee) == before


def can_suspend_seccomp() -> bool:
    with open("/proc/self/status", encoding="ascii") as file:
        effective = next(line for line in file if line.startswith("CapEff:")).split()[1]
    return bool(int(effective, 16) >> k.CAP_SYS_ADMIN & 1)


@pytest.mark.skipif(not can_suspend_seccomp(), reason="needs CAP_SYS_ADMIN")
def test_a_process_under_seccomp_survives_it(program: Program) -> None:
    with stopped(program("remote"), "sealed") as (process, tracer, tracee, _):
        call_out(tracee)
        tracer.detach(tracee.process)
        assert process.communicate(b"x", timeout=20)[0] == b"sealed\n"
        assert process.returncode == 5


def test_run_alone_reports_a_death_to_the_loop(program: Program) -> None:
    with stopped(program("remote"), "read") as (process, tracer, tracee, _):
        kernel.tgkill(process.pid, process.pid, signal.SIGKILL)
        with pytest.raises(TraceeGone):
            # Until it has left its stop it may still be resumed.
            while os.WIFSTOPPED(tracer.run_alone(tracee, pt.PTRACE_CONT)):
                pass
            raise TraceeGone("death", process.pid, errno.ESRCH)
        assert isinstance(tracer.next(), events.Killed)
