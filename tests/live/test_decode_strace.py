"""The same programs under strace and under seize: the same lines, or differences that are listed.

What a run decides (addresses of the stack, pids, times) is made alike first.  Sets of flags grow
with the kernel's headers, so the programs use flags that are old.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.parity.harness import compare

PROGRAMS = ("dec_files", "dec_memory", "dec_io", "dec_signals", "dec_sockets")
MASKS = (
    (r"0x\w+ /\* \d+ vars \*/", "ENVIRONMENT"),
    (r"0x7ff[0-9a-f]{9}", "STACK"),
    (r"0xff[0-9a-f]{6}\b", "STACK"),
    (r"(tv_n?u?sec)=\d+", r"\1=N"),
    (r"(f_[bf]\w+|handle_bytes)=\d+", r"\1=N"),
    (r"time\(.*", "time()"),
    # Payloads of netlink sockets are shown as bytes.
    (r"(sendto\(\d+, ).*nlmsg_len.*?\]", r"\1NETLINK"),
    (r'(sendto\(\d+, )"\\24\\0.*?"', r"\1NETLINK"),
)


def lines_of(command: list[str], output: Path, place: Path) -> list[str]:
    """The lines that a tracer writes into ``output``, with what differs from run to run masked."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    subprocess.run(
        ["setarch", "-R", *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=50,
        check=False,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    found = []
    for line in output.read_text(errors="replace").splitlines():
        pid, _, text = line.partition(" ")
        text = re.sub(rf"\b{pid}\b", "PID", text.strip())
        for pattern, mask in MASKS:
            text = re.sub(pattern, mask, text)
        found.append(re.sub(r"\) += ", ") = ", text))
    return found


def both(binary: str, tmp_path: Path) -> tuple[list[str], list[str]]:
    """What strace and what we write of a program."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    place = tmp_path / "place"
    theirs, ours = tmp_path / "strace.txt", tmp_path / "seize.txt"
    tail = ["-f", "-o", str(theirs), binary, str(place)]
    expected = lines_of([strace, *tail], theirs, place)
    tail[2] = str(ours)
    shown = lines_of([sys.executable, "-m", "seize", "trace", *tail], ours, place)
    return expected, shown


@pytest.mark.parametrize("bits", [64, 32])
@pytest.mark.parametrize("name", PROGRAMS)
def test_like_strace(name: str, bits: int, program: Callable[..., str], tmp_path: Path) -> None:
    expected, shown = both(program(name, bits=bits), tmp_path)
    assert len(shown) > 20
    unlisted = compare(name, [expected], [shown]).unlisted
    if unlisted:
        # On a busy machine a timer may come one line earlier: what differs does so again.
        expected, shown = both(program(name, bits=bits), tmp_path)
        again = compare(name, [expected], [shown]).unlisted
        unlisted = [pair for pair in unlisted if pair in again]
    assert not unlisted


# fmt: off
# Of the sets that grow with each kernel, those that have not grown for long.
SETTLED = [
    "mlockall", "msync", "newfstatat", "mount", "umount2", "flock", "signalfd4", "eventfd2",
    "inotify_init1", "inotify_add_watch", "getrandom", "accept4", "close_range", "shmat",
    "semget", "msgget", "msgrcv", "userfaultfd", "prlimit64", "clock_gettime", "kill", "lseek",
    "fadvise64", "rt_sigprocmask", "poll", "sigaltstack",
]
# fmt: on


def named(lines: list[str], names: list[str]) -> list[str]:
    """The lines of some calls."""
    return [line for line in lines if line.partition("(")[0] in names]


def test_every_flag_like_strace(program: Callable[..., str], tmp_path: Path) -> None:
    expected, shown = (named(lines, SETTLED) for lines in both(program("dec_flags"), tmp_path))
    assert shown == expected
    assert len(shown) > 300
    assert {line.partition("(")[0] for line in shown} == set(SETTLED)


# fmt: off
STEADY = [
    "execve", "execveat", "setuid", "setreuid", "setgroups", "getgroups", "prlimit64",
    "setrlimit", "prctl", "capget", "sched_setaffinity", "sched_getparam", "sched_setscheduler",
    "unshare", "setns", "futex", "set_tid_address", "get_robust_list", "rseq", "personality",
    "umask", "syscall_0x3e7",
]
# fmt: on


@pytest.mark.parametrize("bits", [64, 32])
def test_processes_like_strace(bits: int, program: Callable[..., str], tmp_path: Path) -> None:
    binary = program("dec_process", bits=bits)
    expected, shown = (named(lines, STEADY) for lines in both(binary, tmp_path))
    assert not compare("dec_process", [expected], [shown]).unlisted
    assert len(shown) > 45
