"""Where the symbols and lines of a stripped file are: its separate debug file.

Found as gdb finds them: by build id under ``/usr/lib/debug/.build-id``, or by the name in
.gnu_debuglink; symbols also in .gnu_debugdata, a compressed ELF image inside of the file.
"""

from __future__ import annotations

from seize.stacks.elf import BytesSource, Elf, open_file
from seize.stacks.reading import Cursor, Malformed

ROOT = "/usr/lib/debug"
_LARGEST_DEBUGDATA = 1 << 27
_LARGEST_CHECKED = 1 << 30
_BLOCK = 1 << 20


def debug_file(elf: Elf, path: str, root: str = ROOT) -> Elf | None:
    """The separate debug file of ``elf``, which was loaded from ``path``; None if there is none."""
    build_id = elf.build_id
    if build_id:
        found = _open(f"{root}/.build-id/{build_id[:2]}/{build_id[2:]}.debug")
        if found is not None:
            if found.build_id == build_id:
                return found
            found.source.close()
    return _linked(elf, build_id, path, root)


def _linked(elf: Elf, build_id: str, path: str, root: str) -> Elf | None:
    """The file that .gnu_debuglink names."""
    link = elf.contents(elf.section(".gnu_debuglink"))
    if not link or not path.startswith("/"):
        return None
    cursor = Cursor(link)
    name = cursor.cstring().decode("utf-8", "surrogateescape")
    cursor.take(-cursor.position % 4)
    checksum = cursor.unsigned(4)
    if "/" in name:
        return None
    folder = path.rpartition("/")[0]
    for place in (f"{folder}/{name}", f"{folder}/.debug/{name}", f"{root}{folder}/{name}"):
        found = None if place == path else _open(place)
        if found is not None:
            if found.build_id == build_id if build_id else _checksum(found) == checksum:
                return found
            found.source.close()
    return None


def _open(path: str) -> Elf | None:
    try:
        source, _ = open_file(path)
    except (OSError, Malformed):
        # The usual case: it isn't installed.
        return None
    try:
        return Elf(source)
    except (OSError, Malformed):
        source.close()
        return None


def _checksum(elf: Elf) -> int | None:
    """The CRC-32 of a whole file; None for one that is too large to be read for that."""
    import zlib

    if elf.source.size > _LARGEST_CHECKED:
        return None
    value = 0
    for offset in range(0, elf.source.size, _BLOCK):
        value = zlib.crc32(elf.source.read(offset, _BLOCK), value)
    return value


def embedded(elf: Elf) -> Elf | None:
    """The image in .gnu_debugdata, which has the symbols that .dynsym lacks; None without one."""
    packed = elf.contents(elf.section(".gnu_debugdata"))
    if not packed:
        return None
    try:
        import lzma
    except ImportError:
        # Python may be built without it.
        return None
    try:
        data = lzma.LZMADecompressor().decompress(packed, _LARGEST_DEBUGDATA)
    except lzma.LZMAError:
        return None
    return Elf(BytesSource(data))
