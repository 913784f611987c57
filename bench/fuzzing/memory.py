"""A tracee's memory for the fuzzer: a readable range of odd size, and a count of the reads."""

from __future__ import annotations

from seize.errors import MemoryFault

TOP = 1 << 64
BASE = 0x20000


class Excess(Exception):
    """A decoder reads more than it may."""


class FuzzMemory:
    """One readable range, or all of memory repeating one block; bounds what is read of it."""

    def __init__(self, most_reads: int = 1 << 30, most_bytes: int = 1 << 40) -> None:
        self.base = BASE
        self.data = b""
        self.everywhere = False
        self.reads = self.total = 0
        self.most_reads = most_reads
        self.most_bytes = most_bytes

    def put(self, base: int, data: bytes, everywhere: bool) -> None:
        """Have other contents; the counts go on."""
        self.base, self.data, self.everywhere = base, data, everywhere

    def read_prefix(self, address: int, size: int) -> bytes:
        self.reads += 1
        self.total += size
        if size < 0 or self.reads > self.most_reads or self.total > self.most_bytes:
            raise Excess(f"read {self.reads}, of {size} bytes, {self.total} bytes in all")
        if self.everywhere:
            return self._repeated(address, size)
        offset = address - self.base
        return self.data[offset : offset + size] if offset >= 0 else b""

    def _repeated(self, address: int, size: int) -> bytes:
        if not 0 <= address < TOP:
            return b""
        data = self.data or b"\0"
        offset = (address - self.base) % len(data)
        return (data * ((offset + size) // len(data) + 1))[offset : offset + size]

    def read(self, address: int, size: int) -> bytes:
        data = self.read_prefix(address, size)
        if len(data) != size:
            raise MemoryFault(address, size)
        return data
