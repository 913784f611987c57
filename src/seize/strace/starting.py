"""How a trace begins and how it ends: who is traced, as whom, and what signals do to us.

An interrupted trace passes the signal on to the command and lets everybody go, as it was found.
Processes under a seccomp filter can't be let go: the calls that it wants would fail.  So the
tracer stays with them, silent, until they have ended; a second signal kills them.
"""

from __future__ import annotations

import os
import signal as signals

from seize import kernel
from seize._frozen import replace
from seize.engine import Tracer
from seize.errors import AccessDenied, SeizeError, TraceeGone
from seize.strace.manners import told
from seize.strace.unwanted import FilteringDecoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from seize.callsets.filters import CallFilter
    from seize.decode import Decoder
    from seize.engine.launch import Identity, Waiting
    from seize.engine.protocols import CallDecoder
    from seize.strace.filtering import Wanted
    from seize.strace.settings import Settings
    from seize.strace.tool import Tool
    from seize.tampering import Tampering

FATAL_SIGNALS = (signals.SIGHUP, signals.SIGINT, signals.SIGQUIT, signals.SIGTERM)
ANYWHERE, NEVER, NEVER_TSTP = 1, 3, 4
"""Levels of ``-I``: when a fatal signal ends the trace (2: when the loop comes round)."""
_NO_ID = 0xFFFFFFFF


def tracer_of(
    settings: Settings,
    decoder: Decoder,
    tampering: Tampering | None,
    usage: kernel.Usage | None = None,
    shown: CallDecoder | None = None,
) -> Tracer:
    """The tracer that the settings ask for; ``shown`` decodes in the place of ``decoder``."""
    return Tracer(
        follow=settings.follow,
        exitkill=settings.kill_on_exit,
        decoder=shown or decoder,
        placement=settings.placement,
        seccomp=_wanted(settings, decoder.calls if isinstance(decoder, FilteringDecoder) else None),
        tampering=tampering,
        usage=usage,
    )


def _wanted(settings: Settings, shown: CallFilter | None) -> Wanted | None:
    """The calls that an in-kernel filter lets stop; None without one."""
    if shown is None or shown.everything:
        return None
    from seize.strace import filtering

    return filtering.wanted(settings, shown) if filtering.may_filter(settings) else None


def _program(settings: Settings) -> bytes | None:
    """The in-kernel filter itself."""
    from seize.callsets.filters import CallFilter
    from seize.engine import seccomp

    wanted = _wanted(settings, CallFilter(settings.trace))
    if wanted is None or not seccomp.is_available():
        return None
    return seccomp.Filter(wanted).program


def exchange(settings: Settings) -> Waiting:
    """Become the tracer of a command that runs as the process that was started (-D, -DD, -DDD).

    Returns in the tracer only, which is alone, in a process group (-DD) or a session (-DDD).
    """
    from seize.engine import exchange as places
    from seize.engine import launch

    command, executable = _argv(settings)
    user = user_of(settings)
    streams = (None, None, None)
    plan = launch.plan(command, executable, environment(settings), None, user, streams, "seize")
    plan = replace(plan, program=_program(settings))
    waiting = places.exchange(plan)
    if settings.daemonize == "pgroup":
        os.setpgid(0, 0)
    elif settings.daemonize == "session":
        os.setsid()
    return waiting


def start(tool: Tool, waiting: Waiting | None = None) -> None:
    """Attach to the processes, start the command, and take over the signals.

    ``waiting`` is the process that becomes the command, where that is there already (-D).
    """
    settings = tool.settings
    _catch_signals(tool)
    _attach_all(tool)
    if settings.command:
        if settings.seccomp == "always":
            _tell_why_unfiltered(tool, tool.tracer.filter is None)
        command, executable = _argv(settings)
        tool.command = tool.tracer.spawn(
            command,
            executable=executable,
            env=environment(settings),
            user=user_of(settings),
            waiting=waiting,
        )
    if waiting is not None:
        pid = waiting.pid
        tool.comes_or_goes("attached", [pid], pid, f"Process {pid} attached")
    # The rest only now, so that the command doesn't inherit it.  We may write from the background;
    # and a shell that starts us there ignores SIGINT, which is how we are asked to end.
    for signum in (signals.SIGTTOU, signals.SIGTTIN):
        signals.signal(signum, signals.SIG_IGN)
    if settings.interruptible != ANYWHERE:
        _catch_signals(tool, (signals.SIGINT, signals.SIGQUIT), ignored=True)


def _argv(settings: Settings) -> tuple[tuple[str, ...], str]:
    """The command's words as it sees them, and the program to run."""
    command = settings.command
    first = command[0] if settings.argv0 is None else settings.argv0
    return (first, *command[1:]), command[0]


def environment(settings: Settings) -> dict[str, str]:
    """Our environment as it was given, with the changes that the settings ask for (-E)."""
    variables = dict(os.environ)
    if "LC_CTYPE" in variables and os.path.exists("/proc/self/environ"):
        # In the C locale, Python sets LC_CTYPE (PEP 538).
        with open("/proc/self/environ", "rb") as file:
            if not any(entry.startswith(b"LC_CTYPE=") for entry in file.read().split(b"\0")):
                del variables["LC_CTYPE"]
    for change in settings.env:
        name, sets, value = change.partition("=")
        if sets:
            variables[name] = value
        else:
            variables.pop(name, None)
    return variables


