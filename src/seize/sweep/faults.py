"""Which system calls are made to fail, and how: one line for each kind of call.

An error stands here only if the kernel really returns it for that call, and where a program can
meet it: a full disk, a broken one, a table of descriptors that is full, no memory, a signal.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.sweep.calls import Seen

SHORT = "short"
"""The fault of a call that moves only half of its bytes."""

_FAULTS = """
# What the calls are about, then ERRNO or "short"; * is anything, and calls about no descriptor.
write writev pwrite64 pwritev pwritev2
  file ENOSPC EIO short
  pipe EPIPE short
  stream EPIPE short
  socket ENOBUFS
read readv pread64 preadv preadv2
  file EIO short
  directory device EIO
  pipe EINTR short
  stream ECONNRESET EINTR short
  socket EINTR
openat open openat2 creat
  * EMFILE EACCES
close
  file EIO
fsync fdatasync sync_file_range syncfs msync
  * EIO
mmap mmap2 mremap
  * ENOMEM
# A brk(2) that fails has no error: it returns the break as it was.
brk
  * ENOMEM
ftruncate truncate ftruncate64 truncate64
  * EIO
fallocate
  * ENOSPC
rename renameat renameat2 link linkat symlink symlinkat mkdir mkdirat mknod mknodat
  * ENOSPC EACCES
unlink unlinkat rmdir
  * EACCES
stat lstat newfstatat statx stat64 lstat64 fstatat64 access faccessat faccessat2
  * EACCES
readlink readlinkat chdir fchdir chroot
  * EACCES
getdents getdents64
  * EIO
getcwd
  * ENOENT
chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utimensat utimes futimesat
  * EPERM
setuid setgid setreuid setregid setresuid setresgid setgroups
  * EPERM
setuid setreuid setresuid
  * EAGAIN
copy_file_range sendfile sendfile64 splice
  * EIO
lseek _llseek
  pipe ESPIPE
# Not dup2 and dup3: where the new descriptor is open, they can't fail.
dup pipe pipe2 socket socketpair accept accept4 eventfd2 epoll_create epoll_create1
  * EMFILE
inotify_init inotify_init1 timerfd_create signalfd4 memfd_create pidfd_open
  * EMFILE
epoll_ctl inotify_add_watch
  * ENOSPC
fork vfork clone clone3
  * EAGAIN
execve execveat
  * EACCES
# Only where a signal can wake the caller.  Not clock_nanosleep and nanosleep: the kernel would
# have to tell the rest of the time.
wait4 waitid waitpid poll ppoll select pselect6 _newselect epoll_wait epoll_pwait epoll_pwait2
  * EINTR
accept accept4 connect rt_sigtimedwait msgrcv msgsnd semop semtimedop
  * EINTR
flock
  * EINTR ENOLCK
fcntl_lock
  * EAGAIN ENOLCK
connect
  * ECONNREFUSED
bind
  * EADDRINUSE
listen setsockopt
  * ENOBUFS
send sendto sendmsg
  stream EPIPE short
  socket ENOBUFS
recv recvfrom recvmsg
  stream ECONNRESET EINTR short
  socket EINTR
sendmmsg
  * ENOBUFS
recvmmsg
  * EINTR
shmget semget msgget
  * ENOSPC
shmat
  * ENOMEM
getrandom
  * EINTR
"""

_LOCK_COMMANDS = ("F_SETLK", "F_SETLKW", "F_OFD_SETLK", "F_OFD_SETLKW", "F_SETLK64", "F_SETLKW64")
_PIPE_BUF = 4096


def _read(text: str) -> dict[str, dict[str, tuple[str, ...]]]:
    table: dict[str, dict[str, tuple[str, ...]]] = {}
    calls: list[str] = []
    for line in text.split("\n"):
        if not line or line[0] == "#":
            continue
        words = line.split()
        if line[0] != " ":
            calls = words
            continue
        kinds = [word for word in words if word.islower() and word != SHORT] or ["*"]
        faults = tuple(word for word in words if word.isupper() or word == SHORT)
        for call in calls:
            own = table.setdefault(call, {})
            for kind in kinds:
                own[kind] = own.get(kind, ()) + faults
    return table


TABLE = _read(_FAULTS)
"""By call, then by what it is about: the faults."""


def table_name(name: str, command: str = "") -> str:
    """The name under which a call stands in the table: fcntl(2) is many calls."""
    if name in ("fcntl", "fcntl64"):
        return "fcntl_lock" if command in _LOCK_COMMANDS else name
    return name


def is_fallible(name: str) -> bool:
    """Whether a call of this name (see ``table_name``) can be made to fail."""
    return name in TABLE


def known_errors() -> frozenset[str]:
    """Every fault of the table: errors by name, and "short"."""
    return frozenset(
        fault for kinds in TABLE.values() for faults in kinds.values() for fault in faults
    )


def faults_of(seen: Seen) -> tuple[str, ...]:
    """How a call that succeeded in the baseline is made to fail, each in a run of its own."""
    if seen.failed:
        return ()
    kinds = TABLE.get(seen.table_name, {})
    faults = kinds.get(seen.kind, ()) + (kinds.get("*", ()) if seen.kind != "*" else ())
    return tuple(fault for fault in faults if fault != SHORT or _can_be_short(seen))


def _can_be_short(seen: Seen) -> bool:
    """Whether half of the bytes can be moved: pipes take and give up to PIPE_BUF at once."""
    least = _PIPE_BUF if seen.kind == "pipe" else 1
    return seen.result > least
