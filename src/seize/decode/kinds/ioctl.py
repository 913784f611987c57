"""ioctl: the request's name, and what its argument is.

``signatures/ioctls.sig`` tells what the argument of a request is; for the others the request's
own bits do, and the generated table of what requests point to.
"""

from __future__ import annotations

import os

from seize.abi.layouts import layout
from seize.abi.names import ioctl_argument, ioctl_name
from seize.decode import shapes
from seize.decode.kinds.base import Kind
from seize.decode.kinds.basic import memo
from seize.decode.kinds.input import request as input_request
from seize.decode.signature import FOLDER, Source
from seize.decode.values import Address, Changed, Enum, Int, Macro, Struct, Value, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Line, Spec

_NONE, _WRITE, _READ = 0, 1, 2
_DIRECTIONS = ("_IOC_NONE", "_IOC_WRITE", "_IOC_READ", "_IOC_READ|_IOC_WRITE")
_MOMENTS = ("", "in", "out", "inout")

_SCALARS = {
    "i8": "&byte",
    "u8": "&byte",
    "char": "&byte",
    "i16": "&short",
    "u16": "&short",
    "i32": "&int",
    "u32": "&uint",
    "i64": "&i64",
    "u64": "&u64",
}

# Requests that carry a length or a number in their own: the type and the number of the request,
# its direction, and the macro.
_NAMED_BY_LENGTH = {
    (ord("j"), 0x13): ((_READ,), "JSIOCGNAME"),
    (ord("H"), 0x04): ((_READ,), "HIDIOCGRAWNAME"),
    (ord("H"), 0x05): ((_READ,), "HIDIOCGRAWPHYS"),
    (ord("H"), 0x06): ((_READ | _WRITE,), "HIDIOCSFEATURE"),
    (ord("H"), 0x07): ((_READ | _WRITE,), "HIDIOCGFEATURE"),
    (ord("H"), 0x08): ((_READ,), "HIDIOCGRAWUNIQ"),
    (ord("H"), 0x09): ((_READ | _WRITE,), "HIDIOCSINPUT"),
    (ord("H"), 0x0A): ((_READ | _WRITE,), "HIDIOCGINPUT"),
    (ord("H"), 0x0B): ((_READ | _WRITE,), "HIDIOCSOUTPUT"),
    (ord("H"), 0x0C): ((_READ | _WRITE,), "HIDIOCGOUTPUT"),
    (ord("U"), 0x2C): ((_READ,), "UI_GET_SYSNAME"),
}

# Requests whose struct has grown, or may: the kernel takes every size, which is in the number.
_GROWING = {
    (0xFF, 0x0B): ((_READ | _WRITE,), "PIDFD_GET_INFO", "inout pidfd_info[{}]", ""),
    (0xB7, 0x0A): ((_READ,), "NS_MNT_GET_INFO", "out mnt_ns_info[{}]", ""),
    (0xB7, 0x0B): ((_READ,), "NS_MNT_GET_NEXT", "out mnt_ns_info[{}]", " -> fd"),
    (0xB7, 0x0C): ((_READ,), "NS_MNT_GET_PREV", "out mnt_ns_info[{}]", " -> fd"),
}

_FILES = {"x86_64": ("ioctls", "ioctls_x86"), "i386": ("ioctls", "ioctls_x86")}
_sources: dict[tuple[str, ...], Source] = {}


def lines(arch: str) -> Source:
    """The lines of the requests, read when the first request is met."""
    names = _FILES.get(arch, ("ioctls",))
    if names not in _sources:
        _sources[names] = Source(tuple([os.path.join(FOLDER, f"{name}.sig") for name in names]))
    return _sources[names]


def parts(request: int) -> tuple[int, int, int, int]:
    """Direction, type, number and size of a request."""
    return request >> 30 & 3, request >> 8 & 0xFF, request & 0xFF, request >> 16 & 0x3FFF


def _command(scope: Scope, spec: Spec) -> Kind:
    """The request, by name, or by the macro that makes such numbers."""
    arch = scope.arch_name
    return Kind(memo(lambda raw: _named(arch, raw & 0xFFFFFFFF), "ioctl", arch))


