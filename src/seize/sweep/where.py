"""Where a program was when its call failed, and where it crashed."""

from __future__ import annotations

import os

from seize.errors import MemoryFault, PtraceError
from seize.stacks import CodeSpace, Modules, state_of, unwind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.engine import Tracee
    from seize.stacks import Frame

_MOST_FRAMES = 32
_OUTERMOST = "main"
_ANY_SIZE = 1 << 62
"""For functions of which nobody says how long they are."""


class Stacks:
    """Takes stacks, which is cheap, and names what is in them, which is not."""

    def __init__(self) -> None:
        self._modules = Modules()

    def take(self, tracee: Tracee) -> list[Frame]:
        """The frames of a stopped thread, the innermost first; none if it has died."""
        frames: list[Frame] = []
        try:
            machine, registers = state_of(tracee.registers())
            for frame in unwind(machine, registers, tracee.memory, CodeSpace(self._modules)):
                frames.append(frame)
                if len(frames) >= _MOST_FRAMES:
                    break
        except (PtraceError, MemoryFault):
            return frames
        return frames

    def told(self, frames: list[Frame]) -> list[str]:
        """The functions of a stack up to main: ``save (config.c:31)``, ``write in libc.so.6``."""
        told = []
        for frame in frames:
            name, text = self._described(frame)
            told.append(text)
            if name == _OUTERMOST:
                break
        return told

    def _described(self, frame: Frame) -> tuple[str, str]:
        code = frame.code
        if code is None or code.module is None:
            return "", f"{frame.address:#x}"
        symbol = code.module.symbol(frame.image_address)
        name = "?"
        if symbol is not None and frame.image_address < symbol.address + (symbol.size or _ANY_SIZE):
            name = symbol.name
        line = code.module.line(frame.image_address)
        if line is not None:
            return name, f"{name} ({os.path.basename(line[0])}:{line[1]})"
        return name, f"{name} in {os.path.basename(code.mapping.path)}"
