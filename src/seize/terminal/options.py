"""What ``set NAME VALUE`` changes, and ``show NAME`` tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seize._frozen import frozen
from seize.terminal.table import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from seize.terminal.settings import Settings

_YES = ("on", "1", "yes", "enable", "")
_NO = ("off", "0", "no", "disable")


@frozen
class Setting:
    """One setting: its ``choices`` are words; none means a flag or, as the default is, a number."""

    name: str
    default: Any
    help: str
    choices: tuple[str, ...] = ()


SETTINGS = (
    Setting("disassembly-flavor", "att", "how instructions are written", ("att", "intel")),
    Setting("listsize", 10, "how many lines `list` shows"),
    Setting("confirm", True, "ask before what can't be taken back"),
    Setting("print thread-events", True, "tell which threads come and go"),
    Setting("print address", True, "show addresses in stacks"),
    Setting("disable-randomization", True, "start programs at the same addresses each time"),
    Setting("follow-fork-mode", "parent", "which process to follow", ("parent", "child", "both")),
    Setting("detach-on-fork", True, "let the process go that isn't followed"),
    Setting("scheduler-locking", "off", "let other threads stand still", ("off", "on", "step")),
    Setting("non-stop", False, "stop only the thread that has a reason to"),
    Setting("print pretty", False, "show each member of a struct on a line of its own"),
    Setting("breakpoint pending", "auto", "keep what isn't found yet", ("auto", "on", "off")),
    # What scripts for gdb set, and what there is nothing to be done about.
    Setting("pagination", False, "output isn't stopped page by page"),
    Setting("height", 0, "output isn't stopped page by page"),
    Setting("width", 0, "lines aren't broken"),
    Setting("verbose", False, "there is nothing more to tell"),
    Setting("startup-with-shell", False, "programs are started without a shell"),
    Setting("debuginfod enabled", "off", "nothing is fetched", ("on", "off", "ask")),
    Setting("print asm-demangle", True, "C++ names are always taken apart"),
    Setting("print demangle", True, "C++ names are always taken apart"),
    Setting("style enabled", True, "colours in the panes"),
    Setting("history save", True, "keep the typed lines for another time"),
)
_KNOWN = {setting.name: setting for setting in SETTINGS}


class Options:
    """The values of the settings."""

    def __init__(self, settings: Settings) -> None:
        self._values: dict[str, Any] = {entry.name: entry.default for entry in SETTINGS}
        self._values["disable-randomization"] = not settings.aslr
        self._values["non-stop"] = settings.non_stop

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[Setting]:
        return iter(SETTINGS)

    def take(self, text: str) -> Setting | None:
        """Set what ``NAME VALUE`` says; None if no setting has that name."""
        found = find(text)
        if found is None:
            return None
        entry, value = found
        self._values[entry.name] = _read(entry, value)
        return entry

    def shown(self, entry: Setting) -> str:
        """A setting's value as it would be set."""
        value = self._values[entry.name]
        return ("on" if value else "off") if isinstance(value, bool) else str(value)


def find(text: str) -> tuple[Setting, str] | None:
    """The setting that a text begins with (its name may be shortened), and the rest."""
    words = text.split()
    for count in (2, 1):
        name = " ".join(words[:count])
        if len(words) < count:
            continue
        matches = [entry for entry in SETTINGS if _begins(entry.name, name)]
        exact = [entry for entry in matches if entry.name == name]
        if exact or len(matches) == 1:
            return (exact or matches)[0], " ".join(words[count:])
    return None


def _begins(full: str, given: str) -> bool:
    wanted, had = full.split(), given.split()
    return len(wanted) == len(had) and all(
        whole.startswith(part) for whole, part in zip(wanted, had, strict=True)
    )


def _read(entry: Setting, text: str) -> Any:
    if entry.choices:
        matches = [choice for choice in entry.choices if choice.startswith(text)]
        if not text or (len(matches) != 1 and text not in matches):
            raise CommandError(f'"{text}" is none of: {", ".join(entry.choices)}.')
        return text if text in matches else matches[0]
    if isinstance(entry.default, bool):
        if text in _YES or text in _NO:
            return text in _YES
        raise CommandError('"on" or "off" expected.')
    if text == "unlimited":
        return 0
    if not text.isdigit():
        raise CommandError(f"{entry.name} needs a number.")
    return int(text)
