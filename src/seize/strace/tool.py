"""``seize trace``: run the event loop, and print what it hands out."""

from __future__ import annotations

import os
import signal as signals
import sys

from seize import kernel
from seize.arch import native
from seize.decode import Decoder
from seize.decode.render.strace import StraceText
from seize.engine import EXECVE_NAMES, machine_name, stack_pointer
from seize.errors import LaunchError, PtraceError
from seize.stops import (
    Event,
    EventStop,
    Exec,
    Exited,
    GroupStop,
    Killed,
    NewChild,
    SignalDelivery,
    SyscallEnter,
    SyscallExit,
)
from seize.strace import starting
from seize.strace.netlink import Netlink
from seize.strace.output import OutputError, complain, open_output
from seize.strace.printer import Printer, signals_of
from seize.strace.selection import decoder_for, is_percall, printer_class, status_of
from seize.strace.unwanted import UnwantedCall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeAlias

    from seize.decode.values import Value
    from seize.engine import Process, Tracee
    from seize.engine.launch import Waiting
    from seize.engine.protocols import CallDecoder
    from seize.strace.jsonlines import JsonLines
    from seize.strace.pids import PidDecoder
    from seize.strace.separate import Separate
    from seize.strace.settings import Settings
    from seize.strace.stacktrace import LiveStacks
    from seize.tampering import Tampering

    AnyPrinter: TypeAlias = Printer | JsonLines | Separate

_BITS = {"x86_64": 64, "i386": 32, "aarch64": 64}


class LimitReached(Exception):
    """As many calls as were asked for have been shown."""


def trace(settings: Settings) -> int:
    """Trace as ``settings`` say; return the exit status for our own process.

    That is the command's own status.  A command killed by a signal, and an interrupt, end this
    process by the same signal.  Raises SeizeError for what can't be done.
    """
    waiting = starting.exchange(settings) if settings.daemonize else None
    tool = Tool(settings)
    try:
        tool.start(waiting)
        tool.loop()
    finally:
        tool.finish()
    return tool.exit_status()


def decoder_of(settings: Settings) -> Decoder:
    """The decoder that the settings ask for."""
    netlink = Netlink()
    options: dict[str, Any] = {
        "netlink_protocol": netlink.protocol,
        "netlink_family": netlink.family,
        "anonymous_inode": anonymous_inode,
        "string_limit": settings.string_limit,
        "verbose": settings.verbose,
        "stack_pointer": stack_pointer,
    }
    if settings.decode_fds:
        from seize.strace.descriptors import Descriptors

        descriptors = Descriptors(settings.decode_fds)
        options["fd_paths"] = descriptors.path
        if settings.decode_fds != {"path"}:
            options["fd_details"] = descriptors.details
    return decoder_for(settings, options)


def anonymous_inode(tid: int, fd: int) -> str | None:
    """What a descriptor without a file is: ``bpf-map`` of ``anon_inode:bpf-map``."""
    try:
        kind, _, name = os.readlink(f"/proc/{tid}/fd/{fd}").partition(":")
    except OSError:
        return None
    return name if kind == "anon_inode" else None


def text_of(settings: Settings) -> StraceText:
    """The renderer that the settings ask for."""
    make = StraceText
    if settings.color == "always" or (settings.color == "auto" and _is_colourful(settings)):
        from seize.strace.colour import ColourText

        make = ColourText
    if is_percall(settings):
        from seize.strace.percall import text_class

        make = text_class(make)
    return make(
        verbose=settings.verbose,
        string_limit=settings.string_limit,
        strings=settings.strings,
        constants=settings.constants,
        names=settings.argument_names,
    )


def _is_colourful(settings: Settings) -> bool:
    """Whether the trace goes to a terminal whose user hasn't asked for plain text."""
    if settings.output is not None or sys.stderr is None or not sys.stderr.isatty():
        return False
    from seize.strace.colour import is_colourful

    return is_colourful(os.environ)


