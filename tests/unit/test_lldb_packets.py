"""What lldb's own packets say: beside what lldb-server 14 answers, recorded."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from seize.arch import by_name
from seize.gdbserver import (
    lldb_host,
    lldb_launch,
    lldb_modules,
    lldb_registers,
    lldb_stops,
    lldb_text,
)
from seize.gdbserver.fields import Refused
from seize.gdbserver.lldb_stops import StoppedThread
from seize.memory.maps import parse_maps

MAPS = parse_maps(
    "7ffff7fc8000-7ffff7fca000 r-xp 00000000 00:00 0                          [vdso]\n"
    "7ffff7fca000-7ffff7fcb000 r--p 00000000 fe:00 77 "
    "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2\n"
    "7ffff7fcb000-7ffff7ff1000 r-xp 00001000 fe:00 77 "
    "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2\n"
    "7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0                          [stack]\n"
)
LOADER = "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        (
            0x7FFFF7FCA000,
            "start:7ffff7fca000;size:1000;permissions:r;flags:;name:2f7573722f6c69622f7838365f36342d"
            "6c696e75782d676e752f6c642d6c696e75782d7838362d36342e736f2e32;",
        ),
        (
            0x7FFFF7FC8123,
            "start:7ffff7fc8000;size:2000;permissions:rx;flags:;name:5b7664736f5d;",
        ),
        (0, "start:0;size:7ffff7fc8000;"),
        (0x7FFFF7FF1000, "start:7ffff7ff1000;size:7fed000;"),
        (0xFFFFFFFFFFFF0000, "start:ffffffffffff0000;size:10000;"),
        (
            0x7FFFFFFFEFFF,
            "start:7ffffffde000;size:21000;permissions:rw;flags:;name:5b737461636b5d;type:stack;",
        ),
    ],
)
def test_regions_are_told_as_lldb_server_tells_them(address: int, answer: str) -> None:
    assert lldb_host.region_info(MAPS, address).decode() == answer


def test_a_gap_of_the_whole_address_space_fits_in_64_bits() -> None:
    assert lldb_host.region_info((), 0) == b"start:0;size:ffffffffffffffff;"


def test_a_file_is_loaded_where_its_first_mapping_is() -> None:
    assert lldb_host.load_address(MAPS, LOADER) == 0x7FFFF7FCA000
    assert lldb_host.load_address(MAPS, "/lib/elsewhere") is None


def test_the_host_is_described_by_uname() -> None:
    fields = _fields(lldb_host.host_info("x86_64", 8))
    assert lldb_text.from_hex(fields["triple"]) == "x86_64-pc-linux-gnu"
    assert fields["ptrsize"] == "8"
    assert lldb_text.from_hex(fields["hostname"]) == os.uname().nodename
    assert lldb_text.from_hex(fields["os_build"]) == os.uname().release


def test_a_process_is_described_by_its_status() -> None:
    fields = _fields(lldb_host.process_info(os.getpid(), "i386", 4))
    assert int(fields["pid"], 16) == os.getpid()
    assert int(fields["parent-pid"], 16) == os.getppid()
    assert int(fields["effective-uid"], 16) == os.geteuid()
    assert lldb_text.from_hex(fields["triple"]).startswith("i386-")
    assert fields["ptrsize"] == "4"


@pytest.mark.parametrize(
    ("text", "name"),
    [('ID=debian\nVERSION="12"', "debian"), ('VERSION_ID=1\nID="x y"\n', "x y"), ("", None)],
)
def test_the_distribution_is_the_id_of_os_release(text: str, name: str | None) -> None:
    assert lldb_host.distribution(text) == name


def test_a_stop_is_told_as_lldb_server_tells_it() -> None:
    waiting = StoppedThread(20856, "p", 0x7FFFF7E59F16)
    hit = StoppedThread(21157, "p", 0x555555555180, 5, "watchpoint", "93824992247864 0 1")
    reply = lldb_stops.stop_reply(
        hit, threads=(waiting, hit), registers=[(0x10, struct.pack("<Q", hit.pc))]
    ).decode()
    fields = _fields(reply.encode()[3:])
    assert reply.startswith("T05thread:52a5;name:p;threads:5178,52a5;jstopinfo:")
    assert fields["thread-pcs"] == "00007ffff7e59f16,0000555555555180"
    assert fields["10"] == "8051555555550000"
    assert fields["reason"] == "watchpoint"
    assert lldb_text.from_hex(fields["description"]) == "93824992247864 0 1"
    assert json.loads(bytes.fromhex(fields["jstopinfo"])) == [
        {"name": "p", "tid": 20856},
        {
            "name": "p",
            "tid": 21157,
            "signal": 5,
            "reason": "watchpoint",
            "description": "93824992247864 0 1",
        },
    ]


def test_one_thread_needs_no_list_of_the_others_reasons() -> None:
    thread = StoppedThread(16, "", 4096, 5, "breakpoint")
    assert lldb_stops.stop_reply(thread, threads=(thread,), events=[("fork", "p11.11")]) == (
        b"T05thread:10;threads:10;thread-pcs:0000000000001000;fork:p11.11;reason:breakpoint;"
    )


def test_threads_are_listed_with_registers_and_memory() -> None:
    thread = StoppedThread(7, "a b", 1, 5, "trace")
    answer = lldb_stops.threads_info([(thread, [(16, b"\1\2")], [(4096, b"\xff\0")])])
    assert json.loads(answer) == [
        {
            "tid": 7,
            "name": "a b",
            "signal": 5,
            "reason": "trace",
            "registers": {"16": "0102"},
            "memory": [{"address": 4096, "bytes": "ff00"}],
        }
    ]


@pytest.mark.parametrize(
    ("name", "pair"),
    [
        ("worker 1", ("name", "worker 1")),
        ("", None),
        ("a;b", ("hexname", "613b62")),
        ("$}", ("hexname", "247d")),
        ("é", ("hexname", "c3a9")),
    ],
)
def test_a_name_that_would_break_the_reply_goes_in_hexadecimal(
    name: str, pair: tuple[str, str] | None
) -> None:
    assert lldb_text.thread_name(name) == pair


def test_a_module_is_told_by_its_build_id(tmp_path: Path) -> None:
    module = lldb_modules.read_module(sys.executable)
    assert module is not None
    assert module.size == Path(sys.executable).stat().st_size
    notes = subprocess.run(["readelf", "-n", sys.executable], capture_output=True, text=True)
    identity = [line.split()[-1] for line in notes.stdout.splitlines() if "Build ID" in line]
    assert module.uuid == (identity[0].upper() if identity else "")
    fields = _fields(module.answer())
    assert lldb_text.from_hex(fields["uuid"]) == module.uuid == module.record()["uuid"]
    assert int(fields["file_size"], 16) == module.size
    text = tmp_path / "text"
    text.write_text("no ELF file")
    for path in (str(text), str(tmp_path), str(tmp_path / "missing"), "a\0b"):
        assert lldb_modules.read_module(path) is None


def _image(word: int, kinds: list[tuple[int, int]], tags: list[int]) -> dict[int, bytes]:
    """A process's program headers at 0x40 of where it is loaded, and its dynamic section."""
    header = struct.Struct("<IIQQQQQQ" if word == 8 else "<8I")
    entry = struct.Struct("<QQ" if word == 8 else "<II")
    packed = b""
    for kind, address in kinds:
        values = [kind, 0, 0, address, 0, 0, 0, 0] if word == 8 else [kind, 0, address, *[0] * 5]
        packed += header.pack(*values)
    dynamic = b"".join(entry.pack(tag, 0) for tag in tags)
    return {0x5040: packed, 0x5800: dynamic}


