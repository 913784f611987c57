"""seize gdbserver, with gdb as the client: what a user does."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.live.gdbclient import gdb, running_gdb, serving, words
from tests.live.support import wait_until

Program = Callable[..., str]
FLAGS = ("-O0",)


@pytest.fixture
def served(program: Program) -> str:
    return program("served", flags=FLAGS)


def debug(served: str, *commands: str, options: tuple[str, ...] = (), what: str = "calls") -> str:
    """Debug the program by a server of its own, and return what gdb printed."""
    with serving("--once", *options, "localhost:0", served, what) as server:
        printed = gdb(served, [f"target remote localhost:{server.port}", *commands])
        server.end()
    return printed


def test_run_breakpoints_watchpoints_and_steps(served: str) -> None:
    printed = debug(
        served,
        "break bump",
        "continue",
        "backtrace",
        "print by",
        "print here",
        "delete 1",
        "watch counter",
        "continue",
        "continue",
        "delete 2",
        "finish",
        "tbreak bump if by == 4",
        "continue",
        "print by",
        "next",
        "print counter",
        "stepi",
        "info registers rip",
        "set var counter = 100",
        "continue",
    )
    assert "Breakpoint 1, bump (by=0)" in printed
    assert re.search(r"#1 .* in main \(argc=2", printed)
    assert "$2 = {x = 3, y = 4}" in printed
    assert "Hardware watchpoint 2: counter\n\nOld value = 0\nNew value = 1" in printed
    assert "Old value = 1\nNew value = 3" in printed
    assert "Value returned is $3 = 3" in printed
    assert "Temporary breakpoint 3, bump (by=4)" in printed
    assert "$4 = 4" in printed
    assert "$5 = 10" in printed
    assert re.search(r"rip +0x", printed)
    assert "exited with code 03]" in printed


@pytest.mark.parametrize("bits", [64, 32])
def test_it_says_what_gdb_says_by_itself(program: Program, bits: int) -> None:
    served = program("served", bits=bits, flags=FLAGS)
    commands = (
        *("break bump if by == 2", "continue", "bt", "info locals", "info args"),
        *("print own", "info symbol bump", "x/4i $pc", "info registers eflags cs mxcsr fctrl"),
        *("print $xmm0.uint128", "print $ymm0.v8_int32", "info auxv", "delete", "next", "step"),
        *("info line", "print $_exitcode", "kill"),
    )
    alone = gdb(served, ["set args calls", "start", *commands])
    ours = debug(served, "tbreak main", "continue", *commands)

    def told(printed: str) -> list[str]:
        # From the first stop in main on; processes, threads and addresses differ.
        lines = printed[printed.index("Temporary breakpoint 1, main") :].splitlines()
        lines = [line for line in lines if not line.startswith("[")]
        different = "AT_RANDOM", "AT_EXECFN", "AT_PLATFORM", "AT_SYSINFO", "AT_BASE"
        lines = [line for line in lines if not any(word in line for word in different)]
        text = "\n".join(lines)
        text = re.sub(r"Thread (0x\w+ \(LWP \d+\)|\d+\.\d+)", "Thread", text)
        return re.sub(r"0x[0-9a-f]{6,}", "ADDRESS", text).splitlines()

    assert told(ours) == told(alone)


def test_threads(served: str) -> None:
    printed = debug(
        served,
        "break started",
        "continue",
        "info threads",
        "thread apply all -q print own",
        "thread 3",
        "print own",
        "set scheduler-locking on",
        "stepi",
        "set scheduler-locking off",
        "set var finish = 1",
        "continue",
        what="wait",
    )
    assert len(re.findall(r"^[* ] +\d +Thread \d+\.\d+ \"served", printed, re.M)) == 4
    assert sorted(re.findall(r"^\$\d = (\d+)$", printed, re.M)[:4]) == ["10", "20", "30", "7"]
    assert "exited with code 03]" in printed


def test_every_hit_of_many_threads_is_told(served: str) -> None:
    count = "python print('hits', [b.hit_count for b in gdb.breakpoints()])"
    commands = ["break touch", *(["continue"] * 12), count, "continue"]
    printed = debug(served, *commands, what="threads")
    assert printed.count("hit Breakpoint 1, touch") == 12
    assert "hits [12]" in printed
    assert "exited with code 03]" in printed


def test_conditions_and_printing_commands_are_carried_out_by_the_server(served: str) -> None:
    with serving("--once", "--debug", "localhost:0", served, "calls") as server:
        printed = gdb(
            served,
            [
                f"target remote localhost:{server.port}",
                "break bump if by > 2",
                "set dprintf-style agent",
                'dprintf main,"argc is %d, né\\n", argc',
                "continue",
                "print by",
                "continue",
                "continue",
            ],
        )
        _, out, said = server.end()
    assert re.findall(r"Breakpoint 1, bump \(by=(\d)\)", printed) == ["3", "4"]
    assert "argc is 2, né\n" in out
    # Only those two were reported.
    assert said.count("T05swbreak") == 2 + _internal(said)


def _internal(said: str) -> int:
    """How many stops there were at gdb's own breakpoint in the dynamic linker."""
    linker = re.findall(r"Z0,(7\w+),1", said)
    stops = re.findall(r"T05swbreak:.*;10:(\w{16});", said)
    pcs = [int.from_bytes(bytes.fromhex(text), "little") for text in stops]
    return sum(pc in {int(address, 16) for address in linker} for pc in pcs)


