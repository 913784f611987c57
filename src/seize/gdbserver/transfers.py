"""Objects that are read in pieces: qXfer, and where each one comes from."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from seize.engine.placement import last_cpu
from seize.errors import SeizeError
from seize.gdbserver.description import describe
from seize.gdbserver.fields import Fields, Refused
from seize.gdbserver.framing import PACKET_SIZE
from seize.gdbserver.table import packet
from seize.ptrace import SigInfo
from seize.ptrace.siginfo32 import from_32_bits, to_32_bits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.debug.thread import Thread
    from seize.gdbserver.session import Session

_LARGEST_PIECE = PACKET_SIZE // 2
_LARGEST_AUXV = 1 << 14


class NoSuchAnnex(Refused):
    """The object has no part of this name: ``E00``."""

    def __init__(self) -> None:
        super().__init__("", 0)


def features(session: Session, annex: str) -> bytes:
    """The target description."""
    if annex != "target.xml":
        raise NoSuchAnnex
    thread = session.thread()
    machine = thread.process.machine
    description = describe(machine, thread.registers)
    if session.is_lldb:
        from seize.gdbserver.lldb_registers import document

        return document(machine, description.registers)
    return description.document


def auxv(session: Session, annex: str) -> bytes:
    """The auxiliary vector, as the kernel has it."""
    process = _plain(session, annex)
    try:
        with open(f"/proc/{process}/auxv", "rb") as file:
            return file.read(_LARGEST_AUXV)
    except OSError as error:
        raise Refused(str(error), error.errno or 1) from error


def _plain(session: Session, annex: str) -> int:
    """An object that has no parts: return the process that is looked at."""
    if annex:
        raise NoSuchAnnex
    return session.process().pid


def exec_file(session: Session, annex: str) -> bytes:
    """The path of the program; the annex is a process id, empty for the one that is looked at."""
    pid = Fields(annex.encode("ascii", "replace")).number() if annex else None
    return session.process(pid).executable.encode("utf-8", "surrogateescape")


def threads(session: Session, annex: str) -> bytes:
    """All threads, with their names and where they ran last."""
    if annex:
        raise NoSuchAnnex
    lines = ["<threads>"]
    for thread in session.threads():
        words = [f'id="{session.id_of(thread).decode()}"']
        core = last_cpu(thread.tid)
        if core >= 0:
            words.append(f'core="{core}"')
        words.append(f"name={quoteattr(_printable(thread.name))}")
        if thread.stopped and thread.process.machine.word_size == 8:
            # What pthread_self() gives, as libthread_db would say it.
            handle = int(thread.registers.fs_base)
            words.append(f'handle="{handle.to_bytes(8, "little").hex()}"')
        lines.append(f"<thread {' '.join(words)}/>")
    return "\n".join([*lines, "</threads>"]).encode("utf-8", "replace")


def _printable(text: str) -> str:
    """XML has no way of writing control characters."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def libraries(session: Session, annex: str) -> bytes:
    """The list of the dynamic linker, from ``start`` on if the annex names it."""
    from seize.gdbserver.libraries import document

    return document(session.process(), annex)


def osdata(session: Session, annex: str) -> bytes:
    """What this machine has of processes, threads, files and so on."""
    from seize.gdbserver.osdata import document

    return document(annex)


def siginfo(session: Session, annex: str) -> bytes:
    """The siginfo of the signal by which the thread is stopped."""
    _plain(session, annex)
    return _packed(session.thread())


def _packed(thread: Thread) -> bytes:
    """The siginfo of a thread, as its program has it."""
    info = thread.siginfo()
    return to_32_bits(info) if thread.process.machine.word_size == 4 else info.to_bytes()


_READERS: dict[bytes, Callable[[Session, str], bytes]] = {
    b"features": features,
    b"auxv": auxv,
    b"exec-file": exec_file,
    b"threads": threads,
    b"libraries-svr4": libraries,
    b"osdata": osdata,
    b"siginfo": siginfo,
}


@packet("qXfer")
def transfer(session: Session, fields: Fields) -> bytes | None:
    """``qXfer:object:read:annex:offset,length``, or ``write:annex:offset:data`` for siginfo."""
    fields.expect(b":")
    name = fields.until(b":")
    operation = fields.until(b":")
    annex = fields.until(b":").decode("ascii", "replace")
    reader = _READERS.get(name)
    if reader is None or operation not in (b"read", b"write"):
        return b""
    try:
        if operation == b"write":
            return _write_siginfo(session, fields) if name == b"siginfo" else b""
        offset, length = fields.pair()
        fields.end()
        if offset == 0 or session.transferred[:2] != (name, annex):
            # One object is read in several pieces: what has begun goes on as it was.
            session.transferred = name, annex, reader(session, annex)
    except NoSuchAnnex:
        return b"E00"
    except SeizeError as error:
        session.transferred = b"", "", b""
        raise Refused(str(error)) from error
    data = session.transferred[2]
    if offset > len(data):
        raise Refused("beyond the end")
    piece = data[offset : offset + min(length, _LARGEST_PIECE)]
    return (b"l" if offset + len(piece) >= len(data) else b"m") + piece


def _write_siginfo(session: Session, fields: Fields) -> bytes:
    offset = fields.number()
    fields.expect(b":")
    data = fields.all()
    thread = session.thread()
    now = _packed(thread)
    if offset + len(data) > len(now):
        raise Refused("beyond the end")
    wanted = now[:offset] + data + now[offset + len(data) :]
    is_short = thread.process.machine.word_size == 4
    thread.set_siginfo(from_32_bits(wanted) if is_short else SigInfo.from_bytes(wanted))
    return b"%x" % len(data)
