"""Scattered buffers: readv(2), writev(2), and the buffers of messages."""

from __future__ import annotations

import struct

from seize.decode.kinds.base import Kind
from seize.decode.kinds.text import read_bytes
from seize.decode.values import Address, Array, Int, Struct, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec

_NAMES = ("iov_base", "iov_len")
MOST_IN_ALL = 1 << 13
"""How many buffers of one call are looked at, where it has vectors of vectors."""


def vectors(
    call: Call,
    word: int,
    address: int,
    count: int,
    filled: int | None,
    contents: bool = True,
    share: int = 1,
    read: Callable[[int, int], Value] | None = None,
) -> Value:
    """``count`` iovecs at an address; ``filled`` bytes of them are valid (None: all).

    They are one of ``share`` such vectors in the call; ``read`` makes a value of a buffer that is
    more than bytes.
    """
    most = min(call.decoder.array_limit, max(MOST_IN_ALL // share, 1))
    if not address or count < 0:
        return Address(address)
    if count == 0:
        return Array(())
    if address + count * 2 * word >> 64:
        return Address(address)
    wanted = min(count, most)
    data = call.memory.read_prefix(address, max(wanted, 1) * 2 * word)
    if len(data) < 2 * word:
        return Address(address)
    have = min(len(data) // (2 * word), wanted)
    numbers = struct.unpack_from(f"<{have * 2}{'Q' if word == 8 else 'I'}", data)
    limit = call.decoder.string_limit
    items: list[Value] = []
    left = filled
    for base, length in zip(numbers[::2], numbers[1::2], strict=True):
        size = length
        if left is not None:
            size = min(length, left)
            left -= size
        buffer: Value
        if read is not None:
            buffer = read(base, size)
        else:
            buffer = read_bytes(call.memory, base, size, limit) if contents else Address(base)
        items.append(Struct(_NAMES, (buffer, Int(length))))
    end = address + have * 2 * word if have < wanted else None
    return Array(tuple(items), count > wanted and end is None, end)


def _iovec(scope: Scope, spec: Spec) -> Kind:
    """``iovec[COUNT]``: buffers that are read by the kernel."""
    count, word = scope.number(spec.index), scope.word
    return Kind(decode=lambda call, raw: vectors(call, word, raw, count(call), None))


def _iovec_out(scope: Scope, spec: Spec) -> Kind:
    """``iovec_out[COUNT]``: buffers that the kernel has written, the result tells how far."""
    count, word = scope.number(spec.index), scope.word

    def decode(call: Call, raw: int) -> Value:
        return vectors(call, word, raw, count(call), call.rval or 0)

    def failed(call: Call, raw: int, before: Value) -> Value:
        return vectors(call, word, raw, count(call), None, False)

    return Kind(decode=decode, failed=failed)


def _iovec_ptr(scope: Scope, spec: Spec) -> Kind:
    """``iovec_ptr[COUNT]``: ranges of another address space."""
    count, word = scope.number(spec.index), scope.word
    return Kind(decode=lambda call, raw: vectors(call, word, raw, count(call), None, False))


KINDS: dict[str, Factory] = {
    "iovec": _iovec,
    "iovec_out": _iovec_out,
    "iovec_ptr": _iovec_ptr,
}
