"""Numbers out of bytes that nobody vouches for: a tracee's memory, any file that it maps."""

from __future__ import annotations

from seize.errors import SeizeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class WordReader(Protocol):
        """Reads a little-endian number of ``size`` bytes from memory; Malformed if it can't."""

        def __call__(self, address: int, size: int) -> int:
            """Return the number at ``address``."""


_LEB_BYTES = 16
"""No number that we want takes more bytes in LEB128: 64 bits take ten."""


class Malformed(SeizeError):
    """Bytes that are not what they claim to be, or end too early."""


class Cursor:
    """Reads little-endian numbers one after the other; all methods raise ``Malformed``.

    ``position`` is the offset in ``data`` of what comes next, ``end`` where reading must stop.
    """

    __slots__ = ("data", "end", "position")

    def __init__(self, data: bytes, position: int = 0, end: int | None = None) -> None:
        size = len(data)
        self.data = data
        self.position = position
        self.end = size if end is None else min(end, size)
        if not 0 <= position <= self.end:
            raise Malformed(f"offset {position} is outside of {self.end} bytes")

    def take(self, size: int) -> bytes:
        """Return the next ``size`` bytes."""
        start = self.position
        after = start + size
        if size < 0 or after > self.end:
            raise Malformed(f"{size} bytes at {start} end after {self.end}")
        self.position = after
        return self.data[start:after]

    def unsigned(self, size: int) -> int:
        """Return the next ``size`` bytes as an unsigned number."""
        return int.from_bytes(self.take(size), "little")

    def signed(self, size: int) -> int:
        """Return the next ``size`` bytes as a two's complement number."""
        return int.from_bytes(self.take(size), "little", signed=True)

    def byte(self) -> int:
        """Return the next byte."""
        position = self.position
        if position >= self.end:
            raise Malformed(f"there is no byte at {position}")
        self.position = position + 1
        return self.data[position]

    def uleb(self) -> int:
        """Return the next unsigned LEB128 number."""
        value, _ = self._leb()
        return value

    def sleb(self) -> int:
        """Return the next signed LEB128 number."""
        value, bits = self._leb()
        return value - (1 << bits) if value >> bits - 1 else value

    def _leb(self) -> tuple[int, int]:
        value = bits = 0
        for _ in range(_LEB_BYTES):
            byte = self.byte()
            value |= (byte & 0x7F) << bits
            bits += 7
            if byte < 0x80:
                return value, bits
        raise Malformed(f"an endless number at {self.position}")

    def cstring(self) -> bytes:
        """Return the bytes up to the next NUL, and step over it."""
        end = self.data.find(0, self.position, self.end)
        if end < 0:
            raise Malformed(f"an endless string at {self.position}")
        text = self.data[self.position : end]
        self.position = end + 1
        return text

    def initial_length(self) -> tuple[int, int]:
        """Return a DWARF unit's length, and the size of offsets in it: 4 or 8."""
        length = self.unsigned(4)
        if length == 0xFFFF_FFFF:
            return self.unsigned(8), 8
        if length >= 0xFFFF_FFF0:
            raise Malformed(f"a reserved length at {self.position}")
        return length, 4
