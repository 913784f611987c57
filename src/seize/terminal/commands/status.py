"""Commands of the `info` family about the program as a whole."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from seize.abi._generated import constants as k
from seize.debug import PostmortemProcess
from seize.terminal import frames, reports, variables, words
from seize.terminal.table import CommandError, command, subcommands

if TYPE_CHECKING:
    from typing import Any

    from seize.debug import Process
    from seize.symbols import Image
    from seize.terminal.session import Session

_MOST_SYMBOLS = 5000
_AUXILIARY = {
    getattr(k, name): name for name in dir(k) if name.startswith("AT_") and name in dir(k)
}


@command("info, i, inf", "status", "WHAT")
def info(session: Session, argument: str) -> None:
    """Show things about the program; `help info` lists them."""
    if argument:
        word = argument.split()[0]
        raise CommandError(f'Undefined info command: "{word}".  Try "help info".')
    for name, entry in sorted(subcommands("info").items()):
        session.console.say(f"info {name} -- {entry.summary}")


@command("info program", "status")
def info_program(session: Session, argument: str) -> dict[str, Any]:
    """Show which process it is, and why it stopped."""
    process = session.process
    session.console.say(f"Process {process.pid}: {process.executable}")
    thread = session.selection.chosen
    if thread is None or not thread.stopped:
        session.console.say("It runs.")
        return {"pid": process.pid, "executable": process.executable, "stopped": False}
    session.console.say(f"Program stopped at {thread.registers.pc:#x}.")
    stop = session.stop
    if stop is not None:
        found = reports.numbers(session, stop)
        why = f"at breakpoint {found[0]}" if found else f"for this reason: {reports.reason(stop)}"
        session.console.say(f"It stopped {why}.")
    return {
        "pid": process.pid,
        "executable": process.executable,
        "stopped": True,
        "pc": thread.registers.pc,
    }


@command("info sharedlibrary, info dll, info shared", "status", "[REGEX]")
def info_sharedlibrary(session: Session, argument: str) -> list[dict[str, Any]]:
    """Show the libraries that are loaded, and where."""
    pattern = _pattern(argument)
    found = [
        image
        for image in session.process.symbols.images
        if image.path != session.process.executable
        and not image.path.startswith("[")
        and pattern.search(image.path)
    ]
    if not found:
        session.console.say("No shared libraries loaded at this time.")
        return []
    session.console.say(f"{'From':<18}  {'To':<18}  {'Syms Read':<10}  Shared Object Library")
    for image in found:
        start, end = (frames.address(one) for one in _text(image))
        session.console.say(f"{start}  {end}  {'Yes':<10}  {image.path}")
    return [{"path": image.path, "start": image.start, "end": image.end} for image in found]


def _text(image: Image) -> tuple[int, int]:
    """Where the code of an image is: its section .text, or all that is mapped of it."""
    for section in image.module.elf.sections:
        if section.name == ".text":
            start = section.address + image.bias
            return start, start + section.size
    return image.start, image.end


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text.strip())
    except re.error as error:
        raise CommandError(f"Invalid regexp: {error}.") from None


@command("info proc", "status", "[mappings|cmdline|cwd|exe]")
def info_proc(session: Session, argument: str) -> dict[str, Any]:
    """Show what /proc tells of the process."""
    process: Process | PostmortemProcess = session.process
    made: dict[str, Any] = {"pid": process.pid}
    session.console.say(f"process {process.pid}")
    # Of a process that has become a core file, /proc tells nothing, or of another one.
    known: dict[str, str] = {}
    if isinstance(process, PostmortemProcess):
        known = {"cmdline": process.arguments, "exe": process.executable}
    for name in known or ("cmdline", "cwd", "exe"):
        if argument.strip() in ("", name, "all"):
            made[name] = known.get(name) or _proc(process.pid, name)
            session.console.say(f"{name} = '{made[name]}'")
    if argument.strip() in ("mappings", "all"):
        made["mappings"] = info_proc_mappings(session, "")
    return made


@command("info proc mappings, info proc map", "status")
def info_proc_mappings(session: Session, argument: str) -> list[dict[str, Any]]:
    """Show the memory map of the process."""
    process = session.process
    session.console.say(f"process {process.pid}\nMapped address spaces:\n")
    head = f"{'Start Addr':>18} {'End Addr':>18} {'Size':>10} {'Offset':>10}  Perms  objfile"
    session.console.say("          " + head.lstrip().rjust(len(head)))
    made = []
    for entry in process.maps():
        session.console.say(
            f"          {entry.start:#18x} {entry.end:#18x} {entry.size:#10x} "
            f"{entry.offset:#10x}  {entry.permissions}  {entry.path}".rstrip()
        )
        made.append(
            {
                "start": entry.start,
                "end": entry.end,
                "offset": entry.offset,
                "permissions": entry.permissions,
                "path": entry.path,
            }
        )
    return made


def _proc(pid: int, name: str) -> str:
    """What a file or link of /proc/PID says; "" if it is gone."""
    path = f"/proc/{pid}/{name}"
    try:
        if name != "cmdline":
            return os.readlink(path)
        with open(path, "rb") as file:
            return file.read().rstrip(b"\0").replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}.") from None


@command("info auxv", "status")
def info_auxv(session: Session, argument: str) -> dict[str, int]:
    """Show the auxiliary vector: what the kernel told the program at its start."""
    values = session.process.auxv()
    for kind, value in values.items():
        name = _AUXILIARY.get(kind, "???")
        session.console.say(f"{kind:<4} {name:<20} {value:#x}")
    return {_AUXILIARY.get(kind, str(kind)): value for kind, value in values.items()}


@command("info functions, info fu", "files", "[REGEX]")
def info_functions(session: Session, argument: str) -> list[dict[str, Any]]:
    """Show the functions whose names a regular expression matches."""
    return _symbols(session, argument, ("function", "ifunc"), "functions")


@command("info variables, info va", "files", "[REGEX]")
def info_variables(session: Session, argument: str) -> list[dict[str, Any]]:
    """Show the variables whose names a regular expression matches."""
    return _symbols(session, argument, ("data", "tls"), "variables")


def _symbols(
    session: Session, argument: str, kinds: tuple[str, ...], name: str
) -> list[dict[str, Any]]:
    found = [
        symbol
        for symbol in session.process.symbols.symbols(_pattern(argument))
        if symbol.kind in kinds
    ]
    what = f' matching regular expression "{argument}"' if argument else ""
    session.console.say(f"All {name}{what}:\n")
    for symbol in found[:_MOST_SYMBOLS]:
        session.console.say(f"{frames.address(symbol.address)}  {symbol.name}")
    return [{"name": one.name, "address": one.address, "size": one.size} for one in found]


@command("info siginfo", "status")
def info_siginfo(session: Session, argument: str) -> dict[str, Any]:
    """Show what the kernel says of the signal that the thread stopped for."""
    found = session.thread.siginfo()
    if found is None:
        raise CommandError("The thread didn't stop for a signal.")
    session.console.say(str(found))
    return {"text": str(found), "signal": words.signal_name(found.signo)}


@command("info history, show values", "data", "[COUNT]")
def info_history(session: Session, argument: str) -> list[str]:
    """Show the last values of the history."""
    count = int(argument) if argument.strip().isdigit() else 10
    start = max(len(session.values) - count, 0)
    lines = [
        f"${number} = {variables.listed(value)}"
        for number, value in enumerate(session.values[start:], start + 1)
    ]
    for line in lines:
        session.console.say(line)
    return lines


@command("show convenience, show conv", "data")
def show_convenience(session: Session, argument: str) -> dict[str, str]:
    """Show the convenience variables: $name."""
    made = {name: variables.listed(value) for name, value in session.variables.items()}
    for name, value in made.items():
        session.console.say(f"${name} = {value}")
    return made
