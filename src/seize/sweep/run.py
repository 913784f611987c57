"""One run of the command under trace: all its calls are watched, and one of them may fail."""

from __future__ import annotations

import os
import resource
import signal
import time
from contextlib import suppress

from seize import kernel
from seize.abi._generated import constants as k
from seize.decode.render.strace import StraceText
from seize.engine import Tracer, launch
from seize.errors import NotStopped, TraceeGone
from seize.stops import (
    EventStop,
    Exec,
    Exited,
    Killed,
    NewChild,
    SignalDelivery,
    Stop,
    SyscallEnter,
    SyscallExit,
)
from seize.sweep import calls, faults
from seize.sweep.entry import EntryPoints
from seize.sweep.inject import Injection, Target
from seize.sweep.outcome import CRASHES, LEFT, LINGER, Limits, Outcome
from seize.sweep.roles import Role, Roles
from seize.sweep.tail import Closes, Dirt
from seize.sweep.where import Stacks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType

    from seize.decode import Call, Decoder
    from seize.stacks import Frame
    from seize.stops import Event

_ADDR_NO_RANDOMIZE = 0x0040000
_TEXT = 200
_UNTOLD = frozenset(("futex", "sched_yield", "restart_syscall", "rt_sigreturn"))
"""Calls that depend on who was faster; they are left out of the sequences that are compared."""


