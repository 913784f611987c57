"""Structs in memory that nearly make sense: lengths lie, pointers lead back or nowhere.

A builder writes one at an offset of a block; what doesn't fit is left out.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeVar

from seize.abi._generated import flags
from seize.abi.layouts import layout
from seize.decode import shapes
from seize.decode.fields import split_field
from seize.decode.signature import split

T = TypeVar("T")
Builder = Callable[[random.Random, bytearray, int, int, int], None]
"""``(random, block, offset, base, word)``: the block lies at ``base``."""

CODES = {"i8": "B", "u8": "B", "char": "B", "i16": "H", "u16": "H", "i32": "I", "u32": "I"}
SIZES = {"B": 1, "H": 2, "I": 4, "Q": 8}


def pick(rng: random.Random, values: Sequence[T]) -> T:
    """One of the values."""
    return values[int(rng.random() * len(values))]


def put(block: bytearray, offset: int, size: int, value: int) -> None:
    """A number of ``size`` bytes, if the block has room for it."""
    if 0 <= offset <= len(block) - size:
        block[offset : offset + size] = (value & (1 << size * 8) - 1).to_bytes(size, "little")


def length(rng: random.Random, true: int) -> int:
    """A length: the true one, one that is nearly so, or a lie."""
    chance = rng.random()
    if chance < 0.5:
        return true
    if chance < 0.8:
        return true + int(rng.random() * 9) - 4
    return pick(rng, (0, 1, 2, 3, 4, 7, 8, 16, 0x7FFFFFFF, 0x80000000, 0xFFFF, 0xFFFFFFFF, 1 << 63))


def inside(rng: random.Random, block: bytearray, base: int) -> int:
    """An address in the block, now and then behind or far from it."""
    chance = rng.random()
    if chance < 0.9:
        return base + int(rng.random() * (len(block) + 8))
    return pick(rng, (0, 8, base - 4, base + len(block), 0xFFFFFFF8))


def _values(name: str) -> tuple[int, ...]:
    return tuple([value for value, _ in flags.SETS[name]]) or (0,)


# ---------------------------------------------------------------- structs of the layouts


@cache
def _fields(arch_name: str, name: str) -> tuple[tuple[int, int, tuple[int, ...]], ...]:
    """``(offset, size, values)`` of the numbers of a struct."""
    lies = layout(arch_name, name)
    sets: dict[str, tuple[int, ...]] = {}
    text = shapes.description(name) or ""
    head, _, body = text.partition("{")
    words = head.split()
    if "of" in words:
        others = words[words.index("of") + 1].split("|")
        lies = next(
            (found for found in [layout(arch_name, other) for other in others] if found), None
        )
    for part in split(body.replace(";", ",").replace("}", ",").replace("{", ","), ","):
        _, source, kind, _, _ = split_field(part)
        known = [flags.SETS[word] for word in kind.split() if word in flags.SETS]
        sets[source] = tuple([value for table in known for value, _ in table])
    found = []
    for field, offset, kind, _ in (lies or (0, ()))[1]:
        code = "I" if "@" in kind else CODES.get(kind, "Q")
        found.append((offset, SIZES[code], sets.get(field, ())))
    return tuple(found)


@cache
def described(arch_name: str, name: str) -> Builder:
    """A builder of a struct by its layout: pointers, constants of its fields' sets, numbers."""
    fields = _fields(arch_name, name)

    def build(rng: random.Random, block: bytearray, offset: int, base: int, word: int) -> None:
        chance = rng.random
        for start, size, values in fields:
            kind = chance()
            if values and kind < 0.7:
                number = pick(rng, values)
                if chance() < 0.3:
                    number |= pick(rng, values)
            elif kind < 0.4:
                number = int(chance() * 130)
            elif kind < 0.7 and size >= 4:
                number = inside(rng, block, base)
            elif kind < 0.8:
                number = rng.getrandbits(64)
            else:
                continue
            put(block, offset + start, size, number)

    return build


# ---------------------------------------------------------------- vectors and messages


FAMILIES = (1, 1, 2, 2, 10, 10, 16, 17, 3, 4, 9, 31, 33, 36, 38, 39, 40, 42, 44, 45)


def _address(rng: random.Random, block: bytearray, offset: int, base: int, word: int) -> None:
    """A socket address: a family, and whatever follows."""
    put(block, offset, 2, pick(rng, FAMILIES) if rng.random() < 0.8 else int(rng.random() * 48))
    if rng.random() < 0.3:
        put(block, offset + 8, 8, pick(rng, (0, 0x80FE, 0x02FF, rng.getrandbits(64))))


def _iovec(rng: random.Random, block: bytearray, offset: int, base: int, word: int) -> None:
    for index in range(1 + int(rng.random() * 4)):
        at = offset + 2 * word * index
        put(block, at, word, inside(rng, block, base))
        put(block, at + word, word, length(rng, int(rng.random() * 100)))


