"""A tracee's memory made up of a few pieces, and the text of a call decoded in it."""

from __future__ import annotations

import struct

from seize.decode import Call, Decoder
from seize.decode.render.strace import StraceText
from seize.errors import MemoryFault


class FakeMemory:
    """Pieces of memory by address; everything else can't be read.  Counts what was read."""

    def __init__(self, pieces: dict[int, bytes] | None = None) -> None:
        self.pieces = dict(pieces or {})
        self.reads = 0
        self.total = 0
        self.largest = 0

    def read_prefix(self, address: int, size: int) -> bytes:
        assert size >= 0
        self.reads += 1
        self.largest = max(self.largest, size)
        for start, data in self.pieces.items():
            if start <= address < start + len(data):
                found = data[address - start : address - start + size]
                self.total += len(found)
                return found
        return b""

    def read(self, address: int, size: int) -> bytes:
        data = self.read_prefix(address, size)
        if len(data) < size:
            raise MemoryFault(address, size)
        return data


def words(*values: int) -> bytes:
    """The values as 64-bit words."""
    return struct.pack(f"<{len(values)}Q", *[value & 0xFFFFFFFFFFFFFFFF for value in values])


def number_of(arch_name: str, name: str) -> int:
    """The number of a system call."""
    from seize.abi.names import syscall_number

    number = syscall_number(arch_name, name)
    assert number is not None, name
    return number


def enter(
    decoder: Decoder, memory: FakeMemory, name: str, *args: int, arch_name: str = "x86_64"
) -> Call:
    """The call at its entry."""
    registers = [value & 0xFFFFFFFFFFFFFFFF for value in args] + [0] * (6 - len(args))
    return decoder.enter(1, arch_name, number_of(arch_name, name), tuple(registers), memory)


def line(
    name: str,
    *args: int,
    rval: int = 0,
    memory: dict[int, bytes] | None = None,
    after: dict[int, bytes] | None = None,
    arch_name: str = "x86_64",
    verbose: bool = False,
    string_limit: int = 32,
) -> str:
    """The whole line of a call: ``after`` are the pieces that the kernel has written.

    A negative ``rval`` is a failure.  Checks that the parts of the line make up the whole.
    """
    fake = FakeMemory(memory)
    decoder = Decoder(verbose=verbose, string_limit=string_limit)
    text = StraceText(verbose=verbose, string_limit=string_limit)
    call = enter(decoder, fake, name, *args, arch_name=arch_name)
    left = text.enter(call)
    fake.pieces.update(after or {})
    decoder.exit(call, rval, -4096 < rval < 0, fake)
    assert (text.enter(call) + text.exit(call)).startswith(left)
    return f"{left}{text.exit(call)} = {text.result(call)}"