class Run:
    """Traces one command, in the OS process that it is made in.

    ``target``: the call to fail (None: a baseline).  ``executable`` is the file to run (None: the
    command's first word), ``folder`` the working folder, ``streams`` are its standard output and
    error, ``env`` its environment.  ``decoder`` may be shared by all runs.
    """

    def __init__(
        self,
        command: tuple[str, ...],
        executable: str | None,
        target: Target | None,
        folder: str,
        streams: tuple[int, int],
        env: dict[str, str],
        limits: Limits,
        decoder: Decoder,
    ) -> None:
        self.command = command
        self._executable = executable
        self.target = target
        self.folder = folder
        self.limits = limits
        self._streams = streams
        self._env = env
        self._injection = None if target is None else Injection(target, self._ordinal)
        tampering = None if self._injection is None else self._injection.tampering
        # Runs go on side by side: no CPU is idle, so to follow the command gains nothing.
        self._tracer = Tracer(decoder=decoder, tampering=tampering, placement="off")
        self._fired = ""
        self._is_told = False
        self._stacks = Stacks()
        self._frames: list[Frame] = []
        self._crash: list[Frame] = []
        self._closing: list[Frame] = []
        self._hanging: list[Frame] = []
        self._position = -1
        self._entries = EntryPoints()
        self._closes = Closes()
        self._dirt = Dirt()
        self._roles = Roles()
        self._seen: list[calls.Seen] = []
        self._kinds: set[tuple[str, int]] = set()
        self._killed: list[tuple[str, int]] = []
        self._successes = self._calls = self._output = 0
        self._root = 0
        self._status: int | None = None
        self._stuck = ""
        self._late = self._interrupted = False
        self._sitting: list[tuple[str, Call | None]] = []

    def go(self) -> Outcome:
        """Run it to its end, or to one of its limits; everything that it started is ended.

        So it is after a SIGINT; then KeyboardInterrupt is raised.
        """
        started = time.monotonic()
        before = [
            (signal.SIGALRM, signal.signal(signal.SIGALRM, self._alarm)),
            (signal.SIGINT, signal.signal(signal.SIGINT, self._interrupt)),
        ]
        _prepare(self.folder)
        try:
            with self._tracer as tracer:
                process = tracer.spawn(
                    self.command,
                    executable=self._executable,
                    stdin=launch.DEVNULL,
                    stdout=self._streams[0],
                    stderr=self._streams[1],
                    env=self._env,
                )
                self._root = process.pid
                self._roles.add(process.pid, "0")
                signal.setitimer(signal.ITIMER_REAL, self.limits.seconds)
                for event in tracer:
                    self._handle(event)
                    if self._is_over():
                        if isinstance(event, Stop):
                            self._hanging = self._stacks.take(event.tracee)
                        break
                signal.setitimer(signal.ITIMER_REAL, 0)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            _reap()
            for signum, handler in before:
                signal.signal(signum, handler)
        if self._interrupted:
            raise KeyboardInterrupt
        return self._outcome(time.monotonic() - started)

    def stacks(self, verdict: str) -> tuple[list[str], list[str]]:
        """Where the call that failed was made, and where the program crashed, closed twice, hangs.

        Of several threads that hang, it is one.
        """
        places = {"crashed": self._crash, "double close": self._closing, "hung": self._hanging}
        return self._stacks.told(self._frames), self._stacks.told(places.get(verdict, []))

    # ------------------------------------------------------------------ limits

    def _alarm(self, signum: int, frame: FrameType | None) -> None:
        """Time is up: every tracee is asked to stop, so that the loop comes round."""
        self._late = True
        self._look_around()
        self._tracer.interrupt()

    def _interrupt(self, signum: int, frame: FrameType | None) -> None:
        """Nobody wants the run any more."""
        self._interrupted = True
        self._tracer.interrupt()

    def _is_over(self) -> bool:
        if self._interrupted:
            return True
        if self._late:
            self._stuck = "time" if self._status is None else LEFT
        elif self._calls > self.limits.calls:
            self._stuck = "calls"
        elif self._output > self.limits.output:
            self._stuck = "output"
        if not self._stuck:
            return False
        if not self._late:
            self._look_around()
        return True

    def _look_around(self) -> None:
        """Remember in which call each thread is, before it is interrupted."""
        for tid, tracee in list(self._tracer.tracees.items()):
            self._sitting.append((self._roles.name(tid), tracee.call))

    # ------------------------------------------------------------------ events

    def _handle(self, event: Event) -> None:
        try:
            match event:
                case SyscallEnter():
                    self._enter(event)
                case SyscallExit():
                    self._exit(event)
                case NewChild():
                    self._born(event)
                case EventStop(initial=True):
                    self._roles.first_stop(event)
                case Exec():
                    self._exec(event)
                case SignalDelivery():
                    self._signal(event)
                case Exited() | Killed():
                    self._ended(event)
        except (TraceeGone, NotStopped):
            # It was killed in its stop; its end is reported by itself.
            return

    def _born(self, stop: NewChild) -> None:
        self._roles.born(stop)
        child = self._tracer.tracees.get(stop.child_tid)
        if child is not None:
            self._entries.born(stop.tracee.process.pid, child.process.pid)

    def _ended(self, event: Exited | Killed) -> None:
        role = self._roles.ended(event.tid)
        process = event.tracee.process
        if not process.alive:
            self._entries.ended(process.pid)
            self._closes.ended(process.pid)
            if isinstance(event, Killed):
                self._killed.append(("?" if role is None else role.name, event.signal))
            if event.tid == self._root:
                self._status = -event.signal if isinstance(event, Killed) else event.status
                signal.setitimer(signal.ITIMER_REAL, LINGER)
        self._roles.release_orphans(len(self._tracer.tracees))

    def _signal(self, stop: SignalDelivery) -> None:
        if not self._entries.reached(stop) and stop.signal in CRASHES:
            self._crash = self._stacks.take(stop.tracee)

    def _exec(self, stop: Exec) -> None:
        self._roles.execed(stop)
        self._closes.ended(stop.tracee.process.pid)
        self._entries.execed(stop.tracee)

    def _enter(self, stop: SyscallEnter) -> None:
        call = stop.call
        role = self._roles[stop.tid]
        self._calls += 1
        self._kinds.add((call.arch_name, call.number))
        ordinal = role.counts[call.name] = role.counts.get(call.name, 0) + 1
        index = len(role.sequence)
        if call.name not in _UNTOLD:
            role.sequence.append(f"{call.name} {calls.descriptor(call)}")
        injection = self._injection
        if injection is None:
            self._look(stop, role, ordinal, index)
            return
        injection.entered(call)
        if injection.tid and self._position < 0:
            self._position = index
            self._fired = str(call)

    def _ordinal(self, call: Call) -> tuple[str, int]:
        """The role of a call that is being entered, and which of that name it is there."""
        role = self._roles[call.tid]
        return role.name, role.counts.get(call.name, 0) + 1

    def _look(self, stop: SyscallEnter, role: Role, ordinal: int, index: int) -> None:
        """Remember a call that may fail, until its exit tells whether it has."""
        call = stop.call
        name = calls.name_in_table(call)
        role.seen = None
        # The first call is the execve(2) that starts the command: that is ours.
        if not faults.is_fallible(name) or self._calls == 1:
            return
        kind, about = calls.about(call, self.folder)
        if name in calls.GOING and calls.stays(call, about, self.folder):
            return
        begun = self._entries.begun(stop.tracee.process.pid)
        role.seen = calls.Seen(
            role.name,
            call.name,
            ordinal,
            index,
            name,
            kind,
            about,
            calls.descriptor(call),
            0,
            False,
            not begun,
            name == "close" and self._dirt.is_dirty(about),
            "",
        )

    def _exit(self, stop: SyscallExit) -> None:
        call = stop.call
        role = self._roles[stop.tid]
        injection = self._injection
        if injection is not None and injection.tid == stop.tid and not self._is_told:
            self._is_told = True
            self._fired = str(call)
            self._frames = self._stacks.take(stop.tracee)
        if call.name == "close":
            if self._closes.made(stop.tracee.process.pid, role.name, call):
                self._closing = self._stacks.take(stop.tracee)
        elif call.name.find("write") >= 0 and not call.failed:
            self._output += call.rval or 0
        if self.target is not None:
            self._count(call)
        elif role.seen is not None:
            self._remember(role.seen, call)
            role.seen = None

    def _count(self, call: Call) -> None:
        target = self.target
        if target is not None and call.name == target.seen.name and not call.failed:
            same = calls.about(call, self.folder) == (target.seen.kind, target.seen.about)
            self._successes += same

    def _remember(self, seen: calls.Seen, call: Call) -> None:
        made = calls.finished(seen, call, _TEXT)
        self._seen.append(made)
        if not call.failed:
            self._dirt.made(made, call, self.folder)

    # ------------------------------------------------------------------ the end

    def _outcome(self, seconds: float) -> Outcome:
        return Outcome(
            None if self._stuck and self._stuck != LEFT else self._status,
            self._stuck,
            [_where(role, call) for role, call in self._sitting],
            self._fired,
            self._position,
            self._roles.sequences(),
            sorted(self._kinds),
            self._dirt.settle(self._seen),
            self._successes,
            self._closes.doubles(),
            self._killed,
            self._calls,
            self._output,
            seconds,
        )


def _prepare(folder: str) -> None:
    """Set up this process, of which the command will inherit."""
    # Here already, so that a command that is only found there is found.
    os.chdir(folder)
    # The same addresses in every run.  A container may forbid it; they aren't compared.
    with suppress(PermissionError):
        kernel.personality(kernel.personality() | _ADDR_NO_RANDOMIZE)
    # Orphans of the command come to us, who end and reap them.
    kernel.prctl(k.PR_SET_CHILD_SUBREAPER, 1)
    # Crashes are expected.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _reap() -> None:
    """Reap what has come to us as an orphan, all of which is dead."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue
    except ChildProcessError:
        return


def _where(role: str, call: Call | None) -> str:
    """What a thread did when the run was ended."""
    if call is None:
        return f"thread {role} computes"
    return f"thread {role} is in {StraceText().enter(call)[:_TEXT].rstrip(', ')} ..."
