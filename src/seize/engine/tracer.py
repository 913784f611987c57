"""The event loop: wait, tell the stop apart, hand it out, resume.

ptrace(2) allows operations on a tracee only to the OS thread that attached to it, so a Tracer
belongs to the thread that made it; ``interrupt`` alone may be called from any thread.
"""

from __future__ import annotations

import os
from _weakref import ref

from seize import kernel, ptrace
from seize.abi._generated import constants as k
from seize.abi._generated import ptrace as pt
from seize.abi.restart import RESTARTS
from seize.engine import alone, attach, detach, launch
from seize.engine.delays import DELAY, Delays
from seize.engine.evidence import EXECVE_NAMES, Gatherer, stack_pointer, syscall_result
from seize.engine.interrupts import Interrupts
from seize.engine.placement import Placement
from seize.engine.registry import Registry
from seize.engine.tracee import GONE, LISTENING, RUNNING, STOPPED, Tracee
from seize.errors import LaunchError, NotStopped, TraceeGone, UsageError, WrongThread
from seize.stops import classify, events

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import TracebackType
    from typing import Self

    from seize.engine.process import Process
    from seize.engine.protocols import CallChanger, CallDecoder
    from seize.engine.seccomp import Filter


FOLLOW_OPTIONS = pt.PTRACE_O_TRACEFORK | pt.PTRACE_O_TRACEVFORK | pt.PTRACE_O_TRACECLONE
BASE_OPTIONS = pt.PTRACE_O_TRACESYSGOOD | pt.PTRACE_O_TRACEEXEC
_ENTRY = pt.PTRACE_SYSCALL_INFO_ENTRY
_EXIT = pt.PTRACE_SYSCALL_INFO_EXIT
_SYSCALL = pt.PTRACE_SYSCALL
_LISTEN = pt.PTRACE_LISTEN
_ORDINARY = (None, pt.PTRACE_CONT)
_SYSCALL_STATUS = classify.SYSCALL_STATUS
_SECCOMP_STATUS = classify.SECCOMP_STATUS
_TRAP_STATUS = classify.TRAP_STATUS
# In a stop that was observed, both mean that a SIGKILL came between (see "Death under ptrace").
_DIED = (TraceeGone, NotStopped)
# The tracer that has tracees, by the id of its OS thread.
_tracing: dict[int, ref[Tracer]] = {}


class _Resumers(dict[int, "Callable[[int, int], None]"]):
    """The restarting operations, each made ready once."""

    def __missing__(self, operation: int) -> Callable[[int, int], None]:
        resume = self[operation] = ptrace.resumer(operation)
        return resume


