"""Strings and buffers in the tracee's memory."""

from __future__ import annotations

import struct

from seize.decode.kinds.base import Kind, UnknownKind
from seize.decode.memory import PATH_MAX, read_string
from seize.decode.values import Address, Array, Bytes, Hex, HexBytes, Name, Noted, Path, Text, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.memory import MemoryReader
    from seize.decode.signature import Spec

FIRST_VECTOR = 512
"""The bytes of an environment that are read first: most end within."""

COUNT_LIMIT = 1 << 16
"""No environment is counted further: a wild pointer must not cost more."""


def _path(scope: Scope, spec: Spec) -> Kind:
    def decode(call: Call, raw: int) -> Value:
        if not raw:
            return Address(0)
        found = read_string(call.memory, raw, PATH_MAX - 1)
        return Address(raw) if found is None else Path(*found)

    return Kind(decode=decode)


def _str(scope: Scope, spec: Spec) -> Kind:
    """A NUL-terminated string, shown up to the decoder's limit."""
    limit = scope.decoder.string_limit

    def decode(call: Call, raw: int) -> Value:
        if not raw:
            return Address(0)
        found = read_string(call.memory, raw, limit)
        return Address(raw) if found is None else Text(*found)

    return Kind(decode=decode)


def _bytes(scope: Scope, spec: Spec) -> Kind:
    """``bytes[LENGTH]``."""
    if not spec.index:
        raise UnknownKind("bytes needs [LENGTH]")
    limit = scope.decoder.string_limit
    if spec.index == "ret":

        def returned(call: Call, raw: int) -> Value:
            size = call.rval or 0
            if size > 0:
                # The byte behind the limit must be there, or the buffer is no buffer.
                wanted = size if size <= limit else limit + 1
                data = call.memory.read_prefix(raw, wanted)
                return Bytes(data[:limit], size) if len(data) == wanted else Address(raw)
            return Bytes(b"", 0) if raw and size == 0 else Address(raw)

        return Kind(decode=returned)
    length = scope.number(spec.index)

    def decode(call: Call, raw: int) -> Value:
        return read_bytes(call.memory, raw, length(call), limit)

    if scope.word == 4:
        # A struct may have a pointer of 64 bits on any machine.
        return Kind(decode=lambda call, raw: Address(raw) if raw >> 32 else decode(call, raw))
    return Kind(decode=decode)


def read_bytes(memory: MemoryReader, address: int, size: int, limit: int) -> Value:
    """A buffer of ``size`` bytes, of which at most ``limit`` are kept."""
    if not address or size < 0:
        return Address(address)
    wanted = min(size, limit + 1)
    data = memory.read_prefix(address, wanted) if wanted else b""
    return Bytes(data[:limit], size) if len(data) == wanted else Address(address)


class Window:
    """Reads strings that tend to lie side by side with few reads of memory."""

    __slots__ = ("data", "memory", "start")
    SIZE = 1024

    def __init__(self, memory: MemoryReader) -> None:
        self.memory = memory
        self.start = 0
        self.data = b""

    def string(self, address: int, limit: int) -> tuple[bytes, bool] | None:
        """As ``read_string``."""
        offset = address - self.start
        if not 0 <= offset < len(self.data):
            size = min(self.SIZE, 4096 - address % 4096)
            self.data = self.memory.read_prefix(address, size)
            self.start, offset = address, 0
        end = self.data.find(0, offset, offset + limit + 1)
        if end >= 0:
            return self.data[offset:end], True
        if len(self.data) > offset + limit:
            return self.data[offset : offset + limit], False
        return read_string(self.memory, address, limit)


