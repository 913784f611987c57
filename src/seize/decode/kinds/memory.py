"""Pointers: to a scalar, to an array, to a struct, to a signal set."""

from __future__ import annotations

import struct

from seize.decode.kinds.base import Kind, UnknownKind
from seize.decode.memory import read_exactly
from seize.decode.values import (
    Address,
    Array,
    Changed,
    Int,
    Members,
    Pointer,
    SigSet,
    Value,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.shapes import Shape
    from seize.decode.signature import Spec

MOST_BITS = 1 << 16
"""No set of descriptors or CPUs is read further."""

_SIZES = {
    "short": "H",
    "ushort": "H",
    "hex16": "H",
    "byte": "B",
    "umode": "H",
    "id16": "H",
    "i64": "Q",
    "u64": "Q",
    "hex64": "Q",
    "loff": "Q",
    "dev": "Q",
}
_NARROW = {"u64": "Q", "u16": "H", "u8": "B"}
_WORDS = ("long", "ulong", "size", "ptr", "hex", "raw", "bit_numbers")


def scalar_code(scope: Scope, spec: Spec) -> str:
    """The ``struct`` code of a scalar kind in memory."""
    if spec.word in _WORDS or spec.params[-1:] == ("long",):
        return "Q" if scope.word == 8 else "I"
    if spec.params[-1:] and spec.params[-1] in _NARROW:
        return _NARROW[spec.params[-1]]
    return _SIZES.get(spec.word, "I")


def pointer_to_shape(made: Shape) -> Kind:
    """A pointer to a struct."""
    if not made.outputs:
        return Kind(decode=made.at)

    def later(call: Call, raw: int, before: Value) -> Value:
        data = read_exactly(call.memory, raw, made.size) if raw else None
        return before if data is None else made.later(call, data, before, raw)

    return Kind(decode=made.at, later=later)


def _pointer(scope: Scope, spec: Spec) -> Kind:
    """``&KIND``: a pointer to a scalar.  ``inout`` shows ``[before => after]``."""
    from seize.decode.kinds import make

    target = spec.target
    if target is None:
        raise UnknownKind("& needs a kind")
    kind = make(scope, target)
    inner = kind.contextual()
    unpack = struct.Struct("<" + scalar_code(scope, target)).unpack
    size = struct.calcsize("<" + scalar_code(scope, target))

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, size) if raw else None
        return Address(raw) if data is None else Pointer(inner(call, unpack(data)[0]))

    def later(call: Call, raw: int, before: Value) -> Value:
        after = decode(call, raw)
        if not isinstance(before, Pointer) or not isinstance(after, Pointer):
            return after
        if before.target == after.target:
            return before
        return Pointer(Changed(before.target, after.target))

    return Kind(decode=decode, later=later)


def _array(scope: Scope, spec: Spec) -> Kind:
    """``array[COUNT] KIND``: of scalars or of structs."""
    if spec.target is None or not spec.index:
        raise UnknownKind("array needs [COUNT] and a kind")
    size, value = element(scope, spec)
    return Kind(decode=array_of(scope.number(spec.index), size, value))


def element(scope: Scope, spec: Spec) -> tuple[int, Callable[[Call, bytes], Value]]:
    """The size of an element of an array, and how to make its value."""
    from seize.decode import shapes
    from seize.decode.kinds import MODULES, make

    target = spec.target
    if target is None:
        raise UnknownKind("array needs a kind")
    if target.word not in MODULES and shapes.known(target.word):
        inner = shapes.shape(scope, target.word)
        return inner.size, inner.value
    decode = make(scope, target).contextual()
    code = struct.Struct("<" + scalar_code(scope, target))
    return code.size, lambda call, data: decode(call, code.unpack(data)[0])


