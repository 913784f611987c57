"""Files: stat and its kin, directories, times, handles."""

from __future__ import annotations

import struct

from seize.abi.layouts import layout
from seize.decode import shapes
from seize.decode.kinds import text
from seize.decode.kinds.base import Kind, Memo
from seize.decode.kinds.sets import enumeration, flag_set
from seize.decode.kinds.sized import with_tail
from seize.decode.memory import read_exactly
from seize.decode.values import (
    Address,
    Array,
    Bytes,
    Changed,
    Date,
    Dated,
    Device,
    Enum,
    Int,
    LazyStruct,
    Mode,
    Noted,
    Octal,
    Struct,
    Time,
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
    from seize.decode.shapes import Pairs
    from seize.decode.signature import Spec

_S_IFMT = 0o170000
_DEVICES = (0o020000, 0o060000)
_MOST = 1 << 20
_UTIME_NOW = (1 << 30) - 1
_UTIME_OMIT = (1 << 30) - 2


_LAYOUTS = {
    "stat": ("stat",),
    "stat64": ("stat64", "stat"),
    "oldstat": ("__old_kernel_stat",),
}


def _stat(name: str) -> Factory:
    """A stat struct: briefly the mode, and the size or a device's number."""

    def factory(scope: Scope, spec: Spec) -> Kind:
        shape = shapes.shape(scope, name)
        own = next(filter(None, (layout(scope.arch_name, one) for one in _LAYOUTS[name])), None)
        assert own is not None
        entries = {entry[0]: entry for entry in own[1]}

        def getter(field: str) -> Callable[[bytes, int], tuple[int]]:
            return struct.Struct("<" + shapes.CODES[entries[field][2]]).unpack_from

        mode_of, mode_at = getter("st_mode"), entries["st_mode"][1]
        size_of, size_at = getter("st_size"), entries["st_size"][1]
        rdev_of, rdev_at = getter("st_rdev"), entries["st_rdev"][1]
        modes = Memo(Mode)

        def unpack(data: bytes, full: bool) -> Pairs:
            mode = mode_of(data, mode_at)[0]
            device = mode & _S_IFMT in _DEVICES
            if full:
                hidden = "st_size" if device else "st_rdev"
                pairs = _with_fractions(shape.unpack(data, True))
                return tuple([pair for pair in pairs if pair[0] != hidden])
            if device:
                rdev = Device(rdev_of(data, rdev_at)[0])
                return (("st_mode", modes[mode]), ("st_rdev", rdev))
            return (("st_mode", modes[mode]), ("st_size", Int(size_of(data, size_at)[0])))

        def decode(call: Call, raw: int) -> Value:
            data = read_exactly(call.memory, raw, shape.size) if raw else None
            return Address(raw) if data is None else LazyStruct(data, unpack, True)

        return Kind(decode=decode)

    return factory


def _with_fractions(pairs: Pairs) -> Pairs:
    """Give each time the nanoseconds of the field that follows it."""
    before: Value | None = None
    for _, value in pairs:
        if isinstance(before, Time) and type(value) is Int:
            before.nanoseconds = int(value)
        before = value
    return pairs


def _statx_flags(scope: Scope, spec: Spec) -> Kind:
    sync, rest = scope.set("statx_sync"), scope.set("at_flags")
    bits = tuple([pair for pair in sync if pair[0]])
    return Kind(flag_set((*bits, *rest), "at_flags", 32, sync, 0x6000))


def _dirents(layout: str) -> Factory:
    """Directory entries: how many there are, or all of them when verbose."""

    def factory(scope: Scope, spec: Spec) -> Kind:
        if layout == "linux_dirent64":
            head = struct.Struct("<QqHB")
        else:
            head = struct.Struct("<QQH" if scope.word == 8 else "<IIH")
        types = enumeration(scope.set("dirent_type"), "dirent_type", 8)

        def decode(call: Call, raw: int) -> Value:
            size = min(call.rval or 0, _MOST)
            data = call.memory.read_prefix(raw, size) if size > 0 else b""
            if len(data) < size:
                return Address(raw)
            entries = _entries(data, head, types if call.decoder.verbose else None)
            if call.decoder.verbose:
                return Array(tuple(entries))
            count = len(entries)
            return Noted(Address(raw), f"{count} entr{'y' if count == 1 else 'ies'}")

        return Kind(decode=decode)

    return factory


def _entries(data: bytes, head: struct.Struct, types: Callable[[int], Value] | None) -> list[Value]:
    entries: list[Value] = []
    offset = 0
    empty = Int(0)
    while offset + head.size <= len(data):
        fields = head.unpack_from(data, offset)
        length = fields[2]
        if length < head.size:
            break
        if types is None:
            entries.append(empty)
        else:
            entries.append(_entry(data[offset : offset + length], fields, types, head.size))
        offset += length
    return entries


def _entry(
    data: bytes, fields: tuple[int, ...], types: Callable[[int], Value], start: int
) -> Value:
    if len(fields) == 4:
        kind, end = fields[3], len(data)
    else:
        kind, end = data[-1], len(data) - 1
    name = data[start:end].partition(b"\0")[0]
    values = (
        Int(fields[0]),
        Int(fields[1]),
        Int(fields[2]),
        types(kind),
        WholeBytes(name, len(name)),
    )
    if len(fields) == 4:
        return Struct(("d_ino", "d_off", "d_reclen", "d_type", "d_name"), values)
    order = (values[0], values[1], values[2], values[4], values[3])
    return Struct(("d_ino", "d_off", "d_reclen", "d_name", "d_type"), order)


_FIRST_NAME_MAX = 256


def _first_dirent(scope: Scope, spec: Spec) -> Kind:
    """The one entry that i386's readdir(2) gives."""
    head = struct.Struct("<IIH")

    def decode(call: Call, raw: int) -> Value:
        data = call.memory.read_prefix(raw, head.size + _FIRST_NAME_MAX) if raw else b""
        if len(data) < head.size:
            return Address(raw)
        inode, offset, length = head.unpack_from(data)
        name = data[head.size : head.size + min(length, _FIRST_NAME_MAX)]
        return Struct(
            ("d_ino", "d_off", "d_reclen", "d_name"),
            (Int(inode), Int(offset), Int(length), WholeBytes(name, len(name))),
        )

    return Kind(decode=decode)


def _xattr(scope: Scope, spec: Spec) -> Kind:
    """``xattr[LENGTH]``: an attribute's value, mostly a string whose last NUL isn't shown."""
    from seize.decode.signature import Spec as Wanted

    inner = text.KINDS["bytes"](scope, Wanted("bytes", spec.index)).contextual()

    def decode(call: Call, raw: int) -> Value:
        value = inner(call, raw)
        if isinstance(value, Bytes) and value.bytes.endswith(b"\0"):
            return Bytes(value.bytes[:-1], len(value.bytes) - 1)
        return value

    return Kind(decode=decode)


def _open_how(scope: Scope, spec: Spec) -> Kind:
    """openat2's struct: ``{flags=O_RDONLY, resolve=RESOLVE_BENEATH}``."""
    length = scope.number(spec.index)
    flags = flag_set(scope.set("open_flags"), "open_flags", 64, scope.set("open_accmode"), 3)
    resolve = flag_set(scope.set("resolve_flags"), "resolve_flags", 64)
    whole = shapes.shape(scope, "open_how")
    creating = {v for v, n in scope.set("open_flags") if n in ("O_CREAT", "__O_TMPFILE")}

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, 24) if raw and length(call) >= 24 else None
        if data is None:
            return Address(raw)
        how = struct.unpack("<QQQ", data)
        fields: list[tuple[str, Value]] = [("flags", flags(how[0]))]
        if how[1] or any(how[0] & bit for bit in creating):
            fields.append(("mode", Octal(how[1])))
        fields.append(("resolve", resolve(how[2])))
        value = Struct(tuple([f for f, _ in fields]), tuple([v for _, v in fields]))
        size = length(call)
        return with_tail(call, whole, value, raw, size) if size > whole.end else value

    return Kind(decode=decode)


