"""x86-64: registers, the system call ABI, and instruction bytes (see syscall(2))."""

from __future__ import annotations

from struct import Struct

from seize.arch.base import Arch, UserFpRegs, UserRegs

REGISTERS = (
    *("r15", "r14", "r13", "r12", "rbp", "rbx", "r11", "r10", "r9", "r8"),
    *("rax", "rcx", "rdx", "rsi", "rdi", "orig_rax", "rip", "cs", "eflags", "rsp", "ss"),
    *("fs_base", "gs_base", "ds", "es", "fs", "gs"),
)


class X8664Regs(UserRegs):
    """``struct user_regs_struct`` of <sys/user.h> on x86-64: 27 words, 216 bytes."""

    __slots__ = REGISTERS
    names = REGISTERS
    layout = Struct("<27Q")
    _word = 0xFFFF_FFFF_FFFF_FFFF

    @property
    def pc(self) -> int:
        """The program counter, ``rip``."""
        return self.rip

    @pc.setter
    def pc(self, value: int) -> None:
        self.rip = value

    @property
    def sp(self) -> int:
        """The stack pointer, ``rsp``."""
        return self.rsp

    @sp.setter
    def sp(self, value: int) -> None:
        self.rsp = value


class FxsaveRegs(UserFpRegs):
    """``struct user_fpregs_struct`` of <sys/user.h> on x86-64: what FXSAVE stores, 512 bytes.

    ``st_space`` has the eight x87 registers (80 bits of 128), ``xmm_space`` sixteen of 128 bits.
    """

    names = (
        *("cwd", "swd", "ftw", "fop", "rip", "rdp", "mxcsr", "mxcr_mask"),
        *("st_space", "xmm_space", "padding"),
    )
    __slots__ = names
    arrays = ("st_space", "xmm_space")
    layout = Struct("<4H2Q2I128s256s96s")


ARCH = Arch(
    name="x86_64",
    audit_arch=0xC000003E,
    word_size=8,
    registers=REGISTERS,
    user_regs=X8664Regs,
    user_fpregs=FxsaveRegs,
    pc="rip",
    sp="rsp",
    frame_pointer="rbp",
    syscall_number="orig_rax",
    syscall_result="rax",
    syscall_arguments=("rdi", "rsi", "rdx", "r10", "r8", "r9"),
    function_arguments=("rdi", "rsi", "rdx", "rcx", "r8", "r9"),
    function_result="rax",
    breakpoint=b"\xcc",
    breakpoint_advance=1,
    syscall_instruction=b"\x0f\x05",
)
