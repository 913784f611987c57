"""What it costs to start: ``true`` under seize and strace, beside a bare interpreter."""

from __future__ import annotations

import shutil
import statistics
from functools import partial

from bench.common import PYTHON, SEIZE, STRACE, cpu, ratio, rounds, table, wall

TRUE = shutil.which("true") or "/bin/true"
GOAL = "< 100"


def main() -> None:
    """Print the table."""
    commands = {
        "seize trace true": [SEIZE, "trace", "-o", "/dev/null", TRUE],
        "strace true": [STRACE, "-o", "/dev/null", TRUE],
        "python -c pass": [PYTHON, "-c", "pass"],
    }
    by_cpu = {name: partial(cpu, command) for name, command in commands.items()}
    by_wall = {name: partial(wall, command) for name, command in commands.items()}
    spent = rounds(by_cpu, least=10, most=20, seconds=10)
    passed = rounds(by_wall, least=10, most=20, seconds=10)
    rows = []
    for name in commands:
        row = [name, f"{statistics.median(spent[name]) * 1e3:.1f}"]
        row += [GOAL if name.startswith("seize") else ""]
        row += [f"{statistics.median(passed[name]) * 1e3:.1f}"]
        row += [f"{ratio(spent, name, 'python -c pass'):.2f}", str(len(spent[name]))]
        rows.append(row)
    heads = ["command", "CPU ms", "goal", "wall ms", "CPU beside python", "rounds"]
    table("Start-up", heads, rows, ["CPU: user and system, children included.  Medians."])
