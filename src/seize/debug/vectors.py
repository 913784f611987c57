"""What a vector register and an x87 register are seen as: lanes of numbers, and a float."""

from __future__ import annotations

import math
from struct import Struct
from struct import error as struct_error

from seize.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Protocol

    class ByteAccess(Protocol):
        """Reads and writes registers as little-endian bytes."""

        def read(self, name: str) -> bytes:
            """Return a register's bytes."""

        def write(self, name: str, data: bytes) -> None:
            """Replace a register's bytes."""


# The views of a vector by name: the code of struct, and the size of a lane in bytes.
_VIEWS = {
    "u8": ("B", 1),
    "u16": ("H", 2),
    "u32": ("I", 4),
    "u64": ("Q", 8),
    "i8": ("b", 1),
    "i16": ("h", 2),
    "i32": ("i", 4),
    "i64": ("q", 8),
    "f16": ("e", 2),
    "f32": ("f", 4),
    "f64": ("d", 8),
}
_X87_BYTES = 10
_X87_BIAS = 16383
_X87_FRACTION = 63
_X87_SPECIAL = 0x7FFF
_INTEGER_BIT = 1 << _X87_FRACTION
_QUIET_NAN = 0xC000_0000_0000_0000


class Lanes:
    """A vector register as a sequence of numbers of one type; ``lanes[2] = 7`` changes it."""

    __slots__ = ("_count", "_layout", "_one", "_vector", "form")

    def __init__(self, vector: Vector, form: str) -> None:
        code, size = _VIEWS[form]
        self._vector = vector
        self._count = vector.size // size
        self._layout = Struct(f"<{self._count}{code}")
        self._one = Struct(f"<{code}")
        self.form = form

    def _values(self) -> tuple[float, ...]:
        return self._layout.unpack(self._vector.bytes)

    def _offset(self, index: int) -> int:
        place = index + self._count if index < 0 else index
        if not 0 <= place < self._count:
            raise IndexError(f"{self._vector.name} has {self._count} lanes of {self.form}")
        return place * self._one.size

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[float]:
        return iter(self._values())

    def __getitem__(self, index: int) -> float:
        value: float = self._one.unpack_from(self._vector.bytes, self._offset(index))[0]
        return value

    def __setitem__(self, index: int, value: float) -> None:
        data = bytearray(self._vector.bytes)
        offset = self._offset(index)
        data[offset : offset + self._one.size] = _packed(self._one, self.form, (value,))
        self._vector.bytes = bytes(data)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, (Lanes, tuple, list)):
            return self._values() == tuple(other)
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{self._vector.name}.{self.form} {list(self._values())}>"


def _packed(layout: Struct, form: str, values: Sequence[float]) -> bytes:
    try:
        return layout.pack(*values)
    except (struct_error, OverflowError) as error:
        raise UsageError(f"{', '.join(map(str, values))}: no value for {form} ({error})") from None


class _View:
    """The attribute of a vector that shows it as lanes of one type."""

    __slots__ = ("form",)

    def __init__(self, form: str) -> None:
        self.form = form

    def __get__(self, vector: Vector, owner: type[Vector] | None = None) -> Lanes:
        return Lanes(vector, self.form)

    def __set__(self, vector: Vector, values: Sequence[float]) -> None:
        code, size = _VIEWS[self.form]
        layout = Struct(f"<{vector.size // size}{code}")
        vector.bytes = _packed(layout, self.form, tuple(values))


