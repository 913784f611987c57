"""Lines that another thread's line has cut, and what becomes of them when their thread ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.live.support import run_seize

Program = Callable[..., str]


def ends_of(log: Path, *command: str) -> tuple[list[str], list[str]]:
    """The lines of the thread that sleeps when its process ends, and of the main thread."""
    shown = "trace=pause,read,getppid,exit_group"
    done = run_seize("trace", "-f", "-e", shown, "-o", str(log), *command)
    assert (done.returncode, done.stderr) == (3, "")
    lines = [line.split(maxsplit=1) for line in log.read_text().splitlines()]
    main = lines[0][0]
    others = [text for tid, text in lines if tid != main]
    return others, [text for tid, text in lines if tid == main][-3:]


@pytest.mark.parametrize(
    ("call", "cut", "end"),
    [
        ("pause", "pause( <unfinished ...>", "<... pause resumed>)              = ?"),
        ("read", "read(3,  <unfinished ...>", "<... read resumed> <unfinished ...>) = ?"),
    ],
)
def test_a_thread_that_ends_in_a_call(
    program: Program, tmp_path: Path, call: str, cut: str, end: str
) -> None:
    others, main = ends_of(tmp_path / "log", program("cut_lines"), call)
    assert others == [cut, end, "+++ exited with 3 +++"]
    assert main[0].startswith("getppid()")
    assert main[1:] == ["exit_group(3)                     = ?", "+++ exited with 3 +++"]
