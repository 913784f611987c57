"""Leaving calls out before they cost anything."""

from __future__ import annotations

from seize.abi.names import syscall_names
from seize.decode import Call, Decoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from seize.decode.memory import MemoryReader
    from seize.strace.filters import CallFilter


MULTIPLEXERS = ("socketcall", "ipc")
"""i386 calls that stand for others, by their first argument."""


class UnwantedCall(Call):
    """A call that the filter leaves out: which it is, and nothing decoded."""

    __slots__ = ()

    def __init__(self, name: str, raw: tuple[int, ...]) -> None:
        self.name = name
        self.raw = raw


class FilteringDecoder(Decoder):
    """Decodes the calls that a filter wants; the others become ``UnwantedCall``."""

    def __init__(self, calls: CallFilter, **options: Any) -> None:
        super().__init__(**options)
        self._calls = calls

    def enter(
        self, tid: int, arch_name: str, number: int, args: tuple[int, ...], memory: MemoryReader
    ) -> Call:
        """Decode the input arguments of a wanted call."""
        if self._calls.wants(arch_name, number):
            return super().enter(tid, arch_name, number, args, memory)
        name = syscall_names(arch_name).get(number, "")
        if arch_name == "i386" and name in MULTIPLEXERS:
            call = super().enter(tid, arch_name, number, args, memory)
            if self._calls.wants_name(call.name):
                return call
        return UnwantedCall(name, args)

    def exit(self, call: Call, rval: int, is_error: bool, memory: MemoryReader) -> None:
        """Complete a wanted call."""
        if type(call) is not UnwantedCall:
            super().exit(call, rval, is_error, memory)
