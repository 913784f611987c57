"""What a tracee's descriptors stand for: strace's -y and -yy.

A descriptor is looked at whenever it is shown, since it may mean something else by the next
call.  Only what goes with a socket's inode for good is kept: the two ends of a connected stream,
the protocol of a netlink socket.
"""

from __future__ import annotations

import os
import stat
from struct import Struct

from seize.decode.tables import flag_set
from seize.strace.asking import DUMP, NETLINK_SOCK_DIAG, ask, attributes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

AT_FDCWD = -100
_SOCKET = "socket:["
_PIDFD, _EVENTFD, _SIGNALFD = (f"anon_inode:[{word}]" for word in ("pidfd", "eventfd", "signalfd"))
_KEPT = 4096
_AF_UNIX, _AF_INET, _AF_INET6, _IPPROTO_TCP = 1, 2, 10, 6
_TCP = {"TCP": _AF_INET, "TCPv6": _AF_INET6}
_STREAMS = frozenset((*_TCP, "MPTCP", "MPTCPv6", "UNIX-STREAM"))
"""Protocols whose sockets are connected once; others may be connected anew."""

# Where /proc/PID/net lists the sockets of a protocol, as system.sockprotoname names it.
_TABLES = {
    "TCP": "tcp",
    "TCPv6": "tcp6",
    "MPTCP": "tcp",
    "MPTCPv6": "tcp6",
    "UDP": "udp",
    "UDPv6": "udp6",
    "UDP-Lite": "udplite",
    "UDPLITEv6": "udplite6",
    "RAW": "raw",
    "RAWv6": "raw6",
    "PING": "icmp",
    "PINGv6": "icmp6",
}


class Descriptors:
    """Answers for a decoder what the descriptors of a thread stand for.

    ``wanted`` is a set of "path", "socket", "dev", "pidfd", "eventfd", "signalfd".
    """

    def __init__(self, wanted: frozenset[str]) -> None:
        self._wanted = wanted
        self._has_paths = "path" in wanted
        self._connected: dict[int, str] = {}
        self._netlinks: dict[int, str | None] = {}

    def path(self, tid: int, fd: int) -> str | None:
        """What /proc says of a descriptor or, for AT_FDCWD, the working directory; None if nothing.

        Only what is wanted: without "path", just descriptors that have wanted details.
        """
        where = f"/proc/{tid}/cwd" if fd == AT_FDCWD else f"/proc/{tid}/fd/{fd}"
        try:
            path = os.readlink(where)
        except OSError:
            return None
        if self._has_paths or self.details(tid, fd, path) is not None:
            return path
        return None

    def details(self, tid: int, fd: int, path: str | None = None) -> str | None:
        """What there is to say besides the path (looked up if it isn't given), or None."""
        if fd == AT_FDCWD:
            return None
        try:
            if path is None:
                path = os.readlink(f"/proc/{tid}/fd/{fd}")
            return self._details(tid, fd, path)
        except (OSError, ValueError):
            # It, or its thread, is gone; or /proc tells something unknown.
            return None

    def _details(self, tid: int, fd: int, path: str) -> str | None:
        wanted = self._wanted
        if path.startswith("/"):
            return _device(tid, fd) if "dev" in wanted else None
        if path.startswith(_SOCKET):
            return (
                self._socket(tid, fd, int(path[len(_SOCKET) : -1])) if "socket" in wanted else None
            )
        if path == _PIDFD and "pidfd" in wanted:
            return f"pid:{_field(tid, fd, 'Pid')}"
        if path == _EVENTFD and "eventfd" in wanted:
            count, number = int(_field(tid, fd, "eventfd-count"), 16), _field(tid, fd, "eventfd-id")
            return f"eventfd:{{count={count}, id={number}}}"
        if path == _SIGNALFD and "signalfd" in wanted:
            return f"signalfd:{_signals(int(_field(tid, fd, 'sigmask'), 16))}"
        return None

    def protocol(self, tid: int, fd: int) -> str | None:
        """The protocol of a socket, as the kernel names it: "TCP", "UNIX-STREAM", "NETLINK"."""
        try:
            return _protocol(tid, fd)
        except OSError:
            return None

    def netlink_protocol(self, tid: int, fd: int) -> str | None:
        """The protocol of a netlink socket, "ROUTE" or "GENERIC"; None for any other descriptor.

        "?" for a netlink socket that the kernel doesn't list because it has no address yet.
        """
        try:
            path = os.readlink(f"/proc/{tid}/fd/{fd}")
            if not path.startswith(_SOCKET):
                return None
            inode = int(path[len(_SOCKET) : -1])
            if inode in self._netlinks:
                return self._netlinks[inode]
            found = _netlink(tid, inode) if _protocol(tid, fd) == "NETLINK" else ("", 0)
        except (OSError, ValueError):
            return None
        if found is None:
            return "?"
        if len(self._netlinks) >= _KEPT:
            self._netlinks.clear()
        kept = self._netlinks[inode] = found[0] or None
        return kept

    def _socket(self, tid: int, fd: int, inode: int) -> str:
        kept = self._connected.get(inode)
        if kept is not None:
            return kept
        protocol = _protocol(tid, fd)
        text = f"{protocol}:[{_ends(tid, protocol, inode) or inode}]"
        if "->" in text and protocol in _STREAMS:
            if len(self._connected) >= _KEPT:
                self._connected.clear()
            self._connected[inode] = text
        return text


