"""How lldb starts a program: the A packet, QSetSTDIN and its like."""

from __future__ import annotations

import os

from seize._frozen import replace
from seize.gdbserver.fields import Fields, Refused, path
from seize.gdbserver.lldb_host import triple
from seize.gdbserver.table import OK, packet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.gdbserver.session import Session

_WRITING = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
_MODES = (os.O_RDONLY, _WRITING, _WRITING)


def arguments(data: bytes) -> list[str]:
    """Read what follows the A: ``length,index,hexadecimal`` for each argument, numbers decimal.

    The length counts hexadecimal digits. Refused if it says anything else.
    """
    words = data.split(b",")
    if len(words) % 3:
        raise Refused(f"{len(words)} words are no arguments")
    found: list[str] = []
    for position in range(0, len(words), 3):
        length, index, digits = words[position : position + 3]
        if (length, index) != (b"%d" % len(digits), b"%d" % len(found)):
            raise Refused(f"argument {len(found)} is damaged")
        found.append(path(Fields(digits).hexadecimal()))
    return found


@packet("A")
def launch(session: Session, fields: Fields) -> bytes | None:
    """``A length,index,hex…``: start this program; how that went, qLaunchSuccess asks."""
    words = arguments(fields.all())
    if not words[0]:
        raise Refused("no program was named")
    server = session.server
    server.program = replace(server.program, argv=tuple(words))
    session.select(server.start())
    return OK


@packet("qLaunchSuccess")
def launch_success(session: Session, fields: Fields) -> bytes | None:
    """``qLaunchSuccess``: has the program been started?"""
    fields.end()
    session.process()
    return OK


@packet("QSetSTDIN")
def set_input(session: Session, fields: Fields) -> bytes | None:
    """``QSetSTDIN:hex``: the file that is the standard input of the next program."""
    return _set_stream(session, fields, 0)


@packet("QSetSTDOUT")
def set_output(session: Session, fields: Fields) -> bytes | None:
    """``QSetSTDOUT:hex``: the file that is its standard output."""
    return _set_stream(session, fields, 1)


@packet("QSetSTDERR")
def set_error(session: Session, fields: Fields) -> bytes | None:
    """``QSetSTDERR:hex``: the file that is its standard error."""
    return _set_stream(session, fields, 2)


def _set_stream(session: Session, fields: Fields, index: int) -> bytes:
    fields.expect(b":")
    name = path(fields.hexadecimal())
    try:
        # Without O_NONBLOCK, a FIFO would let us wait for its other end; the program may do that.
        descriptor = os.open(
            name, _MODES[index] | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK, 0o666
        )
        os.set_blocking(descriptor, True)
    except OSError as error:
        raise Refused(f"{name}: {error.strerror}", error.errno or 1) from error
    server = session.server
    streams = list(server.program.streams)
    former, streams[index] = streams[index], descriptor
    if former is not None:
        os.close(former)
    server.program = replace(server.program, streams=(streams[0], streams[1], streams[2]))
    return OK


@packet("QSetDisableASLR")
def disable_randomization(session: Session, fields: Fields) -> bytes | None:
    """``QSetDisableASLR:1`` or ``:0``: are the addresses of the next program fixed?"""
    session.server.program = replace(session.server.program, aslr=not fields.flag())
    return OK


@packet("QSetDetachOnError")
def detach_on_error(session: Session, fields: Fields) -> bytes | None:
    """``QSetDetachOnError:1`` or ``:0``: if the client is lost, let the program go, or kill it."""
    session.detach_when_lost = fields.flag()
    return OK


@packet("QLaunchArch")
def launch_arch(session: Session, fields: Fields) -> bytes | None:
    """``QLaunchArch:name``: the machine of the next program; its file tells us by itself."""
    fields.expect(b":")
    name = fields.all().decode("latin-1").partition("-")[0]
    if not triple(name).endswith("-pc-linux-gnu"):
        raise Refused(f"no programs for {name} run here", 99)
    return OK


@packet("QEnvironment")
def set_variable(session: Session, fields: Fields) -> bytes | None:
    """``QEnvironment:NAME=VALUE``: a variable of the next program, written as it is."""
    fields.expect(b":")
    name, equals, value = path(fields.all()).partition("=")
    if not name or not equals:
        raise Refused("this is no NAME=VALUE")
    session.server.program = session.server.program.with_variable(name, value)
    return OK
