"""Netlink messages: their headers, what is in them by protocol, and buffers that hold them."""

from __future__ import annotations

import struct

from seize.decode import shapes
from seize.decode.kinds.attribute_special import SPECIAL
from seize.decode.kinds.attributes import DEEPEST, Attributes, Context
from seize.decode.kinds.base import Kind
from seize.decode.kinds.named import Names, Pair, struct_of_pairs
from seize.decode.kinds.sets import constant, flag_set
from seize.decode.kinds.text import read_bytes
from seize.decode.values import (
    Array,
    Enum,
    Flags,
    HexBytes,
    Int,
    Noted,
    Struct,
    Value,
    Word,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Pure, Scope
    from seize.decode.shapes import Shape
    from seize.decode.signature import Spec

HEAD = 16
MOST = 1 << 16
MOST_IN_ALL = 1 << 20
"""No buffer is looked at further."""

FIRST_OF_PROTOCOL = 16
ERROR, DONE = 2, 3
REQUEST, CAPPED, ACK_TLVS = 1, 0x100, 0x200
SOCK_DIAG_GETSOCK = (18, 19)

TYPES = {
    "ROUTE": "rtm_types",
    "SOCK_DIAG": "sock_diag_types",
    "XFRM": "xfrm_msg",
    "SELINUX": "selinux_types",
    "AUDIT": "audit_types",
    "CRYPTO": "crypto_types",
}
"""The set of the message types of each protocol."""

SUBSYSTEMS = {
    0: "nfnl_msg_types",
    1: "nf_ctnetlink_types",
    2: "nf_ctnetlink_exp_types",
    3: "nf_queue_types",
    4: "nf_ulog_types",
    5: "nf_osf_types",
    6: "nf_ipset_types",
    7: "nf_acct_types",
    8: "nf_timeout_types",
    9: "nf_cthelper_types",
    10: "nf_tables_types",
    11: "nf_compat_types",
    12: "nf_hook_types",
}
"""The set of the message types of each part of netfilter."""

DIAG = {
    1: ("unix_diag_req", "", "unix_diag_msg", "unix_diag"),
    2: ("inet_diag_req_v2", "inet_diag_req", "inet_diag_msg", "inet_diag"),
    10: ("inet_diag_req_v2", "inet_diag_req", "inet_diag_msg", "inet_diag"),
    16: ("netlink_diag_req", "", "netlink_diag_msg", "netlink_diag"),
    17: ("packet_diag_req", "", "packet_diag_msg", "packet_diag"),
    43: ("smc_diag_req", "", "smc_diag_msg", "smc_diag"),
}
"""sock_diag by family: a request and its attributes, an answer and its."""

# What a message's flags mean besides, by what the type begins with.
_EXTRA = {
    "new": "netlink_new_flags",
    "del": "netlink_delete_flags",
    "get": "netlink_get_flags",
    "ack": "netlink_ack_flags",
}
_ROUTE_KINDS = ("new", "del", "get", "")


class Messages:
    """Decodes netlink messages as one architecture has them."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.names = Names(scope)
        self.attributes = Attributes(scope, "netlink.attrs", SPECIAL)
        self._flags: dict[str, Pure] = {}
        self._routes: dict[int, tuple[str, str]] = {}
        self._quoting = 0  # how deep we are in errors about errors, which no kernel sends

    def value(self, call: Call, protocol: str, data: bytes, size: int) -> Value:
        """The messages in ``data``, the beginning of ``size`` bytes."""
        limit = call.decoder.string_limit
        if len(data) < HEAD:
            return HexBytes(data[:limit], size)
        found: list[Value] = []
        offset = 0
        most = call.decoder.array_limit
        while len(data) - offset >= HEAD and len(found) < most:
            length = int.from_bytes(data[offset : offset + 4], "little")
            end = offset + max(length, HEAD)
            found.append(self.message(call, protocol, data[offset:end]))
            offset = (end + 3) // 4 * 4 if length >= HEAD else len(data)
        rest = data[offset:]
        if rest and len(rest) < HEAD:
            found.append(HexBytes(rest[:limit], len(rest)))
        more = len(rest) >= HEAD or size > len(data)
        return found[0] if len(found) == 1 and not more else Array(tuple(found), more)

    def message(self, call: Call, protocol: str, data: bytes) -> Value:
        """One message: its header, and what comes with it."""
        length, kind, flags, seq, pid = struct.unpack_from("<IHHIi", data)
        shown, extra = self._type(call, protocol, kind)
        head = struct_of_pairs(
            [
                ("nlmsg_len", Int(length)),
                ("nlmsg_type", shown),
                ("nlmsg_flags", self._message_flags(flags, extra)),
                ("nlmsg_seq", Int(seq)),
                ("nlmsg_pid", Int(pid)),
            ]
        )
        payload = data[HEAD:]
        if not payload:
            return head
        parts = self._payload(call, protocol, kind, flags, payload)
        if parts is None:
            limit = call.decoder.string_limit
            parts = [HexBytes(payload[:limit], len(payload))]
        return Array((head, *parts))

    # ---------------------------------------------------------------- headers

    def _message_flags(self, flags: int, extra: str) -> Value:
        make = self._flags.get(extra)
        if make is None:
            table = self.scope.set("netlink_flags")
            if extra:
                table = (*table, *self.scope.set(_EXTRA[extra]))
            make = self._flags[extra] = flag_set(table, "netlink_flags", 16)
        return make(flags)

    def _type(self, call: Call, protocol: str, kind: int) -> tuple[Value, str]:
        """A message's type, and which of the ambiguous flags it has."""
        if kind < FIRST_OF_PROTOCOL or protocol not in (*TYPES, "NETFILTER", "GENERIC"):
            return self.names.enum("netlink_types", kind, 16), "ack" if kind == ERROR else ""
        if protocol == "NETFILTER":
            return self._netfilter_type(kind)
        if protocol == "GENERIC":
            shown = Enum(kind)
            family = call.decoder.netlink_family
            shown.name = family(kind) if family is not None else None
            if kind == FIRST_OF_PROTOCOL:
                shown.name = "nlctrl"
            shown.set = "generic_family"
            return shown, ""
        name = TYPES[protocol]
        if protocol == "ROUTE":
            return self.names.enum(name, kind, 16), _ROUTE_KINDS[kind & 3]
        if protocol == "SOCK_DIAG":
            return self.names.enum(name, kind, 16), "get"
        return self.names.enum(name, kind, 16), _by_name(self.names.find(name, kind))

    def _netfilter_type(self, kind: int) -> tuple[Value, str]:
        """``NFNL_SUBSYS_NFTABLES<<8|NFT_MSG_NEWTABLE``."""
        system, number = kind >> 8, kind & 0xFF
        if kind in (0x10, 0x11):
            return self.names.enum("nfnl_msg_types", kind, 16), ""
        part = self.names.find("nfnl_subsys", system)
        if part is None:
            text = f"{number:#x}" if number else "0"
            return Word(f"{system:#x} /* NFNL_SUBSYS_??? */<<8|{text}"), ""
        shown = Flags(kind)
        shown.set = "nfnl_subsys"
        types = SUBSYSTEMS[system]
        name = self.names.find(types, number) if system else None
        shown.names = (f"{part}<<8",) if name is None else (f"{part}<<8", name)
        if name is not None:
            return shown, _by_name(name)
        shown.rest = number
        return Noted(shown, self.names.unknown(types)) if system else shown, ""

    # ---------------------------------------------------------------- contents

    def _payload(
        self, call: Call, protocol: str, kind: int, flags: int, data: bytes
    ) -> list[Value] | None:
        """What is in a message: values in order, or None if that isn't known."""
        if kind == ERROR:
            return self._error(call, protocol, flags, data)
        if kind == DONE and (len(data) == 4 or (len(data) > 4 and flags & ACK_TLVS)):
            return [self._done(data), *self._behind("nlmsgerr_attr", Context(call), data, 4)]
        if kind < FIRST_OF_PROTOCOL:
            return None
        decode = _PAYLOADS.get(protocol)
        return decode(self, call, kind, flags, data) if decode is not None else None

    def _done(self, data: bytes) -> Value:
        return Int(int.from_bytes(data[:4], "little", signed=True))

    def _error(self, call: Call, protocol: str, flags: int, data: bytes) -> list[Value] | None:
        """An errno, and the message that it is about."""
        if len(data) < 4 + HEAD or self._quoting >= DEEPEST:
            return None
        number = int.from_bytes(data[:4], "little", signed=True)
        pairs: list[Pair] = [("error", _errno(number))]
        quoted = data[4:]
        length = int.from_bytes(quoted[:4], "little")
        end = HEAD if flags & CAPPED else min(max(length, HEAD), len(quoted))
        self._quoting += 1
        pairs.append(("msg", self.message(call, protocol, quoted[:end])))
        self._quoting -= 1
        # Nobody has promised attributes without the flag, so no padding before them either.
        behind = quoted[(end + 3) // 4 * 4 :] if flags & ACK_TLVS else quoted[end:]
        error = struct_of_pairs(pairs)
        if not behind:
            return [error]
        return [Array((error, self.attributes.value("nlmsgerr_attr", Context(call), behind)))]

    def _behind(self, section: str, context: Context, data: bytes, size: int) -> list[Value]:
        """The attributes behind a header of ``size`` bytes, if there are any."""
        rest = data[(size + 3) // 4 * 4 :]
        if not rest:
            return []
        if not section:
            return [HexBytes(rest[: context.call.decoder.string_limit], len(rest))]
        return [self.attributes.value(section, context, rest)]

    def _header(self, call: Call, shape: Shape, data: bytes) -> Value:
        """The header that a message begins with; only its family if it is cut short."""
        if len(data) >= shape.size:
            return shape.value(call, data[: shape.size])
        family = self.names.enum("socket_domain", data[0], 16)
        return Struct((shape.all[0].name,), (family,), len(shape.all) > 1)

    def _route(self, call: Call, kind: int, flags: int, data: bytes) -> list[Value]:
        if not self._routes:
            types = {word: number for number, word in self.scope.set("rtm_types")}
            for word, text in self.attributes.sections()["messages NETLINK_ROUTE"][1].items():
                header, _, section = text.partition(" ")
                self._routes[types[word]] = header, section
        found = self._routes.get(kind)
        if found is None:
            return [_only_family(call, self.names, data)]
        shape = shapes.shape(self.scope, found[0])
        link_type = int.from_bytes(data[2:4], "little") if found[0] == "ifinfomsg" else -1
        context = Context(call, data[0], link_type)
        return [
            self._header(call, shape, data),
            *self._behind(found[1], context, data, shape.size),
        ]

    def _diag(self, call: Call, kind: int, flags: int, data: bytes) -> list[Value]:
        found = DIAG.get(data[0])
        if found is None or len(data) < 2:
            return [_only_family(call, self.names, data)]
        request, old, answer, section = found
        if flags & REQUEST:
            section = "inet_diag_req" if old else ""
            answer = old if old and kind in SOCK_DIAG_GETSOCK else request
        shape = shapes.shape(self.scope, answer)
        values = [self._header(call, shape, data)]
        if section:
            values += self._behind(section, Context(call, data[0]), data, shape.size)
        return values

    def _generic(self, call: Call, kind: int, flags: int, data: bytes) -> list[Value] | None:
        if kind != FIRST_OF_PROTOCOL or len(data) < 4:
            return None
        shape = shapes.shape(self.scope, "genlmsghdr")
        return [
            shape.value(call, data[:4]),
            *self._behind("ctrl_attr", Context(call), data, 4),
        ]

    def _netfilter(self, call: Call, kind: int, flags: int, data: bytes) -> list[Value] | None:
        if len(data) < 4:
            return None
        head: list[Value] = [shapes.shape(self.scope, "nfgenmsg").value(call, data[:4])]
        rest = data[4:]
        if kind in (0x10, 0x11) and rest:
            return [*head, HexBytes(rest[: call.decoder.string_limit], len(rest))]
        return [*head, *self._behind("nfnl", Context(call, data[0]), data, 4)]

    def _selinux(self, call: Call, kind: int, flags: int, data: bytes) -> list[Value] | None:
        name = {16: "val", 17: "seqno"}.get(kind)
        if name is None or len(data) < 4:
            return None
        number = int.from_bytes(data[:4], "little", signed=kind == FIRST_OF_PROTOCOL)
        return [struct_of_pairs([(name, Int(number))])]

    def _crypto(self, call: Call, kind: int, flags: int, data: bytes) -> list[Value] | None:
        shape = shapes.shape(self.scope, "crypto_user_alg")
        return [shape.value(call, data[: shape.size])] if len(data) >= shape.size else None


_PAYLOADS: dict[str, Callable[[Messages, Call, int, int, bytes], list[Value] | None]] = {
    "ROUTE": Messages._route,
    "SOCK_DIAG": Messages._diag,
    "GENERIC": Messages._generic,
    "NETFILTER": Messages._netfilter,
    "SELINUX": Messages._selinux,
    "CRYPTO": Messages._crypto,
}


def _by_name(name: str | None) -> str:
    """Which flags a type has, as its name tells: ``NFT_MSG_NEWTABLE``, ``IPCTNL_MSG_CT_GET``."""
    if name is not None:
        for word in name.split("_")[2:]:
            for kind in ("new", "del", "get"):
                if word.lower().startswith(kind):
                    return kind
    return ""


def _errno(number: int) -> Value:
    """``-ENOENT``."""
    from seize.abi.names import errno_name

    return (
        constant(number, f"-{errno_name(-number)}", "errno") if -4096 < number < 0 else Int(number)
    )


def _only_family(call: Call, names: Names, data: bytes) -> Value:
    """A message of which only the family is known."""
    pairs: list[Pair] = [("family", names.enum("socket_domain", data[0], 16))]
    if data[1:]:
        rest = data[1 : 1 + call.decoder.string_limit]
        pairs.append(("data", HexBytes(rest, len(data) - 1)))
    return struct_of_pairs(pairs)


def protocol_of(call: Call) -> str:
    """The netlink protocol of the socket that the call is about, as ``ROUTE``; "" for none."""
    protocol = call.decoder.netlink_protocol
    fd = call.raw[0] & 0xFFFFFFFF
    return (protocol(call.tid, fd) if protocol is not None and fd < 1 << 31 else None) or ""


class Buffers:
    """Reads buffers that hold messages if the call's socket is a netlink socket."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._messages: Messages | None = None

    def reader(self, call: Call, share: int = 1) -> Callable[[int, int], Value] | None:
        """A function of address and size, or None where there are just bytes.

        It is for one of ``share`` messages that are shown.
        """
        protocol = protocol_of(call)
        if not protocol or protocol == "KOBJECT_UEVENT":
            return None
        messages = self._messages = self._messages or Messages(self.scope)

        left = MOST_IN_ALL // share

        def read(address: int, size: int) -> Value:
            nonlocal left
            wanted = min(size, MOST, left)
            data = call.memory.read_prefix(address, wanted) if address and wanted > 0 else b""
            left -= max(wanted, 0)
            if len(data) < min(wanted, HEAD) or not data:
                return read_bytes(call.memory, address, size, call.decoder.string_limit)
            return messages.value(call, protocol, data, size if len(data) == wanted else len(data))

        return read


def _netlink(scope: Scope, spec: Spec) -> Kind:
    """``netlink[LENGTH]``: a buffer, of messages if the socket is a netlink socket."""
    length = scope.number(spec.index)
    buffers = Buffers(scope)

    def decode(call: Call, raw: int) -> Value:
        read = buffers.reader(call)
        size = length(call)
        if read is None:
            return read_bytes(call.memory, raw, size, call.decoder.string_limit)
        return read(raw, size)

    return Kind(decode=decode)


def _received(scope: Scope, spec: Spec) -> Kind:
    """``received[ROOM]``: what has come, of which the result may tell more than there was room."""
    room = scope.number(spec.index)
    buffers = Buffers(scope)

    def decode(call: Call, raw: int) -> Value:
        read = buffers.reader(call)
        size = max(min(call.rval or 0, room(call)), 0)
        if read is None:
            return read_bytes(call.memory, raw, size, call.decoder.string_limit)
        return read(raw, size)

    return Kind(decode=decode)


KINDS: dict[str, Factory] = {"netlink": _netlink, "received": _received}
