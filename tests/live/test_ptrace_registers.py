"""Registers and words: what is read is there, and what is written is what the program sees."""

from __future__ import annotations

import errno
import os
import signal
import struct
from collections.abc import Callable

import pytest

from seize import arch, ptrace
from seize.errors import MemoryFault, PtraceError, Unsupported, UsageError
from tests.live.pt_support import Child

Program = Callable[..., str]
WORD = 0x1122334455667788
ALL_ONES = 0xFFFF_FFFF_FFFF_FFFF
ARCH_SET_FS, ARCH_GET_FS, ARCH_GET_GS = 0x1002, 0x1003, 0x1004
NT_386_TLS = 0x200
FIRST_TLS_ENTRY = 12


def words_child(path: str) -> tuple[Child, int, int]:
    child = Child(path, "words")
    child.meet()
    variable, constant = (int(word, 16) for word in child.stdout.readline().split())
    return child, variable, constant


@pytest.mark.parametrize("peek", [ptrace.peekdata, ptrace.peektext])
def test_peek_reads_words_all_ones_too(program: Program, peek: Callable[[int, int], int]) -> None:
    child, variable, constant = words_child(program("pt_target"))
    with child:
        assert peek(child.pid, variable) == WORD
        assert peek(child.pid, constant) == ALL_ONES


@pytest.mark.parametrize("poke", [ptrace.pokedata, ptrace.poketext])
def test_poke_changes_what_the_program_prints(
    program: Program, poke: Callable[[int, int, int], None]
) -> None:
    child, variable, constant = words_child(program("pt_target"))
    with child:
        poke(child.pid, variable, -2)
        poke(child.pid, constant, 0xABC)  # although its page is read-only
        assert child.finish() == (0, f"{ALL_ONES - 1:x} abc\n")


@pytest.mark.parametrize("address", [8, ALL_ONES - 7])
def test_words_at_bad_addresses(program: Program, address: int) -> None:
    with Child(program("pt_target"), "ready") as child:
        with pytest.raises(MemoryFault, match=rf"can't read 8 bytes .*{address:#x}") as caught:
            ptrace.peekdata(child.pid, address)
        assert (caught.value.address, caught.value.size) == (address, 8)
        with pytest.raises(MemoryFault, match="can't write 8 bytes"):
            ptrace.pokedata(child.pid, address, 0)


def test_user_area_holds_the_registers(program: Program) -> None:
    with Child(program("pt_target"), "registers") as child:
        child.meet()
        offset = arch.native().offset("rax")
        assert ptrace.peekuser(child.pid, offset) == ptrace.getregs(child.pid).rax == 1
        ptrace.pokeuser(child.pid, offset, 77)
        assert child.finish() == (0, "77\n")


def test_user_area_offsets_are_checked(program: Program) -> None:
    with Child(program("pt_target"), "ready") as child:
        for offset in (3, 1 << 20):
            with pytest.raises(PtraceError, match=r"PTRACE_PEEKUSER.*EIO"):
                ptrace.peekuser(child.pid, offset)
            with pytest.raises(PtraceError, match=r"PTRACE_POKEUSER.*EIO"):
                ptrace.pokeuser(child.pid, offset, 0)


@pytest.mark.parametrize("bits", [64, 32])
def test_setregs_changes_what_the_program_prints(program: Program, bits: int) -> None:
    with Child(program("pt_target", bits=bits), "registers") as child:
        child.meet()
        registers = ptrace.getregs(child.pid)
        assert registers.rax == 1
        assert registers.pc == registers.rip
        registers.rax = 123
        ptrace.setregs(child.pid, registers)
        assert ptrace.getregs(child.pid) == registers
        assert child.finish() == (0, "123\n")


def test_setregs_refuses_a_kernel_segment(program: Program) -> None:
    with Child(program("pt_target"), "registers") as child:
        child.meet()
        with pytest.raises(PtraceError, match=r"PTRACE_SETREGS.*EIO"):
            ptrace.setregs(child.pid, ptrace.getregs(child.pid).replace(cs=0x10))


@pytest.mark.parametrize(("bits", "size", "name"), [(64, 216, "x86_64"), (32, 68, "i386")])
def test_prstatus_tells_the_machine(program: Program, bits: int, size: int, name: str) -> None:
    with Child(program("pt_target", bits=bits), "registers") as child:
        child.meet()
        data = ptrace.getregset(child.pid, ptrace.NT_PRSTATUS)
        assert len(data) == size
        machine = arch.by_prstatus_size(len(data))
        assert machine.name == name
        registers = machine.user_regs.from_bytes(data)
        assert registers.pc == ptrace.getregs(child.pid).rip
        assert registers.sp == ptrace.getregs(child.pid).rsp
        changed = registers.replace(**{machine.syscall_result: 55})
        ptrace.setregset(child.pid, ptrace.NT_PRSTATUS, changed.to_bytes())
        assert child.finish() == (0, "55\n")


def test_getfpregs_and_setfpregs(program: Program) -> None:
    with Child(program("pt_target"), "floats") as child:
        child.meet()
        registers = ptrace.getfpregs(child.pid)
        assert struct.unpack("<d", (registers.xmm_space[0] & ALL_ONES).to_bytes(8, "little")) == (
            1.5,
        )
        registers.xmm_space[0] = int.from_bytes(struct.pack("<d", 2.25), "little")
        ptrace.setfpregs(child.pid, registers)
        assert ptrace.getfpregs(child.pid) == registers
        assert child.finish() == (0, "2.25\n")


