"""One client: what it has said that it can do, which thread it looks at, and the dialogue."""

from __future__ import annotations

from seize.debug.signals import SignalTable
from seize.errors import MemoryFault, NotStopped, PtraceError, SeizeError, TraceeGone
from seize.gdbserver import signals
from seize.gdbserver.catching import Catching
from seize.gdbserver.connection import Closed
from seize.gdbserver.fields import ALL, ANY, Fields, Refused, ThreadId
from seize.gdbserver.framing import (
    Acknowledged,
    Interrupt,
    Packet,
    TooLong,
    escape,
    frame,
    shorten,
    unescape,
)
from seize.gdbserver.hostfiles import HostFiles
from seize.gdbserver.lldb_memory import Allocations
from seize.gdbserver.lldb_threads import SavedRegisters
from seize.gdbserver.points import Points
from seize.gdbserver.reporting import Reporting
from seize.gdbserver.table import HANDLERS, split

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.debug.debugger import Debugger
    from seize.debug.process import Process
    from seize.debug.thread import Thread
    from seize.gdbserver.connection import Connection
    from seize.gdbserver.framing import Item
    from seize.gdbserver.resuming import Action
    from seize.gdbserver.server import Server

_EINVAL, _EFAULT, _ESRCH = 22, 14, 3
_SUFFIX = b";thread:"
_SUFFIXED = frozenset((b"g", b"G", b"p", b"P", b"QSaveRegisterState", b"QRestoreRegisterState"))


def _age(thread: Thread) -> tuple[bool, int]:
    """The first thread of a process first; the ids of the others grow, until they wrap around."""
    return thread.tid != thread.process.pid, thread.tid


