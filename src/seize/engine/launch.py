"""Starting a command under trace.

The child waits, before execve, until the tracer has it: attached by PTRACE_SEIZE while it is
blocked on a pipe (no signal is involved, so the program's are untouched), or, the traditional
way, by PTRACE_TRACEME and a SIGSTOP that is suppressed.  A second pipe, closed by execve,
brings back the error number of whatever failed in the child.
"""

from __future__ import annotations

import fcntl
import os
import signal
from errno import EACCES, EINVAL, ENOENT, ESRCH

from seize import kernel, ptrace
from seize._frozen import frozen, replace
from seize.abi._generated import ptrace as pt
from seize.engine.evidence import EXECVE_NAMES
from seize.engine.tracee import Tracee
from seize.errors import AccessDenied, LaunchError, NotStopped, TraceeGone, UsageError
from seize.stops import events

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn, Protocol, TypeAlias

    from seize.engine.process import Process
    from seize.engine.tracer import Tracer

    class HasFileno(Protocol):
        """A file object."""

        def fileno(self) -> int:
            """Return the descriptor."""
            ...

    Stream: TypeAlias = int | HasFileno | None
    Identity: TypeAlias = tuple[int, int, str]
    """A uid, a gid, and the name whose groups go with them ("" for none)."""

DEVNULL = -3
"""A stream that is /dev/null (the same number as ``subprocess.DEVNULL``)."""
METHODS = ("seize", "traceme")
FILTER = "filter"
"""The ``action`` of a LaunchError that says: the command's seccomp filter wasn't possible."""
_FIRST_FREE_FD = 3
_FAILURE = 1


@frozen
class Plan:
    """A command, looked up and ready to start."""

    path: str
    argv: tuple[str, ...]
    env: dict[str, str] | None
    cwd: str | None
    user: Identity | None
    streams: tuple[Stream, ...]
    method: str
    program: bytes | None = None
    """A seccomp filter for the command."""


@frozen
class Waiting:
    """A process that waits to be traced and to become the command.

    Writing to ``go_write`` lets it go on, closing that ends it; on ``error_read`` it tells what
    failed.
    """

    pid: int
    go_write: int
    error_read: int


def check_words(argv: object) -> None:
    """Raise UsageError for a text in the place of a command's words: it is a sequence, too."""
    if isinstance(argv, str | bytes):
        raise UsageError(f"a command is a list of words, not a text: {argv!r}")


def plan(
    argv: list[str] | tuple[str, ...],
    executable: str | None,
    env: dict[str, str] | None,
    cwd: str | None,
    user: str | int | Identity | None,
    streams: tuple[Stream, ...],
    method: str,
) -> Plan:
    """Check what can be checked before anything is started; raise LaunchError or UsageError."""
    check_words(argv)
    if not argv:
        raise UsageError("there is no command to start")
    if method not in METHODS:
        raise UsageError(f"unknown way to start a tracee: {method!r} (seize or traceme)")
    path = find_executable(executable or argv[0])
    identity = user if user is None or isinstance(user, tuple) else _identity(user)
    return Plan(path, tuple(argv), env, cwd, identity, streams, method)


def find_executable(command: str) -> str:
    """Look a command up in PATH, as execvp(3) does; LaunchError if there is none."""
    if "/" in command:
        candidates = [command]
    else:
        candidates = [os.path.join(folder, command) for folder in os.get_exec_path()]
    found_errno = ENOENT
    for path in candidates:
        if os.path.isfile(path):
            if os.access(path, os.X_OK, effective_ids=True):
                return path
            found_errno = EACCES
        elif "/" in command and os.path.exists(path):
            found_errno = EACCES
    raise LaunchError(command, found_errno)


def _identity(user: str | int) -> tuple[int, int, str]:
    import pwd

    try:
        entry = pwd.getpwuid(user) if isinstance(user, int) else pwd.getpwnam(user)
    except KeyError:
        if isinstance(user, int):
            return user, user, ""
        raise UsageError(f"there is no user {user!r}") from None
    return entry.pw_uid, entry.pw_gid, entry.pw_name


