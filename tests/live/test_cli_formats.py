"""How ``seize trace`` writes (colours, names, quietness), and options as getopt reads them."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys

import pytest

from seize.cli.options import Option, describe, option, parse
from seize.errors import UsageError
from seize.strace.colour import painted, visible_width
from tests.live.support import run_seize

ESCAPE = re.compile(r"\x1b\[\d+m")
TABLE = (
    option("-f --follow", "", "go on"),
    option("-o --output", "FILE", "where"),
    option("-x --hex", "[=WHICH]", "how"),
    option("--holes", "", "another"),
)


def masked(text: str) -> str:
    return re.sub(r"\\x..", "X", re.sub(r"0x[0-9a-f]+|\d{3,}", "N", text))


# ---------------------------------------------------------------------- colours


def test_colours_change_nothing_else() -> None:
    plain = run_seize("trace", "--color=never", "sh", "-c", "cd /nonexistent 2>/dev/null; exit 3")
    painted = run_seize(
        "trace", "--color=always", "sh", "-c", "cd /nonexistent 2>/dev/null; exit 3"
    )
    assert "\x1b" not in plain.stderr
    assert len(ESCAPE.findall(painted.stderr)) > 100
    assert masked(ESCAPE.sub("", painted.stderr)) == masked(plain.stderr)


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"TERM": "xterm", "NO_COLOR": ""}, False),
        ({"TERM": "dumb"}, False),
        ({"TERM": "unknown"}, False),
        ({}, False),
    ],
)
def test_colours_by_themselves_on_a_terminal(variables: dict[str, str], coloured: bool) -> None:
    master, slave = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k not in ("TERM", "NO_COLOR")}
    command = [sys.executable, "-m", "seize", "trace", "-e", "exit_group", "true"]
    subprocess.run(
        command, stderr=slave, stdin=subprocess.DEVNULL, env=environment | variables, timeout=30
    )
    os.close(slave)
    text = os.read(master, 4096).decode()
    os.close(master)
    assert "exit_group" in text
    assert ("\x1b[" in text) == coloured


def test_the_users_own_colours() -> None:
    environment = dict(os.environ, STRACE_COLORS="syscall=1;91: Error = 7 :const=x:nosuch=1:retval")
    done = run_seize("trace", "--color=always", "cat", "/nosuch", env=environment)
    assert "\x1b[1;91mopenat\x1b[0m(" in done.stderr
    assert "= \x1b[7m-1 ENOENT" in done.stderr
    assert "\x1b[34mO_RDONLY\x1b[0m) = " in done.stderr


def test_names_and_comments_have_colours() -> None:
    options = ["--color=always", "-N", "-e", "execve,newfstatat"]
    text = run_seize("trace", *options, "cat", "/dev/null").stderr
    assert "\x1b[36m/* " in text
    assert "\x1b[39mfilename=\x1b[0m\x1b[35m" in text
    assert "\x1b[39mst_size=\x1b[0m" in text


def test_no_colours_in_a_pipe() -> None:
    assert "\x1b" not in run_seize("trace", "true").stderr


def test_the_width_of_painted_text() -> None:
    assert visible_width(painted("abc", "1") + "de") == 5
    assert visible_width("abc") == 3


# ---------------------------------------------------------------------- what is written


def test_argument_names() -> None:
    text = run_seize("trace", "-N", "-e", "openat,close,exit_group", "cat", "/dev/null").stderr
    assert 'openat(dfd=AT_FDCWD, filename="/dev/null", flags=O_RDONLY) = 3' in text
    assert re.search(r"^close\(fd=3\) += 0$", text, re.MULTILINE)
    assert re.search(r"^exit_group\(error_code=0\) += \?$", text, re.MULTILINE)


QUIET = [
    ([], {"attached", "exited"}),
    (["-q"], {"exited"}),
    (["-qq"], set()),
    (["--quiet=exit"], {"attached"}),
    (["--quiet=all"], set()),
    (["--quiet=none"], {"attached", "exited"}),
    (["-qqq"], set()),
]


@pytest.mark.parametrize(("arguments", "said"), QUIET)
def test_quietness(arguments: list[str], said: set[str]) -> None:
    done = run_seize("trace", *arguments, "-f", "-e", "none", "sh", "-c", "true & wait")
    assert {word for word in ("attached", "exited") if word in done.stderr} == said


def test_a_column_of_its_own() -> None:
    text = run_seize("trace", "-a", "70", "-e", "exit_group,close", "true").stderr
    assert {line.index(" = ") for line in text.splitlines() if " = " in line} == {69}


# ---------------------------------------------------------------------- getopt's rules


def read(*words: str) -> tuple[list[tuple[str, str | None]], list[str]]:
    found, rest = parse(TABLE, list(words))
    return [(each.name, each.value) for each in found], rest


def test_getopt() -> None:
    assert read("-fo", "x", "cmd", "-f") == (
        [("--follow", None), ("--output", "x")],
        ["cmd", "-f"],
    )
    assert read("-ox", "--", "-f") == ([("--output", "x")], ["-f"])
    assert read("--output=x=y", "--foll") == ([("--output", "x=y"), ("--follow", None)], [])
    assert read("--output", "x") == ([("--output", "x")], [])
    assert read("-xx", "--hex", "--hex=all", "c") == (
        [("--hex", None), ("--hex", None), ("--hex", None), ("--hex", "all")],
        ["c"],
    )
    assert read("-", "-f") == ([], ["-", "-f"])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-z"], "invalid option -- 'z'"),
        (["-fz"], "invalid option -- 'z'"),
        (["--zzz"], "unrecognized option '--zzz'"),
        (["--h"], "option '--h' is ambiguous; possibilities: '--hex' '--holes'"),
        (["--follow=1"], "option '--follow' doesn't allow an argument"),
        (["-o"], "option requires an argument -- 'o'"),
        (["--output"], "option '--output' requires an argument"),
    ],
)
def test_what_getopt_refuses(words: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        parse(TABLE, words)


def test_the_help_has_every_option() -> None:
    text = describe(TABLE)
    assert all(name in text for entry in TABLE for name in entry.names)
    assert max(len(line) for line in text.splitlines()) <= 92
    assert isinstance(TABLE[0], Option)
