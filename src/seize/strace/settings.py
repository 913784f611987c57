"""What a user may ask of a trace."""

from __future__ import annotations

from seize._frozen import frozen


@frozen
class Settings:
    """One trace: strace(1)'s options under their long names.

    ``command`` or ``attach`` (process ids) says what to trace, or both.  ``output`` is a path,
    or None for standard error.  ``timestamps`` is "", "s", "us" or "epoch" (-t, -tt, -ttt);
    ``times`` adds the seconds spent in each call (-T).  ``interruptible`` is strace's -I
    level, 1 to 3: from 3 on, fatal signals to the tracer are ignored.  ``name`` prefixes
    messages.
    """

    command: tuple[str, ...] = ()
    attach: tuple[int, ...] = ()
    output: str | None = None
    follow: bool = False
    trace: str = "all"
    string_limit: int = 32
    timestamps: str = ""
    times: bool = False
    column: int = 40
    quiet: int = 0
    kill_on_exit: bool = False
    interruptible: int = 2
    placement: str = "auto"
    name: str = "seize"
