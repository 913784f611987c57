"""One process under the debugger."""

from __future__ import annotations

from errno import ESRCH

from seize import _procfs
from seize.debug.memory import DebugMemory
from seize.debug.native import NativeBackend
from seize.debug.space import AddressSpace
from seize.errors import NotStopped, TraceeGone
from seize.memory import Memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.arch import Arch
    from seize.corefile.writer import Saved
    from seize.debug.debugger import Debugger
    from seize.debug.reasons import DebugStop, ProcessExited, ProcessKilled
    from seize.debug.thread import Thread
    from seize.memory import Mapping
    from seize.symbols import Symbols


class Process:
    """A debugged process: its threads, memory and symbols.

    ``threads`` are the debugged threads by thread id, ``machine`` is what its program is made
    for, ``exited`` tells its end, None while it lives.  ``followed`` is False for a child that
    will be let go as soon as it has memory of its own.
    """

    def __init__(self, debugger: Debugger, pid: int, machine: Arch, space: AddressSpace) -> None:
        self.debugger = debugger
        self.pid = pid
        self.machine = machine
        self.space = space
        self.threads: dict[int, Thread] = {}
        self.exited: ProcessExited | ProcessKilled | None = None
        self.followed = True
        self.spawned = False
        # Whether it is known whose child it is, and whether it stays.
        self.settled = False
        self.parent: Process | None = None
        self.backend = NativeBackend(self)
        self.memory = DebugMemory(lambda: self.raw_memory, space, self.machine.word_size)
        self._symbols: Symbols | None = None
        self._raw = Memory(pid)

    # ------------------------------------------------------------------ what it has

    @property
    def alive(self) -> bool:
        """Whether any of its threads is still debugged."""
        return bool(self.threads)

    @property
    def raw_memory(self) -> Memory:
        """Its memory as it is, with the breakpoint instructions that were inserted."""
        if self._raw.tid not in self.threads:
            for thread in self.threads.values():
                self._raw = Memory(thread.tid, self.debugger.tracer.vm_reader)
                break
            else:
                raise TraceeGone("reading memory", self.pid, ESRCH)
        return self._raw

    @property
    def executable(self) -> str:
        """The path of its program; "" if that can't be known."""
        return _procfs.link(f"/proc/{self.pid}/exe")

    @property
    def symbols(self) -> Symbols:
        """The symbols, source lines and types of its images."""
        if self._symbols is None:
            from seize.symbols import Symbols

            self._symbols = Symbols(self.backend, self.debugger.images)
            self.debugger.catchpoints.watch_libraries(self)
        return self._symbols

    @property
    def has_symbols(self) -> bool:
        """Whether anybody has asked for its symbols."""
        return self._symbols is not None

    @property
    def thread(self) -> Thread:
        """A thread of it: the one that stopped last, or the first."""
        chosen = self.debugger.last_thread
        if chosen is not None and chosen.process is self and chosen.alive:
            return chosen
        for thread in self.threads.values():
            return thread
        raise TraceeGone("looking for a thread", self.pid, ESRCH)

    def maps(self) -> tuple[Mapping, ...]:
        """The mappings in the order of addresses."""
        return self.raw_memory.maps()

    def auxv(self) -> dict[int, int]:
        """The auxiliary vector, getauxval(3), by AT_* number."""
        return self.backend.auxv()

    def __repr__(self) -> str:
        return f"<Process {self.pid}: {len(self.threads)} threads>"

    def save_core(self, path: str, *, everything: bool = False) -> Saved:
        """Write a core file of it, as it is without breakpoints; all its threads must be stopped.

        ``everything``: also what the process has excluded.  SeizeError if it can't be written.
        """
        from seize.debug import cores

        return cores.save(self, path, everything=everything)

    # ------------------------------------------------------------------ changes by execve and fork

    def renew(self, machine: Arch, space: AddressSpace) -> None:
        """Begin anew with what execve(2) has made of it."""
        self.machine = machine
        self.share(space)
        self._symbols = None

    def share(self, space: AddressSpace) -> None:
        """Have this address space from now on."""
        self.space = space
        self.memory = DebugMemory(lambda: self.raw_memory, space, self.machine.word_size)

    # ------------------------------------------------------------------ running

    def stopped_thread(self) -> Thread:
        """A thread that is stopped; NotStopped if all run."""
        for thread in (self.thread, *self.threads.values()):
            if thread.stopped:
                return thread
        raise NotStopped("using a thread", self.pid, ESRCH, "all threads of the process run")

    def resume(self) -> None:
        """Let all its threads run without waiting; see ``Debugger.resume``."""
        self.debugger.resume(self)

    def run(self, timeout: float | None = None) -> DebugStop | None:
        """Let it alone run, and wait; see ``Debugger.wait``."""
        self.debugger.resume(self)
        return self.debugger.wait(timeout)

    def interrupt(self) -> None:
        """Stop it; ``Debugger.wait`` then tells ``Interrupted``."""
        self.debugger.interrupt(self)

    def detach(self, *, signal: int | None = None) -> None:
        """Let it go as it was found; see ``Debugger.detach``."""
        self.debugger.detach(self, signal=signal)

    def kill(self) -> None:
        """Kill it, and see it dead."""
        self.debugger.kill(self)

    def syscall(self, call: int | str, *arguments: int) -> int:
        """Perform a system call in a stopped thread of it; see ``Thread.syscall``."""
        return self.stopped_thread().syscall(call, *arguments)

    def call(self, function: int | str, *arguments: int | float | bytes | str) -> int:
        """Call a function in a stopped thread of it; see ``Thread.call``."""
        return self.stopped_thread().call(function, *arguments)
