"""The address space of one process."""

from __future__ import annotations

import os

from seize import kernel, ptrace
from seize.errors import AccessDenied, MemoryFault, PtraceError, TraceeGone
from seize.memory.maps import Mapping, parse_maps
from seize.memory.readable import Readable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

_EXECUTABLE = 2
"""Where the "x" is in "r-xp"."""
_CHUNK = 1 << 20
_TOP = 1 << 64
_HIGHEST_OFFSET = 1 << 63
"""What a file offset can say: /proc/PID/mem ends in the middle of the addresses."""


class Memory(Readable):
    """Reads and writes the address space of thread ``tid``, through that thread.

    (Not through the process id: a leader that has exited has no memory any more, while its
    threads go on.)  ``reader`` is shared by the memories of one tracer.

    Reading goes by process_vm_readv(2), which never changes the process and sees what the
    program itself could read.  Writing goes by process_vm_writev(2), or, with ``force``, by
    /proc/PID/mem, which also writes to read-only pages (as PTRACE_POKETEXT does).

    All methods raise ``TraceeGone`` when the process is dead.
    """

    __slots__ = ("_read", "tid")

    def __init__(self, tid: int, reader: Callable[[int, int, int], bytes] | None = None) -> None:
        self.tid = tid
        self._read = reader or kernel.vm_reader()

    def read_prefix(self, address: int, size: int) -> bytes:
        """Return the readable beginning of ``size`` bytes at ``address``: maybe b""."""
        if size <= 0 or not 0 <= address < _TOP:
            return b""
        try:
            return self._read(self.tid, address, size)
        except AccessDenied:
            # An unprivileged tracer's tracee has made itself undumpable, or runs a file that it
            # may not read: its memory is closed, and the trace goes on.
            return b""

    def read(self, address: int, size: int) -> bytes:
        """Return exactly ``size`` bytes at ``address``; MemoryFault if not all can be read.

        AccessDenied where the kernel doesn't let this tracer look into the process.
        """
        in_reach = size > 0 and 0 <= address < _TOP
        data = self._read(self.tid, address, size) if in_reach else b""
        if len(data) != size:
            raise MemoryFault(address + len(data), size - len(data))
        return data

    def read_forced(self, address: int, size: int) -> bytes:
        """Return the beginning of ``size`` bytes that is mapped, whatever its protection.

        It goes by /proc/PID/mem, which also reads what the program itself may not: maybe b"".
        """
        if size <= 0 or not 0 <= address < _HIGHEST_OFFSET - size:
            return b""
        try:
            descriptor = os.open(f"/proc/{self.tid}/mem", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return b""
        parts: list[bytes] = []
        try:
            while size > 0 and (part := os.pread(descriptor, min(size, _CHUNK), address)):
                parts.append(part)
                address += len(part)
                size -= len(part)
        except OSError:
            # What follows isn't mapped, or the process has died.
            return b"".join(parts)
        finally:
            os.close(descriptor)
        return b"".join(parts)

    def write(self, address: int, data: bytes, *, force: bool = False) -> None:
        """Write all of ``data`` at ``address``; MemoryFault if that is not possible.

        ``force`` also writes to pages that are read-only for the program, such as its text;
        private ones are copied first, so no file is changed.
        """
        highest = _HIGHEST_OFFSET if force else _TOP
        if not 0 <= address <= highest - len(data):
            raise MemoryFault(address, len(data), "write")
        if force:
            self._write_forced(address, data)
            return
        try:
            written = kernel.vm_writer()(self.tid, address, data)
        except OSError as error:
            self._explain(error, address, len(data))
        if written != len(data):
            raise MemoryFault(address + written, len(data) - written, "write")

    def _write_forced(self, address: int, data: bytes) -> None:
        try:
            descriptor = os.open(f"/proc/{self.tid}/mem", os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            self._explain(error, address, len(data))
        try:
            written = os.pwrite(descriptor, data, address)
        except OSError as error:
            self._explain(error, address, len(data))
        finally:
            os.close(descriptor)
        if written != len(data):
            raise MemoryFault(address + written, len(data) - written, "write")

    def _explain(self, error: OSError, address: int, size: int) -> NoReturn:
        if isinstance(error, (ProcessLookupError, FileNotFoundError)):
            raise TraceeGone("writing memory", self.tid, error.errno or 0) from error
        raise MemoryFault(address, size, "write") from error

    def peek(self, address: int) -> int:
        """Return the word at ``address`` by PTRACE_PEEKDATA: works where process_vm_readv doesn't.

        The thread must be in a ptrace-stop of this tracer.
        """
        try:
            return ptrace.peekdata(self.tid, address)
        except TraceeGone:
            raise
        except PtraceError as error:
            raise MemoryFault(address, 8) from error

    def code_maps(self) -> tuple[Mapping, ...]:
        """Return the executable mappings in address order; none if the process is dead."""
        try:
            with open(f"/proc/{self.tid}/maps", encoding="utf-8", errors="surrogateescape") as file:
                lines = file.read().splitlines()
        except OSError:
            # It has died: there is nothing any more.
            return ()
        return parse_maps("\n".join(line for line in lines if _is_executable(line)))

    def open_image(self, mapping: Mapping) -> str | None:
        """Return a path by which the file behind a mapping can be opened; None if there is none."""
        return image_path(self.tid, mapping)

    def maps(self) -> tuple[Mapping, ...]:
        """Return the mappings in address order, as /proc/PID/maps lists them."""
        try:
            with open(f"/proc/{self.tid}/maps", encoding="utf-8", errors="surrogateescape") as file:
                return parse_maps(file.read())
        except (FileNotFoundError, ProcessLookupError) as error:
            raise TraceeGone("reading /proc/PID/maps", self.tid, error.errno or 0) from error


def _is_executable(line: str) -> bool:
    _, _, rest = line.partition(" ")
    return rest[_EXECUTABLE : _EXECUTABLE + 1] == "x"


def image_path(pid: int, mapping: Mapping) -> str | None:
    """Return a path in /proc by which the file that a process maps there can be opened.

    None where no file is mapped, or where it can't be reached any more.
    """
    if not mapping.inode:
        return None
    root = f"/proc/{pid}"
    # The first needs privileges, but also finds what was deleted.
    span = f"{mapping.start:x}-{mapping.end:x}"
    for path in (f"{root}/map_files/{span}", f"{root}/root{mapping.path}"):
        try:
            if os.stat(path).st_ino == mapping.inode:
                return path
        except OSError:
            continue
    return None
