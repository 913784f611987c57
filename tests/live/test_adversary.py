"""What programs and surroundings do to a tracer that means well."""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seize import kernel
from seize.engine import Tracer
from seize.errors import LaunchError, MemoryFault
from seize.stops import End, EventStop, Exec, Exited, SignalDelivery, Vfork
from tests.live.support import reap_orphans, run_seize, running, seize, state, tracer_of, wait_until
from tests.live.trace_log import read_log

Program = Callable[..., str]

PR_CAPBSET_DROP = 24
CAP_SYS_PTRACE = 19


@pytest.mark.timeout(40)
@pytest.mark.parametrize("method", ["seize", "attach"])
def test_detaching_in_a_storm_of_births_ends_and_leaves_nobody(
    program: Program, method: str
) -> None:
    with running(program("adv_storm")) as process:
        for _ in range(10):
            with Tracer(syscalls=False) as tracer:
                tracer.attach(process.pid, method=method)
                for number, _stop in enumerate(tracer):
                    if number > 300:
                        break
            assert not tracer.tracees
            assert tracer_of(process.pid) == 0
            assert state(process.pid) not in "Tt"
        assert process.poll() is None
        process.kill()
        process.wait()
        reap_orphans()


def test_detaching_a_parent_in_vfork_while_its_child_stays(program: Program) -> None:
    parent = None
    detached = False
    ends = []
    with Tracer() as tracer:
        process = tracer.spawn([program("adv_vfork")], stdout=subprocess.DEVNULL)
        for stop in tracer:
            if isinstance(stop, Vfork):
                parent = stop.tracee
            elif isinstance(stop, EventStop) and parent is not None and not detached:
                assert stop.tracee.vfork_parent is parent
                tracer.detach(parent)
                detached = True
            elif isinstance(stop, End):
                ends.append(stop)
    assert detached
    assert [type(end) for end in ends] == [Exited]
    assert ends[0].tid != process.pid
    assert os.waitpid(process.pid, 0)[1] == 4 << 8


def test_detaching_a_vfork_pair_that_was_attached_in_the_middle(program: Program) -> None:
    with running(program("adv_vfork")) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        wait_until(lambda: state(process.pid) == "D")
        with Tracer() as tracer:
            parent = tracer.attach(process.pid)
            tracer.attach(int(children.read_text()))
            for stop in tracer:
                if stop.tracee.process is not parent:
                    tracer.detach(parent)
                    break
            ends = [stop.tid for stop in tracer if isinstance(stop, End)]
        assert process.pid not in ends
        assert process.wait() == 4


def test_a_signal_given_at_detach_reaches_a_running_tracee() -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        with Tracer() as tracer:
            traced = tracer.attach(process.pid)
            for stop in tracer:
                if isinstance(stop, EventStop):
                    stop.tracee.resume()
                    tracer.detach(traced, signal=signal.SIGTERM)
        assert process.wait() == -signal.SIGTERM


def test_attached_while_stopped_and_continued_it_is_not_stopped_at_detach(
    program: Program,
) -> None:
    with running(program("ticker")) as process:
        os.kill(process.pid, signal.SIGSTOP)
        wait_until(lambda: state(process.pid) == "T")
        continued = 0
        with Tracer() as tracer:
            tracer.attach(process.pid, method="attach")
            for number, stop in enumerate(tracer):
                if number == 2:
                    os.kill(process.pid, signal.SIGCONT)
                continued += continued > 0
                if isinstance(stop, SignalDelivery) and stop.signal == signal.SIGCONT:
                    continued = 1
                if continued > 10:
                    break
        assert continued
        wait_until(lambda: state(process.pid) not in "Tt")
        assert tracer_of(process.pid) == 0
        os.kill(process.pid, signal.SIGTERM)
        # Its handler for SIGTERM ran.
        assert process.wait() == 9


