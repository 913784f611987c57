"""Real programs under trace: they do what they do untraced, and the log is all there.

The log is compared with strace's of the same program: how often each system call was made.
Where that number differs between two runs of strace itself, because it depends on timing or on
a random file name, the call is named in ``varies`` and only has to be in order.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import build
from tests.live.trace_log import Log, read_log

SORTED_BYTES = 50 << 20
# A pipe's SIGCHLDs merge, or not, by timing; a shell that waits is interrupted, or not, and then
# looks once more.
CHILDREN = frozenset(("rt_sigreturn", "wait4"))
# Threads that wait for each other; and malloc's arenas, one for each thread that finds others busy.
THREADS = frozenset(("futex", "mmap", "munmap", "mprotect", "madvise"))
# Whether a pipe's reader finds two writes or one.
PIPES = frozenset(("read",))
# Random names that are taken already are tried again.
TEMPORARY = frozenset(("getrandom", "newfstatat", "unlink"))


def _nothing(folder: Path) -> None:
    """Prepare nothing."""


def _c_source(folder: Path) -> None:
    (folder / "hello.c").write_text('#include <stdio.h>\nint main(void) { puts("hello"); }\n')


def _numbers(folder: Path) -> None:
    data = random.Random(1).randbytes(SORTED_BYTES // 17 * 8).hex("\n", 8)
    (folder / "numbers").write_text(data + "\n")


@dataclass(frozen=True)
class Case:
    """One program: its command line (made when it is needed), and what it finds in its folder."""

    command: Callable[[], list[str]]
    prepare: Callable[[Path], None] = _nothing
    varies: frozenset[str] = frozenset()
    status: int = 0


def _sh(script: str) -> Callable[[], list[str]]:
    return lambda: ["sh", "-c", script]


PIPELINES = """
seq 1 2000 | grep 7 | wc -l
sort hello.c | head -n 1 >&2
for i in 1 2 3; do echo $i; done | while read -r line; do echo "<$line>"; done
false | exit 5
"""

CASES = {
    "ls": Case(lambda: ["ls", "-lR", "/usr/share/doc"]),
    "gcc": Case(
        lambda: ["gcc", "-o", "hello", "hello.c"], prepare=_c_source, varies=CHILDREN | TEMPORARY
    ),
    "python": Case(lambda: [sys.executable, "-c", "import json"]),
    "git": Case(
        _sh("git init -q -b main && git status && git rev-parse --git-dir && ! git log"),
        varies=CHILDREN | TEMPORARY,
    ),
    "sort": Case(lambda: ["sort", "--parallel=1", "numbers"], prepare=_numbers),
    "sort-threads": Case(lambda: ["sort", "numbers"], prepare=_numbers, varies=THREADS),
    "threads": Case(lambda: [build("threads"), "16", "50"], varies=THREADS),
    "pipelines": Case(_sh(PIPELINES), prepare=_c_source, varies=CHILDREN | PIPES, status=5),
    "sockets": Case(lambda: [build("echo_pair")], varies=CHILDREN, status=7),
}


class Runner:
    """Runs one case's command, each time in a fresh folder of the same name."""

    def __init__(self, case: Case, folder: Path) -> None:
        self.case = case
        self.command = case.command()
        self.folder = folder / "work"
        self.log_path = folder / "log"
        # Both tracers, and the untraced run, give the program the same environment.
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LC_ALL": "C",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_NOSYSTEM": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
        }

    def run(self, *tracer: str) -> subprocess.CompletedProcess[bytes]:
        """Run the command under a tracer, or without one."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        self.case.prepare(self.folder)
        return subprocess.run(
            [*tracer, *self.command],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=100,
        )

    def log(self) -> Log:
        """Read the log of the last traced run."""
        return read_log(self.log_path.read_text(errors="surrogateescape"))


def steady(log: Log, case: Case) -> Counter[str]:
    """How often the calls were made whose number doesn't vary."""
    return Counter({name: n for name, n in log.calls.items() if name not in case.varies})


@pytest.mark.timeout(240)
@pytest.mark.parametrize("name", CASES)
def test_a_real_program(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    runner = Runner(case, tmp_path)
    plain = runner.run()
    assert plain.returncode == case.status
    ours, theirs = both(case, runner, plain)
    if steady(ours, case) != steady(theirs, case):
        # A busy machine may have a program do a little more, once.
        ours, theirs = both(case, runner, plain)
    assert steady(ours, case) == steady(theirs, case)


def both(case: Case, runner: Runner, plain: subprocess.CompletedProcess[bytes]) -> tuple[Log, Log]:
    """Our log and strace's, of runs that were like the untraced one; none has lost anything."""
    traced = runner.run(*(sys.executable, "-m", "seize", "trace", "-f", "-o", str(runner.log_path)))
    assert traced.returncode == case.status
    assert traced.stdout == plain.stdout
    assert traced.stderr == plain.stderr
    ours = runner.log()
    assert ours.problems == []
    assert ours.ended, "no thread ended"
    strace = runner.run("strace", "-f", "-o", str(runner.log_path))
    assert strace.returncode == case.status
    theirs = runner.log()
    assert theirs.problems == []
    assert len(ours.ended) == len(theirs.ended)
    return ours, theirs


def test_the_reader_of_logs_sees_what_is_missing() -> None:
    whole = [
        "10    clone(flags=SIGCHLD)              = 11",
        "10    read(0,  <unfinished ...>",
        "11    +++ exited with 0 +++",
        '10    <... read resumed>"a", 1)         = 1',
        "10    --- SIGCHLD {si_signo=SIGCHLD} ---",
        "10    exit_group(0)                     = ?",
        "10    +++ exited with 0 +++",
    ]
    log = read_log("\n".join(whole))
    assert log.problems == []
    assert log.calls == Counter({"clone": 1, "read": 1, "exit_group": 1})
    assert log.signals == Counter({"SIGCHLD": 1})
    assert set(log.ended) == {10, 11}
    for position in (1, 3, 6):
        broken = whole[:position] + whole[position + 1 :]
        assert read_log("\n".join(broken)).problems, whole[position]
