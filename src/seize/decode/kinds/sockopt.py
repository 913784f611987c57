"""Socket options: their names by level, their values by name."""

from __future__ import annotations

import struct

from seize.decode.kinds.base import Kind
from seize.decode.kinds.sets import enumeration
from seize.decode.kinds.text import read_bytes
from seize.decode.memory import read_exactly
from seize.decode.values import Address, Enum, Id, Int, Pointer, Struct, Value, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec

LEVELS = {
    0: "ip_options",
    1: "sol_socket_options",
    6: "tcp_options",
    17: "udp_options",
    41: "ipv6_options",
    58: "icmpv6_options",
    255: "raw_options",
    263: "packet_options",
    270: "netlink_options",
}
_STRUCTS: dict[str, tuple[str, tuple[str, ...], tuple[type[Int], ...]]] = {
    "SO_LINGER": ("<ii", ("l_onoff", "l_linger"), (Int, Int)),
    "SO_PEERCRED": ("<iII", ("pid", "uid", "gid"), (Int, Id, Id)),
}
_TEXTS = ("SO_BINDTODEVICE", "SO_PEERSEC", "TCP_CONGESTION", "TCP_ULP", "SO_ATTACH_FILTER")
_MOST = 1 << 16


class Options:
    """The tables of one architecture, made when a level is first met."""

    def __init__(self, scope: Scope, setting: bool) -> None:
        self.scope = scope
        self.own = "_set_options" if setting else "_get_options"
        self.tables: dict[int, Callable[[int], Value]] = {}

    def name(self, level: int, option: int) -> Value:
        """The option's name, as an enumeration of its level."""
        level &= 0xFFFFFFFF
        option &= 0xFFFFFFFF
        make = self.tables.get(level)
        if make is None:
            set_name = LEVELS.get(level)
            if set_name is None:
                return Int(option)
            table = self.scope.set(set_name)
            own = set_name.replace("_options", self.own)
            if self.scope.has_set(own):
                table = (*self.scope.set(own), *table)
            make = self.tables[level] = enumeration(table, set_name)
        return make(option)


def _name(scope: Scope, spec: Spec) -> Kind:
    """``sockopt_name set`` or ``sockopt_name get``: some numbers mean different options."""
    options = Options(scope, spec.params == ("set",))
    return Kind(decode=lambda call, raw: options.name(call.raw[1], raw))


def value_of(call: Call, name: Value, raw: int, size: int, out: bool) -> Value:
    """An option's value by its name: a struct, a text, a number, or bytes."""
    if not raw or size < 0 or size > _MOST:
        return Address(raw)
    word = name.name if isinstance(name, Enum) else None
    if word in _STRUCTS:
        layout, names, makes = _STRUCTS[word]
        wanted = struct.calcsize(layout)
        data = read_exactly(call.memory, raw, wanted) if size >= wanted else None
        if data is None:
            return Address(raw)
        numbers = struct.unpack(layout, data)
        values = tuple([make(number) for make, number in zip(makes, numbers, strict=True)])
        return Struct(names, values)
    if size == 4 and word == "SO_ERROR":
        return _error(call, raw)
    if size == 4 and word not in _TEXTS and isinstance(name, Enum):
        data = read_exactly(call.memory, raw, 4)
        if data is None:
            return Address(raw)
        return Pointer(Int(int.from_bytes(data, "little", signed=True)))
    if size < 4 and word not in _TEXTS and isinstance(name, Enum) and not out:
        return Address(raw)
    return read_bytes(call.memory, raw, size, call.decoder.string_limit)


def _error(call: Call, raw: int) -> Value:
    """An errno, by name."""
    from seize.abi.names import errno_name

    data = read_exactly(call.memory, raw, 4)
    if data is None:
        return Address(raw)
    number = int.from_bytes(data, "little", signed=True)
    return Pointer(Word(errno_name(number)) if number > 0 else Int(number))


def _sockopt(scope: Scope, spec: Spec) -> Kind:
    """``sockopt[LENGTH]``: the value to set."""
    length = scope.number(spec.index)
    options = Options(scope, True)

    def decode(call: Call, raw: int) -> Value:
        size = length(call) & 0xFFFFFFFF
        name = options.name(call.raw[1], call.raw[2])
        return value_of(call, name, raw, size if size < 1 << 31 else -1, False)

    return Kind(decode=decode)


def _sockopt_out(scope: Scope, spec: Spec) -> Kind:
    """``sockopt_out[POINTER]``: the value that the kernel has written, of its length."""
    length = scope.number("*" + spec.index)
    options = Options(scope, False)

    def decode(call: Call, raw: int) -> Value:
        name = options.name(call.raw[1], call.raw[2])
        return value_of(call, name, raw, length(call), True)

    return Kind(decode=decode)


KINDS: dict[str, Factory] = {
    "sockopt_name": _name,
    "sockopt": _sockopt,
    "sockopt_out": _sockopt_out,
}
