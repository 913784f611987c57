"""The calls of 32-bit programs: narrow words, split offsets, arguments in memory."""

from __future__ import annotations

import struct

import pytest

from seize.decode import Decoder
from tests.unit.decode_support import FakeMemory, enter, line, number_of

PAGE = 0x10000


def words32(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}I", *[value & 0xFFFFFFFF for value in values])


def shown(name: str, *args: int, rval: int = 0, **pieces: dict[int, bytes]) -> str:
    return line(name, *args, rval=rval, arch_name="i386", **pieces)  # type: ignore[arg-type]


def test_registers_are_32_bits_wide() -> None:
    call = enter(Decoder(), FakeMemory(), "write", 0xFFFFFFFF00000003, -1, -1, arch_name="i386")
    assert call.raw[:3] == (3, 0xFFFFFFFF, 0xFFFFFFFF)
    assert str(call) == "write(3, 0xffffffff, 4294967295)"


SPLIT = [
    (("pread64", 3, 0, 0, 2, 1), "pread64(3, NULL, 0, 4294967298) = 0"),
    (("ftruncate64", 3, 5, 1), "ftruncate64(3, 4294967301) = 0"),
    (("fallocate", 3, 0, 1, 0, 0, 1), "fallocate(3, 0, 1, 4294967296) = 0"),
    (("fadvise64", 3, 1, 1, 7, 2), "fadvise64(3, 4294967297, 7, POSIX_FADV_SEQUENTIAL) = 0"),
    (("mmap2", 0, 4096, 1, 2, 3, 5), "mmap2(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0x5000) = NULL"),
    (("chown", 0, 0xFFFF, 5), "chown(NULL, -1, 5) = 0"),
    (("chown32", 0, -1, 65535), "chown32(NULL, -1, 65535) = 0"),
]


@pytest.mark.parametrize(("call", "text"), SPLIT, ids=lambda value: str(value)[:24])
def test_arguments(call: tuple[str, int], text: str) -> None:
    assert shown(call[0], *call[1:]).replace(") = 0", ") = 0") == text.replace("= NULL", "= 0")


def test_seeking_far() -> None:
    position = {PAGE: struct.pack("<q", -5)}
    assert shown("_llseek", 3, 0xFFFFFFFF, -5, PAGE, 2, after=position) == (
        "_llseek(3, -5, [-5], SEEK_END) = 0"
    )


def test_small_structs() -> None:
    assert shown("nanosleep", PAGE, 0, memory={PAGE: words32(1, 2)}) == (
        "nanosleep({tv_sec=1, tv_nsec=2}, NULL) = 0"
    )
    assert shown("clock_gettime64", 1, PAGE, after={PAGE: struct.pack("<qq", 1 << 33, 2)}) == (
        "clock_gettime64(CLOCK_MONOTONIC, {tv_sec=8589934592, tv_nsec=2}) = 0"
    )
    assert shown("ugetrlimit", 3, PAGE, after={PAGE: words32(8 << 20, -1)}) == (
        "ugetrlimit(RLIMIT_STACK, {rlim_cur=8192*1024, rlim_max=RLIM_INFINITY}) = 0"
    )
    lock = struct.pack("<hhqqi", 1, 0, 1 << 33, 20, 0)
    assert shown("fcntl64", 3, 13, PAGE, memory={PAGE: lock}) == (
        "fcntl64(3, F_SETLK64, {l_type=F_WRLCK, l_whence=SEEK_SET, l_start=8589934592, "
        "l_len=20}) = 0"
    )


def test_dispositions() -> None:
    action = words32(0x5000, 0x10000000, 0, 0x10002, 0)
    assert shown("rt_sigaction", 2, PAGE, 0, 8, memory={PAGE: action}) == (
        "rt_sigaction(SIGINT, {sa_handler=0x5000, sa_mask=[INT CHLD], sa_flags=SA_RESTART}, "
        "NULL, 8) = 0"
    )
    old = words32(0x5000, 0x10002, 0x10000000, 0)
    assert shown("sigaction", 2, PAGE, 0, memory={PAGE: old}) == (
        "sigaction(SIGINT, {sa_handler=0x5000, sa_mask=[INT CHLD], sa_flags=SA_RESTART}, NULL) = 0"
    )


