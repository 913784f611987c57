"""Displaced instructions: how each is executed somewhere else."""

from __future__ import annotations

from seize._frozen import frozen

MOVED, SYSCALL, TRAP, STEPPED = "moved", "syscall", "trap", "step"


@frozen
class Displaced:
    """One instruction: ``size`` bytes (0 if that isn't known), and how to get past it."""

    size: int
    kind: str
    reach: tuple[int, int] | None = None

    def place(self, slot: int) -> bytes:
        """The machine code for a slot."""
        raise NotImplementedError(f"no instruction is executed at {slot:#x}")

    def logical_pc(self, slot: int, pc: int) -> int | None:
        """The program's own program counter for one in a slot; None in the middle."""
        raise NotImplementedError(f"no instruction is executed at {slot:#x}, nor at {pc:#x}")


def plan(code: bytes, address: int, *, bits: int = 64) -> Displaced:
    """Tell how the instruction at ``address`` is executed: for now by a single step."""
    return Displaced(0, STEPPED)
