"""What the benchmarks share: interleaved rounds, medians, one CPU, and tables."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

SEIZE = str(Path(sysconfig.get_path("scripts")) / "seize")
STRACE = shutil.which("strace") or "strace"
PYTHON = sys.executable


def rounds(
    subjects: Mapping[str, Callable[[], float]], *, least: int, most: int, seconds: float
) -> dict[str, list[float]]:
    """Call the subjects in turn, A B C A B C …; return the figures of each, round by round.

    One round before is not counted.  No round begins after ``seconds``, once there are
    ``least`` of them.
    """
    for measure in subjects.values():
        measure()
    figures: dict[str, list[float]] = {name: [] for name in subjects}
    end = time.monotonic() + seconds
    for number in range(most):
        if number >= least and time.monotonic() > end:
            break
        for name, measure in subjects.items():
            figures[name].append(measure())
    return figures


def ratio(figures: dict[str, list[float]], over: str, under: str) -> float:
    """The median of ``over``/``under``, taken within each round."""
    pairs = zip(figures[over], figures[under], strict=True)
    return statistics.median(a / b for a, b in pairs)


def wall(command: list[str]) -> float:
    """Seconds that a command takes, with its output thrown away."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def cpu(command: list[str]) -> float:
    """CPU seconds, user and system, of a command and its children."""
    null = os.open(os.devnull, os.O_RDWR)
    actions = [(os.POSIX_SPAWN_DUP2, null, fd) for fd in (0, 1, 2)]
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
    os.close(null)
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise RuntimeError(f"{command} ended with wait status {status:#x}")
    return usage.ru_utime + usage.ru_stime


@contextmanager
def one_cpu(wanted: bool = True) -> Iterator[None]:
    """Bind this process, and what it starts, to its last CPU."""
    before = os.sched_getaffinity(0)
    if wanted:
        os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def compile_c(source: str, folder: str) -> str:
    """Compile ``bench/SOURCE.c``; return the binary's path."""
    target = str(Path(folder) / source)
    text = str(Path(__file__).with_name(f"{source}.c"))
    subprocess.run(
        ["gcc", "-O2", "-g", "-Wall", "-pthread", "-no-pie", "-o", target, text], check=True
    )
    return target


def table(title: str, heads: list[str], rows: list[list[str]], notes: list[str]) -> None:
    """Print a table: the first column to the left, the others to the right."""
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    print(f"\n{title}\n")
    for row in [heads, ["-" * width for width in widths], *rows]:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        print("  " + "  ".join(cells))
    for note in notes:
        print(f"  {note}")
    sys.stdout.flush()
