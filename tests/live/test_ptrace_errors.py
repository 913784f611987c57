"""What the errors say: older kernels, wrong threads, running and dead tracees."""

from __future__ import annotations

import errno
import os
import signal
import threading
from collections.abc import Callable

import pytest

from seize import kernel, ptrace
from seize.errors import NotStopped, PtraceError, SeizeError, TraceeGone, WrongThread
from tests.live.pt_support import Child, in_child, refuse_ptrace

Program = Callable[..., str]

# Each operation that some kernel or machine lacks, and a word of what it needs.
LACKING: list[tuple[str, Callable[[int], object], str]] = [
    ("PTRACE_GET_SYSCALL_INFO", ptrace.get_syscall_info, "Linux 5.3"),
    ("PTRACE_GET_SYSCALL_INFO", ptrace.syscall_info_reader(), "Linux 5.3"),
    (
        "PTRACE_SET_SYSCALL_INFO",
        lambda tid: ptrace.set_syscall_info(tid, ptrace.SyscallInfo(1)),
        "Linux 6.16",
    ),
    ("PTRACE_GET_RSEQ_CONFIGURATION", ptrace.get_rseq_configuration, "CONFIG_RSEQ"),
    (
        "PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG",
        ptrace.get_syscall_user_dispatch_config,
        "Linux 6.4",
    ),
    (
        "PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG",
        lambda tid: ptrace.set_syscall_user_dispatch_config(tid, ptrace.SyscallUserDispatch(0)),
        "Linux 6.4",
    ),
    (
        "PTRACE_SECCOMP_GET_FILTER",
        lambda tid: ptrace.seccomp_get_filter(tid, 0),
        "CONFIG_CHECKPOINT_RESTORE",
    ),
    (
        "PTRACE_SECCOMP_GET_METADATA",
        lambda tid: ptrace.seccomp_get_metadata(tid, 0),
        "Linux 4.16",
    ),
    ("PTRACE_PEEKSIGINFO", lambda tid: ptrace.peeksiginfo(tid, 0, 1), "Linux 3.10"),
    ("PTRACE_GETSIGMASK", ptrace.getsigmask, "Linux 3.11"),
    ("PTRACE_SETSIGMASK", lambda tid: ptrace.setsigmask(tid, ()), "Linux 3.11"),
    ("PTRACE_SINGLESTEP", ptrace.singlestep, "single-stepping"),
    ("PTRACE_SINGLEBLOCK", ptrace.singleblock, "x86"),
    ("PTRACE_SYSEMU", ptrace.sysemu, "x86"),
    ("PTRACE_SYSEMU", lambda tid: ptrace.resumer(ptrace.PTRACE_SYSEMU)(tid, 0), "x86"),
    ("PTRACE_SYSEMU_SINGLESTEP", ptrace.sysemu_singlestep, "x86"),
    ("PTRACE_ARCH_PRCTL", lambda tid: ptrace.arch_prctl(tid, 0x1003), "x86-64"),
    ("PTRACE_GET_THREAD_AREA", lambda tid: ptrace.get_thread_area(tid, 12), "32-bit support"),
    (
        "PTRACE_SET_THREAD_AREA",
        lambda tid: ptrace.set_thread_area(tid, 12, ptrace.UserDesc(12, 0, 0)),
        "32-bit support",
    ),
]


@pytest.mark.parametrize(
    ("name", "operate", "needs"), LACKING, ids=[f"{n}-{i}" for i, (n, _, _) in enumerate(LACKING)]
)
def test_operations_that_the_kernel_lacks(
    program: Program, name: str, operate: Callable[[int], object], needs: str
) -> None:
    path = program("pt_target")
    number: int = getattr(ptrace, name)

    def on_an_older_kernel() -> object:
        refuse_ptrace(number, errno.EIO)
        with Child(path, "ready") as child:
            return operate(child.pid)

    text = in_child(on_an_older_kernel)
    assert text.startswith(f"Unsupported: {name} is not available here: it needs ")
    assert needs in text


@pytest.mark.parametrize(
    ("name", "operate"),
    [
        (
            "PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG",
            lambda tid: ptrace.get_syscall_user_dispatch_config(tid),
        ),
        ("PTRACE_SECCOMP_GET_FILTER", lambda tid: ptrace.seccomp_get_filter(tid, 0)),
        ("PTRACE_SECCOMP_GET_METADATA", lambda tid: ptrace.seccomp_get_metadata(tid, 0)),
    ],
)
def test_operations_that_the_kernel_was_built_without(
    program: Program, name: str, operate: Callable[[int], object]
) -> None:
    path = program("pt_target")
    number: int = getattr(ptrace, name)

    def ask() -> object:
        refuse_ptrace(number, errno.EINVAL)
        with Child(path, "filtered") as child:
            child.meet()
            return operate(child.pid)

    assert in_child(ask).startswith(f"Unsupported: {name} ")


def test_suspend_seccomp_that_the_kernel_was_built_without(program: Program) -> None:
    path = program("pt_target")

    def ask() -> None:
        with Child(path, "ready") as child:
            refuse_ptrace(ptrace.PTRACE_SETOPTIONS, errno.EINVAL)
            ptrace.setoptions(child.pid, ptrace.PTRACE_O_SUSPEND_SECCOMP)

    text = in_child(ask)
    assert text.startswith("Unsupported: PTRACE_O_SUSPEND_SECCOMP")
    assert "CONFIG_CHECKPOINT_RESTORE" in text