@pytest.mark.parametrize("word", [4, 8])
def test_the_loaders_list_is_found_by_the_dynamic_section(word: int) -> None:
    size = 56 if word == 8 else 32
    memory = _image(word, [(6, 0x40), (2, 0x800)], [1, 21, 0])

    def read(address: int, length: int) -> bytes:
        start = max(key for key in memory if key <= address)
        return memory[start][address - start :][:length]

    auxv = {3: 0x5040, 4: size, 5: 2}
    assert lldb_modules.debug_slot(auxv, read, word) == 0x5800 + 2 * word + word
    # The dynamic linker has no PT_PHDR.
    behind = 0x40 if word == 8 else 0x34
    assert lldb_modules.debug_slot(auxv, read, word) == 0x5800 + 2 * word + word
    memory.update(_image(word, [(1, 0), (2, 0x800 + behind - 0x40)], [1, 21, 0]))
    assert lldb_modules.debug_slot(auxv, read, word) == 0x5800 + 2 * word + word
    memory.update(_image(word, [(6, 0x40), (2, 0x800)], [1, 0, 21]))
    assert lldb_modules.debug_slot(auxv, read, word) is None
    memory.update(_image(word, [(6, 0x40), (1, 0x800)], [21, 0]))
    assert lldb_modules.debug_slot(auxv, read, word) is None
    assert lldb_modules.debug_slot({}, read, word) is None


