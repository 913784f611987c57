"""Calls that are tampered with: every change, on both ABIs, by both ways to make it."""

from __future__ import annotations

import errno
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from seize import EventStop, Killed, SignalDelivery, SyscallEnter, SyscallExit, Tracer
from seize.abi.names import syscall_number
from seize.engine.launch import DEVNULL
from seize.errors import SeizeError
from seize.tampering import Change, Fired, Rule, Tampering, rule

BITS = pytest.mark.parametrize("bits", [64, 32])
METHODS = pytest.mark.parametrize("method", ["syscall_info", "registers"])
Builder = Callable[..., str]


class Run:
    """What came of a command that ran under tampering."""

    def __init__(self, argv: list[str], *rules: Rule, **options: Any) -> None:
        self.tampering = Tampering(rules, **options)
        self.calls: list[str] = []
        self.seen: list[str | int] = []
        reader, writer = os.pipe()
        with Tracer(tampering=self.tampering) as tracer:
            process = tracer.spawn(argv, stdout=writer)
            os.close(writer)
            for stop in tracer:
                self._note(stop)
            self.status = process.returncode
        with open(reader, "rb") as file:
            self.output = file.read().decode().splitlines()

    def _note(self, stop: object) -> None:
        match stop:
            case SyscallExit(call=call) if call.tampered is not None:
                self.calls.append(str(call))
            case SignalDelivery(siginfo=info) if info.code == 0x80:
                self.seen.append(info.signo)
            case Killed(signal=signal):
                self.seen.append(f"killed {signal}")

    @property
    def fired(self) -> list[Fired]:
        return self.tampering.fired


@BITS
@METHODS
def test_error_replaces_the_call(program: Builder, bits: int, method: str) -> None:
    made = rule("chdir", error="EIO", when="2+")
    run = Run([program("tampered", bits=bits), "chdir", "3"], made, method=method)
    assert run.output == ["main -1 ENOENT", "main -1 EIO", "main -1 EIO"]
    assert run.calls == ['chdir("/nowhere") = -1 EIO (Input/output error) (INJECTED)'] * 2
    assert [(each.ordinal, each.call, each.done) for each in run.fired] == [
        (2, "chdir", "EIO"),
        (3, "chdir", "EIO"),
    ]
    assert run.fired[0].text == 'chdir("/nowhere")'
    assert run.fired[0].rule is made


@BITS
@METHODS
def test_retval_replaces_the_call(program: Builder, bits: int, method: str) -> None:
    command = [program("tampered", bits=bits), "chdir", "3"]
    run = Run(command, rule("chdir", retval=7, when="1+2"), method=method)
    assert run.output == ["main 7", "main -1 ENOENT", "main 7"]
    assert run.calls == ['chdir("/nowhere") = 7 (INJECTED)'] * 2
    run = Run(command, rule("chdir", retval=-13, when="2..2"), method=method)
    assert run.output == ["main -1 ENOENT", "main -1 EACCES", "main -1 ENOENT"]
    run = Run(command, rule("chdir", skip=True), method=method)
    assert run.output == ["main 0"] * 3


@BITS
@METHODS
def test_the_call_may_run_all_the_same(program: Builder, bits: int, method: str) -> None:
    made = rule("close", error="EIO", run=True, fd=50)
    command = [program("tampered", bits=bits), "close"]
    assert Run(command, made, method=method).output == ["close -1 EIO", "again -1 EIO", "open 0"]
    made = rule("close", error="EIO", fd=50)
    assert Run(command, made, method=method).output == ["close -1 EIO", "again -1 EIO", "open 1"]


@BITS
@METHODS
def test_another_call_in_its_place(program: Builder, bits: int, method: str) -> None:
    command = [program("tampered", bits=bits), "chdir", "2"]
    made = rule("chdir", syscall="getppid", when=1)
    run = Run(command, made, method=method)
    assert run.output == [f"main {os.getpid()}", "main -1 ENOENT"]
    assert run.fired[0].done == "getppid instead"
    made = rule("chdir", syscall="getppid", error="EBUSY", when=1)
    assert Run(command, made, method=method).output == ["main -1 EBUSY", "main -1 ENOENT"]


@BITS
def test_signal_at_the_entry(program: Builder, bits: int) -> None:
    command = [program("tampered", bits=bits), "chdir", "2"]
    run = Run(command, rule("chdir", signal="SIGUSR2", when=2))
    assert run.output == ["main -1 ENOENT"]
    assert run.seen == [signal.SIGUSR2, f"killed {signal.SIGUSR2.value}"]
    assert run.status == -signal.SIGUSR2
    run = Run(command, rule("chdir", signal="winch", error="EIO", when=2))
    assert run.output == ["main -1 ENOENT", "main -1 EIO"]
    assert run.seen == [signal.SIGWINCH]


