"""Ending: detach, kill, and starting again: D, k, vKill, R."""

from __future__ import annotations

import os
import signal

from seize.gdbserver.console import say
from seize.gdbserver.fields import Fields, Refused
from seize.gdbserver.table import OK, packet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.gdbserver.session import Session


@packet("D")
def detach(session: Session, fields: Fields) -> bytes | None:
    """``D[;pid]``: let a process go as it was found; ``D1[;pid]``, lldb's: but stopped."""
    stopped = fields.skip(b"1")
    pid = fields.number() if fields.skip(b";") else None
    fields.end()
    process = session.process(pid)
    session.points.forget(process)
    session.allocations.release(process)
    if stopped:
        os.kill(process.pid, signal.SIGSTOP)
    session.server.detach(process)
    session.finish_if_done()
    return OK


@packet("k")
def kill(session: Session, fields: Fields) -> bytes | None:
    """``k``: kill everything; there is no reply."""
    fields.end()
    say("Killing all inferiors")
    session.debugger.kill()
    session.finish_if_done()
    return b"X%02x" % signal.SIGKILL if session.is_lldb else None


@packet("vKill")
def kill_one(session: Session, fields: Fields) -> bytes | None:
    """``vKill;pid``: kill a process."""
    fields.expect(b";")
    process = session.process(fields.number())
    fields.end()
    session.points.forget(process)
    session.debugger.kill(process)
    return OK


@packet("R")
def restart(session: Session, fields: Fields) -> bytes | None:
    """``R XX``: start the program again; no reply."""
    fields.number()
    fields.end()
    if not session.server.extended:
        raise Refused("only in extended mode")
    session.debugger.kill()
    session.select(session.server.start())
    return None
