"""The named classes of system calls: strace(1), ``-e trace=%class``.

``%file`` and ``%desc`` follow from what the arguments are, so the signature file tells them;
the others are a matter of subject and are listed here.
"""

from __future__ import annotations

KINDS = {
    "file": (":path",),
    "desc": (":fd", ":dirfd", "-> fd"),
}
"""Class name -> the kinds of argument, in the signature file's words, that put a call in it."""

TRADITIONAL = frozenset(("file", "desc", "process", "network", "signal", "ipc", "memory"))
"""The classes that may be named without ``%``, as old command lines do."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NETWORK = _words(
    "accept accept4 bind connect getpeername getsockname getsockopt listen recv recvfrom recvmmsg"
    " recvmmsg_time64 recvmsg send sendmmsg sendmsg sendto setsockopt shutdown socket socketcall"
    " socketpair"
)

MEMBERS = {
    "process": _words(
        "clone clone3 execve execveat exit exit_group fork kill pidfd_open pidfd_send_signal"
        " rt_sigqueueinfo rt_tgsigqueueinfo tgkill tkill vfork wait4 waitid waitpid"
    ),
    "network": _NETWORK,
    "net": _NETWORK,
    "signal": _words(
        "kill pause pidfd_send_signal rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo"
        " rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo"
        " sgetmask sigaction sigaltstack signal signalfd signalfd4 sigpending sigprocmask"
        " sigreturn sigsuspend ssetmask tgkill tkill"
    ),
    "ipc": _words(
        "ipc msgctl msgget msgrcv msgsnd semctl semget semop semtimedop semtimedop_time64 shmat"
        " shmctl shmdt shmget"
    ),
    "memory": _words(
        "brk get_mempolicy io_destroy io_setup madvise map_shadow_stack mbind migrate_pages mincore"
        " mlock mlock2 mlockall mmap mmap2 move_pages mprotect mremap mseal msync munlock"
        " munlockall munmap pkey_mprotect process_madvise process_mrelease"
        " remap_file_pages set_mempolicy set_mempolicy_home_node shmat shmdt"
    ),
}
"""Class name -> the system calls in it."""
