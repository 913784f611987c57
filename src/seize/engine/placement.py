"""On which CPU the tracer runs: near its tracee, as long as that is faster.

A ptrace-stop is two context switches.  With tracer and tracee on different CPUs, each costs an
inter-processor wake-up; on one CPU they cost a third of it.  The scheduler spreads them, so:

*follow*: the tracer makes itself SCHED_IDLE and moves to the CPU where the tracee last ran.  A
CPU that runs only SCHED_IDLE tasks counts as idle when the kernel places a waking task, so the
resumed tracee stays there and preempts the tracer.  Nothing changes for the tracee.

*narrow*: without CAP_SYS_NICE there is no way back from SCHED_IDLE, so both are bound to one
CPU instead (see ``seize.engine.narrow``).

Following starves where every CPU is busy, loses where several threads compute, and gains
nothing in a storm of forks.  The ``Controller`` decides by measuring: it compares windows of
stops in both modes, keeps what is faster, and looks again now and then.
"""

from __future__ import annotations

import os
from time import perf_counter

from seize import kernel
from seize.abi._generated import constants as k
from seize.engine.narrow import Narrowing
from seize.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode import Call
    from seize.engine.tracee import Tracee
    from seize.engine.tracer import Tracer

MODES = ("auto", "off")
SCHEDSTAT = "/proc/thread-self/schedstat"
WINDOW = 64
"""Stops in one measurement."""
_IDLE_SECONDS = 1e-3
"""A window with more time than this for each stop tells of a waiting tracee, not of placement."""
_TRIAL = 4
"""Windows in one trial; its figure is the second best, so that one disturbance doesn't count."""
_GAIN = 0.9
_LOSS = 1.3
_STARVED_SECONDS = 1e-4
"""More delay than this for each stop is starvation (or a tracee that computes: no loss either)."""
_CHECK = 8
_CHECK_SECONDS = 5e-3
"""Near the tracee, a window ends early at every 8th stop when it has taken as long as this."""
_BUSY_BIRTHS = 4
"""New processes in a window that make it a storm of forks."""
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0


class Controller:
    """Decides, from the measured seconds for each stop, whether to run near the tracee.

    Pure: it is told the time.  ``near`` is the present decision, ``reason`` says why in a word:
    "start", "trial", "faster", "slower", "starved", "forks".  It starts ``near`` where that costs
    nothing: a short trace is over before anything is measured.
    """

    def __init__(self, near: bool = False) -> None:
        self.near = near
        self.reason = "start"
        self._figures: list[float] = []
        self._far_figure = 0.0
        self._near_figure = 0.0
        self._pause = _FIRST_PAUSE
        self._wait_until = 0.0
        self._losses = 0

    def window(self, now: float, seconds: float, births: int, delay: float = 0.0) -> None:
        """Take in one window.

        ``seconds`` is the time of each stop, ``delay`` how much of it the tracer was ready to
        run and had no CPU, ``births`` the number of processes born in the window.
        """
        if births >= _BUSY_BIRTHS:
            self._go_far(now, "forks")
        elif self.near and delay > _STARVED_SECONDS and delay > seconds / 2:
            self._go_far(now, "starved")
        elif seconds < _IDLE_SECONDS or self.near:
            if self.reason == "faster":
                self._watch(now, seconds)
            else:
                self._figures.append(seconds)
                if len(self._figures) >= _TRIAL:
                    self._judge(now, sorted(self._figures)[1])

    def _judge(self, now: float, figure: float) -> None:
        self._figures.clear()
        if self.near:
            self._near_figure = figure
        else:
            self._far_figure = figure
        if self.reason == "trial":
            self._decide(now)
        elif now >= self._wait_until:
            self.near, self.reason = not self.near, "trial"

    def _decide(self, now: float) -> None:
        """Both modes have been measured, one after the other."""
        if self._near_figure < self._far_figure * _GAIN:
            self.near, self.reason = True, "faster"
            self._losses = 0
        else:
            self._go_far(now, "slower")

    def _watch(self, now: float, seconds: float) -> None:
        """Leave a mode that was faster when it no longer is."""
        if seconds > max(self._near_figure * _LOSS, self._far_figure):
            self._losses += 1
            if self._losses >= _TRIAL:
                self._go_far(now, "slower")
        else:
            self._losses = 0
            if now >= self._wait_until:
                self._pause = _FIRST_PAUSE

    def _go_far(self, now: float, reason: str) -> None:
        self.near, self.reason = False, reason
        self._figures.clear()
        self._losses = 0
        self._wait_until = now + self._pause
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)


