"""Processes, threads, signals: statuses, flags, limits, dispositions."""

from __future__ import annotations

import struct

from seize.decode import shapes
from seize.decode.kinds.base import Kind
from seize.decode.kinds.memory import array_of
from seize.decode.kinds.sets import enumeration, flag_names, flag_set, unnamed
from seize.decode.kinds.sized import with_tail
from seize.decode.memory import read_exactly
from seize.decode.signature import Spec as Wanted
from seize.decode.values import (
    Address,
    Changed,
    Flags,
    Hex,
    Int,
    Limit,
    Macro,
    Pointer,
    Signal,
    Struct,
    Value,
    WaitStatus,
    Word,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec

_EINTR, _RESTARTS = 4, (512, 513, 514, 516)


def struct_of(*pairs: tuple[str, Value] | None) -> Struct:
    """A struct of the pairs that aren't None."""
    fields = [pair for pair in pairs if pair is not None]
    return Struct(tuple([name for name, _ in fields]), tuple([value for _, value in fields]))


def _waitstatus(scope: Scope, spec: Spec) -> Kind:
    """A pointer to a wait status; nothing was stored when no child was waited for."""

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, 4) if raw and call.rval else None
        if data is None:
            return Address(raw)
        return Pointer(WaitStatus(int.from_bytes(data, "little")))

    return Kind(decode=decode)


def _wait_rusage(scope: Scope, spec: Spec) -> Kind:
    shape = shapes.shape(scope, "rusage")
    return Kind(decode=lambda call, raw: shape.at(call, raw) if call.rval else Address(raw))


def _clone_flags(scope: Scope, spec: Spec) -> Kind:
    """Flags, and the signal for the parent in the low byte."""
    table = scope.set("clone_flags")

    def convert(raw: int) -> Value:
        raw &= 0xFFFFFFFF
        names, rest = flag_names(table, raw & ~0xFF)
        flags = Flags(raw)
        if raw & 0xFF:
            names.append(Signal(raw & 0xFF).name)
        flags.names, flags.rest, flags.set = tuple(names), rest, "clone_flags"
        return flags

    return Kind(convert)


def _clone_args(scope: Scope, spec: Spec) -> Kind:
    """clone3's struct, and what the kernel stored where it points."""
    length = scope.number(spec.index)
    table = scope.set("clone_flags")
    more = scope.set("clone3_flags")
    make = flag_set((*table, *more), "clone3_flags", 64)
    whole = shapes.shape(scope, "clone_args")
    # On i386 it isn't the address of the storage, but what describes the segment.
    tls = _user_desc(scope, Wanted("user_desc")).decode if scope.word == 4 else None

    def decode(call: Call, raw: int) -> Value:
        size = length(call)
        data = read_exactly(call.memory, raw, min(size, 88)) if raw and size >= 64 else None
        if data is None:
            return Address(raw)
        value = _clone_struct(call, data, make(_u64(data, 0)), tls)
        return with_tail(call, whole, value, raw, size) if size > whole.end else value

    def later(call: Call, raw: int, before: Value) -> Value:
        data = read_exactly(call.memory, raw, 64) if raw else None
        if data is None or not isinstance(before, Struct):
            return before
        flags = _u64(data, 0)
        stored = struct_of(
            _stored(call, "pidfd", _u64(data, 8), flags & 0x1000),
            _stored(call, "parent_tid", _u64(data, 24), flags & 0x100000),
        )
        return Changed(before, stored) if stored.values else before

    return Kind(decode=decode, later=later)


def _u64(data: bytes, offset: int) -> int:
    return int.from_bytes(data[offset : offset + 8], "little")


def _stored(call: Call, name: str, address: int, wanted: int) -> tuple[str, Value] | None:
    data = read_exactly(call.memory, address, 4) if wanted else None
    if data is None:
        return None
    return name, Pointer(Int(int.from_bytes(data, "little", signed=True)))


PID_LEVELS = 32
"""No process is in more PID namespaces."""


def _tids(call: Call, address: int, count: int) -> Value:
    if not 0 < count <= PID_LEVELS:
        return Address(address)
    return array_of(
        lambda call: count, 4, lambda call, data: Int(int.from_bytes(data, "little", signed=True))
    )(call, address)


