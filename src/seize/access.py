"""Why an attach is denied: "Ptrace access mode checking" of ptrace(2), put into words."""

from __future__ import annotations


def explain(tid: int) -> tuple[str, ...]:
    """Give the reasons why this process may not attach to thread ``tid``."""
    return (f"thread {tid} can't be traced",)
