"""Starting, attaching, detaching, interrupting: what a program does with a Tracer."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from seize import ptrace
from seize.abi.names import syscall_number
from seize.abi.restart import ERESTARTNOHAND
from seize.engine import Tracer
from seize.errors import (
    AccessDenied,
    LaunchError,
    NotStopped,
    SeizeError,
    TraceeGone,
    UsageError,
    WrongThread,
)
from seize.stops import (
    EventStop,
    Exec,
    Exited,
    GroupStop,
    SignalDelivery,
    SyscallEnter,
    SyscallExit,
)
from tests.live.support import in_state, running, state, tracer_of, wait_until

Program = Callable[..., str]
BOTH = pytest.mark.parametrize("method", ["seize", "traceme"])


def output_of(command: list[str], **options: object) -> bytes:
    reader, writer = os.pipe()
    with Tracer(syscalls=False) as tracer:
        process = tracer.spawn(command, stdout=writer, **options)  # type: ignore[arg-type]
        os.close(writer)
        for _ in tracer:
            pass
    assert process.returncode == 0
    with os.fdopen(reader, "rb") as file:
        return file.read()


# ---------------------------------------------------------------------- spawn


@BOTH
def test_spawn_begins_with_the_entry_to_execve(method: str) -> None:
    with Tracer() as tracer:
        process = tracer.spawn(["true"], method=method)
        events = list(tracer)
    first = events[0]
    assert isinstance(first, SyscallEnter)
    assert first.call.name == "execve"
    assert isinstance(events[1], Exec)
    assert isinstance(events[2], SyscallExit)
    assert process.returncode == 0
    assert not process.alive


@BOTH
def test_spawn_gives_the_child_what_was_asked_for(method: str, tmp_path: Path) -> None:
    script = "pwd; echo $A; cat"
    source = tmp_path / "in"
    source.write_text("text\n")
    with source.open() as stdin:
        out = output_of(
            ["sh", "-c", script],
            env={"A": "b c", "PATH": os.environ["PATH"]},
            cwd=str(tmp_path),
            stdin=stdin,
            method=method,
        )
    assert out == f"{tmp_path}\nb c\ntext\n".encode()


@BOTH
def test_spawn_as_another_user(method: str) -> None:
    out = output_of(["sh", "-c", "id -u; id -g; id -G"], user="nobody", method=method)
    assert out == b"65534\n65534\n65534\n"


def test_streams_may_be_swapped() -> None:
    reader, writer = os.pipe()
    with Tracer(syscalls=False) as tracer:
        tracer.spawn(["sh", "-c", "echo out; echo err >&2"], stdout=-3, stderr=writer)
        os.close(writer)
        for _ in tracer:
            pass
    with os.fdopen(reader, "rb") as file:
        assert file.read() == b"err\n"


def test_the_child_starts_with_pristine_signals_and_descriptors() -> None:
    script = "ls /proc/self/fd; grep -E 'Sig(Blk|Ign)' /proc/self/status"
    plain = subprocess.run(
        ["sh", "-c", script], stdout=subprocess.PIPE, close_fds=False, check=True, timeout=10
    )
    assert output_of(["sh", "-c", script]) == plain.stdout
    # What Python ignores for itself must not be inherited; what our parent ignores may be.
    ignored = int(plain.stdout.split(b"SigIgn:\t")[1], 16)
    assert not ignored & (1 << signal.SIGPIPE - 1 | 1 << signal.SIGXFSZ - 1)


@pytest.mark.parametrize("syscalls", [True, False])
@BOTH
def test_a_command_that_does_not_exist(method: str, syscalls: bool) -> None:
    with Tracer(syscalls=syscalls) as tracer:
        with pytest.raises(LaunchError, match="can't exec 'no-such-command': No such file") as info:
            tracer.spawn(["no-such-command"], method=method)
        assert info.value.errno == errno.ENOENT
        assert not tracer.tracees


@BOTH
def test_a_command_that_is_not_executable(method: str, tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("x")
    with Tracer() as tracer:
        for path in (plain, tmp_path):
            with pytest.raises(LaunchError, match="Permission denied"):
                tracer.spawn([str(path)], method=method)


@pytest.mark.parametrize("syscalls", [True, False])
@BOTH
def test_a_file_that_is_no_program(method: str, syscalls: bool, tmp_path: Path) -> None:
    garbage = tmp_path / "garbage"
    garbage.write_text("garbage")
    garbage.chmod(0o755)
    with (
        Tracer(syscalls=syscalls) as tracer,
        pytest.raises(LaunchError, match="Exec format error") as info,
    ):
        tracer.spawn([str(garbage)], method=method)
        for _ in tracer:
            pass
    assert info.value.errno == errno.ENOEXEC


def test_a_file_that_is_no_program_without_sysgood(tmp_path: Path) -> None:
    garbage = tmp_path / "garbage"
    garbage.write_text("garbage")
    garbage.chmod(0o755)
    with Tracer(options=ptrace.PTRACE_O_TRACEEXEC) as tracer:
        tracer.spawn([str(garbage)])
        with pytest.raises(LaunchError, match="Exec format error"):
            for _ in tracer:
                pass


def test_two_launches_that_fail_at_the_same_time(tmp_path: Path) -> None:
    garbage = tmp_path / "garbage"
    garbage.write_text("garbage")
    garbage.chmod(0o755)
    with Tracer() as tracer:
        pids = [tracer.spawn([str(garbage)]).pid for _ in range(2)]
        for _ in pids:
            stop = tracer.next()
            assert isinstance(stop, SyscallEnter)
            tracer.resume(stop.tracee)
        # Both exits are there before any of them is acted upon.
        for pid in pids:
            while not tracer.poll(tracer.tracees[pid]):
                continue
        for _ in pids:
            assert isinstance(tracer.next(), SyscallExit)
        for _ in pids:
            with pytest.raises(LaunchError):
                tracer.next()
        assert not tracer.tracees


def test_an_execve_that_a_signal_interrupts_is_no_failed_launch() -> None:
    signum = signal.SIGURG
    assert signal.getsignal(signum) is signal.SIG_DFL
    with Tracer() as tracer:
        process = tracer.spawn(["true"])
        entry = tracer.next()
        assert isinstance(entry, SyscallEnter)
        tracee = entry.tracee
        # It waits in place of execve, until a signal that does nothing has it begun again.
        registers = tracee.registers()
        registers.orig_rax = syscall_number("x86_64", "pause") or 0
        tracee.set_registers(registers)
        os.kill(process.pid, signum)
        tracer.resume(tracee)
        errors, seen = [], []
        for stop in tracer:
            seen.append(type(stop))
            if isinstance(stop, SyscallExit):
                errors.append(stop.call.error)
            if isinstance(stop, SyscallEnter) and stop.call.name == "pause":
                registers = tracee.registers()
                registers.orig_rax = syscall_number("x86_64", "execve") or 0
                tracee.set_registers(registers)
        assert errors[0] == ERESTARTNOHAND
        assert Exec in seen
        assert isinstance(stop, Exited)
        assert stop.status == 0


@BOTH
def test_a_working_folder_that_does_not_exist(method: str) -> None:
    with Tracer() as tracer, pytest.raises(LaunchError, match="can't chdir to '/no/such'"):
        tracer.spawn(["true"], cwd="/no/such", method=method)


def test_arguments_that_make_no_sense() -> None:
    with Tracer() as tracer:
        with pytest.raises(UsageError, match="no command"):
            tracer.spawn([])
        with pytest.raises(UsageError, match="unknown way"):
            tracer.spawn(["true"], method="magic")
        with pytest.raises(UsageError, match="no user 'nosuchuser'"):
            tracer.spawn(["true"], user="nosuchuser")
    with pytest.raises(UsageError, match="placement"):
        Tracer(placement="moon")


# ---------------------------------------------------------------------- attach and detach


@pytest.mark.parametrize("method", ["seize", "attach"])
def test_attach_trace_a_while_and_detach(program: Program, method: str) -> None:
    with running(program("ticker")) as process, Tracer() as tracer:
        target = tracer.attach(process.pid, method=method)
        names = []
        for stop in tracer:
            if isinstance(stop, SyscallExit):
                names.append(stop.call.name)
                if len(names) == 20:
                    tracer.detach(target)
        assert "getppid" in names
        assert tracer_of(process.pid) == 0
        assert state(process.pid) in "SR"
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(10) == 9


@pytest.mark.parametrize("method", ["seize", "attach"])
def test_detach_at_random_moments_from_any_state(program: Program, method: str) -> None:
    with running(program("many_threads"), "4", "grow") as process:
        for turn in range(50):
            with Tracer() as tracer:
                tracer.attach(process.pid, method=method)
                for number, _ in enumerate(tracer):
                    if number == turn:
                        break
            wait_until(lambda: state(process.pid) in "SR")
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(10) == 9


@pytest.mark.parametrize("threads", [0, 5])
def test_detach_from_a_kept_group_stop_leaves_it_stopped(program: Program, threads: int) -> None:
    for _ in range(20):
        with running(program("many_threads"), str(threads)) as process:
            with Tracer() as tracer:
                tracer.attach(process.pid)
                stops = 0
                for stop in tracer:
                    if stop == EventStop(process.pid, stop.tracee, True):
                        os.kill(process.pid, signal.SIGSTOP)
                    stops += isinstance(stop, GroupStop)
                    if stops == threads + 1:
                        break
            wait_until(lambda: state(process.pid) == "T")
            assert tracer_of(process.pid) == 0
            os.kill(process.pid, signal.SIGCONT)
            # SIGCONT has a handler there: it ends the process with 100 and its number.
            assert process.wait(10) == 100 + signal.SIGCONT


def test_a_signal_that_comes_while_detaching_is_delivered(program: Program) -> None:
    for _ in range(20):
        with running(program("ticker")) as process:
            with Tracer() as tracer:
                tracer.attach(process.pid)
                first = tracer.next()
                assert isinstance(first, EventStop)
                tracer.resume(first.tracee)
                os.kill(process.pid, signal.SIGTERM)
            assert process.wait(10) == 9


def test_attach_to_a_process_that_is_gone() -> None:
    child = subprocess.Popen(["true"])
    child.wait()
    with Tracer() as tracer, pytest.raises(TraceeGone, match="no such process"):
        tracer.attach(child.pid)


def test_attach_to_ourselves_is_explained() -> None:
    with Tracer() as tracer, pytest.raises(AccessDenied) as info:
        tracer.attach(os.getpid())
    assert info.value.reasons


def test_attach_to_a_process_that_is_traced_already(program: Program) -> None:
    with running(program("ticker")) as process, Tracer() as first:
        first.attach(process.pid)
        done = subprocess.run(
            [sys.executable, "-m", "seize", "trace", "-p", str(process.pid)],
            capture_output=True,
            text=True,
            timeout=30,
        )
        assert done.returncode == 1
        assert "traced" in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_foreign_children_are_left_to_their_owner() -> None:
    """The status of a child that is no tracee is kept for whoever waits for it."""
    child = os.fork()
    if child == 0:
        os._exit(5)
    with Tracer(syscalls=False) as tracer:
        tracer.spawn(["sleep", "0.05"])
        for _ in tracer:
            pass
        assert os.waitstatus_to_exitcode(tracer.registry.unclaimed[child]) == 5


# ---------------------------------------------------------------------- interrupt, threads


def test_interrupt_from_another_thread(program: Program) -> None:
    with running(program("many_threads"), "3") as process, Tracer(syscalls=False) as tracer:
        target = tracer.attach(process.pid)
        for _ in range(4):
            stop = tracer.next()
            assert isinstance(stop, EventStop)
            tracer.resume(stop.tracee)
        for _ in range(20):
            timer = threading.Timer(0.003, tracer.interrupt, (target,))
            timer.start()
            tids: set[int] = set()
            while len(tids) < 4:
                stop = tracer.next()
                assert isinstance(stop, EventStop)
                tids.add(stop.tid)
                tracer.resume(stop.tracee)
            timer.join()


def test_no_time_at_all_is_enough_for_what_is_there() -> None:
    with Tracer(syscalls=False) as tracer:
        process = tracer.spawn(["true"])
        # Stopped, then a zombie: its report waits.
        wait_until(lambda: in_state(process.pid, "t"))
        stop = tracer.next(0)
        assert isinstance(stop, Exec)
        tracer.resume(stop.tracee)
        wait_until(lambda: in_state(process.pid, "Z"))
        assert isinstance(tracer.next(0), Exited)
        assert tracer.next(0) is None


@contextmanager
def interrupted_by(signum: signal.Signals) -> Iterator[Tracer]:
    """The tracer of a command that sleeps, which a handler of the signal interrupts."""
    with Tracer(syscalls=False) as tracer:
        process = tracer.spawn(["sleep", "30"])
        previous = signal.signal(signum, lambda signum, frame: tracer.interrupt(process))
        try:
            stop = tracer.next()
            assert isinstance(stop, Exec)
            tracer.resume(stop.tracee)
            yield tracer
        finally:
            signal.signal(signum, previous)


def test_interrupt_from_a_signal_handler() -> None:
    with interrupted_by(signal.SIGALRM) as tracer:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        assert isinstance(tracer.next(), EventStop)


def test_a_signal_that_does_not_interrupt_the_wait_is_heard() -> None:
    """One that another OS thread gets, or that comes just before the wait begins."""
    main = Path(f"/proc/self/task/{os.getpid()}/wchan")

    def strike() -> None:
        wait_until(lambda: main.read_text() == "do_wait")
        signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)

    with interrupted_by(signal.SIGUSR1) as tracer:
        striking = threading.Thread(target=strike)
        striking.start()
        assert isinstance(tracer.next(), EventStop)
        striking.join()


def test_a_tracer_in_another_thread_than_the_main_one() -> None:
    found: list[object] = []

    def work() -> None:
        with Tracer() as tracer:
            process = tracer.spawn(["true"])
            timer = threading.Timer(0.001, tracer.interrupt)
            timer.start()
            for _ in tracer:
                pass
            found.append(process.returncode)
            timer.join()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Each thread waits for its own tracees only.
    assert found == [0, 0, 0]


def test_a_thread_that_has_all_signals_blocked_is_woken() -> None:
    number = signal.SIGRTMAX - 1
    inherited: list[bytes] = []
    kept: list[bool] = []
    tracers: list[Tracer] = []
    started = threading.Event()

    def work() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        inherited.append(output_of(["grep", "SigBlk", "/proc/self/status"]))
        with Tracer(syscalls=False) as tracer:
            tracers.append(tracer)
            tracer.spawn(["sleep", "1000"])
            for stop in tracer:
                if isinstance(stop, Exec):
                    started.set()
                elif isinstance(stop, EventStop) and not stop.initial:
                    break
        kept.append(number in signal.pthread_sigmask(signal.SIG_BLOCK, ()))

    thread = threading.Thread(target=work)
    thread.start()
    assert started.wait(30)
    tracers[0].interrupt()
    thread.join(30)
    woken = not thread.is_alive()
    for process in list(tracers[0].processes.values()):
        os.kill(process.pid, signal.SIGKILL)
    thread.join()
    assert woken
    # The command, and the thread afterwards, have the mask that they would have had.
    assert int(inherited[0].split()[1], 16) >> number - 1 & 1
    assert kept == [True]


def test_use_from_the_wrong_thread_is_an_error() -> None:
    errors: list[SeizeError] = []

    def misuse(tracer: Tracer) -> None:
        try:
            tracer.spawn(["true"])
        except WrongThread as error:
            errors.append(error)

    with Tracer() as tracer:
        thread = threading.Thread(target=misuse, args=(tracer,))
        thread.start()
        thread.join()
    assert len(errors) == 1
    assert "only to the OS thread that attached" in str(errors[0])


def test_only_a_stopped_tracee_can_be_inspected(program: Program) -> None:
    with running(program("ticker")) as process, Tracer(syscalls=False) as tracer:
        tracer.attach(process.pid)
        stop = tracer.next()
        assert stop is not None
        assert stop.tracee.registers().rip > 0
        tracer.resume(stop.tracee)
        with pytest.raises(NotStopped, match="running"):
            stop.tracee.registers()


def test_a_tracee_killed_in_its_stop_is_gone(program: Program) -> None:
    with Tracer() as tracer:
        process = tracer.spawn(["sleep", "30"])
        stop = tracer.next()
        assert stop is not None
        os.kill(process.pid, signal.SIGKILL)
        wait_until(lambda: state(process.pid) == "Z")
        with pytest.raises(TraceeGone):
            stop.tracee.registers()
        with pytest.raises(TraceeGone):
            stop.tracee.memory.read(stop.tracee.process.pid, 8)
        assert [type(event).__name__ for event in tracer] == ["Killed"]


def test_hold_keeps_one_thread_while_the_others_run(program: Program) -> None:
    with running(program("many_threads"), "2") as process, Tracer() as tracer:
        tracer.attach(process.pid)
        held = None
        others: set[int] = set()
        for stop in tracer:
            if held is None and isinstance(stop, SyscallEnter):
                stop.hold()
                held = stop.tracee
            elif held is not None:
                assert stop.tracee is not held
                others.add(stop.tid)
                if len(others) == 2 and isinstance(stop, SyscallExit):
                    break
        assert held is not None
        assert held.state == "stopped"
        held.resume()


def test_a_loop_that_was_left_can_be_taken_up_again() -> None:
    with Tracer() as tracer:
        process = tracer.spawn(["true"])
        calls = []
        while tracer.tracees:
            for stop in tracer:
                if isinstance(stop, SyscallEnter):
                    calls.append(stop.call.name)
                    break
    assert calls[0] == "execve"
    assert calls[-1] == "exit_group"
    assert process.returncode == 0


# ---------------------------------------------------------------------- the end of the tracer

TRACER = """
import sys, signal
from seize.engine import Tracer
from seize.stops import SyscallExit
with Tracer(exitkill={exitkill}) as tracer:
    process = tracer.spawn([sys.argv[1]])
    count = 0
    for stop in tracer:
        count += 1
        if count == 200:
            print(process.pid, flush=True)
