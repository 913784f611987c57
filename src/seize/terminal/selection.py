"""What is selected: a process, one of its threads, a frame; and gdb's numbers for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seize._frozen import frozen
from seize.errors import SeizeError
from seize.terminal.table import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.debug import Process, Thread
    from seize.debug.reasons import DebugStop
    from seize.symbols import Frame

NO_PROCESS = "The program is not being run."
NO_STACK = "No stack."
_RUNS = "Selected thread is running."


@frozen
class Where:
    """Where a thread was before it ran: decides how much of the next stop has to be told."""

    tid: int
    function: str | None
    cfa: int | None


class Selection:
    """The selected thread and frame.

    Frames are unwound when they are asked for, once for each stop.  Threads are numbered in the
    order in which they are seen, from 1 in each program that is started.
    """

    def __init__(self) -> None:
        self.current: Process | None = None
        self.chosen: Thread | None = None
        self.level = 0
        self.place: Where | None = None
        """Where the selected thread was when it was let run."""
        self.numbers: dict[int, int] = {}
        """The number of each thread, by its id."""
        self.names: dict[int, str] = {}
        """What was told of threads when they came, by id: gone, they can't be asked any more."""
        self.inferiors: list[int] = []
        """The ids of the processes, in the order of their numbers."""
        self._frames: list[Frame] = []
        self._more: Iterator[Frame] | None = None
        self._seen: dict[int, set[int]] = {}
        self._told = 0
        self._programs: dict[int, str] = {}

    def process(self) -> Process:
        """The selected process; CommandError if there is none."""
        if self.current is None or self.current.exited is not None:
            raise CommandError(NO_PROCESS)
        return self.current

    def thread(self) -> Thread:
        """The selected thread, which is stopped; CommandError if there is none."""
        process = self.process()
        if self.chosen is None or self.chosen.tid not in process.threads:
            raise CommandError("No thread selected")
        if not self.chosen.stopped:
            raise CommandError(_RUNS)
        return self.chosen

    def frame(self) -> Frame:
        """The selected frame; CommandError if there is none."""
        return self.at(self.level)

    def at(self, level: int) -> Frame:
        """The frame of that level, 0 the innermost; CommandError if there is none."""
        if self.current is None or self.current.exited is not None:
            raise CommandError(NO_STACK)
        for _ in self.frames(level + 1):
            pass
        if not 0 <= level < len(self._frames):
            raise CommandError(f"No frame at level {level}." if self._frames else NO_STACK)
        return self._frames[level]

    def frames(self, limit: int | None = None) -> Iterator[Frame]:
        """The frames of the selected thread, innermost first, at most ``limit``."""
        if self._more is None:
            self._more = self._to_main(self.thread())
        level = 0
        while limit is None or level < limit:
            if level == len(self._frames):
                found = next(self._more, None)
                if found is None:
                    return
                self._frames.append(found)
            yield self._frames[level]
            level += 1

    def _to_main(self, thread: Thread) -> Iterator[Frame]:
        """The frames of a thread up to main(): what called that is no part of the program."""
        for frame in thread.frames():
            yield frame
            if frame.function == "main" and frame.image is not None and not frame.is_inlined:
                return

    def caller(self, frame: Frame) -> Frame | None:
        """The frame that called another one; None for the outermost."""
        known = list(self.frames(frame.level + 2))
        return known[frame.level + 1] if len(known) > frame.level + 1 else None

    def choose(self, thread: Thread | None, level: int = 0) -> None:
        """Select a thread, and one of its frames."""
        self.chosen = thread
        if thread is not None:
            self.current = thread.process
        self.level = level
        self.refresh()

    def choose_process(self, process: Process | None) -> None:
        """Select a process, and its first thread."""
        self.current = process
        if process is not None:
            self.number(process)
            self.new_program(process)
            self.arrivals(process)
        threads = list(process.threads.values()) if process is not None else []
        self._told = threads[0].tid if threads else 0
        self.choose(threads[0] if threads else None)

    def select_stop(self, stop: DebugStop) -> None:
        """Select what a stop is about."""
        self.current = stop.process
        if stop.thread is not None:
            # Libraries may have come since the last stop, by dlopen(3) or without it.
            stop.process.symbols.refresh()
        self.number(stop.process)
        self.choose(stop.thread)

    def refresh(self) -> None:
        """Forget the frames: registers or memory were changed, or another thread was selected."""
        self._frames = []
        self._more = None

    def mark(self) -> None:
        """Note where the thread is: a step from here that ends in the same frame says less."""
        try:
            frame = self.at(0)
        except SeizeError:
            # There's no stack to compare with: the next stop is told in full.
            return
        if self.chosen is not None:
            self.place = Where(self.chosen.tid, frame.function, frame.cfa)

    def forget(self) -> None:
        """The program runs: what was known of its frames doesn't count any more."""
        self.level = 0
        self.refresh()

    # ------------------------------------------------------------ numbers

    def number(self, process: Process) -> None:
        """Number a process and its threads, where they are new."""
        if process.pid not in self.inferiors:
            self.inferiors.append(process.pid)
        taken = max(self.numbers.values(), default=0)
        # Ids grow: those that are found at once are numbered in the order of their making.
        for tid in sorted(process.threads):
            if tid not in self.numbers:
                taken += 1
                self.numbers[tid] = taken

    def number_of(self, process: Process) -> int:
        """A process's number, from 1."""
        pids = self.inferiors
        return pids.index(process.pid) + 1 if process.pid in pids else 1

    def arrivals(self, process: Process) -> tuple[list[int], list[int]]:
        """The ids of threads of a process that have come, and gone, since this was asked last."""
        now = set(process.threads) if process.exited is None else set()
        before = self._seen.get(process.pid)
        self._seen[process.pid] = now
        if before is None or not now:
            return [], []
        order = sorted(now - before, key=lambda tid: self.numbers.get(tid, 0))
        return order, sorted(before - now)

    def new_program(self, process: Process) -> str:
        """The path of a process's program if it is another one than before; else ""."""
        path = process.executable
        before, self._programs[process.pid] = self._programs.get(process.pid), path
        return path if before not in (None, path) else ""

    def switched(self, thread: Thread) -> bool:
        """Whether a stop is of another thread than the one told of before."""
        before, self._told = self._told, thread.tid
        return before not in (0, thread.tid)

    @property
    def has_threads(self) -> bool:
        """Whether the program has had several threads: then stops say which one it is."""
        return len(self.numbers) > 1

    def restart(self, old: Process | None, new: Process) -> None:
        """Let a program that was started again have its number, and count threads from 1."""
        self.numbers.clear()
        self.names.clear()
        self._seen.clear()
        before = old.pid if old is not None else next(iter(self.inferiors), None)
        if before in self.inferiors:
            self.inferiors[self.inferiors.index(before)] = new.pid
        self.choose_process(new)

    def thread_by_number(self, process: Process, number: int) -> Thread:
        """The thread of a number; CommandError if there is none."""
        for tid, thread in process.threads.items():
            if self.numbers.get(tid) == number:
                return thread
        raise CommandError(f"Unknown thread {number}.")
