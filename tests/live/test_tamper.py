"""``seize.tamper``: whatever a block starts is tampered with, and the program itself isn't."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import seize
from seize.errors import SeizeError, UsageError
from seize.tampering import Change
from tests.live.support import reap_orphans, running, state, tracer_of, wait_until

Builder = Callable[..., str]
COMMAND = ["/bin/uname"]


def failed(argv: list[str]) -> bool:
    return subprocess.run(argv, capture_output=True, timeout=30).returncode != 0


def by_run() -> bool:
    return failed(COMMAND)


def by_posix_spawn() -> bool:
    pid = os.posix_spawn(
        COMMAND[0],
        COMMAND,
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)],
    )
    return os.waitpid(pid, 0)[1] != 0


def by_system() -> bool:
    return os.system("/bin/uname 2>/dev/null") != 0


def by_fork_and_exec() -> bool:
    return failed(["sh", "-c", "/bin/uname || exit 3"])


def by_preexec_fn() -> bool:
    # With such a function, subprocess forks in the ordinary way.
    done = subprocess.run(COMMAND, capture_output=True, timeout=30, preexec_fn=os.setsid)
    return done.returncode != 0


def _uname() -> None:
    try:
        os.uname()
    except PermissionError:
        os._exit(7)


def by_multiprocessing() -> bool:
    process = multiprocessing.get_context("fork").Process(target=_uname)
    process.start()
    process.join()
    return process.exitcode == 7


def in_a_thread() -> bool:
    results: list[bool] = []
    thread = threading.Thread(target=lambda: results.append(by_run()))
    thread.start()
    thread.join()
    return results == [True]


@pytest.mark.parametrize(
    "start",
    [
        by_run,
        by_posix_spawn,
        by_system,
        by_fork_and_exec,
        by_preexec_fn,
        by_multiprocessing,
        in_a_thread,
    ],
)
def test_whatever_the_block_starts(start: Callable[[], bool]) -> None:
    with seize.tamper("uname", error="EPERM") as tampering:
        assert start()
        assert os.uname(), "our own calls are left alone"
        assert {fired.call for fired in tampering.fired} == {"uname"}
        assert os.getpid() not in {fired.tid for fired in tampering.fired}
    assert {fired.done for fired in tampering.fired} == {"EPERM"}
    assert not start()


def test_which_calls_are_counted(program: Builder) -> None:
    with seize.tamper("chdir", error="EIO", when="2+2") as tampering:
        done = subprocess.run(
            [program("tampered"), "family"], capture_output=True, text=True, timeout=30
        )
    assert sorted(done.stdout.splitlines()) == sorted(
        [
            *("main -1 ENOENT", "child -1 ENOENT", "child -1 EIO"),
            *("thread -1 ENOENT", "thread -1 EIO", "main -1 EIO", "main -1 ENOENT"),
        ]
    )
    assert [fired.ordinal for fired in tampering.fired] == [2, 2, 2]


def test_nothing_shows_of_the_tracer() -> None:
    deaths: list[int] = []
    before = signal.signal(signal.SIGCHLD, lambda number, frame: deaths.append(number))
    try:
        with seize.tamper("uname", error="EPERM"):
            assert tracer_of(os.getpid()) != 0
            assert not deaths
            assert by_run()
            assert len(deaths) == 1
    finally:
        signal.signal(signal.SIGCHLD, before)
    assert tracer_of(os.getpid()) == 0
    with pytest.raises(ChildProcessError):
        os.wait()


def test_children_that_go_on_are_let_go() -> None:
    with seize.tamper("nanosleep,clock_nanosleep", error="EPERM", when=2):
        process = subprocess.Popen(["sleep", "30"])
        wait_until(lambda: state(process.pid) == "S")
        assert tracer_of(process.pid) != 0
    try:
        assert tracer_of(process.pid) == 0
        wait_until(lambda: state(process.pid) == "S")
    finally:
        process.kill()
        assert process.wait() == -signal.SIGKILL


def test_a_delayed_child_is_let_go_and_its_call_runs() -> None:
    with seize.tamper("uname", error="EPERM", delay_enter=1000) as tampering:
        process = subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True)
        wait_until(lambda: bool(tampering.fired))
    assert process.communicate(timeout=30)[0].strip() == "Linux"
    assert process.returncode == 0


def test_a_block_that_raises() -> None:
    with pytest.raises(KeyError), seize.tamper("uname", error="EPERM"):
        assert by_run()
        raise KeyError
    assert tracer_of(os.getpid()) == 0
    assert not by_run()


def test_blocks_inside_each_other() -> None:
    with seize.tamper("uname", error="EPERM") as outer:
        with seize.tamper("/^chdir$", error="EIO") as inner:
            assert failed(["sh", "-c", "cd /; /bin/uname"])
            assert by_run()
        assert [fired.call for fired in inner.fired] == ["chdir"]
        assert subprocess.run(["sh", "-c", "cd /"], timeout=30).returncode == 0
        count = len(outer.fired)
        assert by_run()
        assert len(outer.fired) == count + 1
    assert not by_run()
    with seize.tamper("uname", error="EPERM"):
        with pytest.raises(UsageError), seize.tamper("chdir", do=print):
            pass
        assert by_run()


def test_functions_run_on_decoded_values(program: Builder) -> None:
    def change(what: Change) -> None:
        what.fail("EXDEV") if what.ordinal == 2 else what.succeed(5)

    with seize.tamper(lambda call: call.name == "chdir", do=change) as tampering:
        done = subprocess.run(
            [program("tampered"), "chdir", "2"], capture_output=True, text=True, timeout=30
        )
    assert done.stdout.splitlines() == ["main 5", "main -1 EXDEV"]
    assert [fired.done for fired in tampering.fired] == ["returns 5", "EXDEV"]
    with seize.tamper("chdir", where=lambda call: call.args.pathname == "/", error="EIO") as rooted:
        assert failed(["sh", "-c", "cd /tmp && cd /"])
    assert [fired.text for fired in rooted.fired] == ['chdir("/")']


def test_a_class_of_calls() -> None:
    with seize.tamper("%file", error="EACCES", path="/tmp*") as tampering:
        assert failed(["sh", "-c", "cd /tmp"])
        assert not failed(["sh", "-c", "cd /"])
    assert {fired.text for fired in tampering.fired} >= {'chdir("/tmp")'}


def test_a_function_that_raises() -> None:
    def fail(what: Change) -> None:
        raise ValueError("not so")

    with pytest.raises(SeizeError, match="ValueError: not so"), seize.tamper("uname", do=fail):
        subprocess.run(COMMAND, capture_output=True, timeout=30)
    assert tracer_of(os.getpid()) == 0


def test_attached(program: Builder) -> None:
    with running(program("ticker")) as process:
        with seize.tamper("getppid", retval=1, attach=process) as tampering:
            wait_until(lambda: len(tampering.fired) > 2)
            assert tracer_of(process.pid) != 0
            assert tracer_of(os.getpid()) == 0
        assert tracer_of(process.pid) == 0
        assert process.poll() is None


def test_what_cant_be_attached() -> None:
    with (
        pytest.raises(SeizeError, match="no such process"),
        seize.tamper("write", error="EIO", attach=2**22 + 1),
    ):
        pass


def test_traced_already() -> None:
    code = (
        "import seize\n"
        "try:\n"
        "    with seize.tamper('uname', error='EPERM'): pass\n"
        "except seize.SeizeError as error: print(error)\n"
    )
    with seize.tamper("chdir", error="EPERM"):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, cwd="/"
        )
    assert "it is traced already, by process" in done.stdout


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGINT])
def test_the_program_dies_in_the_block(signum: int) -> None:
    code = (
        "import seize, subprocess, sys\n"
        "with seize.tamper('uname', error='EPERM'):\n"
        "    process = subprocess.Popen(['sleep', '30'], stdout=subprocess.DEVNULL)\n"
        "    print(process.pid, flush=True)\n"
        "    process.wait()\n"
    )
    program = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert program.stdout is not None
    child = int(program.stdout.readline())
    try:
        wait_until(lambda: state(child) == "S")
        program.send_signal(signum)
        program.wait(timeout=30)
        wait_until(lambda: tracer_of(child) == 0)
        wait_until(lambda: state(child) == "S")
    finally:
        program.stdout.close()
        os.kill(child, signal.SIGKILL)
    wait_until(_nobody_left)


def test_the_program_can_be_stopped_in_the_block() -> None:
    code = (
        "import seize, subprocess, sys\n"
        "with seize.tamper('uname', error='EPERM'):\n"
        "    print('ready', flush=True)\n"
        "    sys.stdin.readline()\n"
        "    print(subprocess.run(['uname'], stderr=subprocess.DEVNULL).returncode)\n"
    )
    program = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    try:
        assert program.stdout.readline() == "ready\n"
        program.send_signal(signal.SIGSTOP)
        assert os.WIFSTOPPED(os.waitpid(program.pid, os.WUNTRACED)[1])
        program.send_signal(signal.SIGCONT)
        assert program.communicate("go on\n", timeout=30)[0] == "1\n"
    finally:
        program.kill()
        program.wait()
    wait_until(_nobody_left)


def _nobody_left() -> bool:
    """Whether no child is left, once those that are ours by adoption have been waited for."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue
    except ChildProcessError:
        return True
    return False


