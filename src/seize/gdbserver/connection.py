"""The line to the client: listening for it, and reading in a thread of its own.

ptrace(2) belongs to one OS thread, which waits for the tracees.  So another one reads what the
client sends, puts it in a queue, and wakes the first.
"""

from __future__ import annotations

import os
import socket
from errno import EADDRNOTAVAIL
from queue import Empty, SimpleQueue
from threading import Thread

from seize._frozen import frozen
from seize.errors import SeizeError, UsageError
from seize.gdbserver.framing import Acknowledged, Deframer, Item

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_CHUNK = 1 << 16
_HIGHEST_PORT = 65535
_BACKLOG = 8
"""Clients that may be waiting: one who has gone before its turn mustn't keep the next one out."""


@frozen
class Closed:
    """The client has gone."""


class Connection:
    """One client.  ``wake`` is called, in the reading thread, whenever something has come."""

    def __init__(self, reading: int, writing: int, wake: Callable[[], None], peer: str) -> None:
        self.peer = peer
        self._reading = reading
        self._writing = writing
        self._wake = wake
        self._queue: SimpleQueue[Item | Closed] = SimpleQueue()
        self._last = b""
        self.closed = False
        # A descriptor of ours that makes the reader end.
        self._end_read, self._end_write = os.pipe2(os.O_CLOEXEC)
        self._thread = Thread(target=self._read, name="seize-gdbserver", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def _read(self) -> None:
        from select import POLLIN, poll

        deframer = Deframer()
        waiting = poll()
        waiting.register(self._reading, POLLIN)
        waiting.register(self._end_read, POLLIN)
        while True:
            ready = {descriptor for descriptor, _ in waiting.poll()}
            if self._end_read in ready:
                return
            try:
                data = os.read(self._reading, _CHUNK)
            except OSError:
                # Reset by the other side: as good as closed.
                data = b""
            items: list[Item | Closed] = [*deframer.feed(data)] if data else [Closed()]
            for item in items:
                self._queue.put(item)
            if items:
                self._wake()
            if not data:
                return

    def take(self, *, block: bool) -> Item | Closed | None:
        """Return what came next; None if nothing has and it isn't to be waited for."""
        try:
            item = self._queue.get(block)
        except Empty:
            return None
        if isinstance(item, Closed):
            self.closed = True
        elif isinstance(item, Acknowledged) and not item.good and self._last:
            self.send_again()
        return item

    def send(self, data: bytes) -> None:
        """Write a packet, or an acknowledgment; a client that has gone is noticed by ``take``."""
        if len(data) > 1:
            self._last = data
        self._write(data)

    def send_again(self) -> None:
        """Write the last packet once more."""
        self._write(self._last)

    def _write(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            try:
                left = left[os.write(self._writing, left) :]
            except OSError:
                # The reader finds the same, and says so when everything before it was taken.
                return

    def close(self) -> None:
        """End the reading thread, and close the descriptors."""
        os.write(self._end_write, b"x")
        if self._thread.ident is not None:
            self._thread.join()
        for descriptor in {self._reading, self._writing, self._end_read, self._end_write}:
            os.close(descriptor)


@frozen
class Address:
    """Where to wait for the client: ``kind`` is "tcp", "unix" or "stdio".

    ``where`` is a host or a path, ``port`` 0 lets the system choose one, ``family`` is an AF_*
    number, AF_UNSPEC for either.
    """

    kind: str
    where: str = ""
    port: int = 0
    family: int = socket.AF_UNSPEC


LOOPBACK = "localhost"
_PREFIXES = {
    "tcp:": socket.AF_UNSPEC,
    "tcp4:": socket.AF_INET,
    "tcp6:": socket.AF_INET6,
}


def parse(text: str) -> Address:
    """Understand gdbserver's COMM: ``HOST:PORT``, ``:PORT``, ``[IPV6]:PORT``, ``stdio``, ``-``.

    A prefix ``tcp:``, ``tcp4:`` or ``tcp6:`` chooses the protocol, ``unix:PATH`` is a local
    socket.  Without a host it is the loopback interface.  Raises UsageError.
    """
    if text in ("stdio", "-"):
        return Address("stdio")
    if text.startswith("unix:") and len(text) > 5:
        return Address("unix", text[5:])
    if text.startswith(("udp:", "udp4:", "udp6:")):
        raise UsageError(f"'{text}': only TCP is served")
    family = socket.AF_UNSPEC
    rest = text
    for prefix, chosen in _PREFIXES.items():
        if text.startswith(prefix):
            rest, family = text[len(prefix) :], chosen
    host, colon, port = rest.rpartition(":")
    if not colon:
        raise UsageError(f"'{text}' is no HOST:PORT, and neither stdio nor unix:PATH")
    if host.startswith("[") and host.endswith("]"):
        host, family = host[1:-1], socket.AF_INET6
    if not port.isascii() or not port.isdigit() or int(port) > _HIGHEST_PORT:
        raise UsageError(f"'{port}' is no port (0 to {_HIGHEST_PORT}) in '{text}'")
    return Address("tcp", host or LOOPBACK, int(port), family)


class Listener:
    """Waits for clients at an address.  SeizeError if that is impossible."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.sockets: list[socket.socket] = []
        try:
            if address.kind == "unix":
                self._listen_locally()
            else:
                self._listen()
        except socket.gaierror as error:
            raise SeizeError(f"{address.where}: cannot resolve name: {error.strerror}") from error
        except OSError as error:
            self.close()
            # In gdbserver's words: scripts that try the next port wait for them.
            reason = error.strerror or str(error)
            if error.errno == EADDRNOTAVAIL:
                # gdbserver ignores the host, so people write that of the client.
                reason += f", '{address.where}' is another machine's"
            raise SeizeError(f"Can't bind address: {reason}.") from error

    def _listen_locally(self) -> None:
        here = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sockets.append(here)
        here.bind(self.address.where)
        here.listen(_BACKLOG)

    def _listen(self) -> None:
        port = self.address.port
        found = socket.getaddrinfo(
            self.address.where,
            port,
            self.address.family,
            socket.SOCK_STREAM,
            flags=socket.AI_PASSIVE,
        )
        # gdb tries the addresses of a name one after the other, so the first one will do, but
        # "localhost" may be 127.0.0.1 for one program and ::1 for the other: both, then.
        wanted = found if self.address.where == LOOPBACK else found[:1]
        problem: OSError | None = None
        for family, kind, protocol, _, place in wanted:
            here = socket.socket(family, kind, protocol)
            try:
                here.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    here.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                here.bind((place[0], port))
                here.listen(_BACKLOG)
            except OSError as error:
                here.close()
                problem = problem or error
                continue
            port = here.getsockname()[1]
            self.sockets.append(here)
        if problem is not None and not self.sockets:
            raise problem

    @property
    def port(self) -> int:
        """The TCP port, 0 for a local socket."""
        return 0 if self.address.kind == "unix" else int(self.sockets[0].getsockname()[1])

    def accept(self) -> tuple[socket.socket, str]:
        """Wait for a client; return its socket and a description of where it is."""
        from select import POLLIN, poll

        waiting = poll()
        for here in self.sockets:
            waiting.register(here, POLLIN)
        ready = waiting.poll()[0][0]
        (chosen,) = (here for here in self.sockets if here.fileno() == ready)
        client, place = chosen.accept()
        if self.address.kind == "unix":
            return client, "a local process"
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return client, f"host {place[0]}, port {place[1]}"

    def close(self) -> None:
        """Stop listening."""
        for here in self.sockets:
            here.close()
        self.sockets.clear()
        if self.address.kind == "unix":
            try:
                os.unlink(self.address.where)
            except OSError:
                return
