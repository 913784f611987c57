"""Copies of memory, and what has changed between two of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise

from seize._frozen import frozen
from seize.errors import MemoryFault, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Protocol

    from seize.memory import Mapping

    class Source(Protocol):
        """What is copied."""

        def read_prefix(self, address: int, size: int) -> bytes:
            """Return the readable beginning."""

        def maps(self) -> tuple[Mapping, ...]:
            """Return the mappings."""


_BLOCK = 4096
_DIFFERENT = re.compile(rb"[^\0]+")


@frozen
class Change:
    """A run of bytes that differ: ``old`` and ``new`` are as long as each other.

    Where only one of two snapshots has the bytes, the other's are b"".
    """

    address: int
    old: bytes
    new: bytes

    @property
    def size(self) -> int:
        """The number of bytes."""
        return max(len(self.old), len(self.new))


class Snapshot:
    """The contents of some ranges of memory at one moment."""

    def __init__(self, parts: Iterable[tuple[int, bytes]]) -> None:
        self._parts = sorted(_joined(parts))
        self._starts = [start for start, _ in self._parts]

    @property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """The ranges that it has: address and size in bytes."""
        return tuple((start, len(data)) for start, data in self._parts)

    @property
    def size(self) -> int:
        """The number of bytes that it has."""
        return sum(len(data) for _, data in self._parts)

    def read_prefix(self, address: int, size: int) -> bytes:
        """Return the beginning of ``size`` bytes at ``address`` that it has: maybe b""."""
        index = bisect_right(self._starts, address) - 1
        if index < 0 or size <= 0:
            return b""
        start, data = self._parts[index]
        return data[address - start : address - start + size]

    def read(self, address: int, size: int) -> bytes:
        """Return ``size`` bytes at ``address``; MemoryFault if it doesn't have them all."""
        data = self.read_prefix(address, size)
        if len(data) != size:
            raise MemoryFault(address + len(data), size - len(data))
        return data

    def diff(self, later: Snapshot) -> tuple[Change, ...]:
        """Tell what is different in a later snapshot, in the order of addresses."""
        return tuple(self._changes(later))

    def _changes(self, later: Snapshot) -> Iterator[Change]:
        edges = {edge for each in (self, later) for at, n in each.ranges for edge in (at, at + n)}
        for start, end in pairwise(sorted(edges)):
            old, new = self.read_prefix(start, end - start), later.read_prefix(start, end - start)
            if old and new:
                yield from _different(start, old, new)
            elif old or new:
                yield Change(start, old, new)


def _joined(parts: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    """Join what is side by side; of what is there twice, the first counts."""
    start, pieces, end = 0, list[bytes](), 0
    for address, data in sorted(parts, key=lambda part: part[0]):
        if address > end or not pieces:
            if pieces:
                yield start, b"".join(pieces)
            start, pieces, end = address, [], address
        if address + len(data) > end:
            pieces.append(data[end - address :])
            end = address + len(data)
    if pieces:
        yield start, b"".join(pieces)


def _different(start: int, old: bytes, new: bytes) -> Iterator[Change]:
    """Give the runs of bytes that differ."""
    first = last = -1
    for block in range(0, len(old), _BLOCK):
        before, after = old[block : block + _BLOCK], new[block : block + _BLOCK]
        if before == after:
            continue
        bits = int.from_bytes(before, "little") ^ int.from_bytes(after, "little")
        for run in _DIFFERENT.finditer(bits.to_bytes(len(before), "little")):
            if block + run.start() != last:
                if first >= 0:
                    yield Change(start + first, old[first:last], new[first:last])
                first = block + run.start()
            last = block + run.end()
    if first >= 0:
        yield Change(start + first, old[first:last], new[first:last])


def take(
    source: Source,
    what: Callable[[Mapping], bool] | Iterable[tuple[int, int]] | None,
    limit: int,
) -> Snapshot:
    """Copy the ranges, or the mappings that a function wants; see ``DebugMemory.snapshot``."""
    if what is None or callable(what):
        wants = what or _is_writable
        ranges = [(each.start, each.size) for each in source.maps() if wants(each)]
    else:
        ranges = list(what)
    size = sum(size for _, size in ranges)
    if size > limit:
        raise UsageError(f"a snapshot of {size} bytes is more than the limit of {limit}")
    copies = ((address, source.read_prefix(address, size)) for address, size in ranges)
    return Snapshot([(address, data) for address, data in copies if data])


def _is_writable(mapping: Mapping) -> bool:
    return mapping.permissions[:2] == "rw"
