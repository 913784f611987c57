"""Which calls a rule's ``path`` and ``fd`` mean."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase

from seize import _procfs
from seize.decode.values import DirFd, Fd, Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.decode import Call


def has_descriptor(call: Call, fd: int) -> bool:
    """Whether an argument is that descriptor."""
    return any(isinstance(value, Fd) and value == fd for value in call.values)


def has_path(tid: int, call: Call, pattern: str) -> bool:
    """Whether a path among the arguments, or the file of a descriptor, matches a shell pattern.

    A relative path is tried as it is given and as an absolute one.
    """
    return any(fnmatchcase(path, pattern) for path in _paths(tid, call))


def _paths(tid: int, call: Call) -> Iterator[str]:
    folder: int | None = None
    for value in call.values:
        if isinstance(value, DirFd):
            folder = value if value >= 0 else None
        elif isinstance(value, Fd):
            yield _procfs.link(f"/proc/{tid}/fd/{int(value)}")
        elif isinstance(value, Path):
            yield value.text
            if value.text and not value.text.startswith("/"):
                start = f"/proc/{tid}/cwd" if folder is None else f"/proc/{tid}/fd/{folder}"
                yield os.path.normpath(os.path.join(_procfs.link(start), value.text))