def test_a_process_whose_leader_has_exited_is_attached(program: Program) -> None:
    with running(program("adv_leader")) as process:
        wait_until(lambda: state(process.pid) == "Z")
        with Tracer() as tracer:
            traced = tracer.attach(process.pid)
            assert len(traced.tracees) == 2
            assert process.pid not in traced.tracees
            stop = tracer.next()
            assert isinstance(stop, EventStop)
            assert stop.initial
        assert process.poll() is None


def test_attaching_twice_is_attaching_once(program: Program) -> None:
    with running(program("ticker")) as process, Tracer() as tracer:
        traced = tracer.attach(process.pid)
        assert tracer.attach(process.pid) is traced
        assert len(tracer.tracees) == 1


def test_without_free_descriptors_the_launch_fails_by_name() -> None:
    tracer = Tracer()
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = os.dup(0)
    os.close(lowest)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, limits[1]))
        with pytest.raises(LaunchError) as caught:
            tracer.spawn(["/bin/true"])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert caught.value.errno == errno.EMFILE
    tracer.close()


def test_few_descriptors_are_enough() -> None:
    done = run_seize(
        *("trace", "-o", "/dev/null", "sh", "-c", "ulimit -n"),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (10, 10)),
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "10\n", "")


def test_a_tracee_that_closes_its_memory_to_us_is_traced_on(
    program: Program, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    done = run_seize(
        *("trace", "-o", str(log), program("adv_undumpable")),
        preexec_fn=lambda: kernel.prctl(PR_CAPBSET_DROP, CAP_SYS_PTRACE),
    )
    assert (done.returncode, done.stderr) == (3, "")
    after = log.read_text().partition("PR_SET_DUMPABLE")[2]
    assert "openat(AT_FDCWD, 0x" in after


def test_memory_has_ends() -> None:
    with Tracer() as tracer:
        tracer.spawn(["/bin/true"])
        for stop in tracer:
            if isinstance(stop, Exec):
                memory = stop.tracee.memory
                for address in (0, (1 << 63) - 1, 1 << 63, (1 << 64) - 1, 1 << 64, -1):
                    for force in (False, True):
                        with pytest.raises(MemoryFault):
                            memory.write(address, b"xy", force=force)
                    with pytest.raises(MemoryFault):
                        memory.read(address, 2)


def test_a_tracer_that_ignores_sigchld_still_sees_the_end() -> None:
    done = run_seize(
        *("trace", "-f", "-o", "/dev/null", "grep", "SigIgn", "/proc/self/status"),
        preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN),
    )
    assert done.returncode == 0
    assert int(done.stdout.split()[1], 16) >> signal.SIGCHLD - 1 & 1


def test_the_environment_is_passed_on_as_it_is() -> None:
    environment = {"A": "1", "PATH": "/bin:/usr/bin", "LC_ALL": ""}
    done = run_seize("trace", "-o", "/dev/null", "env", env=environment)
    assert dict(line.split("=", 1) for line in done.stdout.splitlines()) == environment


@pytest.mark.parametrize("signum", [33, 64])
def test_death_by_a_signal_that_the_c_library_keeps_for_itself(signum: int) -> None:
    code = f"import os; os.kill(os.getpid(), {signum})"
    done = run_seize(
        *("trace", "-o", "/dev/null", sys.executable, "-c", code),
        preexec_fn=lambda: default_disposition(signum),
    )
    assert (done.returncode, done.stderr) == (-signum, "")


def default_disposition(signum: int) -> None:
    """Don't pass on that our parent ignores a signal, by rt_sigaction(2): the library refuses."""
    rt_sigaction, size_of_mask, sigaction = 13, 8, ctypes.create_string_buffer(32)
    assert ctypes.CDLL(None).syscall(rt_sigaction, signum, sigaction, None, size_of_mask) == 0


def test_death_by_a_signal_that_we_were_started_with_blocked() -> None:
    code = (
        "import os, signal as s; s.pthread_sigmask(s.SIG_UNBLOCK, [s.SIGTERM]);"
        "os.kill(os.getpid(), s.SIGTERM)"
    )
    done = run_seize(
        *("trace", "-o", "/dev/null", sys.executable, "-c", code),
        preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM]),
    )
    assert done.returncode == -signal.SIGTERM


