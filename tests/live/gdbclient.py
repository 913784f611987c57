"""A server, and gdb as its client: both driven by scripts."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

SETTINGS = (
    "set pagination off",
    "set confirm off",
    "set debuginfod enabled off",
    "set width 0",
    "set sysroot /",
    # By itself gdb asks again after 2 seconds, which a busy machine may need to start a server.
    "set remotetimeout 30",
)
SECONDS = 40


def words(*options: str) -> list[str]:
    """The command that is our gdbserver."""
    return [sys.executable, "-m", "seize", "gdbserver", *options]


class Server:
    """A running server, and what it has said."""

    def __init__(self, *arguments: str, env: dict[str, str] | None = None) -> None:
        # Files, which are never full.
        self._out, self._err = os.memfd_create("out"), os.memfd_create("err")
        self.process = subprocess.Popen(
            words(*arguments), stdin=subprocess.DEVNULL, stdout=self._out, stderr=self._err, env=env
        )
        self.port = int(self.wait_for(r"Listening on port (\d+)\n")[1])

    @property
    def said(self) -> str:
        """What the server has written so far."""
        return _contents(self._err)

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Wait until it has said something."""
        deadline = time.monotonic() + SECONDS
        while not (found := re.search(pattern, self.said)):
            alive = self.process.poll() is None and time.monotonic() < deadline
            if not alive and not re.search(pattern, self.said):
                raise AssertionError(f"no {pattern!r} in {self.said!r}")
            time.sleep(0.005)
        return found

    def end(self) -> tuple[int, str, str]:
        """Wait for its end; return the status, and what the program and it have written."""
        status = self.process.wait(timeout=SECONDS)
        return status, _contents(self._out), self.said

    def close(self) -> None:
        """End it, if it hasn't ended."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._out)
        os.close(self._err)


def _contents(descriptor: int) -> str:
    size = os.fstat(descriptor).st_size
    return os.pread(descriptor, size, 0).decode("utf-8", "replace")


@contextmanager
def serving(*arguments: str, env: dict[str, str] | None = None) -> Iterator[Server]:
    """Start a server for the time."""
    server = Server(*arguments, env=env)
    try:
        yield server
    finally:
        server.close()


def gdb(program: str, commands: Sequence[str], settings: Sequence[str] = SETTINGS) -> str:
    """Let gdb carry out commands one after the other, and return what it printed."""
    line = ["gdb", "-nx", "-q", "-batch"]
    for command in (*settings, *commands):
        line += ["-ex", command]
    done = subprocess.run(
        [*line, program],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=SECONDS,
        check=False,
    )
    return done.stdout.decode("utf-8", "replace")


class Gdb:
    """gdb with its event loop, as a user has it: commands are typed, and answers awaited."""

    def __init__(self, program: str) -> None:
        self.process = subprocess.Popen(
            ["gdb", "-nx", "-q", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.printed = ""
        self._count = 0
        for setting in SETTINGS:
            self.do(setting)

    def do(self, command: str) -> str:
        """Type a command, and return what it has printed when it is done."""
        self._count += 1
        mark = f"<done {self._count}>"
        start = len(self.printed)
        self.type(f"{command}\necho {mark}\\n\n")
        self.wait_for(re.escape(mark), start)
        return self.printed[start:]

    def type(self, text: str) -> None:
        """Type something."""
        assert self.process.stdin is not None
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def wait_for(self, pattern: str, start: int = 0) -> re.Match[str]:
        """Wait until something is printed, after so much of it."""
        assert self.process.stdout is not None
        compiled = re.compile(pattern)
        deadline = time.monotonic() + SECONDS
        while not (found := compiled.search(self.printed, start)):
            left = deadline - time.monotonic()
            ready, _, _ = select.select([self.process.stdout], [], [], max(left, 0))
            data = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not data:
                raise AssertionError(f"no {pattern!r} in {self.printed[start:]!r}")
            self.printed += data.decode("utf-8", "replace")
        return found

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.communicate()


@contextmanager
def running_gdb(program: str) -> Iterator[Gdb]:
    """Start gdb for the time."""
    client = Gdb(program)
    try:
        yield client
    finally:
        client.close()
