"""Which options don't go together, and which have no effect without others; in strace's words."""

from __future__ import annotations

from seize.cli.options import WrongOption
from seize.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Given = dict[str, Any]

_SUMMARY = "(-c/--summary-only or -C/--summary)"
_NEEDS_SUMMARY = {
    "--summary-wall-clock": "-w/--summary-wall-clock",
    "--summary-columns": "-U/--summary-columns",
}
_NOT_IN_SUMMARY = {
    "instruction_pointer": "-i/--instruction-pointer",
    "stack_trace": "-k/--stack-trace",
    "syscall_number": "-n/--syscall-number",
    "relative": "-r/--relative-timestamps",
    "timestamps": "-t/--absolute-timestamps",
    "times": "-T/--syscall-times",
    "decode_fds": "-y/--decode-fds",
    "secontext": "--secontext",
}
"""Settings that show something of each call, and how their options are called."""


def check(given: Given, names: set[str], command: list[str], warnings: list[str]) -> None:
    """Look at the settings and the long names of the options that were given.

    Add ``warnings``; what can't be is switched off.  UsageError for what makes no sense.
    """
    warnings += _seccomp(given, command)
    if given.get("separately") and "summary" in given:
        raise WrongOption(f"{_SUMMARY} and -ff/--output-separately are mutually exclusive")
    if "summary" not in given:
        for name, told in _NEEDS_SUMMARY.items():
            if name in names:
                raise WrongOption(f"{told} must be given with {_SUMMARY}")
        if "--summary-sort-by" in names:
            warnings.append(f"-S/--summary-sort-by has no effect without {_SUMMARY}")
    warnings += _output(given)
    if given.get("kill_on_exit") and given.get("attach"):
        raise UsageError("--kill-on-exit and -p/--attach are mutually exclusive options")


def check_subject(given: Given, command: list[str]) -> None:
    """There must be something to trace."""
    if not command and not given.get("attach"):
        raise WrongOption("must have PROG [ARGS] or -p PID")
    if not command and "argv0" in given:
        raise WrongOption("PROG [ARGS] must be specified with --argv0")
    if not command and given.get("daemonize"):
        raise WrongOption("PROG [ARGS] must be specified with -D/--daemonize")


def _seccomp(given: Given, command: list[str]) -> Iterator[str]:
    if given.get("seccomp") != "always":
        return
    why = ""
    if not given["follow"]:
        why = "--seccomp-bpf cannot be used without -f/--follow-forks, disabling"
    elif given.get("detach_on"):
        why = "--seccomp-bpf is not enabled because it is not compatible with -b"
    elif given.get("syscall_limit"):
        why = "--seccomp-bpf is not enabled because it is not compatible with --syscall-limit"
    elif given.get("attach"):
        yield "--seccomp-bpf is not enabled for processes attached with -p"
        if not command:
            given["seccomp"] = "never"
    if why:
        given["seccomp"] = "never"
        yield why


def _output(given: Given) -> Iterator[str]:
    if given.get("summary") == "only":
        for setting, told in _NOT_IN_SUMMARY.items():
            if given.get(setting):
                yield f"{told} has no effect with -c/--summary-only"
    if "output" not in given:
        if given.get("separately") and not given["follow"]:
            yield "--output-separately has no effect without -o/--output"
        if given.get("append"):
            yield "-A/--output-append-mode has no effect without -o/--output"
        given["separately"] = False
    elif given["separately"] and given["output"][:1] in ("|", "!"):
        raise WrongOption("piping the output and -ff/--output-separately are mutually exclusive")
