"""What descriptors stand for: our own, which we know."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

import pytest

from seize.strace.descriptors import AT_FDCWD, Descriptors

EVERYTHING = frozenset(("path", "socket", "dev", "pidfd", "eventfd", "signalfd"))
OWN = os.getpid()


@pytest.fixture
def all_of_them() -> Descriptors:
    return Descriptors(EVERYTHING)


def inode(end: socket.socket) -> int:
    return os.fstat(end.fileno()).st_ino


def test_files(all_of_them: Descriptors, tmp_path: Path) -> None:
    with (tmp_path / "odd\nname\udce9").open("w") as file:
        assert all_of_them.path(OWN, file.fileno()) == str(tmp_path / "odd\nname\udce9")
        assert all_of_them.details(OWN, file.fileno()) is None
    assert all_of_them.path(OWN, AT_FDCWD) == os.getcwd()
    assert all_of_them.details(OWN, AT_FDCWD) is None


def test_devices(all_of_them: Descriptors) -> None:
    with open(os.devnull, "rb") as file:
        assert all_of_them.details(OWN, file.fileno()) == "char 1:3"
        assert Descriptors(frozenset(("dev",))).path(OWN, file.fileno()) == os.devnull
        assert Descriptors(frozenset(("socket",))).path(OWN, file.fileno()) is None


@pytest.mark.parametrize(
    ("family", "host", "shown", "protocol"),
    [
        (socket.AF_INET, "127.0.0.1", "127.0.0.1", "TCP"),
        (socket.AF_INET6, "::1", "[::1]", "TCPv6"),
    ],
)
def test_tcp(all_of_them: Descriptors, family: int, host: str, shown: str, protocol: str) -> None:
    with socket.socket(family) as server, socket.socket(family) as client:
        assert all_of_them.details(OWN, server.fileno()) == f"{protocol}:[{inode(server)}]"
        server.bind((host, 0))
        port = server.getsockname()[1]
        # Bound, and not listening yet: newer kernels only.
        assert all_of_them.details(OWN, server.fileno()) in (
            f"{protocol}:[{shown}:{port}]",
            f"{protocol}:[{inode(server)}]",
        )
        server.listen()
        assert all_of_them.details(OWN, server.fileno()) == f"{protocol}:[{shown}:{port}]"
        client.connect((host, port))
        own = client.getsockname()[1]
        expected = f"{protocol}:[{shown}:{own}->{shown}:{port}]"
        assert all_of_them.details(OWN, client.fileno()) == expected
        accepted, _ = server.accept()
        with accepted:
            expected = f"{protocol}:[{shown}:{port}->{shown}:{own}]"
            assert all_of_them.details(OWN, accepted.fileno()) == expected


def test_udp(all_of_them: Descriptors) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
        assert all_of_them.details(OWN, end.fileno()) == f"UDP:[{inode(end)}]"
        end.bind(("127.0.0.1", 0))
        assert all_of_them.details(OWN, end.fileno()) == f"UDP:[127.0.0.1:{end.getsockname()[1]}]"
        assert all_of_them.protocol(OWN, end.fileno()) == "UDP"


def test_unix(all_of_them: Descriptors, tmp_path: Path) -> None:
    one, other = socket.socketpair()
    with one, other:
        expected = f"UNIX-STREAM:[{inode(one)}->{inode(other)}]"
        assert all_of_them.details(OWN, one.fileno()) == expected
        assert all_of_them.path(OWN, one.fileno()) == f"socket:[{inode(one)}]"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        expected = f'UNIX-STREAM:[{inode(server)},"{tmp_path / "s"}"]'
        assert all_of_them.details(OWN, server.fileno()) == expected
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0seize-{OWN}")
        expected = f'UNIX-STREAM:[{inode(server)},@"seize-{OWN}"]'
        assert all_of_them.details(OWN, server.fileno()) == expected


def test_a_connection_that_is_not_accepted_yet(all_of_them: Descriptors) -> None:
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind("")
        server.listen()
        client.connect(server.getsockname())
        assert all_of_them.details(OWN, client.fileno()) == f"UNIX-STREAM:[{inode(client)}]"
        accepted, _ = server.accept()
        with accepted:
            expected = f"UNIX-STREAM:[{inode(client)}->{inode(accepted)}]"
            assert all_of_them.details(OWN, client.fileno()) == expected


def test_connected_anew(all_of_them: Descriptors) -> None:
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(3)]
    client, *servers = sockets
    try:
        for server in servers:
            server.bind(("127.0.0.1", 0))
            client.connect(server.getsockname())
            own, port = client.getsockname()[1], server.getsockname()[1]
            expected = f"UDP:[127.0.0.1:{own}->127.0.0.1:{port}]"
            assert all_of_them.details(OWN, client.fileno()) == expected
    finally:
        for end in sockets:
            end.close()


def test_netlink(all_of_them: Descriptors) -> None:
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as end:
        # The kernel lists it once it has an address.
        assert all_of_them.netlink_protocol(OWN, end.fileno()) == "?"
        end.bind((0, 0))
        assert all_of_them.netlink_protocol(OWN, end.fileno()) == "ROUTE"
        expected = f"NETLINK:[ROUTE:{end.getsockname()[0]}]"
        assert all_of_them.details(OWN, end.fileno()) == expected
    with open(os.devnull, "rb") as file:
        assert all_of_them.netlink_protocol(OWN, file.fileno()) is None
        assert all_of_them.protocol(OWN, file.fileno()) is None


def test_processes_and_counters(all_of_them: Descriptors) -> None:
    process = os.pidfd_open(OWN)
    counter = os.eventfd(7)
    try:
        assert all_of_them.details(OWN, process) == f"pid:{OWN}"
        details = all_of_them.details(OWN, counter) or ""
        assert details.startswith("eventfd:{count=7, id=")
    finally:
        os.close(process)
        os.close(counter)


def test_what_is_gone(all_of_them: Descriptors) -> None:
    assert all_of_them.path(OWN, 1 << 20) is None
    assert all_of_them.details(OWN, 1 << 20) is None
    child = os.fork()
    if child == 0:
        signal.pause()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    for answer in (
        all_of_them.path(child, 0),
        all_of_them.details(child, 0),
        all_of_them.protocol(child, 0),
        all_of_them.netlink_protocol(child, 0),
    ):
        assert answer is None


def test_what_is_kept_is_bounded(all_of_them: Descriptors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seize.strace.descriptors._KEPT", 2)
    for _ in range(5):
        one, other = socket.socketpair()
        with one, other:
            all_of_them.details(OWN, one.fileno())
            all_of_them.details(OWN, other.fileno())
    assert len(all_of_them._connected) <= 2
