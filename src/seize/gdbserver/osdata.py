"""What this machine has, for gdb's ``info os``: processes, threads, files, sockets and so on."""

from __future__ import annotations

import os
import socket
from time import ctime
from xml.sax.saxutils import escape

from seize import _procfs
from seize.engine import proc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Row = dict[str, object]

_MOST_ROWS = 20_000
_CPU_FIELD = 36
_TCP_STATES = (
    *("", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE"),
    *("CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING"),
)


def _pids() -> list[int]:
    return sorted(int(name) for name in os.listdir("/proc") if name.isdigit())


def _user(pid: int) -> str:
    uid = _procfs.status(pid).get("Uid", "").split()
    return _user_name(uid[0]) if uid else "?"


def _user_name(uid: str) -> str:
    from pwd import getpwuid

    try:
        return getpwuid(int(uid)).pw_name
    except KeyError:
        return uid


def _group_name(gid: str) -> str:
    from grp import getgrgid

    try:
        return getgrgid(int(gid)).gr_name
    except KeyError:
        return gid


def _name(pid: int | str) -> str:
    return _procfs.text(f"/proc/{pid}/comm").strip()


def _creator(pid: str) -> str:
    """The command of a process that may have ended long ago: its number then, "" for 0."""
    return _name(pid) or pid if pid != "0" else ""


def _time(seconds: str) -> str:
    return ctime(int(seconds)) if seconds != "0" else ""


def _command(pid: int) -> str:
    words = _procfs.text(f"/proc/{pid}/cmdline").replace("\0", " ").strip()
    return words or f"[{_name(pid)}]"


def processes() -> Iterator[Row]:
    """All processes, with the CPUs that their threads ran on last."""
    for pid in _pids():
        fields = [_procfs.stat(tid) for tid in proc.threads(pid)]
        cores = sorted({int(each[_CPU_FIELD]) for each in fields if len(each) > _CPU_FIELD})
        listed = ",".join(map(str, cores))
        yield {"pid": pid, "user": _user(pid), "command": _command(pid), "cores": listed}


def groups() -> Iterator[Row]:
    """All processes by their process group; the leader first."""
    rows = []
    for pid in _pids():
        fields = _procfs.stat(pid)
        if len(fields) > 2:
            rows.append((int(fields[2]), pid))
    for group, pid in sorted(rows, key=lambda row: (row[0], row[0] != row[1], row[1])):
        leader = _name(group)
        yield {"pgid": group, "leader command": leader, "pid": pid, "command line": _command(pid)}


def threads() -> Iterator[Row]:
    """All threads."""
    for pid in _pids():
        command = _name(pid)
        for tid in proc.threads(pid):
            fields = _procfs.stat(tid)
            core = fields[_CPU_FIELD] if len(fields) > _CPU_FIELD else ""
            yield {"pid": pid, "command": command, "tid": tid, "core": core}


def files() -> Iterator[Row]:
    """The descriptors of all processes that may be looked at."""
    for pid in _pids():
        try:
            numbers = sorted(map(int, os.listdir(f"/proc/{pid}/fd")))
        except OSError:
            continue
        command = _name(pid)
        for number in numbers:
            name = _procfs.link(f"/proc/{pid}/fd/{number}")
            yield {"pid": pid, "command": command, "file descriptor": number, "name": name}


def sockets() -> Iterator[Row]:
    """All sockets of IPv4 and IPv6."""
    for protocol in ("tcp", "udp", "tcp6", "udp6"):
        for line in _procfs.text(f"/proc/net/{protocol}").splitlines()[1:]:
            fields = line.split()
            local, remote = _end(fields[1]), _end(fields[2])
            state = int(fields[3], 16)
            name = _TCP_STATES[state] if protocol.startswith("tcp") and state < 12 else ""
            yield {
                "local address": local[0],
                "local port": local[1],
                "remote address": remote[0],
                "remote port": remote[1],
                "state": name,
                "user": fields[7],
                "family": _family(protocol),
                "protocol": "STREAM" if protocol.startswith("tcp") else "DGRAM",
            }


def _family(protocol: str) -> str:
    return "INET6" if protocol.endswith("6") else "INET"


def _end(text: str) -> tuple[str, int]:
    """Read ``0100007F:1F90``: words in the machine's order, a port."""
    digits, _, port = text.partition(":")
    data = bytes.fromhex(digits)
    words = b"".join(data[at : at + 4][::-1] for at in range(0, len(data), 4))
    family = socket.AF_INET if len(words) == 4 else socket.AF_INET6
    return socket.inet_ntop(family, words), int(port, 16)


def _table(path: str, columns: dict[str, tuple[str, Callable[[str], str]]]) -> Iterator[Row]:
    """A table of /proc/sysvipc, which begins with a line of headings.

    ``columns`` are those to be shown: by title, the heading, and how to write what stands there.
    """
    lines = _procfs.text(path).splitlines()
    names = lines[0].split() if lines else []
    for line in lines[1:]:
        row = dict(zip(names, line.split(), strict=False))
        yield {title: write(row.get(name, "0")) for title, (name, write) in columns.items()}


_OWNERS = {
    "user": ("uid", _user_name),
    "group": ("gid", _group_name),
    "creator user": ("cuid", _user_name),
    "creator group": ("cgid", _group_name),
}


def shm() -> Iterator[Row]:
    """Shared memory of System V."""
    return _table(
        "/proc/sysvipc/shm",
        {
            "key": ("key", str),
            "shmid": ("shmid", str),
            "permissions": ("perms", str),
            "size": ("size", str),
            "creator command": ("cpid", _creator),
            "last op. command": ("lpid", _creator),
            "num attached": ("nattch", str),
            **_OWNERS,
            "last shmat() time": ("atime", _time),
            "last shmdt() time": ("dtime", _time),
            "last shmctl() time": ("ctime", _time),
        },
    )


def semaphores() -> Iterator[Row]:
    """Sets of semaphores of System V."""
    return _table(
        "/proc/sysvipc/sem",
        {
            "key": ("key", str),
            "semid": ("semid", str),
            "permissions": ("perms", str),
            "num semaphores": ("nsems", str),
            **_OWNERS,
            "last semop() time": ("otime", _time),
            "last semctl() time": ("ctime", _time),
        },
    )


def messages() -> Iterator[Row]:
    """Message queues of System V."""
    return _table(
        "/proc/sysvipc/msg",
        {
            "key": ("key", str),
            "msqid": ("msqid", str),
            "permissions": ("perms", str),
            "num used bytes": ("cbytes", str),
            "num messages": ("qnum", str),
            "last msgsnd() command": ("lspid", _creator),
            "last msgrcv() command": ("lrpid", _creator),
            **_OWNERS,
            "last msgsnd() time": ("stime", _time),
            "last msgrcv() time": ("rtime", _time),
            "last msgctl() time": ("ctime", _time),
        },
    )


def modules() -> Iterator[Row]:
    """Loaded modules of the kernel."""
    for line in _procfs.text("/proc/modules").splitlines():
        name, size, uses, users, status, address, *_ = line.split()
        used = users.rstrip(",")
        common = {"name": name, "size": size, "num uses": uses, "dependencies": used}
        yield {**common, "status": status, "address": address}


def cpus() -> Iterator[Row]:
    """All processors."""
    for block in _procfs.text("/proc/cpuinfo").split("\n\n"):
        pairs = (line.partition(":") for line in block.splitlines())
        row: Row = {name.strip(): value.strip() for name, _, value in pairs}
        if row:
            yield row


_TYPES: dict[str, tuple[str, str, Callable[[], Iterable[Row]]]] = {
    "cpus": ("CPUs", "Listing of all cpus/cores on the system", cpus),
    "files": ("File descriptors", "Listing of all file descriptors", files),
    "modules": ("Kernel modules", "Listing of all loaded kernel modules", modules),
    "msg": ("Message queues", "Listing of all message queues", messages),
    "processes": ("Processes", "Listing of all processes", processes),
    "procgroups": ("Process groups", "Listing of all process groups", groups),
    "semaphores": ("Semaphores", "Listing of all semaphores", semaphores),
    "shm": ("Shared-memory regions", "Listing of all shared-memory regions", shm),
    "sockets": ("Internet-domain sockets", "Listing of all internet-domain sockets", sockets),
    "threads": ("Threads", "Listing of all threads", threads),
}


def types() -> Iterator[Row]:
    """What can be listed."""
    for name, (title, description, _) in _TYPES.items():
        yield {"Type": name, "Description": description, "Title": title}


def document(kind: str) -> bytes:
    """Write one list as XML; empty for one that there isn't: gdb says so."""
    if kind == "":
        rows: Iterable[Row] = types()
    elif kind in _TYPES:
        rows = _TYPES[kind][2]()
    else:
        return b""
    parts = ['<?xml version="1.0"?><!DOCTYPE target SYSTEM "osdata.dtd">']
    parts.append(f'<osdata type="{kind or "types"}">')
    for number, row in enumerate(rows):
        if number >= _MOST_ROWS:
            break
        columns = (
            f'<column name="{escape(name)}">{_text(value)}</column>' for name, value in row.items()
        )
        parts.append(f"<item>{''.join(columns)}</item>")
    return "\n".join([*parts, "</osdata>"]).encode("utf-8", "replace")


def _text(value: object) -> str:
    return escape("".join(each if each.isprintable() else "?" for each in str(value)))
