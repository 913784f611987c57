"""How a trace starts, and who may end it: beside the real strace."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from seize.errors import SeizeError
from seize.strace import starting
from seize.strace.settings import Settings
from tests.live.support import (
    called_strace_in,
    reap_orphans,
    run_seize,
    running,
    seize,
    state,
    tracer_of,
    wait_until,
)

Program = Callable[..., str]
ROOT = pytest.mark.skipif(os.getuid() != 0, reason="only root may become another user")


def strace(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["strace", *words], capture_output=True, text=True, timeout=30)


def masked(text: str) -> str:
    """Without process ids, addresses and times, and by the name of strace."""
    text = re.sub(r"si_([us])time=\d+( /\*.*?\*/)?", r"si_\1time=TIME", text)
    text = re.sub(r"0x[0-9a-f]+", "ADDRESS", text.replace("seize: ", "strace: "))
    text = re.sub(r"/\* \d+ vars \*/", "VARS", text)
    return re.sub(r"(Process|\[pid|si_pid=) *\d+", r"\1 N", text)


def both(*words: str) -> tuple[tuple[int, str, str], tuple[int, str, str]]:
    """Exit status, standard output and error of us and of strace."""
    ours, theirs = run_seize("trace", *words), strace(*words)
    return (
        (ours.returncode, ours.stdout, masked(ours.stderr)),
        (theirs.returncode, theirs.stdout, masked(theirs.stderr)),
    )


def ended() -> list[int]:
    """The exit statuses of those that were left to us; minus a signal."""
    return [os.waitstatus_to_exitcode(status) for status in reap_orphans()]


# ---------------------------------------------------------------------- as whom, and with what


@pytest.mark.parametrize(
    "changes",
    [
        ["-E", "A=1", "-E", "B=", "-E", "HOME"],
        ["--env=A=1", "--env=A=2=3", "-E", "NOSUCH"],
        ["-E", "A=1", "-E", "A"],
        ["-E", "PATH=/nonexistent", "-E", "LC_CTYPE=C"],
    ],
)
def test_the_environment(changes: list[str]) -> None:
    ours, theirs = both(*changes, "-e", "trace=none", "-q", "/usr/bin/env")
    assert set(ours[1].splitlines()) == set(theirs[1].splitlines())
    assert ours[::2] == theirs[::2]


def test_the_command_is_looked_up_in_our_own_path() -> None:
    ours, theirs = both("-E", "PATH=/nonexistent", "-e", "trace=execve", "true")
    assert ours == theirs
    assert ours[0] == 0


def test_another_argv0() -> None:
    done = run_seize("trace", "--argv0=other", "-e", "trace=execve", "sh", "-c", "echo $0")
    assert done.stdout == "other\n"
    assert re.match(r'execve\("[^"]*/sh", \["other", "-c", "echo \$0"\]', done.stderr)


@ROOT
def test_another_user() -> None:
    script = "id -u; id -g; id -G; cat /proc/self/status | grep NoNewPrivs"
    # Without signals: how many SIGCHLD there are is a race.
    quiet = ["-e", "trace=none", "-e", "signal=none"]
    ours, theirs = both("-u", "nobody", *quiet, "sh", "-c", script)
    assert ours == theirs
    assert ours[1].splitlines()[0] != "0"


@ROOT
@pytest.mark.parametrize(("user", "shows"), [("12:34", "12\n34\n34\n"), ("0", "0\n0\n0\n")])
def test_a_user_by_number(user: str, shows: str) -> None:
    script = "id -u; id -g; id -G"
    done = run_seize("trace", "-u", user, "-e", "trace=none", "sh", "-c", script)
    assert done.stdout == shows


@pytest.fixture
def set_user_id() -> Iterator[str]:
    """A program that everybody may run, and that runs as root."""
    folder = tempfile.mkdtemp()
    try:
        os.chmod(folder, 0o755)
        program = shutil.copy("/usr/bin/id", f"{folder}/id")
        os.chmod(program, 0o4755)
        yield program
    finally:
        shutil.rmtree(folder)


@ROOT
@pytest.mark.parametrize("more", [[], ["-f", "-e", "trace=openat"]])
def test_set_user_id_programs_work_then(set_user_id: str, more: list[str]) -> None:
    """Also where the kernel filters the calls."""
    ours, theirs = both("-u", "nobody", "-e", "trace=none", *more, set_user_id, "-u")
    assert ours[:2] == theirs[:2] == (0, "0\n")


@ROOT
def test_a_user_that_is_not() -> None:
    ours, theirs = both("-u", "nosuch", "true")
    assert ours == theirs
    assert ours[2] == "strace: Cannot find user 'nosuch'\n"


def test_who_may_become_another_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SeizeError, match=r"^You must be root to use the -u/--username option$"):
        starting.user_of(Settings(command=("true",), user="nobody"))


# ---------------------------------------------------------------------- running processes


def messages(words: list[str], traced: Callable[[int], bool]) -> str:
    """What a tracer says that is interrupted when it has attached."""
    tracer = subprocess.Popen(words, stderr=subprocess.PIPE, text=True, stdout=subprocess.DEVNULL)
    wait_until(lambda: traced(tracer.pid))
    tracer.send_signal(signal.SIGINT)
    _, err = tracer.communicate(timeout=20)
    assert tracer.returncode == -signal.SIGINT
    return "".join(line + "\n" for line in masked(err).splitlines() if "strace: " in line)


@pytest.mark.parametrize("follow", [[], ["-f"]])
def test_one_thread_or_all(program: Program, follow: list[str]) -> None:
    with running(program("many_threads"), "3") as process:
        tasks = [int(name) for name in os.listdir(f"/proc/{process.pid}/task")]
        others = [task for task in tasks if task != process.pid]
        options = ["-e", "trace=none", *follow, "-p", str(process.pid)]
        said = []
        for command in (["-m", "seize", "trace"], None):
            words = [sys.executable, *command, *options] if command else ["strace", *options]
            said.append(
                messages(
                    words,
                    lambda pid: tracer_of(process.pid) == pid
                    and all((tracer_of(task) == pid) == bool(follow) for task in others),
                )
            )
        assert said[0] == said[1]
        assert ("with 4 threads" in said[0]) == bool(follow)


def test_a_thread_that_is_not_the_leader(program: Program) -> None:
    with running(program("many_threads"), "3") as process:
        tasks = [int(name) for name in os.listdir(f"/proc/{process.pid}/task")]
        chosen = next(task for task in tasks if task != process.pid)
        tracer = seize("trace", "-p", str(chosen))
        wait_until(lambda: tracer_of(chosen) == tracer.pid)
        assert [task for task in tasks if tracer_of(task)] == [chosen]
        tracer.send_signal(signal.SIGINT)
        _, err = tracer.communicate(timeout=20)
        assert f"seize: Process {chosen} attached\n" in err
        assert f"seize: Process {chosen} detached\n" in err
        assert all(tracer_of(task) == 0 for task in tasks)


@pytest.fixture(scope="module")
def called_strace(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A program that is called strace and is us."""
    return str(called_strace_in(tmp_path_factory.mktemp("called")))


