"""ELF files, elf(5): what unwinding and naming need of them."""

from __future__ import annotations

import os
import stat
from struct import Struct

from seize._frozen import frozen
from seize.stacks.reading import Cursor, Malformed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Source(Protocol):
        """Where an ELF image is read from."""

        size: int

        def read(self, offset: int, size: int) -> bytes:
            """Return the bytes there, fewer at the end."""

        def close(self) -> None:
            """Give up what is held."""


PT_LOAD, PT_NOTE, PT_GNU_EH_FRAME = 1, 4, 0x6474E550
SHT_SYMTAB, SHT_NOTE, SHT_NOBITS, SHT_DYNSYM = 2, 7, 8, 11
_SHF_COMPRESSED = 0x800
_ELFCOMPRESS_ZLIB = 1
_NT_GNU_BUILD_ID = 3
_MOST_HEADERS = 4096
_LARGEST_SECTION = 1 << 27
"""What a hostile file may make us read at once."""
_LARGEST_NOTES = 1 << 16
_PAGE = 4096

# (ELF header after e_ident, program header, section header, compression header) by word size.
_LAYOUTS = {
    4: (Struct("<HHIIIIIHHHHHH"), Struct("<8I"), Struct("<10I"), Struct("<3I")),
    8: (Struct("<HHIQQQIHHHHHH"), Struct("<IIQQQQQQ"), Struct("<IIQQQQIIQQ"), Struct("<IIQQ")),
}


@frozen
class Segment:
    """A program header: ``file_size`` bytes at ``offset`` belong at the virtual ``address``.

    They take ``memory_size`` bytes there: what is more than the file's is 0.
    """

    kind: int
    offset: int
    address: int
    file_size: int
    memory_size: int


@frozen
class Section:
    """A section header: ``size`` bytes at ``offset``, which belong at ``address`` if not 0."""

    name: str
    kind: int
    flags: int
    address: int
    offset: int
    size: int
    link: int


class FileSource:
    """An open regular file.

    It is read, not mapped: a tracee may truncate its files, and mapped they would end us.
    """

    def __init__(self, descriptor: int, size: int) -> None:
        self._descriptor = descriptor
        self.size = size

    def read(self, offset: int, size: int) -> bytes:
        """Return the bytes there, fewer at the end; OSError if the disk fails."""
        return os.pread(self._descriptor, max(min(size, self.size - offset), 0), offset)

    def close(self) -> None:
        """Close the file; reading it is an OSError from now on."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


class BytesSource:
    """An image that was read from memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)

    def read(self, offset: int, size: int) -> bytes:
        """Return the bytes there, fewer at the end."""
        return self._data[offset : offset + size]

    def close(self) -> None:
        """Nothing is held."""


