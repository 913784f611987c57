"""``seize trace``: strace's options, read as strace reads them (getopt's rules)."""

from __future__ import annotations

import getopt

from seize.cli import show
from seize.errors import UsageError
from seize.strace import Settings, trace

HELP = """\
usage: seize trace [OPTION…] COMMAND [ARGUMENT…]
       seize trace [OPTION…] -p PID… [COMMAND [ARGUMENT…]]

Options end at the first word that is none: the rest is the command.

  -f, --follow-forks       trace the processes and threads that are created, too
  -p, --attach=PID[,PID…]  attach to running processes, with all their threads
  -o, --output=FILE        write the trace to FILE instead of standard error
  -e, --trace=[!]CALL[,…]  show only (or all but) these calls: names, numbers, %class,
                           /regex, ?name (no error if unknown), all, none
                           (-e trace=… and -e … mean the same)
  -s, --string-limit=N     show at most N bytes of a string (32)
  -t, -tt, -ttt            put the time before each line: seconds, microseconds, epoch
  -T, --syscall-times      put the seconds spent in each call after it
  -a, --columns=N          align the results at column N (40)
  -q, --quiet              no messages about attaching and detaching
  -I, --interruptible=N    1, 2: signals end the trace; 3: they don't (as with -o FILE COMMAND)
      --kill-on-exit       kill the command if the tracer dies
      --placement=HOW      auto: run on the tracee's CPU while that is faster; off: don't
  -h, --help               this page

The exit status is the command's; a command killed by a signal ends the tracer by the same.
"""

SHORT = "fp:o:e:s:tTa:qI:h"
LONG = [
    *("follow-forks", "attach=", "output=", "trace=", "string-limit=", "syscall-times", "columns="),
    *("quiet", "interruptible=", "kill-on-exit", "placement=", "help", "absolute-timestamps="),
]
_TIMESTAMPS = ("", "s", "us", "epoch")


def run(arguments: list[str]) -> int:
    """Parse the words after ``seize trace``, and trace."""
    try:
        options, command = getopt.getopt(arguments, SHORT, LONG)
    except getopt.GetoptError as error:
        raise UsageError(f"{error} (try 'seize trace --help')") from error
    if any(option in ("-h", "--help") for option, _ in options):
        show(HELP)
        return 0
    return trace(parse(options, command))


def parse(options: list[tuple[str, str]], command: list[str]) -> Settings:
    """Turn options and command into settings; UsageError says what is wrong."""
    given: dict[str, object] = {}
    attach: list[int] = []
    clock = 0
    for option, value in options:
        match option:
            case "-p" | "--attach":
                attach.extend(_number(pid, "process id") for pid in value.replace(",", " ").split())
            case "-t":
                clock = min(clock + 1, 3)
            case "--absolute-timestamps":
                clock = _timestamp(value)
            case _:
                name, setting = _setting(option, value)
                given[name] = setting
    if not command and not attach:
        raise UsageError("there must be a COMMAND or -p PID (try 'seize trace --help')")
    if command and "output" in given:
        given.setdefault("interruptible", 3)
    return Settings(
        command=tuple(command),
        attach=tuple(attach),
        timestamps=_TIMESTAMPS[clock],
        **given,  # type: ignore[arg-type]
    )


def _setting(option: str, value: str) -> tuple[str, object]:
    """Return the name and the value of the setting that one option stands for."""
    match option:
        case "-f" | "--follow-forks":
            return "follow", True
        case "-o" | "--output":
            return "output", value
        case "-e":
            return "trace", _expression(value)
        case "--trace":
            return "trace", value
        case "-s" | "--string-limit":
            return "string_limit", _number(value, "string limit")
        case "-T" | "--syscall-times":
            return "times", True
        case "-a" | "--columns":
            return "column", _number(value, "column")
        case "-q" | "--quiet":
            return "quiet", 1
        case "-I" | "--interruptible":
            return "interruptible", _number(value, "-I level", highest=3)
        case "--kill-on-exit":
            return "kill_on_exit", True
        case "--placement":
            return "placement", value
    raise UsageError(f"option {option} is not known")


def _expression(value: str) -> str:
    """Read ``-e``: ``trace=…``, ``t=…``, or the calls alone."""
    qualifier, separator, calls = value.partition("=")
    if not separator:
        return value
    if qualifier not in ("trace", "t"):
        raise UsageError(f"unknown qualifier '{qualifier}' in -e {value}")
    return calls


def _timestamp(value: str) -> int:
    if value not in _TIMESTAMPS[1:]:
        raise UsageError(f"unknown timestamp format '{value}' (s, us or epoch)")
    return _TIMESTAMPS.index(value)


def _number(text: str, what: str, highest: int = 1 << 31) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) > highest:
        raise UsageError(f"'{text}' is no {what}")
    return int(text)
