"""Whose manners the command line has: our own, or strace's when it is called by that name."""

from __future__ import annotations

import os
import sys

from seize.cli.options import WrongOption
from seize.errors import SeizeError, UsageError

VERSION = "0.1.0"
STRACE_VERSION = "7.2"
"""The strace whose command line this is."""


class Persona:
    """How messages begin and end: ``name`` prefixes them, ``command`` is what users type.

    ``is_strace``: errors are worded, and exit statuses chosen, as strace does it.
    """

    def __init__(self, name: str, command: str, is_strace: bool = False) -> None:
        self.name = name
        self.command = command
        self.is_strace = is_strace

    def complaint(self, error: SeizeError) -> str:
        """The line or lines that tell of an error."""
        if self.is_strace:
            from seize.strace.manners import told

            hint = f"Try '{self.name} -h' for more information.\n"
            text = f"{self.name}: {told(self.name, error)}\n"
            return text + hint * isinstance(error, WrongOption)
        hint = f" (try '{self.command} --help')" if isinstance(error, WrongOption) else ""
        return f"{self.name}: {error}{hint}\n"

    def status(self, error: SeizeError) -> int:
        """The exit status for an error."""
        return 2 if isinstance(error, UsageError) and not self.is_strace else 1

    def version(self) -> str:
        """What ``-V`` prints."""
        if not self.is_strace:
            return f"seize {VERSION}\n"
        return (
            f"strace -- version {STRACE_VERSION}\n"
            f"This is seize {VERSION}, called by strace's name: it has the options of that "
            "version.\n\n"
            "Optional features enabled: stack-trace=seize stack-demangle m32-mpers secontext\n"
        )


SEIZE = Persona("seize", "seize trace")


def called_as(path: str) -> Persona:
    """The persona for a program name: strace's manners for ``strace``, a symbolic link to us."""
    name = os.path.basename(path)
    if name != "strace":
        return SEIZE if name in ("__main__.py", "-c", "") else Persona(name, f"{name} trace")
    shown = name if _is_in_path(path) else path
    return Persona(shown, shown, is_strace=True)


def _is_in_path(path: str) -> bool:
    """Whether the program was found by its name alone, as far as can be told."""
    folder = os.path.dirname(path)
    return not folder or folder in os.environ.get("PATH", "").split(":")


def program() -> str:
    """The name this program was called by."""
    return sys.argv[0] if sys.argv else ""
