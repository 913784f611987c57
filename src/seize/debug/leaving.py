"""Letting processes go with nothing left behind, and ending them."""

from __future__ import annotations

import os

from seize.abi._generated import constants as k
from seize.engine import detach as engine_detach
from seize.engine.tracee import STOPPED
from seize.errors import NotStopped, SeizeError, TraceeGone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.debug.control import Control
    from seize.debug.process import Process
    from seize.engine import Tracee

_DIED = (TraceeGone, NotStopped)


def detach(control: Control, process: Process, signal: int | None) -> None:
    """Stop all threads of a process, take out what was put in, and let it go."""
    _restore_children(control, process)
    control.stopping.quieten(lambda: _tracees(control, process))
    let_go(control, process, signal)


def _tracees(control: Control, process: Process) -> list[Tracee]:
    traced = control.tracer.processes.get(process.pid)
    return list(traced.tracees.values()) if traced is not None else []


def _restore_children(control: Control, process: Process) -> None:
    """Wait for children in vfork(2) that use the memory of a process that is to be let go."""
    for child in list(control.processes.values()):
        if child is not process and child.space is process.space and not child.followed:
            control.stopping.quieten(lambda child=child: _tracees(control, child))  # type: ignore[misc]


def let_go(control: Control, process: Process, signal: int | None = None) -> None:
    """Take out what was put in a process whose threads are stopped, and let it go."""
    for each in list(control.debugger.breakpoints.values()):
        each.forget(process)
    sharing = [p for p in control.processes.values() if p.space is process.space]
    threads = [thread for thread in process.threads.values() if thread.stopped]
    for thread in threads:
        control.cancel_plan(thread)
        try:
            control.passing.settle(thread)
            control.debugger.catchpoints.clear_hardware(thread)
            thread.flush()
        except _DIED:
            continue
    if threads and sharing == [process]:
        _clean(process)
    traced = control.tracer.processes.get(process.pid)
    control.debugger.catchpoints.renew(process)
    control.forget_process(process)
    if traced is not None:
        for tracee in traced.tracees.values():
            tracee.interrupted = False
        control.tracer.detach(traced, signal=signal)


def _clean(process: Process) -> None:
    """Put back the program's instructions, and unmap what was mapped."""
    space = process.space
    try:
        space.lift_all(process.raw_memory)
        space.release(process.stopped_thread())
    except _DIED:
        # It was killed: nothing is left of it.
        return


def kill(control: Control, process: Process) -> None:
    """Kill a process and see it dead; a child that uses its memory is let go by its death."""
    try:
        os.kill(process.pid, k.SIGKILL)
    except ProcessLookupError:
        return
    while process.alive or process.pid in control.tracer.processes:
        event = control.stopping.next_event()
        if event is None:
            break
        control.handle(event)
        if event.tracee.state is STOPPED and event.tracee.process.pid == process.pid:
            control.tracer.resume(event.tracee)
    control.pending = [stop for stop in control.pending if stop.process is not process]


def recover(control: Control) -> None:
    """Put the books right after an exception that may have struck anywhere."""
    engine_detach.recover(control.tracer)
    for tracee in list(control.tracer.tracees.values()):
        if tracee.state is STOPPED:
            try:
                control.thread_of(tracee)
            except SeizeError:
                # Dead, or dying.
                continue
