"""What the client wants to be told of beside breakpoints: forks, execs, threads, system calls."""

from __future__ import annotations

from contextlib import suppress

from seize.debug import reasons
from seize.gdbserver.fields import Fields, Refused
from seize.gdbserver.table import OK, packet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from seize.debug.catchpoints import Catchpoint
    from seize.debug.process import Process
    from seize.debug.reasons import DebugStop
    from seize.gdbserver.session import Session

_LAST_SIGNAL = 64
_MOST_CALLS = 1024


class Catching:
    """The catchpoints of one client, by kind; nothing is caught that it doesn't know of."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._points: dict[str, Catchpoint] = {}
        self._calls: dict[Process, Catchpoint] = {}
        # The signals that the program gets where nobody says otherwise.
        self.program = frozenset(range(1, _LAST_SIGNAL + 1))

    def begin(self) -> None:
        """The client has told what it supports."""
        features, debugger = self.session.features, self.session.debugger
        follows = "fork-events" in features or "vfork-events" in features
        debugger.follow = "both" if follows else "parent"
        wanted = {
            "fork": "fork-events" in features,
            "vfork": "vfork-events" in features,
            "exec": True,
        }
        for kind, want in wanted.items():
            self.set(kind, want)

    def set(self, kind: str, want: bool) -> None:
        """Catch a kind of event, or don't."""
        present = self._points.pop(kind, None)
        if present is not None:
            present.delete()
        if want:
            self._points[kind] = self.session.debugger.catch(kind)

    def catch_calls(self, process: Process, numbers: Iterable[int] | None) -> None:
        """Catch these system calls of a process (none: all of them); None: no more."""
        self.forget(process)
        if numbers is not None:
            made = self.session.debugger.catch("syscall", *numbers, process=process)
            self._calls[process] = made

    def forget(self, process: Process) -> None:
        """Catch no more system calls of a process."""
        present = self._calls.pop(process, None)
        if present is not None:
            present.delete()

    def is_unwanted(self, stop: DebugStop) -> bool:
        """Whether a stop isn't for this client: it has changed its mind since, say."""
        match stop:
            case reasons.SyscallCaught(process=process, catchpoint=catchpoint):
                return self._returns_from_start(stop) or self._calls.get(process) is not catchpoint
            case reasons.LibrariesChanged():
                return True
            case reasons.CloneCaught() | reasons.ThreadStarted() | reasons.ThreadExited():
                return "thread" not in self._points
            case reasons.ForkCaught(child=child, kind=kind):
                return child is None and kind != "vfork-done"
        return False

    def _returns_from_start(self, stop: reasons.SyscallCaught) -> bool:
        """Whether this is the end of the execve(2) by which we have started the program."""
        started = self.session.server.started
        if stop.thread not in started:
            return False
        started.discard(stop.thread)
        return not stop.entry and stop.call.name == "execve"

    def clear(self) -> None:
        """Catch nothing more: the client has gone."""
        for kind in list(self._points):
            self.set(kind, False)
        for process in list(self._calls):
            self.forget(process)


@packet("QCatchSyscalls")
def catch_syscalls(session: Session, fields: Fields) -> bytes | None:
    """``QCatchSyscalls:1[;number…]`` or ``:0``: of the process that is looked at."""
    fields.expect(b":")
    process = session.process()
    if fields.skip(b"0"):
        fields.end()
        session.catching.catch_calls(process, None)
        return OK
    fields.expect(b"1")
    numbers = set()
    while fields.skip(b";"):
        numbers.add(fields.number())
        if len(numbers) > _MOST_CALLS:
            raise Refused("too many system calls")
    fields.end()
    session.catching.catch_calls(process, numbers)
    return OK


@packet("QThreadEvents")
def thread_events(session: Session, fields: Fields) -> bytes | None:
    """``QThreadEvents:1`` or ``:0``: report new threads and the end of threads."""
    session.catching.set("thread", fields.flag())
    return OK


def _signals(session: Session, fields: Fields) -> set[int]:
    """Read ``:sig;sig…``: those that Linux has."""
    fields.expect(b":")
    found = set()
    while fields:
        number = fields.number()
        # gdb names all its signals, also those of other systems.
        with suppress(Refused):
            found.add(session.signal_from(number))
        if fields:
            fields.expect(b";")
    return found


@packet("QPassSignals")
def pass_signals(session: Session, fields: Fields) -> bytes | None:
    """``QPassSignals:…``: these signals are delivered without a stop; all others stop."""
    quiet = _signals(session, fields)
    table = session.debugger.signals
    for number in range(1, _LAST_SIGNAL + 1):
        passed = number in quiet or number in session.catching.program
        table.set(number, stop=number not in quiet, passed=passed)
    return OK


@packet("QProgramSignals")
def program_signals(session: Session, fields: Fields) -> bytes | None:
    """``QProgramSignals:…``: these signals are delivered, also when the client has gone."""
    session.catching.program = frozenset(_signals(session, fields))
    return OK
