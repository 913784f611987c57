"""From options to settings: what each option of ``seize trace`` sets.

The words of the errors and warnings are strace's, because scripts look for them.
"""

from __future__ import annotations

import os

from seize.callsets.sets import decimal, words
from seize.cli import consistency, expressions
from seize.cli.options import WrongOption
from seize.cli.table import DESCRIPTORS, OPTIONS, PRECISIONS, QUIET
from seize.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from seize.cli.options import Found, Option

    Settings = dict[str, Any]

_SWITCHES = {
    "--no-abbrev": "verbose",
    "--arg-names": "argument_names",
    "--syscall-number": "syscall_number",
    "--instruction-pointer": "instruction_pointer",
    "--kill-on-exit": "kill_on_exit",
    "--output-append-mode": "append",
    "--always-show-pid": "always_show_pid",
    "--summary-wall-clock": "summary_wall",
    "--debug": "debug",
}
"""Option -> the setting that becomes true."""
_TEXTS = {
    "--trace": "trace",
    "--trace-fds": "trace_fds",
    "--signal": "signals",
    "--abbrev": "abbrev",
    "--verbose": "dereference",
    "--raw": "raw",
    "--read": "reads",
    "--write": "writes",
    "--argv0": "argv0",
    "--user": "user",
    "--output": "output",
}
"""Option -> the setting that takes its argument as it stands."""
_NUMBERS = {
    "--columns": ("column", 0, (1 << 31) - 1),
    "--string-limit": ("string_limit", 0, (1 << 30) - 1),
    "--syscall-limit": ("syscall_limit", 1, (1 << 64) - 1),
    "--stack-trace-frame-limit": ("stack_frames", 1, (1 << 31) - 1),
}
"""Option -> the setting, the least and the greatest number."""
_WORDS = {
    "--const-print-style": "constants",
    "--color": "color",
    "--format": "format",
    "--placement": "placement",
    "--seccomp-bpf": "seccomp",
    "--daemonize": "daemonize",
    "--stack-trace": "stack_trace",
}
"""Option -> the setting that is one of the option's choices."""
_DEFAULT_WORDS = {
    "--seccomp-bpf": "always",
    "--daemonize": "grandchild",
    "--stack-trace": "symbol",
    "--relative-timestamps": "us",
    "--syscall-times": "us",
    "--strings-in-hex": "all",
    "--quiet": "attach,personality",
    "--decode-fds": "path",
    "--secontext": "short",
}
"""Option -> its argument where none is given."""
_SETS = {
    "--status": ("status", "status", {}),
    "--quiet": (
        "quiet",
        "quiet",
        {"exits": "exit", "superseded": "thread-execve"},
    ),
    "--decode-fds": ("decode_fds", "decode-fds", {}),
    "--decode-pids": ("decode_pids", "decode-pids", {}),
    "--secontext": ("secontext", "secontext", {}),
    "--namespace": ("namespace", "namespace", {}),
}
"""Option -> the setting, what strace calls a member of the set, other names of members."""
_INTERRUPTIBLE = {"anywhere": 1, "waiting": 2, "never": 3, "never_tstp": 4}
_DAEMONIZE = ("", "grandchild", "pgroup", "session")
_QUIET_LEVELS = ("none", "attach,personality", "attach,personality,exit", "all")
_SHORT_TIMES = ("", "time", "time,us", "unix,us")
_BY_NAME = {entry.name: entry for entry in OPTIONS}
_QUALIFIERS = {word: entry.name for entry in OPTIONS for word in entry.qualifiers}


