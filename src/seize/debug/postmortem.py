"""A process that is no more, as its core file has it: to be looked at like a living one."""

from __future__ import annotations

from seize.corefile.backend import CoreBackend
from seize.debug.memory import DebugMemory
from seize.debug.registers import Registers
from seize.errors import UsageError
from seize.ptrace import SigInfo
from seize.ptrace.siginfo32 import from_32_bits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import NoReturn, Self

    from seize.arch import Arch
    from seize.memory import Mapping
    from seize.symbols import Frame, Symbols
    from seize.symbols.imagedata import ImageCache


def _cant_run(*arguments: object, **named: object) -> NoReturn:
    raise UsageError("this is a core file, which can't run")


class PostmortemThread:
    """A thread of a core file: registers and stack, as a debugged thread has them.

    Its registers can be changed only here: unwinding then begins with what was changed.
    """

    stopped = True
    alive = False
    stop = None

    def __init__(self, process: PostmortemProcess, tid: int) -> None:
        self.process = process
        self.tid = tid
        self.registers = Registers(process.machine, self)

    @property
    def name(self) -> str:
        """The name of the process: a core has none of each thread."""
        return self.process.name

    @property
    def memory(self) -> DebugMemory:
        """The memory of its process."""
        return self.process.memory

    @property
    def pc(self) -> int:
        """The program counter."""
        return self.registers.pc

    @property
    def pending_signal(self) -> int:
        """The signal that it was about to get; 0 for none."""
        return self.process.backend.thread(self.tid).signal

    def siginfo(self) -> SigInfo:
        """The siginfo of that signal; UsageError if there is none."""
        data = self.process.backend.siginfo(self.tid)
        is_short = self.process.machine.word_size == 4
        info = from_32_bits(data) if is_short else SigInfo.from_bytes(data)
        if not info.signo:
            raise UsageError(f"thread {self.tid} of the core file got no signal")
        return info

    def regset(self, note_type: int) -> bytes:
        """A register set, by its NT_* number; ``Unsupported`` if the core hasn't got it."""
        return self.process.backend.regset(self.tid, note_type)

    def set_regset(self, note_type: int, data: bytes) -> NoReturn:
        """Refuse: UsageError."""
        _cant_run()

    def frames(self) -> Iterator[Frame]:
        """The frames of its stack, innermost first."""
        return self.process.symbols.frames(self.registers.general(), self.registers.vector)

    @property
    def frame(self) -> Frame:
        """The innermost frame."""
        return next(self.frames())

    resume = run = step_instruction = step = next = finish = until = step_range = _cant_run
    syscall = call = set_siginfo = _cant_run

    def __repr__(self) -> str:
        return f"<PostmortemThread {self.tid} of {self.process.path!r}>"


class PostmortemProcess:
    """The process of a core file: what ``seize.debug.Process`` has, as far as it stands still.

    >>> with PostmortemProcess("core.4711") as process:
    ...     for thread in process.threads.values():
    ...         print(thread, *thread.frames(), sep="\\n")

    ``root`` is a folder below which the program and its libraries are, ``program`` where the
    program itself is, if not where it was.  ``signal`` is the one that killed it (0: none did).
    Whatever would let it run or change raises UsageError.  ``BadCore`` if it is no core file.
    """

    alive = False
    exited = None

    def __init__(
        self,
        path: str,
        *,
        root: str = "",
        program: str | None = None,
        cache: ImageCache | None = None,
    ) -> None:
        self.path = path
        self.backend = CoreBackend(path, root=root, program=program)
        self.memory = DebugMemory(lambda: self.backend, None, self.machine.word_size)
        self.threads = {tid: PostmortemThread(self, tid) for tid in self.backend.thread_ids()}
        self._cache = cache
        self._symbols: Symbols | None = None

    def close(self) -> None:
        """Close the files that it is read from."""
        self.backend.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The process id that it had."""
        return self.backend.pid

    @property
    def machine(self) -> Arch:
        """The machine that its program is for."""
        return self.backend.machine

    @property
    def executable(self) -> str:
        """The path of its program; "" if the core doesn't tell."""
        return self.backend.executable

    @property
    def name(self) -> str:
        """Its name, as in /proc/PID/comm."""
        return self.backend.core.name

    @property
    def arguments(self) -> str:
        """The beginning of its command line."""
        return self.backend.core.arguments

    @property
    def thread(self) -> PostmortemThread:
        """The thread that a signal killed, or the first."""
        return next(iter(self.threads.values()))

    @property
    def signal(self) -> int:
        """The signal that killed it; 0 if none did."""
        return self.thread.pending_signal

    @property
    def symbols(self) -> Symbols:
        """The symbols, source lines and types of its images."""
        if self._symbols is None:
            from seize.symbols import Symbols

            self._symbols = Symbols(self.backend, self._cache)
        return self._symbols

    def maps(self) -> tuple[Mapping, ...]:
        """The mappings in the order of addresses."""
        return self.backend.maps()

    def auxv(self) -> dict[int, int]:
        """The auxiliary vector, getauxval(3), by AT_* number."""
        return self.backend.auxv()

    resume = run = interrupt = detach = kill = syscall = call = _cant_run

    def __repr__(self) -> str:
        return f"<PostmortemProcess {self.pid} of {self.path!r}: {len(self.threads)} threads>"
