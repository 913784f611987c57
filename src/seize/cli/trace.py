"""``seize trace``: strace's options, read as strace reads them (getopt's rules)."""

from __future__ import annotations

from seize.cli import show
from seize.cli.options import describe, option, parse
from seize.errors import UsageError
from seize.strace import Settings, trace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from seize.cli.options import Option

OPTIONS = (
    option("-f --follow-forks", "", "trace the processes and threads that are created, too"),
    option("-p --attach", "PID[,PID…]", "attach to running processes, with all their threads"),
    option("-o --output", "FILE", "write the trace to FILE instead of standard error"),
    option("-e", "trace=CALL[,…]", "the same as --trace=CALL[,…]"),
    option(
        "--trace",
        "CALL[,…]",
        "show only these calls (with ! before them: all but these): names, numbers, %class, "
        "/regex, ?name (no error if unknown), all, none",
    ),
    option("-s --string-limit", "N", "show at most N bytes of a string (32)"),
    option("-v --no-abbrev", "", "show structs, environments and arrays whole"),
    option(
        "-x --strings-in-hex",
        "[=WHICH]",
        "show strings in hexadecimal: non-ascii (-x), all (-xx), or only what isn't printable: "
        "non-ascii-chars",
    ),
    option(
        "-X --const-print-style",
        "STYLE",
        "show named constants as names (abbrev), numbers (raw), or both (verbose)",
    ),
    option(
        "-y --decode-fds",
        "[=WHAT]",
        "show what descriptors stand for: path (-y); also socket, dev, pidfd, eventfd, signalfd, "
        "or all (-yy)",
    ),
    option("-N --argument-names", "", "show the names of arguments"),
    option("-n --syscall-number", "", "show the number of each call"),
    option("-i --instruction-pointer", "", "show the instruction pointer at each call"),
    option("-t", "", "put the time before each line; -tt: with microseconds, -ttt: as an epoch"),
    option("--absolute-timestamps", "[=FORMAT]", "put the time before each line: s, us, epoch"),
    option("-T --syscall-times", "", "put the seconds spent in each call after it"),
    option("-a --columns", "N", "align the results at column N (40)"),
    option("--color", "WHEN", "use colours: auto (on a terminal), always, never"),
    option("--format", "FORMAT", "text, or json: one JSON object a line, typed values"),
    option(
        "-q --quiet",
        "[=WHAT]",
        "leave out messages: attach, exit, path-resolution, personality, thread-execve, all "
        "(-q: attach,personality; -qq: exit as well; -qqq: all)",
    ),
    option(
        "-I --interruptible",
        "N",
        "1, 2: signals end the trace; 3: they don't (as with -o FILE COMMAND)",
    ),
    option("--kill-on-exit", "", "kill the command if the tracer dies"),
    option("--placement", "HOW", "auto: run on the tracee's CPU while that is faster; off: don't"),
    option("-h --help", "", "this page"),
)
USAGE = """\
usage: seize trace [OPTION…] COMMAND [ARGUMENT…]
       seize trace [OPTION…] -p PID… [COMMAND [ARGUMENT…]]

Options end at the first word that is none: the rest is the command.

"""
EPILOGUE = """
The exit status is the command's; a command killed by a signal ends the tracer by the same.
"""
_TIMESTAMPS = {"s": ("time", "s"), "us": ("time", "us"), "epoch": ("unix", "us")}
_STRINGS = ("", "non-ascii", "all")
_QUIET = ("attach", "personality", "exit", "path-resolution", "thread-execve")
_QUIET_LEVELS = ((), _QUIET[:2], _QUIET[:3], _QUIET)
_DESCRIPTORS = ("path", "socket", "dev", "pidfd", "eventfd", "signalfd")
_CHOICES = {
    "--const-print-style": ("constants", ("raw", "abbrev", "verbose")),
    "--color": ("color", ("auto", "always", "never")),
    "--format": ("format", ("text", "json")),
    "--placement": ("placement", ("auto", "off")),
}
_SWITCHES = {
    "--follow-forks": "follow",
    "--no-abbrev": "verbose",
    "--argument-names": "argument_names",
    "--syscall-number": "syscall_number",
    "--instruction-pointer": "instruction_pointer",
    "--kill-on-exit": "kill_on_exit",
}
_NUMBERS = {
    "--string-limit": ("string_limit", "string limit", 1 << 31),
    "--columns": ("column", "column", 1 << 31),
    "--interruptible": ("interruptible", "-I level", 3),
}


