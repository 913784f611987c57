"""Machines: one small file each; here is how to find the right one."""

from __future__ import annotations

import os

from seize.arch.base import Arch, UserFpRegs, UserRegs
from seize.errors import Unsupported

__all__ = [
    "Arch",
    "UserFpRegs",
    "UserRegs",
    "by_audit_arch",
    "by_name",
    "by_prstatus_size",
    "native",
]

# A tracer on one machine meets few others, so each file is loaded when it is asked for.
_NAMES = {0xC000003E: "x86_64", 0x40000003: "i386", 0xC00000B7: "aarch64"}
_PRSTATUS = {216: "x86_64", 68: "i386", 272: "aarch64"}
_SYNONYMS = {"amd64": "x86_64", "i486": "i386", "i586": "i386", "i686": "i386", "arm64": "aarch64"}
_loaded: dict[str, Arch] = {}


def by_name(name: str) -> Arch:
    """Give the machine called ``name`` (as ``uname -m`` says it); ``Unsupported`` if none."""
    name = _SYNONYMS.get(name, name)
    if name not in _loaded:
        if name == "x86_64":
            from seize.arch import x86_64 as module
        elif name == "i386":
            from seize.arch import i386 as module  # type: ignore[no-redef]
        elif name == "aarch64":
            from seize.arch import aarch64 as module  # type: ignore[no-redef]
        else:
            raise Unsupported(f"the machine {name}", "x86_64, i386 or aarch64")
        _loaded[name] = module.ARCH
    return _loaded[name]


def by_audit_arch(value: int) -> Arch:
    """Give the machine of an AUDIT_ARCH_* value; ``Unsupported`` if there is no file for it."""
    name = _NAMES.get(value)
    if name is None:
        raise Unsupported(f"AUDIT_ARCH {value:#x}", "x86_64, i386 or aarch64")
    return by_name(name)


def by_prstatus_size(size: int) -> Arch:
    """Give the machine whose NT_PRSTATUS register set is ``size`` bytes long.

    This is how a 64-bit tracer tells a 32-bit tracee outside of a syscall-stop.
    """
    name = _PRSTATUS.get(size)
    if name is None:
        raise Unsupported(f"a register set of {size} bytes", "x86_64, i386 or aarch64")
    return by_name(name)


def native() -> Arch:
    """Give the machine this tracer runs on."""
    return by_name(os.uname().machine)
