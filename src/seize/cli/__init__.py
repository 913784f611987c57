"""The command line: ``seize VERB …``."""

from __future__ import annotations

import gc
import os
import sys

from seize.cli.persona import called_as, program
from seize.errors import SeizeError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TextIO

    from seize.cli.persona import Persona

USAGE = """\
usage: seize trace [OPTION…] COMMAND [ARGUMENT…]   show the system calls of a command
       seize trace [OPTION…] -p PID                … or of a running process
       seize trace --help                          all options
       seize render [OPTION…] [FILE]               the text of a trace that was written as JSON
       seize explain NAME…                         what a call, a flag, an error or a signal is
       seize sweep [OPTION…] COMMAND [ARGUMENT…]   let each system call of a command fail once
       seize debug [OPTION…] COMMAND [ARGUMENT…]   debug a command, or a process by -p
       seize gdbserver [OPTION…] COMM PROGRAM …    let gdb or lldb debug it from elsewhere
       seize core PID                              a core file of a living process
       seize manual                                the manual page of seize trace, for man -l -
       seize completions bash|zsh|fish             the options of seize trace for that shell
       seize --version

Called by the name of strace (a symbolic link), it is `seize trace` with strace's manners.
"""
_COLLECT_EVERY = 50_000
"""Objects between two garbage collections.

Calls and values make no cycles, and loading the tables alone would start twenty collections.
"""
VERBS = (
    "trace",
    "render",
    "explain",
    "sweep",
    "debug",
    "gdbserver",
    "core",
    "manual",
    "completions",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; return the exit status: 0, 1 (it failed), 2 (wrong usage), or the command's.

    Errors are one line on standard error, never a traceback.
    """
    gc.set_threshold(_COLLECT_EVERY)
    persona = called_as(program())
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(arguments, persona)
    except SeizeError as error:
        return _fail(persona.complaint(error), persona.status(error))
    except BrokenPipeError:
        # Whoever read what we write has gone; there is nobody to tell.
        _discard(sys.stdout)
        _discard(sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(arguments: list[str], persona: Persona) -> int:
    if persona.is_strace:
        from seize.cli import trace

        return trace.run(arguments, persona)
    verb = arguments.pop(0) if arguments else "--help"
    if verb in ("-h", "--help", "help"):
        show(USAGE)
        return 0
    if verb in ("-V", "--version"):
        show(persona.version())
        return 0
    if verb not in VERBS:
        raise UsageError(f"unknown verb '{verb}' (try 'seize --help')")
    if verb == "trace":
        from seize.cli import trace

        return trace.run(arguments, persona)
    from importlib import import_module

    run: Callable[[list[str]], int] = import_module(f"seize.cli.{verb}").run
    return run(arguments)


def show(text: str) -> None:
    """Write to standard output, if there is one, whatever its encoding."""
    if sys.stdout is not None:
        encoding = sys.stdout.encoding
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))


def _fail(complaint: str, status: int) -> int:
    if sys.stderr is None:
        return status
    try:
        sys.stderr.write(complaint)
        sys.stderr.flush()
    except OSError:
        # Standard error itself is a closed pipe, or full; the exit status has to say it.
        _discard(sys.stderr)
    return status


def _discard(stream: TextIO | None) -> None:
    """Let what a stream still holds go nowhere, when it is flushed at the end."""
    if stream is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