@pytest.mark.parametrize(
    "words",
    ["-p 99999999", "-p 99999999 -p 99999998", "-p 99999999 true", "-p 99999999,99999998 false"],
)
def test_processes_that_are_not(called_strace: str, words: str) -> None:
    options = ["-e", "trace=none", *words.split()]
    ours = subprocess.run([called_strace, *options], capture_output=True, text=True, timeout=30)
    theirs = strace(*options)
    assert ours.stderr.replace(called_strace, "strace") == theirs.stderr
    assert ours.returncode == theirs.returncode


def test_the_others_are_traced_where_one_is_not() -> None:
    other = subprocess.Popen(["sleep", "60"])
    tracer = seize("trace", "-p", f"99999999,{other.pid}")
    wait_until(lambda: tracer_of(other.pid) == tracer.pid)
    other.kill()
    other.wait()
    _, err = tracer.communicate(timeout=20)
    assert tracer.returncode == 0
    assert err.startswith("seize: can't attach to process 99999999: no such process\n")
    assert "+++ killed by SIGKILL +++\n" in err


def test_a_command_beside_a_process() -> None:
    """The status is the command's; the trace goes on until the process has ended, too."""
    results = []
    for command in (["-m", "seize", "trace"], None):
        other = subprocess.Popen(["sleep", "60"])
        options = ["-e", "trace=none", "-p", str(other.pid)]
        words = [sys.executable, *command, *options] if command else ["strace", *options]
        script = f"kill {other.pid}; exit 4"
        done = subprocess.run(
            [*words, "sh", "-c", script], capture_output=True, text=True, timeout=30
        )
        other.wait()
        # Who ends first, and whether the other is still there then, is chance.
        said = masked(done.stderr).replace("[pid N] ", "")
        results.append((done.returncode, sorted(said.splitlines())))
    assert results[0] == results[1]
    assert results[0][0] == 4


