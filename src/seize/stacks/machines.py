"""How machines number their registers in DWARF, as their psABI documents say."""

from __future__ import annotations

from seize._frozen import frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from seize.arch import UserRegs


@frozen
class Machine:
    """What unwinding needs to know of an architecture.

    ``registers`` are names in `seize.arch` by DWARF number; ``pc``, ``sp`` and ``frame`` (the
    frame pointer) are such numbers.  ``word`` is the size of a register in bytes.
    ``preserved`` are the registers that a called function gives back as they were.
    """

    name: str
    word: int
    registers: tuple[str, ...]
    pc: int
    sp: int
    frame: int
    preserved: frozenset[int]


X86_64 = Machine(
    name="x86_64",
    word=8,
    registers=(
        *("rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp"),
        *("r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "rip"),
    ),
    pc=16,
    sp=7,
    frame=6,
    preserved=frozenset((3, 6, 12, 13, 14, 15)),
)
I386 = Machine(
    name="i386",
    word=4,
    registers=("eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "eip"),
    pc=8,
    sp=4,
    frame=5,
    preserved=frozenset((3, 5, 6, 7)),
)

_USER32_CS = 0x23
"""The code segment in which the kernel runs 32-bit programs on x86-64."""
# Where a 64-bit tracer finds the 32-bit registers.
_WIDE = ("rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "rip")


def state_of(registers: UserRegs) -> tuple[Machine, dict[int, int]]:
    """The machine that a stopped thread runs as, and its registers by DWARF number.

    ``registers`` are those of `seize.ptrace.getregs`.
    """
    if not hasattr(registers, "rip"):
        return I386, _values(registers, I386.registers, 0xFFFF_FFFF)
    if registers.cs == _USER32_CS:
        return I386, _values(registers, _WIDE, 0xFFFF_FFFF)
    return X86_64, _values(registers, X86_64.registers, 0xFFFF_FFFF_FFFF_FFFF)


def by_names(registers: Mapping[str, int]) -> tuple[Machine, dict[int, int]]:
    """The machine and the registers by DWARF number of registers by the kernel's names."""
    machine = X86_64
    if "rip" not in registers:
        machine = I386
    elif registers.get("cs") == _USER32_CS:
        return I386, {n: registers[name] & 0xFFFF_FFFF for n, name in enumerate(_WIDE)}
    return machine, {n: registers[name] for n, name in enumerate(machine.registers)}


def _values(registers: UserRegs, names: tuple[str, ...], mask: int) -> dict[int, int]:
    return {number: getattr(registers, name) & mask for number, name in enumerate(names)}
