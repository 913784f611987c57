"""Errors in the words of strace, for those who call us by its name."""

from __future__ import annotations

import os

from seize.errors import AccessDenied, LaunchError, PtraceError, SeizeError, TraceeGone


def told(name: str, error: SeizeError) -> str:
    """The text of an error of the program ``name``: our own, or strace's if that is its name."""
    return _as_strace(error) if os.path.basename(name) == "strace" else str(error)


def _as_strace(error: SeizeError) -> str:
    if isinstance(error, LaunchError):
        doing = "exec" if error.action != "exec" or os.path.exists(error.command) else "stat"
        what = "exec" if doing == "exec" else f"Can't stat '{error.command}'"
        return f"{what}: {os.strerror(error.errno)}"
    cause = error if isinstance(error, PtraceError) else error.__cause__
    if isinstance(cause, (AccessDenied, TraceeGone)):
        return f"attach: ptrace({cause.operation}, {cause.tid}): {os.strerror(cause.errno)}"
    return str(error)
