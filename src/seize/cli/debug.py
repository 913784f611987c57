"""``seize debug``: debug a command, a process or a core file at the terminal."""

from __future__ import annotations

import os

from seize.cli import show
from seize.cli.options import describe, option, parse
from seize.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.cli.options import Found

OPTIONS = (
    option("-p --pid", "PID", "debug a running process; it goes on when you leave"),
    option("-c --core", "FILE", "look at a core file; COMMAND is where its program is now"),
    option("-x --command", "FILE", "do the commands of FILE first (Python if it ends in .py)"),
    option("-ex --eval-command", "COMMAND", "do COMMAND first; also several, and mixed with -x"),
    option("--args", "", "what follows is COMMAND with its arguments (it is without this, too)"),
    option("--batch", "", "end after the commands of -x and -ex; status 1 if one of them failed"),
    option("--json", "", "write one JSON object a line: for each stop, result and error"),
    option("--tui", "", "begin with panes: source above the prompt"),
    option("-q --quiet", "", "write nothing at the beginning"),
    option("-d --cd", "DIR", "run COMMAND in DIR"),
    option("-E --env", "VAR=VALUE", "put VAR=VALUE in the environment of COMMAND; may be repeated"),
    option("--aslr", "", "let COMMAND's addresses differ from run to run, as they do without us"),
    option("--non-stop", "", "stop only the thread that has a reason to"),
    option("-h --help", "", "this page"),
)
USAGE = """\
usage: seize debug [OPTION…] COMMAND [ARGUMENT…]
       seize debug [OPTION…] -p PID
       seize debug [OPTION…] -c CORE [COMMAND]

Commands are gdb's, and Python: `help` lists them. COMMAND waits at its first instruction for `run`.

"""


def run(arguments: list[str]) -> int:
    """Parse the words after ``seize debug``, and debug; 1 if a script failed."""
    options, words = parse(OPTIONS, _spelled(arguments), "debug")
    chosen = {found.name: found for found in options}
    if "--help" in chosen:
        show(USAGE + describe(OPTIONS))
        return 0
    from seize.terminal.main import debug
    from seize.terminal.settings import Settings

    core, pid = _value(chosen, "--core"), _pid(_value(chosen, "--pid"))
    if core and pid:
        raise UsageError("-p and -c can't be used together (try 'seize debug --help')")
    if pid and words:
        raise UsageError("-p needs no COMMAND (try 'seize debug --help')")
    return debug(
        Settings(
            argv=tuple(words),
            pid=pid,
            core=core,
            script=tuple(_script(options)),
            batch="--batch" in chosen,
            json="--json" in chosen,
            tui="--tui" in chosen,
            quiet="--quiet" in chosen,
            cwd=_value(chosen, "--cd") or None,
            environment=tuple(_environment(options)),
            aslr="--aslr" in chosen,
            non_stop="--non-stop" in chosen,
        )
    )


def _spelled(arguments: list[str]) -> list[str]:
    """The arguments with gdb's long options of one dash as what they stand for."""
    spelled: list[str] = []
    words = iter(arguments)
    for word in words:
        if word in ("-ex", "-batch", "-args", "-tui", "-core", "-pid", "-command"):
            word = {"-ex": "--eval-command"}.get(word, f"-{word}")
        spelled.append(word)
        if not word.startswith("-") or word in ("--", "--args"):
            break
        if word in _TAKING:
            spelled += [next(words)] if words.__length_hint__() else []  # type: ignore[attr-defined]
    return [*spelled, *words]


_TAKING = {name for entry in OPTIONS if entry.metavar for name in entry.names}


def _value(chosen: dict[str, Found], name: str) -> str:
    found = chosen.get(name)
    return (found.value or "") if found is not None else ""


def _pid(text: str) -> int:
    if not text:
        return 0
    if not text.isdigit() or int(text) == 0:
        raise UsageError(f"'{text}' is no process id")
    return int(text)


def _script(options: list[Found]) -> list[tuple[str, str]]:
    kinds = {"--command": "file", "--eval-command": "command"}
    return [(kinds[one.name], one.value or "") for one in options if one.name in kinds]


def _environment(options: list[Found]) -> list[str]:
    found = [one.value or "" for one in options if one.name == "--env"]
    for entry in found:
        if "=" not in entry:
            raise UsageError(f"-E needs VAR=VALUE, not '{entry}'")
    return [os.fsdecode(entry) for entry in found]