def _strings(scope: Scope, spec: Spec) -> Kind:
    """A NULL-terminated vector of strings."""
    limit = scope.decoder.string_limit
    most = scope.decoder.array_limit
    word = scope.word
    code = "Q" if word == 8 else "I"

    def decode(call: Call, raw: int) -> Value:
        if not raw:
            return Address(0)
        data = call.memory.read_prefix(raw, word * min(most + 1, 8))
        if len(data) == word * 8 and data[-word:] != bytes(word):
            data = call.memory.read_prefix(raw, word * (most + 1))
        count = len(data) // word
        pointers = struct.unpack_from(f"<{count}{code}", data)
        ended = 0 in pointers
        if ended:
            pointers = pointers[: pointers.index(0)]
        elif not count:
            return Address(raw)
        window = Window(call.memory)
        items: list[Value] = []
        for pointer in pointers[:most]:
            found = window.string(pointer, limit)
            items.append(Hex(pointer) if found is None else Text(*found))
        more = len(pointers) > most
        end = None if ended or more else raw + count * word
        return Array(tuple(items), more, end)

    return Kind(decode=decode)


def _environ(scope: Scope, spec: Spec) -> Kind:
    """An environment: how many variables there are, or all of them when verbose."""
    word = scope.word
    if scope.decoder.verbose:
        return _strings(scope, spec)
    code = "Q" if word == 8 else "I"

    def decode(call: Call, raw: int) -> Value:
        if not raw:
            return Address(0)
        count = 0
        address = raw
        size = FIRST_VECTOR
        while count < COUNT_LIMIT:
            data = call.memory.read_prefix(address, size)
            have = len(data) // word
            pointers = struct.unpack_from(f"<{have}{code}", data)
            if 0 in pointers:
                return _counted(raw, count + pointers.index(0))
            count += have
            if len(data) < size:
                break
            address += size
            size = 4096
        return _counted(raw, count, ", unterminated") if count else Address(raw)

    return Kind(decode=decode)


def _counted(raw: int, count: int, end: str = "") -> Value:
    return Noted(Address(raw), f"{count} var{'' if count == 1 else 's'}{end}")


HOST_NAME_MAX = 64


def _hostname(scope: Scope, spec: Spec) -> Kind:
    """``hostname[LENGTH]``: a buffer that the kernel only looks at when it isn't too long."""
    inner, length = _bytes(scope, spec).contextual(), scope.number(spec.index)

    def decode(call: Call, raw: int) -> Value:
        return inner(call, raw) if length(call) <= HOST_NAME_MAX else Address(raw)

    return Kind(decode=decode)


def _hexbytes(scope: Scope, spec: Spec) -> Kind:
    """``hexbytes[LENGTH]``: a buffer that is no text."""
    inner = _bytes(scope, spec).contextual()

    def decode(call: Call, raw: int) -> Value:
        value = inner(call, raw)
        return HexBytes(value.bytes, value.size) if isinstance(value, Bytes) else value

    return Kind(decode=decode)


def _comm(scope: Scope, spec: Spec) -> Kind:
    """A thread's name: at most 15 bytes; of a ``new`` one the kernel doesn't look for the end."""
    most = 14 if spec.params == ("new",) else 15

    def decode(call: Call, raw: int) -> Value:
        found = read_string(call.memory, raw, most) if raw else None
        if found is not None and not found[1] and most == 14:
            found = call.memory.read_prefix(raw, 15), False
        return Address(raw) if found is None else Text(*found)

    return Kind(decode=decode)


def _characters(make: type[Text]) -> Factory:
    """Characters in a struct that may fill their field, though they shouldn't."""

    def inline(data: bytes) -> Value:
        text, nul, _ = data.partition(b"\0")
        return make(text if nul else text[:-1], bool(nul))

    return lambda scope, spec: Kind(inline=inline)


def _octets(scope: Scope, spec: Spec) -> Kind:
    """Bytes in a struct that are no text."""
    limit = scope.decoder.string_limit
    return Kind(inline=lambda data: HexBytes(data[:limit], len(data)))


KINDS: dict[str, Factory] = {
    "path": _path,
    "str": _str,
    "bytes": _bytes,
    "hexbytes": _hexbytes,
    "hostname": _hostname,
    "comm": _comm,
    "strings": _strings,
    "environ": _environ,
    "name": _characters(Text),
    "cname": _characters(Name),
    "octets": _octets,
}
