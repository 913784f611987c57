"""Bringing a process under the debugger: started, or attached to."""

from __future__ import annotations

from contextlib import contextmanager
from errno import ENOEXEC, ESRCH

from seize import kernel
from seize.errors import LaunchError, TraceeGone
from seize.stops import events

_ADDR_NO_RANDOMIZE = 0x0040000
"""personality(2); the C library's header has it, the kernel's tables only as a name."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.debug.control import Control
    from seize.debug.process import Process
    from seize.engine import Process as TracedProcess


@contextmanager
def address_layout(*, random: bool) -> Iterator[None]:
    """Start programs with random addresses or not: a child inherits personality(2)."""
    before = kernel.personality()
    fixed = before | _ADDR_NO_RANDOMIZE
    kernel.personality(before if random else fixed)
    try:
        yield
    finally:
        kernel.personality(before)


def await_exec(control: Control, traced: TracedProcess, command: str) -> Process:
    """Wait until a spawned process is at the beginning of its program."""
    while (event := control.stopping.next_event()) is not None:
        if event.tracee.process is not traced:
            control.handle(event)
        elif isinstance(event, events.Exec):
            process = control.adopt_process(event.tracee)
            process.spawned = True
            control.begin(process)
            return process
        elif isinstance(event, events.End):
            break
        else:
            control.tracer.resume(event.tracee)
    raise LaunchError(command, ENOEXEC)


def await_stop(control: Control, traced: TracedProcess) -> Process:
    """Wait until all threads of an attached process are stopped."""
    control.stopping.quieten(lambda: list(traced.tracees.values()))
    process = control.processes.get(traced.pid)
    if process is None:
        raise TraceeGone("attaching", traced.pid, ESRCH)
    control.begin(process)
    return process
