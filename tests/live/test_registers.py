"""The registers of a real thread: what gdb shows of the same program is what we show."""

from __future__ import annotations

import re
import struct
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from seize import Tracer, arch, ptrace
from seize.abi._generated import constants as k
from seize.debug.registers import Registers
from seize.engine.tracee import Tracee
from seize.errors import PtraceError, Unsupported, UsageError
from seize.stops.events import SignalDelivery

Builder = Callable[..., str]
PATTERN = bytes((i * 7 + i // 64) & 0xFF for i in range(64 * 32))
"""What the program fills its vector registers with, 64 bytes for each."""


class Source:
    """The register sets of a stopped tracee."""

    def __init__(self, tracee: Tracee) -> None:
        self.tracee = tracee

    def regset(self, note_type: int) -> bytes:
        return self.tracee.ask(ptrace.getregset, note_type)

    def set_regset(self, note_type: int, data: bytes) -> None:
        self.tracee.ask(ptrace.setregset, note_type, data)


@contextmanager
def trapped(*command: str) -> Iterator[Registers]:
    """A program at its first SIGTRAP."""
    with Tracer(syscalls=False) as tracer:
        tracer.spawn(list(command))
        for stop in tracer:
            if isinstance(stop, SignalDelivery) and stop.signal == k.SIGTRAP:
                source = Source(stop.tracee)
                machine = arch.by_prstatus_size(len(source.regset(1)))
                yield Registers(machine, source)
                return
        raise AssertionError("it ended without a trap")


def gdb(command: tuple[str, ...], *expressions: str) -> list[str]:
    """What gdb prints at the program's trap, command by command."""
    program, *arguments = command
    # The marker stands where one output ends.
    words = [word for text in expressions for word in ("-ex", text, "-ex", "echo @@@\\n")]
    run = ["-ex", f"run {' '.join(arguments)} > /dev/null", "-ex", "echo @@@\\n"]
    told = subprocess.run(
        ["gdb", "-nx", "-batch", *run, *words, program],
        capture_output=True,
        text=True,
        timeout=50,
        check=True,
    )
    return [part.strip() for part in told.stdout.split("@@@\n")][1:-1]


def integers(text: str) -> dict[str, int]:
    """The second column of "info registers"."""
    rows = (line.split() for line in text.splitlines())
    return {row[0]: int(row[1], 16) for row in rows if len(row) > 1 and row[1][:2] == "0x"}


def same_in_every_run(names: set[str]) -> set[str]:
    """Without addresses, which differ under gdb."""
    moving = ("rdx", "rsp", "rip", "rbp", "r9", "r10", "r11", "r12", "r13", "r14", "fs_base")
    small = ("ebx", "esp", "ebp", "esi", "edi", "eip")
    return names.difference((*moving, *small))


@pytest.mark.parametrize("bits", [64, 32])
def test_registers_are_what_gdb_shows(program: Builder, bits: int) -> None:
    command = (program("dbg_registers", bits=bits),)
    general, floats, *rest = gdb(
        command,
        "info registers",
        "info registers float",
        "info registers mxcsr",
        "p $ymm3.v8_int32",
        "p/x $ymm7.v4_int64",
        "p $xmm5.v4_float",
        "p/x $mm1.uint64",
    )
    with trapped(*command) as registers:
        theirs = integers(general) | integers(floats)
        # gdb 13 believes that all processors keep AVX-512 where Intel's do.
        compared = {name for name in same_in_every_run(set(theirs)) if name[0] != "k"}
        assert len(compared) > 15
        for name in compared:
            width = 8 * len(registers.read(name))
            assert registers[name] == theirs[name] % (1 << width), name
        assert re.search(r"eflags .*(\[.*\])", general)[1] == str(registers.flags)  # type: ignore[index]
        assert rest[0].split()[-8:] == ["[", *str(registers.mxcsr_flags).split()[1:]]
        numbers = [int(word) for word in re.findall(r"-?\d+", rest[1].partition("=")[2])]
        assert registers.ymm3.i32 == numbers
        words = re.findall(r"0x[0-9a-f]+", rest[2])
        assert registers.ymm7.u64 == [int(word, 16) for word in words]
        lanes = [float(word) for word in rest[3].partition("{")[2].rstrip("}").split(",")]
        assert list(registers.xmm5.f32) == pytest.approx(lanes, rel=1e-7)
        if bits == 32:  # gdb has no MMX registers in 64-bit programs
            assert registers.mm1 == int(rest[4].partition("=")[2], 16)
        for number, line in enumerate(floats.splitlines()[:8]):
            _, value, raw = line.split(None, 2)
            register = registers[f"st{number}"]
            assert str(register) == value
            assert int.from_bytes(register.raw, "little") == int(raw.strip("(raw )"), 16)
        assert float(registers.st3) == pytest.approx(3.141592653589793, rel=0)


def test_a_program_sees_what_is_written(program: Builder) -> None:
    with trapped(program("dbg_registers")) as registers:
        registers.ymm2.u64[3] = 0x1234
        registers.xmm9 = 7
        registers.st2 = -0.375
        registers.eax = 0xCAFE
        registers.ah = 1
        registers.r15 = -3
        registers.flags = "[ ZF IF ]"
        registers.mxcsr_flags = ["IM", "FZ"]
        assert registers.dirty
        registers.flush()
        assert not registers.dirty
        again = Registers(registers.machine, registers._source)
        upper = struct.unpack("<3Q", PATTERN[128:152])
        assert again.ymm2.u64 == (*upper, 0x1234)
        assert again.xmm9 == 7
        assert again.ymm9.bytes[16:] == PATTERN[64 * 9 + 16 : 64 * 9 + 32]
        assert again.st2.value == -0.375
        assert again.rax == 0x1122_3344_0000_01FE
        assert again.r15 == 0xFFFF_FFFF_FFFF_FFFD
        assert again.flags == {"ZF", "IF"}
        assert again.mxcsr_flags == {"IM", "FZ"}


def test_a_vector_register_in_its_initial_state_can_be_written() -> None:
    with Tracer(syscalls=False) as tracer:
        tracer.spawn(["true"])
        stop = tracer.next()
        assert stop is not None
        source = Source(stop.tracee)
        registers = Registers(arch.native(), source)
        registers.ymm1 = 1 << 200
        registers.st0 = 2.5
        registers.flush()
        again = Registers(arch.native(), source)
        assert again.ymm1 == 1 << 200
        assert (again.st0.value, again.fctrl) == (2.5, 0x37F)


def test_saved_and_restored(program: Builder) -> None:
    with trapped(program("dbg_registers")) as registers:
        saved = registers.raw
        registers.rax = registers.rbx = registers.rip = 1
        registers.flush()
        registers.raw = saved
        registers.flush()
        again = Registers(registers.machine, registers._source)
        assert again.raw == saved
        assert again.rax == 0x1122_3344_5566_7788


def test_what_is_refused(program: Builder) -> None:
    with trapped(program("dbg_registers")) as registers:
        with pytest.raises(UsageError, match="no register 'rxx'"):
            registers["rxx"]
        with pytest.raises(UsageError, match="doesn't fit into al"):
            registers.al = 256
        with pytest.raises(UsageError, match="16 bytes, not 3"):
            registers.write("xmm0", b"abc")
        with pytest.raises(UsageError, match="no flag 'XF'"):
            registers.flags = "XF"
        registers.mxcsr = 0xFFFF_0000
        with pytest.raises(PtraceError, match="EINVAL"):
            registers.flush()
        assert registers.mxcsr == 0x5F80


def has_avx512() -> bool:
    return "avx512bw" in Path("/proc/cpuinfo").read_text()


def test_wide_vectors(program: Builder) -> None:
    """Beside what the program itself put there; gdb 13 is wrong about AMD's layout."""
    if not has_avx512():
        with trapped(program("dbg_registers")) as registers:
            assert "zmm0" not in registers
            with pytest.raises(Unsupported, match="zmm0"):
                registers.zmm0.bytes  # noqa: B018
        return
    with trapped(program("dbg_registers"), "avx512") as registers:
        for number in range(32):
            expected = PATTERN[64 * number : 64 * number + 64]
            assert registers[f"zmm{number}"].bytes == expected
            assert registers[f"ymm{number}"].bytes == expected[:32]
            assert registers[f"xmm{number}"].bytes == expected[:16]
            assert registers.read(f"zmm{number}h") == expected[32:]
        assert [registers[f"k{n}"] for n in range(8)] == [
            0x0101_0101_0101_0101 * (n + 1) for n in range(8)
        ]
        registers.zmm20.u8[63] = 0
        registers.k5 = 5
        registers.flush()
        again = Registers(registers.machine, registers._source)
        assert again.zmm20.bytes == PATTERN[64 * 20 : 64 * 20 + 63] + b"\0"
        assert again.zmm21.bytes == PATTERN[64 * 21 : 64 * 22]
        assert again.k5 == 5


@pytest.mark.parametrize("size", [16384, 64])
def test_the_closures_for_register_sets(size: int) -> None:
    with Tracer(syscalls=False) as tracer:
        tracer.spawn(["true"])
        stop = tracer.next()
        assert stop is not None
        read, write = ptrace.regset_reader(size), ptrace.regset_writer(size)
        for note in (ptrace.NT_PRSTATUS, ptrace.NT_FPREGSET):
            assert read(stop.tid, note) == ptrace.getregset(stop.tid, note)
        data = arch.native().user_regs.from_bytes(read(stop.tid, ptrace.NT_PRSTATUS))
        write(stop.tid, ptrace.NT_PRSTATUS, data.replace(r12=0x1234).to_bytes())
        assert ptrace.getregs(stop.tid).r12 == 0x1234
        with pytest.raises(Unsupported, match="register set 0x999"):
            read(stop.tid, 0x999)
        with pytest.raises(Unsupported, match="register set 0x999"):
            write(stop.tid, 0x999, b"12345678")
        with pytest.raises(PtraceError, match="EINVAL"):
            write(stop.tid, ptrace.NT_PRSTATUS, b"123")
