"""The tables beside the compiler: Debian's headers, 64 and 32 bits."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from seize.abi._generated import (
    constants,
    flags,
    ioctls,
    layouts_i386,
    layouts_x86_64,
    ptrace,
    syscalls_i386,
    syscalls_x86_64,
)

# The kernel's own headers only: beside the C library's they contradict each other.
HEADERS = [
    name
    for row in (
        "linux/blktrace_api.h linux/fiemap.h linux/serial.h linux/termios.h",
        "asm/unistd.h asm/fcntl.h linux/fcntl.h asm/stat.h asm/statfs.h linux/stat.h",
        "linux/time.h linux/timex.h linux/times.h linux/utsname.h linux/sysinfo.h",
        "linux/resource.h asm/signal.h asm/siginfo.h linux/eventpoll.h asm/poll.h linux/uio.h",
        "linux/sched.h linux/sched/types.h linux/rseq.h linux/openat2.h linux/seccomp.h",
        "linux/filter.h linux/io_uring.h linux/aio_abi.h linux/futex.h linux/signalfd.h",
        "linux/inotify.h linux/fanotify.h asm/termbits.h asm/termios.h linux/in.h linux/in6.h",
        "linux/un.h linux/netlink.h linux/if_packet.h asm/ptrace.h linux/ptrace.h asm/ldt.h",
        "linux/landlock.h linux/capability.h linux/mman.h linux/memfd.h linux/prctl.h",
        "asm/prctl.h linux/mount.h linux/fs.h linux/keyctl.h linux/kcmp.h linux/membarrier.h",
        "linux/userfaultfd.h linux/personality.h linux/reboot.h linux/quota.h linux/magic.h",
        "linux/mempolicy.h linux/kexec.h linux/module.h linux/elf.h linux/audit.h linux/tcp.h",
        "linux/udp.h linux/perf_event.h asm/socket.h linux/sockios.h asm/ioctls.h",
        "linux/wait.h linux/falloc.h linux/fadvise.h linux/ipc.h linux/shm.h linux/msg.h",
        "linux/sem.h linux/random.h linux/xattr.h linux/timerfd.h linux/kvm.h linux/loop.h",
        "linux/fb.h linux/kd.h linux/vt.h linux/cdrom.h linux/rtc.h linux/btrfs.h",
        "linux/vfio.h linux/if_tun.h linux/hidraw.h linux/bpf.h linux/utime.h",
    )
    for name in row.split()
]

# Grown since the kernel of Debian's headers, at the end or in what was reserved.
GROWN = {
    *("ptrace_syscall_info", "rseq", "perf_event_attr", "landlock_ruleset_attr", "bpf_attr"),
    *("io_cqring_offsets", "io_sqring_offsets", "io_uring_sqe", "statx", "bpf_link_info"),
    *("bpf_map_info", "io_uring_buf_reg", "io_uring_getevents_arg", "io_uring_sync_cancel_reg"),
    *("tcp_info",),
}
PRELUDE = """#include <linux/types.h>
#define __user
typedef unsigned short sa_family_t;
typedef long time_t;
struct sockaddr { sa_family_t sa_family; char sa_data[14]; };
int printf(const char *, ...);
"""


def run(tmp_path: Path, bits: int, body: list[str], headers: list[str]) -> list[str]:
    source = tmp_path / f"ask{bits}.c"
    program = tmp_path / f"ask{bits}"
    includes = "".join(f"#include <{name}>\n" for name in headers)
    head = "#define _GNU_SOURCE\n" if headers is LIBC_HEADERS else PRELUDE
    text = f"{head}{includes}int main(void) {{\n"
    source.write_text(text + "\n".join(body) + "\nreturn 0; }\n")
    command = ["gcc", f"-m{bits}", "-w", "-O0", "-o", str(program), str(source)]
    built = subprocess.run(command, timeout=60, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    done = subprocess.run([str(program)], timeout=20, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


def ask_constants(tmp_path: Path, bits: int, names: list[str]) -> dict[str, int]:
    """The compiler's values of those names that are macros in its headers."""
    body = []
    for name in names:
        body += [f"#ifdef {name}", f'printf("{name} %lld\\n", (long long)({name}));', "#endif"]
    answers = (line.split() for line in run(tmp_path, bits, body, HEADERS))
    return {name: int(value) for name, value in answers}


