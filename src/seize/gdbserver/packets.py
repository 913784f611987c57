"""Loads every module that registers packets in the table."""

from __future__ import annotations

from importlib import import_module

_MODULES = (
    *("catching", "hostfiles", "leaving", "points", "queries", "reading", "reporting"),
    *("resuming", "starting", "transfers"),
    *("lldb", "lldb_launch", "lldb_memory", "lldb_threads"),
)


def load() -> None:
    """Fill the table of packets."""
    for name in _MODULES:
        import_module(f"seize.gdbserver.{name}")
