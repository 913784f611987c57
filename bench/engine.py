"""What one stop costs in the engine alone: a Tracer whose decoder does nothing."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial

import seize
from bench.common import compile_c, one_cpu, ratio, rounds, table, wall
from bench.system_calls import CALLS, PROGRAM
from seize.decode import Call, Decoder
from seize.engine.launch import DEVNULL
from seize.memory import Memory

STOPS = 2 * CALLS


class NullDecoder:
    """Gives every stop the same call, and looks at nothing."""

    def __init__(self) -> None:
        self.call = Call.__new__(Call)
        self.call.name = ""

    def enter(
        self, tid: int, arch_name: str, number: int, args: tuple[int, ...], memory: Memory
    ) -> Call:
        call = self.call
        call.raw = args
        return call

    def exit(self, call: Call, rval: int, is_error: bool, memory: Memory) -> None:
        pass


def loop(decoder: NullDecoder | Decoder, placement: str) -> float:
    """Seconds that the event loop takes for the program, from its first stop to its end."""
    with seize.Tracer(decoder=decoder, placement=placement) as tracer:
        tracer.spawn(PROGRAM, stdout=DEVNULL, stderr=DEVNULL)
        start = time.perf_counter()
        for _ in tracer:
            pass
        return time.perf_counter() - start


def measure(where: str, bare: str) -> list[list[str]]:
    """Measure in one placement; return the rows of the table."""
    subjects: dict[str, Callable[[], float]] = {
        "engine, nothing decoded": lambda: loop(NullDecoder(), "auto"),
        "engine, decoded, not printed": lambda: loop(Decoder(), "auto"),
        "bare C loop": partial(wall, [bare, *PROGRAM]),
    }
    if where == "default":
        subjects["engine, nothing decoded, placement off"] = lambda: loop(NullDecoder(), "off")
    with one_cpu(where == "one CPU"):
        figures = rounds(subjects, least=3, most=5, seconds=20)
    return [
        [
            f"{where}: {name}",
            f"{statistics.median(seconds) / STOPS * 1e6:.2f}",
            f"{ratio(figures, name, 'bare C loop'):.2f}",
            str(len(seconds)),
        ]
        for name, seconds in figures.items()
    ]


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        bare = compile_c("bare_tracer", folder)
        rows = measure("default", bare) + measure("one CPU", bare)
    heads = ["placement: tracer", "µs a stop", "beside bare C", "rounds"]
    notes = [f"{' '.join(PROGRAM)}: {STOPS:,} stops.  Medians; ratios within each round."]
    table("A stop in the engine", heads, rows, notes)
