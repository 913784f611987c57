"""``seize trace`` as a user meets it: exit statuses, signals, errors, formats."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.live.support import (
    reap_orphans,
    run_seize,
    running,
    seize,
    state,
    system_calls_made,
    tracer_of,
    wait_until,
)

Program = Callable[..., str]
SEIZE = [sys.executable, "-m", "seize"]


# ---------------------------------------------------------------------- wrong usage

WRONG = [
    ([], 2, "must have PROG [ARGS] or -p PID (try 'seize trace --help')"),
    (["-Q", "true"], 2, "invalid option -- 'Q'"),
    (["--nosuch", "true"], 2, "unrecognized option '--nosuch'"),
    (["-o"], 2, "option requires an argument -- 'o'"),
    (["--summary-s=x"], 2, "option '--summary-s=x' is ambiguous; possibilities: '--summary-s"),
    (["-e", "trace=nosuch", "true"], 2, "invalid system call 'nosuch'"),
    (["-e", "trace=%nosuch", "true"], 2, "invalid system call '%nosuch'"),
    (["-e", "trace=/(", "true"], 2, "regcomp: (: Unmatched ( or"),
    (["-e", "colour=red", "true"], 2, "invalid system call 'colour=red'"),
    (["-s", "x", "true"], 2, "invalid -s argument: 'x'"),
    (["-p", "0x1"], 2, "Invalid process id: '0x1'"),
    (["-I", "9", "true"], 2, "invalid -I argument: '9'"),
    (["--placement=moon", "true"], 2, "invalid --placement argument: 'moon'"),
    (["no-such-command"], 1, "can't exec 'no-such-command': No such file or directory"),
    (["/"], 1, "can't exec '/': Permission denied"),
    (["-o", "/no/such/folder/file", "true"], 1, "Can't fopen '/no/such/folder/file': No such"),
    (["-o", "/", "true"], 1, "Can't fopen '/': Is a directory"),
    (["-p", "99999999"], 1, "can't attach to process 99999999: no such process"),
]


@pytest.mark.parametrize(("arguments", "status", "message"), WRONG)
def test_bad_input_is_one_clear_line(arguments: list[str], status: int, message: str) -> None:
    done = run_seize("trace", *arguments)
    assert done.returncode == status
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("seize: ")
    assert message in done.stderr


def test_a_pid_that_we_may_not_trace(program: Program) -> None:
    with running(program("ticker")) as process:
        first = seize("trace", "-o", "/dev/null", "-p", str(process.pid))
        try:
            wait_until(lambda: tracer_of(process.pid) == first.pid)
            done = run_seize("trace", "-p", str(process.pid))
        finally:
            first.terminate()
            first.communicate()
        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 1
        assert f"can't attach to process {process.pid}" in done.stderr
        assert str(first.pid) in done.stderr


def test_verbs_help_and_version() -> None:
    assert "usage: seize trace" in run_seize("--help").stdout
    assert "usage: seize trace" in run_seize("trace", "--help").stdout
    assert re.fullmatch(r"seize \d+\.\d+\.\d+\n", run_seize("--version").stdout)
    done = run_seize("nosuch")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


# ---------------------------------------------------------------------- exit statuses


@pytest.mark.parametrize("status", [0, 1, 77, 255])
def test_the_exit_status_is_passed_through(status: int) -> None:
    done = run_seize("trace", "-o", "/dev/null", "sh", "-c", f"exit {status}")
    assert (done.returncode, done.stderr) == (status, "")


@pytest.mark.parametrize("signum", ["KILL", "TERM", "SEGV", "INT", "RTMIN"])
def test_death_by_a_signal_is_passed_through(signum: str) -> None:
    done = run_seize("trace", "-o", "/dev/null", "sh", "-c", f"kill -{signum} $$")
    plain = subprocess.run(["sh", "-c", f"kill -{signum} $$"], check=False)
    assert done.returncode == plain.returncode < 0


def test_a_file_that_is_no_program_shows_the_call_and_the_reason(tmp_path: Path) -> None:
    garbage = tmp_path / "garbage"
    garbage.write_text("garbage")
    garbage.chmod(0o755)
    done = run_seize("trace", str(garbage))
    lines = done.stderr.splitlines()
    assert done.returncode == 1
    assert len(lines) == 2
    assert lines[0].endswith("= -1 ENOEXEC (Exec format error)")
    assert lines[1] == f"seize: can't exec '{garbage}': Exec format error"


# ---------------------------------------------------------------------- interrupts


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_fatal_signal_ends_the_command_and_us(program: Program, signum: signal.Signals) -> None:
    """As strace: the command gets the signal, we detach and die by the same."""
    tracer = seize("trace", "-f", program("ticker"))
    assert tracer.stdout is not None
    assert tracer.stderr is not None
    assert tracer.stdout.readline() == "ready\n"
    tracer.send_signal(signum)
    _, err = tracer.communicate(timeout=20)
    assert tracer.returncode == -signum
    assert re.search(r"seize: Process (\d+) detached", err)
    # The command's handler for any signal but SIGTERM ends it with 100 and the number.
    expected = 9 if signum == signal.SIGTERM else 100 + signum
    assert [os.waitstatus_to_exitcode(status) for status in reap_orphans()] == [expected]


def test_an_interrupted_attach_detaches_and_the_process_goes_on(program: Program) -> None:
    with running(program("ticker")) as process:
        for signum in (signal.SIGINT, signal.SIGTERM):
            tracer = seize("trace", "-p", str(process.pid))
            wait_until(lambda: tracer_of(process.pid) != 0)
            time.sleep(0.05)
            tracer.send_signal(signum)
            _, err = tracer.communicate(timeout=20)
            assert tracer.returncode == -signum
            # A call that was going on ends with strace's remark.
            parted = f"seize: Process {process.pid} detached\n"
            assert err.removesuffix(" <detached ...>\n").endswith(parted)
            assert f"seize: Process {process.pid} attached\n" in err
            assert tracer_of(process.pid) == 0
            assert state(process.pid) in "SR"
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(10) == 9


def test_a_tracer_that_a_script_started_in_the_background_hears_its_interrupt(
    program: Program,
) -> None:
    """A shell without job control ignores SIGINT for what it starts with ``&``."""
    script = (
        f"{sys.executable} -m seize trace -qq -o /dev/null -p $0 & tracer=$!; "
        "until grep -q 'TracerPid:.[1-9]' /proc/$0/status && "
        "grep -q wait /proc/$tracer/wchan; do sleep 0.02; done; "
        "kill -INT $tracer; wait $tracer; echo $?"
    )
    with running(program("ticker")) as process:
        done = subprocess.run(
            ["sh", "-c", script, str(process.pid)], capture_output=True, text=True, timeout=40
        )
        assert done.stdout.splitlines()[-1] == str(128 + signal.SIGINT)
        assert tracer_of(process.pid) == 0
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(10) == 9


def test_an_interrupt_reaches_us_while_every_tracee_sleeps() -> None:
    for _ in range(10):
        tracer = seize("trace", "sleep", "60")
        assert tracer.stderr is not None
        shown = b""
        # The line of the blocked call has no end yet.
        while b"nanosleep(" not in shown:
            shown += os.read(tracer.stderr.fileno(), 1000)
        tracer.send_signal(signal.SIGINT)
        tracer.communicate(timeout=20)
        assert tracer.returncode == -signal.SIGINT
        assert reap_orphans() == [signal.SIGINT]


def test_with_a_trace_file_the_command_alone_decides_about_signals(
    program: Program, tmp_path: Path
) -> None:
    """strace's -I 3, the default for -o FILE COMMAND."""
    tracer = seize("trace", "-o", str(tmp_path / "log"), program("ticker"), "300")
    assert tracer.stdout is not None
    assert tracer.stdout.readline() == "ready\n"
    tracer.send_signal(signal.SIGINT)
    tracer.send_signal(signal.SIGTERM)
    tracer.communicate(timeout=20)
    assert tracer.returncode == 0
    assert (tmp_path / "log").read_text().endswith("+++ exited with 0 +++\n")


