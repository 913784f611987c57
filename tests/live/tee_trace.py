"""``python -m tests.live.tee_trace JSON_FILE …``: like ``seize trace …``, and the same as JSON."""

from __future__ import annotations

import sys
from collections.abc import Callable

from seize._frozen import replace
from seize.cli.options import parse
from seize.cli.table import OPTIONS
from seize.cli.trace import settings
from seize.strace.jsonlines import JsonLines
from seize.strace.output import Output
from seize.strace.printer import Printer
from seize.strace.separate import Separate
from seize.strace.tool import Tool


class Tee:
    """Hands every event to both printers."""

    def __init__(self, *printers: Printer | JsonLines | Separate) -> None:
        self._printers = printers

    def __getattr__(self, name: str) -> Callable[..., None]:
        def both(*arguments: object) -> None:
            for printer in self._printers:
                getattr(printer, name)(*arguments)

        return both


def main() -> int:
    """Trace one run twice."""
    options, command = parse(OPTIONS, sys.argv[2:])
    chosen = settings(options, command)
    tool = Tool(chosen)
    other = Output(sys.argv[1])
    lines = JsonLines(other, replace(chosen, format="json"))
    tool.printer = Tee(tool.printer, lines)  # type: ignore[assignment]
    try:
        tool.start()
        tool.loop()
    finally:
        tool.finish()
        other.close()
    return tool.exit_status()


if __name__ == "__main__":
    sys.exit(main())
