"""The tables and judgements of ``seize sweep``, without a tracee."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from seize._frozen import replace
from seize.abi.names import errno_number, syscall_number
from seize.cli.options import parse
from seize.cli.sweep import OPTIONS, settings
from seize.errors import UsageError
from seize.sweep import Report, Settings, report
from seize.sweep.calls import Seen
from seize.sweep.faults import SHORT, TABLE, faults_of, known_errors
from seize.sweep.inject import Target
from seize.sweep.outcome import Outcome
from seize.sweep.plan import targets
from seize.sweep.rules import MATTERS, harmless
from seize.sweep.state import State
from seize.sweep.tail import Closes
from seize.sweep.verdict import FINDINGS, MEANINGS, Baseline, baseline_of, judge
from seize.sweep.workplace import Traces

WRITE = Seen("0", "write", 1, 3, "write", "file", "out", 3, 10, False, False, False, "write(…)")
SEQUENCE = ["openat -1", "write 3", "write 3", "write 3", "close 3", "exit_group -1"]
OUTCOME = Outcome(
    0, "", [], "write(…) = -1", 3, {"0": SEQUENCE}, [], [WRITE], 0, [], [], 6, 10, 0.1
)
TRACES = Traces((5, "digest"), "", {"out": ("0o100644", 10, "digest")}, None)
BASELINE = baseline_of((OUTCOME, TRACES), (OUTCOME, TRACES))


# ---------------------------------------------------------------------- the table of faults


def test_each_call_of_the_table_exists() -> None:
    # What i386's socketcall(2) stands for has no number of its own.
    for name in TABLE.keys() - {"fcntl_lock", "send", "recv"}:
        assert any(syscall_number(arch, name) is not None for arch in ("x86_64", "i386")), name


def test_each_fault_is_an_error_or_a_short_count() -> None:
    for error in known_errors() - {SHORT}:
        assert errno_number(error), error
    assert "ENOSYS" not in known_errors()


def test_calls_that_matter_can_fail() -> None:
    assert TABLE.keys() >= MATTERS


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, ("ENOSPC", "EIO", SHORT)),
        ({"result": 1}, ("ENOSPC", "EIO")),
        ({"kind": "pipe"}, ("EPIPE",)),
        ({"kind": "pipe", "result": 5000}, ("EPIPE", SHORT)),
        ({"kind": "stream"}, ("EPIPE", SHORT)),
        ({"kind": "socket"}, ("ENOBUFS",)),
        ({"kind": "anonymous"}, ()),
        ({"failed": True}, ()),
        ({"table_name": "getpid"}, ()),
        ({"table_name": "fcntl"}, ()),
        ({"table_name": "fcntl_lock"}, ("EAGAIN", "ENOLCK")),
        ({"table_name": "fsync"}, ("EIO",)),
        ({"table_name": "read", "kind": "file"}, ("EIO", SHORT)),
    ],
)
def test_faults_of_a_call(changes: dict[str, Any], faults: tuple[str, ...]) -> None:
    assert faults_of(replace(WRITE, **changes)) == faults


# ---------------------------------------------------------------------- which runs


def test_the_plan_leaves_out_what_was_not_asked_for() -> None:
    seen = [
        WRITE,
        replace(WRITE, role="0.1"),
        replace(WRITE, startup=True, ordinal=2),
        replace(WRITE, name="fsync", table_name="fsync"),
    ]
    settings = Settings(("x",), errors=frozenset(("EIO",)))

    def keys(**changes: Any) -> list[str]:
        return [target.key for target in targets(replace(settings, **changes), seen)[0]]

    assert keys() == ["0/write:1/EIO", "0.1/write:1/EIO", "0/fsync:1/EIO"]
    assert keys(follow=False) == ["0/write:1/EIO", "0/fsync:1/EIO"]
    assert keys(startup=True)[2] == "0/write:2/EIO"
    assert keys(wants=lambda name: name == "fsync") == ["0/fsync:1/EIO"]
    assert keys(only=("0.1/write:1/EIO",)) == ["0.1/write:1/EIO"]
    assert keys(sample=2, seed=1) == keys(sample=2, seed=1)
    assert len(keys(sample=2)) == 2
    assert {tuple(keys(sample=1, seed=seed)) for seed in range(20)} == {
        ("0/write:1/EIO",),
        ("0.1/write:1/EIO",),
        ("0/fsync:1/EIO",),
    }


def test_a_limit_spreads_over_the_kinds() -> None:
    seen = [replace(WRITE, ordinal=n) for n in range(1, 50)]
    seen.append(replace(WRITE, name="fsync", table_name="fsync", ordinal=1))
    seen.insert(0, replace(WRITE, about="/dev/null"))
    seen.insert(0, replace(WRITE, name="getcwd", table_name="getcwd"))

    def keys(limit: int) -> list[str]:
        planned, possible = targets(Settings(("x",), limit=limit), seen)
        assert possible == 50 * 3 + 2
        return [f"{target.seen.about} {target.key}" for target in planned]

    writes = ["out 0/write:1/ENOSPC", "out 0/write:1/EIO", "out 0/write:1/short"]
    assert keys(4) == [*writes, "out 0/fsync:1/EIO"]
    assert keys(5) == ["out 0/getcwd:1/ENOENT", *keys(4)]
    system = ["/dev/null 0/write:1/ENOSPC", "/dev/null 0/write:1/EIO", "/dev/null 0/write:1/short"]
    assert keys(8) == ["out 0/getcwd:1/ENOENT", *system, *keys(4)]
    assert keys(9) == [*keys(8)[:-1], "out 0/write:2/ENOSPC", "out 0/fsync:1/EIO"]


# ---------------------------------------------------------------------- options


def test_options_become_settings() -> None:
    told = options("--jobs=3", "-j4", "--errors=EIO,short", "--no-follow", "--only=a", "--only=b")
    assert (told.jobs, told.follow, told.only) == (4, False, ("a", "b"))
    assert told.errors == {"EIO", "short"}
    assert told.wants("write")
    assert options("--timeout=0.5").timeout == 0.5
    wants = options("--calls=%file,fsync").wants
    assert [name for name in ("openat", "stat64", "fsync", "write") if wants(name)] == [
        "openat",
        "stat64",
        "fsync",
    ]


def options(*words: str) -> Settings:
    return settings(parse(OPTIONS, list(words))[0], ("true",))


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("--jobs=0", "--jobs can't be '0'"),
        ("--limit=-1", "--limit can't be '-1'"),
        ("--timeout=soon", "--timeout can't be 'soon'"),
        ("--timeout=0", "--timeout can't be '0'"),
        ("--timeout=nan", "--timeout can't be 'nan'"),
        ("--errors=ENOSYS", "no call is made to fail with 'ENOSYS'"),
        ("--calls=nosuch", "invalid system call 'nosuch'"),
        ("--directory=/no/such", "there is no folder '/no/such'"),
    ],
)
def test_wrong_options(word: str, message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        options(word)


def test_a_file_that_has_no_results(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for text in ("word", "word\n", "[]\n", '{"sweep": 1}\n{}\n'):
        path.write_text(text)
        with pytest.raises(UsageError):
            State(Settings(("true",), resume=str(path)))
        assert path.read_text() == text


# ---------------------------------------------------------------------- verdicts

REACTED = {"0": [*SEQUENCE[:4], "write 3", *SEQUENCE[4:]]}
OTHER = {"out": ("0o100644", 4, "another")}
JUDGED: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any], str, str]] = [
    # the outcome, the traces, the call, the verdict, what is said
    ({}, {}, {}, "silent", "exit status 0; it goes on"),
    ({"sequences": REACTED}, {}, {}, "recovered", "exit status 0"),
    ({"status": 1}, {}, {}, "clean", "exit status 1"),
    ({"status": 1}, {"stderr": "out: full\nmore"}, {}, "clean", "saying: out: full"),
    ({"status": 1}, {"files": OTHER}, {}, "clean", "exit status 1"),
    ({"status": -13}, {}, {}, "clean", "killed by SIGPIPE"),
    ({"status": -15}, {}, {}, "crashed", "killed by SIGTERM"),
    (
        {"status": -11, "killed": [("0", 11)]},
        {},
        {},
        "crashed",
        "the command was killed by SIGSEGV",
    ),
    ({"status": 1, "killed": [("0.1", 6)]}, {}, {}, "crashed", "process 0.1 was killed by SIGABRT"),
    ({"status": 1, "killed": [("0.1", 15)]}, {}, {}, "clean", "exit status 1"),
    ({"stuck": "time", "sitting": ["thread 0 computes"]}, {}, {}, "hung", "thread 0 computes"),
    ({"stuck": "left"}, {}, {}, "hung", "a process that it had made didn't"),
    ({"fired": ""}, {}, {}, "missed", "wasn't made"),
    ({"status": 1}, {"check": "bad\nvery"}, {}, "broken", "the check fails: bad"),
    ({"status": 1, "double_closes": [("0", "close(3)")]}, {}, {}, "double close", "close(3)"),
    ({}, {"files": OTHER}, {}, "wrong", "out differs (4 bytes instead of 10)"),
    ({}, {"files": {}}, {}, "wrong", "out is missing"),
    ({"sequences": REACTED}, {"stdout": (4, "x")}, {}, "wrong", "4 bytes instead of 5"),
    ({}, {"files": OTHER}, {"about": "/etc/passwd"}, "degraded", "out differs"),
    ({}, {}, {"fd": 2}, "ignored", "nobody left to tell"),
    ({}, {}, {"table_name": "read", "about": "/etc/passwd"}, "ignored", "optional"),
    ({}, {}, {"table_name": "read"}, "silent", "goes on"),
    ({}, {}, {"table_name": "read", "result": 0}, "ignored", "nothing to read any more"),
    ({}, {}, {"table_name": "unlink"}, "ignored", "the result would show it"),
    ({}, {}, {"table_name": "close"}, "ignored", "nothing can be lost"),
    ({}, {}, {"table_name": "close", "dirty": True}, "silent", "goes on"),
    (
        {},
        {},
        {"table_name": "close", "dirty": True, "about": "standard error"},
        "ignored",
        "nobody left to tell",
    ),
]


@pytest.mark.parametrize(("outcome", "traces", "call", "verdict", "said"), JUDGED)
def test_verdicts(
    outcome: dict[str, Any], traces: dict[str, Any], call: dict[str, Any], verdict: str, said: str
) -> None:
    target = Target(replace(WRITE, **call), "EIO")
    got = judge(target, replace(OUTCOME, **outcome), replace(TRACES, **traces), BASELINE)
    assert got[0] == verdict
    assert said in got[1]


def test_every_verdict_is_explained() -> None:
    assert {entry[3] for entry in JUDGED} == MEANINGS.keys()
    assert set(FINDINGS) <= MEANINGS.keys()


def test_a_status_that_was_not_zero_before() -> None:
    failing = replace(OUTCOME, status=1)
    baseline = baseline_of((failing, TRACES), (failing, TRACES))
    target = Target(WRITE, "EIO")
    assert judge(target, failing, TRACES, baseline)[0] == "silent"
    assert judge(target, replace(OUTCOME, status=2), TRACES, baseline)[0] == "clean"
    assert judge(target, OUTCOME, TRACES, baseline)[0] == "wrong"


def test_what_moves_is_not_compared() -> None:
    other = replace(OUTCOME, sequences=REACTED)
    moved = replace(TRACES, stdout=(9, "y"), files=OTHER)
    baseline = baseline_of((OUTCOME, TRACES), (other, moved))
    assert baseline == Baseline(
        OUTCOME, TRACES, frozenset("0"), frozenset(("out",)), frozenset(), True
    )
    target = Target(WRITE, "EIO")
    assert judge(target, OUTCOME, moved, baseline)[0] == "silent"
    # As many writes of the file succeeded as before: it was tried again.
    assert judge(target, replace(OUTCOME, successes=1), moved, baseline)[0] == "recovered"


def test_names_that_are_others_each_time() -> None:
    first = replace(TRACES, files={"kept": OTHER["out"], "box/1": OTHER["out"]})
    second = replace(TRACES, files={"kept": OTHER["out"], "box/2": OTHER["out"]})
    baseline = baseline_of((OUTCOME, first), (OUTCOME, second))
    target = Target(WRITE, "EIO")
    third = replace(TRACES, files={"kept": OTHER["out"], "box/in/3": OTHER["out"]})
    assert judge(target, OUTCOME, third, baseline)[0] == "silent"
    for files in ({"box/1": OTHER["out"]}, {**first.files, "boxes": OTHER["out"]}):
        assert judge(target, OUTCOME, replace(TRACES, files=files), baseline)[0] == "wrong"


def test_a_command_that_always_leaves_processes() -> None:
    left = replace(OUTCOME, stuck="left")
    baseline = baseline_of((left, TRACES), (left, TRACES))
    target = Target(WRITE, "EIO")
    assert judge(target, left, TRACES, baseline)[0] == "silent"
    assert judge(target, replace(left, status=1), TRACES, baseline)[0] == "clean"
    assert judge(target, replace(left, stuck="time"), TRACES, baseline)[0] == "hung"


def test_a_file_of_results_is_one_sweeps(tmp_path: Path) -> None:
    path = tmp_path / "results"
    first = State(Settings(("true",), resume=str(path)))
    code = (
        "import sys; from seize.sweep.state import State; from seize.sweep import Settings\n"
        "State(Settings(('true',), resume=sys.argv[1]))"
    )
    command = [sys.executable, "-c", code, str(path)]
    second = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert "UsageError: another sweep writes to" in second.stderr
    first.close()
    assert subprocess.run(command, timeout=30).returncode == 0


def test_an_ignored_short_read_is_harmless_and_a_short_write_is_not() -> None:
    read = replace(WRITE, name="read", table_name="read")
    assert harmless(Target(read, SHORT))
    assert not harmless(Target(read, "EIO"))
    assert not harmless(Target(WRITE, SHORT))


# ---------------------------------------------------------------------- double closes


def close(number: int, error: int = 0) -> Any:
    from seize.decode.values import Fd

    class Call(SimpleNamespace):
        def __str__(self) -> str:
            return f"close({number})"

    return cast(Any, Call(name="close", values=[Fd(number)], error=error))


@pytest.mark.parametrize(
    ("made", "found"),
    [
        ([(3, 0), (3, 9)], ["close(3)"]),
        ([(3, 9)], []),
        ([(3, 0), (3, 0)], []),
        # A loop over all numbers is no mistake.
        ([(3, 0), (4, 0), (3, 9), (4, 9), (5, 9)], []),
        ([(3, 0), (4, 0), (3, 9), (4, 9)], ["close(3)", "close(4)"]),
        ([(3, 0), (5, 9), (4, 9), (3, 9)], []),
    ],
)
def test_double_closes(made: list[tuple[int, int]], found: list[str]) -> None:
    closes = Closes()
    for number, error in made:
        closes.made(1, "0", close(number, error))
    assert closes.doubles() == [("0", text) for text in found]


def test_another_program_has_closed_nothing() -> None:
    closes = Closes()
    closes.made(1, "0", close(3))
    closes.ended(1)
    closes.made(1, "0", close(3, 9))
    assert closes.doubles() == []


# ---------------------------------------------------------------------- reports


def finding(key: str, verdict: str, stack: list[str]) -> dict[str, Any]:
    role, _, rest = key.partition("/")
    call, _, fault = rest.partition("/")
    name, _, ordinal = call.partition(":")
    return {
        "key": key,
        "role": role,
        "call": name,
        "ordinal": int(ordinal),
        "fault": fault,
        "about": "out",
        "text": f"{name}(…)",
        "verdict": verdict,
        "finding": verdict in FINDINGS,
        "what": "what happened",
        "stack": stack,
        "place": [],
        "reproduce": f"seize sweep --only={key}",
    }


def test_findings_of_one_place_are_told_once_and_the_gravest_first() -> None:
    records = [
        finding("0/write:1/EIO", "wrong", ["write", "main (a.c:5)"]),
        finding("0/write:1/ENOSPC", "wrong", ["write", "main (a.c:5)"]),
        finding("0/write:2/EIO", "wrong", ["write", "main (a.c:6)"]),
        finding("0/fsync:1/EIO", "clean", []),
        finding("0/mmap:1/ENOMEM", "crashed", []),
    ]
    told = report.as_text(Report(Settings(("x",)), {}, records, ["a note"])).splitlines()
    assert [line for line in told if line[:1].isupper()] == [
        "CRASHED: mmap 1 of thread 0 on out with ENOMEM",
        "WRONG: write 1 of thread 0 on out with EIO",
        "WRONG: write 2 of thread 0 on out with EIO",
    ]
    assert told.count("    called from write < main (a.c:5)") == 1
    assert told.count("    also: 0/write:1/ENOSPC") == 1
    assert told[-2:] == ["note: a note", "5 runs, 4 findings: 1 crashed, 3 wrong, 1 clean"]
