"""Socket options: their names by level, their values by name (``signatures/sockopts.options``)."""

from __future__ import annotations

from seize.decode import shapes
from seize.decode.kinds.address import saved_length
from seize.decode.kinds.attributes import Attributes, Context, part_of
from seize.decode.kinds.base import Kind
from seize.decode.kinds.families import interface
from seize.decode.kinds.memory import array_of
from seize.decode.kinds.named import Names, hardware, struct_of_pairs
from seize.decode.kinds.sets import constant, enumeration
from seize.decode.kinds.text import read_bytes
from seize.decode.memory import read_exactly
from seize.decode.values import (
    Address,
    Hex,
    HexBytes,
    Int,
    Members,
    Noted,
    Pointer,
    Value,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Pure, Scope
    from seize.decode.signature import Spec

    Decode = Callable[[Call, int, int], Value]
    Maker = Callable[["Options", list[str]], Decode]

FILE = "sockopts.options"
MOST = 1 << 16
INT = 4


class Level:
    """The options of one level: their names, and the functions that decode their values."""

    __slots__ = ("kinds", "name", "other")

    def __init__(self, name: Pure) -> None:
        self.name = name
        self.kinds: dict[int, Decode] = {}
        self.other: Decode | None = None


class Options:
    """The options of one architecture, each level's made when it is first met."""

    def __init__(self, scope: Scope, setting: bool) -> None:
        self.scope = scope
        self.setting = setting
        self.names = Names(scope)
        self.attributes = Attributes(scope, FILE, {})
        self._levels: dict[int, Level] = {}
        self._files: dict[int, str] = {}

    def level(self, number: int) -> Level | None:
        """What is known of a level; None if nothing is."""
        number &= 0xFFFFFFFF
        if not self._files:
            numbers = {word: value for value, word in self.scope.set("sockopt_level")}
            for head in self.attributes.sections():
                for word in head.split():
                    value = int(word) if word.isdigit() else numbers.get(word)
                    if value is not None:
                        self._files[value] = head
        found = self._levels.get(number)
        if found is None and number in self._files:
            found = self._levels[number] = self._make(self._files[number])
        return found

    def _make(self, head: str) -> Level:
        sets, texts = self.attributes.sections()[head]
        names = sets.split()
        set_name = names[-1 if self.setting else 0]
        table = self.scope.set(set_name)
        made = Level(enumeration(table, names[0]))
        numbers = {word: value for value, word in table}
        for word, text in texts.items():
            setting, _, getting = text.partition(" / ")
            decode = self.kind(setting if self.setting or not getting else getting)
            if word == "*":
                made.other = decode
            elif word in numbers:
                made.kinds[numbers[word]] = decode
        return made

    def kind(self, text: str) -> Decode:
        """The function that decodes the values of an option's kind."""
        word, *rest = text.split()
        maker = MAKERS.get(word)
        return maker(self, rest) if maker is not None else _of_bytes(self, text)

    def name(self, level: int, option: int) -> Value:
        """The option's name, as an enumeration of its level."""
        option &= 0xFFFFFFFF
        found = self.level(level)
        return Int(option) if found is None else found.name(option)

    def value(self, call: Call, raw: int, size: int) -> Value:
        """The value of ``size`` bytes of the option that the call is about."""
        if not raw or size < 0 or (not size and not self.setting):
            return Address(raw)
        found = self.level(call.raw[1])
        if found is None:
            return usual(call, raw, size)
        decode = found.kinds.get(call.raw[2] & 0xFFFFFFFF, found.other)
        return usual(call, raw, size) if decode is None else decode(call, raw, size)


def usual(call: Call, raw: int, size: int) -> Value:
    """The value of an option of which nothing is known: a number or bytes."""
    if size != INT:
        return read_bytes(call.memory, raw, size, call.decoder.string_limit)
    return _number(call, raw, Int, signed=True)


def _number(
    call: Call, raw: int, make: Callable[[int], Value], size: int = INT, signed: bool = False
) -> Value:
    data = read_exactly(call.memory, raw, size)
    if data is None:
        return Address(raw)
    return Pointer(make(int.from_bytes(data, "little", signed=signed)))


def _cut(own: Options, call: Call, raw: int, size: int) -> Value:
    """A value too short to be what it should: setsockopt fails, getsockopt has cut it."""
    data = None if own.setting else read_exactly(call.memory, raw, size)
    return Address(raw) if data is None else HexBytes(data, size)


def _int(own: Options, rest: list[str]) -> Decode:
    """``int [SET]``."""

    def make(number: int) -> Value:
        if not rest:
            return Int(number)
        return Noted(Int(number), own.names.find(rest[0], number) or own.names.unknown(rest[0]))

    return lambda call, raw, size: (
        _number(call, raw, make, signed=True) if size >= INT else _cut(own, call, raw, size)
    )


def _netlink_int(own: Options, rest: list[str]) -> Decode:
    """A number of which no part is shown."""
    return lambda call, raw, size: (
        _number(call, raw, Int, signed=True) if size >= INT else Address(raw)
    )


def _enum(own: Options, rest: list[str]) -> Decode:
    return lambda call, raw, size: (
        _number(call, raw, lambda number: own.names.enum(rest[0], number))
        if size == INT
        else usual(call, raw, size)
    )


def _flags(own: Options, rest: list[str]) -> Decode:
    return lambda call, raw, size: (
        _number(call, raw, lambda number: own.names.flags(rest[0], number))
        if size >= INT
        else _cut(own, call, raw, size)
    )


def _wide(make: type[Int]) -> Maker:
    def maker(own: Options, rest: list[str]) -> Decode:
        return lambda call, raw, size: (
            _number(call, raw, make, 8) if size == 8 else usual(call, raw, size)
        )

    return maker


def _text(own: Options, rest: list[str]) -> Decode:
    return lambda call, raw, size: read_bytes(call.memory, raw, size, call.decoder.string_limit)


def _bytes(own: Options, rest: list[str]) -> Decode:
    return usual


def _struct(own: Options, rest: list[str]) -> Decode:
    """A struct; of one that getsockopt has cut, the fields that are there."""
    shape = shapes.shape(own.scope, rest[0])

    def decode(call: Call, raw: int, size: int) -> Value:
        if size >= shape.size:
            return shape.at(call, raw)
        data = None if own.setting else read_exactly(call.memory, raw, size)
        return Address(raw) if data is None else part_of(shape, call, data)

    return decode


def _fits(own: Options, rest: list[str]) -> Decode:
    """A struct if there are as many bytes, otherwise what it would be without a line."""
    shape = shapes.shape(own.scope, rest[0])
    return lambda call, raw, size: (
        shape.at(call, raw) if size >= shape.end else usual(call, raw, size)
    )


def _exactly(own: Options, rest: list[str]) -> Decode:
    shape = shapes.shape(own.scope, rest[0])
    return lambda call, raw, size: shape.at(call, raw) if size == shape.size else Address(raw)


def _of_bytes(own: Options, text: str) -> Decode:
    """A kind of netlink.attrs."""
    inner = own.attributes.kind(text)

    def decode(call: Call, raw: int, size: int) -> Value:
        data = read_exactly(call.memory, raw, min(size, MOST))
        value = inner(Context(call), data) if data else None
        return usual(call, raw, size) if value is None else value

    return decode


def _errno(own: Options, rest: list[str]) -> Decode:
    """An errno, by name."""
    from seize.abi.names import errno_name

    def make(number: int) -> Value:
        return constant(number, errno_name(number), "errno") if 0 < number < 4096 else Int(number)

    return lambda call, raw, size: (
        _number(call, raw, make, signed=True) if size >= INT else _cut(own, call, raw, size)
    )


def _filter(own: Options, rest: list[str]) -> Decode:
    """A filter that is read back: its length is counted in instructions, not in bytes."""
    return lambda call, raw, size: Address(raw)


def _multicast_if(own: Options, rest: list[str]) -> Decode:
    """An interface, by its address or by its index too."""
    whole, group = _fits(own, ["ip_mreqn"]), _fits(own, ["ip_mreq"])
    return lambda call, raw, size: (group if size < 12 else whole)(call, raw, size)


def _packet_mreq(own: Options, rest: list[str]) -> Decode:
    """A membership, whose address is as long as it says."""
    shape = shapes.shape(own.scope, "packet_mreq")

    def decode(call: Call, raw: int, size: int) -> Value:
        data = read_exactly(call.memory, raw, size) if size == shape.size else None
        if data is None:
            return Address(raw)
        length = int.from_bytes(data[6:8], "little")
        pairs = dict(shape.unpack(data, True), mr_address=hardware(data[8 : 8 + length]))
        return struct_of_pairs(pairs.items())

    return decode


def _icmp_filter(own: Options, rest: list[str]) -> Decode:
    """The ICMP types that are filtered out; of a short one the rest is as if set."""

    def decode(call: Call, raw: int, size: int) -> Value:
        wanted = min(size, INT)
        data = read_exactly(call.memory, raw, wanted) if wanted else None
        if data is None:
            return Address(raw)
        mask = int.from_bytes(data.ljust(INT, b"\xff"), "little")
        inverted = mask.bit_count() > 16
        bits = ~mask if inverted else mask
        found = [own.names.enum("icmp_types", bit) for bit in range(32) if bits >> bit & 1]
        return Members(tuple(found), inverted)

    return decode


def _memberships(own: Options, rest: list[str]) -> Decode:
    """The groups of a netlink socket, as the bits of an array of words."""

    def decode(call: Call, raw: int, size: int) -> Value:
        # The kernel tells how many there are, whether there was room for them or not.
        room = min(size, saved_length(call))
        if not room:
            return Address(raw)
        elements = array_of(
            lambda call: room // INT,
            INT,
            lambda call, data: Int(int.from_bytes(data, "little")),
        )
        return elements(call, raw)

    return decode


def _interface(own: Options, rest: list[str]) -> Decode:
    return lambda call, raw, size: (
        _number(call, raw, interface) if size == INT else usual(call, raw, size)
    )


MAKERS: dict[str, Maker] = {
    "int": _int,
    "@netlink_int": _netlink_int,
    "enum": _enum,
    "flags": _flags,
    "u64": _wide(Int),
    "hex64": _wide(Hex),
    "text": _text,
    "bytes": _bytes,
    "struct": _struct,
    "fits": _fits,
    "exactly": _exactly,
    "interface": _interface,
    "@errno": _errno,
    "@filter": _filter,
    "@multicast_if": _multicast_if,
    "@packet_mreq": _packet_mreq,
    "@icmp_filter": _icmp_filter,
    "@memberships": _memberships,
}


def _name(scope: Scope, spec: Spec) -> Kind:
    """``sockopt_name set`` or ``sockopt_name get``: some numbers mean different options."""
    options = Options(scope, spec.params == ("set",))
    return Kind(decode=lambda call, raw: options.name(call.raw[1], raw))


def _sockopt(scope: Scope, spec: Spec) -> Kind:
    """``sockopt[LENGTH]``: the value to set."""
    length = scope.number(spec.index)
    options = Options(scope, True)

    def decode(call: Call, raw: int) -> Value:
        size = length(call) & 0xFFFFFFFF
        return options.value(call, raw, size if size < 1 << 31 else -1)

    return Kind(decode=decode)


def _sockopt_out(scope: Scope, spec: Spec) -> Kind:
    """``sockopt_out[POINTER]``: the value that the kernel has written, of its length."""
    length = scope.number("*" + spec.index)
    options = Options(scope, False)

    def decode(call: Call, raw: int) -> Value:
        size = length(call)
        return options.value(call, raw, size if size < 1 << 31 else -1)

    return Kind(decode=decode)


KINDS: dict[str, Factory] = {
    "sockopt_name": _name,
    "sockopt": _sockopt,
    "sockopt_out": _sockopt_out,
}