CROWDED = """
import os, resource, seize
def block():
    try:
        with seize.tamper("uname", error="EPERM"):
            return "fits"
    except seize.SeizeError as error:
        return error
block()
before = os.listdir("/proc/self/fd")
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
for room in range(12):
    resource.setrlimit(resource.RLIMIT_NOFILE, (3 + room, hard))
    told = block()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    print(told, len(os.listdir("/proc/self/fd")) - len(before))
"""


def test_a_table_of_descriptors_that_is_full() -> None:
    command = [sys.executable, "-c", CROWDED]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    # The tracers were orphans, which come to us.
    reap_orphans()
    lines = done.stdout.splitlines()
    assert (done.stderr, len(lines)) == ("", 12)
    few = [line for line in lines if line != "fits 0"]
    assert 4 < len(few) < 12
    assert lines == few + ["fits 0"] * (12 - len(few))
    assert all(re.fullmatch("can't tamper: .*Too many open files.* 0", line) for line in few)


def test_interrupted_at_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    before = os.listdir("/proc/self/fd")
    with monkeypatch.context() as patched:
        patched.setattr("seize.tampering.block._fork_twice", interrupted)
        with pytest.raises(KeyboardInterrupt):
            seize.tamper("uname", error="EPERM").__enter__()
    assert os.listdir("/proc/self/fd") == before
    with seize.tamper("uname", error="EPERM"):
        assert by_run()


