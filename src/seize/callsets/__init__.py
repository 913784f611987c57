"""Sets of system calls, signals and descriptors, as strace(1) writes them: ``%file,!read``."""

from seize.callsets.filters import CallFilter

__all__ = ["CallFilter"]
