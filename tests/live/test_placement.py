"""CPU placement on living tracees: what it does, what it leaves as it was, and each limit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from seize.engine import Tracer
from seize.engine.placement import last_cpu
from seize.stops import SyscallExit
from tests.live.support import reap_orphans, run_seize, wait_until

Program = Callable[..., str]
CPUS = os.sched_getaffinity(0)
SOURCE = ["dd", "bs=1", "count=30000", "if=/dev/zero", "of=/dev/null"]

# Runs a tracer that has no CAP_SYS_NICE and prints the modes it comes to be in.
UNPRIVILEGED = """
import ctypes, os, struct, sys
from seize.engine import Tracer
CAP_SYS_NICE, VERSION, SYS_capget, SYS_capset = 23, 0x20080522, 125, 126
header = ctypes.create_string_buffer(struct.pack("=Ii", VERSION, 0))
data = ctypes.create_string_buffer(24)
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(24, CAP_SYS_NICE, 0, 0, 0) == 0  # PR_CAPBSET_DROP: nor its children
assert libc.syscall(SYS_capget, header, data) == 0
words = [word & ~(1 << CAP_SYS_NICE) if i < 3 else word
         for i, word in enumerate(struct.unpack("=6I", data.raw))]
data = ctypes.create_string_buffer(struct.pack("=6I", *words))
assert libc.syscall(SYS_capset, header, data) == 0
with Tracer(exitkill=False) as tracer:
    process = tracer.spawn(sys.argv[1:])
    modes = {tracer.placement.mode}
    for stop in tracer:
        if tracer.placement.mode not in modes:
            modes.add(tracer.placement.mode)
            print("MODE", tracer.placement.mode, process.pid, file=sys.stderr, flush=True)
assert os.sched_getaffinity(0) == CPUS, "our own mask"
sys.exit(process.returncode)
"""


@contextmanager
def busy_cpus() -> Iterator[None]:
    """Keep every CPU busy at ordinary priority."""
    loop = "while True: pass"
    workers = [subprocess.Popen([sys.executable, "-c", loop]) for _ in range(2 * len(CPUS))]
    try:
        yield
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


def modes_seen(tracer: Tracer, command: list[str]) -> list[str]:
    tracer.spawn(command, stdout=-3, stderr=-3)
    modes: list[str] = []
    for _ in tracer:
        mode = tracer.placement.mode
        if not modes or modes[-1] != mode:
            modes.append(mode)
    return modes


@pytest.fixture(autouse=True)
def nothing_of_ours_has_changed() -> Iterator[None]:
    yield
    assert os.sched_getaffinity(0) == CPUS
    assert os.sched_getscheduler(0) == os.SCHED_OTHER


def test_it_tries_to_follow_a_busy_tracee_and_leaves_us_as_we_were() -> None:
    with Tracer() as tracer:
        modes = modes_seen(tracer, SOURCE)
    assert "follow" in modes


def test_the_tracee_sees_nothing_of_following(program: Program) -> None:
    reader, writer = os.pipe()
    with Tracer() as tracer:
        process = tracer.spawn([program("masks"), "spawn"], stdout=writer)
        os.close(writer)
        modes = set()
        for stop in tracer:
            modes.add(tracer.placement.mode)
            if isinstance(stop, SyscallExit):
                assert os.sched_getaffinity(stop.tid) == CPUS
    with os.fdopen(reader) as file:
        shown = dict(line.split() for line in file)
    assert set(shown.values()) == {str(len(CPUS))}
    assert process.returncode == 0
    assert "follow" in modes


def test_the_off_switch() -> None:
    with Tracer(placement="off") as tracer:
        assert modes_seen(tracer, SOURCE) == ["default"]


def test_a_command_spawned_while_following_starts_as_we_did(program: Program) -> None:
    with Tracer() as tracer:
        first = tracer.spawn([program("masks"), "forever"], stdout=-3)
        for _ in tracer:
            if tracer.placement.mode == "follow":
                break
        second = tracer.spawn(["sleep", "30"])
        assert os.sched_getaffinity(second.pid) == CPUS
        assert os.sched_getscheduler(second.pid) == os.SCHED_OTHER
        assert first.alive


def test_it_falls_back_when_every_cpu_is_busy(program: Program) -> None:
    """Limit: a SCHED_IDLE tracer starves there."""
    with busy_cpus(), Tracer() as tracer:
        tracer.spawn([program("masks"), "forever"], stdout=-3)
        followed = False
        for number, _ in enumerate(tracer):
            if tracer.placement.mode == "follow":
                followed = True
            elif followed and tracer.placement.controller.reason != "trial":
                break
            assert number < 300_000, "it never fell back"
    assert tracer.placement.controller.reason in ("slower", "starved")


def test_it_is_off_in_a_storm_of_forks() -> None:
    """Limit: it gains nothing there."""
    script = "i=0; while [ $i -lt 150 ]; do i=$((i+1)); (:); done"
    with Tracer() as tracer:
        tracer.spawn(["sh", "-c", script])
        reasons = set()
        for _ in tracer:
            reasons.add(tracer.placement.controller.reason)
    assert "forks" in reasons


def test_several_computing_threads_end_in_what_was_measured_to_be_faster(
    program: Program,
) -> None:
    """Limit: it loses there, as a rule; either way the program's result is right."""
    with Tracer() as tracer:
        process = tracer.spawn([program("threads"), "4", "2000"], stdout=-3)
        reasons = set()
        for _ in tracer:
            reasons.add(tracer.placement.controller.reason)
    assert process.returncode == 0
    # "starved": the threads themselves may keep every CPU busy.
    assert reasons & {"faster", "slower", "starved"}


