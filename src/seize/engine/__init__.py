"""The event loop: attach, wait, tell stops apart, resume."""

from seize.engine.evidence import EXECVE_NAMES, instruction_pointer, machine_name, stack_pointer
from seize.engine.process import Process
from seize.engine.tracee import Tracee
from seize.engine.tracer import Tracer

__all__ = [
    "EXECVE_NAMES",
    "Process",
    "Tracee",
    "Tracer",
    "instruction_pointer",
    "machine_name",
    "stack_pointer",
]
