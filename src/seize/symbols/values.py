"""Values of a program's variables and expressions, with their types."""

from __future__ import annotations

import math
import struct

from seize.errors import MemoryFault, UsageError
from seize.stacks.reading import Malformed
from seize.symbols.numeric import Numeric
from seize.symbols.types import REFERENCES, STRUCTS, Type

TYPE_CHECKING = False
if TYPE_CHECKING:
    import builtins
    from collections.abc import Iterator
    from typing import Protocol

    from seize.symbols.types import Field

    class Space(Protocol):
        """Where values are read from, and what their addresses are called."""

        @property
        def word_size(self) -> int:
            """The size of an address in bytes."""

        def read(self, address: int, size: int) -> bytes:
            """Memory; MemoryFault where it isn't there."""

        def read_prefix(self, address: int, size: int) -> bytes:
            """The readable beginning of memory."""

        def name_of(self, address: int, *, is_code: bool) -> str | None:
            """What an address is called: ``name+offset``; None if nothing is known there."""

        def static_member(self, field: Field) -> Value:
            """The value of a static member."""


LARGEST = 1 << 26
"""A value of more bytes isn't read."""
NUMBERS = ("int", "char", "bool", "enum", "float")


class Value(Numeric):
    """A value of a type: in memory, in a register, or nowhere.

    ``str()`` is what gdb's ``print`` says of it, `format` leaves out what belongs only there.
    Members of structs are attributes and items (``value.next``, ``value["next"]``), elements of
    arrays items by number; ``int()`` and ``float()`` take numbers, pointers and enumerations, and
    these compare and calculate as Python's numbers do (``frame["n"] > 3``).
    ``address`` is None for what isn't in memory.  Reading it raises MemoryFault where there is no
    memory, UsageError where the value doesn't exist or isn't of a kind that has what is asked.
    """

    def __init__(
        self,
        type: Type,
        space: Space,
        *,
        address: int | None = None,
        data: builtins.bytes | None = None,
        bits: tuple[int, int] | None = None,
        missing: tuple[tuple[int, int], ...] = (),
        error: str = "",
        pointee: tuple[Value, int] | None = None,
        register: int | None = None,
    ) -> None:
        self.type = type
        self.space = space
        self.address = address
        self._data = data
        self.bits = bits
        """Of a bit-field: its first bit in the bytes, and how many they are."""
        self.missing = missing
        """The ranges of bits of it that are nowhere."""
        self.error = error
        """Why it can't be told."""
        self.pointee = pointee
        """What a pointer that was optimized out would point to, and how many bytes into it."""
        self.register = register
        """The DWARF number of the register that it is in."""

    @classmethod
    def of(cls, type: Type, data: builtins.bytes, space: Space) -> Value:
        """A value of a type that has these bytes."""
        return cls(type, space, data=data)

    def with_bytes(self, data: builtins.bytes) -> Value:
        """Another value of the same type, such as an older one."""
        return Value(self.type, self.space, address=self.address, data=data, bits=self.bits)

    # ------------------------------------------------------------------ what it is

    @property
    def optimized_out(self) -> bool:
        """Whether nothing of it exists."""
        first, end = self.bits or (0, 8 * max(self.type.size, 1))
        covered = first
        for start, stop in sorted(self.missing):
            if start > covered:
                break
            covered = max(covered, stop)
        return bool(self.missing) and covered >= (first + end if self.bits else end)

    @property
    def is_partly_missing(self) -> bool:
        """Whether some of it doesn't exist."""
        first, count = self.bits or (0, 8 * self.type.size)
        return any(start < first + count and stop > first for start, stop in self.missing)

    @property
    def bytes(self) -> bytes:
        """Its bytes, as many as the type's size (of a bit-field, those that it is in)."""
        if self.error:
            raise UsageError(self.error)
        if self._data is None:
            if self.address is None:
                raise UsageError("value has been optimized out")
            size = (sum(self.bits) + 7) // 8 if self.bits else self.type.size
            if size > LARGEST:
                raise UsageError(f"a value of {size} bytes is too large to be read at once")
            self._data = self.space.read(self.address, size)
        return self._data

    def number(self) -> int:
        """The integer that it is: of pointers the address; UsageError if it is none."""
        if self.optimized_out or self.is_partly_missing:
            raise UsageError("value has been optimized out")
        type_ = self.type.strip()
        if type_.code in REFERENCES:
            return self.referenced().number()
        if type_.code in ("array", "function"):
            if self.address is None:
                raise UsageError("a value that has no address")
            return self.address
        if type_.code == "float":
            number = decode_float(self.bytes)
            return int(number) if math.isfinite(number) else -1 << 63
        if type_.code in (*STRUCTS, "complex", "void"):
            raise UsageError(f"no number: {type_.name}")
        return self._integer(type_.is_signed)

    def _integer(self, is_signed: bool) -> int:
        whole = int.from_bytes(self.bytes, "little", signed=is_signed and not self.bits)
        if self.bits is None:
            return whole
        first, count = self.bits
        value = whole >> first & (1 << count) - 1
        return value - (1 << count) if is_signed and value >> count - 1 else value

    def __int__(self) -> int:
        return self.number()

    __index__ = __int__

    def __float__(self) -> float:
        if self.type.strip().code == "float":
            if self.optimized_out:
                raise UsageError("value has been optimized out")
            return float(decode_float(self.bytes))
        return float(self.number())

    def __bool__(self) -> bool:
        return bool(float(self))

    def plain(self) -> int | float:
        """The number that it is, a float if its type is one; errors as `number`."""
        return float(self) if self.type.strip().code == "float" else self.number()

    # ------------------------------------------------------------------ what is in it

    def _part(self, type_: Type, offset: int, bits: tuple[int, int] | None = None) -> Value:
        """A part of it, so many bytes from its beginning."""
        size = (sum(bits) + 7) // 8 if bits else type_.size
        data = None
        if self._data is not None:
            data = self._data[offset : offset + size]
        start, end = 8 * offset, 8 * (offset + size)
        missing = tuple(
            (max(a, start) - start, min(b, end) - start)
            for a, b in self.missing
            if a < end and b > start
        )
        address = None if self.address is None else self.address + offset
        return Value(
            type_,
            self.space,
            address=address,
            data=data,
            bits=bits,
            missing=missing,
            error=self.error,
        )

    def member(self, field: Field) -> Value:
        """A member of it: MemoryFault where a virtual base class can't be found."""
        if field.static is not None:
            return self.space.static_member(field)
        offset = field.offset
        if field.expression is not None:
            # It is behind the others, maybe outside of this very part of an object.
            address = (self.address or 0) + self._virtual_base(field.expression)
            return Value(field.type, self.space, address=address)
        bits = (field.bit_offset, field.bit_size) if field.bit_size else None
        return self._part(field.type, offset, bits)

    def _virtual_base(self, expression: builtins.bytes) -> int:
        """The offset of a virtual base class, which the object's own table tells."""
        from seize.stacks.expressions import evaluate

        if self.address is None:
            raise UsageError("a virtual base class of what is not in memory")
        word = self.space.word_size

        def read(address: int, size: int) -> int:
            return int.from_bytes(self.space.read(address, size), "little")

        try:
            return evaluate(expression, {}, read, word, self.address) - self.address
        except Malformed as error:
            raise UsageError(f"a virtual base class can't be found: {error}") from error

    def find(self, name: str) -> Value | None:
        """The member of a name, of base classes and unnamed members too."""
        type_ = self.type.strip()
        for field in type_.fields:
            if field.name == name:
                return self.member(field)
        for field in type_.fields:
            if field.is_base or not field.name:
                found = self.member(field).find(name)
                if found is not None:
                    return found
        return None

    def __getattr__(self, name: str) -> Value:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self[name]
        except UsageError as error:
            raise AttributeError(str(error)) from error

    def __getitem__(self, key: str | int) -> Value:
        type_ = self.type.strip()
        if type_.code in REFERENCES:
            return self.referenced()[key]
        if isinstance(key, str):
            target = self.dereference() if type_.code == "pointer" else self
            if target.type.strip().code not in STRUCTS:
                raise UsageError(
                    "Attempt to extract a component of a value that is not a structure."
                )
            found = target.find(key)
            if found is None:
                raise UsageError(f"There is no member named {key}.")
            return found
        if type_.code == "array":
            element = type_.referred
            return self._part(element, int(key) * element.size)
        if type_.code == "pointer":
            target_type = type_.referred
            if self.pointee is not None:
                whole, offset = self.pointee
                return whole._part(target_type, offset + int(key) * target_type.size)
            return self._at(target_type, self.number() + int(key) * max(target_type.size, 1))
        raise UsageError(f"cannot subscript something of type `{self.type.name}'")

    def _at(self, type_: Type, address: int) -> Value:
        mask = (1 << 8 * self.space.word_size) - 1
        return Value(type_, self.space, address=address & mask)

    def dereference(self) -> Value:
        """What a pointer or a reference leads to."""
        type_ = self.type.strip()
        if type_.code in REFERENCES:
            return self.referenced()
        if self.pointee is not None:
            return self[0]
        if type_.code == "array":
            return self[0]
        if type_.code == "function":
            return self
        if type_.code not in ("pointer", "int"):
            raise UsageError("Attempt to take contents of a non-pointer value.")
        if type_.code == "pointer" and type_.referred.strip().code == "void":
            raise UsageError("Attempt to dereference a generic pointer.")
        target = type_.referred if type_.code == "pointer" else type_
        return self._at(target, self.number())

    def referenced(self) -> Value:
        """What a reference refers to; itself if it is none."""
        type_ = self.type.strip()
        if type_.code not in REFERENCES:
            return self
        if self.pointee is not None:
            whole, offset = self.pointee
            return whole._part(type_.referred, offset)
        return self._at(type_.referred, self._integer(False))

    def __iter__(self) -> Iterator[Value]:
        for index in range(len(self)):
            yield self[index]

    def __len__(self) -> int:
        type_ = self.type.strip()
        if type_.code != "array" or type_.count is None:
            raise UsageError(f"{self.type.name} has no length")
        return type_.count

    def cast(self, type_: Type) -> Value:
        """The value as another type: converted if both are numbers, else its bytes as they are."""
        wanted, own = type_.strip(), self.type.strip()
        if own.code in REFERENCES and wanted.code not in REFERENCES:
            return self.referenced().cast(type_)
        if self.optimized_out:
            return Value(type_, self.space, missing=((0, 8 * max(type_.size, 1)),))
        if self.pointee is not None and wanted.code == "pointer":
            return Value(type_, self.space, data=self._data, pointee=self.pointee)
        if wanted.code == "float":
            return Value(type_, self.space, data=encode_float(float(self), wanted.size))
        if wanted.code in (*NUMBERS, "pointer", *REFERENCES):
            number = self.number() if wanted.code != "bool" else int(bool(self))
            data = (number & (1 << 8 * wanted.size) - 1).to_bytes(wanted.size, "little")
            return Value(type_, self.space, data=data)
        return Value(type_, self.space, address=self.address, data=self._data, missing=self.missing)

    def string(self, limit: int = 1 << 16) -> str:
        """The text that a char array holds, or a char pointer leads to, up to its NUL."""
        type_ = self.type.strip()
        if type_.code == "array":
            data = self.bytes
        elif type_.code == "pointer":
            data = self.space.read_prefix(self.number(), limit)
            if not data:
                raise MemoryFault(self.number())
        else:
            raise UsageError(f"{self.type.name} is no text")
        return data.partition(b"\0")[0].decode("utf-8", "surrogateescape")

    def to_python(self) -> object:
        """Plain Python of it: numbers, text of char arrays, lists, dictionaries of structs."""
        type_ = self.type.strip()
        if type_.code in REFERENCES:
            return self.referenced().to_python()
        if type_.code == "bool":
            return bool(self.number())
        if type_.code == "float":
            return float(self)
        if type_.code in STRUCTS:
            return {field.name: self.member(field).to_python() for field in type_.fields}
        if type_.code == "array":
            if type_.referred.strip().code == "char" and type_.referred.size == 1:
                return self.string()
            return [element.to_python() for element in self]
        return self.number()

    # ------------------------------------------------------------------ as text

    def format(self, *, top: bool = False) -> str:
        """The text of it, as gdb lists it among variables; with ``top`` as gdb prints it alone."""
        from seize.symbols.printing import format_value

        return format_value(self, top=top)

    def __str__(self) -> str:
        return self.format(top=True)

    def __repr__(self) -> str:
        return f"<Value {self.type.name} {self.format()}>"


