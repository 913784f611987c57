"""Socket addresses (and the lengths that go with them), and protocols."""

from __future__ import annotations

import struct

from seize.decode.kinds.base import Kind
from seize.decode.kinds.process import struct_of
from seize.decode.kinds.sets import enumeration
from seize.decode.memory import read_exactly
from seize.decode.values import (
    AbstractPath,
    Address,
    Array,
    Changed,
    Hex,
    Int,
    Macro,
    Path,
    Pointer,
    Text,
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
PROTOCOLS = {
    2: "ip_protocols",
    3: "ax25_protocols",
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

AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET = 1, 2, 10, 16, 17


class Addresses:
    """Makes values of socket addresses; knows the names that it needs."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.family = enumeration(scope.set("socket_domain"), "socket_domain", 16)

    def value(self, data: bytes) -> Value:
        """The address in ``data``, all of it."""
        family = int.from_bytes(data[:2], "little")
        head = ("sa_family", self.family(family))
        if family == AF_UNIX:
            return struct_of(head, *self._unix(data))
        if family == AF_INET and len(data) >= 16:
            return struct_of(head, *_inet(data))
        if family == AF_INET6 and len(data) >= 24:
            return struct_of(head, *_inet6(data))
        if family == AF_NETLINK and len(data) >= 12:
            pid, groups = struct.unpack_from("<II", data, 4)
            return struct_of(head, ("nl_pid", Int(pid)), ("nl_groups", Word(f"{groups:08x}")))
        if family == AF_PACKET and len(data) >= 12:
            return struct_of(head, *self._packet(data))
        if len(data) <= 2:
            return struct_of(head)
        return struct_of(head, ("sa_data", WholeBytes(data[2:], len(data) - 2)))

    def _unix(self, data: bytes) -> list[tuple[str, Value]]:
        name = data[2:]
        if not name:
            return []
        if name[0] == 0:
            return [("sun_path", AbstractPath(name[1:]))]
        return [("sun_path", Path(name.partition(b"\0")[0]))]

    def _packet(self, data: bytes) -> list[tuple[str, Value]]:
        index, hardware, kind, length = struct.unpack_from("<iHBB", data, 4)
        protocol = int.from_bytes(data[2:4], "big")
        protocols = enumeration(self.scope.set("packet_protocols"), "packet_protocols", 16)
        hardwares = enumeration(self.scope.set("arphrd"), "arphrd", 16)
        kinds = enumeration(self.scope.set("packet_type"), "packet_type", 8)
        address = data[12 : 12 + min(length, 8)]
        fields: list[tuple[str, Value]] = [
            ("sll_protocol", Macro("htons", protocols(protocol))),
            ("sll_ifindex", interface(index)),
            ("sll_hatype", hardwares(hardware)),
            ("sll_pkttype", kinds(kind)),
            ("sll_halen", Int(length)),
        ]
        if address:
            fields.append(("sll_addr", Array(tuple([Hex(byte) for byte in address]))))
        return fields


def interface(index: int) -> Value:
    """A network interface: by its name here, if there is one."""
    from socket import if_indextoname

    try:
        return Macro("if_nametoindex", Text(if_indextoname(index).encode()))
    except (OSError, OverflowError):
        return Int(index)


def _inet(data: bytes) -> list[tuple[str, Value]]:
    dotted = ".".join([str(byte) for byte in data[4:8]])
    return [
        ("sin_port", Macro("htons", Int(int.from_bytes(data[2:4], "big")))),
        ("sin_addr", Macro("inet_addr", Text(dotted.encode()))),
    ]


def inet6_text(address: bytes) -> str:
    """An IPv6 address as inet_ntop(3) writes it."""
    from socket import AF_INET6 as FAMILY
    from socket import inet_ntop

    return inet_ntop(FAMILY, address)


def _inet6(data: bytes) -> list[tuple[str, Value]]:
    port, flow = struct.unpack_from(">HI", data, 2)
    text = Text(inet6_text(data[8:24]).encode())
    fields: list[tuple[str, Value]] = [
        ("sin6_port", Macro("htons", Int(port))),
        ("sin6_flowinfo", Macro("htonl", Int(flow))),
        ("", Macro("inet_pton", Word("AF_INET6"), text, Word("&sin6_addr"))),
    ]
    if len(data) >= 28:
        scope_id = int.from_bytes(data[24:28], "little")
        link_local = data[8] == 0xFE and data[9] & 0xC0 == 0x80
        shown = interface(scope_id) if link_local else Int(scope_id)
        fields.append(("sin6_scope_id", shown))
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


def _saved_length(call: Call) -> int:
    saved = getattr(call, "saved", None)
    return saved if isinstance(saved, int) else 0


def _sockaddr_out(scope: Scope, spec: Spec) -> Kind:
    """``sockaddr_out[POINTER]``: an address that the kernel has written.

    Of the length that was given and the one that came back, the smaller is what was written.
    """
    addresses = Addresses(scope)
    length = scope.number("*" + spec.index)

    def decode(call: Call, raw: int) -> Value:
        size = min(_saved_length(call), length(call))
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

    def decode(call: Call, raw: int) -> Value:
        family = call.raw[0] & 0xFFFFFFFF
        raw &= 0xFFFFFFFF
        if family == AF_PACKET:
            swapped = (raw & 0xFF) << 8 | raw >> 8 & 0xFF
            return Macro("htons", ethernet(swapped)) if raw < 1 << 16 else Hex(raw)
        name = PROTOCOLS.get(family)
        if name is None:
            return Int(raw)
        if family not in tables:
            tables[family] = enumeration(scope.set(name), name)
        return tables[family](raw)

    return Kind(decode=decode)


KINDS: dict[str, Factory] = {
    "sockaddr": _sockaddr,
    "sockaddr_out": _sockaddr_out,
    "addrlen": _addrlen,
    "protocol": _protocol,
}
