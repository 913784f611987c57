"""``seize sweep``: let every system call of a command fail once."""

from __future__ import annotations

import os
import signal
import sys

from seize.cli import show
from seize.cli.options import describe, option, parse
from seize.errors import SeizeError, UsageError
from seize.sweep import Settings, Sweep, report
from seize.sweep.faults import known_errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any, NoReturn

    from seize.cli.options import Found

OPTIONS = (
    option("--calls", "SET", "let only these calls fail: names, %classes, as seize trace -e"),
    option("--errors", "ERROR[,…]", "use only these failures: EIO, ENOSPC …, or short"),
    option("--directory", "DIR", "run in a fresh copy of DIR each time (else in an empty folder)"),
    option("--setup", "COMMAND", "shell command to run before, in that folder"),
    option("--check", "COMMAND", "shell command to run after; it is a finding if that fails"),
    option("-j --jobs", "N", "so many runs at a time (as many as there are CPUs)"),
    option("--timeout", "SECONDS", "end a run after that (10, or 10 times the baseline's time)"),
    option("--limit", "N", "make at most N runs (1000), spread over the kinds of calls"),
    option("--sample", "N", "make N runs, taken at random"),
    option("--seed", "N", "another random choice (0)"),
    option("--resume", "FILE", "write results to FILE as they come, and don't repeat what it has"),
    option("--only", "KEY", "make this run alone, as a report names it; may be given again"),
    option("--startup", "", "also let the dynamic loader's calls fail, before the program begins"),
    option("-f --follow", "", "also calls of its other threads and processes (the default)"),
    option("--no-follow", "", "only calls of the command's first thread"),
    option("--report", "FILE", "write the report as an HTML page"),
    option("--json", "FILE", "write the report as JSON"),
    option("-q --quiet", "", "print no findings and no progress"),
    option("-h --help", "", "this page"),
)
USAGE = """\
usage: seize sweep [OPTION…] [--] COMMAND [ARGUMENT…]

Runs the command once to count the system calls that may fail, then once for each of them with
that call failing, and tells whether the command took it well, crashed, hung, claimed success …

"""
EPILOGUE = """
The exit status is 0 if nothing was found, 1 if something was, 2 for a wrong option.
"""
_NUMBERS = {"--jobs": 1, "--limit": 0, "--sample": 0, "--seed": 0}
_TEXTS = ("--calls", "--directory", "--setup", "--check", "--resume")
_BAR = 30


def run(arguments: list[str]) -> int:
    """Parse the words after ``seize sweep``, and sweep; 1 if anything was found."""
    options, command = parse(OPTIONS, arguments, "sweep")
    given = {found.name: found.value or "" for found in options}
    if "--help" in given:
        show(USAGE + describe(OPTIONS) + EPILOGUE)
        return 0
    sweep = Sweep(settings(options, tuple(command)))
    for signum in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, _leave)
    bar = Bar("--quiet" not in given)
    try:
        told = sweep.go(bar.show)
    except KeyboardInterrupt:
        return 130
    finally:
        bar.clear()
    if "--json" in given:
        _write(given["--json"], report.as_json(told))
    if "--report" in given:
        _write(given["--report"], report.as_html(told))
    if "--quiet" not in given:
        show(report.as_text(told))
    return 1 if told.findings else 0


def settings(options: list[Found], command: tuple[str, ...]) -> Settings:
    """Turn options and command into settings; UsageError says what is wrong."""
    chosen: dict[str, Any] = {"jobs": len(os.sched_getaffinity(0)), "only": ()}
    for found in options:
        name, text = found.name, found.value or ""
        field = name.removeprefix("--")
        if name in _NUMBERS:
            chosen[field] = _number(name, text, _NUMBERS[name])
        elif name in _TEXTS:
            chosen[field] = text
        elif name == "--timeout":
            chosen[field] = _seconds(text)
        elif name == "--errors":
            chosen[field] = _errors(text)
        elif name == "--only":
            chosen[field] += (text,)
        elif name == "--startup":
            chosen[field] = True
        elif name in ("--follow", "--no-follow"):
            chosen["follow"] = name == "--follow"
    if "calls" in chosen:
        chosen["wants"] = _calls(chosen["calls"])
    folder = chosen.get("directory")
    if folder is not None and not os.path.isdir(folder):
        raise UsageError(f"there is no folder '{folder}'")
    return Settings(command=command, **chosen)


def _calls(expression: str) -> Callable[[str], bool]:
    """Which names an expression of ``seize trace -e trace=`` means, on any machine."""
    from seize.abi.names import syscall_number
    from seize.callsets.filters import ARCHES, CallFilter

    calls = CallFilter(expression)

    def wants(name: str) -> bool:
        numbers = [(arch, syscall_number(arch, name)) for arch in ARCHES]
        known = [calls.has(arch, number) for arch, number in numbers if number is not None]
        return any(known) if known else calls.wants_name(name)

    return wants


def _number(name: str, text: str, least: int) -> int:
    if not text.isascii() or not text.isdecimal() or not least <= int(text) < 1 << 31:
        raise UsageError(f"{name} can't be '{text}': it is a number from {least} on")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds < 1 << 20:
        raise UsageError(f"--timeout can't be '{text}': it is a number of seconds")
    return seconds


def _errors(text: str) -> frozenset[str]:
    known = known_errors()
    for word in text.split(","):
        if word not in known:
            raise UsageError(f"no call is made to fail with '{word}': {', '.join(sorted(known))}")
    return frozenset(text.split(","))


def _write(path: str, text: str) -> None:
    try:
        with open(path, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError as error:
        raise SeizeError(f"can't write '{path}': {os.strerror(error.errno or 0)}") from error


def _leave(signum: int, frame: FrameType | None) -> NoReturn:
    """Handle a signal that ends us as Ctrl-C does: runs and folders are cleaned up."""
    raise KeyboardInterrupt


class Bar:
    """The progress, in one line of a terminal."""

    def __init__(self, wanted: bool) -> None:
        self._shown = wanted and sys.stderr is not None and sys.stderr.isatty()

    def show(self, done: int, number: int, bad: int) -> None:
        """Draw it: so many of the runs are done, and so many findings are among them."""
        if self._shown:
            full = _BAR * done // max(number, 1)
            bar = "#" * full + "." * (_BAR - full)
            found = report.plural(bad, "finding")
            sys.stderr.write(f"\r[{bar}] {done}/{number} runs, {found}\x1b[K")
            sys.stderr.flush()

    def clear(self) -> None:
        """Take it away."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
