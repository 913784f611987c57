"""What is remembered of the calls of a run: which they were, and what they were about."""

from __future__ import annotations

import os
import stat
from contextlib import suppress

from seize._frozen import frozen
from seize.decode.values import DirFd, Enum, Fd, Path
from seize.sweep.faults import table_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from seize.decode import Call

AT_FDCWD = -100
GOING = ("chdir", "fchdir")
"""Calls that change the working folder."""
_ANYTHING = "*"
_KINDS = (
    (stat.S_ISREG, "file"),
    (stat.S_ISDIR, "directory"),
    (stat.S_ISFIFO, "pipe"),
    (stat.S_ISSOCK, "socket"),
    (stat.S_ISCHR, "device"),
    (stat.S_ISBLK, "device"),
)

_SOCKETS = (("tcp", None, 9), ("tcp6", None, 9), ("unix", 4, 6))
"""Tables in /proc/PID/net, with the columns of a socket's type and of its inode."""
_SOCK_STREAM = "0001"


@frozen
class Seen:
    """A call of the baseline that may be made to fail.

    ``role`` is the thread's place in the tree: "0" is the command, "0.2" the second thread or
    process that it made; ``ordinal`` counts the calls of that ``name`` in the thread from 1, and
    ``index`` all its calls from 0.  ``kind`` is what it is about ("file", "directory", "pipe",
    "stream" and "socket" (any other than of a stream), "device", "anonymous", or "*" where there
    is no descriptor), ``about`` the path or name of that, ``fd`` the descriptor or -1.
    ``startup``: the dynamic loader made it before the program began.  ``dirty``: the file has been
    written since it was last synced.
    """

    role: str
    name: str
    ordinal: int
    index: int
    table_name: str
    kind: str
    about: str
    fd: int
    result: int
    failed: bool
    startup: bool
    dirty: bool
    text: str

    @property
    def call(self) -> str:
        """``0/write:3``: the third write of the command's first thread."""
        return f"{self.role}/{self.name}:{self.ordinal}"

    def fields(self) -> list[Any]:
        """The fields in order, to be written as JSON."""
        return [getattr(self, name) for name in self.__match_args__]


def descriptor(call: Call) -> int:
    """The first descriptor among a call's arguments, or -1."""
    for value in call.values:
        if type(value) is Fd:
            return int(value)
    return -1


def command_of(call: Call) -> str:
    """The name of the command in a call such as fcntl(2), or ""."""
    for value in call.values:
        if type(value) is Enum:
            return value.name or ""
    return ""


def name_in_table(call: Call) -> str:
    """The name under which the call stands in the table of faults; "" if it can't fail."""
    if call.name == "brk" and not call.raw[0]:
        # It asks where the break is.
        return ""
    return table_name(call.name, command_of(call) if call.name.startswith("fcntl") else "")


def about(call: Call, folder: str) -> tuple[str, str]:
    """The kind and the name of what a call is about, files in ``folder`` relative to it."""
    number = descriptor(call)
    if number >= 0:
        return _open_file(call.tid, number, folder)
    base = AT_FDCWD
    for value in call.values:
        if type(value) is DirFd:
            base = int(value)
        elif type(value) is Path:
            return _ANYTHING, _named(call.tid, base, value.text, folder)
    return _ANYTHING, ""


def _open_file(tid: int, number: int, folder: str) -> tuple[str, str]:
    link = f"/proc/{tid}/fd/{number}"
    try:
        name = os.readlink(link)
        mode = os.stat(link).st_mode
    except OSError:
        # Not open, which the call itself will be told; or the process has died.
        return "closed", ""
    for test, kind in _KINDS:
        if test(mode):
            if kind == "socket" and _is_stream(tid, name):
                return "stream", kind
            # "pipe:[4711]": the number is another in each run.
            return kind, _within(name, folder).partition(":[")[0]
    return "anonymous", name


def _is_stream(tid: int, name: str) -> bool:
    """Whether ``socket:[4711]`` carries a stream of bytes: TCP, or SOCK_STREAM in AF_UNIX."""
    inode = name.partition("[")[2].rstrip("]")
    for table, type_column, inode_column in _SOCKETS:
        with suppress(OSError), open(f"/proc/{tid}/net/{table}", encoding="utf-8") as file:
            for line in file:
                words = line.split()
                if len(words) > inode_column and words[inode_column] == inode:
                    return type_column is None or words[type_column] == _SOCK_STREAM
    return False


def _named(tid: int, base: int, path: str, folder: str) -> str:
    if path.startswith("/"):
        return _within(os.path.normpath(path), folder)
    link = f"/proc/{tid}/cwd" if base == AT_FDCWD else f"/proc/{tid}/fd/{base}"
    try:
        start = os.readlink(link)
    except OSError:
        return path
    return _within(os.path.normpath(os.path.join(start, path)), folder)


def _within(path: str, folder: str) -> str:
    path = path.removesuffix(" (deleted)")
    if path == folder:
        return "."
    around = os.path.dirname(folder) + "/"
    if path in (around + "stdout", around + "stderr"):
        return "standard output" if path.endswith("out") else "standard error"
    return path.removeprefix(folder + "/") if path.startswith(folder + "/") else path


def stays(call: Call, about: str, folder: str) -> bool:
    """Whether one of `GOING` leads to where the thread is already: its failure changes nothing."""
    try:
        return _within(os.readlink(f"/proc/{call.tid}/cwd"), folder) == about
    except OSError:
        # The process has died.
        return False


def finished(seen: Seen, call: Call, limit: int) -> Seen:
    """What is known of a call when it is done; at most ``limit`` characters of its text."""
    from seize._frozen import replace

    result = call.rval or 0
    return replace(seen, result=result, failed=call.failed, text=str(call)[:limit])
