"""Asynchronous input and output: what io_submit(2) is asked for."""

from __future__ import annotations

import struct

from seize.decode.kinds.base import Kind
from seize.decode.kinds.iovec import vectors
from seize.decode.kinds.memory import array_of
from seize.decode.kinds.process import priority, struct_of
from seize.decode.kinds.sets import flag_set
from seize.decode.kinds.text import read_bytes
from seize.decode.memory import read_exactly
from seize.decode.values import Address, Enum, Fd, Hex, Int, Noted, Struct, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec

_IOCB = struct.Struct("<QIIHhIQQqQII")
_PREAD, _PWRITE, _POLL, _PREADV, _PWRITEV = 0, 1, 5, 7, 8
_RESFD, _IOPRIO = 1, 2


def _fields(scope: Scope, whole: bool) -> Callable[[Call, bytes, int], Value]:
    """An iocb, one of so many; ``whole`` with the buffer and what else its command takes."""
    commands = dict(scope.set("aio_cmd"))
    rw_flags = flag_set(scope.set("preadv2_flags"), "preadv2_flags", 32)
    flags_of = flag_set(scope.set("aio_flags"), "aio_flags", 32)
    events = flag_set(scope.set("poll_events"), "poll_events", 64)
    class_of = priority(scope)
    word = scope.word

    def buffer(call: Call, command: int, address: int, size: int, share: int) -> Value:
        if command == _PWRITE:
            return read_bytes(call.memory, address, size, call.decoder.string_limit)
        if command == _POLL:
            return events(address)
        if command == _PREAD:
            return Hex(address)
        if size >> 63:
            return Address(address)
        return vectors(call, word, address, size, None, command == _PWRITEV, share)

    def decode(call: Call, data: bytes, share: int) -> Value:
        tag, key, extra, command, prio, fd, address, size, offset, _, flags, resfd = _IOCB.unpack(
            data
        )
        name = commands.get(command)
        operation: Value = Noted(Int(command), "IOCB_CMD_???")
        if name is not None:
            operation = known = Enum(command)
            known.name, known.set = name, "aio_cmd"
        ranked = flags & _IOPRIO
        head = struct_of(
            ("aio_data", Hex(tag)),
            ("aio_key", Int(key)) if key else None,
            ("aio_rw_flags", rw_flags(extra)) if extra else None,
            ("aio_lio_opcode", operation),
            ("aio_reqprio", class_of(prio & 0xFFFF) if ranked else Int(prio))
            if ranked or prio
            else None,
            ("aio_fildes", Fd(fd - (fd >> 31 << 32))),
        )
        if not whole or command not in (_PREAD, _PWRITE, _POLL, _PREADV, _PWRITEV):
            return head
        sized = command < _POLL or (command > _POLL and size >> 63)
        tail = struct_of(
            ("aio_buf", buffer(call, command, address, size, share)),
            ("aio_nbytes", Int(size)) if sized else None,
            ("aio_offset", Int(offset)) if command != _POLL else None,
            ("aio_flags", flags_of(flags)) if flags else None,
            ("aio_resfd", Fd(resfd) if flags & _RESFD else Hex(resfd))
            if flags & _RESFD or resfd
            else None,
        )
        return Struct(head.names + tail.names, head.values + tail.values)

    return decode


def _iocb(scope: Scope, spec: Spec) -> Kind:
    """A pointer to an iocb that was submitted before: only what tells which."""
    fields = _fields(scope, False)

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, _IOCB.size) if raw else None
        return Address(raw) if data is None else fields(call, data, 1)

    return Kind(decode=decode)


def _iocbs(scope: Scope, spec: Spec) -> Kind:
    """``iocbs[COUNT]``: a vector of pointers to iocbs."""
    fields = _fields(scope, True)
    count = scope.number(spec.index)

    def value(call: Call, data: bytes) -> Value:
        address = int.from_bytes(data, "little")
        block = read_exactly(call.memory, address, _IOCB.size) if address else None
        if block is None:
            return Address(address)
        return fields(call, block, min(count(call), call.decoder.array_limit))

    return Kind(decode=array_of(count, scope.word, value))


KINDS: dict[str, Factory] = {"iocb": _iocb, "iocbs": _iocbs}
