"""``seize sweep``: the planted bugs are found, a careful program isn't blamed."""

from __future__ import annotations

import html.parser
import json
import os
import re
import shlex
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import children_of
from tests.live.support import reap_orphans, run_seize, seize, wait_until

Program = Callable[..., str]
Record = dict[str, Any]


def sweep(tmp_path: Path, *words: str, status: int | None = None) -> dict[str, Any]:
    """Run a sweep to its end, and return its report."""
    path = tmp_path / "report.json"
    done = run_seize("sweep", f"--json={path}", *words)
    assert done.stderr == ""
    told: dict[str, Any] = json.loads(path.read_text())
    assert done.returncode == (1 if told["findings"] else 0)
    if status is not None:
        assert done.returncode == status, done.stdout
    return told


def verdicts(told: dict[str, Any]) -> dict[str, str]:
    return {record["key"]: record["verdict"] for record in told["runs"]}


def record(told: dict[str, Any], key: str) -> Record:
    (found,) = [record for record in told["runs"] if record["key"] == key]
    return dict(found)


# ---------------------------------------------------------------------- the planted bugs


def test_an_unchecked_write(program: Program, tmp_path: Path) -> None:
    told = sweep(tmp_path, program("sweep_unchecked_write"), status=1)
    found = verdicts(told)
    assert [key for key in found if found[key] == "wrong"] == told["findings"]
    assert set(told["findings"]) == {"0/write:1/ENOSPC", "0/write:1/EIO", "0/write:1/short"}
    assert "saved differs (15 bytes instead of 31)" in record(told, "0/write:1/short")["what"]


@pytest.mark.parametrize("bits", [64, 32])
def test_an_unchecked_allocation(program: Program, tmp_path: Path, bits: int) -> None:
    told = sweep(tmp_path, program("sweep_unchecked_mmap", bits=bits), status=1)
    (key,) = [
        each["key"]
        for each in told["runs"]
        if each["call"].startswith("mmap") and "4198400" in each["text"]
    ]
    assert record(told, key)["verdict"] == "crashed"
    assert "SIGSEGV" in record(told, key)["what"]
    assert record(told, key)["stack"][-1] == "main (sweep_unchecked_mmap.c:7)"
    assert record(told, key)["place"] == ["main (sweep_unchecked_mmap.c:8)"]
    assert set(verdicts(told).values()) <= {"crashed", "ignored"}


def test_an_ignored_fsync(program: Program, tmp_path: Path) -> None:
    told = sweep(tmp_path, program("sweep_ignored_fsync"), status=1)
    assert told["findings"] == ["0/fsync:1/EIO"]
    assert record(told, "0/fsync:1/EIO")["verdict"] == "silent"


def test_a_hang_on_eintr(program: Program, tmp_path: Path) -> None:
    command = program("sweep_eintr_hang")
    told = sweep(tmp_path, "--calls=read", "--timeout=3", command, status=1)
    found = record(told, "0/read:2/EINTR")
    assert found["verdict"] == "hung"
    assert "thread 0 is in wait4(" in found["what"]
    assert "thread 0.1 is in read(" in found["what"]


def test_a_double_close(program: Program, tmp_path: Path) -> None:
    told = sweep(tmp_path, program("sweep_double_close"), status=1)
    assert set(told["findings"]) == {"0/write:1/ENOSPC", "0/write:1/EIO", "0/write:1/short"}
    for key in told["findings"]:
        assert record(told, key)["verdict"] == "double close"
        assert "EBADF" in record(told, key)["what"]
        assert record(told, key)["place"][-1] == "main (sweep_double_close.c:25)"


@pytest.mark.parametrize("bits", [64, 32])
def test_a_careful_program_is_not_blamed(program: Program, tmp_path: Path, bits: int) -> None:
    told = sweep(tmp_path, program("sweep_careful", bits=bits), status=0)
    assert told["findings"] == []
    found = verdicts(told)
    assert found["0/fsync:1/EIO"] == found["0/rename:1/ENOSPC"] == "clean"
    assert found["0.1/write:1/short"] == found["0/wait4:1/EINTR"] == "recovered"
    assert "missed" not in found.values()
    # As many failures as there are, of both processes and all kinds.
    assert len(found) > 30
    assert {"clean", "recovered", "ignored"} == set(found.values())


# ---------------------------------------------------------------------- real commands


def test_sort(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "in").write_text("".join(f"{n * 7919 % 2003}\n" for n in range(2000)))
    told = sweep(tmp_path, f"--directory={folder}", "--sample=20", "sort", "-o", "out", "in")
    assert told["findings"] == []
    assert len(told["runs"]) == 20
    assert os.listdir(folder) == ["in"]


