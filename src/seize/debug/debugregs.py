"""The processor's debug registers (Intel's manual, volume 3, 18.2): watching memory in hardware.

x86 has four of them for addresses, DR0 to DR3; DR7 says which are in use and for what, DR6 which
of them has trapped.  They belong to a thread, and the kernel gives a new thread none.  Nothing
here makes a system call: ``update`` works through functions that read and write one register
(PTRACE_PEEKUSER and PTRACE_POKEUSER at ``offset``).
"""

from __future__ import annotations

from seize._frozen import frozen
from seize.errors import SeizeError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Literal

    Kind = Literal["execute", "write", "access"]
    Image = tuple[int, int, int, int, int]
    """What DR0, DR1, DR2, DR3 and DR7 hold."""

STATUS, CONTROL = 6, 7
"""The numbers of DR6 and DR7."""
NOTHING: Image = (0, 0, 0, 0, 0)
"""All debug registers off, as a thread has them that nobody debugs."""

_NUMBER = 4
_WORD = 8
_USER_OFFSET = 848
"""offsetof(struct user, u_debugreg) to a 64-bit tracer, whatever the tracee is."""
_TYPES = {"execute": 0, "write": 1, "access": 3}
_LENGTHS = {1: 0, 2: 1, 4: 3, 8: 2}
_SINGLE_STEP = 1 << 14
_ADDRESSES = 1 << 64


class NoDebugRegister(SeizeError):
    """All debug registers are taken, or one watchpoint alone needs more than there are."""


def offset(number: int) -> int:
    """Give the offset of a debug register in ``struct user``."""
    return _USER_OFFSET + _WORD * number


@frozen
class Watch:
    """What one debug register watches: ``length`` (1, 2, 4 or 8) bytes at an aligned address.

    ``kind`` is "execute" (the instruction that begins there), "write", or "access" (reads and
    writes: x86 can't watch for reads alone).
    """

    address: int
    length: int
    kind: Kind

    def overlaps(self, address: int, size: int) -> bool:
        """Tell whether any of ``size`` bytes at an address are watched."""
        return address < self.address + self.length and self.address < address + size


def split(address: int, size: int, kind: Kind, word_size: int = _WORD) -> tuple[Watch, ...]:
    """Cover ``size`` bytes from an address with as few watches as possible.

    ``word_size`` is that of the machine: the longest that one register may watch.  UsageError
    for a size below 1, for an unknown kind, and for what lies outside of the address space;
    ``NoDebugRegister`` if four registers can't cover it.
    """
    if kind not in _TYPES:
        raise UsageError(f"can't watch for {kind!r}: it is one of {', '.join(_TYPES)}")
    if size < 1 or not 0 <= address <= _ADDRESSES - size:
        raise UsageError(f"can't watch {size} bytes at {address:#x}")
    if kind == "execute":
        return (Watch(address, 1, kind),)
    if size > _NUMBER * word_size:
        raise NoDebugRegister(f"{size} bytes are too many to watch: {_NUMBER * word_size} at most")
    parts: list[Watch] = []
    end = address + size
    while address < end:
        length = word_size
        while address % length or address + length > end:
            length //= 2
        parts.append(Watch(address, length, kind))
        address += length
    if len(parts) > _NUMBER:
        raise NoDebugRegister(
            f"{size} bytes at {end - size:#x} need {len(parts)} debug registers: "
            f"the processor has {_NUMBER}"
        )
    return tuple(parts)


class Slots:
    """The four debug registers as they should be; what is watched twice takes one of them."""

    def __init__(self) -> None:
        self._watches: list[Watch | None] = [None] * _NUMBER
        self._users = [0] * _NUMBER

    @property
    def watches(self) -> tuple[Watch | None, ...]:
        """What each register watches."""
        return tuple(self._watches)

    @property
    def in_use(self) -> bool:
        """Whether anything is watched."""
        return any(self._users)

    def insert(self, watches: Iterable[Watch]) -> None:
        """Watch all of these; ``NoDebugRegister``, and none of them, if they don't fit."""
        wanted = tuple(watches)
        fresh = set(wanted).difference(w for w in self._watches if w is not None)
        if len(fresh) > self._users.count(0):
            free = self._users.count(0)
            raise NoDebugRegister(f"{len(fresh)} debug registers are needed, {free} are free")
        for watch in wanted:
            if watch not in self._watches:
                self._watches[self._users.index(0)] = watch
            self._users[self._watches.index(watch)] += 1

    def remove(self, watches: Iterable[Watch]) -> None:
        """Stop watching what ``insert`` was given."""
        for watch in watches:
            slot = self._watches.index(watch)
            self._users[slot] -= 1
            if not self._users[slot]:
                self._watches[slot] = None

    def image(self) -> Image:
        """What the registers of a thread must hold."""
        addresses = [0 if watch is None else watch.address for watch in self._watches]
        control = 0
        for slot, watch in enumerate(self._watches):
            if watch is not None:
                control |= encode(slot, watch)
        return addresses[0], addresses[1], addresses[2], addresses[3], control

    def trapped(self, status: int) -> tuple[Watch, ...]:
        """Tell what has trapped, by DR6; none for a single step."""
        found = (w for slot, w in enumerate(self._watches) if status >> slot & 1 and w is not None)
        return tuple(found)


def stepped(status: int) -> bool:
    """Tell whether DR6 says that a single step is over."""
    return bool(status & _SINGLE_STEP)


def encode(slot: int, watch: Watch) -> int:
    """Give the bits of DR7 that make a register watch: enabled for this thread, type, length."""
    kind = _TYPES[watch.kind] | _LENGTHS[watch.length] << 2
    return 1 << 2 * slot | kind << 16 + 4 * slot


def decode(image: Image) -> tuple[Watch | None, ...]:
    """Tell what the registers of a thread watch; None for those that are off."""
    return tuple(_decoded(slot, image) for slot in range(_NUMBER))


def _decoded(slot: int, image: Image) -> Watch | None:
    control = image[_NUMBER]
    if not control >> 2 * slot & 3:
        return None
    bits = control >> 16 + 4 * slot
    kinds: dict[int, Kind] = {0: "execute", 1: "write", 3: "access"}
    lengths = {code: length for length, code in _LENGTHS.items()}
    # Type 2 means I/O ports, which no thread can be given.
    kind = kinds.get(bits & 3)
    return None if kind is None else Watch(image[slot], lengths[bits >> 2 & 3], kind)


def read(peek: Callable[[int], int]) -> Image:
    """Read the registers of a thread by a function that reads one."""
    return peek(0), peek(1), peek(2), peek(3), peek(CONTROL)


def update(poke: Callable[[int, int], None], now: Image, wanted: Image) -> None:
    """Bring a thread's registers from what they hold to what they should.

    The kernel checks an address against the length and type that are in force, so the registers
    that change are turned off first.  What ``poke`` raises may leave the rest turned off.
    """
    if now == wanted:
        return
    old, new = decode(now), decode(wanted)
    control = now[_NUMBER]
    for slot in range(_NUMBER):
        if old[slot] is not None and old[slot] != new[slot]:
            control &= ~(3 << 2 * slot | 0xF << 16 + 4 * slot)
    if control != now[_NUMBER]:
        poke(CONTROL, control)
    for slot in range(_NUMBER):
        if now[slot] != wanted[slot]:
            poke(slot, wanted[slot])
    if control != wanted[_NUMBER]:
        poke(CONTROL, wanted[_NUMBER])
