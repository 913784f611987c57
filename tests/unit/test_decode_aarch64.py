"""aarch64, which can't run here: registers and memory as its kernel has them, and the lines.

The structs are laid out by aarch64's own headers, and its O_ flags have other numbers.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

import pytest

from tests.unit.decode_support import line, words

AT_FDCWD = -100
P = 0x10000
Q = 0x20000
R = 0x30000


def stat(mode: int, size: int = 0, rdev: int = 0) -> bytes:
    """struct stat of asm-generic/stat.h: 128 bytes, the mode before the number of links."""
    head = struct.pack("<QQIIIIQQqiiq", 0xFE00, 77, mode, 3, 1000, 100, rdev, 0, size, 4096, 0, 24)
    times = struct.pack("<qQqQqQII", 1700000000, 1, 1700000001, 0, 1700000002, 500000000, 0, 0)
    return head + times


def statx(mask: int, mode: int, size: int) -> bytes:
    head = struct.pack("<IIQIIIHHQQQQ", mask, 4096, 0, 1, 0, 0, mode, 0, 5, size, 8, 0x203000)
    return head.ljust(256, b"\0")


def siginfo(signo: int, code: int, *fields: int) -> bytes:
    return struct.pack(f"<iiii{len(fields)}i", signo, 0, code, 0, *fields).ljust(128, b"\0")


Case = tuple[str, tuple[int, ...], int, Mapping[int, bytes | str], Mapping[int, bytes], bool, str]


def case(
    name: str,
    *args: int,
    rval: int = 0,
    before: Mapping[int, bytes | str] | None = None,
    after: Mapping[int, bytes] | None = None,
    verbose: bool = False,
    text: str,
) -> Case:
    return name, args, rval, before or {}, after or {}, verbose, text


# fmt: off
CASES: list[Case] = [
    case("openat", AT_FDCWD, P, 0o2000000 | 0o040000 | 0o100000, rval=3, before={P: "/etc"},
         text='openat(AT_FDCWD, "/etc", O_RDONLY|O_NOFOLLOW|O_CLOEXEC|O_DIRECTORY) = 3'),
    case("openat", AT_FDCWD, P, 0o200000 | 0o400000 | 0o101, 0o600, rval=-13, before={P: "x"},
         text='openat(AT_FDCWD, "x", O_WRONLY|O_CREAT|O_DIRECT|O_LARGEFILE, 0600)'
              " = -1 EACCES (Permission denied)"),
    case("openat", AT_FDCWD, P, 0o20040000 | 2, 0o600, rval=4, before={P: "/tmp"},
         text='openat(AT_FDCWD, "/tmp", O_RDWR|O_TMPFILE, 0600) = 4'),
    case("newfstatat", AT_FDCWD, P, Q, 0, before={P: "a"}, after={Q: stat(0o100644, 1234)},
         text='newfstatat(AT_FDCWD, "a", {st_mode=S_IFREG|0644, st_size=1234, ...}, 0) = 0'),
    case("newfstatat", 5, P, Q, 0x1100, before={P: ""}, after={Q: stat(0o020620, 0, 0x8801)},
         text='newfstatat(5, "", {st_mode=S_IFCHR|0620, st_rdev=makedev(0x88, 0x1), ...},'
              " AT_SYMLINK_NOFOLLOW|AT_EMPTY_PATH) = 0"),
    case("fstat", 3, Q, after={Q: stat(0o040755, 4096)}, verbose=True,
         text="fstat(3, {st_dev=makedev(0xfe, 0), st_ino=77, st_mode=S_IFDIR|0755, st_nlink=3,"
              " st_uid=1000, st_gid=100, st_blksize=4096, st_blocks=24, st_size=4096,"
              " st_atime=1700000000 /* 2023-11-14T22:13:20.000000001+0000 */, st_atime_nsec=1,"
              " st_mtime=1700000001 /* 2023-11-14T22:13:21+0000 */, st_mtime_nsec=0,"
              " st_ctime=1700000002 /* 2023-11-14T22:13:22.500000000+0000 */,"
              " st_ctime_nsec=500000000}) = 0"),
    case("statx", AT_FDCWD, P, 0x100, 0x7FF, Q, before={P: "f"},
         after={Q: statx(0x7FF, 0o100600, 42)},
         text='statx(AT_FDCWD, "f", AT_STATX_SYNC_AS_STAT|AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS,'
              " {stx_mask=STATX_BASIC_STATS, stx_attributes=0, stx_mode=S_IFREG|0600,"
              " stx_size=42, ...}) = 0"),
    case("clone", 0x01200011, 0, 0, 0, P, rval=321,
         text="clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD,"
              " child_tidptr=0x10000) = 321"),
    case("clone", 0x3D0F00, P, Q, 0x7F0000, R, rval=99, after={Q: struct.pack("<i", 99)},
         text="clone(child_stack=0x10000, flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|"
              "CLONE_THREAD|CLONE_SYSVSEM|CLONE_SETTLS|CLONE_PARENT_SETTID|CLONE_CHILD_CLEARTID,"
              " parent_tid=[99], tls=0x7f0000, child_tidptr=0x30000) = 99"),
    case("rt_sigaction", 2, P, Q, 8, before={P: words(0x400000, 0x10000000, 0, 1 << 16)},
         after={Q: words(0, 0, 0, 0)},
         text="rt_sigaction(SIGINT, {sa_handler=0x400000, sa_mask=[CHLD], sa_flags=SA_RESTART},"
              " {sa_handler=SIG_DFL, sa_mask=[], sa_flags=0}, 8) = 0"),
    case("rt_sigaction", 15, P, 0, 8, before={P: words(1, 0x04000000, 0x7F0000, 0)},
         text="rt_sigaction(SIGTERM, {sa_handler=SIG_IGN, sa_mask=[], sa_flags=SA_RESTORER,"
              " sa_restorer=0x7f0000}, NULL, 8) = 0"),
    case("epoll_ctl", 4, 1, 5, P, before={P: struct.pack("<IIQ", 0x80000001, 0xFFFFFFFF, 5)},
         text="epoll_ctl(4, EPOLL_CTL_ADD, 5, {events=EPOLLIN|EPOLLET, data={u32=5, u64=5}}) = 0"),
    case("epoll_pwait", 4, P, 8, -1, 0, 8, rval=2,
         after={P: struct.pack("<IIQIIQ", 1, 0, 7, 0x10, 0, 1 << 32)},
         text="epoll_pwait(4, [{events=EPOLLIN, data={u32=7, u64=7}}, {events=EPOLLHUP,"
              " data={u32=0, u64=4294967296}}], 8, -1, NULL, 8) = 2"),
    case("ppoll", P, 2, Q, R, 8, rval=1,
         before={P: struct.pack("<iHHiHH", 3, 1, 0, 4, 4, 0), Q: words(1, 0), R: words(2)},
         after={P: struct.pack("<iHHiHH", 3, 1, 1, 4, 4, 0), Q: words(0, 5)},
         text="ppoll([{fd=3, events=POLLIN}, {fd=4, events=POLLOUT}], 2, {tv_sec=1, tv_nsec=0},"
              " [INT], 8) = 1 ([{fd=3, revents=POLLIN}], left {tv_sec=0, tv_nsec=5})"),
    case("ioctl", 1, 0x5413, P, after={P: struct.pack("<HHHH", 24, 80, 0, 0)},
         text="ioctl(1, TIOCGWINSZ, {ws_row=24, ws_col=80, ws_xpixel=0, ws_ypixel=0}) = 0"),
    case("mmap", 0, 4096, 3, 0x22, -1, 0, rval=0x7F0000,
         text="mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)"
              " = 0x7f0000"),
    case("mmap", 0, 4096, 0x31, 0x62, -1, 0, rval=-22,
         text="mmap(NULL, 4096, PROT_READ|PROT_BTI|PROT_MTE, MAP_PRIVATE|MAP_ANONYMOUS|0x40, -1, 0)"
              " = -1 EINVAL (Invalid argument)"),
    case("prctl", 50, 0x20020, rval=32,
         text="prctl(PR_SVE_SET_VL, PR_SVE_VL_INHERIT|0x20) = 0x20 (0x20)"),
    case("prctl", 54, 5, 0, 0, 0,
         text="prctl(PR_PAC_RESET_KEYS, PR_PAC_APIAKEY|PR_PAC_APDAKEY, 0, 0, 0) = 0"),
    case("prctl", 55, 0x7FFFB, 0, 0, 0,
         text="prctl(PR_SET_TAGGED_ADDR_CTRL, PR_TAGGED_ADDR_ENABLE|PR_MTE_TCF_SYNC|"
              "0xffff<<PR_MTE_TAG_SHIFT, 0, 0, 0) = 0"),
    case("sync_file_range", 3, 4096, 8192, 7,
         text="sync_file_range(3, 4096, 8192, SYNC_FILE_RANGE_WAIT_BEFORE|SYNC_FILE_RANGE_WRITE|"
              "SYNC_FILE_RANGE_WAIT_AFTER) = 0"),
    case("fadvise64", 3, 1, 2, 4, text="fadvise64(3, 1, 2, POSIX_FADV_DONTNEED) = 0"),
    case("pread64", 3, P, 5, 100, rval=5, after={P: b"hello"},
         text='pread64(3, "hello", 5, 100) = 5'),
    case("preadv2", 3, P, 1, 7, 9, 8, rval=2, before={P: words(Q, 4)}, after={Q: b"ab\0\0"},
         text='preadv2(3, [{iov_base="ab", iov_len=4}], 1, 7, RWF_NOWAIT) = 2'),
    case("fcntl", 3, 6, P, before={P: struct.pack("<hh4xqqi4x", 1, 0, 10, 20, 0)},
         text="fcntl(3, F_SETLK, {l_type=F_WRLCK, l_whence=SEEK_SET, l_start=10, l_len=20}) = 0"),
    case("fcntl", 3, 3, rval=0o444000,
         text="fcntl(3, F_GETFL) = 0x24800 (flags O_RDONLY|O_NONBLOCK|O_LARGEFILE|O_DIRECTORY)"),
    case("rt_sigtimedwait", P, Q, 0, 8, rval=17, before={P: words(1 << 16)},
         after={Q: siginfo(17, 1, 44, 0, 3)},
         text="rt_sigtimedwait([CHLD], {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=44,"
              " si_uid=0, si_status=3, si_utime=0, si_stime=0}, NULL, 8) = 17 (SIGCHLD)"),
    case("wait4", -1, P, 0x40000000, 0, rval=44, after={P: struct.pack("<I", 0x0B)},
         text="wait4(-1, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV}], __WALL, NULL) = 44"),
    case("futex", P, 0x189, 2, Q, 0, 0xFFFFFFFF, rval=-110, before={Q: words(5, 0)},
         text="futex(0x10000, FUTEX_WAIT_BITSET_PRIVATE|FUTEX_CLOCK_REALTIME, 2, {tv_sec=5,"
              " tv_nsec=0}, FUTEX_BITSET_MATCH_ANY) = -1 ETIMEDOUT (Connection timed out)"),
    case("execve", P, Q, 0, before={P: "/bin/ls", Q: words(P, 0)},
         text='execve("/bin/ls", ["/bin/ls"], NULL) = 0'),
    case("getdents64", 3, P, 64, rval=24,
         after={P: struct.pack("<QqHB5s", 9, 1, 24, 4, b"..\0\0\0")}, verbose=True,
         text='getdents64(3, [{d_ino=9, d_off=1, d_reclen=24, d_type=DT_DIR, d_name=".."}], 64)'
              " = 24"),
    case("sigaltstack", P, 0, before={P: struct.pack("<QiiQ", 0x7F0000, 1, 0, 8192)},
         text="sigaltstack({ss_sp=0x7f0000, ss_flags=SS_ONSTACK, ss_size=8192}, NULL) = 0"),
    case("renameat2", AT_FDCWD, P, AT_FDCWD, Q, 1, rval=-17, before={P: "a", Q: "b"},
         text='renameat2(AT_FDCWD, "a", AT_FDCWD, "b", RENAME_NOREPLACE)'
              " = -1 EEXIST (File exists)"),
    case("clone3", P, 64, rval=7, before={P: words(0x100, 0, 0, 0, 17, 0, 0, 0)},
         text="clone3({flags=CLONE_VM, exit_signal=SIGCHLD, stack=NULL, stack_size=0}, 64) = 7"),
    case("ftruncate", 3, -1, rval=-22,
         text="ftruncate(3, 18446744073709551615) = -1 EINVAL (Invalid argument)"),
]
# fmt: on


def bytes_of(piece: bytes | str) -> bytes:
    return piece.encode() + b"\0" if isinstance(piece, str) else piece


@pytest.mark.parametrize("snapshot", CASES, ids=lambda snapshot: snapshot[0])
def test_lines(snapshot: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    name, args, rval, before, after, verbose, text = snapshot
    monkeypatch.setenv("TZ", "UTC")
    shown = line(
        name,
        *args,
        rval=rval,
        memory={address: bytes_of(piece) for address, piece in before.items()},
        after=dict(after),
        arch_name="aarch64",
        verbose=verbose,
    )
    assert shown == text


def test_many_calls_are_snapshots() -> None:
    assert len(CASES) >= 25
    assert len({name for name, *_ in CASES}) >= 20
