"""The debug registers of a process: the same in each of its threads."""

from __future__ import annotations

from os import strerror

from seize import ptrace
from seize.debug import debugregs
from seize.errors import NotStopped, PtraceError, TraceeGone, Unsupported, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.debug.breakpoints import Stopper
    from seize.debug.debugregs import Image, Kind, Watch
    from seize.debug.process import Process
    from seize.debug.thread import Thread
    from seize.engine import Tracee

_DIED = (TraceeGone, NotStopped)


class HardwareRegisters:
    """What the debug registers of one process's threads are used for."""

    def __init__(self, process: Process) -> None:
        if process.machine.name not in ("x86_64", "i386"):
            raise Unsupported("watching memory in hardware", "x86")
        self._process = process
        self._slots = debugregs.Slots()
        self._users: dict[Stopper, tuple[Watch, ...]] = {}
        self._images: dict[Thread, Image] = {}

    @property
    def in_use(self) -> bool:
        """Whether anything is watched."""
        return self._slots.in_use

    def insert(self, user: Stopper, address: int, size: int, kind: Kind) -> None:
        """Watch memory for a break- or watchpoint; ``NoDebugRegister`` if they are all taken.

        ``UsageError``, and nothing is changed, if the kernel refuses: at its own addresses.
        """
        watches = debugregs.split(address, size, kind, self._process.machine.word_size)
        self._slots.insert(watches)
        before = self._users.get(user, ())
        self._users[user] = (*before, *watches)
        try:
            self._apply_to_all()
        except PtraceError as error:
            self._users[user] = before
            self._slots.remove(watches)
            self._apply_to_all()
            raise UsageError(
                f"can't watch {size} bytes at {address:#x}: {strerror(error.errno)}"
            ) from error

    def remove(self, user: Stopper) -> None:
        """Watch no more what a break- or watchpoint has asked for."""
        self._slots.remove(self._users.pop(user, ()))
        self._apply_to_all()

    def _apply_to_all(self) -> None:
        control = self._process.debugger.control

        def tracees() -> list[Tracee]:
            return [thread.tracee for thread in self._process.threads.values()]

        with control.stopping.paused(tracees):
            for thread in list(self._process.threads.values()):
                self.apply(thread)

    def apply(self, thread: Thread) -> None:
        """Bring the registers of a stopped thread up to date."""
        if not thread.stopped:
            return
        try:
            self._bring(thread, self._slots.image())
        except _DIED:
            # There is nothing to be watched any more.
            return

    def _bring(self, thread: Thread, wanted: Image) -> None:
        def poke(number: int, value: int) -> None:
            thread.tracee.ask(ptrace.pokeuser, debugregs.offset(number), value)

        def peek(number: int) -> int:
            return thread.tracee.ask(ptrace.peekuser, debugregs.offset(number))

        now = self._images.get(thread, debugregs.NOTHING)
        if wanted == now:
            return
        try:
            debugregs.update(poke, now, wanted)
        except PtraceError:
            # Some of them may have changed.
            self._images[thread] = debugregs.read(peek)
            raise
        self._images[thread] = wanted

    def clear(self, thread: Thread) -> None:
        """Turn off all debug registers of a stopped thread that is let go."""
        self._bring(thread, debugregs.NOTHING)

    def forget(self, thread: Thread) -> None:
        """The thread is gone."""
        self._images.pop(thread, None)

    def trapped(self, thread: Thread) -> list[Stopper]:
        """Who watches what has trapped in a thread; its DR6 is made ready for the next."""
        status = thread.tracee.ask(ptrace.peekuser, debugregs.offset(debugregs.STATUS))
        hit = self._slots.trapped(status)
        thread.tracee.ask(ptrace.pokeuser, debugregs.offset(debugregs.STATUS), 0)
        return [user for user, watches in self._users.items() if set(watches) & set(hit)]
