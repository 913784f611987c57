"""The system calls of a command as a Python loop: ``for call in seize.trace(["ls"])``."""

from __future__ import annotations

from seize.callsets.filters import CallFilter
from seize.engine.launch import check_words
from seize.errors import UsageError
from seize.stops import End, Exited, Killed, SyscallEnter, SyscallExit
from seize.strace import starting
from seize.strace.printer import NEVER_RETURN
from seize.strace.settings import Settings
from seize.strace.tool import decoder_of
from seize.strace.unwanted import UnwantedCall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seize.decode import Call
    from seize.engine import Process, Tracer
    from seize.engine.launch import Stream
    from seize.stops import Event
    from seize.tampering import Fired, Rule

_EVERYTHING = 1 << 31


def trace(
    command: Sequence[str] | None = None,
    *,
    attach: int | None = None,
    only: str = "all",
    follow: bool = True,
    fd_paths: bool = False,
    verbose: bool = False,
    string_limit: int = _EVERYTHING,
    tamper: Iterable[Rule] = (),
    env: dict[str, str] | None = None,
    cwd: str | None = None,
    user: str | int | None = None,
    stdin: Stream = None,
    stdout: Stream = None,
    stderr: Stream = None,
) -> Calls:
    """Trace a command, or the process ``attach``, and hand out its system calls.

    >>> for call in trace(["ls"], only="openat"):
    ...     print(call.args.filename, call.result)

    ``only`` says which, as ``-e trace=`` does ("openat,close", "%file", "!read"); ``follow``
    includes the processes and threads that are created.  ``fd_paths`` tells what descriptors
    stand for (-y), ``verbose`` reads structs and arrays whole (-v), ``string_limit`` bounds
    the bytes of a string (-s; everything unless given).  ``tamper`` has rules of
    `seize.tampering.rule`.  The other arguments start the command: `seize.Tracer.spawn`.

    Where ``only`` leaves something out and nothing is tampered with, a command's calls are
    filtered in the kernel: the others run at native speed (docs/architecture.md).

    Nothing starts before the loop does.  Raises UsageError for a filter that means nothing, in
    the loop LaunchError and what else `Tracer` raises.
    """
    if (command is None) == (attach is None):
        raise UsageError("there must be either a command or a process to attach to")
    check_words(command)
    if string_limit < 0:
        raise UsageError(f"a string can't be shorter than nothing: {string_limit}")
    rules = tuple(tamper)
    settings = Settings(
        command=tuple(command or ()),
        attach=() if attach is None else (attach,),
        # Rules may be about any call, and look at its arguments.
        trace="all" if rules else only,
        decode_fds=frozenset(("path",) if fd_paths else ()),
        verbose=verbose,
        string_limit=string_limit,
        follow=follow,
        kill_on_exit=attach is None,
    )
    return Calls(settings, CallFilter(only), rules, env, cwd, user, (stdin, stdout, stderr))


class Calls:
    """What `trace` gives: the calls, each when it is over, in one loop (or one after the other).

    A call that never returns (exit_group, or one that its thread was killed in) is handed out
    too, with ``finished`` False.  ``returncode`` is the command's exit status once the loop has
    ended, negative for the signal that killed it, as `subprocess` has it.  Leaving the loop
    early kills the command, and lets an attached process go.  ``fired`` lists the calls that
    were tampered with.
    """

    def __init__(
        self,
        settings: Settings,
        only: CallFilter,
        rules: tuple[Rule, ...],
        env: dict[str, str] | None,
        cwd: str | None,
        user: str | int | None,
        streams: tuple[Stream, Stream, Stream],
    ) -> None:
        self._settings = settings
        self._decoder = decoder_of(settings)
        self._only = only
        self._rules = rules
        self._surroundings = (env, cwd, user, streams)
        self._current: dict[int, Call] = {}
        self.fired: list[Fired] = []
        self.returncode: int | None = None

    def __iter__(self) -> Iterator[Call]:
        # A generator that nobody else refers to: where the loop is left, it is closed at once.
        self._current.clear()
        self.returncode = None
        with self._tracer() as tracer:
            process = self._start(tracer)
            for event in tracer:
                call = self._call_of(event)
                if call is not None and self._is_wanted(call):
                    yield call
                if isinstance(event, Exited | Killed) and event.tid == process.pid:
                    self.returncode = process.returncode

    def _tracer(self) -> Tracer:
        tampering = None
        if self._rules:
            from seize.tampering import Tampering

            tampering = Tampering(self._rules)
            self.fired = tampering.fired
        return starting.tracer_of(self._settings, self._decoder, tampering)

    def _start(self, tracer: Tracer) -> Process:
        if self._settings.attach:
            return tracer.attach(self._settings.attach[0], threads=self._settings.follow)
        env, cwd, user, (stdin, stdout, stderr) = self._surroundings
        argv = self._settings.command
        return tracer.spawn(
            argv, env=env, cwd=cwd, user=user, stdin=stdin, stdout=stdout, stderr=stderr
        )

    def _is_wanted(self, call: Call) -> bool:
        if type(call) is UnwantedCall:
            return False
        # The decoder has sorted out the others, unless rules may be about all of them.
        return not self._rules or self._only.wants_name(call.name)

    def _call_of(self, event: Event) -> Call | None:
        """The call that an event ends."""
        if isinstance(event, SyscallEnter):
            if event.call.name in NEVER_RETURN:
                return event.call
            self._current[event.tid] = event.call
            return None
        if isinstance(event, SyscallExit):
            self._current.pop(event.tid, None)
            return event.call
        return self._current.pop(event.tid, None) if isinstance(event, End) else None
