"""What the command line of ``seize debug`` says."""

from __future__ import annotations

from seize._frozen import frozen


@frozen
class Settings:
    """What to debug, and how the debugger behaves.

    One of ``argv`` (a command), ``pid`` (a running process) and ``core`` (a core file, whose
    program ``argv`` names if it isn't where it was) is given, or none.
    ``script`` is what to do first: pairs of ``"file"`` and a path, or ``"command"`` and a line.
    ``batch`` ends after that, ``json`` writes one object a line, ``tui`` begins with panes.
    """

    argv: tuple[str, ...] = ()
    pid: int = 0
    core: str = ""
    script: tuple[tuple[str, str], ...] = ()
    batch: bool = False
    json: bool = False
    tui: bool = False
    quiet: bool = False
    cwd: str | None = None
    environment: tuple[str, ...] = ()
    aslr: bool = False
    non_stop: bool = False
