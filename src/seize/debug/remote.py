"""Executing a system call or calling a function in a stopped thread, unseen by the program.

The thread runs alone; the others stay as they are.  A function that needs one of them (a lock
that is held) doesn't return: then an exception, such as KeyboardInterrupt, ends it, and the thread
is put back all the same.
"""

from __future__ import annotations

import os
import struct

from seize import ptrace
from seize._frozen import frozen
from seize.abi._generated import constants as k
from seize.abi._generated import ptrace as pt
from seize.debug.detour import CallInterrupted, Detour
from seize.errors import PtraceError, TraceeGone, Unsupported, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from seize.arch import UserRegs
    from seize.engine import Tracee

    Argument: TypeAlias = int | float | bytes | str

__all__ = ["CallInterrupted", "Returned", "remote_call", "remote_call_values", "remote_syscall"]

_MAX_ERRNO = 4095
_MOST_ARGUMENTS = 6
_RED_ZONE = 128
_BREAKPOINT = b"\xcc"
_FLAGS_OFF = 0x400 | 0x100
"""DF, which the calling convention wants clear, and TF."""
# Where FXSAVE has them: the x87 tag word, st0, the vector registers, the XSAVE header.
_TAGS, _ST0, _XMM0, _XSTATE_BV = 4, 32, 160, 512
_X87_AND_SSE = 3


def remote_syscall(tracee: Tracee, call: int | str, *arguments: int) -> int:
    """Execute a system call, by number or name, in a stopped thread; return its result, unsigned.

    OSError with the errno if it fails.  ``UsageError`` where the thread can't do it at present,
    ``Unsupported`` under a seccomp filter that can't be suspended, ``TraceeGone`` if it dies.
    """
    if len(arguments) > _MOST_ARGUMENTS:
        raise UsageError("a system call has at most 6 arguments")
    with Detour(tracee) as detour:
        result = detour.system_call(call, *arguments)
    if -_MAX_ERRNO <= result < 0:
        raise OSError(-result, os.strerror(-result))
    return result & detour.machine.word_mask


@frozen
class Returned:
    """What a function left in the registers for results, to be read by its type.

    ``value`` is ``rax`` (``eax`` of a 32-bit program), ``high`` is ``rdx`` or ``edx``, the second
    half of what is wider, both unsigned.  ``xmm0`` has 16 bytes, ``st0`` 10.
    """

    value: int
    high: int
    xmm0: bytes
    st0: bytes

    @property
    def double(self) -> float:
        """``xmm0`` as a double: a result of that type on x86-64."""
        return float(struct.unpack("<d", self.xmm0[:8])[0])


def remote_call(tracee: Tracee, function: int, *arguments: Argument, unwind: bool = True) -> int:
    """Call the function at an address in a stopped thread; return its integer result, unsigned.

    int (also a negative one), float (a double), and bytes or str (a pointer to a copy of it on
    the stack, with a NUL after it) are passed by the System V calling convention.

    ``CallInterrupted`` if a signal or a breakpoint stops it: then the thread is put back, or with
    ``unwind=False`` left where it is.  ``MemoryFault`` if there is no stack for it.  Other errors
    are those of ``remote_syscall``.
    """
    return remote_call_values(tracee, function, *arguments, unwind=unwind).value


def remote_call_values(
    tracee: Tracee, function: int, *arguments: Argument, unwind: bool = True
) -> Returned:
    """Do as ``remote_call``, and return all registers that results are returned in."""
    with Detour(tracee) as detour:
        note_type, state = _extended_state(tracee)
        registers, floats, back = _frame(detour, function, arguments)
        tracee.ask(ptrace.setregset, note_type, _with_floats(state, floats))
        detour.set_registers(registers)
        status = detour.advance(pt.PTRACE_CONT)
        machine, after = detour.registers()
        if not _is_back(status, after, back):
            detour.keep = not unwind
            if unwind:
                tracee.ask(ptrace.setregset, note_type, state)
            raise CallInterrupted(f"the call of {function:#x}", status >> 8 & 0x7F, after.pc)
        left = tracee.ask(ptrace.getregset, note_type)
        tracee.ask(ptrace.setregset, note_type, state)
    xmm0, st0 = left[_XMM0 : _XMM0 + 16], left[_ST0 : _ST0 + 10]
    if machine.name == "i386":
        return Returned(after.eax, after.edx, xmm0, st0)
    return Returned(after.rax, after.rdx, xmm0, st0)


