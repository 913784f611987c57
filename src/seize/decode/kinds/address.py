"""Socket addresses (and the lengths that go with them), and protocols."""

from __future__ import annotations

import struct

from seize.decode import shapes
from seize.decode.kinds import families
from seize.decode.kinds.base import Kind
from seize.decode.kinds.families import interface
from seize.decode.kinds.named import Names, Pair, hex_bytes, padded, struct_of_pairs
from seize.decode.kinds.sets import enumeration
from seize.decode.memory import read_exactly
from seize.decode.values import (
    AbstractPath,
    Address,
    Changed,
    Hex,
    Int,
    Macro,
    Name,
    Path,
    Pointer,
    Value,
    WholeBytes,
    Word,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec

MOST = 128
SUN_PATH = 108
PROTOCOLS = {
    2: "ip_protocols",
    10: "ip_protocols",
    16: "netlink_protocols",
    29: "can_protocols",
    31: "bluetooth_protocols",
    34: "isdn_protocols",
    35: "phonet_protocols",
    37: "caif_protocols",
    39: "nfc_protocols",
    41: "kcm_protocols",
    43: "smc_protocols",
}
"""The set of a family's protocols."""

AF_UNIX, AF_INET, AF_AX25, AF_INET6, AF_NETLINK, AF_PACKET = 1, 2, 3, 10, 16, 17


class Addresses:
    """Makes values of socket addresses; knows the names that it needs."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.names = Names(scope)
        self.family = enumeration(scope.set("socket_domain"), "socket_domain", 16)

    def value(self, data: bytes) -> Value:
        """The address in ``data``, all of it."""
        family = int.from_bytes(data[:2], "little")
        head: Pair = ("sa_family", self.family(family))
        fields: list[Pair] | None = None
        brief = False
        if family == AF_UNIX:
            fields = _unix(data)
        elif family == AF_INET:
            fields = inet(data) if len(data) >= 16 else None
        elif family == AF_INET6:
            fields = inet6(data) if len(data) >= 24 else None
        elif family == AF_NETLINK:
            fields = _netlink(data) if len(data) >= 12 else None
        elif family == AF_PACKET:
            fields = self._packet(data) if len(data) >= 20 else None
        elif family in families.FAMILIES:
            fields = families.FAMILIES[family](self.names, data)
            brief = fields is not None and families.is_brief(family, data, self.scope.word)
        elif family in families.STRUCTS:
            shape = shapes.shape(self.scope, families.STRUCTS[family])
            if len(data) >= shape.size:
                return shape.value(None, data)
        if fields is not None:
            return struct_of_pairs([head, *fields], brief)
        if len(data) <= 2:
            return struct_of_pairs([head])
        return struct_of_pairs([head, ("sa_data", WholeBytes(data[2:], len(data) - 2))])

    def _packet(self, data: bytes) -> list[Pair]:
        protocol, index, hardware, kind, length = struct.unpack_from("<2sIHBB", data, 2)
        names = self.names
        shown = names.enum("packet_protocols", int.from_bytes(protocol, "big"), 16)
        fields: list[Pair] = [
            ("sll_protocol", Macro("htons", shown)),
            ("sll_ifindex", interface(index)),
            ("sll_hatype", names.enum("arphrd", hardware, 16)),
            ("sll_pkttype", names.enum("packet_type", kind, 8)),
            ("sll_halen", Int(length)),
        ]
        if length:
            address = hex_bytes(data[12 : 12 + length])
            address.more = len(data) - 12 < length
            fields.append(("sll_addr", address))
        return fields


def _unix(data: bytes) -> list[Pair]:
    name = data[2 : 2 + SUN_PATH]
    if not name:
        return []
    if name[0] == 0:
        return [("sun_path", AbstractPath(name[1:]))]
    return [("sun_path", Path(name.partition(b"\0")[0]))]


def _netlink(data: bytes) -> list[Pair]:
    pad, pid, groups = struct.unpack_from("<HiI", data, 2)
    fields: list[Pair] = [("nl_pid", Int(pid)), ("nl_groups", padded(groups, 8))]
    return [("nl_pad", Hex(pad)), *fields] if pad else fields


def inet(data: bytes) -> list[Pair]:
    """The fields of a sockaddr_in behind its family."""
    return [
        ("sin_port", Macro("htons", Int(int.from_bytes(data[2:4], "big")))),
        ("sin_addr", inet_addr(data[4:8])),
    ]


def inet_addr(address: bytes) -> Value:
    """An IPv4 address: ``inet_addr("127.0.0.1")``."""
    dotted = ".".join([str(byte) for byte in address])
    return Macro("inet_addr", Name(dotted.encode()))


def inet6_text(address: bytes) -> str:
    """An IPv6 address as inet_ntop(3) writes it."""
    from _socket import AF_INET6 as FAMILY
    from _socket import inet_ntop

    return inet_ntop(FAMILY, address)


def inet_pton(address: bytes, target: str) -> Value:
    """An IPv6 address: ``inet_pton(AF_INET6, "::1", &sin6_addr)``; "": of no field."""
    text = Name(inet6_text(address).encode())
    where = (Word(f"&{target}"),) if target else ()
    return Macro("inet_pton", Word("AF_INET6"), text, *where)


def inet6(data: bytes) -> list[Pair]:
    """The fields of a sockaddr_in6 behind its family; the scope may be missing or cut."""
    port, flow = struct.unpack_from(">HI", data, 2)
    fields: list[Pair] = [
        ("sin6_port", Macro("htons", Int(port))),
        ("sin6_flowinfo", Macro("htonl", Int(flow))),
        ("", inet_pton(data[8:24], "sin6_addr")),
    ]
    if len(data) > 24:
        scope_id = int.from_bytes(data[24:28], "little")
        local = data[8:10] == b"\xff\x02" or (data[8] == 0xFE and data[9] & 0xC0 == 0x80)
        fields.append(("sin6_scope_id", interface(scope_id) if local else Int(scope_id)))
    return fields


def address_at(addresses: Addresses, call: Call, raw: int, length: int) -> Value:
    """The address of ``length`` bytes, or the pointer when it can't be read or is too short."""
    if not raw or length < 2:
        return Address(raw)
    data = read_exactly(call.memory, raw, min(length, MOST))
    return Address(raw) if data is None else addresses.value(data)


def _sockaddr(scope: Scope, spec: Spec) -> Kind:
    """``sockaddr[LENGTH]``: an address that is given to the kernel."""
    length = scope.number(spec.index)
    addresses = Addresses(scope)

    def decode(call: Call, raw: int) -> Value:
        size = length(call)
        return address_at(addresses, call, raw, size if size < 1 << 31 else -1)

    return Kind(decode=decode)


def saved_length(call: Call) -> int:
    """What the length was at entry, where an ``addrlen`` has seen it."""
    saved = getattr(call, "saved", None)
    return saved if isinstance(saved, int) else 0


def _sockaddr_out(scope: Scope, spec: Spec) -> Kind:
    """``sockaddr_out[POINTER]``: an address that the kernel has written.

    Of the length that was given and the one that came back, the smaller is what was written.
    """
    addresses = Addresses(scope)
    length = scope.number("*" + spec.index)

    def decode(call: Call, raw: int) -> Value:
        size = min(saved_length(call), length(call))
        return address_at(addresses, call, raw, size)

    return Kind(decode=decode)


def _addrlen(scope: Scope, spec: Spec) -> Kind:
    """A pointer to a length that the kernel replaces: ``[110 => 16]``."""

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, 4) if raw else None
        call.saved = 0
        if data is None:
            return Address(raw)
        length = int.from_bytes(data, "little", signed=True)
        call.saved = length
        return Pointer(Int(length))

    def later(call: Call, raw: int, before: Value) -> Value:
        data = read_exactly(call.memory, raw, 4) if raw else None
        if data is None or not isinstance(before, Pointer):
            return before
        after = Int(int.from_bytes(data, "little", signed=True))
        return before if before.target == after else Pointer(Changed(before.target, after))

    return Kind(decode=decode, later=later)


