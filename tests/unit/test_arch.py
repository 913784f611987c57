"""Machines: lookups, register layouts and instruction bytes."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seize import arch
from seize.abi._generated import layouts_aarch64, layouts_i386, layouts_x86_64
from seize.errors import Unsupported

NAMES = ("x86_64", "i386", "aarch64")


@pytest.mark.parametrize(
    ("value", "name"), [(0xC000003E, "x86_64"), (0x40000003, "i386"), (0xC00000B7, "aarch64")]
)
def test_by_audit_arch(value: int, name: str) -> None:
    found = arch.by_audit_arch(value)
    assert (found.name, found.audit_arch) == (name, value)
    assert arch.by_name(name) is found


@pytest.mark.parametrize(
    ("name", "canonical"), [("amd64", "x86_64"), ("i686", "i386"), ("arm64", "aarch64")]
)
def test_synonyms(name: str, canonical: str) -> None:
    assert arch.by_name(name).name == canonical


def test_native_is_this_machine() -> None:
    assert arch.native() is arch.by_name(os.uname().machine)


def test_unknown_machines_are_unsupported() -> None:
    with pytest.raises(Unsupported, match="the machine vax"):
        arch.by_name("vax")
    with pytest.raises(Unsupported, match="AUDIT_ARCH 0x1"):
        arch.by_audit_arch(1)
    with pytest.raises(Unsupported, match="13 bytes"):
        arch.by_prstatus_size(13)


@pytest.mark.parametrize("name", NAMES)
def test_layouts_are_consistent(name: str) -> None:
    machine = arch.by_name(name)
    size = len(machine.registers) * machine.word_size
    assert machine.user_regs.layout.size == size
    assert arch.by_prstatus_size(size) is machine
    named = {
        *(machine.pc, machine.sp, machine.frame_pointer, machine.syscall_number),
        *(machine.syscall_result, machine.function_result),
        *machine.syscall_arguments,
        *machine.function_arguments,
    }
    assert named <= set(machine.registers)
    assert len(machine.syscall_arguments) == 6
    assert machine.word_mask == (1 << 8 * machine.word_size) - 1
    assert machine.offset(machine.registers[0]) == 0
    assert machine.offset(machine.registers[-1]) == size - machine.word_size
    assert hash(machine) == hash(machine)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_registers_survive_the_round_trip(name: str, data: st.DataObject) -> None:
    kind = arch.by_name(name).user_regs
    raw = data.draw(st.binary(min_size=kind.layout.size, max_size=kind.layout.size))
    registers = kind.from_bytes(raw)
    assert registers.to_bytes() == raw
    assert kind(*registers.as_dict().values()) == registers


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_floating_point_survives_the_round_trip(name: str, data: st.DataObject) -> None:
    kind = arch.by_name(name).user_fpregs
    raw = data.draw(st.binary(min_size=kind.layout.size, max_size=kind.layout.size))
    assert kind.from_bytes(raw).to_bytes() == raw


@pytest.mark.parametrize("name", NAMES)
def test_registers_are_mutable_and_comparable(name: str) -> None:
    machine = arch.by_name(name)
    first = machine.user_regs.from_bytes(bytes(machine.user_regs.layout.size))
    second = first.replace(**{machine.pc: 0x1000, machine.sp: -16})
    assert first != second
    assert (second.pc, first.pc) == (0x1000, 0)
    second.pc += machine.word_size
    assert second.to_bytes() != first.to_bytes()
    repacked = machine.user_regs.from_bytes(second.to_bytes())
    assert repacked.sp == machine.word_mask - 15
    assert repacked.pc == 0x1000 + machine.word_size
    with pytest.raises(AttributeError):
        first.replace(nonsense=1)
    with pytest.raises(TypeError):
        hash(first)
    assert f"{machine.pc}=0x0" in repr(first)


def test_register_names_are_unique() -> None:
    for name in NAMES:
        names = arch.by_name(name).registers
        assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("name", "layouts", "structure"),
    [
        ("x86_64", layouts_x86_64.LAYOUTS, "user_regs_struct"),
        ("i386", layouts_i386.LAYOUTS, "user_regs_struct"),
    ],
)
def test_registers_lie_where_the_headers_say(
    name: str,
    layouts: dict[str, tuple[int, tuple[tuple[str, int, str, int], ...]]],
    structure: str,
) -> None:
    machine = arch.by_name(name)
    size, fields = layouts[structure]
    assert machine.user_regs.layout.size == size
    assert {field: offset for field, offset, _, _ in fields} == {
        register: machine.offset(register) for register in machine.registers
    }


def test_aarch64_registers_lie_where_the_header_says() -> None:
    machine = arch.by_name("aarch64")
    size, fields = layouts_aarch64.LAYOUTS["user_pt_regs"]
    assert machine.user_regs.layout.size == size
    assert fields[0] == ("regs", machine.offset("x0"), "u64", 31)
    for field, offset, _, _ in fields[1:]:
        assert machine.offset(field) == offset
    size, fields = layouts_aarch64.LAYOUTS["user_fpsimd_state"]
    assert machine.user_fpregs.layout.size == size
