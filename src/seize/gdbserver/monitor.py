"""``monitor``: commands for the server itself."""

from __future__ import annotations

from seize.gdbserver.fields import Refused, text_hexed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.gdbserver.session import Session

HELP = """\
The following monitor commands are supported:
  help
    Print this message
  set debug 0|1
    Show the packets on the server's standard error, or don't
  set debug-format all|none
    Show the time with each packet, or don't
  exit
    Quit the server
"""


def answer(session: Session, command: str) -> str:
    """Carry out one command, and return what it prints; Refused if there is no such command."""
    match command.split():
        case ["help"]:
            return HELP
        case ["exit"]:
            session.server.exiting = session.finished = True
            return ""
        case ["set", ("debug" | "remote-debug") as name, ("0" | "1") as value]:
            session.server.debugging = value == "1"
            what = "Debug" if name == "debug" else "Protocol debug"
            return f"{what} output {'enabled' if value == '1' else 'disabled'}.\n"
        case ["set", "debug-format", ("all" | "none") as value]:
            session.server.timestamps = value == "all"
            chosen = "enabled" if value == "all" else "disabled"
            return f"All extra debug format options {chosen}.\n"
        case ["set", "libthread-db-search-path", *_]:
            return "libthread_db isn't used here.\n"
    session.reply(b"O" + text_hexed(f"Unknown monitor command.\n\n{HELP}"))
    raise Refused("an unknown monitor command")
