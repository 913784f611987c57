"""What can be read of any address space, from its bytes."""

from __future__ import annotations

from seize.errors import MemoryFault

_PAGE = 4096


class Readable:
    """An address space, of which a subclass reads the bytes (``read_prefix``)."""

    __slots__ = ()

    def read_prefix(self, address: int, size: int) -> bytes:
        """Return the readable beginning of ``size`` bytes at ``address``: maybe b""."""
        raise NotImplementedError

    def read(self, address: int, size: int) -> bytes:
        """Return exactly ``size`` bytes at ``address``; MemoryFault if not all can be read."""
        data = self.read_prefix(address, size)
        if len(data) != size:
            raise MemoryFault(address + len(data), size - len(data))
        return data

    def cstring(self, address: int, limit: int = 1 << 20) -> bytes:
        """Return the bytes of a C string without its NUL.

        MemoryFault if the string runs into unreadable memory, or has no NUL within ``limit``.
        """
        parts: list[bytes] = []
        position = address
        while position - address < limit:
            chunk = self.read_prefix(position, _PAGE - position % _PAGE)
            if not chunk:
                raise MemoryFault(position)
            end = chunk.find(0)
            if end >= 0:
                return b"".join((*parts, chunk[:end]))
            parts.append(chunk)
            position += len(chunk)
        raise MemoryFault(position)
