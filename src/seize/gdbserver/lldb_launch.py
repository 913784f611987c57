"""What lldb says before it starts a program: the A packet, QSetSTDIN and its like."""

from __future__ import annotations

import os

from seize.gdbserver.lldb_text import from_hex

STREAMS = ("STDIN", "STDOUT", "STDERR")
_MODES = (os.O_RDONLY, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)


def arguments(packet: bytes) -> list[str]:
    """Read what follows the A: ``length,index,hexadecimal`` for each argument.

    ValueError if it says anything else. The lengths count hexadecimal digits.
    """
    fields = packet.decode("ascii").split(",")
    if len(fields) % 3:
        raise ValueError(f"{len(fields)} fields are no arguments")
    found: list[str] = []
    for position in range(0, len(fields), 3):
        length, index, digits = fields[position : position + 3]
        if int(length) != len(digits) or int(index) != len(found):
            raise ValueError(f"the argument {index} is damaged")
        found.append(from_hex(digits))
    return found


class Streams:
    """Which files the next program gets as its standard input, output and error."""

    def __init__(self) -> None:
        self._paths: dict[str, str] = {}

    def set(self, stream: str, path: str) -> None:
        """Take the file of this path for ``stream`` ("STDIN" …)."""
        self._paths[stream] = path

    def open(self) -> list[int | None]:
        """Open the three files: descriptors, None where the server's own is to be used.

        OSError if one can't be opened; those that were opened before it are closed again.
        """
        opened: list[int | None] = []
        try:
            for stream, mode in zip(STREAMS, _MODES, strict=True):
                path = self._paths.get(stream)
                flags = mode | os.O_CLOEXEC | os.O_NOCTTY
                opened.append(None if path is None else os.open(path, flags, 0o666))
        except OSError:
            close(opened)
            raise
        return opened


def close(descriptors: list[int | None]) -> None:
    """Close what ``Streams.open`` opened."""
    for descriptor in descriptors:
        if descriptor is not None:
            os.close(descriptor)