def _file_handle(scope: Scope, spec: Spec) -> Kind:
    """A file handle: the kernel fills it in, and tells its size."""

    def size_at(call: Call, raw: int) -> int | None:
        data = read_exactly(call.memory, raw, 4) if raw else None
        return None if data is None else int.from_bytes(data, "little")

    def decode(call: Call, raw: int) -> Value:
        size = size_at(call, raw)
        return Address(raw) if size is None else Struct(("handle_bytes",), (Int(size),))

    def later(call: Call, raw: int, before: Value) -> Value:
        size = size_at(call, raw)
        if size is None or not isinstance(before, Struct):
            return before
        old = before.values[0]
        length: Value = old if isinstance(old, Int) and old == size else Changed(old, Int(size))
        return _handle(call, raw, size, length)

    return Kind(decode=decode, later=later, failed=lambda call, raw, before: before)


def _handle(call: Call, raw: int, size: int, length: Value, octets: bool = False) -> Value:
    most = min(size, 128)
    data = read_exactly(call.memory, raw + 4, 4 + most)
    if data is None:
        return Struct(("handle_bytes",), (length,))
    kind = int.from_bytes(data[:4], "little", signed=True)
    number = "0x" + data[4:].hex()
    if octets or not most:
        number = '"' + "".join([f"\\x{byte:02x}" for byte in data[4:]]) + '"'
        number += "..." if size > most else ""
    return Struct(("handle_bytes", "handle_type", "f_handle"), (length, Int(kind), Word(number)))


