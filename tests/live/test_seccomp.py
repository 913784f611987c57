"""In-kernel filtering: what is seen is the same, and nobody is left with a filter alone."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seize import Exited, Killed, SyscallEnter, SyscallExit, Tracer, UsageError
from seize.abi.names import syscall_number
from seize.engine import seccomp
from tests.live.support import reap_orphans, run_seize, seize, state, wait_until
from tests.parity.harness import joined

Program = Callable[..., str]
ABIS = ("x86_64", "i386")
FILTERED = ("--seccomp-bpf=always", "-I2")
UNFILTERED = ("--seccomp-bpf=never", "-I2")


def calls(*names: str) -> dict[str, set[int]]:
    numbers = {abi: {syscall_number(abi, name) for name in names} for abi in ABIS}
    return {abi: {n for n in each if n is not None} for abi, each in numbers.items()}


def lines(log: Path) -> list[list[str]]:
    """The lines of each thread of a log, in an order of their own; masked."""
    return sorted(joined(masked(log.read_text())))


def masked(text: str) -> str:
    """Without addresses, our own process id, and the time that a child took."""
    text = re.sub(r"si_([us])time=\d+( /\*.*?\*/)?", r"si_\1time=TIME", text)
    text = re.sub(r"0x[0-9a-f]{5,}", "ADDRESS", text)
    return re.sub(r"(getppid(?:\(| resumed>)\) +)= \d+", r"\1= PARENT", text)


def traced(log: Path, *words: str) -> tuple[list[list[str]], str, int]:
    done = run_seize("trace", "-f", "-o", str(log), *words)
    return lines(log), done.stdout, done.returncode


# ---------------------------------------------------------------------- the same is seen

SETS = [
    ("threads", "getppid"),
    ("children", "!getuid,getpid,getrandom"),
    ("children", "getppid,execve"),
    ("children", "%process"),
    ("interrupted", "readv"),
    ("interrupted", "write,rt_sigreturn,sigreturn"),
    ("killed", "readv,exit_group"),
    ("own", "getppid,getsid"),
    ("own", "getuid"),
    ("work", "none"),
]


@pytest.mark.parametrize("bits", [64, 32])
@pytest.mark.parametrize(("what", "shown"), SETS)
def test_a_filtered_trace_reads_like_any_other(
    program: Program, tmp_path: Path, what: str, shown: str, bits: int
) -> None:
    command = ["-e", f"trace={shown}", program("filtered", bits=bits), what]
    filtered = traced(tmp_path / "filtered", *FILTERED, *command)
    unfiltered = traced(tmp_path / "unfiltered", *UNFILTERED, *command)
    assert filtered[1:] == unfiltered[1:]
    if (what, shown) == ("own", "getppid,getsid"):
        # The program's own filter refuses getsid before ours is asked: the kernel's rule.
        assert any("getsid" in line for line in unfiltered[0][0])
        for thread in unfiltered[0]:
            thread[:] = [line for line in thread if "getsid" not in line]
    assert filtered[0] == unfiltered[0]


@pytest.mark.parametrize("shown", ["getppid", "%process", "read,write"])
def test_it_reads_as_strace_does(program: Program, tmp_path: Path, shown: str) -> None:
    command = ["-e", f"trace={shown}", program("filtered"), "children"]
    ours, _, _ = traced(tmp_path / "ours", *FILTERED, *command)
    strace = ["strace", "-f", "--seccomp-bpf", "-o", str(tmp_path / "theirs"), *command]
    subprocess.run(strace, check=True, timeout=30)
    theirs = lines(tmp_path / "theirs")
    # The environment has a variable more, and is elsewhere.
    assert [len(each) for each in ours] == [len(each) for each in theirs]
    vars_of = re.compile(r"ADDRESS /\* \d+ vars \*/")
    assert [[vars_of.sub("ENV", line) for line in each] for each in ours] == [
        [vars_of.sub("ENV", line) for line in each] for each in theirs
    ]


@pytest.mark.parametrize("bits", [64, 32])
def test_a_sleep_that_is_stopped_and_restarted(program: Program, tmp_path: Path, bits: int) -> None:
    command = ["-e", "trace=/nanosleep|restart", program("restarted", bits=bits)]
    filtered = traced(tmp_path / "filtered", *FILTERED, *command)
    unfiltered = traced(tmp_path / "unfiltered", *UNFILTERED, *command)
    left = re.compile(r"tv_nsec=\d+")
    shown, others = (
        [[left.sub("tv_nsec=N", line) for line in each] for each in log]
        for log in (filtered[0], unfiltered[0])
    )
    assert any("restart_syscall" in line for each in shown for line in each)
    assert shown == others


def test_a_32_bit_program_that_a_64_bit_one_becomes(program: Program, tmp_path: Path) -> None:
    narrow = program("filtered", bits=32)
    command = ["-e", "trace=getppid", program("filtered"), "exec", narrow, "threads"]
    filtered = traced(tmp_path / "filtered", *FILTERED, "-q", *command)
    assert filtered == traced(tmp_path / "unfiltered", *UNFILTERED, "-q", *command)
    assert sum(line.startswith("getppid") for each in filtered[0] for line in each) == 37


@pytest.mark.parametrize("shown", ["getppid", "none"])
def test_a_change_of_mode_is_told_where_the_program_begins(program: Program, shown: str) -> None:
    command = [
        "-f",
        "-e",
        f"trace={shown}",
        program("filtered"),
        "exec",
        program("filtered", bits=32),
    ]
    told = [run_seize("trace", mode, *command).stderr for mode in (FILTERED[0], UNFILTERED[0])]
    pid = re.compile(r"PID=\d+")
    assert pid.sub("PID", masked(told[0])) == pid.sub("PID", masked(told[1]))
    assert "runs in 32 bit mode" in told[0]


def test_what_was_taken_apart_by_a_multiplexer(program: Program, tmp_path: Path) -> None:
    """i386's socketcall stops where one of the calls that it stands for is wanted."""
    command = ["-e", "trace=connect", program("filtered", bits=32), "work"]
    seen = seccomp.Filter(_wanted("connect"))
    assert seen.wants("i386", 102)
    assert not seen.wants("i386", 117)
    assert not seccomp.Filter(_wanted("openat")).wants("i386", 102)
    assert traced(tmp_path / "log", *FILTERED, *command)[2] == 0


