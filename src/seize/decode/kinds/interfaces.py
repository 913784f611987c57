"""Network interfaces: the requests that name one, and ask or tell something of it."""

from __future__ import annotations

from seize.abi.names import ioctl_name
from seize.decode import shapes
from seize.decode.kinds.address import Addresses
from seize.decode.kinds.attribute_kinds import ADDRESS_LENGTHS
from seize.decode.kinds.base import Kind
from seize.decode.kinds.named import Pair, hardware, struct_of_pairs
from seize.decode.kinds.sets import flag_set
from seize.decode.memory import read_exactly
from seize.decode.values import Address, Array, Changed, Int, Noted, Struct, Text, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec

NAME = 16
_ADDRESS_LENGTH = 14

# What a request is about, as its name says behind SIOCGIF or SIOCSIF, in ``struct ifreq``.
_FIELDS = {
    "FLAGS": ("ifr_flags", "flags"),
    "INDEX": ("ifr_ifindex", "int"),
    "METRIC": ("ifr_metric", "int"),
    "MTU": ("ifr_mtu", "int"),
    "TXQLEN": ("ifr_qlen", "int"),
    "ADDR": ("ifr_addr", "address"),
    "DSTADDR": ("ifr_dstaddr", "address"),
    "BRDADDR": ("ifr_broadaddr", "address"),
    "NETMASK": ("ifr_netmask", "address"),
    "HWADDR": ("ifr_hwaddr", "hardware"),
    "HWBROADCAST": ("ifr_hwaddr", "hardware"),
    "NAME": ("ifr_newname", "name"),
    "SLAVE": ("ifr_slave", "name"),
    "MAP": ("ifr_map", "map"),
}
_MULTICAST = ("SIOCADDMULTI", "SIOCDELMULTI")
_BRIDGE = ("SIOCBRADDIF", "SIOCBRDELIF")


def _text(data: bytes) -> Value:
    """A name in its field, whose last byte is to be a NUL."""
    text, end, _ = data[:NAME].partition(b"\0")
    return Text(text, True) if end else Text(text[: NAME - 1], False)


class Requests:
    """What stands in a ``struct ifreq``, as one architecture has it."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.size = 40 if scope.word == 8 else 32
        self.addresses = Addresses(scope)
        self._flags = flag_set(scope.set("interface_flags"), "interface_flags", 16)
        self._makers: dict[str, Callable[[bytes], Value]] = {
            "flags": lambda data: self._flags(int.from_bytes(data[:2], "little")),
            "int": lambda data: Int(int.from_bytes(data[:4], "little", signed=True)),
            "address": lambda data: self.addresses.value(data[:16]),
            "hardware": self._hardware,
            "name": _text,
            "map": self._map,
        }

    def field(self, request: str, data: bytes) -> Pair:
        """The field that a request is about."""
        if request in _MULTICAST:
            name, kind = _FIELDS["HWADDR"]
        else:
            name, kind = _FIELDS[request[len("SIOCGIF") :]]
        return name, self._makers[kind](data[NAME:])

    def _hardware(self, data: bytes) -> Value:
        kind = int.from_bytes(data[:2], "little")
        length = min(ADDRESS_LENGTHS.get(kind, _ADDRESS_LENGTH), _ADDRESS_LENGTH)
        family = self.addresses.names.enum("arphrd", kind, 16)
        return Struct(("sa_family", "sa_data"), (family, hardware(data[2 : 2 + length])))

    def _map(self, data: bytes) -> Value:
        shape = shapes.shape(self.scope, "ifmap")
        return shape.value(None, data[: shape.size])


def _ifreq(scope: Scope, spec: Spec) -> Kind:
    """A request on a network interface: the name, and what the request asks or tells."""
    requests = Requests(scope)

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, requests.size) if raw else None
        if data is None:
            return Address(raw)
        request = ioctl_name(scope.arch_name, call.raw[1]) or ""
        index = Int(int.from_bytes(data[NAME : NAME + 4], "little", signed=True))
        name: Pair = ("ifr_name", _text(data))
        asks = request.startswith("SIOCG")
        answered = asks and call.finished and (call.rval or 0) >= 0
        pairs = [name]
        if request in _BRIDGE:
            pairs = [("ifr_ifindex", index)]
        elif request == "SIOCGIFNAME":
            pairs = [("ifr_ifindex", index), name][: 2 if answered else 1]
        elif answered or not asks:
            pairs.append(requests.field(request, data))
        return struct_of_pairs(pairs)

    return Kind(decode=decode, failed=lambda call, raw, before: decode(call, raw))


def _ifreq_flags(scope: Scope, spec: Spec) -> Kind:
    """``ifreq_flags SET``: a request on an interface whose flags are those of SET."""
    flags = flag_set(scope.set(spec.params[0]), spec.params[0], 16)

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, 18) if raw else None
        if data is None:
            return Address(raw)
        set_flags = flags(int.from_bytes(data[16:], "little"))
        return Struct(("ifr_name", "ifr_flags"), (_text(data), set_flags))

    return Kind(decode=decode)


def _ifconf(scope: Scope, spec: Spec) -> Kind:
    """The list of interfaces: how much room there is for it, and then what is in it."""
    requests = Requests(scope)
    word, size = scope.word, requests.size

    def parts(call: Call, raw: int) -> tuple[int, int] | None:
        data = read_exactly(call.memory, raw, 2 * word) if raw else None
        if data is None:
            return None
        length = int.from_bytes(data[:4], "little", signed=True)
        return length, int.from_bytes(data[word:], "little")

    def amount(length: int) -> Value:
        if length <= 0 or length % size:
            return Int(length)
        return Noted(Int(length), f"{length // size} * sizeof(struct ifreq)")

    def decode(call: Call, raw: int) -> Value:
        found = parts(call, raw)
        if found is None:
            return Address(raw)
        call.saved = found[0]
        return struct_of_pairs([("ifc_len", amount(found[0])), ("ifc_buf", Address(found[1]))])

    def later(call: Call, raw: int, before: Value) -> Value:
        found = parts(call, raw)
        if found is None or not isinstance(before, Struct):
            return before
        length, buffer = found
        shown = amount(length)
        if not buffer:
            # Only the length was asked for: what it was before means nothing.
            return struct_of_pairs([("ifc_len", shown), ("ifc_buf", Address(0))])
        if call.saved != length:
            shown = Changed(before.values[0], shown)
        return struct_of_pairs([("ifc_len", shown), ("ifc_buf", listed(call, buffer, length))])

    def listed(call: Call, buffer: int, length: int) -> Value:
        count = max(length, 0) // size
        wanted = min(count, call.decoder.array_limit)
        data = read_exactly(call.memory, buffer, wanted * size) if wanted else b""
        if data is None:
            return Address(buffer)
        items = []
        for start in range(0, wanted * size, size):
            one = data[start : start + size]
            address = requests.addresses.value(one[NAME : NAME + 16])
            items.append(struct_of_pairs([("ifr_name", _text(one)), ("ifr_addr", address)]))
        return Array(tuple(items), count > wanted)

    return Kind(decode=decode, later=later)


KINDS: dict[str, Factory] = {"ifreq": _ifreq, "ifreq_flags": _ifreq_flags, "ifconf": _ifconf}
