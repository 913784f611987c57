"""The kinds of netlink attributes that a line can't say."""

from __future__ import annotations

from seize.decode import shapes
from seize.decode.kinds.address import AF_INET, AF_INET6, inet_addr, inet_pton
from seize.decode.kinds.attribute_kinds import address_of, inet6_of, number_of, text_of
from seize.decode.kinds.attributes import HEAD, Context
from seize.decode.kinds.families import interface
from seize.decode.kinds.named import Pair, struct_of_pairs
from seize.decode.values import Array, Hex, HexBytes, Int, Macro, Noted, Several, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.kinds.attributes import Attributes, Decode, Maker


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _link_kind(own: Attributes, rest: list[str]) -> Decode:
    """The kind of a link: what follows depends on it."""
    text = text_of(own, rest)

    def decode(context: Context, data: bytes) -> Value | None:
        context.link_kind = data.partition(b"\0")[0]
        return text(context, data)

    return decode


def _link_data(own: Attributes, rest: list[str]) -> Decode:
    """``@link_data SECTION``: the section says which attributes a kind of link has."""

    def decode(context: Context, data: bytes) -> Value | None:
        kinds = own.sections()[rest[0]][1]
        name = kinds.get(context.link_kind.decode("latin-1"))
        return own.value(name, context, data) if name and len(data) >= HEAD else None

    return decode


def _multipath(own: Attributes, rest: list[str]) -> Decode:
    """A row of next hops, each with attributes of its own."""
    shape = shapes.shape(own.scope, "rtnexthop")

    def decode(context: Context, data: bytes) -> Value | None:
        if len(data) < shape.size:
            return None
        hops: list[Value] = []
        most = context.call.decoder.array_limit
        while len(data) >= shape.size and len(hops) < most:
            length = int.from_bytes(data[:2], "little")
            hop = shape.value(context.call, data[: shape.size])
            behind = data[shape.size : max(length, shape.size)]
            hops.append(Array((hop, own.value(rest[0], context, behind))) if behind else hop)
            if length < shape.size:
                break
            data = data[(length + 3) // 4 * 4 :]
        return hops[0] if len(hops) == 1 else Array(tuple(hops))

    return decode


def _via(own: Attributes, rest: list[str]) -> Decode:
    """A family and an address of it."""

    def decode(context: Context, data: bytes) -> Value | None:
        if len(data) < 2:
            return None
        family = _number(data[:2])
        pairs: list[Pair] = [("rtvia_family", own.names.enum("socket_domain", family, 16))]
        if len(data) > 2:
            inner = Context(context.call, family)
            address = address_of(own, [])(inner, data[2:])
            pairs.append(("rtvia_addr", address or HexBytes(data[2:34], len(data) - 2)))
        return struct_of_pairs(pairs)

    return decode


def _router_port(own: Attributes, rest: list[str]) -> Decode:
    """The index of a port, and attributes behind it."""

    def decode(context: Context, data: bytes) -> Value | None:
        if len(data) < 4:
            return None
        port = interface(_number(data[:4]))
        return Several((port, own.value(rest[0], context, data[4:]))) if data[4:] else port

    return decode


def _ethernet(own: Attributes, rest: list[str]) -> Decode:
    def convert(number: int, bits: int) -> Value:
        swapped = number >> 8 | (number & 255) << 8
        name = own.names.find("packet_protocols", swapped)
        # Only here is the remark another than that of addresses.
        unnamed = Noted(Hex(swapped), "ETHER_P_???")
        known = own.names.enum("packet_protocols", swapped, 16) if name else unnamed
        return Macro("htons", known)

    return number_of(convert, 2)


def _shutdown(own: Attributes, rest: list[str]) -> Decode:
    def convert(number: int, bits: int) -> Value:
        return own.names.noted_flags("sock_shutdown", number, "???_SHUTDOWN")

    return number_of(convert, 1, 8)


_SOCKOPT_BITS = (
    *("recverr", "is_icsk", "freebind", "hdrincl", "mc_loop", "transparent", "mc_all", "nodefrag"),
    *("bind_address_no_port", "recverr_rfc4884", "defer_connect"),
)


def _sockopt_bits(own: Attributes, rest: list[str]) -> Decode:
    """The options of a socket that are set, a bit each: ``{is_icsk=1, mc_loop=1}``."""

    def decode(context: Context, data: bytes) -> Value | None:
        if len(data) < 2:
            return None
        number = _number(data[:2])
        pairs = [(name, Int(1)) for bit, name in enumerate(_SOCKOPT_BITS) if number >> bit & 1]
        unused = number >> len(_SOCKOPT_BITS)
        return struct_of_pairs([*pairs, ("unused", Hex(unused))] if unused else pairs)

    return decode


def _bytecode(own: Attributes, rest: list[str]) -> Decode:
    """The first operation of a filter, and what it compares with; the others as bytes."""
    shape = shapes.shape(own.scope, "inet_diag_bc_op")
    names = dict(own.scope.set("inet_diag_bytecode"))

    def decode(context: Context, data: bytes) -> Value | None:
        if len(data) < HEAD:
            return None
        first = shape.value(context.call, data[:HEAD])
        behind = data[HEAD:]
        if not behind:
            return first
        name = names.get(data[0], "")[len("INET_DIAG_BC_") :]
        second: Value | None = None
        if name in ("S_GE", "S_LE", "D_GE", "D_LE") and len(behind) >= HEAD:
            second = shape.value(context.call, behind[:HEAD])
        elif name in ("S_COND", "D_COND") and len(behind) >= 8:
            second = _host(own, behind)
        elif name == "DEV_COND" and len(behind) >= 4:
            second = interface(_number(behind[:4]))
        elif name == "MARK_COND" and len(behind) >= 8:
            mark, mask = Int(_number(behind[:4])), Int(_number(behind[4:8]))
            second = struct_of_pairs([("mark", mark), ("mask", mask)])
        limit = context.call.decoder.string_limit
        return Several((first, second or HexBytes(behind[:limit], len(behind))))

    return decode


def _host(own: Attributes, data: bytes) -> Value:
    """The host and port that a filter asks for."""
    port = Int(int.from_bytes(data[4:8], "little", signed=True))
    pairs: list[Pair] = [
        ("family", own.names.enum("socket_domain", data[0], 8)),
        ("prefix_len", Int(data[1])),
        ("port", port),
    ]
    address = data[8:]
    if data[0] == AF_INET and len(address) >= 4:
        pairs.append(("addr", inet_addr(address[:4])))
    elif data[0] == AF_INET6 and len(address) >= 16:
        pairs.append(("", inet_pton(address[:16], "addr")))
    elif address:
        pairs.append(("addr", HexBytes(address[:32], len(address))))
    return struct_of_pairs(pairs)


SPECIAL: dict[str, Maker] = {
    "link_kind": _link_kind,
    "link_data": _link_data,
    "multipath": _multipath,
    "via": _via,
    "router_port": _router_port,
    "ethernet": _ethernet,
    "shutdown": _shutdown,
    "bytecode": _bytecode,
    "sockopt_bits": _sockopt_bits,
    "inet": lambda own, rest: lambda context, data: (
        inet_addr(data[:4]) if len(data) >= 4 else None
    ),
    "inet6": inet6_of,
}
