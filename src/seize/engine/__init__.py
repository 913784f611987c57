"""The event loop: attach, wait, tell stops apart, resume."""

from seize.engine.evidence import instruction_pointer, stack_pointer
from seize.engine.process import Process
from seize.engine.tracee import Tracee
from seize.engine.tracer import Tracer

__all__ = ["Process", "Tracee", "Tracer", "instruction_pointer", "stack_pointer"]
