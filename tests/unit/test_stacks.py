"""Unwinding, naming and source lines: against binutils, and against bytes that lie."""

from __future__ import annotations

import functools
import lzma
import os
import random
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seize.memory import Mapping, Memory
from seize.stacks import Code, CodeSpace, Module, Modules, rows, unwind
from seize.stacks.cfi import Cie, Fde, FrameTable
from seize.stacks.debugfiles import debug_file
from seize.stacks.elf import BytesSource, Elf, open_file
from seize.stacks.expressions import evaluate
from seize.stacks.lines import line_table
from seize.stacks.machines import I386, X86_64, Machine
from seize.stacks.reading import Cursor, Malformed
from seize.stacks.rows import Row, row_at
from seize.stacks.unwind import StackReader
from tests.conftest import PROGRAMS, build

LIBRARY = ("-O2", "-shared", "-fPIC", "-DOUTER=outer", "-DINNER=inner")
NOWHERE = "/nowhere"


@functools.cache
def image(name: str, bits: int = 64, flags: tuple[str, ...] = ("-O2",)) -> bytes:
    """The bytes of a compiled program."""
    return Path(build(name, bits=bits, flags=flags)).read_bytes()


def module_of(data: bytes) -> Module:
    return Module(Elf(BytesSource(data)), "", NOWHERE)


def output_of(*command: str, text: str = "") -> str:
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    return done.stdout


# ---------------------------------------------------------------------- numbers


def test_numbers_of_variable_length() -> None:
    # DWARF 5, figures 3 and 4 of section 7.6.
    unsigned = {2: "02", 127: "7f", 128: "8001", 129: "8101", 12857: "b964"}
    signed = {2: "02", -2: "7e", 127: "ff00", -127: "817f", 128: "8001", -128: "807f"}
    for value, text in unsigned.items():
        assert Cursor(bytes.fromhex(text)).uleb() == value
    for value, text in {**signed, -129: "ff7e"}.items():
        assert Cursor(bytes.fromhex(text)).sleb() == value
    for text in ("", "80", "ff" * 40):
        with pytest.raises(Malformed):
            Cursor(bytes.fromhex(text)).uleb()


# ---------------------------------------------------------------------- expressions

EXPRESSIONS = [
    ("33 36 1e", 18),  # lit3 lit6 mul
    ("08 fe 0c ff ff ff ff 22", 0xFE + 0xFFFF_FFFF),  # const1u const4u plus
    ("09 fe", (1 << 64) - 2),  # const1s
    ("09 f9 33 1b", (1 << 64) - 2),  # -7 div 3, towards zero
    ("31 32 33 17 1c", (1 << 64) - 0 + 1 - 2),  # 1 2 3 rot -> 3 1 2: minus
    ("35 12 1e", 25),  # lit5 dup mul
    ("31 32 14 1c", 1),  # 1 2 over minus
    ("31 32 16 1c", 1),  # 1 2 swap minus
    ("31 32 33 15 02", 1),  # pick 2
    ("77 08", 1008),  # breg7 +8
    ("77 78 23 08", 1000),  # breg7 -8 plus_uconst 8
    ("92 07 7f", 999),  # bregx 7 -1
    ("30 28 01 00 31 32", 2),  # lit0 bra +1 lit1 lit2
    ("31 28 01 00 33 34", 4),  # lit1 bra over lit3, lit4
    ("2f 01 00 33 34", 4),  # skip over lit3
    ("77 00 06", 0x1122_3344_5566_7788),  # deref at 1000
    ("77 00 94 02", 0x7788),  # deref_size 2
    ("31 1f", (1 << 64) - 1),  # neg
    ("30 20", (1 << 64) - 1),  # not
    ("31 09 3f 24", 1 << 63),  # shl 63
    ("09 80 33 26", (1 << 64) - 16),  # -128 shra 3
    ("09 ff 31 2d", 1),  # -1 lt 1: signed
    # What .plt has: CFA = rsp + 8 + ((rip & 15) >= 11) << 3
    ("77 08 80 00 3f 1a 3b 2a 33 24 22", 1016),
]


@pytest.mark.parametrize(("code", "value"), EXPRESSIONS)
def test_expressions(code: str, value: int) -> None:
    registers = {7: 1000, 16: 0x102B}

    def read(address: int, size: int) -> int:
        assert address == 1000
        return 0x1122_3344_5566_7788 & (1 << 8 * size) - 1

    assert evaluate(bytes.fromhex(code), registers, read, 8) == value % (1 << 64)