def unprivileged(*command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", UNPRIVILEGED.replace("CPUS", repr(set(CPUS))), *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("what", ["", "set", "spawn"])
def test_without_cap_sys_nice_both_are_narrowed_and_the_tracee_cannot_tell(
    program: Program, what: str
) -> None:
    """Limit: an unprivileged process can't leave SCHED_IDLE again."""
    process = unprivileged(program("masks"), what)
    out, err = process.communicate(timeout=50)
    assert process.returncode == 0, err
    assert "MODE narrow" in err
    shown = dict(line.split() for line in out.splitlines())
    expected = {key: str(len(CPUS)) for key in shown}
    if what == "set":
        expected["set"] = expected["end"] = "1"
    assert shown == expected


@contextmanager
def narrowed(path: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A tracer and its narrowed tracee, which goes on when the tracer ends."""
    process = unprivileged(path, "forever")
    assert process.stderr is not None
    assert process.stdout is not None
    line = process.stderr.readline()
    assert line.startswith("MODE narrow"), line
    pid = int(line.split()[2])
    assert len(os.sched_getaffinity(pid)) == 1
    try:
        yield process, pid
        wait_until(lambda: os.sched_getaffinity(pid) == CPUS)
    finally:
        process.kill()
        process.wait()
        os.kill(pid, signal.SIGKILL)
        # The tracee is our child now, as is the guard that outlived the tracer.
        reap_orphans()
        process.stderr.close()
        process.stdout.close()


def test_a_narrowed_tracee_gets_its_cpus_back_when_the_tracer_is_killed(program: Program) -> None:
    with narrowed(program("masks")) as (tracer, _):
        tracer.kill()


def test_a_narrowed_tracee_gets_its_cpus_back_when_it_is_detached(program: Program) -> None:
    with narrowed(program("masks")) as (tracer, _):
        # KeyboardInterrupt ends the loop, so that the tracer detaches (exitkill is off).
        tracer.send_signal(signal.SIGINT)
        tracer.wait(20)


def test_last_cpu_reads_the_right_field() -> None:
    child = subprocess.Popen(["taskset", "-c", "1", "sh", "-c", "read x"], stdin=subprocess.PIPE)
    try:
        wait_until(lambda: os.sched_getaffinity(child.pid) == {1})
        wait_until(lambda: last_cpu(child.pid) == 1)
    finally:
        child.communicate()
    assert last_cpu(child.pid) == -1


# ---------------------------------------------------------------------- the option


def test_the_option_keeps_the_tracer_where_it_is() -> None:
    # The tracer's policy, as its tracee sees it: field 41 of its stat.
    script = "cut -d' ' -f41 /proc/$PPID/stat"
    for _ in range(5):
        done = run_seize("trace", "--placement=off", "-o", "/dev/null", "sh", "-c", script)
        assert done.stdout.strip() == str(os.SCHED_OTHER)
