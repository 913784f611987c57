"""Why an attach is denied: "Ptrace access mode checking" of ptrace(2), put into words.

``reasons`` is the algorithm, from credentials to reasons; ``explain`` reads them from /proc.
The kernel answers a plain EPERM, so this is a reconstruction: what /proc doesn't show (a
security module's policy, a seccomp filter's rules) is named as a possibility at the end.
"""

from __future__ import annotations

import os
from _thread import get_native_id

from seize import _procfs
from seize._frozen import frozen

CAP_SYS_PTRACE = 19
_INITIAL_USER_NAMESPACE = "user:[4026531837]"
_PF_KTHREAD = 0x200000
_PF_IO_WORKER = 0x10

YAMA = {
    0: "classic: the checks of ids and capabilities only",
    1: "restricted: only descendants, or processes that named the tracer with PR_SET_PTRACER",
    2: "admin-only: only with CAP_SYS_PTRACE",
    3: "no attach: nobody, until the next boot",
}


@frozen
class Credentials:
    """What the access check looks at, of a tracer or a target.

    ``uids`` and ``gids`` are (real, effective, saved); ``permitted`` and ``effective`` are
    capability masks; ``user_namespace`` is the text of the /proc/PID/ns/user link, or "" where
    that may not be read.  ``traced_by`` is the tracer's id and name, (0, "") without.
    ``dumpable`` is False where /proc shows that it isn't (its files belong to root), and
    ``seccomp`` the mode (2 is a filter).
    """

    tid: int
    tgid: int
    name: str
    uids: tuple[int, int, int]
    gids: tuple[int, int, int]
    permitted: int
    effective: int
    user_namespace: str
    state: str = "S"
    traced_by: tuple[int, str] = (0, "")
    kernel_thread: bool = False
    dumpable: bool = True
    descendant: bool = False
    seccomp: int = 0

    @property
    def label(self) -> str:
        """How a message calls it."""
        return f"thread {self.tid} ({self.name})"


def explain(tid: int) -> tuple[str, ...]:
    """Give the reasons why the calling thread may not attach to thread ``tid``, in order.

    The first ones decide whoever asks; the rest follow the numbered steps of the manual.  There
    is always at least one: if nothing that can be seen denies it, what can't be seen is named.
    """
    target, caller = read(tid), read(get_native_id())
    if target is None or caller is None:
        return (f"there is no thread {tid}, or /proc doesn't show it",)
    return reasons(caller, target, yama_scope())


def reasons(caller: Credentials, target: Credentials, yama: int | None) -> tuple[str, ...]:
    """Apply the manual's algorithm (an attach with real credentials) to made or read facts.

    ``yama`` is the content of /proc/sys/kernel/yama/ptrace_scope, None without Yama.
    """
    found = [*_never(caller, target)]
    if not found:
        found = [*_ids(caller, target), *_dumpable(caller, target), *_caps(caller, target)]
        found += _yama(caller, target, yama)
    return tuple(found or _unseen(caller))


def _never(caller: Credentials, target: Credentials) -> list[str]:
    """What no privilege overcomes."""
    if target.tgid == caller.tgid:
        return [f"{target.label} is in the tracer's own process, and no process traces itself"]
    if target.traced_by[0]:
        tracer, name = target.traced_by
        return [
            f"{target.label} is already traced by {tracer} ({name}), and has one tracer at most"
        ]
    if target.kernel_thread:
        return [f"{target.label} is a kernel thread"]
    if target.state in "ZX":
        return [f"{target.label} is dead (a zombie that its parent hasn't waited for)"]
    return []


def has_cap_over(caller: Credentials, target: Credentials) -> bool:
    """Tell whether ``caller`` has CAP_SYS_PTRACE in the user namespace of ``target``.

    A capability counts in its holder's namespace and in those below.  Every namespace is below
    the initial one; how two others relate, /proc doesn't say, and No is the answer then.
    """
    if not caller.effective >> CAP_SYS_PTRACE & 1:
        return False
    return caller.user_namespace in (target.user_namespace, _INITIAL_USER_NAMESPACE)


def _without_cap(caller: Credentials, target: Credentials) -> str:
    if not caller.effective >> CAP_SYS_PTRACE & 1:
        return "and the tracer has no CAP_SYS_PTRACE"
    where = target.user_namespace or "another user namespace"
    return (
        f"and the tracer's CAP_SYS_PTRACE is one of {caller.user_namespace}, while the target is "
        f"in {where}"
    )


