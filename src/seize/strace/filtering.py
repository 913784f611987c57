"""Which system calls must stop: for the in-kernel filter, when there is to be one.

A seccomp filter can't be taken back from a process, and where nobody traces, the calls that it
wants fail with ENOSYS.  So it is used only where every filtered process stays traced to its
end: for a command that we start, followed into all that it starts (-f), that is never to be
detached.  When a trace of such a command is interrupted, the tracer stays (see
``seize.strace.starting``).
"""

from __future__ import annotations

from seize.callsets.filters import CallFilter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.strace.settings import Settings

INTERRUPTIBLE_ANYWHERE = 1
"""The level at which a fatal signal ends the tracer at once."""
NOTHING_TO_FILTER = (
    "Seccomp filter is requested but there are no syscalls to filter.  "
    "See -e trace to filter syscalls."
)
UNAVAILABLE = "seccomp filter is requested but unavailable"

Wanted = dict[str, frozenset[int]]
"""Machine -> the numbers of the system calls that must stop."""


def may_filter(settings: Settings) -> bool:
    """Whether the settings allow a filter; "auto" asks for more than "always" does.

    By itself the tracer filters nothing where other processes are traced beside the filtered
    ones, where it may be gone before them, or where every call's number matters (-n).
    """
    if not settings.command or not settings.follow or settings.seccomp == "never":
        return False
    if settings.detach_on or settings.syscall_limit is not None:
        return False
    if settings.seccomp == "always":
        return True
    anywhere = settings.interruptible == INTERRUPTIBLE_ANYWHERE
    return not (settings.attach or settings.daemonize or anywhere or settings.syscall_number)


def wanted(settings: Settings, shown: CallFilter) -> Wanted | None:
    """The calls that are shown or tampered with; None if these are all calls."""
    filters = [shown]
    filters += [CallFilter(expression.partition(":")[0]) for _, expression in settings.inject]
    if any(calls.everything for calls in filters):
        return None
    return {
        name: frozenset().union(*(calls.stops(name) for calls in filters)) for name in shown.numbers
    }
