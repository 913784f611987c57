"""A tip at the end of a trace: --tips."""

from __future__ import annotations

from seize.errors import UsageError

FORMATS = ("none", "compact", "full")
RANDOM = "random"
_WIDTH = 60

TIPS = (
    "`seize trace --format json` writes an object for each event, with typed values, and `seize "
    "render` makes the text of it again, with other options if you like.",
    "`seize explain EAGAIN` (or openat, SIGPIPE, O_CLOEXEC …) tells what a word in a trace means.",
    "-e trace=%file shows what a program looks for; add -Z to see only what it didn't find.",
    "-P PATH shows the calls that name a file or use a descriptor of it, and no others.",
    "-yy tells what a descriptor is: the file, both ends of a connection, the device.",
    "With -f and a set of calls, the kernel itself leaves the other calls alone: the program runs "
    "nearly as fast as it does untraced.",
    "-c counts calls, errors and time. -c -w counts the time that has passed, with the waiting; "
    "-U time-total,wall-total,name shows both.",
    "-o '|COMMAND' gives the trace to a command, so the program's own output stays apart.",
    "-ff -o FILE writes a file for each thread: no line is cut by another thread's.",
    "-e inject=fsync:error=EIO:when=3 lets the third fsync fail. Does your program notice?",
    '`with seize.tamper("write", error="ENOSPC"):` in Python makes the disk full for whatever '
    "is started in the block.",
    "`seize sweep -- COMMAND` lets each call of a command fail in turn, and tells which failures "
    "went unnoticed.",
)


def choice(text: str) -> tuple[str, str]:
    """Read ``[[id:]ID],[[format:]FORMAT]``; UsageError in strace's words if it is neither."""
    number, style = RANDOM, "compact"
    for word in text.split(",") if text else ():
        kind, colon, value = word.partition(":")
        if not colon:
            kind, value = "format" if word in FORMATS else "id", word
        if kind == "id" and (value == RANDOM or (value.isascii() and value.isdecimal())):
            number = value
        elif kind == "format" and value in FORMATS:
            style = value
        else:
            raise UsageError(f"invalid --tips argument: '{text}'")
    return number, style


def tip(number: str, style: str) -> str:
    """The lines of a tip: the one with a number (they go round and round), or any."""
    if style == "none":
        return ""
    from textwrap import wrap

    index = _any() if number == RANDOM else int(number)
    index %= len(TIPS)
    lines = wrap(TIPS[index], _WIDTH)
    if style == "compact":
        return "".join([f"  {line}\n" for line in lines])
    title = f" tip {index} "
    return "".join(
        [
            f"┌{title}{'─' * (_WIDTH + 2 - len(title))}┐\n",
            *[f"│ {line:<{_WIDTH}} │\n" for line in lines],
            f"└{'─' * (_WIDTH + 2)}┘\n",
        ]
    )


def _any() -> int:
    from random import randrange

    return randrange(len(TIPS))