def _protocol(tid: int, fd: int) -> str:
    return os.getxattr(f"/proc/{tid}/fd/{fd}", "system.sockprotoname").rstrip(b"\0").decode()


def _ends(tid: int, protocol: str, inode: int) -> str | None:
    """``127.0.0.1:80->127.0.0.1:4000``, or whatever the protocol has for it."""
    if protocol in _TABLES:
        found = _internet(tid, _TABLES[protocol], inode)
        if found is None and protocol in _TCP:
            return bound_end(_TCP[protocol], inode)
        return found
    if protocol.startswith("UNIX"):
        return unix_ends(inode)
    if protocol == "NETLINK":
        socket = _netlink(tid, inode)
        return f"{socket[0]}:{socket[1]}" if socket and socket[1] else None
    return None


def _device(tid: int, fd: int) -> str | None:
    status = os.stat(f"/proc/{tid}/fd/{fd}")
    kind = "char" if stat.S_ISCHR(status.st_mode) else "block"
    if kind == "block" and not stat.S_ISBLK(status.st_mode):
        return None
    return f"{kind} {os.major(status.st_rdev)}:{os.minor(status.st_rdev)}"


def _field(tid: int, fd: int, name: str) -> str:
    """A field of /proc/PID/fdinfo; raises ValueError if it isn't there."""
    with open(f"/proc/{tid}/fdinfo/{fd}", encoding="ascii", errors="replace") as file:
        for line in file:
            key, _, value = line.partition(":")
            if key == name:
                return value.strip()
    raise ValueError(name)


def _signals(mask: int) -> str:
    from seize.decode.render.scalars import sigset_text
    from seize.decode.values import SigSet

    return sigset_text(SigSet(mask))


def _lines(tid: int, table: str) -> Iterator[list[str]]:
    with open(f"/proc/{tid}/net/{table}", encoding="ascii", errors="replace") as file:
        next(file, None)
        for line in file:
            yield line.split()


def _internet(tid: int, table: str, inode: int) -> str | None:
    wanted = str(inode)
    for words in _lines(tid, table):
        if len(words) > 9 and words[9] == wanted:
            source, target = words[1], words[2]
            text = _endpoint(source)
            return (
                text if int(target.rpartition(":")[2], 16) == 0 else f"{text}->{_endpoint(target)}"
            )
    return None


def _endpoint(text: str) -> str:
    """``127.0.0.1:80`` from ``0100007F:0050``: words in the byte order of the machine."""
    address, _, port = text.rpartition(":")
    words = [int(address[i : i + 8], 16) for i in range(0, len(address), 8)]
    data = b"".join([word.to_bytes(4, "little") for word in words])
    return f"{_address(data)}:{int(port, 16)}"


def _address(data: bytes) -> str:
    if len(data) == 4:
        return ".".join([str(byte) for byte in data])
    from _socket import inet_ntop

    return f"[{inet_ntop(_AF_INET6, data)}]"


def _netlink(tid: int, inode: int) -> tuple[str, int] | None:
    """The protocol of a netlink socket, and its port number."""
    wanted = str(inode)
    for words in _lines(tid, "netlink"):
        if words[-1] == wanted:
            number = int(words[1])
            name = dict(flag_set("x86_64", "netlink_protocols") or ()).get(number, str(number))
            return name.removeprefix("NETLINK_"), int(words[2])
    return None


# Requests of sock_diag(7): unix_diag_req and inet_diag_req_v2.
_UNIX_REQUEST = Struct("=BBHIII8s")
_INET_REQUEST = Struct("=BBBBI48x")
_BY_FAMILY = 20
_SHOW_NAME, _SHOW_PEER = 1, 4
_DIAG_NAME, _DIAG_PEER = 0, 2
_UNIX_ANSWER, _INET_ANSWER = 16, 72
_INODE_AT = 68
_BOUND_INACTIVE = 1 << 13


def unix_ends(inode: int) -> str | None:
    """``12->13,"/path"``: the inodes of a socket and of its peer, and its name."""
    show = _SHOW_NAME | _SHOW_PEER
    body = _UNIX_REQUEST.pack(_AF_UNIX, 0, 0, 0xFFFFFFFF, inode, show, b"\xff" * 8)
    for answer in ask(NETLINK_SOCK_DIAG, _BY_FAMILY, 0, body):
        found = dict(attributes(answer[_UNIX_ANSWER:]))
        text = str(inode)
        peer = int.from_bytes(found.get(_DIAG_PEER, b"")[:4], "little")
        if peer:
            # 0 until the other side has accepted the connection.
            text += f"->{peer}"
        name = found.get(_DIAG_NAME)
        return f"{text},{_unix_name(name)}" if name else text
    return None


def bound_end(family: int, inode: int) -> str | None:
    """The address that a TCP socket is bound to and doesn't use yet: /proc doesn't list it."""
    body = _INET_REQUEST.pack(family, _IPPROTO_TCP, 0, 0, _BOUND_INACTIVE)
    for answer in ask(NETLINK_SOCK_DIAG, _BY_FAMILY, DUMP, body):
        if len(answer) >= _INET_ANSWER and int.from_bytes(answer[_INODE_AT:72], "little") == inode:
            port = int.from_bytes(answer[4:6], "big")
            return f"{_address(answer[8:24] if family == _AF_INET6 else answer[8:12])}:{port}"
    return None


def _unix_name(name: bytes) -> str:
    from seize.decode.render.quote import quote

    if name.startswith(b"\0"):
        return "@" + quote(name[1:])
    return quote(name.rstrip(b"\0"))
