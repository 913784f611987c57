"""What lldb asks about the machine and the process: qHostInfo, qProcessInfo, qMemoryRegionInfo."""

from __future__ import annotations

import os

from seize import _procfs
from seize.gdbserver.lldb_text import in_hex, pairs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from seize.memory import Mapping

_TRIPLES = {"x86_64": "x86_64-pc-linux-gnu", "i386": "i386-pc-linux-gnu"}
_ADDRESSES = 1 << 64


def triple(machine: str) -> str:
    """Give the target triple of a machine, called as ``arch.Arch.name`` calls it."""
    return _TRIPLES.get(machine, f"{machine}-unknown-linux-gnu")


def distribution(os_release: str) -> str | None:
    """Give the ID of /etc/os-release's text: "debian"; None if there is none."""
    for line in os_release.splitlines():
        key, _, value = line.partition("=")
        if key == "ID":
            return value.strip("\"'") or None
    return None


def host_info(machine: str, word_size: int) -> bytes:
    """Answer qHostInfo: what this machine is, whatever is being debugged on it."""
    system = os.uname()
    name = distribution(_procfs.text("/etc/os-release"))
    return pairs(
        [
            ("triple", in_hex(triple(machine))),
            ("ptrsize", word_size),
            ("distribution_id", in_hex(name) if name else None),
            ("watchpoint_exceptions_received", "after"),
            ("endian", "little"),
            ("os_version", system.release.partition("-")[0]),
            ("os_build", in_hex(system.release)),
            ("os_kernel", in_hex(system.version)),
            ("hostname", in_hex(system.nodename)),
        ]
    )


def process_info(pid: int, machine: str, word_size: int) -> bytes:
    """Answer qProcessInfo from /proc/PID/status; numbers are hexadecimal here."""
    status = _procfs.status(pid)
    users = status.get("Uid", "0 0").split()
    groups = status.get("Gid", "0 0").split()
    numbers = (
        ("pid", pid),
        ("parent-pid", int(status.get("PPid", "0"))),
        ("real-uid", int(users[0])),
        ("real-gid", int(groups[0])),
        ("effective-uid", int(users[1])),
        ("effective-gid", int(groups[1])),
    )
    return pairs(
        [
            *((key, f"{value:x}") for key, value in numbers),
            ("triple", in_hex(triple(machine))),
            ("ostype", "linux"),
            ("endian", "little"),
            ("ptrsize", word_size),
        ]
    )


def region_info(maps: Iterable[Mapping], address: int) -> bytes:
    """Answer qMemoryRegionInfo: the mapping at an address, or the gap from there to the next one.

    What lies in no mapping has no permissions. ``maps`` are in the order of their addresses.
    """
    end = _ADDRESSES
    for mapping in maps:
        if mapping.start <= address < mapping.end:
            return _mapped(mapping)
        if mapping.start > address:
            end = mapping.start
            break
    # The last byte of the address space can't be counted in 64 bits.
    size = min(end - address, _ADDRESSES - 1)
    return pairs([("start", f"{address:x}"), ("size", f"{size:x}")])


def _mapped(mapping: Mapping) -> bytes:
    permissions = "".join(letter for letter in mapping.permissions[:3] if letter != "-")
    kind = {"[stack]": "stack", "[heap]": "heap"}.get(mapping.path)
    return pairs(
        [
            ("start", f"{mapping.start:x}"),
            ("size", f"{mapping.size:x}"),
            ("permissions", permissions),
            ("flags", ""),
            ("name", in_hex(mapping.path) if mapping.path else None),
            ("type", kind),
        ]
    )


def load_address(maps: Iterable[Mapping], path: str) -> int | None:
    """Answer qFileLoadAddress: where the first mapping of a file begins, None if it has none."""
    return min((mapping.start for mapping in maps if mapping.path == path), default=None)
