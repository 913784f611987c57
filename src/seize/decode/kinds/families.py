"""Socket addresses of the rarer families.

Each function gives the fields behind ``sa_family``, or None for an address too short to have
them.  A family without a function here is described by a line in ``network.structs``.
"""

from __future__ import annotations

import struct

from seize.decode.kinds.named import (
    Names,
    Pair,
    hardware,
    hex_bytes,
    padded,
    struct_of_pairs,
)
from seize.decode.values import (
    Array,
    Hex,
    HexBytes,
    Int,
    Interface,
    Macro,
    Name,
    Noted,
    Value,
    WholeBytes,
    Word,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Fields = list[Pair] | None
    Family = Callable[[Names, bytes], Fields]


def interface(index: int) -> Value:
    """A network interface: by its name here, if there is one; none has 0."""
    index &= 0xFFFFFFFF
    if not index:
        return Int(0)
    from _socket import if_indextoname

    try:
        name = if_indextoname(index)
    except (OSError, OverflowError):
        return Int(index)
    value = Interface(index)
    value.name = name
    return value


def text_of(data: bytes) -> Value:
    """The NUL-terminated text in a field; one without a NUL is cut before the last byte."""
    text, end, _ = data.partition(b"\0")
    return Name(text) if end else Name(data[:-1], False)


# ---------------------------------------------------------------- amateur radio

_CALL = 7
_DIGIPEATERS = 8


def _callsign(data: bytes) -> Value:
    """An AX.25 address: six shifted characters and a number; as bytes if it isn't sound."""
    ssid = data[6] >> 1 & 15
    name = bytes([byte >> 1 for byte in data[:6]])
    text = name.rstrip(b" ")
    sound = not any(byte & 1 for byte in data[:6]) and not data[6] & 0xE1
    if sound and not text and not ssid:
        return Word("*")
    if sound and text.isalnum() and text.upper() == text:
        return Word(f"{text.decode()}-{ssid}")
    shown = struct_of_pairs([("ax25_call", HexBytes(data[:7], 7))])
    if b"*" in name or b"/" in name or not name.decode("latin-1").isprintable():
        return shown
    return Noted(shown, f"{text.decode()}-{ssid}")


def _ax25(names: Names, data: bytes) -> Fields:
    if len(data) < 16:
        return None
    count = int.from_bytes(data[12:16], "little", signed=True)
    pairs: list[Pair] = [("sax25_call", _callsign(data[2:9])), ("sax25_ndigis", Int(count))]
    if len(data) == 16 and not count:
        return pairs
    shown: list[Pair] = [("fsa_ax25", struct_of_pairs(pairs))]
    most = min(max(count, 0), _DIGIPEATERS)
    have = min(most, (len(data) - 16) // _CALL)
    if count > 0:
        calls = [_callsign(data[16 + i * _CALL : 23 + i * _CALL]) for i in range(have)]
        shown.append(("fsa_digipeater", Array(tuple(calls), have < most)))
    return shown


def _ax25_rest(data: bytes) -> bool:
    """Whether the bytes behind the address are no row of digipeaters: they aren't shown."""
    left = len(data) - 16
    return left % _CALL != 0 or left > _DIGIPEATERS * _CALL


# ---------------------------------------------------------------- old networks


def _ipx(names: Names, data: bytes) -> Fields:
    if len(data) < 16:
        return None
    port, network = struct.unpack_from(">HI", data, 2)
    pairs: list[Pair] = [
        ("sipx_port", Macro("htons", Int(port))),
        ("sipx_network", Macro("htonl", padded(network, 1))),
        ("sipx_node", hex_bytes(data[8:14])),
        ("sipx_type", padded(data[14], 2)),
    ]
    if data[15]:
        pairs.append(("sipx_zero", padded(data[15], 2)))
    return pairs


def _x25(names: Names, data: bytes) -> Fields:
    if len(data) < 18:
        return None
    return [("sx25_addr", struct_of_pairs([("x25_addr", text_of(data[2:18]))]))]


# ---------------------------------------------------------------- radio


def _ranged(names: Names, name: str, number: int, starts: tuple[tuple[str, int], ...]) -> Value:
    """A number by its name, or by its distance from the beginning of a range."""
    if names.find(name, number) is None:
        for start, end in starts:
            first = next(value for value, word in names.scope.set(name) if word == start)
            if first < number <= end:
                return Macro("htobs", Word(f"{start}+{number - first}"))
    return Macro("htobs", names.enum(name, number, 16))


_PSM_RANGES = (("L2CAP_PSM_LE_DYN_START", 0xFF), ("L2CAP_PSM_DYN_START", 0xFFFF))
_CID_RANGES = (("L2CAP_CID_DYN_START", 0xFFFF),)


def _bluetooth(names: Names, data: bytes) -> Fields:
    """The protocol isn't in the address: its length tells which it is."""
    if len(data) in (4, 6):
        pairs: list[Pair] = [("hci_dev", Macro("htobs", Int(int.from_bytes(data[2:4], "little"))))]
        if len(data) == 6:
            channel = int.from_bytes(data[4:6], "little")
            pairs.append(("hci_channel", names.enum("hci_channel", channel, 16)))
        return pairs
    if len(data) == 8:
        return [("sco_bdaddr", hardware(data[2:8]))]
    if len(data) == 10:
        return [("rc_bdaddr", hardware(data[2:8])), ("rc_channel", Int(data[8]))]
    if len(data) not in (12, 14):
        return None
    psm, cid = struct.unpack_from("<H6xH", data, 2)
    pairs = [
        ("l2_psm", _ranged(names, "l2cap_psm", psm, _PSM_RANGES)),
        ("l2_bdaddr", hardware(data[4:10])),
        ("l2_cid", _ranged(names, "l2cap_cid", cid, _CID_RANGES)),
    ]
    if len(data) == 14:
        pairs.append(("l2_bdaddr_type", names.enum("bdaddr_type", data[12], 8)))
    return pairs


def _ieee802154(names: Names, data: bytes) -> Fields:
    if len(data) < 20:
        return None
    kind, network = struct.unpack_from("<IH", data, 4)
    every = "IEEE802154_PANID_BROADCAST" if network == 0xFFFF else ""
    pairs: list[Pair] = [
        ("addr_type", names.noted("ieee802154_addr_type", kind, "IEEE802154_ADDR_???")),
        ("pan_id", Noted(Hex(network), every) if every else Hex(network)),
    ]
    if kind == 2:
        short = int.from_bytes(data[10:12], "little")
        every = {0xFFFF: "IEEE802154_ADDR_BROADCAST", 0xFFFE: "IEEE802154_ADDR_UNDEF"}.get(
            short, ""
        )
        pairs.append(("short_addr", Noted(Hex(short), every) if every else Hex(short)))
    elif kind:
        pairs.append(("hwaddr", hardware(data[10:18])))
    return [("addr", struct_of_pairs(pairs))]


def _nfc(names: Names, data: bytes) -> Fields:
    if len(data) < 16:
        return None
    device, target, protocol = struct.unpack_from("<III", data, 4)
    pairs: list[Pair] = [
        ("dev_idx", interface(device)),
        ("target_idx", Hex(target)),
        ("nfc_protocol", names.enum("nfc_protocols_rf", protocol)),
    ]
    # The length of the name is a word of the program.
    word = names.scope.word
    start = 80 + word
    if len(data) >= start + word:
        size = int.from_bytes(data[start : start + word], "little")
        service = data[18:81][: min(size, 63)]
        pairs += [
            ("dsap", names.noted("llcp_sap", data[16])),
            ("ssap", names.noted("llcp_sap", data[17])),
            ("service_name", WholeBytes(service, len(service))),
            ("service_name_len", Int(size)),
        ]
    return pairs


# ---------------------------------------------------------------- inside the machine


def _alg(names: Names, data: bytes) -> Fields:
    if len(data) < 25:
        return None
    features, mask = struct.unpack_from("<II", data, 16)
    return [
        ("salg_type", text_of(data[2:16])),
        ("salg_feat", names.noted_flags("crypto_alg_flags", features, "CRYPTO_ALG_???")),
        ("salg_mask", names.noted_flags("crypto_alg_flags", mask, "CRYPTO_ALG_???")),
        ("salg_name", text_of(data[24:])),
    ]


def _vsock(names: Names, data: bytes) -> Fields:
    if len(data) < 16:
        return None
    reserved, port, cid, flags = struct.unpack_from("<HIIB", data, 2)
    pairs: list[Pair] = []
    if reserved:
        pairs.append(("svm_reserved1", Hex(reserved)))
    known = names.find("vsock_cid", cid), names.find("vsock_port", port)
    pairs += [
        ("svm_cid", names.enum("vsock_cid", cid) if known[0] else Hex(cid)),
        ("svm_port", names.enum("vsock_port", port) if known[1] else Hex(port)),
        ("svm_flags", names.flags("vsock_flags", flags, 8)),
    ]
    if any(data[13:16]):
        pairs.append(("svm_zero", HexBytes(data[13:16], 3)))
    return pairs


def _rxrpc(names: Names, data: bytes) -> Fields:
    if len(data) < 36:
        return None
    service, kind, length = struct.unpack_from("<HHH", data, 2)
    shown = names.noted("rxrpc_service", service, "???_SERVICE")
    return [
        ("srx_service", shown),
        ("transport_type", names.enum("socket_type", kind, 16)),
        ("transport_len", Int(length)),
        ("transport", _transport(names, data[8 : 8 + length])),
    ]


def _transport(names: Names, data: bytes) -> Value:
    """The address below: of a known family, or its bytes."""
    from seize.decode.kinds.address import inet, inet6

    family = int.from_bytes(data[:2], "little")
    for number, prefix, least, fields in ((2, "sin", 16, inet), (10, "sin6", 28, inet6)):
        if family == number:
            pairs: list[Pair] = [(f"{prefix}_family", names.enum("socket_domain", family, 16))]
            if len(data) >= least:
                pairs += fields(data)
            else:
                pairs.append(("", WholeBytes(data[2:], len(data) - 2)))
            return struct_of_pairs([(prefix, struct_of_pairs(pairs))])
    pairs = [("family", names.enum("socket_domain", family, 16))]
    if len(data) > 2:
        pairs.append(("", WholeBytes(data[2:], len(data) - 2)))
    return struct_of_pairs(pairs)


def _qrtr(names: Names, data: bytes) -> Fields:
    if len(data) < 12:
        return None
    node, port = struct.unpack_from("<II", data, 4)
    known = names.find("qrtr_port", port) is not None
    return [
        ("sq_node", Hex(node)),
        ("sq_port", names.enum("qrtr_port", port) if known else Hex(port)),
    ]


def _xdp(names: Names, data: bytes) -> Fields:
    if len(data) < 16:
        return None
    flags, index, queue, shared = struct.unpack_from("<HIII", data, 2)
    pairs: list[Pair] = [
        ("sxdp_flags", names.flags("xdp_flags", flags, 16)),
        ("sxdp_ifindex", interface(index)),
        ("sxdp_queue_id", Int(queue)),
    ]
    if flags & 1:
        pairs.append(("sxdp_shared_umem_fd", Int(shared)))
    elif shared:
        pairs.append(("sxdp_shared_umem_fd", Hex(shared)))
    return pairs


def _mctp(names: Names, data: bytes) -> Fields:
    if len(data) < 12:
        return None
    pad, network, address, kind, tag, last = struct.unpack_from("<HIBBBB", data, 2)
    known = names.find("mctp_net", network), names.find("mctp_addr", address)
    shown = names.enum("mctp_addr", address) if known[1] else Hex(address)
    pairs: list[Pair] = [
        ("smctp_network", names.enum("mctp_net", network) if known[0] else Hex(network)),
        ("smctp_addr", struct_of_pairs([("s_addr", shown)])),
        ("smctp_type", Hex(kind)),
        ("smctp_tag", Hex(tag)),
    ]
    if pad:
        pairs.insert(0, ("__smctp_pad0", Hex(pad)))
    if last:
        pairs.append(("__smctp_pad1", Hex(last)))
    return pairs


FAMILIES: dict[int, Family] = {
    3: _ax25,
    4: _ipx,
    9: _x25,
    31: _bluetooth,
    33: _rxrpc,
    36: _ieee802154,
    38: _alg,
    39: _nfc,
    40: _vsock,
    42: _qrtr,
    44: _xdp,
    45: _mctp,
}

STRUCTS = {
    5: "sockaddr_at",
    8: "sockaddr_atmpvc",
    20: "sockaddr_atmsvc",
    24: "sockaddr_pppox",
    26: "sockaddr_llc",
    29: "sockaddr_can",
    30: "sockaddr_tipc",
    35: "sockaddr_pn",
}
"""The families that a struct describes."""


def is_brief(family: int, data: bytes, word: int) -> bool:
    """Whether an address has bytes that its fields don't show."""
    if family == 3:
        return (len(data) > 16 or any(data[12:16])) and _ax25_rest(data)
    return family == 39 and 16 < len(data) < 80 + 2 * word