def test_after_each_failure_of_sqlite_the_database_still_opens(tmp_path: Path) -> None:
    told = sweep(
        tmp_path,
        "--setup=sqlite3 db 'create table t(x); insert into t values(1)'",
        "--check=sqlite3 db 'pragma integrity_check' | grep -qx ok",
        "--calls=write,pwrite64,fdatasync,unlink,read",
        "--sample=20",
        *("sqlite3", "db", "insert into t values(2)"),
    )
    assert len(told["runs"]) == 20
    # What it ignores is the fdatasync of a directory.
    assert not {"crashed", "hung", "broken", "wrong", "double close"} & set(told["counts"])
    assert told["counts"]["clean"] > 5


# ---------------------------------------------------------------------- the rest of the verdicts


def test_a_check_that_fails_afterwards(tmp_path: Path) -> None:
    told = sweep(
        tmp_path,
        *("--setup=echo old >file", "--check=grep -q . file", "--calls=write"),
        *("sh", "-c", "echo new >file"),
    )
    found = verdicts(told)
    assert found["0/write:1/EIO"] == found["0/write:1/ENOSPC"] == "broken"


def test_a_daemon_that_stays_is_ended(tmp_path: Path) -> None:
    told = sweep(
        tmp_path,
        "--limit=0",
        *("sh", "-c", "setsid sleep 1000 </dev/null & exec true"),
    )
    assert any("leaves processes running" in note for note in told["notes"])


def test_a_command_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    script = tmp_path / "folder" / "script"
    # Names and contents that the time comes into, and a folder where it is already.
    script.write_text("#!/bin/sh\ncd . && mkdir -p box && date +%s >box/$(date +%s)\n")
    script.chmod(0o755)
    again = "--timeout=9.5"
    told = sweep(
        tmp_path,
        f"--directory={script.parent}",
        "--no-follow",
        "--calls=chdir,stat,newfstatat,write",
        again,
        "./script",
    )
    assert all(record["call"] != "chdir" for record in told["runs"])
    assert any("box/" in note for note in told["notes"])
    assert not [each["what"] for each in told["runs"] if "box/" in each["what"]]
    assert all(again in record["reproduce"] for record in told["runs"])
    assert told["runs"]


def test_calls_of_the_loader_are_left_out(tmp_path: Path) -> None:
    usual = verdicts(sweep(tmp_path, "--calls=openat", "true"))
    both = "--calls=openat,execve"
    all_of_them = verdicts(sweep(tmp_path, both, "--startup", "true"))
    assert "0/openat:1/EACCES" in all_of_them
    assert "0/openat:1/EACCES" not in usual
    assert usual.keys() < all_of_them.keys()
    assert "missed" not in all_of_them.values()


def test_children_only_if_they_are_followed(tmp_path: Path) -> None:
    command = ("sh", "-c", "cat /etc/passwd | cat >out")
    followed = sweep(tmp_path, "--calls=write", "--errors=EPIPE,EIO", *command)
    assert "0.1/write:1/EPIPE" in verdicts(followed)
    assert "0.2/write:1/EIO" in verdicts(followed)
    assert sweep(tmp_path, "--no-follow", "--calls=write", *command)["runs"] == []


def test_both_ends_of_a_connection(program: Program, tmp_path: Path) -> None:
    told = sweep(tmp_path, "--calls=sendto", "--errors=short", "--sample=8", program("echo_pair"))
    assert {each["role"] for each in told["runs"]} == {"0", "0.1"}
    assert told["counts"] == {"clean": 8}
    assert all(" = 8 (INJECTED" in each["text"] for each in told["runs"])


# ---------------------------------------------------------------------- reports


def test_a_run_can_be_made_again(program: Program, tmp_path: Path) -> None:
    first = sweep(tmp_path, program("sweep_ignored_fsync"), status=1)
    (key,) = first["findings"]
    words = record(first, key)["reproduce"].split()
    assert words[:2] == ["seize", "sweep"]
    again = sweep(tmp_path, *words[2:], status=1)
    assert verdicts(again) == {key: "silent"}


def test_the_trace_that_is_told_makes_the_same_failure(program: Program, tmp_path: Path) -> None:
    errors = "--errors=EIO,EACCES,short"
    told = sweep(tmp_path, errors, program("sweep_ignored_fsync"), status=1)
    assert sum(bool(each["inject"]) for each in told["runs"]) == 4
    for each in told["runs"]:
        if not each["inject"]:
            assert each["call"] == "close" or each["fault"] == "short"
            continue
        words = shlex.split(each["inject"])
        assert words.pop(0) == "seize"
        traced = run_seize(*words, cwd=tmp_path)
        # The trace aligns the results.
        assert each["text"] in re.sub(r"\) +=", ") =", traced.stderr)
        assert traced.returncode == each["status"]


