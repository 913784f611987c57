"""``siginfo_t`` as a value (see sigaction(2)): 128 bytes, in a 64-bit tracer's layout."""

from __future__ import annotations

from struct import Struct

from seize._frozen import frozen
from seize.errors import UsageError

SIGINFO_SIZE = 128

SI_USER, SI_KERNEL = 0, 0x80
SI_QUEUE, SI_TIMER, SI_MESGQ, SI_ASYNCIO, SI_SIGIO, SI_TKILL = -1, -2, -3, -4, -5, -6

_SIGILL, _SIGTRAP, _SIGBUS, _SIGFPE, _SIGSEGV, _SIGCHLD, _SIGIO, _SIGSYS = (
    4,
    5,
    7,
    8,
    11,
    17,
    29,
    31,
)
_TRAP_PERF, _SEGV_BNDERR, _SEGV_PKUERR = 6, 3, 4
_BUS_MCEERR = (4, 5)

_I32, _U32, _I64, _U64 = Struct("<i"), Struct("<I"), Struct("<q"), Struct("<Q")

# Where each member of the union lies.
_LAYOUT = {
    "signo": (0, _I32),
    "errno": (4, _I32),
    "code": (8, _I32),
    "pid": (16, _I32),
    "uid": (20, _U32),
    "timerid": (16, _I32),
    "overrun": (20, _I32),
    "value": (24, _U64),
    "status": (24, _I32),
    "utime": (32, _I64),
    "stime": (40, _I64),
    "addr": (16, _U64),
    "addr_lsb": (24, Struct("<h")),
    "lower": (32, _U64),
    "upper": (40, _U64),
    "pkey": (32, _U32),
    "perf_data": (24, _U64),
    "perf_type": (32, _U32),
    "perf_flags": (36, _U32),
    "band": (16, _I64),
    "fd": (24, _I32),
    "call_addr": (16, _U64),
    "syscall": (24, _I32),
    "arch": (28, _U32),
}

# Which members each kind of signal fills.
_MEMBERS: dict[str, tuple[str, ...]] = {
    "kill": ("pid", "uid"),
    "timer": ("timerid", "overrun", "value"),
    "queue": ("pid", "uid", "value"),
    "child": ("pid", "uid", "status", "utime", "stime"),
    "fault": ("addr",),
    "memory_error": ("addr", "addr_lsb"),
    "bounds": ("addr", "lower", "upper"),
    "pkey": ("addr", "pkey"),
    "perf": ("addr", "perf_data", "perf_type", "perf_flags"),
    "poll": ("band", "fd"),
    "sigsys": ("call_addr", "syscall", "arch"),
    "kernel": (),
}

_SENT_BY_CODE = {SI_USER: "kill", SI_TKILL: "kill", SI_TIMER: "timer", SI_SIGIO: "poll"}
_FAULTS = (_SIGILL, _SIGFPE, _SIGSEGV, _SIGBUS, _SIGTRAP)


def _kind(signo: int, code: int) -> str:
    """Tell which arm of the union a signal fills, by its number and code."""
    if code <= 0:
        return _SENT_BY_CODE.get(code, "queue")
    if signo == _SIGTRAP and code & 0x7F == _SIGTRAP:
        return "kill"  # a ptrace-stop: an event, or a syscall-stop
    if code >= SI_KERNEL:
        return "kernel"
    if signo in _FAULTS:
        return _fault_kind(signo, code)
    return {_SIGCHLD: "child", _SIGSYS: "sigsys"}.get(signo, "poll")


def _fault_kind(signo: int, code: int) -> str:
    if signo == _SIGBUS and code in _BUS_MCEERR:
        return "memory_error"
    if signo == _SIGSEGV and code in (_SEGV_BNDERR, _SEGV_PKUERR):
        return "bounds" if code == _SEGV_BNDERR else "pkey"
    return "perf" if signo == _SIGTRAP and code == _TRAP_PERF else "fault"


class _Member:
    """An attribute that reads one member of the union, whatever the signal's kind."""

    def __init__(self, name: str) -> None:
        self.offset, self.form = _LAYOUT[name]

    def __get__(self, info: SigInfo, owner: type[SigInfo]) -> int:
        value: int = self.form.unpack_from(info.raw, self.offset)[0]
        return value


@frozen
class SigInfo:
    """The ``siginfo_t`` of a signal or ptrace-stop.

    ``raw`` is its 128 bytes, which ``from_bytes`` and ``to_bytes`` exchange without loss.  As in
    C, the members after ``code`` overlay each other: ``kind`` says which of them mean something
    ("kill", "queue", "timer", "child", "fault", "memory_error", "bounds", "pkey", "perf",
    "poll", "sigsys", or "kernel" without any), and ``members()`` gives just those.

    ``value`` is the 64-bit ``sigval``, unsigned; ``utime`` and ``stime`` are in clock ticks;
    ``addr``, ``call_addr``, ``lower`` and ``upper`` are addresses; ``status`` is an exit code
    or signal number by ``code``, and not a wait status.
    """

    raw: bytes

    signo = _Member("signo")
    errno = _Member("errno")
    code = _Member("code")
    pid = _Member("pid")
    uid = _Member("uid")
    timerid = _Member("timerid")
    overrun = _Member("overrun")
    value = _Member("value")
    status = _Member("status")
    utime = _Member("utime")
    stime = _Member("stime")
    addr = _Member("addr")
    addr_lsb = _Member("addr_lsb")
    lower = _Member("lower")
    upper = _Member("upper")
    pkey = _Member("pkey")
    perf_data = _Member("perf_data")
    perf_type = _Member("perf_type")
    perf_flags = _Member("perf_flags")
    band = _Member("band")
    fd = _Member("fd")
    call_addr = _Member("call_addr")
    syscall = _Member("syscall")
    arch = _Member("arch")

    @classmethod
    def from_bytes(cls, data: bytes) -> SigInfo:
        """Take 128 bytes (shorter ones are filled up with zeros, longer ones cut)."""
        return cls(bytes(data[:SIGINFO_SIZE]).ljust(SIGINFO_SIZE, b"\0"))

    @classmethod
    def make(cls, signo: int, code: int = SI_USER, **members: int) -> SigInfo:
        """Build one from its members; ``UsageError`` for an unknown or too large one."""
        return cls(bytes(SIGINFO_SIZE)).replace(signo=signo, code=code, **members)

    def to_bytes(self) -> bytes:
        """Give the 128 bytes."""
        return self.raw

    def replace(self, **members: int) -> SigInfo:
        """Give a copy with some members changed; ``UsageError`` as in ``make``."""
        data = bytearray(self.raw)
        for name, value in members.items():
            if name not in _LAYOUT:
                raise UsageError(f"siginfo_t has no member {name!r}")
            offset, form = _LAYOUT[name]
            bits = 8 * form.size
            if not -(1 << bits - 1) <= value < 1 << bits:
                raise UsageError(f"{value} doesn't fit into {name}, which has {bits} bits")
            data[offset : offset + form.size] = (value % (1 << bits)).to_bytes(form.size, "little")
        return SigInfo(bytes(data))

    @property
    def kind(self) -> str:
        """Which members mean something: see the class."""
        return _kind(self.signo, self.code)

    def members(self) -> dict[str, int]:
        """Give the members that mean something for this ``kind``, by name."""
        return {name: getattr(self, name) for name in _MEMBERS[self.kind]}

    def __repr__(self) -> str:
        parts = {"signo": self.signo, "code": self.code, **self.members()}
        if self.errno:
            parts["errno"] = self.errno
        return f"SigInfo({', '.join(f'{name}={value}' for name, value in parts.items())})"
