"""Runs side by side, each in an OS process of its own that can be ended with all it started."""

from __future__ import annotations

import json
import os
import select
import selectors
import signal
import sys
import time
from contextlib import contextmanager

from seize import kernel
from seize.abi._generated import constants as k
from seize.errors import SeizeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, NoReturn, TypeVar

    T = TypeVar("T")

    Job = Callable[[T, int], Any]

_CHUNK = 1 << 16
_FATAL = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_FAREWELL = 10.0
"""Seconds that runs have to clean up when the sweep is ended."""


class Worker:
    """One forked process, and the answer that comes through its pipe."""

    def __init__(self, pid: int, pipe: int, deadline: float, subject: Any) -> None:
        self.pid = pid
        self.pipe = pipe
        self.deadline = deadline
        self.subject = subject
        self._parts: list[bytes] = []

    def read(self) -> bool:
        """Take what has come; False at the end."""
        data = os.read(self.pipe, _CHUNK)
        self._parts.append(data)
        return bool(data)

    def answer(self) -> Any:
        """What the job returned; SeizeError if it raised that, or died."""
        os.close(self.pipe)
        os.waitpid(self.pid, 0)
        text = b"".join(self._parts)
        if not text.endswith(b"\n"):
            raise SeizeError("a run ended without a result")
        answer = json.loads(text)
        if "error" in answer:
            raise SeizeError(answer["error"])
        return answer["result"]

    def ask_to_end(self) -> None:
        """Send it the signal at which it cleans up after itself."""
        os.kill(self.pid, signal.SIGINT)

    def is_ended_by(self, deadline: float) -> bool:
        """Wait for its end; whether that came in time."""
        while True:
            left = deadline - time.monotonic()
            if not select.select([self.pipe], [], [], max(left, 0))[0]:
                return False
            if not self.read():
                return True

    def kill(self) -> None:
        """End it and what it started: its tracees die with it (PTRACE_O_EXITKILL)."""
        for end in (os.killpg, os.kill):
            try:
                end(self.pid, signal.SIGKILL)
            except ProcessLookupError:
                # Nobody is left in its group.
                continue


def run(job: Job[T], subjects: Iterable[T], jobs: int, seconds: float) -> Iterator[tuple[T, Any]]:
    """Do a job for each subject, at most ``jobs`` at a time; yield the results as they come.

    The job gets the subject and a number of its own; what it returns is passed on as JSON.  After
    ``seconds`` it is ended, and SeizeError raised.
    """
    waiting = iter(enumerate(subjects))
    workers: set[Worker] = set()
    with selectors.DefaultSelector() as selector:
        try:
            while True:
                while len(workers) < jobs and (entry := next(waiting, None)) is not None:
                    with _undisturbed():
                        worker = _start(job, entry[1], entry[0], seconds)
                        workers.add(worker)
                    selector.register(worker.pipe, selectors.EVENT_READ, worker)
                if not workers:
                    return
                for worker in _ready(selector, workers):
                    if worker.read():
                        continue
                    selector.unregister(worker.pipe)
                    workers.remove(worker)
                    yield worker.subject, worker.answer()
        finally:
            with _undisturbed():
                _end(workers)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep the signals that would end us for later."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _FATAL)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end(workers: set[Worker]) -> None:
    for worker in workers:
        worker.ask_to_end()
    deadline = time.monotonic() + _FAREWELL
    for worker in workers:
        if not worker.is_ended_by(deadline):
            worker.kill()
        os.close(worker.pipe)
        os.waitpid(worker.pid, 0)


def _ready(selector: selectors.BaseSelector, workers: set[Worker]) -> list[Worker]:
    left = min(worker.deadline for worker in workers) - time.monotonic()
    ready = selector.select(max(left, 0))
    if not ready and left <= 0:
        raise SeizeError("a run doesn't end within its time")
    return [key.data for key, _ in ready]


def _start(job: Job[T], subject: T, number: int, seconds: float) -> Worker:
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _work(job, subject, number, writing)
    os.close(writing)
    return Worker(pid, reading, time.monotonic() + seconds, subject)


def _work(job: Job[T], subject: T, number: int, pipe: int) -> NoReturn:
    """Do the job in a session of its own, and tell the result.  Never returns."""
    try:
        os.setsid()
        # A sweep that is killed leaves nothing running.
        kernel.prctl(k.PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for signum in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _FATAL)
        try:
            answer = {"result": job(subject, number)}
        except SeizeError as error:
            answer = {"error": str(error)}
        data = json.dumps(answer).encode() + b"\n"
        while data:
            data = data[os.write(pipe, data) :]
    except KeyboardInterrupt:
        # Nobody wants the result any more.
        pass
    except BaseException:  # noqa: BLE001 - told as the interpreter would; then the process ends
        sys.excepthook(*sys.exc_info())
    finally:
        if os.getsid(0) == os.getpid():
            # With whatever a shell command has left in this session.
            os.killpg(0, signal.SIGKILL)
        os._exit(1)
