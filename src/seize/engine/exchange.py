"""Changing places with the tracer: the calling process becomes the command, its grandchild traces.

So whoever started us has the command itself as its child, with the process id that it knows.
"""

from __future__ import annotations

import os
from errno import EAGAIN

from seize import kernel
from seize.engine import launch
from seize.errors import LaunchError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

_WORD = 4


def exchange(plan: launch.Plan) -> launch.Waiting:
    """Return in a new process, that is to become the tracer; the calling one runs the plan.

    It waits for the tracer to attach and to let it go on (``Tracer.spawn`` with ``waiting``), and
    ends with status 1 if the tracer doesn't.  LaunchError, in the calling process, if there
    can't be more processes.
    """
    command = os.getpid()
    go_read, go_write, error_read, error_write = launch.pipes(plan)
    between = launch.fork(plan)
    if between:
        for descriptor in (go_write, error_read):
            os.close(descriptor)
        _run(plan, between, go_read, error_write)
    for descriptor in (go_read, error_write):
        os.close(descriptor)
    try:
        if os.fork():
            # So that the tracer is nobody's child whom the command could wait for.
            os._exit(0)
    except OSError:
        os._exit(1)
    os.write(go_write, os.getpid().to_bytes(_WORD, "little"))
    os.read(error_read, 1)
    return launch.Waiting(command, go_write, error_read)


def _run(plan: launch.Plan, between: int, go_read: int, error_write: int) -> NoReturn:
    """Become the command, when there is a tracer."""
    if not _ends_well(between):
        raise LaunchError(plan.path, EAGAIN, "start")
    word = os.read(go_read, _WORD)
    if word:
        kernel.permit_tracer(int.from_bytes(word, "little"))
        os.write(error_write, b"r")
    launch.child(plan, go_read, error_write)


def _ends_well(pid: int) -> bool:
    try:
        return os.waitpid(pid, 0)[1] == 0
    except ChildProcessError:
        # SIGCHLD is ignored, so the kernel has reaped it.
        return True
