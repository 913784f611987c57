"""i386's calls that stand for others: socketcall, ipc, and the first mmap and select.

Each takes the registers, and gives the name of the signature that tells what they mean and the
registers that this call would have had; None when the tracee's memory can't be read.
"""

from __future__ import annotations

from seize.decode.memory import read_exactly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.compiler import Demultiplex
    from seize.decode.memory import MemoryReader

    Form = tuple[str, tuple[int, ...]]

_SOCKETCALLS = {
    1: ("socket", 3),
    2: ("bind", 3),
    3: ("connect", 3),
    4: ("listen", 2),
    5: ("accept", 3),
    6: ("getsockname", 3),
    7: ("getpeername", 3),
    8: ("socketpair", 4),
    9: ("send", 4),
    10: ("recv", 4),
    11: ("sendto", 6),
    12: ("recvfrom", 6),
    13: ("shutdown", 2),
    14: ("setsockopt", 5),
    15: ("getsockopt", 5),
    16: ("sendmsg", 3),
    17: ("recvmsg", 3),
    18: ("accept4", 4),
    19: ("recvmmsg", 5),
    20: ("sendmmsg", 4),
}

# Which of ipc's registers are the arguments of the call, in its own order.
_IPC = {
    1: ("semop", (1, 4, 2)),
    2: ("semget", (1, 2, 3)),
    3: ("old_semctl", (1, 2, 3, 4)),
    4: ("semtimedop", (1, 4, 2, 5)),
    11: ("msgsnd", (1, 4, 2, 3)),
    12: ("msgrcv", (1, 4, 2, 5, 3)),
    13: ("msgget", (1, 2)),
    14: ("msgctl", (1, 2, 4)),
    21: ("old_shmat", (1, 4, 2, 3)),
    22: ("shmdt", (4,)),
    23: ("shmget", (1, 2, 3)),
    24: ("shmctl", (1, 2, 4)),
}
_MSGRCV, _SEMCTL = 12, 3


def _words(memory: MemoryReader, address: int, count: int) -> tuple[int, ...] | None:
    data = read_exactly(memory, address, 4 * count)
    if data is None:
        return None
    words = [int.from_bytes(data[i : i + 4], "little") for i in range(0, 4 * count, 4)]
    return tuple(words + [0] * (6 - count))


def _socketcall(args: tuple[int, ...], memory: MemoryReader) -> Form | None:
    found = _SOCKETCALLS.get(args[0])
    words = _words(memory, args[1], found[1]) if found else None
    return (found[0], words) if found and words else None


def _ipc(args: tuple[int, ...], memory: MemoryReader) -> Form | None:
    call, version = args[0] & 0xFFFF, args[0] >> 16
    found = _IPC.get(call)
    if found is None:
        return None
    registers = [args[index] for index in found[1]]
    if call == _MSGRCV and version == 0:
        # The first form has the buffer and the type in memory.
        pair = _words(memory, args[4], 2)
        if pair is None:
            return None
        registers[1], registers[3] = pair[0], pair[1]
    if call == _SEMCTL:
        target = _words(memory, args[4], 1)
        registers[3] = target[0] if target else registers[3]
    return found[0], tuple(registers + [0] * (6 - len(registers)))


def _in_memory(name: str, count: int) -> Demultiplex:
    def form(args: tuple[int, ...], memory: MemoryReader) -> Form | None:
        words = _words(memory, args[0], count)
        return None if words is None else (name, words)

    return form


FORMS: dict[str, Demultiplex] = {
    "socketcall": _socketcall,
    "ipc": _ipc,
    "mmap": _in_memory("old_mmap", 6),
    "select": _in_memory("old_select", 5),
}
