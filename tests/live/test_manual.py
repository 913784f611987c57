"""The manual page and the completions, by the programs that read them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from seize.cli import VERBS
from seize.cli.table import OPTIONS

NAMES = [name for entry in OPTIONS for name in entry.names]
SEIZE = [sys.executable, "-m", "seize"]


def output(*argv: str, text: str = "") -> str:
    done = subprocess.run(argv, input=text, capture_output=True, text=True, timeout=30, check=True)
    assert done.stderr == ""
    return done.stdout


def test_the_manual_page_has_every_option_and_groff_takes_it() -> None:
    page = output(*SEIZE, "manual")
    printed = output("groff", "-man", "-ww", "-Tascii", "-P-bcu", text=page)
    for name in NAMES:
        assert name in printed
    assert "SEIZE-TRACE(1)" in printed
    assert "EXIT STATUS" in printed


BASH = """
source /dev/stdin
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_seize
echo "${COMPREPLY[@]}"
"""
LINES = [
    (["seize", "tr"], "trace"),
    (["seize", "trace", "--col"], "--columns --color"),
    (["seize", "trace", "--color", "=", "al"], "always"),
    (["seize", "trace", "--color", "="], "auto always never"),
    (["seize", "trace", "-X", "ra"], "raw"),
    (["strace", "--seccomp"], "--seccomp-bpf"),
    (["seize", "trace", "-f", "-o", "/etc/passw"], "/etc/passwd"),
    (["seize", "trace", "-u", "nobod"], "nobody"),
]


@pytest.mark.parametrize(("words", "completed"), LINES)
def test_bash_completes(words: list[str], completed: str) -> None:
    script = output(*SEIZE, "completions", "bash")
    found = output("bash", "-c", BASH, "bash", *words, text=script).split()
    if words[-1].startswith("/"):
        assert completed in found
    else:
        assert found == completed.split()


def test_zsh_takes_its_completions() -> None:
    script = output(*SEIZE, "completions", "zsh")
    output("zsh", "-n", "/dev/stdin", text=script)
    assert all(f"'*{name}" in script for name in NAMES)


def test_fish_completes() -> None:
    script = output(*SEIZE, "completions", "fish")
    ask = "source -; complete -C 'seize '; complete -C 'seize trace --color='"
    found = output("fish", "--no-config", "-c", ask, text=script).split("\n")
    assert set(VERBS) <= set(found)
    assert {line.split("\t")[0] for line in found if "=" in line} == {
        "--color=always",
        "--color=auto",
        "--color=never",
    }


def test_wrong_words() -> None:
    for words in (["manual", "x"], ["completions"], ["completions", "csh"]):
        done = subprocess.run([*SEIZE, *words], capture_output=True, text=True, timeout=30)
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1