DETACHING = [
    ["-f", "-e", "trace=execve,exit_group", "sh", "-c", "/bin/true; exit 3"],
    ["-f", "-e", "trace=execve,exit_group", "sh", "-c", "exec /bin/false"],
    ["-f", "-q", "-e", "trace=execve,exit_group", "sh", "-c", "exec /bin/false"],
    ["-e", "trace=exit_group", "sh", "-c", "/bin/true; exit 3"],
    ["-f", "--seccomp-bpf", "-e", "trace=exit_group", "sh", "-c", "/bin/true; exit 3"],
]


@pytest.mark.parametrize("words", DETACHING, ids=lambda words: " ".join(words[:3]))
def test_detaching_at_execve(words: list[str]) -> None:
    ours, theirs = both("-b", "execve", *words)
    # What was let go may outlive its tracer.
    reap_orphans()
    assert ours == theirs


# ---------------------------------------------------------------------- -D


@pytest.mark.parametrize("how", ["-D", "-DD", "-DDD", "--daemonize", "--daemonize=session"])
def test_the_command_is_the_process_that_was_started(tmp_path: Path, how: str) -> None:
    log = tmp_path / "log"
    tracer = seize(
        *("trace", how, "-o", str(log), "-e", "trace=exit_group"),
        *("sh", "-c", "echo $$ $PPID; read x; exit 5"),
        stdin=subprocess.PIPE,
    )
    assert tracer.stdout is not None
    pid, parent = (int(word) for word in tracer.stdout.readline().split())
    assert (pid, parent) == (tracer.pid, os.getpid())
    by = tracer_of(pid)
    assert by not in (0, pid)
    group, session = os.getpgid(by), os.getsid(by)
    assert (group == by) == (how not in ("-D", "--daemonize"))
    assert (session == by) == (how in ("-DDD", "--daemonize=session"))
    _, err = tracer.communicate("x\n", timeout=20)
    assert (tracer.returncode, err) == (5, "")
    assert ended() == [5]
    lines = log.read_text().splitlines()
    assert [line.split("(")[0] for line in lines] == ["exit_group", "+++ exited with 5 +++"]


def test_what_a_tracer_in_the_background_says() -> None:
    words = ("-D", "-e", "trace=exit_group", "sh", "-c", "exit 5")
    ours, theirs = both(*words)
    reap_orphans()
    assert ours == theirs
    assert ours[2].startswith("strace: Process N attached\n")


def test_a_death_is_the_commands_own() -> None:
    done = run_seize("trace", "-D", "-o", "/dev/null", "sh", "-c", "kill -TERM $$")
    reap_orphans()
    assert done.returncode == -signal.SIGTERM


@pytest.mark.parametrize("mode", [0o644, 0o755])
def test_a_command_that_can_not_be_run_in_the_background(tmp_path: Path, mode: int) -> None:
    garbage = tmp_path / "garbage"
    garbage.write_text("garbage")
    garbage.chmod(mode)
    done = run_seize("trace", "-D", "-o", "/dev/null", str(garbage))
    reap_orphans()
    reason = "Permission denied" if mode == 0o644 else "Exec format error"
    assert (done.returncode, done.stderr) == (1, f"seize: can't exec '{garbage}': {reason}\n")


def test_a_background_trace_that_can_not_be_written() -> None:
    done = run_seize("trace", "-D", "-o", "/no/such/folder/file", "true")
    reap_orphans()
    assert done.returncode == 1
    assert "/no/such/folder/file" in done.stderr


def test_the_command_goes_on_without_its_tracer() -> None:
    command = seize("trace", "-D", "-o", "/dev/null", "cat", stdin=subprocess.PIPE)
    wait_until(lambda: Path(f"/proc/{command.pid}/comm").read_text() == "cat\n")
    os.kill(tracer_of(command.pid), signal.SIGKILL)
    wait_until(lambda: tracer_of(command.pid) == 0)
    out, _ = command.communicate("still here\n", timeout=20)
    reap_orphans()
    assert (out, command.returncode) == ("still here\n", 0)


