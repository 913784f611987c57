"""The files that a process had mapped, as far as they still are what they were."""

from __future__ import annotations

from seize.corefile.layout import ELF_MAGIC, LAYOUTS, PAGE, PT_LOAD, CoreSegment
from seize.errors import SeizeError
from seize.stacks.elf import PT_NOTE, Elf, FileSource, open_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from seize.corefile.layout import MappedFile
    from seize.corefile.reader import CoreFile

_DELETED = " (deleted)"
_HEADER = 64


class MappedImage:
    """A file that was mapped, opened: ``path`` is where it is now, ``inode`` its number."""

    def __init__(self, path: str, source: FileSource, inode: int) -> None:
        self.path = path
        self.inode = inode
        self._source = source
        self._segments = _segments(source)

    def read(self, offset: int, size: int) -> bytes:
        """Read what a mapping of it showed; the page in which it ends is filled with zeros."""
        end = self._source.size + -self._source.size % PAGE
        wanted = max(0, min(size, end - offset))
        return self._source.read(offset, wanted).ljust(wanted, b"\0")

    def permissions(self, offset: int) -> str:
        """What the loader maps the bytes at an offset with."""
        for segment in self._segments:
            first = segment.offset & -PAGE
            if segment.kind == PT_LOAD and first <= offset < segment.offset + segment.file_size:
                return segment.permissions
        return "r--p"

    def close(self) -> None:
        """Close the file."""
        self._source.close()


class Images:
    """Opens the files that a core names, below ``root``, and checks that they are the same.

    ``instead`` tells for some of them where they are now.
    ``changed`` are the paths of those that are others now: nothing is read of them.
    """

    def __init__(
        self, core: CoreFile, root: str = "", instead: Mapping[str, str] | None = None
    ) -> None:
        self._core = core
        self._instead = instead or {}
        self._root = root.rstrip("/")
        self._known: dict[str, MappedImage | None] = {}
        self.changed: list[str] = []

    def of(self, path: str) -> MappedImage | None:
        """The file of this name; None if it isn't there, or is another one."""
        if path not in self._known:
            self._known[path] = self._open(path)
        return self._known[path]

    def close(self) -> None:
        """Close all files."""
        for image in self._known.values():
            if image is not None:
                image.close()
        self._known.clear()

    def _open(self, path: str) -> MappedImage | None:
        place = self._instead.get(path) or self._root + path.removesuffix(_DELETED)
        try:
            source, status = open_file(place)
        except (OSError, SeizeError):
            return None
        image = MappedImage(place, source, status.st_ino)
        mapped = [each for each in self._core.files if each.path == path]
        certain = self._is_same(source, mapped)
        if certain or (certain is None and not path.endswith(_DELETED)):
            return image
        if certain is False:
            self.changed.append(place)
        image.close()
        return None

    def _is_same(self, source: FileSource, mapped: Iterable[MappedFile]) -> bool | None:
        """Compare the ELF header and the notes (the build id is one); None if none is there."""
        places = [(0, _HEADER)]
        try:
            elf = Elf(source)
            places += [(s.offset, s.file_size) for s in elf.segments if s.kind == PT_NOTE]
        except SeizeError:
            # No ELF file now; the header tells whether it was one.
            pass
        compared = False
        for each in mapped:
            for offset, size in places:
                inside = offset - each.offset
                if not 0 <= inside <= each.end - each.start - size:
                    continue
                kept = self._core.read_prefix(each.start + inside, size)
                if len(kept) == size:
                    compared = True
                    if kept != source.read(offset, size):
                        return False
        return True if compared else None


def _segments(source: FileSource) -> tuple[CoreSegment, ...]:
    """The program headers of an ELF file; none if it is none."""
    ident = source.read(0, 5)
    if len(ident) < 5 or ident[:4] != ELF_MAGIC or ident[4] not in (1, 2):
        return ()
    layout = LAYOUTS[4 * ident[4]]
    header = source.read(0, layout.header.size)
    if len(header) < layout.header.size:
        return ()
    fields = layout.header.unpack(header)
    table, entry, number = fields[5], fields[9], fields[10]
    if entry != layout.segment.size:
        return ()
    data = source.read(table, number * entry)
    return tuple(
        layout.unpack_segment(data, start) for start in range(0, len(data) - entry + 1, entry)
    )