def test_a_first_process_of_a_pid_namespace_says_how_the_command_died() -> None:
    command = [sys.executable, "-m", "seize", "trace", "-o", "/dev/null", "sh", "-c", "kill -9 $$"]
    done = subprocess.run(["unshare", "-pf", "--mount-proc", *command], check=False, timeout=30)
    assert done.returncode == 128 + signal.SIGKILL


def test_standard_error_that_somebody_made_non_blocking() -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    loop = "i=0; while [ $i -lt 1000 ]; do i=$((i+1)); : >/dev/null; done"
    process = seize("trace", "sh", "-c", loop, stderr=writer)
    os.close(writer)
    # Sleeping in poll, with a pipe that is full, and nobody to read from it until now.
    wait_until(lambda: process.poll() is not None or "poll" in wchan(process.pid))
    with open(reader, "rb") as stream:
        text = stream.read()
    process.communicate()
    assert process.returncode == 0
    assert text.endswith(b"+++ exited with 0 +++\n")
    assert text.count(b'openat(AT_FDCWD, "/dev/null"') == 1000


def wchan(pid: int) -> str:
    """In which function of the kernel the process sleeps."""
    return Path(f"/proc/{pid}/wchan").read_text()


@pytest.mark.parametrize("closed", ["2>&-", "<&- >&- 2>&-"])
def test_closed_standard_streams(closed: str, tmp_path: Path) -> None:
    command = f'"{sys.executable}" -m seize trace'
    result = tmp_path / "result"
    script = f'{command} sh -c "ls -l /proc/self/fd >{result}; exit 3" {closed}'
    assert subprocess.run(["sh", "-c", script], check=False, timeout=30).returncode == 3
    script = f'sh -c "ls -l /proc/self/fd >{result}.bare; exit 3" {closed}'
    assert subprocess.run(["sh", "-c", script], check=False, timeout=30).returncode == 3
    bare = Path(f"{result}.bare").read_text()
    assert [line.split()[8] for line in result.read_text().splitlines()[1:]] == [
        line.split()[8] for line in bare.splitlines()[1:]
    ]


def test_help_without_standard_output_and_in_a_poor_encoding() -> None:
    script = f'"{sys.executable}" -m seize --help >&-'
    assert subprocess.run(["sh", "-c", script], check=False, timeout=30).returncode == 0
    done = run_seize("--help", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "seize trace" in done.stdout


def test_a_leader_superseded_in_a_call_that_is_not_shown(program: Program) -> None:
    for _ in range(5):
        done = run_seize("trace", "-f", "-e", "trace=execve", program("exec_from_thread"), "5")
        assert done.returncode == 7
        assert "+++ superseded by execve" in done.stderr
        assert "<... pause resumed>" not in done.stderr


@pytest.mark.parametrize("options", [("-m",), ("-p", "-f")])
def test_tracing_without_a_proc_of_our_own(options: tuple[str, ...], tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = "/bin/true; (/bin/true; exit 4); /bin/true & wait; exit 3"
    hide = "mount -t tmpfs none /proc && " if "-m" in options else ""
    script = f'{hide}exec "$0" -m seize trace -f -o {log} sh -c "$1"'
    unshare = ["unshare", *options, "sh", "-c", script, sys.executable, command]
    assert subprocess.run(unshare, check=False, timeout=30).returncode == 3
    assert read_log(log.read_text()).problems == []
    assert log.read_text().count("+++ exited with") == 5


def test_attaching_without_proc_says_what_it_needs() -> None:
    script = 'mount -t tmpfs none /proc && exec "$0" -m seize trace -p 1'
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, sys.executable],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert "/proc" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words", [{"argv": ["true", "a\0b"]}, {"argv": ["true"], "env": {"a=b": "c"}}]
)
def test_words_that_no_system_call_can_say(words: dict[str, Any]) -> None:
    with Tracer() as tracer, pytest.raises(LaunchError) as caught:
        tracer.spawn(**words)
    assert caught.value.errno == errno.EINVAL
