"""One thread under the debugger."""

from __future__ import annotations

import os
from errno import ESRCH

from seize import _procfs, kernel, ptrace
from seize.abi._generated import constants as k
from seize.abi.names import syscall_number
from seize.debug import remote, stepping
from seize.debug.reasons import SignalStop
from seize.debug.registers import Registers
from seize.debug.restarts import Restarts
from seize.engine.tracee import GONE, STOPPED
from seize.errors import NotStopped, TraceeGone, UsageError

_WORD = 8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.debug.memory import DebugMemory
    from seize.debug.process import Process
    from seize.debug.reasons import DebugStop
    from seize.debug.space import Location, Owner
    from seize.debug.stepping import Plan
    from seize.engine import Tracee
    from seize.ptrace import SigInfo
    from seize.symbols import Frame


def _is_for_a_signal(info: SigInfo) -> bool:
    """Whether this siginfo is a signal's, rather than that of another ptrace-stop."""
    # Those of events are above the signals', those of system calls and of ptrace's own steps
    # are SIGTRAP, with and without the bit of PTRACE_O_TRACESYSGOOD.
    own = (k.SIGTRAP, k.SIGTRAP | 0x80)
    return info.code <= 0xFF and not (info.signo == k.SIGTRAP and info.code in own)


class Thread:
    """A thread of a debugged process: its registers and its stack, while it is stopped.

    ``stop`` is why it stopped last, as ``Debugger.wait`` told it; None while nothing was told.
    Registers that were changed are written back when it is resumed, or let go.
    """

    def __init__(self, process: Process, tracee: Tracee) -> None:
        self.process = process
        self.tracee = tracee
        self.stop: DebugStop | None = None
        # Whether it is to run: it may be stopped nevertheless, while others are being looked at.
        self.resumed = True
        # What it is to do before it stops; None: run.
        self.plan: Plan | None = None
        # The breakpoint that it has come to, was told, and will execute the instruction of.
        self.at: int | None = None
        # The displaced instruction that it was sent to execute.
        self.slot: Location | None = None
        # A breakpoint that was reached, and who wants a stop there.
        self.trap: tuple[Location, tuple[Owner, ...]] | None = None
        self.restarts = Restarts()
        # The SIGTRAP that ends its step was queued behind another stop, and comes next.
        self.step_ended = False
        # It has left a group-stop for a moment.
        self.left_group_stop = False
        # It is stepping over pushf.
        self.pushes_flags = False
        self.interrupt_wanted = False
        # When it was last told of, counted in stops.
        self.told = 0
        # Signals that came while it was brought past a breakpoint, to be sent again.
        self.held: list[int] = []
        # Signals that were sent to it in the place of an injection, and haven't arrived.
        self.sent: list[int] = []
        self._registers: Registers | None = None
        self._pc: int | None = None
        self._general: bytearray | None = None

    # ------------------------------------------------------------------ what it is

    @property
    def tid(self) -> int:
        """The thread id."""
        return self.tracee.tid

    @property
    def stopped(self) -> bool:
        """Whether it is in a ptrace-stop: only then it has registers and a stack."""
        return self.tracee.state is STOPPED

    @property
    def alive(self) -> bool:
        """Whether it is still debugged."""
        return self.tracee.state is not GONE

    @property
    def name(self) -> str:
        """Its name, as in /proc/PID/task/TID/comm; "" if it is gone."""
        return _procfs.text(f"/proc/{self.process.pid}/task/{self.tid}/comm").rstrip("\n")

    @property
    def memory(self) -> DebugMemory:
        """The memory of its process."""
        return self.process.memory

    def __repr__(self) -> str:
        return f"<Thread {self.tid} of process {self.process.pid}: {self.tracee.state}>"

    # ------------------------------------------------------------------ registers

    def regset(self, note_type: int) -> bytes:
        """Read a register set, by its NT_* number (PTRACE_GETREGSET)."""
        return self.tracee.ask(self.process.debugger.control.read_regset, note_type)

    def set_regset(self, note_type: int, data: bytes) -> None:
        """Write a register set at once (PTRACE_SETREGSET)."""
        self.tracee.ask(self.process.debugger.control.write_regset, note_type, data)

    @property
    def registers(self) -> Registers:
        """The registers; what is changed in them counts when the thread is resumed."""
        registers = self._registers
        if registers is None:
            if not self.alive:
                raise TraceeGone("reading registers", self.tid, ESRCH)
            if not self.stopped:
                raise NotStopped("reading registers", self.tid, ESRCH, "the thread runs")
            registers = self._registers = Registers(self.process.machine, self)
            if self._pc is not None:
                registers.believe_pc(self._pc, self._general)
        return registers

    @property
    def pc(self) -> int:
        """The program counter."""
        return self.registers.pc

    def believe(self, pc: int, general: bytearray) -> None:
        """Show ``pc`` as the program counter: the kernel's is beyond a breakpoint instruction.

        ``general`` is what PTRACE_GETREGS has given: of a 64-bit thread, its registers.
        """
        self._pc = pc
        self._general = general if self.process.machine.word_size == _WORD else None

    @property
    def believes(self) -> bool:
        """Whether its program counter is shown other than the kernel has it."""
        return self._pc is not None

    def flush(self, *, pc: bool = True) -> Registers | None:
        """Write back what was changed, and forget what is known; return what was known.

        A program counter that is only believed counts as changed: the thread may be about to run.
        Without ``pc`` it doesn't, for those who set it themselves.
        """
        if pc and self._pc is not None:
            self.registers.pc = self.registers.pc
        registers, self._registers, self._pc = self._registers, None, None
        if registers is not None:
            registers.flush()
        return registers

    def forget_registers(self) -> None:
        """Drop what is known without writing it: the thread is gone, or has run."""
        self._registers = self._pc = None

    def leave_call(self) -> None:
        """Its program counter was set: let the call that it was in not begin again from there."""
        self.registers[self.process.machine.syscall_number] = self.process.machine.word_mask

    # ------------------------------------------------------------------ signals

    def siginfo(self) -> SigInfo:
        """The siginfo of the signal that it is stopped by (PTRACE_GETSIGINFO)."""
        return self.tracee.siginfo()

    def set_siginfo(self, info: SigInfo) -> None:
        """Change the siginfo of the signal that it is stopped by (PTRACE_SETSIGINFO)."""
        self.tracee.ask(ptrace.setsiginfo, info)

    @property
    def pending_signal(self) -> int:
        """The signal that it gets when it is resumed; 0 for none."""
        return self.tracee.pending_signal

    @pending_signal.setter
    def pending_signal(self, signal: int) -> None:
        self.tracee.pending_signal = signal

    def inject(self, signal: int) -> None:
        """Have it get ``signal`` (0: none) when it is resumed, in the place of what is pending.

        The kernel injects signals only where it has stopped for one.  From other stops it is
        sent, and not told when it arrives.
        """
        # The siginfo of a signal that was told may have been changed to anything.
        told = isinstance(self.stop, SignalStop)
        if signal and not told and not _is_for_a_signal(self.siginfo()):
            self.pending_signal = 0
            self.sent.append(signal)
            kernel.tgkill(self.process.pid, self.tid, signal)
        else:
            self.pending_signal = signal

    def is_injected(self, info: SigInfo) -> bool:
        """Whether this is a signal that ``inject`` has sent; it is told once."""
        ours = info.code == k.SI_TKILL and info.pid == os.getpid() and info.signo in self.sent
        if ours:
            self.sent.remove(info.signo)
        return ours

    # ------------------------------------------------------------------ the stack

    def frames(self) -> Iterator[Frame]:
        """The frames of its stack, innermost first."""
        return self.process.symbols.frames(self.registers.general(), self.registers.vector)

    @property
    def frame(self) -> Frame:
        """The innermost frame; TraceeGone if the thread was killed."""
        found = next(self.frames(), None)
        if found is None:
            raise TraceeGone("unwinding", self.tid, ESRCH)
        return found

    # ------------------------------------------------------------------ running

    def syscall(self, call: int | str, *arguments: int) -> int:
        """Make it perform a system call, by number or name, and be as it was before.

        Return what the call returned; OSError if it failed.
        """
        machine = self.process.machine.name
        number = call if isinstance(call, int) else syscall_number(machine, call)
        if number is None:
            raise UsageError(f"{machine} has no system call {call!r}")
        self.flush()
        return remote.remote_syscall(self.tracee, number, *arguments)

    def call(self, function: int | str, *arguments: int | float | bytes | str) -> int:
        """Call a function of the program, and return what is in the result register, unsigned."""
        return self.call_values(function, *arguments).value

    def call_values(
        self, function: int | str, *arguments: int | float | bytes | str
    ) -> remote.Returned:
        """Do as ``call``, and return all registers that results are returned in.

        The thread runs alone, and meets no breakpoints.  UsageError if there is no such function.
        """
        if isinstance(function, str):
            symbol = self.process.symbols.symbol(function)
            if symbol is None:
                raise UsageError(f"there is no function {function!r}")
            function = symbol.address
        self.flush()
        with self.process.debugger.control.passing.lifted(self):
            return remote.remote_call_values(self.tracee, function, *arguments)

    def resume(self, *, step: bool = False, signal: int | None = None) -> None:
        """Let it run without waiting; see ``Debugger.resume``."""
        self.process.debugger.resume(self, step=step, signal=signal)

    def run(self, timeout: float | None = None) -> DebugStop | None:
        """Let it alone run, and wait; see ``Debugger.wait``."""
        self.process.debugger.resume(self)
        return self.process.debugger.wait(timeout)

    def step_instruction(self, *, over: bool = False) -> DebugStop | None:
        """Execute one instruction; ``over``: and, if it is a call, all that is called."""
        return self._carry_out(stepping.InstructionStep(self, over=over))

    def step(self) -> DebugStop | None:
        """Run to the beginning of another source line, into functions that have lines."""
        return self._carry_out(stepping.LineStep(self, over=False))

    def next(self) -> DebugStop | None:
        """Run to the beginning of another source line, over the functions that are called."""
        return self._carry_out(stepping.LineStep(self, over=True))

    def step_range(self, start: int, end: int) -> DebugStop | None:
        """Execute instructions until the program counter is outside of ``start`` to ``end``."""
        return self._carry_out(stepping.RangeStep(self, start, end))

    def finish(self) -> DebugStop | None:
        """Run until the innermost frame has returned: ``FunctionFinished``."""
        return self._carry_out(stepping.Finish(self))

    def until(self, where: int | str) -> DebugStop | None:
        """Run until a place is reached, or the innermost frame has returned."""
        return self._carry_out(stepping.Until(self, where))

    def _carry_out(self, plan: Plan) -> DebugStop | None:
        debugger = self.process.debugger
        debugger.carry_out(self, plan)
        return debugger.wait()