def _wanted(shown: str) -> dict[str, frozenset[int]]:
    from seize.callsets.filters import CallFilter
    from seize.strace.filtering import wanted
    from seize.strace.settings import Settings

    found = wanted(Settings(trace=shown), CallFilter(shown))
    assert found is not None
    return found


@pytest.mark.parametrize("bits", [64, 32])
@pytest.mark.parametrize("shown", ["getppid", "getppid,clone,clone3"])
def test_a_child_that_asks_for_no_tracer_gets_one(
    program: Program, tmp_path: Path, shown: str, bits: int
) -> None:
    """It inherits the filter: without a tracer its getppid would fail."""
    command = ["-e", f"trace={shown}", program("filtered", bits=bits), "untraced"]
    log, out, status = traced(tmp_path / "log", *FILTERED, *command)
    assert (out, status) == ("3\n3\n", 0)
    assert sum(line.startswith("getppid(") for each in log for line in each) == 3
    flags = [line for each in log for line in each if line.startswith("clone")]
    assert len(flags) == (2 if "clone" in shown else 0)
    assert all("CLONE_UNTRACED" in line for line in flags)


# ---------------------------------------------------------------------- the engine


def test_only_wanted_calls_make_events(program: Program) -> None:
    entered: dict[str, int] = {}
    left: dict[str, int] = {}
    with Tracer(seccomp=calls("getppid")) as tracer:
        tracer.spawn([program("filtered"), "threads"])
        for event in tracer:
            if isinstance(event, SyscallEnter):
                entered[event.call.name] = entered.get(event.call.name, 0) + 1
            if isinstance(event, SyscallExit):
                left[event.call.name] = left.get(event.call.name, 0) + 1
    assert entered == left == {"execve": 1, "clone3": 8, "getppid": 37}


def test_a_program_traced_by_singlesteps_in_a_wanted_call(program: Program) -> None:
    """A tool's own way of resuming doesn't make an entry appear twice."""
    entered = 0
    with Tracer(seccomp=calls("getppid")) as tracer:
        tracer.spawn([program("filtered"), "work"])
        for event in tracer:
            if isinstance(event, SyscallEnter | SyscallExit):
                entered += isinstance(event, SyscallEnter) and event.call.name == "getppid"
                # As if nothing were filtered: then the entry comes before the filter's stop.
                event.tracee.operation = 24
    assert entered == 1


def test_a_filtered_process_is_not_let_go(program: Program) -> None:
    with Tracer(seccomp=calls("getppid"), exitkill=False) as tracer:
        process = tracer.spawn([program("ticker")])
        for _ in tracer:
            with pytest.raises(UsageError, match=f"process {process.pid} can't be detached"):
                tracer.detach(process)
            with pytest.raises(UsageError, match="can't be detached"):
                tracer.detach_all()
            break
    # It was ended with the trace, though spawned processes otherwise go on.
    assert state(process.pid) == ""


