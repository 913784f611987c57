"""Files on this machine, for the client: vFile, "Host I/O Packets" in gdb's manual.

gdb reads the program and its libraries by them; with setfs, as a process sees them.
"""

from __future__ import annotations

import os
import stat
from struct import Struct

from seize.gdbserver.fields import Fields, Refused, path
from seize.gdbserver.framing import PACKET_SIZE
from seize.gdbserver.table import packet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.gdbserver.session import Session

_LARGEST_READ = PACKET_SIZE // 2
_MOST_OPEN = 256
_FILE_ERRORS = {
    1: 1,
    2: 2,
    4: 4,
    9: 9,
    13: 13,
    14: 14,
    16: 16,
    17: 17,
    19: 19,
    20: 20,
    21: 21,
    22: 22,
    23: 23,
    24: 24,
    27: 27,
    28: 28,
    29: 29,
    30: 30,
    36: 91,
}
"""errno of Linux, and the protocol's own numbering."""
_UNKNOWN_ERROR = 9999
_FLAGS = {
    0x8: os.O_APPEND,
    0x200: os.O_CREAT,
    0x400: os.O_TRUNC,
    0x800: os.O_EXCL,
}
_ACCESS = (os.O_RDONLY, os.O_WRONLY, os.O_RDWR)
_KNOWN_FLAGS = 3 | sum(_FLAGS)
_STAT = Struct(">7I3Q3I")
"""struct stat of the protocol: seven numbers, three long ones, three times."""


class HostFiles:
    """The files that a client has opened, and whose folders it looks at."""

    def __init__(self) -> None:
        self._open: set[int] = set()
        self.root_of = 0

    def named(self, name: str) -> str:
        """Where a name leads to: in the mount namespace of a process, if one was chosen."""
        if not self.root_of:
            return name
        return f"/proc/{self.root_of}/root/{name.lstrip('/')}"

    def add(self, descriptor: int) -> int:
        """Keep a descriptor."""
        self._open.add(descriptor)
        return descriptor

    def check(self, descriptor: int) -> int:
        """Raise OSError unless this is a descriptor of the client's."""
        if descriptor not in self._open:
            raise OSError(9, "no such file")
        return descriptor

    def full(self) -> bool:
        """Whether too many are open."""
        return len(self._open) >= _MOST_OPEN

    def close(self, descriptor: int) -> None:
        """Close one."""
        os.close(self.check(descriptor))
        self._open.discard(descriptor)

    def close_all(self) -> None:
        """Close what the client has left."""
        for descriptor in list(self._open):
            self.close(descriptor)


def _open(files: HostFiles, fields: Fields) -> bytes:
    name = path(fields.hexadecimal(b","))
    flags = fields.number()
    fields.expect(b",")
    mode = fields.number()
    fields.end()
    if flags & 3 == 3 or flags & ~_KNOWN_FLAGS:
        raise OSError(22, "unknown flags")
    if files.full():
        raise OSError(24, "too many files")
    chosen = _ACCESS[flags & 3]
    for bit, meaning in _FLAGS.items():
        chosen |= meaning if flags & bit else 0
    # Without O_NONBLOCK, a FIFO would let us wait for ever.
    chosen |= os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK
    return b"F%x" % files.add(os.open(files.named(name), chosen, mode & 0o777))


def _close(files: HostFiles, fields: Fields) -> bytes:
    descriptor = fields.number()
    fields.end()
    files.close(descriptor)
    return b"F0"


def _pread(files: HostFiles, fields: Fields) -> bytes:
    descriptor, size = fields.pair()
    fields.expect(b",")
    offset = _offset(fields)
    data = os.pread(files.check(descriptor), min(size, _LARGEST_READ), offset)
    return b"F%x;%b" % (len(data), data)


def _pwrite(files: HostFiles, fields: Fields) -> bytes:
    descriptor = fields.number()
    fields.expect(b",")
    offset = fields.number()
    fields.expect(b",")
    return b"F%x" % os.pwrite(files.check(descriptor), fields.all(), _checked(offset))


def _offset(fields: Fields) -> int:
    offset = fields.number()
    fields.end()
    return _checked(offset)


def _checked(offset: int) -> int:
    if offset >= 1 << 63:
        raise OSError(22, "a negative offset")
    return offset


def _fstat(files: HostFiles, fields: Fields) -> bytes:
    descriptor = fields.number()
    fields.end()
    return _packed(os.fstat(files.check(descriptor)))


def _stat(files: HostFiles, fields: Fields) -> bytes:
    return _packed(os.stat(files.named(path(fields.hexadecimal()))))


def _lstat(files: HostFiles, fields: Fields) -> bytes:
    return _packed(os.lstat(files.named(path(fields.hexadecimal()))))


def _packed(found: os.stat_result) -> bytes:
    numbers = (found.st_dev, found.st_ino, _mode(found.st_mode), found.st_nlink, found.st_uid)
    data = _STAT.pack(
        *(number & 0xFFFFFFFF for number in (*numbers, found.st_gid, found.st_rdev)),
        found.st_size,
        found.st_blksize,
        found.st_blocks,
        *(int(time) & 0xFFFFFFFF for time in (found.st_atime, found.st_mtime, found.st_ctime)),
    )
    return b"F%x;%b" % (len(data), data)


def _mode(mode: int) -> int:
    """The protocol knows regular files, folders and character devices."""
    kinds = (stat.S_ISREG(mode), stat.S_ISDIR(mode), stat.S_ISCHR(mode))
    kept = stat.S_IFMT(mode) if any(kinds) else 0
    return kept | mode & 0o777


def _unlink(files: HostFiles, fields: Fields) -> bytes:
    os.unlink(files.named(path(fields.hexadecimal())))
    return b"F0"


def _readlink(files: HostFiles, fields: Fields) -> bytes:
    target = os.readlink(os.fsencode(files.named(path(fields.hexadecimal()))))
    return b"F%x;%b" % (len(target), target)


def _setfs(files: HostFiles, fields: Fields) -> bytes:
    pid = fields.number()
    fields.end()
    if pid:
        os.stat(f"/proc/{pid}/root/")
        same = os.path.samefile(f"/proc/{pid}/root/", "/") and _namespace(pid) == _namespace("self")
        pid = 0 if same else pid
    files.root_of = pid
    return b"F0"


def _namespace(pid: int | str) -> str:
    return os.readlink(f"/proc/{pid}/ns/mnt")


_OPERATIONS: dict[bytes, Callable[[HostFiles, Fields], bytes]] = {
    b"open": _open,
    b"close": _close,
    b"pread": _pread,
    b"pwrite": _pwrite,
    b"fstat": _fstat,
    b"stat": _stat,
    b"lstat": _lstat,
    b"unlink": _unlink,
    b"readlink": _readlink,
    b"setfs": _setfs,
}


@packet("vFile")
def operate(session: Session, fields: Fields) -> bytes | None:
    """``vFile:operation:…``: ``F result[;data]``, or ``F-1,errno``."""
    fields.expect(b":")
    operation = _OPERATIONS.get(fields.until(b":"))
    if operation is None:
        return b""
    try:
        return operation(session.files, fields)
    except OSError as error:
        return b"F-1,%x" % _FILE_ERRORS.get(error.errno or 0, _UNKNOWN_ERROR)
    except Refused:
        return b"F-1,%x" % _FILE_ERRORS[22]
