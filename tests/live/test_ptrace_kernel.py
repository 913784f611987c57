"""The other system calls of a tracer, on real processes."""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import select
import signal
import threading
import time
from collections.abc import Callable

import pytest

from seize import kernel, ptrace
from seize.errors import TraceeGone
from tests.live.pt_support import (
    JUMP_IF_EQUAL,
    LOAD,
    PR_SET_NO_NEW_PRIVS,
    RETURN,
    SECCOMP_RET_ALLOW,
    SECCOMP_RET_ERRNO,
    Child,
    become_nobody,
    bpf,
    in_child,
)

Program = Callable[..., str]
PAGE = mmap.PAGESIZE
WAKEUP = signal.SIGRTMIN + 5
GETPPID = 110
PROT_NONE = 0


def two_pages() -> tuple[mmap.mmap, int]:
    """A readable page of ours followed by one that is not, and its address."""
    area = mmap.mmap(-1, 2 * PAGE)
    area[:PAGE] = bytes(index % 251 for index in range(PAGE))
    address = ctypes.addressof(ctypes.c_char.from_buffer(area))
    ctypes.CDLL(None).mprotect(ctypes.c_void_p(address + PAGE), PAGE, PROT_NONE)
    return area, address


def test_waiter_reports_stop_and_exit(program: Program) -> None:
    wait = kernel.waiter(kernel.WALL)
    with Child(program("pt_target"), "steps") as child:
        ptrace.cont(child.pid)
        assert wait() == (child.pid, signal.SIGTRAP << 8 | 0x7F)
        os.kill(child.pid, signal.SIGKILL)
        assert wait() == (child.pid, signal.SIGKILL)


def test_waiter_without_hang(program: Program) -> None:
    wait = kernel.waiter(kernel.WALL | os.WNOHANG)
    with Child(program("pt_target"), "ready", traced=False):
        assert wait() == (0, 0)


def test_waiter_without_children() -> None:
    with pytest.raises(ChildProcessError):
        kernel.waiter(kernel.WALL)()


def test_waiter_returns_when_a_wakeup_interrupts_it(program: Program) -> None:
    kernel.install_wakeup_handler(WAKEUP)
    main = threading.get_ident()
    answers: list[tuple[int, int]] = []
    done = threading.Event()

    def wake() -> None:
        # A signal may come just before the wait begins, so it is sent until it has worked.
        while not done.wait(0.02):
            signal.pthread_kill(main, WAKEUP)

    with Child(program("pt_target"), "ready", traced=False):
        thread = threading.Thread(target=wake)
        thread.start()
        answers.append(kernel.waiter(kernel.WALL)())
        done.set()
        thread.join()
    assert answers == [(-1, 0)]
    signal.signal(WAKEUP, signal.SIG_DFL)


def test_waiter_lets_other_threads_run(program: Program) -> None:
    with Child(program("pt_target"), "ready", traced=False) as child:

        def kill() -> None:
            time.sleep(0.05)
            os.kill(child.pid, signal.SIGKILL)

        thread = threading.Thread(target=kill)
        thread.start()
        assert kernel.waiter(kernel.WALL)() == (child.pid, signal.SIGKILL)
        thread.join()


def test_waitpid_is_the_plain_call(program: Program) -> None:
    with Child(program("pt_target"), "steps") as child:
        assert kernel.waitpid(child.pid, os.WNOHANG) == (0, 0)
        os.kill(child.pid, signal.SIGKILL)
        assert kernel.waitpid(child.pid, 0) == (child.pid, signal.SIGKILL)


def test_wakeup_handler_for_an_impossible_signal() -> None:
    with pytest.raises(OSError, match="Invalid argument") as caught:
        kernel.install_wakeup_handler(signal.SIGKILL)
    assert caught.value.errno == errno.EINVAL


