"""How much of each architecture's calls is explained: bare words are few, and listed here."""

from __future__ import annotations

import pytest

from seize.abi.names import syscall_names
from seize.decode.decoder import ARCHITECTURES, source

BARE = ("raw", "hex", "hex32", "ptr")
"""Kinds that say nothing of what a word means."""

ADDRESSES = frozenset(
    [
        "addr",
        "start",
        "brk",
        "child_stack",
        "child_tidptr",
        "tls",
        "uaddr",
        "uaddr2",
        "shmaddr",
        "ctx",
        "head",
        "tidptr",
        "entry",
        "umod",
        "unused",
    ]
)
"""Arguments that are an address and no more: of a mapping, a stack, a futex, a context."""

NUMBERS = frozenset(["offset", "flags", "mask", "val", "from", "num"])
"""Arguments that are a number which is best read in hexadecimal, or bits that nobody has named."""

NEVER = frozenset(
    [
        "_sysctl",
        "afs_syscall",
        "bdflush",
        "break",
        "create_module",
        "epoll_ctl_old",
        "epoll_wait_old",
        "ftime",
        "get_kernel_syms",
        "getpmsg",
        "gtty",
        "idle",
        "lock",
        "lookup_dcookie",
        "mpx",
        "nfsservctl",
        "prof",
        "profil",
        "putpmsg",
        "query_module",
        "security",
        "stty",
        "tuxcall",
        "ulimit",
        "uselib",
        "vserver",
    ]
)
"""Calls that no kernel has any more, or never had: they fail whatever they are given."""

RAW = {
    "x86_64": {"rseq"},
    "i386": {"rseq", "vm86", "vm86old"},
    "aarch64": {"rseq"},
}
"""Calls with an argument that nothing explains."""

MULTIPLEXERS = frozenset(("ipc", "socketcall"))
"""Shown by these lines only when what they carry isn't known."""


def is_bare(arch_name: str, name: str) -> bool:
    line = source(arch_name).line(name)
    if line.variants:
        return False
    for argument in line.arguments:
        assert argument.spec is not None
        if argument.spec.word in BARE and argument.name not in ADDRESSES | NUMBERS:
            return True
    return False


@pytest.mark.parametrize("arch_name", ARCHITECTURES)
def test_calls_that_are_shown_raw_are_few_and_listed(arch_name: str) -> None:
    names = set(syscall_names(arch_name).values()) - NEVER - MULTIPLEXERS
    assert {name for name in names if is_bare(arch_name, name)} == RAW[arch_name]
    assert len(RAW[arch_name]) <= 5


def test_a_call_without_an_explanation_is_found() -> None:
    assert is_bare("x86_64", "tuxcall")
    assert not is_bare("x86_64", "read")
    assert not is_bare("x86_64", "prctl")
