"""Taking a stopped thread aside to run something else, and putting it back as it was.

What must be put back depends on the stop that the thread is in, for the kernel goes on from
there, and nobody may notice: neither the program nor a later PTRACE_SYSCALL or injected signal.

======================  ================================  ====================================
found in                something else is run by          put back by
======================  ================================  ====================================
signal-delivery-stop    PTRACE_SINGLESTEP, which ends in  PTRACE_SETSIGINFO: the signal can
                        another signal-delivery-stop      still be injected
PTRACE_EVENT_STOP,      PTRACE_SYSCALL                    PTRACE_INTERRUPT and PTRACE_CONT: the
group-stop                                                same stop comes again
syscall-exit-stop       PTRACE_SYSCALL                    nothing: it ends in such a stop
syscall-enter-stop      PTRACE_SYSCALL, after the call    executing the system call instruction
                        was made a getpid                 again, up to its entry
other events            PTRACE_SYSCALL, after the exit    nothing: it is at the exit
======================  ================================  ====================================

A system call that was interrupted is restarted as it would have been, because the registers that
say so (``orig_rax``, and -ERESTART* in ``rax``) are put back.
"""

from __future__ import annotations

import os
from errno import ESRCH

from seize import _procfs, arch, kernel, ptrace
from seize.abi._generated import constants as k
from seize.abi._generated import ptrace as pt
from seize.abi.names import signal_name, syscall_number
from seize.abi.restart import RESTARTS
from seize.errors import (
    MemoryFault,
    NotStopped,
    PtraceError,
    SeizeError,
    TraceeGone,
    Unsupported,
    UsageError,
)
from seize.stops import classify

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from seize.arch import UserRegs
    from seize.engine import Tracee
    from seize.memory import Memory
    from seize.ptrace import SigInfo

SYNCHRONOUS = frozenset((k.SIGTRAP, k.SIGSEGV, k.SIGBUS, k.SIGILL, k.SIGFPE, k.SIGSYS))
"""The signals that an instruction causes: if they are blocked, the kernel resets their handlers."""
_BLOCKED = frozenset(range(1, 65)) - SYNCHRONOUS
_EVENTS_IN_CALLS = frozenset(
    (pt.PTRACE_EVENT_FORK, pt.PTRACE_EVENT_CLONE, pt.PTRACE_EVENT_VFORK_DONE, pt.PTRACE_EVENT_EXEC)
)
_RSEQ_CS = 8
"""Where ``struct rseq`` says which restartable sequence is being executed."""
_PIECE = 1 << 20


class CallInterrupted(SeizeError):
    """What was run in a thread didn't come to its end: ``signal`` stopped it at ``pc``.

    ``signal`` is 0 where it wasn't a signal.
    """

    def __init__(self, what: str, signal: int = 0, pc: int = 0) -> None:
        self.signal = signal
        self.pc = pc
        reason = f" by {signal_name(signal)} at {pc:#x}" if signal else ""
        super().__init__(f"{what} was interrupted{reason}")


