"""Core files of living processes: what gdb says of them is what it says of gcore's."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from seize.corefile.reader import CoreFile
from tests.live.support import in_state, readline, run_seize, running, state, tracer_of, wait_until

Builder = Callable[..., str]
PAGE = 4096


@contextmanager
def resting(
    path: str, *arguments: str, folder: Path | None = None
) -> Iterator[tuple[int, dict[str, int]]]:
    """The program, with all its threads waiting; its pid and its addresses."""
    inside = ("sh", "-c", 'cd "$0" && exec "$@"', str(folder)) if folder else ()
    with running(*inside, path, *arguments) as process:
        names = ("own", "shared", "secret", "closed", "sparse", "global")
        words = readline(process.stdout).split()
        threads = int(arguments[0]) if arguments else 2
        tasks = f"/proc/{process.pid}/task"
        wait_until(lambda: len(os.listdir(tasks)) == threads + 1)
        wait_until(lambda: all(is_waiting(tasks, tid) for tid in os.listdir(tasks)))
        yield process.pid, {n: int(word, 16) for n, word in zip(names, words, strict=True)}


def is_waiting(tasks: str, tid: str) -> bool:
    """Whether a thread is in pause(2), number 34 (29 for i386)."""
    return Path(f"{tasks}/{tid}/syscall").read_text().split()[0] in ("34", "29")


def gdb(program: str, core: str, *commands: str) -> str:
    words = [word for command in commands for word in ("-ex", command)]
    told = subprocess.run(
        ["gdb", "-nx", "-batch", *words, program, core],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=50,
        check=True,
    )
    return told.stdout


@pytest.mark.parametrize("bits", [64, 32])
def test_gdb_says_what_it_says_of_gcores(program: Builder, tmp_path: Path, bits: int) -> None:
    path = program("dbg_core", bits=bits, flags=("-O0",))
    with resting(path) as (pid, at):
        ours = str(tmp_path / "ours")
        done = run_seize("core", str(pid), "-o", ours)
        assert (done.returncode, done.stderr) == (0, "")
        theirs = str(tmp_path / f"theirs.{pid}")
        subprocess.run(
            ["gcore", "-o", str(tmp_path / "theirs"), str(pid)],
            capture_output=True,
            check=True,
            timeout=50,
        )
    commands = (
        "bt",
        "info threads",
        "thread apply all bt",
        "info registers",
        "info registers float",
        "thread apply all print mark",
        "info auxv",
        "info proc mappings",
        "info sharedlibrary",
        f"x/2i {at['own']:#x}",
        f"x/4c {at['shared']:#x}",
        f"x/c {at['sparse'] + (1 << 15) * PAGE:#x}",
        "print/x global",
    )
    told, expected = (without_masks(gdb(path, core, *commands)) for core in (ours, theirs))
    assert told == expected
    assert told.count("in deeper (depth=") == 4 + 2 + 3 + 4
    assert "too small" not in told


def without_masks(text: str) -> str:
    """Without k0 to k7, which gdb 13 reads at Intel's places on any processor."""
    return re.sub(r"\nk[0-7] .*", "", text)


def test_the_process_goes_on(program: Builder, tmp_path: Path) -> None:
    with resting(program("dbg_core"), "5") as (pid, _):
        assert run_seize("core", str(pid), cwd=tmp_path).returncode == 0
        assert tracer_of(pid) == 0
        assert state(pid) == "S"
        made = tmp_path / f"core.{pid}"
        assert stat.S_IMODE(made.stat().st_mode) == 0o600
        assert sorted(os.listdir(tmp_path)) == [made.name]


def test_a_stopped_process_stays_stopped(program: Builder, tmp_path: Path) -> None:
    with resting(program("dbg_core")) as (pid, _):
        os.kill(pid, signal.SIGSTOP)
        wait_until(lambda: in_state(pid, "T"))
        done = run_seize("core", str(pid), cwd=tmp_path)
        assert done.returncode == 0
        assert done.stdout.startswith(f"core.{pid}: process {pid}, 3 threads, ")
        assert state(pid) == "T"
        assert tracer_of(pid) == 0


def bytes_of(core: Path, *addresses: int) -> str:
    """A character for each address; "." where the core has nothing."""
    with CoreFile(str(core)) as file:
        return "".join((file.read_prefix(at, 1) or b".").decode() for at in addresses)