def array_of(
    count: Callable[[Call], int], size: int, value: Callable[[Call, bytes], Value]
) -> Callable[[Call, int], Value]:
    """A decoder of an array of ``count(call)`` elements of ``size`` bytes each."""

    def decode(call: Call, raw: int) -> Value:
        total = count(call)
        if not raw or total < 0 or raw + total * size >> 64:
            return Address(raw)
        wanted = min(total, call.decoder.array_limit)
        data = call.memory.read_prefix(raw, max(wanted, 1) * size) if total else b""
        if total and len(data) < size:
            return Address(raw)
        have = min(len(data) // size, wanted)
        items = [value(call, data[i * size : (i + 1) * size]) for i in range(have)]
        end = raw + have * size if have < wanted else None
        return Array(tuple(items), total > wanted and end is None, end)

    return decode


def _sigset(scope: Scope, spec: Spec) -> Kind:
    """``sigset[SIZE] [part]``: a pointer to a signal set; the kernel wants one of its own size.

    ``part``: or less of it.
    """
    length = scope.number(spec.index or "8")
    fixed = spec.index.isdigit()
    least = 1 if spec.params == ("part",) else scope.word

    def decode(call: Call, raw: int) -> Value:
        size = length(call)
        sound = fixed or (least <= size <= 8)
        data = read_exactly(call.memory, raw, size) if raw and sound else None
        if data is None:
            return Address(raw)
        mask = SigSet(int.from_bytes(data, "little"))
        mask.width = size * 8
        return mask

    return Kind(decode=decode)


def _numbers(data: bytes, most: int) -> list[int]:
    found: list[int] = []
    for index, byte in enumerate(data):
        if byte:
            found += [index * 8 + bit for bit in range(8) if byte >> bit & 1]
    while found and found[-1] >= most:
        found.pop()
    return found


def _members(data: bytes, most: int) -> Members:
    return Members(tuple([Int(number) for number in _numbers(data, most)]))


def _fdset(scope: Scope, spec: Spec) -> Kind:
    """``fdset[COUNT]``: a pointer to a set of the descriptors below COUNT."""
    from seize.decode.kinds.basic import descriptor_of

    count = scope.number(spec.index)
    descriptor = descriptor_of(scope) if scope.decoder.fd_paths is not None else None

    def decode(call: Call, raw: int) -> Value:
        most = count(call) & 0xFFFFFFFF
        if not raw or not most or most >> 31:
            return Address(raw)
        most = min(most, MOST_BITS)
        size = (most + scope.bits - 1) // scope.bits * scope.word
        data = read_exactly(call.memory, raw, size)
        if data is None:
            return Address(raw)
        if descriptor is None or call.finished:
            # What came of them is told in numbers alone.
            return _members(data, most)
        return Members(tuple([descriptor(call, fd) for fd in _numbers(data, most)]))

    return Kind(decode=decode)


def _cpuset(scope: Scope, spec: Spec) -> Kind:
    """``cpuset[SIZE]``: a pointer to a CPU mask of SIZE bytes."""
    length = scope.number(spec.index)

    def decode(call: Call, raw: int) -> Value:
        size = min(length(call), MOST_BITS // 8)
        data = read_exactly(call.memory, raw, size) if raw and size >= 0 else None
        return Address(raw) if data is None else _members(data, size * 8)

    return Kind(decode=decode)


def _sigmask(scope: Scope, spec: Spec) -> Kind:
    """A signal set that is the argument itself."""

    def convert(raw: int) -> Value:
        mask = SigSet(raw & 0xFFFFFFFF)
        mask.width = 32
        return mask

    return Kind(convert)


def _sendfile_offset(scope: Scope, spec: Spec) -> Kind:
    """``[before] => [after]``, of a word or of 8 bytes."""
    wide = spec.params == ("8",)
    size = 8 if wide else scope.word

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, size) if raw else None
        if data is None:
            return Address(raw)
        return Pointer(Int(int.from_bytes(data, "little", signed=wide)))

    def later(call: Call, raw: int, before: Value) -> Value:
        after = decode(call, raw)
        if isinstance(before, Pointer) and isinstance(after, Pointer):
            return before if before.target == after.target else Changed(before, after)
        return after

    return Kind(decode=decode, later=later)


def _mincore(scope: Scope, spec: Spec) -> Kind:
    """One byte for each page of ``len``."""
    length = scope.number("len")

    def count(call: Call) -> int:
        return (length(call) + 4095) // 4096

    return Kind(decode=array_of(count, 1, lambda call, data: Int(data[0] & 1)))


KINDS: dict[str, Factory] = {
    "&": _pointer,
    "array": _array,
    "sigset": _sigset,
    "fdset": _fdset,
    "cpuset": _cpuset,
    "sigmask": _sigmask,
    "sendfile_off": _sendfile_offset,
    "mincore_vec": _mincore,
}