class Placement:
    """Waits for one tracer, and moves it near its tracees when the controller says so.

    ``mode`` is what is in force: "default", "follow" or "narrow".  ``before_exit``, where it is
    set, wants to see each system call before its exit is decoded.
    """

    def __init__(self, tracer: Tracer, choice: str) -> None:
        if choice not in MODES:
            raise UsageError(f"unknown placement {choice!r} (auto or off)")
        self._tracer = tracer
        options = kernel.WALL | kernel.WNOTHREAD
        self._block = kernel.waiter(options, tracer.usage)
        self._poll = kernel.waiter(options | k.WNOHANG, tracer.usage)
        self.mode = "default"
        self._cpus = kernel.get_affinity(0)
        ordinary = os.sched_getscheduler(0) == os.SCHED_OTHER and os.path.exists(SCHEDSTAT)
        self._adaptive = choice == "auto" and len(self._cpus) > 1 and ordinary
        self._may_idle = self._adaptive and _may_leave_idle()
        self.controller = Controller(near=self._may_idle)
        self._narrowing = Narrowing(tracer)
        self.before_exit: Callable[[Tracee, Call, int], None] | None = None
        self._cpu = -1
        self._left = WINDOW
        self._since = perf_counter()
        self._waited = 0.0
        self._births = 0
        self.wait = self._counted if self._adaptive else self._block

    def _counted(self) -> tuple[int, int]:
        """Wait for the next report, counting; in follow mode, look first and move after."""
        self._left -= 1
        if not self._left or (
            not self._left % _CHECK
            and self.mode == "follow"
            and perf_counter() - self._since > _CHECK_SECONDS
        ):
            self._measure()
        if self.mode != "follow":
            return self._block()
        tid, status = self._poll()
        if tid == 0:
            tid, status = self._block()
            if tid > 0:
                self._move_to(tid)
        return tid, status

    def _measure(self) -> None:
        now = perf_counter()
        stops = WINDOW - self._left
        if not stops:
            return
        delay = 0.0
        if self.mode == "follow":
            waited = run_delay()
            delay = (waited - self._waited) / stops
            self._waited = waited
        self.controller.window(now, (now - self._since) / stops, self._births, delay)
        self._births = 0
        self._left = WINDOW
        self._since = now
        if self.controller.near and self.mode == "default":
            self._approach()
        elif not self.controller.near and self.mode != "default":
            self.release()

    def begin(self, tid: int) -> None:
        """Go near a new tracee before anything is measured, if the controller is for it."""
        if self._may_idle and self.controller.near and self.mode == "default":
            self._approach()
            self._move_to(tid)

    def _approach(self) -> None:
        if self._may_idle:
            kernel.set_idle()
            self.mode = "follow"
            self._cpu = -1
            self._waited = run_delay()
        elif self._narrowing.begin(last_cpu(next(iter(self._tracer.tracees), 0))):
            self.mode = "narrow"
            self.before_exit = self._watch_masks

    def _watch_masks(self, tracee: Tracee, call: Call, rval: int) -> None:
        if self._narrowing.before_exit(tracee, call, rval):
            self.release()

    def _move_to(self, tid: int) -> None:
        cpu = last_cpu(tid)
        if cpu != self._cpu and cpu in self._cpus:
            kernel.set_affinity(0, (cpu,))
            self._cpu = cpu

    def release(self) -> None:
        """Go back to the scheduler's own placement, and give narrowed tracees theirs."""
        if self.mode == "follow":
            kernel.set_idle(idle=False)
            kernel.set_affinity(0, self._cpus)
        elif self.mode == "narrow":
            self._narrowing.end()
            self.before_exit = None
        self.mode = "default"

    def born(self, child_tid: int, *, process: bool) -> None:
        """Take note of a new thread or process; it mustn't inherit a narrowed mask."""
        self._births += process
        if self.mode == "narrow":
            self._narrowing.born(child_tid)
            self.release()

    def restore(self, tracee: Tracee) -> None:
        """Give a thread that is about to be detached the CPUs it had."""
        if tracee is self._narrowing.tracee:
            self.release()

    def close(self) -> None:
        """Leave no trace in the scheduler."""
        self.release()


def last_cpu(tid: int) -> int:
    """Return the CPU a thread last ran on (field 39 of /proc/TID/stat); -1 if it is gone."""
    try:
        descriptor = os.open(f"/proc/{tid}/stat", os.O_RDONLY | os.O_CLOEXEC)
    except (FileNotFoundError, ProcessLookupError):
        return -1
    try:
        text = os.read(descriptor, 1024)
    except ProcessLookupError:
        return -1
    finally:
        os.close(descriptor)
    # The command's name, field 2, may itself hold blanks and parentheses.
    return int(text[text.rindex(b")") + 2 :].split()[36])


def run_delay() -> float:
    """Return the seconds that this thread has been ready to run and had no CPU (schedstats)."""
    with open(SCHEDSTAT, "rb") as file:
        return int(file.read().split()[1]) / 1e9


def _may_leave_idle() -> bool:
    """Whether this thread could go back from SCHED_IDLE: CAP_SYS_NICE."""
    with open("/proc/thread-self/status", encoding="ascii", errors="replace") as file:
        for line in file:
            if line.startswith("CapEff:"):
                return bool(int(line.split()[1], 16) >> k.CAP_SYS_NICE & 1)
    return False
