"""ptrace(2): registers, places in the USER area, sets of registers, what a syscall stop tells."""

from __future__ import annotations

import struct

from seize.abi.layouts import layout
from seize.decode.fields import code_of
from seize.decode.kinds.base import Kind, UnknownKind
from seize.decode.kinds.memory import array_of
from seize.decode.kinds.sets import enumeration, flag_set
from seize.decode.memory import read_exactly
from seize.decode.values import (
    Address,
    Array,
    Changed,
    Enum,
    Hex,
    Int,
    Struct,
    Value,
    Word,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.abi.layouts import Layout
    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec

    Pairs = list[tuple[str, Value]]

_GETREGSET = 0x4204
_MOST_SIGNALS = 1 << 8
_SETS = {1: "user_regs_struct", 2: "user_fpregs_struct"}
_SHORT = {"eflags": "efl", "esp": "uesp"}
_ARCHITECTURES = {0xC000003E: "x86_64", 0x40000003: "i386", 0xC00000B7: "aarch64"}
_ENTRY, _EXIT, _SECCOMP = 1, 2, 3


class Registers:
    """The fields of a set of registers, as many as its size reaches, in hex."""

    def __init__(self, scope: Scope, name: str) -> None:
        found = layout(scope.arch_name, name)
        if found is None and scope.arch_name == "aarch64":
            found = layout(scope.arch_name, _ON_AARCH64[name])
        if found is None:
            raise UnknownKind(f"no layout {name!r} on {scope.arch_name}")
        self.size = found[0]
        self._fields = [
            (field, offset, struct.Struct(f"<{count}{code_of(scope, kind)}"), count)
            for field, offset, kind, count in found[1]
            if kind in _UNSIGNED
        ]

    def value(self, call: Call, data: bytes, size: int | None = None) -> Struct:
        """The registers in ``data``, of a set that is said to have ``size`` bytes."""
        most = call.decoder.array_limit
        pairs: Pairs = []
        for name, offset, code, count in self._fields:
            if offset + code.size > len(data):
                have = max(len(data) - offset, 0) // (code.size // count)
                if count == 1 or not have:
                    break
                code = struct.Struct(f"<{have}{code.format[-1]}")
                count = have
            numbers = [Hex(number) for number in code.unpack_from(data, offset)]
            shown: Value = numbers[0]
            if count > 1:
                shown = Array(tuple(numbers[:most]), len(numbers) > most)
            pairs.append((name, shown))
        names, values = [name for name, _ in pairs], [value for _, value in pairs]
        return Struct(tuple(names), tuple(values), size is not None and size > self.size)


_ON_AARCH64 = {"user_regs_struct": "user_pt_regs", "user_fpregs_struct": "user_fpsimd_state"}
_UNSIGNED = ("u8", "u16", "u32", "u64", "i32")


def _registers(name: str) -> Factory:
    def factory(scope: Scope, spec: Spec) -> Kind:
        registers = Registers(scope, name)

        def decode(call: Call, raw: int) -> Value:
            data = read_exactly(call.memory, raw, registers.size) if raw else None
            return Address(raw) if data is None else registers.value(call, data)

        return Kind(decode=decode)

    return factory


def _regset(scope: Scope, spec: Spec) -> Kind:
    """An iovec of a set of registers; how much of it there was comes back in its length."""
    sets = {number: Registers(scope, name) for number, name in _SETS.items()}
    code = struct.Struct("<QQ" if scope.word == 8 else "<II")

    def shown(call: Call, base: int, size: int) -> Value:
        known = sets.get(call.raw[2] & 0xFFFFFFFF)
        if known is None or not base or not size:
            return Address(base)
        data = call.memory.read_prefix(base, min(size, known.size))
        if len(data) < min(size, known.size):
            return Address(base)
        value = known.value(call, data, size)
        return value if value.names else Address(base)

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, code.size) if raw else None
        if data is None:
            return Address(raw)
        base, size = code.unpack(data)
        setting = call.raw[0] & 0xFFFFFFFF != _GETREGSET
        first = shown(call, base, size) if setting else Address(base)
        return Struct(("iov_base", "iov_len"), (first, Int(size)))

    def later(call: Call, raw: int, before: Value) -> Value:
        data = read_exactly(call.memory, raw, code.size)
        if data is None or not isinstance(before, Struct):
            return before
        base, size = code.unpack(data)
        first, asked = before.values
        if call.raw[0] & 0xFFFFFFFF == _GETREGSET:
            first = shown(call, base, size)
        length = asked if asked == size else Changed(asked, Int(size))
        return Struct(before.names, (first, length))

    return Kind(decode=decode, later=later)


def _user_offset(scope: Scope, spec: Spec) -> Kind:
    """Where in the USER area: ``8*RIP``, ``offsetof(struct user, u_debugreg)+8``."""
    area = layout(scope.arch_name, "user")
    if area is None:
        return Kind(Address)
    places = _places(scope, area)
    size = area[0]

    def make(raw: int) -> Value:
        if raw == size:
            return Word("sizeof(struct user)")
        if not 0 <= raw < size:
            return Address(raw)
        offset, name = max(place for place in places if place[0] <= raw)
        value = Enum(raw)
        value.name = name if raw == offset else f"{name}+{raw - offset}"
        return value

    return Kind(make)


