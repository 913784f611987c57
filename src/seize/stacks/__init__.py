"""Call stacks of stopped threads: unwinding them, and naming what is in them.

modules = Modules()                    # for a whole trace: files are read once
space = CodeSpace(modules)             # for each process
machine, registers = state_of(ptrace.getregs(tid))
for frame in unwind(machine, registers, memory, space):
    ...                                # frame.code.module.symbol(frame.image_address)
"""

from seize.stacks.machines import Machine, by_names, state_of
from seize.stacks.modules import Module, Modules
from seize.stacks.reading import Malformed
from seize.stacks.space import Code, CodeSpace
from seize.stacks.symbols import Symbol
from seize.stacks.unwind import Frame, frame_address, unwind

__all__ = [
    "Code",
    "CodeSpace",
    "Frame",
    "Machine",
    "Malformed",
    "Module",
    "Modules",
    "Symbol",
    "by_names",
    "frame_address",
    "state_of",
    "unwind",
]