@pytest.mark.parametrize(
    ("mode", "followed", "code"),
    [("parent", "in_parent", ""), ("child", "in_child", " with code 05")],
)
def test_following_a_fork(served: str, mode: str, followed: str, code: str) -> None:
    printed = debug(
        served,
        f"set follow-fork-mode {mode}",
        "break in_parent",
        "break in_child",
        "continue",
        "continue",
        what="fork",
    )
    assert re.search(rf"Breakpoint \d, {followed} \(\)", printed)
    assert len(re.findall(r"Breakpoint \d, in_", printed)) == 1
    assert f"exited{code or ' normally'}]" in printed


def test_both_sides_of_a_fork(served: str) -> None:
    printed = debug(
        served,
        "set detach-on-fork off",
        "set schedule-multiple on",
        "catch fork",
        "break in_child",
        "break in_parent",
        "continue",
        "continue",
        "info inferiors",
        "continue",
        "inferior 1",
        "continue",
        "continue",
        what="fork",
    )
    assert "Catchpoint 1 (forked process" in printed
    assert re.search(r"Breakpoint 2\.\d, in_child", printed)
    assert "exited with code 05]" in printed
    assert re.search(r"Breakpoint 3\.\d, in_parent", printed)
    assert "(process " in printed
    assert "exited normally]" in printed


def test_vfork_and_exec_are_caught(served: str) -> None:
    printed = debug(
        served,
        "catch vfork",
        "set follow-fork-mode child",
        "catch exec",
        "continue",
        "continue",
        "info inferiors",
        "continue",
        what="vfork",
    )
    assert "Catchpoint 1 (vforked process" in printed
    assert re.search(r"Catchpoint 2 \(exec'd .*true\)", printed)
    assert "exited normally]" in printed


def test_system_calls_are_caught(served: str) -> None:
    printed = debug(served, "catch syscall write", "catch syscall exit_group", *(["continue"] * 4))
    assert "Catchpoint 1 (call to syscall write)" in printed
    assert "Catchpoint 1 (returned from syscall write)" in printed
    assert "Catchpoint 2 (call to syscall exit_group)" in printed
    assert "exited with code 03]" in printed
    # The execve(2) by which the program was started has another end: it is over.
    first = debug(served, "catch syscall", "continue")
    assert "Catchpoint 1 (call to syscall" in first


