"""Whose a process id is: strace's -Y and --pidns-translation."""

from __future__ import annotations

from seize.decode.render.quote import bracketed


def command_name(tid: int) -> str | None:
    """The name of a thread's command, as /proc tells it (proc_pid_comm(5)); None if it is gone."""
    try:
        with open(f"/proc/{tid}/comm", "rb") as file:
            return file.read().removesuffix(b"\n").decode("utf-8", "surrogateescape")
    except OSError:
        return None


class ThreadNames:
    """The names of traced threads' commands: also of those that have just died."""

    def __init__(self) -> None:
        self._known: dict[int, str] = {}

    def of_thread(self, tid: int) -> str:
        """``<cat>``, or nothing where no name was ever known."""
        name = command_name(tid)
        if name is not None:
            self._known[tid] = f"<{bracketed(name.encode('utf-8', 'surrogateescape'))}>"
        return self._known.get(tid, "")

    def forget(self, tid: int) -> None:
        """The thread has ended."""
        self._known.pop(tid, None)
