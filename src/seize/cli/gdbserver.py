"""``seize gdbserver``: gdb and lldb debug programs here from elsewhere."""

from __future__ import annotations

from seize.cli import show
from seize.cli.options import Found, describe, option, parse
from seize.cli.persona import SEIZE, VERSION
from seize.errors import UsageError
from seize.gdbserver.connection import parse as parse_address

OPTIONS = (
    option("--attach", "", "attach to a running process: COMM PID"),
    option("--multi", "", "start without a program; gdb connects by target extended-remote"),
    option("--once", "", "end with the first connection"),
    option(
        "--wrapper",
        "WORD…",
        "run the program by this command, which has to execute its arguments in the end; a -- "
        "ends its words",
    ),
    option("--startup-with-shell", "", "let a shell start the program (the default)"),
    option("--no-startup-with-shell", "", "execute the program directly"),
    option("--disable-randomization", "", "the program's addresses are fixed (the default)"),
    option("--no-disable-randomization", "", "the program's addresses are random"),
    option(
        "--disable-packet",
        "PACKET",
        "don't understand this packet, for testing clients: vCont, T, qC, qfThreadInfo, "
        "threads (all of these), or any other; may be repeated",
    ),
    option("--debug", "[=WHAT]", "show the packets on standard error", also="--remote-debug"),
    option("--version", "", "the version"),
    option("-h --help", "", "this page"),
)
USAGE = """\
usage: seize gdbserver [OPTION…] COMM PROGRAM [ARGUMENT…]
       seize gdbserver [OPTION…] --attach COMM PID
       seize gdbserver [OPTION…] --multi COMM

Lets gdb or lldb debug a program on this machine, as gdbserver does. COMM is where to wait for
it: HOST:PORT or :PORT (tcp:, tcp4: or tcp6: before it, an IPv6 address in brackets; port 0 lets
the system choose), unix:PATH, or stdio (or -) for standard input and output, as in

    (gdb) target remote | ssh HOST seize gdbserver stdio PROGRAM

The protocol has no authentication: whoever can connect can run commands as this user. So without
a HOST only this machine can connect; to let others in, say so: 0.0.0.0:PORT.

"""


def run(arguments: list[str]) -> int:
    """Parse the words after ``seize gdbserver``, and serve."""
    words, wrapper = _wrapper(arguments)
    options, rest = parse(OPTIONS, words, "gdbserver")
    chosen = {found.name for found in options}
    if "--help" in chosen:
        show(USAGE + describe(OPTIONS))
        return 0
    if "--version" in chosen:
        show(SEIZE.version())
        return 0
    if not rest:
        raise UsageError("there must be a COMM (try 'seize gdbserver --help')")
    return _serve(options, chosen, wrapper, rest)


def _wrapper(arguments: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Take ``--wrapper WORD… --`` out of the options."""
    for position, word in enumerate(arguments):
        if not word.startswith("--"):
            break
        if word != "--wrapper":
            continue
        if "--" not in arguments[position:]:
            raise UsageError("the words of --wrapper must end with --")
        end = arguments.index("--", position)
        words = tuple(arguments[position + 1 : end])
        if not words:
            raise UsageError("--wrapper needs a command")
        return arguments[:position] + arguments[end + 1 :], words
    return list(arguments), ()


def _serve(
    options: list[Found], chosen: set[str], wrapper: tuple[str, ...], rest: list[str]
) -> int:
    comm, *words = rest
    attaching, multi = "--attach" in chosen, "--multi" in chosen
    if words[:1] == ["--attach"]:
        # Where it stood in older versions of gdbserver.
        attaching, words = True, words[1:]
    address = parse_address(comm)
    pid = _pid(words) if attaching else 0
    if attaching and multi:
        raise UsageError("--attach and --multi exclude each other")
    if not attaching and not multi and not words:
        raise UsageError("there must be a PROGRAM (try 'seize gdbserver --help')")
    from seize.debug.debugger import Debugger
    from seize.debug.ending import orderly
    from seize.gdbserver.console import say
    from seize.gdbserver.server import Server, Settings, StartupFailed
    from seize.gdbserver.starting import Program

    last = {found.name: found for found in options}
    order = [found.name for found in options]
    disabled = tuple(f.value or "" for f in options if f.name == "--disable-packet")
    settings = Settings(
        address,
        once="--once" in chosen,
        extended=multi,
        disabled=disabled,
        debug="--debug" in last,
        version=VERSION,
    )
    program = Program(
        () if attaching else tuple(words),
        wrapper=wrapper,
        shell=_last(order, "startup-with-shell", default=True),
        aslr=not _last(order, "disable-randomization", default=True),
    )
    with orderly(), Debugger(placement="off") as debugger:
        server = Server(settings, program, debugger)
        server.open()
        if attaching:
            server.attach(pid)
        elif program.argv:
            try:
                server.start()
            except StartupFailed as failed:
                say(f"{failed}\nExiting")
                return 1
        return server.run()


def _last(order: list[str], name: str, *, default: bool) -> bool:
    """What of ``--name`` and ``--no-name`` came last."""
    for given in reversed(order):
        if given in (f"--{name}", f"--no-{name}"):
            return given == f"--{name}"
    return default


def _pid(words: list[str]) -> int:
    if len(words) != 1 or not words[0].isascii() or not words[0].isdigit() or not int(words[0]):
        raise UsageError("--attach needs a COMM and one PID (try 'seize gdbserver --help')")
    return int(words[0])
