"""Children and new programs: fork(2), vfork(2) and execve(2) under the debugger."""

from __future__ import annotations

from seize.abi._generated import constants as k
from seize.abi.names import syscall_number
from seize.debug import leaving, reasons
from seize.debug.process import Process
from seize.debug.space import AddressSpace
from seize.stops import events

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.debug.catchpoints import Catchpoint
    from seize.debug.control import Control
    from seize.debug.thread import Thread
    from seize.engine import Tracee


class Births:
    """Brings together what comes in any order: the parent's event, and the child's first stop."""

    def __init__(self, control: Control) -> None:
        self._control = control
        # By the child's pid: who told of it, and how; and children of whom nobody has told yet.
        self._announced: dict[int, tuple[Thread, str]] = {}
        self._stopped: dict[int, Thread] = {}

    def announced(self, parent: Thread, event: events.NewChild) -> None:
        """A thread has made a process; it waits until that has stopped."""
        kind = "vfork" if isinstance(event, events.Vfork) else "fork"
        if isinstance(event, events.Clone) and _shares_memory(parent):
            kind = "clone"
        child = self._stopped.pop(event.child_tid, None)
        if child is not None:
            self._born(parent, child, kind)
            return
        if event.child_tid not in self._control.tracer.tracees:
            # It is dead already.
            self._control.finish_event(parent)
            return
        self._announced[event.child_tid] = (parent, kind)

    def stopped(self, thread: Thread) -> bool:
        """A thread has its first stop; True if it is a child that is dealt with here."""
        process = thread.process
        if thread.tid != process.pid or process.spawned or process.settled:
            return False
        announced = self._announced.pop(thread.tid, None)
        if announced is not None:
            self._born(announced[0], thread, announced[1])
        elif thread.tracee.process.parent_pid in self._control.processes:
            self._stopped[thread.tid] = thread
        else:
            # It was attached.
            process.settled = True
            return False
        return True

    def ended(self, tracee: Tracee) -> None:
        """A thread is dead: who waits for it waits no longer."""
        self._stopped.pop(tracee.tid, None)
        announced = self._announced.pop(tracee.tid, None)
        if announced is not None and announced[0].alive:
            self._control.finish_event(announced[0])

    def waits(self, thread: Thread) -> bool:
        """Whether a stopped thread has made a child that hasn't stopped yet."""
        return any(parent is thread for parent, _ in self._announced.values())

    def _born(self, parent: Thread, child: Thread, kind: str) -> None:
        control, process = self._control, child.process
        family = parent.process
        process.settled = True
        process.parent = family
        shared = kind != "fork"
        process.share(family.space if shared else family.space.copy())
        follow = control.debugger.follow
        # A client can't be told of two processes in one memory that run at the same time.
        alone = kind != "clone"
        process.followed = family.followed and alone and follow in ("child", "both")
        # What is to end with us ends with its children, as everywhere in the engine.
        process.spawned = process.followed and family.spawned
        for each in list(control.debugger.breakpoints.values()):
            each.inherit(family, process)
        told = family.followed and alone
        caught = control.debugger.catchpoints.take(kind, parent) if told else None
        kept: Process | None = process
        if follow == "parent" or not told:
            kept = None
            _leave_child(control, child, shared)
        if kept is not None:
            child.resumed = caught is None
            control.place_breakpoints(process)
            if caught is None:
                control.go_on(child)
        if caught is not None:
            control.report(reasons.ForkCaught(family, parent, kind, kept, child.tid, caught))
        elif follow == "child" and told:
            _leave_parent(control, parent, shared)
        else:
            control.finish_event(parent)


def _shares_memory(parent: Thread) -> bool:
    """Whether the clone(2) that a thread is in was called with CLONE_VM."""
    machine, registers = parent.process.machine, parent.registers
    flags = int(registers[machine.syscall_arguments[0]])
    if registers[machine.syscall_number] == syscall_number(machine.name, "clone3"):
        flags = int.from_bytes(parent.process.memory.read_prefix(flags, 8), "little")
    return bool(flags & k.CLONE_VM)


def _leave_child(control: Control, child: Thread, shared: bool) -> None:
    """Let go a child that isn't followed, as soon as it has memory of its own."""
    if shared:
        # It uses its parent's memory, with the breakpoints: until its execve or its end it is
        # brought past them without a word.
        child.resumed = True
        control.start(child)
    else:
        leaving.let_go(control, child.process)


def _leave_parent(control: Control, parent: Thread, shared: bool) -> None:
    """Let go a parent whose child is followed."""
    family = parent.process
    if shared:
        # It waits for its child, whose breakpoints are in its memory: see ``vfork_done``.
        family.followed = False
        for each in list(control.debugger.breakpoints.values()):
            each.forget(family)
        control.finish_event(parent)
    else:
        leaving.detach(control, family, None)


def vfork_done(control: Control, thread: Thread, child_pid: int) -> None:
    """A child of vfork(2) doesn't use its parent's memory any more."""
    child = control.processes.get(child_pid)
    if child is not None and child.space is thread.process.space:
        # It is about to end, without any memory already.
        child.share(AddressSpace(child.machine))
    if not thread.process.followed:
        leaving.detach(control, thread.process, None)
        return
    caught = _vfork_catchpoint(control, thread)
    if caught is not None:
        control.report(
            reasons.ForkCaught(thread.process, thread, "vfork-done", child, child_pid, caught)
        )
    else:
        control.finish_event(thread)


def _vfork_catchpoint(control: Control, thread: Thread) -> Catchpoint | None:
    return next(control.debugger.catchpoints.of_kind("vfork", thread), None)


def execed(control: Control, thread: Thread, former_tid: int) -> None:
    """A process runs another program: nothing of what was set in the old one is left."""
    from seize.debug.control import machine_of

    process = thread.process
    for other in list(process.threads.values()):
        if other is not thread:
            control.forget(other)
    process.threads.clear()
    process.threads[thread.tid] = thread
    control.cancel_plan(thread)
    thread.at = thread.slot = thread.trap = None
    thread.restarts.forget()
    thread.forget_registers()
    for each in list(control.debugger.breakpoints.values()):
        each.forget(process)
    control.debugger.catchpoints.renew(process)
    machine = machine_of(thread.tracee)
    process.renew(machine, AddressSpace(machine, out_of_line=control.debugger.out_of_line))
    if not process.followed:
        leaving.let_go(control, process)
        return
    control.place_breakpoints(process)
    caught = control.debugger.catchpoints.take("exec", thread)
    if caught is not None:
        control.report(reasons.ExecCaught(process, thread, process.executable, former_tid, caught))
    else:
        control.finish_event(thread)
