"""The packets that are understood: one function each, registered by name.

>>> @packet("qC")
... def current_thread(session: Session, fields: Fields) -> bytes | None: ...

A handler gets what stands after the name and returns the reply's data, None to send no reply
(yet).  It raises Refused for what it doesn't do, before it has changed anything.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.gdbserver.fields import Fields
    from seize.gdbserver.session import Session

    Handler = Callable[[Session, Fields], bytes | None]

HANDLERS: dict[bytes, Handler] = {}
OK = b"OK"
# Names of several letters begin with these; all others are one character.  A number follows some.
_NAME = re.compile(
    rb"qRegisterInfo|qThreadStopInfo|[qQvj][A-Za-z0-9_]*(?:-[a-z][A-Za-z-]*)?|_[Mm]|.", re.DOTALL
)


def packet(*names: str) -> Callable[[Handler], Handler]:
    """Register a handler under these names."""

    def register(handler: Handler) -> Handler:
        for name in names:
            HANDLERS[name.encode("ascii")] = handler
        return handler

    return register


def split(data: bytes) -> tuple[bytes, bytes]:
    """Cut a packet's data into its name and what comes after it."""
    found = _NAME.match(data)
    name = found[0] if found else b""
    return name, data[len(name) :]
