"""docs/strace-options.md: every option is in it, with a test that exists."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from seize.cli.options import Option
from seize.cli.table import OPTIONS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "strace-options.md"
TEST = re.compile(r"\[`(test_\w+)`\]\(\.\./(tests/[\w/]+\.py)\)")
OURS = ("--format", "--placement")
"""Options that strace hasn't got."""
STRACE_7_2 = """
-a -A -b -c -C -d -D -e -E -f -F -h -i -I -k -n -N -o -O -p -P -q -r -s -S -t -T -u -U -v -V -w -x
-X -y -Y -z -Z --abbrev --absolute-timestamps --always-show-pid --argv0 --arg-names --attach --color
--columns --const-print-style --daemonize --debug --decode-fds --decode-pids --detach-on --env
--failed-only --fault --follow-forks --help --inject --instruction-pointer --interruptible
--kill-on-exit --kvm --namespace --no-abbrev --output --output-append-mode --output-separately
--quiet --raw --read --relative-timestamps --seccomp-bpf --secontext --signal --stack-trace
--stack-trace-frame-limit --status --string-limit --strings-in-hex --successful-only --summary
--summary-columns --summary-only --summary-sort-by --summary-syscall-overhead --summary-wall-clock
--syscall-limit --syscall-number --syscall-times --tips --trace --trace-fds --trace-path --user
--verbose --version --write
"""


@cache
def rows() -> dict[str, str]:
    """The row of each option, by its names."""
    found = {}
    for line in PAGE.read_text().splitlines():
        if line.startswith("| `-"):
            for name in re.findall(r"`(--?[\w-]+)", line.split("|")[1]):
                assert name not in found, f"{name} is there twice"
                found[name] = line
    return found


@pytest.mark.parametrize("entry", OPTIONS, ids=lambda entry: entry.name)
def test_every_option_has_a_row_with_its_tests(entry: Option) -> None:
    for name in entry.names:
        assert name in rows(), name
    line = rows()[entry.name]
    tests = TEST.findall(line)
    assert tests, f"no test: {line}"
    for name, path in tests:
        assert f"def {name}(" in (ROOT / path).read_text(), f"{path} has no {name}"
    for word in entry.qualifiers:
        assert f"`-e {word}`" in line, f"-e {word} isn't told"


def test_nothing_of_strace_is_missing() -> None:
    assert set(STRACE_7_2.split()) <= set(rows())


def test_no_row_is_about_an_option_that_there_is_not() -> None:
    known = {name for entry in OPTIONS for name in entry.names}
    assert set(rows()) == known
    assert known - set(STRACE_7_2.split()) - {"--pidns-translation"} == set(OURS)