def same(ours: int, theirs: int) -> bool:
    """Equal as 64-bit or, for what is a flag of an int, as 32-bit numbers."""
    return ours == theirs or ours % 2**64 == theirs % 2**64 or ours == theirs % 2**32


def table(bits: int) -> dict[str, int]:
    found = {n: v for n, v in vars(constants).items() if isinstance(v, int)}
    found.update({n: v for n, v in vars(ptrace).items() if isinstance(v, int)})
    for pairs in flags.SETS.values():
        found.update({name: value for value, name in pairs})
    if bits == 32:
        found.update(constants.I386)
        for pairs in flags.OVERRIDES["i386"].values():
            found.update({name: value for value, name in pairs})
    return found


# What counts or bounds an enumeration moves with the kernel's version.
MOVING = ("_MAX", "_LAST", "_MASK", "_ALL", "_NLATTRS", "_SUPPORTED", "_ARRAY_SIZE", "CAP_LAST_CAP")


@pytest.mark.parametrize("bits", [64, 32])
def test_constants_are_the_compilers(tmp_path: Path, bits: int) -> None:
    ours = {n: v for n, v in table(bits).items() if not n.endswith(MOVING)}
    theirs = ask_constants(tmp_path, bits, sorted(ours))
    assert len(theirs) > 1000
    wrong = {n: (ours[n], v) for n, v in theirs.items() if not same(ours[n], v)}
    assert wrong == {}


@pytest.mark.parametrize(("bits", "names"), [(64, syscalls_x86_64), (32, syscalls_i386)])
def test_system_call_numbers_are_the_compilers(tmp_path: Path, bits: int, names: Any) -> None:
    ours = {f"__NR_{name}": number for number, name in names.NAMES.items()}
    theirs = ask_constants(tmp_path, bits, sorted(ours))
    assert len(theirs) > 350
    assert theirs == {name: ours[name] for name in theirs}


@pytest.mark.parametrize("bits", [64, 32])
def test_every_system_call_of_the_compilers_headers_is_known(bits: int) -> None:
    path = Path(f"/usr/include/x86_64-linux-gnu/asm/unistd_{bits}.h")
    lines = [line.split() for line in path.read_text().splitlines()]
    theirs = {w[1]: int(w[2]) for w in lines if len(w) == 3 and w[1].startswith("__NR_")}
    names = syscalls_x86_64.NAMES if bits == 64 else syscalls_i386.NAMES
    assert len(theirs) > 350
    assert theirs.items() <= {f"__NR_{name}": number for number, name in names.items()}.items()


@pytest.mark.parametrize("bits", [64, 32])
def test_ioctl_numbers_are_the_compilers(tmp_path: Path, bits: int) -> None:
    commands = dict(ioctls.NAMES)
    if bits == 32:
        commands.update(ioctls.OVERRIDES["i386"])
        commands = {value: name for value, name in commands.items() if name}
    ours: dict[str, set[int]] = {}
    for value, joined in commands.items():
        for name in joined.split(" or "):
            ours.setdefault(name, set()).add(value)
    theirs = ask_constants(tmp_path, bits, sorted(ours))
    assert len(theirs) > 500
    wrong = {n: (ours[n], hex(v)) for n, v in theirs.items() if v % 2**32 not in ours[n]}
    # Renumbered or grown after the kernel of Debian's headers.
    newer = {"FS_IOC_FIEMAP"}
    assert set(wrong) <= newer, wrong


