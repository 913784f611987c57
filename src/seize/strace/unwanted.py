"""Leaving calls out before they cost anything."""

from __future__ import annotations

from seize.abi.names import syscall_names
from seize.callsets.filters import MULTIPLEXERS
from seize.decode import Call, Decoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from seize.callsets.filters import CallFilter
    from seize.decode.memory import MemoryReader
    from seize.strace.operands import Operands

WANTED, UNWANTED, ASK = range(3)


class UnwantedCall(Call):
    """A call that the filter leaves out: which it is, and nothing decoded."""

    __slots__ = ()

    def __init__(
        self, name: str, raw: tuple[int, ...], arch_name: str = "", number: int = -1
    ) -> None:
        self.name = name
        self.raw = raw
        self.arch_name = arch_name
        self.number = number


class _Verdicts(dict[int, int]):
    """Whether the calls of one ABI are wanted, by number; found out when first asked for."""

    def __init__(self, calls: CallFilter, arch_name: str) -> None:
        self._calls = calls
        self._arch_name = arch_name
        self.names = syscall_names(arch_name)

    def __missing__(self, number: int) -> int:
        name = self.names.get(number)
        made = WANTED if self._calls.wants(self._arch_name, number) else UNWANTED
        if self._arch_name == "i386" and name in MULTIPLEXERS and not self._calls.everything:
            made = ASK
        if name is not None:
            # Of the numbers that are no calls there are too many to remember.
            self[number] = made
        return made


class FilteringDecoder(Decoder):
    """Decodes the calls that are wanted; the others become ``UnwantedCall``.

    ``calls`` is the set of them; ``operands`` says, if it isn't None, on which files a call must
    work to be wanted.
    """

    def __init__(self, calls: CallFilter, operands: Operands | None, **options: Any) -> None:
        super().__init__(**options)
        self.calls = calls
        self._operands = operands
        self._verdicts: dict[str, _Verdicts] = {}

    def enter(
        self, tid: int, arch_name: str, number: int, args: tuple[int, ...], memory: MemoryReader
    ) -> Call:
        """Decode the input arguments of a wanted call."""
        verdicts = self._verdicts.get(arch_name)
        if verdicts is None:
            verdicts = self._verdicts[arch_name] = _Verdicts(self.calls, arch_name)
        verdict = verdicts[number]
        if verdict == ASK or (verdict == WANTED and self._operands is not None):
            verdict = self._look(tid, arch_name, number, args, memory)
        if verdict == WANTED:
            return super().enter(tid, arch_name, number, args, memory)
        return UnwantedCall(verdicts.names.get(number, ""), args, arch_name, number)

    def _look(
        self, tid: int, arch_name: str, number: int, args: tuple[int, ...], memory: MemoryReader
    ) -> int:
        """Whether a call is wanted for what it stands for, and what it works on."""
        compiled = self.tables[arch_name][number]
        name = compiled.name
        if arch_name == "i386":
            args = tuple([value & 0xFFFFFFFF for value in args])
            found = compiled.demultiplex(args, memory) if compiled.demultiplex is not None else None
            if found is not None:
                name, args = found
            if compiled.name in MULTIPLEXERS and not self._is_meant(name, number):
                return UNWANTED
        operands = self._operands
        if operands is not None:
            scope = self.tables[arch_name].scope
            if not operands.match(scope, name, tid, args, memory):
                return UNWANTED
        return WANTED

    def _is_meant(self, name: str, number: int) -> bool:
        """Whether a multiplexer is wanted: for what it stands for, if that can be told."""
        if name in MULTIPLEXERS:
            return self.calls.wants("i386", number)
        return self.calls.wants_name(name.removeprefix("old_"))

    def exit(self, call: Call, rval: int, is_error: bool, memory: MemoryReader) -> None:
        """Complete a wanted call."""
        if type(call) is not UnwantedCall:
            super().exit(call, rval, is_error, memory)
