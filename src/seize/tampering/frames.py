"""Messages through a descriptor: four bytes of length, then the bytes."""

from __future__ import annotations

import os

_LENGTH = 4


def frame(data: bytes) -> bytes:
    """A message with its length before it."""
    return len(data).to_bytes(_LENGTH, "little") + data


def write_frame(descriptor: int, data: bytes) -> None:
    """Write one message, whole."""
    rest = memoryview(frame(data))
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def read_frame(descriptor: int) -> bytes | None:
    """Read one message; None if the other side has gone."""
    head = _read(descriptor, _LENGTH)
    return None if head is None else _read(descriptor, int.from_bytes(head, "little"))


def _read(descriptor: int, size: int) -> bytes | None:
    data = b""
    while len(data) < size:
        more = os.read(descriptor, size - len(data))
        if not more:
            return None
        data += more
    return data


def frames_from(descriptor: int, offset: int) -> tuple[list[bytes], int]:
    """Read the whole messages in a file from an offset on; also give the offset behind them."""
    found: list[bytes] = []
    while True:
        head = os.pread(descriptor, _LENGTH, offset)
        size = int.from_bytes(head, "little")
        data = os.pread(descriptor, size, offset + _LENGTH) if len(head) == _LENGTH else b""
        if not data or len(data) < size:
            return found, offset
        found.append(data)
        offset += _LENGTH + size