class Launch:
    """A child between fork and execve: the pipe on which it tells what failed."""

    def __init__(self, plan: Plan, error_fd: int) -> None:
        self._plan = plan
        self._error_fd = error_fd

    def close(self) -> None:
        """Forget the pipe: the command has started."""
        if self._error_fd >= 0:
            os.close(self._error_fd)
            self._error_fd = -1

    def error(self, errno: int) -> LaunchError:
        """The error of an execve that failed."""
        return LaunchError(self._plan.path, errno)

    def check(self) -> None:
        """Raise the child's LaunchError, if it reported one before it ended."""
        report = os.read(self._error_fd, 256) if self._error_fd >= 0 else b""
        self.close()
        if report:
            errno, _, action = report.decode().partition(" ")
            subject = self._plan.cwd if action == "chdir to" else self._plan.path
            raise LaunchError(subject or "", int(errno), action)


def start(tracer: Tracer, plan: Plan, waiting: Waiting | None = None) -> Process:
    """Fork, attach, and run the child up to its execve; unfiltered where a filter can't be had."""
    if tracer.filter is None:
        return _start(tracer, plan, waiting or _fork(tracer, plan))
    filtered = replace(plan, program=tracer.filter.program)
    try:
        return _start(tracer, filtered, waiting or _fork(tracer, filtered))
    except LaunchError as error:
        if error.action != FILTER or waiting is not None:
            raise
        tracer.filter = None
        return _start(tracer, plan, _fork(tracer, plan))


def _start(tracer: Tracer, plan: Plan, waiting: Waiting) -> Process:
    pid, go_write, error_read = waiting.pid, waiting.go_write, waiting.error_read
    launch = Launch(plan, error_read)
    try:
        status = tracer.registry.status(pid)
        if status is None:
            raise TraceeGone("spawn", pid, ESRCH)
        tracee = tracer.registry.add(pid, status, seized=plan.method == "seize")
        process = tracee.process
        process.spawned = True
        if plan.program is not None:
            process.filtered = True
            tracee.operation = pt.PTRACE_CONT
        if plan.method == "seize":
            ptrace.seize(pid, tracer.options_for(tracee))
            ptrace.interrupt(pid)
        else:
            tracee.needs_options = True
            os.write(go_write, b"g")
        tracer.starting = pid
        event = _run_to_execve(tracer, tracee, go_write)
        if isinstance(event, events.End):
            launch.check()
            raise TraceeGone("spawn", pid, ESRCH, "it was killed before its execve")
        if isinstance(event, events.SyscallEnter):
            tracer.launches[pid] = launch
        tracer.queue.append(event)
    except (AccessDenied, TraceeGone):
        abandon(tracer, pid)
        # If it ended by itself before it was attached, its own report says more.
        launch.check()
        raise
    except BaseException:
        abandon(tracer, pid)
        raise
    finally:
        tracer.starting = 0
        os.close(go_write)
        if pid not in tracer.launches:
            launch.close()
    return process


def _fork(tracer: Tracer, plan: Plan) -> Waiting:
    """Fork the child."""
    ends = go_read, go_write, error_read, error_write = pipes(plan)
    tracer.interrupts.put_back()
    try:
        pid = fork(plan)
    except LaunchError:
        tracer.interrupts.listen()
        for descriptor in ends:
            os.close(descriptor)
        raise
    if pid == 0:
        os.close(go_write)
        os.close(error_read)
        child(plan, go_read, error_write)
    tracer.interrupts.listen()
    os.close(go_read)
    os.close(error_write)
    return Waiting(pid, go_write, error_read)


def pipes(plan: Plan) -> tuple[int, int, int, int]:
    """Open the pipes to and from a child: where it reads, we write, we read, it writes."""
    opened: list[int] = []
    try:
        for _ in range(2):
            opened.extend(os.pipe())
    except OSError as error:
        for descriptor in opened:
            os.close(descriptor)
        raise LaunchError(plan.path, error.errno or 0, "start") from error
    go_read, go_write, error_read, error_write = opened
    return go_read, go_write, error_read, error_write


def fork(plan: Plan) -> int:
    """Perform fork(2); LaunchError if that isn't possible."""
    try:
        return os.fork()
    except OSError as error:
        raise LaunchError(plan.path, error.errno or 0, "start") from error


