"""Calls decoded in recorded memory: the lines are those that strace 6.1 writes."""

from __future__ import annotations

import struct

import pytest

from seize.decode import Decoder
from seize.decode.render.strace import StraceText
from seize.decode.values import Address, Bytes, Flags, LazyStruct, Path
from tests.unit.decode_support import FakeMemory, enter, line, words

AT_FDCWD = -100
PAGE = 0x10000


def test_entry_tells_what_is_known_and_exit_the_rest() -> None:
    memory = FakeMemory({PAGE: b"hello"})
    decoder, text = Decoder(), StraceText()
    call = enter(decoder, memory, "read", 3, PAGE, 100)
    assert text.enter(call) == "read(3, "
    assert (call.finished, call.rval, call.result, call.failed) == (False, None, None, False)
    assert str(call) == "read(3, 0x10000, 100)"
    decoder.exit(call, 5, False, memory)
    assert text.exit(call) == '"hello", 100)'
    assert text.result(call) == "5"
    assert str(call) == 'read(3, "hello", 100) = 5'
    assert (call.finished, call.rval, call.error) == (True, 5, 0)
    buffer = call.args.buf
    assert isinstance(buffer, Bytes)
    assert (buffer.bytes, buffer.size, buffer.truncated) == (b"hello", 5, False)


def test_arguments_by_name_and_in_order() -> None:
    memory = FakeMemory({PAGE: b"/etc/x\0"})
    call = enter(Decoder(), memory, "openat", AT_FDCWD, PAGE, 0o2000002, 0)
    path, flags = call.args.filename, call.args.flags
    assert isinstance(path, Path)
    assert path == "/etc/x"
    assert path.bytes == b"/etc/x"
    assert isinstance(flags, Flags)
    assert "O_CLOEXEC" in flags
    assert "O_CREAT" not in flags
    assert flags.names == ("O_RDWR", "O_CLOEXEC")
    assert flags & 0o2000000
    assert call.args.names == ("dfd", "filename", "flags")
    assert [type(value).__name__ for value in call.args] == ["DirFd", "Path", "Flags"]
    assert len(call.args) == 3
    with pytest.raises(AttributeError, match="no argument 'mode'; there are: dfd, filename, flags"):
        _ = call.args.mode


def test_a_failed_call_leaves_its_output_as_an_address() -> None:
    memory = FakeMemory({PAGE: b"old contents"})
    decoder = Decoder()
    call = enter(decoder, memory, "read", 3, PAGE, 5)
    decoder.exit(call, -9, True, memory)
    assert str(call) == "read(3, 0x10000, 5) = -1 EBADF (Bad file descriptor)"
    assert (call.failed, call.error, call.rval) == (True, 9, -9)
    assert call.result == -1
    assert isinstance(call.args.buf, Address)


READS = {
    "whole": (b"hello", 5, '"hello", 5) = 5'),
    "empty": (b"x", 0, '"", 5) = 0'),
    "limit": (b"a" * 32, 32, f'"{"a" * 32}", 5) = 32'),
    "longer": (b"a" * 33, 33, f'"{"a" * 32}"..., 5) = 33'),
    "unreadable": (b"", 5, "0x10000, 5) = 5"),
    "half readable": (b"abc", 5, "0x10000, 5) = 5"),
    "huge": (b"a" * 4096, 1 << 62, f'"{"a" * 32}"..., 5) = {1 << 62}'),
}


@pytest.mark.parametrize("case", READS)
def test_buffers(case: str) -> None:
    data, rval, text = READS[case]
    assert line("read", 3, PAGE, 5, rval=rval, memory={PAGE: data}) == f"read(3, {text}"


@pytest.mark.parametrize(
    ("data", "size", "text"),
    [
        (b"x" * 40, 1 << 63, f'"{"x" * 32}"..., {1 << 63}'),
        (b"x" * 40, 32, f'"{"x" * 32}", 32'),
        (b"x", 0, '"", 0'),
        (b"x", 2, "0x10000, 2"),
    ],
)
def test_written_buffers(data: bytes, size: int, text: str) -> None:
    assert line("write", 1, PAGE, size, rval=1, memory={PAGE: data}) == f"write(1, {text}) = 1"


