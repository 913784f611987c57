"""Real programs under -f -v: 98 % of the lines as strace's, and no call lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.parity.real import PROGRAMS, Figures, Real, compare, shape, tell

LEAST = 98.0


@pytest.mark.timeout(240)
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_as_strace(program: Real, tmp_path: Path) -> None:
    figures = compare(program, tmp_path / "place")
    if figures.percent < LEAST:
        # A process's id may be a number that the program has in many lines; the next one's isn't.
        figures = compare(program, tmp_path / "place")
    shown = "\n".join(f"{theirs}\n{ours}" for theirs, ours in figures.different[:50])
    assert not figures.lost, figures
    if figures.fewer:
        # Temporary names that are taken already, for example: once more than in the other run.
        again = compare(program, tmp_path / "again").fewer
        assert not set(figures.fewer) & set(again), figures
    assert figures.percent >= LEAST, f"{figures}\n{shown}"
    assert figures.total > 700


def test_a_different_line_counts() -> None:
    """The comparison itself must be able to fail."""
    figures = Figures("x")
    program = Real("x", lambda tracer, place: "")
    tell(program, figures, "read(3, 0x7f00)", "read(3, 0x7f01)")
    assert figures.percent == 0
    assert shape("read(3, 0x12345) = 5") != shape("read(3, NULL) = 5")
