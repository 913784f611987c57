"""``seize render``: the text of a trace that was written as JSON."""

from __future__ import annotations

import sys

from seize.cli import show
from seize.cli.options import describe, parse
from seize.cli.reader import read
from seize.cli.table import OPTIONS as TRACE_OPTIONS
from seize.errors import SeizeError, UsageError
from seize.strace import Settings
from seize.strace.output import Output
from seize.strace.tool import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

USAGE = """\
usage: seize render [OPTION…] [FILE]

Writes the text of a trace that `seize trace --format json` has written to FILE (or -, standard
input), each call on one line. The options are those of `seize trace`:

"""
_NAMES = (
    *("--follow-forks", "--output", "--string-limit", "--strings-in-hex"),
    *("--const-print-style", "--arg-names", "--syscall-number", "--instruction-pointer"),
    *("--absolute-timestamps", "--syscall-times", "--columns", "--quiet", "--help"),
)
OPTIONS = tuple(entry for entry in TRACE_OPTIONS if entry.name in _NAMES)
WHOLE = 1 << 31
"""The strings are as long as they were recorded."""


class StandardOutput:
    """Writes text to standard output, bytes that are no UTF-8 as they came."""

    def write(self, text: str) -> None:
        """Write all of ``text``."""
        if sys.stdout is not None:
            sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))


def run(arguments: list[str]) -> int:
    """Parse the words after ``seize render``, and print."""
    options, names = parse(OPTIONS, arguments, "render")
    if any(found.name == "--help" for found in options):
        show(USAGE + describe(OPTIONS))
        return 0
    if len(names) > 1:
        raise UsageError("there is one FILE at most (try 'seize render --help')")
    settings = Settings(**{"string_limit": WHOLE, "color": "never", **read(options).given})
    name = names[0] if names else "-"
    if name == "-":
        if sys.stdin is not None:
            _render(settings, sys.stdin.buffer, "standard input")
        return 0
    with _opened(name) as lines:
        _render(settings, lines, name)
    return 0


def _opened(name: str) -> BinaryIO:
    try:
        return open(name, "rb")
    except OSError as error:
        raise SeizeError(f"can't read '{name}': {error.strerror}") from error


def _render(settings: Settings, lines: Iterable[bytes], name: str) -> None:
    from seize.strace.replay import Replay

    text = text_of(settings)
    if settings.output is None:
        try:
            Replay(StandardOutput(), text, settings).lines(lines, name)
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
        return
    output = Output(settings.output)
    try:
        Replay(output, text, settings).lines(lines, name)
    finally:
        output.close()
