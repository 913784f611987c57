"""-c and -C beside strace's: the same calls, the same errors."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.live.support import reap_orphans, run_seize, running, seize, tracer_of, wait_until
from tests.unit.json_support import validate

Program = Callable[..., str]
Counts = dict[str, dict[str, tuple[str, ...]]]


def counts(text: str) -> Counts:
    """``{"": {"read": ("2", "1")}, "32 bit": …}``: calls and errors from tables."""
    found: Counts = {}
    mode = ""
    for line in text.splitlines():
        heading = re.fullmatch(r"System call usage summary for (.*) mode:", line)
        if heading:
            mode = heading[1]
        row = re.fullmatch(r" *[\d.]+ +\d+\.\d{6} +\d+ +(\d+) +(?:(\d+) )? *(\w+)", line)
        if row:
            found.setdefault(mode, {})[row[3]] = (row[1], row[2] or "")
    return found


def strace(*arguments: str) -> str:
    """What strace writes to standard error."""
    done = subprocess.run(
        ["strace", *arguments], capture_output=True, text=True, timeout=30, check=False
    )
    return done.stderr


@pytest.mark.parametrize("name", ["dec_files", "dec_memory", "dec_sockets"])
@pytest.mark.parametrize("bits", [64, 32])
def test_counts_and_errors_are_straces(
    program: Program, tmp_path: Path, name: str, bits: int
) -> None:
    command = ["-f", "-c", program(name, bits=bits)]
    ours = run_seize("trace", *command, cwd=tmp_path)
    theirs = subprocess.run(
        ["strace", *command], capture_output=True, text=True, timeout=30, check=False, cwd=tmp_path
    )
    assert counts(ours.stderr) == counts(theirs.stderr)
    assert len(counts(ours.stderr)[""]) >= 1
    assert ("32 bit" in counts(ours.stderr)) == (bits == 32)


def test_processes_are_counted_together() -> None:
    command = ["-f", "-c", "sh", "-c", "/bin/true; /bin/ls /nosuch; (exit 3); /bin/true"]
    ours, theirs = counts(run_seize("trace", *command).stderr), counts(strace(*command))
    assert ours == theirs
    assert ours[""]["execve"] == ("4", "")


@pytest.mark.parametrize("bits", [64, 32])
def test_threads_are_counted_together(program: Program, bits: int) -> None:
    command = ["-f", "-c", "-q", program("overlap", bits=bits)]
    ours, theirs = counts(run_seize("trace", *command).stderr), counts(strace(*command))
    for found in (ours, theirs):
        for rows in found.values():
            # Who waits for whom is up to the scheduler, and so the calls that waiting takes.
            for name in ("futex", "total"):
                rows.pop(name, None)
    assert ours == theirs


@pytest.mark.parametrize("bits", [64, 32])
def test_an_interrupted_call_counts_as_an_error(program: Program, bits: int) -> None:
    command = ["-c", program("restarted", bits=bits)]
    ours, theirs = counts(run_seize("trace", *command).stderr), counts(strace(*command))
    assert ours == theirs


def test_only_the_calls_of_the_filter_are_counted() -> None:
    command = ["-c", "-e", "trace=openat,close", "cat", "/nosuch"]
    ours, theirs = counts(run_seize("trace", *command).stderr), counts(strace(*command))
    assert ours == theirs
    assert set(ours[""]) == {"openat", "close", "total"}


def test_nothing_is_printed_where_nothing_was_counted() -> None:
    assert run_seize("trace", "-c", "-e", "trace=none", "true").stderr == ""


def test_the_table_is_written_after_the_trace(tmp_path: Path) -> None:
    log = tmp_path / "log"
    done = run_seize("trace", "-C", "-o", str(log), "-e", "trace=close", "cat", "/nosuch")
    assert done.returncode == 1
    lines = log.read_text().splitlines()
    end = lines.index("+++ exited with 1 +++")
    assert lines[end + 1] == "% time     seconds  usecs/call     calls    errors syscall"
    assert lines[end + 2] == "------ ----------- ----------- --------- --------- ----------------"
    shown = sum(line.startswith("close(") for line in lines)
    assert counts("\n".join(lines))[""]["close"] == (str(shown), "")


@pytest.mark.parametrize(
    ("options", "heading"),
    [
        (["-U", "name,calls,errors"], "syscall              calls    errors"),
        (["-U", "calls"], "    calls syscall"),
        (["-w", "-U", "max-time,min-time"], " longest shortest syscall"),
        (["-U", "wall-total,calls", "-S", "wall-total"], "wall-seconds     calls syscall"),
    ],
)
def test_columns(options: list[str], heading: str) -> None:
    ours = run_seize("trace", "-c", *options, "true").stderr.splitlines()
    assert ours[0] == heading
    if "wall-total" not in options[1]:
        assert strace("-c", *options, "true").splitlines()[0] == heading


@pytest.mark.parametrize("sort", ["name", "calls", "errors", "nothing"])
def test_rows_are_in_straces_order(sort: str) -> None:
    command = ["-c", "-S", sort, "-U", "calls,errors,name", "cat", "/nosuch"]
    assert run_seize("trace", *command).stderr == strace(*command)


def test_wall_clock_and_overhead() -> None:
    done = run_seize("trace", "-c", "-w", "-e", "trace=clock_nanosleep", "sleep", "0.1")
    row = done.stderr.splitlines()[2].split()
    assert row[0] == "100.00"
    assert float(row[1]) >= 0.1
    assert int(row[2]) >= 100_000
    command = ["-e", "trace=clock_nanosleep", "sleep", "0.1"]
    done = run_seize("trace", "-c", "-w", "-O", "1000s", *command)
    assert done.stderr.splitlines()[2].split()[:2] == ["0.00", "0.000000"]


def test_time_in_the_kernel_is_not_time_asleep() -> None:
    done = run_seize("trace", "-c", "-e", "trace=clock_nanosleep", "sleep", "0.2")
    assert float(done.stderr.splitlines()[2].split()[1]) < 0.1


def test_time_in_the_kernel_is_counted(program: Program) -> None:
    """Many megabytes of zeros take the kernel some time, whatever the machine's clock ticks."""
    command = ["dd", "if=/dev/zero", "of=/dev/null", "bs=16M", "count=40", "status=none"]
    done = run_seize("trace", "-c", *command)
    first = done.stderr.splitlines()[2].split()
    assert first[-1] == "read"
    assert float(first[1]) > 0.01