def test_which_memory_is_written(program: Builder, tmp_path: Path) -> None:
    with resting(program("dbg_core")) as (pid, at):
        places = (at["own"], at["shared"], at["secret"], at["closed"], at["sparse"] + (1 << 27))
        for name, mask, extra, expected in (
            ("usual", "0x33", (), "ps.cm"),
            ("without", "0x31", (), "p..cm"),
            ("all", "0x31", ("--all",), "psxcm"),
        ):
            Path(f"/proc/{pid}/coredump_filter").write_text(mask)
            core = tmp_path / name
            done = run_seize("core", *extra, "-o", str(core), str(pid))
            assert (done.returncode, done.stderr) == (0, "")
            assert bytes_of(core, *places) == expected, name
            # 256 MB were mapped, of which one page was touched.
            assert core.stat().st_size > 1 << 28
            assert core.stat().st_blocks * 512 < 1 << 24


def test_untouched_memory_stays_untouched(program: Builder, tmp_path: Path) -> None:
    with resting(program("dbg_core")) as (pid, _):
        before = resident(pid)
        assert run_seize("core", str(pid), "-o", str(tmp_path / "core")).returncode == 0
        # 65536 pages were never touched; those of libraries may be mapped anew.
        assert resident(pid) - before < 2000


def resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1])


def test_a_file_that_cant_be_written(program: Builder, tmp_path: Path) -> None:
    with resting(program("dbg_core")) as (pid, _):
        missing = tmp_path / "missing" / "core"
        done = run_seize("core", str(pid), "-o", str(missing))
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == f"seize: can't write '{missing}': No such file or directory\n"
        done = run_seize("core", str(pid), "-o", "/dev/null")
        assert done.stderr == "seize: can't write '/dev/null': it is no ordinary file\n"
        assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
        # A limit on the size of files stands for a full disk.
        old = tmp_path / "core"
        old.write_text("old")
        limited = ["sh", "-c", 'ulimit -f 40; exec "$@"', "sh", sys.executable, "-m", "seize"]
        told = subprocess.run(
            [*limited, "core", str(pid), "-o", str(old)],
            capture_output=True,
            text=True,
            timeout=50,
            check=False,
        )
        assert told.returncode == 1
        assert told.stderr == f"seize: can't write '{old}': File too large\n"
        assert old.read_text() == "old"
        assert os.listdir(tmp_path) == ["core"]
        assert tracer_of(pid) == 0


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        ((), 2, "there must be a PID"),
        (("abc",), 2, "'abc' is no process id"),
        (("0",), 2, "'0' is no process id"),
        (("1", "2", "-o", "x"), 2, "-o names one file"),
        (("--frob", "1"), 2, "frob"),
        (("4194304",), 1, "there is no such process"),
    ],
)
def test_what_is_refused(arguments: tuple[str, ...], status: int, message: str) -> None:
    done = run_seize("core", *arguments)
    assert done.returncode == status
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_thread_is_no_process(program: Builder, tmp_path: Path) -> None:
    with resting(program("dbg_core")) as (pid, _):
        tid = next(int(name) for name in os.listdir(f"/proc/{pid}/task") if name != str(pid))
        done = run_seize("core", str(tid), cwd=tmp_path)
        assert done.returncode == 2
        assert f"{tid} is a thread of process {pid}" in done.stderr
        assert (os.listdir(tmp_path), tracer_of(pid)) == ([], 0)


def test_several_processes(program: Builder, tmp_path: Path) -> None:
    path = program("dbg_core")
    with resting(path, "1") as (one, _), resting(path, "1") as (two, _):
        done = run_seize("core", str(one), str(two), cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        lines = done.stdout.splitlines()
        assert [line.split(",")[0] for line in lines] == [
            f"core.{pid}: process {pid}" for pid in (one, two)
        ]
        assert set(os.listdir(tmp_path)) == {f"core.{one}", f"core.{two}"}


def test_a_process_whose_leader_has_ended(program: Builder, tmp_path: Path) -> None:
    path = program("dbg_leaderless")
    with running(path) as process:
        wait_until(lambda: in_state(process.pid, "Z"))
        core = str(tmp_path / "core")
        done = run_seize("core", str(process.pid), "-o", core)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(f"{core}: process {process.pid}, 1 thread, ")
    told = gdb(path, core, "bt")
    assert re.search(r"in rest \(unused=", told)