@pytest.mark.parametrize("size", [64, 4096, 3 * PAGE])
def test_vm_reader_gives_the_readable_prefix(size: int) -> None:
    area, address = two_pages()
    expected = bytes(index % 251 for index in range(PAGE))
    read = kernel.vm_reader(size)
    assert read(os.getpid(), address, PAGE) == expected
    assert read(os.getpid(), address + 10, 20) == expected[10:30]
    assert read(os.getpid(), address + 10, 2 * PAGE - 10) == expected[10:]
    assert read(os.getpid(), address + PAGE, 1) == b""
    assert read(os.getpid(), 0, 8) == b""
    assert read(os.getpid(), address, 0) == b""
    assert len(area) == 2 * PAGE  # it lived until here


def test_vm_reader_of_addresses_beyond_the_space() -> None:
    read = kernel.vm_reader()
    for address in ((1 << 64) - 8, (1 << 64) + 16, 1 << 63, -1):
        assert read(os.getpid(), address, 64) == b""


def test_vm_reader_of_a_traced_program(program: Program) -> None:
    with Child(program("pt_target"), "words") as child:
        child.meet()
        variable = int(child.stdout.readline().split()[0], 16)
        word = kernel.vm_reader()(child.pid, variable, 8)
        assert int.from_bytes(word, "little") == ptrace.peekdata(child.pid, variable)


def test_vm_writer_changes_what_the_program_prints(program: Program) -> None:
    write = kernel.vm_writer()
    with Child(program("pt_target"), "words") as child:
        child.meet()
        variable, constant = (int(word, 16) for word in child.stdout.readline().split())
        assert write(child.pid, variable, (0x77).to_bytes(8, "little")) == 8
        assert write(child.pid, constant, bytes(8)) == 0  # read-only
        assert write(child.pid, 0, b"x") == 0
        assert write(child.pid, variable, b"") == 0
        assert child.finish() == (0, "77 ffffffffffffffff\n")


def test_vm_writer_stops_at_an_unwritable_page() -> None:
    area, address = two_pages()
    assert kernel.vm_writer()(os.getpid(), address + PAGE - 3, b"abcdef") == 3
    assert area[PAGE - 3 : PAGE] == b"abc"


def test_vm_of_a_dead_process() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    with pytest.raises(TraceeGone, match=r"process_vm_readv.*ESRCH"):
        kernel.vm_reader()(pid, 4096, 8)
    with pytest.raises(TraceeGone, match=r"process_vm_writev.*ESRCH"):
        kernel.vm_writer()(pid, 4096, b"x")


def test_vm_of_a_forbidden_process() -> None:
    parent = os.getpid()

    def read() -> bytes:
        become_nobody()
        return kernel.vm_reader()(parent, 4096, 8)

    text = in_child(read)
    assert text.startswith("AccessDenied: process_vm_readv")
    assert "no CAP_SYS_PTRACE" in text


@pytest.mark.parametrize("how", ["tgkill", "tkill", "pidfd", "queue"])
def test_signals_arrive(program: Program, how: str) -> None:
    with Child(program("pt_target"), "ready") as child:
        pid = child.pid
        if how == "tgkill":
            kernel.tgkill(pid, pid, signal.SIGTERM)
        elif how == "tkill":
            kernel.tkill(pid, signal.SIGTERM)
        elif how == "pidfd":
            descriptor = kernel.pidfd_open(pid)
            kernel.pidfd_send_signal(descriptor, signal.SIGTERM)
            assert select.select([descriptor], [], [], 0)[0] == []
            os.close(descriptor)
        else:
            sent = ptrace.SigInfo.make(signal.SIGTERM, -1, pid=7, uid=8, value=9)
            kernel.rt_sigqueueinfo(pid, signal.SIGTERM, sent.to_bytes())
        ptrace.cont(pid)
        assert child.stop_signal() == signal.SIGTERM
        info = ptrace.getsiginfo(pid)
        codes = {"tgkill": -6, "tkill": -6, "pidfd": 0, "queue": -1}
        assert info.code == codes[how]
        assert info.pid == (7 if how == "queue" else os.getpid())


