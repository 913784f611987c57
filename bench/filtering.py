"""What tracing one system call costs the others: in-kernel filtering, seize and strace."""

from __future__ import annotations

import statistics
import tempfile

from bench.common import SEIZE, STRACE, compile_c, ratio, rounds, table, wall

CALLS = 40_000
"""The calls that the figures are for."""
TIMES = 20
"""More of the cheap calls are made, lest the start of a process hide them."""
OPENS = 20_000
GOAL = 1.2
OURS, THEIRS = "seize trace", "strace --seccomp-bpf"


def _traced(command: list[str]) -> dict[str, list[str]]:
    chosen = ["-f", "-e", "trace=openat", "-o", "/dev/null"]
    return {
        OURS: [SEIZE, "trace", *chosen, *command],
        THEIRS: [STRACE, "--seccomp-bpf", *chosen, *command],
    }


def _unwanted(calls: int) -> list[str]:
    """A program that makes so many calls, nearly: a read and a write for each block."""
    return ["dd", "bs=1", f"count={calls // 2}", "if=/dev/zero", "of=/dev/null"]


def measure(short: list[str], long: list[str], scale: int) -> list[list[str]]:
    """Measure what the long command takes beyond the short one; return the rows of a table."""
    beginnings = {**_traced(short), "untraced": short}
    commands = {**_traced(long), "untraced": long}

    def beyond(name: str) -> float:
        return max(wall(commands[name]) - wall(beginnings[name]), 1e-6) / scale

    subjects = {name: lambda name=name: beyond(name) for name in commands}
    figures = rounds(subjects, least=5, most=11, seconds=40)
    return [
        [
            name,
            f"{statistics.median(seconds) * 1000:.1f}",
            f"{ratio(figures, name, THEIRS):.2f}",
            str(len(seconds)),
        ]
        for name, seconds in figures.items()
    ]


def main() -> None:
    """Print the tables."""
    heads = ["tracer", "ms", "beside strace", "rounds"]
    rows = measure(_unwanted(0), _unwanted(CALLS * TIMES), TIMES)
    notes = [
        f"-f -e trace=openat over dd: {CALLS:,} calls, none of them traced (goal: <= {GOAL}).",
        "Start-up apart: the same command without its calls is taken off, round by round.",
    ]
    table("System calls that the kernel filters", heads, rows, notes)
    with tempfile.TemporaryDirectory() as folder:
        opens = compile_c("opens", folder)
        rows = measure([opens, "0"], [opens, str(OPENS)], 1)
    notes = [f"The same over a program that makes {OPENS:,} calls of openat, and as many of close."]
    table("System calls that are traced all the same", heads, rows, notes)
