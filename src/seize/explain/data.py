"""Our own words on calls, errors and signals: the text files beside this one."""

from __future__ import annotations

import os
from functools import cache

FOLDER = os.path.dirname(__file__)


def _lines(name: str) -> list[str]:
    with open(os.path.join(FOLDER, name), encoding="utf-8") as stream:
        return [line for line in stream.read().split("\n") if line and line[0] != "#"]


@cache
def summaries() -> dict[str, str]:
    """What each system call does, in a phrase."""
    return _pairs("summaries.txt")


@cache
def errnos() -> dict[str, str]:
    """What each error usually means, by its name."""
    return _pairs("errnos.txt")


@cache
def signals() -> dict[str, tuple[str, str]]:
    """What each signal does to a process that doesn't care, and what it means."""
    found = {}
    for name, rest in _pairs("signals.txt").items():
        action, _, meaning = rest.partition(": ")
        found[name] = action, meaning
    return found


def _pairs(name: str) -> dict[str, str]:
    found = {}
    for line in _lines(name):
        word, _, text = line.partition(": ")
        found[word] = text
    return found


@cache
def errors() -> dict[str, dict[str, str]]:
    """What errors mean with a call that people meet them with: by call, then by error."""
    found: dict[str, dict[str, str]] = {}
    calls: list[str] = []
    for line in _lines("errors.txt"):
        if line[0] != " ":
            calls = line.split()
            continue
        name, _, meaning = line.strip().partition(" ")
        for call in calls:
            found.setdefault(call, {})[name] = meaning
    return found


_PAGES = {
    "_llseek": "llseek",
    "_newselect": "select",
    "_sysctl": "sysctl",
    "clock_adjtime": "adjtimex",
    "eventfd2": "eventfd",
    "fadvise64": "posix_fadvise",
    "fadvise64_64": "posix_fadvise",
    "fchmodat2": "chmod",
    "fstatat64": "stat",
    "futex_requeue": "futex",
    "futex_wait": "futex",
    "futex_waitv": "futex",
    "futex_wake": "futex",
    "getxattrat": "getxattr",
    "io_pgetevents": "io_getevents",
    "listxattrat": "listxattr",
    "newfstatat": "stat",
    "oldfstat": "stat",
    "oldlstat": "stat",
    "oldolduname": "uname",
    "oldstat": "stat",
    "olduname": "uname",
    "open_tree_attr": "open_tree",
    "prlimit64": "getrlimit",
    "pselect6": "select",
    "quotactl_fd": "quotactl",
    "removexattrat": "removexattr",
    "rt_tgsigqueueinfo": "rt_sigqueueinfo",
    "setxattrat": "setxattr",
    "signalfd4": "signalfd",
    "ssetmask": "sgetmask",
    "ugetrlimit": "getrlimit",
    "umount2": "umount",
    "vm86old": "vm86",
}
"""Pages that aren't found by leaving out what tells versions of a call apart."""

_KEPT = ("rt_sigqueueinfo", "getdents64")


def manual(call: str) -> str:
    """The page of section 2 that tells of a call."""
    if summaries().get(call, "").startswith("never implemented"):
        return "unimplemented(2)"
    name = _PAGES.get(call, call)
    if name not in _KEPT:
        name = name.removeprefix("rt_")
        for ending in ("_time64", "64", "32"):
            if name.endswith(ending):
                name = name.removesuffix(ending)
                break
    return f"{_PAGES.get(name, name)}(2)"
