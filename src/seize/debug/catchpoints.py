"""Catchpoints: events that stop a program, and what has to be set for each."""

from __future__ import annotations

import re

from seize.abi._generated import ptrace as pt
from seize.abi.names import syscall_number
from seize.debug import reasons
from seize.debug.breakpoints import Breakpoint, Limits, Stopper
from seize.debug.hardware import HardwareRegisters
from seize.debug.libraries import LibraryHook
from seize.debug.signals import signal_number
from seize.debug.watchpoints import Watchpoint
from seize.errors import UsageError
from seize.stops import events

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.debug.debugger import Debugger
    from seize.debug.process import Process
    from seize.debug.thread import Thread
    from seize.symbols import Image

KINDS = ("syscall", "signal", "fork", "vfork", "clone", "exec", "exit", "thread", "load", "unload")


class Catchpoint(Stopper):
    """Stops for an event of one ``kind``; made by ``Debugger.catch``.

    ``names`` are those that it is restricted to: none means all.
    """

    def __init__(
        self,
        debugger: Debugger,
        number: int,
        kind: str,
        names: tuple[int | str, ...],
        limits: Limits,
    ) -> None:
        super().__init__(debugger, number, limits)
        if kind not in KINDS:
            raise UsageError(f"can't catch {kind!r}: {', '.join(KINDS)}")
        self.kind = kind
        self.names = names
        self._patterns: list[re.Pattern[str]] = []
        self._signals: frozenset[int] = frozenset()
        self._check()

    def _check(self) -> None:
        match self.kind:
            case "signal":
                self._signals = frozenset(signal_number(name) for name in self.names)
            case "load" | "unload":
                self._patterns = [_pattern(str(name)) for name in self.names]
            case "syscall":
                for name in self.names:
                    if isinstance(name, str) and not _is_call(name):
                        raise UsageError(f"there is no system call {name!r}")
            case _ if self.names:
                raise UsageError(f"catch {self.kind} takes no names")

    def enable(self) -> None:
        """Put it in force, and have the kernel tell of what it is for."""
        super().enable()
        self.debugger.catchpoints.refresh()

    def disable(self) -> None:
        """Take it out of force."""
        super().disable()
        self.debugger.catchpoints.refresh()

    def is_about_call(self, machine: str, name: str, number: int) -> bool:
        """Whether it is for a system call."""
        return not self.names or any(name == wanted or number == wanted for wanted in self.names)

    def is_about_signal(self, signal: int) -> bool:
        """Whether it is for a signal."""
        return not self._signals or signal in self._signals

    def is_about_images(self, images: tuple[Image, ...]) -> bool:
        """Whether it is for any of these images."""
        if not self._patterns:
            return bool(images)
        return any(pattern.search(image.path) for pattern in self._patterns for image in images)

    def __repr__(self) -> str:
        return f"<Catchpoint {self.number}: {' '.join((self.kind, *map(str, self.names)))}>"


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise UsageError(f"bad regular expression {text!r}: {error}") from None


def _is_call(name: str) -> bool:
    return any(syscall_number(machine, name) is not None for machine in ("x86_64", "i386"))


