"""Flag sets and enumerations: ``sets.toml`` applied to the constants."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from tools.tables import emit
from tools.tables.model import Machine, TableError

DESCRIPTION = Path(__file__).with_name("sets.toml")
DEVICES = Path(__file__).with_name("device_sets.toml")
NETWORK = Path(__file__).with_name("network_sets.toml")
KEYS = {
    *("names", "match", "enum", "from", "exclude", "values", "include", "order", "first"),
    *("bits", "least"),
}

# Names that bound or cut an enumeration instead of belonging to it.
BOUNDS = re.compile(r"__.*|.*_(MASK|MAX|LAST|SHIFT|BITS|BIT)")

Description = dict[str, dict[str, Any]]


def describe(file: Path | None = None) -> Description:
    """Read ``sets.toml``, or another; raises `TableError` for a key that has no meaning."""
    file = file or DESCRIPTION
    described = tomllib.loads(file.read_text())
    for name, entry in described.items():
        unknown = set(entry) - KEYS
        if unknown:
            raise TableError(f"{file.name} [{name}]: unknown {', '.join(sorted(unknown))}")
    return described


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


class _Index:
    """The constants of one machine by how a set may ask for them.

    There are some hundred thousand, and a thousand sets: each looks only at those that begin as
    its pattern does.
    """

    def __init__(self, machine: Machine) -> None:
        self.place = {name: place for place, name in enumerate(machine.constants)}
        self.sorted = sorted(machine.constants)
        self.of_enum: dict[str, list[str]] = {}
        for name, constant in machine.constants.items():
            self.of_enum.setdefault(constant.enum, []).append(name)

    def like(self, pattern: re.Pattern[str]) -> Iterator[str]:
        """The constants that a pattern matches whole."""
        for prefix in _prefixes(pattern.pattern):
            start = bisect_left(self.sorted, prefix)
            for name in islice(self.sorted, start, None):
                if not name.startswith(prefix):
                    break
                if pattern.fullmatch(name):
                    yield name


def _prefixes(pattern: str) -> list[str]:
    """What every match begins with: of each alternative, if there are some outside brackets."""
    depth, parts = 0, [""]
    for char in pattern:
        depth += (char in "([") - (char in ")]")
        if char == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += char
    found = [_literal(part) for part in parts]
    return found if all(found) else [""]


def _literal(part: str) -> str:
    literal = re.match(r"\w*", part)
    text = literal.group() if literal else ""
    # A character that may be missing is no part of the beginning.
    return text[:-1] if part[len(text) : len(text) + 1] in ("?", "*", "{") else text


_indexes: dict[str, tuple[Machine, _Index]] = {}


def _index(machine: Machine) -> _Index:
    """The index of a machine, made once."""
    kept = _indexes.get(machine.arch)
    if kept is None or kept[0] is not machine:
        kept = _indexes[machine.arch] = (machine, _Index(machine))
    return kept[1]


def _matches(entry: dict[str, Any], machine: Machine) -> list[str]:
    patterns = [re.compile(text) for text in _listed(entry.get("match", []))]
    excluded = [re.compile(text) for text in entry.get("exclude", [])] + [BOUNDS]
    headers = entry.get("from")
    index = _index(machine)
    found = {name for tag in _listed(entry.get("enum", [])) for name in index.of_enum.get(tag, ())}
    for pattern in patterns:
        matched = set(index.like(pattern))
        found |= {n for n in matched if headers is None or machine.constants[n].header in headers}
    kept = [name for name in found if not any(each.fullmatch(name) for each in excluded)]
    return sorted(kept, key=index.place.__getitem__)


def build(key: str, described: Description, machine: Machine) -> emit.Set:
    """One set for one machine, in the order in which it is printed."""
    entry = described[key]
    own = entry.get("values", {})
    mask = (1 << entry["bits"]) - 1 if "bits" in entry else -1
    known = {name: value & mask for name, value in own.items()}
    included = [
        pair for other in entry.get("include", []) for pair in build(other, described, machine)
    ]
    known.update((name, value) for value, name in included)
    for name in (*entry.get("first", []), *entry.get("names", []), *_matches(entry, machine)):
        if name not in known and name in machine.constants:
            known[name] = machine.value(name) & mask
    listed = [name for _, name in included] + [n for n in entry.get("names", []) if n in known]
    rest = [name for name in known if name not in listed]
    if entry.get("order", "value") == "listed":
        # Hand-made values alone are listed in the order of their table.
        loose = [name for name in rest if name in own]
        rest = [name for name in rest if name not in own]
        ordered = listed + loose + sorted(rest, key=lambda name: known[name] % (1 << 64))
    else:
        ordered = sorted(listed + rest, key=lambda name: known[name] % (1 << 64))
    first = [name for name in entry.get("first", []) if name in known]
    pairs: dict[int, str] = {}
    least = entry.get("least")
    for name in (*first, *ordered):
        if least is not None and known[name] < least:
            continue
        pairs.setdefault(known[name], name)
    return tuple(pairs.items())


def build_all(described: Description, machine: Machine) -> dict[str, emit.Set]:
    """Every set for one machine."""
    return {key: build(key, described, machine) for key in described}


def check(described: Description, machines: list[Machine]) -> None:
    """Raise `TableError` for a set that is empty, or a name that no architecture knows."""
    known = {name for machine in machines for name in machine.constants}
    for key, entry in described.items():
        listed = [*entry.get("names", []), *entry.get("first", [])]
        own = entry.get("values", {})
        unknown = [name for name in listed if name not in known and name not in own]
        if unknown:
            raise TableError(f"sets.toml [{key}]: no header defines {', '.join(unknown)}")
        if not build(key, described, machines[0]):
            raise TableError(f"sets.toml [{key}] is empty")


def render(machines: list[Machine]) -> str:
    """The module ``flags``: the sets of system calls' arguments."""
    return _render(machines, describe(), "Flag sets and enumerations")


def render_devices(machines: list[Machine]) -> str:
    """The module ``device_flags``: the sets that only ioctls use."""
    return _render(machines, _own(DEVICES), "Flag sets and enumerations of ioctls")


def render_network(machines: list[Machine]) -> str:
    """The module ``network_flags``: the sets that only netlink and rare socket options use."""
    return _render(machines, _own(NETWORK), "Flag sets and enumerations of netlink")


def _own(file: Path) -> Description:
    """The sets of a file; raises `TableError` when ``sets.toml`` has one of them as well."""
    described = describe(file)
    twice = sorted(set(described) & set(describe()))
    if twice:
        raise TableError(f"{file.name}: sets.toml has {', '.join(twice)} too")
    return described


def _render(machines: list[Machine], described: Description, title: str) -> str:
    check(described, machines)
    first, *others = machines
    base = build_all(described, first)
    text = emit.banner(
        f"{title}: (value, name) in the order in which they are printed.",
        f"SETS is {first.arch}'s; OVERRIDES holds the sets in which another architecture differs.",
    )
    text += "\nSETS: dict[str, tuple[tuple[int, str], ...]] = {\n" + emit.sets(base) + "}\n"
    text += "\nOVERRIDES: dict[str, dict[str, tuple[tuple[int, str], ...]]] = {\n"
    for machine in others:
        own = {
            key: value for key, value in build_all(described, machine).items() if base[key] != value
        }
        text += f'    "{machine.arch}": {{\n{emit.sets(own, "        ")}    }},\n'
    return text + "}\n"