@pytest.mark.parametrize("kill_on_exit", [True, False])
def test_killing_the_tracer(program: Program, tmp_path: Path, kill_on_exit: bool) -> None:
    options = ["--kill-on-exit"] if kill_on_exit else []
    log = tmp_path / "log"
    tracer = seize("trace", "-f", "-o", str(log), *options, program("ticker"))
    wait_until(lambda: log.exists() and "getppid" in log.read_text())
    pid = int(log.read_text().split()[0])
    tracer.kill()
    tracer.wait()
    if kill_on_exit:
        assert os.waitpid(pid, 0)[1] == signal.SIGKILL
    else:
        wait_until(lambda: tracer_of(pid) == 0)
        assert state(pid) in "SR"
        os.kill(pid, signal.SIGTERM)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9
    tracer.communicate()


# ---------------------------------------------------------------------- output that fails


@pytest.mark.parametrize("options", [[], ["-c"], ["-C"], ["--format=json"]])
def test_a_full_disk_is_told_once_and_the_command_goes_on(options: list[str]) -> None:
    done = run_seize("trace", *options, "-o", "/dev/full", "sh", "-c", "echo done; exit 7")
    assert (done.returncode, done.stdout) == (7, "done\n")
    assert done.stderr == "seize: can't write to '/dev/full': No space left on device\n"


