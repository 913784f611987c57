"""Where the trace goes and what stands before its lines: -o, -ff, -A, -t, -r, -T, -Y, -d."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from seize.strace import Settings
from seize.strace.tips import TIPS, choice, tip
from tests.live.support import reap_orphans, run_seize, seize, tracer_of, wait_until
from tests.live.test_cli_trace import SEIZE
from tests.unit.json_support import validate

Program = Callable[..., str]


def strace(*arguments: str, **options: object) -> str:
    """What strace writes to standard error."""
    done = subprocess.run(  # type: ignore[call-overload]
        ["strace", *arguments],
        **{"capture_output": True, "text": True, "timeout": 30, "check": False, **options},
    )
    text: str = done.stderr
    return text


# ---------------------------------------------------------------------- times


NAP = ["-e", "trace=clock_nanosleep", "sleep", "0.02"]
TIMES = [
    ["-r"],
    ["-r", "-t"],
    ["-r", "-tt"],
    ["-r", "-ttt"],
    ["--relative-timestamps=s"],
    ["--relative-timestamps=ms"],
    ["--relative-timestamps=ns", "-tt"],
    *[[f"--absolute-timestamps=precision:{unit}"] for unit in ("s", "ms", "us", "ns")],
    *[[f"--timestamps=unix,{unit}"] for unit in ("s", "ms", "us", "ns")],
    ["-tt", "-T"],
    *[[f"--syscall-times={unit}"] for unit in ("s", "ms", "us", "ns")],
]


def shape(text: str) -> list[str]:
    """The lines with every digit of a time replaced."""
    lines = [re.sub(r"0x[0-9a-f]+", "X", line) for line in text.splitlines()]
    return [re.sub(r"\d", "0", line) for line in lines]


@pytest.mark.parametrize("options", TIMES, ids=" ".join)
def test_times_have_straces_form(options: list[str]) -> None:
    ours = run_seize("trace", *options, *NAP).stderr
    assert shape(ours) == shape(strace(*options, *NAP))


def test_relative_times_add_up() -> None:
    lines = run_seize("trace", "-r", "sleep", "0.05").stderr.splitlines()
    passed = [float(line.split()[0]) for line in lines]
    assert passed[0] == 0
    assert all(seconds >= 0 for seconds in passed)
    nap = next(index for index, line in enumerate(lines) if "clock_nanosleep" in line)
    assert passed[nap + 1] >= 0.05


def test_no_time_after_all() -> None:
    assert run_seize("trace", "--timestamps=format:none", *NAP).stderr.startswith("clock_")


# ---------------------------------------------------------------------- -o '|COMMAND'


@pytest.mark.parametrize("sign", ["|", "!"])
def test_a_command_reads_the_trace(tmp_path: Path, sign: str) -> None:
    kept = tmp_path / "kept"
    command = f"{sign}cat > {kept}; sleep 0.1; echo over >> {kept}; exit 4"
    done = run_seize("trace", "-o", command, "-e", "trace=write", "sh", "-c", "echo hi; exit 3")
    assert (done.returncode, done.stdout, done.stderr) == (3, "hi\n", "")
    lines = kept.read_text().splitlines()
    assert lines[0].startswith('write(1, "hi\\n", 3)')
    # We wait for it, and its exit status is its own.
    assert lines[-1] == "over"


def test_a_command_that_stops_reading_is_told_of_once(tmp_path: Path) -> None:
    reader = f"|exec <&-; touch {tmp_path}/closed"
    script = f"until [ -e {tmp_path}/closed ]; do sleep 0.01; done; echo > {tmp_path}/x; exit 3"
    done = run_seize("trace", "-o", reader, "sh", "-c", script)
    assert done.returncode == 3
    assert done.stderr == f"seize: {reader}: Broken pipe\n"
    assert (tmp_path / "x").exists()


def test_the_commands_on_both_sides_have_ordinary_signals(tmp_path: Path) -> None:
    """Python ignores SIGPIPE; neither the reader nor the tracee may inherit that."""
    log = tmp_path / "log"
    read = "grep SigIgn /proc/self/status"
    run_seize("trace", "-o", f"|{read} > {log}; cat > /dev/null", "true")
    ignored = int(log.read_text().split()[1], 16)
    assert not ignored >> (signal.SIGPIPE - 1) & 1
    done = run_seize("trace", "-o", "|cat > /dev/null", "sh", "-c", "ls /proc/self/fd")
    assert done.stdout.split() == ["0", "1", "2", "3"]


# ---------------------------------------------------------------------- files


def test_appending_and_replacing(tmp_path: Path) -> None:
    log = tmp_path / "log"
    for options, times in (([], 1), (["-A"], 2), (["-A"], 3), ([], 1)):
        run_seize("trace", *options, "-o", str(log), "-e", "trace=exit_group", "true")
        assert log.read_text().count("+++ exited with 0 +++") == times


def test_files_have_the_usual_permissions(tmp_path: Path) -> None:
    for mask, mode in ((0o22, 0o644), (0o77, 0o600)):
        log = tmp_path / f"log{mask}"
        run_seize("trace", "-ff", "-o", str(log), "true", umask=mask)
        run_seize("trace", "-o", str(log), "true", umask=mask)
        files = list(tmp_path.glob(f"log{mask}*"))
        assert len(files) == 2
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {mode}


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    command = ["touch", str(tmp_path / "touched")]
    done = run_seize("trace", "-ff", "-o", str(tmp_path / "no" / "log"), *command)
    assert done.returncode == 1
    # Nothing runs unseen.
    assert reap_orphans() in ([], [signal.SIGKILL])
    assert not (tmp_path / "touched").exists()
    assert re.fullmatch(
        r"seize: Can't fopen '.*/no/log\.\d+': No such file or directory\n", done.stderr
    )


# ---------------------------------------------------------------------- -ff


def separate(folder: Path, *command: str) -> dict[int, list[str]]:
    """The lines of each thread's file, under both tracers' names of it."""
    assert not list(folder.iterdir())
    subprocess.run(command, cwd=folder, timeout=60, check=False, stdout=subprocess.DEVNULL)
    return {
        int(path.suffix[1:]): path.read_text().splitlines()
        for path in sorted(folder.iterdir(), key=lambda path: int(path.suffix[1:]))
    }


def masked(lines: list[str]) -> list[str]:
    """Lines without ids and addresses; without the environment's size."""
    text = "\n".join(lines)
    text = re.sub(r"0x[0-9a-f]{4,}", "X", text)
    text = re.sub(r"/\* \d+ vars \*/", "V", text)
    return re.sub(r"\b\d{2,7}\b", "N", text).splitlines()


