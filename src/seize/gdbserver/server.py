"""The server: clients, one after the other, and the processes that they debug."""

from __future__ import annotations

import os
from time import time

from seize._frozen import frozen, replace
from seize.debug import reasons
from seize.debug.debugger import Debugger
from seize.errors import SeizeError
from seize.gdbserver import packets
from seize.gdbserver.connection import Address, Connection, Listener
from seize.gdbserver.console import say
from seize.gdbserver.session import Session
from seize.gdbserver.starting import Program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.debug.process import Process
    from seize.debug.reasons import DebugStop
    from seize.debug.thread import Thread

NO_AUTHENTICATION = (
    "The protocol has no authentication: whoever can connect can run commands as this user."
)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_THREADS = ("vCont", "Tthread", "qC", "qfThreadInfo")
"""What --disable-packet=threads stands for."""


@frozen
class Settings:
    """What the command line says: where to listen, and how long to stay.

    ``once``: one client only.  ``disabled`` are names of packets that aren't answered.
    ``debug``: packets are shown on standard error.  ``version`` is ours.
    """

    address: Address
    once: bool = False
    extended: bool = False
    disabled: tuple[str, ...] = ()
    debug: bool = False
    version: str = ""


class StartupFailed(SeizeError):
    """A shell or a wrapper has ended instead of becoming the program."""

    def __init__(self, how: str) -> None:
        super().__init__(f"During startup program {how}")


