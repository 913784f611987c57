"""How packets stand on the line: ``$data#checksum``, acknowledgments, escapes, run lengths.

See "Overview", "Packet Acknowledgment" and "Binary Data" in gdb's manual, appendix "GDB Remote
Serial Protocol".  Nothing here reads or writes a descriptor.
"""

from __future__ import annotations

import re

from seize._frozen import frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

PACKET_SIZE = 1 << 17
"""The longest packet that a client may send, in bytes between ``$`` and ``#``."""
_DOLLAR, _HASH, _ESCAPE, _INTERRUPT, _PLUS, _MINUS = b"$#}\x03+-"
_XOR = 0x20
_COUNT_BASE = 29
"""The count of a run is one printable character: what it adds to the first one, and this."""
# The marks of the protocol, and what a simple client might take for one.
_UNUSED_COUNTS = frozenset(b"#$%+-*}")
_SHORTEST_RUN = 4
_SPECIAL = re.compile(rb"[#$*}]")
_ESCAPED = re.compile(rb"\}(.)", re.DOTALL)
_RUN = re.compile(rb"(.)\1{3,96}", re.DOTALL)
# Much faster to find: what most runs in memory are.
_ZEROS = re.compile(rb"00000{0,93}")
_LONG = 1 << 12
_COUNTED = re.compile(rb"(.)\*(.)", re.DOTALL)


@frozen
class Packet:
    """A whole packet: ``data`` is what stood between ``$`` and ``#``, still escaped.

    ``intact`` tells whether its checksum was right.
    """

    data: bytes
    intact: bool


@frozen
class Interrupt:
    """The byte 0x03 between packets: the user has pressed Ctrl-C."""


@frozen
class Acknowledged:
    """``+``, or ``-`` (not ``good``): the other side asks for our last packet once more."""

    good: bool


@frozen
class TooLong:
    """A packet that was longer than PACKET_SIZE, and was skipped."""


Item = Packet | Interrupt | Acknowledged | TooLong


class Deframer:
    """Cuts the bytes of a line into items; bytes that belong to none are skipped.

    At most PACKET_SIZE bytes are kept.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._in_packet = False
        self._skipped = 0

    def feed(self, data: bytes) -> Iterator[Item]:
        """Take what came, and give the items that it completes."""
        self._buffer += data
        while self._buffer:
            item = self._packet() if self._in_packet else self._between()
            if item is None:
                return
            yield item

    def _between(self) -> Item | None:
        """The next item that is no packet; None at the beginning of one, or at the end."""
        buffer = self._buffer
        for position, byte in enumerate(buffer):
            item: Item | None = None
            if byte == _DOLLAR:
                self._in_packet = True
                self._skipped = 0
                del buffer[: position + 1]
                return self._packet()
            if byte == _INTERRUPT:
                item = Interrupt()
            elif byte in (_PLUS, _MINUS):
                item = Acknowledged(byte == _PLUS)
            if item is not None:
                del buffer[: position + 1]
                return item
        buffer.clear()
        return None

    def _packet(self) -> Item | None:
        buffer = self._buffer
        end = buffer.find(_HASH)
        restart = buffer.rfind(_DOLLAR, 0, end if end >= 0 else len(buffer))
        if restart >= 0:
            # A client begins again where it has lost its way: a bare $ is never part of one.
            del buffer[: restart + 1]
            self._skipped = 0
            end = buffer.find(_HASH)
        if end < 0:
            if len(buffer) > PACKET_SIZE:
                self._skipped += len(buffer)
                buffer.clear()
            return None
        if len(buffer) < end + 3:
            return None
        data, digits = bytes(buffer[:end]), bytes(buffer[end + 1 : end + 3])
        del buffer[: end + 3]
        self._in_packet = False
        if self._skipped or len(data) > PACKET_SIZE:
            return TooLong()
        return Packet(data, digits.lower() == b"%02x" % (sum(data) & 0xFF))


def frame(data: bytes, mark: bytes = b"$") -> bytes:
    """Give the packet (``$``) or notification (``%``) that carries escaped ``data``."""
    return b"%b%b#%02x" % (mark, data, sum(data) & 0xFF)


def escape(data: bytes) -> bytes:
    """Escape the bytes that have a meaning on the line: ``#``, ``$``, ``}`` and ``*``."""
    return _SPECIAL.sub(lambda found: bytes((_ESCAPE, found[0][0] ^ _XOR)), data)


def unescape(data: bytes) -> bytes:
    """Undo ``escape``."""
    return _ESCAPED.sub(lambda found: bytes((found[1][0] ^ _XOR,)), data)


def shorten(data: bytes) -> bytes:
    """Write runs of equal characters as one, ``*``, and a count (run-length encoding).

    For data without ``*`` and ``}``, such as hexadecimal digits. In long data, only for zeros.
    """
    return (_RUN if len(data) < _LONG else _ZEROS).sub(_shortened, data)


def _shortened(found: re.Match[bytes]) -> bytes:
    run, more = found[0][:1], len(found[0]) - 1
    written = more
    while written + _COUNT_BASE in _UNUSED_COUNTS:
        written -= 1
    if written + 1 < _SHORTEST_RUN:
        return found[0]
    return b"%b*%c%b" % (run, written + _COUNT_BASE, run * (more - written))


def lengthen(data: bytes) -> bytes:
    """Undo ``shorten``."""
    return _COUNTED.sub(lambda found: found[1] * (found[2][0] - _COUNT_BASE + 1), data)
