"""The frames of a stopped thread, as a debugger shows them: inlined functions are frames too."""

from __future__ import annotations

from seize.errors import UsageError
from seize.stacks import frame_address
from seize.stacks.reading import Malformed
from seize.symbols import constants as dw
from seize.symbols.images import VDSO
from seize.symbols.printing import format_argument
from seize.symbols.scopes import shown_name, source_of
from seize.symbols.variables import Surroundings, entry_of, named_variables, read_variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.stacks import Frame as Activation
    from seize.symbols.debuginfo import DebugInfo
    from seize.symbols.dies import Die
    from seize.symbols.expression import Caller
    from seize.symbols.images import Image
    from seize.symbols.places import Place
    from seize.symbols.stack import Stack
    from seize.symbols.values import Value


class Frame:
    """One frame: an activation of a function, or of one that is inlined there.

    ``level`` counts from 0, the innermost.  ``pc`` is where it goes on.  ``is_inlined`` tells
    that the function has no frame of its own on the stack; it shares the registers with the one
    after it.  ``is_signal`` tells that the kernel made the frame to deliver a signal.
    """

    def __init__(
        self,
        stack: Stack,
        activation: Activation,
        level: int,
        scopes: list[Die],
        function_die: Die | None,
    ) -> None:
        self.stack = stack
        self.symbols = stack.symbols
        self.machine = stack.machine
        self.level = level
        self.activation = activation
        self.scopes = scopes
        """The function's entry, and the blocks in it, outermost first; none without one."""
        self.function_die = function_die
        """The entry of the function that it has the stack of: not an inlined one."""
        self.pc = activation.address
        self._place: Place | None = None
        self._cfa: int | None = None

    def caller(self) -> Frame | None:
        """The frame after this one; None of the outermost."""
        return self.stack.frame(self.level + 1)

    def physical_caller(self) -> Frame | None:
        """The innermost frame of the next activation on the stack; None if there is none."""
        frame = self.caller()
        while frame is not None and frame.activation is self.activation:
            frame = frame.caller()
        return frame

    @property
    def callee(self) -> Frame | None:
        """The frame before this one; None of the innermost."""
        return self.stack.frame(self.level - 1) if self.level else None

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
    def is_cpp(self) -> bool:
        """Whether its function was compiled from C++."""
        return bool(self.scopes) and self.scopes[0].unit.is_cpp

    @property
    def is_signal(self) -> bool:
        """Whether the kernel made this frame to deliver a signal."""
        row = self.activation.row
        return row is not None and row.is_signal

    @property
    def function(self) -> str | None:
        """The name of the function; None if nothing tells."""
        try:
            return shown_name(self.scopes[0]) if self.scopes else self.place.symbol
        except (OSError, Malformed):
            # Damaged debugging information is as good as none.
            return self.place.symbol

    @property
    def inlined_callee(self) -> Frame | None:
        """The frame of the function that is inlined here and active."""
        callee = self.callee
        return callee if callee is not None and callee.is_inlined else None

    @property
    def source(self) -> tuple[str, str, int]:
        """The source file as the compiler was told it, its path, and the line ("", "", 0)."""
        callee, info = self.inlined_callee, self.info
        if callee is not None and info is not None:
            try:
                return source_of(info, callee.scopes[0], dw.AT_CALL_FILE, dw.AT_CALL_LINE)
            except (OSError, Malformed):
                # Damaged debugging information is as good as none.
                return "", "", 0
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
        """Whether it stands at the beginning of a statement (else gdb shows the address)."""
        if self.inlined_callee is not None:
            return True
        block = self.symbols.line_block(self.lookup)
        if block is None or block[0] != self.pc:
            return False
        return self.symbols.is_statement(self.pc)

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

    # ------------------------------------------------------------------ variables

    def surroundings(self) -> Surroundings:
        """What the locations of its variables depend on; UsageError without debug information."""
        image = self.image
        if image is None or not self.scopes:
            raise UsageError("No symbol table info available.")
        return Surroundings(self.symbols, image, self.scopes[0].unit, self)

    def parameters(self) -> list[tuple[str, Value, Value | None]]:
        """The parameters: name, value, and what it was at entry where the caller tells it."""
        around = self.surroundings() if self.scopes else None
        found = []
        for name, die in named_variables(self.scopes[:1], dw.TAG_PARAMETER):
            assert around is not None
            value = read_variable(die, around)
            found.append((name, value, entry_of(die, value, around)))
        return found

    def variables(self) -> list[tuple[str, Value]]:
        """The local variables with their values, those of the innermost block first."""
        around = self.surroundings() if self.scopes else None
        found = []
        for name, die in named_variables(self.scopes[::-1], dw.TAG_VARIABLE):
            assert around is not None
            found.append((name, read_variable(die, around)))
        return found

    @property
    def args(self) -> dict[str, Value]:
        """The parameters' values by name."""
        return {name: value for name, value, _ in self.parameters()}

    @property
    def locals(self) -> dict[str, Value]:
        """The local variables' values by name; of several of one name the innermost."""
        found: dict[str, Value] = {}
        for name, value in self.variables():
            found.setdefault(name, value)
        return found

    def find(self, name: str) -> Value | None:
        """The value of a local variable or a parameter; None if there is none of the name."""
        if not self.scopes:
            return None
        around = self.surroundings()
        for scope in reversed(self.scopes):
            for tag in (dw.TAG_VARIABLE, dw.TAG_PARAMETER):
                for known, die in named_variables([scope], tag):
                    if known == name:
                        return read_variable(die, around)
        return None

    def __getitem__(self, name: str) -> Value:
        """The value of a variable that the frame sees: local, of its file, or global."""
        return self.evaluate(name)

    def evaluate(self, expression: str, call: Caller | None = None) -> Value:
        """The value of a C expression in this frame; UsageError, MemoryFault if it has none.

        ``call`` is what calls functions of the program, where the expression may do that.
        """
        from seize.symbols.expression import evaluate

        return evaluate(expression, self, call)

    def __str__(self) -> str:
        """As gdb shows it in a stack, without its number."""
        if self.is_signal:
            return "<signal handler called>"
        source, line = self.file, self.line
        text = (
            ""
            if line and self.is_at_line_start
            else f"{self.pc:#0{2 + 2 * self.machine.word}x} in "
        )
        arguments = ", ".join(argument_text(*parameter) for parameter in self.parameters())
        text += f"{self.function or '??'} ({arguments})"
        if line:
            return f"{text} at {source}:{line}"
        image = self.image
        if image is None or image is self.symbols.images[0] or image.path == VDSO:
            return text
        return f"{text} from {image.name}"

    def __repr__(self) -> str:
        return f"<Frame {self.level} {self.pc:#x} {self.function}>"


def argument_text(name: str, value: Value, at_entry: Value | None) -> str:
    """A parameter as gdb shows it in a stack: with its value at entry where that is known."""
    text = format_argument(value)
    if at_entry is None:
        return f"{name}={text}"
    entry = format_argument(at_entry)
    if text == entry and not value.optimized_out:
        return f"{name}={name}@entry={entry}"
    return f"{name}={text}, {name}@entry={entry}"
