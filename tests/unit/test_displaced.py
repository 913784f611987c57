"""Plans for executing an instruction elsewhere, beside what iced-x86 says of them."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seize.debug import frequent, instructions
from seize.debug.displaced import SLOT_SIZE, plan
from seize.errors import UsageError

iced_x86 = pytest.importorskip("iced_x86")

ADDRESS = 0x5555_5555_4123
NEAR, FAR = ADDRESS + 0x1000_0000, 0x7FFF_F000_0000
GIB = 1 << 30
FREQUENT_BYTES = st.sampled_from(
    [0x0F, 0x1F, 0x41, 0x48, 0x4C, 0x50, 0x66, 0x83, 0x89, 0x8B, 0x8D, 0xC3, 0xC7, 0xE8, 0xEB, 0xFF]
)
CODE = st.lists(st.one_of(FREQUENT_BYTES, st.integers(0, 255)), min_size=16, max_size=16).map(bytes)
BITS = st.sampled_from([64, 32])


def disassemble(code: bytes, address: int, bits: int = 64) -> list[str]:
    """What a slot executes."""
    return [str(each) for each in iced_x86.Decoder(bits, code, ip=address)]


@pytest.mark.parametrize(
    ("text", "kind", "size"),
    [
        ("55", "moved", 1),
        ("f30f1efa", "moved", 4),
        ("0f05", "syscall", 2),
        ("0f34", "syscall", 2),
        ("cd80", "syscall", 2),
        ("cc", "trap", 1),
        ("cd03", "trap", 2),
        ("f1", "trap", 1),
        ("0f0b", "moved", 2),
        ("c7f800000000", "step", 6),
        ("48cf", "step", 2),
        ("cb", "step", 1),
        ("48ff28", "step", 3),
        ("06", "step", 0),
        ("e8", "step", 0),
        ("", "step", 0),
    ],
)
def test_kinds_and_sizes(text: str, kind: str, size: int) -> None:
    found = plan(bytes.fromhex(text), ADDRESS)
    assert (found.kind, found.size, found.reach) == (kind, size, None)
    if kind == "step":
        with pytest.raises(UsageError, match="can't be executed elsewhere"):
            found.place(NEAR)


def test_what_slots_execute() -> None:
    def slot(text: str, at: int = NEAR) -> list[str]:
        return disassemble(plan(bytes.fromhex(text), ADDRESS).place(at), at)

    assert slot("55") == ["push rbp", "jmp near ptr 0000555555554124h"]
    assert slot("7502") == [
        "jne short 000055556555412Ah",
        "jmp near ptr 0000555555554125h",
        "jmp near ptr 0000555555554127h",
    ]
    assert slot("eb10") == ["jmp near ptr 0000555555554135h"]
    assert slot("488d0500010000") == ["lea rax,[55555555422Ah]", "jmp near ptr 000055555555412Ah"]
    assert slot("0f05") == ["syscall", "jmp near ptr 0000555555554125h"]
    assert slot("c3") == ["ret"]
    assert slot("ffd0")[:2] == ["push qword ptr [55556555412Bh]", "jmp rax"]
    far = slot("55", FAR)
    assert far[:2] == ["push rbp", "jmp qword ptr [7FFFF0000007h]"]
    code = plan(b"\x55", ADDRESS).place(FAR)
    assert int.from_bytes(code[7:15], "little") == ADDRESS + 1


@pytest.mark.parametrize("at", [NEAR, FAR])
def test_logical_program_counters(at: int) -> None:
    def counters(text: str) -> list[int]:
        """Those that the offsets of the slot's instructions stand for, one after the other."""
        moved = plan(bytes.fromhex(text), ADDRESS)
        found = [moved.logical_pc(at, at + offset) for offset in range(len(moved.place(at)))]
        assert found[0] == ADDRESS
        assert found.count(ADDRESS) == 1
        return [each for each in found if each is not None][1:]

    assert counters("55") == [ADDRESS + 1]
    assert counters("cc") == [ADDRESS + 1]
    assert counters("7502") == [ADDRESS + 2, ADDRESS + 4]
    assert counters("e80b000000") == [ADDRESS + 16]
    assert counters("eb10") == counters("ffe0") == counters("ffd0") == counters("c3") == []
    assert plan(b"\x55", ADDRESS).logical_pc(at, at + SLOT_SIZE) is None


