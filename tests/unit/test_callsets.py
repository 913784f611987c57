"""Set expressions: what they mean, and strace's words for what they can't mean."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seize.abi import names
from seize.callsets import CallFilter, classes, sets
from seize.decode import Decoder
from seize.errors import UsageError
from seize.strace.operands import Operands, resolved
from seize.strace.settings import STATUSES

WORD = {"x86_64": 8, "i386": 4}


def chosen(expression: str, arch: str = "x86_64") -> set[str]:
    """The names of the calls that an expression means."""
    numbers = CallFilter(expression).numbers[arch]
    return {names.syscall_names(arch)[number] for number in numbers}


# ---------------------------------------------------------------------- sets of calls


@pytest.mark.parametrize(
    ("expression", "arch", "expected"),
    [
        ("chdir", "x86_64", {"chdir"}),
        ("chdir,fchdir,", "i386", {"chdir", "fchdir"}),
        (",chdir", "x86_64", {"chdir"}),
        ("5", "x86_64", {"fstat"}),
        ("5", "i386", {"open"}),
        ("080", "x86_64", {"chdir"}),
        ("5@32", "x86_64", set()),
        ("chdir@64", "i386", set()),
        ("chdir@x32", "x86_64", set()),
        ("?nothing,chdir", "x86_64", {"chdir"}),
        ("?nothing", "x86_64", set()),
        ("?", "x86_64", set()),
        ("?/^nothing", "i386", set()),
        ("%lstat", "x86_64", {"lstat"}),
        ("%lstat", "i386", {"lstat", "lstat64", "oldlstat"}),
        ("%%statfs@64", "x86_64", {"statfs", "fstatfs", "ustat"}),
        ("/^ch(dir|root)$", "x86_64", {"chdir", "chroot"}),
        ("/^mlock[[:digit:]]$", "x86_64", {"mlock2"}),
        ("stat", "x86_64", {"stat"}),
        ("waitpid", "x86_64", set()),
        ("!!chdir", "x86_64", {"chdir"}),
    ],
)
def test_what_an_expression_means(expression: str, arch: str, expected: set[str]) -> None:
    assert chosen(expression, arch) == expected


@pytest.mark.parametrize("arch", WORD)
def test_what_an_inverted_expression_means(arch: str) -> None:
    every = set(names.syscall_names(arch).values())
    assert chosen("!chdir,%file", arch) == every - chosen("chdir,%file", arch)
    assert chosen("all,chdir", arch) == every
    assert chosen("all@64,chdir", arch) == (every if arch == "x86_64" else {"chdir"})
    assert chosen("!?nothing", arch) == every


def test_all_and_none() -> None:
    for expression in ("all", "!none", "!!all"):
        assert CallFilter(expression).everything
    for expression in ("none", "!all"):
        assert not CallFilter(expression).everything
        assert not any(CallFilter(expression).numbers.values())


def test_a_number_that_is_no_call_is_always_wanted() -> None:
    calls = CallFilter("chdir")
    assert calls.wants("x86_64", 80)
    assert not calls.wants("x86_64", 81)
    assert calls.wants("x86_64", 100_000)
    assert not calls.has("x86_64", 100_000)


@pytest.mark.parametrize(
    ("expression", "wanted", "unwanted"),
    [
        ("send", ["send"], ["recv", "socketcall"]),
        ("socketcall", ["socketcall"], ["send"]),
        ("%net", ["send", "recvmsg"], ["socketcall"]),
        ("%desc", ["socketcall"], ["send", "sendto"]),
        ("ipc", ["ipc", "shmget"], ["send"]),
        ("102", ["socketcall"], ["send"]),
        ("sendto@64,shmget@32", ["shmget"], ["sendto"]),
        ("!%net", ["socketcall", "shmget"], ["send"]),
    ],
)
def test_what_multiplexers_stand_for(
    expression: str, wanted: list[str], unwanted: list[str]
) -> None:
    calls = CallFilter(expression)

    def wants(name: str) -> bool:
        if name in ("socketcall", "ipc"):
            number = names.syscall_number("i386", name)
            assert number is not None
            return calls.wants("i386", number)
        return calls.wants_name(name)

    assert all(wants(name) for name in wanted)
    assert not any(wants(name) for name in unwanted)


def test_the_multiplexers_must_stop_for_what_they_stand_for() -> None:
    socketcall, ipc = (names.syscall_number("i386", name) for name in ("socketcall", "ipc"))
    assert socketcall in CallFilter("bind").stops("i386")
    assert socketcall not in CallFilter("bind").numbers["i386"]
    assert ipc in CallFilter("semop").stops("i386")
    assert not {socketcall, ipc} & CallFilter("chdir").stops("i386")
    assert CallFilter("bind").stops("x86_64") == CallFilter("bind").numbers["x86_64"]


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("foo", "invalid system call 'foo'"),
        ("chdir,foo@64", "invalid system call 'foo@64'"),
        ("%foo", "invalid system call '%foo'"),
        ("%ALL", "invalid system call '%ALL'"),
        ("CHDIR", "invalid system call 'CHDIR'"),
        ("net", "invalid system call 'net'"),
        ("clock", "invalid system call 'clock'"),
        ("", "invalid system call ''"),
        ("!,", "invalid system call '!,'"),
        ("all,none", "invalid system call 'none'"),
        ("chdir,!fchdir", "invalid system call '!fchdir'"),
        ("99999", "invalid system call '99999'"),
        ("0x50", "invalid system call '0x50'"),
        ("+5", "invalid system call '+5'"),
        ("512@64", "invalid system call '512@64'"),
        ("222@32", "invalid system call '222@32'"),
        ("socketcall@64", "invalid system call 'socketcall@64'"),
        ("chdir@64@32", "invalid system call 'chdir@64@32'"),
        ("/nothing", "invalid system call '/nothing'"),
        ("/(", r"regcomp: (: Unmatched ( or \("),
        ("?/a{2", r"regcomp: a{2: Unmatched \{"),
        ("?foo@65", "incorrect personality designator '65' in qualification 'foo@65'"),
        ("chdir@", "incorrect personality designator '' in qualification 'chdir@'"),
    ],
)
def test_strace_s_words_for_what_means_nothing(expression: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        CallFilter(expression)
    assert str(caught.value) == message


def test_classes_name_calls_that_exist() -> None:
    known = {name for arch in WORD for name in names.syscall_names(arch).values()}
    for name in classes.NAMES:
        # These two have no number: only socketcall has them.
        assert (classes.members(name) or frozenset()) - known <= {"send", "recv"}
    assert classes.members("nothing") is None


# ---------------------------------------------------------------------- other sets


def test_sets_of_signals() -> None:
    found = sets.signals("SIGINT,usr1,15,rtmin")
    assert [number for number in range(65) if number in found] == [2, 10, 15, 32]
    assert 2 not in sets.signals("!int")
    assert 3 in sets.signals("!int")
    assert [number for number in range(65) if number in sets.signals("all")] == list(range(65))
    assert not [number for number in range(65) if number in sets.signals("none")]


def test_sets_of_descriptors() -> None:
    found = sets.descriptors("!0,1")
    assert [number for number in range(4) if number in found] == [2, 3]


def test_sets_of_words() -> None:
    assert sets.words("FAILED,detached", "status", STATUSES) == {"failed", "detached"}
    assert sets.words("!failed", "status", STATUSES) == STATUSES - {"failed"}
    assert sets.words("none", "status", STATUSES) == set()
    assert sets.words("exits", "quiet", ("exit",), {"exits": "exit"}) == {"exit"}


@pytest.mark.parametrize(
    ("make", "expression", "message"),
    [
        (sets.signals, "foo", "invalid signal 'foo'"),
        (sets.signals, "256", "invalid signal '256'"),
        (sets.signals, "int,-1", "invalid signal '-1'"),
        (sets.signals, "all,int", "invalid signal 'all'"),
        (sets.signals, "", "invalid signal ''"),
        (sets.descriptors, "foo", "invalid descriptor 'foo'"),
        (sets.descriptors, "-1", "invalid descriptor '-1'"),
        (sets.descriptors, "2147483648", "invalid descriptor '2147483648'"),
        (sets.descriptors, "!", "invalid descriptor '!'"),
        (lambda text: sets.words(text, "status", STATUSES), "foo", "invalid status 'foo'"),
        (lambda text: sets.words(text, "status", STATUSES), "all,failed", "invalid status 'all'"),
    ],
)
def test_sets_that_mean_nothing(make: Callable[[str], Any], expression: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        make(expression)
    assert str(caught.value) == message


# ---------------------------------------------------------------------- files


class Memory:
    """One stretch of memory."""

    def __init__(self, address: int, data: bytes) -> None:
        self.address = address
        self.data = data

    def read_prefix(self, address: int, size: int) -> bytes:
        start = address - self.address
        return self.data[start : start + size] if 0 <= start < len(self.data) else b""

    def read(self, address: int, size: int) -> bytes:
        return self.read_prefix(address, size)


def matches(
    operands: Operands, name: str, args: tuple[int, ...], data: bytes = b"", arch: str = "x86_64"
) -> bool:
    """Whether a call of this process, with ``data`` at 0x1000, works on the files."""
    scope = Decoder().tables[arch].scope
    padded = (*args, *(0,) * (6 - len(args)))
    return operands.match(scope, name, os.getpid(), padded, Memory(0x1000, data))


def test_paths_by_name_and_by_descriptor(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("")
    operands = Operands((str(path), "other"), None)
    with path.open() as file:
        fd = file.fileno()
        assert matches(operands, "read", (fd,))
        assert matches(operands, "dup2", (1000, fd))
        assert matches(operands, "mmap", (0, 0, 0, 0, fd))
        assert not matches(operands, "epoll_ctl", (fd, 1, 1000))
        assert matches(operands, "epoll_ctl", (1000, 1, fd))
        assert not matches(operands, "getpid", (fd,))
        path.unlink()
        assert matches(operands, "read", (fd,))
    assert not matches(operands, "read", (fd,))
    assert matches(operands, "openat", (-100, 0x1000), b"other\0")
    assert not matches(operands, "openat", (-100, 0x1000), b"./other\0")
    assert not matches(operands, "openat", (-100, 0x1000), b"other")
    assert matches(operands, "rename", (0x1010, 0x1000), b"other\0")
    assert not matches(operands, "symlink", (0x1000, 0x1010), b"other\0")


@pytest.mark.parametrize("arch", WORD)
def test_descriptors_in_sets(arch: str) -> None:
    operands = Operands((), sets.descriptors("70"))
    fds = b"".join([fd.to_bytes(4, "little", signed=True) + b"\0" * 4 for fd in (3, -1, 70)])
    assert matches(operands, "poll", (0x1000, 3), fds, arch)
    assert not matches(operands, "poll", (0x1000, 2), fds, arch)
    bits = (1 << 70).to_bytes(16, "little")
    select = "_newselect" if arch == "i386" else "select"
    assert matches(operands, select, (71, 0, 0x1000), bits, arch)
    assert not matches(operands, select, (70, 0, 0x1000), bits, arch)
    assert not matches(operands, select, (-1, 0, 0x1000), bits, arch)


def test_descriptors_by_number() -> None:
    operands = Operands((), sets.descriptors("!0,1,2"))
    assert matches(operands, "read", (3,))
    assert not matches(operands, "read", (1,))
    # Only what can be a descriptor, and only where a call has one.
    assert not matches(operands, "openat", (-100, 0x1000), b"file\0")
    assert not matches(operands, "mmap", (0, 0, 0, 0, 0xFFFFFFFF))
    assert not matches(operands, "brk", (3,))


def test_a_path_goes_by_its_real_name_too(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("")
    (tmp_path / "link").symlink_to("real")
    told: list[str] = []
    real, link = str(tmp_path.resolve() / "real"), str(tmp_path / "link")
    assert resolved((link, real, "nothing"), told.append) == (link, real, real, "nothing")
    assert told == [f'Requested path "{link}" resolved into "{real}"']
