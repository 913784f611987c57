"""A thread group under trace."""

from __future__ import annotations

import os
from errno import ESRCH

from seize.errors import TraceeGone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.engine.tracee import Tracee
    from seize.memory import Memory


class Process:
    """The traced threads of one process, and what they share.

    ``pid`` is the thread group's id, ``tracees`` its traced threads by thread id.
    ``parent_pid`` is its real parent when it was first seen.  ``spawned``
    tells that this tracer started it, ``filtered`` that only the calls that a seccomp filter of
    ours wants stop (see ``seize.engine.seccomp``).  ``was_stopped`` tells that it was in a
    group-stop when it was attached.
    """

    __slots__ = (
        "filtered",
        "parent_pid",
        "pid",
        "spawned",
        "tracees",
        "wait_status",
        "was_stopped",
    )

    def __init__(self, pid: int, parent_pid: int = 0) -> None:
        self.pid = pid
        self.parent_pid = parent_pid
        self.spawned = False
        self.filtered = False
        self.was_stopped = False
        self.tracees: dict[int, Tracee] = {}
        self.wait_status: int | None = None

    @property
    def alive(self) -> bool:
        """Whether any of its threads is still traced."""
        return bool(self.tracees)

    @property
    def memory(self) -> Memory:
        """Its address space, read through any thread that is still traced."""
        for tracee in self.tracees.values():
            return tracee.memory
        raise TraceeGone("reading memory", self.pid, ESRCH)

    @property
    def returncode(self) -> int | None:
        """The exit status; minus the signal that killed it; None while it lives."""
        status = self.wait_status
        return None if status is None else os.waitstatus_to_exitcode(status)

    def __repr__(self) -> str:
        return f"<Process {self.pid}: {len(self.tracees)} tracees>"