def test_setfpregs_refuses_reserved_bits(program: Program) -> None:
    with Child(program("pt_target"), "floats") as child:
        child.meet()
        registers = ptrace.getfpregs(child.pid)
        registers.mxcsr = 0xFFFFFFFF
        with pytest.raises(PtraceError, match=r"PTRACE_SETFPREGS.*EINVAL"):
            ptrace.setfpregs(child.pid, registers)


@pytest.mark.parametrize("note_type", [ptrace.NT_FPREGSET, ptrace.NT_X86_XSTATE])
def test_vector_register_sets(program: Program, note_type: int) -> None:
    with Child(program("pt_target"), "floats") as child:
        child.meet()
        data = bytearray(ptrace.getregset(child.pid, note_type))
        legacy = ptrace.getfpregs(child.pid)
        assert data[160:168] == struct.pack("<d", 1.5)
        assert type(legacy).from_bytes(bytes(data)).xmm_space == legacy.xmm_space
        data[160:168] = struct.pack("<d", -8.5)
        ptrace.setregset(child.pid, note_type, bytes(data))
        assert child.finish() == (0, "-8.5\n")


@pytest.mark.parametrize("size", [8, 64, 216, 65536])
def test_getregset_grows_its_buffer(program: Program, size: int) -> None:
    with Child(program("pt_target"), "ready") as child:
        whole = ptrace.getregset(child.pid, ptrace.NT_PRSTATUS)
        assert ptrace.getregset(child.pid, ptrace.NT_PRSTATUS, size) == whole
        xstate = ptrace.getregset(child.pid, ptrace.NT_X86_XSTATE)
        assert len(xstate) > 512
        assert ptrace.getregset(child.pid, ptrace.NT_X86_XSTATE, size) == xstate


def test_regset_errors_tell_type_from_length(program: Program) -> None:
    with Child(program("pt_target"), "ready") as child:
        with pytest.raises(Unsupported, match=r"register set 0x400 .*machine that has it"):
            ptrace.getregset(child.pid, 0x400)  # NT_ARM_VFP
        with pytest.raises(PtraceError, match=r"EINVAL.*13 bytes of register set 0x1") as caught:
            ptrace.getregset(child.pid, ptrace.NT_PRSTATUS, 13)
        assert caught.value.errno == errno.EINVAL
        with pytest.raises(PtraceError, match="13 bytes of register set 0x1"):
            ptrace.setregset(child.pid, ptrace.NT_PRSTATUS, bytes(13))


def test_arch_prctl_reads_and_sets_the_fs_base(program: Program) -> None:
    with Child(program("pt_target"), "storage") as child:
        child.meet()
        base = int(child.stdout.readline(), 16)
        assert ptrace.arch_prctl(child.pid, ARCH_GET_FS) == base
        assert ptrace.peekdata(child.pid, base) == base
        assert ptrace.arch_prctl(child.pid, ARCH_GET_GS) == ptrace.getregs(child.pid).gs_base
        assert ptrace.arch_prctl(child.pid, ARCH_SET_FS, base + 64) == 0
        assert ptrace.getregs(child.pid).fs_base == base + 64


def test_arch_prctl_errors(program: Program) -> None:
    with Child(program("pt_target"), "ready") as child:
        with pytest.raises(PtraceError, match=r"PTRACE_ARCH_PRCTL.*EINVAL"):
            ptrace.arch_prctl(child.pid, 0x9999)
        with pytest.raises(PtraceError, match=r"PTRACE_ARCH_PRCTL.*EPERM"):
            ptrace.arch_prctl(child.pid, ARCH_SET_FS, ALL_ONES)


def test_get_thread_area_of_a_32_bit_program(program: Program) -> None:
    with Child(program("pt_target", bits=32), "storage") as child:
        child.meet()
        base = int(child.stdout.readline(), 16)
        entry = ptrace.getregs(child.pid).gs >> 3
        found = ptrace.get_thread_area(child.pid, entry)
        assert (found.entry_number, found.base_addr, found.limit) == (entry, base, 0xFFFFF)
        assert (found.seg_32bit, found.limit_in_pages, found.useable) == (True, True, True)
        assert (found.read_exec_only, found.seg_not_present, found.contents) == (False, False, 0)
        tls = ptrace.getregset(child.pid, NT_386_TLS)
        index = entry - FIRST_TLS_ENTRY
        assert ptrace.UserDesc.from_bytes(tls[16 * index :]) == found


def test_set_thread_area_makes_a_segment(program: Program) -> None:
    with Child(program("pt_target", bits=32), "segment") as child:
        child.meet()
        address = int(child.stdout.readline(), 16)
        description = ptrace.UserDesc(14, address, 0xFFFFF, limit_in_pages=True, useable=True)
        ptrace.set_thread_area(child.pid, 14, description)
        assert ptrace.get_thread_area(child.pid, 14) == description
        assert child.finish() == (0, "5eed\n")


def test_segment_without_set_thread_area_faults(program: Program) -> None:
    with Child(program("pt_target", bits=32), "segment") as child:
        child.meet()
        ptrace.cont(child.pid)
        assert child.stop_signal() == signal.SIGSEGV


def test_thread_area_index_is_checked(program: Program) -> None:
    with Child(program("pt_target"), "ready") as child:
        with pytest.raises(PtraceError, match=r"EINVAL.*entry 3 isn't one for thread-local"):
            ptrace.get_thread_area(child.pid, 3)
        with pytest.raises(PtraceError, match=r"EINVAL.*entry 3"):
            ptrace.set_thread_area(child.pid, 3, ptrace.UserDesc(3, 0, 0))
        with pytest.raises(UsageError, match="-1 is no index"):
            ptrace.get_thread_area(child.pid, -1)


def test_registers_of_the_tracer_itself_are_not_to_be_had() -> None:
    with pytest.raises(PtraceError, match="nobody traces it"):
        ptrace.getregs(os.getpid())
