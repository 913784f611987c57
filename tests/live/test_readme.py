"""The README says what is so: its commands and its Python print what it shows.

Fenced blocks are run in order, in one folder.  A ``console`` block has commands (``$ …``) and
their output; a ``python`` block's output is the ``text`` block that follows it.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.live.support import reap_orphans

README = Path(__file__).parents[2] / "README.md"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

# What differs from run to run, or from machine to machine.
MASKS = (
    (re.compile(r"0x[0-9a-f]+"), "ADDRESS"),
    (re.compile(r"/\* \d+ vars \*/"), "/* VARS */"),
    (re.compile(r"^\[pid +\d+\] ", re.MULTILINE), ""),
    (re.compile(r"^\d\d:\d\d:\d\d\.\d{6} ", re.MULTILINE), "TIME "),
    (re.compile(r"<\d+\.\d{6}>"), "<SECONDS>"),
    (re.compile(r"(pid|[Pp]rocess|uid)([ =])\d+"), r"\1\2ID"),
    (re.compile(r"si_([us])time=\d+"), r"si_\1time=TICKS"),
    (re.compile(r" +"), " "),
)


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, its text, and the text of the block after it."""

    language: str
    text: str
    following: str


def blocks(page: Path = README) -> list[Block]:
    """The fenced blocks of a page."""
    found = _BLOCK.findall(page.read_text())
    after = [text if language == "text" else "" for language, text in found[1:]] + [""]
    return [
        Block(language, text, following)
        for (language, text), following in zip(found, after, strict=True)
    ]


def masked(text: str) -> str:
    """The text without what differs from run to run."""
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    return text


def run(command: list[str], folder: Path) -> str:
    """What a command writes to standard output and standard error, in the order of writing."""
    programs = Path(sys.executable).parent
    environment = {"PATH": f"{programs}:/usr/bin:/bin", "LC_ALL": "C", "PYTHONUNBUFFERED": "1"}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=50,
    )
    return done.stdout


def console(block: Block, folder: Path) -> str:
    """Run the commands of a console block in one shell; return the transcript."""
    script = ["status=0"]
    for line in block.text.splitlines():
        if line.startswith("$ "):
            script.append(f"printf '%s\\n' {shlex.quote(line)}")
            script.append(f"(exit $status); {line[2:]}\nstatus=$?")
    return run(["sh", "-c", "\n".join(script)], folder)


def shown_and_real(folder: Path, page: Path = README) -> list[tuple[str, str, str]]:
    """For each block: what it runs, the output that the page shows, and the real one."""
    results = []
    for block in blocks(page):
        if block.language == "console":
            results.append((block.text, block.text, console(block, folder)))
        elif block.language == "python":
            real = run([sys.executable, "-W", "error", "-c", block.text], folder)
            results.append((block.text, block.following, real))
    return results


@pytest.mark.timeout(120)
def test_the_readme_shows_what_happens(tmp_path: Path) -> None:
    results = shown_and_real(tmp_path)
    assert len([text for text, _, _ in results if "import" in text]) >= 3
    assert len([text for text, _, _ in results if "seize trace" in text]) >= 5
    # What tampers beside a program is no child of it, but ends with it: now it is ours.
    reap_orphans()
    for source, shown, real in results:
        assert masked(real).splitlines() == masked(shown).splitlines(), source


def test_every_file_that_the_readme_names_is_there() -> None:
    names = re.findall(r"\]\(([\w./-]+)\)", README.read_text())
    assert names
    assert [name for name in names if not os.path.exists(README.parent / name)] == []
