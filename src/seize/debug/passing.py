"""Getting past breakpoints: the hit, the displaced instruction, and back to the program's own.

A hit costs one stop.  The thread is sent to a slot, where a copy of the instruction that the
breakpoint displaced is followed by a jump back; so the breakpoint is never lifted, and no other
thread can slip past.  What can't be copied is executed in place, by one step, with all other
threads of the address space stopped.  A system call is entered from the slot, and its program
counter put right at the entry, so that whoever it makes (fork(2)) begins in the program itself.
"""

from __future__ import annotations

from contextlib import contextmanager
from errno import ESRCH
from struct import Struct

from seize import ptrace
from seize.abi._generated import constants as k
from seize.abi._generated import ptrace as pt
from seize.arch import x86_64
from seize.debug import aside, trapflag
from seize.debug.displaced import MOVED, SYSCALL, TRAP
from seize.errors import NotStopped, TraceeGone
from seize.ptrace.fast import general_reader, trap_code_reader, user_word_reader, user_word_writer
from seize.ptrace.siginfo import SigInfo
from seize.stops import events

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from seize.debug.control import Control
    from seize.debug.space import Location, Owner
    from seize.debug.thread import Thread
    from seize.engine import Tracee

_PC_OFFSET = x86_64.ARCH.offset("rip")
_PC = Struct("<Q")
_SI_KERNEL = 0x80
_STEPS = 4096
_DIED = (TraceeGone, NotStopped)


