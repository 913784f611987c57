"""Flag sets and enumerations: ``sets.toml`` applied to the constants."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from tools.tables import emit
from tools.tables.model import Machine, TableError

DESCRIPTION = Path(__file__).with_name("sets.toml")
KEYS = {"match", "names", "from", "exclude", "first", "last", "mask", "order", "include"}


def describe() -> dict[str, dict[str, Any]]:
    """Read ``sets.toml``; raises `TableError` for a key that has no meaning."""
    described = tomllib.loads(DESCRIPTION.read_text())
    for name, entry in described.items():
        unknown = set(entry) - KEYS
        if unknown:
            raise TableError(f"sets.toml [{name}]: unknown {', '.join(sorted(unknown))}")
    return described


def _matches(entry: dict[str, Any], machine: Machine) -> list[str]:
    if "match" not in entry:
        return []
    pattern = re.compile(entry["match"])
    headers = entry.get("from")
    excluded = re.compile("|".join(entry.get("exclude", [])) or r"(?!)")
    return [
        name
        for name, constant in machine.constants.items()
        if pattern.fullmatch(name)
        and not excluded.fullmatch(name)
        and (headers is None or constant.header in headers)
    ]


def build(key: str, described: dict[str, dict[str, Any]], machine: Machine) -> emit.Set:
    """One set for one machine, in the order in which it is printed."""
    entry = described[key]
    rest = [name for name in entry.get("names", []) if name in machine.constants]
    rest += [name for name in _matches(entry, machine) if name not in rest]
    for other in entry.get("include", []):
        rest += [name for _, name in build(other, described, machine) if name not in rest]
    if entry.get("order", "value") == "value":
        # Unsigned order; of two names for one value, the one named first in the description wins.
        rest.sort(key=lambda name: machine.value(name) % (1 << 64))
    first = [name for name in entry.get("first", []) if name in machine.constants]
    last = [name for name in entry.get("last", []) if name in machine.constants]
    middle = [name for name in rest if name not in first and name not in last]
    pairs: dict[int, str] = {}
    for name in (*first, *middle, *last):
        pairs.setdefault(machine.value(name), name)
    return tuple(pairs.items())


def build_all(machine: Machine) -> dict[str, emit.Set]:
    """Every set for one machine."""
    described = describe()
    return {key: build(key, described, machine) for key in described}


def check(described: dict[str, dict[str, Any]], machines: list[Machine]) -> None:
    """Raise `TableError` for a set that is empty, or a name that no architecture knows."""
    known = {name for machine in machines for name in machine.constants}
    for key, entry in described.items():
        listed = [*entry.get("names", []), *entry.get("first", []), *entry.get("last", [])]
        unknown = [name for name in listed if name not in known]
        if unknown:
            raise TableError(f"sets.toml [{key}]: no header defines {', '.join(unknown)}")
        if not build(key, described, machines[0]):
            raise TableError(f"sets.toml [{key}] is empty")


def render(machines: list[Machine]) -> str:
    """The module ``flags``."""
    check(describe(), machines)
    first, *others = machines
    base = build_all(first)
    text = emit.banner(
        "Flag sets and enumerations: (value, name) in the order in which they are printed.",
        f"SETS is {first.arch}'s; OVERRIDES holds the sets in which another architecture differs.",
    )
    text += "\nSETS: dict[str, tuple[tuple[int, str], ...]] = {\n" + emit.sets(base) + "}\n"
    text += "\nOVERRIDES: dict[str, dict[str, tuple[tuple[int, str], ...]]] = {\n"
    for machine in others:
        own = {key: value for key, value in build_all(machine).items() if base[key] != value}
        text += f'    "{machine.arch}": {{\n{emit.sets(own, "        ")}    }},\n'
    return text + "}\n"
