"""The command line: ``seize VERB …``."""

from __future__ import annotations

import os
import sys

from seize.errors import SeizeError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

VERSION = "0.1.0"
USAGE = """\
usage: seize trace [OPTION…] COMMAND [ARGUMENT…]   show the system calls of a command
       seize trace [OPTION…] -p PID                … or of a running process
       seize trace --help                          all options
       seize render [OPTION…] [FILE]               the text of a trace that was written as JSON
       seize explain NAME…                         what a call, a flag, an error or a signal is
       seize --version
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; return the exit status: 0, 1 (it failed), 2 (wrong usage), or the command's.

    Errors are one line on standard error, never a traceback.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    verb = arguments.pop(0) if arguments else "--help"
    if verb in ("-h", "--help", "help"):
        show(USAGE)
        return 0
    if verb in ("-V", "--version"):
        show(f"seize {VERSION}\n")
        return 0
    try:
        if verb == "trace":
            from seize.cli import trace

            return trace.run(arguments)
        if verb == "render":
            from seize.cli import render

            return render.run(arguments)
        if verb == "explain":
            from seize.cli import explain

            return explain.run(arguments)
        raise UsageError(f"unknown verb '{verb}' (try 'seize --help')")
    except UsageError as error:
        return _fail(error, 2)
    except SeizeError as error:
        return _fail(error, 1)
    except BrokenPipeError:
        # Whoever read our standard output has gone; there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


def show(text: str) -> None:
    """Write to standard output, if there is one, whatever its encoding."""
    if sys.stdout is not None:
        encoding = sys.stdout.encoding
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))


def _fail(error: SeizeError, status: int) -> int:
    if sys.stderr is None:
        return status
    try:
        sys.stderr.write(f"seize: {error}\n")
        sys.stderr.flush()
    except BrokenPipeError:
        # Standard error itself is the closed pipe; the exit status has to say it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    return status