def test_signals_are_told_passed_and_kept_back(served: str) -> None:
    stop = ("continue", "print $_siginfo.si_signo")
    passed = debug(served, *stop, "continue", "print counter", what="signal")
    assert "Program received signal SIGUSR1" in passed
    assert "$1 = 10" in passed
    assert "exited with code 03]" in passed
    kept = debug(
        served, *stop, "break printf", "signal 0", "print counter", "continue", what="signal"
    )
    assert "$2 = 0" in kept
    quiet = debug(
        served,
        "handle SIGUSR1 nostop noprint pass",
        "break printf",
        "continue",
        "print counter",
        what="signal",
    )
    assert "received signal" not in quiet
    assert "$1 = 10" in quiet


def test_attaching_and_letting_go(served: str) -> None:
    with subprocess.Popen([served, "wait"], stdout=subprocess.PIPE) as target:
        try:
            wait_until(lambda: len(os.listdir(f"/proc/{target.pid}/task")) == 4)
            with serving("--once", "--attach", "localhost:0", str(target.pid)) as server:
                printed = gdb(
                    served,
                    [
                        f"target remote localhost:{server.port}",
                        "info threads",
                        "break wait_for_end",
                        "detach",
                    ],
                )
                status, _, said = server.end()
            assert status == 0
            assert f"Attached; pid = {target.pid}" in said
            assert printed.count('"served') == 4
            assert f"Detaching from process {target.pid}" in said
            status_text = Path(f"/proc/{target.pid}/status").read_text()
            assert "TracerPid:\t0" in status_text
            assert "State:\tS" in status_text
        finally:
            target.kill()


def test_a_program_is_started_again_and_again(served: str, tmp_path: Path) -> None:
    with serving("--multi", "localhost:0") as server:
        printed = gdb(
            served,
            [
                f"target extended-remote localhost:{server.port}",
                f"set remote exec-file {served}",
                "tbreak bump",
                "run",
                "kill",
                "set args environment 'two words'",
                "set environment SERVED=yes",
                f"set cwd {tmp_path}",
                "run",
                "set startup-with-shell off",
                "unset environment SERVED",
                "set disable-randomization off",
                "run",
                "monitor exit",
            ],
        )
        status, out, said = server.end()
    assert status == 0
    assert printed.count("Temporary breakpoint 1, bump") == 1
    assert printed.count("exited with code 03]") == 2
    first, _, second, _ = out.splitlines()
    assert first.startswith(f"yes {tmp_path} ")
    assert second.startswith(f"unset {tmp_path} ")
    assert said.count("created; pid = ") == 3


def test_attaching_from_the_client(served: str) -> None:
    with subprocess.Popen([served, "wait"], stdout=subprocess.PIPE) as target:
        try:
            wait_until(lambda: len(os.listdir(f"/proc/{target.pid}/task")) == 4)
            with serving("--multi", "localhost:0") as server:
                printed = gdb(
                    served,
                    [
                        f"target extended-remote localhost:{server.port}",
                        f"attach {target.pid}",
                        "info threads",
                        "set var finish = 1",
                        "detach",
                        "attach 4194305",
                        "monitor exit",
                    ],
                )
                _, _, said = server.end()
            assert "Cannot attach to process 4194305: " in said
            assert printed.count('"served') == 4
            assert target.wait(timeout=20) == 3
        finally:
            target.kill()


def test_ctrl_c_stops_what_runs(served: str) -> None:
    options = ("--once", "--debug", "localhost:0")
    with serving(*options, served, "wait") as server, running_gdb(served) as client:
        client.do(f"target remote localhost:{server.port}")
        client.do("break started")
        client.do("continue")
        start = len(client.printed)
        client.type("continue\n")
        # Only from here on, Ctrl-C is for the program.
        server.wait_for(r"<- 'vCont;c[^\n]*\n\Z")
        client.process.send_signal(signal.SIGINT)
        client.wait_for("received signal SIGINT", start)
        assert "wait_for_end" in client.do("thread apply all backtrace")
        client.do("set var finish = 1")
        assert "exited with code 03]" in client.do("continue")
        server.end()


