"""What one traced system call costs: seize, strace, a bare C tracer, and no tracer."""

from __future__ import annotations

import statistics
import tempfile
from functools import partial

from bench.common import SEIZE, STRACE, compile_c, one_cpu, ratio, rounds, table, wall

CALLS = 40_000
"""System calls of the program, nearly: a read and a write for each block."""
PROGRAM = ["dd", "bs=1", f"count={CALLS // 2}", "if=/dev/zero", "of=/dev/null"]
GOALS = {"default": 0.6, "one CPU": 2.2}


def measure(placement: str, bare: str) -> list[list[str]]:
    """Measure all tracers in one placement; return the rows of the table."""
    commands = {
        "seize trace": [SEIZE, "trace", "-o", "/dev/null", *PROGRAM],
        "strace": [STRACE, "-o", "/dev/null", *PROGRAM],
        "bare C loop": [bare, *PROGRAM],
        "untraced": PROGRAM,
    }
    subjects = {name: partial(wall, command) for name, command in commands.items()}
    with one_cpu(placement == "one CPU"):
        figures = rounds(subjects, least=3, most=7, seconds=45)
    rows = []
    for name, seconds in figures.items():
        median = statistics.median(seconds) / CALLS * 1e6
        beside = f"{ratio(figures, name, 'strace'):.2f}"
        goal = f"<= {GOALS[placement]}" if name == "seize trace" else ""
        rows.append([f"{placement}: {name}", f"{median:.2f}", beside, goal, str(len(seconds))])
    return rows


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        bare = compile_c("bare_tracer", folder)
        rows = [row for placement in GOALS for row in measure(placement, bare)]
    heads = ["placement: tracer", "µs a call", "beside strace", "goal", "rounds"]
    notes = [
        f"{' '.join(PROGRAM)}: {CALLS:,} calls, two stops each; wall time, start-up included.",
        "default: the scheduler (or the tracer) places them; one CPU: all bound to the same.",
        "Medians; the ratio is taken within each round.",
    ]
    table("A system call under trace", heads, rows, notes)
