"""The strace-class tool: which calls to show, and how a line is put together."""

from seize.strace.output import Output
from seize.strace.printer import Printer
from seize.strace.settings import Settings
from seize.strace.tool import trace

__all__ = ["Output", "Printer", "Settings", "trace"]
