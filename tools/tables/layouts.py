"""Struct layouts: the roots that system calls and ioctls reach, and what they contain."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from tools.tables import emit
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


def wanted(machine: Machine) -> dict[str, str]:
    """Our name -> the headers' name of each root of this architecture."""
    sections = roots()
    found = {**sections["all"], **sections.get(machine.arch, {})}
    missing = sorted(name for name in found.values() if name not in machine.structs)
    if missing:
        raise TableError(f"{machine.arch}: no header declares struct {', '.join(missing)}")
    return found


def collect(machine: Machine, names: Mapping[str, str]) -> dict[str, Layout]:
    """The structs under our names and, recursively, the structs of their fields."""
    table: dict[str, Layout] = {}
    queue = sorted(names.items())
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


def _text(summary: str, table: dict[str, Layout]) -> str:
    text = emit.banner(summary, DETAILS)
    text += "\nLAYOUTS: dict[str, tuple[int, tuple[tuple[str, int, str, int], ...]]] = {\n"
    for name in sorted(table):
        text += _entry(name, table[name])
    return text + "}\n"


def render(machine: Machine) -> str:
    """The module ``layouts_ARCH``: what system calls reach."""
    table = collect(machine, wanted(machine))
    return _text(f"Struct layouts of the {machine.arch} system call ABI.", table)


def render_ioctl(machine: Machine, arguments: Iterable[str]) -> str:
    """The module ``ioctl_layouts_ARCH``: what only ioctls reach."""
    main = collect(machine, wanted(machine))
    names = {name: name for name in arguments if not scalar(name)}
    table = {n: s for n, s in collect(machine, names).items() if n not in main}
    return _text(f"Struct layouts that only ioctls of {machine.arch} reach.", table)


def _entry(name: str, layout: Layout) -> str:
    size, fields = layout
    body = "".join(f'            ("{f}", {o}, "{t}", {c}),\n' for f, o, t, c in fields)
    return f'    "{name}": (\n        {size},\n        (\n{body}        ),\n    ),\n'