def test_a_full_disk_behind_a_file_of_each_thread(tmp_path: Path) -> None:
    script = f"""ln -s /dev/full {tmp_path}/log.$$; exec "$0" -m seize trace -D -ff \
        -o {tmp_path}/log sh -c 'sh -c :; echo done; exit 7'"""
    done = subprocess.run(
        ["sh", "-c", script, sys.executable], capture_output=True, text=True, timeout=30
    )
    # With -D, the command is the process that made the link to its own file.
    assert (done.returncode, done.stdout) == (7, "done\n")
    reap_orphans()
    full, other = sorted(tmp_path.iterdir(), key=os.path.islink, reverse=True)
    assert done.stderr == f"seize: can't write to '{full}': No space left on device\n"
    assert other.read_text().endswith("+++ exited with 0 +++\n")


def test_messages_and_trace_on_a_full_disk() -> None:
    for options in (["-f"], ["-c"], ["-A"], ["-d"]):
        with open("/dev/full", "w") as full:
            command = [*SEIZE, "trace", *options, "sh", "-c", "exit 9"]
            done = subprocess.run(command, stderr=full, timeout=30)
        assert done.returncode == 9
    with open("/dev/full", "w") as full:
        assert subprocess.run([*SEIZE, "trace"], stderr=full, timeout=30).returncode == 2


def test_a_closed_pipe_ends_the_trace_without_a_word(tmp_path: Path) -> None:
    command = f"sleep 0.2; ls /; echo > {tmp_path}/done"
    reader, writer = os.pipe()
    tracer = subprocess.Popen([*SEIZE, "trace", "sh", "-c", command], stderr=writer, stdout=-3)
    os.close(writer)
    os.read(reader, 100)
    os.close(reader)
    assert tracer.wait(20) == 1
    assert reap_orphans() == [0]
    assert (tmp_path / "done").exists()


