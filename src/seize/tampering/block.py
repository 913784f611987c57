"""``seize.tamper``: tampering with what a block of a program starts."""

from __future__ import annotations

import marshal
import os
import signal
import warnings
from _thread import RLock
from contextlib import suppress

from seize import kernel
from seize.engine import proc
from seize.errors import SeizeError, UsageError
from seize.tampering import beside
from seize.tampering.build import rule
from seize.tampering.frames import frames_from, read_frame, write_frame
from seize.tampering.plan import Fired

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType
    from typing import Any, Protocol, Self, Unpack

    from seize.tampering.build import Options, Wanted
    from seize.tampering.rule import Rule

    class HasPid(Protocol):
        """A ``subprocess.Popen``, or the like."""

        pid: int


_DIED = "the tracer beside the program has died"
_lock = RLock()
_numbers = iter(range(1 << 62))
_ours: Beside | None = None
"""The tracer beside this process, while a block is under way."""


class Beside:
    """The other side of the tracer that was forked off for the process ``pid``."""

    def __init__(self, rules: dict[int, Rule], pid: int, own: bool) -> None:
        self.owner = os.getpid()
        self.users = 1
        self.problems: list[str] = []
        self._fired: dict[int, list[tuple[int, str, int, str, str]]] = {}
        self._offset = 0
        self._tracer_pid = 0
        opened: list[int] = []
        try:
            opened += os.pipe()
            opened += os.pipe()
            opened.append(os.memfd_create("seize-tampered", os.MFD_CLOEXEC))
            control_read, self._control, self._report, report_write, self._record = opened
            channels = beside.Channels(control_read, report_write, self._record)
            _fork_twice(channels, rules, pid, own)
        except BaseException as error:
            _close(opened)
            if isinstance(error, OSError):
                raise SeizeError(f"can't tamper: {os.strerror(error.errno or 0)}") from error
            raise
        _close((control_read, report_write))
        try:
            self._tracer_pid = int(self._answer())
            kernel.permit_tracer(self._tracer_pid)
            self._ask("go")
        except BaseException:
            self.close()
            raise

    def _answer(self) -> str:
        data = read_frame(self._report)
        if data is None:
            raise SeizeError(_DIED)
        return data.decode()

    def _say(self, message: tuple[Any, ...]) -> None:
        # Where it has ended by itself, its last words say why.
        with suppress(BrokenPipeError):
            write_frame(self._control, marshal.dumps(message))

    def _ask(self, *message: Any) -> None:
        """Say something to the tracer, and wait until it is done."""
        self._say(message)
        answer = self._answer()
        if answer != beside.READY:
            raise SeizeError(f"can't tamper: {answer}")

    def add(self, number: int, rule: Rule) -> None:
        """Let the tracer follow one more rule."""
        fields = beside.packed(rule)
        if fields is None:
            raise UsageError(
                "inside another tamper block, the calls are given by name, and where= and do= "
                "can't be used"
            )
        self._ask(beside.ADD, number, fields)
        self.users += 1

    def remove(self, number: int) -> None:
        """Let the tracer follow a rule no more."""
        self.users -= 1
        if self.users:
            self._ask(beside.REMOVE, number)

    def fired(self, number: int) -> list[tuple[int, str, int, str, str]]:
        """What has fired of a rule so far."""
        if self._record >= 0:
            frames, self._offset = frames_from(self._record, self._offset)
            for data in frames:
                which, *told = marshal.loads(data)
                if which == beside.PROBLEM:
                    self.problems += told
                    continue
                self._fired.setdefault(which, []).append(tuple(told))
        return self._fired.get(number, [])

    def close(self) -> str:
        """End the tracer, and return its last words: why it failed, or nothing."""
        words = _DIED
        try:
            self._say((beside.END,))
            while (data := read_frame(self._report)) is not None:
                words = data.decode()
            self.fired(0)
        finally:
            # The tracer also ends when nobody is at the other end any more.
            _close((self._control, self._report, self._record))
            self._record = -1
        if self._tracer_pid:
            _reap(self._tracer_pid)
        return "" if words == beside.DONE else words


