"""Telling lldb of threads: stop replies, jThreadsInfo, qThreadStopInfo; and saving registers."""

from __future__ import annotations

from seize.debug import reasons
from seize.errors import PtraceError, Unsupported
from seize.gdbserver import lldb_stops
from seize.gdbserver.description import describe
from seize.gdbserver.fields import Fields, Refused, ThreadId
from seize.gdbserver.lldb_stops import StoppedThread
from seize.gdbserver.lldb_text import as_json, from_json
from seize.gdbserver.table import OK, packet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from seize.debug import DebugStop, Thread
    from seize.gdbserver.session import Session

_NT_PRSTATUS, _NT_PRFPREG, _NT_X86_XSTATE = 1, 2, 0x202
_MOST_SAVED = 64
_MOST_DIGITS = 20


def reason_of(stop: DebugStop | None) -> tuple[str, str]:
    """Give lldb's word for why a thread stopped, and what else there is to say of it."""
    match stop:
        case reasons.BreakpointHit():
            return "breakpoint", ""
        case reasons.WatchpointHit(watchpoint=watchpoint):
            return "watchpoint", lldb_stops.watch_description(watchpoint.address, 0)
        case reasons.StepDone():
            return "trace", ""
        case reasons.ForkCaught(kind="vfork-done"):
            return "vforkdone", ""
        case reasons.ForkCaught(kind=kind):
            return kind, ""
        case reasons.ExecCaught():
            return "exec", ""
        case None:
            return "", ""
    return "signal", ""


def told(session: Session, thread: Thread) -> StoppedThread:
    """Describe a stopped thread as it is told to lldb."""
    stop = thread.stop
    if stop is None or stop.thread is not thread:
        return StoppedThread(thread.tid, thread.name, thread.registers.pc)
    number, _ = session.reporting.reason(stop)
    reason, description = reason_of(stop)
    return StoppedThread(
        thread.tid,
        thread.name,
        thread.registers.pc,
        session.signal_number(number),
        reason,
        description,
    )


def stop_reply(
    session: Session, thread: Thread, number: int, events: Iterable[tuple[bytes, bytes]]
) -> bytes:
    """Write the packet T for lldb: all general registers, and what all other threads do."""
    registers = thread.registers
    description = describe(thread.process.machine, registers)
    stopped = told(session, thread)
    if not stopped.signal:
        stopped = StoppedThread(
            stopped.tid, stopped.name, stopped.pc, session.signal_number(number), "signal"
        )
    others = thread.process.threads.values() if session.list_threads else ()
    return lldb_stops.stop_reply(
        stopped,
        threads=[told(session, each) for each in others if each.stopped],
        registers=[
            (position, description.registers[position].read(registers))
            for position in range(description.numbers["eflags"] + 1)
        ],
        events=[(key.decode(), value.decode()) for key, value in events],
    )


@packet("qThreadStopInfo")
def thread_stop_info(session: Session, fields: Fields) -> bytes | None:
    """``qThreadStopInfo tid``: why is this thread stopped?"""
    which = fields.thread_id()
    fields.end()
    thread = session.thread(which)
    return stop_reply(session, thread, told(session, thread).signal, ())


@packet("jThreadsInfo")
def threads_info(session: Session, fields: Fields) -> bytes | None:
    """``jThreadsInfo``: why are all threads stopped, and where?"""
    fields.end()
    found = []
    for thread in session.process().threads.values():
        if not thread.stopped:
            continue
        registers = thread.registers
        description = describe(thread.process.machine, registers)
        values = [
            (position, description.registers[position].read(registers))
            for position, _ in description.expedited
        ]
        found.append((told(session, thread), values, ()))
    return lldb_stops.threads_info(found)


@packet("jThreadExtendedInfo")
def thread_extended_info(session: Session, fields: Fields) -> bytes | None:
    """``jThreadExtendedInfo:{"thread":tid}``: what else is known of it; bare: do you know this?

    The thread pointer is the address of glibc's ``struct pthread``, which is its pthread_t.
    """
    fields.expect(b":")
    if not fields:
        return OK
    match from_json(fields.all()):
        case {"thread": int(tid)}:
            thread = session.thread(ThreadId(None, tid))
        case _:
            raise Refused("the thread is missing")
    if "fs_base" not in thread.registers:
        return as_json({})
    pointer = thread.registers["fs_base"]
    return as_json({"pthread_t": pointer, "tsd_address": pointer})


class SavedRegisters:
    """The registers that a client has saved, by the number that it got for them."""

    def __init__(self) -> None:
        self._last = 0
        self._saved: dict[int, tuple[int, list[tuple[int, bytes]]]] = {}

    def save(self, thread: Thread) -> int:
        """Keep all registers of a thread; return their number. Refused if there are too many."""
        if len(self._saved) >= _MOST_SAVED:
            raise Refused("too many saved registers")
        thread.flush()
        sets = [(_NT_PRSTATUS, thread.regset(_NT_PRSTATUS)), _extended(thread)]
        self._last += 1
        self._saved[self._last] = thread.tid, sets
        return self._last

    def restore(self, number: int, thread: Thread) -> None:
        """Give a thread its registers back, and forget them; Refused if they are another's."""
        owner, sets = self._saved.get(number, (0, []))
        if owner != thread.tid:
            raise Refused(f"there are no saved registers {number} of thread {thread.tid}")
        thread.flush()
        for note, data in sets:
            thread.set_regset(note, data)
        del self._saved[number]


def _extended(thread: Thread) -> tuple[int, bytes]:
    try:
        return _NT_X86_XSTATE, thread.regset(_NT_X86_XSTATE)
    except (PtraceError, Unsupported):
        return _NT_PRFPREG, thread.regset(_NT_PRFPREG)


@packet("QSaveRegisterState")
def save_registers(session: Session, fields: Fields) -> bytes | None:
    """``QSaveRegisterState``: keep the thread's registers; the reply is a number for them."""
    fields.end()
    return b"%d" % session.saved.save(session.thread())


@packet("QRestoreRegisterState")
def restore_registers(session: Session, fields: Fields) -> bytes | None:
    """``QRestoreRegisterState:number``: give them back; the number is decimal."""
    fields.expect(b":")
    digits = fields.all()
    if not digits.isdigit() or len(digits) > _MOST_DIGITS:
        raise Refused("this is no number")
    session.saved.restore(int(digits), session.thread())
    return OK
