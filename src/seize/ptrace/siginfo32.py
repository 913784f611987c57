"""``siginfo_t`` as a 32-bit program has it: what its core files and its debuggers hold."""

from __future__ import annotations

from struct import Struct

from seize.ptrace.siginfo import SIGINFO_SIZE, SigInfo

_I32, _U32 = Struct("<i"), Struct("<I")

# Where each member of the union lies; words have 32 bits.
_LAYOUT = {
    "pid": (12, _I32),
    "uid": (16, _U32),
    "timerid": (12, _I32),
    "overrun": (16, _I32),
    "value": (20, _U32),
    "status": (20, _I32),
    "utime": (24, _I32),
    "stime": (28, _I32),
    "addr": (12, _U32),
    "addr_lsb": (16, Struct("<h")),
    "lower": (20, _U32),
    "upper": (24, _U32),
    "pkey": (20, _U32),
    "perf_data": (16, _U32),
    "perf_type": (20, _U32),
    "perf_flags": (24, _U32),
    "band": (12, _I32),
    "fd": (16, _I32),
    "call_addr": (12, _U32),
    "syscall": (16, _I32),
    "arch": (20, _U32),
}
_HEAD = Struct("<3i")


def to_32_bits(info: SigInfo) -> bytes:
    """Give the 128 bytes that a 32-bit program has; of longer words the lower half."""
    data = bytearray(SIGINFO_SIZE)
    _HEAD.pack_into(data, 0, info.signo, info.errno, info.code)
    for name, value in info.members().items():
        offset, form = _LAYOUT[name]
        data[offset : offset + form.size] = (value & (1 << 8 * form.size) - 1).to_bytes(
            form.size, "little"
        )
    return bytes(data)


def from_32_bits(data: bytes) -> SigInfo:
    """Take the bytes that a 32-bit program has (shorter ones are filled up with zeros)."""
    data = data[:SIGINFO_SIZE].ljust(SIGINFO_SIZE, b"\0")
    signo, errno, code = _HEAD.unpack_from(data)
    made = SigInfo.make(signo, code, errno=errno)
    members = {}
    for name in made.members():
        offset, form = _LAYOUT[name]
        (members[name],) = form.unpack_from(data, offset)
    return made.replace(**members)