class Page(html.parser.HTMLParser):
    """Reads a page: its elements, its text, and whether each element that was opened is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_is_whole_and_escaped(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    script = 'echo "<script>alert(1)</script>" >"<b>"'
    told = sweep(tmp_path, f"--report={path}", "--calls=write", "sh", "-c", script)
    page = Page(path.read_text())
    assert page.open == []
    assert not {"script", "b", "img", "link"} & page.tags
    assert "<script>alert(1)</script>" in page.text
    for each in told["runs"]:
        assert each["text"] in page.text
        assert each["what"] in page.text


def test_a_sweep_that_was_interrupted_is_taken_up(program: Program, tmp_path: Path) -> None:
    state = tmp_path / "state"
    words = (
        f"--resume={state}",
        "--jobs=1",
        "--calls=openat,mmap,fsync,close,wait4",
        program("sweep_careful"),
    )
    process = seize("sweep", *words)
    wait_until(lambda: state.exists() and state.read_text().count("\n") > 5, 30)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, "", "")
    whole = state.read_text()
    # As if it had been killed in the middle of a line.
    state.write_text(whole + '{"key": "0/wr')
    told = sweep(tmp_path, *words, status=0)
    lines = state.read_text().splitlines(keepends=True)
    assert "".join(lines).startswith(whole)
    assert len(lines) == len(told["runs"]) + 1
    before = [json.loads(line) for line in whole.splitlines()[1:]]
    assert all(record(told, each["key"]) == each for each in before)
    other = run_seize("sweep", f"--resume={state}", "true")
    assert (other.returncode, other.stderr.count("\n")) == (2, 1)
    assert "has the results of another command" in other.stderr


def test_a_folder_with_more_than_files(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    os.mkfifo(folder / "sub" / "pipe", 0o640)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "socket"))
    script = "test -p sub/pipe && test ! -e socket"
    told = sweep(
        tmp_path, f"--directory={folder}", f"--check={script}", "--calls=none", "true", status=0
    )
    assert told["runs"] == []


def test_files_that_nobody_may_read(tmp_path: Path) -> None:
    # Without these, root may read as little as anybody else.
    drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(0o750)
    places = tmp_path / "places"
    places.mkdir()
    script = f"mkdir d; ln -s {elsewhere} d/link; echo a >f; chmod 0 f d"
    done = subprocess.run(
        [*drop, sys.executable, "-m", "seize", "sweep", "--calls=none", "sh", "-c", script],
        capture_output=True,
        text=True,
        timeout=50,
        env={**os.environ, "TMPDIR": str(places)},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert os.listdir(places) == []
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o750


@pytest.mark.parametrize(
    ("signum", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGKILL, -9)]
)
def test_nothing_runs_on_after_its_end(tmp_path: Path, signum: int, status: int) -> None:
    process = seize("sweep", "sleep", "1000", env={**os.environ, "TMPDIR": str(tmp_path)})
    wait_until(lambda: any(children_of(worker) for worker in children_of(process.pid)))
    process.send_signal(signum)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (status, "", "")
    # What the killed one had started is killed as well; orphans come to us.
    reap_orphans()
    if signum != signal.SIGKILL:
        assert os.listdir(tmp_path) == []


WRONG = [
    ([], 2, "there must be a COMMAND"),
    (["--only=0/read:99/EIO", "true"], 2, "no run goes by '0/read:99/EIO'"),
    (["no-such-command"], 1, "can't exec 'no-such-command': No such file or directory"),
    (["--setup=false", "true"], 1, "the setup fails"),
    (["--check=false", "true"], 1, "the check fails, though nothing was made to fail"),
    (["--timeout=0.3", "sleep", "1000"], 1, "the command doesn't end within 0.3 s, though nothing"),
    (["--resume=/dev/full", "true"], 2, "'/dev/full' is no file of results"),
    (["--json=/no/such/file", "--calls=none", "true"], 1, "can't write '/no/such/file'"),
]


@pytest.mark.parametrize(("words", "status", "message"), WRONG)
def test_bad_input_is_one_clear_line(words: list[str], status: int, message: str) -> None:
    done = run_seize("sweep", *words)
    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr.startswith("seize: ")
    assert done.stderr.count("\n") == 1
    assert message in done.stderr


def test_a_terminal_gets_a_progress_bar(program: Program) -> None:
    leader, follower = os.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "seize", "sweep", program("sweep_ignored_fsync")],
            stdout=subprocess.DEVNULL,
            stderr=follower,
            timeout=50,
        )
        os.close(follower)
        shown = os.read(leader, 1 << 16).decode()
    finally:
        os.close(leader)
    assert done.returncode == 1
    assert "9/9 runs, 1 finding\x1b" in shown
    assert shown.endswith("\r\x1b[K")