def declared(tmp_path: Path, bits: int, names: list[str]) -> dict[str, str]:
    """How the compiler's headers spell each of our structs, as far as they declare them."""
    includes = "".join(f"#include <{name}>\n" for name in HEADERS)
    spelled = {}
    source = tmp_path / "try.c"
    checks = []
    for name in names:
        if "." in name:  # a nested struct without a name of its own
            continue
        for kind in ("struct ", "union ", ""):
            checks.append((name, f"{kind}{name}"))
    # A typedef, because the name alone may be a function's.
    lines = [
        f"typedef {spelling} type{i}; char try{i}[sizeof(type{i})];"
        for i, (_, spelling) in enumerate(checks)
    ]
    head = f"{PRELUDE}{includes}"
    source.write_text(head + "\n".join(lines) + "\n")
    command = ["gcc", f"-m{bits}", "-w", "-fmax-errors=0", "-fsyntax-only", str(source)]
    done = subprocess.run(command, timeout=60, capture_output=True, text=True)
    assert "fatal error" not in done.stderr
    start = head.count("\n") + 1
    bad = set()
    for line in done.stderr.splitlines():
        parts = line.split(":")
        if len(parts) > 3 and parts[0] == str(source) and "error" in parts[3]:
            bad.add(int(parts[1]) - start)
    for i, (name, spelling) in enumerate(checks):
        if i not in bad:
            spelled[name] = spelling
    return spelled


def compare(
    tmp_path: Path, bits: int, layouts: Any, spelled: dict[str, str], headers: list[str]
) -> tuple[int, list[list[str]]]:
    """How many sizes and offsets were compared, and those that the compiler sees otherwise."""
    body = []
    for name, spelling in spelled.items():
        size, fields = layouts[name]
        body.append(f'printf("{name} sizeof %zu {size}\\n", sizeof({spelling}));')
        for field, offset, kind, count in fields:
            if "@" not in kind and count:
                where = f"__builtin_offsetof({spelling}, {field})"
                body.append(f'printf("{name} {field} %zu {offset}\\n", {where});')
    lines = [line.split() for line in run(tmp_path, bits, body, headers)]
    return len(lines), [words for words in lines if words[2] != words[3]]


@pytest.mark.parametrize(("bits", "module"), [(64, layouts_x86_64), (32, layouts_i386)])
def test_layouts_are_the_compilers(tmp_path: Path, bits: int, module: Any) -> None:
    spelled = declared(tmp_path, bits, sorted(set(module.LAYOUTS) - GROWN))
    compared, wrong = compare(tmp_path, bits, module.LAYOUTS, spelled, HEADERS)
    assert wrong == []
    assert len(spelled) >= 100
    assert compared >= 800


# What the kernel's headers don't declare, as the C library does.
LIBC = {
    "user_regs_struct": "struct user_regs_struct",
    "user_fpregs_struct": "struct user_fpregs_struct",
    "user": "struct user",
    "user_msghdr": "struct msghdr",
    "mmsghdr": "struct mmsghdr",
    "cmsghdr": "struct cmsghdr",
    "linger": "struct linger",
    "ucred": "struct ucred",
    "sched_param": "struct sched_param",
    "file_handle": "struct file_handle",
    "iovec": "struct iovec",
}
LIBC_HEADERS = ["stdio.h", "fcntl.h", "sched.h", "sys/socket.h", "sys/user.h", "sys/uio.h"]


@pytest.mark.parametrize(("bits", "module"), [(64, layouts_x86_64), (32, layouts_i386)])
def test_layouts_are_the_c_librarys(tmp_path: Path, bits: int, module: Any) -> None:
    layouts = dict(module.LAYOUTS)
    if bits == 64:
        # The kernel's ends with two words that the C library's hasn't got.
        size, fields = layouts["user"]
        assert [field for field, *_ in fields[-2:]] == ["error_code", "fault_address"]
        layouts["user"] = (size - 16, fields[:-2])
    compared, wrong = compare(tmp_path, bits, layouts, LIBC, LIBC_HEADERS)
    assert wrong == []
    assert compared > 70
