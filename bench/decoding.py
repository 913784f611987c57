"""What it costs to decode and to print a call: recorded calls, replayed without a tracee."""

from __future__ import annotations

import statistics
import time
from functools import partial

import seize
from bench.common import PYTHON, rounds, table
from seize.decode import Call, Decoder
from seize.decode.render.strace import StraceText
from seize.memory import Memory

KINDS = (
    "read",
    "close",
    "lseek",
    "fstat",
    "newfstatat",
    "openat",
    "mmap",
    "getdents64",
    "execve",
)
REPEAT = 2000
SCRIPT = "import os, json; os.listdir('/'); open('/proc/self/maps').read()"


class Replay:
    """The memory of one call: answers what was asked before."""

    def __init__(self, memory: Memory | None) -> None:
        self.memory = memory
        self.known: dict[tuple[int, int], bytes] = {}

    def read_prefix(self, address: int, size: int) -> bytes:
        key = (address, size)
        if self.memory is not None:
            self.known[key] = self.memory.read_prefix(address, size)
        return self.known[key]

    def read(self, address: int, size: int) -> bytes:
        data = self.read_prefix(address, size)
        if len(data) != size:
            raise seize.MemoryFault(address, size)
        return data


class Recorded:
    """One call, as the engine handed it to the decoder at its two stops."""

    def __init__(self, arch_name: str, number: int, args: tuple[int, ...], memory: Memory) -> None:
        self.arch_name = arch_name
        self.number = number
        self.args = args
        self.rval = 0
        self.is_error = False
        self.entry, self.exit = Replay(memory), Replay(memory)

    def replay(self, decoder: Decoder, text: StraceText) -> str:
        """Decode and print it."""
        call = decoder.enter(1, self.arch_name, self.number, self.args, self.entry)
        line = text.enter(call)
        decoder.exit(call, self.rval, self.is_error, self.exit)
        return line + text.exit(call) + " = " + text.result(call)


class Recorder:
    """A decoder that records the first successful call of each kind."""

    def __init__(self) -> None:
        self.decoder = Decoder()
        self.text = StraceText()
        self.pending: dict[int, Recorded] = {}
        self.found: dict[str, Recorded] = {}

    def enter(
        self, tid: int, arch_name: str, number: int, args: tuple[int, ...], memory: Memory
    ) -> Call:
        recorded = self.pending[tid] = Recorded(arch_name, number, args, memory)
        call = self.decoder.enter(tid, arch_name, number, args, recorded.entry)
        self.text.enter(call)
        recorded.entry.memory = None
        return call

    def exit(self, call: Call, rval: int, is_error: bool, memory: Memory) -> None:
        recorded = self.pending.pop(call.tid)
        recorded.rval, recorded.is_error = rval, is_error
        self.decoder.exit(call, rval, is_error, recorded.exit)
        self.text.exit(call)
        self.text.result(call)
        recorded.exit.memory = None
        if (not is_error and rval != 0) or call.name not in self.found:
            self.found[call.name] = recorded


def record() -> dict[str, Recorded]:
    """Trace a program once; return one call of each name."""
    recorder = Recorder()
    with seize.Tracer(decoder=recorder) as tracer:
        tracer.spawn([PYTHON, "-c", SCRIPT])
        for _ in tracer:
            pass
    return recorder.found


def repeat(recorded: Recorded) -> float:
    """Seconds for one decoding and printing, over many."""
    decoder, text = Decoder(), StraceText()
    recorded.replay(decoder, text)
    start = time.perf_counter()
    for _ in range(REPEAT):
        recorded.replay(decoder, text)
    return (time.perf_counter() - start) / REPEAT


def main() -> None:
    """Print the table."""
    found = record()
    subjects = {name: partial(repeat, found[name]) for name in KINDS if name in found}
    figures = rounds(subjects, least=5, most=9, seconds=15)
    rows = []
    for name, seconds in figures.items():
        line = found[name].replay(Decoder(), StraceText())
        example = line if len(line) <= 60 else line[:59] + "…"
        rows.append([example, f"{statistics.median(seconds) * 1e6:.2f}", str(len(seconds))])
    heads = ["call", "µs", "rounds"]
    table("Decoding and printing, without tracing", heads, rows, ["Medians."])
