"""ioctl: the request's name, and what its argument points to.

A request tells by its own bits whether the argument is read or written, and how large it is; the
table of structs tells its type; those that are older than these bits are listed here.
"""

from __future__ import annotations

from seize.decode import shapes
from seize.decode.kinds.base import Kind, Memo
from seize.decode.kinds.sets import enumeration, flag_set
from seize.decode.memory import read_exactly
from seize.decode.values import Address, Bytes, Enum, Int, Macro, Struct, Value, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Line, Spec

    Pure = object

_NONE, _WRITE, _READ = 0, 1, 2
_DIRECTIONS = ("_IOC_NONE", "_IOC_WRITE", "_IOC_READ", "_IOC_READ|_IOC_WRITE")

_ARGUMENTS = {
    "out termios": "TCGETS",
    "in termios": "TCSETS TCSETSW TCSETSF",
    "out winsize": "TIOCGWINSZ",
    "in winsize": "TIOCSWINSZ",
    "out &int": "FIONREAD TIOCOUTQ TIOCGPGRP TIOCGSID TIOCGETD TIOCMGET TIOCGSOFTCAR TIOCGEXCL "
    "TIOCGPKT TIOCGPTLCK FIOQSIZE SIOCATMARK SIOCGPGRP FIGETBSZ BLKROGET BLKSSZGET",
    "in &int": "FIONBIO FIOASYNC TIOCSPGRP TIOCSETD TIOCMSET TIOCMBIS TIOCMBIC TIOCSSOFTCAR "
    "TIOCPKT SIOCSPGRP TIOCSPTLCK BLKROSET",
    "out &uint": "TIOCGPTN",
    "out &size": "BLKGETSIZE",
    "out &u64": "BLKGETSIZE64",
    "in int": "TCSBRK TCSBRKP TIOCSCTTY",
    "in enum tcxonc_action": "TCXONC",
    "in enum tcflush_queue": "TCFLSH",
    "": "FIOCLEX FIONCLEX TIOCNOTTY TIOCEXCL TIOCNXCL TIOCSBRK TIOCCBRK TIOCCONS TIOCVHANGUP",
    "in fd": "FICLONE",
    "inout ifreq": "SIOCGIFNAME SIOCGIFINDEX SIOCGIFFLAGS SIOCGIFADDR SIOCGIFDSTADDR "
    "SIOCGIFBRDADDR SIOCGIFNETMASK SIOCGIFMETRIC SIOCGIFMTU SIOCGIFHWADDR SIOCGIFTXQLEN "
    "SIOCGIFMAP SIOCGIFSLAVE",
    "in ifreq": "SIOCSIFNAME SIOCSIFFLAGS SIOCSIFADDR SIOCSIFDSTADDR SIOCSIFBRDADDR "
    "SIOCSIFNETMASK SIOCSIFMETRIC SIOCSIFMTU SIOCSIFHWADDR SIOCSIFTXQLEN",
}
_BY_NAME = {name: kind for kind, names in _ARGUMENTS.items() for name in names.split()}


def _names() -> dict[int, str]:
    from seize.abi._generated import ioctls

    return ioctls.NAMES


def _unknown(request: int) -> Value:
    parts = (
        Word(_DIRECTIONS[request >> 30 & 3]),
        Word(f"{request >> 8 & 0xFF:#x}"),
        Word(f"{request & 0xFF:#x}"),
        Word(f"{request >> 16 & 0x3FFF:#x}"),
    )
    return Macro("_IOC", *parts)


def _command(scope: Scope, spec: Spec) -> Kind:
    """The request, by name, or by the macro that makes such numbers."""

    def convert(raw: int) -> Value:
        raw &= 0xFFFFFFFF
        name = _names().get(raw)
        if name is None:
            return _unknown(raw)
        value = Enum(raw)
        value.name = name
        value.set = "ioctl"
        return value

    return Kind(Memo(convert).__getitem__)


def variant(scope: Scope, line: Line, value: int) -> str | None:
    """The signature of one request: what its argument is, as the request itself tells."""
    names = _names().get(value, "").split(" or ")
    known = [_BY_NAME[name] for name in names if name in _BY_NAME]
    kind = known[0] if known else _by_bits(scope, value)
    if kind is None:
        return None
    return f"(fd, cmd, arg:{kind})" if kind else "(fd, cmd)"


def _by_bits(scope: Scope, value: int) -> str | None:
    """A pointer to a struct of the size that the request tells."""
    from seize.abi._generated import ioctls

    direction, size = value >> 30 & 3, value >> 16 & 0x3FFF
    name = ioctls.STRUCTS.get(value)
    if name is None or direction == _NONE or not shapes.known(name):
        return None
    if shapes.shape(scope, name).size != size:
        return None
    return ("", "in ", "out ", "inout ")[direction] + name


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
        request = _names().get(call.raw[1] & 0xFFFFFFFF, "")
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


KINDS: dict[str, Factory] = {"ioctl_cmd": _command, "ifreq": _ifreq}
