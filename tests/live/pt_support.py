"""Children for the tests of the raw operations: a traced program, and a forked helper."""

from __future__ import annotations

import os
import signal
import struct
from collections.abc import Callable
from types import TracebackType

from seize import kernel, ptrace
from seize.errors import SeizeError

SYSCALL_STOP = signal.SIGTRAP | 0x80

LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO, SECCOMP_RET_TRACE = 0x7FFF0000, 0x00050000, 0x7FF00000
PR_SET_NO_NEW_PRIVS = 38


class Child:
    """A program started under PTRACE_TRACEME (stopped after its execve) or untraced."""

    def __init__(self, *argv: str, traced: bool = True, options: int = 0) -> None:
        reader, writer = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.dup2(writer, 1)
                os.closerange(3, 64)
                if traced:
                    ptrace.traceme()
                os.execv(argv[0], argv)
            finally:
                os._exit(98)
        os.close(writer)
        self.stdout = os.fdopen(reader, "r")
        if traced:
            assert self.stop_signal() == signal.SIGTRAP
            ptrace.setoptions(self.pid, ptrace.PTRACE_O_EXITKILL | options)

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stdout.close()
        try:
            os.kill(self.pid, signal.SIGKILL)
            # Its threads are waited for too: a leader isn't reported before they are.
            while True:
                pid, status = os.waitpid(-1, kernel.WALL)
                if pid == self.pid and not os.WIFSTOPPED(status):
                    break
        except (ProcessLookupError, ChildProcessError):
            return

    def wait(self) -> int:
        """The next wait status."""
        return os.waitpid(self.pid, kernel.WALL)[1]

    def stop_signal(self) -> int:
        """The signal of the next stop."""
        status = self.wait()
        assert os.WIFSTOPPED(status), hex(status)
        return os.WSTOPSIG(status)

    def meet(self) -> None:
        """Run on to the program's next int3."""
        ptrace.cont(self.pid)
        assert self.stop_signal() == signal.SIGTRAP

    def syscall_stop(self) -> None:
        """Run on to the next syscall-stop (PTRACE_O_TRACESYSGOOD is on)."""
        ptrace.syscall(self.pid)
        assert self.stop_signal() == SYSCALL_STOP

    def finish(self) -> tuple[int, str]:
        """Run to the end; the wait status, and what was printed."""
        ptrace.cont(self.pid)
        while os.WIFSTOPPED(status := self.wait()):
            ptrace.cont(self.pid)
        return status, self.stdout.read()

    def enter(self, number: int) -> None:
        """Run on to the syscall-enter-stop of system call ``number``."""
        while True:
            self.syscall_stop()
            info = ptrace.get_syscall_info(self.pid)
            if info.op == ptrace.PTRACE_SYSCALL_INFO_ENTRY and info.nr == number:
                return


def in_child(function: Callable[[], object]) -> str:
    """What ``function`` answers, in a forked process: its value's or its exception's text."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            try:
                text = f"{function()}"
            except (SeizeError, OSError) as error:
                text = f"{type(error).__name__}: {error}"
            os.write(writer, text.encode())
            os._exit(0)
        finally:
            os._exit(1)
    os.close(writer)
    with os.fdopen(reader, "r") as file:
        text = file.read()
    assert os.waitpid(pid, 0)[1] == 0
    return text


def become_nobody() -> None:
    """Give up root's privileges in this process."""
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)


def bpf(*instructions: tuple[int, int, int, int]) -> bytes:
    """Pack a classic BPF program of (code, jt, jf, k)."""
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in instructions)


def refuse_ptrace(operation: int, errno: int) -> None:
    """Let this process's kernel refuse one ptrace operation: an older kernel, as it were."""
    number = {"x86_64": 101, "aarch64": 117}[os.uname().machine]
    kernel.prctl(PR_SET_NO_NEW_PRIVS, 1)
    kernel.seccomp_set_mode_filter(
        bpf(
            (LOAD, 0, 0, 0),
            (JUMP_IF_EQUAL, 0, 3, number),
            (LOAD, 0, 0, 16),
            (JUMP_IF_EQUAL, 0, 1, operation),
            (RETURN, 0, 0, SECCOMP_RET_ERRNO | errno),
            (RETURN, 0, 0, SECCOMP_RET_ALLOW),
        )
    )