@BITS
@METHODS
def test_a_call_that_the_signal_interrupts(program: Builder, bits: int, method: str) -> None:
    # Nobody would restart it: with SA_RESTART or without, this call ends with EINTR.
    calls = "clock_nanosleep,clock_nanosleep_time64"
    made = rule(calls, signal="USR1", delay_exit=0.01)
    run = Run([program("tampered", bits=bits), "nap"], made, method=method)
    assert run.output == ["nap -1 EINTR", "read 1"]
    assert run.calls[0].endswith("= ? ERESTART_RESTARTBLOCK (Interrupted by signal) (DELAYED)")
    made = rule(calls, signal="USR1", error="EBADE", run=True)
    run = Run([program("tampered", bits=bits), "nap"], made, method=method)
    assert run.output == ["nap -1 EBADE", "read 1"]


@BITS
@METHODS
def test_a_restarted_call_starts_with_its_own_arguments(
    program: Builder, bits: int, method: str
) -> None:
    # The first read is interrupted before it has moved anything, and begun again: it is asked
    # for 4 bytes once, then for all.
    made = rule("read", short=4, signal="USR1", when=1, where=lambda call: call.args.count == 100)
    run = Run([program("tampered", bits=bits), "restart"], made, method=method)
    assert run.output == ["read 10", "caught 1"]
    assert run.fired[0].done == "4 of 100 bytes, SIGUSR1"


@BITS
def test_delays_hold_nobody_else_up(program: Builder, bits: int) -> None:
    command = [program("tampered", bits=bits), "chdir", "2"]
    made = rule("chdir", delay_enter=0.05, delay_exit=0.05, when=1)
    begun = monotonic()
    run = Run(command, made)
    assert monotonic() - begun >= 0.1
    assert run.calls == ['chdir("/nowhere") = -1 ENOENT (No such file or directory) (DELAYED)']
    assert run.output == ["main -1 ENOENT"] * 2
    # Two sleep for ever; the loop serves the third meanwhile.
    order: list[str] = []
    with Tracer(tampering=Tampering([rule("chdir", delay_enter=1e6)])) as tracer:
        sleepers = [tracer.spawn(command, stdout=DEVNULL) for _ in range(2)]
        third = tracer.spawn([program("tampered", bits=bits), "registers"], stdout=DEVNULL)
        for stop in tracer:
            if isinstance(stop, SyscallEnter) and stop.call.name == "chdir":
                order.append("chdir")
            if len(order) >= 2 and third.returncode is not None:
                break
        assert all(process.alive for process in sleepers)
    assert third.returncode == 0


def test_a_delayed_thread_can_be_killed(program: Builder) -> None:
    with Tracer(tampering=Tampering([rule("chdir", delay_enter=1e6)])) as tracer:
        process = tracer.spawn([program("tampered"), "chdir", "1"])
        for stop in tracer:
            if isinstance(stop, SyscallEnter) and stop.call.name == "chdir":
                threading.Timer(0.05, os.kill, (process.pid, signal.SIGKILL)).start()
    assert process.returncode == -signal.SIGKILL


def test_a_delayed_thread_can_be_interrupted(program: Builder) -> None:
    with Tracer(tampering=Tampering([rule("chdir", delay_enter=1e6)])) as tracer:
        process = tracer.spawn([program("tampered"), "chdir", "1"], stdout=DEVNULL)
        stops = iter(tracer)
        while not (isinstance(stop := next(stops), SyscallEnter) and stop.call.name == "chdir"):
            continue
        threading.Timer(0.05, tracer.interrupt).start()
        assert isinstance(next(stops), EventStop)
        tracer.exitkill = False
        tracer.detach(process)
        os.kill(process.pid, signal.SIGKILL)
        os.waitpid(process.pid, 0)


@BITS
def test_memory_behind_arguments(program: Builder, bits: int) -> None:
    command = [program("tampered", bits=bits), "chdir", "2"]
    run = Run(command, rule("chdir", poke_enter={1: b"/\0"}, when=1))
    # What is written stays there.
    assert run.output == ["main 0"] * 2
    assert run.calls == ['chdir("/") = 0 (INJECTED: args)']
    run = Run(command, rule("chdir", poke_exit={1: b"/\0"}, error="EIO", when=1))
    assert run.output == ["main -1 EIO", "main 0"]
    assert run.calls[0].endswith("= -1 EIO (Input/output error) (INJECTED: args, retval)")
    told: list[str] = []
    run = Run(command, rule("chdir", poke_enter={2: b"x"}), complain=told.append)
    assert run.output == ["main -1 ENOENT"] * 2
    assert not run.fired
    assert run.tampering.problems == told[:1]
    assert "argument #2, but system call 'chdir' has only 1 arguments" in told[0]


