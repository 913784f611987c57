"""Register values without a thread: floats of 80 bits, layouts of the XSAVE area, tags."""

from __future__ import annotations

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seize import arch
from seize.arch import xstate
from seize.debug import vectors
from seize.debug.registers import NT_PRFPREG, NT_PRSTATUS, NT_PRXFPREG, NT_X86_XSTATE, Registers
from seize.errors import PtraceError, Unsupported, UsageError


class Recorded:
    """Register sets that were recorded; the others answer as a kernel does that lacks them."""

    def __init__(self, **sets: bytes) -> None:
        self.sets = {int(name[1:]): data for name, data in sets.items()}

    def regset(self, note_type: int) -> bytes:
        if note_type not in self.sets:
            raise PtraceError("PTRACE_GETREGSET", 1, 19)
        return self.sets[note_type]

    def set_regset(self, note_type: int, data: bytes) -> None:
        self.sets[note_type] = data


def recorded(sets: dict[int, bytes]) -> Recorded:
    return Recorded(**{f"n{number}": data for number, data in sets.items()})


def area(xcr0: int, size: int) -> bytearray:
    data = bytearray(size)
    struct.pack_into("<Q", data, 464, xcr0)
    return data


@given(st.floats())
def test_every_float_survives_80_bits(value: float) -> None:
    back = vectors.extended_to_float(vectors.float_to_extended(value))
    assert back == value or (math.isnan(back) and math.isnan(value))
    assert math.copysign(1, back) == math.copysign(1, value) or math.isnan(value)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("4000c90fdaa22168c235", "3.14159265358979323851"),
        ("bfff8000000000000000", "-1"),
        ("3fffb8aa3b295c17f0bc", "1.44269504088896340739"),
        ("80000000000000000000", "-0"),
        ("7fff8000000000000000", "inf"),
        ("ffffc000000000000000", "-nan(0xc000000000000000)"),
        ("7ffeffffffffffffffff", "1.18973149535723176502e+4932"),
        ("00000000000000000001", "3.64519953188247460253e-4951"),
        ("403e8000000000000000", "9223372036854775808"),
        ("40458000000000000000", "1.18059162071741130342e+21"),
        ("3ff1d1b71758e219652c", "0.000100000000000000000001"),
        ("3feea7c5ac471b478423", "9.99999999999999999995e-06"),
    ],
)
def test_the_text_of_80_bits(raw: str, text: str) -> None:
    assert vectors.extended_text(bytes.fromhex(raw)[::-1]) == text


def test_80_bits_are_rounded_once() -> None:
    # Between two floats, a little above the middle: dropping bits in two steps would go down.
    raw = (1 << 63 | 1 << 10 | 1).to_bytes(8, "little") + (16383).to_bytes(2, "little")
    assert vectors.extended_to_float(raw) == 1 + 2**-52
    assert vectors.extended_to_float(bytes.fromhex("7ffeffffffffffffffff")[::-1]) == math.inf
    least = (1 << 63).to_bytes(8, "little") + (16383 - 1074).to_bytes(2, "little")
    assert vectors.extended_to_float(least) == 5e-324


@pytest.mark.parametrize(
    ("xcr0", "size", "opmask", "upper", "high", "pkru"),
    [
        (0xE7, 2432, 832, 896, 1408, None),  # AMD, AVX-512
        (0x2E7, 2440, 832, 896, 1408, 2432),  # AMD, and protection keys
        (0xE7, 2688, 1088, 1152, 1664, None),  # Intel, AVX-512
        (0x2FF, 2696, 1088, 1152, 1664, 2688),  # Intel, MPX, AVX-512, protection keys
        (0x602E7, 11008, 1088, 1152, 1664, 2688),  # Intel, AMX
        (0xE02E7, 11008, 1088, 1152, 1664, 2688),  # Intel, AMX and APX
    ],
)
def test_layouts(
    xcr0: int, size: int, opmask: int, upper: int, high: int, pkru: int | None
) -> None:
    found = xstate.components(xcr0, size)
    assert found.get(xstate.AVX) == 576
    assert found.get(xstate.OPMASK) == opmask
    assert found.get(xstate.ZMM_HI256) == upper
    assert found.get(xstate.HI16_ZMM) == high
    assert found.get(xstate.PKRU) == pkru


def test_an_unknown_layout_gives_no_wrong_registers() -> None:
    state = xstate.ExtendedState(bytes(area(0xE7, 3000)), 8)
    assert state.has("ymm0")
    assert not state.has("zmm0")
    with pytest.raises(Unsupported, match="zmm0"):
        state.read("zmm0")
    assert not xstate.ExtendedState(bytes(area(3, 576)), 8).has("ymm0")