def _file_handle_in(scope: Scope, spec: Spec) -> Kind:
    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, 4) if raw else None
        if data is None:
            return Address(raw)
        size = int.from_bytes(data, "little")
        return _handle(call, raw, size, Int(size), octets=True)

    return Kind(decode=decode)


def _utimes(scope: Scope, spec: Spec) -> Kind:
    """Two timespecs, either of which may be UTIME_NOW or UTIME_OMIT."""
    wide = scope.word == 8 or spec.params == ("64",)
    return _two_times(struct.Struct("<qQqQ" if wide else "<iIiI"), "tv_nsec", 1)


def _utimes_timeval(scope: Scope, spec: Spec) -> Kind:
    return _two_times(struct.Struct("<qQqQ" if scope.word == 8 else "<iIiI"), "tv_usec", 1000)


def _two_times(layout: struct.Struct, fraction: str, factor: int) -> Kind:
    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, layout.size) if raw else None
        if data is None:
            return Address(raw)
        numbers = layout.unpack(data)
        pairs = ((numbers[0], numbers[1]), (numbers[2], numbers[3]))
        return Array(tuple([_time(seconds, part, fraction, factor) for seconds, part in pairs]))

    return Kind(decode=decode)


def _time(seconds: int, part: int, fraction: str, factor: int) -> Value:
    if factor == 1 and part in (_UTIME_NOW, _UTIME_OMIT):
        return Word("UTIME_NOW" if part == _UTIME_NOW else "UTIME_OMIT")
    value = Struct(("tv_sec", fraction), (Int(seconds), Int(part)))
    if not 0 <= part * factor < 1_000_000_000 or not (seconds or part):
        return value
    moment = Date(seconds)
    moment.nanoseconds = part * factor
    return Dated(value, moment)


def _fanotify_mask(scope: Scope, spec: Spec) -> Kind:
    """A 64-bit mask: two registers on a 32-bit ABI."""
    make = flag_set(scope.set("fanotify_mask"), "fanotify_mask", 64)
    return Kind(make, width=1 if scope.word == 8 else 2)


def _fanotify_dirfd(scope: Scope, spec: Spec) -> Kind:
    """A directory, or FAN_NOFD."""
    from seize.decode.kinds.basic import KINDS as SCALARS

    inner = SCALARS["dirfd"](scope, spec).contextual()
    none = Enum(-1)
    none.name, none.set = "FAN_NOFD", "fanotify_fd"

    def decode(call: Call, raw: int) -> Value:
        return none if raw & 0xFFFFFFFF == 0xFFFFFFFF else inner(call, raw)

    return Kind(decode=decode)


KINDS: dict[str, Factory] = {
    "stat": _stat("stat"),
    "stat64": _stat("stat64"),
    "oldstat": _stat("oldstat"),
    "statx_flags": _statx_flags,
    "dirents": _dirents("linux_dirent64"),
    "old_dirents": _dirents("linux_dirent"),
    "first_dirent": _first_dirent,
    "xattr": _xattr,
    "open_how": _open_how,
    "file_handle": _file_handle,
    "file_handle_in": _file_handle_in,
    "utimes": _utimes,
    "utimes_timeval": _utimes_timeval,
    "fanotify_mask": _fanotify_mask,
    "fanotify_dirfd": _fanotify_dirfd,
}
