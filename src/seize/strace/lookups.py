"""What is looked up beside a call's own memory: -Y, --namespace, --secontext."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.engine.protocols import CallDecoder
    from seize.strace.pids import PidDecoder
    from seize.strace.settings import Settings


def looked_up(settings: Settings, decoder: CallDecoder) -> tuple[CallDecoder, PidDecoder | None]:
    """A decoder that decodes as ``decoder`` does and looks up what the settings ask for.

    Beside it, what looks up the process ids, for the signals.
    """
    pids: PidDecoder | None = None
    if settings.decode_pids:
        from seize.strace.pids import PidDecoder

        decoder = pids = PidDecoder(decoder, settings.decode_pids)
    if settings.namespace:
        from seize.strace.namespaces import NamespaceDecoder

        decoder = NamespaceDecoder(decoder)
    if settings.secontext:
        from seize.strace.contexts import ContextDecoder, Contexts

        decoder = ContextDecoder(decoder, Contexts(settings.secontext))
    return decoder, pids
