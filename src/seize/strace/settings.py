"""What a user may ask of a trace."""

from __future__ import annotations

from seize._frozen import frozen

STATUSES = frozenset(("successful", "failed", "unfinished", "unavailable", "detached"))
"""How a call may end, in the words of ``--status``."""


@frozen
class Settings:
    """One trace: strace(1)'s options under their long names.

    What to trace: ``command`` or ``attach`` (process ids), or both.  The command starts with
    ``argv0`` as its own name, as ``user`` ("NAME", "UID", "UID:GID"), with ``env`` applied to
    our environment ("VAR=VALUE" sets, "VAR" removes).  ``follow`` is -f; ``detach_on`` may
    hold "execve" (-b); ``daemonize`` is "", "grandchild", "pgroup" or "session" (-D, -DD,
    -DDD); ``interruptible`` strace's -I level, 1 to 4; ``syscall_limit`` ends the trace after
    so many calls; ``seccomp`` is "auto", "always" (--seccomp-bpf) or "never".

    What is shown: ``trace`` (-e trace), ``trace_fds``, ``signals``, ``raw``, ``abbrev``,
    ``dereference`` (-e verbose), ``reads`` and ``writes`` (the dumps) are strace's sets,
    ``[!]value,...`` (an empty ``trace_fds`` leaves nothing out); ``paths`` are those of -P;
    ``status`` is a part of `STATUSES`.  ``inject`` has pairs of "inject" or "fault" and the
    expression after the equals sign.

    How: ``output`` is a path, "|COMMAND" or "!COMMAND", or None for standard error; ``append``
    and ``separately`` are -A and -ff; ``format`` is "text" or "json".  ``verbose`` (-v),
    ``strings`` (-x), ``constants`` (-X) and ``argument_names`` (-N) are those of
    `seize.decode.render.strace.StraceText`.  ``decode_fds`` says which details of descriptors
    are told (-y): "path", "socket", "dev", "pidfd", "eventfd", "signalfd"; ``decode_pids``
    holds "comm" or "pidns"; ``secontext`` is a part of {"short", "full", "mismatch"};
    ``stack_trace`` is "", "symbol" (-k) or "source" (-kk), of ``stack_frames`` frames at most.
    ``timestamps`` is "", "time" or "unix" (-t, -ttt) to ``timestamp_precision``; a precision is
    "s", "ms", "us" or "ns".  ``relative`` (-r) and ``times`` (-T) are precisions, or "" for off.
    ``quiet`` names the messages that are left out: "attach", "exit", "path-resolution",
    "personality", "thread-execve" (-q).  ``color`` is "auto", "always" or "never".

    Statistics: ``summary`` is "", "only" (-c) or "also" (-C); ``summary_wall`` -w;
    ``summary_overhead`` seconds (-O), or None to measure it; ``summary_sort`` a column or
    "nothing"; ``summary_columns`` their names, or () for the usual ones.

    ``name`` prefixes messages.  ``debug`` is -d.  ``tips`` is the number of a tip to print at the
    end, or "random", and "none", "compact" or "full" (--tips).
    """

    command: tuple[str, ...] = ()
    attach: tuple[int, ...] = ()
    argv0: str | None = None
    user: str | None = None
    env: tuple[str, ...] = ()
    follow: bool = False
    detach_on: frozenset[str] = frozenset()
    daemonize: str = ""
    interruptible: int = 2
    kill_on_exit: bool = False
    syscall_limit: int | None = None
    seccomp: str = "auto"
    placement: str = "auto"
    trace: str = "all"
    trace_fds: str = ""
    paths: tuple[str, ...] = ()
    status: frozenset[str] = STATUSES
    signals: str = "all"
    raw: str = "none"
    abbrev: str = "all"
    dereference: str = "all"
    reads: str = "none"
    writes: str = "none"
    inject: tuple[tuple[str, str], ...] = ()
    kvm: frozenset[str] = frozenset()
    output: str | None = None
    append: bool = False
    separately: bool = False
    format: str = "text"
    string_limit: int = 32
    verbose: bool = False
    strings: str = ""
    constants: str = "abbrev"
    argument_names: bool = False
    syscall_number: bool = False
    instruction_pointer: bool = False
    decode_fds: frozenset[str] = frozenset()
    decode_pids: frozenset[str] = frozenset()
    secontext: frozenset[str] = frozenset()
    namespace: frozenset[str] = frozenset()
    stack_trace: str = ""
    stack_frames: int = 256
    timestamps: str = ""
    timestamp_precision: str = "s"
    relative: str = ""
    times: str = ""
    column: int = 40
    color: str = "auto"
    always_show_pid: bool = False
    quiet: frozenset[str] = frozenset()
    summary: str = ""
    summary_wall: bool = False
    summary_overhead: float | None = None
    summary_sort: str = "time"
    summary_columns: tuple[str, ...] = ()
    debug: bool = False
    tips: tuple[str, str] | None = None
    name: str = "seize"