@BITS
@METHODS
def test_arguments_by_name(program: Builder, bits: int, method: str) -> None:
    command = [program("tampered", bits=bits), "chdir", "2"]
    run = Run(command, rule("chdir", args={"pathname": "/"}, when=1), method=method)
    assert run.output == ["main 0", "main -1 ENOENT"]
    assert run.calls == ['chdir("/") = 0 (INJECTED: args)']
    two = rule("renameat", args={"oldname": "/no-a", "newname": "/no-b", "olddfd": -1})
    run = Run([program("tampered", bits=bits), "rename"], two, method=method)
    assert run.output == ["rename -1 ENOENT"]
    assert run.calls[0].startswith('renameat(-1, "/no-a", AT_FDCWD, "/no-b") = -1 ENOENT')
    run = Run(command, rule("chdir", args={"pathname": 0}, when=2), method=method)
    assert run.output == ["main -1 ENOENT", "main -1 EFAULT"]


@BITS
@METHODS
def test_the_program_keeps_its_registers(program: Builder, bits: int, method: str) -> None:
    """An int $0x80 of a 64-bit program included."""
    made = rule("fchmod", args={"fd": 12345, "mode": 0}, error="EXDEV", run=True)
    run = Run([program("tampered", bits=bits), "registers"], made, method=method)
    number = -errno.EXDEV
    wanted = [f"syscall {number} kept"] if bits == 64 else []
    assert run.output == [*wanted, f"int80 {number} kept"]
    assert len(run.calls) == len(wanted) + 1
    assert run.calls[0].startswith("fchmod(12345, 000)")
    run = Run(
        [program("tampered", bits=bits), "registers"], rule("fchmod", retval=-2), method=method
    )
    assert run.output == [each.replace("-18", "-2") for each in [*wanted, "int80 -18 kept"]]


@BITS
@METHODS
@pytest.mark.parametrize("word", ["write", "writev"])
def test_short_counts_move_the_bytes(program: Builder, bits: int, method: str, word: str) -> None:
    command = [program("tampered", bits=bits), word]
    run = Run(command, rule(word, short="1/2"), method=method)
    # 5 of 11, 3 of 6, 1 of 3, 1 of 2, and the last byte, which can't be cut.
    assert run.output == ["0123456789"]
    assert run.status == 10 + 5
    assert [fired.done for fired in run.fired] == [
        *("5 of 11 bytes", "3 of 6 bytes", "1 of 3 bytes", "1 of 2 bytes")
    ]
    run = Run(command, rule(word, short=10, when=1), method=method)
    assert (run.output, run.status) == (["0123456789"], 10 + 2)


@BITS
def test_threads_forks_and_execs_count_for_themselves(program: Builder, bits: int) -> None:
    run = Run([program("tampered", bits=bits), "family"], rule("chdir", error="EIO", when=2))
    assert sorted(run.output) == sorted(
        [
            *("main -1 ENOENT", "child -1 ENOENT", "child -1 EIO"),
            *("thread -1 ENOENT", "thread -1 EIO", "main -1 EIO", "main -1 ENOENT"),
        ]
    )
    assert len({fired.tid for fired in run.fired}) == 3


@BITS
@METHODS
def test_vfork_and_what_it_runs(program: Builder, bits: int, method: str) -> None:
    made = rule("chdir", error="EIO", delay_enter=0.02, when=2)
    run = Run([program("tampered", bits=bits), "vfork"], made, method=method)
    assert run.output == [
        *("main -1 ENOENT", "main -1 EIO"),
        *("parent -1 ENOENT", "parent -1 EIO"),
    ]
    run = Run([program("tampered", bits=bits), "vfork"], rule("vfork", error="EAGAIN"))
    assert run.output == ["parent -1 ENOENT"] * 2


@BITS
@METHODS
def test_an_execve_that_fails_and_one_with_other_arguments(
    program: Builder, bits: int, method: str
) -> None:
    command = [program("tampered", bits=bits), "vfork"]
    run = Run(command, rule("execve", error="ENOMEM"), method=method)
    assert run.output == ["parent -1 ENOENT"] * 2
    # The registers are the new program's: they must not be set back.
    run = Run(command, rule("execve", args={"filename": "/bin/echo"}), method=method)
    assert run.output == ["chdir 2"] + ["parent -1 ENOENT"] * 2


