"""docs/json.md says what is so: its examples print what it shows, its table has every kind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.live.test_readme import masked, shown_and_real
from tests.unit.json_support import schema

PAGE = Path(__file__).parents[2] / "docs" / "json.md"


@pytest.mark.timeout(120)
def test_the_examples_show_what_happens(tmp_path: Path) -> None:
    results = shown_and_real(tmp_path, PAGE)
    assert len(results) >= 4
    for source, shown, real in results:
        assert masked(real).splitlines() == masked(shown).splitlines(), source


def test_every_kind_and_every_event_is_told_of() -> None:
    text = PAGE.read_text()
    whole = schema()
    for part, kinds in (
        ("## Events", whole["properties"]["type"]["enum"]),
        ("## Values", whole["$defs"]["value"]["properties"]["kind"]["enum"]),
    ):
        table = text.split(part)[1].split("\n## ")[0]
        cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
        told = [word for cell in cells for word in re.findall(r"`(\w+)`", cell)]
        told = [word for word in told if word not in ("type", "kind")]
        assert sorted(told) == sorted(kinds)
