"""A few instructions of one thread, executed while nobody else is looked at.

Signals are kept from it meanwhile; those that come nevertheless are sent again afterwards.
"""

from __future__ import annotations

from errno import ESRCH

from seize import kernel, ptrace
from seize.abi._generated import constants as k
from seize.abi._generated import ptrace as pt
from seize.debug.detour import SYNCHRONOUS
from seize.engine.tracee import GONE
from seize.errors import TraceeGone
from seize.stops.classify import SYSCALL_STATUS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.debug.thread import Thread
    from seize.engine import Tracer
    from seize.ptrace import SigInfo

_BLOCKED = frozenset(range(1, 65)) - SYNCHRONOUS


class Blocked:
    """Keeps signals from a thread for a few steps: all but those that it causes itself.

    (A signal that is forced on a thread which blocks it loses its handler.)  ``signal`` is kept
    from it too.
    """

    def __init__(self, thread: Thread, signal: int = 0) -> None:
        self._tracee = thread.tracee
        self._signals = _BLOCKED | {signal} if signal else _BLOCKED
        self._before: frozenset[int] = frozenset()

    def __enter__(self) -> None:
        self._before = self._tracee.ask(ptrace.getsigmask)
        self._tracee.ask(ptrace.setsigmask, self._before | self._signals)

    def __exit__(self, *_: object) -> None:
        if self._tracee.state is not GONE:
            self._tracee.ask(ptrace.setsigmask, self._before)


def step(tracer: Tracer, thread: Thread, operation: int = pt.PTRACE_SINGLESTEP) -> SigInfo | None:
    """Run a thread until it traps; return the fault that it made instead, if it did."""
    while True:
        status = _run(tracer, thread, operation)
        if status >> 8 == k.SIGTRAP:
            return None
        if not status >> 16 and (info := thread.siginfo()).code > 0:
            return info
        _keep(thread, status)


def enter_call(tracer: Tracer, thread: Thread) -> int:
    """Run a thread up to the entry to a system call, its pending signal kept; return the status."""
    signal, thread.pending_signal = thread.pending_signal, 0
    with Blocked(thread, signal):
        # To inject a signal that is blocked puts it back into the queue.
        status = _run(tracer, thread, pt.PTRACE_SYSCALL, signal)
        while status != SYSCALL_STATUS:
            _keep(thread, status)
            status = _run(tracer, thread, pt.PTRACE_SYSCALL)
    return status


def send_again(thread: Thread) -> None:
    """Send the signals that were kept."""
    while thread.held:
        try:
            kernel.tgkill(thread.process.pid, thread.tid, thread.held.pop())
        except ProcessLookupError:
            # A SIGKILL was faster.
            return


def _run(tracer: Tracer, thread: Thread, operation: int, signal: int = 0) -> int:
    status = tracer.run_alone(thread.tracee, operation, signal)
    if status & 0xFF != 0x7F:
        raise TraceeGone("running alone", thread.tid, ESRCH)
    return status


def _keep(thread: Thread, status: int) -> None:
    if not status >> 16:
        thread.held.append(status >> 8 & 0xFF)
