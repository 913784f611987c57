"""``seize trace --format json``: valid lines, the same text again, and odd ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from seize.cli.options import parse
from seize.cli.reader import read
from seize.cli.table import OPTIONS
from seize.decode.values import Struct
from seize.strace import Settings
from seize.strace.replay import Replay
from seize.strace.tool import text_of
from tests.live.support import reap_orphans, run_seize, running, seize, tracer_of, wait_until
from tests.parity.harness import Program, corpus, log_of, threads
from tests.unit.json_support import validate

Source = Callable[..., str]
Json = dict[str, Any]

EVERY = 1 if os.environ.get("PARITY_JSON") == "all" else 8
"""Of the corpus, each program so many is tried."""


class Sink:
    """Keeps the text that is written to it."""

    text = ""

    def write(self, text: str) -> None:
        """Write all of ``text``."""
        self.text += text


def rendered(log: str, options: tuple[str, ...] = ()) -> str:
    """The text of a JSON trace."""
    settings = Settings(
        **{"color": "never", **read(parse(OPTIONS, [*options])[0]).given, "follow": True}
    )
    sink = Sink()
    lines = log.encode("utf-8", "surrogateescape").splitlines()
    Replay(sink, text_of(settings), settings).lines(lines, "log")
    return sink.text


def trace(tmp_path: Path, *arguments: str, status: int = 0) -> list[Json]:
    """The events of a command, each of them valid."""
    log = tmp_path / "log.json"
    done = run_seize("trace", "--format", "json", "-o", str(log), *arguments)
    assert done.returncode == status, done.stderr
    return events(log)


def events(log: Path) -> list[Json]:
    """The events in a file, each of them valid."""
    found = [json.loads(line) for line in log.read_bytes().splitlines()]
    for event in found:
        validate("", event)
    return found


def calls(found: list[Json], name: str) -> list[Json]:
    """The calls of a name."""
    return [event for event in found if event["type"] == "syscall" and event["name"] == name]


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Dates are those of the traced programs, which run in UTC."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("utc")
@pytest.mark.parametrize("program", corpus()[::EVERY], ids=str)
def test_the_corpus_again_from_its_json(program: Program, tmp_path: Path) -> None:
    log = tmp_path / "log.json"
    tee = [sys.executable, "-m", "tests.live.tee_trace", str(log)]
    text = threads(log_of(tee, program))
    events(log)
    again = threads(rendered(log.read_text(), program.options))
    assert len(again) == len(text)
    for ours, theirs in zip(again, text, strict=True):
        assert [pair for pair in zip_longest(ours, theirs) if pair[0] != pair[1]] == []


def test_the_fields_of_a_call(tmp_path: Path) -> None:
    before = time.time()
    found = trace(tmp_path, "cat", "/no/such/file", status=1)
    (failed,) = [c for c in calls(found, "openat") if c["args"]["filename"]["text"][1:3] == "no"]
    assert before <= failed["time"] <= time.time()
    assert 0 <= failed["duration"] < 10
    assert failed["pid"] == failed["tid"]
    assert (failed["abi"], failed["number"]) == ("x86_64", 257)
    assert list(failed["args"]) == ["dfd", "filename", "flags"]
    assert failed["args"]["dfd"]["name"] == "AT_FDCWD"
    assert failed["error"]["name"] == "ENOENT"
    assert found[-2]["unfinished"] == "exit"
    assert found[-1]["type"] == "exited"
    assert found[-1]["status"] == 1
    assert [event["time"] for event in found] == sorted(event["time"] for event in found)


def test_names_that_are_no_unicode(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/caf\xe9"
    found = trace(tmp_path, "touch", os.fsdecode(name))
    assert name.hex() in [call["args"]["filename"].get("hex") for call in calls(found, "openat")]
    assert "caf\\351" in run_seize("render", str(tmp_path / "log.json")).stdout


def test_filters_and_limits_apply(tmp_path: Path) -> None:
    found = trace(tmp_path, "-s", "3", "-e", "trace=write", "-q", "echo", "hello")
    kinds = [(event["type"], event.get("name")) for event in found]
    assert kinds == [("syscall", "write"), ("exited", None)]
    assert found[0]["args"]["buf"] == {"kind": "bytes", "text": "hel", "size": 6}
    assert run_seize("render", str(tmp_path / "log.json")).stdout.startswith(
        'write(1, "hel"..., 6)'
    )


def test_signals_and_death(tmp_path: Path) -> None:
    script = "kill -USR1 $$; read x <&3"
    log = tmp_path / "log.json"
    reading, writing = os.pipe()
    process = seize(
        *("trace", "--format=json", "-o", str(log), "sh", "-c", f"trap : USR1; {script}"),
        preexec_fn=lambda: os.dup2(reading, 3),
        pass_fds=(3, reading),
    )
    try:
        wait_until(lambda: b'"signal"' in log.read_bytes() if log.exists() else False)
        pid = next(event["pid"] for event in events(log))
        wait_until(lambda: Path(f"/proc/{pid}/syscall").read_text().startswith("0 "))
        os.kill(pid, signal.SIGKILL)
        process.communicate(timeout=20)
    finally:
        os.close(reading)
        os.close(writing)
    found = events(log)
    (delivered,) = [event for event in found if event["type"] == "signal"]
    assert delivered["signal"] == "SIGUSR1"
    assert delivered["siginfo"]["fields"]["si_code"]["name"] == "SI_USER"
    cut, killed = found[-2:]
    assert (cut["name"], cut["unfinished"], cut["known"]) == ("read", "killed", 1)
    assert (killed["type"], killed["signal"], killed["core"]) == ("killed", "SIGKILL", False)
    lines = rendered(log.read_text()).splitlines()
    assert re.search(r"read\(0,  <unfinished \.\.\.>\) += \?$", lines[-2])
    assert lines[-1].endswith("+++ killed by SIGKILL +++")


def test_a_call_that_another_execve_ends(program: Source, tmp_path: Path) -> None:
    for _ in range(10):
        found = trace(tmp_path, "-f", program("exec_from_thread"), "5", status=7)
        (superseded,) = [event for event in found if event["type"] == "superseded"]
        assert superseded["by"] != superseded["tid"]
        ended = [event for event in found if event.get("unfinished") == "superseded"]
        if ended:
            break
    assert [event["tid"] for event in ended] == [superseded["tid"]]
    text = rendered((tmp_path / "log.json").read_text())
    assert f"<... {ended[0]['name']} resumed>)" in text
    assert f"+++ superseded by execve in pid {superseded['by']} +++" in text


def test_attaching_and_detaching(program: Source, tmp_path: Path) -> None:
    log = tmp_path / "log.json"
    with running(program("ticker")) as process:
        tracer = seize("trace", "--format", "json", "-o", str(log), "-p", str(process.pid))
        try:
            wait_until(lambda: tracer_of(process.pid) == tracer.pid)
            wait_until(lambda: log.read_bytes().count(b"\n") > 3)
        finally:
            tracer.send_signal(signal.SIGINT)
            _, errors = tracer.communicate(timeout=20)
        assert errors == ""
    found = events(log)
    assert found[0]["type"] == "attached"
    assert found[-1]["type"] == "detached"
    assert {event["pid"] for event in found} == {process.pid}


def test_new_processes_say_so_and_32_bit_ones_too(program: Source, tmp_path: Path) -> None:
    path = program("self_check", bits=32)
    log = tmp_path / "log.json"
    done = run_seize("trace", "-f", "--format", "json", "sh", "-c", f"{path} >/dev/null; exit 0")
    log.write_text(done.stderr)
    found = events(log)
    first = found[0]["pid"]
    attached = [event["tid"] for event in found if event["type"] == "attached"]
    assert attached
    assert {*attached, first} == {event["tid"] for event in found}
    changes = [event for event in found if event["type"] == "personality"]
    assert [(event["abi"], event["bits"]) for event in changes] == [("i386", 32)]
    assert {event["abi"] for event in found if event["type"] == "syscall"} == {"x86_64", "i386"}


def test_a_tracer_that_is_killed_leaves_whole_lines(program: Source, tmp_path: Path) -> None:
    log = tmp_path / "log.json"
    options = ("-f", "--kill-on-exit", "--format", "json", "-o", str(log))
    process = seize("trace", *options, program("hammer"), "100000")
    wait_until(lambda: log.exists() and log.stat().st_size > 100_000)
    process.kill()
    process.communicate(timeout=20)
    reap_orphans()
    whole, _, rest = log.read_bytes().rpartition(b"\n")
    assert rest == b""
    assert all(json.loads(line)["tid"] for line in whole.splitlines())


def test_render_reads_standard_input_and_stops_at_nonsense(tmp_path: Path) -> None:
    log = tmp_path / "log.json"
    trace(tmp_path, "true")
    with open(log, "rb") as stream:
        piped = run_seize("render", stdin=stream)
    assert piped.stdout == run_seize("render", str(log)).stdout
    assert piped.stdout.endswith("+++ exited with 0 +++\n")
    log.write_bytes(log.read_bytes()[:-20])
    broken = run_seize("render", str(log))
    assert broken.returncode == 1
    assert broken.stdout == "".join(piped.stdout.splitlines(keepends=True)[:-1])
    assert broken.stderr.startswith(f"seize: {log}:")
    assert broken.stderr.count("\n") == 1
    for wrong, status in ((["a", "b"], 2), (["--follow-moon"], 2), (["/no/such"], 1)):
        done = run_seize("render", *wrong)
        assert (done.returncode, done.stderr.count("\n")) == (status, 1)
    assert "usage: seize render" in run_seize("render", "--help").stdout


def test_render_has_times_and_columns(tmp_path: Path) -> None:
    found = trace(tmp_path, "-f", "-i", "-e", "trace=write", "echo", "x")
    call = found[0]
    options = ("-f", "-ttt", "-T", "-n", "-i", "-N", "-a", "60")
    line = run_seize("render", *options, str(tmp_path / "log.json")).stdout.splitlines()[0]
    head = f"{call['tid']:<5} {call['time']:.6f} [{1:4}] [{call['instruction_pointer']:016x}] "
    assert line.startswith(head + 'write(fd=1, buf="x\\n", count=2)')
    assert line.endswith(f" = 2 <{call['duration']:.6f}>")


def test_the_status_of_a_child(tmp_path: Path) -> None:
    """The struct of a signal is a value like others, and text is made of it."""
    found = trace(tmp_path, "sh", "-c", "(exit 3) & wait")
    (event,) = [event for event in found if event["type"] == "signal"]
    assert event["siginfo"]["fields"]["si_status"]["value"] == 3
    from seize.decode.render import unjson

    assert isinstance(unjson.value(event["siginfo"]), Struct)


def test_json_is_loaded_only_for_json() -> None:
    script = (
        "import sys\nfrom seize.cli import main\n"
        "main(['trace', '-o', '/dev/null', *sys.argv[1:], 'true'])\n"
        "print('json' in sys.modules, 'seize.decode.render.json' in sys.modules)"
    )
    for options, shown in (([], "False False\n"), (["--format", "json"], "True True\n")):
        path = f"import sys; sys.path[:0] = {sys.path!r}\n"
        done = subprocess.run(
            [sys.executable, "-S", "-c", path + script, *options],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
        assert done.stdout == shown
