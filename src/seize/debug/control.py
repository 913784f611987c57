"""The loop of a debugger: who is debugged, who runs, who is stopped, and what is to be told.

What an event means is in ``events.py``: it leads to a ``DebugStop`` in ``pending``, or the thread
is resumed without a word.  While threads are being stopped (``stopping.py``), reasons are kept and
nobody is resumed.
"""

from __future__ import annotations

from time import monotonic

from seize import arch, ptrace
from seize.abi._generated import ptrace as pt
from seize.debug import following, reasons
from seize.debug.displaced import SYSCALL
from seize.debug.events import Events
from seize.debug.passing import Passing
from seize.debug.process import Process
from seize.debug.space import AddressSpace
from seize.debug.stopping import Stopping
from seize.debug.thread import Thread
from seize.engine.tracee import GONE, RUNNING
from seize.errors import NotStopped, TraceeGone
from seize.ptrace.fast import regset_reader, regset_writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.debug.debugger import Debugger
    from seize.debug.stepping import Plan
    from seize.engine import Tracee

_SHORTEST = 0.001
_DIED = (TraceeGone, NotStopped)
_HITS = (reasons.BreakpointHit, reasons.WatchpointHit, reasons.SignalStop)


class Control:
    """The event loop of one debugger."""

    def __init__(self, debugger: Debugger) -> None:
        self.debugger = debugger
        self.tracer = debugger.tracer
        self.processes = debugger.processes
        self.pending: list[reasons.DebugStop] = []
        # All-stop: what had happened too when a stop was told; told when its thread is resumed.
        self.held: dict[Thread, reasons.DebugStop] = {}
        self.passing = Passing(self)
        self.handle = Events(self).handle
        self.births = following.Births(self)
        self.stopping = Stopping(self)
        self._threads: dict[Tracee, Thread] = {}
        self.read_regset = regset_reader()
        self.write_regset = regset_writer()
        self._told = 0
        self._deferred = False
        self._interrupts: list[Process | Thread | None] = []
        self.tracer.on_trap = self.passing.on_trap

    # ------------------------------------------------------------------ who is who

    def thread_of(self, tracee: Tracee) -> Thread:
        """The thread object of a tracee that is stopped; made when it is seen first."""
        thread = self._threads.get(tracee)
        if thread is None:
            process = self.processes.get(tracee.process.pid) or self.adopt_process(tracee)
            thread = Thread(process, tracee)
            process.threads[tracee.tid] = self._threads[tracee] = thread
            self.debugger.catchpoints.prepare(thread)
        return thread

    def known(self, tracee: Tracee) -> Thread | None:
        """The thread object of a tracee, if it has been seen."""
        return self._threads.get(tracee)

    def adopt_process(self, tracee: Tracee) -> Process:
        """Make the object of a process that is new, by a thread of it that is stopped."""
        machine = machine_of(tracee)
        space = AddressSpace(machine, out_of_line=self.debugger.out_of_line)
        process = Process(self.debugger, tracee.process.pid, machine, space)
        self.processes[process.pid] = process
        return process

    def begin(self, process: Process) -> None:
        """Insert what is to stop a process that is new, or runs a new program."""
        for thread in process.threads.values():
            thread.resumed = False
        if not process.threads:
            for tracee in self.tracer.processes[process.pid].tracees.values():
                self.thread_of(tracee).resumed = False
        process.settled = True
        self.place_breakpoints(process)

    def place_breakpoints(self, process: Process) -> None:
        """Look up every breakpoint in a process, and insert what isn't there yet."""
        for each in list(self.debugger.breakpoints.values()):
            each.place(process)
        self.debugger.catchpoints.watch_libraries(process)

    def forget(self, thread: Thread) -> None:
        """Drop a thread that is gone or let go."""
        thread.forget_registers()
        self.cancel_plan(thread)
        self.debugger.catchpoints.forget(thread)
        self.held.pop(thread, None)
        self.stopping.left.discard(thread)
        self._threads.pop(thread.tracee, None)
        thread.process.threads.pop(thread.tid, None)

    def forget_process(self, process: Process) -> None:
        """Drop a process that is gone or let go, with all reasons that were not told."""
        for thread in list(process.threads.values()):
            self.forget(thread)
        if self.processes.get(process.pid) is process:
            del self.processes[process.pid]
        self.pending = [stop for stop in self.pending if stop.process is not process]
        left = self.stopping.left
        left -= {thread for thread in left if thread.process is process}
        for each in list(self.debugger.breakpoints.values()):
            each.forget(process)

    # ------------------------------------------------------------------ letting run

    def targets(self, target: Process | Thread | None) -> list[Thread]:
        """The threads that are meant by a target."""
        if isinstance(target, Thread):
            return [target]
        if isinstance(target, Process):
            return list(target.threads.values())
        return self.debugger.threads

    def release(self, thread: Thread, plan: Plan | None) -> None:
        """Let a thread do what was planned (None: run), unless something is to be told first."""
        if not thread.alive:
            return
        if self.debugger.non_stop and self.is_untold(thread):
            # It stays stopped for what is to be told.
            return
        self._drop_obsolete()
        self.cancel_plan(thread)
        thread.resumed, thread.plan = True, plan
        if self.debugger.non_stop or not self.has_news:
            self.start_if_ready(thread)
        else:
            self._deferred = True

    def is_untold(self, thread: Thread) -> bool:
        """Whether a thread has stopped for a reason that was not told yet."""
        return thread in self.held or any(stop.thread is thread for stop in self.pending)

    def start_if_ready(self, thread: Thread) -> None:
        """Start a thread that is to run, unless there is something to tell of it first."""
        if not (thread.resumed and thread.stopped) or self.births.waits(thread):
            return
        if self.is_untold(thread):
            return
        try:
            if thread.plan is not None and not thread.plan.begun:
                thread.plan.begun = True
                thread.plan.begin()
            self.start(thread)
        except _DIED:
            thread.tracee.state = GONE

    def cancel_plan(self, thread: Thread) -> None:
        """Drop what a thread was to do."""
        plan, thread.plan = thread.plan, None
        if plan is not None:
            plan.cancel()

    def start(self, thread: Thread) -> None:
        """Resume a stopped thread as it is meant to run, past the breakpoint that it is at."""
        tracee = thread.tracee
        thread.stop = None
        try:
            if thread.at is not None and not self.passing.leave(thread):
                return
            if tracee.pending_signal:
                thread.restarts.before_signal(thread, tracee.pending_signal)
            thread.flush()
            plan = thread.plan
            if thread.slot is not None and thread.slot.kind == SYSCALL:
                tracee.step = pt.PTRACE_SYSCALL
            elif plan is not None and plan.stepping:
                tracee.step = pt.PTRACE_SINGLESTEP
                thread.restarts.calling = None
                thread.pushes_flags = self.passing.pushes_flags(thread)
            elif thread.restarts.calling is not None:
                tracee.step = pt.PTRACE_SYSCALL
            elif tracee.step != pt.PTRACE_LISTEN or tracee.pending_signal:
                tracee.step = None
            tracee.interrupted = False
            self.tracer.resume(tracee)
            if thread.interrupt_wanted or thread.left_group_stop:
                thread.left_group_stop = False
                self.tracer.ask_to_stop(tracee)
        except _DIED:
            tracee.state = GONE

    def go_on(self, thread: Thread) -> None:
        """Resume a thread after an event that nobody wants to be told, if it is to run."""
        if thread.resumed and not self.stopping.active:
            self.start(thread)

    def left(self, tracee: Tracee) -> Thread | None:
        """A tracee is dead: forget its thread, and what was to be told of it; return it."""
        thread = self.known(tracee)
        self.births.ended(tracee)
        if thread is not None:
            untold = [stop for stop in self.pending if stop.thread is thread]
            asked = any(isinstance(stop, reasons.Interrupted) for stop in untold)
            self.pending = [stop for stop in self.pending if stop.thread is not thread]
            self.forget(thread)
            if (asked or thread.interrupt_wanted) and not (
                self.debugger.non_stop or self.stopping.active
            ):
                # It has ended before it could stop: another one is to stop instead.
                self._interrupts.append(thread.process)
        return thread

    def report(self, stop: reasons.DebugStop) -> None:
        """Keep a reason to be told; its thread stays stopped."""
        thread = stop.thread
        if thread is not None:
            thread.resumed = False
            self.cancel_plan(thread)
        self.pending.append(stop)

    @property
    def untold_children(self) -> set[Process]:
        """Processes whose making has not been told yet."""
        waiting = (*self.pending, *self.held.values())
        forks = (stop for stop in waiting if isinstance(stop, reasons.ForkCaught))
        unsettled = {process for process in self.processes.values() if not process.settled}
        return unsettled | {stop.child for stop in forks if stop.child is not None}

    @property
    def awaits_births(self) -> bool:
        """Whether there are threads that are so new that they haven't stopped yet."""
        return any(
            tracee.state == RUNNING and tracee not in self._threads
            for tracee in self.tracer.tracees.values()
        )

    # ------------------------------------------------------------------ what is told

    def interrupt(self, target: Process | Thread | None) -> None:
        """Ask for a stop that will be told; from anywhere."""
        self._interrupts.append(target)
        self.tracer.wake()

    def _serve_interrupts(self) -> bool:
        """Ask those to stop that are to be interrupted; False if nobody is."""
        targets, self._interrupts = self._interrupts, []
        for target in targets:
            running = [thread for thread in self.targets(target) if thread.resumed]
            chosen = running if self.debugger.non_stop else self._one_of(running)
            for thread in chosen:
                thread.interrupt_wanted = True
                if thread.stopped:
                    thread.interrupt_wanted = False
                    self.report(reasons.Interrupted(thread.process, thread))
                else:
                    self.tracer.ask_to_stop(thread.tracee)
            unseen = any(self.known(each) is None for each in self.tracer.tracees.values())
            if not chosen and (running or unseen):
                # Those that could stop have ended, and others are yet to be seen.
                self._interrupts.append(target)
        return bool(targets)

    def _one_of(self, threads: list[Thread]) -> list[Thread]:
        """The thread that a user thinks of, if it can stop, or the first that can."""
        waiting = self.stopping.vfork_parents()
        able = [
            t for t in threads if t.tracee not in waiting and not self.stopping.has_left(t.tracee)
        ]
        last = self.debugger.last_thread
        return [last] if last in able and last is not None else able[:1]

    def wait(self, until: float | None) -> reasons.DebugStop | None:
        """See ``Debugger.wait``; ``until`` is a moment of the monotonic clock."""
        looked = False
        while True:
            stop = self._next_pending()
            if stop is not None:
                break
            if not self.debugger.running:
                return None
            seconds = None if until is None else until - monotonic()
            if seconds is not None and seconds <= 0:
                if looked:
                    return None
                # However short the time is, what is there already is seen.
                seconds = _SHORTEST
            looked = True
            woken, self.stopping.woken = self.stopping.woken, False
            event = None if woken else self.tracer.next(seconds)
            if event is not None:
                self.handle(event)
                if self._interrupts:
                    self._serve_interrupts()
            elif not self._serve_interrupts() and self.tracer.tracees:
                return None
        if not self.debugger.non_stop:
            self.stopping.everything()
            stop = self._fairest(stop)
            self._hold()
        if stop.thread is not None:
            self._told += 1
            stop.thread.told = self._told
            stop.thread.stop = stop
            self.debugger.last_thread = stop.thread
        return stop

    def _fairest(self, stop: reasons.DebugStop) -> reasons.DebugStop:
        """Of the hits that have come at the same time, take that of whom was told longest ago.

        The kernel always tells of the oldest thread first, which could hide the others for ever.
        """
        hits = [each for each in (stop, *self.pending) if isinstance(each, _HITS)]
        if not isinstance(stop, _HITS) or len(hits) == 1:
            return stop
        chosen = min(hits, key=lambda each: each.thread.told if each.thread is not None else 0)
        if chosen is not stop:
            self.pending.remove(chosen)
            self.pending.insert(0, stop)
        return chosen

    def _hold(self) -> None:
        """All-stop: nobody is to run, and nothing more is told, until a thread is resumed."""
        for thread in self.debugger.threads:
            thread.interrupt_wanted = False
            thread.resumed = False
        self._deferred = False
        for other in self.pending:
            # A step or an interruption that was asked for is over: everything has stopped.
            over = isinstance(other, (reasons.StepDone, reasons.Interrupted))
            if other.thread is not None and not over:
                self.held[other.thread] = other
        self.pending = [other for other in self.pending if other.thread is None]

    def overlook(self, thread: Thread, kind: type[reasons.DebugStop]) -> None:
        """Drop the reasons of a kind that a thread has to tell beside the one that was told."""
        if isinstance(self.held.get(thread), kind):
            del self.held[thread]
        self.pending = [
            each for each in self.pending if each.thread is not thread or not isinstance(each, kind)
        ]

    def tell_again(self, stops: list[reasons.DebugStop]) -> None:
        """Let ``wait`` tell these once more: they came while somebody waited for something else."""
        self.pending[:0] = stops

    @property
    def has_news(self) -> bool:
        """Whether there is something to tell before anything runs."""
        return bool(self.pending) or any(thread.resumed for thread in self.held)

    def _next_pending(self) -> reasons.DebugStop | None:
        self._drop_obsolete()
        # What has waited longest comes first, or one thread could hide another for ever.
        for thread in [each for each in self.held if each.resumed]:
            self.pending.insert(0, self.held.pop(thread))
            thread.resumed = False
            break
        while self.pending:
            stop = self.pending.pop(0)
            if stop.thread is None or stop.thread.alive:
                return stop
        if self._deferred:
            # In all-stop, nobody was started while there was something to tell.
            self._deferred = False
            for thread in self.debugger.threads:
                self.start_if_ready(thread)
        return None

    def _drop_obsolete(self) -> None:
        """Forget hits of breakpoints that were deleted before they were told."""
        for thread in [each for each, stop in self.held.items() if _is_obsolete(stop)]:
            del self.held[thread]
            # It was not told, so it is to be told of another one that is there when it goes on.
            thread.at = None
        for stop in [each for each in self.pending if _is_obsolete(each)]:
            self.pending.remove(stop)
            self._deferred = True
            if stop.thread is not None:
                stop.thread.resumed = True
                stop.thread.at = None

    def finish_event(self, thread: Thread) -> None:
        """Go on after an event, unless it has led to a reason."""
        if thread.resumed and not any(stop.thread is thread for stop in self.pending):
            self.passing.settle(thread)
            self.go_on(thread)


def _is_obsolete(stop: reasons.DebugStop) -> bool:
    """Whether all breakpoints of a hit were deleted before it was told."""
    return isinstance(stop, reasons.BreakpointHit) and all(
        each.deleted and not each.temporary for each in stop.breakpoints
    )


def machine_of(tracee: Tracee) -> arch.Arch:
    """The machine that a stopped thread's program is for."""
    return arch.by_prstatus_size(len(tracee.ask(ptrace.getregset, pt.NT_PRSTATUS)))
