"""The values of the raw operations: siginfo, system call information, filters."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seize import ptrace
from seize.abi._generated.layouts_x86_64 import LAYOUTS
from seize.errors import UsageError
from seize.ptrace import SigInfo, SyscallInfo
from seize.ptrace.siginfo import SIGINFO_SIZE

SIGTRAP, SIGBUS, SIGUSR1, SIGSEGV, SIGCHLD, SIGIO, SIGSYS = 5, 7, 10, 11, 17, 29, 31
SIGRTMIN = 34


@pytest.mark.parametrize(
    ("signo", "code", "kind", "members"),
    [
        (SIGUSR1, 0, "kill", {"pid", "uid"}),
        (SIGUSR1, -6, "kill", {"pid", "uid"}),
        (SIGRTMIN, -1, "queue", {"pid", "uid", "value"}),
        (SIGRTMIN, -3, "queue", {"pid", "uid", "value"}),
        (SIGSEGV, -1, "queue", {"pid", "uid", "value"}),
        (SIGRTMIN, -2, "timer", {"timerid", "overrun", "value"}),
        (SIGIO, -5, "poll", {"band", "fd"}),
        (SIGIO, 1, "poll", {"band", "fd"}),
        (SIGRTMIN, 2, "poll", {"band", "fd"}),
        (SIGCHLD, 1, "child", {"pid", "uid", "status", "utime", "stime"}),
        (SIGSEGV, 1, "fault", {"addr"}),
        (SIGSEGV, 0x80, "kernel", set()),
        (SIGSEGV, 3, "bounds", {"addr", "lower", "upper"}),
        (SIGSEGV, 4, "pkey", {"addr", "pkey"}),
        (SIGBUS, 2, "fault", {"addr"}),
        (SIGBUS, 4, "memory_error", {"addr", "addr_lsb"}),
        (SIGTRAP, 2, "fault", {"addr"}),
        (SIGTRAP, 6, "perf", {"addr", "perf_data", "perf_type", "perf_flags"}),
        (SIGTRAP, 0x80, "kernel", set()),
        (SIGTRAP, 4 << 8 | SIGTRAP, "kill", {"pid", "uid"}),
        (SIGTRAP, SIGTRAP | 0x80, "kill", {"pid", "uid"}),
        (SIGSYS, 1, "sigsys", {"call_addr", "syscall", "arch"}),
    ],
)
def test_kind_follows_number_and_code(signo: int, code: int, kind: str, members: set[str]) -> None:
    info = SigInfo.make(signo, code)
    assert info.kind == kind
    assert set(info.members()) == members


@given(st.binary(min_size=SIGINFO_SIZE, max_size=SIGINFO_SIZE))
def test_siginfo_survives_the_round_trip(raw: bytes) -> None:
    info = SigInfo.from_bytes(raw)
    assert info.to_bytes() == raw
    assert info.replace(**info.members()) == info
    assert info.replace(signo=info.signo, errno=info.errno, code=info.code) == info


def test_siginfo_members_are_typed_views() -> None:
    info = SigInfo.make(SIGCHLD, 2, pid=-3, uid=0xFFFFFFFF, status=9, utime=5, stime=-1)
    assert (info.pid, info.uid, info.status, info.utime, info.stime) == (-3, 0xFFFFFFFF, 9, 5, -1)
    assert info.replace(errno=-7).errno == -7
    assert SigInfo.make(SIGRTMIN, -1, value=-1).value == 0xFFFF_FFFF_FFFF_FFFF


def test_siginfo_lies_where_the_header_says() -> None:
    size, fields = LAYOUTS["siginfo"]
    assert size == SIGINFO_SIZE
    info = SigInfo.make(1, 2).replace(errno=3)
    for name, offset, _, _ in fields:
        if name in ("si_signo", "si_errno", "si_code"):
            value = int.from_bytes(info.raw[offset : offset + 4], "little")
            assert value == {"si_signo": 1, "si_code": 2, "si_errno": 3}[name]


def test_siginfo_shows_what_means_something() -> None:
    info = SigInfo.make(SIGSYS, 1, call_addr=16, syscall=39, arch=0xC000003E)
    assert repr(info) == "SigInfo(signo=31, code=1, call_addr=16, syscall=39, arch=3221225534)"
    assert repr(SigInfo.make(SIGUSR1, pid=4).replace(errno=2)) == (
        "SigInfo(signo=10, code=0, pid=4, uid=0, errno=2)"
    )


def test_siginfo_is_an_immutable_value() -> None:
    info = SigInfo.make(SIGUSR1, pid=5)
    assert info == SigInfo.from_bytes(info.to_bytes())
    assert hash(info) == hash(SigInfo.from_bytes(info.to_bytes()))
    with pytest.raises(AttributeError):
        info.pid = 6
    assert SigInfo.from_bytes(b"\x05").signo == SIGTRAP


def test_siginfo_refuses_nonsense() -> None:
    with pytest.raises(UsageError, match="no member 'colour'"):
        SigInfo.make(1, colour=1)
    with pytest.raises(UsageError, match="doesn't fit into pid, which has 32 bits"):
        SigInfo.make(1, pid=1 << 32)


def test_every_public_name_is_there() -> None:
    for name in ptrace.__all__:
        assert getattr(ptrace, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        getattr(ptrace, "nonsense")  # noqa: B009


def test_what_few_need_is_loaded_late() -> None:
    code = (
        "import sys, seize.ptrace as p; before = set(sys.modules); p.getsiginfo, p.getregs;"
        "print(sorted(m for m in set(sys.modules) - before if m.startswith('seize.ptrace')))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == str(
        ["seize.ptrace.registers", "seize.ptrace.siginfo", "seize.ptrace.signals"]
    )


ENTRY = SyscallInfo(1, 0xC000003E, 0x1000, 0x7000, nr=1, args=(1, 2, 3, 4, 5, 6))
EXIT = SyscallInfo(2, 0xC000003E, 0x1000, 0x7000, rval=-2, is_error=True)
SECCOMP = SyscallInfo(3, 0xC000003E, 0x1000, 0x7000, nr=1, args=(1, 2, 3, 4, 5, 6), ret_data=7)
NONE = SyscallInfo(0, 0xC000003E, 0x1000, 0x7000)


@pytest.mark.parametrize("info", [ENTRY, EXIT, SECCOMP, NONE])
def test_syscall_info_survives_the_round_trip(info: SyscallInfo) -> None:
    data = info.to_bytes()
    assert len(data) == LAYOUTS["ptrace_syscall_info"][0]
    assert SyscallInfo.from_bytes(data) == info


def test_the_readers_words_are_the_same_bytes() -> None:
    words = ptrace.SYSCALL_INFO.unpack_from(ENTRY.to_bytes())
    assert words == (1, 0xC000003E, 0x1000, 0x7000, 1, 1, 2, 3, 4, 5, 6, 0)
    words = ptrace.SYSCALL_INFO.unpack_from(EXIT.to_bytes())
    assert words[4:6] == (0xFFFF_FFFF_FFFF_FFFE, 1)


def test_user_desc_bits() -> None:
    plain = ptrace.UserDesc(6, 0x1234, 0xFFFFF, seg_32bit=False)
    assert plain.to_bytes()[12:] == bytes(4)
    for name, bits in (
        ("seg_32bit", 0x01),
        ("read_exec_only", 0x08),
        ("limit_in_pages", 0x10),
        ("seg_not_present", 0x20),
        ("useable", 0x40),
    ):
        arguments = {"seg_32bit": False, name: True}
        one = ptrace.UserDesc(6, 0x1234, 0xFFFFF, **arguments)
        assert int.from_bytes(one.to_bytes()[12:], "little") == bits
        assert ptrace.UserDesc.from_bytes(one.to_bytes()) == one
    contents = ptrace.UserDesc(6, 0, 0, seg_32bit=False, contents=2)
    assert int.from_bytes(contents.to_bytes()[12:], "little") == 4
    assert ptrace.UserDesc.from_bytes(contents.to_bytes()) == contents


def test_bpf_instructions_pack_as_the_kernel_takes_them() -> None:
    assert ptrace.BpfInstruction(0x15, 1, 2, 0x01020304).to_bytes() == bytes.fromhex(
        "1500010204030201"
    )
