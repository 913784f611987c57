"""Memory and registers: the packets m M x X, g G p P, and searching."""

from __future__ import annotations

import zlib

from seize.errors import MemoryFault
from seize.gdbserver.description import describe
from seize.gdbserver.fields import Fields, Refused, hexed
from seize.gdbserver.framing import PACKET_SIZE
from seize.gdbserver.table import OK, packet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from seize.debug.process import Process
    from seize.gdbserver.session import Session

_TOP = 1 << 64
_CHUNK = 1 << 16
_LARGEST_SEARCH = 1 << 32
_MOST_AT_ONCE = (PACKET_SIZE - 16) // 2
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def _range(fields: Fields, mark: bytes = b"") -> tuple[int, int]:
    address, size = fields.pair()
    if mark:
        fields.expect(mark)
    if address + size > _TOP:
        raise Refused("there are no such addresses", 14)
    return address, size


@packet("m")
def read_memory(session: Session, fields: Fields) -> bytes | None:
    """``m addr,length``: memory in hexadecimal, as much of it as is there."""
    return hexed(_prefix(session, fields))


@packet("x")
def read_binary(session: Session, fields: Fields) -> bytes | None:
    """``x addr,length``: memory as it is, after a ``b``.

    lldb before version 20 asks by ``x0,0`` whether we know this, and wants the memory alone.
    """
    if session.is_lldb and fields.rest == b"0,0":
        session.bare_binary = True
        return OK
    return (b"" if session.bare_binary else b"b") + _prefix(session, fields)


def _prefix(session: Session, fields: Fields) -> bytes:
    address, size = _range(fields)
    fields.end()
    process = session.process()
    if not size:
        return b""
    data = process.memory.read_prefix(address, min(size, _MOST_AT_ONCE))
    if not data:
        raise MemoryFault(address, size)
    return data


@packet("M")
def write_memory(session: Session, fields: Fields) -> bytes | None:
    """``M addr,length:hex``: write memory."""
    address, size = _range(fields, b":")
    data = fields.hexadecimal()
    return _write(session, address, size, data)


@packet("X")
def write_binary(session: Session, fields: Fields) -> bytes | None:
    """``X addr,length:data``: write memory; a length of 0 asks whether we know this packet."""
    address, size = _range(fields, b":")
    return _write(session, address, size, fields.all())


def _write(session: Session, address: int, size: int, data: bytes) -> bytes:
    if len(data) != size:
        raise Refused(f"there are {len(data)} bytes, not {size}")
    process = session.process()
    if data:
        _check_all_there(process, address, size)
        process.memory.write(address, data)
    return OK


def _check_all_there(process: Process, address: int, size: int) -> None:
    """Raise MemoryFault unless all is mapped: nothing is to be written if not all can be."""
    end = address + size
    for mapping in process.maps():
        if mapping.start <= address < mapping.end:
            address = mapping.end
        if address >= end:
            return
    raise MemoryFault(address, end - address, "write")


@packet("g")
def read_registers(session: Session, fields: Fields) -> bytes | None:
    """``g``: all registers, in the order of the target description."""
    fields.end()
    thread = session.thread()
    registers = thread.registers
    description = describe(thread.process.machine, registers)
    return hexed(b"".join(register.read(registers) for register in description.registers))


@packet("G")
def write_registers(session: Session, fields: Fields) -> bytes | None:
    """``G hex``: write all registers."""
    data = fields.hexadecimal()
    thread = session.thread()
    registers = thread.registers
    description = describe(thread.process.machine, registers)
    if len(data) != description.size:
        raise Refused(f"{len(data)} bytes aren't the {description.size} of all registers")
    position = 0
    for register in description.registers:
        register.write(registers, data[position : position + register.size])
        position += register.size
    return OK


@packet("p")
def read_register(session: Session, fields: Fields) -> bytes | None:
    """``p n``: one register."""
    number = fields.number()
    fields.end()
    thread = session.thread()
    registers = thread.registers
    known = describe(thread.process.machine, registers).registers
    if number >= len(known):
        raise Refused(f"there is no register {number}")
    return hexed(known[number].read(registers))


@packet("P")
def write_register(session: Session, fields: Fields) -> bytes | None:
    """``P n=hex``: write one register."""
    number = fields.number()
    fields.expect(b"=")
    data = fields.hexadecimal()
    thread = session.thread()
    registers = thread.registers
    known = describe(thread.process.machine, registers).registers
    if number >= len(known):
        raise Refused(f"there is no register {number}")
    if len(data) != known[number].size:
        raise Refused(f"{known[number].name} has {known[number].size} bytes, not {len(data)}")
    known[number].write(registers, data)
    if session.is_lldb and known[number].name == thread.process.machine.pc:
        # gdb sees to it itself.
        thread.leave_call()
    return OK


@packet("qSearch")
def search(session: Session, fields: Fields) -> bytes | None:
    """``qSearch:memory:addr;length;pattern``: ``1,addr`` where the pattern is first, or ``0``."""
    fields.expect(b":memory:")
    address = fields.number()
    fields.expect(b";")
    size = fields.number()
    fields.expect(b";")
    pattern = fields.all()
    if not pattern or address + size > _TOP or size > _LARGEST_SEARCH:
        raise Refused("a pattern or a range is missing")
    memory = session.process().memory
    kept = b""
    position, end = address, address + size
    while position < end:
        data = memory.read_prefix(position, min(_CHUNK, end - position))
        found = (kept + data).find(pattern)
        if found >= 0:
            return b"1,%x" % (position - len(kept) + found)
        if not data:
            raise MemoryFault(position, end - position)
        position += len(data)
        kept = (kept + data)[-(len(pattern) - 1) :] if len(pattern) > 1 else b""
    return b"0"


@packet("qCRC")
def checksum(session: Session, fields: Fields) -> bytes | None:
    """``qCRC:addr,length``: a checksum of memory, for gdb's compare-sections."""
    fields.expect(b":")
    address, size = _range(fields)
    fields.end()
    memory = session.process().memory
    starts = range(address, address + size, _CHUNK)
    return b"C%x" % crc(memory.read(at, min(_CHUNK, address + size - at)) for at in starts)


def crc(pieces: Iterable[bytes]) -> int:
    """Give the protocol's checksum of 32 bits.

    The polynomial is zlib's, with the bits of each byte, and of the sum, the other way round.
    """
    total = 0
    for piece in pieces:
        total = zlib.crc32(piece.translate(_REVERSED), total)
    return int(f"{total ^ 0xFFFFFFFF:032b}"[::-1], 2)
