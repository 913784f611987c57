"""What the calls of a run leave behind: closed descriptors, files whose data may be lost."""

from __future__ import annotations

from seize._frozen import replace
from seize.sweep import calls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode import Call

_EBADF = 9
_LOOP = 3
"""So many closes in a row of descriptors that aren't open are a loop over all numbers."""

_WRITERS = ("write", "writev", "pwrite64", "pwritev", "pwritev2", "copy_file_range", "sendfile")
_SYNCS = ("fsync", "fdatasync")
_REMOVERS = ("unlink", "unlinkat")


class Closes:
    """Finds descriptors that a process closes twice."""

    def __init__(self) -> None:
        self._closed: dict[int, set[int]] = {}
        self._made: dict[str, list[tuple[int, bool, str]]] = {}

    def made(self, pid: int, role: str, call: Call) -> bool:
        """Take note of a close(2) that is done; whether the descriptor had been closed before."""
        number = calls.descriptor(call)
        closed = self._closed.setdefault(pid, set())
        failed = call.error == _EBADF
        double = failed and number in closed
        closed.add(number)
        self._made.setdefault(role, []).append((number, failed, str(call) if double else ""))
        return double

    def ended(self, pid: int) -> None:
        """Forget the descriptors of a process that has ended, or begun another program."""
        self._closed.pop(pid, None)

    def doubles(self) -> list[tuple[str, str]]:
        """The role and text of each close of a descriptor that had been closed before."""
        found = []
        for role, made in self._made.items():
            for index, (_, _, text) in enumerate(made):
                if text and not _in_loop(made, index):
                    found.append((role, text))
        return found


def _in_loop(made: list[tuple[int, bool, str]], index: int) -> bool:
    """Whether a close belongs to a loop over descriptors, open or not."""
    first = last = index
    while first > 0 and _follows(made, first):
        first -= 1
    while last + 1 < len(made) and _follows(made, last + 1):
        last += 1
    return last - first + 1 >= _LOOP


def _follows(made: list[tuple[int, bool, str]], index: int) -> bool:
    return made[index - 1][1] and made[index][1] and abs(made[index - 1][0] - made[index][0]) == 1


class Dirt:
    """Which files have been written since they were last synced, and which are gone at the end."""

    def __init__(self) -> None:
        self._dirty: set[str] = set()
        self._removed: set[str] = set()

    def is_dirty(self, about: str) -> bool:
        """Whether data of this file may not be on the disk yet."""
        return about in self._dirty

    def made(self, seen: calls.Seen, call: Call, folder: str) -> None:
        """Take note of a call that succeeded."""
        name = seen.table_name
        if name in _WRITERS and seen.kind == "file":
            self._dirty.add(seen.about)
            self._removed.discard(seen.about)
        elif name in _SYNCS:
            self._dirty.discard(seen.about)
        elif name in _REMOVERS:
            self._removed.add(seen.about)

    def settle(self, seen: list[calls.Seen]) -> list[calls.Seen]:
        """The calls, with no close as dirty whose file is removed in the end."""
        return [
            replace(each, dirty=False) if each.dirty and each.about in self._removed else each
            for each in seen
        ]
