"""Masks of memory nodes, the states of pages, priorities of swaps, and other numbers in parts."""

from __future__ import annotations

import struct

from seize.decode.kinds.base import Kind
from seize.decode.kinds.memory import array_of
from seize.decode.kinds.named import padded
from seize.decode.kinds.sets import flag_names
from seize.decode.memory import read_exactly
from seize.decode.values import Address, Enum, Flags, Hex, Int, Noted, Pointer, Value, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec

_MOST_NODES = 1 << 32
_PRIORITY = 0x7FFF
_ARCH = 0xFFFF0000
_FIRST_OF_AVX512, _LAST_OF_AVX512 = 5, 7


def _nodemask(scope: Scope, spec: Spec) -> Kind:
    """``nodemask[COUNT]``: word by word, a bit for each node; the kernel takes one off COUNT."""
    nodes = scope.number(spec.index)
    code = struct.Struct("<Q" if scope.word == 8 else "<I")
    bits, digits = scope.bits, scope.word * 2

    def words(call: Call) -> int:
        count = nodes(call)
        return -1 if count == 1 or count > _MOST_NODES else (count + bits - 2) // bits

    def word(call: Call, data: bytes) -> Value:
        return padded(code.unpack(data)[0], digits)

    return Kind(decode=array_of(words, code.size, word))


def _page_states(scope: Scope, spec: Spec) -> Kind:
    """``page_states[COUNT]``: the node of each page, or why it has none."""
    from seize.abi.names import errno_name

    def state(call: Call, data: bytes) -> Value:
        number = int.from_bytes(data, "little", signed=True)
        if not -4096 < number < 0:
            return Int(number)
        value = Enum(number)
        value.name = f"-{errno_name(-number)}"
        return value

    return Kind(decode=array_of(scope.number(spec.index), 4, state))


def _swap_flags(scope: Scope, spec: Spec) -> Kind:
    """Flags, and a priority in the lower bits."""
    table = scope.set("swap_flags")

    def make(raw: int) -> Value:
        raw &= 0xFFFFFFFF
        names, rest = flag_names(table, raw & ~_PRIORITY)
        if rest:
            names.append(f"{rest:#x}")
        flags = Flags(raw)
        flags.names, flags.set = (*names, str(raw & _PRIORITY)), "swap_flags"
        return flags

    return Kind(make)


def _kexec_flags(scope: Scope, spec: Spec) -> Kind:
    """An architecture and flags."""
    arches, table = dict(scope.set("kexec_arch")), scope.set("kexec_load_flags")
    mask = (1 << scope.bits) - 1

    def make(raw: int) -> Value:
        raw &= mask
        arch, bits = raw & _ARCH, raw & ~_ARCH
        names, rest = flag_names(table, bits)
        flags = Flags(raw)
        first = arches.get(arch) or f"{arch:#x} /* KEXEC_ARCH_??? */"
        flags.names, flags.rest, flags.set = (first, *names), rest, "kexec_load_flags"
        if rest and not names:
            flags.names, flags.rest = (first, f"{rest:#x} /* KEXEC_??? */"), 0
        return flags

    return Kind(make)


def _noted(set_name: str, unknown: str = "") -> Factory:
    """A number, and its name as a remark."""

    def factory(scope: Scope, spec: Spec) -> Kind:
        names = dict(scope.set(set_name))

        def make(raw: int) -> Value:
            raw &= 0xFFFFFFFF
            number = Int(raw - (1 << 32) if raw >> 31 else raw)
            note = names.get(raw, unknown)
            return Noted(number, note) if note else number

        return Kind(make)

    return factory


def _xfeature(scope: Scope, spec: Spec) -> Kind:
    """A feature of the extended state, and its name as a remark."""
    names = dict(scope.set("x86_xfeatures"))

    def make(raw: int) -> Value:
        return Noted(Address(raw) if raw else Int(0), names.get(raw, "XFEATURE_???"))

    return Kind(make)


def _xfeatures(scope: Scope, spec: Spec) -> Kind:
    """A pointer to a set of such features."""
    table = tuple(
        [
            (1 << value, "XFEATURE_MASK_" + name.removeprefix("XFEATURE_"))
            for value, name in scope.set("x86_xfeatures")
            if value < _FIRST_OF_AVX512 or value > _LAST_OF_AVX512
        ]
    )
    known = ((3, "XFEATURE_MASK_FPSSE"), *table[:3], (0xE0, "XFEATURE_MASK_AVX512"), *table[3:])

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, 8) if raw else None
        if data is None:
            return Address(raw)
        mask = int.from_bytes(data, "little")
        names, rest = flag_names(known, mask)
        note = "|".join([*names, f"{rest:#x}"] if rest else names)
        return Pointer(Noted(Hex(mask), note) if mask else Int(0))

    return Kind(decode=decode)


def _int_result(scope: Scope, spec: Spec) -> Kind:
    """A result that the kernel gives as an int: an error doesn't look like one to it."""
    from os import strerror

    from seize.abi.names import errno_name

    def decode(call: Call, raw: int) -> Value:
        number = raw - (1 << 32)
        if not -4096 < number < 0:
            return Int(raw)
        value = Enum(raw)
        value.name = f"{raw} {errno_name(-number)}"
        call.note = Word(strerror(-number))
        return value

    return Kind(decode=decode)


KINDS: dict[str, Factory] = {
    "nodemask": _nodemask,
    "page_states": _page_states,
    "swap_flags": _swap_flags,
    "kexec_flags": _kexec_flags,
    "syslog_action": _noted("syslog_action", "SYSLOG_ACTION_???"),
    "log_level": _noted("log_level", "LOGLEVEL_???"),
    "xfeature": _xfeature,
    "xfeatures": _xfeatures,
    "int_result": _int_result,
}
