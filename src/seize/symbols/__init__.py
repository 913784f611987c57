"""Symbols, source lines and types of one process, living or dead, and the stacks of its threads.

symbols = Symbols(backend)             # see `seize.stacks.backend.Backend`
symbols.resolve("main")                # where a breakpoint on main goes
symbols.describe(0x401136)             # "main+4 at x.c:3"
for frame in symbols.frames(registers):
    print(frame.function, frame.line)
"""

from seize.symbols.frames import Frame
from seize.symbols.imagedata import ImageCache
from seize.symbols.images import Image
from seize.symbols.names import Symbol
from seize.symbols.places import Place
from seize.symbols.space import Symbols
from seize.symbols.stack import Stack
from seize.symbols.types import Type
from seize.symbols.values import Value

__all__ = ["Frame", "Image", "ImageCache", "Place", "Stack", "Symbol", "Symbols", "Type", "Value"]
