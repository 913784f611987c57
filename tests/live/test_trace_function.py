"""``for call in seize.trace([...])``."""

from __future__ import annotations

import errno
import importlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

import seize
from seize import LaunchError, UsageError, trace
from seize.engine.launch import DEVNULL
from seize.tampering import rule
from tests.live.support import running, tracer_of, wait_until

Program = Callable[..., str]


def test_the_calls_of_a_command(tmp_path: Path) -> None:
    (tmp_path / "greeting").write_text("hello\n")
    calls = trace(["cat", "greeting", "missing"], only="openat", cwd=str(tmp_path), stdout=DEVNULL)
    opened = {str(call.args.filename): call.error for call in calls}
    assert opened["greeting"] == 0
    assert opened["missing"] == errno.ENOENT
    assert calls.returncode == 1


def test_each_call_is_whole_and_the_last_never_returns() -> None:
    calls = list(trace(["true"]))
    assert calls[0].name == "execve"
    assert all(call.finished for call in calls[:-1])
    assert calls[-1].name == "exit_group"
    assert not calls[-1].finished


def test_a_call_that_its_thread_is_killed_in_is_handed_out() -> None:
    calls = trace(["sh", "-c", "kill -KILL $$"], only="kill")
    (fatal,) = list(calls)
    assert not fatal.finished
    assert calls.returncode == -9


def test_an_unlimited_string_and_a_limited_one() -> None:
    text = "x" * 3000
    (whole,) = trace(["echo", text], only="write", stdout=DEVNULL)
    assert whole.args.buf.bytes == text.encode() + b"\n"
    (part,) = trace(["echo", text], only="write", stdout=DEVNULL, string_limit=10)
    assert part.args.buf.bytes == b"x" * 10


def test_attaching_and_leaving_early(program: Program) -> None:
    with running(program("ticker")) as process:
        for call in trace(attach=process.pid):
            assert call.tid == process.pid
            break
        wait_until(lambda: tracer_of(process.pid) == 0)
        assert process.poll() is None


def test_leaving_early_kills_the_command() -> None:
    calls = trace(["sleep", "30"])
    for call in calls:
        pid = call.tid
        break
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert calls.returncode is None


def test_tampering() -> None:
    rules = [rule("write", error="ENOSPC", when="1")]
    calls = trace(["echo", "x"], only="exit_group", stdout=DEVNULL, stderr=DEVNULL, tamper=rules)
    assert [call.name for call in calls] == ["exit_group"]
    assert [fired.done for fired in calls.fired] == ["ENOSPC"]
    assert calls.returncode == 1


def test_unwanted_calls_run_at_native_speed() -> None:
    """The status tells that there is a filter (Seccomp), and no call is missing."""
    command = ["sh", "-c", "grep Seccomp: /proc/self/status; cat /dev/null"]
    reader, writer = os.pipe()
    names = [call.name for call in trace(command, only="execve", stdout=writer)]
    os.close(writer)
    with open(reader) as file:
        assert file.read() == "Seccomp:\t2\n"
    assert names.count("execve") == 3


def test_what_makes_no_sense() -> None:
    with pytest.raises(UsageError, match="either a command or a process"):
        trace()
    with pytest.raises(UsageError, match="either a command or a process"):
        trace(["true"], attach=1)
    with pytest.raises(UsageError, match="invalid system call 'nosuch'"):
        trace(["true"], only="nosuch")
    with pytest.raises(LaunchError):
        list(trace(["no-such-command"]))
    with pytest.raises(UsageError, match="a list of words, not a text: 'ls -l'"):
        trace("ls -l")
    with pytest.raises(UsageError, match="shorter than nothing: -1"):
        trace(["true"], string_limit=-1)
    with seize.Tracer() as tracer, pytest.raises(UsageError, match="not a text: 'ls -l'"):
        tracer.spawn("ls -l")  # type: ignore[arg-type]


def test_it_is_imported_when_it_is_asked_for() -> None:
    assert seize.trace is trace
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        importlib.import_module("seize").nonsense  # noqa: B018
