"""A debugging session: processes, what they are to stop for, and the loop."""

from __future__ import annotations

from operator import attrgetter
from time import monotonic

from seize.abi._generated import ptrace as pt
from seize.debug import leaving, starting
from seize.debug.breakpoints import Breakpoint, Limits
from seize.debug.catchpoints import Catchpoint, Catchpoints
from seize.debug.control import Control
from seize.debug.signals import SignalTable
from seize.debug.stepping import InstructionStep, RangeStep
from seize.debug.watchpoints import Watchpoint
from seize.engine import Tracer
from seize.engine.tracee import RUNNING
from seize.engine.tracer import BASE_OPTIONS, FOLLOW_OPTIONS
from seize.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from re import Pattern
    from types import TracebackType
    from typing import Self, TypeAlias

    from seize.debug.process import Process
    from seize.debug.reasons import DebugStop
    from seize.debug.stepping import Plan
    from seize.debug.thread import Thread
    from seize.engine.launch import Identity, Stream
    from seize.symbols import ImageCache

    Place: TypeAlias = int | str | Pattern[str]
    Condition: TypeAlias = Callable[[Thread], object] | str
    Callback: TypeAlias = Callable[[Thread, Breakpoint], object]

_told = attrgetter("told")
FOLLOW = ("parent", "child", "both")