def _places(scope: Scope, area: Layout) -> list[tuple[int, str]]:
    places: list[tuple[int, str]] = []
    for name, offset, kind, _ in area[1]:
        if name != "regs":
            places.append((offset, f"offsetof(struct user, {name})"))
            continue
        inner = layout(scope.arch_name, kind)
        for register, start, _, _ in inner[1] if inner else ():
            shown = _SHORT.get(register, register).upper()
            places.append((offset + start, f"{scope.word}*{shown}"))
    return places


def _signal_infos(scope: Scope, spec: Spec) -> Kind:
    """The siginfos of a queue of signals, as many as were found."""
    from seize.decode.kinds.siginfo import siginfo

    word = scope.word

    def count(call: Call) -> int:
        return min(call.rval or 0, _MOST_SIGNALS)

    return Kind(decode=array_of(count, 128, lambda call, data: siginfo(data, word)))


def _syscall_info(scope: Scope, spec: Spec) -> Kind:
    """``syscall_info[SIZE]``: what a syscall stop is about, as much as there is room for."""
    length = scope.number(spec.index)
    operations = enumeration(scope.set("ptrace_syscall_info_op"), "ptrace_syscall_info_op", 8)
    machines = enumeration(scope.set("audit_arch"), "audit_arch")

    def decode(call: Call, raw: int) -> Value:
        size = min(length(call), call.rval or 88, 88)
        data = read_exactly(call.memory, raw, size) if raw and size > 0 else None
        if data is None:
            return Address(raw)
        whole = data.ljust(88, b"\0")
        op, _, flags, machine, pointer, stack = struct.unpack_from("<BBHIQQ", whole)
        pairs: Pairs = [("op", operations(op))]
        if flags:
            pairs.append(("flags", Hex(flags)))
        more: Pairs = [
            ("arch", machines(machine)),
            ("instruction_pointer", Hex(pointer)),
            ("stack_pointer", Hex(stack)),
        ]
        pairs += [pair for pair, start in zip(more, (4, 8, 16), strict=True) if size > start]
        if size > 24:
            pairs += _of_stop(op, _ARCHITECTURES.get(machine, call.arch_name), whole, size)
        return Struct(tuple([name for name, _ in pairs]), tuple([value for _, value in pairs]))

    return Kind(decode=decode)


def _of_stop(op: int, arch_name: str, data: bytes, size: int) -> Pairs:
    """What only an entry, an exit or a stop of seccomp has."""
    if op == _EXIT:
        result, failed = struct.unpack_from("<qB", data, 24)
        values: tuple[Value, ...] = (_result(result, failed), Int(failed))
        return [("exit", Struct(("rval", "is_error"), values[: 2 if size > 32 else 1]))]
    if op not in (_ENTRY, _SECCOMP):
        return []
    number, *arguments, extra = struct.unpack_from("<Q6QI", data, 24)
    inner: Pairs = [("nr", _number(arch_name, number))]
    have = min((size - 32) // 8, 6)
    if have > 0:
        inner.append(("args", Array(tuple([Hex(argument) for argument in arguments[:have]]))))
    if op == _SECCOMP and size > 80:
        inner.append(("ret_data", Hex(extra)))
    shown = Struct(tuple([name for name, _ in inner]), tuple([value for _, value in inner]))
    return [("entry" if op == _ENTRY else "seccomp", shown)]


def _result(number: int, failed: int) -> Value:
    from seize.abi.names import errno_name

    if not failed or not -4096 < number < 0:
        return Int(number)
    value = Enum(number)
    value.name = f"-{errno_name(-number)}"
    return value


def _number(arch_name: str, number: int) -> Value:
    from seize.abi.names import syscall_names

    name = syscall_names(arch_name).get(number)
    if name is None:
        return Hex(number)
    value = Enum(number)
    value.name = f"__NR_{name}"
    return value


def _metadata(scope: Scope, spec: Spec) -> Kind:
    """Which filter is asked about, and the flags that it was installed with."""
    make = flag_set(scope.set("seccomp_filter_flags"), "seccomp_filter_flags", 64)

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, 8) if raw and call.raw[2] >= 8 else None
        if data is None:
            return Address(raw)
        return Struct(("filter_off",), (Int(int.from_bytes(data, "little")),))

    def later(call: Call, raw: int, before: Value) -> Value:
        data = read_exactly(call.memory, raw, 16) if (call.rval or 0) > 8 else None
        if data is None or not isinstance(before, Struct):
            return before
        flags = make(int.from_bytes(data[8:], "little"))
        return Struct(("filter_off", "flags"), (before.values[0], flags))

    return Kind(decode=decode, later=later)


KINDS: dict[str, Factory] = {
    "user_regs": _registers("user_regs_struct"),
    "user_fpregs": _registers("user_fpregs_struct"),
    "regset": _regset,
    "user_offset": _user_offset,
    "siginfos": _signal_infos,
    "syscall_info": _syscall_info,
    "filter_metadata": _metadata,
}