@pytest.mark.parametrize("code", ["", "22", "31 30 1b", "71 00", "2f fd ff", "06", "e0", "08"])
def test_expressions_that_are_none(code: str) -> None:
    with pytest.raises(Malformed):
        evaluate(bytes.fromhex(code), {7: 1000}, no_memory, 8)


def no_memory(address: int, size: int) -> int:
    raise Malformed(f"no memory at {address:#x}")


@given(st.binary(max_size=60), st.sampled_from([4, 8]))
def test_any_expression_has_a_value_or_is_malformed(code: bytes, word: int) -> None:
    try:
        value = evaluate(code, dict.fromkeys(range(17), 99), lambda address, size: address, word)
    except Malformed:
        return
    assert 0 <= value < 1 << 8 * word


# ---------------------------------------------------------------------- call frame information

NAMES = {
    64: (
        *("rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp"),
        *(f"r{number}" for number in range(8, 16)),
        "ra",
    ),
    32: ("eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "ra"),
}
KINDS = {
    rows.OFFSET: "c{:+d}",
    rows.VAL_OFFSET: "v{:+d}",
    rows.EXPRESSION: "exp",
    rows.VAL_EXPRESSION: "vexp",
    rows.UNDEFINED: "u",
    rows.SAME: "s",
}


def told(row: Row, names: tuple[str, ...]) -> dict[str, str]:
    """A row in readelf's words, of what isn't unspecified."""
    cfa = f"{names[row.cfa_register]}{row.cfa_offset:+d}" if not row.cfa_expression else "exp"
    rules = {
        names[number]: names[cast(int, value)]
        if kind == rows.REGISTER
        else KINDS[kind].format(value)
        for number, kind, value in row.rules
    }
    return {"CFA": cfa, **{name: rule for name, rule in rules.items() if rule != "u"}}


def rows_of(path: str) -> Iterator[tuple[int, dict[str, str]]]:
    """What readelf says: addresses, and the row of each."""
    columns: list[str] = []
    end = 0
    for line in output_of("readelf", "--debug-dump=frames-interp", path).splitlines():
        words = re.sub(r"r\d+ \((\w+)\)", r"\1", line).split()
        if "FDE" in words or "CIE" in words:
            # The last row may be that behind the last instruction.
            end = int(words[-1].partition("..")[2], 16) if "FDE" in words else 0
        elif words[:1] == ["LOC"]:
            columns = words[1:]
        elif words[1:] != ["ZERO", "terminator"] and re.match("[0-9a-f]{8,16} ", line):
            rules = dict(zip(columns, words[1:], strict=True))
            if int(words[0], 16) < end:
                yield int(words[0], 16), {name: rule for name, rule in rules.items() if rule != "u"}


CFI = [
    ("stk_calls", 64, ("-O2",)),
    ("stk_calls", 64, ("-O0",)),
    ("stk_calls", 32, ("-O2",)),
    ("stk_calls", 64, ("-O2", "-fno-asynchronous-unwind-tables", "-fno-unwind-tables")),
    ("stk_calls", 32, ("-O2", "-static", "-DSTATIC")),
]


@pytest.mark.parametrize(("name", "bits", "flags"), CFI)
def test_rows_are_those_of_readelf(name: str, bits: int, flags: tuple[str, ...]) -> None:
    path = build(name, bits=bits, flags=flags)
    module = module_of(Path(path).read_bytes())
    count = 0
    for address, expected in rows_of(path):
        row = module.row(address)
        assert row is not None, hex(address)
        assert told(row, NAMES[bits]) == expected, hex(address)
        count += 1
    assert count > 20
    assert module.row(1) is None


def test_the_table_and_a_scan_find_the_same() -> None:
    elf = Elf(BytesSource(image("stk_calls")))
    section, header = elf.section(".eh_frame"), elf.section(".eh_frame_hdr")
    assert section is not None
    assert header is not None
    data = elf.contents(section)
    scanned = FrameTable(data, section.address, 8, True)
    listed = FrameTable(data, section.address, 8, True, elf.contents(header), header.address)
    text = elf.section(".text")
    assert text is not None
    found = 0
    for address in range(text.address - 64, text.address + text.size + 64):
        assert scanned.find(address) == listed.find(address)
        found += scanned.find(address) is not None
    assert found > text.size * 0.8


def test_an_image_without_section_headers() -> None:
    path = build("stk_calls", flags=("-O2",))
    data = Path(path).read_bytes()
    whole = module_of(data)
    # e_shoff, e_shnum and e_shstrndx of an ELF64 header.
    bare = module_of(data[:40] + bytes(8) + data[48:60] + bytes(4) + data[64:])
    assert bare.elf.sections == ()
    main = address_of("main", path)
    assert whole.row(main) is not None
    assert bare.row(main) == whole.row(main)
    assert bare.symbol(main) is None


def test_a_section_of_nothing_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    path = build("stk_calls", flags=("-O2",))
    elf = Elf(BytesSource(Path(path).read_bytes()))
    section = elf.section(".eh_frame")
    assert section is not None
    # Words of zero, each an entry's end, before what is found otherwise.
    data, main = bytes(400) + elf.contents(section), address_of("main", path)
    assert FrameTable(data, section.address - 400, 8, True).find(main) is not None
    monkeypatch.setattr("seize.stacks.cfi._MOST_ENTRIES", 100)
    assert FrameTable(data, section.address - 400, 8, True).find(main) is None


# ---------------------------------------------------------------------- symbols


def address_of(name: str, path: str) -> int:
    """Where readelf says that a function is."""
    (address,) = {address for address, _, found in functions_of(path) if found == name}
    return address


def functions_of(path: str) -> list[tuple[int, int, str]]:
    """What readelf says: address, size and name of each defined function."""
    found = []
    for line in output_of("readelf", "-sW", path).splitlines():
        words = line.split()
        if len(words) >= 8 and words[3] == "FUNC" and words[6] != "UND":
            size = int(words[2], 16) if words[2].startswith("0x") else int(words[2])
            found.append((int(words[1], 16), size, words[7].partition("@")[0]))
    return found


@pytest.mark.parametrize("bits", [64, 32])
@pytest.mark.parametrize("flags", [("-O2",), ("-O2", "-static", "-DSTATIC")], ids=["", "static"])
def test_functions_are_those_of_readelf(bits: int, flags: tuple[str, ...]) -> None:
    path = build("stk_calls", bits=bits, flags=flags)
    functions = functions_of(path)
    module = module_of(Path(path).read_bytes())
    names: dict[int, list[str]] = {}
    for address, _, name in functions:
        names.setdefault(address, []).append(name)
    for address, size, _ in functions:
        for inside in {0, size // 2, size - 1} if size else {0}:
            symbol = module.symbol(address + inside)
            assert symbol is not None
            assert symbol.name in names[symbol.address]
            assert symbol.address >= address or not size
            assert symbol.address <= address + inside
    assert {"main", "first", "deep"} < {name for _, _, name in functions}


def test_the_first_of_several_names() -> None:
    path = build("stk_calls", flags=("-O2", "-static", "-DSTATIC"))
    module = module_of(Path(path).read_bytes())
    first: dict[int, str] = {}
    for address, _, name in functions_of(path):
        first.setdefault(address, name)
    for address, name in first.items():
        symbol = module.symbol(address)
        assert symbol is not None
        assert (symbol.address, symbol.name) == (address, name)


@pytest.fixture
def stripped(tmp_path: Path) -> tuple[Path, Path]:
    """A stripped binary, and the debug file that it was separated from."""
    whole, debug, binary = build("stk_calls"), tmp_path / "calls.debug", tmp_path / "calls"
    output_of("objcopy", "--only-keep-debug", whole, str(debug))
    link = f"--add-gnu-debuglink={debug}"
    output_of("objcopy", "--strip-all", link, whole, str(binary))
    return binary, debug


def opened(path: Path, root: str = NOWHERE) -> Module:
    source, _ = open_file(str(path))
    return Module(Elf(source), str(path), root)


def name_at(module: Module, address: int) -> str:
    symbol = module.symbol(address)
    return "" if symbol is None else symbol.name


@pytest.mark.parametrize("place", ["beside", ".debug", "root", "build id"])
def test_where_debug_files_are(stripped: tuple[Path, Path], tmp_path: Path, place: str) -> None:
    binary, debug = stripped
    main = address_of("main", build("stk_calls"))
    root = tmp_path / "root"
    build_id = Elf(BytesSource(binary.read_bytes())).build_id
    assert re.fullmatch("[0-9a-f]{40}", build_id)
    targets = {
        "beside": debug,
        ".debug": tmp_path / ".debug" / debug.name,
        "root": root / str(tmp_path)[1:] / debug.name,
        "build id": root / ".build-id" / build_id[:2] / f"{build_id[2:]}.debug",
    }
    targets[place].parent.mkdir(parents=True, exist_ok=True)
    debug.rename(targets[place])
    module = opened(binary, str(root))
    assert name_at(module, main + 1) == "main"
    assert module.line(main) is not None
    module.close()


def test_a_debug_file_of_something_else(stripped: tuple[Path, Path]) -> None:
    binary, debug = stripped
    debug.write_bytes(image("stk_calls", flags=("-O0",)))
    source, _ = open_file(str(binary))
    elf = Elf(source)
    assert debug_file(elf, str(binary), NOWHERE) is None
    source.close()


def test_symbols_in_an_embedded_image(stripped: tuple[Path, Path], tmp_path: Path) -> None:
    binary, debug = stripped
    packed = tmp_path / "packed"
    packed.write_bytes(lzma.compress(debug.read_bytes()))
    debug.unlink()
    output_of("objcopy", f"--add-section=.gnu_debugdata={packed}", str(binary))
    main = address_of("main", build("stk_calls"))
    module = opened(binary)
    assert name_at(module, main) == "main"
    module.close()
    assert name_at(module_of(binary.read_bytes()), main) == "main"


# ---------------------------------------------------------------------- source lines


@pytest.mark.parametrize(
    ("bits", "flags"),
    [
        (64, ("-O2", "-gdwarf-2")),
        (64, ("-O2", "-gdwarf-3")),
        (32, ("-O2", "-gdwarf-4")),
        (64, ("-O2", "-gdwarf-5")),
        (32, ("-O0", "-gdwarf-5")),
        (64, ("-O2", "-gdwarf-5", "-gz")),
    ],
    ids=str,
)
def test_lines_are_those_of_addr2line(bits: int, flags: tuple[str, ...], tmp_path: Path) -> None:
    path = build("stk_calls", bits=bits, flags=flags)
    bare = tmp_path / "bare"
    output_of("objcopy", "--remove-section=.debug_aranges", path, str(bare))
    elf = Elf(BytesSource(Path(path).read_bytes()))
    text = elf.section(".text")
    assert text is not None
    addresses = range(text.address, text.address + text.size)
    asked = "".join(f"{address:#x}\n" for address in addresses)
    answers = output_of("addr2line", "-e", path, text=asked).splitlines()
    table, without = line_table(elf), line_table(Elf(BytesSource(bare.read_bytes())))
    assert table is not None
    assert without is not None
    known = 0
    for address, answer in zip(addresses, answers, strict=True):
        answer = answer.split(" (discriminator")[0]
        if answer.endswith((":?", ":0")):
            answer = "??"
        for found in (table.find(address), without.find(address)):
            ours = "??" if found is None else f"{os.path.normpath(found[0])}:{found[1]}"
            assert ours == answer, hex(address)
        known += answer != "??"
    assert known > text.size / 2
    assert any(answer.startswith(str(PROGRAMS / "stk_calls.c")) for answer in answers)


# ---------------------------------------------------------------------- bytes that lie


def damaged(data: bytes, draw: st.DataObject) -> bytes:
    """An image with some bytes changed, most of them where they matter, or cut short."""
    elf = Elf(BytesSource(data))
    # The headers of sections stand at the end.
    places = [(0, 64), (len(data) - 2048, 2048)]
    places += [(s.offset, s.size) for s in elf.sections if s.size and s.kind != 8]
    changed = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 12))):
        start, size = draw.draw(st.sampled_from(places))
        value = draw.draw(st.binary(min_size=1, max_size=8))
        offset = start + draw.draw(st.integers(0, size - 1))
        changed[offset : offset + len(value)] = value
    if draw.draw(st.integers(0, 9)):
        return bytes(changed)
    return bytes(changed[: draw.draw(st.integers(0, len(data)))])


