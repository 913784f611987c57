"""Network interfaces: the requests that name one, and ask or tell something of it."""

from __future__ import annotations

from seize.abi.names import ioctl_name
from seize.decode.kinds.base import Kind
from seize.decode.kinds.sets import enumeration, flag_set
from seize.decode.memory import read_exactly
from seize.decode.values import Address, Bytes, Int, Macro, Struct, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec

_FAMILY = ("ADDR", "DSTADDR", "BRDADDR", "NETMASK", "HWADDR")


def _ifreq(scope: Scope, spec: Spec) -> Kind:
    """A request on a network interface: the name, and what the request asks or tells."""
    flags = flag_set(scope.set("interface_flags"), "interface_flags", 16)
    family = enumeration(scope.set("socket_domain"), "socket_domain", 16)

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, 40 if scope.word == 8 else 32) if raw else None
        if data is None:
            return Address(raw)
        name = data[:16].partition(b"\0")[0]
        names, values = ["ifr_name"], [_text(name)]
        request = ioctl_name(scope.arch_name, call.raw[1]) or ""
        if call.finished or request.startswith("SIOCS"):
            field, value = _ifreq_field(request[7:], data, flags, family)
            if field == "ifr_ifindex" and request == "SIOCGIFNAME":
                names, values = ["ifr_ifindex", "ifr_name"], [value, _text(name)]
            else:
                names.append(field)
                values.append(value)
        return Struct(tuple(names), tuple(values))

    return Kind(decode=decode)


def _text(name: bytes) -> Value:
    return Bytes(name, len(name))


def _ifreq_field(what: str, data: bytes, flags: object, family: object) -> tuple[str, Value]:
    number = int.from_bytes(data[16:20], "little", signed=True)
    if what == "FLAGS":
        return "ifr_flags", flags(number)  # type: ignore[operator]
    if what in ("INDEX", "NAME"):
        return "ifr_ifindex", Int(number)
    if what in ("METRIC", "MTU"):
        return f"ifr_{what.lower()}", Int(number)
    if what == "TXQLEN":
        return "ifr_qlen", Int(number)
    if what in _FAMILY:
        field = "hwaddr" if what == "HWADDR" else what.lower()
        return f"ifr_{field}", _address(data[16:32], family)
    return "ifr_data", Address(int.from_bytes(data[16:24], "little"))


def _address(data: bytes, family: object) -> Value:
    from seize.decode.values import Text

    number = int.from_bytes(data[:2], "little")
    if number != 2:
        return Struct(
            ("sa_family", "sa_data"),
            (family(number), Bytes(data[2:], 14)),  # type: ignore[operator]
        )
    dotted = ".".join([str(byte) for byte in data[4:8]])
    port = Macro("htons", Int(int.from_bytes(data[2:4], "big")))
    address = Macro("inet_addr", Text(dotted.encode()))
    return Struct(("sa_family", "sin_port", "sin_addr"), (family(number), port, address))  # type: ignore[operator]


def _ifreq_flags(scope: Scope, spec: Spec) -> Kind:
    """``ifreq_flags SET``: a request on an interface whose flags are those of SET."""
    flags = flag_set(scope.set(spec.params[0]), spec.params[0], 16)

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, 18) if raw else None
        if data is None:
            return Address(raw)
        name = _text(data[:16].partition(b"\0")[0])
        return Struct(("ifr_name", "ifr_flags"), (name, flags(int.from_bytes(data[16:], "little"))))

    return Kind(decode=decode)


KINDS: dict[str, Factory] = {"ifreq": _ifreq, "ifreq_flags": _ifreq_flags}
