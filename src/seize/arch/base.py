"""What the layers above need to know about a machine, and the register object they handle."""

from __future__ import annotations

from struct import Struct

from seize._frozen import frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Self

_VECTOR_SIZE = 16


class UserRegs:
    """The general-purpose registers, as ``struct user_regs_struct`` lays them out.

    Each register is a mutable unsigned integer attribute under its kernel name (``regs.rip``).
    ``pc`` and ``sp`` name the program counter and the stack pointer on every machine.
    ``from_bytes`` and ``to_bytes`` convert from and to the kernel's layout without loss.
    """

    __slots__ = ()
    names: tuple[str, ...] = ()
    layout = Struct("")
    _word = 0

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> int: ...

        def __setattr__(self, name: str, value: int) -> None: ...

    def __init__(self, *values: int) -> None:
        for name, value in zip(self.names, values, strict=True):
            setattr(self, name, value)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Unpack ``layout.size`` bytes (a longer ``data`` is cut)."""
        return cls(*cls.layout.unpack_from(data))

    def to_bytes(self) -> bytes:
        """Pack into ``layout.size`` bytes; a negative value is stored as two's complement."""
        return self.layout.pack(*(getattr(self, name) & self._word for name in self.names))

    def replace(self, **changes: int) -> Self:
        """Give a copy with the named registers changed; AttributeError for an unknown name."""
        made = type(self)(*(getattr(self, name) for name in self.names))
        for name, value in changes.items():
            setattr(made, name, value)
        return made

    def as_dict(self) -> dict[str, int]:
        """Give the registers by name, in the kernel's order."""
        return {name: getattr(self, name) for name in self.names}

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.names)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={getattr(self, name):#x}" for name in self.names)
        return f"{type(self).__name__}({values})"


class UserFpRegs:
    """The floating-point registers, as ``struct user_fpregs_struct`` lays them out.

    The fields are those of the machine's class; ``st_space``, ``xmm_space`` and ``vregs`` are
    lists of unsigned 128-bit integers, one for each register.
    """

    __slots__ = ()
    names: tuple[str, ...] = ()
    arrays: tuple[str, ...] = ()
    layout = Struct("")

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

        def __setattr__(self, name: str, value: object) -> None: ...

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Unpack ``layout.size`` bytes (a longer ``data`` is cut)."""
        made = cls()
        for name, value in zip(cls.names, cls.layout.unpack_from(data), strict=True):
            setattr(made, name, _split(value) if name in cls.arrays else value)
        return made

    def to_bytes(self) -> bytes:
        """Pack into ``layout.size`` bytes."""
        values = [(name in self.arrays, getattr(self, name)) for name in self.names]
        return self.layout.pack(*(_join(value) if array else value for array, value in values))

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.names)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.names)
        return f"{type(self).__name__}({values})"


def _split(data: bytes) -> list[int]:
    starts = range(0, len(data), _VECTOR_SIZE)
    return [int.from_bytes(data[start : start + _VECTOR_SIZE], "little") for start in starts]


def _join(registers: Sequence[int]) -> bytes:
    return b"".join(value.to_bytes(_VECTOR_SIZE, "little") for value in registers)


@frozen
class Arch:
    """One machine, as a tracee has it.

    ``audit_arch`` is the AUDIT_ARCH_* value that PTRACE_GET_SYSCALL_INFO and seccomp report;
    ``word_size`` is in bytes.  ``registers`` names the general-purpose registers in the order
    of the NT_PRSTATUS register set; ``user_regs`` and ``user_fpregs`` are the classes of what
    ``ptrace.getregs`` and ``getfpregs`` give to a tracer on this machine.
    ``syscall_arguments`` and ``function_arguments`` are register names in argument order (a
    function's further arguments, or all of i386's, are on the stack).  ``breakpoint`` and
    ``syscall_instruction`` are instruction bytes; after a breakpoint trap the program counter
    is ``breakpoint_advance`` bytes beyond the breakpoint's address.
    """

    name: str
    audit_arch: int
    word_size: int
    registers: tuple[str, ...]
    user_regs: type[UserRegs]
    user_fpregs: type[UserFpRegs]
    pc: str
    sp: str
    frame_pointer: str
    syscall_number: str
    syscall_result: str
    syscall_arguments: tuple[str, ...]
    function_arguments: tuple[str, ...]
    function_result: str
    breakpoint: bytes
    breakpoint_advance: int
    syscall_instruction: bytes

    def offset(self, register: str) -> int:
        """Give a register's byte offset in NT_PRSTATUS (on x86 in ``struct user`` too)."""
        return self.registers.index(register) * self.word_size

    @property
    def word_mask(self) -> int:
        """All bits of a word."""
        return (1 << 8 * self.word_size) - 1
