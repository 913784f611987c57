"""The registers as lldb is told of them: target.xml with its attributes, and qRegisterInfo.

Order and numbers are those that gdb is told; lldb also wants DWARF's numbers (of the psABI
documents), in which role a register is used, and how to show it.
"""

from __future__ import annotations

from seize.gdbserver.lldb_text import pairs
from seize.stacks import machines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Protocol

    from seize.arch import Arch

    class Register(Protocol):
        """A register as a target description has it; ``bits`` is its size."""

        @property
        def name(self) -> str:
            """Its name."""

        @property
        def bits(self) -> int:
            """Its size."""


_GENERAL, _FLOAT = "General Purpose Registers", "Floating Point Registers"
_VECTOR, _WIDE_VECTOR = "Advanced Vector Extensions", "Advanced Vector Extensions 512"
_X87 = ("fctrl", "fstat", "ftag", "fiseg", "fioff", "foseg", "fooff", "fop", "mxcsr")


def _numbered(name: str, count: int, first: int) -> dict[str, int]:
    return {name.format(n): first + n for n in range(count)}


# What the unwinder's tables leave out.
_DWARF_64 = {
    **_numbered("xmm{}", 16, 17),
    **_numbered("st{}", 8, 33),
    **dict(zip(("eflags", "es", "cs", "ss", "ds", "fs", "gs"), range(49, 56), strict=True)),
    "fs_base": 58,
    "gs_base": 59,
    **{f"xmm{n}": 67 + n - 16 for n in range(16, 32)},
    **_numbered("k{}", 8, 118),
}
_DWARF_32 = {
    "eflags": 9,
    **_numbered("st{}", 8, 11),
    **_numbered("xmm{}", 8, 21),
    **dict(zip(("es", "cs", "ss", "ds", "fs", "gs"), range(40, 46), strict=True)),
}


class RegisterInfo:
    """What lldb is told of one register; "" and None stand for what doesn't apply."""

    def __init__(self, name: str, bits: int, offset: int, dwarf: int | None, role: str) -> None:
        self.name = name
        self.bits = bits
        self.offset = offset
        self.dwarf = dwarf
        self.role = role
        # lldb can't show an integer of more than 64 bits.
        vector = bits > 64
        self.encoding = "vector" if vector else "uint"
        self.format = "vector-uint8" if vector else "hex"
        self.set = _set(name)
        self.alternative = {"eflags": "rflags"}.get(name)

    def answer(self) -> bytes:
        """Answer qRegisterInfo for it."""
        return pairs(
            [
                ("name", self.name),
                ("alt-name", self.alternative),
                ("bitsize", self.bits),
                ("offset", self.offset),
                ("encoding", self.encoding),
                ("format", self.format),
                ("set", self.set),
                ("ehframe", self.dwarf),
                ("dwarf", self.dwarf),
                ("generic", self.role or None),
            ]
        )

    def element(self, number: int) -> str:
        """Give its element in target.xml."""
        attributes: list[tuple[str, object]] = [
            ("name", self.name),
            ("altname", self.alternative),
            ("bitsize", self.bits),
            ("regnum", number),
            ("offset", self.offset),
            ("encoding", self.encoding),
            ("format", self.format),
            ("group", self.set),
            ("ehframe_regnum", self.dwarf),
            ("dwarf_regnum", self.dwarf),
            ("generic", self.role or None),
        ]
        written = " ".join(f'{key}="{value}"' for key, value in attributes if value is not None)
        return f"<reg {written}/>"


def _set(name: str) -> str:
    if name.startswith("st") or name in _X87:
        return _FLOAT
    if name.startswith(("zmm", "k")) or (name[:3] in ("xmm", "ymm") and _index(name) >= 16):
        return _WIDE_VECTOR
    if name.startswith("ymm"):
        return _VECTOR
    return _FLOAT if name.startswith("xmm") else _GENERAL


def _index(name: str) -> int:
    return int(name.strip("xyzmh"))


def describe(machine: Arch, registers: Sequence[Register]) -> tuple[RegisterInfo, ...]:
    """Say of each register, in the order of their numbers, what lldb wants to know."""
    return tuple(_each(machine, registers))


def _each(machine: Arch, registers: Sequence[Register]) -> Iterator[RegisterInfo]:
    wide = machine.word_size == 8
    general = machines.X86_64 if wide else machines.I386
    dwarf = {name: number for number, name in enumerate(general.registers)}
    dwarf.update(_DWARF_64 if wide else _DWARF_32)
    roles = {machine.pc: "pc", machine.sp: "sp", machine.frame_pointer: "fp", "eflags": "flags"}
    if wide:
        roles.update((name, f"arg{n}") for n, name in enumerate(machine.function_arguments, 1))
    offset = 0
    for register in registers:
        name = register.name
        yield RegisterInfo(name, register.bits, offset, dwarf.get(name), roles.get(name, ""))
        offset += register.bits // 8


def document(machine: Arch, registers: Sequence[Register]) -> bytes:
    """Write the target description, target.xml."""
    architecture = "i386:x86-64" if machine.word_size == 8 else "i386"
    elements = [info.element(number) for number, info in enumerate(describe(machine, registers))]
    return (
        '<?xml version="1.0"?><target version="1.0">'
        f"<architecture>{architecture}</architecture><osabi>GNU/Linux</osabi>"
        f"<feature>{''.join(elements)}</feature></target>"
    ).encode("ascii")