class Tool:
    """One run of ``seize trace``."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        if settings.user is not None:
            # Nothing is written for a command that can't be run.
            starting.user_of(settings)
        self.output = open_output(settings)
        self.decoder = decoder_of(settings)
        usage = kernel.Usage() if settings.summary else None
        shown: CallDecoder = self.decoder
        self.pids: PidDecoder | None = None
        if settings.decode_pids or settings.namespace or settings.secontext:
            from seize.strace.lookups import looked_up

            shown, self.pids = looked_up(settings, self.decoder)
        tampering = self._tampering()
        self.tracer = starting.tracer_of(settings, self.decoder, tampering, usage, shown)
        self._is_filtered = self.tracer.filter is not None
        self.stacks = self._stacks()
        self.summary = None
        if usage is not None:
            from seize.strace.summary import Summary

            self.summary = Summary(settings, lambda: usage.system_time)
        self.debug = None
        if settings.debug:
            from seize.strace.debug import Debug

            self.debug = Debug(settings, self.tracer)
        self.printer = self._printer()
        self.command: Process | None = None
        self.command_status = 0
        self._started = False
        self.interrupted: list[int] = []
        self.launch_failed: LaunchError | None = None
        # As with strace: no word about attaching where a command's trace goes to a file.
        silent = settings.output is not None and bool(settings.command) and not settings.attach
        self.quiet = settings.quiet | (frozenset(("attach", "personality")) if silent else set())
        self._arch_names: dict[Process, str] = {}
        self._signals = signals_of(settings)
        self._calls_left = settings.syscall_limit or 0

    def _tampering(self) -> Tampering | None:
        if not self.settings.inject:
            return None
        from seize.strace.injection import tampering_of

        return tampering_of(self.settings, self.message)

    def _stacks(self) -> LiveStacks | None:
        if not self.settings.stack_trace:
            return None
        from seize.strace.stacktrace import LiveStacks

        return LiveStacks(self.settings)

    def _printer(self) -> AnyPrinter:
        settings = self.settings
        if settings.separately and settings.output is not None:
            from seize.strace.separate import Separate

            return Separate(settings, text_of(settings), self.stacks)
        if settings.summary == "only":
            from seize.strace.silent import silent_printer

            return silent_printer(self.output, text_of(settings), settings, self.tracer.tracees)
        if settings.format == "json":
            from seize.strace.jsonlines import JsonLines

            return JsonLines(self.output, settings, self.stacks)
        text = text_of(settings)
        return printer_class(settings)(
            self.output, text, settings, self.tracer.tracees, self.stacks
        )

    def comes_or_goes(self, word: str, tids: Iterable[int], pid: int | None, text: str) -> None:
        """Tell that threads are traced from now on, or no more: in the trace if it is JSON."""
        if word == "attached" and self.settings.separately:
            for tid in tids:
                self.printer.begins(tid)
        if "attach" in self.quiet:
            return
        if self.settings.format != "json":
            self.message(text)
        elif not isinstance(self.printer, Printer):
            for tid in tids:
                self.printer.comes_or_goes(word, tid, pid)

    def message(self, text: str) -> None:
        """Tell the user something that isn't part of the trace."""
        complain(f"{self.settings.name}: {text}\n")

    # ------------------------------------------------------------------ the run

    def start(self, waiting: Waiting | None = None) -> None:
        """Attach to the processes and start the command (or let the one that waits begin)."""
        starting.start(self, waiting)
        if self.command is not None and self.settings.separately:
            try:
                self.printer.begins(self.command.pid)
            except OutputError:
                # It hasn't begun, and mustn't run unseen.
                os.kill(self.command.pid, signals.SIGKILL)
                raise

    def loop(self) -> None:
        """Print events until nothing is traced any more, or a signal interrupts us."""
        handlers: dict[type[Event], Callable[[Any], None]] = {
            SyscallEnter: self._enter,
            SyscallExit: self._exit,
            SignalDelivery: self._signal,
            GroupStop: self._group_stop,
            EventStop: self._ignore,
            Exec: self._exec,
            Exited: self._exited,
            Killed: self._killed,
        }
        if self.settings.syscall_limit is not None:
            handlers[SyscallExit] = self._count
        if self.settings.kvm:
            from seize.strace import kvm

            handlers[SyscallExit] = kvm.watching(handlers[SyscallExit])
        ignore = self._ignore
        events: Iterable[Event] = self.tracer
        if self.debug is not None:
            events = self.debug.events(iter(events))
        try:
            for event in events:
                if self.interrupted:
                    break
                handlers.get(type(event), ignore)(event)
        except LaunchError as error:
            self.launch_failed = error
        except LimitReached:
            return

    def finish(self) -> None:
        """Let everything go, as it was found; end an interrupted command."""
        try:
            starting.farewell(self)
        finally:
            self.tracer.close()
            self._close()

    def _close(self) -> None:
        """Tell what was counted, and end the output."""
        try:
            if self.summary is not None:
                self.printer.summary(self.summary)
        finally:
            self.printer.close()
            self.output.close()
            if self.settings.tips is not None:
                from seize.strace.tips import tip

                complain(tip(*self.settings.tips))
            if self.stacks is not None:
                self.stacks.close()

    def detached(self, tracee: Tracee) -> None:
        """Tell that a thread is traced no more."""
        tid = tracee.tid
        if not isinstance(self.printer, Printer):
            self.printer.detached(tracee)
        self.comes_or_goes("detached", [tid], tracee.process.pid, f"Process {tid} detached")
        if isinstance(self.printer, Printer):
            # As with strace: the message breaks the line of a call that goes on.
            self.printer.detached(tracee)

    def exit_status(self) -> int:
        """Return the status to exit with, or die by the signal to pass on."""
        if self.launch_failed is not None:
            raise self.launch_failed
        signum = self.interrupted[0] if self.interrupted else self.command_status >> 8
        if signum:
            die_by(signum)
            # Still alive: as the first process of a pid namespace.
            return 128 + signum
        return self.command_status & 0xFF

    # ------------------------------------------------------------------ events

    def _enter(self, stop: SyscallEnter) -> None:
        call = stop.call
        if call.arch_name != self._arch_names.get(stop.tracee.process):
            self._personality(stop.tracee, call.arch_name)
        if type(call) is not UnwantedCall:
            if self.summary is not None:
                self.summary.begin(stop.tracee)
            self.printer.enter(stop.tracee, call)
        elif self.settings.syscall_number:
            self.printer.passed(stop.tracee, call)

    def _exit(self, stop: SyscallExit) -> None:
        if self.stacks is not None:
            self.stacks.watch(stop.tracee, stop.call)
        if type(stop.call) is not UnwantedCall:
            if self.summary is not None and status_of(stop.call) in self.settings.status:
                self.summary.count(stop.tracee, stop.call)
            self.printer.exit(stop.tracee, stop.call)
        if self._is_filtered and stop.call.name in EXECVE_NAMES:
            self._program_began(stop.tracee)

    def _count(self, stop: SyscallExit) -> None:
        """Print a call that is over, and end the trace after the last one that is asked for."""
        self._exit(stop)
        call = stop.call
        if type(call) is not UnwantedCall and status_of(call) in self.settings.status:
            self._calls_left -= 1
            if self._calls_left <= 0:
                raise LimitReached

    def _program_began(self, tracee: Tracee) -> None:
        """Look what a program is whose next calls may go unseen."""
        try:
            name = machine_name(tracee.tid)
        except PtraceError:
            return
        if name != self._arch_names.get(tracee.process):
            self._personality(tracee, name)

    def _personality(self, tracee: Tracee, name: str) -> None:
        """Tell that a process runs in another mode than it did, or than its parent does."""
        process: Process | None = tracee.process
        before = None
        while process is not None and before is None:
            before = self._arch_names.get(process)
            process = self.tracer.processes.get(process.parent_pid)
        self._arch_names[tracee.process] = name
        if name != (before or native().name) and "personality" not in self.quiet:
            self.printer.personality(tracee, name, _BITS[name])

    def _signal(self, stop: SignalDelivery) -> None:
        if self._signals is not None and stop.signal not in self._signals:
            return
        from seize.decode.kinds.siginfo import siginfo

        info: Value = siginfo(stop.siginfo.raw)
        if self.pids is not None:
            info = self.pids.value(stop.tid, info)
        self.printer.signal(stop.tracee, stop.signal, info)

    def _group_stop(self, stop: GroupStop) -> None:
        if self._signals is None or stop.signal in self._signals:
            self.printer.stopped(stop.tracee, stop.signal)

    def _ignore(self, event: Event) -> None:
        if isinstance(event, NewChild):
            tid = event.child_tid
            child = self.tracer.tracees.get(tid)
            pid = None if child is None else child.process.pid
            self.comes_or_goes("attached", [tid], pid, f"Process {tid} attached")

    def _exec(self, stop: Exec) -> None:
        if stop.former_tid != stop.tid:
            call = stop.superseded_call
            shown = None if type(call) is UnwantedCall else call
            self.printer.superseded(stop.tracee, stop.former_tid, shown)
        if "execve" in self.settings.detach_on and not self._is_first_execve(stop.tracee):
            self.detached(stop.tracee)
            self.tracer.detach(stop.tracee)

    def _is_first_execve(self, tracee: Tracee) -> bool:
        """Whether this is the execve by which the command began."""
        if self._started or tracee.process is not self.command:
            return False
        self._started = True
        return True

    def _exited(self, event: Exited) -> None:
        self._forget(event.tracee)
        if self.command is not None and event.tid == self.command.pid:
            self.command_status = event.status
        self.printer.exited(event.tracee, event.status)

    def _forget(self, tracee: Tracee) -> None:
        if self.summary is not None:
            self.summary.forget(tracee)
        if not tracee.process.alive:
            self._arch_names.pop(tracee.process, None)

    def _killed(self, event: Killed) -> None:
        self._forget(event.tracee)
        if self.command is not None and event.tid == self.command.pid:
            self.command_status = event.signal << 8
        self.printer.killed(event.tracee, event.signal, event.core)


def die_by(signum: int) -> None:
    """End this process by a signal, without a core file of our own; it returns if that fails."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Not among the valid ones are those that the C library keeps for itself.
    if signum in signals.valid_signals() - {signals.SIGKILL, signals.SIGSTOP}:
        signals.signal(signum, signals.SIG_DFL)
        signals.pthread_sigmask(signals.SIG_UNBLOCK, (signum,))
    os.kill(os.getpid(), signum)