class Passing:
    """Brings threads to breakpoints and past them."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._tracer = control.tracer
        self._threads = control.known
        self._code = trap_code_reader()
        self._read_general = general_reader(x86_64.ARCH.user_regs.layout.size)
        self._peek_pc = user_word_reader(_PC_OFFSET)
        self._poke_pc = user_word_writer(_PC_OFFSET)

    def pc_of(self, thread: Thread) -> int:
        """The program counter of a stopped thread, without reading all registers."""
        return self._peek_pc(thread.tid)

    def pushes_flags(self, thread: Thread) -> bool:
        """Tell whether the instruction that a thread is about to execute is pushf."""
        location = thread.slot
        if location is not None and location.plan is not None:
            return location.plan.pushes_flags
        return trapflag.is_at_pushf(thread, self.pc_of(thread))

    # ------------------------------------------------------------------ the hit

    def on_trap(self, tracee: Tracee) -> bool:
        """See a plain SIGTRAP first; True if it was a hit after which the thread runs again."""
        thread = self._threads(tracee)
        if thread is None:
            return False
        tid = tracee.tid
        general = self._read_general(tid)
        location = thread.process.space.locations.get(_PC.unpack_from(general, _PC_OFFSET)[0] - 1)
        if location is None:
            return False
        if (location.plan is None or location.plan.size <= 1) and self._code(tid) != _SI_KERNEL:
            # Sent by somebody, to a thread that has come there by itself.  (The middle of a longer
            # instruction is no place to come to.)
            return False
        return self._hit(thread, location, general)

    def _hit(self, thread: Thread, location: Location, general: bytearray) -> bool:
        control, tracee = self._control, thread.tracee
        address = location.address
        tracee.pending_signal = 0
        thread.slot = None
        owners: tuple[Owner, ...] = ()
        thread.believe(address, general)
        if thread.process.followed and not thread.restarts.is_one(thread, address):
            try:
                owners = location.reached(thread)
            except BaseException:
                # A condition or callback has failed: the hit isn't lost.
                self._rest(thread, address)
                thread.resumed = False
                raise
        plan = thread.plan
        if (
            owners
            or location.kind != MOVED
            or control.stopping.active
            or thread.interrupt_wanted
            or plan is not None
        ):
            self._rest(thread, address)
            thread.trap = (location, owners)
            return False
        if self._written(thread, address) != address:
            # A callback has sent it elsewhere.
            self._tracer.resume(tracee)
            return True
        assert location.slot is not None
        self._poke_pc(tracee.tid, location.slot)
        thread.slot = location
        self._tracer.resume(tracee)
        return True

    def _rest(self, thread: Thread, address: int) -> None:
        """Leave a thread at the breakpoint's address, told, before the instruction there."""
        if self._written(thread, address) == address:
            self._poke_pc(thread.tid, address)
            thread.at = address

    def _written(self, thread: Thread, address: int) -> int:
        """Write back a thread's registers at a breakpoint; return its program counter."""
        believes = thread.believes
        registers = thread.flush(pc=False)
        if registers is not None:
            return registers.pc
        # Nobody has looked; or a callback has had it execute something, and all was written then.
        return address if believes else self.pc_of(thread)

    # ------------------------------------------------------------------ leaving a breakpoint

    def leave(self, thread: Thread) -> bool:
        """Send a thread past the breakpoint it is at; False if it is to stay stopped."""
        at, thread.at = thread.at, None
        registers = thread.flush()
        pc = self.pc_of(thread) if registers is None else registers.pc
        location = thread.process.space.locations.get(pc)
        if location is None or pc != at:
            return True
        if not location.kind:
            thread.process.space.prepare(location, thread)
        if location.kind == TRAP:
            return self._trap_of_its_own(thread, location)
        if location.slot is not None and not thread.pending_signal:
            self._poke_pc(thread.tid, location.slot)
            thread.slot = location
            return True
        if location.kind == SYSCALL:
            return self._enter_call(thread, location)
        self._execute(thread, location)
        aside.send_again(thread)
        return True

    def _trap_of_its_own(self, thread: Thread, location: Location) -> bool:
        """Give the program the SIGTRAP of the trap instruction that it has there itself."""
        assert location.plan is not None
        self._poke_pc(thread.tid, location.address + location.plan.size)
        if thread.pending_signal:
            return True
        info = SigInfo.make(k.SIGTRAP, _SI_KERNEL)
        thread.set_siginfo(info)
        thread.pending_signal = k.SIGTRAP
        disposition = self._control.debugger.signals.get(k.SIGTRAP)
        if disposition.stop:
            from seize.debug.reasons import SignalStop

            if not disposition.passed:
                thread.pending_signal = 0
            self._control.report(SignalStop(thread.process, thread, k.SIGTRAP, info))
            return False
        if not disposition.passed:
            thread.pending_signal = 0
        return True

    def _execute(self, thread: Thread, location: Location) -> None:
        """Execute a displaced instruction now, alone, with a signal kept for afterwards."""
        info = thread.siginfo() if thread.pending_signal else None
        signal = thread.pending_signal
        if location.kind == MOVED:
            assert location.slot is not None
            self._poke_pc(thread.tid, location.slot)
            fault = self._step_out(thread, location)
        else:
            fault = self._step_in_place(thread, location)
        if fault is None and location.plan is not None and location.plan.pushes_flags:
            trapflag.hide(thread)
        if fault is not None:
            # The instruction itself has failed: that comes first, the other is sent again.
            thread.set_siginfo(fault)
            thread.pending_signal = fault.signo
            if signal:
                thread.held.append(signal)
        elif info is not None:
            thread.set_siginfo(info)
            thread.pending_signal = signal

    def _enter_call(self, thread: Thread, location: Location) -> bool:
        """Enter a system call now, alone, with a signal kept for then; False if it was caught."""
        thread.slot = location
        if location.slot is None:
            with self._without(location, thread):
                status = aside.enter_call(self._tracer, thread)
        else:
            self._poke_pc(thread.tid, location.slot)
            status = aside.enter_call(self._tracer, thread)
        event = self._tracer.event(thread.tid, status)
        if not isinstance(event, events.SyscallStop):
            raise TraceeGone("PTRACE_SYSCALL", thread.tid, ESRCH)
        self.syscall(thread, event)
        aside.send_again(thread)
        return not self._control.debugger.catchpoints.syscall(thread, event)

    def _step_out(self, thread: Thread, location: Location) -> SigInfo | None:
        """Step through a slot until the program counter means something in the program."""
        fault = None
        with aside.Blocked(thread):
            for _ in range(_STEPS):
                fault = aside.step(self._tracer, thread)
                pc = self.pc_of(thread)
                if thread.process.space.slot_at(pc) is not location:
                    break
                logical = self._logical(thread, location, pc, fault)
                if logical is not None and (logical != location.address or fault is not None):
                    self._poke_pc(thread.tid, logical)
                    fault = _told_of(fault, pc, logical)
                    break
            else:
                fault = self._run_out(thread, location)
        thread.slot = None
        return fault

    def _logical(
        self, thread: Thread, location: Location, pc: int, fault: SigInfo | None
    ) -> int | None:
        """The program's own program counter; after a fault, what was half done is undone."""
        assert location.plan is not None
        assert location.slot is not None
        logical = location.plan.logical_pc(location.slot, pc)
        if logical is not None or fault is None:
            return logical
        thread.registers.sp += location.plan.pushed(location.slot, pc)
        thread.flush()
        return location.address

    def _run_out(self, thread: Thread, location: Location) -> SigInfo | None:
        """Bring a string instruction to its end that has more turns than there is time to step.

        It is run, in place of its slot, in another that ends in a trap.
        """
        assert location.plan is not None
        space, size = thread.process.space, location.plan.size
        slot = space.own_slot(location, thread)
        if slot is None:
            # To begin again is all that is left: it will count as another hit.
            self._poke_pc(thread.tid, location.address)
            thread.at = location.address
            return None
        try:
            self._poke_pc(thread.tid, slot)
            fault = aside.step(self._tracer, thread, pt.PTRACE_CONT)
            at_end = self.pc_of(thread) != slot
            logical = location.address + (size if at_end else 0)
            self._poke_pc(thread.tid, logical)
            return _told_of(fault, slot, logical)
        finally:
            space.free_slot(slot)

    def _step_in_place(self, thread: Thread, location: Location) -> SigInfo | None:
        with self._without(location, thread), aside.Blocked(thread):
            return aside.step(self._tracer, thread)

    @contextmanager
    def _without(self, location: Location, thread: Thread) -> Iterator[None]:
        """Lift a breakpoint for a moment, while no other thread can come by."""
        space, process = thread.process.space, thread.process
        with self.alone(thread):
            space.lift(process.raw_memory, location)
            try:
                yield
            finally:
                if process.alive:
                    space.put_back(process.raw_memory, location)

    def alone(self, thread: Thread) -> AbstractContextManager[None]:
        """Keep all others stopped that use the memory of a thread's process."""
        space = thread.process.space
        pids = {each.pid for each in self._control.processes.values() if each.space is space}

        def others() -> list[Tracee]:
            tracees = self._tracer.tracees.values()
            return [t for t in tracees if t.process.pid in pids and t is not thread.tracee]

        return self._control.stopping.paused(others)

    @contextmanager
    def lifted(self, thread: Thread) -> Iterator[None]:
        """Have no breakpoints at all, while one thread runs alone: what it calls meets none.

        Nor does it meet what the debug registers watch.
        """
        space, process = thread.process.space, thread.process
        catchpoints = self._control.debugger.catchpoints
        with self.alone(thread):
            space.lift_all(process.raw_memory)
            catchpoints.clear_hardware(thread)
            try:
                yield
            finally:
                if process.alive:
                    catchpoints.apply_hardware(thread)
                    for location in space.locations.values():
                        space.put_back(process.raw_memory, location)

    # ------------------------------------------------------------------ where it really is

    def settle(
        self, thread: Thread, *, stepping: bool = False, fault: SigInfo | None = None
    ) -> bool:
        """Bring a thread that has stopped in a slot to the program's own instructions.

        False if it runs again, because it had to be stepped on.  ``stepping``: it has made a
        step.  ``fault``: it has stopped for a signal that the instruction itself has caused.
        """
        location = thread.slot
        if location is None:
            return True
        pc = self.pc_of(thread)
        if thread.process.space.slot_at(pc) is not location:
            thread.slot = None
            return True
        assert location.plan is not None
        assert location.slot is not None
        logical = self._logical(thread, location, pc, fault)
        if stepping and logical in (None, location.address):
            thread.tracee.step = pt.PTRACE_SINGLESTEP
            self._tracer.resume(thread.tracee)
            return False
        if logical is None:
            pending = thread.pending_signal
            info = thread.siginfo() if pending else None
            self._step_out(thread, location)
            aside.send_again(thread)
            if info is not None:
                thread.set_siginfo(info)
                thread.pending_signal = pending
            return True
        thread.slot = None
        self._poke_pc(thread.tid, logical)
        if logical == location.address:
            if fault is None:
                thread.at = logical
            elif (told := _told_of(fault, pc, logical)) is not None and told is not fault:
                thread.set_siginfo(told)
        return True

    def syscall(self, thread: Thread, event: events.SyscallStop) -> None:
        """See a system call first that was made at a breakpoint: put its program counter right."""
        location, restarts = thread.slot, thread.restarts
        if location is None or location.kind != SYSCALL:
            if isinstance(event, events.SyscallExit):
                restarts.returned(event.call.rval)
            return
        assert location.plan is not None
        registers = thread.registers
        if thread.process.space.slot_at(registers.pc) is location:
            # (sysenter returns to a place of its own.)
            registers.pc = location.address + location.plan.size
            if thread.process.machine.name == "x86_64":
                # The instruction has left there where it returns to.
                registers.rcx = registers.pc
        restarts.calling = (location.address, registers.sp)
        thread.flush()
        thread.slot = None

    def is_late(self, thread: Thread, code: int) -> bool:
        """Whether this is the trap of a breakpoint that was removed meanwhile; put it right."""
        if code != _SI_KERNEL:
            return False
        address = self.pc_of(thread) - 1
        space, memory = thread.process.space, thread.process.raw_memory
        breakpoint_ = space.machine.breakpoint
        if address not in space.past or memory.read_prefix(address, 1) == breakpoint_:
            return False
        self._poke_pc(thread.tid, address)
        return True

    def has_trap_pending(self, thread: Thread) -> bool:
        """Whether a SIGTRAP that we have caused waits behind the stop that was reported."""
        return any(
            info.signo == k.SIGTRAP and info.code > 0
            for info in thread.tracee.ask(ptrace.peeksiginfo, 0, 64)
        )


def _told_of(fault: SigInfo | None, pc: int, logical: int) -> SigInfo | None:
    """Give a fault as it is where the instruction belongs: some tell where it was executed."""
    if fault is not None and fault.kind == "fault" and fault.addr == pc:
        return fault.replace(addr=logical)
    return fault