class Tracer:
    """Traces processes and hands out their stops, one after the other.

    >>> with Tracer() as tracer:
    ...     tracer.spawn(["ls", "-l"])
    ...     for stop in tracer:
    ...         print(stop)

    Each turn of the loop hands out one event; the tracee is resumed when the next is asked
    for, unless ``stop.hold()`` was called.  The loop ends when nothing is traced any more.

    ``syscalls``: resume with PTRACE_SYSCALL, so that every system call stops twice; otherwise
    with PTRACE_CONT.  ``follow``: trace the threads and processes that tracees create.
    ``exitkill``: the processes that ``spawn`` starts are killed when the tracer dies
    (PTRACE_O_EXITKILL) or is closed; otherwise they go on untraced.  ``options``: exactly
    these PTRACE_O_* bits instead of the usual ones.  ``decoder``: makes the ``call`` of
    syscall-stops (default: ``seize.decode.Decoder``).  ``placement``: "auto" follows the
    tracee's CPU while that is faster, "off" leaves the tracer where the scheduler puts it
    (see ``seize.engine.placement``).  ``tampering`` changes calls at their stops, before they
    are handed out (see ``seize.tampering``).  ``usage`` gets, at each stop, the resources that
    the stopped process has used; to ask for them costs a little.

    ``seccomp``: the system calls, by machine and number, that are wanted of the commands that
    ``spawn`` starts.  A seccomp filter lets the others run at native speed: they make no event
    (but a few do that the engine needs, ``seize.engine.seccomp.ALWAYS``).  It needs ``syscalls``
    and ``follow`` and implies ``exitkill``; such processes can't be detached.  ``filter`` is
    None where this machine can't do it, and every call makes its events.
    """

    def __init__(
        self,
        *,
        syscalls: bool = True,
        follow: bool = True,
        exitkill: bool = True,
        options: int | None = None,
        decoder: CallDecoder | None = None,
        placement: str = "auto",
        seccomp: Mapping[str, Iterable[int]] | None = None,
        tampering: CallChanger | None = None,
        usage: kernel.Usage | None = None,
    ) -> None:
        if decoder is None:
            from seize.decode import Decoder

            decoder = Decoder(stack_pointer=stack_pointer)
        self.owner_tid = kernel.gettid()
        self.exitkill = exitkill
        follow_options = FOLLOW_OPTIONS if follow else 0
        self.options = BASE_OPTIONS | follow_options if options is None else options
        self.operation: int = pt.PTRACE_SYSCALL if syscalls else pt.PTRACE_CONT
        self.filter: Filter | None = None
        if seccomp is not None:
            from seize.engine.seccomp import filter_for

            self.filter = filter_for(self, seccomp)
        self.vm_reader = kernel.vm_reader()
        self.registry = Registry(self)
        self.interrupts = Interrupts(self.owner_tid)
        self.usage = usage
        self.placement = Placement(self, placement)
        self.queue: list[events.Event] = []
        self.leaving: set[Tracee] = set()
        self.launches: dict[int, launch.Launch] = {}
        # The child that ``spawn`` is bringing to its execve: what it calls so far is ours.
        self.starting = 0
        self.delays = Delays(self)
        self.tampering = tampering
        # Sees each plain SIGTRAP stop first; True if it has dealt with it, and resumed the tracee.
        self.on_trap: Callable[[Tracee], bool] | None = None
        plain = decoder
        if tampering is not None:
            decoder = tampering.wrap(self, plain)
        self.gatherer = Gatherer(decoder, plain)
        self._syscall_info = self.gatherer.syscall_info
        self._arch_names = self.gatherer.arch_names
        self._enter, self._leave = decoder.enter, decoder.exit
        self._resumers = _Resumers()
        self._handed_out: Tracee | None = None
        self._failed_launches: list[tuple[int, LaunchError]] = []
        self._sigkill_seen = False
        self._closed = False

    # ------------------------------------------------------------------ starting and ending

    @property
    def tracees(self) -> dict[int, Tracee]:
        """The traced threads by thread id."""
        return self.registry.tracees

    @property
    def processes(self) -> dict[int, Process]:
        """The traced processes by process id."""
        return self.registry.processes

    def spawn(
        self,
        argv: list[str] | tuple[str, ...],
        *,
        executable: str | None = None,
        env: dict[str, str] | None = None,
        cwd: str | None = None,
        user: str | int | launch.Identity | None = None,
        stdin: launch.Stream = None,
        stdout: launch.Stream = None,
        stderr: launch.Stream = None,
        method: str = "seize",
        waiting: launch.Waiting | None = None,
    ) -> Process:
        """Start a command under trace; its first stop handed out is the entry to its execve.

        ``env`` replaces the environment, ``cwd`` is its working folder, ``user`` a name, a uid
        or (uid, gid, name) to run as, the streams are descriptors, objects with ``fileno()``,
        ``launch.DEVNULL`` or None (ours).  ``method`` is "seize" or "traceme" (the traditional
        way).  Without ``syscalls`` the first stop is the PTRACE_EVENT_EXEC.  ``waiting`` is a
        process that becomes the command, instead of a new one (see ``seize.engine.exchange``).

        Raises ``LaunchError`` if the command can't be started.  Where only the kernel can tell
        (a file that is no program) and system calls are traced, the loop raises it, after the
        execve that failed.
        """
        self._begin()
        plan = launch.plan(argv, executable, env, cwd, user, (stdin, stdout, stderr), method)
        self.placement.release()
        return launch.start(self, plan, waiting)

    def attach(self, pid: int, *, method: str = "seize", threads: bool = True) -> Process:
        """Attach to all threads of a running process, those born meanwhile included.

        Without ``threads`` it is the one thread with that id.

        Each thread then hands out an ``EventStop`` with ``initial`` (or a ``GroupStop``).
        ``method`` is "seize" or "attach" (the traditional way, which sends each thread a
        SIGSTOP and suppresses it; it can't keep a group-stop: see "Group-stop").

        Raises ``AccessDenied`` with the reasons, or ``TraceeGone`` if there is no such process.
        """
        self._begin()
        process = attach.attach(self, pid, method, threads)
        self.placement.begin(pid)
        return process

    def detach(self, target: Tracee | Process, *, signal: int | None = None) -> None:
        """Stop tracing a thread or a process, from any state, and leave it as it was found.

        A thread in signal-delivery-stop gets its signal (or ``signal`` instead of it), a
        stopped process stays stopped, a running one runs; they get ``signal``, if it is given,
        when they are free.  Returns when it is done: a running tracee has to be stopped for it,
        and events of others that come meanwhile are queued.  Only a thread that can't stop,
        because it waits in vfork(2) for a child that stays traced, is let go later, in the
        loop, when the child has exec'd or ended.
        """
        self.check_thread()
        tracees = self.registry.of(target)
        detach.check(tracees)
        detach.detach(self, tracees, signal)

    def detach_all(self) -> None:
        """Detach from everything, and from what is born meanwhile."""
        self.check_thread()
        detach.check(self.registry.of(None))
        detach.detach_all(self)

    def close(self, *, recover: bool = False) -> None:
        """End all tracing: kill what ``spawn`` started (with ``exitkill``), detach the rest.

        ``recover`` is for after an exception that may have struck anywhere, such as
        KeyboardInterrupt: it looks first at what the kernel says of the tracees.
        """
        if self._closed:
            return
        self.check_thread()
        self._closed = True
        self.queue.clear()
        try:
            if recover:
                detach.recover(self)
            detach.kill_spawned(self)
            detach.detach_all(self)
        finally:
            self.placement.close()
            self.delays.close()
            self.interrupts.put_back()
            for started in self.launches.values():
                started.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close(recover=kind is not None)

    def _begin(self) -> None:
        """See that this tracer may have tracees: alone in its OS thread, and not closed."""
        self.check_thread()
        if self._closed:
            raise UsageError("the tracer is closed")
        known = _tracing.get(self.owner_tid)
        other = None if known is None else known()
        if other is not None and other is not self and other.tracees:
            # Each would take the other's events: wait4(2) tells a thread of all its tracees.
            raise UsageError("another tracer of this OS thread has tracees: close it first")
        _tracing[self.owner_tid] = ref(self)
        self.delays.listen()

    def check_thread(self) -> None:
        """Raise ``WrongThread`` unless called from the OS thread that made this tracer."""
        if not self.interrupts.is_owner():
            raise WrongThread(
                "a tracer works only in the thread that made it: ptrace allows operations "
                "on a tracee only to the OS thread that attached to it"
            )

    def interrupt(self, target: Tracee | Process | None = None) -> None:
        """Make a tracee, a process or everything stop with ``EventStop``; from any OS thread.

        No signal is involved where the tracee was seized (PTRACE_INTERRUPT); an attached one
        is sent a SIGSTOP that is then suppressed.  A signal that comes first is reported first.
        """
        if not self.interrupts.is_owner():
            self.interrupts.request(target)
            return
        for tracee in self.registry.of(target):
            self.ask_to_stop(tracee)

    def ask_to_stop(self, tracee: Tracee) -> None:
        """Send PTRACE_INTERRUPT, or SIGSTOP in the traditional way."""
        if tracee in self.delays.waiting:
            self.delays.ask_to_stop(tracee)
            return
        try:
            if tracee.seized:
                ptrace.interrupt(tracee.tid)
                tracee.interrupted = True
                if tracee.step is None:
                    # So that resume() looks whether another stop has swallowed it.
                    tracee.step = tracee.operation
            elif not tracee.awaits_sigstop:
                tracee.awaits_sigstop = True
                kernel.tgkill(tracee.process.pid, tracee.tid, k.SIGSTOP)
        except (TraceeGone, ProcessLookupError):
            tracee.state = GONE

    def poll(self, tracee: Tracee) -> bool:
        """Look whether a stop of it is there already; ``next`` gives the event then.

        One that has stopped needn't be asked to stop, and if it were, it would stop once more.
        """
        try:
            tid, status = os.waitpid(tracee.tid, os.WNOHANG | kernel.WALL)
        except ChildProcessError:
            return False
        if not tid:
            return False
        event = self.event(tid, status)
        if event is not None:
            self.queue.append(event)
        return True

    # ------------------------------------------------------------------ the loop

    def __iter__(self) -> Iterator[events.Event]:
        """Hand out events until nothing is traced; see the class."""
        self.check_thread()
        while True:
            # Kept here and not in a local: a loop that was left may be taken up by another.
            tracee, self._handed_out = self._handed_out, None
            if tracee is not None and tracee.state is STOPPED and not tracee.held:
                self.resume(tracee)
            event = self.next()
            if event is None:
                return
            self._handed_out = event.tracee
            yield event

    def run(self, handlers: dict[type[events.Event], Callable[[events.Event], None]]) -> None:
        """Iterate, calling the handler of each event's type (or of its nearest base class)."""
        for event in self:
            for kind in type(event).__mro__:
                handler = handlers.get(kind)
                if handler is not None:
                    handler(event)
                    break

    def wake(self) -> None:
        """Make ``next`` return None, now or when it is called next; from any OS thread."""
        self.interrupts.wake()

    def next(self, seconds: float | None = None) -> events.Event | None:
        """Wait for the next event and return it, without resuming anybody; None at the end.

        None also when it was woken by ``wake``, or after ``seconds``; what is there already is
        returned even if they are 0.
        """
        delays, interrupts = self.delays, self.interrupts
        timed, looked = seconds is not None, False
        if timed or delays.deadline is not None:
            delays.set_deadline(seconds)
        while True:
            if interrupts.woken or (timed and looked and delays.is_over):
                interrupts.woken = False
                delays.set_deadline(None)
                return None
            if interrupts.waiting:
                for target in interrupts.take():
                    self.interrupt(target)
            if delays.waiting:
                delays.serve()
            if self.queue:
                return self.queue.pop(0)
            if self._failed_launches:
                pid, error = self._failed_launches.pop(0)
                launch.abandon(self, pid)
                raise error
            if not self.registry.tracees and not self._strays():
                return None
            interrupts.blocking = looked = True
            if interrupts.woken:
                # ``wake`` came before it could see that a signal is needed.
                interrupts.blocking = False
                continue
            try:
                tid, status = self.placement.wait()
            except ChildProcessError:
                self.registry.everyone_vanished()
                return None
            finally:
                interrupts.blocking = False
            if tid < 0:
                continue
            event = self.event(tid, status)
            if event is not None and not (self.leaving and detach.leaves(self, event)):
                return event

    def _launched(self, pid: int, value: int) -> None:
        """Take note of what a command's first execve returned, unless PTRACE_EVENT_EXEC said it."""
        if value >= 0:
            self._launch_is_over(pid)
        elif -value not in RESTARTS:
            # Else a signal has come between, and the kernel begins the execve again.
            error = self.launches[pid].error(-value)
            self._launch_is_over(pid)
            self._failed_launches.append((pid, error))

    def _launch_is_over(self, pid: int) -> None:
        started = self.launches.pop(pid, None)
        if started is not None:
            started.close()

    def _strays(self) -> bool:
        self._sigkill_seen = self._sigkill_seen and self.registry.strays()
        return self._sigkill_seen

    def event(self, tid: int, status: int) -> events.Event | None:
        """Turn what wait4 reported into an event, and keep the books; None if it is no event.

        None is a thread that died before it could be looked at (its death will be reported),
        or a child of this process that isn't traced.
        """
        tracee = self.registry.tracees.get(tid)
        try:
            if status == _SYSCALL_STATUS and tracee is not None:
                # The fast path: the one stop that happens twice for every system call.
                tracee.state = STOPPED
                info = self._syscall_info(tid)
                op = info[0]
                if op == _ENTRY and tracee.resumed_by == _SYSCALL:
                    call = tracee.call = self._enter(
                        tid, self._arch_names[info[1]], info[4], info[5:11], tracee.memory
                    )
                    return events.SyscallEnter(tid, tracee, call)
                if op == _EXIT and tracee.call is not None:
                    call = tracee.call
                    tracee.call = None
                    value = info[4]
                    value -= value >> 63 << 64
                    if self.placement.before_exit is not None:
                        self.placement.before_exit(tracee, call, value)
                    self._leave(call, value, info[5] & 0xFF != 0, tracee.memory)
                    if tid in self.launches and call.name in EXECVE_NAMES:
                        self._launched(tid, value)
                    return events.SyscallExit(tid, tracee, call)
            if status == _TRAP_STATUS and tracee is not None and self.on_trap is not None:
                tracee.state = STOPPED
                if self.on_trap(tracee):
                    return None
            if status == _SECCOMP_STATUS and tracee is not None and tracee.process.filtered:
                from seize.engine.seccomp import entry

                return entry(self, tracee)
            return self._any_event(tid, tracee, status)
        except _DIED:
            # Its death will be reported by itself.
            if tracee is not None:
                tracee.state = GONE
            return None

    def _any_event(self, tid: int, tracee: Tracee | None, status: int) -> events.Event | None:
        if tracee is None:
            if status & 0xFF != 0x7F:
                self.registry.unknown_end(tid, status)
                return None
            tracee = self.registry.adopt(tid, status)
            if tracee is None:
                return None
        if status & 0xFF != 0x7F:
            return self._end(tid, tracee, status)
        tracee.state = STOPPED
        if tracee.needs_options:
            tracee.needs_options = False
            ptrace.setoptions(tid, self.options_for(tracee))
        evidence = self.gatherer.gather(tracee, status)
        event = classify.classify(tid, tracee, evidence)
        tracee.first = False
        event = self._prepare(tracee, event)
        runner = event.tracee
        if runner.process.filtered and runner.call is not None and runner.step in _ORDINARY:
            # In the middle of a wanted call: its exit is wanted too.
            runner.step = _SYSCALL
        return event

    def _end(self, tid: int, tracee: Tracee, status: int) -> events.Event:
        event = classify.classify(tid, tracee, classify.Evidence(status))
        if isinstance(event, events.Killed) and event.signal == k.SIGKILL:
            self._sigkill_seen = True
        self.registry.ended(tracee, status)
        self._launch_is_over(tid)
        return event

    def _prepare(self, tracee: Tracee, event: events.Event) -> events.Event:
        """Keep the books that a stop changes, and set how the tracee will be resumed."""
        match event:
            case events.SignalDelivery(signal=signal):
                tracee.pending_signal = signal
                if signal == k.SIGCONT:
                    tracee.process.was_stopped = False
            case events.GroupStop() if tracee.seized:
                tracee.step = _LISTEN
                tracee.interrupted = False
            case events.EventStop():
                tracee.awaits_sigstop = tracee.interrupted = False
            case events.SyscallExit(tid=tid, call=call) if (
                tid in self.launches and call.name in EXECVE_NAMES
            ):
                self._launched(tid, syscall_result(tid))
            case events.NewChild(child_tid=child):
                self.registry.born(tracee, child, vfork=isinstance(event, events.Vfork))
                self.placement.born(child, process=not isinstance(event, events.Clone))
            case events.Exec(former_tid=former):
                tracee.vfork_parent = None
                leaders_call = tracee.call
                runner = self.registry.execed(tracee, former)
                self._launch_is_over(event.tid)
                if runner is not tracee:
                    return events.Exec(event.tid, runner, former, leaders_call)
        return event

    def options_for(self, tracee: Tracee) -> int:
        """Return the PTRACE_O_* bits of a tracee."""
        process = tracee.process
        if process.filtered:
            return self.options | pt.PTRACE_O_TRACESECCOMP | pt.PTRACE_O_EXITKILL
        kill = self.exitkill and process.spawned
        return self.options | (pt.PTRACE_O_EXITKILL if kill else 0)

    def resume(self, tracee: Tracee, signal: int | None = None) -> None:
        """Let a stopped tracee run on; ``signal`` overrides the one that would be injected."""
        if signal is None:
            signal = tracee.pending_signal
        operation = tracee.step
        if operation is None:
            operation = tracee.operation
        elif operation == DELAY:
            self.delays.hold(tracee, signal)
            return
        else:
            tracee.step = None
            if tracee.interrupted:
                # The kernel forgets a PTRACE_INTERRUPT when any other stop comes first.
                self.ask_to_stop(tracee)
        tracee.held = False
        tracee.resumed_by = operation
        tracee.state = LISTENING if operation == _LISTEN else RUNNING
        try:
            self._resumers[operation](tracee.tid, signal)
        except _DIED:
            tracee.state = GONE
        tracee.pending_signal = 0

    def run_alone(self, tracee: Tracee, operation: int, signal: int = 0) -> int:
        """Resume a stopped tracee by ``operation``, block until it reports; return its wait status.

        A stop is the caller's to understand: no event is made of it.  A death is queued, so that
        the loop reports it, and so is an execve.  If an exception such as KeyboardInterrupt ends
        the wait, a seized tracee is stopped again first.  ``TraceeGone`` if it died in its stop.
        """
        self.check_thread()
        return alone.run_alone(self, tracee, operation, self._resumers[operation], signal)