def _ids(caller: Credentials, target: Credentials) -> list[str]:
    """Step 3: the target's three ids must all be the caller's real one."""
    if has_cap_over(caller, target):
        return []
    found = []
    for what, ids, own in (
        ("user", target.uids, caller.uids[0]),
        ("group", target.gids, caller.gids[0]),
    ):
        if ids != (own, own, own):
            real, effective, saved = ids
            found.append(
                f"the {what} ids of {target.label} are {real} (real), {effective} (effective) and "
                f"{saved} (saved), the tracer's is {own}, {_without_cap(caller, target)}"
            )
    return found


def _dumpable(caller: Credentials, target: Credentials) -> list[str]:
    """Step 4: the target must be dumpable."""
    if target.dumpable or has_cap_over(caller, target):
        return []
    return [
        f"{target.label} isn't dumpable (it set PR_SET_DUMPABLE, changed its ids, or runs a "
        f"set-user-ID or unreadable file), {_without_cap(caller, target)}"
    ]


def _caps(caller: Credentials, target: Credentials) -> list[str]:
    """Step 5.2: the caller's capabilities must include the target's, in one namespace."""
    if has_cap_over(caller, target):
        return []
    if target.user_namespace and target.user_namespace != caller.user_namespace:
        return [
            f"{target.label} is in another user namespace ({target.user_namespace}; the tracer's "
            f"is {caller.user_namespace}), {_without_cap(caller, target)} there"
        ]
    extra = target.permitted & ~caller.permitted
    if extra:
        return [
            f"{target.label} has capabilities that the tracer lacks (mask {extra:#x}), "
            f"{_without_cap(caller, target)}"
        ]
    return []


def _yama(caller: Credentials, target: Credentials, scope: int | None) -> list[str]:
    """The Yama security module's own restriction."""
    if not scope:
        return []
    allowed = {1: target.descendant or has_cap_over(caller, target)}
    allowed[2] = has_cap_over(caller, target)
    if allowed.get(scope, False):
        return []
    meaning = YAMA.get(scope, "a meaning unknown to this program")
    return [f"/proc/sys/kernel/yama/ptrace_scope is {scope} ({meaning})"]


def _unseen(caller: Credentials) -> list[str]:
    """What may deny it although all that can be seen would allow it."""
    found = ["a security module (SELinux, AppArmor, Smack, Landlock ...) may deny it"]
    if caller.seccomp == 2:
        found.append(
            "the seccomp filter that the tracer runs under may (as container runtimes' do)"
        )
    return found


def yama_scope() -> int | None:
    """Give Yama's ptrace_scope, or None if the kernel has no Yama."""
    text = _procfs.text("/proc/sys/kernel/yama/ptrace_scope")
    return int(text) if text else None


def read(tid: int) -> Credentials | None:
    """Read the credentials of a thread from /proc; None if there is no such thread."""
    status = _procfs.status(tid)
    if not status:
        return None
    uids, gids = _ids_of(status["Uid"]), _ids_of(status["Gid"])
    tracer = int(status["TracerPid"])
    return Credentials(
        tid=tid,
        tgid=int(status["Tgid"]),
        name=status["Name"],
        uids=uids,
        gids=gids,
        permitted=int(status["CapPrm"], 16),
        effective=int(status["CapEff"], 16),
        user_namespace=_procfs.link(f"/proc/{tid}/ns/user"),
        state=status["State"][0],
        traced_by=(tracer, _procfs.text(f"/proc/{tracer}/comm").strip() if tracer else ""),
        kernel_thread=_is_kernel_thread(tid),
        dumpable=_seems_dumpable(tid, uids[1]),
        descendant=_descends_from_us(status),
        seccomp=int(status.get("Seccomp", "0")),
    )


def _ids_of(field: str) -> tuple[int, int, int]:
    real, effective, saved = (int(word) for word in field.split()[:3])
    return real, effective, saved


def _is_kernel_thread(tid: int) -> bool:
    return bool((_procfs.flags(tid) or 0) & (_PF_KTHREAD | _PF_IO_WORKER))


def _seems_dumpable(tid: int, effective_uid: int) -> bool:
    """Tell by the owner of its /proc files, which is root if it isn't dumpable (see proc(5)).

    Of a process whose effective user is root nothing can be told.
    """
    try:
        # The directory itself keeps its owner; the files in it change theirs.
        return os.stat(f"/proc/{tid}/stat").st_uid == effective_uid
    except OSError:
        return True


def _descends_from_us(status: dict[str, str]) -> bool:
    parent = int(status.get("PPid", "0"))
    while parent > 1:
        if parent == os.getpid():
            return True
        parent = int(_procfs.status(parent).get("PPid", "0"))
    return False
