"""The structs of a core file: elf(5), and <linux/elfcore.h> for what is in its notes."""

from __future__ import annotations

from struct import Struct

from seize._frozen import frozen
from seize.errors import SeizeError, Unsupported

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.arch import Arch

ET_CORE = 4
PT_LOAD, PT_NOTE = 1, 4
PF_X, PF_W, PF_R = 1, 2, 4
PN_XNUM = 0xFFFF
"""In e_phnum: the number of segments is in the first section header (sh_info)."""

NT_PRSTATUS, NT_PRFPREG, NT_PRPSINFO, NT_AUXV = 1, 2, 3, 6
NT_386_TLS, NT_X86_XSTATE = 0x200, 0x202
NT_FILE, NT_SIGINFO, NT_PRXFPREG = 0x46494C45, 0x53494749, 0x46E62B7F

PAGE = 4096
ELF_MAGIC = b"\x7fELF"
MACHINES = {"x86_64": 62, "i386": 3, "aarch64": 183}
"""EM_* numbers by machine."""

_NOTE = Struct("<3I")


class BadCore(SeizeError):
    """A file that is no core file, or that is damaged."""


@frozen
class Layout:
    """The structs of one word size.

    ``prstatus`` packs: signal, code, errno, current signal, pending and blocked signals, tid,
    parent, process group, session, eight words of times, registers, whether there are floating
    point ones.  ``prpsinfo`` packs: state's number and letter, zombie, nice, flags, uid, gid,
    pid, parent, process group, session, name, arguments.
    """

    word_size: int
    header: Struct
    segment: Struct
    section: Struct
    prstatus: Struct
    prpsinfo: Struct
    word: str

    def pack_segment(self, segment: CoreSegment) -> bytes:
        """Pack a program header."""
        kind, flags, offset = segment.kind, segment.flags, segment.offset
        sizes = segment.file_size, segment.size
        if self.word_size == 8:
            return self.segment.pack(
                kind, flags, offset, segment.address, 0, *sizes, segment.alignment
            )
        return self.segment.pack(kind, offset, segment.address, 0, *sizes, flags, segment.alignment)

    def unpack_segment(self, data: bytes, offset: int) -> CoreSegment:
        """Unpack a program header."""
        fields = self.segment.unpack_from(data, offset)
        if self.word_size == 8:
            kind, flags, place, address, _, file_size, size, alignment = fields
        else:
            kind, place, address, _, file_size, size, flags, alignment = fields
        return CoreSegment(kind, flags, place, address, file_size, size, alignment)


@frozen
class CoreSegment:
    """A program header: ``size`` bytes at ``address``, ``file_size`` of them in the file."""

    kind: int
    flags: int
    offset: int
    address: int
    file_size: int
    size: int
    alignment: int = PAGE

    @property
    def permissions(self) -> str:
        """As /proc/PID/maps writes them; a core doesn't tell what is shared."""
        letters = zip("rwx", (PF_R, PF_W, PF_X), strict=True)
        return "".join(letter if self.flags & bit else "-" for letter, bit in letters) + "p"


@frozen
class Note:
    """One note: who defines it, which it is, and what it says."""

    owner: str
    kind: int
    data: bytes

    def pack(self) -> bytes:
        """The bytes of a note, padded to words of 4."""
        name = self.owner.encode() + b"\0"
        head = _NOTE.pack(len(name), len(self.data), self.kind)
        return head + _padded(name) + _padded(self.data)


@frozen
class MappedFile:
    """An entry of NT_FILE: a file mapped from ``start`` to ``end``, ``offset`` bytes in."""

    start: int
    end: int
    offset: int
    path: str


LAYOUTS = {
    4: Layout(
        4,
        Struct("<16sHHIIIIIHHHHHH"),
        Struct("<8I"),
        Struct("<10I"),
        Struct("<3ih2xII4i8i68si"),
        Struct("<bcbbIHH4i16s80s"),
        "I",
    ),
    8: Layout(
        8,
        Struct("<16sHHIQQQIHHHHHH"),
        Struct("<IIQQQQQQ"),
        Struct("<IIQQQQIIQQ"),
        Struct("<3ih2xQQ4i8q216si4x"),
        Struct("<bcbb4xQII4i16s80s"),
        "Q",
    ),
}


def layout_of(machine: Arch) -> Layout:
    """Give the structs for a machine; ``Unsupported`` for one whose registers aren't known."""
    if machine.name not in ("x86_64", "i386"):
        raise Unsupported(f"a core file of {machine.name}", "x86_64 or i386")
    return LAYOUTS[machine.word_size]


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def unpack_notes(data: bytes) -> Iterator[Note]:
    """Give the notes of a segment, as far as they are whole."""
    place = 0
    while place + _NOTE.size <= len(data):
        name_size, size, kind = _NOTE.unpack_from(data, place)
        name_at = place + _NOTE.size
        at = name_at + name_size + -name_size % 4
        if at + size > len(data):
            return
        owner = data[name_at : name_at + name_size].rstrip(b"\0").decode("latin-1")
        yield Note(owner, kind, data[at : at + size])
        place = at + size + -size % 4


def pack_files(files: tuple[MappedFile, ...], layout: Layout) -> bytes:
    """Pack the contents of NT_FILE; offsets are in pages there."""
    words = [len(files), PAGE]
    for each in files:
        words += [each.start, each.end, each.offset // PAGE]
    names = b"".join(each.path.encode("utf-8", "surrogateescape") + b"\0" for each in files)
    return Struct(f"<{len(words)}{layout.word}").pack(*words) + names


def unpack_files(data: bytes, layout: Layout) -> tuple[MappedFile, ...]:
    """Unpack the contents of NT_FILE, as far as they are whole."""
    head, entry = Struct(f"<2{layout.word}"), Struct(f"<3{layout.word}")
    if len(data) < head.size:
        return ()
    count, page = head.unpack_from(data)
    end = head.size + count * entry.size
    if end > len(data):
        return ()
    rows = list(entry.iter_unpack(data[head.size : end]))
    names = data[end:].split(b"\0")[: len(rows)]
    return tuple(
        MappedFile(start, stop, offset * page, name.decode("utf-8", "surrogateescape"))
        for (start, stop, offset), name in zip(rows, names, strict=False)
    )
