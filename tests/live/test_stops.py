"""Every kind of stop, seen on a living tracee."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from seize import ptrace
from seize.abi._generated import ptrace as pt
from seize.engine import Tracer
from seize.errors import PtraceError
from seize.stops import (
    Clone,
    Event,
    EventStop,
    Exec,
    Exited,
    Exiting,
    Fork,
    GroupStop,
    Killed,
    PostExecTrap,
    SeccompStop,
    SignalDelivery,
    SingleStep,
    Stop,
    SyscallEnter,
    SyscallExit,
    SysemuStop,
    Vfork,
    VforkDone,
)
from tests.live.support import running

Program = Callable[..., str]
TRACEME = pytest.mark.parametrize("method", ["seize", "traceme"])
GOOD = pt.PTRACE_O_TRACESYSGOOD


def collect(tracer: Tracer, command: list[str], method: str = "seize") -> list[Event]:
    """Run a command and return all events, system calls left out."""
    tracer.spawn(command, method=method, stdout=-3)
    return [event for event in tracer if not isinstance(event, (SyscallEnter, SyscallExit))]


def only(events: list[Event], kind: type[Event]) -> Event:
    found = [event for event in events if isinstance(event, kind)]
    assert len(found) == 1, events
    return found[0]


@TRACEME
def test_fork_exit_and_sigchld(method: str) -> None:
    with Tracer() as tracer:
        events = collect(tracer, ["sh", "-c", "(exit 4); :"], method)
    fork = next(event for event in events if isinstance(event, (Fork, Vfork, Clone)))
    child = only([event for event in events if event.tid == fork.child_tid], Exited)
    assert child == Exited(fork.child_tid, child.tracee, 4)
    first = next(event for event in events if event.tid == fork.child_tid)
    assert isinstance(first, EventStop)
    assert first.initial
    delivery = only(events, SignalDelivery)
    assert isinstance(delivery, SignalDelivery)
    assert delivery.signal == signal.SIGCHLD
    assert (delivery.siginfo.pid, delivery.siginfo.status) == (fork.child_tid, 4)


def test_vfork_and_its_end(program: Program) -> None:
    options = GOOD | pt.PTRACE_O_TRACEVFORK | pt.PTRACE_O_TRACEVFORKDONE | pt.PTRACE_O_TRACEEXEC
    with Tracer(syscalls=False, options=options) as tracer:
        events = collect(tracer, [program("vfork_exec")])
    forks = [event.child_tid for event in events if isinstance(event, Vfork)]
    done = [event.child_tid for event in events if isinstance(event, VforkDone)]
    assert len(forks) == 3
    assert forks == done
    assert len([event for event in events if isinstance(event, Exec)]) == 1 + 2


def test_clone_of_threads(program: Program) -> None:
    with Tracer(syscalls=False) as tracer:
        events = collect(tracer, [program("threads"), "4"])
    born = {event.child_tid for event in events if isinstance(event, Clone)}
    ended = {event.tid for event in events if isinstance(event, Exited)}
    assert len(born) == 4
    assert born < ended


@TRACEME
def test_exit_event_comes_before_the_end_and_still_has_registers(method: str) -> None:
    options = GOOD | pt.PTRACE_O_TRACEEXIT | pt.PTRACE_O_TRACEEXEC
    with Tracer(syscalls=False, options=options) as tracer:
        tracer.spawn(["sh", "-c", "exit 3"], method=method)
        events = []
        for event in tracer:
            events.append(event)
            if isinstance(event, Exiting):
                assert event.tracee.registers().rip > 0
                assert event.status == 3 << 8
    assert isinstance(events[-2], Exiting)
    assert isinstance(events[-1], Exited)


@pytest.mark.parametrize("sysgood", [True, False])
@TRACEME
def test_syscall_stops_with_and_without_tracesysgood(sysgood: bool, method: str) -> None:
    options = pt.PTRACE_O_TRACEEXEC | (GOOD if sysgood else 0)
    calls: list[str] = []
    with Tracer(options=options) as tracer:
        tracer.spawn(["true"], method=method)
        inside = False
        for event in tracer:
            if isinstance(event, (SyscallEnter, SyscallExit)):
                assert inside == isinstance(event, SyscallExit)
                inside = not inside
                if inside:
                    calls.append(event.call.name)
    assert calls[0] == "execve"
    assert calls[-1] == "exit_group"
    assert "mmap" in calls


def test_post_exec_sigtrap_of_a_tracee_that_was_not_seized() -> None:
    with Tracer(options=GOOD) as tracer:
        events = collect(tracer, ["true"], "traceme")
    assert isinstance(only(events, PostExecTrap), PostExecTrap)
    with Tracer(options=GOOD | pt.PTRACE_O_TRACEEXEC) as tracer:
        events = collect(tracer, ["true"], "traceme")
    assert isinstance(only(events, Exec), Exec)
    assert not [event for event in events if isinstance(event, (PostExecTrap, SignalDelivery))]


def test_a_sigtrap_from_the_program_itself_is_no_post_exec_trap() -> None:
    with Tracer(options=GOOD) as tracer:
        tracer.spawn(["sh", "-c", "trap : TRAP; kill -TRAP $$"], method="traceme")
        kinds = [type(event) for event in tracer if type(event) in (PostExecTrap, SignalDelivery)]
    assert kinds == [PostExecTrap, SignalDelivery]


def test_single_steps_and_a_step_into_a_signal_handler() -> None:
    with Tracer(syscalls=False) as tracer:
        tracer.spawn(["true"])
        steps = 0
        for event in tracer:
            if isinstance(event, SingleStep):
                steps += 1
            if isinstance(event, Stop) and steps < 200:
                event.tracee.singlestep()
    assert steps == 200


def test_sysemu_suppresses_the_call() -> None:
    emulated = []
    with Tracer() as tracer:
        process = tracer.spawn(["sh", "-c", "kill -TERM $$; exit 5"])
        again = False
        for event in tracer:
            if isinstance(event, SysemuStop):
                emulated.append(event.call.name)
                registers = event.tracee.registers()
                if event.call.name == "kill":
                    registers.rax = 0
                    event.tracee.resume_by(pt.PTRACE_SYSEMU)
                else:
                    # Run this one after all: back to its instruction.
                    registers.rax = registers.orig_rax
                    registers.rip -= 2
                    again = True
                event.tracee.set_registers(registers)
            elif isinstance(event, SyscallExit) and again:
                # The exit of the call that wasn't run; the same call comes again now.
                again = False
            elif isinstance(event, SyscallExit):
                event.tracee.resume_by(pt.PTRACE_SYSEMU)
    assert "kill" in emulated
    assert process.returncode == 5


def test_seccomp_stop(program: Program) -> None:
    options = GOOD | pt.PTRACE_O_TRACESECCOMP | pt.PTRACE_O_TRACEEXEC
    with Tracer(syscalls=False, options=options) as tracer:
        tracer.spawn([program("seccomp_trace")])
        stops = [event for event in tracer if isinstance(event, SeccompStop)]
    assert [(stop.call.name, stop.data) for stop in stops] == [("getppid", 7)] * 3


def test_group_stop_of_a_seized_process_is_kept_until_sigcont() -> None:
    with Tracer(syscalls=False) as tracer:
        tracer.spawn(["sh", "-c", "kill -STOP $$; exit 6"])
        seen: list[object] = []
        main = None
        for event in tracer:
            main = main or event.tid
            if event.tid != main:
                continue
            match event:
                case SignalDelivery(signal=signum) if signum != signal.SIGCHLD:
                    seen.append(signum)
                case GroupStop(signal=signum):
                    seen.append(("stopped", signum))
                    threading.Timer(0.05, os.kill, (main, signal.SIGCONT)).start()
                case EventStop():
                    seen.append("woken")
    assert seen == [
        signal.SIGSTOP,
        ("stopped", signal.SIGSTOP),
        "woken",
        signal.SIGCONT,
    ]


def test_group_stop_the_attach_way_has_no_siginfo() -> None:
    with Tracer(syscalls=False) as tracer:
        tracer.spawn(["sh", "-c", "kill -STOP $$; exit 6"], method="traceme")
        kinds: list[type[Event]] = []
        for event in tracer:
            if isinstance(event, (SignalDelivery, GroupStop)):
                kinds.append(type(event))
            if isinstance(event, GroupStop):
                with pytest.raises(PtraceError, match="EINVAL"):
                    event.tracee.siginfo()
    # Restarting it is all that can be done: PTRACE_LISTEN is for seized tracees.
    assert kinds == [SignalDelivery, GroupStop]


def test_interrupt_gives_an_event_stop(program: Program) -> None:
    with running(program("ticker")) as process, Tracer(syscalls=False) as tracer:
        target = tracer.attach(process.pid)
        first = tracer.next()
        assert isinstance(first, EventStop)
        assert first.initial
        tracer.resume(first.tracee)
        tracer.interrupt(target)
        second = tracer.next()
        assert second == EventStop(process.pid, first.tracee, False)


def test_an_interrupt_is_not_lost_when_another_stop_comes_first() -> None:
    """The kernel drops a pending PTRACE_INTERRUPT at any other stop of the tracee."""
    with Tracer() as tracer:
        process = tracer.spawn(["sh", "-c", "trap '' TERM; exit 3"])
        kinds: list[type] = []
        asked = 0
        for stop in tracer:
            kinds.append(type(stop))
            if isinstance(stop, SyscallEnter) and stop.call.name == "rt_sigaction":
                # Its syscall-exit-stop comes before the EventStop.
                tracer.interrupt(stop.tracee)
                asked += 1
    assert asked > 0
    for place, kind in enumerate(kinds):
        if kind is EventStop:
            assert kinds[place - 1] is SyscallExit
    assert kinds.count(EventStop) == asked
    assert process.returncode == 3


@pytest.mark.parametrize(
    ("signum", "core"), [(signal.SIGKILL, False), (signal.SIGTERM, False), (signal.SIGQUIT, True)]
)
def test_death_by_signal(signum: int, core: bool, tmp_path: Path) -> None:
    command = f"ulimit -c {'unlimited' if core else 0}; kill -{signum} $$"
    pattern = Path("/proc/sys/kernel/core_pattern").read_text()
    with Tracer(syscalls=False) as tracer:
        tracer.spawn(["sh", "-c", command], cwd=str(tmp_path))
        events = list(tracer)
    killed = only(events, Killed)
    assert isinstance(killed, Killed)
    assert killed.signal == signum
    if not pattern.startswith("|"):
        assert killed.core == core


def test_signals_suppressed_replaced_and_injected() -> None:
    script = "trap 'echo usr1' USR1; trap 'echo usr2' USR2; kill -USR1 $$; echo end"
    for action, expected in [
        ("pass", b"usr1\nend\n"),
        ("suppress", b"end\n"),
        ("replace", b"usr2\nend\n"),
    ]:
        reader, writer = os.pipe()
        with Tracer(syscalls=False) as tracer:
            tracer.spawn(["sh", "-c", script], stdout=writer)
            os.close(writer)
            for event in tracer:
                if isinstance(event, SignalDelivery) and event.signal == signal.SIGUSR1:
                    if action == "suppress":
                        event.suppress()
                    elif action == "replace":
                        event.replace(signal.SIGUSR2)
        with os.fdopen(reader, "rb") as output:
            assert output.read() == expected
    reader, writer = os.pipe()
    with Tracer(syscalls=False) as tracer:
        tracer.spawn(["sh", "-c", script.replace("kill -USR1 $$", "kill -0 $$")], stdout=writer)
        os.close(writer)
        for event in tracer:
            if isinstance(event, Exec):
                # A signal can only be injected from signal-delivery-stop: so send one.
                os.kill(event.tid, signal.SIGWINCH)
            elif isinstance(event, SignalDelivery) and event.signal == signal.SIGWINCH:
                event.suppress()
                event.tracee.resume(0)
    with os.fdopen(reader, "rb") as output:
        assert output.read() == b"end\n"


def test_handlers_by_type() -> None:
    seen: list[str] = []
    with Tracer(syscalls=False) as tracer:
        tracer.spawn(["sh", "-c", "(exit 1); exit 2"])
        tracer.run(
            {
                Exec: lambda event: seen.append("exec"),
                Exited: lambda event: seen.append("end"),
                Stop: lambda event: seen.append("other"),
            }
        )
    assert seen[0] == "exec"
    assert seen.count("end") == 2
    assert "other" in seen


def test_a_forked_child_may_stop_before_its_parents_event() -> None:
    """Whatever the order in which the kernel reports them, the objects are consistent."""
    orders: set[bool] = set()
    for _ in range(100):
        born: set[int] = set()
        with Tracer(syscalls=False) as tracer:
            parent = tracer.spawn(["sh", "-c", "(:); (:); :"])
            for event in tracer:
                if isinstance(event, (Fork, Vfork, Clone)):
                    assert event.child_tid in tracer.tracees or event.child_tid in born
                    orders.add(event.child_tid in born)
                    born.add(event.child_tid)
                elif isinstance(event, EventStop) and event.initial:
                    orders.add(event.tid not in born)
                    born.add(event.tid)
                    assert event.tracee.process.parent_pid == parent.pid
        assert parent.returncode == 0
    assert orders


def test_struct_of_the_status_word_is_what_the_kernel_reports(program: Program) -> None:
    """The fast path's constant is the status word that wait4 really gives."""
    child = subprocess.Popen([program("ticker")], stdout=subprocess.PIPE)
    try:
        ptrace.seize(child.pid, GOOD)
        ptrace.interrupt(child.pid)
        assert os.waitpid(child.pid, 0)[1] >> 16 == pt.PTRACE_EVENT_STOP
        ptrace.syscall(child.pid)
        status = os.waitpid(child.pid, 0)[1]
        assert struct.pack("<I", status) == b"\x7f\x85\0\0"
    finally:
        child.kill()
        child.wait()
        assert child.stdout is not None
        child.stdout.close()
