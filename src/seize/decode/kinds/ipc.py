"""System V IPC."""

from __future__ import annotations

from seize.decode.kinds.base import Kind, UnknownKind
from seize.decode.kinds.sets import flag_names
from seize.decode.kinds.text import read_bytes
from seize.decode.memory import read_exactly
from seize.decode.values import Address, Flags, Int, Struct, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec


def _ipc_flags(scope: Scope, spec: Spec) -> Kind:
    """``ipc_flags SET``: flags, and permissions in the low nine bits."""
    if len(spec.params) != 1:
        raise UnknownKind("ipc_flags needs SET")
    name = spec.params[0]
    table = scope.set(name)

    def convert(raw: int) -> Value:
        raw &= 0xFFFFFFFF
        names, rest = flag_names(table, raw & ~0o777)
        if rest:
            names.append(f"{rest:#x}")
        flags = Flags(raw)
        names.append(f"0{raw & 0o777:o}" if raw & 0o700 else f"{raw & 0o777:03o}")
        flags.names, flags.set = tuple(names), name
        return flags

    return Kind(convert)


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


KINDS: dict[str, Factory] = {"ipc_flags": _ipc_flags, "msgbuf": _msgbuf}