def _is_back(status: int, registers: UserRegs, back: int) -> bool:
    """Tell whether the function has returned, to a place that can't be executed or that traps."""
    signal = status >> 8
    return (signal == k.SIGSEGV and registers.pc == back) or (
        signal == k.SIGTRAP and registers.pc == back + len(_BREAKPOINT)
    )


def _extended_state(tracee: Tracee) -> tuple[int, bytes]:
    """Read all floating-point and vector registers; say which register set that is."""
    for note_type in (pt.NT_X86_XSTATE, pt.NT_PRXFPREG, pt.NT_FPREGSET):
        try:
            return note_type, tracee.ask(ptrace.getregset, note_type)
        except TraceeGone:
            raise
        except (PtraceError, Unsupported):
            continue
    raise Unsupported("calling a function", "a machine whose vector registers can be saved")


def _with_floats(state: bytes, floats: list[float]) -> bytes:
    """Empty the x87 stack, as a function expects it, and load the arguments."""
    made = bytearray(state)
    made[_TAGS] = 0
    for index, value in enumerate(floats):
        struct.pack_into("<dQ", made, _XMM0 + 16 * index, value, 0)
    if len(made) > _XSTATE_BV:
        made[_XSTATE_BV] |= _X87_AND_SSE
    return bytes(made)


def _frame(
    detour: Detour, function: int, arguments: tuple[Argument, ...]
) -> tuple[UserRegs, list[float], int]:
    """Write what the function finds on the stack.

    Return its registers, its arguments in vector registers, and the address it returns to: a
    breakpoint on the stack, which traps if the stack can be executed, and faults if it can't.
    """
    machine, registers = detour.machine, detour.found.replace()
    memory, size = detour.tracee.memory, detour.machine.word_size
    top = (registers.sp - _RED_ZONE - 16) & -16
    back = top
    memory.write(top, _BREAKPOINT)
    words: list[Argument] = []
    for argument in arguments:
        if isinstance(argument, str):
            argument = argument.encode()
        if isinstance(argument, bytes):
            data = argument + b"\0"
            top = (top - len(data)) & -16
            memory.write(top, data)
            argument = top
        words.append(argument)
    in_registers, floats, on_stack = _assign(words, machine.function_arguments, machine.word_mask)
    stack = b"".join(
        struct.pack("<d", word) if isinstance(word, float) else (word).to_bytes(size, "little")
        for word in on_stack
    )
    top = (top - len(stack)) & -16
    memory.write(top - size, back.to_bytes(size, "little") + stack)
    for name, value in zip(machine.function_arguments, in_registers, strict=False):
        setattr(registers, name, value)
    if machine.name == "x86_64":
        registers.rax = len(floats)
    registers.sp, registers.pc = top - size, function
    registers.eflags &= ~_FLAGS_OFF
    setattr(registers, machine.syscall_number, -1)
    return registers, floats, back


def _assign(
    words: list[Argument], names: tuple[str, ...], mask: int
) -> tuple[list[int], list[float], list[int | float]]:
    """Tell which arguments go in general registers, in vector registers, and on the stack."""
    most_floats = 8 if names else 0
    integers: list[int] = []
    floats: list[float] = []
    on_stack: list[int | float] = []
    for word in words:
        if isinstance(word, float):
            (floats if len(floats) < most_floats else on_stack).append(word)
        elif isinstance(word, int):
            (integers if len(integers) < len(names) else on_stack).append(word & mask)
        else:
            raise UsageError(f"a function can't be given {type(word).__name__}")
    return integers, floats, on_stack