def decode_float(data: bytes) -> float:
    """A floating-point number of 4, 8, or (x87's, padded) 10 to 16 bytes."""
    if len(data) == 4:
        return float(struct.unpack("<f", data)[0])
    if len(data) == 8:
        return float(struct.unpack("<d", data)[0])
    if len(data) == 2:
        return float(struct.unpack("<e", data)[0])
    if len(data) >= 10:
        mantissa = int.from_bytes(data[:8], "little")
        head = int.from_bytes(data[8:10], "little")
        exponent, sign = head & 0x7FFF, -1.0 if head >> 15 else 1.0
        if exponent == 0x7FFF:
            return sign * (float("nan") if mantissa << 1 & (1 << 64) - 1 else float("inf"))
        try:
            return sign * float(mantissa) * 2.0 ** (exponent - 16383 - 63)
        except OverflowError:
            # More than a Python float can say.
            return sign * float("inf")
    raise UsageError(f"a floating-point number of {len(data)} bytes")


def encode_float(number: float, size: int) -> bytes:
    """The bytes of a floating-point number of 4 or 8 bytes, or x87's in 16."""
    if size == 4:
        try:
            return struct.pack("<f", number)
        except OverflowError:
            return struct.pack("<f", math.copysign(float("inf"), number))
    if size == 8:
        return struct.pack("<d", number)
    if number == 0 or number != number or number in (float("inf"), float("-inf")):
        raise UsageError(f"{number} as a long double")
    fraction, exponent = math.frexp(abs(number))
    mantissa = int(fraction * (1 << 64))
    head = exponent + 16382 | (0x8000 if number < 0 else 0)
    return (mantissa.to_bytes(8, "little") + head.to_bytes(2, "little")).ljust(size, b"\0")
