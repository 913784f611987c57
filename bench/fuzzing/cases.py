"""Random system calls for the decoder: registers, memory and results that nearly make sense.

A case is made from a seed and its own number alone, so that it can be made again.  Most of its
words are what a decoder might take seriously: constants of the sets that the call's signature
names, pointers to itself, lengths that lie.
"""

from __future__ import annotations

import random
import struct

from bench.fuzzing.hints import IOCTLS, SHARED, Hints, hints, request_builders
from bench.fuzzing.memory import BASE
from bench.fuzzing.structures import CONTENTS, inside, pick, put
from seize.abi.names import syscall_names
from seize.decode.decoder import ARCHITECTURES

EPOCH = 4096
"""So many cases share their blocks of memory."""

BLOCK = 4096
BLOCKS = 40
BASES = (BASE,) * 12 + (0x7FFFFFFFE000, (1 << 64) - BLOCK)
MASK = (1 << 64) - 1
EVERYWHERE = 0.002
"""How often all addresses can be read: what a decoder then reads is all that it ever would."""

INTERESTING = tuple(
    sorted(
        {value & MASK for shift in range(64) for value in (1 << shift, (1 << shift) - 1)}
        | {-value & MASK for value in (*range(1, 24), 99, 100, 101, 1 << 31, 1 << 32, 1 << 63)}
    )
)
WILD = (1, 16, 0xDEAD0000, 0x7FFFFFFFF000, 1 << 63, (1 << 63) - 8, MASK, MASK - 7, 0xFFFFFFF8)
ERRORS = (*range(1, 134), *range(512, 531), 4095)
WEIGHTS = {
    **dict.fromkeys(("socketcall", "ipc"), 30),
    "ioctl": 50,
    **dict.fromkeys(("bpf", "prctl", "keyctl", "sendto", "recvfrom", "sendmsg", "recvmsg"), 10),
    **dict.fromkeys(("setsockopt", "getsockopt", "bind", "io_uring_register", "fcntl"), 6),
}
"""Calls that are many in one."""

SIZES = (2, 4, 8, 12, 16, 18, 20, 24, 26, 28, 32, 36, 48, 56, 64, 72, 88, 96, 110, 112, 128, 256)


class Case:
    """A system call as the tracer would hand it to the decoder, at its two stops."""

    __slots__ = (
        *("arch_name", "number", "args", "base", "entry", "exit", "everywhere"),
        *("rval", "is_error", "finished"),
    )

    arch_name: str
    number: int
    args: tuple[int, ...]
    base: int
    entry: bytes
    exit: bytes
    everywhere: bool
    rval: int
    is_error: bool
    finished: bool

    def __repr__(self) -> str:
        name = syscall_names(self.arch_name).get(self.number, self.number)
        args = ", ".join(f"{value:#x}" for value in self.args)
        state = f"= {self.rval}" if self.finished else "unfinished"
        return f"{self.arch_name} {name}({args}) {state}"


class Cases:
    """Makes the cases of one seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = random.Random()
        self._epoch = -1
        self._blocks: list[bytes] = []
        self._numbers = [pair for arch_name in ARCHITECTURES for pair in _numbers(arch_name)]

    def case(self, index: int) -> Case:
        """The case of that number."""
        epoch = index // EPOCH
        if epoch != self._epoch:
            self._epoch = epoch
            self.random.seed(f"{self.seed}:{epoch}")
            self._blocks = [_block(self.random, kind) for kind in range(BLOCKS)]
        self.random.seed(self.seed << 40 | index)
        return self._make()

    def _make(self) -> Case:
        rng = self.random
        chance = rng.random
        case = Case()
        case.arch_name, case.number = pick(rng, self._numbers)
        known = hints(case.arch_name, case.number)
        mask = 0xFFFFFFFF if known.word == 4 else MASK
        base = case.base = pick(rng, BASES) & (mask & -BLOCK)
        size = BLOCK if chance() < 0.6 else int(chance() * 300)
        block = bytearray(pick(rng, self._blocks)[:size])
        case.everywhere = chance() < EVERYWHERE
        case.args = tuple([_argument(rng, known, i, base, size) & mask for i in range(6)])
        _fill(rng, known, case, block)
        case.entry = case.exit = bytes(block)
        case.finished = chance() < 0.97
        case.is_error = chance() < 0.3
        case.rval = -pick(rng, ERRORS) if case.is_error else _result(rng, case.args)
        if chance() < 0.3:
            case.exit = self._changed(block)
        return case

    def _changed(self, block: bytearray) -> bytes:
        """What the kernel, or another thread, has made of the memory during the call."""
        rng = self.random
        start = int(rng.random() * min(len(block), 64))
        if rng.random() < 0.3:
            return bytes(block[:start])
        return bytes(block[:start] + pick(rng, self._blocks)[start : len(block)])


def _numbers(arch_name: str) -> list[tuple[str, int]]:
    found = [(arch_name, number) for number in (5000, 0xFFFFFFFF, MASK)]
    for number, name in syscall_names(arch_name).items():
        found += [(arch_name, number)] * WEIGHTS.get(name, 1)
    return found


def _argument(rng: random.Random, known: Hints, index: int, base: int, size: int) -> int:
    chance = rng.random()
    if chance < 0.1:
        return pick(rng, INTERESTING)
    if chance < 0.15:
        return rng.getrandbits(64)
    if known.is_ioctl and index == 1:
        return pick(rng, IOCTLS) if chance < 0.9 else _request(rng)
    values = known.values[index]
    if values and chance < 0.8:
        number = pick(rng, values)
        if chance < 0.4:
            number |= pick(rng, values)
        return number if chance < 0.75 else number | pick(rng, INTERESTING)
    if known.is_pointer[index]:
        return _pointer(rng, base, size) if chance < 0.95 else int(rng.random() * 8)
    if chance < 0.45:
        return int(rng.random() * 20)
    if chance < 0.65:
        return pick(rng, SIZES)
    return int(rng.random() * size * 1.1) if chance < 0.8 else _pointer(rng, base, size)


def _request(rng: random.Random) -> int:
    """An ioctl's number with some size, as those have that carry a number in their own."""
    like = pick(rng, IOCTLS) & ~0x3FFF0000 | pick(rng, SIZES) << 16
    return like if rng.random() < 0.5 else like & ~0xFF | int(rng.random() * 256)


