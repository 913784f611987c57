"""Why an attach is denied: each reason beside the kernel's own refusal."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable

import pytest

from seize import access, kernel, ptrace
from seize.errors import AccessDenied
from tests.live.pt_support import Child, become_nobody, in_child, refuse_ptrace

Program = Callable[..., str]
PR_SET_DUMPABLE = 4
NOBODY = 65534


def refusal(tid: int, prepare: Callable[[], None]) -> str:
    """What seizing ``tid`` answers to a process that ``prepare`` has changed."""

    def attempt() -> str:
        prepare()
        ptrace.seize(tid)
        return "allowed"

    return in_child(attempt)


class Sleeper:
    """A forked child that prepares itself and sleeps."""

    def __init__(self, prepare: Callable[[], None]) -> None:
        reader, writer = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.close(reader)
                prepare()
                os.close(writer)
                signal.pause()
            finally:
                os._exit(1)
        os.close(writer)
        os.read(reader, 1)
        os.close(reader)

    def __enter__(self) -> Sleeper:
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def test_other_user_ids(program: Program) -> None:
    with Sleeper(lambda: None) as target:
        text = refusal(target.pid, become_nobody)
    assert text.startswith("AccessDenied: PTRACE_SEIZE")
    assert "the user ids of thread" in text
    assert f"0 (real), 0 (effective) and 0 (saved), the tracer's is {NOBODY}" in text
    assert "the group ids of thread" in text
    assert "no CAP_SYS_PTRACE" in text


def test_one_id_that_differs_is_named() -> None:
    def half() -> None:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, 0)

    with Sleeper(half) as target:
        text = refusal(target.pid, become_nobody)
    assert f"{NOBODY} (real), {NOBODY} (effective) and 0 (saved)" in text
    assert "group ids" not in text


def test_not_dumpable() -> None:
    def hide() -> None:
        become_nobody()
        kernel.prctl(PR_SET_DUMPABLE, 0)

    with Sleeper(hide) as target:
        text = refusal(target.pid, become_nobody)
    assert text.startswith("AccessDenied")
    assert "isn't dumpable" in text
    assert "user ids" not in text


def test_the_same_target_dumpable_is_allowed() -> None:
    def show() -> None:
        become_nobody()
        kernel.prctl(PR_SET_DUMPABLE, 1)

    with Sleeper(show) as target:
        assert refusal(target.pid, become_nobody) == "allowed"


def test_already_traced(program: Program) -> None:
    with Child(program("pt_target"), "ready") as child:
        text = refusal(child.pid, lambda: None)
        with open("/proc/self/comm") as file:
            name = file.read().strip()
        assert f"already traced by {os.getpid()} ({name})" in text
        with pytest.raises(AccessDenied) as caught:
            ptrace.attach(child.pid)
        assert len(caught.value.reasons) == 1
        assert "already traced" in caught.value.reasons[0]


def test_oneself() -> None:
    with pytest.raises(AccessDenied, match="in the tracer's own process"):
        ptrace.seize(os.getpid())


def test_a_zombie() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    try:
        with pytest.raises(AccessDenied, match="is dead"):
            ptrace.seize(pid)
    finally:
        os.waitpid(pid, 0)


def test_nobody_is_there() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    assert access.explain(pid) == (f"there is no thread {pid}, or /proc doesn't show it",)


def test_what_cannot_be_seen_is_named(program: Program) -> None:
    with Sleeper(lambda: None) as target:
        text = refusal(target.pid, lambda: refuse_ptrace(ptrace.PTRACE_SEIZE, 1))
    assert "a security module (SELinux" in text
    assert "the seccomp filter that the tracer runs under" in text


def test_capabilities_that_the_tracer_lacks() -> None:
    def keep_capabilities() -> None:
        pr_set_keepcaps = 8
        kernel.prctl(pr_set_keepcaps, 1)
        become_nobody()
        kernel.prctl(PR_SET_DUMPABLE, 1)

    with Sleeper(keep_capabilities) as target:
        text = refusal(target.pid, become_nobody)
    assert text.startswith("AccessDenied")
    assert "has capabilities that the tracer lacks (mask 0x" in text


def test_suspending_seccomp_without_capabilities() -> None:
    with Sleeper(become_nobody) as target:

        def attempt() -> None:
            become_nobody()
            ptrace.seize(target.pid, ptrace.PTRACE_O_SUSPEND_SECCOMP)

        text = in_child(attempt)
    assert text.startswith("PtraceError: PTRACE_SEIZE")
    assert "PTRACE_O_SUSPEND_SECCOMP needs CAP_SYS_ADMIN" in text


def test_credentials_of_this_process_are_read() -> None:
    found = access.read(os.getpid())
    assert found is not None
    assert found.uids == os.getresuid()
    assert found.gids == os.getresgid()
    assert found.user_namespace == os.readlink("/proc/self/ns/user")
    assert (found.tgid, found.traced_by, found.kernel_thread) == (os.getpid(), (0, ""), False)


def test_names_with_parentheses_are_read(program: Program) -> None:
    pr_set_name = 15

    def rename() -> None:
        name = ctypes.create_string_buffer(b") R 1 (x")
        kernel.prctl(pr_set_name, ctypes.addressof(name))

    with Sleeper(rename) as target:
        found = access.read(target.pid)
        assert found is not None
        assert (found.name, found.kernel_thread) == (") R 1 (x", False)
        assert found.descendant
