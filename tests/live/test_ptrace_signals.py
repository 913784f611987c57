"""Signal information, queues and masks of real tracees."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable

import pytest

from seize import kernel, ptrace
from seize.errors import PtraceError, UsageError
from seize.ptrace import SigInfo
from tests.live.pt_support import Child

Program = Callable[..., str]
SI_QUEUE, SI_TKILL = -1, -6
SIGRTMIN = 34


def test_getsiginfo_tells_who_queued_what(program: Program) -> None:
    with Child(program("pt_target"), "queued") as child:
        ptrace.cont(child.pid)
        assert child.stop_signal() == signal.SIGUSR1
        info = ptrace.getsiginfo(child.pid)
        assert (info.signo, info.code, info.kind) == (signal.SIGUSR1, SI_QUEUE, "queue")
        assert info.pid == child.pid
        assert info.uid == os.getuid()
        assert info.value & 0xFFFFFFFF == 5


def test_setsiginfo_changes_what_the_handler_gets(program: Program) -> None:
    with Child(program("pt_target"), "queued") as child:
        ptrace.cont(child.pid)
        assert child.stop_signal() == signal.SIGUSR1
        ptrace.setsiginfo(child.pid, ptrace.getsiginfo(child.pid).replace(value=99))
        assert ptrace.getsiginfo(child.pid).value == 99
        ptrace.cont(child.pid, signal.SIGUSR1)
        assert child.wait() == 0
        assert child.stdout.read() == f"{int(signal.SIGUSR1)} {SI_QUEUE} 99\n"


def test_getsiginfo_of_a_fault_and_of_a_stop(program: Program) -> None:
    with Child(program("pt_target"), "steps", options=ptrace.PTRACE_O_TRACEEXIT) as child:
        child.meet()
        ptrace.setregs(child.pid, ptrace.getregs(child.pid).replace(rip=0x10))
        ptrace.cont(child.pid)
        assert child.stop_signal() == signal.SIGSEGV
        info = ptrace.getsiginfo(child.pid)
        assert (info.kind, info.addr, info.code) == ("fault", 0x10, 1)  # SEGV_MAPERR
        ptrace.cont(child.pid, signal.SIGSEGV)
        assert child.wait() >> 16 == ptrace.PTRACE_EVENT_EXIT
        stop = ptrace.getsiginfo(child.pid)
        assert stop.code == ptrace.PTRACE_EVENT_EXIT << 8 | signal.SIGTRAP
        assert (stop.kind, stop.pid) == ("kill", child.pid)
        assert child.finish()[0] & 0x7F == signal.SIGSEGV


def test_getsiginfo_in_a_group_stop_is_einval(program: Program) -> None:
    with Child(program("pt_target"), "ready") as child:
        os.kill(child.pid, signal.SIGSTOP)
        ptrace.cont(child.pid)
        assert child.stop_signal() == signal.SIGSTOP
        ptrace.cont(child.pid, signal.SIGSTOP)
        assert child.stop_signal() == signal.SIGSTOP
        with pytest.raises(PtraceError, match=r"EINVAL.*group-stop") as caught:
            ptrace.getsiginfo(child.pid)
        assert caught.value.errno == errno.EINVAL


def test_siginfo_of_the_queue_is_what_was_sent(program: Program) -> None:
    sent = SigInfo.make(SIGRTMIN, SI_QUEUE, pid=1234, uid=55, value=0x1234_5678_9ABC_DEF0)
    with Child(program("pt_target"), "ready") as child:
        kernel.rt_tgsigqueueinfo(child.pid, child.pid, SIGRTMIN, sent.to_bytes())
        ptrace.cont(child.pid)
        assert child.stop_signal() == SIGRTMIN
        assert ptrace.getsiginfo(child.pid) == sent


def test_peeksiginfo_lists_the_threads_and_the_shared_queue(program: Program) -> None:
    with Child(program("pt_target"), "pending") as child:
        child.meet()
        own = ptrace.peeksiginfo(child.pid, 0, 10)
        assert [(info.signo, info.value & 0xFF) for info in own] == [(SIGRTMIN, 11), (SIGRTMIN, 12)]
        assert ptrace.peeksiginfo(child.pid, 1, 10) == own[1:]
        assert ptrace.peeksiginfo(child.pid, 0, 1) == own[:1]
        assert ptrace.peeksiginfo(child.pid, 2, 10) == []
        shared = ptrace.peeksiginfo(child.pid, 0, 10, shared=True)
        assert [(info.signo, info.value & 0xFF) for info in shared] == [(SIGRTMIN + 1, 13)]
        assert ptrace.peeksiginfo(child.pid, 0, 10) == own  # they stay queued
        assert all(info.pid == child.pid for info in own + shared)


def test_peeksiginfo_checks_its_arguments(program: Program) -> None:
    with Child(program("pt_target"), "ready") as child:
        for offset, count in ((-1, 1), (0, -1)):
            with pytest.raises(UsageError, match="at least 0"):
                ptrace.peeksiginfo(child.pid, offset, count)
        assert ptrace.peeksiginfo(child.pid, 0, 0) == []


def test_getsigmask_and_setsigmask(program: Program) -> None:
    with Child(program("pt_target"), "mask") as child:
        child.meet()
        assert ptrace.getsigmask(child.pid) == {signal.SIGUSR1, signal.SIGRTMAX}
        ptrace.setsigmask(child.pid, {signal.SIGUSR2, signal.SIGKILL})
        assert ptrace.getsigmask(child.pid) == {signal.SIGUSR2}
        assert child.finish() == (0, "0 1\n")


@pytest.mark.parametrize("bad", [0, -1, 65])
def test_setsigmask_checks_its_numbers(program: Program, bad: int) -> None:
    with (
        Child(program("pt_target"), "ready") as child,
        pytest.raises(UsageError, match=rf"{bad} is no signal number"),
    ):
        ptrace.setsigmask(child.pid, [bad])