def _clone_struct(
    call: Call, data: bytes, flags: Value, tls: Callable[[Call, int], Value] | None
) -> Struct:
    bits = _u64(data, 0)
    signal = _u64(data, 32)
    storage = _u64(data, 56)
    tids, count, cgroup = _u64(data, 64), _u64(data, 72), _u64(data, 80)
    return struct_of(
        ("flags", flags),
        ("pidfd", Address(_u64(data, 8))) if bits & 0x1000 else None,
        ("child_tid", Address(_u64(data, 16))) if bits & 0x1200000 else None,
        ("parent_tid", Address(_u64(data, 24))) if bits & 0x100000 else None,
        ("exit_signal", Signal(signal)),
        ("stack", Address(_u64(data, 40))),
        ("stack_size", Hex(_u64(data, 48))),
        ("tls", Address(storage) if tls is None else tls(call, storage))
        if bits & 0x80000
        else None,
        ("set_tid", _tids(call, tids, count)) if tids or count else None,
        ("set_tid_size", Int(count)) if tids or count else None,
        ("cgroup", Int(cgroup)) if (bits >> 33 & 1 and len(data) >= 88) or cgroup else None,
    )


def _rlimits(bits: int) -> Factory:
    def factory(scope: Scope, spec: Spec) -> Kind:
        width = bits or scope.bits
        layout = struct.Struct("<QQ" if width == 64 else "<II")

        def limit(number: int) -> Limit:
            value = Limit(number)
            value.bits = width
            return value

        def decode(call: Call, raw: int) -> Value:
            data = read_exactly(call.memory, raw, layout.size) if raw else None
            if data is None:
                return Address(raw)
            soft, hard = layout.unpack(data)
            return Struct(("rlim_cur", "rlim_max"), (limit(soft), limit(hard)))

        return Kind(decode=decode)

    return factory


def _caphdr(scope: Scope, spec: Spec) -> Kind:
    version = enumeration(scope.set("capability_version"), "capability_version")

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, 8) if raw else None
        if data is None:
            return Address(raw)
        number, pid = struct.unpack("<Ii", data)
        return Struct(("version", "pid"), (version(number), Int(pid)))

    return Kind(decode=decode)


_VERSIONS_OF_64_BITS = (0x20071026, 0x20080522)


def _capdata(scope: Scope, spec: Spec) -> Kind:
    """Three sets of capabilities, of 64 bits each since the second version of the header."""
    table = tuple([(1 << value, f"1<<{name}") for value, name in scope.set("capabilities")])
    make = flag_set(table, "capabilities", 64)

    def decode(call: Call, raw: int) -> Value:
        head = read_exactly(call.memory, call.raw[0], 4) if raw else None
        if head is None:
            return Address(raw)
        old = int.from_bytes(head, "little") not in _VERSIONS_OF_64_BITS
        data = read_exactly(call.memory, raw, 12 if old else 24)
        if data is None:
            return Address(raw)
        words = struct.unpack("<III" if old else "<IIIIII", data)
        sets = words if old else [words[i] | words[i + 3] << 32 for i in range(3)]
        return Struct(("effective", "permitted", "inheritable"), tuple([make(s) for s in sets]))

    return Kind(decode=decode)


def _personality(scope: Scope, spec: Spec) -> Kind:
    types, bits = dict(scope.set("personality_type")), scope.set("personality_flags")

    def make(raw: int) -> Value:
        raw &= 0xFFFFFFFF
        if raw == 0xFFFFFFFF:
            return Hex(raw)
        names, rest = flag_names(bits, raw & ~0xFF)
        flags = Flags(raw)
        known = types.get(raw & 0xFF)
        names.insert(0, known or unnamed(raw & 0xFF, scope.set("personality_type")))
        flags.names, flags.rest, flags.set = tuple(names), rest, "personality_flags"
        return flags

    return Kind(make)


def _personality_result(scope: Scope, spec: Spec) -> Kind:
    make = _personality(scope, spec).contextual()

    def decode(call: Call, raw: int) -> Value:
        call.note = make(call, raw)
        return Hex(raw)

    return Kind(decode=decode)


def _sleep_rest(scope: Scope, spec: Spec) -> Kind:
    """What is left to sleep: written only when a signal cut the sleep short."""
    shape = shapes.shape(scope, spec.params[0] if spec.params else "timespec")

    def failed(call: Call, raw: int, before: Value) -> Value:
        if call.error in _RESTARTS or call.error == _EINTR:
            return shape.at(call, raw)
        return before

    return Kind(decode=lambda call, raw: Address(raw), failed=failed, later=lambda c, r, b: b)


_DESCRIPTOR_BITS = (
    ("seg_32bit", 0, 1),
    ("contents", 1, 3),
    ("read_exec_only", 3, 1),
    ("limit_in_pages", 4, 1),
    ("seg_not_present", 5, 1),
    ("useable", 6, 1),
)


