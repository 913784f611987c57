"""Which calls are shown, and how much of each: from the settings to a decoder and a renderer."""

from __future__ import annotations

from seize.callsets.filters import CallFilter
from seize.decode import Decoder
from seize.strace.output import complain
from seize.strace.settings import STATUSES
from seize.strace.unwanted import FilteringDecoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from seize.decode import Call
    from seize.decode.render.json import JsonValues
    from seize.strace.operands import Operands
    from seize.strace.printer import Printer
    from seize.strace.settings import Settings


def status_of(call: Call) -> str:
    """How a call has ended, in the words of ``--status``: "successful", "failed", "unfinished"."""
    if not call.finished:
        return "unfinished"
    return "failed" if call.failed else "successful"


def printer_class(settings: Settings) -> type[Printer]:
    """The printer that shows the calls that end as they should."""
    from seize.strace.printer import Printer

    if settings.status == STATUSES:
        return Printer
    from seize.strace.held import HeldPrinter

    return HeldPrinter


def is_percall(settings: Settings) -> bool:
    """Whether some calls are to be shown in another way than others (-e raw, abbrev, verbose)."""
    return (settings.raw, settings.abbrev, settings.dereference) != ("none", "all", "all")


def decoder_for(settings: Settings, options: dict[str, Any]) -> Decoder:
    """The decoder of the calls that are to be shown; ``options`` are those of any decoder."""
    calls = CallFilter(settings.trace)
    operands = _operands(settings)
    is_filtered = operands is not None or not calls.everything
    if settings.summary == "only" and operands is None and not settings.inject:
        from seize.strace.naming import NamingDecoder, NamingFilter

        return NamingFilter(calls, None, **options) if is_filtered else NamingDecoder(**options)
    if not is_percall(settings):
        return FilteringDecoder(calls, operands, **options) if is_filtered else Decoder(**options)
    from seize.strace.percall import FilteringPerCall, PerCallDecoder

    options = {
        **options,
        "raw": settings.raw,
        "abbrev": settings.abbrev,
        "dereference": settings.dereference,
    }
    if is_filtered:
        return FilteringPerCall(calls, operands, **options)
    return PerCallDecoder(**options)


def json_values(settings: Settings) -> JsonValues:
    """What makes JSON of values and calls."""
    from seize.decode.render.json import JsonValues

    make = JsonValues
    if is_percall(settings):
        from seize.strace.percall import json_class

        make = json_class(make)
    return make(verbose=settings.verbose, string_limit=settings.string_limit)


def _operands(settings: Settings) -> Operands | None:
    """What files calls must work on; None if that doesn't matter."""
    if not settings.paths and not settings.trace_fds:
        return None
    from seize.callsets.sets import descriptors
    from seize.strace.operands import Operands, resolved

    def tell(text: str) -> None:
        complain(f"{settings.name}: {text}\n")

    is_quiet = "path-resolution" in settings.quiet
    paths = resolved(settings.paths, None if is_quiet else tell, settings.strings)
    return Operands(paths, descriptors(settings.trace_fds) if settings.trace_fds else None)
