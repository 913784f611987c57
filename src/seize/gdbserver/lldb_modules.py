"""What lldb asks about ELF files: qModuleInfo, jModulesInfo; and where ld.so keeps its list."""

from __future__ import annotations

import struct

from seize.gdbserver.lldb_host import triple
from seize.gdbserver.lldb_text import in_hex, pairs
from seize.stacks.elf import Elf, open_file
from seize.stacks.reading import Malformed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_MACHINES = {62: "x86_64", 3: "i386", 183: "aarch64"}
_AT_PHDR, _AT_PHENT, _AT_PHNUM = 3, 4, 5
_PT_LOAD, _PT_DYNAMIC, _PT_PHDR = 1, 2, 6
_DT_NULL, _DT_DEBUG = 0, 21
_MOST_HEADERS, _MOST_ENTRIES = 1024, 4096


class ModuleFile:
    """What lldb wants to know of an ELF file.

    ``uuid`` is the build id in capitals ("" without one), ``size`` the length in bytes.
    """

    def __init__(self, path: str, uuid: str, machine: str, size: int) -> None:
        self.path = path
        self.uuid = uuid
        self.triple = triple(machine)
        self.size = size

    def answer(self) -> bytes:
        """Answer qModuleInfo."""
        return pairs(
            [
                ("uuid", in_hex(self.uuid)),
                ("triple", in_hex(self.triple)),
                ("file_path", in_hex(self.path)),
                ("file_offset", f"{0:016x}"),
                ("file_size", f"{self.size:016x}"),
            ]
        )

    def record(self) -> dict[str, object]:
        """Give the member of jModulesInfo's answer."""
        return {
            "file_offset": 0,
            "file_path": self.path,
            "file_size": self.size,
            "triple": self.triple,
            "uuid": self.uuid,
        }


def read_module(path: str) -> ModuleFile | None:
    """Read an ELF file's headers; None if it can't be read, or is none of a machine we know."""
    try:
        source, _ = open_file(path)
    except (OSError, Malformed, ValueError):
        return None
    try:
        image = Elf(source)
        machine = _MACHINES.get(image.machine)
        return ModuleFile(path, image.build_id.upper(), machine, source.size) if machine else None
    except (OSError, Malformed):
        return None
    finally:
        source.close()


def debug_slot(
    auxv: Mapping[int, int], read: Callable[[int, int], bytes], word_size: int
) -> int | None:
    """Answer qShlibInfoAddr: where the executable's DT_DEBUG keeps the address of ``r_debug``.

    ``read`` reads the process's memory and may raise what it likes: that goes through. None if
    the executable has no dynamic section, or none with that entry.
    """
    headers, size, count = (auxv.get(key, 0) for key in (_AT_PHDR, _AT_PHENT, _AT_PHNUM))
    layout = struct.Struct("<IIQQQQQQ" if word_size == 8 else "<8I")
    if not headers or size != layout.size or count > _MOST_HEADERS:
        return None
    table = list(layout.iter_unpack(read(headers, size * count)))
    # (type, offset, virtual address) of each header.
    offset, place = (2, 3) if word_size == 8 else (1, 2)
    found = [(fields[0], fields[offset], fields[place]) for fields in table]
    dynamic = next((address for kind, _, address in found if kind == _PT_DYNAMIC), None)
    if dynamic is None:
        return None
    own = next((address for kind, _, address in found if kind == _PT_PHDR), None)
    if own is None:
        # The dynamic linker has none; its headers are behind the ELF header, as ever.
        first = (each for kind, start, each in found if kind == _PT_LOAD and start == 0)
        own = next(first, 0) + (64 if word_size == 8 else 52)
    return _debug_entry(dynamic + headers - own, read, word_size)


def _debug_entry(dynamic: int, read: Callable[[int, int], bytes], word_size: int) -> int | None:
    entry = struct.Struct("<QQ" if word_size == 8 else "<II")
    for index in range(_MOST_ENTRIES):
        address = dynamic + index * entry.size
        tag, _ = entry.unpack(read(address, entry.size))
        if tag == _DT_DEBUG:
            return address + word_size
        if tag == _DT_NULL:
            break
    return None
