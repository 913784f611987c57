"""Panes above the prompt: source, instructions, registers, and what was written.

The screen is left while the program runs, so that its output stands where it always does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seize.errors import SeizeError
from seize.terminal import examine, frames, table
from seize.terminal.commands.registers import line as register_line
from seize.terminal.sources import full_name

if TYPE_CHECKING:
    from typing import Any

    from prompt_toolkit.formatted_text import StyleAndTextTuples as Text

    from seize.terminal.repl import Repl
    from seize.terminal.session import Session

PANES = {
    "src": ("source",),
    "asm": ("instructions",),
    "split": ("source", "instructions"),
    "regs": ("registers", "source"),
}
"""The panes of each layout."""
_KEPT = 2000
_HEIGHT = 12
_INSIDE = ("stack", "data", "files", "status", "breakpoints")
"""The groups of commands that don't let the program run, nor need the whole terminal."""


class Screen:
    """The panes, while a line is typed."""

    _written: list[str] = []
    """What commands have written while there were panes."""

    def __init__(self, session: Session, repl: Repl, prompt: Any) -> None:
        self._session = session
        self._repl = repl
        self._prompt = prompt

    def read(self) -> str:
        """Show the panes until a line is typed that needs the whole terminal; return it."""
        from prompt_toolkit.application import Application
        from prompt_toolkit.buffer import Buffer
        from prompt_toolkit.layout import HSplit, Layout, Window
        from prompt_toolkit.layout.controls import BufferControl, FormattedTextControl
        from prompt_toolkit.layout.processors import BeforeInput

        session = self._session
        session.console.sink = self._write
        buffer = Buffer(
            history=self._prompt.history, completer=self._prompt.completer, multiline=False
        )
        windows: list[Any] = []
        for name in PANES.get(session.layout, ()):
            windows.append(Window(FormattedTextControl(getattr(self, f"_{name}"))))
            windows.append(Window(height=1, char="─"))
        windows.append(Window(FormattedTextControl(self._output), height=_HEIGHT))
        control = BufferControl(buffer, input_processors=[BeforeInput(session.prompt)])
        windows.append(Window(control, height=1))
        layout = Layout(HSplit(windows), focused_element=control)
        application: Any = Application(
            layout=layout, key_bindings=self._keys(buffer), full_screen=True
        )
        line: str = application.run()
        self._write(f"{session.prompt}{line}\n")
        return line

    def _keys(self, buffer: Any) -> Any:
        from prompt_toolkit.key_binding import KeyBindings

        keys = KeyBindings()

        @keys.add("enter")
        def enter(event: Any) -> None:
            line = buffer.text
            buffer.append_to_history()
            buffer.reset()
            if self._is_inside(line):
                self._write(f"{self._session.prompt}{line}\n")
                self._repl.take(line)
                event.app.invalidate()
            else:
                event.app.exit(result=line)

        @keys.add("tab")
        def complete(event: Any) -> None:
            if buffer.complete_state:
                buffer.complete_next()
            else:
                buffer.start_completion(insert_common_part=True)

        keys.add("c-c")(lambda event: event.app.exit(exception=KeyboardInterrupt()))
        keys.add("c-d")(lambda event: event.app.exit(exception=EOFError()))
        keys.add("up")(lambda event: buffer.history_backward())
        keys.add("down")(lambda event: buffer.history_forward())
        return keys

    def _is_inside(self, line: str) -> bool:
        try:
            found = table.find(line)
        except SeizeError:
            return True
        return found is not None and found[0].group in _INSIDE and found[0].name != "commands"

    def _write(self, text: str) -> None:
        self._written.append(text)
        del self._written[:-_KEPT]

    # ------------------------------------------------------------ the panes

    def _output(self) -> Text:
        lines = "".join(self._written).splitlines()
        return [("", "\n".join(lines[-_HEIGHT:]))]

    def _source(self) -> Text:
        session = self._session
        try:
            frame = session.frame
            path = full_name(frame)
        except SeizeError as error:
            return [("", f"({error})")]
        lines = session.sources.lines(path) if path else None
        if not lines or not frame.line:
            return [("", f"(no source for {frame.function or hex(frame.pc)})")]
        stops = self._stops(path)
        text: Text = []
        rows = self._rows()
        first = max(frame.line - rows // 2, 1)
        for number in range(first, min(first + rows, len(lines)) + 1):
            here = number == frame.line
            mark = ("B" if number in stops else " ") + (">" if here else " ")
            style = "reverse" if here else ""
            text.append((style, f"{mark} {number:>5} "))
            text += self._coloured(lines[number - 1], style)
            text.append(("", "\n"))
        return text

    def _rows(self) -> int:
        import shutil

        panes = max(len(PANES.get(self._session.layout, ())), 1)
        return max((shutil.get_terminal_size().lines - _HEIGHT - 1) // panes - 1, 3)

    def _stops(self, path: str | None) -> set[int]:
        """The lines of a file that have breakpoints."""
        found: set[int] = set()
        for point in self._session.points:
            for address in getattr(point, "addresses", ()):
                place = self._session.process.symbols.describe(address)
                if place.line and full_name(place) == path:
                    found.add(place.line)
        return found

    def _coloured(self, line: str, style: str) -> Text:
        """A line of C with its tokens coloured, where Pygments is there."""
        if not self._session.options["style enabled"]:
            return [(style, line)]
        try:
            from pygments.lexers import CppLexer
        except ImportError:
            return [(style, line)]
        tokens = CppLexer(stripnl=False, ensurenl=False).get_tokens(line)
        return [(f"{style} class:pygments.{_class(kind)}", part) for kind, part in tokens]

    def _instructions(self) -> Text:
        session = self._session
        try:
            pc = session.frame.pc
            found = examine.instructions(session, pc, self._rows())
        except SeizeError as error:
            return [("", f"({error})")]
        text: Text = []
        for item in found:
            style = "reverse" if item.address == pc else ""
            where = f"{frames.address(item.address)} {session.symbol_name(item.address)}"
            text.append((style, f"{where:<40} {item.text}\n"))
        return text

    def _registers(self) -> Text:
        session = self._session
        try:
            registers = session.thread.registers
            names = registers.names("general")
            lines = [register_line(session, registers, name, registers[name]) for name in names]
        except SeizeError as error:
            return [("", f"({error})")]
        rows = self._rows()
        columns = [lines[start : start + rows] for start in range(0, len(lines), rows)]
        text = [
            "  ".join(f"{column[row]:<58.58}" for column in columns if row < len(column))
            for row in range(min(rows, len(lines)))
        ]
        return [("", "\n".join(text))]


def _class(kind: Any) -> str:
    """The name of a token's kind, as prompt_toolkit's styles have it."""
    return ".".join(str(part).lower() for part in kind)