def priority(scope: Scope) -> Callable[[int], Value]:
    """``IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, 4)``."""
    class_of = enumeration(scope.set("ioprio_class"), "ioprio_class")
    return lambda raw: Macro("IOPRIO_PRIO_VALUE", class_of(raw >> 13), Int(raw & 0x1FFF))


def _ioprio(scope: Scope, spec: Spec) -> Kind:
    make = priority(scope)
    return Kind(lambda raw: make(raw & 0xFFFFFFFF))


def _noted_ioprio(scope: Scope, spec: Spec) -> Kind:
    make = priority(scope)

    def decode(call: Call, raw: int) -> Value:
        call.note = make(raw & 0xFFFFFFFF)
        return Int(raw)

    return Kind(decode=decode)


def _padded(number: int) -> Value:
    return Word(f"{number:#08x}" if number else "00000000")


def _user_desc(scope: Scope, spec: Spec) -> Kind:
    """A segment descriptor; ``user_desc out``: only its entry was asked for."""
    fields = (*_DESCRIPTOR_BITS, ("lm", 7, 1)) if scope.word == 8 else _DESCRIPTOR_BITS

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, 16) if raw else None
        if data is None:
            return Address(raw)
        entry, base, limit, bits = struct.unpack("<iIII", data)
        return struct_of(
            ("entry_number", Int(entry)),
            ("base_addr", _padded(base)),
            ("limit", _padded(limit)),
            *[(name, Int(bits >> shift & mask)) for name, shift, mask in fields],
        )

    def asked(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, 4) if raw else None
        if data is None:
            return Address(raw)
        number = Int(int.from_bytes(data, "little", signed=True))
        return Struct(("entry_number",), (number,), True)

    if spec.params == ("out",):
        return Kind(decode=asked, later=lambda call, raw, before: decode(call, raw))
    return Kind(decode=decode)


def _entry_number(scope: Scope, spec: Spec) -> Kind:
    """set_thread_area's result: the entry that the kernel chose, if it was asked to."""

    def decode(call: Call, raw: int) -> Value:
        before = call.values[0]
        data = read_exactly(call.memory, call.raw[0], 4)
        asked = before.values[0] if isinstance(before, Struct) else None
        if data is not None and isinstance(asked, Int) and asked == -1:
            chosen = int.from_bytes(data, "little", signed=True)
            call.note = Word(f"entry_number={chosen}")
        return Int(raw)

    return Kind(decode=decode)


def _epoll_data(scope: Scope, spec: Spec) -> Kind:
    """An epoll_data_t: ``{u32=3, u64=3}``."""

    def convert(raw: int) -> Value:
        raw &= 0xFFFFFFFFFFFFFFFF
        return Struct(("u32", "u64"), (Int(raw & 0xFFFFFFFF), Int(raw)))

    return Kind(convert)


def _time(scope: Scope, spec: Spec) -> Kind:
    """``&time`` shows the date."""
    from seize.decode.kinds.basic import signed
    from seize.decode.values import Time

    return Kind(signed(scope.bits, Time))


NGROUPS_MAX = 65536


def _groups(scope: Scope, spec: Spec) -> Kind:
    """``groups[COUNT] ID``: more than there may be aren't looked at."""
    from seize.decode.kinds import make
    from seize.decode.kinds.memory import scalar_code

    count = scope.number(spec.index)
    target = Wanted(spec.params[0])
    element, code = (
        make(scope, target).contextual(),
        struct.Struct("<" + scalar_code(scope, target)),
    )

    def most(call: Call) -> int:
        wanted = count(call)
        return wanted if wanted <= NGROUPS_MAX else -1

    def value(call: Call, data: bytes) -> Value:
        return element(call, code.unpack(data)[0])

    return Kind(decode=array_of(most, code.size, value))


KINDS: dict[str, Factory] = {
    "waitstatus": _waitstatus,
    "wait_rusage": _wait_rusage,
    "clone_flags": _clone_flags,
    "clone_args": _clone_args,
    "rlimits": _rlimits(0),
    "rlimits64": _rlimits(64),
    "caphdr": _caphdr,
    "capdata": _capdata,
    "personality": _personality,
    "personality_result": _personality_result,
    "sleep_rest": _sleep_rest,
    "user_desc": _user_desc,
    "entry_number": _entry_number,
    "epoll_data": _epoll_data,
    "time": _time,
    "groups": _groups,
    "ioprio": _ioprio,
    "noted_ioprio": _noted_ioprio,
}
