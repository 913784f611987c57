"""The registers as gdb is told of them: their order, numbers and types (a target description).

See "Standard Target Features" in gdb's manual: the names of features and of the registers in
them are fixed there; the number of a register is its place in the description.
"""

from __future__ import annotations

from seize._frozen import frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seize.arch import Arch
    from seize.debug.registers import Registers

_EFLAGS = (
    *(("CF", 0), ("", 1), ("PF", 2), ("AF", 4), ("ZF", 6), ("SF", 7), ("TF", 8), ("IF", 9)),
    *(("DF", 10), ("OF", 11), ("NT", 14), ("RF", 16), ("VM", 17), ("AC", 18), ("VIF", 19)),
    *(("VIP", 20), ("ID", 21)),
)
_MXCSR = (
    *(("IE", 0), ("DE", 1), ("ZE", 2), ("OE", 3), ("UE", 4), ("PE", 5), ("DAZ", 6), ("IM", 7)),
    *(("DM", 8), ("ZM", 9), ("OM", 10), ("UM", 11), ("PM", 12), ("FZ", 15)),
)
_X87_CONTROL = ("fctrl", "fstat", "ftag", "fiseg", "fioff", "foseg", "fooff", "fop")
_SEGMENTS = ("cs", "ss", "ds", "es", "fs", "gs")
_GENERAL_64 = (
    "rax",
    "rbx",
    "rcx",
    "rdx",
    "rsi",
    "rdi",
    "rbp",
    "rsp",
    *(f"r{n}" for n in range(8, 16)),
)
_GENERAL_32 = ("eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi")
_LANES = (
    *(("v4_float", "ieee_single", 4), ("v2_double", "ieee_double", 2), ("v16_int8", "int8", 16)),
    *(("v8_int16", "int16", 8), ("v4_int32", "int32", 4), ("v2_int64", "int64", 2)),
)
"""The ways of seeing 128 bits: a name, gdb's type of one, and how many there are."""


@frozen
class Register:
    """One register of the description: ``bits`` as gdb sees it, ``source`` as the kernel names it.

    ``group`` is for gdb's ``info registers``: "" leaves it to the type.
    """

    name: str
    bits: int
    kind: str
    source: str
    group: str = ""

    @property
    def size(self) -> int:
        """The size in bytes, in the packets g and p."""
        return self.bits // 8

    def read(self, registers: Registers) -> bytes:
        """Return the value, as long as gdb wants it."""
        return registers.read(self.source)[: self.size].ljust(self.size, b"\0")

    def write(self, registers: Registers, data: bytes) -> None:
        """Replace the value by ``size`` bytes, where it differs."""
        if data == self.read(registers):
            # Writing what is there would touch state that the program may never have used.
            return
        now = registers.read(self.source)
        registers.write(self.source, data[: len(now)] + now[len(data) :])


@frozen
class Feature:
    """A group of registers that gdb knows by ``name``, with the types that they need."""

    name: str
    types: str
    registers: tuple[Register, ...]


def _flags(name: str, size: int, fields: tuple[tuple[str, int], ...]) -> str:
    lines = [f'<field name="{field}" start="{bit}" end="{bit}"/>' for field, bit in fields]
    return f'<flags id="{name}" size="{size}">{"".join(lines)}</flags>'


def _vector() -> str:
    """The type of 128 bits: a union of its lanes."""
    made = [f'<vector id="{name}" type="{kind}" count="{count}"/>' for name, kind, count in _LANES]
    fields = [f'<field name="{name}" type="{name}"/>' for name, _, _ in _LANES]
    fields.append('<field name="uint128" type="uint128"/>')
    return f'{"".join(made)}<union id="vec128">{"".join(fields)}</union>'


def _core(machine: Arch) -> Feature:
    wide = machine.word_size == 8
    bits = 64 if wide else 32
    pointer = {"rbp": "data_ptr", "rsp": "data_ptr", "esp": "data_ptr", "ebp": "data_ptr"}
    general = [
        Register(name, bits, pointer.get(name, f"int{bits}"), name)
        for name in (_GENERAL_64 if wide else _GENERAL_32)
    ]
    pc = machine.pc
    general.append(Register(pc, bits, "code_ptr", pc))
    general.append(Register("eflags", 32, "i386_eflags", "eflags"))
    prefix = "" if wide else "x"
    general += (Register(name, 32, "int32", prefix + name) for name in _SEGMENTS)
    general += (Register(f"st{n}", 80, "i387_ext", f"st{n}") for n in range(8))
    general += (Register(name, 32, "int", name, "float") for name in _X87_CONTROL)
    return Feature("org.gnu.gdb.i386.core", _flags("i386_eflags", 4, _EFLAGS), tuple(general))