def test_a_file_for_each_process(tmp_path: Path) -> None:
    calls = "trace=execve,write,vfork,wait4,openat,exit_group"
    command = ["-ff", "-o", "log", "-e", calls, "sh", "-c", "/bin/echo a; /bin/echo b; exit 3"]
    (tmp_path / "ours").mkdir()
    (tmp_path / "theirs").mkdir()
    ours = separate(tmp_path / "ours", *SEIZE, "trace", *command)
    theirs = separate(tmp_path / "theirs", "strace", *command)
    assert len(ours) == 3
    # In no order: the ids of a parent and its children may wrap around.
    assert sorted(map(masked, ours.values())) == sorted(map(masked, theirs.values()))


def test_execve_by_another_thread(program: Program, tmp_path: Path) -> None:
    """The leader's file goes on with the rest of the call, the caller's tells who it is now."""
    (tmp_path / "ours").mkdir()
    command = ["-ff", "-T", "-o", "log", program("exec_from_thread")]
    files = separate(tmp_path / "ours", *SEIZE, "trace", *command)
    (leader,) = [tid for tid, lines in files.items() if "+++ superseded by" in "\n".join(lines)]
    lines = files.pop(leader)
    end = next(i for i, line in enumerate(lines) if line.startswith("+++ superseded by execve"))
    # Whatever the leader was in, its line has an end.
    assert re.search(r"\) += ", lines[end - 1])
    caller = int(lines[end].split()[-2])
    assert re.fullmatch(r"<\.\.\. execve resumed>\) += 0 <\d+\.\d{6}>", lines[end + 1])
    assert files[caller][-1].endswith(f" <pid changed to {leader} ...>")
    assert lines[-1] == "+++ exited with 7 +++"
    for tid, others in files.items():
        assert not any("[pid" in line or "resumed" in line for line in others)
        if tid != caller:
            assert others[-1] == "+++ exited with 0 +++"


def test_a_thread_of_which_nothing_is_shown_has_an_empty_file(
    program: Program, tmp_path: Path
) -> None:
    command = ["-ff", "-qq", "-e", "trace=none", "-o", str(tmp_path / "log"), program("overlap")]
    run_seize("trace", *command)
    assert [path.stat().st_size for path in tmp_path.iterdir()] == [0, 0, 0, 0]


def test_separate_files_of_json(program: Program, tmp_path: Path) -> None:
    run_seize("trace", "-ff", "--format=json", "-o", str(tmp_path / "log"), program("overlap"))
    files = list(tmp_path.iterdir())
    assert len(files) == 4
    for path in files:
        events = [json.loads(line) for line in path.read_text().splitlines()]
        for event in events:
            validate("", event)
        assert {event["tid"] for event in events} == {int(path.suffix[1:])}
        assert events[-1]["type"] == "exited"
    exec_folder = tmp_path / "exec"
    exec_folder.mkdir()
    command = ["--format=json", "-ff", "-o", "log", program("exec_from_thread")]
    found = separate(exec_folder, *SEIZE, "trace", *command)
    threads = [[json.loads(line) for line in lines] for lines in found.values()]
    (leader,) = [each for each in threads if any(one["type"] == "superseded" for one in each)]
    types = [event["type"] for event in leader]
    after = leader[types.index("superseded") + 1]
    assert (after["name"], after["result"]["value"]) == ("execve", 0)