def test_what_was_written_is_there_when_the_tracer_is_killed(
    program: Program, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    command = ["sh", "-c", "echo a; read x"]
    tracer = seize("trace", "-o", str(log), "--kill-on-exit", *command, stdin=subprocess.PIPE)
    assert tracer.stdout is not None
    assert tracer.stdout.readline() == "a\n"
    wait_until(lambda: log.read_text().endswith("read(0, "))
    tracer.kill()
    tracer.communicate()
    assert 'write(1, "a\\n", 2)' in log.read_text()
    assert reap_orphans() == [signal.SIGKILL]


# ---------------------------------------------------------------------- formats


def columns(text: str) -> list[tuple[str, str, str]]:
    found = []
    for line in text.splitlines():
        match = re.match(r"(\[pid +\d+\] )?(?:[\d:.]+ )?(\w+)\(.*?( +)= ", line)
        if match:
            found.append((match[2], match[1] or "", match[3]))
    return found


@pytest.mark.parametrize(
    ("option", "pattern"),
    [
        ("-t", r"\d\d:\d\d:\d\d "),
        ("-tt", r"\d\d:\d\d:\d\d\.\d{6} "),
        ("-ttt", r"\d{10}\.\d{6} "),
        ("--absolute-timestamps=us", r"\d\d:\d\d:\d\d\.\d{6} "),
    ],
)
def test_time_stamps(option: str, pattern: str) -> None:
    done = run_seize("trace", option, "true")
    lines = done.stderr.splitlines()
    assert all(re.match(pattern + r"(\w+\(|\+\+\+)", line) for line in lines), lines


def test_time_stamps_are_now() -> None:
    before = time.time()
    done = run_seize("trace", "-ttt", "-e", "trace=exit_group", "true")
    stamp = float(done.stderr.split()[0])
    assert before <= stamp <= time.time()


def test_time_spent_in_calls() -> None:
    done = run_seize("trace", "-T", "sleep", "0.05")
    nap = next(line for line in done.stderr.splitlines() if "nanosleep" in line)
    seconds = float(re.fullmatch(r".* <(\d+\.\d{6})>", nap)[1])  # type: ignore[index]
    assert 0.05 <= seconds < 5


def test_string_limit() -> None:
    text = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH"
    for limit, shown in [(None, '"' + text[:32] + '"...'), (5, '"abcde"...'), (44, f'"{text}"')]:
        options = [] if limit is None else ["-s", str(limit)]
        done = run_seize("trace", *options, "-e", "trace=write", "printf", text)
        assert f"write(1, {shown}, 44)" in done.stderr


def test_results_are_aligned() -> None:
    for option, width in [([], 40), (["-a", "60"], 60), (["-a0"], 0)]:
        done = run_seize("trace", *option, "-e", "trace=close", "cat", "/dev/null")
        lines = [line for line in done.stderr.splitlines() if line.startswith("close(")]
        assert lines
        for line in lines:
            assert line.index("= ") == max(width, len("close(1) "))


def test_filters() -> None:
    def names(expression: str) -> set[str]:
        done = run_seize("trace", "-e", expression, "cat", "/dev/null")
        assert done.returncode == 0
        return set(re.findall(r"^(\w+)\(", done.stderr, re.MULTILINE))

    everything = names("trace=all")
    assert names("trace=openat,close") == {"openat", "close"}
    assert names("openat") == {"openat"}
    assert names("trace=!openat") == everything - {"openat"}
    assert names("trace=none") == set()
    assert names("trace=/^m(map|un)") == {"mmap", "munmap"}
    assert names("trace=?nosuch,brk") == {"brk"}
    assert names("trace=12") == {"brk"}
    assert {"openat", "execve", "access"} <= names("trace=%file")
    assert "close" not in names("trace=%file")
    assert {"openat", "close", "read", "mmap"} <= names("trace=%desc")
    assert names("trace=file") == names("trace=%file")


def test_signals_stops_and_ends_are_shown(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.touch()
    script = "/bin/true; (exit 0); kill -STOP $$; trap : USR1; kill -USR1 $$; kill -TERM $$"
    tracer = seize("trace", "-f", "-o", str(log), "sh", "-c", script)
    wait_until(lambda: "--- stopped by SIGSTOP ---" in log.read_text())
    pid = int(log.read_text().split()[0])
    os.kill(pid, signal.SIGCONT)
    tracer.communicate(timeout=20)
    assert tracer.returncode == -signal.SIGTERM
    text = log.read_text()
    assert re.search(rf"^{pid} +--- stopped by SIGSTOP ---$", text, re.MULTILINE)
    assert f"--- SIGUSR1 {{si_signo=SIGUSR1, si_code=SI_USER, si_pid={pid}, si_uid=0}} ---" in text
    assert re.search(rf"^{pid} +--- SIGCONT {{", text, re.MULTILINE)
    assert re.search(rf"^{pid} +\+\+\+ killed by SIGTERM \+\+\+$", text, re.MULTILINE)
    assert len(re.findall(r"\+\+\+ exited with 0 \+\+\+$", text, re.MULTILINE)) == 2


def test_overlapping_threads_are_unfinished_and_resumed(program: Program) -> None:
    done = run_seize("trace", "-f", program("overlap"))
    pids = set(re.findall(r"^\[pid +(\d+)\]", done.stderr, re.MULTILINE))
    assert len(pids) == 4
    cut = len(re.findall(r" <unfinished \.\.\.>$", done.stderr, re.MULTILINE))
    resumed = len(re.findall(r"<\.\.\. \w+ resumed>", done.stderr))
    assert cut == resumed > 50
    assert re.search(
        r"^\[pid +\d+\] <\.\.\. clock_nanosleep resumed>NULL\) = 0$", done.stderr, re.M
    )


def test_several_processes_by_pid(program: Program) -> None:
    with running(program("ticker")) as one, running(program("ticker")) as two:
        pids = [str(one.pid), str(two.pid)]
        tracer = seize("trace", "-p", pids[0], "-p", pids[1])
        wait_until(lambda: all(tracer_of(int(pid)) for pid in pids))
        for process in (one, two):
            # A turn of the ticker is two calls, of two stops each: some whole turns.
            enough = system_calls_made(process.pid) + 20
            wait_until(lambda pid=process.pid, n=enough: system_calls_made(pid) > n)  # type: ignore[misc]
        for process in (one, two):
            os.kill(process.pid, signal.SIGTERM)
            assert process.wait(10) == 9
        _, err = tracer.communicate(timeout=10)
    assert tracer.returncode == 0
    for pid in pids:
        # In one piece, or cut by the other process.
        whole = rf"^\[pid +{pid}\] (getppid\(|<\.\.\. getppid resumed>)\) +="
        assert re.search(whole, err, re.MULTILINE)
    assert err.count("+++ exited with 9 +++") == 2


def test_a_process_with_threads_is_attached_whole(program: Program, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.touch()
    with running(program("many_threads"), "5") as process:
        tracer = seize("trace", "-f", "-o", str(log), "-p", str(process.pid))
        tasks = [int(name) for name in os.listdir(f"/proc/{process.pid}/task")]
        assert len(tasks) == 6
        ids = {str(task) for task in tasks}
        wait_until(lambda: set(re.findall(r"^(\d+) +", log.read_text(), re.MULTILINE)) == ids)
        tracer.send_signal(signal.SIGINT)
        _, err = tracer.communicate(timeout=10)
        assert f"seize: Process {process.pid} attached with 6 threads\n" in err


def test_a_program_that_becomes_32_bit_is_announced(program: Program) -> None:
    path = program("overlap", bits=32)
    done = run_seize("trace", path)
    lines = done.stderr.splitlines()
    assert lines[0].startswith("execve(")
    assert re.fullmatch(r"\[ Process PID=\d+ runs in 32 bit mode\. \]", lines[1])


@pytest.mark.parametrize("bits", [64, 32])
def test_a_call_that_is_taken_up_again_after_a_stop(program: Program, bits: int) -> None:
    command = ["trace=/nanosleep|restart", program("restarted", bits=bits)]
    ours = run_seize("trace", "-e", *command)
    theirs = subprocess.run(
        ["strace", "-e", *command], capture_output=True, text=True, check=True, timeout=20
    )
    assert ours.returncode == 0
    pids = [r"(si_pid=)\d+", r"(si_.time=)\d+( /\* [\d.]+ s \*/)?", r"(PID=)\d+"]
    pids.append(r"(tv_sec=0, tv_nsec=)\d{8,9}")

    def masked(text: str) -> str:
        for pattern in pids:
            text = re.sub(pattern, r"\1N", text)
        return text

    assert "resuming interrupted clock_nanosleep" in ours.stderr
    assert masked(ours.stderr) == masked(theirs.stderr)


def test_the_last_but_one_thread_still_says_who_it_was() -> None:
    done = run_seize("trace", "-f", "-q", "-e", "trace=none", "sh", "-c", "(exit 3); :")
    first, *_, last = done.stderr.splitlines()
    assert re.fullmatch(r"\[pid +\d+\] \+\+\+ exited with 3 \+\+\+", first)
    assert last == "+++ exited with 0 +++"
