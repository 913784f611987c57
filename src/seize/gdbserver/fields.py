"""Reading the arguments of a packet, and writing answers: hexadecimal, lists, thread ids."""

from __future__ import annotations

from typing import NamedTuple

_WORD = 1 << 64
_DIGITS = frozenset(b"0123456789abcdefABCDEF")


class Refused(Exception):
    """A packet that is refused: ``E NN`` with ``number``, or with ``text`` where that is known.

    Raised before anything is changed.
    """

    def __init__(self, text: str = "", number: int = 1) -> None:
        self.text = text
        self.number = number
        super().__init__(text or f"E{number:02x}")


class ThreadId(NamedTuple):
    """What a packet names by ``pPID.TID``: -1 means all, 0 any; ``pid`` is None without ``p``."""

    pid: int | None
    tid: int


ALL, ANY = -1, 0


class Fields:
    """What is left of a packet's arguments.  All methods raise Refused for what is malformed."""

    def __init__(self, data: bytes) -> None:
        self.rest = data

    def __bool__(self) -> bool:
        return bool(self.rest)

    def skip(self, mark: bytes) -> bool:
        """Take ``mark`` away if it comes next; tell whether it did."""
        if not self.rest.startswith(mark):
            return False
        self.rest = self.rest[len(mark) :]
        return True

    def expect(self, mark: bytes) -> None:
        """Take ``mark`` away, which must come next."""
        if not self.skip(mark):
            raise Refused(f"'{mark.decode()}' is missing")

    def end(self) -> None:
        """Nothing may be left."""
        if self.rest:
            raise Refused("there is something after the end")

    def number(self) -> int:
        """An unsigned hexadecimal number of at most 64 bits."""
        size = 0
        while size < len(self.rest) and self.rest[size] in _DIGITS:
            size += 1
        if not size:
            raise Refused("a number is missing")
        value = int(self.rest[:size], 16)
        if value >= _WORD:
            raise Refused("a number is too big")
        self.rest = self.rest[size:]
        return value

    def pair(self) -> tuple[int, int]:
        """Two numbers, a comma between them: an address and a length, say."""
        first = self.number()
        self.expect(b",")
        return first, self.number()

    def flag(self) -> bool:
        """``:1`` or ``:0``, and nothing else."""
        self.expect(b":")
        value = self.number()
        self.end()
        if value > 1:
            raise Refused("neither 0 nor 1")
        return value == 1

    def until(self, mark: bytes) -> bytes:
        """What stands before ``mark`` (which is taken away), or all that is left."""
        before, _, self.rest = self.rest.partition(mark)
        return before

    def take(self, size: int) -> bytes:
        """The next ``size`` bytes."""
        if len(self.rest) < size:
            raise Refused("something is cut off")
        taken, self.rest = self.rest[:size], self.rest[size:]
        return taken

    def all(self) -> bytes:
        """All that is left."""
        left, self.rest = self.rest, b""
        return left

    def hexadecimal(self, mark: bytes = b"") -> bytes:
        """The bytes that are written as pairs of digits, until ``mark`` or the end."""
        return unhex(self.until(mark) if mark else self.all())

    def thread_id(self) -> ThreadId:
        """A thread id: ``TID``, ``pPID``, ``pPID.TID``, each number maybe -1."""
        if not self.skip(b"p"):
            return ThreadId(None, self._id())
        pid = self._id()
        tid = self._id() if self.skip(b".") else ALL
        if pid == ALL and tid != ALL:
            raise Refused("one thread of all processes")
        return ThreadId(pid, tid)

    def _id(self) -> int:
        if self.skip(b"-1"):
            return ALL
        value = self.number()
        if value >= 1 << 31:
            raise Refused("a thread id is too big")
        return value


def unhex(text: bytes) -> bytes:
    """Give the bytes that pairs of hexadecimal digits stand for; Refused if they are none."""
    if len(text) % 2 or not _DIGITS.issuperset(text):
        raise Refused("hexadecimal digits are malformed")
    return bytes.fromhex(text.decode("ascii"))


def path(data: bytes) -> str:
    """Give the file name that bytes are."""
    if b"\0" in data:
        raise Refused("a NUL in a name")
    return data.decode("utf-8", "surrogateescape")


def hexed(data: bytes) -> bytes:
    """Write bytes as hexadecimal digits."""
    return data.hex().encode("ascii")


def text_hexed(text: str) -> bytes:
    """Write text as hexadecimal digits."""
    return hexed(text.encode("utf-8", "surrogateescape"))
