"""The structs of core files, and files that are damaged."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seize import arch
from seize.corefile import contents, writer
from seize.corefile.backend import CoreBackend
from seize.corefile.contents import Area
from seize.corefile.layout import (
    LAYOUTS,
    NT_AUXV,
    NT_FILE,
    NT_PRPSINFO,
    NT_PRSTATUS,
    BadCore,
    MappedFile,
    Note,
    layout_of,
    pack_files,
    unpack_files,
    unpack_notes,
)
from seize.corefile.reader import CoreFile
from seize.errors import MemoryFault, SeizeError, Unsupported, UsageError
from seize.memory import Mapping

BASE = 0x400000


class Nobody:
    """A process that only has a machine."""

    pid = 77

    def __init__(self, machine: str) -> None:
        self.machine = arch.by_name(machine)

    def thread_ids(self) -> tuple[int, ...]:
        return (77,)

    def regset(self, tid: int, note_type: int) -> bytes:
        raise Unsupported("register set", "a process")

    def siginfo(self, tid: int) -> bytes:
        return b""

    def read_prefix(self, address: int, size: int) -> bytes:
        return b""


def area(start: int, size: int, permissions: str = "rw-p", path: str = "", inode: int = 0) -> Area:
    mapping = Mapping(start, start + size, permissions, 0, "00:00", inode, path)
    return Area(mapping, frozenset(), True)


def prstatus(machine: str, tid: int, signal: int) -> Note:
    layout = layout_of(arch.by_name(machine))
    size = arch.by_name(machine).user_regs.layout.size
    fields = [signal, 0, 0, signal, 0, 0, tid, 1, 2, 3, *([0] * 8), bytes(range(size)), 1]
    return Note("CORE", NT_PRSTATUS, layout.prstatus.pack(*fields))


def notes_of(machine: str) -> bytes:
    layout = layout_of(arch.by_name(machine))
    info = layout.prpsinfo.pack(0, b"S", 0, 0, 0, 0, 0, 77, 1, 77, 77, b"name", b"name -x ")
    auxv = struct.pack(f"<4{layout.word}", 9, BASE, 0, 0)
    files = (MappedFile(BASE, BASE + 0x2000, 0x1000, "/no/such/file"),)
    notes = [
        prstatus(machine, 77, 11),
        Note("CORE", NT_PRPSINFO, info),
        Note("CORE", NT_AUXV, auxv),
        Note("CORE", NT_FILE, pack_files(files, layout)),
        prstatus(machine, 78, 0),
    ]
    return b"".join(note.pack() for note in notes)


def make_core(path: Path, machine: str, sized: list[tuple[Area, int]], fill: bytes = b"") -> None:
    layout = layout_of(arch.by_name(machine))
    _, head = writer._headers(Nobody(machine), layout, sized, notes_of(machine))
    path.write_bytes(head + bytes(-len(head) % 4096) + fill)


@pytest.mark.parametrize("machine", ["x86_64", "i386"])
def test_sizes_are_the_kernels(machine: str) -> None:
    layout = layout_of(arch.by_name(machine))
    # sizeof(struct elf_prstatus), sizeof(struct elf_prpsinfo) of <linux/elfcore.h>
    sizes = {"x86_64": (336, 136), "i386": (144, 124)}
    assert (layout.prstatus.size, layout.prpsinfo.size) == sizes[machine]


@pytest.mark.parametrize("word", [4, 8])
def test_notes_and_files_come_back(word: int) -> None:
    notes = [Note("CORE", 1, b"abc"), Note("LINUX", 0x202, b""), Note("GDB", 3, bytes(8))]
    assert list(unpack_notes(b"".join(note.pack() for note in notes))) == notes
    assert list(unpack_notes(notes[0].pack()[:-4])) == []
    files = (MappedFile(0x1000, 0x3000, 0x7000, "/a b"), MappedFile(0x3000, 0x4000, 0, "/é"))
    data = pack_files(files, LAYOUTS[word])
    assert unpack_files(data, LAYOUTS[word]) == files
    assert unpack_files(data[:20], LAYOUTS[word]) == ()


@pytest.mark.parametrize("machine", ["x86_64", "i386"])
def test_what_a_core_says(tmp_path: Path, machine: str) -> None:
    path = tmp_path / "core"
    sized = [(area(0x1000, 0x2000), 0x1000), (area(0x8000, 0x1000, "r-xp"), 0)]
    make_core(path, machine, sized, b"x" * 0x1000)
    with CoreBackend(str(path)) as backend:
        core = backend.core
        assert (backend.pid, backend.machine.name) == (77, machine)
        assert (core.name, core.arguments) == ("name", "name -x")
        assert backend.thread_ids() == (77, 78)
        assert (backend.thread(77).signal, backend.thread(78).signal) == (11, 0)
        assert backend.regset(78, NT_PRSTATUS)[:4] == b"\0\1\2\3"
        assert backend.auxv() == {9: BASE}
        assert backend.executable == "/no/such/file"
        assert not core.truncated
        spans = [(m.start, m.end, m.permissions, m.path) for m in backend.maps()]
        assert spans == [
            (0x1000, 0x3000, "rw-p", ""),
            (0x8000, 0x9000, "r-xp", ""),
            (BASE, BASE + 0x2000, "r--p", "/no/such/file"),
        ]
        assert [m.start for m in backend.code_maps()] == [0x8000]
        assert backend.read(0x1FFE, 2) == b"xx"
        assert backend.read_prefix(0x1FFE, 4) == b"xx"
        with pytest.raises(MemoryFault):
            backend.read(BASE, 1)
        with pytest.raises(Unsupported, match="register set 0x202"):
            backend.regset(77, 0x202)
        with pytest.raises(UsageError, match="no thread 79"):
            backend.regset(79, 1)
        with pytest.raises(UsageError, match="can't be changed"):
            backend.write(0x1000, b"y")


def test_more_segments_than_the_header_can_count(tmp_path: Path) -> None:
    path = tmp_path / "core"
    many = [(area(0x1000 * number, 0x1000), 0) for number in range(1, 70001)]
    make_core(path, "x86_64", many)
    with CoreFile(str(path)) as core:
        assert len(core.segments) == 70000
        assert core.threads.keys() == {77, 78}


def test_a_32_bit_core_cant_be_larger_than_its_offsets() -> None:
    layout = layout_of(arch.by_name("i386"))
    sized = [(area(0x1000, 1 << 31), 1 << 31), (area(0x8000_1000, 1 << 31), 1 << 31)]
    with pytest.raises(SeizeError, match="too large for a 32-bit program"):
        writer._headers(Nobody("i386"), layout, sized, b"")


def elf_at(mapping: Mapping) -> bytes:
    return b"\x7fELF" if mapping.path == "/elf" else b"text"


@pytest.mark.parametrize(
    ("flags", "own", "path", "wanted", "expected"),
    [
        ("", True, "", 0x33, 0x4000),
        ("", False, "", 0x33, 0),
        ("", True, "", 0x30, 0),
        ("dd", True, "", 0x33, 0),
        ("io", True, "", 0x1FF, 0),
        ("sh", True, "/dev/zero (deleted)", 0x2, 0x4000),
        ("sh", True, "/dev/zero (deleted)", 0x8, 0),
        ("sh", True, "/file", 0x2, 0),
        ("sh", True, "/file", 0x8, 0x4000),
        ("ht", True, "", 0x20, 0x4000),
        ("ht sh", True, "", 0x20, 0),
        ("ht sh", True, "", 0x40, 0x4000),
        ("", False, "/file", 0x33, 0),
        ("", False, "/file", 0x4, 0x4000),
        ("", False, "/elf", 0x10, 0x1000),
        ("", False, "/elf", 0x1, 0),
        ("", True, "/elf", 0x33, 0x4000),
        ("", False, "[vdso]", 0, 0x4000),
        ("", False, "[vvar]", 0x1FF, 0),
    ],
)
def test_which_memory_is_wanted(
    flags: str, own: bool, path: str, wanted: int, expected: int
) -> None:
    inode = 5 if path.startswith("/") else 0
    mapping = Mapping(0x1000, 0x5000, "rw-p", 0, "00:00", inode, path)
    one = Area(mapping, frozenset(flags.split()), own)
    read = lambda address, size: elf_at(mapping)[:size]  # noqa: E731
    assert contents.size_in_core(one, wanted, read, excluded=False) == expected
    if flags == "dd":
        assert contents.size_in_core(one, wanted, read, excluded=True) == 0x4000


def test_what_is_no_core(tmp_path: Path) -> None:
    def refused(data: bytes) -> str:
        path = tmp_path / "file"
        path.write_bytes(data)
        with pytest.raises(BadCore) as caught:
            CoreFile(str(path))
        return str(caught.value).replace(str(path), "FILE")

    good = tmp_path / "good"
    make_core(good, "x86_64", [])
    data = good.read_bytes()
    assert refused(b"") == "'FILE' is no core file: it is no ELF file"
    assert refused(b"\x7fELF" + bytes(20)) == "'FILE' is a strange ELF file"
    assert refused(data[:40]) == "'FILE' ends in its ELF header"
    assert refused(data[:100]) == "'FILE' has no threads"
    assert refused(data[:16] + b"\2\0" + data[18:]) == "'FILE' is an ELF file, but no core file"
    with pytest.raises(Unsupported, match="the machine number 8"):
        refused(data[:18] + b"\x08\0" + data[20:])
    with pytest.raises(BadCore, match="can't open"):
        CoreFile(str(tmp_path / "missing"))
    with pytest.raises(BadCore, match="is no ordinary file"):
        CoreFile("/dev/null")
    before = len(os.listdir("/proc/self/fd"))
    refused(data[:40])
    assert len(os.listdir("/proc/self/fd")) == before


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(["x86_64", "i386"]),
    st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 255)), max_size=6),
    st.integers(0, 5000),
)
def test_a_damaged_core_is_never_more_than_an_error(
    tmp_path: Path, machine: str, damage: list[tuple[int, int]], length: int
) -> None:
    path = tmp_path / "core"
    make_core(path, machine, [(area(0x1000, 0x2000), 0x1000)], b"x" * 0x1000)
    data = bytearray(path.read_bytes())
    for place, value in damage:
        data[place % len(data)] = value
    path.write_bytes(bytes(data[: len(data) - length if damage else length]))
    try:
        with CoreBackend(str(path)) as backend:
            for mapping in backend.maps():
                backend.read_prefix(mapping.start, 64)
            backend.read_prefix(0x1000, 0x3000)
            for tid in backend.thread_ids():
                assert len(backend.regset(tid, NT_PRSTATUS)) in (68, 216)
    except SeizeError:
        pass
