"""Writing a core file: sparse, in pieces, and under its name only when it is whole."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from struct import Struct

from seize._frozen import frozen
from seize.corefile import contents
from seize.corefile.layout import (
    ELF_MAGIC,
    ET_CORE,
    MACHINES,
    NT_PRSTATUS,
    PAGE,
    PF_R,
    PF_W,
    PF_X,
    PN_XNUM,
    PT_LOAD,
    PT_NOTE,
    CoreSegment,
    Layout,
    MappedFile,
    layout_of,
)
from seize.corefile.notes import all_notes
from seize.errors import SeizeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.corefile.contents import Area
    from seize.corefile.notes import Subject

_CHUNK = 1 << 20
_ZEROS = bytes(_CHUNK)
_MODE = 0o600
_IDENT = Struct("<4s3B9x")
_ELFCLASS = {4: 1, 8: 2}
_LITTLE_ENDIAN, _VERSION = 1, 1


@frozen
class Saved:
    """A core file that was written: ``size`` bytes, of which holes take no space."""

    path: str
    size: int
    threads: int


@frozen
class _Part:
    """A mapping's segment in the file."""

    area: Area
    segment: CoreSegment


def write(subject: Subject, path: str, *, everything: bool = False) -> Saved:
    """Write the core file of a stopped process to ``path``, readable by its owner alone.

    What goes in is what the process's coredump_filter says, or, with ``everything``, all of its
    memory.  A file of that name is replaced, once the new one is whole.  SeizeError if it can't
    be written: then no file of that name is begun; ``TraceeGone`` if the process dies.
    """
    layout = layout_of(subject.machine)
    first, *_ = subject.thread_ids()
    found = contents.areas(first)
    wanted = contents.EVERYTHING if everything else contents.coredump_filter(first)
    sizes = [contents.size_in_core(a, wanted, subject.read_prefix, everything) for a in found]
    files = tuple(_mapped_file(area) for area in found if area.is_file)
    notes = b"".join(note.pack() for note in all_notes(subject, layout, files))
    parts, head = _headers(subject, layout, list(zip(found, sizes, strict=True)), notes)
    end = parts[-1].segment.offset + parts[-1].segment.file_size if parts else len(head)
    with _replacing(path) as descriptor:
        _write(descriptor, head, 0)
        for part in parts:
            if part.segment.file_size:
                _copy(subject, first, part, descriptor)
        # TraceeGone if it has died meanwhile: pages would be missing.
        subject.regset(first, NT_PRSTATUS)
        os.ftruncate(descriptor, max(end, len(head)))
    return Saved(path, max(end, len(head)), len(subject.thread_ids()))


def _mapped_file(area: Area) -> MappedFile:
    mapping = area.mapping
    return MappedFile(mapping.start, mapping.end, mapping.offset, mapping.path)


def _headers(
    subject: Subject, layout: Layout, sized: list[tuple[Area, int]], notes: bytes
) -> tuple[list[_Part], bytes]:
    """Lay the file out; return its segments, and everything before the first one's bytes."""
    number = len(sized) + 1
    extended = number >= PN_XNUM
    tables = layout.header.size + number * layout.segment.size
    notes_at = tables + (layout.section.size if extended else 0)
    place = _aligned(notes_at + len(notes))
    segments = [CoreSegment(PT_NOTE, 0, notes_at, 0, len(notes), 0, 4)]
    parts: list[_Part] = []
    for area, size in sized:
        mapping = area.mapping
        flags = _flags(mapping.permissions)
        segment = CoreSegment(PT_LOAD, flags, place, mapping.start, size, mapping.size)
        parts.append(_Part(area, segment))
        segments.append(segment)
        place += size
    if layout.word_size == 4 and place >> 32:
        raise SeizeError(f"a core file of {place} bytes is too large for a 32-bit program")
    ident = _IDENT.pack(ELF_MAGIC, _ELFCLASS[layout.word_size], _LITTLE_ENDIAN, _VERSION)
    head = layout.header.pack(
        ident,
        ET_CORE,
        MACHINES[subject.machine.name],
        _VERSION,
        0,
        layout.header.size,
        tables if extended else 0,
        0,
        layout.header.size,
        layout.segment.size,
        PN_XNUM if extended else number,
        layout.section.size if extended else 0,
        1 if extended else 0,
        0,
    )
    head += b"".join(layout.pack_segment(segment) for segment in segments)
    if extended:
        # The first section header says what the ELF header has no room for.
        head += layout.section.pack(0, 0, 0, 0, 0, 1, 0, number, 0, 0)
    return parts, head + notes


def _aligned(place: int) -> int:
    return place + -place % PAGE


def _flags(permissions: str) -> int:
    bits = zip("rwx", (PF_R, PF_W, PF_X), strict=True)
    return sum(bit for letter, bit in bits if letter in permissions)


def _copy(subject: Subject, tid: int, part: _Part, descriptor: int) -> None:
    """Copy a mapping's pages into the file, those of zeros left out."""
    segment = part.segment
    for start, size in contents.populated(tid, part.area, segment.file_size):
        address, end = start, start + size
        while address < end:
            wanted = min(end - address, _CHUNK)
            data = subject.read_prefix(address, wanted)
            place = segment.offset + address - segment.address
            if data != _ZEROS[: len(data)]:
                _write_pages(descriptor, data, place)
            # A page that can't be read, such as one behind the end of a file, stays a hole.
            address += len(data) if len(data) == wanted else _aligned(len(data) + 1)


def _write_pages(descriptor: int, data: bytes, place: int) -> None:
    """Write the runs of pages that aren't all zeros."""
    begin = None
    for at in range(0, len(data), PAGE):
        page = data[at : at + PAGE]
        if page == _ZEROS[: len(page)]:
            if begin is not None:
                _write(descriptor, data[begin:at], place + begin)
                begin = None
        elif begin is None:
            begin = at
    if begin is not None:
        _write(descriptor, data[begin:], place + begin)


def _write(descriptor: int, data: bytes, place: int) -> None:
    view = memoryview(data)
    while view:
        done = os.pwrite(descriptor, view, place)
        view = view[done:]
        place += done


@contextmanager
def _replacing(path: str) -> Iterator[int]:
    """Give the descriptor of a new file, which takes the name only if all goes well."""
    target = os.path.realpath(path)
    partial = f"{target}.{os.getpid()}.partial"
    try:
        if os.path.exists(target) and not stat.S_ISREG(os.stat(target).st_mode):
            raise SeizeError(f"can't write '{path}': it is no ordinary file")
        descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _MODE)
    except OSError as error:
        raise _cant_write(path, error) from error
    done = False
    try:
        yield descriptor
        os.replace(partial, target)
        done = True
    except OSError as error:
        raise _cant_write(path, error) from error
    finally:
        os.close(descriptor)
        if not done:
            os.unlink(partial)


def _cant_write(path: str, error: OSError) -> SeizeError:
    return SeizeError(f"can't write '{path}': {os.strerror(error.errno or 0)}")
