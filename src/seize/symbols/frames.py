"""The frames of a stopped thread, as a debugger shows them: inlined functions are frames too."""

from __future__ import annotations

from seize.stacks import frame_address, unwind
from seize.stacks.reading import Malformed
from seize.symbols import constants as dw
from seize.symbols.scopes import activations_at, qualified_name, source_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seize.stacks import Frame as Activation
    from seize.stacks import Machine
    from seize.symbols.debuginfo import DebugInfo
    from seize.symbols.dwarf import Die
    from seize.symbols.images import Image
    from seize.symbols.places import Place
    from seize.symbols.space import Symbols


class Frame:
    """One frame: an activation of a function, or of one that is inlined there.

    ``level`` counts from 0, the innermost.  ``pc`` is where it goes on.  ``is_inlined`` tells
    that the function has no frame of its own on the stack; it shares the registers with the one
    after it.  ``is_signal`` tells that the kernel made the frame to deliver a signal.
    """

    def __init__(
        self,
        symbols: Symbols,
        activation: Activation,
        machine: Machine,
        level: int,
        scopes: list[Die],
        inner: Frame | None,
    ) -> None:
        self.symbols = symbols
        self.level = level
        self.activation = activation
        self.machine = machine
        self.scopes = scopes
        """The function's entry, and the blocks in it, outermost first; none without one."""
        self.pc = activation.address
        self._callee = inner
        self._place: Place | None = None
        self._cfa: int | None = None

    # ------------------------------------------------------------------ where it is

    @property
    def lookup(self) -> int:
        """The address to look up: inside of the call where there was one."""
        return self.pc if self.activation.interrupted else self.pc - 1

    @property
    def place(self) -> Place:
        """What is at its program counter."""
        if self._place is None:
            self._place = self.symbols.describe(self.pc, lookup=self.lookup)
        return self._place

    @property
    def image(self) -> Image | None:
        """The image whose code it runs."""
        return self.symbols.image_at(self.lookup)

    @property
    def info(self) -> DebugInfo | None:
        """The debugging information of that image."""
        image = self.image
        return None if image is None else self.symbols.cache.of(image.module).info

    @property
    def bias(self) -> int:
        """What is added to addresses of the image."""
        image = self.image
        return 0 if image is None else image.bias

    @property
    def is_inlined(self) -> bool:
        """Whether the function is inlined."""
        return bool(self.scopes) and self.scopes[0].tag == dw.TAG_INLINED

    @property
    def is_signal(self) -> bool:
        """Whether the kernel made this frame to deliver a signal."""
        row = self.activation.row
        return row is not None and row.is_signal

    @property
    def function(self) -> str | None:
        """The name of the function; None if nothing tells."""
        if self.scopes:
            return qualified_name(self.scopes[0])
        return self.place.symbol

    @property
    def inlined_callee(self) -> Frame | None:
        """The frame of the function that is inlined here and active."""
        callee = self._callee
        return callee if callee is not None and callee.is_inlined else None

    @property
    def source(self) -> tuple[str, str, int]:
        """The source file as the compiler was told it, its path, and the line ("", "", 0)."""
        callee, info = self.inlined_callee, self.info
        if callee is not None and info is not None:
            die = callee.scopes[0]
            return source_of(info, die, dw.AT_CALL_FILE, dw.AT_CALL_LINE)
        return self.place.file, self.place.path, self.place.line

    @property
    def file(self) -> str:
        """The source file as the compiler was told it; "" if unknown."""
        return self.source[0]

    @property
    def path(self) -> str:
        """The whole path of the source file; "" if unknown."""
        return self.source[1]

    @property
    def line(self) -> int:
        """The line in the source file; 0 if unknown."""
        return self.source[2]

    @property
    def is_at_line_start(self) -> bool:
        """Whether it stands at the beginning of a line's code (else gdb shows the address)."""
        if self.inlined_callee is not None:
            return True
        block = self.symbols.line_block(self.lookup)
        return block is not None and block[0] == self.pc

    # ------------------------------------------------------------------ registers

    @property
    def registers(self) -> dict[str, int]:
        """The registers as they are (or will be again) in this frame, by the kernel's names."""
        names = self.machine.registers
        return {names[n]: value for n, value in self.activation.registers.items() if n < len(names)}

    @property
    def sp(self) -> int:
        """The stack pointer."""
        return self.activation.registers[self.machine.sp]

    @property
    def cfa(self) -> int | None:
        """The canonical frame address, the stack pointer before the call; None if unknown."""
        row = self.activation.row
        if self._cfa is None and row is not None:
            word = self.machine.word
            try:
                self._cfa = frame_address(row, self.activation.registers, self.symbols.word, word)
            except Malformed:
                # Nothing tells.
                self._cfa = None
        return self._cfa

    def __repr__(self) -> str:
        return f"<Frame {self.level} {self.pc:#x} {self.function}>"


def frames_of(symbols: Symbols, machine: Machine, registers: Mapping[int, int]) -> Iterator[Frame]:
    """Give the frames of a stopped thread, the innermost first.

    ``registers`` are values by DWARF number.  Nothing is raised for a broken stack: it ends.
    """
    every = frozenset(range(len(machine.registers))) - {machine.pc}
    level, inner = 0, None
    for activation in unwind(machine, dict(registers), symbols.view, symbols.code, keep=every):
        for scopes in _functions(symbols, activation):
            frame = Frame(symbols, activation, machine, level, scopes, inner)
            yield frame
            level, inner = level + 1, frame


def _functions(symbols: Symbols, activation: Activation) -> list[list[Die]]:
    """The functions that are active at an address, the innermost first; at least one."""
    lookup = activation.address - (not activation.interrupted)
    found = symbols.info_at(lookup)
    if found is None or found[1] is None:
        return [[]]
    image, info = found
    assert info is not None
    try:
        function = info.function_at(lookup - image.bias)
        return [[]] if function is None else activations_at(function, lookup - image.bias)
    except (OSError, Malformed):
        # Damaged debugging information is as good as none.
        return [[]]