class Catchpoints:
    """All catchpoints of a debugger, the debug registers, and the dynamic linker's hook."""

    def __init__(self, debugger: Debugger) -> None:
        self._debugger = debugger
        self._hardware: dict[Process, HardwareRegisters] = {}
        self._hooks: dict[Process, LibraryHook] = {}

    def of_kind(self, kind: str, thread: Thread) -> Iterator[Catchpoint]:
        """The catchpoints of one kind that are in force for a thread's process."""
        for each in list(self._debugger.breakpoints.values()):
            if isinstance(each, Catchpoint) and each.kind == kind and each.is_for(thread.process):
                yield each

    def _wanted(self, kind: str) -> bool:
        return any(
            isinstance(each, Catchpoint) and each.kind == kind and each.enabled
            for each in self._debugger.breakpoints.values()
        )

    def take(self, kind: str, thread: Thread) -> Catchpoint | None:
        """The first catchpoint that wants a stop for an event; each counts it."""
        wanted = [each for each in self.of_kind(kind, thread) if each.reached(thread)]
        for each in wanted:
            self.spend(each)
        return wanted[0] if wanted else None

    def spend(self, stopper: Stopper) -> None:
        """Delete what was to stop only once."""
        if stopper.temporary:
            stopper.delete()

    # ------------------------------------------------------------------ what the kernel tells

    def refresh(self) -> None:
        """Have the kernel tell of system calls and of exits, if anybody wants them."""
        tracer = self._debugger.tracer
        operation = pt.PTRACE_SYSCALL if self._wanted("syscall") else pt.PTRACE_CONT
        options = tracer.options & ~pt.PTRACE_O_TRACEEXIT
        if self._wanted("exit"):
            options |= pt.PTRACE_O_TRACEEXIT
        if (operation, options) == (tracer.operation, tracer.options):
            return
        tracer.operation, tracer.options = operation, options
        control = self._debugger.control
        with control.stopping.paused(lambda: list(tracer.tracees.values())):
            for thread in self._debugger.threads:
                thread.tracee.operation = operation
                thread.tracee.set_options(tracer.options_for(thread.tracee))

    def prepare(self, thread: Thread) -> None:
        """A thread is new: set what the others have."""
        thread.tracee.operation = self._debugger.tracer.operation
        self.apply_hardware(thread)

    # ------------------------------------------------------------------ events

    def syscall(self, thread: Thread, event: events.SyscallStop) -> bool:
        """A system call is entered or returns; True if that is to be told."""
        call, machine = event.call, thread.process.machine.name
        for each in self.of_kind("syscall", thread):
            if each.is_about_call(machine, call.name, call.number) and each.reached(thread):
                entry = isinstance(event, events.SyscallEnter)
                self.spend(each)
                self._report(reasons.SyscallCaught(thread.process, thread, each, call, entry))
                return True
        return False

    def signalled(self, thread: Thread, event: events.SignalDelivery) -> bool:
        """A signal is about to be delivered; True if that is to be told."""
        for each in self.of_kind("signal", thread):
            if each.is_about_signal(event.signal) and each.reached(thread):
                self.spend(each)
                stop = reasons.SignalStop(thread.process, thread, event.signal, event.siginfo)
                if not self._debugger.signals.get(event.signal).passed:
                    thread.tracee.pending_signal = 0
                self._report(stop)
                return True
        return False

    def cloned(self, thread: Thread, child_tid: int) -> None:
        """A thread has made another."""
        caught = self.take("clone", thread)
        if caught is not None:
            self._report(reasons.CloneCaught(thread.process, thread, child_tid, caught))

    def exiting(self, thread: Thread, status: int) -> bool:
        """A thread is about to end; True if that is to be told."""
        caught = self.take("exit", thread)
        if caught is None:
            return False
        self._report(reasons.Exiting(thread.process, thread, status, caught))
        return True

    def thread_started(self, thread: Thread) -> bool:
        """A new thread is about to begin; True if that is to be told."""
        if self.take("thread", thread) is None:
            return False
        self._report(reasons.ThreadStarted(thread.process, thread))
        return True

    def thread_exited(self, thread: Thread, event: events.End) -> None:
        """A thread has ended, and its process goes on."""
        if self.take("thread", thread) is not None:
            status = event.status if isinstance(event, events.Exited) else 0
            word = status << 8
            if isinstance(event, events.Killed):
                word = event.signal | event.core << 7
            self._report(reasons.ThreadExited(thread.process, None, event.tid, word))

    def libraries(
        self, thread: Thread, loaded: tuple[Image, ...], unloaded: tuple[Image, ...]
    ) -> reasons.LibrariesChanged | None:
        """Images have come or gone; the reason to stop, if that is to be told."""
        for kind, images in (("load", loaded), ("unload", unloaded)):
            for each in self.of_kind(kind, thread):
                if each.is_about_images(images) and each.reached(thread):
                    self.spend(each)
                    return reasons.LibrariesChanged(thread.process, thread, loaded, unloaded, each)
        return None

    def _report(self, stop: reasons.DebugStop) -> None:
        self._debugger.control.report(stop)

    # ------------------------------------------------------------------ debug registers

    def hardware_registers(self, process: Process) -> HardwareRegisters:
        """What manages the debug registers of a process."""
        found = self._hardware.get(process)
        if found is None:
            found = self._hardware[process] = HardwareRegisters(process)
        return found

    def hardware(self, thread: Thread) -> bool:
        """A debug register has trapped: tell it, or go on; False if it is none of ours."""
        registers = self._hardware.get(thread.process)
        users = registers.trapped(thread) if registers is not None else []
        if not users:
            return False
        control = self._debugger.control
        if control.passing.settle(thread) and not self._tell(thread, users):
            control.go_on(thread)
        return True

    def watched(self, thread: Thread) -> bool:
        """Tell what the instruction that was just stepped has accessed, if it is watched.

        The kernel says of such a trap only that it was a step.
        """
        registers = self._hardware.get(thread.process)
        if registers is None or not registers.in_use:
            return False
        return self._tell(thread, registers.trapped(thread))

    def _tell(self, thread: Thread, users: list[Stopper]) -> bool:
        """Tell of the break- or watchpoints whose debug registers have trapped, if they want it."""
        hit = tuple(u for u in users if isinstance(u, Breakpoint) and u.reached(thread))
        if hit:
            for each in hit:
                self.spend(each)
            self._report(reasons.BreakpointHit(thread.process, thread, hit))
            return True
        for user in users:
            values = user.accessed(thread) if isinstance(user, Watchpoint) else None
            if values is not None and isinstance(user, Watchpoint):
                self.spend(user)
                self._report(reasons.WatchpointHit(thread.process, thread, user, *values))
        return any(stop.thread is thread for stop in self._debugger.control.pending)

    def forget(self, thread: Thread) -> None:
        """A thread is gone, or was let go."""
        registers = self._hardware.get(thread.process)
        if registers is not None:
            registers.forget(thread)

    def apply_hardware(self, thread: Thread) -> None:
        """Have the debug registers of a stopped thread watch what is to be watched."""
        registers = self._hardware.get(thread.process)
        if registers is not None:
            registers.apply(thread)

    def clear_hardware(self, thread: Thread) -> None:
        """Turn off the debug registers of a thread that is let go."""
        registers = self._hardware.get(thread.process)
        if registers is not None:
            registers.clear(thread)

    # ------------------------------------------------------------------ the dynamic linker

    def watch_libraries(self, process: Process) -> None:
        """Be told by the dynamic linker of a process, if anybody asks for its symbols."""
        waits = process.has_symbols or any(
            isinstance(each, Catchpoint) and each.kind in ("load", "unload")
            for each in self._debugger.breakpoints.values()
        )
        if waits and process not in self._hooks and process.followed:
            hook = LibraryHook.make(process)
            if hook is not None:
                self._hooks[process] = hook

    def renew(self, process: Process) -> None:
        """The process runs another program, or is gone: nothing is set in it any more."""
        self._hooks.pop(process, None)
        self._hardware.pop(process, None)
