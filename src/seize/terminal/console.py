"""Where the debugger's output goes: text for eyes, or one JSON object a line for a program."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TextIO


class Console:
    """The output of a session.

    As text, everything is written at once, errors on standard error.  As JSON, the text of a
    command is collected and becomes the ``text`` of its object; docs/debugging.md has the form.
    """

    def __init__(
        self, *, json: bool = False, out: TextIO | None = None, errors: TextIO | None = None
    ) -> None:
        self.json = json
        self.sink: Callable[[str], None] | None = None
        """Takes all text instead of the streams (the panes' own window)."""
        # Ours, whatever Python that a user runs does with sys.stdout.
        self._out = out or sys.stdout
        self._errors = errors or sys.stderr
        self._collected: list[str] = []

    def say(self, text: str) -> None:
        """Write lines of text (a line end is added)."""
        self.write(text + "\n")

    def write(self, text: str) -> None:
        """Write text as it is."""
        if self.json:
            self._collected.append(text)
        elif self.sink is not None:
            self.sink(text)
        else:
            _write(self._out, text)

    def complain(self, text: str) -> None:
        """Write a line on standard error: an error, or what the debugger has to say of itself."""
        if self.sink is not None:
            self.sink(text + "\n")
        else:
            # In order, where both go to one terminal or file.
            (self._out).flush()
            _write(self._errors, text + "\n")

    def emit(self, event: str, **fields: Any) -> None:
        """Write one JSON object; nothing when the output is text."""
        if not self.json:
            return
        import json

        record = {"event": event, **fields}
        text = json.dumps(record, ensure_ascii=False, default=plain)
        _write(self._out, text + "\n")

    def collected(self) -> str:
        """Take the text that has been collected since the last time."""
        text = "".join(self._collected)
        self._collected.clear()
        return text


def plain(value: Any) -> Any:
    """What JSON has for a Python object: bytes as hexadecimal digits, others as their text."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).hex()
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    return str(value)


def _write(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()
