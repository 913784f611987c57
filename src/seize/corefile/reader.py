"""Reading a core file: what it says of the process, and the memory that is in it."""

from __future__ import annotations

import os
import stat
from bisect import bisect_right
from struct import Struct

from seize import arch
from seize.corefile.layout import (
    ELF_MAGIC,
    ET_CORE,
    LAYOUTS,
    MACHINES,
    NT_AUXV,
    NT_FILE,
    NT_PRPSINFO,
    NT_PRSTATUS,
    NT_SIGINFO,
    PN_XNUM,
    PT_LOAD,
    PT_NOTE,
    BadCore,
    CoreSegment,
    MappedFile,
    Note,
    unpack_files,
    unpack_notes,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self

    from seize.arch import Arch

_IDENT_SIZE = 16
_LARGEST_NOTES = 1 << 30
_OF_THE_PROCESS = (NT_PRPSINFO, NT_AUXV, NT_FILE)
# Where fields are in the tuple that NT_PRSTATUS and NT_PRPSINFO unpack to: see ``Layout``.
_CURRENT_SIGNAL, _TID, _REGISTERS = 3, 6, 18
_PID, _NAME, _ARGUMENTS = 7, 11, 12


class CoreThread:
    """A thread of a core file: its register sets, and the signal that it was about to get."""

    def __init__(self, tid: int, signal: int) -> None:
        self.tid = tid
        self.signal = signal
        self.siginfo = b""
        self.regsets: dict[int, bytes] = {}


class CoreFile:
    """A core file of the kernel, of gdb's gcore, or of ``seize core``.

    ``threads`` are its threads by id, the one that a signal killed first.  ``pid``, ``name`` and
    ``arguments`` are the process's (0 and "" if the file doesn't tell); ``auxv`` its auxiliary
    vector by AT_* number; ``files`` what it had mapped; ``segments`` its memory in the order of
    addresses.  ``truncated`` tells that the file ends before its memory does.

    Raises ``BadCore`` for what is no core file, ``Unsupported`` for one of another machine.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError as error:
            raise BadCore(f"can't open '{path}': {os.strerror(error.errno or 0)}") from error
        try:
            self._read()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file: nothing can be read of it any more."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # ------------------------------------------------------------------ reading it

    def _read(self) -> None:
        status = os.fstat(self._descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise BadCore(f"'{self.path}' is no ordinary file")
        self._size = status.st_size
        segments = list(self._segments())
        loads = [each for each in segments if each.kind == PT_LOAD and each.size]
        self.segments = tuple(sorted(loads, key=lambda segment: segment.address))
        self._starts = [segment.address for segment in self.segments]
        ends = (segment.offset + segment.file_size for segment in self.segments)
        self.truncated = max(ends, default=0) > self._size
        self.threads: dict[int, CoreThread] = {}
        self.pid, self.name, self.arguments = 0, "", ""
        self.auxv: dict[int, int] = {}
        self.files: tuple[MappedFile, ...] = ()
        for segment in segments:
            if segment.kind == PT_NOTE:
                self._take_notes(segment)
        if not self.threads:
            raise BadCore(f"'{self.path}' has no threads")
        self.pid = self.pid or min(self.threads)

    def _segments(self) -> Iterator[CoreSegment]:
        """Read the ELF header, and give the program headers."""
        ident = self._at(0, _IDENT_SIZE)
        if len(ident) < _IDENT_SIZE or ident[:4] != ELF_MAGIC:
            raise BadCore(f"'{self.path}' is no core file: it is no ELF file")
        layout = LAYOUTS.get({1: 4, 2: 8}.get(ident[4], 0))
        if layout is None or ident[5] != 1:
            raise BadCore(f"'{self.path}' is a strange ELF file")
        self.layout = layout
        header = self._at(0, layout.header.size)
        if len(header) < layout.header.size:
            raise BadCore(f"'{self.path}' ends in its ELF header")
        fields = layout.header.unpack(header)
        _, kind, machine, _, _, table, sections, _, _, entry, number, _, _, _ = fields
        if kind != ET_CORE:
            raise BadCore(f"'{self.path}' is an ELF file, but no core file")
        names = {value: name for name, value in MACHINES.items()}
        self.machine: Arch = arch.by_name(names.get(machine, f"number {machine}"))
        if self.machine.word_size != layout.word_size or self.machine.name == "aarch64":
            raise BadCore(f"'{self.path}' is a core file of {self.machine.name}, not of x86")
        if number == PN_XNUM:
            first = self._at(sections, layout.section.size)
            number = layout.section.unpack(first)[7] if len(first) == layout.section.size else 0
        if entry != layout.segment.size:
            raise BadCore(f"'{self.path}' has program headers of a strange size")
        headers = self._at(table, min(number * entry, self._size))
        for start in range(0, len(headers) - entry + 1, entry):
            yield layout.unpack_segment(headers, start)

    def _at(self, offset: int, size: int) -> bytes:
        """Read the file; fewer bytes where it ends."""
        if not 0 <= offset < self._size:
            return b""
        parts: list[bytes] = []
        size = min(size, self._size - offset)
        while size > 0 and (part := os.pread(self._descriptor, size, offset)):
            parts.append(part)
            offset += len(part)
            size -= len(part)
        return b"".join(parts)

    def _take_notes(self, segment: CoreSegment) -> None:
        if segment.file_size > _LARGEST_NOTES:
            raise BadCore(f"'{self.path}' has {segment.file_size} bytes of notes")
        thread: CoreThread | None = None
        for note in unpack_notes(self._at(segment.offset, segment.file_size)):
            if note.kind == NT_PRSTATUS and note.owner == "CORE":
                thread = self._thread(note)
            elif note.kind in _OF_THE_PROCESS and note.owner == "CORE":
                self._take(note)
            elif thread is not None and note.kind == NT_SIGINFO:
                thread.siginfo = thread.siginfo or note.data
            elif thread is not None and note.owner in ("CORE", "LINUX"):
                thread.regsets.setdefault(note.kind, note.data)

    def _thread(self, note: Note) -> CoreThread | None:
        layout = self.layout.prstatus
        if len(note.data) < layout.size:
            return None
        fields = layout.unpack_from(note.data)
        thread = CoreThread(fields[_TID], fields[_CURRENT_SIGNAL])
        thread.regsets[NT_PRSTATUS] = fields[_REGISTERS]
        return self.threads.setdefault(thread.tid, thread)

    def _take(self, note: Note) -> None:
        """Take in a note on the process as a whole."""
        if note.kind == NT_FILE:
            self.files = unpack_files(note.data, self.layout)
        elif note.kind == NT_AUXV:
            pair = Struct(f"<2{self.layout.word}")
            whole = note.data[: len(note.data) // pair.size * pair.size]
            self.auxv = {kind: value for kind, value in pair.iter_unpack(whole) if kind}
        elif len(note.data) >= self.layout.prpsinfo.size:
            fields = self.layout.prpsinfo.unpack_from(note.data)
            self.pid = fields[_PID]
            self.name, self.arguments = (
                fields[at].split(b"\0")[0].decode("utf-8", "surrogateescape").rstrip()
                for at in (_NAME, _ARGUMENTS)
            )

    # ------------------------------------------------------------------ its memory

    def segment_at(self, address: int) -> CoreSegment | None:
        """The segment that an address is in."""
        index = bisect_right(self._starts, address) - 1
        if index < 0:
            return None
        segment = self.segments[index]
        return segment if address < segment.address + segment.size else None

    def next_data(self, address: int) -> int | None:
        """Give the address of the next byte that is in the file; None if there is none."""
        index = max(bisect_right(self._starts, address) - 1, 0)
        for segment in self.segments[index:]:
            if segment.file_size and segment.address + segment.file_size > address:
                return max(segment.address, address)
        return None

    def read_prefix(self, address: int, size: int) -> bytes:
        """Return the beginning of ``size`` bytes at ``address`` that is in the file: maybe b""."""
        parts: list[bytes] = []
        while size > 0:
            segment = self.segment_at(address)
            inside = 0 if segment is None else address - segment.address
            if segment is None or inside >= segment.file_size:
                break
            wanted = min(size, segment.file_size - inside)
            data = self._at(segment.offset + inside, wanted)
            parts.append(data)
            address += len(data)
            size -= len(data)
            if len(data) < wanted:
                break
        return b"".join(parts)