def test_intels_places() -> None:
    data = area(0x2FF, 2696)
    data[1088 + 8 : 1096 + 8] = b"\x11" * 8
    data[160:176], data[576:592], data[1152:1184] = b"a" * 16, b"b" * 16, b"c" * 32
    data[1664:1728] = b"d" * 64
    data[2688:2692] = b"\x55\x55\x55\x55"
    sets = {NT_X86_XSTATE: bytes(data)}
    registers = Registers(arch.by_name("x86_64"), recorded(sets))
    assert registers.k1 == 0x1111_1111_1111_1111
    assert registers.zmm0.bytes == b"a" * 16 + b"b" * 16 + b"c" * 32
    assert registers.zmm16.bytes == b"d" * 64
    assert registers.pkru == 0x5555_5555
    assert "zmm31" in registers.names("vector")
    assert "pkru" in registers.names("system")


def test_amds_layout_becomes_intels() -> None:
    data = area(0x2E7, 2440)
    data[0:512] = bytes(range(256)) * 2
    struct.pack_into("<Q", data, 464, 0x2E7)
    for number, at in enumerate((576, 832, 896, 1408, 2432)):
        data[at : at + 8] = bytes([number + 1]) * 8
    made = xstate.in_intels_layout(bytes(data))
    assert len(made) == 2696
    assert made[:576] == data[:576]
    for number, at in enumerate((576, 1088, 1152, 1664, 2688)):
        assert made[at : at + 8] == bytes([number + 1]) * 8
    for size in (512, 832, 2696, 3000):
        other = bytes(area(7, size)) if size > 512 else bytes(size)
        assert xstate.in_intels_layout(other) == other


def test_what_is_written_is_marked_as_used() -> None:
    source = recorded({NT_X86_XSTATE: bytes(area(0xE7, 2688))})
    registers = Registers(arch.by_name("x86_64"), source)
    registers.zmm17 = 1
    registers.flush()
    assert struct.unpack_from("<Q", source.sets[NT_X86_XSTATE], 512)[0] == 1 << 7
    registers.zmm3 = 1
    registers.st4 = 1.0
    registers.flush()
    in_use = 1 << 7 | 1 << 6 | 1 << 2 | 1 << 1 | 1
    assert struct.unpack_from("<Q", source.sets[NT_X86_XSTATE], 512)[0] == in_use


@pytest.mark.parametrize(("machine", "note"), [("x86_64", NT_PRFPREG), ("i386", NT_PRXFPREG)])
def test_without_xsave(machine: str, note: int) -> None:
    data = bytearray(512)
    data[160:176] = bytes(range(16))
    source = recorded({note: bytes(data)})
    registers = Registers(arch.by_name(machine), source)
    assert registers.xmm0.bytes == bytes(range(16))
    assert "ymm0" not in registers
    assert "xmm8" in registers if machine == "x86_64" else "xmm8" not in registers
    registers.xmm1.u8 = range(16)
    registers.flush()
    assert source.sets[note][176:192] == bytes(range(16))


def test_tags_and_mmx_follow_the_top_of_the_stack() -> None:
    data = bytearray(512)
    data[2:4] = (5 << 11).to_bytes(2, "little")
    data[4] = 0b1110_0000  # three registers in use: 5, 6, 7
    data[32:42] = vectors.float_to_extended(1.5)  # st0 is register 5
    data[64:74] = vectors.float_to_extended(math.inf)  # st2 is register 7
    registers = Registers(arch.by_name("x86_64"), recorded({NT_PRFPREG: bytes(data)}))
    assert registers.ftag == 0b10_01_00_11_11_11_11_11
    assert registers.mm5.bytes == data[32:40]
    registers.ftag = 0xFFFF
    assert registers.ftag == 0xFFFF
    registers.mm0 = 0x0102_0304_0506_0708
    assert registers.st3.raw[:8] == bytes.fromhex("0807060504030201")


def test_parts_of_registers_i386() -> None:
    data = arch.by_name("i386").user_regs(*range(17)).to_bytes()
    registers = Registers(arch.by_name("i386"), recorded({NT_PRSTATUS: data}))
    assert (registers.ebx, registers.eax, registers.cs, registers.pc) == (0, 6, 13, 12)
    registers.ah = 0xFF
    assert registers.eax == 0xFF06
    assert registers.general()["eax"] == 0xFF06
    assert "rax" not in registers
    with pytest.raises(AttributeError):
        registers.rax  # noqa: B018


def test_a_machine_without_vectors_here() -> None:
    machine = arch.by_name("aarch64")
    data = machine.user_regs(*range(34)).to_bytes()
    registers = Registers(machine, recorded({NT_PRSTATUS: data}))
    assert (registers.x5, registers.sp, registers.pc) == (5, 31, 32)
    assert registers.names() == machine.registers
    with pytest.raises(UsageError, match="no register 'xmm0'"):
        registers["xmm0"]
    with pytest.raises(UsageError, match="no register 'xmm0'"):
        registers.read("xmm0")


def test_nothing_is_read_before_it_is_asked_for() -> None:
    registers = Registers(arch.by_name("x86_64"), recorded({}))
    assert not registers.dirty
    with pytest.raises(PtraceError):
        registers.rip  # noqa: B018