def open_file(path: str) -> tuple[FileSource, os.stat_result]:
    """Open a regular file; OSError if that is impossible, Malformed if it is anything else."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise Malformed(f"{path} is no regular file")
    return FileSource(descriptor, status.st_size), status


class Elf:
    """One ELF image; ``Malformed`` (or the source's OSError) if it is none that we can read.

    ``word`` is the size of an address, 4 or 8; ``machine`` an EM_* number.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        ident = source.read(0, 16)
        if len(ident) < 16 or ident[:4] != b"\x7fELF" or ident[4] not in (1, 2) or ident[5] != 1:
            raise Malformed("this is no little-endian ELF image")
        self.word = 4 * ident[4]
        header, self._segment, self._section, self._compression = _LAYOUTS[self.word]
        fields = header.unpack(self._exactly(16, header.size))
        self.machine: int = fields[1]
        self._segment_table = fields[4], fields[8], fields[9]
        self._section_table = fields[5], fields[10], fields[11]
        self._names_index: int = fields[12]
        self.segments = self._read_segments()
        self._sections: tuple[Section, ...] | None = None

    def _exactly(self, offset: int, size: int) -> bytes:
        data = self.source.read(offset, size)
        if len(data) != size:
            raise Malformed(f"{size} bytes at {offset} aren't there")
        return data

    def _table(self, layout: Struct, table: tuple[int, int, int]) -> list[tuple[int, ...]]:
        offset, entry_size, count = table
        if not offset or not count:
            return []
        if entry_size != layout.size or count > _MOST_HEADERS:
            raise Malformed("strange headers")
        return list(layout.iter_unpack(self._exactly(offset, entry_size * count)))

    def _read_segments(self) -> tuple[Segment, ...]:
        found = self._table(self._segment, self._segment_table)
        if self.word == 8:
            return tuple(Segment(h[0], h[2], h[3], h[5], h[6]) for h in found)
        return tuple(Segment(h[0], h[1], h[2], h[4], h[5]) for h in found)

    @property
    def sections(self) -> tuple[Section, ...]:
        """All sections; none if the headers are missing."""
        if self._sections is None:
            headers = self._table(self._section, self._section_table)
            names = Cursor(b"")
            if self._names_index < len(headers):
                _, _, _, _, offset, size, *_ = headers[self._names_index]
                names = Cursor(self.source.read(offset, min(size, _LARGEST_SECTION)))
            self._sections = tuple(_named(header, names.data) for header in headers)
        return self._sections

    def section(self, name: str) -> Section | None:
        """The section of this name."""
        return next((section for section in self.sections if section.name == name), None)

    def contents(self, section: Section | None, most: int = _LARGEST_SECTION) -> bytes:
        """The bytes of a section, decompressed; b"" for None and what takes no space.

        Of a larger one only the first ``most`` bytes.
        """
        if section is None or section.kind == SHT_NOBITS:
            return b""
        if section.flags & _SHF_COMPRESSED:
            size = min(section.size, _LARGEST_SECTION)
            return self._decompressed(self.source.read(section.offset, size))[:most]
        return self.source.read(section.offset, min(section.size, most))

    def _decompressed(self, data: bytes) -> bytes:
        import zlib

        layout = self._compression
        if len(data) < layout.size:
            raise Malformed("a compressed section without its header")
        fields = layout.unpack_from(data)
        kind, size = fields[0], fields[2 if self.word == 8 else 1]
        if kind != _ELFCOMPRESS_ZLIB or size > _LARGEST_SECTION:
            raise Malformed(f"a section compressed in the way {kind}")
        try:
            return zlib.decompressobj().decompress(data[layout.size :], size)
        except zlib.error as error:
            raise Malformed(f"a damaged section: {error}") from error

    def address_of(self, offset: int) -> int | None:
        """The virtual address of what a mapping of the file from ``offset`` on shows first.

        That is the difference between addresses in a process and in the file.
        """
        for segment in self.segments:
            first = segment.offset & -_PAGE
            if segment.kind == PT_LOAD and first <= offset < segment.offset + segment.file_size:
                return offset - segment.offset + segment.address
        return None

    def at_address(self, address: int, most: int = _LARGEST_SECTION) -> bytes:
        """The bytes from a virtual address to the end of its segment, at most so many."""
        for segment in self.segments:
            inside = address - segment.address
            if segment.kind == PT_LOAD and 0 <= inside < segment.file_size:
                size = min(segment.file_size - inside, most)
                return self.source.read(segment.offset + inside, size)
        return b""

    @property
    def build_id(self) -> str:
        """The build id in hexadecimal, "" if there is none."""
        places = [(s.offset, s.file_size) for s in self.segments if s.kind == PT_NOTE]
        places += [(s.offset, s.size) for s in self.sections if s.kind == SHT_NOTE]
        for offset, size in places:
            found = _build_id(self.source.read(offset, min(size, _LARGEST_NOTES)))
            if found:
                return found
        return ""


def _named(header: tuple[int, ...], names: bytes) -> Section:
    name, kind, flags, address, offset, size, link = header[:7]
    end = names.find(0, name)
    text = names[name:end].decode("latin-1") if end >= 0 else ""
    return Section(text, kind, flags, address, offset, size, link)


def _build_id(notes: bytes) -> str:
    cursor = Cursor(notes)
    while cursor.end - cursor.position >= 12:
        name_size, size, kind = (cursor.unsigned(4) for _ in range(3))
        name = cursor.take(name_size)
        cursor.take(min(-name_size % 4, cursor.end - cursor.position))
        description = cursor.take(size)
        cursor.take(min(-size % 4, cursor.end - cursor.position))
        if name == b"GNU\0" and kind == _NT_GNU_BUILD_ID:
            return description.hex()
    return ""
