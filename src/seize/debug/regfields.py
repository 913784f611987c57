"""The attributes of ``Registers``: numbers, flags, vectors, each at its place."""

from __future__ import annotations

from errno import ENODEV
from struct import Struct

from seize.debug.vectors import Vector, X87Register, float_to_extended
from seize.errors import PtraceError, Unsupported, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from seize.debug.registers import Registers

NT_386_TLS = 0x200
_USER_DESC = Struct("<4I")

EFLAGS = (
    *(("CF", 0), ("PF", 2), ("AF", 4), ("ZF", 6), ("SF", 7), ("TF", 8), ("IF", 9), ("DF", 10)),
    *(("OF", 11), ("NT", 14), ("RF", 16), ("VM", 17), ("AC", 18), ("VIF", 19), ("VIP", 20)),
    ("ID", 21),
)
"""The flags of eflags by bit, as gdb names them."""
MXCSR_FLAGS = (
    *(("IE", 0), ("DE", 1), ("ZE", 2), ("OE", 3), ("UE", 4), ("PE", 5), ("DAZ", 6), ("IM", 7)),
    *(("DM", 8), ("ZM", 9), ("OM", 10), ("UM", 11), ("PM", 12), ("FZ", 15)),
)
"""The flags of mxcsr by bit."""


class FlagSet(frozenset[str]):
    """The names of the flags that are set; ``str()`` shows them as gdb does: ``[ ZF PF ]``."""

    __slots__ = ("_order",)
    _order: tuple[str, ...]

    def __new__(cls, value: int, known: tuple[tuple[str, int], ...]) -> FlagSet:
        """Take the flags of a register's value."""
        order = tuple(name for name, bit in known if value >> bit & 1)
        made = super().__new__(cls, order)
        made._order = order
        return made

    def __str__(self) -> str:
        return f"[ {' '.join(self._order)} ]" if self._order else "[ ]"

    __repr__ = __str__


class FlagsField:
    """An attribute that shows a register as flags; it takes names, in a string or one by one."""

    __slots__ = ("known", "register")

    def __init__(self, register: str, known: tuple[tuple[str, int], ...]) -> None:
        self.register = register
        self.known = known

    def __get__(self, registers: Registers, owner: type[Registers] | None = None) -> FlagSet:
        return FlagSet(getattr(registers, self.register), self.known)

    def __set__(self, registers: Registers, names: str | Iterable[str]) -> None:
        wanted = names.strip("[] ").split() if isinstance(names, str) else list(names)
        bits = dict(self.known)
        value = getattr(registers, self.register)
        for bit in bits.values():
            value &= ~(1 << bit)
        for name in wanted:
            if name not in bits:
                raise UsageError(f"{self.register} has no flag {name!r} ({' '.join(bits)})")
            value |= 1 << bits[name]
        setattr(registers, self.register, value)


class WordField:
    """A number at a place of the general registers."""

    __slots__ = ("bits", "name", "offset", "pack", "size", "unpack")

    def __init__(self, name: str, offset: int, size: int) -> None:
        layout = Struct("<" + {1: "B", 2: "H", 4: "I", 8: "Q"}[size])
        self.name, self.offset, self.size, self.bits = name, offset, size, 8 * size
        self.unpack, self.pack = layout.unpack_from, layout.pack_into

    def __get__(self, registers: Registers, owner: type[Registers] | None = None) -> int:
        value: int = self.unpack(registers._general or registers._load(), self.offset)[0]
        return value

    def __set__(self, registers: Registers, value: int) -> None:
        self.pack(registers._writable(), self.offset, _fitting(self.name, self.bits, value))


class NumberField:
    """A number among the extended registers."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, registers: Registers, owner: type[Registers] | None = None) -> int:
        return int.from_bytes(registers.extended.read(self.name), "little")

    def __set__(self, registers: Registers, value: int) -> None:
        size = len(registers.extended.read(self.name))
        registers.write(self.name, _fitting(self.name, 8 * size, value).to_bytes(size, "little"))


class SegmentBase:
    """Where a segment of a 32-bit program begins, as far as it is one for thread-local storage.

    It can only be read: the thread's part of the GDT, set_thread_area(2), says it.  0 for
    another segment, and where there is no such register set.
    """

    __slots__ = ("selector",)

    def __init__(self, selector: str) -> None:
        self.selector = selector

    def __get__(self, registers: Registers, owner: type[Registers] | None = None) -> int:
        entry = getattr(registers, self.selector) >> 3
        try:
            descriptors = registers.regset(NT_386_TLS)
        except (Unsupported, PtraceError) as error:
            if isinstance(error, PtraceError) and error.errno != ENODEV:
                raise
            return 0
        bases: dict[int, int] = {row[0]: row[1] for row in _USER_DESC.iter_unpack(descriptors)}
        return bases.get(entry, 0)


class VectorField:
    """A vector register; it takes a number, bytes, or another vector."""

    __slots__ = ("name", "size")

    def __init__(self, name: str, size: int) -> None:
        self.name = name
        self.size = size

    def __get__(self, registers: Registers, owner: type[Registers] | None = None) -> Vector:
        if not registers.extended.has(self.name):
            raise Unsupported(f"the register {self.name}", "a processor that has it")
        return Vector(registers, self.name, self.size)

    def __set__(self, registers: Registers, value: int | bytes | Vector) -> None:
        if isinstance(value, int):
            value = _fitting(self.name, 8 * self.size, value).to_bytes(self.size, "little")
        registers.write(self.name, value.bytes if isinstance(value, Vector) else value)


class X87Field:
    """An x87 register; it takes a number, 10 bytes, or another one."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, registers: Registers, owner: type[Registers] | None = None) -> X87Register:
        return X87Register(registers, self.name)

    def __set__(self, registers: Registers, value: float | bytes | X87Register) -> None:
        if isinstance(value, X87Register):
            value = value.raw
        raw = value if isinstance(value, bytes) else float_to_extended(value)
        registers.write(self.name, raw)


def _fitting(name: str, bits: int, value: int) -> int:
    """Give a value as the register holds it: a negative one in two's complement."""
    if not -(1 << bits - 1) <= value < 1 << bits:
        raise UsageError(f"{value:#x} doesn't fit into {name}, which has {bits} bits")
    return value & (1 << bits) - 1
