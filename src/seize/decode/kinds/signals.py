"""Signals: dispositions, notifications, and the frame that a handler returns through."""

from __future__ import annotations

import struct

from seize.decode.kinds.base import Kind
from seize.decode.kinds.process import struct_of
from seize.decode.kinds.sets import enumeration, flag_set
from seize.decode.memory import read_exactly
from seize.decode.values import Address, Handler, Int, Signal, SigSet, Struct, Value, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec

_SA_RESTORER = 0x04000000


def _sigaction(old: bool) -> Factory:
    """A disposition: handler, mask, flags, restorer."""

    def factory(scope: Scope, spec: Spec) -> Kind:
        flags_of = flag_set(scope.set("sigaction_flags"), "sigaction_flags", scope.bits)
        if old:
            layout, width = struct.Struct("<IIII"), 32
        else:
            layout, width = struct.Struct("<QQQQ" if scope.word == 8 else "<IIIQ"), 64

        def decode(call: Call, raw: int) -> Value:
            data = read_exactly(call.memory, raw, layout.size) if raw else None
            if data is None:
                return Address(raw)
            fields = layout.unpack(data)
            if old:
                handler, mask, flags, back = fields
            else:
                handler, flags, back, mask = fields
            signals = SigSet(mask)
            signals.width = width
            return struct_of(
                ("sa_handler", Handler(handler)),
                ("sa_mask", signals),
                ("sa_flags", flags_of(flags)),
                ("sa_restorer", Address(back)) if flags & _SA_RESTORER else None,
            )

        return Kind(decode=decode)

    return factory


def _sigevent(scope: Scope, spec: Spec) -> Kind:
    notify = enumeration(scope.set("sigev_notify"), "sigev_notify")
    word = scope.word
    layout = struct.Struct("<QiiQQ" if word == 8 else "<IiiII")

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, layout.size) if raw else None
        if data is None:
            return Address(raw)
        value, signo, how, first, second = layout.unpack(data)
        low = int.from_bytes(data[:4], "little", signed=True)
        pair = Struct(("sival_int", "sival_ptr"), (Int(low), Address(value)))
        thread = int.from_bytes(data[word + 8 : word + 12], "little", signed=True)
        return struct_of(
            ("sigev_value", pair) if value else None,
            ("sigev_signo", Signal(signo) if how in (0, 2, 4) else Int(signo)),
            ("sigev_notify", notify(how)),
            ("sigev_notify_function", Address(first)) if how == 2 else None,
            ("sigev_notify_attributes", Address(second)) if how == 2 else None,
            ("sigev_notify_thread_id", Int(thread)) if how == 4 else None,
        )

    return Kind(decode=decode)


_MASKS = {"x86_64": 296, "aarch64": 168, "i386": 108}
"""Where the mask is: from the stack pointer, on i386 from the ucontext that the stack names."""

_UCONTEXT = 8
_OLD_MASK = (80, 712)
"""i386's first frame has the mask's two halves apart, before and behind the FPU's state."""


def _signal_frame(scope: Scope, spec: Spec) -> Kind:
    """The frame on the stack that sigreturn undoes: ``{mask=[INT]}``, the mask it restores."""
    where = scope.decoder.stack_pointer
    is_i386, rt = scope.arch_name == "i386", spec.params == ("rt",)
    offset = _MASKS[scope.arch_name]

    def parts(call: Call, pointer: int) -> list[bytes | None]:
        if is_i386 and not rt:
            return [read_exactly(call.memory, pointer + half, 4) for half in _OLD_MASK]
        if is_i386:
            address = read_exactly(call.memory, pointer + _UCONTEXT, 4)
            pointer = int.from_bytes(address, "little") if address else 0
        return [read_exactly(call.memory, pointer + offset, 8)]

    def decode(call: Call, raw: int) -> Value:
        pointer = where(call.tid) if where is not None else None
        if pointer is None:
            return Word("")
        data = b"".join([part or b"" for part in parts(call, pointer)])
        if len(data) != 8:
            return Word("")
        return Struct(("mask",), (SigSet(int.from_bytes(data, "little")),))

    return Kind(decode=decode)


def _resumed(scope: Scope, spec: Spec) -> Kind:
    """The call that restart_syscall(2) takes up again, which no register tells."""
    interrupted = scope.decoder.interrupted

    def decode(call: Call, raw: int) -> Value:
        name = interrupted.pop(call.tid, "system call")
        return Word(f"<... resuming interrupted {name} ...>")

    return Kind(decode=decode)


KINDS: dict[str, Factory] = {
    "sigaction": _sigaction(False),
    "old_sigaction": _sigaction(True),
    "sigevent": _sigevent,
    "signal_frame": _signal_frame,
    "resumed": _resumed,
}