@pytest.mark.parametrize("bits", [64, 32])
@settings(max_examples=300, deadline=None)
@given(draw=st.data())
def test_a_damaged_image_is_no_reason_to_fail(bits: int, draw: st.DataObject) -> None:
    data = image("stk_library", bits, LIBRARY)
    text = Elf(BytesSource(data)).section(".text")
    assert text is not None
    try:
        module = module_of(damaged(data, draw))
    except Malformed:
        return
    for address in (text.address, text.address + text.size // 2, text.address + text.size - 1, 0):
        module.row(address)
        module.symbol(address)
        module.line(address)
        module.function_bytes(address, 8)
    module.elf.address_of(0)


@given(st.binary(max_size=200), st.binary(max_size=200), st.integers(1, 8), st.integers(-8, 8))
def test_any_instructions_give_a_row_or_are_malformed(
    first: bytes, second: bytes, code: int, data: int
) -> None:
    cie = Cie(code, data, 16, False, 0, False, first)
    try:
        row_at(Fde(cie, 0x1000, 0x2000, second), 0x1100, 8)
    except Malformed:
        return


class MadeMemory:
    """A stack of made-up words, and nothing else; it counts what is read."""

    def __init__(self, start: int, data: bytes) -> None:
        self.tid = 0
        self.start = start
        self.data = data
        self.reads = 0

    def read_prefix(self, address: int, size: int) -> bytes:
        self.reads += 1
        inside = address - self.start
        return self.data[inside : inside + size] if 0 <= inside < len(self.data) else b""


class MadeSpace:
    """A single image in the address space."""

    def __init__(self, code: Code) -> None:
        self.code = code

    def begin(self) -> None:
        pass

    def find(self, address: int, memory: Memory) -> Code | None:
        mapping = self.code.mapping
        return self.code if mapping.start <= address < mapping.end else None


TEXT, STACK = 0x5000_0000, 0x7000_0000


@functools.cache
def made_code(bits: int) -> Code:
    module = module_of(image("stk_calls", bits))
    text = module.elf.section(".text")
    assert text is not None
    offset = text.offset & -4096
    mapping = Mapping(TEXT, TEXT + 8192, "r-xp", offset, "00:00", 1, "/made")
    return Code(mapping, module)


@pytest.mark.parametrize("machine", [X86_64, I386], ids=lambda machine: machine.name)
@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 1 << 32))
def test_any_stack_has_an_end(machine: Machine, seed: int) -> None:
    chance = random.Random(seed)
    code = made_code(8 * machine.word)
    count = 4096

    def word() -> int:
        choices = (
            TEXT + chance.randrange(8192),
            STACK + chance.randrange(count * machine.word),
            chance.randrange(1 << 8 * machine.word),
            chance.randrange(16),
        )
        return chance.choices(choices, (6, 4, 1, 1))[0]

    data = b"".join(word().to_bytes(machine.word, "little") for _ in range(count))
    memory = MadeMemory(STACK, data)
    registers = {number: word() for number in range(len(machine.registers))}
    registers[machine.sp] = STACK + chance.randrange(256)
    registers[machine.pc] = TEXT + chance.randrange(8192)
    space = cast(CodeSpace, MadeSpace(code))
    frames = list(unwind(machine, registers, cast(Memory, memory), space))
    assert 1 <= len(frames) <= 1 << 16
    assert all(frame.code is not None for frame in frames[:-1])
    # Most of the reads are of the code before return addresses.
    assert memory.reads <= 256 * len(frames) + 1024


