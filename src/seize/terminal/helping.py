"""The help, made from the table of commands."""

from __future__ import annotations

from seize.terminal.table import COMMANDS, GROUPS, Command, CommandError, find, subcommands

_COLUMN = 34


def text(topic: str) -> str:
    """The help about a command, a group of commands, or (for "") all."""
    if not topic:
        return _overview()
    if topic in GROUPS:
        return _group(topic)
    if topic == "all":
        return "\n".join(_group(name) for name in GROUPS)
    found = find(topic)
    if found is None or found[1]:
        raise CommandError(f'Undefined command: "{topic}".  Try "help".')
    return _one(found[0])


def search(word: str) -> str:
    """The commands whose help has a word."""
    if not word:
        raise CommandError("REGEXP string is empty")
    lower = word.lower()
    found = [
        entry
        for entry in COMMANDS.values()
        if lower in entry.help.lower() or lower in " ".join(entry.names)
    ]
    return "".join(_summary(entry) for entry in sorted(found, key=lambda entry: entry.name))


def _overview() -> str:
    lines = [f"{title}: help {name}\n" for name, title in GROUPS.items()]
    lines.append("\nA line that is no command is Python: process, thread, frame, registers …\n")
    lines.append("help COMMAND tells more, help all shows every command, apropos WORD searches.\n")
    return "".join(lines)


def _group(name: str) -> str:
    entries = sorted((one for one in COMMANDS.values() if one.group == name), key=_name)
    return f"{GROUPS[name]}.\n\n" + "".join(_summary(entry) for entry in entries)


def _name(entry: Command) -> str:
    return entry.name


def _summary(entry: Command) -> str:
    names = ", ".join(entry.names)
    if len(names) >= _COLUMN:
        return f"{names}\n{'':<{_COLUMN}}{entry.summary}\n"
    return f"{names:<{_COLUMN}}{entry.summary}\n"


def _one(entry: Command) -> str:
    lines = [", ".join(entry.names), entry.help, f"Usage: {entry.usage}"]
    below = subcommands(entry.name)
    if below:
        lines.append("")
        lines += [_summary(one).rstrip() for _, one in sorted(below.items())]
    return "\n".join(lines) + "\n"
