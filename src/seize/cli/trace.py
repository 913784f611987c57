"""``seize trace``: strace's options, read as strace reads them (getopt's rules)."""

from __future__ import annotations

import signal

from seize.cli import show
from seize.cli.options import WrongOption, describe, parse
from seize.cli.persona import SEIZE
from seize.cli.reader import Reader, read
from seize.cli.table import OPTIONS
from seize.strace import Settings, trace
from seize.strace.output import complain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.cli.options import Found
    from seize.cli.persona import Persona

USAGE = """\
usage: {0} [OPTION…] COMMAND [ARGUMENT…]
       {0} [OPTION…] -p PID… [COMMAND [ARGUMENT…]]

Options end at the first word that is none: the rest is the command.

"""
EPILOGUE = """
The exit status is the command's; a command killed by a signal ends the tracer by the same.
"""


def run(arguments: list[str], persona: Persona = SEIZE) -> int:
    """Parse the words after ``seize trace``, and trace."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # Until the trace begins, Ctrl-C ends us as it ends any program, which a shell's loop sees.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    wrong: WrongOption | None = None
    try:
        options, command = parse(OPTIONS, arguments)
    except WrongOption as error:
        # What is wrong with an earlier one comes first.
        options, command, wrong = list(error.before), [], error
    reader = Reader()
    for found in options:
        if found.name == "--help":
            show(USAGE.format(persona.command) + describe(OPTIONS) + EPILOGUE)
            return 0
        if found.name == "--version":
            show(persona.version())
            return 0
        reader.take(found)
    if wrong is not None:
        raise wrong
    reader.repeated()
    if "tips" in reader.given and not command and "attach" not in reader.given:
        from seize.strace.tips import tip

        complain(tip(*reader.given["tips"]))
        return 0
    try:
        reader.check(command)
    finally:
        for warning in reader.warnings:
            complain(f"{persona.name}: {warning}\n")
    return trace(Settings(**reader.settings(command), name=persona.name))


def settings(options: list[Found], command: list[str]) -> Settings:
    """Turn options and command into settings; UsageError says what is wrong."""
    reader = read(options)
    reader.check(command)
    return Settings(**reader.settings(command))