def _close(descriptors: Iterable[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def _fork_twice(channels: beside.Channels, rules: dict[int, Rule], pid: int, own: bool) -> None:
    """Fork off the tracer so that it is no child of this process."""
    # Its death is nobody's business: neither a handler in any thread learns of it, nor who waits
    # for a blocked SIGCHLD.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGCHLD,))
    action = kernel.swap_action(signal.SIGCHLD)
    try:
        with warnings.catch_warnings():
            # Other threads may hold locks; what the tracer does needs none of theirs.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if child == 0:
            try:
                if os.fork() == 0:
                    beside.run(channels, rules, pid, own)
            finally:
                os._exit(0)
        _reap(child)
        signal.sigtimedwait((signal.SIGCHLD,), 0)
    finally:
        kernel.swap_action(signal.SIGCHLD, action)
        _repeat_signal()
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _repeat_signal() -> None:
    """Send the SIGCHLD of children that may have died meanwhile: signals of several are one."""
    with suppress(ChildProcessError):
        if os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            os.kill(os.getpid(), signal.SIGCHLD)


def _reap(pid: int) -> None:
    """Wait for a child, if it is one (the tracer is, of a process that adopts orphans)."""
    try:
        os.waitpid(pid, 0)
    except ChildProcessError:
        # No child, or another thread has waited for any child.
        return


def tamper(
    calls: Wanted, *, attach: int | HasPid | None = None, **options: Unpack[Options]
) -> Block:
    """Tamper with system calls of what is started within a ``with`` block.

    >>> with seize.tamper("fsync", error="EIO", when="3+") as tampering:
    ...     subprocess.run(["sort", "-o", "file", "file"])
    >>> print(*tampering.fired, sep="\\n")

    ``calls`` and the options (``error``, ``retval``, ``run``, ``skip``, ``syscall``, ``signal``,
    ``delay_enter``, ``delay_exit``, ``poke_enter``, ``poke_exit``, ``args``, ``short``, ``when``,
    ``rate``, ``seed``, ``path``, ``fd``, ``where``, ``do``) are those of
    `seize.tampering.rule`; docs/tampering.md has examples.

    It makes no difference by what means a process is started; the program's own calls are left
    alone.  A child that vfork(2) made for execve(2) (as subprocess does) is tampered with from
    its execve on, one of fork(2) at once.  With ``attach``, a process id or a Popen, it is that
    running process, and what it starts, that is tampered with.

    Functions (``where``, ``do``) run in a process of their own, with a copy of the program's
    memory.  Blocks may be inside each other.  Raises UsageError for options that make no sense;
    entering the block raises SeizeError if this process is traced already or may not be.
    """
    return Block(rule(calls, **options), attach)


class Block:
    """Tampering for the time of a ``with`` block; see ``seize.tamper``.

    ``fired`` lists the calls that were tampered with, up to the moment, ``problems`` what
    couldn't be done; both stay after the block.
    """

    def __init__(self, rule: Rule, attach: int | HasPid | None) -> None:
        self.rule = rule
        self._attach = attach if attach is None or isinstance(attach, int) else attach.pid
        self._number = next(_numbers)
        self._beside: Beside | None = None

    @property
    def fired(self) -> list[Fired]:
        """The calls that were tampered with so far, in order."""
        if self._beside is None:
            return []
        return [Fired(self.rule, *told) for told in self._beside.fired(self._number)]

    @property
    def problems(self) -> list[str]:
        """What couldn't be done, once each (of blocks inside each other, by any of them)."""
        if self._beside is None:
            return []
        self._beside.fired(self._number)
        return list(self._beside.problems)

    def __enter__(self) -> Self:
        if self._attach is not None:
            self._beside = Beside({self._number: self.rule}, self._attach, own=False)
            return self
        global _ours
        with _lock:
            if _ours is not None and _ours.owner == os.getpid():
                _ours.add(self._number, self.rule)
            else:
                _check_untraced()
                _ours = Beside({self._number: self.rule}, os.getpid(), own=True)
            self._beside = _ours
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        words = self._end()
        if words and error is None:
            raise SeizeError(f"the tampering has failed: {words}")

    def _end(self) -> str:
        used = self._beside
        if used is None or used.owner != os.getpid():
            # A forked child has left the block as well: it is the parent's.
            return ""
        if self._attach is not None:
            return used.close()
        global _ours
        with _lock:
            used.remove(self._number)
            if used.users:
                return ""
            _ours = None
            return used.close()


def _check_untraced() -> None:
    try:
        status = proc.thread_status(kernel.gettid())
    except OSError as error:
        raise SeizeError(f"can't tamper: {os.strerror(error.errno or 0)}") from error
    if status is None:
        raise SeizeError("can't tamper: this process can't be found in /proc; is it mounted?")
    if status.tracer:
        other = proc.thread_status(status.tracer)
        name = "" if other is None else f" ({other.name})"
        raise SeizeError(
            f"can't tamper with what this process starts: it is traced already, "
            f"by process {status.tracer}{name}"
        )
