"""All that the inputs say, merged: one `Machine` for each architecture."""

from __future__ import annotations

from dataclasses import dataclass

from tools.tables.cheaders import Constant, Headers, Struct

ARCHITECTURES = ("x86_64", "i386", "aarch64")


class TableError(Exception):
    """A description (``sets.toml``, ``roots.toml``) doesn't fit the headers."""


@dataclass(frozen=True)
class Machine:
    """One architecture's constants and layouts.

    Where the kernel's headers and the C library's both define a name, the kernel's is taken:
    glibc's O_LARGEFILE is 0 on x86_64, for example.
    """

    arch: str
    constants: dict[str, Constant]
    structs: dict[str, Struct]

    @staticmethod
    def merge(arch: str, uapi: Headers, libc: Headers) -> Machine:
        """Lay the kernel's headers over the C library's."""
        constants = {**libc.constants, **uapi.constants}
        # The only kernel structs that its headers leave to the C library.
        scsi = {name: s for name, s in libc.structs.items() if s.header.startswith("scsi/")}
        return Machine(arch, constants, {**scsi, **uapi.structs})

    def value(self, name: str) -> int:
        """A constant's value; raises `TableError` when no header has it."""
        if name not in self.constants:
            raise TableError(f"no header defines {name} for {self.arch}")
        return self.constants[name].value