class Reader:
    """Takes options one by one; ``settings`` tells what they come to.

    ``warnings`` are to be told, and change nothing.
    """

    def __init__(self) -> None:
        self.given: Settings = {}
        self.warnings: list[str] = []
        self._letters: dict[str, int] = {}
        self._long: set[str] = set()
        self._status_letters = 0

    def take(self, found: Found) -> None:
        """Note what one option says."""
        entry, name = found.option, found.name
        if found.is_short:
            self._letters[found.by] = self._letters.get(found.by, 0) + 1
        else:
            self._long.add(name)
        value = found.value
        if value is None:
            value = _DEFAULT_WORDS.get(name, "")
        if name == "-e":
            self._qualify(value)
        else:
            self._set(entry, name, value, found.by)

    def _qualify(self, expression: str) -> None:
        qualifier, equals, value = expression.partition("=")
        name = _QUALIFIERS.get(qualifier, "") if equals else ""
        if name:
            self._long.add(name)
            self._set(_BY_NAME[name], name, value, f"-e {qualifier}=")
        else:
            self._set(_BY_NAME["--trace"], "--trace", expression, "-e")

    def _set(self, entry: Option, name: str, value: str, by: str) -> None:
        # -v is --abbrev=none: the last of them counts.
        if name == "--no-abbrev":
            self.given.pop("abbrev", None)
        elif name == "--abbrev":
            self.given["verbose"] = False
        if name in _SWITCHES:
            self.given[_SWITCHES[name]] = True
        elif name in _TEXTS:
            expressions.check(name, value)
            self.given[_TEXTS[name]] = value
        elif name in _NUMBERS:
            setting, least, greatest = _NUMBERS[name]
            number = decimal(value, greatest)
            if number is None or number < least:
                raise _bad(by, value)
            self.given[setting] = number
        elif name in _WORDS:
            if value not in entry.choices:
                raise _bad(by, value)
            self.given[_WORDS[name]] = value
        elif name in _SETS:
            setting, what, also = _SETS[name]
            choices = entry.choices
            self.given[setting] = words(value, what, choices, also)
        else:
            self._special(name, value, by)

    def _special(self, name: str, value: str, by: str) -> None:
        """What one look-up can't say."""
        given = self.given
        if name == "--attach":
            given["attach"] = (*given.get("attach", ()), *_process_ids(value, given))
        elif name == "--env":
            given["env"] = (*given.get("env", ()), value)
        elif name == "--trace-path":
            given["paths"] = (*given.get("paths", ()), value)
        elif name in ("--inject", "--fault"):
            expressions.check(name, value)
            given["inject"] = (*given.get("inject", ()), (name[2:], value))
        elif name in ("--relative-timestamps", "--syscall-times"):
            if value not in PRECISIONS.split():
                raise _bad(by, value)
            given["relative" if name.startswith("--rel") else "times"] = value
        elif name in ("--successful-only", "--failed-only"):
            given["status"] = frozenset((name[2:].partition("-")[0],))
            self._status_letters += 1
        elif name in ("-Y", "--pidns-translation"):
            more = "comm" if name == "-Y" else "pidns"
            given["decode_pids"] = frozenset((more,))
        elif name in ("--summary-only", "--summary"):
            self._summary("only" if name == "--summary-only" else "also")
        else:
            self._rare(name, value, by)

    def _rare(self, name: str, value: str, by: str) -> None:
        given = self.given
        if name == "--absolute-timestamps":
            if not by.startswith("-t"):
                self._timestamps(value or "time", by)
        elif name == "--strings-in-hex":
            if value not in _BY_NAME[name].choices:
                raise _bad(by, value)
            given["strings"] = "" if value == "none" else value
        elif name == "--interruptible":
            level = _INTERRUPTIBLE.get(value, 0) or decimal(value, 4)
            if not level:
                raise _bad(by, value)
            given["interruptible"] = level
        elif name == "--detach-on":
            if value != "execve":
                raise UsageError(f"Syscall '{value}' for -b isn't supported")
            given["detach_on"] = frozenset((value,))
        elif name == "--kvm":
            if value not in ("vcpu", "vcpu+"):
                raise UsageError(f"invalid -e kvm= argument: '{value}'")
            given["kvm"] = frozenset(("vcpu", "registers") if value == "vcpu+" else ("vcpu",))
        elif name == "--summary-syscall-overhead":
            from seize.tampering.expression import seconds

            overhead = given["summary_overhead"] = seconds(value)
            if overhead is None:
                raise _bad(by, value)
        elif name in ("--summary-columns", "--summary-sort-by"):
            self._summary_look(name, value)
        elif name == "--tips":
            from seize.strace.tips import choice

            given["tips"] = _understood(choice, value)

    def _summary(self, which: str) -> None:
        if self.given.setdefault("summary", which) != which:
            raise WrongOption("-c/--summary-only and -C/--summary are mutually exclusive")

    def _summary_look(self, name: str, value: str) -> None:
        from seize.strace.summary import columns_of, sort_of

        if name == "--summary-columns":
            self.given["summary_columns"] = _understood(columns_of, value.split(","))
        else:
            self.given["summary_sort"] = _understood(sort_of, value)

    def _timestamps(self, value: str, by: str) -> None:
        """Read ``[[format:]FORMAT][,[precision:]PRECISION]``, in any order."""
        style, precision = "time", "s"
        for word in filter(None, value.split(",")):
            kind, colon, name = word.partition(":")
            if not colon:
                kind, name = "format" if word in ("none", "time", "unix") else "precision", word
            if kind == "format" and name in ("none", "time", "unix"):
                style = name
            elif kind == "precision" and name in PRECISIONS.split():
                precision = name
            else:
                raise _bad(by, value)
        self.given["timestamps"] = "" if style == "none" else style
        self.given["timestamp_precision"] = precision

    # ------------------------------------------------------------------ all together

    def repeated(self) -> None:
        """Apply the letters that say more when they are given more often."""
        count = self._letters
        self._not_both("-t", "--absolute-timestamps")
        self._not_both("-x", "--strings-in-hex")
        self._not_both("-y", "--decode-fds")
        self._not_both("-q", "--quiet", "-q and -e quiet/--quiet")
        if count.get("-t"):
            self._timestamps(_SHORT_TIMES[min(count["-t"], 3)], "-t")
        if count.get("-x"):
            self.given["strings"] = ("non-ascii", "all")[min(count["-x"], 2) - 1]
        if count.get("-y"):
            everything = DESCRIPTORS.split()
            shown = everything if count["-y"] > 1 else everything[:1]
            self.given["decode_fds"] = frozenset(shown)
        if count.get("-q"):
            level = _QUIET_LEVELS[min(count["-q"], 3)]
            self.given["quiet"] = words(level, "quiet", QUIET.split())
        if count.get("-k"):
            if count["-k"] > 2:
                raise UsageError("Too many -k options")
            self.given["stack_trace"] = ("symbol", "source")[count["-k"] - 1]
        self._forks()
        self._daemon()

    def _not_both(self, letter: str, name: str, told: str = "") -> None:
        if letter in self._letters and name in self._long:
            told = told or f"{letter} and {name}"
            raise UsageError(f"{told} cannot be provided simultaneously")

    def _forks(self) -> None:
        times = self._letters.get("-f", 0)
        separately = "--output-separately" in self._long
        if times and "--follow-forks" in self._long:
            raise UsageError("-f and --follow-forks cannot be provided simultaneously")
        if times > 1 and separately:
            raise UsageError("-ff and --output-separately cannot be provided simultaneously")
        self.given["follow"] = bool(times) or "--follow-forks" in self._long
        self.given["separately"] = times > 1 or separately
        if "-F" in self._letters:
            if self.given["follow"]:
                self.warnings.append("deprecated option -F ignored")
            else:
                self.warnings.append(
                    "option -F is deprecated, please use -f/--follow-forks instead"
                )
            self.given["follow"] = True

    def _daemon(self) -> None:
        times = self._letters.get("-D", 0)
        if not times:
            return
        if "--daemonize" in self._long:
            raise UsageError("-D and --daemonize cannot be provided simultaneously")
        if times >= len(_DAEMONIZE):
            most = len(_DAEMONIZE) - 1
            raise WrongOption(f"Too many -D's ({times}), maximum supported -D count is {most}")
        self.given["daemonize"] = _DAEMONIZE[times]

    def check(self, command: list[str]) -> None:
        """Refuse what doesn't go together, and warn of what has no effect."""
        try:
            consistency.check_subject(self.given, command)
        except UsageError:
            self.warnings.clear()
            raise
        short = {entry.name for entry in OPTIONS if set(entry.names) & set(self._letters)}
        consistency.check(self.given, self._long | short, command, self.warnings)
        if self._status_letters > 1:
            self.warnings.append(
                "Only the last of -z/--successful-only/-Z/--failed-only options will take effect. "
                "See status qualifier for more complex filters."
            )

    def settings(self, command: list[str]) -> Settings:
        """What the options come to for a trace of ``command``, or of processes."""
        given = self.given
        if given.get("daemonize"):
            given.setdefault("interruptible", 4)
        if command and "output" in given:
            given.setdefault("interruptible", 3)
            given.setdefault("quiet", frozenset(("attach", "personality")))
        return {**given, "command": tuple(command)}


def read(options: Iterable[Found]) -> Reader:
    """Take all options."""
    reader = Reader()
    for found in options:
        reader.take(found)
    reader.repeated()
    return reader


def _bad(by: str, value: str) -> WrongOption:
    return WrongOption(f"invalid {by} argument: '{value}'")


def _understood(read: Callable[[Any], Any], value: object) -> Any:
    """What ``read`` makes of an argument; its UsageError points to the help, as strace's does."""
    try:
        return read(value)
    except UsageError as error:
        raise WrongOption(str(error)) from error


def _process_ids(text: str, given: Settings) -> list[int]:
    found: list[int] = []
    for word in text.replace(",", " ").split():
        if not (word.isascii() and word.isdecimal() and 0 < int(word) < 1 << 31):
            raise UsageError(f"Invalid process id: '{word}'")
        if int(word) == os.getpid():
            raise UsageError(f"process {word} is this tracer itself")
        if int(word) not in (*found, *given.get("attach", ())):
            found.append(int(word))
    return found