def test_other_threads_get_no_signal() -> None:
    ends = threading.Event()
    thread = threading.Thread(target=ends.wait)
    thread.start()
    deaths: list[int] = []
    before = signal.signal(signal.SIGCHLD, lambda number, frame: deaths.append(number))
    try:
        for _ in range(3):
            deaths.clear()
            with seize.tamper("uname", error="EPERM"):
                assert deaths == []
                assert by_run()
                assert len(deaths) == 1
    finally:
        signal.signal(signal.SIGCHLD, before)
        ends.set()
        thread.join()


def test_without_proc() -> None:
    code = (
        "import seize\n"
        "try:\n seize.tamper('uname', error='EPERM').__enter__()\n"
        "except seize.SeizeError as error: print(error)"
    )
    inner = f'umount -l /proc && exec "{sys.executable}" -c "$1"'
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", inner, "sh", code]
    if os.geteuid() == 0:
        command[1:3] = []
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    if done.returncode:
        pytest.skip(f"/proc can't be taken away here: {done.stderr}")
    assert done.stdout == "can't tamper: this process can't be found in /proc; is it mounted?\n"


def test_what_makes_no_sense() -> None:
    for calls, options in (
        ("uname", {}),
        ("no_such_call", {"error": "EIO"}),
        ("uname", {"error": "ENOSUCH"}),
        ("uname", {"error": "EIO", "retval": 1}),
        ("uname", {"error": "EIO", "when": "0"}),
        ("uname", {"signal": "SIGNONE"}),
        ("uname", {"args": {"nonsense": 1}}),
        ("clone", {"args": {"flags": 1}}),
        ("uname", {"syscall": "write"}),
        ("write", {"short": "2/1"}),
        ("write", {"rate": 2, "error": "EIO"}),
        ("write", {"delay_enter": -1}),
        ("write", {"poke_enter": {0: b"x"}}),
    ):
        with pytest.raises(UsageError):
            seize.tamper(calls, **options)


def test_the_tracer_is_killed() -> None:
    with pytest.raises(SeizeError, match="has died"), seize.tamper("uname", error="EPERM"):
        assert by_run()
        os.kill(tracer_of(os.getpid()), signal.SIGKILL)
        wait_until(lambda: tracer_of(os.getpid()) == 0)
        assert not by_run()
    assert not by_run()


def test_the_example_of_the_docs() -> None:
    text = (Path(__file__).parents[2] / "docs" / "tampering.md").read_text()
    code = text.split("```python\n")[1].split("```")[0]
    wanted = text.split("```text\n")[1].split("```")[0]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    reap_orphans()
    assert (done.stdout, done.stderr) == (wanted, "")
