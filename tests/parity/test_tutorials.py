"""Command lines of tutorials: typed at a shell, they give the same with strace and with us."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.live.support import reap_orphans
from tests.parity.tutorials import LINES, differences, lines_of


@pytest.mark.parametrize("line", LINES)
def test_as_strace(line: str, tmp_path: Path) -> None:
    found = differences(line, tmp_path / "place")
    # A tracer in the background (-D) has ended, but was nobody's child.
    reap_orphans()
    assert not found, "\n".join(f"strace: {theirs}\nseize:  {ours}" for theirs, ours in found)


def test_a_different_line_counts() -> None:
    """The comparison itself must be able to fail."""
    one = lines_of("read(3, 0x7f00) = 1\n")
    assert one != lines_of("read(3, 0x7f01) = 1\n")
    assert one != lines_of("")
    assert lines_of("[pid 12] close(3 <unfinished ...>\n[pid 12] <... close resumed>) = 0\n") == (
        lines_of("[pid 13] close(3) = 0\n")
    )
    # A short id is padded.
    assert lines_of("[pid    14] close(3) = 0\n") == lines_of("[pid 12345] close(3) = 0\n")
    # Detached in a call: whether another's line has come in between or not.
    held = '[pid 12] execve("a", [], 0x1f /* 1 var */'
    told = "strace: Process 12 detached\n"
    other = "[pid 11] <... vfork resumed>) = 12\n"
    assert lines_of(f"{held} <unfinished ...>\n{other}{told}") == (
        lines_of(f"{held}{told} <detached ...>\n{other}")
    )
    assert lines_of(f"{held}{told} <detached ...>\n") != lines_of(f"{told} <detached ...>\n")
