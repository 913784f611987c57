"""Calls by name alone: enough to count them."""

from __future__ import annotations

from seize.abi.names import syscall_names
from seize.callsets.filters import MULTIPLEXERS
from seize.decode import Call, Decoder
from seize.strace.unwanted import FilteringDecoder, UnwantedCall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.memory import MemoryReader


class NamedCall(Call):
    """A call of which only the name, the number and success or failure are known."""

    __slots__ = ()

    def __init__(
        self, tid: int, arch_name: str, number: int, name: str, raw: tuple[int, ...]
    ) -> None:
        self.tid = tid
        self.arch_name = arch_name
        self.number = number
        self.name = name
        self.raw = raw
        self.error = 0
        self.failed = self.finished = False

    def end(self, rval: int, is_error: bool) -> None:
        """Note the result."""
        self.rval = rval
        self.failed = is_error
        self.error = -rval if is_error else 0
        self.finished = True


class NamingDecoder(Decoder):
    """Names all calls, and decodes nothing but what a multiplexer stands for."""

    def enter(
        self, tid: int, arch_name: str, number: int, args: tuple[int, ...], memory: MemoryReader
    ) -> Call:
        """Name a call, if it is wanted."""
        call = _named(tid, arch_name, number, args)
        if call.name in MULTIPLEXERS and arch_name == "i386":
            return super().enter(tid, arch_name, number, args, memory)
        if self._wants(arch_name, number):
            return call
        return UnwantedCall(call.name, args, arch_name, number)

    def _wants(self, arch_name: str, number: int) -> bool:
        return True

    def exit(self, call: Call, rval: int, is_error: bool, memory: MemoryReader) -> None:
        """Take note of how a call has ended."""
        if type(call) is NamedCall:
            call.end(rval, is_error)
        else:
            super().exit(call, rval, is_error, memory)


class NamingFilter(NamingDecoder, FilteringDecoder):
    """Names the calls that a filter wants; others become ``UnwantedCall``."""

    def _wants(self, arch_name: str, number: int) -> bool:
        return self.calls.wants(arch_name, number)


def _named(tid: int, arch_name: str, number: int, args: tuple[int, ...]) -> NamedCall:
    name = syscall_names(arch_name).get(number)
    if name is None:
        name = f"syscall_{number & 0xFFFFFFFFFFFFFFFF:#x}"
    return NamedCall(tid, arch_name, number, name, args)