def test_a_null_buffer() -> None:
    assert line("write", 1, 0, 0) == "write(1, NULL, 0) = 0"


def test_the_limit_of_strings_is_the_decoder_s() -> None:
    memory = {PAGE: b"0123456789"}
    assert line("write", 1, PAGE, 10, memory=memory, string_limit=4) == (
        'write(1, "0123"..., 10) = 0'
    )
    assert line("write", 1, PAGE, 10, memory=memory, string_limit=0) == 'write(1, ""..., 10) = 0'


def test_paths_are_shown_whole() -> None:
    name = b"d" * 1000
    shown = line("chdir", PAGE, memory={PAGE: name + b"\0"})
    assert shown == f'chdir("{name.decode()}") = 0'
    endless = line("chdir", PAGE, memory={PAGE: b"e" * 9000}, rval=-36)
    assert endless == f'chdir("{"e" * 4095}"...) = -1 ENAMETOOLONG (File name too long)'


def test_a_path_that_can_t_be_read_is_an_address() -> None:
    assert line("chdir", 8, rval=-14) == "chdir(0x8) = -1 EFAULT (Bad address)"
    assert line("chdir", 0, rval=-14) == "chdir(NULL) = -1 EFAULT (Bad address)"
    unended = {PAGE + 4000: b"x" * 96}
    assert line("chdir", PAGE + 4000, memory=unended, rval=-14).startswith("chdir(0x10fa0)")


def test_reads_of_a_string_never_cross_a_page_too_much() -> None:
    memory = FakeMemory({PAGE: b"x" * 100})
    enter(Decoder(), memory, "chdir", PAGE + 90)
    assert memory.total <= 10


OPENS = [
    (0o101, 0o644, 'openat(AT_FDCWD, "f", O_WRONLY|O_CREAT, 0644) = 3'),
    (0o0, 0o644, 'openat(AT_FDCWD, "f", O_RDONLY) = 3'),
    (0o20200002, 0, 'openat(AT_FDCWD, "f", O_RDWR|O_TMPFILE, 000) = 3'),
    (0o4010003, 0, 'openat(AT_FDCWD, "f", O_ACCMODE|O_SYNC) = 3'),
    (0x10000000, 0, 'openat(AT_FDCWD, "f", O_RDONLY|0x10000000) = 3'),
]


@pytest.mark.parametrize(("flags", "mode", "text"), OPENS)
def test_open_shows_the_mode_only_where_it_counts(flags: int, mode: int, text: str) -> None:
    assert line("openat", AT_FDCWD, PAGE, flags, mode, rval=3, memory={PAGE: b"f\0"}) == text


def stat_of(mode: int, size: int = 0, rdev: int = 0) -> bytes:
    head = struct.pack("<QQQIII4xQqqq", 0x801, 77, 1, mode, 0, 5, rdev, size, 4096, 8)
    return head + struct.pack("<QQQQQQ", 1700000000, 5, 0, 0, 1700000000, 0) + bytes(24)


def test_stat() -> None:
    regular = {PAGE: stat_of(0o100644, size=1234)}
    assert line("fstat", 3, PAGE, after=regular) == (
        "fstat(3, {st_mode=S_IFREG|0644, st_size=1234, ...}) = 0"
    )
    device = {PAGE: stat_of(0o020620, rdev=0x8803)}
    assert line("fstat", 3, PAGE, after=device) == (
        "fstat(3, {st_mode=S_IFCHR|0620, st_rdev=makedev(0x88, 0x3), ...}) = 0"
    )
    assert line("fstat", 3, PAGE, rval=-9) == "fstat(3, 0x10000) = -1 EBADF (Bad file descriptor)"


