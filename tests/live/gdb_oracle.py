"""A program stopped by gdb, seen by gdb and by us at once."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from seize import arch
from seize.memory import Mapping as Region
from seize.memory import Memory
from seize.symbols import ImageCache, Stack, Symbols

SCRIPT = Path(__file__).with_name("gdb_stops.py")


class LiveBackend:
    """A process that somebody else has stopped (`seize.stacks.backend.Backend`)."""

    def __init__(self, pid: int, machine: str = "x86_64") -> None:
        self.pid = pid
        self.machine = arch.by_name(machine)
        self.executable = os.readlink(f"/proc/{pid}/exe")
        self._memory = Memory(pid)

    def read(self, address: int, size: int) -> bytes:
        return self._memory.read(address, size)

    def read_prefix(self, address: int, size: int) -> bytes:
        return self._memory.read_prefix(address, size)

    def cstring(self, address: int, limit: int = 1 << 20) -> bytes:
        return self._memory.cstring(address, limit)

    def maps(self) -> tuple[Region, ...]:
        return self._memory.maps()

    def auxv(self) -> dict[int, int]:
        data, word = Path(f"/proc/{self.pid}/auxv").read_bytes(), self.machine.word_size
        words = [int.from_bytes(data[n : n + word], "little") for n in range(0, len(data), word)]
        return dict(zip(words[::2], words[1::2], strict=True))

    def thread_ids(self) -> tuple[int, ...]:
        return tuple(int(name) for name in os.listdir(f"/proc/{self.pid}/task"))

    def regset(self, tid: int, note_type: int) -> bytes:
        raise NotImplementedError("somebody else has stopped it")

    def open_image(self, mapping: Region) -> str | None:
        return self._memory.open_image(mapping)


class Stop:
    """One stop: what gdb says of it (``gdb``), and our view."""

    def __init__(self, gdb: dict[str, Any], cache: ImageCache) -> None:
        self.gdb = gdb
        machine = "x86_64" if "rip" in gdb["registers"] else "i386"
        self.symbols = Symbols(LiveBackend(gdb["pid"], machine), cache)
        vectors = [bytes.fromhex(text)[::-1] for text in gdb["vectors"]]
        self.stack: Stack = self.symbols.stack(gdb["registers"], vectors.__getitem__)


class Oracle:
    """A gdb that runs a program from breakpoint to breakpoint."""

    def __init__(self, out: int, into: int, cache: ImageCache) -> None:
        self._out, self._into = os.fdopen(out), os.fdopen(into, "w")
        self._cache = cache
        self.places: dict[str, list[int]] = json.loads(self._out.readline())["places"]
        """Where gdb puts breakpoints in the program, before it runs: addresses in the file."""

    def go_on(self) -> None:
        self._into.write("\n")
        self._into.flush()

    def stops(self) -> Iterator[Stop]:
        self.go_on()
        for line in self._out:
            found = json.loads(line)
            if "end" in found:
                return
            yield Stop(found, self._cache)
            self.go_on()

    def close(self) -> None:
        self._out.close()
        self._into.close()


@contextmanager
def gdb_at(
    binary: str,
    breakpoints: Sequence[str],
    expressions: Mapping[str, Sequence[str]],
    places: Sequence[str] = (),
) -> Iterator[Oracle]:
    """Run a program under gdb to breakpoints, and print expressions in functions by name.

    ``places`` are where gdb is to say where breakpoints go.
    """
    ours, theirs = os.pipe()
    theirs_in, ours_out = os.pipe()
    wanted = {
        "breakpoints": list(breakpoints),
        "expressions": dict(expressions),
        "places": list(places),
    }
    environment = {
        **os.environ,
        "SEIZE_STOPS": json.dumps(wanted),
        "SEIZE_OUT": str(theirs),
        "SEIZE_IN": str(theirs_in),
        "LC_ALL": "C.UTF-8",
    }
    command = ["gdb", "-nx", "-batch", "-iex", "set auto-load no", "-x", str(SCRIPT), binary]
    process = subprocess.Popen(
        command,
        env=environment,
        pass_fds=(theirs, theirs_in),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    os.close(theirs_in)
    cache = ImageCache()
    oracle = Oracle(ours, ours_out, cache)
    try:
        yield oracle
    finally:
        oracle.close()
        process.kill()
        process.wait()
        cache.close()


def lines_of(values: Sequence[tuple[str, str]], none: str) -> list[str]:
    """Variables as ``info locals`` lists them, in the order of their names."""
    return sorted(f"{name} = {text}" for name, text in values) or [none]