def test_a_cut_call_ends_in_its_own_file(tmp_path: Path) -> None:
    for tracer in ([*SEIZE, "trace"], ["strace"]):
        folder = tmp_path / tracer[0].replace("/", "_")
        folder.mkdir()
        command = ["-ff", "-e", "trace=clock_nanosleep", "-o", str(folder / "log")]
        asleep = "until grep -q '(sleep) S' /proc/$!/stat; do sleep 0.01; done"
        shell = f"sleep 60 & kill -KILL $!; wait; sleep 60 & {asleep}; kill -KILL $!; wait"
        subprocess.run([*tracer, *command, "sh", "-c", shell], timeout=30, check=False)
        cut = [
            lines[0]
            for path in folder.iterdir()
            if len(lines := path.read_text().splitlines()) == 2
            and lines[1] == "+++ killed by SIGKILL +++"
            # Killed at the very entry, nothing is known of the call.
            and not lines[0].startswith("???(")
        ]
        assert cut
        for line in cut:
            assert line.startswith("clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=60, tv_nsec=0}, ")
            assert line.endswith(" <unfinished ...>) = ?")


# ---------------------------------------------------------------------- thread ids


def test_ids_always(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = ["--always-show-pid", "-e", "trace=exit_group", "true"]
    for line in run_seize("trace", *command).stderr.splitlines():
        assert re.match(r"\[pid +\d+\] ", line)
    run_seize("trace", "-o", str(log), *command)
    for line in log.read_text().splitlines():
        assert re.match(r"\d+ +(exit_group|\+\+\+)", line)
    run_seize("trace", "-o", str(log), *command[1:])
    assert log.read_text().startswith("exit_group(0) ")


def test_ids_of_several_processes_without_follow(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with subprocess.Popen(["sleep", "60"]) as process:
        tracer = seize("trace", "-o", str(log), "-p", str(process.pid), "true")
        wait_until(lambda: tracer_of(process.pid) == tracer.pid)
        process.kill()
        tracer.communicate(timeout=20)
    ids = [re.match(r"(\d+) +\S", line) for line in log.read_text().splitlines()]
    assert len({match and match[1] for match in ids}) == 2
    assert all(ids)


COMMANDS = ["-f", "-e", "trace=getpid,getppid,kill,vfork,wait4,execve"]


def named(text: str) -> list[str]:
    """Lines with the tracer's name and all ids masked."""
    text = re.sub(r"<(strace|python[\d.]*)>", "<tracer>", text)
    text = re.sub(r"^\w+: Process", "Process", text, flags=re.MULTILINE)
    text = re.sub(r"0x[0-9a-f]+ /\* \d+ vars \*/", "V", re.sub(r"0x[0-9a-f]{4,}", "X", text))
    return sorted(re.sub(r"\b\d{2,7}\b", "N", re.sub(r"pid +", "pid ", text)).splitlines())


def test_names_of_commands() -> None:
    command = ["-Y", *COMMANDS, "sh", "-c", "kill -0 $$; /bin/true"]
    ours = run_seize("trace", *command).stderr
    assert re.search(r"^(\[pid +\d+<sh>\] )?kill\((\d+)<sh>, 0\)", ours, re.MULTILINE)
    assert re.search(r"\[pid +\d+<true>\] \+\+\+ exited with 0 \+\+\+", ours)
    for line in ("getpid() = N<sh>", "getppid() = N<tracer>", "kill(N<sh>, 0) = 0"):
        for found in (ours, strace(*command)):
            assert line in [re.sub(r" +=", " =", entry) for entry in named(found)]


def test_ids_of_another_namespace() -> None:
    shell = ["unshare", "-pf", "sh", "-c", "kill -0 $$"]
    command = ["--decode-pids=pidns", "-f", "-e", "trace=getpid,kill", *shell]
    ours, theirs = run_seize("trace", *command).stderr, strace(*command)
    if "Operation not permitted" in theirs:
        pytest.skip("no new pid namespaces here")
    assert named(ours) == named(theirs)
    assert re.search(r"kill\(1 /\* \d+ in strace's PID NS \*/, 0\) = 0", ours)
    both = run_seize("trace", "--decode-pids=comm,pidns", *command[1:]).stderr
    assert re.search(r"kill\(1<sh> /\* \d+ in strace's PID NS \*/, 0\) = 0", both)


def test_names_of_commands_in_json(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = ["-Y", "-e", "trace=getpid,kill", "sh", "-c", "kill -0 $$"]
    run_seize("trace", "--format=json", "-o", str(log), *command)
    events = [json.loads(line) for line in log.read_text().splitlines()]
    for event in events:
        validate("", event)
    call = next(event for event in events if event.get("name") == "kill")
    pid = call["args"]["pid"]
    assert pid == {"kind": "pid", "value": call["pid"], "command": "sh", "outer": None}
    assert f"kill({pid['value']}<sh>, 0)" in run_seize("render", str(log)).stdout


# ---------------------------------------------------------------------- contexts, namespaces


def test_security_contexts(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    try:
        os.setxattr(file, "security.selinux", b"u:r:some_t:s0\0")
    except OSError as error:
        pytest.skip(f"no security.selinux here: {error}")
    command = ["-y", "-e", "trace=openat,read,close", "cat", str(file)]
    text = run_seize("trace", "--secontext=full", *command).stderr
    context = re.escape("[u:r:some_t:s0]")
    path = re.escape(str(file))
    opened = rf'openat\(AT_FDCWD<.*>, "{path}" {context}, O_RDONLY\) = 3<{path}> {context}'
    assert re.search(opened, text)
    assert re.search(rf'read\(3<{path}> {context}, "x", \d+\) = 1', text)
    assert re.search(rf"close\(3<{path}> {context}\) += 0", text)
    short = run_seize("trace", "--secontext", *command).stderr
    assert re.search(opened.replace(context, r"\[some_t\]"), short)
    log = tmp_path / "log"
    run_seize("trace", "--secontext=full", "--format=json", "-o", str(log), *command)
    for line in log.read_text().splitlines():
        validate("", json.loads(line))
    assert re.search(opened, run_seize("render", str(log)).stdout)


def test_namespaces_that_are_entered() -> None:
    shell = ["unshare", "-n", "-u", "readlink", "/proc/self/ns/net", "/proc/self/ns/uts"]
    done = run_seize("trace", "--namespace=new", "-e", "trace=unshare", *shell)
    if "EPERM" in done.stderr:
        pytest.skip("no new namespaces here")
    net, uts = done.stdout.split()
    assert re.search(rf" = 0 \({re.escape(f'{net}, {uts}')}\)$", done.stderr, re.MULTILINE)
    plain = run_seize("trace", "-e", "trace=unshare", *shell)
    assert re.search(r" = 0$", plain.stderr, re.MULTILINE)


# ---------------------------------------------------------------------- -d, --tips


def test_debugging() -> None:
    done = run_seize("trace", "-d", "-o", "/dev/null", "sh", "-c", "kill -9 $$")
    lines = done.stderr.splitlines()
    assert all(line.startswith("seize: debug: ") for line in lines)
    assert "command=('sh', '-c', 'kill -9 $$')" in lines[0]
    text = done.stderr
    assert re.search(r"wait: \d+ 0x4057f: stopped by SIGTRAP, PTRACE_EVENT_EXEC$", text, re.M)
    assert re.search(r"wait: \d+ 0x857f: stopped at a system call$", text, re.M)
    assert re.search(r"event: \d+ SyscallExit kill$|event: \d+ SyscallEnter kill$", text, re.M)
    assert re.search(r"wait: \d+ 0x9: killed by SIGKILL$", text, re.M)
    assert re.search(r"event: \d+ Killed$", text, re.M)


def test_tips() -> None:
    assert len(TIPS) == 12
    assert choice("") == ("random", "compact")
    assert choice("id:3,format:full") == choice("full,3") == ("3", "full")
    assert tip("3", "none") == ""
    assert " ".join(tip("1", "compact").split()) == " ".join(TIPS[1].split())
    assert tip("1", "compact") == tip(str(1 + len(TIPS)), "compact")
    box = tip("0", "full").splitlines()
    assert len({len(line) for line in box}) == 1
    assert tip("random", "compact") in [tip(str(index), "compact") for index in range(len(TIPS))]
    for wrong in ("foo", "id:foo", "format:1", "id:-1", "1,,2"):
        with pytest.raises(Exception, match=f"invalid --tips argument: '{wrong}'"):
            choice(wrong)


def test_a_tip_comes_last(tmp_path: Path) -> None:
    code = (
        "import seize.strace as s; "
        "s.trace(s.Settings(command=('true',), trace='none', tips=('2', 'compact')))"
    )
    done = subprocess.run(
        [os.fsdecode(SEIZE[0]), "-c", code], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stderr == "+++ exited with 0 +++\n" + tip("2", "compact")
    assert Settings().tips is None