@pytest.mark.parametrize("options", [{"follow": False}, {"syscalls": False}])
def test_what_a_filter_needs(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="forks followed"):
        Tracer(seccomp=calls("read"), **options)


def test_an_attached_process_beside_a_filtered_one(program: Program) -> None:
    other = subprocess.Popen([program("ticker")], stdout=subprocess.PIPE)
    assert other.stdout is not None
    assert other.stdout.readline() == b"ready\n"
    ends = {}
    unwanted = 0
    with Tracer(seccomp=calls("getppid")) as tracer:
        attached = tracer.attach(other.pid)
        command = tracer.spawn([program("filtered"), "children"])
        for event in tracer:
            if isinstance(event, Exited | Killed) and event.tid == command.pid:
                ends[event.tid] = event
                break
            if isinstance(event, SyscallEnter) and event.tracee.process is attached:
                unwanted += 1
        assert not attached.filtered
        tracer.detach(attached)
    assert ends
    assert unwanted
    assert state(other.pid) in "RS"
    other.kill()
    other.wait()
    other.stdout.close()


def test_where_there_is_no_filter_all_calls_make_events(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seccomp, "is_available", lambda: False)
    names = set()
    with Tracer(seccomp=calls("getppid")) as tracer:
        assert tracer.filter is None
        tracer.spawn([program("filtered")])
        names = {event.call.name for event in tracer if isinstance(event, SyscallEnter)}
    assert {"getppid", "getuid", "mmap"} <= names


