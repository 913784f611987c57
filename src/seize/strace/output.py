"""Where lines go."""

from __future__ import annotations

import os
import sys

from seize.errors import SeizeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.strace.settings import Settings


class OutputError(SeizeError):
    """The trace can't be written: a full disk, a closed pipe."""


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of ``data``, also where somebody has made the open file non-blocking.

    A terminal or a pipe is shared: any program that has it, the tracee first of all, may have
    set O_NONBLOCK on it.
    """
    while data:
        try:
            data = data[os.write(descriptor, data) :]
        except BlockingIOError:
            from select import POLLOUT, poll

            waiting = poll()
            waiting.register(descriptor, POLLOUT)
            waiting.poll()


def complain(text: str) -> None:
    """Write a message to standard error, if there is one; BrokenPipeError if nobody reads it."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.flush()
        write_all(sys.stderr.fileno(), text.encode("utf-8", "backslashreplace"))
    except BrokenPipeError:
        raise
    except OSError:
        # Standard error is a file on a full disk, or not for writing: there is nobody to tell.
        return


def open_output(settings: Settings) -> Output:
    """The output of a trace: standard error, a file, or a command; OutputError if it can't be.

    Traces that are written separately have files of their own: then this one is for nobody.
    """
    name = settings.output
    if name is None or settings.separately:
        return TraceOutput(None, settings.name)
    if name[:1] in ("|", "!"):
        return Pipe(name, settings.name)
    return TraceOutput(name, settings.name, append=settings.append)


class Output:
    """Writes text to a file, or to standard error, at once: nothing is ever held back.

    A tracer may be killed at any moment, and a blocked call should be seen while it is blocked.
    The file begins empty unless we ``append``.
    """

    def __init__(self, path: str | None, *, append: bool = False) -> None:
        self._path = path
        self._is_ours = path is not None or sys.stderr is None
        if path is None and sys.stderr is not None:
            self._fd = sys.stderr.fileno()
            return
        flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | (os.O_APPEND if append else os.O_TRUNC)
        try:
            # Whoever closed our standard error wants to see nothing.
            self._fd = os.open(os.devnull if path is None else path, flags, 0o666)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise OutputError(f"Can't fopen '{path}': {reason}") from error

    def write(self, text: str) -> None:
        """Write all of ``text``; OutputError if that isn't possible."""
        data = text.encode("utf-8", "surrogateescape")
        try:
            write_all(self._fd, data)
        except OSError as error:
            where = "standard error" if self._path is None else f"'{self._path}'"
            raise OutputError(f"can't write to {where}: {error.strerror}") from error

    def close(self) -> None:
        """Close the file."""
        if self._is_ours:
            os.close(self._fd)


class TraceOutput(Output):
    """Where the lines of a trace go: a full disk is told once, and the trace goes on unseen.

    So the tracee doesn't suffer for it, and its exit status is still ours.  ``prefix`` begins the
    message.  Only a pipe that nobody reads any more is an OutputError.
    """

    def __init__(self, path: str | None, prefix: str, *, append: bool = False) -> None:
        super().__init__(path, append=append)
        self._prefix = prefix
        self._is_full = False

    def write(self, text: str) -> None:
        """Write all of ``text``, as long as that is possible."""
        if self._is_full:
            return
        try:
            super().write(text)
        except OutputError as error:
            if isinstance(error.__cause__, BrokenPipeError):
                raise
            self._is_full = True
            complain(f"{self._prefix}: {error}\n")


class Pipe(Output):
    """Writes text to the standard input of a command that the shell runs: ``|COMMAND``.

    When the command ends early that is told once, and the trace goes on unseen, so that the
    tracee doesn't suffer for it.
    """

    def __init__(self, name: str, prefix: str) -> None:
        self._name = name
        self._prefix = prefix
        self._is_broken = False
        reader, self._fd = os.pipe()
        # Python ignores these two; the command mustn't.
        from signal import SIGPIPE, SIGXFSZ

        try:
            self._pid = os.posix_spawn(
                "/bin/sh",
                ["sh", "-c", name[1:]],
                os.environ,
                file_actions=[(os.POSIX_SPAWN_DUP2, reader, 0)],
                setsigdef=[SIGPIPE, SIGXFSZ],
            )
        except (OSError, ValueError) as error:
            raise OutputError(f"can't run '{name[1:]}': {error}") from error
        finally:
            os.close(reader)

    def write(self, text: str) -> None:
        """Write all of ``text``, as long as the command reads."""
        if self._is_broken:
            return
        try:
            write_all(self._fd, text.encode("utf-8", "surrogateescape"))
        except BrokenPipeError as error:
            self._is_broken = True
            complain(f"{self._prefix}: {self._name}: {error.strerror}\n")

    def close(self) -> None:
        """Let the command see the end, and wait for its own."""
        os.close(self._fd)
        try:
            os.waitpid(self._pid, 0)
        except ChildProcessError:
            # The tracer's own waiting has met it.
            return