def test_non_stop(served: str) -> None:
    with serving("--once", "localhost:0", served, "wait") as server, running_gdb(served) as client:
        client.do("set non-stop on")
        client.do(f"target remote localhost:{server.port}")
        client.do("tbreak started")
        start = len(client.printed)
        client.do("continue &")
        client.wait_for("hit Temporary breakpoint 1, started", start)
        listed = client.do("info threads")
        assert listed.count("(running)") == 3
        start = len(client.printed)
        client.do("thread 2")
        client.do("interrupt")
        client.wait_for(r'Thread 2 "served[^"]*" stopped', start)
        assert client.do("info threads").count("(running)") == 2
        client.do("set var finish = 1")
        start = len(client.printed)
        client.do("continue -a &")
        client.wait_for(r"exited with code 03\]", start)
        server.end()


def test_standard_streams_are_the_line(served: str) -> None:
    line = " ".join(words("stdio", served))
    printed = gdb(served, [f"target remote | {line} 2>/dev/null", "break bump", "continue", "kill"])
    assert "Breakpoint 1, bump (by=0)" in printed


def test_files_come_from_the_server(served: str, tmp_path: Path) -> None:
    # With gdb's own default, the program and its libraries are read by vFile packets.
    target = tmp_path / "sent"
    with serving("--multi", "localhost:0") as server:
        printed = gdb(
            served,
            [
                f"target extended-remote localhost:{server.port}",
                f"remote put {served} {target}",
                f"remote get {target} {tmp_path / 'back'}",
                f"remote delete {target}",
                "remote get /nowhere /dev/null",
                "info os",
                "monitor help",
                "monitor exit",
            ],
        )
        server.end()
    assert (tmp_path / "back").read_bytes() == Path(served).read_bytes()
    assert not target.exists()
    assert "No such file or directory" in printed
    assert "Listing of all processes" in printed
    assert "monitor commands" in printed


def test_searching_and_comparing_memory(program: Program) -> None:
    # compare-sections doesn't relocate.
    served = program("served", flags=(*FLAGS, "-no-pie"))
    printed = debug(
        served,
        "tbreak bump",
        "continue",
        "compare-sections .text",
        "find /w &here, +8, 4",
        "find /w &here, +8, 5",
        "kill",
    )
    assert re.search(r"Section \.text, range .*: matched", printed)
    assert "<here+4>" in printed
    assert "Pattern not found" in printed


def test_every_hit_is_told_while_the_other_threads_run(served: str) -> None:
    with (
        serving("--once", "localhost:0", served, "threads") as server,
        running_gdb(served) as client,
    ):
        client.do("set non-stop on")
        client.do(f"target remote localhost:{server.port}")
        client.do("break touch")
        client.do("commands\nsilent\nset $told = $told + 1\ncontinue &\nend")
        client.do("set $told = 0")
        start = len(client.printed)
        client.type("continue -a &\n")
        client.wait_for(r"exited with code 03\]", start)
        assert "= 12" in client.do("print $told")
        assert server.end()[1] == "counter: 12\n"


def test_processes_made_by_clone_run_to_their_end(program: Program) -> None:
    made = program("cloned_process", flags=FLAGS)
    with serving("--once", "localhost:0", made) as server:
        connect = f"target remote localhost:{server.port}"
        printed = gdb(made, [connect, "break reached", "continue", "continue"])
        _, _, said = server.end()
    # Whoever shares the memory isn't stopped by breakpoints in it, nor harmed by them.
    assert "Breakpoint 1, reached" in printed
    assert "exited with code 013]" in printed
    assert "Traceback" not in said
