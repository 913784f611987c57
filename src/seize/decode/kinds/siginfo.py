"""siginfo_t: what a signal tells, by its number and code (sigaction(2))."""

from __future__ import annotations

import struct

from seize.decode import tables
from seize.decode.kinds.base import Kind
from seize.decode.kinds.sets import constant
from seize.decode.memory import read_exactly
from seize.decode.values import Address, Fd, Hex, Int, Noted, Signal, Struct, Ticks, Value, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec

    Pairs = list[tuple[str, Value]]

SIZE = 128
SI_USER, SI_KERNEL, SI_QUEUE, SI_TIMER, SI_SIGIO, SI_TKILL = 0, 0x80, -1, -2, -5, -6
SIGTRAP, SIGCHLD, SIGPOLL, SIGSYS = 5, 17, 29, 31
_FAULTS = (4, 5, 7, 8, 11)
_CLD_EXITED = 1
_POLL_HUP = 6
_ABIS = {0xC000003E: "x86_64", 0x40000003: "i386", 0xC00000B7: "aarch64"}


def siginfo(data: bytes, word: int = 8) -> Struct:
    """The struct in ``data``, of the ABI with ``word`` bytes a pointer."""
    signo, errno, code = struct.unpack_from("<iii", data)
    if not signo:
        return Struct((), ())
    fields: Pairs = [("si_signo", Signal(signo))]
    fields.append(("si_code", _code(signo, code)))
    if errno:
        fields.append(("si_errno", _errno(errno)))
    fields.extend(_Union(data, word).fields(signo, code))
    return Struct(tuple([name for name, _ in fields]), tuple([value for _, value in fields]))


def _errno(number: int) -> Value:
    from seize.abi.names import errno_name

    name = errno_name(number)
    if number < 0 or name.startswith("ERRNO_"):
        return Int(number & 0xFFFFFFFF)
    return constant(number, name, "errno")


def _code(signo: int, code: int) -> Value:
    from seize.abi._generated.siginfo import CODES
    from seize.abi.names import signal_name

    name = CODES[""].get(code) or CODES.get(signal_name(signo), {}).get(code)
    if name is None:
        return Hex(code & 0xFFFFFFFF)
    return constant(code, name, "siginfo_codes")


class _Union:
    """The part of a siginfo that depends on the signal."""

    def __init__(self, data: bytes, word: int) -> None:
        self.data = data
        self.word = word
        self.start = 16 if word == 8 else 12

    def number(self, offset: int, size: int = 4, signed: bool = True) -> int:
        start = self.start + offset
        return int.from_bytes(self.data[start : start + size], "little", signed=signed)

    def fields(self, signo: int, code: int) -> Pairs:
        if code == SI_TIMER:
            timer: Value = Hex(self.number(0, signed=False))
            overrun: Value = Int(self.number(4))
            return [("si_timerid", timer), ("si_overrun", overrun), *self.value(8)]
        if code in (SI_USER, SI_TKILL):
            return self.sender()
        if code == SI_SIGIO:
            return self.band()
        if code < 0:
            return [*self.sender(), *self.value(8)]
        if signo == SIGCHLD:
            return self.child(code)
        if signo in _FAULTS:
            return self.fault(signo, code)
        if signo == SIGPOLL:
            return self.band() if code <= _POLL_HUP else []
        if signo == SIGSYS:
            return self.syscall()
        return [*self.sender(), *self.value(8)] if self.number(0) or self.number(4) else []

    def sender(self) -> Pairs:
        return [("si_pid", Int(self.number(0))), ("si_uid", Int(self.number(4, signed=False)))]

    def value(self, offset: int) -> Pairs:
        pointer = self.number(offset, self.word, signed=False)
        if not pointer:
            return []
        return [("si_int", Int(self.number(offset))), ("si_ptr", Address(pointer))]

    def band(self) -> Pairs:
        return [("si_band", Int(self.number(0, self.word))), ("si_fd", Fd(self.number(self.word)))]

    def child(self, code: int) -> Pairs:
        status = self.number(8)
        shown: Value = Int(status) if code == _CLD_EXITED else Signal(status)
        first = 16 if self.word == 8 else 12
        utime, stime = self.number(first, self.word), self.number(first + self.word, self.word)
        return [
            *self.sender(),
            ("si_status", shown),
            ("si_utime", _clock(utime)),
            ("si_stime", _clock(stime)),
        ]

    def fault(self, signo: int, code: int) -> Pairs:
        pairs: Pairs = [("si_addr", Address(self.number(0, self.word, signed=False)))]
        if signo == 7 and code in (4, 5):
            pairs.append(("si_addr_lsb", Hex(self.number(self.word, 2, False))))
        elif signo == 11 and code == 3:
            low, high = 2 * self.word, 3 * self.word
            pairs.append(("si_lower", Address(self.number(low, self.word, signed=False))))
            pairs.append(("si_upper", Address(self.number(high, self.word, signed=False))))
        elif signo == 11 and code == 4:
            pairs.append(("si_pkey", Int(self.number(2 * self.word, signed=False))))
        return pairs

    def syscall(self) -> Pairs:
        from seize.abi.names import syscall_name

        arch = self.number(self.word + 4, signed=False)
        number = self.number(self.word)
        abi = _ABIS.get(arch)
        names = dict(tables.flag_set("x86_64", "audit_arch") or ())
        name = syscall_name(abi, number) if abi else None
        return [
            ("si_call_addr", Address(self.number(0, self.word, signed=False))),
            ("si_syscall", Word(f"__NR_{name}") if name else Int(number)),
            (
                "si_arch",
                constant(arch, names[arch], "audit_arch")
                if arch in names
                else Noted(Hex(arch), "AUDIT_ARCH_???"),
            ),
        ]


def _clock(ticks: int) -> Value:
    """Clock ticks."""
    return Ticks(ticks & 0xFFFFFFFFFFFFFFFF)


def _pointer(scope: Scope, spec: Spec) -> Kind:
    """A pointer to a siginfo."""
    word = scope.word

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, SIZE) if raw else None
        return Address(raw) if data is None else siginfo(data, word)

    return Kind(decode=decode)


KINDS: dict[str, Factory] = {"siginfo": _pointer}
