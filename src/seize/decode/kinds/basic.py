"""Scalars: numbers, descriptors, ids, modes."""

from __future__ import annotations

from seize.decode.kinds.base import Kind, Memo
from seize.decode.values import (
    Address,
    Device,
    DirFd,
    Fd,
    Handler,
    Hex,
    Id,
    Int,
    Mode,
    Octal,
    Signal,
    Value,
    Word,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Decode, Pure, Scope
    from seize.decode.signature import Spec


def signed(bits: int, make: type[Int] = Int) -> Pure:
    """A function that takes the low ``bits`` of a number as two's complement."""
    mask, half, full = (1 << bits) - 1, 1 << (bits - 1), 1 << bits

    def convert(raw: int) -> Int:
        raw &= mask
        return make(raw - full if raw >= half else raw)

    return convert


def unsigned(bits: int, make: type[Int] = Int) -> Pure:
    """A function that takes the low ``bits`` of a number."""
    mask = (1 << bits) - 1
    return lambda raw: make(raw & mask)


_memos: dict[tuple[object, ...], Pure] = {}


def memo(function: Pure, *key: object) -> Pure:
    """The function with a bounded cache; one for each key."""
    if key not in _memos:
        _memos[key] = Memo(function).__getitem__
    return _memos[key]


def _signed(bits: int, make: type[Int] = Int) -> Factory:
    return lambda scope, spec: Kind(memo(signed(bits, make), "s", bits, make))


def _unsigned(bits: int, make: type[Int] = Int) -> Factory:
    return lambda scope, spec: Kind(memo(unsigned(bits, make), "u", bits, make))


def _long(scope: Scope, spec: Spec) -> Kind:
    return Kind(memo(signed(scope.bits), "s", scope.bits, Int))


def _word(make: type[Int]) -> Factory:
    def factory(scope: Scope, spec: Spec) -> Kind:
        return Kind(memo(unsigned(scope.bits, make), "w", scope.bits, make))

    return factory


def _address(scope: Scope, spec: Spec) -> Kind:
    return Kind(Address)


def _offset(convert: Pure) -> Factory:
    """A 64-bit offset; of a ``pair`` on a 64-bit ABI the kernel ignores the second register."""

    def factory(scope: Scope, spec: Spec) -> Kind:
        width = 1 if scope.word == 8 and spec.params != ("pair",) else 2
        return Kind(convert, width=width)

    return factory


def _offset_hilo(scope: Scope, spec: Spec) -> Kind:
    return Kind(signed(64), width=1 if scope.word == 8 else 2, high_first=True)


def descriptor(make: type[Fd]) -> Factory:
    """A file descriptor, with its path when the decoder was given the means to find it."""

    def factory(scope: Scope, spec: Spec) -> Kind:
        convert = signed(32, make)
        paths, details = scope.decoder.fd_paths, scope.decoder.fd_details
        if paths is None:
            return Kind(memo(convert, make))

        def decode(call: Call, raw: int) -> Fd:
            fd = convert(raw)
            assert isinstance(fd, Fd)
            if fd >= 0 or fd == -100:
                fd.path = paths(call.tid, fd)
                if details is not None and fd.path is not None:
                    fd.details = details(call.tid, fd, fd.path)
            return fd

        return Kind(decode=decode)

    return factory


def descriptor_of(scope: Scope) -> Decode:
    """What a descriptor that lies in memory is, as a function of the call and the number."""
    from seize.decode.signature import Spec

    return KINDS["fd"](scope, Spec("fd")).contextual()


def identity(bits: int) -> Factory:
    """A user or group id of so many bits: unsigned, but for -1."""
    none = (1 << bits) - 1

    def convert(raw: int) -> Id:
        raw &= none
        return Id(-1 if raw == none else raw)

    return lambda scope, spec: Kind(memo(convert, "id", bits))


def _clockid(scope: Scope, spec: Spec) -> Kind:
    from seize.decode.kinds.sets import enumeration

    return Kind(enumeration(scope.set("clockid"), "clockid"))


def _ipc_key(scope: Scope, spec: Spec) -> Kind:
    from seize.decode.kinds.sets import constant

    def convert(raw: int) -> Value:
        raw &= 0xFFFFFFFF
        return Hex(raw) if raw else constant(0, "IPC_PRIVATE", "ipc_key")

    return Kind(convert)


def _bitset(scope: Scope, spec: Spec) -> Kind:
    from seize.decode.kinds.sets import constant

    every = constant(0xFFFFFFFF, "FUTEX_BITSET_MATCH_ANY", "futex_bitset")

    def convert(raw: int) -> Value:
        raw &= 0xFFFFFFFF
        return every if raw == every else Hex(raw)

    return Kind(convert)


def _ptracer(scope: Scope, spec: Spec) -> Kind:
    convert = signed(scope.bits)
    none = (1 << scope.bits) - 1
    return Kind(lambda raw: Word("PR_SET_PTRACER_ANY") if raw == none else convert(raw))


def _none(scope: Scope, spec: Spec) -> Kind:
    """The result of a call that doesn't return."""
    return Kind(lambda raw: Word("?"))


KINDS: dict[str, Factory] = {
    "none": _none,
    "clockid": _clockid,
    "ipc_key": _ipc_key,
    "futex_bitset": _bitset,
    "ptracer": _ptracer,
    "handler": _word(Handler),
    "pages": lambda scope, spec: Kind(lambda raw: Hex((raw & 0xFFFFFFFF) << 12)),
    "id": identity(32),
    "id16": identity(16),
    "int": _signed(32),
    "pid": _signed(32),
    "short": _signed(16),
    "uint": _unsigned(32),
    "byte": _unsigned(8),
    "long": _long,
    "ulong": _word(Int),
    "size": _word(Int),
    "i64": _signed(64),
    "u64": _unsigned(64),
    "loff": _offset(signed(64)),
    "uloff": _offset(unsigned(64)),
    "loff_hilo": _offset_hilo,
    "hex": _word(Hex),
    "raw": _word(Hex),
    "ushort": _unsigned(16),
    "hex16": _unsigned(16, Hex),
    "hex32": _unsigned(32, Hex),
    "hex64": _unsigned(64, Hex),
    "ptr": _address,
    "octal": _unsigned(32, Octal),
    "umode": _unsigned(16, Octal),
    "mode": _unsigned(32, Mode),
    "mode16": _unsigned(16, Mode),
    "dev": _unsigned(64, Device),
    "dev32": _unsigned(32, Device),
    "signal": _signed(32, Signal),
    "signal_word": _word(Signal),
    "fd": descriptor(Fd),
    "dirfd": descriptor(DirFd),
}