def _pointer(rng: random.Random, base: int, size: int) -> int:
    chance = rng.random()
    if chance < 0.75:
        return base + (int(rng.random() * size) & (~7 if chance < 0.6 else -1))
    if chance < 0.85:
        return base + size - int(rng.random() * 40)
    if chance < 0.9:
        return 0
    return pick(rng, WILD) if chance < 0.95 else base - int(rng.random() * 40)


def _fill(rng: random.Random, known: Hints, case: Case, block: bytearray) -> None:
    """Put what the signature asks for where the pointers lead."""
    for index in range(6):
        offset = case.args[index] - case.base
        if not 0 <= offset < len(block) or rng.random() < 0.2:
            continue
        builders = known.builders[index] if rng.random() < 0.9 else CONTENTS
        if known.is_ioctl and index == 2:
            builders = request_builders(case.arch_name, case.args[1] & 0xFFFFFFFF)
        if builders:
            pick(rng, builders)(rng, block, offset, case.base, known.word)
    if known.multiplexed:
        # The arguments of what socketcall and ipc stand for.
        offset = case.args[1] - case.base
        for index in range(6):
            put(block, offset + 4 * index, 4, _argument(rng, known, 1, case.base, len(block)))


def _result(rng: random.Random, args: tuple[int, ...]) -> int:
    chance = rng.random()
    if chance < 0.3:
        return int(rng.random() * 8)
    if chance < 0.6:
        return int(rng.random() * 300)
    if chance < 0.75:
        return pick(rng, args) & 0x7FFFFFFFFFFFFFFF
    if chance < 0.85:
        return pick(rng, (4096, 1 << 20, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 1 << 62, MASK >> 1))
    return rng.getrandbits(64) - (1 << 63) if chance < 0.95 else -pick(rng, (1, 2, 100, 4096, 5000))


def _block(rng: random.Random, kind: int) -> bytes:
    """One kind of contents of memory."""
    if kind < 4:
        return (b"\0", b"\xff", b"\1", b"A")[kind] * BLOCK
    if kind < 8:
        return rng.randbytes(BLOCK)
    if kind < 12:
        return bytes(rng.choices(b'\0\1\2\3/abcxyz \n"\\\x7f\x80\xc3\xa9\xff', k=BLOCK))
    if kind < 16:
        return struct.pack(f"<{BLOCK // 2}H", *[int(rng.random() * 64) for _ in range(BLOCK // 2)])
    word = 4 if kind % 2 else 8
    numbers = [_word(rng, kind) & (1 << 8 * word) - 1 for _ in range(BLOCK // word)]
    return struct.pack(f"<{len(numbers)}{'I' if word == 4 else 'Q'}", *numbers)


_ROOM = bytearray(BLOCK)


def _word(rng: random.Random, kind: int) -> int:
    """A word of a block: the kinds differ in how many are pointers, and how many constants."""
    chance = rng.random()
    if chance < (0.1, 0.3, 0.5)[kind % 3]:
        return inside(rng, _ROOM, BASE)
    if chance < (0.5, 0.6, 0.7)[kind % 3]:
        return int(rng.random() * 40)
    if chance < 0.8:
        return pick(rng, SHARED)
    return pick(rng, INTERESTING) if chance < 0.95 else rng.getrandbits(64)
