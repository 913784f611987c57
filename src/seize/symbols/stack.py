"""The stack of a stopped thread, frame by frame."""

from __future__ import annotations

from seize.stacks import Frame as Activation
from seize.stacks import unwind
from seize.stacks.reading import Malformed
from seize.symbols.callsites import tail_calls
from seize.symbols.frames import Frame
from seize.symbols.scopes import activations_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from seize.stacks import Machine
    from seize.symbols.dies import Die
    from seize.symbols.space import Symbols

_VECTORS = {"x86_64": 17, "i386": 21}
"""The DWARF number of xmm0."""


class Stack:
    """The stack of a stopped thread: its frames are found when they are asked for.

    ``thread_pointer`` is where the thread's own data is; ``vector`` gives the bytes of a vector
    register of the innermost frame.
    """

    def __init__(
        self,
        symbols: Symbols,
        machine: Machine,
        registers: Mapping[int, int],
        *,
        thread_pointer: int | None = None,
        vector: Callable[[int], bytes | None] | None = None,
    ) -> None:
        self.symbols = symbols
        self.machine = machine
        self.thread_pointer = thread_pointer
        self._vector = vector
        every = frozenset(range(len(machine.registers))) - {machine.pc}
        self._activations = unwind(machine, dict(registers), symbols.view, symbols.code, keep=every)
        self._frames: list[Frame] = []

    def frame(self, level: int) -> Frame | None:
        """The frame of a level; None where the stack isn't so deep."""
        while level >= len(self._frames):
            activation = next(self._activations, None)
            if activation is None:
                return None
            self._add(activation)
        return self._frames[level]

    def _add(self, activation: Activation) -> None:
        """Add the frames of an activation, after those that it has called by way of a jump."""
        frames = self._frames_of(activation, len(self._frames))
        jumps: list[int] = []
        if self._frames and not activation.interrupted:
            try:
                jumps = tail_calls(self._frames[-1], frames[0])
            except (OSError, Malformed):
                # Nobody can tell, or the debugging information is damaged.
                jumps = []
        for pc in jumps:
            made = self._jumped(pc, activation)
            self._frames += self._frames_of(made, len(self._frames))
        if jumps:
            frames = self._frames_of(activation, len(self._frames))
        self._frames += frames

    def _jumped(self, address: int, caller: Activation) -> Activation:
        """The activation of a function that has ended by a jump, as if it had called."""
        code = self.symbols.code.find(address, self.symbols.view)
        row = None
        if code is not None and code.module is not None:
            row = code.module.row(address - code.bias - 1)
        machine, registers = self.machine, dict(caller.registers)
        registers[machine.pc] = address
        registers[machine.sp] -= machine.word
        return Activation(address, False, code, registers, row)

    def _frames_of(self, activation: Activation, level: int) -> list[Frame]:
        functions = _functions(self.symbols, activation)
        outer = functions[-1][0] if functions[-1] else None
        return [
            Frame(self, activation, level + number, scopes, outer)
            for number, scopes in enumerate(functions)
        ]

    def __iter__(self) -> Iterator[Frame]:
        level = 0
        while (frame := self.frame(level)) is not None:
            yield frame
            level += 1

    def vector(self, number: int) -> bytes | None:
        """The bytes of a register by its DWARF number, if it is a vector."""
        if self._vector is None:
            return None
        first = _VECTORS[self.machine.name]
        return self._vector(number - first) if 0 <= number - first < 16 else None


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
