"""Which namespaces a tracee enters: ``--namespace=new``, namespaces(7)."""

from __future__ import annotations

from seize import _procfs
from seize.decode.memory import read_exactly
from seize.decode.values import Several, Word
from seize.strace.pids import Namespaces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode import Call
    from seize.decode.memory import MemoryReader
    from seize.engine.protocols import CallDecoder

_KINDS = (
    ("cgroup", 0x02000000, "cgroup"),
    ("ipc", 0x08000000, "ipc"),
    ("mnt", 0x00020000, "mnt"),
    ("net", 0x40000000, "net"),
    ("pid", 0x20000000, "pid_for_children"),
    ("time", 0x00000080, "time_for_children"),
    ("user", 0x10000000, "user"),
    ("uts", 0x04000000, "uts"),
)
"""A namespace's name in /proc, its CLONE_NEW flag, and its name for one who is yet to have children
in it."""
_CHILDREN = ("clone", "clone3")
_OWN = ("unshare", "setns")


class NamespaceDecoder:
    """Decodes as another decoder does, and notes the namespaces that a call has entered."""

    def __init__(self, decoder: CallDecoder) -> None:
        self._decoder = decoder
        self._namespaces = Namespaces()

    def enter(
        self, tid: int, arch_name: str, number: int, args: tuple[int, ...], memory: MemoryReader
    ) -> Call:
        """Decode the input arguments."""
        return self._decoder.enter(tid, arch_name, number, args, memory)  # type: ignore[arg-type]

    def exit(self, call: Call, rval: int, is_error: bool, memory: MemoryReader) -> None:
        """Complete a call."""
        self._decoder.exit(call, rval, is_error, memory)  # type: ignore[arg-type]
        if is_error or getattr(call, "result", None) is None:
            return
        found: list[str] = []
        if call.name in _OWN:
            found = self._entered(call)
        elif call.name in _CHILDREN:
            child = self._namespaces.translate(call.tid, rval)
            flags = _flags(call)
            if child is not None:
                found = [_link(child, name) for name, flag, _ in _KINDS if flags & flag]
        found = [link for link in found if link]
        if found:
            call.note = Several(tuple([Word(link) for link in found]))

    def _entered(self, call: Call) -> list[str]:
        """The links of the caller's namespaces that ``unshare`` or ``setns`` has changed."""
        flags = _flags(call)
        if call.name == "setns" and not flags:
            # Whatever the descriptor stands for.
            kind = _link(call.tid, str(call.raw[0]), "fd").partition(":")[0]
            flags = next((flag for name, flag, _ in _KINDS if name == kind), 0)
        return [_link(call.tid, name) for _, flag, name in _KINDS if flags & flag]


def _flags(call: Call) -> int:
    """The CLONE_NEW flags of a call."""
    if call.name == "clone3":
        return int.from_bytes(read_exactly(call.memory, call.raw[0], 8) or b"", "little")
    place = {"clone": call.raw[0], "unshare": call.raw[0], "setns": call.raw[1]}
    return place[call.name]


def _link(tid: int, name: str, folder: str = "ns") -> str:
    """``net:[4026531840]``; nothing if it can't be read."""
    return _procfs.link(f"/proc/{tid}/{folder}/{name}")
