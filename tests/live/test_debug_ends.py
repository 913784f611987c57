"""Debuggers that are closed or not alone, and processes that die when nobody looks."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from seize import Tracer
from seize.debug import BreakpointHit, Debugger, ProcessExited, ProcessKilled
from seize.errors import TraceeGone, UsageError
from seize.memory import Memory
from tests.live.support import run_seize, running, wait_until

Builder = Callable[..., str]


def test_a_death_that_was_met_on_the_way_is_told(program: Builder) -> None:
    with Debugger() as debugger:
        process = debugger.spawn([program("called")])
        debugger.breakpoint("nothing")
        assert isinstance(debugger.run(), BreakpointHit)
        os.kill(process.pid, signal.SIGKILL)
        wait_until(lambda: _is_dead(process.pid))
        thread = process.thread
        with pytest.raises(TraceeGone):
            _ = thread.registers.rax
        told = debugger.run()
        assert isinstance(told, ProcessKilled)
        assert told.signal == signal.SIGKILL
        with pytest.raises(TraceeGone):
            _ = thread.registers
        assert debugger.run() is None


def _is_dead(pid: int) -> bool:
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(") ")[2][0] in "ZX"


@pytest.mark.parametrize("inserting", [True, False])
def test_an_exception_beside_a_write_leaves_the_program_as_it_was(
    program: Builder, monkeypatch: pytest.MonkeyPatch, inserting: bool
) -> None:
    """As a signal handler raises it: just after a breakpoint's insertion, just before its end."""
    write = Memory.write

    def struck(memory: Memory, address: int, data: bytes, *, force: bool = False) -> None:
        if force and (data == b"\xcc") == inserting:
            if inserting:
                write(memory, address, data, force=force)
            monkeypatch.setattr(Memory, "write", write)
            raise KeyboardInterrupt
        write(memory, address, data, force=force)

    main, before = 0, b""
    with running(program("ticker")) as process:
        with pytest.raises(KeyboardInterrupt), Debugger() as debugger:
            attached = debugger.attach(process.pid)
            place = attached.symbols.symbol("main")
            assert place is not None
            main = place.address
            before = _text(process.pid, main)
            monkeypatch.setattr(Memory, "write", struck)
            debugger.breakpoint(main).delete()
        assert _text(process.pid, main) == before
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(20) == 9


def _text(pid: int, address: int) -> bytes:
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        return os.pread(memory.fileno(), 16, address)


def test_a_closed_debugger_starts_nothing(program: Builder) -> None:
    with Debugger() as debugger:
        pass
    with pytest.raises(UsageError, match="the tracer is closed"):
        debugger.spawn([program("called")])
    with pytest.raises(UsageError, match="the tracer is closed"):
        debugger.attach(os.getpid())


def test_an_os_thread_has_one_tracer_with_tracees(program: Builder) -> None:
    binary = program("called")
    statuses = []

    def elsewhere() -> None:
        with Debugger() as third:
            third.spawn([binary])
            stop = third.run()
            assert isinstance(stop, ProcessExited)
            statuses.append(stop.status)

    with Debugger() as first, Debugger() as second:
        first.spawn([binary])
        with pytest.raises(UsageError, match="another tracer of this OS thread has tracees"):
            second.spawn([binary])
        with Tracer() as tracer, pytest.raises(UsageError, match="another tracer"):
            tracer.spawn([binary])
        worker = threading.Thread(target=elsewhere)
        worker.start()
        worker.join()
        stop = first.run()
        assert isinstance(stop, ProcessExited)
        statuses.append(stop.status)
        # Nothing is left of the first one's: it may be another's turn.
        second.spawn([binary])
        stop = second.run()
        assert isinstance(stop, ProcessExited)
        statuses.append(stop.status)
    assert len(set(statuses)) == 1
    assert len(statuses) == 3


KILL = (
    "!import os; os.kill(process.pid, 9); "
    'stat = lambda: open(f"/proc/{process.pid}/stat").read(); '
    'waited = [None for _ in iter(lambda: stat().rpartition(")")[2][1] in "ZX", True)]'
)


def test_a_program_that_was_killed_is_no_mistake_of_ours(program: Builder) -> None:
    script = ["break nothing", "run", KILL, "info threads", "backtrace", "x/2x $sp", "next"]
    words = [word for line in script for word in ("-ex", line)]
    done = run_seize("debug", "--batch", *words, program("called"), stderr=subprocess.STDOUT)
    assert "Internal error" not in done.stdout
    assert "(unwinding on thread" in done.stdout
    assert "No stack." in done.stdout
    assert "Program terminated with signal SIGKILL, Killed." in done.stdout


def test_what_a_core_file_has_not_is_said(program: Builder, tmp_path: Path) -> None:
    binary, core = program("called"), str(tmp_path / "core")
    script = ["-ex", "break nothing", "-ex", "run", "-ex", f"generate-core-file {core}"]
    assert run_seize("debug", "--batch", *script, binary).returncode == 0
    script = [
        "-ex",
        "info proc",
        "-ex",
        "info inferiors",
        "-ex",
        "generate-core-file",
        "-ex",
        "p add(1, 2)",
    ]
    done = run_seize("debug", "--batch", "-c", core, *script, stderr=subprocess.STDOUT)
    lines = done.stdout.splitlines()
    assert f"exe = '{binary}'" in lines
    assert lines[-3].split()[:5] == ["*", "1", "process", lines[-3].split()[3], "1"]
    assert lines[-2:] == ["This is a core file already.", "No function can be called here."]
