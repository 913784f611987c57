"""``seize manual``: the manual page of ``seize trace``, made from its table of options."""

from __future__ import annotations

from seize.cli import show
from seize.cli.options import NONE, OPTIONAL, parse
from seize.cli.persona import VERSION
from seize.cli.table import OPTIONS
from seize.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.cli.options import Option

_HEAD = """\
.TH SEIZE-TRACE 1 "" "seize {version}" "User Commands"
.SH NAME
seize-trace \\- trace system calls and signals
.SH SYNOPSIS
.B seize trace
.RI [ OPTION ]...
.I COMMAND
.RI [ ARGUMENT ]...
.br
.B seize trace
.RI [ OPTION ]...
.B \\-p
.IR PID ...
.SH DESCRIPTION
Runs a command, or attaches to running processes, and writes a line for each system call that
they make, with its arguments and its result, and for each signal that they get.
The options are those of
.BR strace (1),
with the same meaning, and a few more.
Called by the name of strace, through a symbolic link, the program has its manners as well:
the words of its errors, and its exit statuses.
.SH OPTIONS
Options end at the first word that is none: the rest is the command.
"""
_TAIL = """\
.SH EXIT STATUS
That of the command.
If a signal killed the command, the tracer ends by the same signal.
1 if the trace couldn't be done or written, 2 for options that make no sense.
.SH ENVIRONMENT
.TP
.B NO_COLOR
no colours, unless
.B \\-\\-color=always
asks for them
.TP
.B STRACE_COLORS
the colours of each part of a line
.SH SEE ALSO
.BR strace (1),
.BR ptrace (2),
.BR seccomp (2),
.BR signal (7),
.BR proc (5)
"""


def run(arguments: list[str]) -> int:
    """Write the page in roff, for ``man -l -``."""
    if parse((), arguments, "manual")[1]:
        raise UsageError("seize manual takes no words (it writes a page for 'man -l -')")
    show(page())
    return 0


def page() -> str:
    """The manual page."""
    return _HEAD.format(version=VERSION) + "".join(_options()) + _TAIL


def _options() -> Iterator[str]:
    section = ""
    for entry in OPTIONS:
        if entry.section != section:
            section = entry.section
            yield f".SS {_roff(section)}\n"
        yield f".TP\n{_tag(entry)}\n{_roff(_sentence(entry))}\n"


def _tag(entry: Option) -> str:
    """The names of an option in bold, its argument in italics."""
    names = ", ".join(f"\\fB{_roff(name)}\\fR" for name in entry.names)
    if entry.argument == NONE:
        return names
    if entry.argument == OPTIONAL:
        word = entry.metavar.removeprefix("[=").removesuffix("]")
        return f"{names}[=\\fI{_roff(word)}\\fR]"
    joint = "=" if entry.name.startswith("--") else " "
    return f"{names}{joint}\\fI{_roff(entry.metavar)}\\fR"


def _sentence(entry: Option) -> str:
    text = entry.help[0].upper() + entry.help[1:] + "."
    if len(entry.choices) > 1:
        text += f" It is one of, or a list of: {', '.join(entry.choices)}."
    if entry.qualifiers:
        text += f" The same as {' or '.join(f'-e {word}=' for word in entry.qualifiers)}."
    return text


def _roff(text: str) -> str:
    """Escape what roff would take for its own."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return f"\\&{escaped}" if escaped.startswith(".") else escaped.replace("…", "...")