def test_which_calls_by_descriptor_path_and_predicate(program: Builder, tmp_path: Path) -> None:
    (tmp_path / "one").write_text("1\n")
    (tmp_path / "two").write_text("2\n")
    script = f"cd {tmp_path}; cat one; cat two; cat ./one"
    run = Run(["sh", "-c", script], rule("openat,read", error="EIO", path=f"{tmp_path}/o*"))
    assert run.output == ["2"]
    assert [fired.call for fired in run.fired] == ["openat", "openat"]
    run = Run(["sh", "-c", script], rule("read", error="EIO", path="*/two", when=1))
    assert run.output == ["1", "1"]
    run = Run(
        ["sh", "-c", "cat < /dev/null; echo out; echo err >&2"], rule("write", retval=0, fd=2)
    )
    assert run.output == ["out"]
    run = Run(
        ["sh", "-c", "echo first; echo second; echo third"],
        rule("write", skip=True, where=lambda call: call.args.buf.bytes.startswith(b"s"), retval=7),
    )
    assert run.output == ["first", "third"]


def test_calls_by_chance_are_the_same_again(program: Builder) -> None:
    command = [program("tampered"), "chdir", "40"]

    def failures(seed: int) -> list[int]:
        run = Run(command, rule("chdir", error="EIO", rate=0.3, seed=seed))
        assert len(run.fired) == run.output.count("main -1 EIO")
        return [fired.ordinal for fired in run.fired]

    assert failures(1) == failures(1)
    assert failures(1) != failures(2)
    assert 0 < len(failures(3)) < 40
    assert not Run(command, rule("chdir", error="EIO", rate=0)).fired


def test_a_function_decides(program: Builder) -> None:
    def decide(change: Change) -> None:
        assert isinstance(change.call.args.pathname.text, str)
        if change.ordinal == 1:
            change.replace(pathname="/")
        elif change.ordinal == 2:
            change.fail("ELOOP")
            change.send("SIGWINCH")
        elif change.ordinal == 3:
            change.succeed(4)

    run = Run([program("tampered"), "chdir", "4"], rule("chdir", do=decide))
    assert run.output == ["main 0", "main -1 ELOOP", "main 4", "main -1 ENOENT"]
    assert [fired.done for fired in run.fired] == ["pathname=b'/'", "ELOOP, SIGWINCH", "returns 4"]


def test_the_last_rule_that_fires_counts(program: Builder) -> None:
    rules = [rule("chdir", error="EIO"), rule("chdir", error="EPERM", when="2+2")]
    run = Run([program("tampered"), "chdir", "3"], *rules)
    assert run.output == ["main -1 EIO", "main -1 EPERM", "main -1 EIO"]
    assert [fired.rule for fired in run.fired] == [rules[0], rules[1], rules[0]]


def test_exit_group_comes_back(program: Builder) -> None:
    run = Run(["true"], rule("exit_group", error="EIO", when=1))
    assert run.calls == ["exit_group(0) = -1 EIO (Input/output error) (INJECTED)"]
    assert run.status == 0


@BITS
def test_with_in_kernel_filtering(program: Builder, bits: int) -> None:
    numbers = {arch: [syscall_number(arch, "chdir") or 0] for arch in ("x86_64", "i386")}
    command = [program("tampered", bits=bits), "chdir", "3"]
    reader, writer = os.pipe()
    rules = [rule("chdir", error="EIO", signal="SIGWINCH", delay_enter=0.01, when=2)]
    seen: list[int] = []
    with Tracer(tampering=Tampering(rules), seccomp=numbers) as tracer:
        tracer.spawn(command, stdout=writer)
        os.close(writer)
        for stop in tracer:
            if isinstance(stop, SignalDelivery):
                seen.append(stop.signal)
    with open(reader) as file:
        assert file.read().splitlines() == ["main -1 ENOENT", "main -1 EIO", "main -1 ENOENT"]
    assert seen == [signal.SIGWINCH]


def test_detached_in_a_changed_call(program: Builder) -> None:
    """The call takes its course: nobody would be there to give it its result."""
    reader, writer = os.pipe()
    made = rule("chdir", error="EIO", args={"pathname": "/"}, delay_enter=1000, when=1)
    with Tracer(tampering=Tampering([made]), exitkill=False) as tracer:
        process = tracer.spawn([program("tampered"), "chdir", "1"], stdout=writer)
        os.close(writer)
        for stop in tracer:
            if isinstance(stop, SyscallEnter) and stop.call.name == "chdir":
                break
    with open(reader) as file:
        assert file.read() == "main -1 ENOENT\n"
    os.waitpid(process.pid, 0)


def test_an_unknown_method() -> None:
    with pytest.raises(SeizeError):
        Tampering(method="magic")