def _msghdr(rng: random.Random, block: bytearray, offset: int, base: int, word: int) -> None:
    places = [int(rng.random() * len(block)) & ~7 for _ in range(3)]
    name, iov, control = places
    size = pick(rng, (16, 20, 32, 48, 64, 128))
    numbers = (
        base + name,
        length(rng, pick(rng, (2, 8, 12, 16, 28, 110, 128))),
        base + iov,
        length(rng, int(rng.random() * 5)),
        base + control,
        length(rng, size),
        pick(rng, _values("msg_flags")),
    )
    for index, number in enumerate(numbers):
        put(block, offset + word * index, word, number)
    _address(rng, block, name, base, word)
    _iovec(rng, block, iov, base, word)
    if rng.random() < 0.3:
        netlink(rng, block, control, base, word)
        put(block, iov, word, base + control)
    _control(rng, block, control, base, word)


def _control(rng: random.Random, block: bytearray, offset: int, base: int, word: int) -> None:
    """Control messages: a length, a level, a type, each."""
    for _ in range(1 + int(rng.random() * 4)):
        size = word + 8 + pick(rng, (0, 4, 8, 12, 16, 24, 40))
        put(block, offset, word, length(rng, size))
        put(block, offset + word, 4, pick(rng, (0, 1, 1, 6, 41, *_values("sockopt_level"))))
        put(block, offset + word + 4, 4, int(rng.random() * 70))
        offset += (size + word - 1) // word * word


def _mmsghdr(rng: random.Random, block: bytearray, offset: int, base: int, word: int) -> None:
    size = 64 if word == 8 else 32
    for index in range(1 + int(rng.random() * 3)):
        _msghdr(rng, block, offset + index * size, base, word)
        put(block, offset + (index + 1) * size - word, 4, length(rng, int(rng.random() * 50)))


# ---------------------------------------------------------------- netlink


def _message_type(rng: random.Random) -> int:
    """A control message, one of routes, of a netfilter subsystem, of audit, or any."""
    chance = rng.random()
    if chance < 0.1:
        return int(chance * 50)
    if chance < 0.6:
        return 16 + int(rng.random() * 112)
    if chance < 0.8:
        return int(rng.random() * 14) << 8 | int(rng.random() * 32)
    return 1000 + int(rng.random() * 500) if chance < 0.9 else int(rng.random() * 65536)


BODIES = {16: 16, 20: 8, 24: 12, 28: 12, 32: 12, 36: 20, 40: 20, 44: 20, 84: 8}
"""The bytes before the attributes, by a route message's type without its lowest bits."""


def netlink(rng: random.Random, block: bytearray, offset: int, base: int, word: int) -> None:
    """Messages, of a header, a body that a type asks for, and attributes."""
    for _ in range(1 + int(rng.random() * 3)):
        size = 16 + pick(rng, (0, 1, 4, 8, 12, 16, 20, 24, 28, 32, 60, 100))
        put(block, offset, 4, length(rng, size))
        kind = _message_type(rng)
        put(block, offset + 4, 2, kind)
        put(block, offset + 6, 2, pick(rng, (1, 2, 3, 5, 0x301, 0x105, 0x100, 0xFFFF)))
        put(block, offset + 16, 1, pick(rng, (0, 1, 2, 7, 10, 16, 17, 28, 130)))
        body = BODIES.get(kind & ~3, 4)
        if rng.random() < 0.3:
            body = pick(rng, (0, 1, 4, 8, 12, 16, 20, 24, 28, 56, 72))
        attributes(rng, block, offset + 16 + body, base, word)
        offset += (size + 3) & ~3


def attributes(rng: random.Random, block: bytearray, offset: int, base: int, word: int) -> None:
    """Attributes, one behind the other, some in others."""
    for _ in range(1 + int(rng.random() * 5)):
        size = 4 + pick(rng, (0, 1, 2, 4, 6, 8, 16, 20, 36, 64))
        put(block, offset, 2, length(rng, size))
        kind = int(rng.random() * 64) | pick(rng, (0, 0, 0, 0, 0x4000, 0x8000))
        put(block, offset + 2, 2, kind)
        offset += 4 if rng.random() < 0.3 else (size + 3) & ~3


def _buffer(rng: random.Random, block: bytearray, offset: int, base: int, word: int) -> None:
    """A buffer, which may be a message of netlink, or directory entries."""
    chance = rng.random()
    if chance < 0.4:
        netlink(rng, block, offset, base, word)
    elif chance < 0.5:
        _entries(rng, block, offset, base, word)


def _entries(rng: random.Random, block: bytearray, offset: int, base: int, word: int) -> None:
    """Directory entries, or others that tell their own length in 16 bits."""
    for _ in range(1 + int(rng.random() * 4)):
        size = 20 + int(rng.random() * 20)
        put(block, offset + 2 * word, 2, length(rng, size))
        put(block, offset + 16, 2, length(rng, size))
        offset += size


