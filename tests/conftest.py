"""Shared fixtures: C programs built on demand, and the guarantee that no process is left behind."""

from __future__ import annotations

import ctypes
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PROGRAMS = Path(__file__).parent / "programs"
BUILD = PROGRAMS / ".build"

PR_SET_CHILD_SUBREAPER = 36
# Orphans of a tracee come to us, so that the check below sees every process a test started.
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def start_like_a_terminal() -> None:
    """Let programs start the same way wherever the tests do: under nohup, in a script, in CI.

    Signals that are ignored or blocked here would be so in every program: a shell, for one,
    can't trap them.  A handler stays ours, and goes at an execve.
    """
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for signum in signal.valid_signals() - {signal.SIGPIPE, signal.SIGXFSZ}:
        if signal.getsignal(signum) is signal.SIG_IGN:
            signal.signal(signum, lambda number, frame: None)
    for name in ("LANG", "LANGUAGE", "NO_COLOR", "POSIXLY_CORRECT", "STRACE_COLORS", "COLUMNS"):
        os.environ.pop(name, None)
    os.environ["LC_ALL"] = "C.UTF-8"


start_like_a_terminal()


def build(name: str, *, bits: int = 64, flags: tuple[str, ...] = ()) -> str:
    """Compile ``programs/NAME.c`` once per source text and flags; return the binary's path."""
    source = PROGRAMS / f"{name}.c"
    options = [f"-m{bits}", "-O1", "-g", "-Wall", "-Werror", "-pthread", *flags]
    digest = hashlib.sha256(source.read_bytes() + repr(options).encode()).hexdigest()[:12]
    target = BUILD / f"{name}-{bits}-{digest}"
    if not target.exists():
        BUILD.mkdir(exist_ok=True)
        partial = target.with_suffix(f".{os.getpid()}")
        subprocess.run(["gcc", *options, "-o", str(partial), str(source)], check=True, timeout=60)
        partial.rename(target)
    return str(target)


@pytest.fixture
def program() -> Callable[..., str]:
    """The builder: ``program("name", bits=32, flags=("-static",))`` gives a binary's path."""
    return build


def children_of(pid: int) -> list[int]:
    """Every child of any thread of ``pid``, living or zombie."""
    found: list[int] = []
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            text = Path(f"/proc/{pid}/task/{task}/children").read_text()
        except FileNotFoundError:
            continue
        found.extend(int(word) for word in text.split())
    return found


def reap_everything(deadline: float) -> list[int]:
    """Kill and reap every descendant; return the pids that had been left behind."""
    left: list[int] = []
    while children := children_of(os.getpid()):
        for pid in children:
            if pid not in left:
                left.append(pid)
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        for pid in children:
            try:
                os.waitpid(pid, os.WNOHANG | 0x40000000)
            except ChildProcessError:
                continue
        if time.monotonic() > deadline:
            raise RuntimeError(f"processes {children} don't die")
        time.sleep(0.002)
    return left


@pytest.fixture(autouse=True)
def no_process_left() -> Iterator[None]:
    """Fail a test that leaves a process behind, and end that process."""
    yield
    left = reap_everything(time.monotonic() + 10)
    assert not left, f"the test left processes behind: {left}"


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A skipped test is a failure where everything is there to run it: in CI."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("CI") and skipped:
        print(f"\n{len(skipped)} tests were skipped: not allowed in CI", file=sys.stderr)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
