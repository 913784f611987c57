"""The other system calls a tracer makes, where Python's ``os`` lacks or bends them.

What fails raises OSError with the errno (PermissionError, ProcessLookupError ... by number), as
``os`` does; only reading and writing a tracee's memory speaks in the library's own errors.
"""

from __future__ import annotations

from seize.kernel.memory import vm_reader, vm_writer
from seize.kernel.process import (
    PER_LINUX,
    QUERY_PERSONALITY,
    SECCOMP_FILTER_FLAG_TSYNC,
    get_affinity,
    gettid,
    kcmp,
    permit_tracer,
    personality,
    prctl,
    seccomp_get_action_avail,
    seccomp_set_mode_filter,
    set_affinity,
    set_idle,
)
from seize.kernel.signals import (
    install_wakeup_handler,
    pidfd_open,
    pidfd_send_signal,
    rt_sigqueueinfo,
    rt_tgsigqueueinfo,
    swap_action,
    tgkill,
    tkill,
)
from seize.kernel.waiting import WALL, WNOTHREAD, Usage, waiter, waitpid

__all__ = [
    "PER_LINUX",
    "QUERY_PERSONALITY",
    "SECCOMP_FILTER_FLAG_TSYNC",
    "WALL",
    "WNOTHREAD",
    "Usage",
    "get_affinity",
    "gettid",
    "install_wakeup_handler",
    "kcmp",
    "permit_tracer",
    "personality",
    "pidfd_open",
    "pidfd_send_signal",
    "prctl",
    "rt_sigqueueinfo",
    "rt_tgsigqueueinfo",
    "seccomp_get_action_avail",
    "seccomp_set_mode_filter",
    "set_affinity",
    "set_idle",
    "swap_action",
    "tgkill",
    "tkill",
    "vm_reader",
    "vm_writer",
    "waiter",
    "waitpid",
]
