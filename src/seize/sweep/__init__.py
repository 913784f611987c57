"""Letting each system call of a command fail once, to see whether it takes that well."""

from __future__ import annotations

from seize.sweep.settings import Settings
from seize.sweep.sweep import Report, Sweep

__all__ = ["Report", "Settings", "Sweep"]