class Vector:
    """A vector register (xmm, ymm, zmm, mm), as it is now: reading it reads the register.

    ``u8 u16 u32 u64 i8 … f16 f32 f64`` show it as lanes, the lowest first; each can be assigned
    a sequence, and so can a single lane (``registers.ymm0.f32[3] = 1.5``).  ``bytes`` is the
    whole, little-endian; ``int()`` the whole as one unsigned number.  ``size`` is in bytes.
    """

    __slots__ = ("_access", "name", "size")

    u8, u16, u32, u64 = _View("u8"), _View("u16"), _View("u32"), _View("u64")
    i8, i16, i32, i64 = _View("i8"), _View("i16"), _View("i32"), _View("i64")
    f16, f32, f64 = _View("f16"), _View("f32"), _View("f64")

    def __init__(self, access: ByteAccess, name: str, size: int) -> None:
        self._access = access
        self.name = name
        self.size = size

    @property
    def bytes(self) -> bytes:
        """The whole register, little-endian; a value to assign must be as long."""
        return self._access.read(self.name)

    @bytes.setter
    def bytes(self, data: bytes) -> None:
        self._access.write(self.name, data)

    def __int__(self) -> int:
        return int.from_bytes(self.bytes, "little")

    __index__ = __int__

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Vector):
            return self.bytes == other.bytes
        if isinstance(other, int):
            return int(self) == other
        if isinstance(other, (bytes, bytearray)):
            return self.bytes == other
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{self.name} {int(self):#0{2 * self.size + 2}x}>"


class X87Register:
    """An x87 register, as it is now: ``raw`` are its 10 bytes, ``value`` the nearest float.

    Both can be assigned.  ``str()`` has the 21 digits that gdb shows.
    """

    __slots__ = ("_access", "name")

    def __init__(self, access: ByteAccess, name: str) -> None:
        self._access = access
        self.name = name

    @property
    def raw(self) -> bytes:
        """The 80 bits, little-endian: 64 of significand, 15 of exponent, a sign."""
        return self._access.read(self.name)

    @raw.setter
    def raw(self, data: bytes) -> None:
        self._access.write(self.name, data)

    @property
    def value(self) -> float:
        """The nearest float."""
        return extended_to_float(self.raw)

    @value.setter
    def value(self, value: float) -> None:
        self.raw = float_to_extended(value)

    def __float__(self) -> float:
        return self.value

    def __str__(self) -> str:
        return extended_text(self.raw)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, X87Register):
            return self.raw == other.raw
        if isinstance(other, (int, float)):
            return self.value == other
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{self.name} {self} (raw {int.from_bytes(self.raw, 'little'):#022x})>"


def _split(raw: bytes) -> tuple[int, int, int]:
    """Take an extended float apart: sign, exponent field, significand."""
    if len(raw) != _X87_BYTES:
        raise UsageError(f"an x87 register has {_X87_BYTES} bytes, not {len(raw)}")
    significand, top = int.from_bytes(raw[:8], "little"), int.from_bytes(raw[8:], "little")
    return top >> 15, top & _X87_SPECIAL, significand


def extended_to_float(raw: bytes) -> float:
    """Give the float nearest to 10 bytes of extended precision (infinity if none is near)."""
    sign, exponent, significand = _split(raw)
    if exponent == _X87_SPECIAL:
        size = math.nan if significand & (_INTEGER_BIT - 1) else math.inf
    else:
        shift = (exponent or 1) - _X87_BIAS - _X87_FRACTION
        try:
            # Of integers, float() and the division round once, and rightly.
            size = float(significand << shift) if shift >= 0 else significand / (1 << -shift)
        except OverflowError:
            size = math.inf
    return -size if sign else size


def float_to_extended(value: float) -> bytes:
    """Give the 10 bytes of extended precision that are exactly a float."""
    top = 0x8000 if math.copysign(1, value) < 0 else 0
    if math.isnan(value):
        top, significand = top | _X87_SPECIAL, _QUIET_NAN
    elif math.isinf(value):
        top, significand = top | _X87_SPECIAL, _INTEGER_BIT
    elif value == 0:
        significand = 0
    else:
        fraction, exponent = math.frexp(abs(value))
        significand = int(math.ldexp(fraction, _X87_FRACTION + 1))
        top |= exponent - 1 + _X87_BIAS
    return significand.to_bytes(8, "little") + top.to_bytes(2, "little")


def extended_text(raw: bytes) -> str:
    """Write 10 bytes of extended precision as ``%.21Lg`` does, which is what gdb shows."""
    from decimal import Context, Decimal

    sign, exponent, significand = _split(raw)
    minus = "-" if sign else ""
    if exponent == _X87_SPECIAL:
        fraction = significand & (_INTEGER_BIT - 1)
        return f"{minus}nan({significand:#x})" if fraction else f"{minus}inf"
    if not significand:
        return f"{minus}0"
    shift = (exponent or 1) - _X87_BIAS - _X87_FRACTION
    # Exactly, then rounded once: the longest of these numbers has some 11,500 digits.
    exact = Context(prec=12000, Emin=-999999, Emax=999999)
    number = exact.multiply(Decimal(significand), exact.power(Decimal(2), Decimal(abs(shift))))
    if shift < 0:
        number = exact.divide(Decimal(significand), exact.power(Decimal(2), Decimal(-shift)))
    rounded = Context(prec=21, Emin=-999999, Emax=999999).plus(number)
    return minus + _general(rounded.adjusted(), "".join(map(str, rounded.as_tuple().digits)))


def _general(exponent: int, digits: str) -> str:
    """Lay out significant digits as ``%g`` does."""
    digits = digits.rstrip("0") or "0"
    if -4 <= exponent < 21:
        if exponent < 0:
            return f"0.{'0' * (-exponent - 1)}{digits}"
        whole = digits[: exponent + 1].ljust(exponent + 1, "0")
        rest = digits[exponent + 1 :]
        return f"{whole}.{rest}" if rest else whole
    rest = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{rest}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
