"""What ``seize trace`` leaves out and shows differently on request, beside strace."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from seize.abi import names
from seize.callsets import CallFilter
from seize.callsets.classes import NAMES as CLASSES
from seize.decode import Decoder
from seize.strace.operands import Operands
from tests.live.support import reap_orphans, run_seize
from tests.unit.json_support import validate

Program = Callable[..., str]
ARCHES = {64: "x86_64", 32: "i386"}
# The last call that strace 6.1 knows.
LAST = 450

_MASKS = [
    (re.compile(r"^\d+ +"), ""),
    (re.compile(r"\) +="), ") ="),
    (re.compile(r"PID=\d+|pid=\d+"), "PID"),
    (re.compile(r"\b(set_tid_address|getpid|gettid|clone3?)(\(.*\)) = \S+"), r"\1\2 = PID"),
    (re.compile(r"0x[0-9a-f]{5,}"), "ADDRESS"),
    (re.compile(r"/\* 20\d\d-\S+ \*/"), "DATE"),
    (re.compile(r"\b(f_\w*free|f_bavail|stx?_ino|\w*nsec|handle_bytes)=\d+"), r"\1=NUMBER"),
    (re.compile(r"\b\d{7,}\b"), "NUMBER"),
    (re.compile(r'getrandom\("[^"]*"'), "getrandom(BYTES"),
]


def masked(text: str) -> list[str]:
    """The lines without what differs from run to run."""
    lines = []
    for line in text.splitlines():
        if re.match("[gs]etsockopt\\(", line):
            # strace 6.1 doesn't know all of the values.
            continue
        for pattern, mask in _MASKS:
            line = pattern.sub(mask, line)
        lines.append(line)
    return lines


def environment() -> dict[str, str]:
    """As little as both tracers need, so that both commands get the same."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def fresh(folder: Path) -> None:
    """Give the programs that work in a folder an empty one: "work"."""
    shutil.rmtree(folder / "work", ignore_errors=True)
    (folder / "work").mkdir()


