"""Explaining the names that a trace shows: calls, flags, errors, signals, structs."""

from __future__ import annotations

from seize.errors import SeizeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["UnknownName", "explain"]


_NUMBERED = ("error", "signal")


class UnknownName(SeizeError):
    """Nothing of that name is known; ``similar`` are names that are."""

    def __init__(self, name: str, similar: list[str]) -> None:
        self.name = name
        self.similar = similar
        more = f"; did you mean {' or '.join(similar)}?" if similar else ""
        super().__init__(f"no call, flag, error, signal or struct is called '{name}'{more}")


def explain(name: str) -> list[dict[str, Any]]:
    """What a name stands for: one object for each thing of that name.

    ``name`` is that of a system call, a constant (``O_CLOEXEC``, ``TCGETS``), an error, a signal,
    a flag set or a struct of the signature files; or the number of a system call.  Raises
    `UnknownName` with what is similar.
    """
    from seize.explain import names
    from seize.explain.calls import call

    if name.isascii() and name.isdecimal():
        return _numbered(int(name))
    kinds = (call, names.error, names.signal, names.constant, names.named_set, names.struct)
    told: list[dict[str, Any]] = []
    for spelling in (name, name.upper(), name.lower()):
        for look in kinds:
            # The numbers of errors and signals are constants, too; that is told already.
            if look is names.constant and any(entry["type"] in _NUMBERED for entry in told):
                continue
            entry = look(spelling)
            if entry is not None:
                told.append(entry)
        if told:
            return told
    from difflib import get_close_matches

    every = names.everything()
    similar = get_close_matches(name, every, 3, 0.7) or get_close_matches(name.upper(), every)
    raise UnknownName(name, similar)


def _numbered(number: int) -> list[dict[str, Any]]:
    """The calls that have a number, on any architecture."""
    from seize.abi.names import syscall_name
    from seize.decode.decoder import ARCHITECTURES
    from seize.explain.calls import call

    names = dict.fromkeys(syscall_name(arch, number) for arch in ARCHITECTURES)
    told = [call(name) for name in names if name is not None]
    if not told:
        raise UnknownName(str(number), [])
    return [entry for entry in told if entry is not None]
