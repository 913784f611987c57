"""System V IPC."""

from __future__ import annotations

from seize.decode.kinds.base import Kind, UnknownKind
from seize.decode.kinds.sets import enumeration, flag_names
from seize.decode.kinds.text import read_bytes
from seize.decode.memory import read_exactly
from seize.decode.tables import unknown_word
from seize.decode.values import Address, Enum, Flags, Int, Pointer, Struct, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec


_IPC_64 = 0x100
_HUGE_SHIFT, _HUGE_MASK = 26, 0x3F


def _ipc_flags(scope: Scope, spec: Spec) -> Kind:
    """``ipc_flags SET [huge]``: flags, the size of huge pages, permissions in the low nine bits."""
    if not spec.params or spec.params[1:] not in ((), ("huge",)):
        raise UnknownKind("ipc_flags needs SET")
    name = spec.params[0]
    table = scope.set(name)
    mask = _HUGE_MASK << _HUGE_SHIFT if spec.params[1:] else 0

    def convert(raw: int) -> Value:
        raw &= 0xFFFFFFFF
        names, rest = flag_names(table, raw & ~0o777 & ~mask)
        if rest:
            names.append(f"{rest:#x}")
        if raw & mask:
            names.append(f"{raw >> _HUGE_SHIFT & _HUGE_MASK}<<SHM_HUGE_SHIFT")
        flags = Flags(raw)
        names.append(f"0{raw & 0o777:o}" if raw & 0o700 else f"{raw & 0o777:03o}")
        flags.names, flags.set = tuple(names), name
        return flags

    return Kind(convert)


def _ipc_cmd(scope: Scope, spec: Spec) -> Kind:
    """``ipc_cmd SET``: a command; a bit of it asks for the newer form of the struct."""
    if len(spec.params) != 1:
        raise UnknownKind("ipc_cmd needs SET")
    name = spec.params[0]
    command = enumeration(scope.set(name), name)

    def convert(raw: int) -> Value:
        raw &= 0xFFFFFFFF
        if not raw & _IPC_64:
            return command(raw)
        own = command(raw & ~_IPC_64)
        assert isinstance(own, Enum)
        flags = Flags(raw)
        flags.set = name
        flags.names = ("IPC_64", own.name or f"{int(own):#x} /* {unknown_word(name)} */")
        return flags

    return Kind(convert)


def _semun(scope: Scope, spec: Spec) -> Kind:
    """semctl's last argument, which ipc(2) has behind a pointer."""
    return Kind(lambda raw: Pointer(Address(raw)))


def _shmat_address(scope: Scope, spec: Spec) -> Kind:
    """Where ipc(2) attached the memory: it says so where its third argument points."""

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, call.raw[3], scope.word) if call.raw[3] else None
        return Address(raw) if data is None else Address(int.from_bytes(data, "little"))

    return Kind(decode=decode)


def _msgbuf(scope: Scope, spec: Spec) -> Kind:
    """``msgbuf[SIZE]``: a message's type and text."""
    length = scope.number(spec.index)
    word = scope.word

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, word) if raw else None
        if data is None:
            return Address(raw)
        kind = Int(int.from_bytes(data, "little", signed=True))
        text = read_bytes(call.memory, raw + word, length(call), call.decoder.string_limit)
        return Struct(("mtype", "mtext"), (kind, text))

    return Kind(decode=decode)


KINDS: dict[str, Factory] = {
    "semun": _semun,
    "shmat_address": _shmat_address,
    "ipc_cmd": _ipc_cmd,
    "ipc_flags": _ipc_flags,
    "msgbuf": _msgbuf,
}