def _protocol(scope: Scope, spec: Spec) -> Kind:
    """A socket's protocol, which depends on the family (the first argument)."""
    tables: dict[int, Callable[[int], Value]] = {}
    ethernet = enumeration(scope.set("packet_protocols"), "packet_protocols", 16)
    names = Names(scope)

    def decode(call: Call, raw: int) -> Value:
        family = call.raw[0] & 0xFFFFFFFF
        raw &= 0xFFFFFFFF
        if family == AF_PACKET:
            return Macro("htons", ethernet((raw & 0xFF) << 8 | raw >> 8 & 0xFF))
        if family == AF_AX25:
            return names.noted("ax25_protocols", raw, "AX25_P_???")
        name = PROTOCOLS.get(family)
        if name is None:
            return Int(raw)
        if family not in tables:
            tables[family] = enumeration(scope.set(name), name)
        return tables[family](raw)

    return Kind(decode=decode)


def _interface(scope: Scope, spec: Spec) -> Kind:
    """The index of a network interface."""
    return Kind(interface)


def _socket_address(scope: Scope, spec: Spec) -> Kind:
    """An address that is a field of a struct: all of the field."""
    addresses = Addresses(scope)
    return Kind(inline=addresses.value)


KINDS: dict[str, Factory] = {
    "interface": _interface,
    "socket_address": _socket_address,
    "sockaddr": _sockaddr,
    "sockaddr_out": _sockaddr_out,
    "addrlen": _addrlen,
    "protocol": _protocol,
}
