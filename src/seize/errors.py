"""Every error that seize raises, in one tree.

``SeizeError`` is the root: ``except SeizeError`` catches whatever this library reports on
purpose.  Messages are one line, say what was attempted and, where it is known, what to do.
"""

from __future__ import annotations

import errno as _errno
import os as _os


class SeizeError(Exception):
    """The root of all errors of this library."""


class PtraceError(SeizeError):
    """A ptrace operation failed (see ERRORS in ptrace(2)).

    ``operation`` is the manual's name ("PTRACE_CONT"), ``tid`` the thread that it was
    addressed to, ``errno`` the error number.
    """

    def __init__(self, operation: str, tid: int, errno: int, hint: str = "") -> None:
        self.operation = operation
        self.tid = tid
        self.errno = errno
        self.hint = hint
        name = _errno.errorcode.get(errno, str(errno))
        text = f"{operation} on thread {tid}: {name} ({_os.strerror(errno)})"
        super().__init__(f"{text}: {hint}" if hint else text)


class TraceeGone(PtraceError):
    """ESRCH: the tracee has died (a SIGKILL may come at any moment), or never was ours.

    The kernel answers ESRCH alike for a thread that doesn't exist, one that this OS thread
    doesn't trace, and one that runs (see "Death under ptrace").  The raw layer raises
    ``TraceeGone`` for the first two, and ``NotStopped`` where /proc shows that the thread is
    alive, traced by us, and running; ``WrongThread`` where another OS thread of ours traces it.
    """


class NotStopped(PtraceError):
    """ESRCH: the tracee is alive and ours, but it isn't in a ptrace-stop."""


class AccessDenied(PtraceError):
    """EPERM on attach: ``reasons`` explains it by the manual's access-mode algorithm."""

    def __init__(self, operation: str, tid: int, errno: int, reasons: tuple[str, ...]) -> None:
        self.reasons = reasons
        super().__init__(operation, tid, errno, "; ".join(reasons))


class MemoryFault(SeizeError):
    """The tracee's memory at ``address`` (``size`` bytes) can't be read or written."""

    def __init__(self, address: int, size: int = 1, action: str = "read") -> None:
        self.address = address
        self.size = size
        super().__init__(f"can't {action} {size} bytes of the tracee's memory at {address:#x}")


class Unsupported(SeizeError):
    """This kernel or machine lacks ``feature``; ``needs`` names what would have it."""

    def __init__(self, feature: str, needs: str) -> None:
        self.feature = feature
        self.needs = needs
        super().__init__(f"{feature} is not available here: it needs {needs}")


class WrongThread(SeizeError):
    """A tracer was used from another OS thread than the one that attached."""


class LaunchError(SeizeError):
    """A command could not be started; ``errno`` says why (as execve(2) or chdir(2) would)."""

    def __init__(self, command: str, errno: int, action: str = "exec") -> None:
        self.command = command
        self.errno = errno
        self.action = action
        super().__init__(f"can't {action} '{command}': {_os.strerror(errno)}")


class UsageError(SeizeError):
    """An argument makes no sense: an unknown system call name, a bad filter, a bad number."""
