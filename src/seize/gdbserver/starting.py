"""Starting programs and attaching: vRun, vAttach, and what is set for the next program."""

from __future__ import annotations

from seize._frozen import frozen, replace
from seize.errors import SeizeError
from seize.gdbserver.console import say
from seize.gdbserver.fields import Fields, Refused, path
from seize.gdbserver.table import OK, packet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.gdbserver.session import Session


@frozen
class Program:
    """What is started, and how: gdbserver's settings of its next inferior.

    ``argv`` are the program and its arguments, ``wrapper`` a command that they are appended to.
    ``set_variables`` and ``unset`` change the environment that we have ourselves.  ``shell``:
    a shell starts it, as gdb does.  ``streams`` are descriptors, None for our own.
    """

    argv: tuple[str, ...] = ()
    wrapper: tuple[str, ...] = ()
    set_variables: tuple[tuple[str, str], ...] = ()
    unset: tuple[str, ...] = ()
    cwd: str | None = None
    shell: bool = True
    aslr: bool = False
    streams: tuple[int | None, int | None, int | None] = (None, None, None)

    def environment(self, ours: dict[str, str]) -> dict[str, str]:
        """The environment of the program."""
        made = {name: value for name, value in ours.items() if name not in self.unset}
        made.update(self.set_variables)
        return made

    def with_variable(self, name: str, value: str) -> Program:
        """Set a variable of its environment."""
        kept = tuple(pair for pair in self.set_variables if pair[0] != name)
        unset = tuple(each for each in self.unset if each != name)
        return replace(self, set_variables=(*kept, (name, value)), unset=unset)

    def command(self, shell: str) -> tuple[list[str], int]:
        """The words to execute, and how many execve(2) there are until the program runs."""
        words = [*self.wrapper, *self.argv]
        count = 2 if self.wrapper else 1
        if not self.shell:
            return words, count
        from shlex import join

        return [shell, "-c", f"exec {join(words)}"], count + 1


@packet("vRun")
def run(session: Session, fields: Fields) -> bytes | None:
    """``vRun;program[;argument]…``, in hexadecimal; without a program the last one again."""
    fields.expect(b";")
    words = [path(Fields(word).hexadecimal()) for word in fields.all().split(b";")]
    server = session.server
    program = words[0] or (server.program.argv or ("",))[0]
    if not program:
        raise Refused("no program was named")
    server.program = replace(server.program, argv=(program, *words[1:]))
    thread = server.start()
    session.select(thread)
    return session.reporting.now(thread)


@packet("vAttach")
def attach(session: Session, fields: Fields) -> bytes | None:
    """``vAttach;pid``: attach to a process."""
    fields.expect(b";")
    pid = fields.number()
    fields.end()
    if pid in session.debugger.processes:
        raise Refused(f"process {pid} is debugged already")
    try:
        thread = session.server.attach(pid)
    except SeizeError as error:
        # gdb says only that it has failed.
        say(f"Cannot attach to process {pid}: {error}")
        raise
    session.select(thread)
    if session.debugger.non_stop:
        for each in thread.process.threads.values():
            session.reporting.notify(each, session.reporting.now(each))
        return OK
    return session.reporting.stop_reply(thread, 0, [])


@packet("!")
def extend(session: Session, fields: Fields) -> bytes | None:
    """``!``: the server is to stay when the program has ended, and can start others."""
    fields.end()
    session.server.extended = True
    return OK


def _program(session: Session, **changes: object) -> bytes:
    session.server.program = replace(session.server.program, **changes)
    return OK


@packet("QDisableRandomization")
def disable_randomization(session: Session, fields: Fields) -> bytes | None:
    """``QDisableRandomization:1`` or ``:0``: are the addresses of the next program fixed?"""
    return _program(session, aslr=not fields.flag())


@packet("QStartupWithShell")
def startup_with_shell(session: Session, fields: Fields) -> bytes | None:
    """``QStartupWithShell:1`` or ``:0``."""
    return _program(session, shell=fields.flag())


@packet("QSetWorkingDir")
def set_working_dir(session: Session, fields: Fields) -> bytes | None:
    """``QSetWorkingDir:[hex]``: the folder of the next program; none: ours."""
    fields.expect(b":")
    return _program(session, cwd=path(fields.hexadecimal()) or None)


def _variable(fields: Fields) -> tuple[str, str]:
    fields.expect(b":")
    name, equals, value = path(fields.hexadecimal()).partition("=")
    if not name or not equals:
        raise Refused("this is no NAME=VALUE")
    return name, value


@packet("QEnvironmentHexEncoded")
def set_variable(session: Session, fields: Fields) -> bytes | None:
    """``QEnvironmentHexEncoded:hex``: NAME=VALUE for the next program."""
    name, value = _variable(fields)
    session.server.program = session.server.program.with_variable(name, value)
    return OK


@packet("QEnvironmentUnset")
def unset_variable(session: Session, fields: Fields) -> bytes | None:
    """``QEnvironmentUnset:hex``: the next program won't have this variable."""
    fields.expect(b":")
    name = path(fields.hexadecimal())
    if not name or "=" in name:
        raise Refused("this is no name of a variable")
    program = session.server.program
    kept = tuple(pair for pair in program.set_variables if pair[0] != name)
    return _program(session, set_variables=kept, unset=(*program.unset, name))


@packet("QEnvironmentReset")
def reset_environment(session: Session, fields: Fields) -> bytes | None:
    """``QEnvironmentReset``: the next program has our own environment."""
    fields.end()
    return _program(session, set_variables=(), unset=())
