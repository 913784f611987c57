"""``seize trace --inject`` and ``--fault``, beside the real strace."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.live.support import run_seize
from tests.unit.json_support import validate
from tests.unit.test_tampering import BAD

Builder = Callable[..., str]
needs_strace = pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")


def strace(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["strace", *arguments], capture_output=True, text=True, timeout=30)


def masked(text: str) -> str:
    """Without process ids, addresses of the stack, and the name of the tracer."""
    text = re.sub(r"^(strace|seize): ", "", text, flags=re.MULTILINE)
    text = re.sub(r"\b(process |pid +|PID=|si_pid=)\d+", r"\1N", text)
    return re.sub(r"0x[0-9a-f]{6,}", "0xN", text)


CHDIR = ["-e", "trace=chdir", "-e", "signal=!CHLD"]
COMMANDS = [
    [*CHDIR, "-e", "inject=chdir:error=EIO:when=2+2"],
    [*CHDIR, "-e", "inject=chdir:error=1:when=2..3"],
    [*CHDIR, "-e", "inject=chdir:error=41"],
    [*CHDIR, "--inject=chdir:retval=-5"],
    [*CHDIR, "--inject=chdir:retval=0x1ffffffff:when=1"],
    [*CHDIR, "-e", "inject=chdir:signal=USR1:when=2"],
    [*CHDIR, "-e", "inject=chdir:signal=64:error=EIO"],
    [*CHDIR, "-e", "inject=chdir:delay_enter=1ms:delay_exit=10"],
    [*CHDIR, "-e", "inject=chdir:delay_exit=1:error=EIO"],
    [*CHDIR, "-e", "inject=chdir:poke_enter=@arg1=2f00"],
    [*CHDIR, "-e", "inject=chdir:poke_enter=@arg1=6162,@arg2=63:delay_exit=0"],
    [*CHDIR, "-e", "inject=chdir:poke_exit=@arg1=616200:retval=3"],
    [*CHDIR, "-e", "inject=chdir:retval=3:syscall=getpid"],
    [*CHDIR, "-e", "inject=chdir:error=ERESTARTSYS:when=1"],
    [*CHDIR, "-e", "inject=chdir:error=EIO", "-e", "inject=chdir:retval=2:when=2"],
    [*CHDIR, "-e", "inject=chdir:error=EIO", "-e", "inject=getpid:retval=2"],
    [*CHDIR, "-e", "inject=%file:error=EIO:when=1", "-e", "fault=?nonsense,chdir:when=2"],
    [*CHDIR, "-e", "fault=chdir"],
    [*CHDIR, "--fault=chdir:error=EIO:when=1..+2"],
    ["-e", "trace=none", "-e", "inject=chdir:signal=USR1"],
    ["-e", "trace=exit_group", "-e", "inject=exit_group:error=EIO"],
    ["-e", "trace=exit_group", "-e", "inject=exit_group:delay_enter=10"],
    ["-P", "/nowhere", "-e", "trace=chdir", "-e", "inject=chdir:error=EIO:when=2"],
    ["-P", "/elsewhere", "-e", "trace=chdir", "-e", "inject=chdir:signal=USR1"],
    ["-e", "trace=write", "-e", "inject=write:poke_enter=@arg1=6162:when=1"],
]


@needs_strace
@pytest.mark.parametrize(
    ("options", "bits"),
    # What follows is about the expressions alone.
    [*((options, 64) for options in COMMANDS), *((options, 32) for options in COMMANDS[:13])],
)
def test_beside_strace(program: Builder, options: list[str], bits: int) -> None:
    command = [program("tampered", bits=bits), "chdir", "3"]
    theirs, ours = strace(*options, *command), run_seize("trace", *options, *command)
    assert masked(ours.stderr) == masked(theirs.stderr)
    assert (ours.stdout, ours.returncode) == (theirs.stdout, theirs.returncode)


@needs_strace
def test_threads_forks_and_execs_beside_strace(program: Builder) -> None:
    options = ["-f", "-qq", *CHDIR, "-e", "inject=chdir:error=EIO:when=2"]
    command = [program("tampered"), "family"]
    theirs, ours = strace(*options, *command), run_seize("trace", *options, *command)
    assert sorted(masked(ours.stderr).splitlines()) == sorted(masked(theirs.stderr).splitlines())
    assert sorted(ours.stdout.splitlines()) == sorted(theirs.stdout.splitlines())


@needs_strace
def test_the_first_execve_is_left_alone(program: Builder) -> None:
    options = ["-qq", "-f", "-e", "trace=execve,chdir", "-e", "inject=execve:error=EIO:when=1"]
    command = [program("tampered"), "vfork"]
    theirs, ours = strace(*options, *command), run_seize("trace", *options, *command)
    assert ours.stdout == theirs.stdout == "parent -1 ENOENT\n" * 2
    assert ours.stderr.count("(INJECTED)") == theirs.stderr.count("(INJECTED)") == 1


@needs_strace
def test_both_refuse_the_same() -> None:
    """Ours are in the unit tests: a process for each would take its time."""
    for text in BAD:
        theirs = strace("-e", f"inject=chdir:{text}", "true")
        assert theirs.stderr == f"strace: invalid inject argument 'chdir:{text}'\n"
        assert theirs.returncode == 1
    ours = run_seize("trace", "-e", "inject=chdir:error=FOO", "true")
    assert ours.stderr == "seize: invalid inject argument 'chdir:error=FOO'\n"
    ours = run_seize("trace", "-e", "fault=chdir:retval=1", "true")
    assert ours.stderr == "seize: invalid fault argument 'chdir:retval=1'\n"


def test_with_in_kernel_filtering(program: Builder) -> None:
    options = ["-f", "-qq", "--seccomp-bpf", *CHDIR, "-e", "inject=chdir:error=EIO:when=2"]
    ours = run_seize("trace", *options, program("tampered"), "chdir", "2")
    assert ours.stdout == "main -1 ENOENT\nmain -1 EIO\n"
    assert ours.stderr.count("(INJECTED)") == 1


def test_what_strace_lacks(program: Builder, tmp_path: Path) -> None:
    def run(inject: str, *command: str) -> list[str]:
        done = run_seize("trace", "-f", "-o", "/dev/null", "-e", f"inject={inject}", *command)
        return done.stdout.splitlines()

    tampered = program("tampered")
    assert run("chdir:skip", tampered, "chdir", "1") == ["main 0"]
    assert run("chdir:arg=pathname=/", tampered, "chdir", "1") == ["main 0"]
    assert run("close:error=EIO:run:fd=50", tampered, "close")[-1] == "open 0"
    assert run("write:short=1/2:fd=1", "echo", "hello") == ["hello"]
    assert run("chdir:error=EIO:rate=0", tampered, "chdir", "1") == ["main -1 ENOENT"]
    assert run("chdir:error=EIO:rate=1:seed=1", tampered, "chdir", "1") == ["main -1 EIO"]
    for name in ("one", "two"):
        (tmp_path / name).write_text(f"{name}\n")
    files = [str(tmp_path / name) for name in ("one", "two")]
    assert run(f"read:error=EIO:path={tmp_path}/o*", "cat", *files) == ["two"]


def test_in_json_and_back(program: Builder, tmp_path: Path) -> None:
    trace = tmp_path / "trace.json"
    inject = "chdir:poke_enter=@arg1=6162:error=EIO:delay_enter=1:when=1"
    options = ["-e", "trace=chdir", "-e", f"inject={inject}"]
    command = [program("tampered"), "chdir", "2"]
    run_seize("trace", "--format", "json", "-o", str(trace), *options, *command)
    lines = [json.loads(line) for line in trace.read_text().splitlines()]
    for line in lines:
        validate("", line)
    calls = [line for line in lines if line["type"] == "syscall"]
    assert calls[0]["tampered"] == ["args", "retval", "delayed", "replaced"]
    assert calls[0]["error"]["name"] == "EIO"
    assert "tampered" not in calls[1]
    shown = subprocess.run(
        [sys.executable, "-m", "seize", "render", str(trace)],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    ).stdout
    first = shown.splitlines()[0]
    assert 'chdir("abowhere")' in first
    assert first.endswith("= -1 EIO (Input/output error) (INJECTED: args, retval) (DELAYED)")
