"""Who is traced: thread ids, thread groups, and how both change ("execve(2) under ptrace")."""

from __future__ import annotations

import os

from seize import kernel
from seize.abi._generated import ptrace as pt
from seize.engine import proc
from seize.engine.process import Process
from seize.engine.tracee import GONE, STOPPED, Tracee

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.engine.tracer import Tracer


class Registry:
    """The tracees and processes of one tracer, by id.

    It absorbs what the manual warns of: a child's first stop may come before its parent's fork
    event, a child may be dead before that event, execve changes a thread's id, a leader's death
    is reported after that of its threads.  ``unclaimed`` keeps wait statuses of children that
    aren't ours, such as a ``subprocess`` of the program that uses the tracer.
    """

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self.tracees: dict[int, Tracee] = {}
        self.processes: dict[int, Process] = {}
        self.unclaimed: dict[int, int] = {}
        self.helpers: set[int] = set()
        self._has_proc = proc.is_usable()

    def status(self, tid: int) -> proc.ThreadStatus | None:
        """What is known of a thread that is ours; None if it is gone.

        Without a usable /proc (a chroot, a pid namespace of its own) that is its group alone.
        """
        if self._has_proc:
            return proc.thread_status(tid)
        group = next((pid for pid in self.processes if _is_thread_of(pid, tid)), tid)
        return proc.ThreadStatus("R", group, 0, self._tracer.owner_tid, "")

    def add(self, tid: int, status: proc.ThreadStatus, seized: bool) -> Tracee:
        """Register a thread, and its process when it is the first of it."""
        process = self.processes.get(status.tgid)
        if process is None:
            process = self.processes[status.tgid] = Process(status.tgid, status.parent)
        tracee = Tracee(self._tracer, process, tid, seized)
        self.tracees[tid] = process.tracees[tid] = tracee
        return tracee

    def adopt(self, tid: int, wait_status: int) -> Tracee | None:
        """Register a thread whose first stop came before its parent's event; None if it is gone.

        Only a child of one of our tracees can stop unannounced.  It is attached as its creator
        was, and its first stop shows how: a seized one begins with PTRACE_EVENT_STOP.
        """
        status = self.status(tid)
        if status is None or status.tracer != self._tracer.owner_tid:
            return None
        family = self.processes.get(status.tgid) or self.processes.get(status.parent)
        tracee = self.add(tid, status, seized=wait_status >> 16 == pt.PTRACE_EVENT_STOP)
        if family is not None:
            _belongs(tracee, family)
        return tracee

    def unknown_end(self, tid: int, status: int) -> None:
        """Take note of the death of a child that isn't a tracee (or not yet announced)."""
        if tid in self.helpers:
            self.helpers.discard(tid)
        else:
            self.unclaimed[tid] = status

    def born(self, parent: Tracee, tid: int, vfork: bool = False) -> None:
        """Register the new thread that a fork, vfork or clone event of ``parent`` tells of."""
        child = self._child(parent, tid)
        if child is not None:
            _belongs(child, parent.process)
            if vfork:
                child.vfork_parent = parent

    def _child(self, parent: Tracee, tid: int) -> Tracee | None:
        if self.unclaimed.pop(tid, None) is not None:
            return None
        if tid in self.tracees:
            return self.tracees[tid]
        status = self.status(tid)
        if status is None or not _is_ours(tid):
            # It has stopped, and was detached or has died, before its parent's event.
            return None
        return self.add(tid, status, parent.seized)

    def execed(self, tracee: Tracee, former_tid: int) -> Tracee:
        """Give the thread that called execve its leader's id; return that thread's object."""
        runner = self.tracees.get(former_tid)
        if runner is None or runner is tracee:
            return tracee
        process = runner.process
        self._forget(runner)
        self._forget(tracee)
        runner.take_tid(tracee.tid)
        runner.state = STOPPED
        self.processes[process.pid] = process
        self.tracees[runner.tid] = process.tracees[runner.tid] = runner
        return runner

    def ended(self, tracee: Tracee, status: int) -> None:
        """Forget a thread whose death was reported."""
        process = tracee.process
        if tracee.tid == process.pid:
            process.wait_status = status
        self._forget(tracee)

    def detached(self, tracee: Tracee) -> None:
        """Forget a thread that is no longer traced."""
        self._forget(tracee)

    def _forget(self, tracee: Tracee) -> None:
        tracee.state = GONE
        self.tracees.pop(tracee.tid, None)
        process = tracee.process
        process.tracees.pop(tracee.tid, None)
        if not process.tracees:
            self.processes.pop(process.pid, None)

    def strays(self) -> bool:
        """Whether there are children that the kernel has attached and nobody has announced.

        That happens when a SIGKILL hits a tracee in fork(2), after the child was attached and
        before the event.  Their stops are still to be reported.
        """
        return any(tid not in self.tracees for tid in proc.traced_by(self._tracer.owner_tid))

    def everyone_vanished(self) -> None:
        """Drop all tracees: the kernel says that this thread has nobody to wait for."""
        for tracee in list(self.tracees.values()):
            self._forget(tracee)

    def of(self, target: Tracee | Process | None) -> list[Tracee]:
        """List the tracees that ``target`` means: one, a process's, or all."""
        if target is None:
            return list(self.tracees.values())
        if isinstance(target, Process):
            return list(target.tracees.values())
        return [target] if self.tracees.get(target.tid) is target else []


def _belongs(child: Tracee, family: Process) -> None:
    """Give a new thread what its creator's process has."""
    process = child.process
    process.spawned |= family.spawned
    process.filtered |= family.filtered
    if process.filtered:
        child.operation = pt.PTRACE_CONT


def _is_thread_of(pid: int, tid: int) -> bool:
    try:
        kernel.tgkill(pid, tid, 0)
    except ProcessLookupError:
        return False
    return True


def _is_ours(tid: int) -> bool:
    """Whether this OS thread is the one that waits for ``tid``: its tracer, or its parent."""
    report = os.WEXITED | os.WSTOPPED | os.WNOHANG | os.WNOWAIT
    try:
        os.waitid(os.P_PID, tid, report | kernel.WALL | kernel.WNOTHREAD)
    except ChildProcessError:
        return False
    return True
