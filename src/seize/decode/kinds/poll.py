"""poll(2) and select(2): what is waited for, and what came."""

from __future__ import annotations

import struct

from seize.decode import shapes
from seize.decode.kinds.base import Kind, UnknownKind
from seize.decode.kinds.memory import array_of
from seize.decode.kinds.sets import flag_set
from seize.decode.memory import read_exactly
from seize.decode.values import (
    Address,
    Array,
    Fd,
    Int,
    Labelled,
    Members,
    Several,
    SigSet,
    Struct,
    Value,
    Word,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec

_POLLFD = struct.Struct("<iHH")
_TIMEOUT = Word("Timeout")


def _element(scope: Scope, answer: bool) -> Callable[[Call, bytes], Value]:
    """A pollfd: ``{fd=3, events=POLLIN}``, or the answer ``{fd=3, revents=POLLIN}``."""
    from seize.decode.kinds.basic import descriptor_of

    events = flag_set(scope.set("poll_events"), "poll_events", 16)
    descriptor = descriptor_of(scope)
    names = ("fd", "revents" if answer else "events")

    def value(call: Call, data: bytes) -> Value:
        fd, asked, got = _POLLFD.unpack(data)
        if fd < 0:
            return Struct(("fd",), (Int(fd),))
        if answer:
            return Struct(names, (Fd(fd), events(got)))
        return Struct(names, (descriptor(call, fd), events(asked)))

    return value


def _pollfds(scope: Scope, spec: Spec) -> Kind:
    """``pollfds[COUNT]``: what is waited for."""
    count = scope.number(spec.index)
    return Kind(decode=array_of(count, _POLLFD.size, _element(scope, False)))


def _left(scope: Scope, spec: Spec) -> Callable[[Call, str], Labelled | None]:
    """What is left of the time, which the kernel writes back."""
    if not spec.params:
        return lambda call, name: None
    shape = shapes.shape(scope, spec.params[0])

    def left(call: Call, name: str) -> Labelled | None:
        address = call.raw[_register(call, name)]
        value = shape.at(call, address)
        return None if isinstance(value, Address) else Labelled("left", value)

    return left


def _register(call: Call, name: str) -> int:
    return call.compiled.names.index(name)


def _poll_result(scope: Scope, spec: Spec) -> Kind:
    """The ready descriptors; for ppoll the time that is left: ``poll_result [TIMESPEC]``."""
    element = _element(scope, True)
    left = _left(scope, spec)

    def decode(call: Call, raw: int) -> Value:
        if raw == 0:
            call.note = _TIMEOUT
            return Int(0)
        ready, more = _ready(call, element)
        notes: list[Value] = [] if ready is None else [Array(tuple(ready), more)]
        rest = left(call, "tsp") if spec.params else None
        if rest is not None:
            notes.append(rest)
        call.note = Several(tuple(notes)) if notes else None
        return Int(raw)

    return Kind(decode=decode)


def _ready(call: Call, element: Callable[[Call, bytes], Value]) -> tuple[list[Value] | None, bool]:
    count = min(call.raw[1] & 0xFFFFFFFF, MOST)
    size = _POLLFD.size
    data = read_exactly(call.memory, call.raw[0], count * size)
    if data is None:
        return None, False
    most = call.decoder.array_limit
    ready: list[Value] = []
    for offset in range(0, len(data), size):
        if data[offset + 6 : offset + 8] != b"\0\0":
            if len(ready) == most:
                return ready, True
            ready.append(element(call, data[offset : offset + size]))
    return ready, False


MOST = 1 << 16


def _select_result(scope: Scope, spec: Spec) -> Kind:
    """``in [3], left {…}``: the ready descriptors of each set, and the time that is left."""
    if not spec.params:
        raise UnknownKind("select_result needs the struct of the time")
    from seize.decode.kinds.memory import KINDS as MEMORY
    from seize.decode.signature import Spec as Wanted

    fdset = MEMORY["fdset"](scope, Wanted("fdset", "n")).contextual()
    left = _left(scope, spec)
    time = "tvp" if spec.params[0].startswith("timeval") else "tsp"

    def decode(call: Call, raw: int) -> Value:
        if raw == 0:
            call.note = _TIMEOUT
            return Int(0)
        notes: list[Value] = []
        for label, index in (("in", 1), ("out", 2), ("except", 3)):
            members = fdset(call, call.raw[index])
            if isinstance(members, Members) and len(members):
                notes.append(Labelled(label, members))
        rest = left(call, time)
        if rest is not None:
            notes.append(rest)
        call.note = Several(tuple(notes)) if notes else None
        return Int(raw)

    return Kind(decode=decode)


def _sigset_pair(scope: Scope, spec: Spec) -> Kind:
    """pselect6's last argument: ``{sigmask=[INT], sigsetsize=8}``."""
    word = scope.word
    unpack = struct.Struct("<QQ" if word == 8 else "<II").unpack

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, 2 * word) if raw else None
        if data is None:
            return Address(raw)
        address, size = unpack(data)
        mask: Value = Address(address)
        sound = address and word <= size <= 8
        bits = read_exactly(call.memory, address, size) if sound else None
        if bits is not None:
            mask = signals = SigSet(int.from_bytes(bits, "little"))
            signals.width = 8 * len(bits)
        return Struct(("sigmask", "sigsetsize"), (mask, Int(size)))

    return Kind(decode=decode)


KINDS: dict[str, Factory] = {
    "pollfds": _pollfds,
    "poll_result": _poll_result,
    "select_result": _select_result,
    "sigset_pair": _sigset_pair,
}