def test_a_filter_in_the_background(tmp_path: Path) -> None:
    words = ["-D", "-f", "--seccomp-bpf", "-e", "trace=openat", "-o", str(tmp_path / "log")]
    done = run_seize("trace", *words, "grep", "Seccomp:", "/proc/self/status")
    reap_orphans()
    assert (done.stdout, done.stderr) == ("Seccomp:\t2\n", "")
    assert "/proc/self/status" in (tmp_path / "log").read_text()


# ---------------------------------------------------------------------- -I


def blocked(*words: str) -> subprocess.Popen[str]:
    """A tracer whose command waits for its standard input, and then exits with 5.

    It has a process group of its own: in one that is orphaned, SIGTSTP stops nobody.
    """
    script = "echo ready; read x; exit 5"
    command = ["trace", "-e", "trace=none", *words, "sh", "-c", script]
    tracer = seize(*command, stdin=subprocess.PIPE, process_group=0)
    assert tracer.stdout is not None
    assert tracer.stdout.readline() == "ready\n"
    return tracer


def test_anywhere_a_signal_ends_the_tracer_alone() -> None:
    tracer = blocked("-I1")
    children = Path(f"/proc/{tracer.pid}/task/{tracer.pid}/children").read_text().split()
    tracer.send_signal(signal.SIGINT)
    assert tracer.wait(20) == -signal.SIGINT
    command = int(children[0])
    wait_until(lambda: tracer_of(command) == 0)
    # It has lived on, and gets its line.
    assert state(command) in "RS"
    _, err = tracer.communicate("x\n", timeout=20)
    assert err == ""
    assert ended() == [5]


def test_before_the_trace_an_interrupt_ends_us_as_any_program() -> None:
    interrupted = """
import os, signal
from seize.cli import main, trace
signal.signal(signal.SIGINT, signal.default_int_handler)
trace.parse = lambda *words: os.kill(os.getpid(), signal.SIGINT)
main(["trace", "true"])
"""
    done = subprocess.run([sys.executable, "-c", interrupted], capture_output=True, timeout=30)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, b"")


def test_anywhere_what_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        tracer = blocked("-I1")
    finally:
        signal.signal(signal.SIGINT, before)
    tracer.send_signal(signal.SIGINT)
    _, err = tracer.communicate("x\n", timeout=20)
    assert (tracer.returncode, err) == (5, "+++ exited with 5 +++\n")


@pytest.mark.parametrize("level", ["3", "4", "never", "never_tstp"])
def test_never_a_signal_ends_the_trace(level: str) -> None:
    tracer = blocked(f"-I{level}")
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        tracer.send_signal(signum)
    assert tracer.stdin is not None
    _, err = tracer.communicate("x\n", timeout=20)
    assert tracer.returncode == 5
    assert err.endswith("+++ exited with 5 +++\n")


@pytest.mark.parametrize(("words", "stops"), [(["-I3"], True), (["-I4"], False)])
def test_a_stop_from_the_terminal(words: list[str], stops: bool) -> None:
    tracer = blocked(*words)
    tracer.send_signal(signal.SIGTSTP)
    if stops:
        wait_until(lambda: state(tracer.pid) == "T")
        tracer.send_signal(signal.SIGCONT)
    tracer.communicate("x\n", timeout=20)
    assert tracer.returncode == 5


def test_a_tracer_in_the_background_is_not_stopped_either() -> None:
    script = "read x; exit 5"
    command = seize("trace", "-D", "-o", "/dev/null", "sh", "-c", script, stdin=subprocess.PIPE)
    wait_until(lambda: tracer_of(command.pid) != 0)
    status = Path(f"/proc/{tracer_of(command.pid)}/status").read_text()
    taken = int(status.split("SigCgt:\t")[1].split()[0], 16)
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGTSTP):
        assert taken >> signum - 1 & 1
    command.communicate("x\n", timeout=20)
    reap_orphans()
    assert command.returncode == 5


def _is_free(pid: int) -> bool:
    return tracer_of(pid) == 0


def test_killed_on_exit() -> None:
    for options, ends in (([], False), (["--kill-on-exit"], True)):
        tracer = blocked(*options)
        children = Path(f"/proc/{tracer.pid}/task/{tracer.pid}/children").read_text().split()
        command = int(children[0])
        tracer.kill()
        tracer.wait(20)
        if not ends:
            wait_until(partial(_is_free, command))
        tracer.communicate("x\n", timeout=20)
        assert ended() == [-signal.SIGKILL if ends else 5]