"""


@pytest.mark.parametrize("exitkill", [True, False])
def test_a_tracer_killed_by_sigkill(program: Program, exitkill: bool) -> None:
    """With EXITKILL the command dies with the tracer, without it goes on unharmed: as chosen."""
    for _ in range(5):
        tracer = subprocess.Popen(
            [sys.executable, "-c", TRACER.format(exitkill=exitkill), program("ticker")],
            stdout=subprocess.PIPE,
        )
        assert tracer.stdout is not None
        lines = [tracer.stdout.readline(), tracer.stdout.readline()]
        pid = int(next(line for line in lines if line != b"ready\n"))
        tracer.kill()
        tracer.wait()
        tracer.stdout.close()
        if exitkill:
            assert os.waitpid(pid, 0)[1] == signal.SIGKILL
        else:
            wait_until(lambda pid=pid: tracer_of(pid) == 0)  # type: ignore[misc]
            time.sleep(0.01)
            assert state(pid) in "SR"
            os.kill(pid, signal.SIGTERM)
            assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9


def test_close_kills_what_was_spawned_and_detaches_what_was_attached(program: Program) -> None:
    with running(program("ticker")) as process:
        with Tracer() as tracer:
            attached = tracer.attach(process.pid)
            spawned = tracer.spawn(["sh", "-c", "sleep 30 & sleep 30"], stdout=-3)
            for stop in tracer:
                if len(tracer.processes) == 4 and isinstance(stop, SyscallExit):
                    break
        assert spawned.returncode == -signal.SIGKILL
        assert attached.returncode is None
        assert tracer_of(process.pid) == 0
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(10) == 9


def test_close_reaps_an_orphan_whose_parent_dies_after_it() -> None:
    """Without the second wait a zombie stayed in one of five turns."""
    for _ in range(20):
        with Tracer(syscalls=False) as tracer:
            process = tracer.spawn(["sh", "-c", "sleep 30 & exec sleep 30"])
            execs = 0
            for stop in tracer:
                execs += isinstance(stop, Exec)
                if execs == 3:
                    break
            (orphan,) = set(tracer.processes) - {process.pid}
            os.kill(orphan, signal.SIGKILL)
            wait_until(partial(in_state, orphan, "Z"))
        with pytest.raises(ChildProcessError):
            os.waitpid(-1, os.WNOHANG | 0x40000000)


def test_an_exception_in_the_loop_leaves_nothing_behind(program: Program) -> None:
    with running(program("ticker")) as process:
        for turn in range(1, 30):
            with pytest.raises(ZeroDivisionError), Tracer() as tracer:
                tracer.attach(process.pid)
                for number, _ in enumerate(tracer):
                    if number == turn:
                        raise ZeroDivisionError
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(10) == 9


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_keyboard_interrupt_at_any_moment_leaves_nothing_behind(program: Program) -> None:
    """The interrupt strikes between any two bytecodes, so the books may be out of order.

    (Even between the open and the with of a file, which the interpreter closes then: hence the
    warning that is let pass.)
    """

    def strike(signum: int, frame: object) -> None:
        raise KeyboardInterrupt

    previous = signal.signal(signal.SIGALRM, strike)
    try:
        with running(program("many_threads"), "3", "grow") as process:
            for turn in range(60):
                try:
                    with Tracer() as tracer:
                        tracer.attach(process.pid)
                        signal.setitimer(signal.ITIMER_REAL, 0.002 + turn * 0.0003)
                        for _ in tracer:
                            pass
                except KeyboardInterrupt:
                    pass
                wait_until(lambda: tracer_of(process.pid) == 0)
                wait_until(lambda: state(process.pid) in "SR")
            os.kill(process.pid, signal.SIGTERM)
            assert process.wait(10) == 9
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def test_signal_sent_to_a_tracee_while_it_is_held(program: Program) -> None:
    with Tracer(syscalls=False) as tracer:
        process = tracer.spawn([program("ticker"), "-1"], stdout=-3)
        seen = []
        for event in tracer:
            if isinstance(event, Exec):
                os.kill(process.pid, signal.SIGTERM)
                os.kill(process.pid, signal.SIGSTOP)
                os.kill(process.pid, signal.SIGCONT)
            elif isinstance(event, SignalDelivery):
                seen.append(event.signal)
            elif isinstance(event, Exited):
                assert event.status in (9, 100)
        # SIGCONT takes a pending SIGSTOP away.
        assert signal.SIGTERM in seen
        assert signal.SIGSTOP not in seen
