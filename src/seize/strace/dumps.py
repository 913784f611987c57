"""Whole data of reads and writes, in hexadecimal and ASCII: strace's ``-e read`` and ``-e write``.

It is taken from the tracee's memory when the call is over, whatever the call shows of it.
"""

from __future__ import annotations

from seize._frozen import frozen
from seize.callsets.sets import descriptors
from seize.decode.memory import read_exactly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from seize.decode import Call
    from seize.strace.settings import Settings

_READS = frozenset(("read", "pread64", "recv", "recvfrom", "mq_timedreceive"))
_WRITES = frozenset(("write", "pwrite64", "send", "sendto", "mq_timedsend"))
_READ_VECTORS = frozenset(("readv", "preadv", "preadv2"))
_WRITE_VECTORS = frozenset(("writev", "pwritev", "pwritev2", "vmsplice"))
_NO_BOUND = 0x7FFFF000
"""MAX_RW_COUNT: more bytes are never read or written at once (read(2))."""
_VECTOR_LIMIT, _MESSAGES_LIMIT = 1024, 1024
"""UIO_MAXIOV, and the most messages that one call takes (sendmmsg(2))."""

_ROW = 16
_HALF = 8
_HEX_WIDTH = 49


@frozen
class Dump:
    """One stretch of data: ``data`` is None where memory can't be read.

    ``buffer`` is its place in a vector, and ``message`` that of the vector among messages, with
    the number of buffers that the message has; None outside such.
    """

    data: bytes | None
    size: int
    buffer: int | None = None
    message: tuple[int, int] | None = None


class Dumps:
    """Gives the data of the calls that read from some descriptors and write to others."""

    def __init__(self, settings: Settings) -> None:
        self._reads = descriptors(settings.reads)
        self._writes = descriptors(settings.writes)

    def of(self, call: Call) -> list[Dump]:
        """What a call has read, or was to write; nothing if that isn't asked for."""
        if call.rval is None or not call.raw:
            return []
        name = call.name.removesuffix("_time64")
        fd = call.raw[0] & 0xFFFFFFFF
        if fd >> 31:
            return []
        found: list[Dump] = []
        if fd in self._reads and not call.failed:
            found.extend(_read(call, name))
        if fd in self._writes:
            found.extend(_written(call, name))
        return found

    def text(self, call: Call) -> str:
        """The lines that follow a call's."""
        return text_of(self.of(call))


def _read(call: Call, name: str) -> Iterator[Dump]:
    result = call.rval or 0
    if name in _READS:
        yield from _plain(call, result)
    elif name in _READ_VECTORS:
        yield from _vector(call, call.raw[1], call.raw[2], result)
    elif name == "recvmsg":
        yield from _message(call, call.raw[1], result)
    elif name == "recvmmsg":
        yield from _messages(call, result)


def _written(call: Call, name: str) -> Iterator[Dump]:
    if name in _WRITES:
        yield from _plain(call, call.raw[2])
    elif name in _WRITE_VECTORS:
        yield from _vector(call, call.raw[1], call.raw[2], _NO_BOUND)
    elif name == "sendmsg":
        yield from _message(call, call.raw[1], _NO_BOUND)
    elif name == "sendmmsg" and not call.failed:
        yield from _messages(call, call.rval or 0)


def _plain(call: Call, size: int) -> Iterator[Dump]:
    size = min(size, _NO_BOUND)
    if size:
        yield Dump(read_exactly(call.memory, call.raw[1], size), size)


def _words(call: Call, address: int, count: int) -> list[int] | None:
    """So many words of the call's ABI."""
    width = 4 if call.arch_name == "i386" else 8
    data = read_exactly(call.memory, address, width * count)
    if data is None:
        return None
    return [int.from_bytes(data[i : i + width], "little") for i in range(0, len(data), width)]


def _vector(
    call: Call, address: int, count: int, bound: int, message: tuple[int, int] | None = None
) -> Iterator[Dump]:
    """The buffers of an iovec, up to the first empty one and to ``bound`` bytes in all."""
    words = _words(call, address, 2 * min(count, _VECTOR_LIMIT)) or []
    for index, (base, size) in enumerate(zip(words[::2], words[1::2], strict=True)):
        size = min(size, bound)
        bound -= size
        if not size:
            return
        yield Dump(read_exactly(call.memory, base, size), size, index, message)


def _message(call: Call, address: int, bound: int, message: int | None = None) -> Iterator[Dump]:
    """The buffers of a msghdr: its iovec and its length are the third and fourth word."""
    words = _words(call, address, 4)
    if words is not None:
        place = None if message is None else (message, words[3])
        yield from _vector(call, words[2], words[3], bound, place)


def _messages(call: Call, count: int) -> Iterator[Dump]:
    """The buffers of ``count`` structs mmsghdr: a msghdr, and how long the message is."""
    word = 4 if call.arch_name == "i386" else 8
    header = 7 * word
    for index in range(min(count, _MESSAGES_LIMIT)):
        address = call.raw[1] + index * (header + word)
        length = read_exactly(call.memory, address + header, 4)
        if length is not None:
            yield from _message(call, address, int.from_bytes(length, "little"), index)


def text_of(dumps: list[Dump]) -> str:
    """The dumps as strace writes them."""
    lines: list[str] = []
    message: tuple[int, int] | None = None
    for dump in dumps:
        if dump.message is not None and dump.message != message:
            message = dump.message
            lines.append(f" = {message[1]} buffers in vector {message[0]}")
        if dump.buffer is not None:
            lines.append(f" * {dump.size} bytes in buffer {dump.buffer}")
        lines.extend(_rows(dump.data or b""))
    return "".join([f"{line}\n" for line in lines])


def _rows(data: bytes) -> Iterator[str]:
    for start in range(0, len(data), _ROW):
        row = data[start : start + _ROW]
        left, right = row[:_HALF].hex(" "), row[_HALF:].hex(" ")
        text = "".join([chr(code) if 32 <= code < 127 else "." for code in row])
        yield f" | {start:05x}  {f'{left:<23}  {right}':<{_HEX_WIDTH}} {text:<{_ROW}} |"


def to_json(dumps: list[Dump]) -> list[dict[str, Any]]:
    """The dumps for JSON."""
    made = []
    for dump in dumps:
        one: dict[str, Any] = {"size": dump.size}
        one["hex"] = None if dump.data is None else dump.data.hex()
        if dump.buffer is not None:
            one["buffer"] = dump.buffer
        if dump.message is not None:
            one["message"], one["buffers"] = dump.message
        made.append(one)
    return made


def from_json(found: list[dict[str, Any]]) -> list[Dump]:
    """The dumps that JSON tells of."""
    return [
        Dump(
            None if one["hex"] is None else bytes.fromhex(one["hex"]),
            one["size"],
            one.get("buffer"),
            (one["message"], one["buffers"]) if "message" in one else None,
        )
        for one in found
    ]
