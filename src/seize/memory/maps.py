"""The memory map of a process: proc_pid_maps(5)."""

from __future__ import annotations

from seize._frozen import frozen


@frozen
class Mapping:
    """One line of /proc/PID/maps: the bytes ``start`` to ``end`` (exclusive).

    ``permissions`` is like ``"r-xp"``, ``offset`` counts bytes into the file ``path`` (which is
    empty for anonymous memory, and ``"[stack]"`` and the like for the kernel's own), ``device``
    is ``"major:minor"`` in hexadecimal.
    """

    start: int
    end: int
    permissions: str
    offset: int
    device: str
    inode: int
    path: str

    @property
    def size(self) -> int:
        """The length in bytes."""
        return self.end - self.start


def parse_maps(text: str) -> tuple[Mapping, ...]:
    """Parse the contents of /proc/PID/maps."""
    return tuple(_line(line) for line in text.splitlines())


def _line(line: str) -> Mapping:
    span, permissions, offset, device, inode, *path = line.split(None, 5)
    start, end = span.split("-")
    name = path[0] if path else ""
    return Mapping(
        int(start, 16), int(end, 16), permissions, int(offset, 16), device, int(inode), name
    )
