"""Lines about frames, as gdb writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seize.errors import SeizeError
from seize.terminal import variables

if TYPE_CHECKING:
    from seize.debug import Thread
    from seize.symbols import Frame
    from seize.terminal.session import Session

ADDRESS_DIGITS = 16


def address(value: int, word_size: int = 8) -> str:
    """An address with all its digits, as in stacks and listings."""
    return f"0x{value:0{2 * word_size}x}"


def describe(session: Session, frame: Frame, *, level: bool = True, pc: bool | None = None) -> str:
    """One frame: ``#1  0x0000555555555195 in twice (p=0x7ffe…) at a.c:7``.

    The address is shown unless the frame is at the beginning of a line; ``pc`` forces it.
    """
    if frame.is_signal:
        return f"#{frame.level:<3}<signal handler called>" if level else "<signal handler called>"
    parts = [f"#{frame.level:<3}"] if level else []
    shown = pc if pc is not None else not frame.is_at_line_start
    shown = shown and (session.options["print address"] or not frame.file)
    if shown:
        word = session.selection.process().machine.word_size
        parts.append(f"{address(frame.pc, word)} in ")
    parts.append(f"{frame.function or '??'} ({arguments(frame)})")
    if frame.file:
        parts.append(f" at {frame.file}:{frame.line}")
    elif frame.image is not None and shown_library(session, frame):
        parts.append(f" from {frame.image.path}")
    return "".join(parts)


def shown_library(session: Session, frame: Frame) -> bool:
    """Whether a frame without source is of a library, which is named then."""
    path = frame.image.path if frame.image is not None else ""
    return path != "" and path != session.process.executable and not path.startswith("[")


def arguments(frame: Frame) -> str:
    """A frame's arguments: ``argc=1, argv=0x7ffe…``; what isn't a scalar is shown as ``...``."""
    return ", ".join(variables.arguments(frame))


def source_line(session: Session, frame: Frame, *, pc: bool = False) -> str | None:
    """The source line of a frame, with its number: ``7\\tint twice(…)``; None without source.

    Where the file isn't to be found, the line's number and the file are told, as gdb does.
    """
    if not frame.file or not frame.line:
        return None
    start = f"{address(frame.pc)}\t" if pc else ""
    found = session.sources.line(frame, frame.line)
    if found is None:
        return f"{start}{frame.line}\t{session.sources.missing(frame.file)}"
    return f"{start}{frame.line}\t{found}"


def show(session: Session, frame: Frame, *, only_line: bool = False, level: bool = False) -> None:
    """Tell where a thread is: the frame and its source line, or the line alone."""
    if not only_line or not frame.line:
        session.console.say(describe(session, frame, level=level))
    line = source_line(session, frame, pc=only_line and not frame.is_at_line_start)
    if line is not None:
        session.console.say(line)
        session.listing.around(frame)


def thread_name(thread: Thread) -> str:
    """What gdb calls a thread: ``Thread 0x7ffff7d86740 (LWP 123)``."""
    try:
        pointer = thread.registers["fs_base"]
    except SeizeError:
        return f"LWP {thread.tid}"
    return f"Thread {pointer:#x} (LWP {thread.tid})" if pointer else f"process {thread.tid}"


def show_place(session: Session) -> None:
    """Tell where the selected thread is."""
    try:
        show(session, session.frame)
    except SeizeError as error:
        session.console.say(f"({error})")
