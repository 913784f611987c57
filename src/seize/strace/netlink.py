"""What a decoder may ask about netlink: a socket's protocol, a generic family's name.

Most traces meet no netlink socket, so that nothing is loaded or asked before there is one.
"""

from __future__ import annotations

from struct import Struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.strace.descriptors import Descriptors

_HEADER = Struct("=IHHII")
_GENERIC_HEADER = 4
_NETLINK_GENERIC, _CONTROL, _GET_FAMILY = 16, 16, 3
_NLM_F_REQUEST, _NLM_F_DUMP = 1, 0x300
_DONE, _ERROR = 3, 2
_FAMILY_ID, _FAMILY_NAME = 1, 2
_SECONDS = 1.0
_MOST_PARTS = 256


class Netlink:
    """Answers for a decoder: ``protocol`` of a descriptor, ``family`` of a number."""

    def __init__(self) -> None:
        self._descriptors: Descriptors | None = None
        self._families: dict[int, str] | None = None

    def protocol(self, tid: int, fd: int) -> str | None:
        """As `seize.strace.descriptors.Descriptors.netlink_protocol`."""
        if self._descriptors is None:
            from seize.strace.descriptors import Descriptors

            self._descriptors = Descriptors(frozenset())
        return self._descriptors.netlink_protocol(tid, fd)

    def family(self, number: int) -> str | None:
        """The name of the generic netlink family with that number on this machine."""
        if self._families is None:
            try:
                self._families = _ask()
            except OSError:
                self._families = {}
        return self._families.get(number)


def _ask() -> dict[int, str]:
    """Ask the kernel for all generic families."""
    from _socket import AF_NETLINK, SOCK_CLOEXEC, SOCK_RAW, socket

    from seize.strace.descriptors import attributes

    found: dict[int, str] = {}
    channel = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, _NETLINK_GENERIC)
    try:
        channel.settimeout(_SECONDS)
        size = _HEADER.size + _GENERIC_HEADER
        head = _HEADER.pack(size, _CONTROL, _NLM_F_REQUEST | _NLM_F_DUMP, 1, 0)
        channel.send(head + bytes([_GET_FAMILY, 2, 0, 0]))
        for _ in range(_MOST_PARTS):
            data = channel.recv(1 << 16)
            while len(data) >= _HEADER.size:
                length, kind, *_ = _HEADER.unpack_from(data)
                if kind in (_DONE, _ERROR) or length < _HEADER.size:
                    return found
                parts = dict(attributes(data[_HEADER.size + _GENERIC_HEADER : length]))
                if _FAMILY_ID in parts and _FAMILY_NAME in parts:
                    number = int.from_bytes(parts[_FAMILY_ID][:2], "little")
                    found[number] = parts[_FAMILY_NAME].rstrip(b"\0").decode("ascii", "replace")
                data = data[(length + 3) & ~3 :]
    finally:
        channel.close()
    return found
