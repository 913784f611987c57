"""Stop replies: telling the client why something has stopped, in all-stop and non-stop mode.

See "Stop Reply Packets" and "Notification Packets" in gdb's manual.
"""

from __future__ import annotations

import signal

from seize.debug import reasons
from seize.engine.placement import last_cpu
from seize.errors import NotStopped, TraceeGone
from seize.gdbserver.console import say
from seize.gdbserver.description import describe
from seize.gdbserver.fields import Fields, hexed, text_hexed
from seize.gdbserver.resuming import go_on
from seize.gdbserver.table import OK, packet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.debug.reasons import DebugStop
    from seize.debug.thread import Thread
    from seize.gdbserver.session import Session

_WATCH_WORDS = {2: b"watch", 3: b"rwatch", 4: b"awatch"}
_ONCE = (
    *(reasons.ForkCaught, reasons.CloneCaught, reasons.ExecCaught, reasons.SyscallCaught),
    *(reasons.ThreadStarted, reasons.LibrariesChanged),
)
_NOTHING_LEFT = (reasons.ProcessExited, reasons.ProcessKilled)


class Reporting:
    """What there is to report, and what the client has been told of.

    ``stopping`` are the threads that it has asked to stop by ``vCont;t``: they are reported with
    signal 0.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.stopping: set[int] = set()
        # Non-stop: replies that aren't acknowledged; the first has been sent.
        self.queue: list[tuple[Thread | None, bytes]] = []

    # ------------------------------------------------------------------ stops as they come

    def stopped(self, stop: DebugStop) -> None:
        """Tell the client of a stop, or let it go on if it isn't to know."""
        session = self.session
        if session.catching.is_unwanted(stop):
            go_on(session, stop)
            return
        if isinstance(stop, reasons.ExecCaught):
            # Another program: nothing of the old one's is left.
            session.points.forget(stop.process)
        elif isinstance(stop, reasons.WatchpointHit) and stop.thread is not None:
            # Clients look at all their watchpoints, so they are told once of one instruction.
            session.debugger.control.overlook(stop.thread, reasons.WatchpointHit)
        elif isinstance(stop, reasons.ForkCaught) and stop.child is not None:
            session.points.inherit(stop.process, stop.child)
        elif isinstance(stop, _NOTHING_LEFT):
            session.points.forget(stop.process)
            session.catching.forget(stop.process)
            self._say_ending(stop)
        reply = self.reply(stop)
        if session.debugger.non_stop:
            self.notify(stop.thread, reply)
        elif session.waiting:
            session.waiting = False
            if stop.thread is not None:
                session.select(stop.thread)
            session.reply(reply)

    def nobody_runs(self) -> None:
        """Nothing is left that could stop: the client needn't wait any longer."""
        session = self.session
        session.waiting = False
        session.reply(b"N" if "no-resumed" in session.features else b"W00")

    def _say_ending(self, stop: DebugStop) -> None:
        if isinstance(stop, reasons.ProcessExited):
            text = f"\nChild exited with status {stop.status}"
        else:
            assert isinstance(stop, reasons.ProcessKilled)
            number = stop.signal
            text = f"\nChild terminated with signal = {number:#x} ({_name(number)})"
        say(text)

    # ------------------------------------------------------------------ what is written

    def reply(self, stop: DebugStop) -> bytes:
        """Write the stop reply."""
        session = self.session
        match stop:
            case reasons.ProcessExited(process=process, status=status):
                return b"W%02x%b" % (status, self._of_process(process.pid))
            case reasons.ProcessKilled(process=process, signal=number):
                return b"X%02x%b" % (session.signal_number(number), self._of_process(process.pid))
            case reasons.ThreadExited(process=process, tid=tid, status=status):
                return b"w%02x;%b" % (status >> 8 & 0xFF, session.id_text(process.pid, tid))
        assert stop.thread is not None
        number, events = self.reason(stop)
        return self.stop_reply(stop.thread, number, events)

    def _of_process(self, pid: int) -> bytes:
        return b";process:%x" % pid if self.session.multiprocess else b""

    def reason(self, stop: DebugStop) -> tuple[int, list[tuple[bytes, bytes]]]:
        """Give the signal (0: none) that a stop is told as, and what else is to be said."""
        session = self.session
        trap = int(signal.SIGTRAP)
        match stop:
            case reasons.BreakpointHit(breakpoints=points):
                hard = any(session.points.is_hardware(point) for point in points)
                word = b"hwbreak" if hard else b"swbreak"
                return trap, [(word, b"")] if word.decode() in session.features else []
            case reasons.WatchpointHit(watchpoint=watchpoint):
                word = _WATCH_WORDS[session.points.kind_of(watchpoint)]
                return trap, [(word, b"%x" % watchpoint.address)]
            case reasons.SignalStop(signal=number):
                return number, []
            case reasons.SyscallCaught(call=call, entry=entry):
                word = b"syscall_entry" if entry else b"syscall_return"
                return trap, [(word, b"%x" % call.number)]
            case reasons.ForkCaught(kind="vfork-done"):
                return trap, [(b"vforkdone", b"")]
            case reasons.ForkCaught(kind=kind, child_pid=child):
                return trap, [(kind.encode(), b"p%x.%x" % (child, child))]
            case reasons.ExecCaught(path=path):
                return trap, [(b"exec", text_hexed(path))]
            case reasons.ThreadStarted():
                return trap, [(b"create", b"")]
            case reasons.Interrupted(thread=thread):
                assert thread is not None
                if thread.tid in self.stopping:
                    self.stopping.discard(thread.tid)
                    return 0, []
                return int(signal.SIGINT), []
        return trap, []

    def stop_reply(self, thread: Thread, number: int, events: list[tuple[bytes, bytes]]) -> bytes:
        """Write the packet T: the signal, what happened, a few registers, the thread."""
        session = self.session
        if session.is_lldb:
            from seize.gdbserver.lldb_threads import stop_reply

            return stop_reply(session, thread, number, events)
        if session.server.plain_stops:
            return b"S%02x" % session.signal_number(number)
        registers = thread.registers
        description = describe(thread.process.machine, registers)
        parts = [b"T%02x" % session.signal_number(number)]
        parts += (b"%b:%b;" % event for event in events)
        for position, _ in description.expedited:
            value = description.registers[position].read(registers)
            parts.append(b"%02x:%b;" % (position, hexed(value)))
        if not session.server.nameless_stops:
            parts.append(b"thread:%b;" % session.id_of(thread))
        core = last_cpu(thread.tid)
        if core >= 0:
            parts.append(b"core:%x;" % core)
        return b"".join(parts)

    def now(self, thread: Thread) -> bytes:
        """Write why a thread is stopped, or was last.

        What happens once, such as a fork, isn't told twice: who asks later couldn't follow it.
        """
        stop = thread.stop
        if isinstance(stop, _ONCE):
            return self.stop_reply(thread, int(signal.SIGTRAP), [])
        if stop is None or stop.thread is not thread:
            # What was attached to has stopped without a signal; lldb would see no reason in that.
            told = self.session.is_lldb or thread.process.spawned
            number = int(signal.SIGTRAP) if told and not self.session.debugger.non_stop else 0
            return self.stop_reply(thread, number, [])
        return self.reply(stop)

    # ------------------------------------------------------------------ non-stop mode

    def is_on_its_way(self, thread: Thread) -> bool:
        """Whether the client hasn't acknowledged yet that a thread has stopped."""
        return any(each is thread for each, _ in self.queue)

    def notify(self, thread: Thread | None, reply: bytes) -> None:
        """Put a reply in the queue; the client fetches all but the first by vStopped."""
        self.queue.append((thread, reply))
        if len(self.queue) == 1:
            self.session.notify(b"Stop:" + reply)

    def all_again(self) -> bytes:
        """Begin to report every stopped thread anew; return the first reply."""
        self.queue = [
            (thread, self.now(thread))
            for thread in self.session.threads()
            if thread.stopped and not thread.resumed
        ]
        return self.queue[0][1] if self.queue else OK

    def fetched(self) -> bytes:
        """The client has the first one: return the next, or OK."""
        if self.queue:
            self.queue.pop(0)
        return self.queue[0][1] if self.queue else OK


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"SIG{number}"


@packet("?")
def why(session: Session, fields: Fields) -> bytes | None:
    """``?``: why did it stop?"""
    fields.end()
    if not session.debugger.processes:
        return OK if session.debugger.non_stop else b"W00"
    if session.debugger.non_stop:
        return session.reporting.all_again()
    last = session.debugger.last_thread
    thread = last if last is not None and last.alive and last.stopped else session.thread()
    session.select(thread)
    try:
        return session.reporting.now(thread)
    except (NotStopped, TraceeGone):
        # It was killed while nobody looked: its end, which comes at once, is the answer.
        session.waiting = True
        return None


@packet("vStopped")
def fetched(session: Session, fields: Fields) -> bytes | None:
    """``vStopped``: the notification was understood; what else has stopped?"""
    fields.end()
    return session.reporting.fetched()
