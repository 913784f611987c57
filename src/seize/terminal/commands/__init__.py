"""The commands, by what they are about; importing this fills the table."""

from __future__ import annotations

from seize.terminal.commands import (
    breaking,
    catching,
    code,
    data,
    registers,
    running,
    setting,
    stack,
    status,
    stepping,
    support,
    threads,
)

__all__ = [
    "breaking",
    "catching",
    "code",
    "data",
    "registers",
    "running",
    "setting",
    "stack",
    "status",
    "stepping",
    "support",
    "threads",
]
