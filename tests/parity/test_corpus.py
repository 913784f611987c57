"""Every program of the corpus: the same lines as strace's, or a listed difference."""

from __future__ import annotations

import pytest

from tests.parity.harness import Program, check, corpus, differences, threads


@pytest.mark.parametrize("program", corpus(), ids=str)
def test_like_strace(program: Program) -> None:
    result = check(program)
    assert result.lines
    if not result.unlisted:
        return
    # On a busy machine a timer or a signal may come one line later: what differs does so again.
    again = check(program).unlisted
    differing = [pair for pair in result.unlisted if pair in again]
    assert not differing, "\n".join(f"{theirs}\n{ours}" for theirs, ours in differing)


def test_a_difference_is_seen() -> None:
    """The comparison itself must be able to fail."""
    from tests.parity.harness import compare

    lines = ["close(1) = 0", "close(2) = 0"]
    assert compare("x", [lines], [lines]).identical == 2
    assert compare("x", [lines], [["close(1) = 0", "close(3) = 0"]]).unlisted == [
        ("close(2) = 0", "close(3) = 0")
    ]
    assert compare("x", [lines], [lines[:1]]).unlisted == [("close(2) = 0", "")]


def test_a_process_id_hides_no_beginning() -> None:
    log = "2141 execve()   = 0\n2141 close(-2141) = -1\n2141 getpid() = 2141\n"
    assert threads(log) == [["getpid() = PID0"]]


def test_differences_have_reasons() -> None:
    assert all(len(one.reason) > 10 for one in differences())
