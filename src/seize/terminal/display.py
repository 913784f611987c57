"""Expressions that are shown at each stop: gdb's ``display``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seize._frozen import frozen
from seize.errors import SeizeError
from seize.terminal import expressions, formats, python
from seize.terminal.examine import examine

if TYPE_CHECKING:
    from typing import Any

    from seize.terminal.session import Session


@frozen
class Display:
    """One expression, with its number and format (None for the usual one)."""

    number: int
    text: str
    form: str | None
    enabled: bool = True

    @property
    def is_memory(self) -> bool:
        """Whether it shows memory, as ``x`` does, because of its format."""
        if self.form is None:
            return False
        parsed = formats.parse(self.form)
        return parsed.letter in ("i", "s") or parsed.size > 0 or parsed.count != 1

    @property
    def heading(self) -> str:
        """The expression with its format: ``/x total``."""
        return f"/{self.form} {self.text}" if self.form else self.text

    @property
    def listed(self) -> str:
        """The expression as ``info display`` has it, where memory has its count and size."""
        if not self.is_memory:
            return self.heading
        form = formats.parse(self.form or "", "x")
        sizes = {size: letter for letter, size in formats.SIZES.items()}
        return f"/{form.count}{sizes.get(form.size, 'b')}{form.letter} {self.text}"


def show(session: Session, entry: Display) -> None:
    """Show one now."""
    if entry.is_memory:
        session.console.say(f"{entry.number}: x{entry.heading}")
        form = formats.parse(entry.form or "", "x")
        lines, _ = examine(session, form, expressions.address_of(session, entry.text))
        for line in lines:
            session.console.say(line)
        return
    value = expressions.evaluate(session, entry.text)
    text = formats.value(value, formats.parse(entry.form or ""), session.symbol_name)
    session.console.say(f"{entry.number}: {entry.heading} = {text}")


def show_all(session: Session) -> None:
    """Show all that are enabled; those that can't be evaluated here are left out."""
    for entry in session.displays:
        if not entry.enabled:
            continue
        try:
            show(session, entry)
        except SeizeError:
            # It is of another function: it will be there again.
            continue


def records(session: Session) -> list[dict[str, Any]]:
    """The displayed expressions for JSON."""
    made: list[dict[str, Any]] = []
    for entry in session.displays:
        try:
            value = expressions.evaluate(session, entry.text)
        except SeizeError as error:
            made.append({"number": entry.number, "expression": entry.text, "error": str(error)})
            continue
        plain = python.jsonable(value)
        made.append({"number": entry.number, "expression": entry.text, "value": plain})
    return made
