"""Debuggers side by side: breakpoints whose condition is false, single steps, attaching."""

from __future__ import annotations

import importlib.util
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.common import PYTHON, compile_c, one_cpu, ratio, rounds, table, wall

HITS = 5_000
STEPS = 3_000
THREADS = 200
GOALS = {"gdb": 5.0, "libdebug": 2.5}
SEIZE, GDB, LIBDEBUG = "seize", "gdb", "libdebug"
_FOLDER = Path(__file__).with_name("debugging")
_GDB = ["gdb", "-nx", "-batch", "-ex", "set confirm off", "-ex", "set pagination off"]


def _libraries() -> dict[str, list[str]]:
    """The debuggers that are Python libraries, each with the command of its script."""
    found = {SEIZE: [PYTHON, str(_FOLDER / "with_seize.py")]}
    if importlib.util.find_spec("libdebug") is not None:
        found[LIBDEBUG] = [PYTHON, str(_FOLDER / "with_libdebug.py")]
    return found


def _gdb(program: str, number: int, *commands: str) -> list[str]:
    wanted = [word for command in commands for word in ("-ex", command)]
    return [*_GDB, *wanted, "--args", program, str(number)]


def _address(program: str) -> str:
    """Where the measured function begins: the same instruction for everybody."""
    listing = subprocess.run(["nm", program], check=True, capture_output=True, text=True).stdout
    return next(line.split()[0] for line in listing.splitlines() if line.endswith(" T work"))


def hits(program: str) -> dict[str, Callable[[int], list[str]]]:
    """The commands for so many hits of a breakpoint whose condition is false."""
    at = _address(program)

    def by_gdb(number: int) -> list[str]:
        return _gdb(program, number, f"break *0x{at} if $rdi == -1", "run")

    made: dict[str, Callable[[int], list[str]]] = {GDB: by_gdb}
    for name, command in _libraries().items():
        made[name] = lambda n, command=command: [*command, "hits", program, str(n), at]  # type: ignore[misc]
    return made


def steps(program: str) -> dict[str, Callable[[int], list[str]]]:
    """The commands for so many single steps."""
    at = _address(program)

    def by_gdb(number: int) -> list[str]:
        return _gdb(
            program,
            number,
            f"tbreak *0x{at}",
            "run",
            f"python [gdb.execute('stepi', to_string=True) for _ in range({number})]",
            "kill",
        )

    made: dict[str, Callable[[int], list[str]]] = {GDB: by_gdb}
    for name, command in _libraries().items():
        made[name] = lambda n, command=command: [*command, "steps", program, str(n), at]  # type: ignore[misc]
    return made


def _beyond(
    commands: dict[str, Callable[[int], list[str]]], number: int, few: int
) -> list[list[str]]:
    """Measure what ``number`` takes beyond ``few``; return the rows of a table, µs each."""

    def measured(make: Callable[[int], list[str]]) -> float:
        return max(wall(make(number)) - wall(make(few)), 1e-6) / (number - few)

    subjects = {name: lambda make=make: measured(make) for name, make in commands.items()}
    with one_cpu():
        figures = rounds(subjects, least=3, most=9, seconds=40)
    return [
        [name, f"{statistics.median(all_) * 1e6:.1f}", f"{ratio(figures, name, SEIZE):.2f}"]
        for name, all_ in figures.items()
    ]


@contextmanager
def _waiting(program: str) -> Iterator[int]:
    """A process of many threads that wait; its pid."""
    command = [program, "0", str(THREADS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            yield process.pid
        finally:
            process.kill()


def _attaching(program: str) -> list[list[str]]:
    """Measure attaching and detaching, start of the debugger included; return rows, seconds."""
    with _waiting(program) as pid:
        commands = {GDB: [*_GDB, "-p", str(pid), "-ex", "detach"]}
        for name, command in _libraries().items():
            commands[name] = [*command, "attach", str(pid)]
        subjects = {name: lambda c=command: wall(c) for name, command in commands.items()}
        figures = rounds(subjects, least=3, most=7, seconds=30)
    return [
        [name, f"{statistics.median(all_):.3f}", f"{ratio(figures, name, SEIZE):.2f}"]
        for name, all_ in figures.items()
    ]


def main() -> None:
    """Print the tables."""
    goals = ", ".join(f"{factor} times {name}'s" for name, factor in GOALS.items())
    with tempfile.TemporaryDirectory() as folder:
        program = compile_c("calls", folder)
        heads = ["debugger", "us a hit", "times seize's"]
        notes = [
            f"{HITS:,} hits, everybody on one CPU (goal: {goals} hits a second, at least).",
            "seize: a Python function; gdb: its own condition; libdebug: a callback.",
        ]
        table(
            "A breakpoint whose condition is false", heads, _beyond(hits(program), HITS, 10), notes
        )
        heads = ["debugger", "us a step", "times seize's"]
        notes = [f"{STEPS:,} steps, one call each, everybody on one CPU."]
        table("Single steps", heads, _beyond(steps(program), STEPS, 10), notes)
        heads = ["debugger", "s", "times seize's"]
        notes = [f"Attach to {THREADS} threads and detach, start of the debugger included."]
        table("Attaching", heads, _attaching(program), notes)