def test_an_interrupted_trace_tells_what_it_counted(program: Program) -> None:
    with running(program("ticker")) as process:
        tracer = seize("trace", "-c", "-p", str(process.pid))
        wait_until(lambda: tracer_of(process.pid) != 0)
        tracer.send_signal(signal.SIGINT)
        _, err = tracer.communicate(timeout=20)
        lines = err.splitlines()
        assert lines[1] == f"seize: Process {process.pid} detached"
        assert len(lines) == 2 or lines[2].startswith("% time")
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(10) == 9


def test_an_interrupted_command_is_counted_too(program: Program) -> None:
    tracer = seize("trace", "-c", program("ticker"))
    assert tracer.stdout is not None
    assert tracer.stdout.readline() == "ready\n"
    tracer.send_signal(signal.SIGINT)
    _, err = tracer.communicate(timeout=20)
    assert counts(err)[""]["execve"] == ("1", "")
    assert [os.waitstatus_to_exitcode(status) for status in reap_orphans()] == [102]


def test_as_json_and_again_as_text(tmp_path: Path) -> None:
    log = tmp_path / "log.json"
    options = ["-c", "-S", "calls", "-U", "calls,errors,name"]
    run_seize("trace", *options, "--format=json", "-o", str(log), "cat", "/nosuch")
    (told,) = [json.loads(line) for line in log.read_text().splitlines()]
    validate("", told)
    assert told["type"] == "summary"
    assert (
        run_seize("render", str(log)).stdout
        == strace(*options, "cat", "/nosuch").split("directory\n")[1]
    )
    run_seize("trace", "-C", "--format=json", "-o", str(log), "cat", "/nosuch")
    types = [json.loads(line)["type"] for line in log.read_text().splitlines()]
    assert types[0] == "syscall"
    assert types[-1] == "summary"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-S", "foo"], "invalid sortby: 'foo'"),
        (["-U", "foo"], "unknown column name: 'foo'"),
        (["-U", "calls,count"], "call summary column has been provided more than once: 'count'"),
    ],
)
def test_wrong_options(options: list[str], message: str) -> None:
    done = run_seize("trace", "-c", *options, "true")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert message in done.stderr
    assert message in strace("-c", *options, "true")
