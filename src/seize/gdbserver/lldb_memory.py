"""Memory that lldb asks for in the program, for code that it has compiled: _M and _m."""

from __future__ import annotations

import mmap

from seize.errors import PtraceError
from seize.gdbserver.fields import Fields, Refused
from seize.gdbserver.table import OK, packet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.debug import Process
    from seize.gdbserver.session import Session

_PROTECTIONS = {ord("r"): mmap.PROT_READ, ord("w"): mmap.PROT_WRITE, ord("x"): mmap.PROT_EXEC}
_LARGEST = 1 << 30
_PAGE = mmap.PAGESIZE


class Allocations:
    """What was mapped for a client in its processes: sizes by address."""

    def __init__(self) -> None:
        self._sizes: dict[Process, dict[int, int]] = {}

    def map(self, process: Process, size: int, protection: int) -> int:
        """Map memory in a stopped process; OSError if the kernel refuses."""
        size = -(-size // _PAGE) * _PAGE
        call = "mmap" if process.machine.word_size == 8 else "mmap2"
        flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
        none = (1 << 8 * process.machine.word_size) - 1
        address = process.syscall(call, 0, size, protection, flags, none, 0)
        self._sizes.setdefault(process, {})[address] = size
        return address

    def unmap(self, process: Process, address: int) -> None:
        """Unmap what ``map`` has mapped; Refused if it hasn't mapped that."""
        size = self._sizes.get(process, {}).get(address)
        if size is None:
            raise Refused(f"nothing was allocated at {address:#x}")
        process.syscall("munmap", address, size)
        del self._sizes[process][address]

    def forget(self, process: Process) -> None:
        """Its memory is gone: the process has ended, or runs another program."""
        self._sizes.pop(process, None)

    def release(self, process: Process | None = None) -> None:
        """Unmap everything in a process that is let go (None: in all of them)."""
        for each in [process] if process is not None else list(self._sizes):
            for address, size in self._sizes.pop(each, {}).items():
                try:
                    each.syscall("munmap", address, size)
                except (PtraceError, OSError):
                    # It has died, and its memory is gone.
                    break


@packet("_M")
def allocate(session: Session, fields: Fields) -> bytes | None:
    """``_M size,rwx``: map memory in the program, and tell its address."""
    size = fields.number()
    fields.expect(b",")
    letters = fields.all()
    if not 0 < size <= _LARGEST or not set(letters) <= set(_PROTECTIONS):
        raise Refused("no such memory can be had")
    protection = 0
    for letter in letters:
        protection |= _PROTECTIONS[letter]
    try:
        address = session.allocations.map(session.process(), size, protection)
    except OSError as error:
        raise Refused(f"memory can't be had: {error.strerror}", error.errno or 1) from error
    return b"%016x" % address


@packet("_m")
def deallocate(session: Session, fields: Fields) -> bytes | None:
    """``_m addr``: unmap it."""
    address = fields.number()
    fields.end()
    try:
        session.allocations.unmap(session.process(), address)
    except OSError as error:
        raise Refused(f"it can't be given back: {error.strerror}", error.errno or 1) from error
    return OK
