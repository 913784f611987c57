"""After a detach at any moment the program is as it would have been, and goes on like that.

SEIZE_DETACHES=1000 does it so often (each way); CI does it less.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from seize import ptrace
from seize.debug import Breakpoint, Debugger, Thread
from tests.live.support import state, tracer_of
from tests.live.test_exact_counts import KINDS, Told, address

Program = Callable[..., str]
Start = Callable[..., subprocess.Popen[bytes]]
SYSCALL, UINT64 = b"\x0f\x05", (1 << 64) - 1
ROUNDS = int(os.environ.get("SEIZE_DETACHES", "0"))
# What its threads block by themselves: nothing; all, while the C library makes or ends one; and
# all that the C library leaves alone.
BLOCKED_BY_ITSELF = {0, 0xFFFF_FFFF_FFFB_FEFF, 0xFFFF_FFFE_7FFB_FEFF}


def blocked_strangely(pid: int) -> list[int]:
    """The signal masks of threads that the program doesn't set."""
    found = []
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            text = Path(f"/proc/{pid}/task/{task}/status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        found.append(int(text.split("SigBlk:\t")[1].split()[0], 16))
    return [mask for mask in found if mask not in BLOCKED_BY_ITSELF]


def never(_: Thread, __: Breakpoint) -> bool:
    return False


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts the program; what still runs is ended."""
    started: list[subprocess.Popen[bytes]] = []

    def start(path: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [path, *arguments]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def finish(process: subprocess.Popen[bytes]) -> tuple[Told, list[bytes]]:
    """Let it end; return its counts, and its text's checksum with its foreign mappings."""
    words = process.communicate(b"x", timeout=30)[0].split()
    assert process.returncode == 0
    return Told(*map(int, words[:6])), words[6:]


@pytest.mark.parametrize(
    ("bits", "how", "kinds", "out_of_line", "rounds"),
    [
        (64, "", KINDS, True, 12),
        (64, "signals", KINDS, True, 12),
        (32, "signals", KINDS, True, 8),
        (64, "signals", ("push", "system_call", "return"), False, 4),
        (64, "churn", ("move", "call_memory", "repeat"), True, 4),
    ],
)
def test_a_detach_at_any_moment_leaves_nothing(
    program: Program,
    start: Start,
    bits: int,
    how: str,
    kinds: tuple[str, ...],
    out_of_line: bool,
    rounds: int,
) -> None:
    path = program("exact_counts", bits=bits, flags=("-no-pie",))
    arguments = ["3", "16", "until-told", *how.split()]
    process = start(path, *arguments)
    _, untouched = finish(process)
    source = random.Random(bits + rounds)
    for _ in range(ROUNDS or rounds):
        process = start(path, *arguments)
        with Debugger(out_of_line=out_of_line) as debugger:
            for name in ("SIGTRAP", "SIGUSR1"):
                debugger.signals.set(name, stop=False, passed=True)
            attached = debugger.attach(process.pid)
            for kind in kinds:
                debugger.breakpoint(address(attached, kind), callback=never)
            assert debugger.run(timeout=source.uniform(0, 0.02)) is None
            attached.detach()
            assert tracer_of(process.pid) == 0
        assert state(process.pid) not in ("t", "T", "Z")
        assert blocked_strangely(process.pid) == []
        told, seen = finish(process)
        assert (told.wrong, told.strange) == (0, 0)
        assert told.calls == told.executed == told.traps >= 48
        assert seen == untouched


@pytest.mark.parametrize("non_stop", [False, True])
def test_a_detach_after_steps_and_a_stop_leaves_nothing(
    program: Program, start: Start, non_stop: bool
) -> None:
    path = program("exact_counts", flags=("-no-pie",))
    source = random.Random(non_stop)
    for _ in range(ROUNDS or 8):
        process = start(path, "3", "16", "until-told", "signals")
        with Debugger(non_stop=non_stop) as debugger:
            for name in ("SIGTRAP", "SIGUSR1", "SIGSTOP", "SIGCONT"):
                debugger.signals.set(name, stop=False, passed=True)
            attached = debugger.attach(process.pid)
            for kind in KINDS:
                debugger.breakpoint(address(attached, kind), callback=never)
            for _ in range(source.randrange(1, 4)):
                able = [thread for thread in debugger.threads if may_step(thread)]
                if non_stop:
                    able = [thread for thread in able if not may_block(thread)]
                if able:
                    source.choice(able).step_instruction()
                if source.random() < 0.5:
                    # (Popen's send_signal would wait for it, and take a stop away from us.)
                    os.kill(process.pid, signal.SIGSTOP)
                assert debugger.run(timeout=source.uniform(0, 0.01)) is None
            attached.detach()
        os.kill(process.pid, signal.SIGCONT)
        told, _ = finish(process)
        assert (told.wrong, told.strange) == (0, 0)
        assert told.calls == told.executed == told.traps >= 48


def may_block(thread: Thread) -> bool:
    """Whether it is in or before a system call, which may wait for a thread that stands still."""
    registers = thread.registers
    return registers["orig_rax"] != UINT64 or thread.process.memory.read(thread.pc, 2) == SYSCALL


def may_step(thread: Thread) -> bool:
    """Whether a step does no harm: where SIGTRAP is blocked, the kernel resets its handler."""
    return thread.stopped and signal.SIGTRAP not in thread.tracee.ask(ptrace.getsigmask)