def abandon(tracer: Tracer, pid: int) -> None:
    """End a child whose launch failed, unless it has ended by itself."""
    tracee = tracer.registry.tracees.get(pid)
    if tracee is None:
        return
    if tracee.process.parent_pid != os.getpid() and not tracee.process.filtered:
        # It was here before us: untraced, it ends by itself.
        _set_free(tracer, tracee)
        return
    os.kill(pid, signal.SIGKILL)
    try:
        while os.WIFSTOPPED(kernel.waitpid(pid, kernel.WALL)[1]):
            # An exit event may be stopped at before the death; SIGKILL has ended that stop.
            continue
    except ChildProcessError:
        # It was never attached, and SIGCHLD is ignored, so the kernel has reaped it.
        pass
    tracer.registry.detached(tracee)


def _set_free(tracer: Tracer, tracee: Tracee) -> None:
    tracer.registry.detached(tracee)
    try:
        ptrace.detach(tracee.tid)
    except (TraceeGone, NotStopped):
        # It was never attached, or has been killed.
        return


def _run_to_execve(tracer: Tracer, tracee: Tracee, go_write: int) -> events.Event:
    """Resume the child, unseen, until it enters execve (or, without system calls, has exec'd).

    Return that event, or its end if it doesn't come so far.
    """
    released = not tracee.seized
    while True:
        tid, status = kernel.waitpid(tracee.tid, kernel.WALL)
        tracer.placement.begin(tid)
        event = tracer.event(tid, status)
        match event:
            case events.SyscallEnter(call=call) if call.name in EXECVE_NAMES:
                return event
            case events.Exec() | events.End():
                return event
            case None:
                continue
        if not released:
            # It is blocked on the pipe and in our hands: now it may go on.
            os.write(go_write, b"g")
            released = True
        tracer.resume(tracee)


def child(plan: Plan, go_read: int, error_write: int) -> NoReturn:
    """Become the command.  Runs in the child, and never returns."""
    action = "exec"
    try:
        error_write = _high(error_write)
        go_read = _high(go_read)
        if plan.method == "traceme":
            ptrace.traceme()
            os.kill(os.getpid(), signal.SIGSTOP)
        if not os.read(go_read, 1):
            # The tracer has given up, or died: nothing runs untraced.
            os._exit(_FAILURE)
        action = "redirect"
        _redirect(plan.streams)
        action = "chdir to"
        if plan.cwd is not None:
            os.chdir(plan.cwd)
        action = FILTER
        if plan.program is not None:
            # Here, because a user without privileges would have to give up more for it.
            from seize.engine import seccomp

            seccomp.install(plan.program)
        action = "become the user for"
        if plan.user is not None:
            _become(*plan.user)
        action = "exec"
        for ignored in (signal.SIGPIPE, signal.SIGXFSZ):
            # Python ignores these; the command should start with the default.
            signal.signal(ignored, signal.SIG_DFL)
        os.execve(plan.path, plan.argv, os.environ if plan.env is None else plan.env)
    except OSError as error:
        # The tracer may know it already, and not listen any more.
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        os.write(error_write, f"{error.errno} {action}".encode())
    except ValueError:
        # A NUL in a word, or a variable without a name: no system call can say that.
        os.write(error_write, f"{EINVAL} {action}".encode())
    finally:
        os._exit(_FAILURE)


def _high(descriptor: int) -> int:
    """Duplicate a descriptor out of the way of 0, 1 and 2; the copy is closed by execve."""
    return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _FIRST_FREE_FD)


def _redirect(streams: tuple[Stream, ...]) -> None:
    sources: list[int | None] = []
    for stream in streams:
        if stream is None:
            sources.append(None)
        elif stream == DEVNULL:
            sources.append(_high(os.open(os.devnull, os.O_RDWR)))
        else:
            number = stream if isinstance(stream, int) else stream.fileno()
            sources.append(_high(number))
    for target, source in enumerate(sources):
        if source is not None:
            os.dup2(source, target, inheritable=True)


def _become(uid: int, gid: int, name: str) -> None:
    if name:
        os.initgroups(name, gid)
    else:
        os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
