"""Some calls are shown in another way than others: ``-e raw``, ``-e abbrev``, ``-e verbose``."""

from __future__ import annotations

from seize.callsets.filters import MULTIPLEXERS, CallFilter
from seize.decode import Call, Decoder
from seize.decode.sparse import AddressDecoder, RawDecoder
from seize.strace.unwanted import FilteringDecoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from seize.decode.memory import MemoryReader
    from seize.decode.render.json import JsonValues
    from seize.decode.render.strace import StraceText

    Choice = tuple[type[Decoder], bool]


class PerCallDecoder(Decoder):
    """Hands each call to the decoder that is meant for it, one of at most five.

    ``raw``, ``abbrev`` and ``dereference`` are sets of calls; a call that isn't in ``abbrev`` is
    decoded as with ``verbose``.
    """

    def __init__(self, raw: str, abbrev: str, dereference: str, **options: Any) -> None:
        super().__init__(**options)
        self._options = options
        self._raw = CallFilter(raw)
        self._abbrev = CallFilter(abbrev)
        self._dereference = CallFilter(dereference)
        self._decoders: dict[Choice, Decoder] = {}
        self._chosen: dict[tuple[str, int, str], Decoder] = {}

    def enter(
        self, tid: int, arch_name: str, number: int, args: tuple[int, ...], memory: MemoryReader
    ) -> Call:
        """Decode the input arguments in the way that is meant for this call."""
        return self._decoder(arch_name, number, args, memory).enter(
            tid, arch_name, number, args, memory
        )

    def exit(self, call: Call, rval: int, is_error: bool, memory: MemoryReader) -> None:
        """Complete a call by the decoder that began it."""
        call.decoder.exit(call, rval, is_error, memory)

    def _decoder(
        self, arch_name: str, number: int, args: tuple[int, ...], memory: MemoryReader
    ) -> Decoder:
        meant = ""
        if arch_name == "i386":
            compiled = self.tables[arch_name][number]
            if compiled.name in MULTIPLEXERS and compiled.demultiplex is not None:
                words = tuple([value & 0xFFFFFFFF for value in args])
                found = compiled.demultiplex(words, memory)
                meant = found[0].removeprefix("old_") if found is not None else ""
        key = (arch_name, number, meant)
        made = self._chosen.get(key)
        if made is None:
            made = self._chosen[key] = self._choose(arch_name, number, meant)
        return made

    def _choose(self, arch_name: str, number: int, meant: str) -> Decoder:
        def is_in(calls: CallFilter) -> bool:
            return calls.wants_name(meant) if meant else calls.has(arch_name, number)

        kind: type[Decoder] = Decoder if is_in(self._dereference) else AddressDecoder
        choice = (RawDecoder if is_in(self._raw) else kind, not is_in(self._abbrev))
        made = self._decoders.get(choice)
        if made is None:
            kind, verbose = choice
            options = {**self._options, "verbose": self.verbose or verbose}
            made = self._decoders[choice] = kind(**options)
            made.interrupted = self.interrupted
        return made


class FilteringPerCall(FilteringDecoder, PerCallDecoder):
    """The same for the calls that a filter wants."""


def text_class(base: type[StraceText]) -> type[StraceText]:
    """A renderer that shows each call as long as its decoder has read it."""

    class PerCallText(base):  # type: ignore[valid-type, misc]
        def enter(self, call: Call) -> str:
            self.verbose = call.decoder.verbose
            return str(super().enter(call))

        def exit(self, call: Call) -> str:
            self.verbose = call.decoder.verbose
            return str(super().exit(call))

    return PerCallText


def json_class(base: type[JsonValues]) -> type[JsonValues]:
    """The same for JSON."""

    class PerCallJson(base):  # type: ignore[valid-type, misc]
        def call(self, call: Call) -> dict[str, Any]:
            self.verbose = call.decoder.verbose
            made: dict[str, Any] = super().call(call)
            return made

    return PerCallJson