# Operations on a tracee that need it stopped, all in one list: each must say so.
NEED_A_STOP: list[Callable[[int], object]] = [
    *(ptrace.cont, ptrace.syscall, ptrace.singlestep, ptrace.sysemu, ptrace.detach, ptrace.listen),
    *(ptrace.singleblock, ptrace.sysemu_singlestep),
    *(ptrace.getregs, ptrace.getfpregs, ptrace.getsiginfo, ptrace.getsigmask, ptrace.geteventmsg),
    *(ptrace.get_syscall_info, ptrace.get_rseq_configuration, ptrace.syscall_info_reader()),
    *(ptrace.eventmsg_reader(), ptrace.get_syscall_user_dispatch_config),
    lambda tid: ptrace.peekdata(tid, 0),
    lambda tid: ptrace.pokedata(tid, 0, 0),
    lambda tid: ptrace.peekuser(tid, 0),
    lambda tid: ptrace.getregset(tid, ptrace.NT_PRSTATUS),
    lambda tid: ptrace.setregset(tid, ptrace.NT_PRSTATUS, bytes(216)),
    lambda tid: ptrace.setoptions(tid, 0),
    lambda tid: ptrace.setsigmask(tid, ()),
    lambda tid: ptrace.setsiginfo(tid, ptrace.SigInfo.make(1)),
    lambda tid: ptrace.peeksiginfo(tid, 0, 1),
    lambda tid: ptrace.seccomp_get_filter(tid, 0),
    lambda tid: ptrace.seccomp_get_metadata(tid, 0),
    lambda tid: ptrace.arch_prctl(tid, 0x1003),
    lambda tid: ptrace.get_thread_area(tid, 12),
    lambda tid: ptrace.set_syscall_info(tid, ptrace.SyscallInfo(1)),
    lambda tid: ptrace.resumer(ptrace.PTRACE_LISTEN)(tid, 0),
]


def test_operations_on_a_running_tracee(program: Program) -> None:
    with Child(program("pt_target"), "ready") as child:
        registers = ptrace.getregs(child.pid)
        ptrace.cont(child.pid)
        child.stdout.readline()
        with pytest.raises(NotStopped):
            ptrace.setregs(child.pid, registers)
        for operate in NEED_A_STOP:
            with pytest.raises(NotStopped, match=r"ESRCH.*must be in a ptrace-stop") as caught:
                operate(child.pid)
            assert (caught.value.tid, caught.value.errno) == (child.pid, errno.ESRCH)


def test_operations_on_a_killed_tracee(program: Program) -> None:
    with Child(program("pt_target"), "ready") as child:
        os.kill(child.pid, signal.SIGKILL)
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        for operate in NEED_A_STOP:
            with pytest.raises(TraceeGone):
                operate(child.pid)
        assert os.WTERMSIG(child.wait()) == signal.SIGKILL
        for operate in NEED_A_STOP:
            with pytest.raises(TraceeGone):
                operate(child.pid)


def test_a_tracee_that_is_being_killed_is_gone_not_running(program: Program) -> None:
    path = program("pt_target")
    for _ in range(50):
        with Child(path, "ready") as child:
            os.kill(child.pid, signal.SIGKILL)
            with pytest.raises(TraceeGone):  # from the first failure on
                while True:
                    ptrace.geteventmsg(child.pid)


def test_interrupting_a_dead_seized_tracee(program: Program) -> None:
    with Child(program("pt_target"), "ready", traced=False) as child:
        ptrace.seize(child.pid)
        os.kill(child.pid, signal.SIGKILL)
        assert os.WTERMSIG(child.wait()) == signal.SIGKILL
        with pytest.raises(TraceeGone, match="PTRACE_INTERRUPT"):
            ptrace.interrupt(child.pid)


def test_operations_on_somebody_elses_process(program: Program) -> None:
    with Child(program("pt_target"), "ready", traced=False) as child:
        child.stdout.readline()
        with pytest.raises(TraceeGone, match="not our tracee: nobody traces it"):
            ptrace.cont(child.pid)
        ptrace.seize(child.pid)

        def other() -> None:
            ptrace.cont(child.pid)

        text = in_child(other)
        assert text.startswith("TraceeGone")
        assert f"not our tracee: process {os.getpid()} traces it" in text


def test_operations_from_another_thread(program: Program) -> None:
    caught: list[SeizeError] = []
    with Child(program("pt_target"), "ready") as child:

        def operate() -> None:
            try:
                ptrace.getregs(child.pid)
            except SeizeError as error:
                caught.append(error)

        thread = threading.Thread(target=operate)
        thread.start()
        thread.join()
        assert isinstance(caught[0], WrongThread)
        assert f"traced by OS thread {kernel.gettid()} of this process" in str(caught[0])


def test_the_errors_name_operation_and_number() -> None:
    with pytest.raises(PtraceError) as caught:
        ptrace.resumer(ptrace.PTRACE_SYSCALL)(os.getpid(), 0)
    assert caught.value.operation == "PTRACE_SYSCALL"
    assert caught.value.errno == errno.ESRCH
