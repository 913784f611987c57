"""What files a system call works on: strace's ``-P`` and ``--trace-fds``.

Which arguments are descriptors and paths, the signature of the call tells.  They are looked at
at the entry: what a call opens isn't known then.
"""

from __future__ import annotations

import os

from seize.decode.compiler import place
from seize.decode.decoder import source
from seize.decode.kinds.base import UnknownKind
from seize.decode.memory import PATH_MAX, read_exactly, read_string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seize.callsets.sets import NumberSet
    from seize.decode.kinds.base import Scope
    from seize.decode.memory import MemoryReader

FD, PATH, POLLFDS, FDSET = range(4)
_WORDS = {
    "fd": FD,
    "dirfd": FD,
    "fanotify_dirfd": FD,
    "path": PATH,
    "pollfds": POLLFDS,
    "fdset": FDSET,
}
_POLLFD_SIZE = 8
_POLLFDS_LIMIT = _FDS_LIMIT = 1 << 20
_DELETED = " (deleted)"

_OTHERS = frozenset(
    (
        # Where a call is about something else that it has an instance of.
        *(("epoll_ctl", "epfd"), ("fanotify_mark", "fanotify_fd"), ("fsconfig", "fs_fd")),
        # The leader of a group; a link's text, which needn't be a file.
        *(("perf_event_open", "group_fd"), ("symlink", "oldname"), ("symlinkat", "oldname")),
    )
)
"""Arguments that name no file that the call works on."""


class Operands:
    """The files of interest: ``paths``, and descriptors by number (None: by no number).

    A call is of interest if it names one of the paths, literally, or has a descriptor that
    stands for one of them, or one of the numbers.
    """

    def __init__(self, paths: tuple[str, ...], fds: NumberSet | None) -> None:
        self._paths = frozenset([os.fsencode(path) for path in paths])
        self._fds = fds
        self._known: dict[tuple[str, str], tuple[tuple[int, int, int], ...]] = {}
        self._matchers: dict[int, Callable[..., bool]] = {
            FD: self._fd,
            PATH: self._path,
            POLLFDS: self._pollfds,
            FDSET: self._fdset,
        }

    def match(
        self, scope: Scope, name: str, tid: int, args: tuple[int, ...], memory: MemoryReader
    ) -> bool:
        """Whether the call ``name``, about to be run with these registers, is of interest.

        ``scope`` is one of the call's ABI.
        """
        known = self._known.get((scope.arch_name, name))
        if known is None:
            known = self._known[scope.arch_name, name] = tuple(_looked_at(scope.fresh(), name))
        for what, register, length in known:
            if self._matchers[what](tid, args[register], memory, args[length], scope.word):
                return True
        return False

    def _fd(self, tid: int, fd: int, *unused: object) -> bool:
        fd &= 0xFFFFFFFF
        if fd >> 31:
            return False
        if self._fds is not None and fd in self._fds:
            return True
        return bool(self._paths) and path_of(tid, fd) in self._paths

    def _path(self, tid: int, address: int, memory: MemoryReader, *unused: object) -> bool:
        if not self._paths:
            return False
        found = read_string(memory, address, PATH_MAX)
        return found is not None and found[1] and found[0] in self._paths

    def _pollfds(
        self, tid: int, address: int, memory: MemoryReader, count: int, *_: object
    ) -> bool:
        count = min(count & 0xFFFFFFFF, _POLLFDS_LIMIT)
        data = memory.read_prefix(address, count * _POLLFD_SIZE)
        return any(
            self._fd(tid, int.from_bytes(data[start : start + 4], "little"))
            for start in range(0, len(data) - _POLLFD_SIZE + 1, _POLLFD_SIZE)
        )

    def _fdset(self, tid: int, address: int, memory: MemoryReader, count: int, word: int) -> bool:
        count &= 0xFFFFFFFF
        if not address or not count or count >> 31:
            return False
        count = min(count, _FDS_LIMIT)
        size = -(-count // (word * 8)) * word
        data = read_exactly(memory, address, size)
        if data is None:
            return False
        bits = int.from_bytes(data, "little") & ((1 << count) - 1)
        return any(self._fd(tid, fd) for fd in _members(bits))


def _looked_at(scope: Scope, name: str) -> Iterator[tuple[int, int, int]]:
    """The arguments to look at: what each is, its register, that of its length."""
    lines = source(scope.arch_name)
    if name not in lines:
        return
    line = lines.line(name)
    place(scope, line.arguments)
    for argument in line.arguments:
        spec = argument.spec
        if spec is None or spec.word not in _WORDS or argument.direction == "out":
            continue
        if (name, argument.name) not in _OTHERS:
            length = _register(scope, spec.index) if spec.index else 0
            yield _WORDS[spec.word], _register(scope, argument.name), length


def _members(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _register(scope: Scope, name: str) -> int:
    text = scope.registers.get(name)
    if text is None:
        raise UnknownKind(f"no argument {name!r}")
    return int(text[2:-1])


def path_of(tid: int, fd: int) -> bytes | None:
    """What a thread's descriptor stands for, also if that was removed; None if it is closed."""
    link = f"/proc/{tid}/fd/{fd}"
    try:
        path = os.readlink(link)
    except OSError:
        return None
    if path.endswith(_DELETED) and not _is_same(link, path):
        path = path.removesuffix(_DELETED)
    return os.fsencode(path)


def _is_same(link: str, path: str) -> bool:
    """Whether a file really has that name, with what the kernel says of a removed one."""
    try:
        return os.path.samestat(os.stat(link), os.lstat(path))
    except OSError:
        return False


def resolved(
    paths: tuple[str, ...], tell: Callable[[str], None] | None, style: str = ""
) -> tuple[str, ...]:
    """The paths, and after each that has another name the one that the kernel knows it by.

    ``tell`` is told of it, with names in the ``style`` of strings (-x).
    """
    found: list[str] = []
    for path in paths:
        found.append(path)
        try:
            real = os.path.realpath(path, strict=True)
        except OSError:
            continue
        if real != path:
            found.append(real)
            if tell is not None:
                from seize.decode.render.quote import STYLES

                texts = [STYLES[style](os.fsencode(name)) for name in (path, real)]
                tell(f'Requested path "{texts[0]}" resolved into "{texts[1]}"')
    return tuple(found)
