"""Attaching, restarting, stopping, options: each operation's effect on a real tracee."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable

import pytest

from seize import kernel, ptrace
from seize.errors import AccessDenied, NotStopped, PtraceError, TraceeGone
from tests.live.pt_support import SYSCALL_STOP, Child, in_child, refuse_ptrace

Program = Callable[..., str]
GETPID, GETPPID = 39, 110
SI_KERNEL = 0x80


def state(pid: int) -> str:
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()[0]


def tracer_of(pid: int) -> int:
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("TracerPid"))


def event_of(status: int) -> int:
    return status >> 16


def test_traceme_makes_the_parent_the_tracer(program: Program) -> None:
    with Child(program("pt_target"), "ready") as child:
        assert tracer_of(child.pid) == os.getpid()


def test_traceme_twice_is_refused() -> None:
    def twice() -> None:
        ptrace.traceme()
        ptrace.traceme()

    text = in_child(twice)
    assert text.startswith("PtraceError: PTRACE_TRACEME")
    assert "EPERM" in text
    assert "traced already" in text


def test_attach_stops_with_sigstop(program: Program) -> None:
    with Child(program("pt_target"), "ready", traced=False) as child:
        child.stdout.readline()
        ptrace.attach(child.pid)
        assert child.stop_signal() == signal.SIGSTOP
        assert tracer_of(child.pid) == os.getpid()
        ptrace.detach(child.pid)
        assert tracer_of(child.pid) == 0


def test_seize_does_not_stop_and_interrupt_does(program: Program) -> None:
    with Child(program("pt_target"), "ready", traced=False) as child:
        child.stdout.readline()
        ptrace.seize(child.pid, ptrace.PTRACE_O_TRACESYSGOOD)
        assert tracer_of(child.pid) == os.getpid()
        assert os.waitpid(child.pid, os.WNOHANG | kernel.WALL) == (0, 0)
        ptrace.interrupt(child.pid)
        status = child.wait()
        assert event_of(status) == ptrace.PTRACE_EVENT_STOP
        assert os.WSTOPSIG(status) == signal.SIGTRAP
        # The options given to seize hold: pause(2) is restarted, with bit 7 in the status.
        ptrace.syscall(child.pid)
        assert child.stop_signal() == SYSCALL_STOP


def test_seize_with_an_unknown_option(program: Program) -> None:
    with Child(program("pt_target"), "ready", traced=False) as child:
        child.stdout.readline()
        with pytest.raises(
            PtraceError, match=r"PTRACE_SEIZE.*EIO.*doesn't know .*0x4000000"
        ) as caught:
            ptrace.seize(child.pid, 0x4000000)
        assert caught.value.errno == errno.EIO
        assert tracer_of(child.pid) == 0


def test_interrupt_needs_seize(program: Program) -> None:
    with (
        Child(program("pt_target"), "ready") as child,
        pytest.raises(PtraceError, match=r"EIO.*attached by PTRACE_SEIZE"),
    ):
        ptrace.interrupt(child.pid)


def test_listen_keeps_a_group_stop_and_reports_its_end(program: Program) -> None:
    with Child(program("pt_target"), "ready", traced=False) as child:
        child.stdout.readline()
        ptrace.seize(child.pid)
        os.kill(child.pid, signal.SIGSTOP)
        assert child.stop_signal() == signal.SIGSTOP
        ptrace.cont(child.pid, signal.SIGSTOP)
        status = child.wait()
        assert (event_of(status), os.WSTOPSIG(status)) == (ptrace.PTRACE_EVENT_STOP, signal.SIGSTOP)
        ptrace.listen(child.pid)
        with pytest.raises(NotStopped):
            ptrace.getregs(child.pid)
        assert state(child.pid) == "t"
        os.kill(child.pid, signal.SIGCONT)
        status = child.wait()
        assert (event_of(status), os.WSTOPSIG(status)) == (ptrace.PTRACE_EVENT_STOP, signal.SIGTRAP)


def test_listen_outside_of_an_event_stop(program: Program) -> None:
    with (
        Child(program("pt_target"), "ready") as child,
        pytest.raises(PtraceError, match=r"EIO.*PTRACE_EVENT_STOP"),
    ):
        ptrace.listen(child.pid)


def test_detach_may_inject_a_signal(program: Program) -> None:
    with Child(program("pt_target"), "ready") as child:
        os.kill(child.pid, signal.SIGTERM)
        ptrace.cont(child.pid)
        assert child.stop_signal() == signal.SIGTERM
        ptrace.detach(child.pid, signal.SIGTERM)
        assert os.WTERMSIG(child.wait()) == signal.SIGTERM


def test_kill_of_a_stopped_tracee(program: Program) -> None:
    with Child(program("pt_target"), "ready") as child:
        ptrace.kill(child.pid)
        assert os.WTERMSIG(child.wait()) == signal.SIGKILL


@pytest.mark.parametrize(
    ("injected", "expected"), [(0, (False, 0)), (signal.SIGUSR2, (True, signal.SIGUSR2))]
)
def test_cont_suppresses_or_injects(
    program: Program, injected: int, expected: tuple[bool, int]
) -> None:
    with Child(program("pt_target"), "steps") as child:
        child.meet()
        tgid = child.pid
        kernel.tgkill(tgid, tgid, signal.SIGUSR1)
        ptrace.cont(child.pid)
        assert child.stop_signal() == signal.SIGUSR1
        ptrace.cont(child.pid, injected)
        status = child.wait()
        assert (os.WIFSIGNALED(status), os.WTERMSIG(status) if expected[0] else 0) == expected


@pytest.mark.parametrize("bad", [-1, 65, 1000])
def test_cont_with_no_signal_number(program: Program, bad: int) -> None:
    with (
        Child(program("pt_target"), "ready") as child,
        pytest.raises(PtraceError, match=rf"PTRACE_CONT.*EIO.*{bad} is no signal number"),
    ):
        ptrace.cont(child.pid, bad)


def test_syscall_stops_at_entry_and_exit(program: Program) -> None:
    with Child(program("pt_target"), "calls", options=ptrace.PTRACE_O_TRACESYSGOOD) as child:
        child.meet()
        child.enter(GETPPID)
        child.syscall_stop()
        info = ptrace.get_syscall_info(child.pid)
        assert (info.op, info.rval) == (ptrace.PTRACE_SYSCALL_INFO_EXIT, os.getpid())


def test_singlestep_runs_one_instruction(program: Program) -> None:
    with Child(program("pt_target"), "steps") as child:
        child.meet()
        first = ptrace.getregs(child.pid).rip
        for count in (1, 2, 3):
            ptrace.singlestep(child.pid)
            assert child.stop_signal() == signal.SIGTRAP
            assert ptrace.getregs(child.pid).rip == first + count


def walk(path: str, step: Callable[[int], None]) -> list[tuple[int, int]]:
    """The (address - start, counter) of each stop until the second int3, 4 branches later."""
    with Child(path, "blocks") as child:
        child.meet()
        start = ptrace.getregs(child.pid).rip
        stops: list[tuple[int, int]] = []
        while True:
            step(child.pid)
            assert child.stop_signal() == signal.SIGTRAP
            if ptrace.getsiginfo(child.pid).code == SI_KERNEL:  # the int3
                return stops
            registers = ptrace.getregs(child.pid)
            stops.append((registers.rip - start, registers.rcx))


def test_singleblock_stops_at_taken_branches(program: Program) -> None:
    each = walk(program("pt_target"), ptrace.singlestep)
    assert len(each) == 11
    head = each[0][0]
    taken = [stop for stop in each[1:] if stop[0] == head]
    assert [counter for _, counter in taken] == [4, 3, 2, 1]
    # A virtual machine may not have branch traps; its kernel then stops at each instruction.
    assert walk(program("pt_target"), ptrace.singleblock) in (taken, each)


def test_sysemu_suppresses_the_call(program: Program) -> None:
    with Child(program("pt_target"), "emulated", options=ptrace.PTRACE_O_TRACESYSGOOD) as child:
        child.meet()
        ptrace.sysemu(child.pid)
        assert child.stop_signal() == SYSCALL_STOP
        registers = ptrace.getregs(child.pid)
        assert registers.orig_rax == GETPID
        ptrace.setregs(child.pid, registers.replace(rax=4242))
        assert child.finish() == (0, "4242\n")


def test_sysemu_singlestep_steps_and_suppresses(program: Program) -> None:
    with Child(program("pt_target"), "emulated", options=ptrace.PTRACE_O_TRACESYSGOOD) as child:
        child.meet()
        steps = 0
        while True:
            ptrace.sysemu_singlestep(child.pid)
            if child.stop_signal() == SYSCALL_STOP:
                break
            steps += 1
        assert steps > 0
        registers = ptrace.getregs(child.pid)
        assert registers.orig_rax == GETPID
        ptrace.setregs(child.pid, registers.replace(rax=4343))
        assert child.finish() == (0, "4343\n")


EVENTS = [
    ("forks", ptrace.PTRACE_O_TRACEFORK, ptrace.PTRACE_EVENT_FORK),
    ("vforks", ptrace.PTRACE_O_TRACEVFORK, ptrace.PTRACE_EVENT_VFORK),
    ("vforks", ptrace.PTRACE_O_TRACEVFORKDONE, ptrace.PTRACE_EVENT_VFORK_DONE),
    ("threads", ptrace.PTRACE_O_TRACECLONE, ptrace.PTRACE_EVENT_CLONE),
]


@pytest.mark.parametrize(("mode", "option", "event"), EVENTS)
def test_options_report_new_tasks_by_event_message(
    program: Program, mode: str, option: int, event: int
) -> None:
    with Child(program("pt_target"), mode, options=option) as child:
        ptrace.cont(child.pid)
        status = child.wait()
        assert (event_of(status), os.WSTOPSIG(status)) == (event, signal.SIGTRAP)
        task = ptrace.geteventmsg(child.pid)
        assert task == ptrace.eventmsg_reader()(child.pid)
        assert task > 0
        assert task != child.pid
        if event != ptrace.PTRACE_EVENT_VFORK_DONE:
            assert tracer_of(task) == os.getpid()
            assert os.waitpid(task, kernel.WALL)[0] == task
            ptrace.cont(task)
            assert os.waitpid(task, kernel.WALL) == (task, 0)
        assert os.WEXITSTATUS(child.finish()[0]) == 3


def test_option_traceexec(program: Program) -> None:
    with Child(program("pt_target"), "exec", options=ptrace.PTRACE_O_TRACEEXEC) as child:
        ptrace.cont(child.pid)
        assert event_of(child.wait()) == ptrace.PTRACE_EVENT_EXEC
        assert ptrace.geteventmsg(child.pid) == child.pid


def test_option_traceexit_tells_the_status(program: Program) -> None:
    with Child(program("pt_target"), "threads", options=ptrace.PTRACE_O_TRACEEXIT) as child:
        ptrace.cont(child.pid)
        assert event_of(child.wait()) == ptrace.PTRACE_EVENT_EXIT
        assert ptrace.geteventmsg(child.pid) == 3 << 8
        assert os.WEXITSTATUS(child.finish()[0]) == 3


def test_option_exitkill(program: Program) -> None:
    path = program("pt_target")

    def trace_and_leave() -> int:
        return Child(path, "ready").pid  # the tracer exits; the option was set at the start

    orphan = int(in_child(trace_and_leave))
    assert os.WTERMSIG(os.waitpid(orphan, 0)[1]) == signal.SIGKILL


def test_option_suspend_seccomp(program: Program) -> None:
    with Child(program("pt_target"), "filtered") as child:
        child.meet()
        ptrace.setoptions(child.pid, ptrace.PTRACE_O_SUSPEND_SECCOMP)
        status, text = child.finish()
        # With the filter in force, SECCOMP_RET_TRACE without a tracer's option gives ENOSYS.
        assert (status, text) == (0, f"{os.getpid()}\n")


def test_suspend_seccomp_from_under_seccomp_is_explained(program: Program) -> None:
    path = program("pt_target")

    def suspend() -> str:
        refuse_ptrace(-1 & 0xFFFFFFFF, errno.EIO)
        with Child(path, "ready") as child:
            try:
                ptrace.setoptions(child.pid, ptrace.PTRACE_O_SUSPEND_SECCOMP)
            except PtraceError as error:
                return f"{error.errno} {error}"
        return "allowed"

    text = in_child(suspend)
    assert text.startswith(f"{errno.EPERM} ")
    assert "CAP_SYS_ADMIN and a tracer without seccomp" in text


def test_setoptions_with_an_unknown_option(program: Program) -> None:
    with Child(program("pt_target"), "ready") as child:
        with pytest.raises(PtraceError, match=r"EINVAL.*doesn't know one of .*0x4000000") as caught:
            ptrace.setoptions(child.pid, 0x4000000)
        assert caught.value.errno == errno.EINVAL


def test_attach_to_a_dead_process() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    with pytest.raises(TraceeGone, match="ESRCH"):
        ptrace.attach(pid)
    with pytest.raises(TraceeGone, match="ESRCH"):
        ptrace.seize(pid)


def test_attach_to_oneself_is_denied() -> None:
    with pytest.raises(AccessDenied, match="own process"):
        ptrace.attach(os.getpid())


def test_resumer_is_cont_and_its_errors() -> None:
    resume = ptrace.resumer(ptrace.PTRACE_CONT)
    with pytest.raises(TraceeGone, match="PTRACE_CONT"):
        resume(os.getpid(), 0)


def test_resumer_injects_and_checks(program: Program) -> None:
    with Child(program("pt_target"), "ready") as child:
        resume = ptrace.resumer(ptrace.PTRACE_CONT)
        with pytest.raises(PtraceError, match="99 is no signal number"):
            resume(child.pid, 99)
        os.kill(child.pid, signal.SIGTERM)
        resume(child.pid, 0)
        assert child.stop_signal() == signal.SIGTERM
        resume(child.pid, signal.SIGTERM)
        assert os.WTERMSIG(child.wait()) == signal.SIGTERM