def run(arguments: list[str]) -> int:
    """Parse the words after ``seize trace``, and trace."""
    options, command = parse(OPTIONS, arguments, "trace")
    if any(entry.name == "--help" for entry, _ in options):
        show(USAGE + describe(OPTIONS) + EPILOGUE)
        return 0
    return trace(settings(options, command))


def settings(options: list[tuple[Option, str | None]], command: list[str]) -> Settings:
    """Turn options and command into settings; UsageError says what is wrong."""
    given = chosen(options)
    if not command and not given.get("attach"):
        raise UsageError("there must be a COMMAND or -p PID (try 'seize trace --help')")
    if command and "output" in given:
        given.setdefault("interruptible", 3)
    return Settings(command=tuple(command), **given)


def chosen(options: list[tuple[Option, str | None]]) -> dict[str, Any]:
    """The fields of `Settings` that options set."""
    given: dict[str, Any] = {}
    attach: list[int] = []
    repeated = {"-t": 0, "--strings-in-hex": 0, "--decode-fds": 0, "--quiet": 0}
    for entry, value in options:
        name = entry.name
        if value is None and name in repeated:
            repeated[name] += 1
            _repeated(given, name, repeated[name])
        elif name == "--attach":
            attach.extend(_number(pid, "process id") for pid in _words(value, " "))
        else:
            _set(given, name, value or "")
    if attach:
        given["attach"] = tuple(attach)
    return given


def _words(value: str | None, *separators: str) -> list[str]:
    text = value or ""
    for separator in separators:
        text = text.replace(separator, ",")
    return [word for word in text.split(",") if word]


def _repeated(given: dict[str, object], name: str, times: int) -> None:
    """An option that says more when it is given more often."""
    if name == "-t":
        style = _TIMESTAMPS[("s", "us", "epoch")[min(times, 3) - 1]]
        given["timestamps"], given["timestamp_precision"] = style
    elif name == "--strings-in-hex":
        given["strings"] = _STRINGS[min(times, 2)]
    elif name == "--decode-fds":
        given["decode_fds"] = frozenset(_DESCRIPTORS if times > 1 else _DESCRIPTORS[:1])
    else:
        given["quiet"] = frozenset(_QUIET_LEVELS[min(times, 3)])


def _set(given: dict[str, object], name: str, value: str) -> None:
    """Set what one option says."""
    if name in _SWITCHES:
        given[_SWITCHES[name]] = True
    elif name in _CHOICES:
        setting, choices = _CHOICES[name]
        given[setting] = _choice(name, value, choices)
    elif name in _NUMBERS:
        setting, what, highest = _NUMBERS[name]
        given[setting] = _number(value, what, highest)
    elif name == "--output":
        given["output"] = value
    elif name == "--trace":
        given["trace"] = value
    elif name == "-e":
        given["trace"] = _expression(value)
    elif name == "--absolute-timestamps":
        style = _TIMESTAMPS[_choice(name, value or "s", tuple(_TIMESTAMPS))]
        given["timestamps"], given["timestamp_precision"] = style
    elif name == "--syscall-times":
        given["times"] = "us"
    elif name == "--strings-in-hex":
        given["strings"] = _choice(name, value, ("non-ascii-chars", "non-ascii", "all"))
    elif name == "--decode-fds":
        given["decode_fds"] = _subset(name, value, _DESCRIPTORS)
    elif name == "--quiet":
        given["quiet"] = _subset(name, value, _QUIET)


def _choice(name: str, value: str, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise UsageError(f"{name} can't be '{value}': it is one of {', '.join(choices)}")
    return value


def _subset(name: str, value: str, choices: tuple[str, ...]) -> frozenset[str]:
    words = _words(value)
    if words in (["all"], ["none"]):
        return frozenset(choices if words == ["all"] else ())
    for word in words:
        _choice(name, word, (*choices, "all", "none"))
    return frozenset(words)


def _expression(value: str) -> str:
    """Read ``-e``: ``trace=…``, ``t=…``, or the calls alone."""
    qualifier, separator, calls = value.partition("=")
    if not separator:
        return value
    if qualifier not in ("trace", "t"):
        raise UsageError(f"unknown qualifier '{qualifier}' in -e {value}")
    return calls


def _number(text: str, what: str, highest: int = 1 << 31) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) > highest:
        raise UsageError(f"'{text}' is no {what}")
    return int(text)