def user_of(settings: Settings) -> Identity | None:
    """Whom the command runs as (-u): NAME, UID, or UID:GID; SeizeError with strace's words."""
    user = settings.user
    if user is None:
        return None
    if os.getuid() or os.geteuid():
        raise SeizeError("You must be root to use the -u/--username option")
    import pwd

    uid, colon, gid = user.partition(":")
    try:
        if colon and _is_id(uid) and _is_id(gid):
            return int(uid), int(gid), ""
        entry = pwd.getpwuid(int(user)) if _is_id(user) else pwd.getpwnam(user)
    except (KeyError, ValueError):
        raise SeizeError(f"Cannot find user '{user}'") from None
    return entry.pw_uid, entry.pw_gid, entry.pw_name


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and int(text) < _NO_ID


def _tell_why_unfiltered(tool: Tool, unfiltered: bool) -> None:
    from seize.callsets.filters import CallFilter
    from seize.strace import filtering

    if unfiltered and filtering.may_filter(tool.settings):
        everything = _wanted(tool.settings, CallFilter(tool.settings.trace)) is None
        tool.message(filtering.NOTHING_TO_FILTER if everything else filtering.UNAVAILABLE)


# ---------------------------------------------------------------------- attaching


def _attach_all(tool: Tool) -> None:
    """Attach to the processes of -p; SeizeError if there is nothing to trace then."""
    settings, tracer = tool.settings, tool.tracer
    last = settings.attach[-1] if settings.attach else None
    for pid in dict.fromkeys(settings.attach):
        try:
            tids = _attach(tool, pid)
        except SeizeError as error:
            if pid == last and not tracer.tracees and not settings.command:
                raise
            tool.message(told(settings.name, error))
            continue
        more = f" with {len(tids)} threads" if len(tids) > 1 else ""
        tool.comes_or_goes("attached", tids, pid, f"Process {pid} attached{more}")


def _attach(tool: Tool, pid: int) -> list[int]:
    follow = tool.settings.follow
    try:
        process = tool.tracer.attach(pid, threads=follow)
    except AccessDenied as error:
        reasons = "; ".join(error.reasons)
        raise SeizeError(f"can't attach to process {pid}: {reasons}") from error
    except TraceeGone as error:
        raise SeizeError(f"can't attach to process {pid}: no such process") from error
    return list(process.tracees) if follow else [pid]


# ---------------------------------------------------------------------- signals


def _catch_signals(
    tool: Tool, which: tuple[signals.Signals, ...] = FATAL_SIGNALS, *, ignored: bool = False
) -> None:
    """Take over the fatal signals that aren't ignored (by nohup, say), or those that are."""
    level = tool.settings.interruptible
    for signum in which:
        if (signals.getsignal(signum) is signals.SIG_IGN) is not ignored:
            continue
        if level == ANYWHERE:
            signals.signal(signum, signals.SIG_DFL)
        else:
            signals.signal(signum, _do_nothing if level >= NEVER else _interrupter(tool))
    if level >= NEVER_TSTP:
        signals.signal(signals.SIGTSTP, _do_nothing)


def _interrupter(tool: Tool) -> Callable[[int, FrameType | None], None]:
    def interrupt(signum: int, frame: FrameType | None) -> None:
        """Leave the loop as soon as it can be left.

        Every tracee is asked to stop, so that the loop comes round even if the signal came in
        the moment before it began to wait.
        """
        tool.interrupted.append(signum)
        tool.tracer.interrupt()

    return interrupt


def _do_nothing(signum: int, frame: FrameType | None) -> None:
    """Take a signal without effect; unlike SIG_IGN, the command doesn't inherit that."""


# ---------------------------------------------------------------------- the end


def farewell(tool: Tool) -> None:
    """Pass an interrupt on to the command, and part with everybody who is still traced.

    Filtered processes can only be seen out, also when the trace can't be written any more.
    """
    try:
        _part(tool)
    finally:
        filtered = any(process.filtered for process in tool.tracer.processes.values())
        if filtered and not tool.settings.kill_on_exit:
            _see_out(tool)


def _part(tool: Tool) -> None:
    tracer, command = tool.tracer, tool.command
    if command is not None and tool.interrupted and command.tracees:
        os.kill(command.pid, signals.SIGCONT)
        os.kill(command.pid, tool.interrupted[0])
    for tracee in list(tracer.tracees.values()):
        if not (tracee.process.filtered or (tracer.exitkill and tracee.process.spawned)):
            tool.detached(tracee)
        else:
            tool.printer.detached(tracee)


def _see_out(tool: Tool) -> None:
    """Stay with the filtered processes until they have ended, or until another signal comes."""
    tracer, signals_before = tool.tracer, len(tool.interrupted)
    for process in list(tracer.processes.values()):
        if not process.filtered:
            tracer.detach(process)
    for _ in tracer:
        if len(tool.interrupted) > signals_before:
            return