class Session:
    """The dialogue with one client.

    ``features`` are the names that its qSupported has told with ``+``.  ``general`` is the
    thread that packets about registers and memory mean.  ``waiting`` says that it has let
    something run in all-stop mode, and expects a stop reply.
    """

    def __init__(self, server: Server, connection: Connection) -> None:
        self.server = server
        self.connection = connection
        self.features: set[str] = set()
        self.general = 0
        self.continuing = ThreadId(None, ANY)
        self.waiting = False
        # All-stop: what the client has let run, how, and what it has not.
        self.actions: dict[Thread, Action] = {}
        self.kept: set[Thread] = set()
        self.finished = False
        self.thread_suffix = False
        self.list_threads = False
        self.error_texts = False
        self.bare_binary = False
        self._acknowledging = True
        self.transferred: tuple[bytes, str, bytes] = b"", "", b""
        self.detach_when_lost = False
        self.files = HostFiles()
        self.saved = SavedRegisters()
        self.allocations = Allocations()
        self.points = Points(self)
        self.reporting = Reporting(self)
        self.catching = Catching(self)

    # ------------------------------------------------------------------ what is looked at

    @property
    def debugger(self) -> Debugger:
        """The debugger that does it all."""
        return self.server.debugger

    @property
    def is_lldb(self) -> bool:
        """Whether the client is lldb, which some things are told otherwise than gdb."""
        return self.thread_suffix

    @property
    def multiprocess(self) -> bool:
        """Whether thread ids carry the process id: in lldb's own packets they don't."""
        return "multiprocess" in self.features and not self.is_lldb

    def process(self, pid: int | None = None) -> Process:
        """A process by its id, or the one that is looked at; Refused if there is none."""
        if pid is None:
            return self.thread().process
        process = self.debugger.processes.get(pid)
        if process is None:
            raise Refused(f"there is no process {pid}", _ESRCH)
        return process

    def threads(self, pid: int | None = None) -> list[Thread]:
        """All threads, or those of one process, in the order in which they were made.

        Those of a child that the client hasn't been told of aren't there yet.
        """
        hidden = self.debugger.control.untold_children
        return [
            thread
            for process in self.debugger.processes.values()
            if pid in (None, process.pid) and process.followed and process not in hidden
            for thread in sorted(process.threads.values(), key=_age)
        ]

    def find(self, tid: int) -> Thread | None:
        """A thread by its id."""
        for process in self.debugger.processes.values():
            thread = process.threads.get(tid)
            if thread is not None:
                return thread
        return None

    def thread(self, which: ThreadId | None = None) -> Thread:
        """The thread that is named, or looked at; Refused if it doesn't exist."""
        if which is not None and which.tid > 0:
            found = self.find(which.tid)
            if found is None or which.pid not in (None, ANY, found.process.pid):
                raise Refused(f"there is no thread {which.tid}", _ESRCH)
            return found
        pid = which.pid if which is not None and which.pid not in (None, ANY, ALL) else None
        if which is None or pid is None:
            chosen = self.find(self.general)
            if chosen is not None:
                return chosen
        for thread in self.threads(pid):
            return thread
        raise Refused("there is no thread", _ESRCH)

    def select(self, thread: Thread) -> None:
        """Let ``thread`` be the one that packets mean."""
        self.general = thread.tid

    def id_of(self, thread: Thread) -> bytes:
        """Write a thread's id."""
        return self.id_text(thread.process.pid, thread.tid)

    def id_text(self, pid: int, tid: int) -> bytes:
        """Write the id of thread ``tid`` of process ``pid``."""
        return b"p%x.%x" % (pid, tid) if self.multiprocess else b"%x" % tid

    def signal_number(self, signal: int) -> int:
        """Number a signal for this client."""
        return signal if self.is_lldb else signals.to_gdb(signal)

    def signal_from(self, number: int) -> int:
        """Give the signal that the client means by a number; Refused if Linux hasn't got it."""
        signal = number if self.is_lldb else signals.from_gdb(number)
        if signal is None or signal > 64:
            raise Refused(f"Linux has no signal {number}", _EINVAL)
        return signal

    # ------------------------------------------------------------------ the dialogue

    def run(self) -> None:
        """Serve the client until it has gone, or the session is ``finished``."""
        while not self.finished:
            item = self.connection.take(block=not self.something_runs)
            if item is None:
                stop = self.debugger.wait()
                if stop is not None:
                    self.reporting.stopped(stop)
                elif self.waiting and not self.debugger.running:
                    self.reporting.nobody_runs()
            elif isinstance(item, Closed):
                return
            else:
                self.take(item)

    @property
    def something_runs(self) -> bool:
        """Whether there is anything to wait for."""
        return self.debugger.running if self.debugger.non_stop else self.waiting

    def take(self, item: Item) -> None:
        """Handle what has come."""
        match item:
            case Packet(data=data, intact=intact):
                if not intact:
                    self.connection.send(b"-")
                    return
                if self._acknowledging:
                    self.connection.send(b"+")
                self.server.note("<-", data)
                self._answer(unescape(data))
            case TooLong():
                if self._acknowledging:
                    self.connection.send(b"+")
                self.reply(b"E%02x" % _EINVAL)
            case Interrupt():
                if self.waiting:
                    self._interrupt()
            case Acknowledged():
                return

    def _interrupt(self) -> None:
        """Stop everything, at the thread that the kernel would give a SIGINT to: the first one."""
        running = [thread for thread in self.threads() if thread.resumed]
        processes = self.debugger.processes.values()
        shared = any(p.space is q.space for p in processes for q in processes if p is not q)
        # In vfork(2), a thread can't stop until its child has its own memory.
        self.debugger.interrupt(running[0] if running and not shared else None)

    def _answer(self, data: bytes) -> None:
        answer = self.answer(data)
        if answer is not None:
            self.reply(answer)

    def answer(self, data: bytes) -> bytes | None:
        """Give the reply to a packet's data: b"" for one that isn't known, None for none yet."""
        name, rest = split(data)
        handler = None if self.server.is_disabled(name) else HANDLERS.get(name)
        if handler is None:
            return b""
        if self.waiting:
            # In all-stop mode, nothing but Ctrl-C has a meaning while the program runs.
            return None
        try:
            if self.thread_suffix and name in _SUFFIXED:
                rest = self._without_suffix(rest)
            return handler(self, Fields(rest))
        except Refused as refused:
            return self._error(refused.text, refused.number)
        except MemoryFault as fault:
            return self._error(str(fault), _EFAULT)
        except (TraceeGone, NotStopped) as gone:
            return self._error(str(gone), _ESRCH)
        except PtraceError as error:
            return self._error(str(error), error.errno)
        except SeizeError as error:
            return self._error(str(error), 1)

    def _without_suffix(self, rest: bytes) -> bytes:
        before, suffix, name = rest.rpartition(_SUFFIX)
        if not suffix:
            return rest
        fields = Fields(name.rstrip(b";"))
        self.select(self.thread(fields.thread_id()))
        return before

    def _error(self, text: str, number: int) -> bytes:
        number = min(max(number, 1), 255)
        if self.error_texts and text:
            # lldb's form: the number, and the text in hexadecimal.
            return b"E%02x;%b" % (number, text.encode("utf-8", "replace").hex().encode())
        if "error-message" in self.features and text:
            return b"E." + text.encode("utf-8", "replace")
        return b"E%02x" % number

    def reply(self, data: bytes) -> None:
        """Send a packet with ``data``, which may be anything."""
        self.send(b"$", data)

    def notify(self, data: bytes) -> None:
        """Send a notification: nobody acknowledges it."""
        self.send(b"%", data)

    def send(self, mark: bytes, data: bytes) -> None:
        """Send ``data``, escaped, and shortened where that is possible."""
        body = escape(data)
        if body == data:
            body = shorten(data)
        self.server.note("->" if mark == b"$" else "->%", data)
        self.connection.send(frame(body, mark))

    def finish_if_done(self) -> None:
        """End the session if nothing is left to debug, and no more is to come."""
        if not self.server.extended and not self.debugger.processes:
            self.finished = True

    def close(self) -> None:
        """Undo what the client has set, and stop what runs: another client may come."""
        self.files.close_all()
        self._stop_everything()
        self.allocations.release()
        self.points.clear()
        self.catching.clear()
        self.debugger.signals = SignalTable()
        if self.detach_when_lost:
            for process in list(self.debugger.processes.values()):
                self.server.detach(process)

    def _stop_everything(self) -> None:
        running = self.something_runs
        self.debugger.non_stop = False
        if running:
            self.debugger.interrupt()
        while running and self.debugger.wait() is None and self.debugger.running:
            continue

    def stop_acknowledging(self) -> None:
        """From the next packet on, neither side sends + any more (QStartNoAckMode)."""
        self._acknowledging = False
