"""One change of one call: prepared at its entry, carried out there and at its exit."""

from __future__ import annotations

from seize import kernel, ptrace
from seize.abi import names
from seize.abi._generated import ptrace as pt
from seize.errors import MemoryFault, UsageError
from seize.tampering import short
from seize.tampering.machine import SKIPPED, with_arguments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.arch import UserRegs
    from seize.decode import Call
    from seize.decode.compiler import Compiled
    from seize.decode.values import Tampered
    from seize.engine import Tracee
    from seize.tampering.machine import Machine
    from seize.tampering.rule import Rule

MAX_ERRNO = 4095
EXECVES = frozenset(("execve", "execveat"))
SIGRETURNS = frozenset(("rt_sigreturn", "sigreturn"))
"""Calls after which the program's registers are others than before; execve(2) if it succeeds."""
CHILD_MAKERS = frozenset(("fork", "vfork", "clone", "clone3"))
"""Calls whose child starts with a copy of the registers: their arguments are left alone."""
_RED_ZONE = 128
_ALIGNMENT = 16


def errno_of(error: str | int) -> int:
    """The number of an errno, by name or number; UsageError if there is none."""
    number = error if isinstance(error, int) else names.errno_number(error.upper())
    if number is None or not 1 <= number <= MAX_ERRNO:
        raise UsageError(f"there is no error {error!r}")
    return number


def signal_of(signal: str | int) -> int:
    """The number of a signal, by name or number; UsageError if there is none."""
    number = names.signal_number(str(int(signal)) if isinstance(signal, int) else signal)
    if number is None:
        raise UsageError(f"there is no signal {signal!r}")
    return number