class Debugger:
    """Debugs processes; belongs to the OS thread that made it, as a ``Tracer`` does.

    >>> with Debugger() as debugger:
    ...     process = debugger.spawn(["./server"])
    ...     debugger.breakpoint("handle_request", condition=lambda t: t.registers.rdi == 0)
    ...     while stop := debugger.run():
    ...         print(stop)

    In all-stop, when one thread stops for a reason that is told, all others are stopped too;
    with ``non_stop`` they go on.  ``follow`` tells which side of a fork(2) or vfork(2) stays
    debugged: "parent", "child" or "both".  ``signals`` says which signals stop a program and
    which are passed on.  ``breakpoints`` has break-, watch- and catchpoints by number.

    Displaced instructions are executed out of line, in memory that is mapped in the program for
    the time; without ``out_of_line`` by a single step, while all other threads are stopped.

    ``placement`` is the tracer's: "auto" makes frequent stops cheaper; "off" is for who has to
    answer at once although the program uses all processors.

    At the end, spawned processes are killed, with their followed children, and attached ones let
    go as they were found.
    """

    def __init__(
        self,
        *,
        non_stop: bool = False,
        follow: str = "parent",
        out_of_line: bool = True,
        placement: str = "auto",
    ) -> None:
        self._follow = "parent"
        self.follow = follow
        self.non_stop = non_stop
        self.out_of_line = out_of_line
        options = BASE_OPTIONS | FOLLOW_OPTIONS | pt.PTRACE_O_TRACEVFORKDONE
        self.tracer = Tracer(syscalls=False, options=options, placement=placement)
        self.processes: dict[int, Process] = {}
        self.breakpoints: dict[int, Breakpoint | Watchpoint | Catchpoint] = {}
        self.catchpoints = Catchpoints(self)
        self.signals = SignalTable()
        self.last_thread: Thread | None = None
        self.control = Control(self)
        self._images: ImageCache | None = None
        self._number = 0
        self._closed = False

    @property
    def follow(self) -> str:
        """Which side of a fork stays debugged: "parent", "child" or "both"."""
        return self._follow

    @follow.setter
    def follow(self, choice: str) -> None:
        if choice not in FOLLOW:
            raise UsageError(f"can't follow {choice!r} of a fork: parent, child or both")
        self._follow = choice

    @property
    def images(self) -> ImageCache:
        """The files that were read, shared by all processes."""
        if self._images is None:
            from seize.symbols import ImageCache

            self._images = ImageCache()
        return self._images

    # ------------------------------------------------------------------ starting

    def spawn(
        self,
        argv: list[str] | tuple[str, ...],
        *,
        executable: str | None = None,
        env: dict[str, str] | None = None,
        cwd: str | None = None,
        user: str | int | Identity | None = None,
        stdin: Stream = None,
        stdout: Stream = None,
        stderr: Stream = None,
        aslr: bool = True,
    ) -> Process:
        """Start a command; it is stopped before the first instruction of its program.

        Without ``aslr`` its addresses are the same in every run (ADDR_NO_RANDOMIZE).
        ``LaunchError`` if it can't be started.
        """
        with starting.address_layout(random=aslr):
            traced = self.tracer.spawn(
                argv,
                executable=executable,
                env=env,
                cwd=cwd,
                user=user,
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
            )
        return starting.await_exec(self.control, traced, argv[0])

    def attach(self, pid: int) -> Process:
        """Attach to all threads of a process and stop them.

        ``AccessDenied`` with the reasons, or ``TraceeGone`` if there is no such process.
        """
        return starting.await_stop(self.control, self.tracer.attach(pid))

    # ------------------------------------------------------------------ what to stop for

    def breakpoint(
        self,
        where: Place,
        *,
        condition: Condition | None = None,
        callback: Callback | None = None,
        ignore: int = 0,
        temporary: bool = False,
        process: Process | None = None,
        thread: Thread | None = None,
        hardware: bool = False,
        internal: bool = False,
    ) -> Breakpoint:
        """Stop where a thread comes to a place.

        ``where`` is an address, a function ("main", "ns::f(int)"), "file.c:12", "main+4",
        "*0x401136", or a compiled regular expression, for all functions that it is found in.
        A name that isn't there yet is looked for again whenever libraries are loaded; in the
        meantime the breakpoint is ``pending``.

        ``condition`` is called with the thread, or is a Python expression with the names of
        registers and variables, ``thread``, ``frame`` and ``process``: nothing happens unless
        it is true.  ``ignore`` hits don't stop.  ``callback`` is called for the others, with the
        thread and the breakpoint; if it returns False, the program goes on.  ``temporary``: it
        is deleted when it has stopped a thread.  ``process`` and ``thread`` restrict it.
        ``hardware``: by a debug register, of which there are four; no instruction is changed.
        """
        limits = Limits(condition, callback, ignore, temporary, process, thread)
        number = self._next_number(internal=internal)
        made = Breakpoint(self, number, where, limits, hardware=hardware)
        self._put_in_force(made)
        return made

    def watch(
        self,
        where: int | str,
        *,
        size: int | None = None,
        kind: str = "write",
        condition: Condition | None = None,
        callback: Callable[[Thread, Watchpoint], object] | None = None,
        ignore: int = 0,
        temporary: bool = False,
        process: Process | None = None,
        thread: Thread | None = None,
    ) -> Watchpoint:
        """Stop after memory was accessed, by debug registers: in each thread, at full speed.

        ``where`` is an address (of ``size`` bytes, a word if that isn't told) or a C expression
        in the innermost frame of ``process``'s thread.  ``kind`` is "write" (told only if the
        bytes have changed) or "access" (reads too).  The rest is as for breakpoints.
        ``UsageError`` if the processor has no registers left for it.
        """
        limits = Limits(condition, callback, ignore, temporary, process, thread)
        made = Watchpoint(self, self._next_number(), where, limits, size=size, kind=kind)
        self._put_in_force(made)
        return made

    def catch(
        self,
        kind: str,
        *names: int | str,
        condition: Condition | None = None,
        callback: Callable[[Thread, Catchpoint], object] | None = None,
        ignore: int = 0,
        temporary: bool = False,
        process: Process | None = None,
    ) -> Catchpoint:
        """Stop for an event: "syscall", "signal", "fork", "vfork", "clone", "exec", "exit",
        "thread", "load" or "unload".

        ``names`` restrict it: system calls or signals by name or number, libraries by a regular
        expression.  The rest is as for breakpoints.
        """
        limits = Limits(condition, callback, ignore, temporary, process)
        made = Catchpoint(self, self._next_number(), kind, names, limits)
        self._put_in_force(made)
        return made

    def _put_in_force(self, made: Breakpoint | Watchpoint | Catchpoint) -> None:
        self.breakpoints[made.number] = made
        try:
            made.enable()
        except BaseException:
            # It may be in force in some places already.
            made.delete()
            raise
        for process in self.processes.values():
            self.catchpoints.watch_libraries(process)

    def _next_number(self, *, internal: bool = False) -> int:
        if internal:
            # Below zero, as gdb has it: they aren't the user's.
            return min((0, *self.breakpoints)) - 1
        self._number += 1
        return self._number

    # ------------------------------------------------------------------ running

    @property
    def threads(self) -> list[Thread]:
        """All debugged threads."""
        return [each for process in self.processes.values() for each in process.threads.values()]

    @property
    def running(self) -> bool:
        """Whether ``wait`` has anything to wait for: a thread that runs, or a reason untold."""
        return (
            self.control.has_news
            or any(thread.resumed or thread.tracee.state == RUNNING for thread in self.threads)
            or self.control.stopping.awaits_end
            or self.control.awaits_births
        )

    def resume(
        self,
        target: Process | Thread | None = None,
        *,
        step: bool = False,
        signal: int | None = None,
        range: tuple[int, int] | None = None,
        every_signal: bool = False,
    ) -> None:
        """Let a thread, a process or everything run, without waiting.

        ``signal`` is delivered to it (0: none) in the place of what is pending.  ``step``: one
        instruction; ``range``: until its program counter is outside of these addresses; with
        ``every_signal``, signals end that which otherwise wouldn't stop, before they lead into a
        handler.  May be called for several threads before ``wait``.
        """
        # Who was told longest ago goes first, or others would stop it each time before it can hit.
        for thread in sorted(self.control.targets(target), key=_told):
            if signal is not None and thread.stopped and not self.control.is_untold(thread):
                thread.inject(signal)
            plan: Plan | None = None
            if range is not None:
                plan = RangeStep(thread, *range)
            elif step:
                plan = InstructionStep(thread)
            if plan is not None:
                plan.every_signal = every_signal
            self.control.release(thread, plan)

    def carry_out(self, thread: Thread, plan: Plan) -> None:
        """Let ``thread`` do what was planned; in all-stop, all others run meanwhile."""
        if not self.non_stop:
            for other in self.control.targets(None):
                if other is not thread:
                    self.control.release(other, None)
        self.control.release(thread, plan)

    def wait(self, timeout: float | None = None) -> DebugStop | None:
        """Wait for the next reason to stop; in all-stop, everything is stopped then.

        None after ``timeout`` seconds, when it was woken by ``wake``, or when nothing runs.
        """
        until = None if timeout is None else monotonic() + timeout
        return self.control.wait(until)

    def run(self, timeout: float | None = None) -> DebugStop | None:
        """Resume everything, and wait."""
        self.resume()
        return self.wait(timeout)

    def wake(self) -> None:
        """Make ``wait`` return None; from any OS thread or signal handler."""
        self.tracer.wake()

    def interrupt(self, target: Process | Thread | None = None) -> None:
        """Stop it, or everything: ``wait`` will tell ``Interrupted``.

        From another OS thread or a signal handler too.
        """
        self.control.interrupt(target)

    # ------------------------------------------------------------------ ending

    def detach(self, process: Process | None = None, *, signal: int | None = None) -> None:
        """Let a process, or all, go as it was found, and deliver ``signal``."""
        for each in [process] if process is not None else list(self.processes.values()):
            leaving.detach(self.control, each, signal)

    def kill(self, process: Process | None = None) -> None:
        """Kill a process, or all, and see it dead."""
        for each in [process] if process is not None else list(self.processes.values()):
            leaving.kill(self.control, each)

    def close(self, *, recover: bool = False) -> None:
        """Kill what was spawned, and let go the rest; ``recover`` as for ``Tracer.close``."""
        if self._closed:
            return
        self._closed = True
        try:
            if recover:
                leaving.recover(self.control)
            for process in list(self.processes.values()):
                if process.spawned:
                    leaving.kill(self.control, process)
                else:
                    leaving.detach(self.control, process, None)
        finally:
            self.tracer.close(recover=recover)
            if self._images is not None:
                self._images.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close(recover=kind is not None)
