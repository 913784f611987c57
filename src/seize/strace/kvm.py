"""Why a virtual CPU came back: strace's ``--kvm=vcpu``.

KVM_RUN tells it in memory that the virtual machine's process shares with the kernel, which it
has mapped from the CPU's descriptor: struct kvm_run, whose ``exit_reason`` is its third word.
"""

from __future__ import annotations

import os

from seize.decode.memory import read_exactly
from seize.decode.tables import flag_set
from seize.decode.values import Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode import Call
    from seize.stops import SyscallExit

KVM_RUN = 0xAE80
_EXIT_REASON_AT = 8
_CPU = "anon_inode:kvm-vcpu"


def watching(handler: Callable[[SyscallExit], None]) -> Callable[[SyscallExit], None]:
    """A handler of calls that are over which first notes why a virtual CPU came back."""

    def watch(stop: SyscallExit) -> None:
        call = stop.call
        if call.name == "ioctl" and call.raw[1] & 0xFFFFFFFF == KVM_RUN:
            reason = exit_reason(stop.tid, call) if call.finished and not call.failed else None
            if reason is not None:
                call.note = Word(reason)
        handler(stop)

    return watch


def exit_reason(tid: int, call: Call) -> str | None:
    """``KVM_EXIT_IO``, of a KVM_RUN that has returned; None if it can't be told."""
    address = _shared(tid, call.raw[0] & 0xFFFFFFFF)
    data = None if address is None else read_exactly(call.memory, address + _EXIT_REASON_AT, 4)
    if data is None:
        return None
    names = dict(flag_set("x86_64", "kvm_exit_reason") or ())
    return names.get(int.from_bytes(data, "little"), "KVM_EXIT_???")


def _shared(tid: int, fd: int) -> int | None:
    """Where a thread has mapped the struct kvm_run of one of its virtual CPUs."""
    try:
        name = os.readlink(f"/proc/{tid}/fd/{fd}")
        if not name.startswith(_CPU):
            return None
        with open(f"/proc/{tid}/maps", encoding="utf-8", errors="replace") as file:
            for line in file:
                fields = line.split(None, 5)
                # The first page of it: the mapping from offset 0.
                if len(fields) > 5 and fields[5].strip() == name and int(fields[2], 16) == 0:
                    return int(fields[0].partition("-")[0], 16)
    except OSError:
        # The thread, or the descriptor, is gone.
        return None
    return None
