"""i386: registers, the system call ABI, and instruction bytes (see syscall(2)).

To a 64-bit tracer, the NT_PRSTATUS register set of a 32-bit tracee is 68 bytes in this layout
(a 64-bit tracee's has 216), while PTRACE_GETREGS and PTRACE_GETFPREGS give the 64-bit layout
for both.
"""

from __future__ import annotations

from struct import Struct

from seize.arch.base import Arch, UserRegs
from seize.arch.x86_64 import FxsaveRegs

REGISTERS = (
    *("ebx", "ecx", "edx", "esi", "edi", "ebp", "eax", "xds", "xes", "xfs", "xgs"),
    *("orig_eax", "eip", "xcs", "eflags", "esp", "xss"),
)


class I386Regs(UserRegs):
    """``struct user_regs_struct`` of <sys/user.h> on i386: 17 words, 68 bytes."""

    __slots__ = REGISTERS
    names = REGISTERS
    layout = Struct("<17I")
    _word = 0xFFFF_FFFF

    @property
    def pc(self) -> int:
        """The program counter, ``eip``."""
        return self.eip

    @pc.setter
    def pc(self, value: int) -> None:
        self.eip = value

    @property
    def sp(self) -> int:
        """The stack pointer, ``esp``."""
        return self.esp

    @sp.setter
    def sp(self, value: int) -> None:
        self.esp = value


ARCH = Arch(
    name="i386",
    audit_arch=0x40000003,
    word_size=4,
    registers=REGISTERS,
    user_regs=I386Regs,
    user_fpregs=FxsaveRegs,
    pc="eip",
    sp="esp",
    frame_pointer="ebp",
    syscall_number="orig_eax",
    syscall_result="eax",
    syscall_arguments=("ebx", "ecx", "edx", "esi", "edi", "ebp"),
    function_arguments=(),
    function_result="eax",
    breakpoint=b"\xcc",
    breakpoint_advance=1,
    syscall_instruction=b"\xcd\x80",
)