class Change:
    """What is about to be done to ``call`` of the thread ``tracee``.

    A rule's ``do`` function gets it and may alter it: by the methods, and by the attributes,
    which mean what they mean in a `Rule`.  ``ordinal`` counts the calls that the rule matched.
    """

    def __init__(self, rule: Rule, tracee: Tracee, call: Call, ordinal: int) -> None:
        self.rule = rule
        self.tracee = tracee
        self.call = call
        self.ordinal = ordinal
        self.error = rule.error
        self.retval = rule.retval
        self.run = rule.run
        self.syscall = rule.syscall
        self.signal = rule.signal
        self.delay_enter = rule.delay_enter
        self.delay_exit = rule.delay_exit
        self.poke_enter = rule.poke_enter
        self.poke_exit = rule.poke_exit
        self.args = dict(rule.args)
        self.short = rule.short
        self.done: list[str] = []
        self._registers: UserRegs | None = None
        # The arguments as the program asked, and whether the kernel has been told others.
        self._asked: tuple[int, ...] = ()
        self._entered = False
        self._memory: list[tuple[int, bytes]] = []
        # Bytes put below the thread's stack.
        self._below = _RED_ZONE

    # ------------------------------------------------------------------ for ``do`` functions

    def fail(self, error: str | int, *, run: bool = False) -> None:
        """Let the call fail, without running it or (``run``) after it has run."""
        self.error, self.retval, self.run = errno_of(error), None, run

    def succeed(self, value: int = 0, *, run: bool = False) -> None:
        """Let the call return ``value``, without running it or (``run``) after it has run."""
        self.error, self.retval, self.run = None, value, run

    def replace(self, **arguments: int | str | bytes) -> None:
        """Replace arguments by name."""
        for name, value in arguments.items():
            self.args[name] = value.encode() if isinstance(value, str) else value

    def send(self, signal: str | int) -> None:
        """Send the thread a signal at the entry."""
        self.signal = signal_of(signal)

    # ------------------------------------------------------------------ at the entry

    @property
    def has_result(self) -> bool:
        """Whether the result is made up."""
        return self.error is not None or self.retval is not None

    def enter(
        self,
        machine: Machine,
        registers: tuple[int, ...],
        note: Tampered,
        complain: Callable[[str], None],
    ) -> tuple[int, ...] | None:
        """Carry out what belongs to the entry.

        Return the argument registers to decode the call by if there is another text of it now.
        """
        tracee, call = self.tracee, self.call
        poked = self.poke(self.poke_enter, note, complain)
        changed = self._changed_arguments(registers, complain)
        number = self._number()
        args = with_arguments(registers, changed) if changed else None
        if args is not None:
            self._registers = machine.argument_registers(tracee.tid, call.arch_name)
            note.args = True
        if args is not None or number is not None:
            self._asked, self._entered = registers, True
            # The kernel takes no arguments together with the number of no call.
            machine.enter(tracee.tid, call.arch_name, number, None if number == SKIPPED else args)
        note.replaced = number is not None
        note.retval = self.has_result
        self._tell_result()
        self._send()
        if self.delay_enter is not None:
            tracee.tracer.delays.begin(tracee, self.delay_enter)
        if self.delay_enter is not None or self.delay_exit is not None:
            note.delayed = True
            self.done.append("delayed")
        if self.poke_exit:
            self.done.append("poked at the exit")
        return (args or registers) if poked or changed or self._memory else None

    def _number(self) -> int | None:
        """The number to run instead of the call's own; None to leave it."""
        if self.syscall is not None:
            number = names.syscall_number(self.call.arch_name, self.syscall)
            return SKIPPED if number is None else number
        return SKIPPED if self.has_result and not self.run else None

    def _tell_result(self) -> None:
        if self.error is not None:
            self.done.append(names.errno_name(self.error))
        elif self.retval is not None:
            self.done.append(f"returns {self.retval}")
        elif self.syscall is not None:
            self.done.append(f"{self.syscall} instead")

    def _send(self) -> None:
        if not self.signal:
            return
        tracee = self.tracee
        self.done.append(names.signal_name(self.signal))
        if ptrace.get_syscall_info(tracee.tid).op == pt.PTRACE_SYSCALL_INFO_SECCOMP:
            # An event stop injects nothing.
            kernel.tgkill(tracee.process.pid, tracee.tid, self.signal)
        else:
            tracee.pending_signal = self.signal

    def poke(
        self,
        pokes: tuple[tuple[int, bytes], ...],
        note: Tampered,
        complain: Callable[[str], None],
    ) -> bool:
        """Overwrite what arguments point to; whether anything was overwritten."""
        call, tid = self.call, self.tracee.tid
        poked = False
        for number, data in pokes:
            known = len(call.values)
            if number > known:
                complain(
                    f"poke_tcb: Failed to tamper with process {tid}: requested to tamper with "
                    f"argument #{number}, but system call '{call.name}' has only {known} arguments"
                )
                continue
            try:
                self.tracee.memory.write(call.raw[number - 1], data, force=True)
            except MemoryFault:
                complain(f"poke_tcb: Failed to tamper with process {tid}: couldn't poke")
                continue
            poked = note.args = True
        if poked:
            self.done.append("poked")
        return poked

    def _changed_arguments(
        self, registers: tuple[int, ...], complain: Callable[[str], None]
    ) -> dict[int, int]:
        """The registers that get another value, by index; memory is written where need be."""
        call = self.call
        if not self.args and self.short is None:
            return {}
        if call.name in CHILD_MAKERS or registers != call.raw:
            complain(f"the arguments of {call.name} can't be changed")
            return {}
        changed: dict[int, int] = {}
        for name, value in self.args.items():
            where = positions(call.compiled, name)
            if not where:
                complain(f"{call.name} has no argument '{name}'")
                continue
            number = self._on_the_stack(value) if isinstance(value, bytes) else value
            if number is None:
                complain(f"there is no room on the stack for an argument of {call.name}")
                continue
            for place, index in enumerate(where):
                changed[index] = number >> 32 * place & _word(call)
            self.done.append(f"{name}={value!r}")
        if self.short is not None:
            cut = short.cut(call, self.short, self._write)
            if cut is not None:
                changed.update(cut.registers)
                self.done.append(f"{cut.size} of {cut.asked} bytes")
        return changed

    def _write(self, address: int, data: bytes) -> None:
        """Write memory that gets its contents back at the exit."""
        memory = self.tracee.memory
        before = memory.read(address, len(data))
        memory.write(address, data, force=True)
        self._memory.append((address, before))

    def _give_memory_back(self) -> None:
        for address, data in self._memory:
            try:
                self.tracee.memory.write(address, data, force=True)
            except MemoryFault:
                # Unmapped by the call itself, or by another thread: nobody misses it.
                continue

    def _on_the_stack(self, text: bytes) -> int | None:
        """Put a string below the thread's stack, where nobody looks, and give its address."""
        self._below += len(text) + 1
        self._below += -self._below % _ALIGNMENT
        address = self.tracee.registers().sp - self._below
        try:
            self.tracee.memory.write(address, text + b"\0")
        except MemoryFault:
            return None
        return address

    def undo(self, machine: Machine) -> None:
        """Before the exit, let the call run as the program asked for it."""
        tracee, call = self.tracee, self.call
        self._give_memory_back()
        op = ptrace.get_syscall_info(tracee.tid).op
        if op in (pt.PTRACE_SYSCALL_INFO_ENTRY, pt.PTRACE_SYSCALL_INFO_SECCOMP):
            if self._entered:
                machine.enter(tracee.tid, call.arch_name, call.number, self._asked)
        elif self._registers is not None and call.name not in EXECVES | SIGRETURNS:
            machine.give_back(tracee.tid, call.arch_name, self._registers)

    # ------------------------------------------------------------------ at the exit

    def leave(
        self,
        machine: Machine,
        note: Tampered,
        result: tuple[int, bool],
        complain: Callable[[str], None],
    ) -> tuple[int, bool]:
        """Carry out what belongs to the exit; return the result, and whether it is an error."""
        tracee, call = self.tracee, self.call
        self._give_memory_back()
        is_another = call.name in SIGRETURNS or (call.name in EXECVES and not result[1])
        if self._registers is not None and not is_another:
            machine.give_back(tracee.tid, call.arch_name, self._registers)
        self.poke(self.poke_exit, note, complain)
        if self.error is not None:
            result = -self.error, True
        elif self.retval is not None:
            result = self.retval & _word(call), False
        if self.has_result:
            machine.leave(tracee.tid, call.arch_name, *result)
        if self.delay_exit is not None:
            tracee.tracer.delays.begin(tracee, self.delay_exit)
        return result


def _word(call: Call) -> int:
    return 0xFFFFFFFF if call.arch_name == "i386" else 0xFFFFFFFFFFFFFFFF


def positions(compiled: Compiled, name: str) -> tuple[int, ...]:
    """The register indexes of an argument, the low word first; none for an unknown name."""
    if name not in compiled.names:
        return ()
    text = compiled.registers[compiled.names.index(name)]
    return tuple(int(part[0]) for part in text.split("a[")[1:])
