"""Command lines that nobody would think of: the same with strace and with us."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import build
from tests.parity.options import differences, line_of, masked

SEEDS = (2, 1007, 2235)
FOUND = (
    "strace -X raw -e trace=prlimit64 true",
    "strace -X verbose -e trace=prlimit64 true",
    "strace -xx -y -X verbose -e trace=openat cat sample.log",
    "strace -xx -Y -e trace=kill,getpid sh -c 'kill -USR1 $$'",
    "strace -xx -Y -f -q -e trace=write sh -c 'cat sample.log; true'",
    "strace -qq -e trace=none sh -c 'kill -KILL $$'",
    "strace -X raw -e trace=clone sh -c 'true & wait'",
    "strace -X verbose -q -e trace=clone sh -c 'true & wait'",
    "strace -xx -P sample.log -e trace=none true",
    "strace -Y --pidns-translation -f -e trace=none -o log true",
    "strace -u nobody-at-all -o log true",
    "strace --absolute-timestamps=time, -e trace=write echo hello",
)
"""What such lines have found."""


@pytest.mark.parametrize("line", [*map(line_of, SEEDS), *FOUND])
def test_as_strace(line: str, tmp_path: Path) -> None:
    theirs, ours = differences(line, tmp_path / "place")
    assert not theirs, (theirs, ours)
    assert not ours, (theirs, ours)


def test_a_thread_of_a_32_bit_program_has_a_segment(tmp_path: Path) -> None:
    line = f"strace -qq -e trace=clone3 {build('threads', bits=32)} 1 1"
    theirs, ours = differences(line, tmp_path / "place")
    assert (theirs, ours) == (masked(""), masked(""))


def test_a_different_line_counts() -> None:
    """The comparison itself must be able to fail."""
    assert masked("close(3) = 0\n") != masked("close(4) = 0\n")
    assert masked("12<sh> close(3) = 0\n") == masked("13<sh> close(3) = 0\n")
