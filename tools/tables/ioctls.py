"""ioctl numbers: names, and what the argument points to."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from tools.tables import emit
from tools.tables.cheaders import Constant
from tools.tables.model import Machine, TableError

DESCRIPTION = Path(__file__).with_name("ioctls.toml")

DETAILS = """\
NAMES: the 32-bit command -> its name, or names joined by " or " where headers disagree.  STRUCTS:
command -> what its argument points to: a struct of the layouts or ioctl_layouts modules, or a
scalar type as they use.  Both are x86_64's; OVERRIDES and STRUCT_OVERRIDES hold what another
architecture numbers otherwise, mostly because the size of the argument is part of the number, and
"" where it has no such command."""

# What C spells for a scalar argument.
SCALARS = {
    "char": "char",
    "unsigned char": "u8",
    "short": "i16",
    "unsigned short": "u16",
    "int": "i32",
    "unsigned int": "u32",
    "unsigned": "u32",
    "unsigned long long": "u64",
    "long long": "i64",
    "__u8": "u8",
    "__u16": "u16",
    "__u32": "u32",
    "__u64": "u64",
    "__s8": "i8",
    "__s16": "i16",
    "__s32": "i32",
    "__s64": "i64",
    "__le32": "u32",
    "__le64": "u64",
    "uint8_t": "u8",
    "uint16_t": "u16",
    "uint32_t": "u32",
    "uint64_t": "u64",
    "int32_t": "i32",
    "int64_t": "i64",
    "size_t": "size",
    "__kernel_size_t": "size",
    "long": "long",
    "unsigned long": "ulong",
    "pid_t": "i32",
    "__poll_t": "u32",
}
# Types as wide as a pointer, by architecture.
WIDE = {
    "x86_64": {"size": "u64", "long": "i64", "ulong": "u64"},
    "i386": {"size": "u32", "long": "i32", "ulong": "u32"},
    "aarch64": {"size": "u64", "long": "i64", "ulong": "u64"},
}


class Ioctls:
    """The ioctls of one architecture."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.described: dict[str, Any] = tomllib.loads(DESCRIPTION.read_text())
        self.made = re.compile(r"[( ]*(" + "|".join(self.described["wrappers"]) + r") \((.*)\)")
        self.old = {h: re.compile(text) for h, text in self.described["old"].items()}
        self.excluded = re.compile("|".join(self.described["exclude"]))
        self.found: dict[int, list[str]] = {}
        self.structs: dict[int, str] = {}
        for name in sorted(machine.constants):
            self._add(name, machine.constants[name])
        self._add_described_structs()

    def names(self) -> dict[int, str]:
        """Command -> the names that a reader knows it by, in alphabetical order."""
        return {value: " or ".join(names) for value, names in self.found.items()}

    def arguments(self) -> list[str]:
        """The structs and scalars that arguments are or lead to."""
        reached: list[str] = self.described["reached"]
        unknown = [name for name in reached if name not in self.machine.structs]
        if unknown:
            raise TableError(f"ioctls.toml: no header declares struct {', '.join(unknown)}")
        return [*self.structs.values(), *reached]

    def _add(self, name: str, constant: Constant) -> None:
        made = self.made.fullmatch(constant.text)
        if not made and not self._is_old(name, constant):
            return
        if self.excluded.fullmatch(name) or name.startswith("_"):
            return
        value = constant.value % (1 << 32)
        if any(low <= value <= high for low, high in self.described["private"]):
            return
        self.found.setdefault(value, []).append(name)
        if made and made[1] not in ("_IO", "_IOC", "_SIO"):
            kind = self._argument(made[2])
            if kind:
                self.structs.setdefault(value, kind)

    def _is_old(self, name: str, constant: Constant) -> bool:
        """A plain number; a macro that only names another one is that one's second name."""
        pattern = self.old.get(constant.header)
        plain = re.fullmatch(r"0x[0-9A-Fa-f]+|[0-9]+|\( \w+ \+ \d+ \)", constant.text)
        small = 0x300 <= constant.value < 0x10000 or constant.header == "linux/cyclades.h"
        return bool(pattern and pattern.fullmatch(name) and plain and small)

    def _argument(self, arguments: str) -> str | None:
        """The type that a macro's last argument names, as the layouts call it."""
        depth, start = 0, 0
        for place, character in enumerate(arguments):
            depth += (character in "([") - (character in ")]")
            if character == "," and depth == 0:
                start = place + 1
        text = " ".join(arguments[start:].strip(" ()").split())
        if text in SCALARS:
            kind = SCALARS[text]
            return WIDE[self.machine.arch].get(kind, kind)
        name = text.removeprefix("struct ").removeprefix("union ")
        return name if name in self.machine.structs else None

    def _add_described_structs(self) -> None:
        for name, kind in self.described["structs"].items():
            if name not in self.machine.constants:
                raise TableError(f"ioctls.toml [structs]: no header defines {name}")
            known = kind in self.machine.structs or kind in SCALARS.values()
            if not known:
                raise TableError(f"ioctls.toml [structs]: {name}: no struct {kind}")
            wide = WIDE[self.machine.arch].get(kind, kind)
            self.structs[self.machine.value(name) % (1 << 32)] = wide


def _differing(base: dict[int, str], other: dict[int, str]) -> dict[int, str]:
    """What the other has otherwise; "" for what it hasn't got."""
    own = {value: name for value, name in other.items() if base.get(value) != name}
    return own | {value: "" for value in base if value not in other}


def _per_arch(name: str, base: dict[int, str], others: dict[str, dict[int, str]]) -> str:
    text = f"\n{name}: dict[str, dict[int, str]] = {{\n"
    for arch, table in others.items():
        own = _differing(base, table)
        body = "".join(f'        {emit.number(n)}: "{own[n]}",\n' for n in sorted(own))
        text += f'    "{arch}": {{\n{body}    }},\n'
    return text + "}\n"


def render(tables: list[Ioctls]) -> str:
    """The module ``ioctls``."""
    first, *others = tables
    text = emit.banner("ioctl commands and their arguments.", DETAILS)
    text += emit.names("NAMES", first.names()) + emit.names("STRUCTS", first.structs)
    names = {table.machine.arch: table.names() for table in others}
    structs = {table.machine.arch: table.structs for table in others}
    text += _per_arch("OVERRIDES", first.names(), names)
    return text + _per_arch("STRUCT_OVERRIDES", first.structs, structs)
