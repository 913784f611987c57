"""The registers of one stopped thread, under the names that the manuals and gdb use."""

from __future__ import annotations

from errno import ENODEV

from seize.arch.xstate import ExtendedState
from seize.debug import regnames
from seize.debug.regfields import (
    EFLAGS,
    MXCSR_FLAGS,
    FlagsField,
    NumberField,
    SegmentBase,
    VectorField,
    WordField,
    X87Field,
)
from seize.errors import PtraceError, Unsupported, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Protocol

    from seize.arch import Arch

    class RegisterSource(Protocol):
        """A thread whose register sets can be had, by NT_* number.

        ``Unsupported``, or ``PtraceError`` with ENODEV, for one that it doesn't have.
        """

        def regset(self, note_type: int) -> bytes:
            """Return a register set."""

        def set_regset(self, note_type: int, data: bytes) -> None:
            """Replace a register set."""


NT_PRSTATUS, NT_PRFPREG, NT_X86_XSTATE = 1, 2, 0x202
NT_PRXFPREG = 0x46E62B7F
"""What FXSAVE stores of a 32-bit thread, whose NT_PRFPREG has no vector registers."""


class Registers:
    """The registers of one stopped thread: attributes by name, read when first asked for.

    The general registers have the kernel's names (``rip``, ``orig_rax``, ``eip``) and are
    unsigned numbers, and so are their parts (``eax``, ``ax``, ``al``, ``ah``, ``r8d`` …; writing
    a part leaves the rest as it is), ``mxcsr``, ``fctrl`` and its like, ``k0`` to ``k7`` and
    ``pkru``.  ``xmm``, ``ymm``, ``zmm`` and ``mm`` are ``Vector``, ``st0`` to ``st7``
    ``X87Register``.  ``flags`` and ``mxcsr_flags`` are names of flags.  ``pc`` and ``sp`` are
    there on every machine.  ``registers["rip"]`` is the same as ``registers.rip``.

    What is assigned is kept here, and written to the thread by ``flush``: the debugger does that
    when it resumes or detaches the thread.  ``Unsupported`` for what the processor lacks;
    ``UsageError`` for a name that isn't known or a value that doesn't fit.
    """

    __slots__ = ("_changed", "_extended", "_general", "_note", "_source", "machine")

    _numbers: dict[str, Any] = {}
    """The general registers and their parts by name."""
    _others: dict[str, Any] = {}
    """What is in the extended state, by name."""
    _groups: dict[str, tuple[str, ...]] = {}

    if TYPE_CHECKING:
        pc: int
        sp: int

        def __getattr__(self, name: str) -> Any: ...

        def __setattr__(self, name: str, value: Any) -> None: ...

    def __new__(cls, machine: Arch, source: RegisterSource) -> Registers:
        """Make an object of the machine's own class."""
        return object.__new__(_classes.get(machine.name) or _class_of(machine))

    def __init__(self, machine: Arch, source: RegisterSource) -> None:
        self.machine = machine
        self._source = source
        self._general: bytes | bytearray | None = None
        self._changed = False
        self._extended: ExtendedState | None = None
        self._note = 0

    # ------------------------------------------------------------------ loading and storing

    def _load(self) -> bytes:
        data = self._general = self._source.regset(NT_PRSTATUS)
        return data

    def _writable(self) -> bytearray:
        data = self._general
        if not isinstance(data, bytearray):
            data = self._general = bytearray(data or self._load())
        self._changed = True
        return data

    def believe_pc(self, pc: int, general: bytearray | None = None) -> None:
        """Show another program counter than the thread's, which isn't changed by that alone.

        ``general``: the general registers, if they have been read already.
        """
        data = self._general = general or bytearray(self._general or self._load())
        field = self._numbers["pc"]
        field.pack(data, field.offset, pc)

    def regset(self, note_type: int) -> bytes:
        """A register set of the thread, with what was changed."""
        if note_type == NT_PRSTATUS:
            return self.raw
        if self._extended is not None and note_type == self._note:
            return self._extended.area
        return self._source.regset(note_type)

    @property
    def raw(self) -> bytes:
        """The general registers, as the register set NT_PRSTATUS has them."""
        return bytes(self._general or self._load())

    @raw.setter
    def raw(self, data: bytes) -> None:
        size = self.machine.user_regs.layout.size
        if len(data) != size:
            raise UsageError(f"{len(data)} bytes aren't the {size} of {self.machine.name}")
        self._general = bytearray(data)
        self._changed = True

    @property
    def extended(self) -> ExtendedState:
        """The x87 and vector registers."""
        if self._extended is None:
            if not self._others:
                raise Unsupported(f"vector registers of {self.machine.name}", "x86_64 or i386")
            self._note, data = self._extended_set()
            self._extended = ExtendedState(data, self.machine.word_size)
        return self._extended

    def _extended_set(self) -> tuple[int, bytes]:
        last = NT_PRFPREG if self.machine.word_size == 8 else NT_PRXFPREG
        try:
            return NT_X86_XSTATE, self._source.regset(NT_X86_XSTATE)
        except PtraceError as error:
            if error.errno != ENODEV:
                raise
        except Unsupported:
            # As ENODEV: a processor without XSAVE, or a core file without the note.
            return last, self._source.regset(last)
        return last, self._source.regset(last)

    @property
    def dirty(self) -> bool:
        """Whether something was changed that the thread doesn't have yet."""
        return self._changed or (self._extended is not None and self._extended.changed)

    def flush(self) -> None:
        """Write to the thread what was changed.

        ``PtraceError`` for what the kernel refuses, such as reserved bits of mxcsr; then the
        change is forgotten.
        """
        if self._changed:
            # It is read again if it is asked for: the kernel may keep some bits as they were.
            data, self._general, self._changed = self.raw, None, False
            self._source.set_regset(NT_PRSTATUS, data)
        extended = self._extended
        if extended is not None and extended.changed:
            self._extended = None
            self._source.set_regset(self._note, extended.area)

    def discard(self) -> None:
        """Forget what was changed, and what was read: the thread is asked again."""
        self._general = self._extended = None
        self._changed = False

    # ------------------------------------------------------------------ by name

    def __contains__(self, name: object) -> bool:
        if name in self._numbers:
            return True
        return isinstance(name, str) and name in self._others and self.extended.has(name)

    def __getitem__(self, name: str) -> Any:
        return getattr(self, self._known(name))

    def __setitem__(self, name: str, value: Any) -> None:
        setattr(self, self._known(name), value)

    def _known(self, name: str) -> str:
        if name in self._numbers or name in self._others:
            return name
        raise UsageError(f"{self.machine.name} has no register {name!r}")

    def __iter__(self) -> Iterator[str]:
        return iter(self.names())

    def names(self, group: str = "all") -> tuple[str, ...]:
        """Give the names of the registers that are there, parts left out; see ``groups``."""
        if group == "all":
            return tuple(name for each in self._groups for name in self.names(each))
        if group not in self._groups:
            raise UsageError(f"there is no group of registers {group!r} ({', '.join(self.groups)})")
        names = self._groups[group]
        return tuple(n for n in names if n in self._numbers or self.extended.has(n))

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups: "general", and on x86 "system", "float", "vector", "mmx"; and "all"."""
        return (*self._groups, "all")

    def read(self, name: str) -> bytes:
        """Return any register as bytes, little-endian (also ``ymm0h``: the upper half of ymm0)."""
        field = self._numbers.get(name)
        if field is not None:
            value: int = getattr(self, name)
            return value.to_bytes(field.size, "little")
        if not self._others or (name not in self._others and not self.extended.has(name)):
            self._known(name)
        return self.extended.read(name)

    def write(self, name: str, data: bytes) -> None:
        """Replace any register by as many bytes as ``read`` gives."""
        field = self._numbers.get(name)
        if field is None:
            self.read(name)
            self.extended.write(name, data)
            return
        if len(data) != field.size:
            raise UsageError(f"{name} has {field.size} bytes, not {len(data)}")
        setattr(self, name, int.from_bytes(data, "little"))

    def general(self) -> dict[str, int]:
        """Give the kernel's general registers by name, for unwinding; of i386 also ``gs_base``."""
        values = self.machine.user_regs.layout.unpack_from(self._general or self._load())
        found = dict(zip(self.machine.registers, values, strict=True))
        if self.machine.name == "i386":
            found["gs_base"] = self.gs_base
        return found

    def vector(self, number: int) -> bytes | None:
        """The bytes of ``xmm0`` and so on by number; None if there is no such register."""
        return self.read(f"xmm{number}") if f"xmm{number}" in self else None

    def __repr__(self) -> str:
        return f"<Registers: {self.machine.pc}={self.pc:#x} {self.machine.sp}={self.sp:#x}>"


