"""A terminal for tests: what a person types, and what they see."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from typing import Any

_ESCAPES = re.compile(
    rb"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|[()][0-9A-B]|[=>78])|[\x00\x0e\x0f]"
)
_DEADLINE = 20


class Terminal:
    """A command whose controlling terminal is ours to type at."""

    def __init__(self, command: list[str], *, rows: int = 40, columns: int = 120, **env: str):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        environment = {**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", **env}
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env=environment,
        )
        os.close(slave)
        self._raw = b""
        self._seen = 0

    @property
    def text(self) -> str:
        """All that was written, without what moves the cursor or colours."""
        return _ESCAPES.sub(b"", self._raw).decode("utf-8", "replace").replace("\r", "")

    def type(self, text: str) -> None:
        """Type at the terminal."""
        os.write(self.master, text.encode())

    def expect(self, text: str) -> str:
        """Wait until a text is written after what was expected before; return what led to it."""
        deadline = time.monotonic() + _DEADLINE
        while (found := self.text.find(text, self._seen)) < 0:
            ready, _, _ = select.select([self.master], [], [], 0.1)
            data = b""
            if ready:
                try:
                    data = os.read(self.master, 65536)
                except OSError:
                    # EIO: nobody has the terminal open any more.
                    data = b""
                if not data:
                    raise AssertionError(f"it ended before {text!r}:\n{self.text[-3000:]}")
            self._raw += data
            assert time.monotonic() < deadline, f"no {text!r} in:\n{self.text[-3000:]}"
        before = self.text[self._seen : found]
        self._seen = found + len(text)
        return before

    def close(self) -> int:
        """Wait for the command to end, reading on; return its status."""
        deadline = time.monotonic() + _DEADLINE
        while self.process.poll() is None:
            if select.select([self.master], [], [], 0.05)[0]:
                try:
                    self._raw += os.read(self.master, 65536)
                except OSError:
                    # EIO: the last one has closed the terminal; the status comes soon.
                    time.sleep(0.01)
            if time.monotonic() > deadline:
                self.process.kill()
                self.process.wait()
                raise AssertionError(f"it doesn't end:\n{self.text[-3000:]}")
        os.close(self.master)
        return self.process.returncode

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: Any) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
            os.close(self.master)


def debug_at_terminal(*arguments: str, **options: Any) -> Terminal:
    """``seize debug`` at a terminal of its own."""
    return Terminal([sys.executable, "-m", "seize", "debug", *arguments], **options)