def test_stat_s_fields_are_all_there() -> None:
    memory = FakeMemory({PAGE: stat_of(0o100644, size=1234)})
    decoder = Decoder()
    call = enter(decoder, memory, "fstat", 3, PAGE)
    decoder.exit(call, 0, False, memory)
    value = call.args.statbuf
    assert isinstance(value, LazyStruct)
    assert (value.st_size, value.st_ino, value.st_gid) == (1234, 77, 5)


def test_verbose_stat(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    shown = line("fstat", 3, PAGE, after={PAGE: stat_of(0o100644, size=9)}, verbose=True)
    assert shown == (
        "fstat(3, {st_dev=makedev(0x8, 0x1), st_ino=77, st_mode=S_IFREG|0644, st_nlink=1, "
        "st_uid=0, st_gid=5, st_blksize=4096, st_blocks=8, st_size=9, "
        "st_atime=1700000000 /* 2023-11-14T22:13:20.000000005+0000 */, st_atime_nsec=5, "
        "st_mtime=0, st_mtime_nsec=0, "
        "st_ctime=1700000000 /* 2023-11-14T22:13:20+0000 */, st_ctime_nsec=0}) = 0"
    )


def test_execve() -> None:
    memory = {
        PAGE: b"/bin/ls\0",
        0x20000: words(0x30000, 0x30003, 0) + words(1, 2, 0),
        0x30000: b"ls\0" + b"x" * 40 + b"\0",
    }
    assert line("execve", PAGE, 0x20000, 0x20018, memory=memory) == (
        f'execve("/bin/ls", ["ls", "{"x" * 32}"...], 0x20018 /* 2 vars */) = 0'
    )
    assert line("execve", PAGE, 0x20010, 0x20028, memory=memory) == (
        'execve("/bin/ls", [], 0x20028 /* 0 vars */) = 0'
    )
    assert line("execve", PAGE, 0, 1, memory=memory, rval=-2).startswith(
        'execve("/bin/ls", NULL, 0x1) = -1 ENOENT'
    )


def test_a_vector_of_strings_is_cut_at_the_limit() -> None:
    memory = {PAGE: words(*[0x20000] * 40, 0), 0x20000: b"a\0"}
    assert line("execve", 0x20000, PAGE, 0, memory=memory) == (
        'execve("a", [' + '"a", ' * 32 + "...], NULL) = 0"
    )
    one = {PAGE: words(0x20000, 0x666, 0), 0x20000: b"a\0"}
    assert '["a", 0x666]' in line("execve", 0x20000, PAGE, 0, memory=one)


def test_verbose_environment() -> None:
    memory = {PAGE: words(0x20000, 0), 0x20000: b"A=1\0"}
    assert line("execve", 0x20000, 0, PAGE, memory=memory, verbose=True) == (
        'execve("A=1", NULL, ["A=1"]) = 0'
    )


def test_in_and_out_values() -> None:
    address = struct.pack("<H14s", 1, b"/tmp/s")
    assert (
        line(
            "getsockname",
            3,
            PAGE,
            0x20000,
            memory={0x20000: b"\x6e\0\0\0"},
            after={PAGE: address, 0x20000: b"\x09\0\0\0"},
        )
        == 'getsockname(3, {sa_family=AF_UNIX, sun_path="/tmp/s"}, [110 => 9]) = 0'
    )
    assert line("getsockname", 3, PAGE, 0x20000, memory={0x20000: b"\x6e\0\0\0"}, rval=-9) == (
        "getsockname(3, 0x10000, [110]) = -1 EBADF (Bad file descriptor)"
    )


ADDRESSES = [
    (b"\1\0", "{sa_family=AF_UNIX}"),
    (b"\1\0sock\0rest", '{sa_family=AF_UNIX, sun_path="sock"}'),
    (b"\1\0\0abs\0x", r'{sa_family=AF_UNIX, sun_path=@"abs\0x"}'),
    (
        b"\2\0\x87\x07\x7f\0\0\1" + bytes(8),
        '{sa_family=AF_INET, sin_port=htons(34567), sin_addr=inet_addr("127.0.0.1")}',
    ),
    (b"\2\0\x87", r'{sa_family=AF_INET, sa_data="\207"}'),
    (
        b"\x0a\0\0\x35\0\0\0\7\x20\1\x0d\xb8" + bytes(11) + b"\1" + b"\1\0\0\0",
        "{sa_family=AF_INET6, sin6_port=htons(53), sin6_flowinfo=htonl(7), "
        'inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=1}',
    ),
    (
        struct.pack("<HHII", 16, 0, 5, 1),
        "{sa_family=AF_NETLINK, nl_pid=5, nl_groups=0x000001}",
    ),
    (b"\x4d\0abc", '{sa_family=0x4d /* AF_??? */, sa_data="abc"}'),
    (b"\1", "0x10000"),
]


@pytest.mark.parametrize(("data", "text"), ADDRESSES)
def test_socket_addresses(data: bytes, text: str) -> None:
    shown = line("connect", 3, PAGE, len(data), memory={PAGE: data})
    assert shown == f"connect(3, {text}, {len(data)}) = 0"


def test_a_negative_length_of_an_address() -> None:
    assert line("connect", 3, PAGE, -1, memory={PAGE: b"\1\0sock"}, rval=-22) == (
        "connect(3, 0x10000, -1) = -1 EINVAL (Invalid argument)"
    )


def test_messages() -> None:
    rights = struct.pack("<Qiiii", 24, 1, 1, 0, 1)
    credentials = struct.pack("<QiiiII4x", 28, 1, 2, 77, 0, 5)
    memory = {
        PAGE: words(0, 0, 0x20000, 1, 0x30000, 56, 0),
        0x20000: words(0x40000, 7),
        0x30000: rights + credentials,
        0x40000: b"message",
    }
    assert line("sendmsg", 3, PAGE, 0x4000, rval=7, memory=memory) == (
        'sendmsg(3, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="message", iov_len=7}], '
        "msg_iovlen=1, msg_control=[{cmsg_len=24, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, "
        "cmsg_data=[0, 1]}, {cmsg_len=28, cmsg_level=SOL_SOCKET, cmsg_type=SCM_CREDENTIALS, "
        "cmsg_data={pid=77, uid=0, gid=5}}], msg_controllen=56, msg_flags=0}, MSG_NOSIGNAL) = 7"
    )
    assert line("recvmsg", 3, PAGE, 0x40, rval=-11, memory=memory) == (
        "recvmsg(3, {msg_namelen=0}, MSG_DONTWAIT) = -1 EAGAIN (Resource temporarily unavailable)"
    )


def test_vectors_show_what_was_read() -> None:
    memory = {PAGE: words(0x20000, 4, 0x20010, 40, 0x20020, 6), 0x20000: b"abcdefgh" * 8}
    assert line("readv", 3, PAGE, 3, rval=6, memory=memory) == (
        'readv(3, [{iov_base="abcd", iov_len=4}, {iov_base="ab", iov_len=40}, '
        '{iov_base="", iov_len=6}], 3) = 6'
    )
    assert line("writev", 3, 16, 2, rval=-14) == "writev(3, 0x10, 2) = -1 EFAULT (Bad address)"
    assert line("writev", 3, PAGE, 0, memory=memory) == "writev(3, [], 0) = 0"
    cut = line("writev", 3, PAGE, 5, memory=memory)
    assert cut.endswith("... /* 0x10030 */], 5) = 0")


def test_poll() -> None:
    before = struct.pack("<iHHiHHiHH", 3, 1, 0, 4, 4, 0, -1, 0, 0)
    after = struct.pack("<iHHiHHiHH", 3, 1, 0, 4, 4, 4, -1, 0, 0)
    assert line("poll", PAGE, 3, -1, rval=1, memory={PAGE: before}, after={PAGE: after}) == (
        "poll([{fd=3, events=POLLIN}, {fd=4, events=POLLOUT}, {fd=-1}], 3, -1) = "
        "1 ([{fd=4, revents=POLLOUT}])"
    )
    assert line("poll", PAGE, 1, 5, memory={PAGE: before}) == (
        "poll([{fd=3, events=POLLIN}], 1, 5) = 0 (Timeout)"
    )
    assert line("poll", 0, 2, 5, rval=-14) == "poll(NULL, 2, 5) = -1 EFAULT (Bad address)"


def test_select() -> None:
    memory = {PAGE: words(1 << 3), 0x20000: words(1, 0)}
    after = {0x20000: words(0, 5)}
    assert line("select", 5, PAGE, 0, 0, 0x20000, rval=1, memory=memory, after=after) == (
        "select(5, [3], NULL, NULL, {tv_sec=1, tv_usec=0}) = 1 (in [3], left {tv_sec=0, tv_usec=5})"
    )
    assert line("select", -1, PAGE, 0, 0, 0, memory=memory, rval=-22) == (
        "select(-1, 0x10000, NULL, NULL, NULL) = -1 EINVAL (Invalid argument)"
    )


def test_wait() -> None:
    assert line("wait4", -1, PAGE, 0, 0, rval=7, after={PAGE: b"\0\3\0\0"}) == (
        "wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 7"
    )
    assert line("wait4", -1, PAGE, 1, 0, memory={PAGE: b"\0\3\0\0"}) == (
        "wait4(-1, 0x10000, WNOHANG, NULL) = 0"
    )


def test_clone() -> None:
    assert line("clone", 0x1200011, 0, 0, 0x7000, 0, rval=9) == (
        "clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, "
        "child_tidptr=0x7000) = 9"
    )
    assert line(
        "clone", 0x3D0F00, 0x8000, PAGE, 0x7000, 0x9000, rval=9, after={PAGE: b"\x09\0\0\0"}
    ) == (
        "clone(child_stack=0x8000, flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|"
        "CLONE_THREAD|CLONE_SYSVSEM|CLONE_SETTLS|CLONE_PARENT_SETTID|CLONE_CHILD_CLEARTID, "
        "parent_tid=[9], tls=0x9000, child_tidptr=0x7000) = 9"
    )


def test_where_a_clone_is_cut() -> None:
    # As strace has it: flags first, what is written into memory with the result.
    decoder, memory, text = Decoder(), FakeMemory(), StraceText()
    call = enter(decoder, memory, "clone", 0x1200011, 0, 0, 0x7000, 0)
    assert text.enter(call).endswith("CLONE_CHILD_SETTID|SIGCHLD")
    decoder.exit(call, 9, False, memory)
    assert text.exit(call) == ", child_tidptr=0x7000)"
    plain = enter(decoder, memory, "clone", 0x4111, 0x8000)
    assert text.enter(plain).endswith("CLONE_VM|CLONE_VFORK|SIGCHLD")
    decoder.exit(plain, 9, False, memory)
    assert text.exit(plain) == ")"


def test_clone3() -> None:
    arguments = words(0x100000, 0, 0, 0x20000, 17, 0, 0, 0, 0, 0, 0)
    memory, after = {PAGE: arguments}, {0x20000: b"\x09\0\0\0"}
    assert line("clone3", PAGE, 88, rval=9, memory=memory, after=after) == (
        "clone3({flags=CLONE_PARENT_SETTID, parent_tid=0x20000, exit_signal=SIGCHLD, "
        "stack=NULL, stack_size=0} => {parent_tid=[9]}, 88) = 9"
    )
    assert line("clone3", PAGE, 5, rval=-22, memory=memory).startswith("clone3(0x10000, 5) = -1")


FUTEXES = [
    ((128, 2, 0), "FUTEX_WAIT_PRIVATE, 2, NULL"),
    ((0, 2, PAGE), "FUTEX_WAIT, 2, {tv_sec=1, tv_nsec=5}"),
    ((129, 1, 0x666), "FUTEX_WAKE_PRIVATE, 1"),
    (
        (0x189, 1, PAGE, 0, 0xFFFFFFFF),
        "FUTEX_WAIT_BITSET_PRIVATE|FUTEX_CLOCK_REALTIME, 1, {tv_sec=1, tv_nsec=5}, "
        "FUTEX_BITSET_MATCH_ANY",
    ),
    ((10, 1, 0, 0, 5), "FUTEX_WAKE_BITSET, 1, 0x5"),
    ((132, 1, 2, 0x20000, 3), "FUTEX_CMP_REQUEUE_PRIVATE, 1, 2, 0x20000, 3"),
    (
        (5, 1, 2, 0x20000, 0x10001002),
        "FUTEX_WAKE_OP, 1, 2, 0x20000, FUTEX_OP_ADD<<28|0x1<<12|FUTEX_OP_CMP_EQ<<24|0x2",
    ),
    ((7, 9), "FUTEX_UNLOCK_PI"),
]


@pytest.mark.parametrize(("args", "text"), FUTEXES)
def test_futex_shows_the_arguments_of_its_operation(args: tuple[int, ...], text: str) -> None:
    memory = {PAGE: words(1, 5)}
    assert line("futex", 0x5000, *args, memory=memory) == f"futex(0x5000, {text}) = 0"


FCNTLS = [
    ((1, 9), 1, "F_GETFD) = 0x1 (flags FD_CLOEXEC)"),
    ((1, 9), 0, "F_GETFD) = 0"),
    ((2, 1), 0, "F_SETFD, FD_CLOEXEC) = 0"),
    ((3, 9), 0x8002, "F_GETFL) = 0x8002 (flags O_RDWR|O_LARGEFILE)"),
    ((4, 0x800), 0, "F_SETFL, O_RDONLY|O_NONBLOCK) = 0"),
    ((0, 30), 31, "F_DUPFD, 30) = 31"),
    ((6, PAGE), 0, "F_SETLK, {l_type=F_WRLCK, l_whence=SEEK_SET, l_start=10, l_len=20}) = 0"),
    (
        (5, PAGE),
        0,
        "F_GETLK, {l_type=F_WRLCK, l_whence=SEEK_SET, l_start=10, l_len=20, l_pid=7}) = 0",
    ),
    ((11, 0), 10, "F_GETSIG) = 10 (SIGUSR1)"),
    ((12345, 6), -22, "0x3039 /* F_??? */, 0x6) = -1 EINVAL (Invalid argument)"),
]


@pytest.mark.parametrize(("args", "rval", "text"), FCNTLS)
def test_fcntl_shows_the_argument_of_its_command(
    args: tuple[int, int], rval: int, text: str
) -> None:
    memory = {PAGE: struct.pack("<hh4xqqi4x", 1, 0, 10, 20, 7)}
    assert line("fcntl", 3, *args, rval=rval, memory=memory) == f"fcntl(3, {text}"


IOCTLS = [
    ((0x541B, PAGE), "FIONREAD, [8]"),
    ((0x5421, PAGE), "FIONBIO, [8]"),
    ((0x5451, 5), "FIOCLEX"),
    ((0x5413, PAGE), "TIOCGWINSZ, {ws_row=8, ws_col=0, ws_xpixel=80, ws_ypixel=0}"),
    ((0xDEADBEEF, 0x123), "_IOC(_IOC_READ|_IOC_WRITE, 0xbe, 0xef, 0x1ead), 0x123"),
]


@pytest.mark.parametrize(("args", "text"), IOCTLS)
def test_ioctl(args: tuple[int, int], text: str) -> None:
    memory = {PAGE: struct.pack("<HHHH", 8, 0, 80, 0)}
    if args[0] in (0x541B, 0x5421):
        memory = {PAGE: b"\x08\0\0\0"}
    assert line("ioctl", 3, *args, memory=memory) == f"ioctl(3, {text}) = 0"


def test_signal_dispositions() -> None:
    handler = words(0x5000, 0x14000000, 0x6000, 0x10002)
    assert line("rt_sigaction", 2, PAGE, 0x20000, 8, memory={PAGE: handler}) == (
        "rt_sigaction(SIGINT, {sa_handler=0x5000, sa_mask=[INT CHLD], "
        "sa_flags=SA_RESTORER|SA_RESTART, sa_restorer=0x6000}, 0x20000, 8) = 0"
    )
    assert line("rt_sigaction", 33, 0, PAGE, 8, after={PAGE: words(1, 0, 0, 0)}) == (
        "rt_sigaction(SIGRT_1, NULL, {sa_handler=SIG_IGN, sa_mask=[], sa_flags=0}, 8) = 0"
    )


def test_signal_masks() -> None:
    memory = {PAGE: words(0x10002)}
    assert line("rt_sigprocmask", 0, PAGE, 0, 8, memory=memory) == (
        "rt_sigprocmask(SIG_BLOCK, [INT CHLD], NULL, 8) = 0"
    )
    assert line("rt_sigprocmask", 0, PAGE, 0, 4, memory=memory, rval=-22).startswith(
        "rt_sigprocmask(SIG_BLOCK, 0x10000, NULL, 4) = -1 EINVAL"
    )


def test_sleeping() -> None:
    memory = {PAGE: words(10, 5), 0x20000: words(3, 4)}
    assert line("nanosleep", PAGE, 0x20000, memory=memory) == (
        "nanosleep({tv_sec=10, tv_nsec=5}, 0x20000) = 0"
    )
    assert line("nanosleep", PAGE, 0x20000, memory=memory, rval=-516) == (
        "nanosleep({tv_sec=10, tv_nsec=5}, {tv_sec=3, tv_nsec=4}) = "
        "? ERESTART_RESTARTBLOCK (Interrupted by signal)"
    )
    assert line("nanosleep", PAGE, 0x20000, memory=memory, rval=-22).endswith(
        ", 0x20000) = -1 EINVAL (Invalid argument)"
    )


def test_limits() -> None:
    memory = {PAGE: words(8 << 20, -1), 0x20000: words(1025, 20000)}
    assert line("prlimit64", 0, 3, PAGE, 0x20000, memory=memory) == (
        "prlimit64(0, RLIMIT_STACK, {rlim_cur=8192*1024, rlim_max=RLIM64_INFINITY}, "
        "{rlim_cur=1025, rlim_max=20000}) = 0"
    )


def test_directory_entries() -> None:
    entries = b"".join(
        [struct.pack("<QqHB5s", 7, 24, 24, 4, name) for name in (b".\0", b"..\0", b"f\0")]
    )
    assert line("getdents64", 3, PAGE, 4096, rval=72, after={PAGE: entries}) == (
        "getdents64(3, 0x10000 /* 3 entries */, 4096) = 72"
    )
    assert line("getdents64", 3, PAGE, 4096, rval=24, after={PAGE: entries}) == (
        "getdents64(3, 0x10000 /* 1 entry */, 4096) = 24"
    )
    assert line("getdents64", 3, PAGE, 4096) == "getdents64(3, 0x10000 /* 0 entries */, 4096) = 0"
    verbose = line("getdents64", 3, PAGE, 4096, rval=24, after={PAGE: entries}, verbose=True)
    assert verbose == (
        'getdents64(3, [{d_ino=7, d_off=24, d_reclen=24, d_type=DT_DIR, d_name="."}], 4096) = 24'
    )


SIMPLE = [
    (("close", -1), -9, "close(-1) = -1 EBADF (Bad file descriptor)"),
    (("exit_group", 3), 0, "exit_group(3) = ?"),
    (("getpid",), 77, "getpid() = 77"),
    (("umask", 0), 0o22, "umask(000) = 022"),
    (("brk", 0), 0x5000, "brk(NULL) = 0x5000"),
    (("kill", 5, 0), 0, "kill(5, 0) = 0"),
    (("kill", -1, 34), 0, "kill(-1, SIGRT_2) = 0"),
    (("setreuid", -1, 0), 0, "setreuid(-1, 0) = 0"),
    (("setuid", 4294967294), 0, "setuid(4294967294) = 0"),
    (("mmap", 0, 4096, 3, 0x22, -1, 0), 0x7000, None),
    (
        ("mremap", 4096, 1, 2, 1, 9),
        4096,
        "mremap(0x1000, 1, 2, MREMAP_MAYMOVE) = 0x1000",
    ),
    (
        ("mremap", 4096, 1, 2, 3, 9),
        9,
        "mremap(0x1000, 1, 2, MREMAP_MAYMOVE|MREMAP_FIXED, 0x9) = 0x9",
    ),
    (("personality", 0xFFFFFFFF), 0, "personality(0xffffffff) = 0 (PER_LINUX)"),
    (("sched_getscheduler", 0), 0, "sched_getscheduler(0) = 0 (SCHED_OTHER)"),
    (("prctl", 4, 1), 0, "prctl(PR_SET_DUMPABLE, SUID_DUMP_USER) = 0"),
    (("prctl", 3), 1, "prctl(PR_GET_DUMPABLE) = 1 (SUID_DUMP_USER)"),
    (
        ("socket", 2, 0x80801, 6),
        3,
        "socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, IPPROTO_TCP) = 3",
    ),
    (("socket", 17, 2, 8), 3, "socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_IP)) = 3"),
    (("shutdown", 3, 2), 0, "shutdown(3, SHUT_RDWR) = 0"),
    (("arch_prctl", 0x1002, 0x7000), 0, "arch_prctl(ARCH_SET_FS, 0x7000) = 0"),
    (("pread64", 3, 0, 0, 1 << 40), -14, "pread64(3, NULL, 0, 1099511627776) = -1 EFAULT"),
    (("fallocate", 3, 3, 1, 2), 0, None),
]


@pytest.mark.parametrize(("call", "rval", "text"), SIMPLE, ids=lambda value: str(value)[:30])
def test_calls_without_memory(call: tuple[str, int], rval: int, text: str | None) -> None:
    shown = line(call[0], *call[1:], rval=rval)
    if text is None:
        text = {
            "mmap": "mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) "
            "= 0x7000",
            "fallocate": "fallocate(3, FALLOC_FL_KEEP_SIZE|FALLOC_FL_PUNCH_HOLE, 1, 2) = 0",
        }[call[0]]
    assert shown.startswith(text)


def test_an_unknown_system_call() -> None:
    memory = FakeMemory()
    decoder = Decoder()
    call = decoder.enter(1, "x86_64", 1000, (1, 2, 3, 4, 5, 6), memory)
    decoder.exit(call, -38, True, memory)
    assert str(call) == (
        "syscall_0x3e8(0x1, 0x2, 0x3, 0x4, 0x5, 0x6) = -1 ENOSYS (Function not implemented)"
    )
    assert call.name == "syscall_0x3e8"
    negative = decoder.enter(1, "x86_64", -1, (0,) * 6, memory)
    assert negative.name == "syscall_0xffffffffffffffff"


def test_descriptors_with_their_paths() -> None:
    decoder = Decoder(fd_paths=lambda tid, fd: f"/proc/{tid}/fd/{fd}")
    memory = FakeMemory({PAGE: b"f\0"})
    call = decoder.enter(9, "x86_64", 257, (AT_FDCWD & 0xFFFFFFFF, PAGE, 0, 0, 0, 0), memory)
    decoder.exit(call, 4, False, memory)
    assert str(call) == 'openat(AT_FDCWD</proc/9/fd/-100>, "f", O_RDONLY) = 4</proc/9/fd/4>'


def test_the_mask_of_a_signal_frame() -> None:
    frame = bytes(296) + words(0x10002)
    decoder = Decoder(stack_pointer=lambda tid: PAGE)
    call = decoder.enter(1, "x86_64", 15, (0,) * 6, FakeMemory({PAGE: frame}))
    assert StraceText().enter(call) == "rt_sigreturn({mask=[INT CHLD]}"
    bare = Decoder().enter(1, "x86_64", 15, (0,) * 6, FakeMemory())
    assert str(bare) == "rt_sigreturn()"
