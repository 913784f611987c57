"""aarch64: registers, the system call ABI, and instruction bytes (see syscall(2))."""

from __future__ import annotations

from struct import Struct

from seize.arch.base import Arch, UserFpRegs, UserRegs

REGISTERS = (*(f"x{number}" for number in range(31)), "sp", "pc", "pstate")


class Aarch64Regs(UserRegs):
    """``struct user_pt_regs`` of <asm/ptrace.h> on aarch64: 34 words, 272 bytes."""

    __slots__ = REGISTERS
    names = REGISTERS
    layout = Struct("<34Q")
    _word = 0xFFFF_FFFF_FFFF_FFFF


class Aarch64FpRegs(UserFpRegs):
    """``struct user_fpsimd_state`` of <asm/ptrace.h> on aarch64: 528 bytes.

    ``vregs`` has the 32 vector registers of 128 bits.
    """

    names = ("vregs", "fpsr", "fpcr", "padding")
    __slots__ = names
    arrays = ("vregs",)
    layout = Struct("<512s2I8s")


ARCH = Arch(
    name="aarch64",
    audit_arch=0xC00000B7,
    word_size=8,
    registers=REGISTERS,
    user_regs=Aarch64Regs,
    user_fpregs=Aarch64FpRegs,
    pc="pc",
    sp="sp",
    frame_pointer="x29",
    syscall_number="x8",
    syscall_result="x0",
    syscall_arguments=("x0", "x1", "x2", "x3", "x4", "x5"),
    function_arguments=("x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7"),
    function_result="x0",
    breakpoint=b"\x00\x00\x20\xd4",
    breakpoint_advance=0,
    syscall_instruction=b"\x01\x00\x00\xd4",
)
