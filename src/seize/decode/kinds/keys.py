"""keyctl(2): the keys' capabilities, and the errors of a rejected key."""

from __future__ import annotations

from seize.decode.kinds.base import Kind
from seize.decode.kinds.sets import flag_set
from seize.decode.kinds.text import read_bytes
from seize.decode.memory import read_exactly
from seize.decode.values import Address, Array, Enum, Int, Noted, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec


def _serial(scope: Scope, spec: Spec) -> Kind:
    """A key or keyring: its serial number, or the name of a special one."""
    names = {value & 0xFFFFFFFF: name for value, name in scope.set(spec.params[0])}

    def make(raw: int) -> Value:
        raw &= 0xFFFFFFFF
        number = raw - (1 << 32) if raw >> 31 else raw
        name = names.get(raw)
        if name is None:
            return Int(number)
        value = Enum(number)
        value.name, value.set = name, spec.params[0]
        return value

    return Kind(make)


def _default(scope: Scope, spec: Spec) -> Kind:
    """The keyring that requested keys go to; unknown ones are shown in decimal."""
    names = {value & 0xFFFFFFFF: name for value, name in scope.set("key_reqkey_default")}

    def make(raw: int) -> Value:
        raw &= 0xFFFFFFFF
        number = raw - (1 << 32) if raw >> 31 else raw
        if raw not in names:
            return Noted(Int(number), "KEY_REQKEY_DEFL_???")
        value = Enum(number)
        value.name, value.set = names[raw], "key_reqkey_default"
        return value

    return Kind(make)


def _error_number(scope: Scope, spec: Spec) -> Kind:
    """An errno, by name."""
    from seize.abi.names import errno_name

    def make(raw: int) -> Value:
        number = raw & 0xFFFFFFFF
        name = errno_name(number)
        if name.startswith("ERRNO_"):
            return Int(number)
        value = Enum(number)
        value.name = name
        return value

    return Kind(make)


def _text(scope: Scope, spec: Spec) -> Kind:
    """``key_text[SIZE]``: a text that the kernel stores if there is room for it."""
    return _stored(scope, spec, 1)


def _payload(scope: Scope, spec: Spec) -> Kind:
    """``key_payload[SIZE]``: as much of a payload as there is room for."""
    return _stored(scope, spec, 0)


def _stored(scope: Scope, spec: Spec, ending: int) -> Kind:
    length = scope.number(spec.index)
    limit = scope.decoder.string_limit

    def decode(call: Call, raw: int) -> Value:
        there = call.rval or 0
        room = length(call)
        size = min(there, room)
        if not raw or size <= 0 or (ending and there > room):
            return Address(raw)
        return read_bytes(call.memory, raw, size - ending, limit)

    return Kind(decode=decode)


def _pkey_bytes(scope: Scope, spec: Spec) -> Kind:
    """``pkey_bytes OFFSET``: a buffer of the size that lies at an offset of the parameters."""
    offset = int(spec.params[0])
    limit = scope.decoder.string_limit

    def decode(call: Call, raw: int) -> Value:
        size = read_exactly(call.memory, call.raw[1] + offset, 4)
        if size is None:
            return Address(raw)
        return read_bytes(call.memory, raw, int.from_bytes(size, "little"), limit)

    return Kind(decode=decode)


def _capabilities(scope: Scope, spec: Spec) -> Kind:
    """``key_capabilities[SIZE]``: a byte of flags after another, as many as there are."""
    length = scope.number(spec.index)
    sets = [flag_set(scope.set(name), name, 8) for name in ("keyctl_caps0", "keyctl_caps1")]

    def decode(call: Call, raw: int) -> Value:
        size = min(length(call), call.rval or 0, 1 << 10)
        data = call.memory.read_prefix(raw, size) if raw and size > 0 else b""
        if not data:
            return Address(raw)
        parts = [sets[min(i, 1)](byte) if i < 2 else Int(byte) for i, byte in enumerate(data)]
        return Array(tuple(parts))

    return Kind(decode=decode)


KINDS: dict[str, Factory] = {
    "serial": _serial,
    "reqkey_default": _default,
    "key_text": _text,
    "key_payload": _payload,
    "pkey_bytes": _pkey_bytes,
    "error_number": _error_number,
    "key_capabilities": _capabilities,
}