def test_arguments_come_one_by_one() -> None:
    assert lldb_launch.arguments(b"8,0,2f746d70,0,1,,4,2,c3a9") == ["/tmp", "", "é"]


@pytest.mark.parametrize(
    "packet", [b"8,0,2f746d", b"8,1,2f746d70", b"8,0", b"x,0,2f", b"2,0,zz", b"2,0,\xe9\xe9", b""]
)
def test_damaged_arguments_are_refused(packet: bytes) -> None:
    with pytest.raises(Refused):
        lldb_launch.arguments(packet)


def _fields(answer: bytes) -> dict[str, str]:
    return dict(pair.split(":", 1) for pair in answer.decode().split(";") if pair)


class _Register:
    def __init__(self, name: str, bits: int) -> None:
        self.name = name
        self.bits = bits


REGISTERS = [
    *(_Register("rax", 64), _Register("rdi", 64), _Register("rip", 64), _Register("eflags", 32)),
    *(_Register("st2", 80), _Register("xmm3", 128), _Register("ymm3h", 128), _Register("k1", 64)),
]


def test_registers_are_described_in_gdbs_order_with_lldbs_words() -> None:
    infos = lldb_registers.describe(by_name("x86_64"), REGISTERS)
    assert infos[0].answer() == (
        b"name:rax;bitsize:64;offset:0;encoding:uint;format:hex;"
        b"set:General Purpose Registers;ehframe:0;dwarf:0;"
    )
    assert infos[1].answer().endswith(b"ehframe:5;dwarf:5;generic:arg1;")
    assert infos[2].answer() == (
        b"name:rip;bitsize:64;offset:16;encoding:uint;format:hex;"
        b"set:General Purpose Registers;ehframe:16;dwarf:16;generic:pc;"
    )
    assert infos[3].answer() == (
        b"name:eflags;alt-name:rflags;bitsize:32;offset:24;encoding:uint;format:hex;"
        b"set:General Purpose Registers;ehframe:49;dwarf:49;generic:flags;"
    )
    assert infos[4].answer() == (
        b"name:st2;bitsize:80;offset:28;encoding:vector;format:vector-uint8;"
        b"set:Floating Point Registers;ehframe:35;dwarf:35;"
    )
    assert infos[5].dwarf == 20
    assert [info.set for info in infos[6:]] == [
        "Advanced Vector Extensions",
        "Advanced Vector Extensions 512",
    ]


def test_the_target_description_has_the_numbers_and_offsets_of_the_g_packet() -> None:
    import xml.etree.ElementTree as ElementTree

    root = ElementTree.fromstring(lldb_registers.document(by_name("x86_64"), REGISTERS))
    assert root.findtext("architecture") == "i386:x86-64"
    elements = root.findall("feature/reg")
    assert [element.get("name") for element in elements] == [each.name for each in REGISTERS]
    assert [int(element.attrib["regnum"]) for element in elements] == list(range(len(REGISTERS)))
    offset = 0
    for element in elements:
        assert int(element.attrib["offset"]) == offset
        offset += int(element.attrib["bitsize"]) // 8


def test_the_registers_of_a_32_bit_program_have_their_own_numbers() -> None:
    registers = [_Register(name, 32) for name in ("eax", "ecx", "esp", "ebp", "eip", "xmm0")]
    infos = lldb_registers.describe(by_name("i386"), registers)
    assert [info.dwarf for info in infos] == [0, 1, 4, 5, 8, 21]
    assert [info.role for info in infos] == ["", "", "sp", "fp", "pc", ""]
