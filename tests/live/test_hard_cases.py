"""The cases that break other tracers, each many times over: races are found by repetition."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from seize.engine import Tracer
from seize.stops import (
    Exec,
    Exited,
    GroupStop,
    Killed,
    Stop,
    SyscallEnter,
    SyscallExit,
)
from tests.live.support import (
    REPEAT,
    run_seize,
    running,
    seize,
    state,
    system_calls_made,
    tracer_of,
    wait_until,
)

Program = Callable[..., str]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("method", ["seize", "traceme"])
def test_execve_by_another_thread_than_the_leader(program: Program, method: str) -> None:
    path = program("exec_from_thread")
    superseded: Counter[str] = Counter()
    for _ in range(REPEAT):
        execs = []
        with Tracer() as tracer:
            process = tracer.spawn([path, "5"], method=method)
            for stop in tracer:
                if isinstance(stop, Exec):
                    execs.append(stop)
                    assert stop.tid == process.pid
                    assert stop.tracee.tid == process.pid
                    assert tracer.tracees[process.pid] is stop.tracee
        assert process.returncode == 7
        assert len(execs) == 2
        assert execs[1].former_tid != process.pid
        if execs[1].superseded_call is not None:
            superseded[execs[1].superseded_call.name] += 1
    # The leader may also be caught on its way to pause.
    assert superseded["pause"] > 0


@pytest.mark.timeout(120)
def test_trace_of_a_non_leader_execve(program: Program, tmp_path: Path) -> None:
    path = program("exec_from_thread")
    log = tmp_path / "log"
    for _ in range(10):
        done = run_seize("trace", "-f", "-o", str(log), path, "5")
        text = log.read_text()
        assert done.returncode == 7, done.stderr
        assert re.search(r"\+\+\+ superseded by execve in pid \d+ \+\+\+", text)
        assert re.search(r"^(\d+) +<\.\.\. execve resumed>\) += 0$", text, re.MULTILINE)
        assert text.endswith("+++ exited with 7 +++\n")


@pytest.mark.timeout(120)
def test_vfork_and_exec(program: Program) -> None:
    path = program("vfork_exec")
    for _ in range(REPEAT):
        done = run_seize("trace", "-f", "-o", "/dev/null", path)
        assert (done.returncode, done.stdout) == (0, "3\n")
    done = run_seize("trace", "-f", "-o", "/dev/null", "sh", "-c", "echo a; echo b")
    assert done.stdout == "a\nb\n"


@pytest.mark.timeout(180)
def test_sigstop_and_sigcont_from_outside(program: Program, tmp_path: Path) -> None:
    log = tmp_path / "log"
    path = program("ticker")
    for _ in range(REPEAT):
        # Else the last turn's log would be taken for this one's.
        log.unlink(missing_ok=True)
        tracee = subprocess.Popen([path], stdout=subprocess.PIPE)
        tracer = seize("trace", "-o", str(log), "-p", str(tracee.pid))
        try:
            wait_until(lambda: log.exists() and "getppid()" in log.read_text())
            os.kill(tracee.pid, signal.SIGSTOP)
            # The real parent's wait sees it.
            assert os.waitpid(tracee.pid, os.WUNTRACED)[1] == signal.SIGSTOP << 8 | 0x7F
            wait_until(lambda: "--- stopped by SIGSTOP ---" in log.read_text())
            assert state(tracee.pid) in "Tt"
            size = log.stat().st_size
            switches = system_calls_made(tracee.pid)
            time.sleep(0.02)
            assert log.stat().st_size == size
            assert system_calls_made(tracee.pid) == switches
            os.kill(tracee.pid, signal.SIGCONT)
            assert os.waitpid(tracee.pid, os.WCONTINUED)[1] == 0xFFFF
            wait_until(lambda least=size + 200: log.stat().st_size > least)  # type: ignore[misc]
            os.kill(tracee.pid, signal.SIGTERM)
            assert tracee.wait(10) == 9
            assert tracer.wait(10) == 0
        finally:
            tracee.kill()
            tracer.kill()
            tracee.communicate()
            tracer.communicate()


def test_attach_to_a_stopped_process_and_detach_leaves_it_stopped(program: Program) -> None:
    for _ in range(REPEAT):
        with running(program("ticker"), "-1") as process:
            os.kill(process.pid, signal.SIGSTOP)
            os.waitpid(process.pid, os.WUNTRACED)
            with Tracer() as tracer:
                target = tracer.attach(process.pid)
                stop = tracer.next()
                assert isinstance(stop, GroupStop)
                assert stop.signal == signal.SIGSTOP
                tracer.detach(target)
            wait_until(lambda: state(process.pid) == "T")
            time.sleep(0.005)
            assert state(process.pid) == "T"
            assert tracer_of(process.pid) == 0
            os.kill(process.pid, signal.SIGCONT)
            wait_until(lambda: state(process.pid) in "SR")
            os.kill(process.pid, signal.SIGTERM)
            assert process.wait(10) == 9


def test_the_traditional_attach_leaves_a_stopped_process_stopped_too(program: Program) -> None:
    for _ in range(REPEAT):
        with running(program("ticker"), "-1") as process:
            os.kill(process.pid, signal.SIGSTOP)
            os.waitpid(process.pid, os.WUNTRACED)
            with Tracer() as tracer:
                target = tracer.attach(process.pid, method="attach")
                for stop in tracer:
                    if isinstance(stop, SyscallExit):
                        tracer.detach(target)
            wait_until(lambda: state(process.pid) == "T")
            os.kill(process.pid, signal.SIGCONT)
            os.kill(process.pid, signal.SIGTERM)
            assert process.wait(10) == 9


@pytest.mark.timeout(120)
def test_a_32_bit_tracee_is_named_and_decoded_right(program: Program, tmp_path: Path) -> None:
    path = program("overlap", bits=32)
    log = tmp_path / "log"
    for _ in range(REPEAT):
        done = run_seize("trace", "-f", "-o", str(log), path)
        text = log.read_text()
        assert done.returncode == 0
        calls = Counter(re.findall(r"^\d+ +(\w+)\(", text, re.MULTILINE))
        assert calls["getppid"] == 300
        assert (
            calls["clock_nanosleep_time64"] + calls["nanosleep"] + calls["clock_nanosleep"] >= 300
        )
        assert calls["mmap2"] > 0
        assert calls["mmap"] == 0
        assert 'openat(AT_FDCWD, "/etc/ld.so.cache", O_RDONLY|O_LARGEFILE|O_CLOEXEC) = 3' in text


@pytest.mark.timeout(120)
def test_every_exit_belongs_to_the_entry_before_it(program: Program) -> None:
    path = program("overlap")
    for _ in range(REPEAT):
        inside: dict[int, str] = {}
        pairs: Counter[str] = Counter()
        with Tracer() as tracer:
            process = tracer.spawn([path])
            for stop in tracer:
                match stop:
                    case SyscallEnter(tid=tid, call=call):
                        assert tid not in inside
                        inside[tid] = call.name
                    case SyscallExit(tid=tid, call=call):
                        assert inside.pop(tid) == call.name
                        pairs[call.name] += 1
        assert process.returncode == 0
        assert pairs["getppid"] == 300
        assert pairs["clock_nanosleep"] == 300
        assert set(inside.values()) <= {"exit", "exit_group"}


@pytest.mark.timeout(240)
def test_attach_to_200_threads_and_detach(program: Program) -> None:
    path = program("many_threads")
    for turn in range(REPEAT):
        with running(path, "200", *(["grow"] if turn % 2 else [])) as process:
            with Tracer() as tracer:
                target = tracer.attach(process.pid)
                assert len(target.tracees) >= 201
                seen: set[int] = set()
                for stop in tracer:
                    seen.add(stop.tid)
                    if len(seen) >= 201:
                        break
                tracer.detach(target)
                tasks = os.listdir(f"/proc/{process.pid}/task")
                assert turn % 2 or all(tracer_of(int(task)) == 0 for task in tasks)
            assert state(process.pid) in "SR"
            os.kill(process.pid, signal.SIGTERM)
            # Any stray signal would have ended it with another status before.
            assert process.wait(10) == 9


def test_attach_time_grows_about_linearly(program: Program) -> None:
    def seconds(threads: int) -> float:
        best = 60.0
        for _ in range(5):
            with running(program("many_threads"), str(threads)) as process, Tracer() as tracer:
                begun = time.perf_counter()
                target = tracer.attach(process.pid)
                tracer.detach(target)
                best = min(best, time.perf_counter() - begun)
        return best

    # Four times the threads: quadratic growth would be 16.
    assert seconds(200) / seconds(50) < 9


@pytest.mark.timeout(240)
def test_sigkill_at_random_moments_never_hangs(program: Program) -> None:
    path = program("hammer")
    chance = random.Random(1)
    for turn in range(REPEAT):
        with Tracer() as tracer:
            process = tracer.spawn([path, "8"], stdout=-3, method=("seize", "traceme")[turn % 2])
            timer = threading.Timer(
                chance.uniform(0.0, 0.15), os.kill, (process.pid, signal.SIGKILL)
            )
            timer.start()
            stops = 0
            ends: list[Exited | Killed] = []
            for event in tracer:
                if isinstance(event, Stop):
                    stops += 1
                elif isinstance(event, (Exited, Killed)) and event.tid == process.pid:
                    ends.append(event)
            timer.join()
        assert process.returncode == -signal.SIGKILL
        assert len(ends) == 1
        assert not tracer.tracees


def test_a_leader_that_exits_before_its_threads(program: Program) -> None:
    path = program("leader_exits")
    for _ in range(REPEAT):
        calls: Counter[tuple[bool, str]] = Counter()
        ends = []
        with Tracer() as tracer:
            process = tracer.spawn([path])
            for event in tracer:
                if isinstance(event, SyscallExit):
                    calls[event.tid == process.pid, event.call.name] += 1
                    if event.call.name == "access" and event.tid != process.pid:
                        assert '"/nonexistent"' in str(event.call)
                elif isinstance(event, Exited):
                    ends.append(event.tid)
        assert process.returncode == 6
        assert calls[False, "access"] == 4
        assert ends[-1] == process.pid


def test_a_tracee_that_checks_itself_sees_no_difference(program: Program) -> None:
    path = program("self_check")
    plain = subprocess.run([path], capture_output=True, text=True, timeout=30)
    assert plain.returncode == 11
    for _ in range(5):
        traced = run_seize("trace", "-f", "-o", "/dev/null", path)
        assert traced.stdout == plain.stdout
        assert traced.returncode == 11
