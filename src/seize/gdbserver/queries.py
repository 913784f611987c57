"""What the client asks and sets: qSupported, threads, symbols, the mode; and ``monitor``."""

from __future__ import annotations

from seize.gdbserver.fields import Fields, path, text_hexed
from seize.gdbserver.framing import PACKET_SIZE
from seize.gdbserver.table import OK, packet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.gdbserver.session import Session

_ALWAYS = (
    *("QPassSignals+", "QProgramSignals+", "QStartupWithShell+", "QEnvironmentHexEncoded+"),
    *("QEnvironmentReset+", "QEnvironmentUnset+", "QSetWorkingDir+", "QCatchSyscalls+"),
    *("qXfer:libraries-svr4:read+", "augmented-libraries-svr4-read+", "qXfer:auxv:read+"),
    *("qXfer:siginfo:read+", "qXfer:siginfo:write+", "qXfer:features:read+"),
    *("qXfer:osdata:read+", "qXfer:threads:read+", "qXfer:exec-file:read+"),
    *("QStartNoAckMode+", "QNonStop+", "QDisableRandomization+", "QThreadEvents+"),
    *("ConditionalBreakpoints+", "BreakpointCommands+", "vContSupported+", "binary-upload+"),
    *("QThreadSuffixSupported+", "QListThreadsInStopReply+", "qEcho+", "native-signals+"),
    "SupportedWatchpointTypes=x86_64",
)
_IF_KNOWN = (
    *("multiprocess", "fork-events", "vfork-events", "exec-events", "swbreak", "hwbreak"),
    *("no-resumed", "error-message"),
)
"""What changes our answers, so that a client must know it too."""


@packet("qSupported")
def supported(session: Session, fields: Fields) -> bytes | None:
    """``qSupported:feature+;…``: what the client can; the reply says what we can."""
    fields.skip(b":")
    told = fields.all().decode("ascii", "replace").split(";")
    session.features = {word[:-1] for word in told if word.endswith("+")}
    session.catching.begin()
    known = [f"{name}+" for name in _IF_KNOWN if name in session.features]
    words = [f"PacketSize={PACKET_SIZE - 1:x}", *_ALWAYS, *known]
    if session.server.is_disabled(b"vCont"):
        words.remove("vContSupported+")
    return ";".join(words).encode("ascii")


@packet("vMustReplyEmpty")
def must_reply_empty(session: Session, fields: Fields) -> bytes | None:
    """``vMustReplyEmpty``: what do we answer to what we don't know?"""
    return b""


@packet("QStartNoAckMode")
def no_acknowledgments(session: Session, fields: Fields) -> bytes | None:
    """``QStartNoAckMode``: no more + and -: the line is a reliable one."""
    fields.end()
    session.stop_acknowledging()
    return OK


@packet("QNonStop")
def non_stop(session: Session, fields: Fields) -> bytes | None:
    """``QNonStop:1`` or ``:0``."""
    session.debugger.non_stop = fields.flag()
    session.reporting.queue.clear()
    if session.debugger.non_stop:
        session.server.release_attached()
    return OK


@packet("qAttached")
def attached(session: Session, fields: Fields) -> bytes | None:
    """``qAttached[:pid]``: ``1`` if we have attached to it, ``0`` if we have started it."""
    pid = fields.number() if fields.skip(b":") else None
    fields.end()
    return b"0" if session.process(pid).spawned else b"1"


@packet("qC")
def current(session: Session, fields: Fields) -> bytes | None:
    """``qC``: which thread is looked at?"""
    fields.end()
    return b"QC" + session.id_of(session.thread())


@packet("qfThreadInfo")
def first_threads(session: Session, fields: Fields) -> bytes | None:
    """``qfThreadInfo``: the ids of all threads, in one packet."""
    fields.end()
    ids = [session.id_of(thread) for thread in session.threads()]
    return b"m" + b",".join(ids) if ids else b"l"


@packet("qsThreadInfo")
def more_threads(session: Session, fields: Fields) -> bytes | None:
    """``qsThreadInfo``: there are no more."""
    fields.end()
    return b"l"


@packet("qThreadExtraInfo")
def extra_info(session: Session, fields: Fields) -> bytes | None:
    """``qThreadExtraInfo,thread``: its name."""
    fields.expect(b",")
    which = fields.thread_id()
    fields.end()
    return text_hexed(session.thread(which).name)


@packet("qSymbol")
def symbol_lookup(session: Session, fields: Fields) -> bytes | None:
    """``qSymbol::``: we need no symbols from the client."""
    return OK


@packet("qTStatus")
def tracepoint_status(session: Session, fields: Fields) -> bytes | None:
    """``qTStatus``: there are no tracepoints, which an empty reply says."""
    return b""


@packet("qGetTLSAddr")
def tls_address(session: Session, fields: Fields) -> bytes | None:
    """``qGetTLSAddr:thread,offset,lm``: where a thread has a thread-local variable."""
    from seize.gdbserver.tls import address_of

    fields.expect(b":")
    which = fields.thread_id()
    fields.expect(b",")
    offset, link_map = fields.pair()
    fields.end()
    return b"%x" % address_of(session.thread(which), link_map, offset)


@packet("qRcmd")
def monitor(session: Session, fields: Fields) -> bytes | None:
    """``qRcmd,hex``: gdb's ``monitor`` command; the reply is its output."""
    from seize.gdbserver.monitor import answer

    fields.expect(b",")
    text = answer(session, path(fields.hexadecimal()))
    return text_hexed(text) if text else OK