class Detour:
    """A stopped thread, aside, as a context manager; at its end the thread is as it was.

    ``found`` has the program's registers and ``machine`` what the thread runs as at present.
    Signals that others send are blocked meanwhile, and processes that are made aren't traced.

    ``UsageError`` for a thread that can't be taken aside: it waits in vfork(2), or is about to
    exit.  ``TraceeGone`` if it dies.
    """

    machine: arch.Arch
    found: UserRegs

    def __init__(self, tracee: Tracee) -> None:
        self.tracee = tracee
        self.keep = False
        self._to_resend: set[int] = set()
        self._suspended_seccomp = False

    # ------------------------------------------------------------------ going aside, coming back

    def __enter__(self) -> Self:
        tracee = self.tracee
        self._info = self._siginfo()
        self._kind = self._kind_of_stop(self._info)
        self.machine, self.found = self.registers()
        self._instruction = find_instruction(tracee.memory, self.machine.syscall_instruction)
        self._suspend_seccomp()
        self._mask = tracee.ask(ptrace.getsigmask)
        try:
            tracee.ask(ptrace.setsigmask, _BLOCKED)
            self._leave_call()
            self._sequence = self._restartable_sequence()
        except TraceeGone:
            raise
        except BaseException:
            self._undo_settings()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(error, TraceeGone):
            return
        if not self.keep:
            self._put_back()
        self._undo_settings()

    def _undo_settings(self) -> None:
        tracee = self.tracee
        tracee.ask(ptrace.setsigmask, self._mask)
        if self._suspended_seccomp:
            tracee.ask(ptrace.setoptions, tracee.tracer.options_for(tracee))
        for signal in self._to_resend:
            try:
                kernel.tgkill(tracee.process.pid, tracee.tid, signal)
            except ProcessLookupError:
                # A SIGKILL was faster.
                return

    def _put_back(self) -> None:
        tracee = self.tracee
        if not self._ended_alike():
            self.system_call("getpid")
        if self._kind == "entry":
            again = self.found.replace()
            again.pc -= len(self.machine.syscall_instruction)
            number = getattr(again, self.machine.syscall_number)
            setattr(again, self.machine.syscall_number, -1)
            setattr(again, self.machine.syscall_result, number)
            self.set_registers(again)
            self._run_to_call(pt.PTRACE_SYSCALL_INFO_ENTRY)
        self.set_registers(self.found)
        if self._sequence:
            address, value = self._sequence
            tracee.memory.write(address, value)
        if self._kind == "event-stop":
            self._trap_again()
        elif self._kind == "delivery" and self._info is not None:
            tracee.ask(ptrace.setsiginfo, self._info)

    def _ended_alike(self) -> bool:
        """Tell whether the thread is in the same kind of stop as in the beginning.

        A function ends in a signal-delivery-stop, and one that was broken off in another.
        """
        wanted = {"delivery": "delivery", "exit": "exit", "event": "exit"}.get(self._kind)
        return wanted is None or self._kind_of_stop(self._siginfo()) == wanted

    def _trap_again(self) -> None:
        """Go into PTRACE_EVENT_STOP; the group-stop may have begun, or ended, meanwhile."""
        tracee = self.tracee
        tracee.ask(ptrace.interrupt)
        status = tracee.tracer.run_alone(tracee, pt.PTRACE_CONT)
        self._must_live(status)
        if status >> 8 & 0xFF in classify.STOPPING_SIGNALS:
            tracee.step = pt.PTRACE_LISTEN
        elif tracee.step == pt.PTRACE_LISTEN:
            tracee.step = None

    def _siginfo(self) -> SigInfo | None:
        try:
            return self.tracee.siginfo()
        except PtraceError as error:
            if isinstance(error, TraceeGone):
                raise
            # A group-stop of a tracee that wasn't seized has none.
            return None

    def _kind_of_stop(self, info: SigInfo | None) -> str:
        if info is None:
            return "delivery"
        event = info.code >> 8
        if info.code & 0xFF == info.signo and event == pt.PTRACE_EVENT_STOP:
            return "event-stop"
        if info.signo != k.SIGTRAP or info.code & 0x7F != k.SIGTRAP:
            return "delivery"
        if event in _EVENTS_IN_CALLS:
            return "event"
        if event:
            raise UsageError(
                f"thread {self.tracee.tid} can't run anything else at present: "
                "it waits in vfork, is about to exit, or a seccomp filter looks at its call"
            )
        is_entry = self._call_info() == pt.PTRACE_SYSCALL_INFO_ENTRY
        return "entry" if is_entry else "exit"

    def _call_info(self) -> int:
        return self.tracee.ask(ptrace.get_syscall_info).op

    def _leave_call(self) -> None:
        """End the system call that the thread is in, so that it can enter another."""
        if self._kind == "event":
            self._run_to_call(pt.PTRACE_SYSCALL_INFO_EXIT)
            self.machine, self.found = self.registers()
        elif self._kind == "entry":
            number = self.call_number("getpid")
            self.set_registers(self.found.replace(**{self.machine.syscall_number: number}))
            self._run_to_call(pt.PTRACE_SYSCALL_INFO_EXIT)

    def _suspend_seccomp(self) -> None:
        """Keep a filter of the program from judging a call that isn't its own."""
        tracee = self.tracee
        if _procfs.status(tracee.tid).get("Seccomp", "0") == "0":
            return
        options = tracee.tracer.options_for(tracee) | pt.PTRACE_O_SUSPEND_SECCOMP
        try:
            tracee.ask(ptrace.setoptions, options)
        except PtraceError as error:
            if isinstance(error, TraceeGone):
                raise
            raise Unsupported(
                "running something else in a process under seccomp",
                "CAP_SYS_ADMIN, to suspend its filter",
            ) from error
        self._suspended_seccomp = True

    def _restartable_sequence(self) -> tuple[int, bytes] | None:
        """Read which sequence of rseq(2) is being executed: the kernel forgets it elsewhere."""
        tracee = self.tracee
        try:
            area = tracee.ask(ptrace.get_rseq_configuration).abi_pointer
            if not area:
                return None
            value = tracee.memory.read(area + _RSEQ_CS, 8)
        except (Unsupported, MemoryFault):
            return None
        return (area + _RSEQ_CS, value) if any(value) else None

    # ------------------------------------------------------------------ meanwhile

    def registers(self) -> tuple[arch.Arch, UserRegs]:
        """Read the registers, as the machine has them that the thread runs as at present."""
        data = self.tracee.ask(ptrace.getregset, pt.NT_PRSTATUS)
        machine = arch.by_prstatus_size(len(data))
        return machine, machine.user_regs.from_bytes(data)

    def set_registers(self, registers: UserRegs) -> None:
        """Write the registers."""
        self.tracee.ask(ptrace.setregset, pt.NT_PRSTATUS, registers.to_bytes())

    def advance(self, operation: int) -> int:
        """Resume the thread alone; return the wait status of the stop that is its own doing.

        ``CallInterrupted`` if it executes another program, ``TraceeGone`` if it dies.
        """
        tracee = self.tracee
        while True:
            status = tracee.tracer.run_alone(tracee, operation)
            self._must_live(status)
            signal, event = status >> 8 & 0xFF, status >> 16
            if event == pt.PTRACE_EVENT_STOP:
                if signal in classify.STOPPING_SIGNALS:
                    # Let it go into that stop afterwards: see Tracer.resume.
                    tracee.interrupted = True
                    tracee.step = tracee.operation if tracee.step is None else tracee.step
            elif event == pt.PTRACE_EVENT_CLONE:
                tracee.tracer.event(tracee.tid, status)
            elif event in (pt.PTRACE_EVENT_FORK, pt.PTRACE_EVENT_VFORK):
                self._let_go(tracee.ask(ptrace.geteventmsg))
            elif event:
                continue
            elif signal & 0x80 or not self._was_sent():
                return status
            else:
                # It can't be blocked (SIGSTOP), or mustn't be, lest what is caused here kills.
                self._to_resend.add(signal)

    def _let_go(self, child: int) -> None:
        """Trace no further a process that was made meanwhile: one may have to wait for it."""
        if os.WIFSTOPPED(kernel.waitpid(child, kernel.WALL)[1]):
            try:
                ptrace.detach(child)
            except (TraceeGone, NotStopped):
                # It was killed.
                return

    def _was_sent(self) -> bool:
        """Tell whether the signal of this stop was sent by somebody, and not caused here."""
        info = self._siginfo()
        return info is None or info.code <= 0

    def _must_live(self, status: int) -> None:
        if not os.WIFSTOPPED(status) or self.tracee.state == "gone":
            raise TraceeGone("running a call", self.tracee.tid, ESRCH, "it ended meanwhile")
        if status >> 16 == pt.PTRACE_EVENT_EXEC:
            self.keep = True
            raise CallInterrupted("a call that executed another program")

    def _run_to_call(self, wanted: int) -> None:
        """Resume until the entry to, or the exit from, a system call."""
        while True:
            status = self.advance(pt.PTRACE_SYSCALL)
            if status != classify.SYSCALL_STATUS:
                signal = status >> 8 & 0x7F
                raise CallInterrupted("a system call", signal, self.registers()[1].pc)
            if self._call_info() == wanted:
                return

    def call_number(self, call: int | str) -> int:
        """Return a system call's number on the thread's machine; UsageError if it hasn't got it."""
        if isinstance(call, int):
            return call
        number = syscall_number(self.machine.name, call)
        if number is None:
            raise UsageError(f"{self.machine.name} has no system call {call!r}")
        return number

    def system_call(self, call: int | str, *arguments: int) -> int:
        """Execute a system call; return what the kernel returns, signed: -errno for a failure."""
        machine = self.machine
        registers = self.found.replace(**{machine.syscall_number: -1})
        registers.pc = self._instruction
        setattr(registers, machine.syscall_result, self.call_number(call))
        for name, value in zip(machine.syscall_arguments, arguments, strict=False):
            setattr(registers, name, value)
        self.set_registers(registers)
        while True:
            if self._kind == "delivery":
                self._step()
            else:
                self._run_to_call(pt.PTRACE_SYSCALL_INFO_EXIT)
            result: int = getattr(self.registers()[1], machine.syscall_result)
            result -= result >> 8 * machine.word_size - 1 << 8 * machine.word_size
            if -result not in RESTARTS:
                return result

    def _step(self) -> None:
        status = self.advance(pt.PTRACE_SINGLESTEP)
        if status >> 8 != k.SIGTRAP:
            raise CallInterrupted("a system call", status >> 8 & 0x7F, self.registers()[1].pc)


def find_instruction(memory: Memory, code: bytes) -> int:
    """Return an address where a program can execute these bytes: in the vdso, or any text.

    ``Unsupported`` if they are nowhere.
    """
    executable = [mapping for mapping in memory.maps() if "x" in mapping.permissions]
    for mapping in sorted(executable, key=lambda each: each.path != "[vdso]"):
        start = mapping.start
        while start < mapping.end:
            found = memory.read_prefix(start, min(mapping.end - start, _PIECE)).find(code)
            if found >= 0:
                return start + found
            start += _PIECE - len(code)
    raise Unsupported("executing a system call", "a program that has the instruction for it")