def test_a_filter_that_the_kernel_refuses_is_gone_without(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as one too many: the child finds out, and another one starts without."""
    made = seccomp.Filter(calls("getppid"))
    with Tracer(seccomp=calls("getppid")) as tracer:
        made.program = b"\xff" * 8
        tracer.filter = made
        process = tracer.spawn([program("filtered")])
        assert tracer.filter is None
        assert not process.filtered
        names = {event.call.name for event in tracer if isinstance(event, SyscallEnter)}
    assert "getuid" in names
    assert process.returncode == 0


# ---------------------------------------------------------------------- when, and what shows

STATUS = ["grep", "-E", "^(NoNewPrivs|Seccomp):", "/proc/self/status"]
PLAIN, ALONE = "NoNewPrivs:\t0\nSeccomp:\t0\n", "NoNewPrivs:\t0\nSeccomp:\t2\n"

WHEN = [
    ("-f -e trace=openat", ALONE),
    ("-f -e trace=!openat -I3", ALONE),
    ("-f -c -e trace=openat", ALONE),
    ("-f -e trace=none -e inject=openat:error=EIO:when=100", ALONE),
    ("-f -e trace=openat -u root", ALONE),
    ("-f -e trace=openat --seccomp-bpf=never", PLAIN),
    ("-e trace=openat", PLAIN),
    ("-f", PLAIN),
    ("-f -e trace=all", PLAIN),
    ("-f -e trace=openat -b execve", PLAIN),
    ("-f -e trace=openat --syscall-limit=100", PLAIN),
    ("-f -e trace=openat -n", PLAIN),
    ("-f -e trace=openat -I1", PLAIN),
    ("-f -e trace=openat -I1 --seccomp-bpf", ALONE),
    ("-f -e trace=openat -e inject=all:delay_exit=1:when=60000", PLAIN),
]


@pytest.mark.skipif(os.getuid() != 0, reason="otherwise NoNewPrivs shows")
@pytest.mark.parametrize(("options", "shows"), WHEN)
def test_it_filters_by_itself_where_that_is_safe(tmp_path: Path, options: str, shows: str) -> None:
    done = run_seize("trace", "-o", str(tmp_path / "log"), *options.split(), *STATUS)
    assert (done.stdout, done.stderr) == (shows, "")


@pytest.mark.skipif(os.getuid() != 0, reason="it drops a capability")
def test_without_the_capability_new_privileges_are_given_up(tmp_path: Path) -> None:
    bounded = ["setpriv", "--bounding-set", "-sys_admin", "--inh-caps", "-sys_admin"]
    command = [sys.executable, "-m", "seize", "trace", "-o", str(tmp_path / "log"), "-f"]
    for options, flag in (("-etrace=openat", "1"), ("-etrace=all", "0")):
        done = subprocess.run(
            [*bounded, *command, options, *STATUS], capture_output=True, text=True, timeout=30
        )
        assert done.stdout.splitlines()[0] == f"NoNewPrivs:\t{flag}"


WORDS = [
    ("--seccomp-bpf -f", "Seccomp filter is requested but there are no syscalls to filter"),
    ("--seccomp-bpf -e trace=openat", "--seccomp-bpf cannot be used without -f/--follow-forks"),
    ("--seccomp-bpf -f -b execve -e trace=openat", "it is not compatible with -b"),
]


@pytest.mark.parametrize(("options", "words"), WORDS)
def test_why_there_is_no_filter(options: str, words: str) -> None:
    command = [*options.split(), "true"]
    ours = run_seize("trace", *command).stderr.splitlines()[0]
    theirs = subprocess.run(["strace", *command], capture_output=True, text=True, timeout=30)
    assert words in ours
    assert ours.replace("seize: ", "strace: ") == theirs.stderr.splitlines()[0]


def test_a_tracer_in_the_trace(tmp_path: Path) -> None:
    """strace under a filtered trace can't trace, as under any other."""
    command = ["-e", "trace=openat", "strace", "-o", "/dev/null", "true"]
    statuses = [
        run_seize("trace", "-f", "-o", str(tmp_path / "log"), mode, *command)
        for mode in (FILTERED[0], UNFILTERED[0])
    ]
    assert statuses[0].returncode == statuses[1].returncode != 0
    assert "Operation not permitted" in statuses[0].stderr


# ---------------------------------------------------------------------- the end

POLITE = """\
trap 'cat /dev/null; echo bye; exit 7' INT
echo ready
while :; do sleep 0.05; done
"""
STUBBORN = "trap '' INT TERM; echo ready; while :; do sleep 0.05; done"


def begin(*words: str, script: str) -> subprocess.Popen[str]:
    tracer = seize("trace", "-f", "-e", "trace=openat", *words, "sh", "-c", script)
    assert tracer.stdout is not None
    assert tracer.stdout.readline() == "ready\n"
    return tracer


def test_an_interrupted_command_ends_in_its_own_way() -> None:
    """Its calls go on working: openat, which the filter wants, is what cat needs."""
    tracer = begin(script=POLITE)
    tracer.send_signal(signal.SIGINT)
    out, err = tracer.communicate(timeout=20)
    assert out == "bye\n"
    assert tracer.returncode == -signal.SIGINT
    assert "ENOSYS" not in err
    assert "not implemented" not in err


def test_a_second_signal_ends_what_the_first_did_not() -> None:
    tracer = begin(script=STUBBORN)
    children = Path(f"/proc/{tracer.pid}/task/{tracer.pid}/children").read_text().split()
    tracer.send_signal(signal.SIGINT)
    # The line of the trace that is open then, if there is one, is ended at the first.
    wait_until(lambda: _has_begun_to_wait(tracer.pid))
    assert tracer.poll() is None
    tracer.send_signal(signal.SIGTERM)
    tracer.communicate(timeout=20)
    assert tracer.returncode == -signal.SIGINT
    assert all(state(int(child)) == "" for child in children)
    reap_orphans()


def _has_begun_to_wait(pid: int) -> bool:
    """Whether the first signal has been taken: nothing of it is pending, and the tracer sleeps."""
    status = Path(f"/proc/{pid}/status").read_text()
    pending = [int(found, 16) for found in re.findall(r"(?:SigPnd|ShdPnd):\t(\w+)", status)]
    return not any(pending) and "State:\tS" in status


def test_a_command_goes_on_whose_trace_can_not_be_written() -> None:
    script = "sleep 0.1; cat /dev/null && echo alive"
    for mode in (FILTERED[0], UNFILTERED[0]):
        reader, writer = os.pipe()
        os.close(reader)
        command = ["trace", "-f", mode, "-e", "trace=openat", "sh", "-c", script]
        done = run_seize(*command, stderr=writer)
        os.close(writer)
        reap_orphans()
        assert (done.returncode, done.stdout) == (1, "alive\n")


def test_a_killed_tracer_leaves_nobody_with_a_filter() -> None:
    tracer = begin(script="echo ready; while :; do sleep 0.05; done")
    children = Path(f"/proc/{tracer.pid}/task/{tracer.pid}/children").read_text().split()
    tracer.kill()
    tracer.communicate(timeout=20)
    wait_until(lambda: all(state(int(child)) in ("", "Z") for child in children))
    reap_orphans()
