"""What a decoder needs of a tracee's memory, and the bounded ways in which it reads it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class MemoryReader(Protocol):
        """Something that gives the bytes of one address space: live, recorded or dumped."""

        def read(self, address: int, size: int) -> bytes:
            """Exactly ``size`` bytes at ``address``; raises ``errors.MemoryFault``."""
            ...

        def read_prefix(self, address: int, size: int) -> bytes:
            """The readable beginning of the range, maybe ``b""``; never raises."""
            ...


PAGE = 4096
FIRST = 256
"""A first read of a string: most paths fit, and it costs no more than a read of one byte."""

PATH_MAX = 4096


def read_exactly(memory: MemoryReader, address: int, size: int) -> bytes | None:
    """``size`` bytes, or None when a byte of the range can't be read."""
    data = memory.read_prefix(address, size)
    return data if len(data) == size else None


def read_string(memory: MemoryReader, address: int, limit: int) -> tuple[bytes, bool] | None:
    """A NUL-terminated string of at most ``limit`` bytes: ``(bytes, ended)``.

    ``ended`` is false when no NUL was met within ``limit`` bytes.  None when memory ends before
    the NUL: the kernel would answer EFAULT, and the address is all that can be said.
    """
    size = min(FIRST, PAGE - address % PAGE, limit + 1)
    data = memory.read_prefix(address, size)
    end = data.find(0)
    if end >= 0:
        return data[:end], True
    while len(data) == size:
        if size > limit:
            return data[:limit], False
        wanted = min(PAGE - (address + size) % PAGE, limit + 1 - size)
        data += memory.read_prefix(address + size, wanted)
        end = data.find(0, size)
        if end >= 0:
            return data[:end], True
        size += wanted
    return None