def _sse(count: int) -> Feature:
    types = _vector() + _flags("i386_mxcsr", 4, _MXCSR)
    vectors = [Register(f"xmm{n}", 128, "vec128", f"xmm{n}") for n in range(count)]
    vectors.append(Register("mxcsr", 32, "i386_mxcsr", "mxcsr", "vector"))
    return Feature("org.gnu.gdb.i386.sse", types, tuple(vectors))


def _linux(machine: Arch) -> Feature:
    name = machine.syscall_number
    bits = 8 * machine.word_size
    return Feature(
        "org.gnu.gdb.i386.linux", "", (Register(name, bits, f"int{bits}", name, "system"),)
    )


def _segments() -> Feature:
    bases = tuple(Register(name, 64, "int", name) for name in ("fs_base", "gs_base"))
    return Feature("org.gnu.gdb.i386.segments", "", bases)


def _avx(count: int) -> Feature:
    halves = tuple(Register(f"ymm{n}h", 128, "uint128", f"ymm{n}h") for n in range(count))
    return Feature("org.gnu.gdb.i386.avx", "", halves)


def _avx512(count: int) -> Feature:
    def each(name: str, bits: int, kind: str, numbers: range) -> Iterator[Register]:
        return (Register(name.format(n), bits, kind, name.format(n)) for n in numbers)

    upper = range(16, 32) if count == 16 else range(0)
    return Feature(
        "org.gnu.gdb.i386.avx512",
        _vector() + '<vector id="v2ui128" type="uint128" count="2"/>',
        (
            *each("k{}", 64, "uint64", range(8)),
            *each("zmm{}h", 256, "v2ui128", range(count)),
            *each("xmm{}", 128, "vec128", upper),
            *each("ymm{}h", 128, "uint128", upper),
            *each("zmm{}h", 256, "v2ui128", upper),
        ),
    )


def _pkeys() -> Feature:
    return Feature("org.gnu.gdb.i386.pkeys", "", (Register("pkru", 32, "uint32", "pkru"),))


class Description:
    """The registers of one machine, by their numbers, and the document that tells of them.

    ``has`` tells which registers the processor has (ymm0h, k0, pkru).
    """

    def __init__(self, machine: Arch, has: Callable[[str], bool]) -> None:
        count = 16 if machine.word_size == 8 else 8
        features = [_core(machine), _sse(count), _linux(machine)]
        if machine.word_size == 8:
            features.append(_segments())
        optional = (("ymm0h", _avx(count)), ("k0", _avx512(count)), ("pkru", _pkeys()))
        features += (feature for name, feature in optional if has(name))
        self.machine = machine
        self.features = tuple(features)
        self.registers = tuple(reg for feature in features for reg in feature.registers)
        self.numbers = {register.name: n for n, register in enumerate(self.registers)}
        self.size = sum(register.size for register in self.registers)
        base = machine.frame_pointer, machine.sp, machine.pc
        self.expedited = tuple((self.numbers[name], name) for name in base)

    @property
    def document(self) -> bytes:
        """The target description, target.xml."""
        architecture = "i386:x86-64" if self.machine.word_size == 8 else "i386"
        parts = [
            '<?xml version="1.0"?><!DOCTYPE target SYSTEM "gdb-target.dtd"><target>',
            f"<architecture>{architecture}</architecture><osabi>GNU/Linux</osabi>",
        ]
        number = 0
        for feature in self.features:
            parts.append(f'<feature name="{feature.name}">{feature.types}')
            for register in feature.registers:
                parts.append(_element(register, number))
                number += 1
            parts.append("</feature>")
        parts.append("</target>")
        return "".join(parts).encode("ascii")


def _element(register: Register, number: int) -> str:
    group = f' group="{register.group}"' if register.group else ""
    return (
        f'<reg name="{register.name}" bitsize="{register.bits}" type="{register.kind}" '
        f'regnum="{number}"{group}/>'
    )


_made: dict[str, Description] = {}


def describe(machine: Arch, registers: Registers) -> Description:
    """Give the description for a thread's registers.

    It is made once for each kind of machine: what the processor has doesn't change.
    """
    made = _made.get(machine.name)
    if made is None:
        made = _made[machine.name] = Description(machine, registers.extended.has)
    return made
