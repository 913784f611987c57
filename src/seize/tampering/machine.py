"""Changing the system call of a thread in a syscall-stop: its number, arguments, result.

PTRACE_SET_SYSCALL_INFO does it in the terms of the call's own ABI (Linux 6.16).  Before that,
registers do; those of an i386 call are named as the 64-bit tracer sees them, which also holds
for an ``int $0x80`` of a 64-bit program.
"""

from __future__ import annotations

from seize import arch, ptrace
from seize.abi._generated import ptrace as pt
from seize.errors import Unsupported

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.arch import UserRegs

SKIPPED = -1
"""The number of no system call: the kernel runs nothing."""
METHODS = ("auto", "syscall_info", "registers")
_ARGUMENTS = {
    ("x86_64", "x86_64"): ("rdi", "rsi", "rdx", "r10", "r8", "r9"),
    ("x86_64", "i386"): ("rbx", "rcx", "rdx", "rsi", "rdi", "rbp"),
}
"""(the tracer's machine, the call's ABI) -> the registers of the arguments."""


class Machine:
    """Changes calls by one of `METHODS`: "auto" takes registers where the operation is missing."""

    def __init__(self, method: str = "auto") -> None:
        self.method = method
        self._native = arch.native().name

    def _names(self, arch_name: str) -> tuple[str, ...]:
        try:
            return _ARGUMENTS[self._native, arch_name]
        except KeyError:
            raise Unsupported("tampering with system calls", "Linux 6.16 here") from None

    def _asks_registers(self, error: Unsupported | None = None) -> bool:
        """Whether registers are the way; after an error, whether to go that way from now on."""
        if error is not None:
            if self.method == "syscall_info":
                raise error
            self.method = "registers"
        return self.method == "registers"

    def enter(
        self, tid: int, arch_name: str, number: int | None, args: tuple[int, ...] | None
    ) -> None:
        """At an entry, replace the call's number and its arguments (None: as they are)."""
        if not self._asks_registers():
            info = ptrace.get_syscall_info(tid)
            changes: dict[str, object] = {} if args is None else {"args": args}
            if number is not None:
                changes["nr"] = number
            try:
                ptrace.set_syscall_info(tid, info.replace(**changes))
            except Unsupported as error:
                self._asks_registers(error)
            else:
                return
        registers = ptrace.getregs(tid)
        changed: dict[str, int] = {}
        if args is not None:
            changed.update(zip(self._names(arch_name), args, strict=True))
        if number is not None:
            self._names(arch_name)
            changed["orig_rax"] = number
        ptrace.setregs(tid, registers.replace(**changed))

    def leave(self, tid: int, arch_name: str, value: int, is_error: bool) -> None:
        """At an exit, replace the result: ``value`` as the program gets it."""
        if not self._asks_registers():
            info = ptrace.SyscallInfo(
                pt.PTRACE_SYSCALL_INFO_EXIT, rval=_signed(value, arch_name), is_error=is_error
            )
            try:
                ptrace.set_syscall_info(tid, info)
            except Unsupported as error:
                self._asks_registers(error)
            else:
                return
        self._names(arch_name)
        ptrace.setregs(tid, ptrace.getregs(tid).replace(rax=_signed(value, arch_name)))

    def argument_registers(self, tid: int, arch_name: str) -> UserRegs:
        """The registers before the arguments are changed, for ``give_back``."""
        self._names(arch_name)
        return ptrace.getregs(tid)

    def give_back(self, tid: int, arch_name: str, before: UserRegs) -> None:
        """At an exit, give the program back the argument registers that it had at the entry.

        A system call leaves them alone, and compiled code relies on it; and a call that is
        restarted would start with the changed ones.
        """
        now = ptrace.getregs(tid)
        kept = {name: getattr(before, name) for name in self._names(arch_name)}
        ptrace.setregs(tid, now.replace(**kept))


def _signed(value: int, arch_name: str) -> int:
    """The number as a signed word of the ABI."""
    bits = 32 if arch_name == "i386" else 64
    value &= (1 << bits) - 1
    return value - (value >> bits - 1 << bits)


def with_arguments(args: tuple[int, ...], changed: dict[int, int]) -> tuple[int, ...]:
    """A copy of six argument registers with some replaced, by index."""
    return tuple(changed.get(index, value) for index, value in enumerate(args))
