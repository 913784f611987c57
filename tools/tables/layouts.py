"""Struct layouts: the roots that system calls and ioctls reach, and what they contain."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tools.tables import emit
from tools.tables.cheaders import Struct
from tools.tables.model import Machine, TableError

ROOTS = Path(__file__).with_name("roots.toml")

DETAILS = """\
LAYOUTS: struct name -> (size, ((field, offset, type, count), ...)).  Size and offset are in bytes.
The type is i8 u8 i16 u16 i32 u32 i64 u64 ptr char, fN for an N-bit float, another struct's name,
or bW@S:uN for a bit-field: W bits from bit S of the N-bit unit at the offset.  The count is
1 for a scalar, N for an array, 0 for a flexible array member.  Anonymous unions and structs are
flattened, so that fields may overlap."""

Layout = tuple[int, tuple[tuple[str, int, str, int], ...]]


def roots() -> dict[str, dict[str, str]]:
    """Read ``roots.toml``: for each architecture or ``all``, our name -> the headers' name."""
    described = tomllib.loads(ROOTS.read_text())
    found: dict[str, dict[str, str]] = {}
    for section, content in described.items():
        names = {name: name for name in content.get("names", [])}
        found[section] = {**names, **content.get("renamed", {})}
    return found


def scalar(kind: str) -> bool:
    """Whether a field's type is no struct."""
    return kind in ("ptr", "char") or "@" in kind or (kind[0] in "iuf" and kind[1:].isdigit())


def wanted(machine: Machine, extra: set[str]) -> dict[str, str]:
    """Our name -> the headers' name of each root of this architecture."""
    sections = roots()
    found = {**sections["all"], **sections.get(machine.arch, {})}
    missing = sorted(name for name in found.values() if name not in machine.structs)
    if missing:
        raise TableError(f"{machine.arch}: no header declares struct {', '.join(missing)}")
    found.update((name, name) for name in extra if name in machine.structs and name not in found)
    return found


def collect(machine: Machine, extra: set[str]) -> dict[str, Layout]:
    """Every wanted struct and, recursively, the structs of its fields."""
    table: dict[str, Layout] = {}
    queue = sorted(wanted(machine, extra).items())
    while queue:
        name, source = queue.pop()
        if name in table:
            continue
        struct = machine.structs[source]
        table[name] = (
            struct.size,
            tuple((f.name, f.offset, f.type, f.count) for f in struct.fields),
        )
        queue += [(f.type, f.type) for f in struct.fields if not scalar(f.type)]
    return table


def render(machine: Machine, extra: set[str]) -> str:
    """The module ``layouts_ARCH``."""
    text = emit.banner(f"Struct layouts of the {machine.arch} system call ABI.", DETAILS)
    text += "\nLAYOUTS: dict[str, tuple[int, tuple[tuple[str, int, str, int], ...]]] = {\n"
    table = collect(machine, extra)
    for name in sorted(table):
        text += _entry(name, table[name])
    return text + "}\n"


def _entry(name: str, layout: Layout) -> str:
    size, fields = layout
    body = "".join(f'            ("{f}", {o}, "{t}", {c}),\n' for f, o, t, c in fields)
    return f'    "{name}": (\n        {size},\n        (\n{body}        ),\n    ),\n'


def declared(machine: Machine, name: str) -> Struct:
    """A struct by the headers' name; raises `TableError` when there is none."""
    if name not in machine.structs:
        raise TableError(f"{machine.arch}: no header declares struct {name}")
    return machine.structs[name]
