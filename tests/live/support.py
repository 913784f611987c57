"""What live tests share: running the command, waiting for a state, and reading /proc."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

REPEAT = 50
"""How often a race is tried."""


def seize(*arguments: str, **options: Any) -> subprocess.Popen[str]:
    """Start ``seize`` with its output captured."""
    command = [sys.executable, "-m", "seize", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, text=True, errors="backslashreplace", **{**pipes, **options})


def run_seize(
    *arguments: str, timeout: float = 60, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run ``seize`` to its end."""
    process = seize(*arguments, **options)
    try:
        out, err = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        raise AssertionError(f"it hangs; so far:\n{out[-2000:]}\n{err[-2000:]}") from None
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for a condition that another process will bring about."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.002)


def called_strace_in(folder: Path) -> Path:
    """Make a program in a folder that is called strace and is us."""
    script = folder / "strace"
    script.write_text(
        f"#!{sys.executable}\nimport sys\nfrom seize.cli import main\nsys.exit(main())\n"
    )
    script.chmod(0o755)
    return script


def reap_orphans() -> list[int]:
    """Wait for every child that we have inherited; return their wait statuses."""
    statuses = []
    while True:
        try:
            statuses.append(os.waitpid(-1, 0)[1])
        except ChildProcessError:
            return statuses


def state(pid: int) -> str:
    """The state letter of /proc/PID/status: R, S, T, t, Z …; "" if it is gone."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return text.split("State:\t")[1][0]


def in_state(pid: int, letter: str) -> bool:
    """Whether a process is in the state of that letter."""
    return state(pid) == letter


def tracer_of(pid: int) -> int:
    """The thread id of the tracer; 0 if there is none."""
    return int(Path(f"/proc/{pid}/status").read_text().split("TracerPid:\t")[1].split()[0])


@contextmanager
def running(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program of ours that says "ready" when it is; killed at the end if it still runs."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert readline(process.stdout) == b"ready\n"
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def readline(stream: IO[bytes] | None) -> bytes:
    """Read one line of a process's output."""
    assert stream is not None
    return stream.readline()


def system_calls_made(pid: int) -> int:
    """A number that grows while the process runs: its context switches."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        for line in Path(f"/proc/{pid}/task/{task}/status").read_text().splitlines():
            if "ctxt_switches" in line:
                total += int(line.split()[1])
    return total
