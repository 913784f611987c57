"""lldb as a client of ``seize gdbserver``: what it shows is what it shows over lldb-server."""

from __future__ import annotations

import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from select import select

import pytest

from tests.live.support import reap_orphans, wait_until

LLDB = shutil.which("lldb")
LLDB_SERVER = shutil.which("lldb-server") or next(
    (str(path) for path in sorted(Path("/usr/lib").glob("llvm-*/bin/lldb-server"))), None
)
pytestmark = pytest.mark.skipif(LLDB is None, reason="lldb isn't there")
SECONDS = 40
SETTINGS = (
    "settings set symbols.enable-external-lookup false",
    "settings set stop-line-count-before 0",
    "settings set stop-line-count-after 0",
)


@pytest.fixture
def guest(program: Callable[..., str]) -> str:
    return program("lldb_guest", flags=("-O0",))


@contextmanager
def served(*arguments: str, **options: object) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the server; give it, and the port that it listens on."""
    command = [sys.executable, "-m", "seize", "gdbserver", "--once", *arguments]
    server = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,  # type: ignore[call-overload]
    )
    assert server.stderr is not None
    try:
        for line in server.stderr:
            if found := re.match(r"Listening on port (\d+)", line):
                yield server, found[1]
                break
        else:
            raise AssertionError("the server has ended")
        server.communicate(timeout=SECONDS)
    finally:
        if server.poll() is None:
            server.kill()
            server.communicate()


def lldb(binary: str, port: str, *commands: str) -> str:
    """Let lldb connect and carry out commands; return what it says."""
    told = [*SETTINGS, f"target create {binary}", f"gdb-remote {port}", *commands]
    words = [word for command in told for word in ("-o", command)]
    finished = subprocess.run(
        [str(LLDB), "--batch", "--no-lldbinit", "--no-use-colors", *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    return finished.stdout.partition(f"(lldb) gdb-remote {port}\n")[2]


def masked(text: str) -> str:
    """Replace what differs from run to run: process ids, addresses of the stack."""
    text = re.sub(r"Process \d+|tid = \d+", "Process N", text)
    text = re.sub(r"0x0*7ff[f0-9a-f]{9}\b", "STACK", text)
    # lldb-server says that a new program has got a SIGSTOP, gdbserver a SIGTRAP.
    text = text.partition("(lldb)")[2]
    # lldb-server passes on what the program prints.
    return re.sub(r"[^\n]*_\$__lldb[^\n]*\n|total 9, \n", "", text)


SCRIPT = (
    "breakpoint set -n add",
    "continue",
    "bt",
    "frame variable amount",
    "register read rip rbp rdi",
    "register read st0 xmm3 mxcsr ymm2",
    "register write rbx 0x1234",
    "register read rbx ebx bl",
    "register write xmm3 '{1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16}'",
    "register read xmm3",
    "thread step-in",
    "thread step-inst",
    "frame select 1",
    "frame select 0",
    "breakpoint disable 1",
    "thread step-out",
    "breakpoint enable 1",
    "expression -- add(30) + 1",
    "expression -- watched = 17",
    "memory read -s8 -fx -c1 &watched",
    "memory write &total 5",
    "expression total",
    "memory region $pc",
    "memory region 0",
    "breakpoint disable 1",
    "watchpoint set variable watched",
    "continue",
    "thread info",
    "continue",
    "watchpoint list",
    "watchpoint delete -f",
    "breakpoint set -l 101",
    "continue",
    "image list -f -h",
    "breakpoint list",
    "continue",
)


@pytest.mark.skipif(LLDB_SERVER is None, reason="lldb-server isn't there")
def test_a_session_reads_as_it_does_over_lldb_server(guest: str) -> None:
    with served("localhost:0", guest) as (_, port):
        ours = lldb(guest, port, *SCRIPT)
    theirs = _over_lldb_server(guest)
    assert masked(ours).splitlines() == masked(theirs).splitlines()
    assert "stop reason = breakpoint 1.1" in ours
    assert "exited with status = 9" in ours


def _over_lldb_server(guest: str) -> str:
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [str(LLDB_SERVER), "gdbserver", "--pipe", str(writing), "localhost:0", "--", guest],
        pass_fds=(writing,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with open(reading) as ports:
            port = ports.readline().strip("\0\n")
        return lldb(guest, port, *SCRIPT)
    finally:
        server.kill()
        server.wait()


def test_every_thread_is_seen_and_one_can_be_stepped_alone(guest: str) -> None:
    with served("localhost:0", guest, "threads") as (_, port):
        said = lldb(
            *(guest, port, "breakpoint set -n add", "continue", "thread list"),
            *("thread backtrace all", "thread step-over", "breakpoint delete -f", "continue"),
        )
    listed = said.partition("(lldb) thread list")[2].partition("(lldb)")[0]
    assert len(re.findall(r"thread #\d: tid = \d+", listed)) == 4
    assert "stop reason = breakpoint 1.1" in listed
    assert re.search(r"guest-\S+`add\(amount=[123]\)", listed)
    stacks = said.partition("(lldb) thread backtrace all")[2].partition("(lldb)")[0]
    assert len(re.findall(r"`work\(", stacks)) == 3
    assert len(re.findall(r"`main\(", stacks)) == 1
    assert "stop reason = step over" in said or said.count("breakpoint 1.1") > 2
    assert "exited with status = 0" in said


def test_a_process_is_attached_to_and_let_go(guest: str) -> None:
    running = subprocess.Popen(
        [guest, "wait"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert running.stdin is not None
    assert running.stdout is not None
    assert running.stdout.readline() == "ready\n"
    with served("--attach", "localhost:0", str(running.pid)) as (_, port):
        said = lldb(guest, port, "bt", "expression -- add(10)", "memory write &total 7", "detach")
    assert "`waits" in said
    assert "(int) $0 = 10" in said
    assert f"Process {running.pid} detached" in said
    print("x", file=running.stdin, flush=True)
    assert running.stdout.readline() == "total 8\n"
    maps = Path(f"/proc/{running.pid}/maps").read_text()
    assert " rwxp " not in maps
    running.communicate("")
    assert running.returncode == 0


def test_a_process_is_let_go_but_left_stopped(guest: str) -> None:
    running = subprocess.Popen(
        [guest, "wait"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "ready\n"
    with served("--attach", "localhost:0", str(running.pid)) as (_, port):
        said = lldb(guest, port, "process detach --keep-stopped true")
    assert "detached" in said
    wait_until(lambda: _state(running.pid) == "T")
    running.send_signal(signal.SIGCONT)
    running.communicate("")
    assert running.returncode == 0


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_signals_stop_or_pass_as_lldb_says(guest: str) -> None:
    with served("localhost:0", guest, "signal") as (_, port):
        said = lldb(guest, port, "continue")
    assert "stop reason = signal SIGUSR1" in said
    with served("localhost:0", guest, "signal") as (_, port):
        said = lldb(
            *(guest, port, "process handle -s false -n false -p true SIGUSR1"),
            *("breakpoint set -n meet", "continue", "expression signals", "continue"),
        )
    assert "stop reason = signal SIGUSR1" not in said
    assert "(volatile int) $0 = 10" in said
    assert "exited with status = 0" in said


@pytest.mark.parametrize("side", ["parent", "child"])
def test_a_fork_is_followed(guest: str, side: str) -> None:
    with served("localhost:0", guest, "fork") as (_, port):
        said = lldb(
            *(guest, port, f"settings set target.process.follow-fork-mode {side}"),
            *("breakpoint set -n add", "continue", "frame variable amount", "continue"),
        )
    if side == "child":
        assert "(int) amount = 7" in said
        assert "exited with status = 7" in said
    else:
        assert "stop reason = breakpoint" not in said
        assert "exited with status = 0" in said


def test_a_program_is_launched_by_lldb(guest: str, tmp_path: Path) -> None:
    output = tmp_path / "output"
    with served("--multi", "localhost:0") as (_, port):
        client = Terminal()
        try:
            client.say(f"target create {guest}", "Current executable")
            client.say(f"gdb-remote {port}", "")
            client.say("breakpoint set -n meet", "address =")
            client.say(f"process launch -E GUEST=launched -o {output}", r"stop reason = breakpoint")
            client.say("f 1", r"at lldb_guest\.c:98")
            client.say("continue", "exited with status = 7")
        finally:
            client.close()
    # lldb has asked an lldb-server about this machine, which we have inherited.
    reap_orphans()
    assert output.read_text() == "total 7, launched\n"


def test_a_running_program_is_interrupted_and_gets_breakpoints(guest: str) -> None:
    running = subprocess.Popen(
        [guest, "wait"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert running.stdin is not None
    assert running.stdout is not None
    assert running.stdout.readline() == "ready\n"
    with served("--attach", "localhost:0", str(running.pid)) as (_, port):
        client = Terminal()
        try:
            client.say(f"target create {guest}", "Current executable")
            client.tell(f"gdb-remote {port}", "stop reason = signal")
            client.tell("continue", "resuming")
            stopped = r"stop reason = signal SIGINT"
            for _ in range(50):
                # It says that it resumes before it takes the process for running.
                client.tell("process interrupt", f"{stopped}|Process is not running")
                if re.search(stopped, client.said):
                    break
            else:
                pytest.fail(client.said)
            client.tell("continue", "resuming")
            # lldb stops the program for this, and lets it go on, without a word.
            client.tell("breakpoint set -n add", "address =")
            running.stdin.write("x")
            running.stdin.flush()
            client.tell("", r"stop reason = breakpoint 1\.1")
            client.tell("detach", "detached")
        finally:
            client.close()
    running.communicate("")
    assert running.returncode == 0
    reap_orphans()


class Terminal:
    """lldb in a terminal of its own: there, it doesn't wait for what runs."""

    def __init__(self) -> None:
        self.said = ""
        self._pid, self._terminal = pty.fork()
        if self._pid == 0:
            os.environ["TERM"] = "dumb"
            os.execv(str(LLDB), ["lldb", "--no-lldbinit", "--no-use-colors"])
        self._await(r"\(lldb\) ")

    def say(self, command: str, answer: str) -> None:
        """Give a command, and wait for a regular expression, and the prompt, in what is said."""
        self.tell(command, answer + r"[\s\S]*\(lldb\) $")

    def tell(self, command: str, answer: str) -> None:
        """Give a command ("": none), and wait for a regular expression in what is said then."""
        self.said = ""
        if command:
            # lldb loses a character where it has just written something by itself.
            os.write(self._terminal, b"  " + command.encode() + b"\n")
        self._await(answer)

    def _await(self, answer: str) -> None:
        while not re.search(answer, self.said):
            ready, _, _ = select([self._terminal], [], [], SECONDS)
            assert ready, f"no {answer} in:\n{self.said}"
            self.said += os.read(self._terminal, 1 << 16).decode(errors="replace").replace("\r", "")

    def close(self) -> None:
        """End it."""
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._terminal)
