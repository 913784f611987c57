"""Letting threads run and stopping them: vCont, the older c C s S, Ctrl-C, H and T."""

from __future__ import annotations

from seize._frozen import frozen
from seize.errors import TraceeGone
from seize.gdbserver.fields import ALL, ANY, Fields, Refused, ThreadId
from seize.gdbserver.points import is_at_trap
from seize.gdbserver.table import OK, packet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from seize.debug.reasons import DebugStop
    from seize.debug.thread import Thread
    from seize.gdbserver.session import Session


@frozen
class Action:
    """What a thread is to do: ``step``, ``stop``, or run, with ``signal`` (0: none).

    ``inside``: until its program counter leaves these addresses.
    """

    signal: int = 0
    step: bool = False
    stop: bool = False
    inside: tuple[int, int] | None = None


def _action(session: Session, fields: Fields) -> Action:
    letter = fields.take(1)
    match letter:
        case b"c":
            return Action()
        case b"s":
            return Action(step=True)
        case b"C" | b"S":
            signal = session.signal_from(fields.number())
            return Action(signal, step=letter == b"S")
        case b"t":
            return Action(stop=True)
        case b"r":
            return Action(step=True, inside=fields.pair())
    raise Refused("an unknown action")


def _threads(session: Session, which: ThreadId | None) -> list[Thread]:
    """The threads that an id stands for, in order."""
    if which is not None and which.tid > 0:
        try:
            return [session.thread(which)]
        except Refused:
            # It has ended, and the client will be told.
            return []
    pid = None if which is None or which.pid in (None, ALL, ANY) else which.pid
    found = session.threads(pid)
    return found[:1] if which is not None and which.tid == ANY else found


def _carry_out(session: Session, actions: Iterable[tuple[Thread, Action]]) -> None:
    chosen = dict(actions)
    if not session.debugger.non_stop:
        session.actions = chosen
        session.kept = {thread for thread in session.threads() if thread not in chosen}
    # Signals first: a thread that has something to tell keeps others from being started at all.
    # Then who was told longest ago: else others could stop it each time before it hits.
    for thread in sorted(chosen, key=lambda each: (not chosen[each].signal, each.told)):
        action = chosen[thread]
        try:
            _act(session, thread, action)
        except TraceeGone:
            # A SIGKILL came; its end will be told.
            continue


def go_on(session: Session, stop: DebugStop) -> None:
    """Let what the client has let run go on as it wanted, after a stop that it isn't told of."""
    if session.debugger.non_stop:
        session.debugger.resume(stop.thread or stop.process)
        return
    for thread in session.threads():
        if thread in session.kept:
            continue
        action = session.actions.get(thread, Action())
        try:
            if action.inside is not None:
                session.debugger.resume(thread, range=action.inside)
            else:
                session.debugger.resume(thread, step=action.step)
        except TraceeGone:
            # As above.
            continue


def _act(session: Session, thread: Thread, action: Action) -> None:
    debugger = session.debugger
    if action.stop:
        if debugger.non_stop and thread.resumed:
            session.reporting.stopping.add(thread.tid)
            debugger.interrupt(thread)
        return
    if debugger.non_stop and (thread.resumed or session.reporting.is_on_its_way(thread)):
        # The client doesn't know yet that it has stopped, so it doesn't mean that stop.
        return
    signal = action.signal
    if signal and thread.at is not None and is_at_trap(thread):
        # The signal comes first: its handler returns to the trap, which is met then.
        thread.at = None
    if action.inside is not None and action.inside[0] < action.inside[1]:
        debugger.resume(thread, range=action.inside, signal=signal, every_signal=True)
    else:
        # Whoever steps must see signals, to step over their handlers.
        debugger.resume(thread, step=action.step, signal=signal, every_signal=action.step)


def _resumed(session: Session) -> bytes | None:
    """The reply to what lets threads run: none yet in all-stop mode."""
    if session.debugger.non_stop:
        return OK
    session.waiting = True
    if not session.debugger.running:
        session.reporting.nobody_runs()
    return None


@packet("vCont")
def resume(session: Session, fields: Fields) -> bytes | None:
    """``vCont;action[:thread]…``: the first action that names a thread is the thread's."""
    if fields.skip(b"?"):
        fields.end()
        return b"vCont;c;C;s;S;t;r"
    chosen: dict[int, tuple[Thread, Action]] = {}
    if not fields:
        raise Refused("an action is missing")
    while fields:
        fields.expect(b";")
        action = _action(session, fields)
        which = fields.thread_id() if fields.skip(b":") else None
        for thread in _threads(session, which):
            chosen.setdefault(thread.tid, (thread, action))
    _carry_out(session, chosen.values())
    return _resumed(session)


def _older(session: Session, fields: Fields, *, step: bool, signal: int) -> bytes | None:
    """Carry out c, C, s or S: the thread that ``Hc`` has named, or all."""
    address = fields.number() if fields else None
    fields.end()
    thread = session.thread(session.continuing if session.continuing.tid > 0 else None)
    if address is not None:
        thread.registers.pc = address
    others = [] if session.continuing.tid > 0 else _threads(session, None)
    actions = [(thread, Action(signal, step))]
    actions += ((each, Action()) for each in others if each is not thread)
    _carry_out(session, actions)
    return _resumed(session)


@packet("c")
def run_on(session: Session, fields: Fields) -> bytes | None:
    """``c [addr]``: run."""
    return _older(session, fields, step=False, signal=0)


@packet("s")
def step(session: Session, fields: Fields) -> bytes | None:
    """``s [addr]``: execute one instruction."""
    return _older(session, fields, step=True, signal=0)


@packet("C")
def run_on_with_signal(session: Session, fields: Fields) -> bytes | None:
    """``C sig[;addr]``: run, with a signal."""
    signal = session.signal_from(fields.number())
    fields.skip(b";")
    return _older(session, fields, step=False, signal=signal)


@packet("S")
def step_with_signal(session: Session, fields: Fields) -> bytes | None:
    """``S sig[;addr]``: execute one instruction, with a signal."""
    signal = session.signal_from(fields.number())
    fields.skip(b";")
    return _older(session, fields, step=True, signal=signal)


@packet("vCtrlC")
def interrupt(session: Session, fields: Fields) -> bytes | None:
    """``vCtrlC``: as if Ctrl-C were pressed; the stop is reported as ever."""
    fields.end()
    for thread in session.threads():
        if thread.resumed:
            session.debugger.interrupt(thread)
            break
    return OK


@packet("H")
def choose(session: Session, fields: Fields) -> bytes | None:
    """``Hg thread`` and ``Hc thread``: which thread the packets that follow mean."""
    operation = fields.take(1)
    which = fields.thread_id()
    fields.end()
    if operation == b"c":
        if which.tid > 0:
            session.thread(which)
        session.continuing = which
        return OK
    if operation != b"g":
        raise Refused("neither Hg nor Hc")
    if which.tid == ANY and which.pid in (None, ANY) and session.find(session.general):
        return OK
    session.select(session.thread(ThreadId(which.pid, max(which.tid, ANY))))
    return OK


@packet("T")
def is_alive(session: Session, fields: Fields) -> bytes | None:
    """``T thread``: does it still live?"""
    which = fields.thread_id()
    fields.end()
    session.thread(which)
    return OK
