"""What a user may ask of a trace."""

from __future__ import annotations

from seize._frozen import frozen


@frozen
class Settings:
    """One trace: strace(1)'s options under their long names.

    ``command`` or ``attach`` (process ids) says what to trace, or both.  ``output`` is a path,
    or None for standard error; ``format`` is "text" or "json".  ``verbose`` (-v), ``strings``
    (-x), ``constants`` (-X) and ``argument_names`` (-N) are those of
    `seize.decode.render.strace.StraceText`.  ``decode_fds`` says which details of descriptors
    are told (-y): "path", "socket", "dev", "pidfd", "eventfd", "signalfd".  ``timestamps`` is "",
    "s", "us" or "epoch" (-t, -tt, -ttt); ``times`` adds the seconds spent in each call (-T).
    ``quiet`` names the messages that are left out: "attach", "exit", "path-resolution",
    "personality", "thread-execve" (-q).  ``color`` is "auto", "always" or "never".
    ``interruptible`` is strace's -I level, 1 to 3: from 3 on, fatal signals to the tracer are
    ignored.  ``name`` prefixes messages.
    """

    command: tuple[str, ...] = ()
    attach: tuple[int, ...] = ()
    output: str | None = None
    format: str = "text"
    follow: bool = False
    trace: str = "all"
    string_limit: int = 32
    verbose: bool = False
    strings: str = ""
    constants: str = "abbrev"
    argument_names: bool = False
    syscall_number: bool = False
    instruction_pointer: bool = False
    decode_fds: frozenset[str] = frozenset()
    timestamps: str = ""
    times: bool = False
    column: int = 40
    color: str = "auto"
    quiet: frozenset[str] = frozenset()
    kill_on_exit: bool = False
    interruptible: int = 2
    placement: str = "auto"
    name: str = "seize"