def test_a_stack_in_too_many_places() -> None:
    memory = MadeMemory(0, bytes(1 << 20))
    reader = StackReader(cast(Memory, memory), 0)
    with pytest.raises(Malformed):
        for turn in range(10_000):
            assert reader.word((turn % 2) * 500_000, 8) == 0
    assert memory.reads <= 1024


# ---------------------------------------------------------------------- files


def own_memory() -> Memory:
    return Memory(os.getpid())


def own_mappings() -> list[Mapping]:
    found = own_memory().maps()
    return [m for m in found if "x" in m.permissions and m.path.startswith("/")]


def test_a_file_is_read_once() -> None:
    modules = Modules(NOWHERE)
    mapping = own_mappings()[0]
    module = modules.of(mapping, own_memory())
    assert module is not None
    assert modules.of(mapping, own_memory()) is module
    descriptors = len(os.listdir("/proc/self/fd"))
    modules.close()
    assert len(os.listdir("/proc/self/fd")) == descriptors - 1
    # What is still in use then answers that it knows nothing.
    assert module.symbol(0x1000) is None
    assert module.row(0x1000) is None
    assert module.line(0x1000) is None


def test_descriptors_are_few(tmp_path: Path) -> None:
    modules = Modules(NOWHERE, most=4)
    data = image("stk_library", 64, LIBRARY)
    before = len(os.listdir("/proc/self/fd"))
    for number in range(12):
        path = tmp_path / str(number)
        path.write_bytes(data)
        span = 0x1000 * number
        mapping = Mapping(span, span + 1, "r-xp", 0, "00:00", path.stat().st_ino, str(path))
        assert modules.of(mapping, own_memory()) is not None
        assert len(os.listdir("/proc/self/fd")) <= before + 4
    modules.close()
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.write_bytes(b"\x7fELF")])
def test_what_is_no_image(tmp_path: Path, make: Callable[[Path], object]) -> None:
    path = tmp_path / "strange"
    make(path)
    modules = Modules(NOWHERE)
    mapping = Mapping(0, 1, "r-xp", 0, "00:00", path.stat().st_ino, str(path))
    assert modules.of(mapping, own_memory()) is None
    modules.close()


def test_a_file_that_is_cut_short_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "cut"
    path.write_bytes(image("stk_calls"))
    module = opened(path)
    path.write_bytes(b"")
    assert module.row(0x1000) is None
    assert module.symbol(0x1000) is None
    assert module.line(0x1000) is None
    module.close()