def test_how_much_has_been_pushed_in_the_middle_of_a_call() -> None:
    for text, bits, pushed in (
        ("ffd0", 64, [8]),
        ("ffd0", 32, [4]),
        ("ff17", 64, [8, 16, 16, 16]),
        ("ff17", 32, [4, 8, 8]),
    ):
        call = plan(bytes.fromhex(text), 0x8048000, bits=bits)
        sizes = [each.len for each in iced_x86.Decoder(bits, call.place(0x10000))]
        places = [0x10000 + sum(sizes[: index + 1]) for index in range(len(pushed))]
        assert [call.logical_pc(0x10000, place) for place in places] == [None] * len(pushed)
        assert [call.pushed(0x10000, place) for place in places] == pushed


def test_the_reach_of_a_rip_relative_operand_is_exact() -> None:
    moved = plan(bytes.fromhex("488b0500010000"), ADDRESS)
    assert moved.reach is not None
    for slot in moved.reach:
        assert "[55555555422Ah]" in disassemble(moved.place(slot), slot)[0]
    for slot in (moved.reach[0] - 1, moved.reach[1] + 1):
        with pytest.raises(UsageError, match="too far"):
            moved.place(slot)
    low = plan(bytes.fromhex("488b0500010000"), 0x401000)
    assert low.reach is not None
    assert low.reach[0] == 0


@given(CODE, BITS, st.sampled_from([0x1000, NEAR & 0xFFFF_F000, 0xF7F0_0000]))
def test_any_code_fits_in_a_slot_and_comes_back(code: bytes, bits: int, slot: int) -> None:
    address = 0x5555_6123
    moved = plan(code, address, bits=bits)
    assert 0 <= moved.size <= 15
    if moved.kind == "step":
        return
    if moved.reach is not None:
        slot = min(max(slot, moved.reach[0]), moved.reach[1])
    placed = moved.place(slot)
    assert len(placed) <= SLOT_SIZE
    assert moved.logical_pc(slot, slot) == address
    original = iced_x86.Decoder(bits, code, ip=address).decode()
    first = iced_x86.Decoder(bits, placed, ip=slot).decode()
    assert not first.is_invalid
    if original.flow_control == iced_x86.FlowControl.NEXT:
        assert str(first) == str(original)
        after = moved.logical_pc(slot, slot + first.len)
        assert after == original.next_ip


@given(CODE, BITS)
def test_the_small_decoder_says_what_iced_says(code: bytes, bits: int) -> None:
    found = frequent.decode(code, ADDRESS & 0xFFFF_FFFF, bits)
    if found != instructions.UNKNOWN:
        assert found == instructions.decode_any(code, ADDRESS & 0xFFFF_FFFF, bits)


def test_the_small_decoder_knows_how_functions_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "iced_x86", None)
    instructions._decoder.cache_clear()
    try:
        for text in (
            *("f30f1efa", "55", "4157", "4889e5", "4883ec10", "4881ec88000000", "90", "6690"),
            *("0f1f440000", "31c0", "4531ff", "4889fb", "b801000000", "48b80102030405060708"),
            *("c3", "c20800", "e800000000", "ff1500000000", "eb00", "7400", "0f8400000000"),
            *("488b0500000000", "c705000000000100" + "0000", "64488b042528000000", "8d4701"),
        ):
            code = bytes.fromhex(text)
            known = text[:2] != "64"
            assert plan(code, ADDRESS).size == (len(code) if known else 0), text
    finally:
        instructions._decoder.cache_clear()
