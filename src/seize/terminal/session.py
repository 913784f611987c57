"""One session of the debugger: what is debugged, what is selected, and what a line does."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from seize.debug import Debugger, ProcessExited, WatchpointHit
from seize.errors import SeizeError
from seize.terminal import locating, python, reports, table
from seize.terminal.examine import Cursor
from seize.terminal.options import Options
from seize.terminal.points import Book
from seize.terminal.selection import Selection
from seize.terminal.sources import Listing, Sources
from seize.terminal.starting import Program
from seize.terminal.table import CommandError
from seize.terminal.tty import JobControl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from seize.debug import Process, Thread
    from seize.debug.reasons import DebugStop
    from seize.symbols import Frame, Value
    from seize.terminal.console import Console
    from seize.terminal.display import Display
    from seize.terminal.points import Point
    from seize.terminal.settings import Settings

PROMPT = "(seize) "
INTERRUPT = "\x03"
"""What stands for a line that a person has given up by Ctrl-C."""
_LONGEST = 4096
_DEEPEST = 50
"""How deep scripts may source scripts."""


class Quit(Exception):
    """The session is to end, with this exit status."""

    def __init__(self, status: int = 0) -> None:
        self.status = status
        super().__init__(f"quit {status}")


class Session:
    """A debugger with a selected thread and frame, values by number, and commands."""

    def __init__(self, settings: Settings, console: Console) -> None:
        self.settings = settings
        self.console = console
        self.options = Options(settings)
        self.debugger = Debugger(non_stop=settings.non_stop)
        self.selection = Selection()
        self.terminal = JobControl(wanted=not settings.json)
        self.sources = Sources()
        self.listing = Listing()
        self.values: list[Any] = []
        """The value history: ``$1`` is the first."""
        self.variables: dict[str, Any] = {}
        """Convenience variables: ``$name``."""
        self.names = python.namespace(self)
        """What Python sees."""
        self.program = Program(settings)
        self.book = Book()
        self.cursor = Cursor()
        self.displays: list[Display] = []
        self.display_count = 0
        self.input: Iterator[str] = iter(())
        """Where the lines of a block (``commands`` … ``end``) come from."""
        self.prompt = PROMPT
        self.interactive = False
        """Whether a person types: then what is dangerous is asked, and more is said."""
        self.failed = False
        """Whether a command has failed."""
        self.stop: DebugStop | None = None
        """What was reported last."""
        self.interrupted = False
        """Whether Ctrl-C was pressed since the program was let run."""
        self.is_running = False
        """Whether we wait for the program: then Ctrl-C is for it."""
        self.is_prompting = False
        """Whether a line is being typed: Ctrl-C is a key then."""
        self.finishing: Value | None = None
        """The function that ``finish`` waits for, if its type is known."""
        self.layout = "off"
        """Which panes are shown: src, asm, regs, split or off."""
        self.has_screen = False
        """Whether there is a terminal for panes."""
        self._actions: list[str] = []
        self._depth = 0
        self._place: int | None = None
        """The program counter of the thread that was told of last."""
        self._last: Thread | None = None
        """The thread that stopped last, when that was looked at last."""

    # ------------------------------------------------------------ what is selected

    @property
    def process(self) -> Process:
        """The selected process; CommandError if there is none."""
        return self.selection.process()

    @property
    def thread(self) -> Thread:
        """The selected thread; CommandError if there is none, or it runs."""
        return self.selection.thread()

    @property
    def frame(self) -> Frame:
        """The selected frame; CommandError if there is no stack."""
        return self.selection.frame()

    # ------------------------------------------------------------ lines

    def execute(self, line: str) -> bool:
        """Do what one line says, and then the commands of the breakpoint that it ran into.

        Return whether all went well; what did not has been told.
        """
        good = self.attempt(line)
        return self._follow() and good

    def tell(self, stop: DebugStop) -> None:
        """Report a stop of a program that runs in the background, and do what follows from it."""
        self.report(stop)
        self._follow()

    def _follow(self) -> bool:
        """Do the commands of the breakpoint that was hit."""
        good = True
        while self._actions:
            good = self.attempt(self._actions.pop(0)) and good
        return good

    def attempt(self, line: str) -> bool:
        """Do what one line says; tell its errors and return False if it fails."""
        try:
            data = self.run_line(line)
        except (Quit, BrokenPipeError):
            # BrokenPipeError: whoever read what we write has gone, there's nobody to go on for.
            raise
        except (SeizeError, OSError) as error:
            self.fail(str(error), line)
            return False
        except KeyboardInterrupt:
            # What the breakpoint's commands would have done next isn't wanted either.
            self._actions.clear()
            self.fail("Quit", line)
            return False
        except Exception as error:  # noqa: BLE001 (a mistake of ours mustn't cost the session)
            place = python.last_step(error)
            self.fail(f"Internal error at {place}: {type(error).__name__}: {error}", line)
            return False
        if self.console.json and line.strip():
            text = self.console.collected()
            self.console.emit("result", command=line.strip(), text=text, data=data)
        return True

    def fail(self, message: str, line: str = "") -> None:
        """Tell an error, in text or as an object."""
        self.failed = True
        if self.console.json:
            text = self.console.collected()
            self.console.emit("error", command=line.strip(), message=message, text=text)
        else:
            self.console.complain(message)

    def run_line(self, line: str) -> Any:
        """Do what one line says; raise what it raises; return what JSON is to have of it."""
        line = line.strip()
        if len(line) > _LONGEST:
            raise CommandError(f"A line may have {_LONGEST} characters at most.")
        if not line or line.startswith("#"):
            return None
        if line.startswith("!"):
            return python.run(self, line[1:].strip())
        if python.looks_like(line, self.names):
            return python.run(self, line)
        found = table.find(line)
        if found is None:
            return python.run(self, line)
        entry, argument = found
        return entry.function(self, argument)

    def source(self, path: str) -> None:
        """Do what the lines of a file say; stop at the first that fails, as gdb does.

        Raises CommandError with the line's number.  A file that ends in .py is Python.
        """
        path = os.path.expanduser(path)
        try:
            with open(path, encoding="utf-8", errors="surrogateescape") as file:
                text = file.read()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}.") from None
        if path.endswith(".py"):
            python.execute(self, text, path)
            return
        if self._depth >= _DEEPEST:
            raise CommandError(f"{path}: scripts are sourced too deeply")
        lines = Lines(text.splitlines())
        before, self.input = self.input, lines
        self._depth += 1
        try:
            for line in lines:
                if not self.execute(line):
                    raise CommandError(f"{path}:{lines.number}: Error in sourced command file.")
        finally:
            self._depth -= 1
            self.input = before

    def block(self, what: str = "") -> list[str]:
        """The lines up to ``end`` of what is being read: the body of a command.

        A person is asked for ``what``.
        """
        if self.interactive and what:
            self.console.say(f'{what}, one per line.\nEnd with a line saying just "end".')
        body: list[str] = []
        before, self.prompt = self.prompt, ">"
        try:
            for line in self.input:
                if line == INTERRUPT:
                    raise KeyboardInterrupt
                if line.strip() == "end":
                    break
                body.append(line)
        finally:
            self.prompt = before
        return body

    # ------------------------------------------------------------ running

    def run_until_stop(
        self, action: Callable[[], DebugStop | None], *, steps: bool = False
    ) -> DebugStop | None:
        """Let the program run by ``action``, which waits, and report where it stops.

        ``steps``: it runs only a little, so that other threads may stand still meanwhile.
        """
        if self.program.is_core:
            raise CommandError("This is a core file, which can't run.")
        self.program.fresh = None
        self.interrupted = False
        self.selection.forget()
        self.is_running = True
        self._leave_place()
        try:
            with self.terminal.lent(self.selection.current), self._locked(steps):
                stop = action()
                while (stop is None and self.debugger.running) or self._is_write(stop):
                    if self.interrupted:
                        self.interrupted = False
                        self.debugger.interrupt()
                    stop = self.debugger.run() if stop is not None else self.debugger.wait()
        finally:
            self.is_running = False
        if stop is not None:
            self.report(stop)
        return stop

    def _leave_place(self) -> None:
        """Let the thread that was told to be somewhere not hit what was set there since.

        It is there already: it doesn't come there.
        """
        thread = self.debugger.last_thread
        if thread is None or not thread.stopped or thread.stop is None:
            return
        if thread.stop is self.stop and thread.at is None and self._place == thread.pc:
            thread.at = thread.pc

    def _is_write(self, stop: DebugStop | None) -> bool:
        """Whether it is a write to what is watched for reading alone."""
        if not isinstance(stop, WatchpointHit):
            return False
        return stop.watchpoint.number in self.book.reads and stop.old != stop.new

    @contextmanager
    def _locked(self, steps: bool) -> Iterator[None]:
        """Let nothing else run with a thread that steps, if ``scheduler-locking`` says so."""
        before = self.debugger.non_stop
        if steps and self.options["scheduler-locking"] != "off":
            # Without all-stop, nobody else is resumed with it; the others are stopped already.
            self.debugger.non_stop = True
        try:
            yield
        finally:
            self.debugger.non_stop = before

    def report(self, stop: DebugStop) -> None:
        """Select the thread that stopped, tell why, and note the commands that follow from it."""
        self.stop = stop
        self._last = stop.thread
        self._place = None if stop.thread is None else stop.thread.pc
        if isinstance(stop, ProcessExited):
            self.variables["_exitcode"] = stop.status
        before, self.selection.place = self.selection.place, None
        self.selection.select_stop(stop)
        lines = reports.actions(self, stop)
        silent = bool(lines) and lines[0].strip() == "silent"
        self._actions = lines[1:] if silent else lines
        if not silent:
            reports.tell(self, stop, before)
        if self.console.json:
            text = self.console.collected()
            self.console.emit("stop", **reports.record(self, stop), text=text)

    def changed(self) -> None:
        """Forget what was read of the program: it has been changed."""
        self.selection.refresh()

    def catch_up(self) -> None:
        """Select what is there after Python has had the debugger in its hands."""
        self.changed()
        if self.program.is_core:
            return
        fresh = self.program.fresh
        if fresh is not None and any(one.stop is not None for one in fresh.threads.values()):
            self.program.fresh = None
        last, current = self.debugger.last_thread, self.selection.current
        if last is not None and last.alive and last is not self._last:
            self.selection.number(last.process)
            self.selection.choose(last)
        elif current is None or current.exited is not None:
            self.selection.choose_process(next(iter(self.debugger.processes.values()), None))
        self._last = last

    # ------------------------------------------------------------ values

    def remember(self, value: Any) -> int:
        """Add a value to the history; return its number."""
        self.values.append(value)
        self.variables["_"] = value
        return len(self.values)

    def symbol_name(self, address: int) -> str:
        """The symbol of an address: ``<main+4>``; "" if there is none."""
        return locating.symbol_name(self, address)

    @property
    def points(self) -> list[Point]:
        """Break-, watch- and catchpoints by number, without those of the debugger's own."""
        return [point for number, point in sorted(self.debugger.breakpoints.items()) if number > 0]

    def confirm(self, question: str) -> bool:
        """Ask a person yes or no; yes where nobody is there or ``set confirm off`` was said."""
        if not self.interactive or not self.options["confirm"]:
            return True
        try:
            answer = input(f"{question} (y or n) ")
        except EOFError:
            return True
        return answer.strip().lower().startswith("y")

    def close(self, *, recover: bool = False) -> None:
        """End: kill what we started, let go what we attached to; ``recover`` as the debugger's."""
        self.terminal.take_back()
        self.debugger.close(recover=recover)


class Lines:
    """The lines of a text, and the number of the one that was taken last."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = iter(lines)
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        return line
