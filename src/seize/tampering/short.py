"""Short counts: a call that moves bytes is made to move fewer of them."""

from __future__ import annotations

from struct import Struct

from seize._frozen import frozen
from seize.errors import MemoryFault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode import Call

    Write = Callable[[int, bytes], None]

COUNTS = {
    "read": 2, "write": 2, "pread64": 2, "pwrite64": 2, "sendto": 2, "recvfrom": 2,
    "getrandom": 1, "sendfile": 3, "sendfile64": 3, "copy_file_range": 4, "splice": 4, "tee": 2,
}  # fmt: skip
"""Call -> the index of the argument that says how many bytes it may move."""
VECTORS = frozenset(("readv", "writev", "preadv", "pwritev", "preadv2", "pwritev2"))
"""Calls whose second and third arguments are an array of struct iovec and its length."""
MESSAGES = frozenset(("sendmsg", "recvmsg"))
"""Calls whose second argument is a struct msghdr, with such an array in it."""
_MAX_VECTOR = 1024
# iovec: base, length.  msghdr: name, its length (padded to a word), array, its length.
_IOVEC = {4: Struct("=2I"), 8: Struct("=2Q")}
_MSGHDR = {4: Struct("=4I"), 8: Struct("=4Q")}


@frozen
class Cut:
    """What was done: ``size`` bytes of those ``asked`` for, and the registers to change."""

    size: int
    asked: int
    registers: dict[int, int]


def cut(call: Call, limit: int | float, write: Write) -> Cut | None:
    """Limit a call to so many bytes, or to that fraction of them (at least one).

    ``write`` changes memory, where the counts are there.  None if there is nothing to cut.
    """
    index = COUNTS.get(call.name)
    if index is not None:
        asked = call.raw[index]
        size = _size(asked, limit)
        return None if size >= asked else Cut(size, asked, {index: size})
    try:
        vector = _vector(call)
        if not vector:
            return None
        address, lengths = vector
        asked = sum(lengths)
        size = _size(asked, limit)
        if size >= asked:
            return None
        _cut_vector(call, address, lengths, size, write)
    except MemoryFault:
        # The kernel will say EFAULT by itself.
        return None
    return Cut(size, asked, {})


def _size(asked: int, limit: int | float) -> int:
    return limit if isinstance(limit, int) else max(1, int(asked * limit))


def _word(call: Call) -> int:
    return 4 if call.arch_name == "i386" else 8


def _vector(call: Call) -> tuple[int, list[int]] | None:
    """The array of struct iovec that a call moves bytes by: its address, and the lengths."""
    word = _word(call)
    address, count = call.raw[1], call.raw[2]
    if call.name in MESSAGES:
        header = _MSGHDR[word]
        _, _, address, count = header.unpack(_read(call, address, header.size))
    elif call.name not in VECTORS:
        return None
    if not 0 < count <= _MAX_VECTOR:
        return None
    data = _read(call, address, count * _IOVEC[word].size)
    return address, [length for _, length in _IOVEC[word].iter_unpack(data)]


def _read(call: Call, address: int, size: int) -> bytes:
    data = call.memory.read_prefix(address, size)
    if len(data) < size:
        raise MemoryFault(address, size)
    return data


def _cut_vector(call: Call, address: int, lengths: list[int], size: int, write: Write) -> None:
    word = _word(call)
    for index, length in enumerate(lengths):
        kept = min(length, size)
        size -= kept
        if kept < length:
            write(address + (2 * index + 1) * word, kept.to_bytes(word, "little"))