def test_segment_descriptors() -> None:
    before = {PAGE: words32(-1, 0xF7F335C0, 0xFFFFF, 0x51)}
    after = {PAGE: words32(12, 0xF7F335C0, 0xFFFFF, 0x51)}
    assert shown("set_thread_area", PAGE, memory=before, after=after) == (
        "set_thread_area({entry_number=-1, base_addr=0xf7f335c0, limit=0x0fffff, seg_32bit=1, "
        "contents=0, read_exec_only=0, limit_in_pages=1, seg_not_present=0, useable=1}) = 0 "
        "(entry_number=12)"
    )


SOCKETCALLS = [
    ((1, (1, 1, 0)), 3, "socket(AF_UNIX, SOCK_STREAM, 0) = 3"),
    ((4, (3, 5)), 0, "listen(3, 5) = 0"),
    ((9, (3, 0x30000, 2, 0)), 2, 'send(3, "ab", 2, 0) = 2'),
    ((11, (3, 0x30000, 2, 0, 0, 0)), 2, 'sendto(3, "ab", 2, 0, NULL, 0) = 2'),
    ((13, (3, 1)), 0, "shutdown(3, SHUT_WR) = 0"),
    ((77, (1,)), -22, "socketcall(0x4d /* SYS_??? */, 0x10000) = -1 EINVAL (Invalid argument)"),
]


@pytest.mark.parametrize(("call", "rval", "text"), SOCKETCALLS)
def test_socketcall(call: tuple[int, tuple[int, ...]], rval: int, text: str) -> None:
    memory = {PAGE: words32(*call[1]), 0x30000: b"ab"}
    assert shown("socketcall", call[0], PAGE, rval=rval, memory=memory) == text


def test_a_socketcall_whose_arguments_can_t_be_read() -> None:
    assert shown("socketcall", 1, 8, rval=-14) == (
        "socketcall(SYS_SOCKET, 0x8) = -1 EFAULT (Bad address)"
    )


def test_ipc() -> None:
    assert shown("ipc", 23, 0, 4096, 0o1600, 0, 0, rval=5) == (
        "shmget(IPC_PRIVATE, 4096, IPC_CREAT|0600) = 5"
    )
    assert shown("ipc", 22, 0, 0, 0, 0x8000) == "shmdt(0x8000) = 0"
    kludge = {PAGE: words32(0x20000, 7), 0x20000: words32(7) + b"hi"}
    assert shown("ipc", 12, 3, 10, 0, PAGE, 0, rval=2, memory=kludge) == (
        'msgrcv(3, {mtype=7, mtext="hi"}, 10, 7, 0) = 2'
    )


def test_the_first_mmap_and_select_have_their_arguments_in_memory() -> None:
    memory = {PAGE: words32(0, 4096, 3, 0x22, -1, 0x1000)}
    assert shown("mmap", PAGE, memory=memory, rval=0x5000) == (
        "mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0x1000) = 0x5000"
    )
    memory = {PAGE: words32(4, 0x20000, 0, 0, 0), 0x20000: words32(8)}
    assert shown("select", PAGE, memory=memory, rval=1) == (
        "select(4, [3], NULL, NULL, NULL) = 1 (in [3])"
    )


def test_the_mask_of_a_signal_frame() -> None:
    frame = words32(2, 0, PAGE + 100).ljust(100, b"\0") + bytes(108) + words32(0x10002, 0)
    decoder = Decoder(stack_pointer=lambda tid: PAGE)
    call = decoder.enter(1, "i386", 173, (0,) * 6, FakeMemory({PAGE: frame}))
    assert str(call) == "rt_sigreturn({mask=[INT CHLD]})"
    old = bytes(80) + words32(0x2) + bytes(712 - 84) + words32(1)
    call = decoder.enter(1, "i386", 119, (0,) * 6, FakeMemory({PAGE: old}))
    assert str(call) == "sigreturn({mask=[INT RT_1]})"


def test_a_multiplexed_call_goes_by_its_own_name_and_the_multiplexer_s_number() -> None:
    decoder = Decoder()
    memory = FakeMemory({PAGE: words32(1, 2, 3)})
    for name, args, own in (
        ("socketcall", (1, PAGE, 0, 0, 0, 0), "socket"),
        ("ipc", (23, 0, 4096, 0o600, 0, 0), "shmget"),
        ("ipc", (21, 7, 0, 0, PAGE, 0), "shmat"),
        ("ipc", (3, 1, 0, 12, PAGE, 0), "semctl"),
    ):
        number = number_of("i386", name)
        call = decoder.enter(1, "i386", number, args, memory)
        assert (call.name, call.number) == (own, number)