def strace(folder: Path, *arguments: str) -> str:
    """The log that strace writes."""
    fresh(folder)
    subprocess.run(
        ["strace", "-o", "theirs", *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        timeout=30,
        check=False,
    )
    return (folder / "theirs").read_text()


def seize(folder: Path, *arguments: str) -> str:
    """The log that we write."""
    fresh(folder)
    run_seize("trace", "-o", "ours", *arguments, cwd=folder, env=environment())
    return (folder / "ours").read_text()


def same(folder: Path, *arguments: str, least: int = 1) -> list[str]:
    """Both logs have the same lines, so many at least; they are returned."""
    theirs, ours = masked(strace(folder, *arguments)), masked(seize(folder, *arguments))
    assert ours == theirs
    assert len(ours) >= least
    return ours


# ---------------------------------------------------------------------- which calls


@pytest.mark.parametrize("bits", ARCHES)
def test_the_members_of_each_class(program: Program, tmp_path: Path, bits: int) -> None:
    every_call = program("every_call", bits=bits)
    table = names.syscall_names(ARCHES[bits])
    for name in CLASSES:
        log = strace(tmp_path, "-n", "-e", "raw=all", "-e", f"trace=%{name}", every_call)
        made = re.findall(r"^\[ *(\d+)\] (\w+)\(.*ENOSYS", log, re.MULTILINE)
        theirs = {word for _, word in made if not word.startswith("syscall_0x")}
        numbers = CallFilter(f"%{name}").numbers[ARCHES[bits]]
        assert {table[number] for number in numbers if number <= LAST} == theirs, name


@pytest.mark.parametrize("bits", ARCHES)
def test_all_calls_as_numbers(program: Program, tmp_path: Path, bits: int) -> None:
    arguments = ["-n", "-e", "raw=all", "-e", "signal=none", program("every_call", bits=bits)]
    number = re.compile(r"^\[ *(\d+)\] (?!exit|<)")

    def known(text: str) -> list[str]:
        found = [(number.match(line), line) for line in masked(text)]
        return [line for match, line in found if match and int(match[1]) <= LAST]

    theirs, ours = known(strace(tmp_path, *arguments)), known(seize(tmp_path, *arguments))
    assert ours == theirs
    assert len(ours) > 400


@pytest.mark.parametrize(
    "expression",
    ["chdir,/^exit", "!%file,%desc,%memory,%creds", "none", "5,80", "chdir@32,exit_group@64"],
)
@pytest.mark.parametrize("bits", ARCHES)
def test_trace_sets(program: Program, tmp_path: Path, bits: int, expression: str) -> None:
    same(tmp_path, "-e", f"trace={expression}", program("dec_files", bits=bits), "work")


def test_the_last_of_two_sets_counts(program: Program, tmp_path: Path) -> None:
    lines = same(
        tmp_path, "-e", "trace=mmap", "-e", "trace=openat", program("dec_files"), "work", least=3
    )
    assert not any(line.startswith("mmap") for line in lines)


@pytest.mark.parametrize(
    "options",
    [
        ("-v", "-e", "abbrev=newfstatat,fstat"),
        ("-e", "abbrev=newfstatat,fstat", "-v"),
        ("-v", "-e", "abbrev=!newfstatat"),
        ("-v", "-e", "abbrev=all"),
    ],
)
def test_whole_structs_but_for_some_calls(
    program: Program, tmp_path: Path, options: tuple[str, ...]
) -> None:
    shown = "trace=newfstatat,fstat,uname,statfs"
    same(tmp_path, *options, "-e", shown, program("dec_files"), "work", least=3)


def test_socketcall_is_what_it_stands_for(program: Program, tmp_path: Path) -> None:
    sockets = (program("dec_sockets", bits=32), "work")
    for expression in ("%net", "socketcall", "bind,send", "!socketcall,%memory", "%desc"):
        same(tmp_path, "-e", f"trace={expression}", "-e", "signal=none", *sockets)


# ---------------------------------------------------------------------- which files


@pytest.mark.parametrize("bits", ARCHES)
def test_where_each_call_has_a_path_or_a_descriptor(
    program: Program, tmp_path: Path, bits: int
) -> None:
    here = tmp_path / "here"
    here.write_text("")
    every_call, arch = program("every_call", bits=bits), ARCHES[bits]
    scope = Decoder().tables[arch].scope
    operands = Operands((str(here),), None)
    table = {number: name for number, name in names.syscall_names(arch).items() if number <= LAST}

    class Memory:
        """The path, at 0x1000."""

        def read_prefix(self, address: int, size: int) -> bytes:
            return (str(here).encode() + b"\0")[:size] if address == 0x1000 else b""

        def read(self, address: int, size: int) -> bytes:
            return self.read_prefix(address, size)

    memory = Memory()
    with here.open() as file:
        for kind, value in (("fd", file.fileno()), ("path", 0x1000)):
            for position in range(5):
                options = ("-P", str(here), "-e", "raw=all")
                log = strace(tmp_path, *options, every_call, str(position), kind, str(here))
                theirs = set(re.findall(r"^(\w+)\(.*ENOSYS", log, re.MULTILINE))
                args = tuple(value if index == position else 1000 for index in range(6))
                ours = {
                    name
                    for name in table.values()
                    if operands.match(scope, name, os.getpid(), args, memory)
                }
                # The bits of the address make a set of descriptors for strace.
                sets = {name for name in theirs if re.search("select|^p?poll", name)}
                assert ours - NEWER == theirs - sets - ODD, (kind, position)


NEWER = frozenset(
    (
        # strace 6.1 overlooks these: 7.2 doesn't, but for the new name of rename.
        *("accept", "accept4", "fsconfig", "fsmount", "io_uring_enter", "io_uring_register"),
        *("landlock_add_rule", "landlock_restrict_self", "mq_getsetattr", "mq_notify"),
        *("mq_timedreceive", "mq_timedreceive_time64", "mq_timedsend", "mq_timedsend_time64"),
        *("signalfd", "signalfd4", "timerfd_gettime", "timerfd_gettime64", "timerfd_settime"),
        *("timerfd_settime64", "rename"),
    )
)
ODD = frozenset(
    (
        # strace looks at a buffer that getcwd is about to fill; getpmsg is in no kernel;
        # socketcall's first argument is no descriptor; and it sees rename's first name.
        *("getcwd", "getpmsg", "putpmsg", "socketcall", "rename"),
    )
)


@pytest.mark.parametrize("bits", ARCHES)
@pytest.mark.parametrize("path", ["here", "link", "other"])
def test_paths(program: Program, tmp_path: Path, bits: int, path: str) -> None:
    operands = program("operands", bits=bits)
    (tmp_path / "link").symlink_to("here")
    logs = []
    for tracer in (strace, seize):
        for name in ("here", "other"):
            (tmp_path / name).unlink(missing_ok=True)
        (tmp_path / "here").write_text("")
        logs.append(masked(tracer(tmp_path, "-P", path, operands)))
    assert logs[0] == logs[1]
    assert len(logs[0]) > 1


def test_a_resolved_path_is_told(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "real").write_text("")
    command = ["-e", "trace=close", "-P", "link", "true"]
    done = run_seize("trace", *command, cwd=tmp_path)
    real = tmp_path.resolve() / "real"
    assert done.stderr.splitlines()[0] == f'seize: Requested path "link" resolved into "{real}"'
    done = run_seize("trace", "-e", "quiet=path-resolution", *command, cwd=tmp_path)
    assert "resolved" not in done.stderr


def test_descriptors_by_number(program: Program, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("here")
    shown = masked(seize(tmp_path, "--trace-fds=9", program("operands")))
    assert [line.partition("(")[0] for line in shown] == [
        "dup2",
        "newfstatat" if "newfstatat" in shown[1] else "fstat",
        "close",
        "+++ exited with 0 +++",
    ]
    shown = masked(seize(tmp_path, "-e", "trace=dup2", "-e", "fd=!9", program("operands")))
    assert len(shown) == 2
    # With -P, either is enough.
    shown = masked(seize(tmp_path, "--trace-fds=9", "-P", "./here", program("operands")))
    assert any('"./here"' in line for line in shown)
    assert any(line.startswith("dup2") for line in shown)


# ---------------------------------------------------------------------- how calls end


@pytest.mark.parametrize(
    "status", ["successful", "failed", "unfinished", "!failed", "none", "detached,unavailable"]
)
def test_statuses(program: Program, tmp_path: Path, status: str) -> None:
    same(tmp_path, "-f", "-e", f"status={status}", program("dec_files"), "work")


def test_only_what_succeeds_or_fails(program: Program, tmp_path: Path) -> None:
    succeeds = same(tmp_path, "-z", program("dec_files", bits=32), "work", least=10)
    fails = same(tmp_path, "-Z", program("dec_files", bits=32), "work", least=3)
    assert not set(succeeds[:-1]) & set(fails[:-1])


def test_a_call_that_is_left_in_progress(tmp_path: Path) -> None:
    sleep = ("-e", "trace=clock_nanosleep", "-e", "status=unfinished", "sh", "-c")
    # The shell sleeps itself, and its own signal ends it there.
    asleep = 'until grep -q "(sleep) S" /proc/$$/stat; do /bin/sleep 0.01; done'
    shell = f"exec sh -c '({asleep}; kill -KILL $$) & exec /bin/sleep 60'"
    theirs, ours = (masked(tracer(tmp_path, *sleep, shell)) for tracer in (strace, seize))
    reap_orphans()
    assert ours == theirs
    assert [line.partition("(")[0] for line in ours] == [
        "clock_nanosleep",
        "+++ killed by SIGKILL +++",
    ]


def test_statuses_in_json(program: Program, tmp_path: Path) -> None:
    lines = seize(tmp_path, "--format=json", "-Z", program("dec_files"), "work").splitlines()
    events = [json.loads(line) for line in lines]
    calls = [event for event in events if event["type"] == "syscall"]
    assert calls
    assert all("error" in call for call in calls)
    text = masked(seize(tmp_path, "-Z", program("dec_files"), "work"))
    assert len(text) == len(events)


def test_signals(tmp_path: Path) -> None:
    shell = 'trap "" USR1; kill -USR1 $$; /bin/true; kill -HUP $$'
    for expression in ("none", "usr1", "!CHLD", "sigchld,1", "all"):
        options = ("-e", "trace=none", "-e", f"signal={expression}")
        found = same(tmp_path, *options, "sh", "-c", shell, least=0)
        counts = {"none": 0, "usr1": 1, "!CHLD": 3, "sigchld,1": 3, "all": 4}
        assert len(found) == counts[expression]


def test_signals_in_json(tmp_path: Path) -> None:
    arguments = ["--format=json", "-e", "trace=none", "-e", "s=chld", "sh", "-c", "/bin/true; :"]
    events = [json.loads(line) for line in seize(tmp_path, *arguments).splitlines()]
    assert [event["type"] for event in events] == ["signal", "exited"]


@pytest.mark.parametrize("limit", [1, 3])
def test_so_many_calls(tmp_path: Path, limit: int) -> None:
    arguments = ["-f", "-e", "trace=execve,chdir", "-Z", f"--syscall-limit={limit}"]
    command = ["sh", "-c", "cd /no1; cd /no2; (cd /no3); cd /no4; /bin/echo done"]
    done = run_seize("trace", *arguments, *command, cwd=tmp_path)
    shown = [line for line in done.stderr.splitlines() if "chdir(" in line]
    assert [re.findall(r"/no\d", line) for line in shown] == [
        [f"/no{index + 1}"] for index in range(limit)
    ]
    # The command is let go, and goes on.
    reap_orphans()
    assert done.stdout == "done\n"
    assert done.returncode == 0


# ---------------------------------------------------------------------- how much is shown


@pytest.mark.parametrize("bits", ARCHES)
@pytest.mark.parametrize(
    "options",
    [
        ["-e", "raw=openat,%stat,execve"],
        ["-e", "abbrev=none"],
        ["-e", "abbrev=!execve,uname"],
        ["-e", "verbose=none"],
        ["-e", "verbose=!execve,%stat", "-e", "raw=brk"],
        ["-e", "abbrev=execve", "-e", "trace=execve,openat,%%stat", "-e", "raw=!execve"],
    ],
    ids=" ".join,
)
def test_some_calls_otherwise(
    program: Program, tmp_path: Path, bits: int, options: list[str]
) -> None:
    for name in ("dec_files", "dec_sockets")[: bits // 32]:
        same(tmp_path, *options, "-e", "signal=none", program(name, bits=bits), "work", least=5)


def test_some_calls_otherwise_in_json(program: Program, tmp_path: Path) -> None:
    options = ["-e", "raw=close", "-e", "abbrev=!execve", "-e", "trace=execve,close"]
    log = seize(tmp_path, "--format=json", *options, program("dec_files"), "work")
    events = [json.loads(line) for line in log.splitlines()]
    for event in events:
        validate("", event)
    execve, close = events[0], events[1]
    assert execve["args"]["envp"]["kind"] == "array"
    assert close["args"]["fd"]["kind"] == "hex"
    text = masked(seize(tmp_path, *options, program("dec_files"), "work"))
    assert text[1].startswith("close(0x")


# ---------------------------------------------------------------------- all the data


@pytest.mark.parametrize("bits", ARCHES)
def test_dumps(program: Program, tmp_path: Path, bits: int) -> None:
    transfers = program("transfers", bits=bits)
    lines = same(tmp_path, "-e", "read=all", "-e", "write=all", transfers, least=150)
    assert any(line.startswith(" = ") for line in lines)
    assert sum(line.startswith(" | 00000") for line in lines) > 30


def test_dumps_of_some_descriptors(program: Program, tmp_path: Path) -> None:
    transfers = program("transfers")
    same(tmp_path, "-e", "read=5,8", "-e", "write=!6,3", "-e", "raw=read", transfers, least=50)
    assert not any(" | " in line for line in same(tmp_path, "-e", "read=99", transfers))


def test_dumps_in_json_and_back(program: Program, tmp_path: Path) -> None:
    options = ["-e", "trace=read,recvmmsg,writev,write", "-e", "read=all", "-e", "write=all"]
    log = seize(tmp_path, "--format=json", *options, program("transfers"))
    (tmp_path / "log").write_text(log)
    events = [json.loads(line) for line in log.splitlines()]
    for event in events:
        validate("", event)
    hello = next(event for event in events if event["name"] == "write")
    assert hello["dumps"] == [{"size": 13, "hex": b"hello, world\n".hex()}]
    messages = next(event for event in events if event["name"] == "recvmmsg")["dumps"]
    assert [(dump["message"], dump["buffer"], dump["buffers"]) for dump in messages] == [
        (message, buffer, 3) for message in range(2) for buffer in range(2)
    ]
    again = masked(run_seize("render", "log", cwd=tmp_path).stdout)
    assert again == masked(seize(tmp_path, *options, program("transfers")))


# ---------------------------------------------------------------------- virtual CPUs


def test_why_a_virtual_cpu_came_back(program: Program, tmp_path: Path) -> None:
    arguments = ["-e", "kvm=vcpu", "-e", "trace=openat,ioctl", program("virtual_cpu")]

    def shown(log: str) -> list[str]:
        return [line for line in masked(log) if "KVM_RUN" in line or "/dev/kvm" in line]

    theirs, ours = shown(strace(tmp_path, *arguments)), shown(seize(tmp_path, *arguments))
    assert ours == theirs
    # Without KVM, only the attempt to open it.
    assert len(ours) in (1, 5)
    if len(ours) > 1:
        reasons = [re.findall(r"\((KVM_EXIT_\w+)\)", line) for line in ours[1:]]
        assert reasons == [["KVM_EXIT_IO"], ["KVM_EXIT_MMIO"], ["KVM_EXIT_HLT"], []]
        without = shown(seize(tmp_path, *arguments[2:]))
        assert not any("KVM_EXIT" in line for line in without)