# ---------------------------------------------------------------- others


def _number(rng: random.Random, block: bytearray, offset: int, base: int, word: int) -> None:
    put(block, offset, 4, length(rng, int(rng.random() * 200)))


def _path(rng: random.Random, block: bytearray, offset: int, base: int, word: int) -> None:
    put(block, offset + int(rng.random() * 40), 1, 0)


def _pointers(rng: random.Random, block: bytearray, offset: int, base: int, word: int) -> None:
    count = int(rng.random() * 40)
    for index in range(count):
        put(block, offset + index * word, word, inside(rng, block, base))
    put(block, offset + count * word, word, 0)


def _siginfo(rng: random.Random, block: bytearray, offset: int, base: int, word: int) -> None:
    """A signal, an errno, what the signal is for."""
    numbers = (1 + int(rng.random() * 34), int(rng.random() * 3), int(rng.random() * 16) - 7)
    for index, number in enumerate(numbers):
        put(block, offset + 4 * index, 4, number)


def _mapper(rng: random.Random, block: bytearray, offset: int, base: int, word: int) -> None:
    """A request of the device mapper, with sizes, and offsets of what follows."""
    start = 312 if rng.random() < 0.7 else length(rng, 312)
    sizes = (4, 4, 0, length(rng, 312 + int(rng.random() * 600)), start, int(rng.random() * 3), 0)
    for index, number in enumerate(sizes):
        put(block, offset + 4 * index, 4, number)
    put(block, offset + 28, 4, rng.getrandbits(18))
    for at in (312, 316, 320, 324, 328, 332, 336, 352):
        put(block, offset + at, 4, length(rng, pick(rng, (0, 1, 2, 8, 16, 24, 40))))


def _scsi(rng: random.Random, block: bytearray, offset: int, base: int, word: int) -> None:
    """A request of SCSI, of the third or the fourth interface."""
    for at in range(0, 160, 4):
        if rng.random() < 0.5:
            put(block, offset + at, 4, int(rng.random() * 40))
    for at in range(16, 160, word):
        if rng.random() < 0.3:
            put(block, offset + at, word, inside(rng, block, base))
    put(block, offset, 4, pick(rng, (ord("S"), ord("Q"), ord("S"), ord("Q"), 0)))


def _tree(rng: random.Random, block: bytearray, offset: int, base: int, word: int) -> None:
    """A search in btrfs' trees: how many items there are, and how long each is."""
    put(block, offset + 64, 4, length(rng, int(rng.random() * 6)))
    put(block, offset + 104, 8, length(rng, 400))
    for at in range(104 + 28, 400, 32):
        put(block, offset + at, 4, length(rng, int(rng.random() * 40)))


def repeated(rng: random.Random, block: bytearray, offset: int, base: int, word: int) -> None:
    """The same few words again and again: whatever may lie in itself does."""
    unit = bytearray(4 * (1 + int(rng.random() * 8)))
    for at in range(0, len(unit), 2):
        put(unit, at, 2, pick(rng, (0, 1, 2, 2, 3, 4, 8, 16, 18, 20, 64, 0x1000, 0xFFFF)))
    room = max(len(block) - offset, 0)
    block[offset:] = (unit * (room // len(unit) + 1))[:room]


def _filter(rng: random.Random, block: bytearray, offset: int, base: int, word: int) -> None:
    """A BPF program: a count, and where the instructions are."""
    at = int(rng.random() * len(block)) & ~7
    put(block, offset, 2, length(rng, int(rng.random() * 20)))
    put(block, offset + word, word, base + at)


BUILDERS: dict[str, Builder] = {
    "sockaddr": _address,
    "sockaddr_out": _address,
    "iovec": _iovec,
    "iovec_out": _iovec,
    "iovec_ptr": _iovec,
    "msghdr": _msghdr,
    "msghdr_out": _msghdr,
    "mmsghdr": _mmsghdr,
    "mmsghdr_out": _mmsghdr,
    "bytes": _buffer,
    "netlink": netlink,
    "dirents": _entries,
    "old_dirents": _entries,
    "addrlen": _number,
    "int": _number,
    "uint": _number,
    "path": _path,
    "str": _path,
    "strings": _pointers,
    "environ": _pointers,
    "sock_fprog": _filter,
    "siginfo": _siginfo,
    "dm_ioctl": _mapper,
    "sg_io": _scsi,
    "btrfs_found": _tree,
    "file_handle": _number,
    "file_handle_in": _number,
}
"""By the word of a kind."""

CONTENTS: tuple[Builder, ...] = (
    _iovec,
    _msghdr,
    _mmsghdr,
    netlink,
    attributes,
    _control,
    _entries,
    _pointers,
    _filter,
    _siginfo,
    repeated,
    repeated,
)
"""What may lie behind any pointer."""