class Server:
    """Serves clients until there is nothing more to do.

    ``program`` is what is started next, ``extended`` stays when a client has asked for it once,
    ``exiting`` ends the server with the session.
    """

    def __init__(self, settings: Settings, program: Program, debugger: Debugger) -> None:
        self.settings = settings
        self.program = program
        self.debugger = debugger
        self.extended = settings.extended
        self.exiting = False
        self.debugging = settings.debug
        self.timestamps = False
        # First threads of programs that may still have to return from their execve(2).
        self.started: set[Thread] = set()
        self._left: list[int] = []
        self._attached: Process | None = None
        self._line: tuple[int, int] | None = None
        self._listener: Listener | None = None
        names = {*settings.disabled, *(_THREADS if "threads" in settings.disabled else ())}
        # Two of them are no packets of the client's: a stop reply, and a word in it.
        self.plain_stops = "T" in names
        self.nameless_stops = "Tthread" in names
        self._disabled = {name.encode() for name in names - {"T", "Tthread"}}
        packets.load()

    def is_disabled(self, name: bytes) -> bool:
        """Whether a packet is to be treated as unknown."""
        return name in self._disabled

    def note(self, direction: str, data: bytes) -> None:
        """Show a packet, if that is wanted."""
        if self.debugging:
            when = f"{time():.6f} " if self.timestamps else ""
            say(f"{when}{direction} {data.decode('latin-1')!r}")

    # ------------------------------------------------------------------ processes

    def start(self) -> Thread:
        """Start the program, and bring it to its first instruction."""
        self.program = replace(self.program, argv=_located(self.program.argv))
        words, count = self.program.command(os.environ.get("SHELL") or "/bin/sh")
        stdin, stdout, stderr = self.program.streams
        process = self.debugger.spawn(
            words,
            env=self.program.environment(dict(os.environ)),
            cwd=self.program.cwd,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            aslr=self.program.aslr,
        )
        if count > 1:
            self._follow_execs(process, count - 1)
        say(f"Process {self.program.argv[0]} created; pid = {process.pid}")
        thread = next(iter(process.threads.values()))
        # That it became the program by execve(2) is no news to the client.
        thread.stop = None
        self.started = {thread, *(each for each in self.started if each.alive)}
        return thread

    def _follow_execs(self, process: Process, count: int) -> None:
        """Let a shell and a wrapper run until they have become the program."""
        others: list[DebugStop] = []
        caught = self.debugger.catch("exec", process=process)
        try:
            while count:
                self.debugger.resume(process)
                stop = self.debugger.wait()
                if stop is not None and stop.process is not process:
                    others.append(stop)
                elif isinstance(stop, reasons.ExecCaught):
                    count -= 1
                elif isinstance(stop, reasons.ProcessExited):
                    raise StartupFailed(f"exited with code {stop.status}.")
                elif isinstance(stop, reasons.ProcessKilled):
                    raise StartupFailed(f"terminated with signal {stop.signal}.")
        finally:
            caught.delete()
            self.debugger.control.tell_again(others)

    def attach(self, pid: int) -> Thread:
        """Attach to a process."""
        process = self.debugger.attach(pid)
        say(f"Attached; pid = {pid}")
        return process.threads.get(pid) or next(iter(process.threads.values()))

    def release_attached(self) -> None:
        """Let all threads but the first of a process run that was just attached to.

        In non-stop mode gdbserver stops but one of them, and gdb 13 fails an assertion of its own
        if it is told of several when it connects.
        """
        process, self._attached = self._attached, None
        if process is not None:
            for thread in list(process.threads.values()):
                if thread.tid != process.pid:
                    self.debugger.resume(thread)

    def detach(self, process: Process) -> None:
        """Let a process go; one that we have started is waited for at the end."""
        say(f"Detaching from process {process.pid}")
        spawned = process.spawned
        self.debugger.detach(process)
        if spawned:
            self._left.append(process.pid)

    # ------------------------------------------------------------------ clients

    def open(self) -> None:
        """Begin to listen, before anything is started; SeizeError if that is impossible."""
        if self.settings.address.kind == "stdio":
            self._line = line_of_standard_streams()
        else:
            self._listener = Listener(self.settings.address)

    def run(self) -> int:
        """Serve, and return the exit status."""
        attached = (each for each in self.debugger.processes.values() if not each.spawned)
        self._attached = next(attached, None)
        if self._line is not None:
            self.serve(Connection(*self._line, self.debugger.wake, "standard input"))
            return self._end()
        listener = self._listener
        assert listener is not None
        try:
            self._tell(listener)
            while True:
                client, peer = listener.accept()
                say(f"Remote debugging from {peer}")
                descriptor = client.detach()
                if self.settings.once:
                    listener.close()
                self.serve(Connection(descriptor, descriptor, self.debugger.wake, peer))
                if self._is_done():
                    return self._end()
                say("Remote side has terminated connection.  GDBserver will reopen the connection.")
                if not listener.sockets:
                    return self._end()
                self._tell(listener)
        finally:
            listener.close()

    def _tell(self, listener: Listener) -> None:
        address = self.settings.address
        if address.kind == "unix":
            say(f"Listening on {address.where}")
            return
        say(f"Listening on port {listener.port}")
        say(NO_AUTHENTICATION)
        if address.where not in _LOOPBACK:
            say(f"It listens on {address.where}: other machines may connect.")

    def serve(self, connection: Connection) -> None:
        """Serve one client, until it has gone."""
        session = Session(self, connection)
        connection.start()
        try:
            session.run()
        except BaseException:
            # A signal may strike in the middle of anything: an event may be lost, and nobody could
            # be stopped any more.  Closing the debugger looks first at what is there.
            connection.close()
            raise
        connection.close()
        session.close()
        self._attached = None

    def _is_done(self) -> bool:
        if self.exiting or self.settings.once:
            return True
        return not self.extended and not self.debugger.processes

    def _end(self) -> int:
        """Kill what was started, let go what was attached to, and wait for what was left."""
        started = [process for process in self.debugger.processes.values() if process.spawned]
        attached = [each for each in self.debugger.processes.values() if not each.spawned]
        if started:
            say(f"Killing process(es): {' '.join(str(each.pid) for each in started)}")
        if attached:
            say(f"Detaching process(es): {' '.join(str(each.pid) for each in attached)}")
        self.debugger.close()
        for pid in self._left:
            try:
                os.waitpid(pid, 0)
            except ChildProcessError:
                continue
        return 0


def _located(argv: tuple[str, ...]) -> tuple[str, ...]:
    """Take a program without a folder from ours, if it is there; else PATH leads to it."""
    program, *arguments = argv
    if "/" not in program and os.path.exists(program):
        program = os.path.abspath(program)
    return program, *arguments


def line_of_standard_streams() -> tuple[int, int]:
    """Take our standard input and output for the line; return their new descriptors.

    The program, and we, read /dev/null and write to standard error instead.
    """
    reading, writing = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)
    os.close(null)
    say("stdin/stdout redirected")
    return reading, writing
