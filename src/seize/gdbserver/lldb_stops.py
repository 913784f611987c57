"""How lldb is told why threads stopped: stop replies, jThreadsInfo, jstopinfo."""

from __future__ import annotations

from seize._frozen import frozen
from seize.gdbserver.lldb_text import as_json, in_hex, pairs, thread_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Pieces = Iterable[tuple[int, bytes]]

_ANY_ADDRESS = (1 << 64) - 1
"""Which address was touched inside of a watched one, where the processor doesn't tell."""


@frozen
class StoppedThread:
    """One stopped thread as lldb is told of it.

    ``signal`` is in gdb's numbers, 0 for a thread that was stopped only because another one
    stopped; ``reason`` is lldb's word for why ("" if there is none), ``description`` says more.
    """

    tid: int
    name: str
    pc: int
    signal: int = 0
    reason: str = ""
    description: str = ""

    def stop_fields(self) -> dict[str, object]:
        """Give what both jThreadsInfo and jstopinfo tell of the thread."""
        fields: dict[str, object] = {"name": self.name} if self.name else {}
        if self.signal:
            fields["signal"] = self.signal
        if self.reason:
            fields["reason"] = self.reason
        if self.description:
            fields["description"] = self.description
        return {**fields, "tid": self.tid}


def watch_description(address: int, index: int) -> str:
    """Say which watchpoint was hit: its address, the number of its debug register, what was hit.

    The x86 doesn't tell the last, so it is the highest address, which lldb takes for unknown.
    """
    return f"{address} {index} {_ANY_ADDRESS}"


def stop_reply(
    thread: StoppedThread,
    *,
    threads: Sequence[StoppedThread] = (),
    registers: Iterable[tuple[int, bytes]] = (),
    events: Iterable[tuple[str, str]] = (),
) -> bytes:
    """Write the T packet for a thread that stopped.

    ``threads`` are all threads of the process where the client asked for them
    (QListThreadsInStopReply), ``registers`` pairs of a number and bytes as in memory, ``events``
    the protocol's own keys (fork, vfork, exec …) with their values.
    """
    listed: list[tuple[str, object]] = [("thread", f"{thread.tid:x}")]
    name = thread_name(thread.name)
    if name is not None:
        listed.append(name)
    if threads:
        listed.append(("threads", ",".join(f"{each.tid:x}" for each in threads)))
        if len(threads) > 1:
            listed.append(("jstopinfo", stops_in_json(threads).hex()))
        listed.append(("thread-pcs", ",".join(f"{each.pc:016x}" for each in threads)))
    listed += [(f"{number:02x}", value.hex()) for number, value in registers]
    listed += events
    listed.append(("reason", thread.reason or None))
    listed.append(("description", in_hex(thread.description) if thread.description else None))
    return b"T%02x%b" % (thread.signal, pairs(listed))


def stops_in_json(threads: Iterable[StoppedThread]) -> bytes:
    """Write why each thread stopped: what jstopinfo holds."""
    return as_json([thread.stop_fields() for thread in threads])


def threads_info(
    threads: Iterable[
        tuple[StoppedThread, Iterable[tuple[int, bytes]], Iterable[tuple[int, bytes]]]
    ],
) -> bytes:
    """Answer jThreadsInfo, for each thread with its registers and what memory is sent along.

    Registers are pairs of a number and bytes, pieces of memory of an address and bytes.
    """
    records = []
    for thread, registers, memory in threads:
        fields = thread.stop_fields()
        fields["registers"] = {str(number): value.hex() for number, value in registers}
        pieces = [{"address": address, "bytes": data.hex()} for address, data in memory]
        if pieces:
            fields["memory"] = pieces
        records.append(fields)
    return as_json(records)
