"""Python as the debugger's language.

A line that is no command is Python, with ``debugger``, ``process``, ``thread``, ``frame``,
``registers`` and ``memory`` at hand: those of what is selected.  An expression's value is shown.
"""

from __future__ import annotations

import codeop
import os
import re
from typing import TYPE_CHECKING

from seize.errors import SeizeError
from seize.symbols import Value
from seize.terminal.expressions import Failed
from seize.terminal.table import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from seize.debug import Thread
    from seize.terminal.session import Session

AT_HAND = ("debugger", "process", "thread", "frame", "registers", "memory", "session")
_ASSIGNS = re.compile(r"[A-Za-z_][\w.\[\]'\", ]*\s*([-+*/%&|^]|//|\*\*|<<|>>)?=(?!=)")
_REACHES = re.compile(r"([A-Za-z_]\w*)(\s*\.|\s*\[|\()")
_STATEMENT = re.compile(
    r"(for|while|def|class|with|try|import|from|async|assert|raise|global|lambda|@)\b"
)
_WORD = re.compile(r"[\w.-]+")


class Namespace(dict[str, "Any"]):
    """The names that Python sees: what is selected now, and what the user has defined."""

    def __init__(self, session: Session) -> None:
        super().__init__(__name__="seize.terminal", __builtins__=__builtins__)
        self._session = session

    def __contains__(self, name: object) -> bool:
        return name in AT_HAND or super().__contains__(name)

    def __missing__(self, name: str) -> Any:
        session = self._session
        match name:
            case "debugger":
                return session.debugger
            case "session":
                return session
            case "process":
                return session.selection.current
            case "thread":
                return session.selection.chosen
            case "frame":
                return session.frame
            case "registers":
                return session.thread.registers
            case "memory":
                return session.process.memory
        raise KeyError(name)

    def words(self) -> Iterator[str]:
        """The names, for completion."""
        yield from AT_HAND
        yield from (name for name in self if not name.startswith("__"))


def namespace(session: Session) -> Namespace:
    """Make the names that Python sees in a session."""
    import re as pattern

    import seize
    from seize import debug

    names = Namespace(session)
    names.update(seize=seize, re=pattern)
    for name in getattr(debug, "__all__", ()):
        names[name] = getattr(debug, name)
    return names


def names_of(session: Session, thread: Thread) -> dict[str, Any]:
    """The names that a condition sees: those of the session, with another thread selected."""
    names: dict[str, Any] = dict(session.names)
    names.update(debugger=session.debugger, process=thread.process, thread=thread)
    names.update(registers=thread.registers, memory=thread.memory, frame=thread.frame)
    return names


def looks_like(line: str, names: Namespace) -> bool:
    """Whether a line is Python though its first word may be a command.

    So are assignments (``x = 5``), statements (``for …``), and what reaches into one of Python's
    names (``thread.registers``, ``process.maps()``).
    """
    if _STATEMENT.match(line) or _ASSIGNS.match(line):
        return not line.startswith(("set ", "p ", "print ", "call ", "info ", "display "))
    found = _REACHES.match(line)
    if found is None:
        return False
    # With a space, ``print (int) x`` is the command.
    return found[1] in names or (found[2] == "(" and _is_builtin(found[1]))


def _is_builtin(name: str) -> bool:
    import builtins

    return hasattr(builtins, name)


def run(session: Session, text: str) -> Any:
    """Run a line of Python, with the lines that belong to it; give what JSON is to have of it.

    Raises CommandError if it is no Python, Failed if it raises.
    """
    text = whole(session, text)
    try:
        code = compile(text, "<line>", "eval")
    except (SyntaxError, ValueError):
        try:
            compile(text, "<line>", "exec")
        except (SyntaxError, ValueError) as error:
            raise CommandError(_unknown(text, error)) from None
        return execute(session, text, "<line>")
    if text.isidentifier() and text not in session.names and not _is_builtin(text):
        raise CommandError(f'Undefined command: "{text}".  Try "help".')
    value = guarded(session, lambda: eval(code, session.names))
    if value is not None:
        session.names["_"] = value
        session.console.say(shown(value))
    return jsonable(value)


def execute(session: Session, text: str, path: str) -> None:
    """Run Python statements; CommandError if they are none, Failed if they raise."""
    try:
        code = compile(text, path, "exec")
    except (SyntaxError, ValueError) as error:
        raise CommandError(f"Python: {error}") from None
    guarded(session, lambda: exec(code, session.names))


def guarded(session: Session, function: Any) -> Any:
    """Call the user's code; what it prints is the debugger's output, what it raises is Failed."""
    import contextlib

    from seize.terminal.session import Quit

    class Out:
        encoding = "utf-8"
        write = staticmethod(session.console.write)

        def flush(self) -> None:
            """Nothing is held back."""

    try:
        with contextlib.redirect_stdout(Out()):  # type: ignore[type-var]
            value = function()
        session.catch_up()
    except (SeizeError, Quit, KeyboardInterrupt):
        raise
    except SystemExit as error:
        raise Quit(error.code if isinstance(error.code, int) else 0) from None
    except Exception as error:  # noqa: BLE001 (the user's code may raise anything)
        raise Failed(f"Python: {type(error).__name__}: {error}{_where(error)}") from None
    return value


def _where(error: Exception) -> str:
    """The line of the user's file that raised."""
    import traceback

    steps = [step for step in traceback.extract_tb(error.__traceback__) if step.line]
    own = [step for step in steps if "/seize/" not in step.filename]
    return f" ({own[-1].filename}:{own[-1].lineno})" if own else ""


def last_step(error: Exception) -> str:
    """The file and line where an error was raised."""
    import traceback

    steps = traceback.extract_tb(error.__traceback__)
    return f"{os.path.basename(steps[-1].filename)}:{steps[-1].lineno}" if steps else "?"


def whole(session: Session, text: str) -> str:
    """A statement with the lines that it goes on with, up to an empty one."""
    try:
        complete = codeop.compile_command(text, "<line>", "exec")
    except (SyntaxError, ValueError, OverflowError):
        return text
    if complete is not None:
        return text
    lines = [text]
    for line in session.input:
        if not line.strip() or line.strip() == "end":
            break
        lines.append(line)
    return "\n".join(lines) + "\n"


def _unknown(text: str, error: Exception) -> str:
    """What to say of a line that is neither a command nor Python."""
    found = _WORD.match(text)
    word = found[0] if found else text
    if found and (word == text or text[len(word)] == " "):
        return f'Undefined command: "{word}".  Try "help".'
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"Neither a command nor Python ({message}): {text.splitlines()[0]}"


def shown(value: Any) -> str:
    """A Python value as text: the program's values as the program's language has them."""
    return str(value) if isinstance(value, Value) else repr(value)


def jsonable(value: Any) -> Any:
    """A value for JSON: the program's values as Python's, others as they are."""
    if isinstance(value, Value):
        try:
            return value.to_python()
        except SeizeError as error:
            return {"error": str(error)}
    return value
