"""The printers of -c: they leave out everything but the summary."""

from __future__ import annotations

from seize.strace.printer import Printer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sized

    from seize.decode.render.strace import StraceText
    from seize.strace.jsonlines import JsonLines
    from seize.strace.printer import Sink
    from seize.strace.settings import Settings


def silent_printer(
    sink: Sink, text: StraceText, settings: Settings, tracees: Sized
) -> Printer | JsonLines:
    """The printer of the format that is asked for."""
    if settings.format != "json":
        return SilentPrinter(sink, text, settings, tracees)
    from seize.strace.jsonlines import JsonLines

    class SilentLines(_Silent, JsonLines):
        """Writes the summary's object and nothing else."""

        def personality(self, *_: object) -> None:
            """Not told."""

        def comes_or_goes(self, *_: object) -> None:
            """Not told."""

    return SilentLines(sink, settings)


class _Silent:
    """The events that aren't shown."""

    def enter(self, *_: object) -> None:
        """Not shown."""

    def passed(self, *_: object) -> None:
        """Not shown."""

    def exit(self, *_: object) -> None:
        """Not shown."""

    def signal(self, *_: object) -> None:
        """Not shown."""

    def stopped(self, *_: object) -> None:
        """Not shown."""

    def exited(self, *_: object) -> None:
        """Not shown."""

    def killed(self, *_: object) -> None:
        """Not shown."""

    def superseded(self, *_: object) -> None:
        """Not shown."""

    def detached(self, *_: object) -> None:
        """Not shown."""


class SilentPrinter(_Silent, Printer):
    """Writes the summary, and that a process has become a 32-bit one, as strace does."""
