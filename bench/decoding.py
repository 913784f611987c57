"""What it costs to decode and to print a call: recorded calls, replayed without a tracee."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from json import JSONEncoder

import seize
from bench.common import PYTHON, rounds, table
from seize.decode import Call, Decoder
from seize.decode.render.json import JsonValues
from seize.decode.render.strace import StraceText
from seize.memory import Memory
from seize.strace.descriptors import Descriptors

SIMPLE = ("read", "close", "lseek", "fstat", "newfstatat", "mmap")
RICH = (
    *("openat", "openat -y", "rt_sigaction", "poll", "ioctl", "getdents64", "execve"),
    *("recvmsg", "sendto"),
)
SIMPLE_GOAL, RICH_GOAL = 15, 30
"""Microseconds that a call may take."""

ENDING = ("read", "getdents64")
"""Their last results are 0, which is less to print."""

REPEAT = 2000
ROUTE = 60
"""The descriptor of the program's netlink socket."""

SCRIPT = f"""
import array, fcntl, os, select, signal, socket, struct, termios
os.listdir("/")
open("/proc/self/maps").read()
os.fstat(0)
ours, theirs = socket.socketpair()
socket.send_fds(ours, [b"two descriptors"], [0, 1])
poll = select.poll()
poll.register(theirs, select.POLLIN | select.POLLPRI)
poll.register(ours, select.POLLOUT)
poll.poll(0)
socket.recv_fds(theirs, 100, 2)
route = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
os.dup2(route.fileno(), {ROUTE})
request = struct.pack("IHHIIBxHiII", 32, 18, 0x301, 1, 0, 0, 0, 0, 0, 0)
socket.socket(fileno={ROUTE}).sendto(request, (0, 0))
termios.tcgetattr(os.openpty()[1])
signal.signal(signal.SIGUSR1, print)
"""


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

    def text(self, decoder: Decoder, text: StraceText) -> str:
        """Decode and print it."""
        call = decoder.enter(PID, self.arch_name, self.number, self.args, self.entry)
        line = text.enter(call)
        decoder.exit(call, self.rval, self.is_error, self.exit)
        return line + text.exit(call) + " = " + text.result(call)

    def json(self, decoder: Decoder, values: JsonValues) -> str:
        """Decode it and write its JSON."""
        call = decoder.enter(PID, self.arch_name, self.number, self.args, self.entry)
        decoder.exit(call, self.rval, self.is_error, self.exit)
        return encode(values.call(call))


PID = os.getpid()
encode = JSONEncoder(separators=(",", ":"), check_circular=False).encode


class Recorder:
    """A decoder that records a call of each name: the last that succeeded, with some result."""

    def __init__(self) -> None:
        self.decoder = decoder_for("")
        self.text = StraceText()
        self.values = JsonValues()
        self.pending: dict[int, Recorded] = {}
        self.found: dict[str, tuple[bool, Recorded]] = {}

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
        recorded.exit.memory = None
        merit = not is_error and (rval != 0 or call.name not in ENDING)
        if call.name not in self.found or merit >= self.found[call.name][0]:
            self.found[call.name] = (merit, recorded)


def decoder_for(option: str) -> Decoder:
    """A decoder as ``seize trace`` makes it, without an option or with ``-y``."""
    paths = Descriptors(frozenset(("path",))).path if option == "-y" else None
    return Decoder(
        fd_paths=paths,
        netlink_protocol=lambda tid, fd: "ROUTE" if fd == ROUTE else None,
        netlink_family=lambda number: None,
    )


def record() -> dict[str, Recorded]:
    """Trace a program once; return one call of each name."""
    recorder = Recorder()
    with seize.Tracer(decoder=recorder) as tracer:
        tracer.spawn([PYTHON, "-c", SCRIPT])
        for _ in tracer:
            pass
    return {name: recorded for name, (_, recorded) in recorder.found.items()}


def repeat(replay: Callable[[], str]) -> float:
    """CPU seconds for one replay, over many."""
    replay()
    start = time.process_time()
    for _ in range(REPEAT):
        replay()
    return (time.process_time() - start) / REPEAT


def subjects(found: dict[str, Recorded]) -> dict[str, Callable[[], str]]:
    """What is measured, by ``CALL [OPTION]`` and ``json CALL [OPTION]``."""
    made: dict[str, Callable[[], str]] = {}
    for name in (*SIMPLE, *RICH):
        word, _, option = name.partition(" ")
        if word in found:
            made[name] = partial(found[word].text, decoder_for(option), StraceText())
            made[f"json {name}"] = partial(found[word].json, decoder_for(option), JsonValues())
    return made


def main() -> None:
    """Print the table."""
    replays = subjects(record())
    measures = {name: partial(repeat, replay) for name, replay in replays.items()}
    figures = rounds(measures, least=5, most=9, seconds=20)
    rows = []
    for name in (*SIMPLE, *RICH):
        if name not in figures:
            continue
        line = replays[name]()
        example = line if len(line) <= 60 else line[:59] + "…"
        text, json = [statistics.median(figures[key]) * 1e6 for key in (name, f"json {name}")]
        goal = SIMPLE_GOAL if name in SIMPLE else RICH_GOAL
        rows.append([example, f"{text:.2f}", str(goal), f"{json:.2f}", str(len(figures[name]))])
    heads = ["call", "text, µs", "goal", "JSON, µs", "rounds"]
    notes = [
        "Medians of CPU time.  The goal is for decoding and printing as text.  With -y the",
        "descriptors are looked up, those of this process in the place of the tracee's.",
    ]
    table("Decoding and printing, without tracing", heads, rows, notes)
