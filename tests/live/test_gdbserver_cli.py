"""The command line of seize gdbserver, which is gdbserver's, and how it ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.live.gdbclient import gdb, serving
from tests.live.support import in_state, run_seize, wait_until
from tests.live.test_gdbserver_packets import Line

Build = Callable[..., str]


@pytest.fixture
def served(program: Build) -> str:
    return program("served", flags=("-O0",))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run_seize("gdbserver", *arguments)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "there must be a COMM"),
        ((":0",), "there must be a PROGRAM"),
        (("nowhere", "true"), "'nowhere' is no HOST:PORT"),
        ((":99999", "true"), "'99999' is no port"),
        (("udp:localhost:1", "true"), "only TCP is served"),
        (("--attach", ":0"), "--attach needs a COMM and one PID"),
        (("--attach", ":0", "x"), "--attach needs a COMM and one PID"),
        (("--attach", "--multi", ":0", "1"), "exclude each other"),
        (("--wrapper", "env", ":0", "true"), "the words of --wrapper must end with --"),
        (("--wrapper", "--", ":0", "true"), "--wrapper needs a command"),
        (("--unknown", ":0", "true"), "unrecognized option '--unknown'"),
    ],
)
def test_wrong_usage_is_one_line_and_2(arguments: tuple[str, ...], told: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_what_cannot_be_done_is_one_line_and_1() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run(f"127.0.0.1:{taken.getsockname()[1]}", "true")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Can't bind address: Address already in use." in done.stderr
    done = run("--attach", ":0", "4194303")
    assert done.returncode == 1
    assert done.stderr.startswith("seize: ")
    assert done.stderr.count("\n") == 1
    done = run("--no-startup-with-shell", ":0", "/nowhere")
    assert done.returncode == 1
    assert "'/nowhere': No such file or directory" in done.stderr


def test_help_and_version() -> None:
    helped = run("--help")
    assert helped.returncode == 0
    assert "--wrapper" in helped.stdout
    assert "no authentication" in helped.stdout
    assert re.fullmatch(r"seize [\d.]+\n", run("--version").stdout)


def test_a_wrapper_and_a_shell_start_the_program(served: str) -> None:
    options = ("--once", "--wrapper", "env", "SERVED=by a wrapper", "--", "localhost:0")
    environment = {**os.environ, "SHELL": "/bin/sh"}
    for more in ((), ("--no-startup-with-shell",)):
        words = (*more, *options, served, "environment", "two  words")
        with serving(*words, env=environment) as server:
            # Whatever has run before it, the client finds the program at its beginning.
            printed = gdb(
                served,
                [f"target remote localhost:{server.port}", "break main", "continue", "continue"],
            )
            _, out, said = server.end()
        assert "Breakpoint 1, main (argc=3" in printed
        assert out.startswith("by a wrapper ")
        assert out.split("\n")[0].endswith(" two  words")
        assert said.count("created; pid = ") == 1


def test_addresses_are_random_if_that_is_asked_for(served: str) -> None:
    def text(*options: str) -> str:
        with serving("--once", *options, "localhost:0", served) as server:
            line = Line(server.port)
            (start,) = re.findall(r";10:(\w{16});", line.packet(b"?").decode())
            line.socket.close()
            server.end()
        return str(start)

    assert text() == text("--disable-randomization")
    assert len({text("--no-disable-randomization") for _ in range(4)}) > 1


def test_a_disabled_packet_is_unknown(served: str) -> None:
    options = ("--once", "--disable-packet=vCont", "--disable-packet=qC")
    with serving(*options, "localhost:0", served) as server:
        line = Line(server.port)
        assert line.packet(b"qC") == b""
        assert line.packet(b"vCont?") == b""
        assert b"vContSupported" not in line.packet(b"qSupported:")
        # The older way is still there.
        assert line.packet(b"c") == b"W03"
        line.socket.close()
        server.end()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_and_lets_go_what_it_was_attached_to(
    served: str, number: signal.Signals
) -> None:
    with subprocess.Popen([served, "wait"], stdout=subprocess.PIPE) as target:
        try:
            wait_until(lambda: len(os.listdir(f"/proc/{target.pid}/task")) == 4)
            with serving("--attach", "localhost:0", str(target.pid)) as server:
                line = Line(server.port)
                line.packet(b"qSupported:multiprocess+")
                maps = Path(f"/proc/{target.pid}/maps").read_text()
                (start,) = re.findall(rf"^(\w+)-\w+ r-xp .*{served}$", maps, re.M)
                address = int(start, 16)
                before = line.packet(b"m%x,1" % address)
                assert line.packet(b"Z0,%x,1" % address) == b"OK"
                server.process.send_signal(number)
                status, _, said = server.end()
                line.socket.close()
            assert status == (130 if number == signal.SIGINT else -number)
            assert "Traceback" not in said
            with open(f"/proc/{target.pid}/mem", "rb") as memory:
                memory.seek(address)
                assert memory.read(1).hex().encode() == before
            wait_until(lambda: in_state(target.pid, "S"))
            assert "TracerPid:\t0" in Path(f"/proc/{target.pid}/status").read_text()
        finally:
            target.kill()


def test_thread_events_and_the_end_of_what_was_resumed(program: Build) -> None:
    served = program("served", flags=("-O0", "-static"))
    with serving("--once", "localhost:0", served, "threads") as server:
        line = Line(server.port)
        line.packet(b"qSupported:multiprocess+;no-resumed+")
        assert line.packet(b"QThreadEvents:1") == b"OK"
        reply = line.packet(b"vCont;c")
        assert reply.startswith(b"T05create:;")
        (pid, tid) = re.findall(rb"thread:p(\w+)\.(\w+);", reply)[0]
        # Only the new thread runs: it ends, and is told of.
        assert line.packet(b"vCont;c:p%b.%b" % (pid, tid)) == b"w00;p%b.%b" % (pid, tid)
        reply = line.packet(b"vCont;c")
        assert reply.startswith(b"T05create:;")
        (_, tid) = re.findall(rb"thread:p(\w+)\.(\w+);", reply)[0]
        # Without the events, it ends in silence: nothing that was resumed is left.
        assert line.packet(b"QThreadEvents:0") == b"OK"
        assert line.packet(b"vCont;c:p%b.%b" % (pid, tid)) == b"N"
        assert line.packet(b"vCont;c") == b"W03;process:%b" % pid
        line.socket.close()
        server.end()
