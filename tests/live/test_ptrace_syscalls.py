"""System call information, rewriting, filters, rseq and user dispatch, on real tracees."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable

import pytest

from seize import ptrace
from seize.errors import PtraceError, Unsupported, UsageError
from tests.live.pt_support import Child, become_nobody, in_child

Program = Callable[..., str]
GETPID, GETPPID, LSEEK = 39, 110, 8
AUDIT_ARCH_X86_64, AUDIT_ARCH_I386 = 0xC000003E, 0x40000003
ALL_ONES = 0xFFFF_FFFF_FFFF_FFFF
ENTRY, EXIT = ptrace.PTRACE_SYSCALL_INFO_ENTRY, ptrace.PTRACE_SYSCALL_INFO_EXIT
SECCOMP, NONE = ptrace.PTRACE_SYSCALL_INFO_SECCOMP, ptrace.PTRACE_SYSCALL_INFO_NONE
SECCOMP_FILTER_FLAG_LOG = 2
SYSGOOD = ptrace.PTRACE_O_TRACESYSGOOD


def test_info_of_entry_and_exit(program: Program) -> None:
    with Child(program("pt_target"), "calls", options=SYSGOOD) as child:
        child.meet()
        assert ptrace.get_syscall_info(child.pid).op == NONE
        child.enter(LSEEK)
        info = ptrace.get_syscall_info(child.pid)
        registers = ptrace.getregs(child.pid)
        assert (info.op, info.arch, info.nr) == (ENTRY, AUDIT_ARCH_X86_64, LSEEK)
        assert info.args[0] & 0xFFFFFFFF == 0xFFFFFFFF
        assert info.args[1:3] == (2, 3)
        assert info.instruction_pointer == registers.rip
        assert info.stack_pointer == registers.rsp
        child.syscall_stop()
        info = ptrace.get_syscall_info(child.pid)
        assert (info.op, info.rval, info.is_error) == (EXIT, -errno.EBADF, True)


def test_info_of_a_32_bit_tracee(program: Program) -> None:
    with Child(program("pt_target", bits=32), "calls", options=SYSGOOD) as child:
        child.meet()
        child.enter(64)  # getppid
        assert ptrace.get_syscall_info(child.pid).arch == AUDIT_ARCH_I386
        child.syscall_stop()
        info = ptrace.get_syscall_info(child.pid)
        assert (info.op, info.rval, info.is_error) == (EXIT, os.getpid(), False)


def test_reader_says_the_same_as_get_syscall_info(program: Program) -> None:
    read = ptrace.syscall_info_reader()
    with Child(program("pt_target"), "calls", options=SYSGOOD) as child:
        child.meet()
        child.enter(LSEEK)
        info = ptrace.get_syscall_info(child.pid)
        head = (info.op, info.arch, info.instruction_pointer, info.stack_pointer)
        assert read(child.pid)[:11] == (*head, info.nr, *info.args)
        child.syscall_stop()
        info = ptrace.get_syscall_info(child.pid)
        words = read(child.pid)
        assert words[:4] == (EXIT, AUDIT_ARCH_X86_64, info.instruction_pointer, info.stack_pointer)
        assert words[4] == info.rval & ALL_ONES == ALL_ONES + 1 - errno.EBADF
        assert words[5] & 0xFF == 1


def test_set_info_at_entry_rewrites_the_call(program: Program) -> None:
    with Child(program("pt_target"), "emulated", options=SYSGOOD) as child:
        child.meet()
        child.enter(GETPID)
        info = ptrace.get_syscall_info(child.pid)
        ptrace.set_syscall_info(child.pid, info.replace(nr=GETPPID))
        assert ptrace.get_syscall_info(child.pid).nr == GETPPID
        assert child.finish() == (0, f"{os.getpid()}\n")


def test_set_info_at_entry_rewrites_arguments(program: Program) -> None:
    with Child(program("pt_target"), "calls", options=SYSGOOD) as child:
        child.meet()
        child.enter(LSEEK)
        info = ptrace.get_syscall_info(child.pid)
        ptrace.set_syscall_info(child.pid, info.replace(args=(1, 0, 99, *info.args[3:])))
        assert ptrace.get_syscall_info(child.pid).args[:3] == (1, 0, 99)
        child.syscall_stop()
        # Standard output is a pipe: no longer EBADF.
        assert ptrace.get_syscall_info(child.pid).rval in (-errno.ESPIPE, -errno.EINVAL)


def test_set_info_at_exit_rewrites_the_result(program: Program) -> None:
    with Child(program("pt_target"), "emulated", options=SYSGOOD) as child:
        child.meet()
        child.enter(GETPID)
        child.syscall_stop()
        info = ptrace.get_syscall_info(child.pid)
        assert info.rval == child.pid
        ptrace.set_syscall_info(child.pid, info.replace(rval=4444))
        assert child.finish() == (0, "4444\n")


def test_set_info_errors(program: Program) -> None:
    with Child(program("pt_target"), "emulated", options=SYSGOOD) as child:
        child.meet()
        child.enter(GETPID)
        info = ptrace.get_syscall_info(child.pid)
        with pytest.raises(PtraceError, match=r"EINVAL.*op 2 isn't what the tracee stopped for"):
            ptrace.set_syscall_info(child.pid, info.replace(op=EXIT))
        with pytest.raises(PtraceError, match=r"PTRACE_SET_SYSCALL_INFO.*ERANGE"):
            ptrace.set_syscall_info(child.pid, info.replace(nr=1 << 40))
        with pytest.raises(UsageError, match="six arguments, not 2"):
            ptrace.set_syscall_info(child.pid, info.replace(args=(1, 2)))


def test_set_syscall_is_32_bit_arms(program: Program) -> None:
    with (
        Child(program("pt_target"), "ready") as child,
        pytest.raises(Unsupported, match=r"PTRACE_SET_SYSCALL .*needs 32-bit arm"),
    ):
        ptrace.set_syscall(child.pid, GETPID)


def test_seccomp_stop_info_and_event_message(program: Program) -> None:
    options = SYSGOOD | ptrace.PTRACE_O_TRACESECCOMP
    with Child(program("pt_target"), "filtered", options=options) as child:
        child.meet()
        ptrace.cont(child.pid)
        assert child.wait() >> 16 == ptrace.PTRACE_EVENT_SECCOMP
        assert ptrace.geteventmsg(child.pid) == 7
        info = ptrace.get_syscall_info(child.pid)
        assert (info.op, info.nr, info.args) == (SECCOMP, GETPPID, (1, 2, 3, 4, 5, 6))
        assert info.ret_data == 7
        ptrace.set_syscall_info(child.pid, info.replace(nr=GETPID))
        assert child.finish() == (0, f"{child.pid}\n")


def test_seccomp_get_filter_and_metadata(program: Program) -> None:
    with Child(program("pt_target"), "filtered") as child:
        child.meet()
        assert ptrace.seccomp_get_filter(child.pid, 0) == (
            ptrace.BpfInstruction(0x20, 0, 0, 0),
            ptrace.BpfInstruction(0x15, 0, 1, GETPPID),
            ptrace.BpfInstruction(0x06, 0, 0, 0x7FF00007),
            ptrace.BpfInstruction(0x06, 0, 0, 0x7FFF0000),
        )
        metadata = ptrace.seccomp_get_metadata(child.pid, 0)
        assert metadata == ptrace.SeccompMetadata(0, SECCOMP_FILTER_FLAG_LOG)
        for get in (ptrace.seccomp_get_filter, ptrace.seccomp_get_metadata):
            with pytest.raises(PtraceError, match=r"ENOENT.*no filter with this index"):
                get(child.pid, 5)


def test_seccomp_get_filter_without_one(program: Program) -> None:
    with Child(program("pt_target"), "ready") as child:
        for get in (ptrace.seccomp_get_filter, ptrace.seccomp_get_metadata):
            with pytest.raises(PtraceError, match=r"EINVAL.*isn't in seccomp's filter mode"):
                get(child.pid, 0)


def test_seccomp_get_filter_needs_privileges(program: Program) -> None:
    path = program("pt_target")
    os.chmod(os.path.dirname(path), 0o755)

    def ask() -> str:
        become_nobody()
        with Child(path, "filtered") as child:
            child.meet()
            try:
                ptrace.seccomp_get_filter(child.pid, 0)
            except PtraceError as error:
                return f"{error.errno} {error}"
        return "allowed"

    text = in_child(ask)
    assert text.startswith(f"{errno.EACCES} ")
    assert "CAP_SYS_ADMIN" in text


def test_rseq_configuration_of_a_c_library_program(program: Program) -> None:
    with Child(program("pt_target"), "sequences") as child:
        assert ptrace.get_rseq_configuration(child.pid).abi_pointer == 0  # not yet, after execve
        child.meet()
        address, signature = (int(word, 16) for word in child.stdout.readline().split())
        found = ptrace.get_rseq_configuration(child.pid)
        assert (found.abi_pointer, found.signature, found.flags) == (address, signature, 0)
        assert found.abi_size >= 32


def test_syscall_user_dispatch_diverts_calls(program: Program) -> None:
    with Child(program("pt_target"), "diverted") as child:
        child.meet()
        off = ptrace.SyscallUserDispatch(0)
        assert ptrace.get_syscall_user_dispatch_config(child.pid) == off
        selector = int(child.stdout.readline(), 16)
        wanted = ptrace.SyscallUserDispatch(1, selector)
        ptrace.set_syscall_user_dispatch_config(child.pid, wanted)
        assert ptrace.get_syscall_user_dispatch_config(child.pid) == wanted
        ptrace.detach(child.pid)
        assert child.wait() == 0
        assert child.stdout.read() == f"diverted {GETPPID}\n"


def test_syscall_user_dispatch_errors(program: Program) -> None:
    with Child(program("pt_target"), "ready") as child:
        for bad in (ptrace.SyscallUserDispatch(9), ptrace.SyscallUserDispatch(0, 0, 4096, 4096)):
            with pytest.raises(PtraceError, match=r"USER_DISPATCH_CONFIG.*EINVAL"):
                ptrace.set_syscall_user_dispatch_config(child.pid, bad)