def _named(arch: str, request: int) -> Value:
    direction, kind, number, size = parts(request)
    name = ioctl_name(arch, request)
    if kind == ord("M") and direction in (_READ, _WRITE):
        mixer = f"MIXER_{'READ' if direction == _READ else 'WRITE'}({number})"
        name = f"{mixer} or {name}" if name else mixer
    grown = _grown(request)
    if grown is not None:
        name = grown[0]
    if name is not None:
        value = Enum(request)
        value.name, value.set = name, "ioctl"
        return value
    made = input_request(direction, kind, number, size)
    if made is not None:
        return made[0]
    by_length = _NAMED_BY_LENGTH.get((kind, number))
    if by_length is not None and direction in by_length[0]:
        return Macro(by_length[1], Int(size))
    words = [Word(hex(part) if part else "0") for part in (kind, number, size)]
    return Macro("_IOC", Word(_DIRECTIONS[direction]), *words)


def _grown(request: int) -> tuple[str, str] | None:
    """The name of a request of any size, and what its argument is."""
    direction, kind, number, size = parts(request)
    known = _GROWING.get((kind, number))
    if known is None or direction not in known[0]:
        return None
    return known[1], f"({known[2].format(size)}){known[3]}"


def variant(scope: Scope, line: Line, value: int) -> str | None:
    """The signature of one request: what its argument is."""
    known = lines(scope.arch_name)
    request = value & 0xFFFFFFFF
    for name in (ioctl_name(scope.arch_name, request) or "").split(" or "):
        if name in known:
            return _written(known.text(name)[1][0])
    grown = _grown(request)
    if grown is not None:
        return _written(grown[1])
    made = input_request(*parts(request))
    if made is not None:
        return f"(fd, cmd, arg:{made[1]})"
    kind = _by_bits(scope, request)
    if kind is None and _is_pointer(scope.arch_name, request):
        kind = "ptr"
    return None if kind is None else f"(fd, cmd, arg:{kind})"


def _is_pointer(arch: str, request: int) -> bool:
    """Whether the argument is surely an address, though it isn't known of what."""
    direction, kind, _, _ = parts(request)
    if kind == ord("E"):
        return direction != _NONE
    return kind == _SOCKET and ioctl_name(arch, request) not in (None, *_PRIVATE)


_SOCKET = 0x89
_PRIVATE = ("SIOCPROTOPRIVATE", "SIOCDEVPRIVATE")


def _written(text: str) -> str:
    """``NAME … (KIND) -> RESULT`` as a whole signature."""
    kind, _, result = text.partition("(")[2].rpartition(")")
    if not kind.strip():
        return f"(fd, cmd){result}"
    if " => " in kind:
        kind = f"inout exchange {kind}"
    return f"(fd, cmd, arg:{kind}){result}"


def _by_bits(scope: Scope, request: int) -> str | None:
    """A pointer to what the table says, in the direction and of the size that the request has."""
    direction, _, _, size = parts(request)
    name = ioctl_argument(scope.arch_name, request)
    if name is None or direction == _NONE:
        return None
    moment = _MOMENTS[direction]
    if name in _SCALARS:
        return f"{moment} {_SCALARS[name]}"
    if not shapes.known(name):
        return None
    own = layout(scope.arch_name, name)
    return f"{moment} {name}" if own is None or own[0] == size else None


def _exchange(scope: Scope, spec: Spec) -> Kind:
    """``exchange KIND => KIND``: one thing goes in, another comes out in its place."""
    from seize.decode.kinds import make
    from seize.decode.signature import parse_kind

    arrow = spec.params.index("=>")
    words = [list(spec.params[:arrow]), list(spec.params[arrow + 1 :])]
    enter, leave = [make(scope, parse_kind(w, "ioctls.sig", " ".join(w))) for w in words]
    after = leave.contextual()

    def later(call: Call, raw: int, before: Value) -> Value:
        if isinstance(before, Address):
            return before
        came = after(call, raw)
        nothing = isinstance(came, Struct) and not came.fields(True)
        return before if nothing else Changed(before, came)

    return Kind(decode=enter.contextual(), later=later)


KINDS: dict[str, Factory] = {"ioctl_cmd": _command, "exchange": _exchange}
