"""Symbols: what the first stack of a large program with debugging information costs, beside gdb."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
from pathlib import Path

from bench.common import PYTHON, compile_c, cpu, one_cpu, ratio, rounds, table, wall

OURS, THEIRS = "seize", "gdb"
_BACKTRACE = str(Path(__file__).with_name("debugging") / "backtrace.py")
_SLEEP = "import time, sys; print(flush=True); list(map(time.sleep, [600]))"


def _commands(pid: int) -> dict[str, list[str]]:
    stack = ["-iex", "set auto-load no", "-p", str(pid), "-ex", "bt"]
    return {OURS: [PYTHON, _BACKTRACE, str(pid)], THEIRS: ["/usr/bin/gdb", "-nx", "-batch", *stack]}


def _measure(command: list[str]) -> list[list[str]]:
    """Let a program begin and wait, and look at its stack; return the rows of a table."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as process:  # type: ignore[call-overload]
        process.stdout.readline()
        commands = _commands(process.pid)
        subjects = {name: lambda name=name: wall(commands[name]) for name in commands}
        busy = {name: cpu(commands[name]) for name in commands}
        with one_cpu():
            figures = rounds(subjects, least=5, most=11, seconds=60)
        process.kill()
    return [
        [
            name,
            f"{statistics.median(seconds) * 1000:.0f}",
            f"{busy[name] * 1000:.0f}",
            f"{ratio(figures, name, THEIRS):.2f}",
            str(len(seconds)),
        ]
        for name, seconds in figures.items()
    ]


def main() -> None:
    """Print the tables."""
    heads = ["debugger", "ms", "CPU ms", "beside gdb", "rounds"]
    notes = ["A process of its own: its start, attaching, symbols, the stack with arguments."]
    has_lines = b".debug_info" in _libpython().read_bytes()
    kind = "with" if has_lines else "without"
    title = f"First stack of Python, {kind} debugging information"
    table(title, heads, _measure([PYTHON, "-c", _SLEEP]), notes)
    with tempfile.TemporaryDirectory() as folder:
        program = compile_c("waits", folder)
        table("First stack of a small C program", heads, _measure([program]), notes)


def _libpython() -> Path:
    """The file that the interpreter's code is in."""
    maps = Path(f"/proc/{os.getpid()}/maps").read_text()
    paths = {line.split(maxsplit=5)[5] for line in maps.splitlines() if " r-xp " in line}
    named = [path for path in paths if "libpython" in path]
    return Path(named[0] if named else os.path.realpath("/proc/self/exe"))