_classes: dict[str, type[Registers]] = {}


def _class_of(machine: Arch) -> type[Registers]:
    """Make the class of a machine's registers, once."""
    size = machine.word_size
    numbers = {name: WordField(name, machine.offset(name), size) for name in machine.registers}
    for name, (whole, shift, width) in regnames.parts(machine).items():
        numbers[name] = WordField(name, machine.offset(whole) + shift, width)
    numbers["pc"], numbers["sp"] = numbers[machine.pc], numbers[machine.sp]
    others: dict[str, Any] = {}
    namespace: dict[str, Any] = {"__slots__": (), "__doc__": Registers.__doc__}
    if machine.name in ("x86_64", "i386"):
        for name in regnames.extended(machine):
            others[name] = _extended_field(name)
        namespace["flags"] = FlagsField("eflags", EFLAGS)
        if machine.name == "i386":
            namespace["gs_base"] = SegmentBase("xgs")
        namespace["mxcsr_flags"] = FlagsField("mxcsr", MXCSR_FLAGS)
    namespace.update(numbers, **others)
    namespace.update(_numbers=numbers, _others=others, _groups=regnames.groups(machine))
    made = _classes[machine.name] = type(f"Registers_{machine.name}", (Registers,), namespace)
    return made


def _extended_field(name: str) -> Any:
    kind = name.rstrip("0123456789")
    if kind in regnames.VECTOR_SIZES:
        return VectorField(name, regnames.VECTOR_SIZES[kind])
    return X87Field(name) if kind == "st" else NumberField(name)
