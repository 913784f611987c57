"""``monitor``: commands for the server itself."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.gdbserver.session import Session

HELP = """\
The following monitor commands are supported:
  help
    Print this message
  set debug 0|1
    Show the packets on the server's standard error, or don't
  exit
    Quit the server
"""


def answer(session: Session, command: str) -> str:
    """Carry out one command, and return what it prints."""
    match command.split():
        case ["help"]:
            return HELP
        case ["exit"]:
            session.server.exiting = True
            return ""
        case ["set", "debug" | "remote-debug", ("0" | "1") as value]:
            session.server.debugging = value == "1"
            return f"Debug output {'enabled' if value == '1' else 'disabled'}.\n"
        case ["set", "libthread-db-search-path", *_]:
            return "libthread_db isn't used here.\n"
    return f"Unknown monitor command: {command}\n\n{HELP}"
