"""The debugger at a terminal: gdb's short commands, and Python."""

from __future__ import annotations

from seize.terminal.settings import Settings

__all__ = ["Settings"]
