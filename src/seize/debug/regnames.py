"""The names of registers, in gdb's order, and which are parts of which."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.arch import Arch

VECTOR_SIZES = {"mm": 8, "xmm": 16, "ymm": 32, "zmm": 64}
"""The size of vector registers in bytes, by the beginning of their names."""

_SEGMENTS = ("cs", "ss", "ds", "es", "fs", "gs")
_GENERAL = {
    "x86_64": (
        *("rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp"),
        *(f"r{number}" for number in range(8, 16)),
        *("rip", "eflags", *_SEGMENTS, "fs_base", "gs_base"),
    ),
    "i386": (
        *("eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"),
        *("eip", "eflags", *_SEGMENTS),
    ),
}
_X87 = (
    *(f"st{number}" for number in range(8)),
    *("fctrl", "fstat", "ftag", "fiseg", "fioff", "foseg", "fooff", "fop"),
)


def parts(machine: Arch) -> dict[str, tuple[str, int, int]]:
    """Give the registers that are parts of others: the whole one, the offset and size in bytes.

    ``sp`` is none of them: it means the whole stack pointer.
    """
    found: dict[str, tuple[str, int, int]] = {}
    if machine.name not in _GENERAL:
        return found
    long = machine.name == "x86_64"
    prefix = "r" if long else "e"
    for letter in "abcd":
        whole = f"{prefix}{letter}x"
        found[f"{letter}l"] = (whole, 0, 1)
        found[f"{letter}h"] = (whole, 1, 1)
        found[f"{letter}x"] = (whole, 0, 2)
        if long:
            found[f"e{letter}x"] = (whole, 0, 4)
    for name in ("si", "di", "bp"):
        found[name] = (f"{prefix}{name}", 0, 2)
        if long:
            found[f"{name}l"] = (f"r{name}", 0, 1)
            found[f"e{name}"] = (f"r{name}", 0, 4)
    if long:
        found["spl"] = ("rsp", 0, 1)
        found["esp"] = ("rsp", 0, 4)
        for number in range(8, 16):
            for letter, size in (("l", 1), ("b", 1), ("w", 2), ("d", 4)):
                found[f"r{number}{letter}"] = (f"r{number}", 0, size)
    else:
        found.update({name: (f"x{name}", 0, 4) for name in _SEGMENTS})
    return found


def extended(machine: Arch) -> tuple[str, ...]:
    """Give the x87 and vector registers that a processor of this machine may have."""
    all_of = groups(machine)
    return (*all_of["float"], *all_of["vector"], *all_of["mmx"], "pkru")


def groups(machine: Arch) -> dict[str, tuple[str, ...]]:
    """Give the registers by group, as far as a processor may have them."""
    if machine.name not in _GENERAL:
        return {"general": machine.registers}
    long = machine.name == "x86_64"
    low, all_ = (16, 32) if long else (8, 8)
    vectors = (
        *(f"xmm{number}" for number in range(low)),
        "mxcsr",
        *(f"ymm{number}" for number in range(low)),
        *(f"{kind}{number}" for kind in ("xmm", "ymm") for number in range(low, all_)),
        *(f"k{number}" for number in range(8)),
        *(f"zmm{number}" for number in range(all_)),
    )
    return {
        "general": _GENERAL[machine.name],
        "system": (machine.syscall_number, "pkru"),
        "float": _X87,
        "vector": vectors,
        "mmx": tuple(f"mm{number}" for number in range(8)),
    }
