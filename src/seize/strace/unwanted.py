"""Leaving calls out before they cost anything."""

from __future__ import annotations

from seize.abi.names import syscall_names
from seize.decode import Call, Decoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.memory import MemoryReader
    from seize.strace.filters import CallFilter


class UnwantedCall(Call):
    """A call that the filter leaves out: which it is, and nothing decoded."""

    __slots__ = ()

    def __init__(self, name: str, raw: tuple[int, ...]) -> None:
        self.name = name
        self.raw = raw


class FilteringDecoder(Decoder):
    """Decodes the calls that a filter wants; the others become ``UnwantedCall``."""

    def __init__(self, calls: CallFilter, *, string_limit: int) -> None:
        super().__init__(string_limit=string_limit)
        self._wants = calls.wants

    def enter(
        self, tid: int, arch_name: str, number: int, args: tuple[int, ...], memory: MemoryReader
    ) -> Call:
        """Decode the input arguments of a wanted call."""
        if self._wants(arch_name, number):
            return super().enter(tid, arch_name, number, args, memory)
        name = syscall_names(arch_name).get(number, "")
        return UnwantedCall(name, args)

    def exit(self, call: Call, rval: int, is_error: bool, memory: MemoryReader) -> None:
        """Complete a wanted call."""
        if type(call) is not UnwantedCall:
            super().exit(call, rval, is_error, memory)
