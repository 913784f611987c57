"""Asking the kernel over a netlink socket of our own (netlink(7))."""

from __future__ import annotations

from struct import Struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

NETLINK_SOCK_DIAG, NETLINK_GENERIC = 4, 16
DUMP = 0x300
"""The flag for all that there are, in as many messages as it takes."""

_HEADER = Struct("=IHHII")
_ATTRIBUTE = Struct("=HH")
_REQUEST = 1
_DONE, _ERROR = 3, 2
_SECONDS = 1.0
_MOST_PARTS = 256


def ask(protocol: int, kind: int, flags: int, body: bytes) -> Iterator[bytes]:
    """The answers to a request, without their headers; none if the kernel refuses it.

    Raises OSError if it can't be asked.
    """
    from _socket import AF_NETLINK, SOCK_CLOEXEC, SOCK_RAW, socket

    channel = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol)
    try:
        channel.settimeout(_SECONDS)
        size = _HEADER.size + len(body)
        channel.send(_HEADER.pack(size, kind, _REQUEST | flags, 1, 0) + body)
        for _ in range(_MOST_PARTS):
            data = channel.recv(1 << 16)
            while len(data) >= _HEADER.size:
                length, answer, *_ = _HEADER.unpack_from(data)
                if answer in (_DONE, _ERROR) or length < _HEADER.size:
                    return
                yield data[_HEADER.size : length]
                data = data[(length + 3) & ~3 :]
            if not flags:
                return
    finally:
        channel.close()


def attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The attributes in ``data``: type and value."""
    offset = 0
    while offset + _ATTRIBUTE.size <= len(data):
        length, kind = _ATTRIBUTE.unpack_from(data, offset)
        if length < _ATTRIBUTE.size:
            return
        yield kind, data[offset + _ATTRIBUTE.size : offset + length]
        offset += (length + 3) & ~3
