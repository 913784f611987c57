"""What /proc says of threads and processes: proc_pid_status(5), proc_pid_task(5)."""

from __future__ import annotations

import os

from seize._frozen import frozen


@frozen
class ThreadStatus:
    """The fields of /proc/TID/status that a tracer needs.

    ``state`` is the letter: R running, S and D sleeping, T stopped, t in a tracing stop,
    Z zombie, X dead.  ``tracer`` is the thread id of its tracer, 0 if none.
    """

    state: str
    tgid: int
    parent: int
    tracer: int
    name: str


def is_usable() -> bool:
    """Whether /proc is mounted, and shows the pid namespace that we are in."""
    try:
        return os.readlink("/proc/self") == str(os.getpid())
    except OSError:
        return False


def thread_status(tid: int) -> ThreadStatus | None:
    """Read /proc/TID/status; None if there is no such thread (any more), or /proc hides it."""
    try:
        with open(f"/proc/{tid}/status", encoding="utf-8", errors="surrogateescape") as file:
            text = file.read()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return None
    fields = dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)
    return ThreadStatus(
        state=fields["State"][0],
        tgid=int(fields["Tgid"]),
        parent=int(fields["PPid"]),
        tracer=int(fields["TracerPid"]),
        name=fields["Name"],
    )


def threads(pid: int) -> list[int]:
    """List the thread ids of a process, in order; empty if it is gone, or /proc hides it."""
    try:
        return sorted(int(name) for name in os.listdir(f"/proc/{pid}/task"))
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return []


def traced_by(tracer_tid: int) -> list[int]:
    """List every thread in the system whose tracer is the thread ``tracer_tid``."""
    found: list[int] = []
    if not is_usable():
        return found
    for name in os.listdir("/proc"):
        if name.isdigit():
            for tid in threads(int(name)):
                status = thread_status(tid)
                if status is not None and status.tracer == tracer_tid:
                    found.append(tid)
    return found
