"""Breakpoints and watchpoints that the client sets: the packets Z and z, and their conditions."""

from __future__ import annotations

from seize.errors import MemoryFault, SeizeError
from seize.gdbserver.agent import Broken, Expression
from seize.gdbserver.console import show
from seize.gdbserver.description import describe
from seize.gdbserver.fields import Fields, Refused
from seize.gdbserver.table import OK, packet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.debug.breakpoints import Breakpoint
    from seize.debug.debugger import Condition
    from seize.debug.process import Process
    from seize.debug.thread import Thread
    from seize.debug.watchpoints import Watchpoint
    from seize.gdbserver.session import Session

    Key = tuple[int, int, int, int]

_KINDS = {2: "write", 3: "access", 4: "access"}
# x86 can't watch for reads alone; gdbserver refuses them, so that gdb watches for both.
_READ = 3
_SOFTWARE, _HARDWARE = 0, 1
_LONGEST_WATCH = 32


class ThreadState:
    """What an agent expression sees of a thread that has come to a breakpoint."""

    def __init__(self, thread: Thread, show: Callable[[str], None]) -> None:
        self.thread = thread
        self.show = show

    def register(self, number: int) -> int:
        """A register by its number in the target description."""
        registers = self.thread.registers
        known = describe(self.thread.process.machine, registers).registers
        if number >= len(known):
            raise Broken(f"there is no register {number}")
        return int.from_bytes(known[number].read(registers), "little")

    def read(self, address: int, size: int) -> bytes:
        """Memory as the program has it."""
        return self.thread.process.memory.read(address, size)


def _condition(
    conditions: tuple[Expression, ...], commands: tuple[Expression, ...]
) -> Callable[[Thread], bool]:
    """Decide whether a hit stops: where one of the conditions holds, or there is none.

    The commands run at such a hit; with commands, it doesn't stop.  A condition that can't be
    evaluated holds, as in gdbserver: the user is to see it.
    """

    def stops(thread: Thread) -> bool:
        state = ThreadState(thread, show)
        if conditions and not any(_holds(condition, state) for condition in conditions):
            skip_trap(thread)
            return False
        for command in commands:
            try:
                command.value(state)
            except (Broken, MemoryFault) as error:
                show(f"a breakpoint's command failed: {error}\n")
        return not commands

    return stops


def skip_trap(thread: Thread) -> None:
    """Send a thread past a breakpoint instruction of the program's own, as gdb's users expect.

    The program doesn't get the SIGTRAP then: gdb calls this a permanent breakpoint.
    """
    if is_at_trap(thread):
        thread.registers.pc += len(thread.process.machine.breakpoint)


def is_at_trap(thread: Thread) -> bool:
    """Whether a thread is at a breakpoint instruction of the program's own."""
    breakpoint_ = thread.process.machine.breakpoint
    return thread.process.memory.read_prefix(thread.registers.pc, len(breakpoint_)) == breakpoint_


def _holds(condition: Expression, state: ThreadState) -> bool:
    try:
        return condition.value(state) != 0
    except (Broken, MemoryFault):
        return True


class Points:
    """What this client has set, by process, type, address and length."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.set: dict[Key, Breakpoint | Watchpoint] = {}

    def insert(self, key: Key, condition: Condition | None) -> None:
        """Set one; one that is there gets the new condition."""
        pid, kind, address, length = key
        present = self.set.get(key)
        process = self.session.process(pid)
        if present is not None:
            present.condition = condition
            # It may have vanished with a library, and another one is mapped there.
            present.place(process)
            return
        debugger = self.session.debugger
        if kind in _KINDS:
            made: Breakpoint | Watchpoint = debugger.watch(
                address, size=length, kind=_KINDS[kind], condition=condition, process=process
            )
        else:
            made = debugger.breakpoint(
                address, condition=condition, process=process, hardware=kind == _HARDWARE
            )
        self.set[key] = made

    def remove(self, key: Key) -> None:
        """Delete one; it is no error if there is none."""
        found = self.set.pop(key, None)
        if found is not None:
            found.delete()

    def inherit(self, parent: Process, child: Process) -> None:
        """Set in a child what its parent has: fork(2) has copied the memory, clients say."""
        for key, point in list(self.set.items()):
            if key[0] == parent.pid:
                self.insert((child.pid, *key[1:]), point.condition)

    def forget(self, process: Process) -> None:
        """Delete all of a process, which has ended or runs another program."""
        for key in [key for key in self.set if key[0] == process.pid]:
            self.remove(key)

    def clear(self) -> None:
        """Delete all: the client has gone."""
        for key in list(self.set):
            self.remove(key)

    def is_hardware(self, point: Breakpoint | Watchpoint) -> bool:
        """Whether the client has asked for this one as a hardware breakpoint."""
        return any(found is point and key[1] == _HARDWARE for key, found in self.set.items())

    def kind_of(self, watchpoint: Watchpoint) -> int:
        """The type by which the client has set a watchpoint."""
        return next((key[1] for key, found in self.set.items() if found is watchpoint), 2)


class Unknown(Refused):
    """A type of breakpoint that we don't know: the reply is empty."""


def _key(session: Session, fields: Fields) -> Key:
    kind = fields.number()
    if kind not in (_SOFTWARE, _HARDWARE, *_KINDS):
        raise Unknown
    fields.expect(b",")
    address, length = fields.pair()
    return session.process().pid, kind, address, length


def _expressions(fields: Fields) -> tuple[tuple[Expression, ...], tuple[Expression, ...]]:
    """Read ``;X…`` (conditions) and ``;cmds:…`` (commands)."""
    conditions: list[Expression] = []
    commands: list[Expression] = []
    into = conditions
    while fields.skip(b";"):
        if fields.skip(b"cmds:"):
            into = commands
            fields.number()  # whether they persist without us: not here
            fields.expect(b",")
        while fields.skip(b"X"):
            length = fields.number()
            fields.expect(b",")
            code = fields.take(2 * length)
            into.append(Expression(Fields(code).hexadecimal()))
    fields.end()
    return tuple(conditions), tuple(commands)


@packet("Z")
def insert(session: Session, fields: Fields) -> bytes | None:
    """``Z type,addr,kind[;X…][;cmds:…]``: set a breakpoint or watchpoint."""
    try:
        key = _key(session, fields)
    except Unknown:
        return b""
    conditions, commands = _expressions(fields)
    _, kind, address, length = key
    if kind == _READ:
        return b""
    if kind in _KINDS and not 0 < length <= _LONGEST_WATCH:
        raise Refused(f"{length} bytes can't be watched")
    if kind not in _KINDS:
        # A breakpoint where nothing is mapped would otherwise wait for a library.
        session.process().memory.read(address, 1)
    condition = _condition(conditions, commands) if conditions or commands else None
    session.points.insert(key, condition)
    return OK


@packet("z")
def remove(session: Session, fields: Fields) -> bytes | None:
    """``z type,addr,kind``: delete a breakpoint or watchpoint."""
    try:
        key = _key(session, fields)
    except Unknown:
        return b""
    fields.end()
    try:
        session.points.remove(key)
    except SeizeError as error:
        raise Refused(str(error)) from error
    return OK
