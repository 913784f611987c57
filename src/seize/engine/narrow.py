"""Binding tracer and tracee to one CPU, for a tracer without CAP_SYS_NICE.

Unlike following, this changes the tracee: its CPU mask.  So it is done only to a lone thread,
the thread sees its own mask when it asks (sched_getaffinity), it is undone when it creates a
child, sets its mask itself, or is detached, and a guard process undoes it if the tracer is
killed.  What still shows: Cpus_allowed in its /proc/self/status, and its mask as others see it.
"""

from __future__ import annotations

import os

from seize import kernel
from seize.errors import MemoryFault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from seize.decode import Call
    from seize.engine.tracee import Tracee
    from seize.engine.tracer import Tracer

_DISMISSED = b"q"


class Narrowing:
    """At most one narrowed tracee of one tracer."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self.tracee: Tracee | None = None
        self._mask: frozenset[int] = frozenset()
        self._own_mask: frozenset[int] = frozenset()
        self._cpu = -1
        self._guard_pipe = -1
        self._guard_pid = 0

    def begin(self, cpu: int) -> bool:
        """Bind the only tracee and the tracer to ``cpu``; False where that isn't fitting."""
        tracees = list(self._tracer.tracees.values())
        if len(tracees) != 1 or cpu < 0:
            return False
        tracee = tracees[0]
        try:
            self._mask = kernel.get_affinity(tracee.tid)
            if len(self._mask) < 2:
                return False
            self._start_guard(tracee.tid)
            kernel.set_affinity(tracee.tid, (cpu,))
        except (ProcessLookupError, PermissionError):
            self._dismiss_guard()
            return False
        self._own_mask = kernel.get_affinity(0)
        kernel.set_affinity(0, (cpu,))
        self._cpu = cpu
        self.tracee = tracee
        return True

    def end(self, *, keep: bool = False) -> None:
        """Give tracer and tracee back the CPUs that they had; ``keep`` leaves the tracee's."""
        tracee, self.tracee = self.tracee, None
        if tracee is None:
            return
        kernel.set_affinity(0, self._own_mask)
        if not keep:
            self._give_back(tracee.tid)
        self._dismiss_guard()

    def _give_back(self, tid: int) -> None:
        try:
            # Somebody else may have set its mask meanwhile: that stands.
            if kernel.get_affinity(tid) == {self._cpu}:
                kernel.set_affinity(tid, self._mask)
        except ProcessLookupError:
            # Dead: nothing to give back to.
            return

    def born(self, child_tid: int) -> None:
        """Give a child, which inherited the narrow mask, the one it should have inherited."""
        if self.tracee is not None:
            self._give_back(child_tid)

    def before_exit(self, tracee: Tracee, call: Call, rval: int) -> bool:
        """Look at a call that is about to return; True if it ended the narrowing."""
        if tracee is not self.tracee or rval < 0 or call.raw[0] not in (0, tracee.tid):
            return False
        if call.name == "sched_setaffinity":
            # Its own wish has replaced the narrow mask already.
            self.end(keep=True)
            return True
        if call.name == "sched_getaffinity":
            self._show_mask(tracee, call.raw[2], rval)
        return False

    def _show_mask(self, tracee: Tracee, address: int, size: int) -> None:
        bits = sum(1 << cpu for cpu in self._mask)
        try:
            tracee.memory.write(address, bits.to_bytes(size, "little"))
        except MemoryFault:
            # Another thread unmapped it after the kernel had written: then nobody reads it.
            return

    def _start_guard(self, tid: int) -> None:
        reader, self._guard_pipe = os.pipe()
        pid = os.fork()
        if pid == 0:
            _guard(reader, tid, self._mask)
        os.close(reader)
        self._guard_pid = pid
        self._tracer.registry.helpers.add(pid)

    def _dismiss_guard(self) -> None:
        if self._guard_pipe >= 0:
            try:
                os.write(self._guard_pipe, _DISMISSED)
            except BrokenPipeError:
                # Somebody killed the guard.
                pass
            finally:
                os.close(self._guard_pipe)
                self._guard_pipe = -1
            helpers = self._tracer.registry.helpers
            if self._guard_pid in helpers:
                self._reap_guard()
                helpers.discard(self._guard_pid)

    def _reap_guard(self) -> None:
        try:
            os.waitpid(self._guard_pid, 0)
        except ChildProcessError:
            # SIGCHLD is ignored, so the kernel has reaped it.
            return


def _guard(reader: int, tid: int, mask: frozenset[int]) -> NoReturn:
    """Wait until the tracer dismisses us, or dies: then give the tracee its mask back."""
    try:
        os.setsid()
        os.dup2(reader, 0)
        os.closerange(1, os.sysconf("SC_OPEN_MAX"))
        if os.read(0, 1) != _DISMISSED:
            kernel.set_affinity(tid, mask)
    finally:
        os._exit(0)
