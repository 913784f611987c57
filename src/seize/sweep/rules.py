"""What a failure may be ignored for, and which failures are worth a word when nobody reacted.

A careful program ignores some failures on purpose.  Each rule says which, and why.
"""

from __future__ import annotations

from seize.sweep.faults import SHORT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.sweep.inject import Target

SYSTEM_FOLDERS = ("/bin/", "/dev/", "/etc/", "/lib", "/proc/", "/run/", "/sys/", "/usr/", "/var/")
_STDERR = 2

_WRITES = ("write", "writev", "pwrite64", "pwritev", "pwritev2", "send", "sendto", "sendmsg")
_READS = ("read", "readv", "pread64", "preadv", "preadv2", "getdents", "getdents64")
_SYNCS = ("fsync", "fdatasync", "sync_file_range", "syncfs", "msync")
_IDENTITY = ("setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups")
_PLACES = ("chdir", "fchdir", "chroot")
_COPIES = ("copy_file_range", "sendfile", "sendfile64", "splice")
MATTERS = frozenset((*_WRITES, *_READS, *_SYNCS, *_IDENTITY, *_PLACES, *_COPIES, "close"))
"""Calls whose failure must not go unnoticed, even if the result looks right this time.

Of all others the result tells: an unlink or chmod that failed shows in the files.
"""


def is_system_file(target: Target) -> bool:
    """Whether a call is about a file of the system rather than one of the command's own."""
    return target.seen.about.startswith(SYSTEM_FOLDERS)


def _is_to_stderr(target: Target) -> bool:
    seen = target.seen
    if seen.table_name == "close":
        return seen.about == "standard error"
    return seen.table_name in _WRITES and seen.fd == _STDERR


def _is_harmless_close(target: Target) -> bool:
    return target.seen.table_name == "close" and not target.seen.dirty


def _is_optional_file(target: Target) -> bool:
    return target.seen.table_name in _READS and is_system_file(target)


def _is_end_of_file(target: Target) -> bool:
    return target.seen.table_name in _READS and target.seen.result == 0


def _is_short_read(target: Target) -> bool:
    return target.fault == SHORT and target.seen.table_name in _READS


def _shows_in_the_result(target: Target) -> bool:
    return target.seen.table_name not in MATTERS


RULES: tuple[tuple[Callable[[Target], bool], str], ...] = (
    (_is_to_stderr, "a message couldn't be written: there is nobody left to tell"),
    (_is_harmless_close, "nothing can be lost: all that was written is synced, or nothing was"),
    (_is_end_of_file, "there was nothing to read any more: the other reads tell what it does"),
    (_is_short_read, "what came was all that was needed"),
    (_is_optional_file, "a file of the system (locale, configuration) is often optional"),
    (_shows_in_the_result, "if it had mattered, the result would show it"),
)
"""Tests, and the reason for which an ignored failure of such a call is no finding."""


def harmless(target: Target) -> str:
    """Why the failure of a call may be ignored; "" if it may not."""
    for test, reason in RULES:
        if test(target):
            return reason
    return ""
