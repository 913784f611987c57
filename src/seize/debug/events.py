"""What is done at each event of the engine: go on, or leave a reason to stop."""

from __future__ import annotations

from seize.abi._generated import constants as k
from seize.abi._generated import ptrace as pt
from seize.debug import following, reasons, trapflag
from seize.debug.breakpoints import Breakpoint
from seize.debug.libraries import LibraryHook
from seize.engine.tracee import GONE
from seize.errors import NotStopped, TraceeGone
from seize.stops import events

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.debug.catchpoints import Catchpoints
    from seize.debug.control import Control
    from seize.debug.passing import Passing
    from seize.debug.space import Location, Owner
    from seize.debug.thread import Thread

_SYNCHRONOUS = frozenset((k.SIGSEGV, k.SIGBUS, k.SIGILL, k.SIGFPE, k.SIGTRAP))
_DIED = (TraceeGone, NotStopped)


class Events:
    """Deals with the events of one debugger."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._debugger = control.debugger
        self._go_on, self._report = control.go_on, control.report

    @property
    def _passing(self) -> Passing:
        return self._control.passing

    @property
    def _catchpoints(self) -> Catchpoints:
        return self._debugger.catchpoints

    def handle(self, event: events.Event) -> None:
        """Deal with one event."""
        if isinstance(event, events.End):
            self._ended(event)
            return
        thread = self._control.thread_of(event.tracee)
        try:
            self._handle(thread, event)
        except _DIED:
            # A SIGKILL: its death will be reported by itself.
            thread.tracee.state = GONE

    def _handle(self, thread: Thread, event: events.Event) -> None:
        match event:
            case events.SignalDelivery(signal=k.SIGTRAP):
                self._trapped(thread, event)
            case events.SignalDelivery():
                self._signalled(thread, event)
            case events.SingleStep():
                self._stepped(thread)
            case events.SyscallStop():
                self._syscall(thread, event)
            case events.Clone():
                child = self._control.tracer.tracees.get(event.child_tid)
                if child is not None and child.process.pid == event.child_tid:
                    # Without CLONE_THREAD: a process, whatever it shares.
                    self._control.births.announced(thread, event)
                else:
                    self._catchpoints.cloned(thread, event.child_tid)
                    self._control.finish_event(thread)
            case events.Exiting(status=status):
                if not self._catchpoints.exiting(thread, status):
                    self._go_on(thread)
            case events.Exec(former_tid=former):
                following.execed(self._control, thread, former)
            case events.NewChild():
                self._control.births.announced(thread, event)
            case events.VforkDone(child_tid=child):
                following.vfork_done(self._control, thread, child)
            case events.GroupStop():
                self._group_stopped(thread)
            case events.EventStop(initial=initial):
                self._event_stopped(thread, initial)
            case _:
                self._control.finish_event(thread)

    def _ended(self, event: events.End) -> None:
        thread = self._control.left(event.tracee)
        if thread is None:
            return
        process = thread.process
        if event.tid != process.pid:
            self._catchpoints.thread_exited(thread, event)
            return
        stop: reasons.ProcessExited | reasons.ProcessKilled
        if isinstance(event, events.Killed):
            stop = reasons.ProcessKilled(process, None, event.signal, event.core)
        else:
            assert isinstance(event, events.Exited)
            stop = reasons.ProcessExited(process, None, event.status)
        process.exited = stop
        self._control.forget_process(process)
        if process.followed:
            self._report(stop)

    def _trapped(self, thread: Thread, event: events.SignalDelivery) -> None:
        thread.tracee.pending_signal = 0
        trap, thread.trap = thread.trap, None
        code, step_ended = event.siginfo.code, thread.step_ended
        thread.step_ended = False
        if trap is not None:
            self._arrived(thread, *trap)
        elif code == k.TRAP_HWBKPT and self._catchpoints.hardware(thread):
            return
        elif self._passing.is_late(thread, code):
            self._go_on(thread)
        elif code == k.TRAP_TRACE or (code == k.TRAP_BRKPT and step_ended):
            # A step whose end was kept from us by another stop.
            self._stepped(thread)
        elif code == k.SIGTRAP and thread.tracee.resumed_by == pt.PTRACE_SINGLESTEP:
            self._entered_handler(thread)
        else:
            thread.tracee.pending_signal = k.SIGTRAP
            self._signalled(thread, event)

    def _arrived(self, thread: Thread, location: Location, owners: tuple[Owner, ...]) -> None:
        """A thread has come to a breakpoint, where ``owners`` want a stop."""
        wanted = tuple(each for each in owners if isinstance(each, Breakpoint))
        if wanted:
            for each in wanted:
                if each.temporary:
                    each.delete()
            self._report(reasons.BreakpointHit(thread.process, thread, wanted))
            return
        plan = thread.plan
        hook = next((each for each in owners if isinstance(each, LibraryHook)), None)
        stop: reasons.DebugStop | None = hook.reason if hook is not None else None
        if stop is None and plan is not None and plan in owners:
            stop = plan.arrived()
        if stop is not None:
            self._report(stop)
        else:
            self._go_on(thread)

    def _stepped(self, thread: Thread) -> None:
        """An instruction was executed."""
        if thread.pushes_flags:
            thread.pushes_flags = False
            trapflag.hide(thread)
        if not self._passing.settle(thread, stepping=True):
            return
        if self._catchpoints.watched(thread):
            return
        plan = thread.plan
        if plan is None or not plan.stepping:
            self._go_on(thread)
            return
        pc = self._passing.pc_of(thread)
        location = thread.process.space.locations.get(pc)
        owners: tuple[Owner, ...] = ()
        if location is not None and thread.process.followed:
            thread.at = pc
            owners = location.reached(thread)
        if location is not None and any(isinstance(each, Breakpoint) for each in owners):
            self._arrived(thread, location, owners)
            return
        stop = plan.stepped(pc)
        if stop is not None:
            self._report(stop)
        else:
            self._go_on(thread)

    def _entered_handler(self, thread: Thread) -> None:
        """A step with a signal to deliver has ended before its handler's first instruction."""
        plan = thread.plan
        stop = None if plan is None else plan.entered_handler(self._passing.pc_of(thread))
        if stop is not None:
            self._report(stop)
        else:
            self._go_on(thread)

    def _signalled(self, thread: Thread, event: events.SignalDelivery) -> None:
        signal = event.signal
        fault = signal in _SYNCHRONOUS and event.siginfo.code > 0
        if not self._passing.settle(thread, fault=event.siginfo if fault else None):
            return
        if thread.is_injected(event.siginfo):
            self._go_on(thread)
            return
        if self._catchpoints.signalled(thread, event):
            return
        disposition = self._debugger.signals.get(signal)
        if not disposition.passed:
            thread.tracee.pending_signal = 0
        stops = disposition.stop or (thread.plan is not None and thread.plan.every_signal)
        if stops and thread.process.followed:
            self._report(reasons.SignalStop(thread.process, thread, signal, event.siginfo))
        else:
            self._go_on(thread)

    def _syscall(self, thread: Thread, event: events.SyscallStop) -> None:
        self._passing.syscall(thread, event)
        if not self._catchpoints.syscall(thread, event):
            self._go_on(thread)

    def _let_trap_come(self, thread: Thread) -> None:
        """See a SIGTRAP of ours that is queued behind a stop: it would kill who is let go now."""
        tracee = thread.tracee
        # (Another stop may come in between once more.)
        thread.step_ended |= tracee.resumed_by == pt.PTRACE_SINGLESTEP
        tracee.step = None
        self._control.tracer.resume(tracee)

    def _group_stopped(self, thread: Thread) -> None:
        if self._passing.has_trap_pending(thread):
            thread.left_group_stop = True
            self._let_trap_come(thread)
            return
        self._passing.settle(thread)
        self._interrupted(thread)

    def _event_stopped(self, thread: Thread, initial: bool) -> None:
        if initial and self._control.births.stopped(thread):
            return
        if self._passing.has_trap_pending(thread):
            self._let_trap_come(thread)
            return
        if not self._passing.settle(thread):
            return
        if not (initial and self._catchpoints.thread_started(thread)):
            self._interrupted(thread)

    def _interrupted(self, thread: Thread) -> None:
        """A thread has stopped without a signal: because somebody wants to be told, or not."""
        if thread.interrupt_wanted:
            thread.interrupt_wanted = False
            self._report(reasons.Interrupted(thread.process, thread))
        else:
            self._go_on(thread)
