"""Attaching to a running process: "Attaching and detaching"."""

from __future__ import annotations

from errno import ESRCH

from seize import ptrace
from seize.engine import proc
from seize.errors import AccessDenied, TraceeGone, Unsupported, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.engine.process import Process
    from seize.engine.tracer import Tracer


def attach(tracer: Tracer, pid: int, method: str, all_threads: bool = True) -> Process:
    """Attach to every thread of the process that ``pid`` belongs to, and ask each to stop."""
    if method not in ("seize", "attach"):
        raise UsageError(f"unknown way to attach: {method!r} (seize or attach)")
    status = proc.thread_status(pid)
    if not proc.is_usable():
        raise Unsupported("attaching to a process", "a mounted /proc of this pid namespace")
    if status is None:
        raise TraceeGone(f"PTRACE_{method.upper()}", pid, ESRCH, "there is no such process")
    if not all_threads:
        _attach_thread(tracer, pid, method, status, status.state == "T")
        return tracer.tracees[pid].process
    tgid = status.tgid
    if tgid not in tracer.tracees and not _leader_has_exited(tgid):
        _attach_thread(tracer, tgid, method, status, status.state == "T")
    # A thread that an unattached one creates is unattached too, so look again until a pass
    # finds nobody new; what attached threads create is attached by the kernel.
    while sum(_attach_if_new(tracer, tid, method, status) for tid in proc.threads(tgid)):
        continue
    process = tracer.processes.get(tgid)
    if process is None:
        raise TraceeGone(f"PTRACE_{method.upper()}", pid, ESRCH)
    return process


def _leader_has_exited(tgid: int) -> bool:
    """Whether only other threads of the process go on: a zombie can't be attached to."""
    leader = proc.thread_status(tgid)
    return leader is not None and leader.state == "Z" and len(proc.threads(tgid)) > 1


def _attach_if_new(tracer: Tracer, tid: int, method: str, leader: proc.ThreadStatus) -> bool:
    if tid in tracer.tracees:
        return False
    status = proc.thread_status(tid)
    if status is None or status.state in "ZX" or status.tracer == tracer.owner_tid:
        return False
    try:
        _attach_thread(tracer, tid, method, status, leader.state == "T")
    except TraceeGone:
        return False
    except AccessDenied:
        now = proc.thread_status(tid)
        if now is not None and now.tracer != tracer.owner_tid and now.state not in "ZX":
            raise
        return False
    return True


def _attach_thread(
    tracer: Tracer, tid: int, method: str, status: proc.ThreadStatus, stopped: bool
) -> None:
    if method == "seize":
        ptrace.seize(tid, tracer.options)
    else:
        ptrace.attach(tid)
    tracee = tracer.registry.add(tid, status, seized=method == "seize")
    tracee.process.was_stopped = stopped
    if tracee.seized:
        tracer.ask_to_stop(tracee)
    else:
        tracee.needs_options = True
