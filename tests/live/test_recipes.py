"""docs/debugging.md says what is so: its programs are built, its recipes run, as it shows."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import seize.terminal
from tests.live.support import reap_orphans
from tests.live.test_readme import Block, blocks, console, masked, run

PAGE = Path(__file__).parents[2] / "docs" / "debugging.md"
SCHEMA = Path(seize.terminal.__file__).with_name("schema.json")
_NAME = re.compile(r"/\* (\w+)\.c \*/\n")
_NUMBERS = re.compile(r'"address":\d+|"name":\d+|\(process \d+\)')


def parts() -> dict[str, list[Block]]:
    """The blocks of each part of the page, by its heading; the terminal's and Python's are one."""
    found: dict[str, list[Block]] = {}
    text = PAGE.read_text()
    every = blocks(PAGE)
    headings = re.split(r"^##+ (.*)$", text, flags=re.MULTILINE)
    for heading, body in zip(headings[1::2], headings[2::2], strict=True):
        count = len(re.findall(r"^```\w+$", body, re.MULTILINE))
        found[heading], every = every[:count], every[count:]
    guide = [heading for heading in found if heading in GUIDE]
    found["the guide"] = [block for heading in guide for block in found.pop(heading)]
    return {heading: body for heading, body in found.items() if body}


GUIDE = ("At the terminal", "In Python", "Core files", "For programs: --json")
PARTS = parts()


def test_there_are_ten_recipes() -> None:
    text = PAGE.read_text().split("## Ten recipes")[1].split("\n## ")[0]
    assert len(re.findall(r"^### ", text, re.MULTILINE)) == 10
    assert len(PARTS) == 11, list(PARTS)


@pytest.mark.parametrize("heading", PARTS)
def test_the_page_shows_what_happens(heading: str, tmp_path: Path) -> None:
    shown_something = False
    for block in PARTS[heading]:
        if block.language == "c":
            name = _NAME.match(block.text)
            assert name is not None
            (tmp_path / f"{name[1]}.c").write_text(block.text)
            command = ["gcc", "-g", f"{name[1]}.c", "-o", name[1]]
            subprocess.run(command, cwd=tmp_path, check=True, timeout=50)
            continue
        if block.language == "console":
            shown, real = block.text, console(block, tmp_path)
        elif block.language == "python":
            shown = block.following
            real = run([sys.executable, "-W", "error", "-c", block.text], tmp_path)
        else:
            continue
        # A recipe's program that outlives its debugger is ours.
        reap_orphans()
        assert same(real) == same(shown), real
        shown_something = shown_something or bool(shown)
    assert shown_something


def same(text: str) -> list[str]:
    """The lines without addresses and process ids."""
    return _NUMBERS.sub("NUMBER", masked(text)).splitlines()


def test_the_events_and_reasons_of_json_are_told_of() -> None:
    text = PAGE.read_text().split("## For programs: --json")[1].split("\n## ")[0]
    schema = json.loads(SCHEMA.read_text())
    for event in schema["properties"]["event"]["enum"]:
        assert f"| `{event}` |" in text
    for part in schema["oneOf"]:
        for name in part["required"]:
            assert f"`{name}`" in text


def test_every_file_that_the_page_names_is_there() -> None:
    names = re.findall(r"\]\(([\w./-]+)\)", PAGE.read_text())
    assert names
    assert [name for name in names if not os.path.exists(PAGE.parent / name)] == []
