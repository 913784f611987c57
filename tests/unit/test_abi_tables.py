"""What must hold of every generated table, whatever the headers say."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from seize.abi._generated import constants, flags, ioctls, ptrace, siginfo, signals
from seize.abi.layouts import layout
from seize.abi.names import ioctl_argument, ioctl_name

ARCHITECTURES = ("x86_64", "i386", "aarch64")
WIDTHS = {"char": 1, "ptr": 0} | {f"{s}{b}": b // 8 for s in "iuf" for b in (8, 16, 32, 64, 128)}


def module(name: str) -> Any:
    return importlib.import_module(f"seize.abi._generated.{name}")


def layouts(arch: str) -> dict[str, tuple[int, tuple[tuple[str, int, str, int], ...]]]:
    return {**module(f"ioctl_layouts_{arch}").LAYOUTS, **module(f"layouts_{arch}").LAYOUTS}


@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_system_call_names_are_unique(arch: str) -> None:
    table = module(f"syscalls_{arch}").NAMES
    assert len(set(table.values())) == len(table) > 300
    assert {"read", "execve", "clone3", "statx", "pidfd_open", "futex_waitv"} <= set(table.values())


def test_x32_numbers_are_not_among_the_64_bit_ones() -> None:
    assert max(module("syscalls_x86_64").NAMES) < 0x40000000


@pytest.mark.parametrize("arch", ["x86_64", "i386", "aarch64"])
def test_flag_sets_have_one_name_a_value(arch: str) -> None:
    for key, pairs in {**flags.SETS, **flags.OVERRIDES.get(arch, {})}.items():
        values = [value for value, _ in pairs]
        names = [name for _, name in pairs]
        # arch_prctl(2) is x86's alone.
        assert pairs or (arch == "aarch64" and key.startswith("arch_")), key
        assert len(set(values)) == len(values), key
        assert len(set(names)) == len(names), key


def test_a_composite_flag_comes_before_its_parts() -> None:
    for key in ("open_flags", "statx_mask", "adjtimex_modes"):
        pairs = [pair for pair in flags.SETS[key] if pair[0]]
        for place, (value, name) in enumerate(pairs):
            for later, other in pairs[place + 1 :]:
                assert later & ~value or later == value or value & ~later, (key, name, other)
                assert not (later & value == value and later != value), (key, name, other)


def test_overrides_are_sets_that_differ() -> None:
    assert set(flags.OVERRIDES) == {"i386", "aarch64"}
    for own in flags.OVERRIDES.values():
        for key, pairs in own.items():
            assert flags.SETS[key] != pairs


def test_direct_io_differs_on_aarch64() -> None:
    there = {name: value for value, name in flags.OVERRIDES["aarch64"]["open_flags"]}
    here = {name: value for value, name in flags.SETS["open_flags"]}
    assert (here["O_DIRECT"], here["O_DIRECTORY"]) == (0x4000, 0x10000)
    assert (there["O_DIRECT"], there["O_DIRECTORY"]) == (0x10000, 0x4000)


@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_layouts_are_closed_and_fields_lie_inside(arch: str) -> None:
    table = layouts(arch)
    pointer = 4 if arch == "i386" else 8
    for name, (size, fields) in table.items():
        for field, offset, kind, count in fields:
            where = f"{arch} {name}.{field}"
            if "@" in kind:
                width, rest = kind[1:].split("@")
                shift, unit = rest.split(":u")
                assert int(shift) + int(width) <= int(unit), where
                continue
            one = pointer if kind == "ptr" else WIDTHS.get(kind) or table[kind][0]
            assert offset + one * count <= size, where


# These macros name a long or a size_t, but the kernel copies an int or 64 bits.
COPIES_OTHERWISE = {"FS_IOC_GETFLAGS", "FS_IOC_SETFLAGS", "FS_IOC_GETVERSION", "FS_IOC_SETVERSION"}
COPIES_OTHERWISE |= {"BLKBSZGET", "BLKBSZSET", "BLKGETSIZE64"}


@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_an_ioctls_argument_is_as_big_as_the_command_says(arch: str) -> None:
    commands = set(ioctls.STRUCTS) | set(ioctls.STRUCT_OVERRIDES.get(arch, {}))
    checked = 0
    for command in commands:
        kind = ioctl_argument(arch, command)
        size = command >> 16 & 0x3FFF
        if kind is None or not command >> 30 or ioctl_name(arch, command) in COPIES_OTHERWISE:
            continue
        found = layout(arch, kind)
        assert (found[0] if found else WIDTHS[kind]) == size, (hex(command), kind)
        checked += 1
    assert checked > 2000


@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_every_ioctl_with_an_argument_has_a_name(arch: str) -> None:
    commands = set(ioctls.STRUCTS) | set(ioctls.STRUCT_OVERRIDES.get(arch, {}))
    for command in commands:
        if ioctl_argument(arch, command):
            assert ioctl_name(arch, command), hex(command)


def test_an_ioctl_of_another_architecture_has_no_name() -> None:
    assert ioctl_name("x86_64", 0x40104D00) == "MTRRIOC_ADD_ENTRY"
    assert ioctl_name("i386", 0x40104D00) is None
    assert ioctl_name("i386", 0x400C4D00) == "MTRRIOC_ADD_ENTRY"
    assert ioctl_name("aarch64", 0x40104D00) is None
    assert ioctl_argument("aarch64", 0x40104D00) is None
    assert ioctl_name("aarch64", 0x5401) == "TCGETS"
    assert ioctl_name("x86_64", 0x5401 | 1 << 32) == "TCGETS"
    assert ioctl_name("x86_64", 0xDEADBEEF) is None


def test_layouts_are_found_in_either_table() -> None:
    found = layout("x86_64", "timespec")
    assert found == (16, (("tv_sec", 0, "i64", 1), ("tv_nsec", 8, "i64", 1)))
    shorter = layout("i386", "timespec")
    assert shorter == (8, (("tv_sec", 0, "i32", 1), ("tv_nsec", 4, "i32", 1)))
    assert layout("x86_64", "kvm_regs") is not None
    assert layout("aarch64", "nothing") is None
    with pytest.raises(KeyError):
        layout("vax", "timespec")


def test_well_known_ioctls() -> None:
    assert ioctls.NAMES[0x5401] == "TCGETS"
    assert ioctls.NAMES[0x541B] == "FIONREAD"
    assert ioctls.NAMES[0x8913] == "SIOCGIFFLAGS"
    assert ioctls.NAMES[0xAE01] == "KVM_CREATE_VM"
    assert ioctls.STRUCTS[0x5413] == "winsize"
    assert ioctls.NAMES[0x80045430] == "TIOCGPTN"
    assert ioctls.STRUCTS[0x80045430] == "u32"


def test_kernel_layouts_not_the_c_librarys() -> None:
    assert layouts("x86_64")["epoll_event"][0] == 12
    assert layouts("aarch64")["epoll_event"][0] == 16
    assert layouts("x86_64")["kernel_sigaction"][0] == 32
    assert layouts("i386")["kernel_sigaction"][0] == 20
    assert layouts("i386")["stat64"][0] == 96
    assert layouts("i386")["flock64"][0] == 24
    assert layouts("x86_64")["termios"][0] == 36
    assert layouts("x86_64")["user_regs_struct"][0] == 27 * 8


def test_signals_and_codes() -> None:
    assert sorted(signals.NAMES) == list(range(1, 32))
    assert siginfo.CODES[""][-6] == "SI_TKILL"
    assert siginfo.CODES["SIGTRAP"][1] == "TRAP_BRKPT"
    assert siginfo.CODES["SIGSYS"][1] == "SYS_SECCOMP"
    assert set(siginfo.CODES) - {""} <= set(signals.NAMES.values())


def test_every_ptrace_operation_of_the_manual_is_there() -> None:
    manual = (
        "TRACEME PEEKTEXT PEEKDATA PEEKUSER POKETEXT POKEDATA POKEUSER GETREGS GETFPREGS "
        "GETREGSET SETREGS SETFPREGS SETREGSET GETSIGINFO SETSIGINFO PEEKSIGINFO "
        "GETSIGMASK SETSIGMASK SETOPTIONS GETEVENTMSG CONT SYSCALL SINGLESTEP LISTEN KILL "
        "INTERRUPT ATTACH SEIZE SECCOMP_GET_FILTER DETACH SYSEMU SYSEMU_SINGLESTEP "
        "GET_THREAD_AREA SET_THREAD_AREA GET_SYSCALL_INFO SET_SYSCALL_INFO SINGLEBLOCK "
        "ARCH_PRCTL SECCOMP_GET_METADATA GET_RSEQ_CONFIGURATION "
        "GET_SYSCALL_USER_DISPATCH_CONFIG SET_SYSCALL_USER_DISPATCH_CONFIG"
    )
    assert [name for name in manual.split() if not hasattr(ptrace, f"PTRACE_{name}")] == []
    assert (ptrace.PTRACE_EVENTMSG_SYSCALL_ENTRY, ptrace.PTRACE_EVENTMSG_SYSCALL_EXIT) == (1, 2)


def test_constants_that_are_unsigned_or_negative() -> None:
    assert constants.AT_FDCWD == -100
    assert constants.AUDIT_ARCH_X86_64 == 0xC000003E
    assert constants.SECCOMP_RET_KILL_PROCESS == 0x80000000
    assert constants.CLONE_IO == 0x80000000
