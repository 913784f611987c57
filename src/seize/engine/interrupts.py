"""Asking for a stop from anywhere: another OS thread, or a signal handler.

The tracer's thread sits in wait4(2), and only that thread may issue PTRACE_INTERRUPT.  So a
request is queued and the thread is woken by a real-time signal whose handler does nothing:
wait4 fails with EINTR, and the loop serves the queue.
"""

from __future__ import annotations

import os
import signal
from _thread import allocate_lock, get_ident
from time import sleep

from seize import kernel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _thread import LockType

    from seize.engine.process import Process
    from seize.engine.tracee import Tracee

WAKEUP_SIGNAL = signal.SIGRTMAX - 1
# A signal that arrives just before wait4 begins doesn't interrupt it, so it is sent again
# until the loop has answered; a loop that isn't waiting at all answers when it comes round.
_RETRY_SECONDS = 0.01
_RETRIES = 200
_WAKE_SECONDS = 0.0005


class Interrupts:
    """The requests to stop tracees that other threads have queued for one tracer.

    The signal that wakes the tracer's thread isn't blocked there, even if it was, until that is
    put back.
    """

    def __init__(self, owner_tid: int) -> None:
        self._owner = get_ident()
        self._owner_tid = owner_tid
        self.listen()
        self.waiting: list[tuple[Tracee | Process | None, LockType]] = []
        # Set by ``wake``, taken back by the loop, which says when it is about to wait.
        self.woken = False
        self.blocking = False

    def is_owner(self) -> bool:
        """Whether the caller runs in the tracer's own OS thread (a signal handler may)."""
        return get_ident() == self._owner

    def listen(self) -> None:
        """Let the wakeup signal through in this thread; remember whether it was blocked."""
        former = signal.pthread_sigmask(signal.SIG_UNBLOCK, (WAKEUP_SIGNAL,))
        self._was_blocked = WAKEUP_SIGNAL in former

    def put_back(self) -> None:
        """Give this thread the signal mask that it had: a child inherits it."""
        if self._was_blocked:
            signal.pthread_sigmask(signal.SIG_BLOCK, (WAKEUP_SIGNAL,))

    def request(self, target: Tracee | Process | None) -> None:
        """Queue a request and wake the tracer's thread; return when it was seen."""
        seen = allocate_lock()
        seen.acquire()
        self.waiting.append((target, seen))
        kernel.install_wakeup_handler(WAKEUP_SIGNAL)
        for _ in range(_RETRIES):
            kernel.tgkill(os.getpid(), self._owner_tid, WAKEUP_SIGNAL)
            if seen.acquire(timeout=_RETRY_SECONDS):
                return

    def wake(self) -> None:
        """Make the loop return, from its wait or when it is about to wait."""
        self.woken = True
        if self.is_owner():
            # A signal handler: it has interrupted the wait itself, or the loop is yet to look.
            return
        kernel.install_wakeup_handler(WAKEUP_SIGNAL)
        while self.woken and self.blocking:
            kernel.tgkill(os.getpid(), self._owner_tid, WAKEUP_SIGNAL)
            sleep(_WAKE_SECONDS)

    def take(self) -> list[Tracee | Process | None]:
        """Take all requests off the queue, and tell their senders."""
        targets = []
        while self.waiting:
            target, seen = self.waiting.pop(0)
            targets.append(target)
            seen.release()
        return targets