def test_signals_to_nobody() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    info = ptrace.SigInfo.make(1, -1).to_bytes()
    sendings: list[Callable[[], None]] = [
        lambda: kernel.tgkill(pid, pid, 0),
        lambda: kernel.tkill(pid, 0),
        lambda: kernel.rt_sigqueueinfo(pid, 1, info),
        lambda: kernel.rt_tgsigqueueinfo(pid, pid, 1, info),
    ]
    for send in sendings:
        with pytest.raises(ProcessLookupError):
            send()
    with pytest.raises(ProcessLookupError):
        kernel.pidfd_open(pid)


def test_a_forged_siginfo_is_refused(program: Program) -> None:
    forged = ptrace.SigInfo.make(signal.SIGTERM, 0, pid=1).to_bytes()
    with (
        Child(program("pt_target"), "ready", traced=False) as child,
        pytest.raises(PermissionError),
    ):
        kernel.rt_sigqueueinfo(child.pid, signal.SIGTERM, forged)


def test_seccomp_filter_takes_effect() -> None:
    def refuse_getppid() -> int:
        kernel.prctl(PR_SET_NO_NEW_PRIVS, 1)
        program = bpf(
            (LOAD, 0, 0, 0),
            (JUMP_IF_EQUAL, 0, 1, GETPPID),
            (RETURN, 0, 0, SECCOMP_RET_ERRNO | errno.EPERM),
            (RETURN, 0, 0, SECCOMP_RET_ALLOW),
        )
        assert kernel.seccomp_set_mode_filter(program, kernel.SECCOMP_FILTER_FLAG_TSYNC) == 0
        return os.getppid()

    assert in_child(refuse_getppid) == "-1"


def test_seccomp_refuses_a_malformed_program() -> None:
    def install() -> int:
        return kernel.seccomp_set_mode_filter(bpf((LOAD, 0, 0, 0)))

    assert in_child(install) == f"OSError: [Errno {errno.EINVAL}] Invalid argument"


def test_prctl_sets_and_gets() -> None:
    pr_get_no_new_privs = 39

    def both() -> tuple[int, int]:
        before = kernel.prctl(pr_get_no_new_privs)
        kernel.prctl(PR_SET_NO_NEW_PRIVS, 1)
        return before, kernel.prctl(pr_get_no_new_privs)

    assert in_child(both) == "(0, 1)"
    with pytest.raises(OSError, match="Invalid argument"):
        kernel.prctl(9999)


def test_affinity(program: Program) -> None:
    with Child(program("pt_target"), "ready", traced=False) as child:
        everywhere = kernel.get_affinity(child.pid)
        assert everywhere == os.sched_getaffinity(child.pid)
        kernel.set_affinity(child.pid, [min(everywhere)])
        assert kernel.get_affinity(child.pid) == {min(everywhere)}


def test_idle_and_back(program: Program) -> None:
    with Child(program("pt_target"), "ready", traced=False) as child:
        kernel.set_idle(child.pid)
        policy = os.sched_getscheduler(child.pid) & ~os.SCHED_RESET_ON_FORK
        assert policy == os.SCHED_IDLE
        kernel.set_idle(child.pid, False)
        assert os.sched_getscheduler(child.pid) == os.SCHED_OTHER


def test_personality_sets_and_answers() -> None:
    addr_no_randomize = 0x0040000

    def both() -> tuple[int, int]:
        before = kernel.personality(kernel.personality() | addr_no_randomize)
        return before & addr_no_randomize, kernel.personality() & addr_no_randomize

    assert in_child(both) == f"(0, {addr_no_randomize})"


def test_kcmp_of_memory() -> None:
    kcmp_vm = 1
    pid = os.fork()
    if pid == 0:
        signal.pause()
    try:
        assert kernel.kcmp(os.getpid(), os.getpid(), kcmp_vm) == 0
        assert kernel.kcmp(os.getpid(), pid, kcmp_vm) in (1, 2)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def test_gettid_is_the_threads_own() -> None:
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(kernel.gettid()))
    thread.start()
    thread.join()
    assert kernel.gettid() == os.getpid()
    assert found[0] not in (0, os.getpid())
