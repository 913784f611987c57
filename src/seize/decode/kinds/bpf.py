"""BPF: instructions of both machines, classic filters, what only bpf(2) has."""

from __future__ import annotations

import struct

from seize.decode import shapes
from seize.decode.fields import Inside
from seize.decode.kinds.base import Kind, Memo
from seize.decode.kinds.memory import array_of
from seize.decode.kinds.text import Window
from seize.decode.memory import read_exactly, read_string
from seize.decode.values import Address, Array, Changed, Flags, Hex, Int, Macro, Struct, Text, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Pure, Scope
    from seize.decode.signature import Spec

_CLASS, _SIZE, _MODE, _SOURCE, _OPERATION = 0x07, 0x18, 0xE0, 0x08, 0xF0
_RET, _MISC, _JMP32 = 6, 7, 6
_LOADS, _STORES, _ALUS = (0, 1), (2, 3), (4, 7)
_ACTION = 0xFFFF0000
_MODE_FILTER = 2
_ANCILLARY = 0xFFFFF000
_ABSOLUTE = (0x20, 0x28, 0x30)


class _Codes:
    """The names of the parts of an instruction's code."""

    def __init__(self, scope: Scope) -> None:
        self.classes = dict(scope.set("ebpf_class"))
        self.sizes = dict(scope.set("ebpf_size"))
        self.modes = dict(scope.set("ebpf_mode"))
        self.sources = dict(scope.set("bpf_source"))
        self.alu = dict(scope.set("ebpf_alu_op"))
        self.jumps = dict(scope.set("ebpf_jmp_op"))
        self.returns = dict(scope.set("bpf_rval"))
        self.misc = dict(scope.set("bpf_misc_op"))
        self.old_classes = dict(scope.set("bpf_class"))
        # The value of the atomic operations had another name when there was but one.
        self.old_modes = {**self.modes, **dict(scope.set("bpf_mode")), 0xC0: "BPF_XADD"}

    def extended(self, raw: int) -> Value:
        """The code of an eBPF instruction."""
        raw &= 0xFF
        kind = raw & _CLASS
        first = self.classes[kind]
        if kind in _LOADS or kind in _STORES:
            parts = (_part(self.sizes, raw & _SIZE), _part(self.modes, raw & _MODE))
        else:
            operations = self.alu if kind in _ALUS else self.jumps
            parts = (self.sources[raw & _SOURCE], _part(operations, raw & _OPERATION))
        return _code(raw, first, *parts)

    def classic(self, raw: int) -> Value:
        """The code of an instruction of a classic filter."""
        raw &= 0xFF
        kind = raw & _CLASS
        first = self.old_classes[kind]
        if kind in _LOADS:
            modes = _part(self.old_modes, raw & _MODE)
            return _code(raw, first, _part(self.sizes, raw & _SIZE), modes)
        if kind == _RET:
            more = raw & ~_SIZE & ~_CLASS
            return _code(raw, first, _part(self.returns, raw & _SIZE), _part({0: ""}, more))
        if kind == _MISC:
            return _code(raw, first, _part(self.misc, raw & ~_CLASS))
        if kind in _STORES:
            return _code(raw, first, _part({0: ""}, raw & ~_CLASS))
        operations = self.alu if kind in _ALUS else self.jumps
        operation = _part(operations, raw & _OPERATION)
        return _code(raw, first, self.sources[raw & _SOURCE], operation)


def _part(names: dict[int, str], value: int) -> str:
    name = names.get(value)
    return f"{value:#x} /* BPF_??? */" if name is None else name


def _code(raw: int, *parts: str) -> Flags:
    flags = Flags(raw)
    flags.names = tuple([part for part in parts if part])
    flags.set = "ebpf_class"
    return flags


def _ebpf_code(scope: Scope, spec: Spec) -> Kind:
    return Kind(Memo(_Codes(scope).extended).__getitem__)


def _bpf_insns(scope: Scope, spec: Spec) -> Kind:
    """``bpf_insns[COUNT]``: eBPF instructions, when everything is to be shown."""
    if not scope.decoder.verbose:
        return Kind(Address)
    inner = shapes.shape(scope, "bpf_insn")
    return Kind(decode=array_of(scope.number(spec.index), inner.size, inner.value))


def _filter(result: Callable[[Scope], Pure], ancillary: bool) -> Factory:
    """A classic filter: its instructions, when everything is to be shown."""

    def factory(scope: Scope, spec: Spec) -> Kind:
        if not scope.decoder.verbose:
            return Kind(Address)
        code_of = Memo(_Codes(scope).classic).__getitem__
        returned = result(scope)
        offsets = dict(scope.set("bpf_ancillary_offset")) if ancillary else {}
        unpack = struct.Struct("<HBBI").unpack

        def instruction(call: Call, data: bytes) -> Value:
            code, yes, no, operand = unpack(data)
            if yes or no:
                return Macro("BPF_JUMP", code_of(code), Hex(operand), Hex(yes), Hex(no))
            shown: Value = Hex(operand)
            if code & _CLASS == _RET:
                shown = returned(operand)
            elif code in _ABSOLUTE and operand >= _ANCILLARY and offsets:
                shown = _offset(operand, offsets)
            return Macro("BPF_STMT", code_of(code), shown)

        return Kind(decode=array_of(scope.number(spec.index), 8, instruction))

    return factory


def _offset(operand: int, names: dict[int, str]) -> Value:
    """``SKF_AD_OFF+SKF_AD_CPU``: what isn't in the packet."""
    rest = operand - _ANCILLARY
    shown = Flags(operand)
    shown.names = (f"SKF_AD_OFF+{names.get(rest) or f'{rest:#x} /* SKF_AD_??? */'}",)
    shown.set = "bpf_ancillary_offset"
    return shown


def _plain(scope: Scope) -> Pure:
    return Hex


def _action(scope: Scope) -> Pure:
    """What seccomp does with a call: an action, and 16 bits of data."""
    names = dict(scope.set("seccomp_action"))

    def make(raw: int) -> Value:
        action, data = raw & _ACTION, raw & ~_ACTION
        flags = Flags(raw)
        flags.names = (names.get(action) or f"{action:#x} /* SECCOMP_RET_??? */",)
        flags.rest, flags.set = data, "seccomp_action"
        return flags

    return make


def _seccomp_argument(scope: Scope, spec: Spec) -> Kind:
    """What prctl(PR_SET_SECCOMP) is given beside the mode: a filter in one of them."""
    filtered = shapes.shape(scope, "seccomp_fprog").at
    mode = scope.number("arg2")
    return Kind(
        decode=lambda call, raw: filtered(call, raw) if mode(call) == _MODE_FILTER else Hex(raw)
    )


def _kernel_version(scope: Scope, spec: Spec) -> Kind:
    def make(raw: int) -> Value:
        parts = (Int(raw >> 16 & 0xFFFF), Int(raw >> 8 & 0xFF), Int(raw & 0xFF))
        return Macro("KERNEL_VERSION", *parts)

    return Kind(make)


def _log(scope: Scope, spec: Spec) -> Kind:
    """``log[SIZE]``: a text in a buffer of that size; nothing is looked at when that is 0."""
    length = scope.number(spec.index)
    limit = scope.decoder.string_limit

    def decode(call: Call, raw: int) -> Value:
        size = length(call)
        if not raw or not size:
            return Address(raw)
        found = read_string(call.memory, raw, min(size, limit))
        return Address(raw) if found is None else Text(*found)

    return Kind(decode=decode)


def _ids(scope: Scope, spec: Spec) -> Kind:
    """``bpf_ids[COUNT]``: what the kernel stores; before that there is nothing to see."""
    count = scope.number(spec.index)
    numbers = array_of(count, 4, lambda call, data: Int(int.from_bytes(data, "little")))

    def decode(call: Call, raw: int) -> Value:
        return Address(raw) if not raw or count(call) else Array(())

    return Kind(decode=decode, later=lambda call, raw, before: numbers(call, raw))


_COUNT_AT = 32


def _batch(scope: Scope, spec: Spec) -> Kind:
    """``bpf_batch[SIZE] STRUCT``: a batch, and how many elements of it were done at the end."""
    from seize.decode.kinds.sized import sized

    decode = sized(shapes.shape(scope, spec.params[0]), scope.number(spec.index)).contextual()

    def later(call: Call, raw: int, before: Value) -> Value:
        data = read_exactly(call.memory, raw + _COUNT_AT, 4)
        if data is None or not isinstance(before, Struct):
            return before
        asked, done = before.values[0], Int(int.from_bytes(data, "little"))
        if not isinstance(asked, Struct) or asked.count == done:
            return before
        count = Struct(("count",), (done,))
        return Changed(before, Struct(("batch",), (count,)))

    return Kind(decode=decode, later=later, failed=later)


_INFOS = {
    "bpf-map": "bpf_map_info",
    "bpf-prog": "bpf_prog_info",
    "bpf_link": "bpf_link_info",
    "bpf-link": "bpf_link_info",
    "btf": "bpf_btf_info",
}
_INFO_LIMIT = 512


def _object_info(scope: Scope, spec: Spec) -> Kind:
    """``bpf_object_info[SIZE]``: what the kernel tells of an object; its lengths go in, too."""
    length, descriptor = scope.number(spec.index), scope.number("bpf_fd")

    def known(call: Call) -> shapes.Shape | None:
        ask = call.decoder.anonymous_inode
        if ask is None or not call.decoder.verbose:
            return None
        name = _INFOS.get(ask(call.tid, descriptor(call)) or "")
        return None if name is None else shapes.shape(scope, name)

    def read(call: Call, raw: int) -> Value:
        made, size = known(call), min(length(call), _INFO_LIMIT)
        data = read_exactly(call.memory, raw, size) if raw and size and made else None
        if made is None or data is None:
            return Address(raw)
        return made.value(call, data.ljust(made.size, b"\0"), size, raw)

    def decode(call: Call, raw: int) -> Value:
        if isinstance(call, Inside):
            call.outer.saved = read(call, raw)
        return Address(raw)

    def later(call: Call, raw: int, before: Value) -> Value:
        made, value = known(call), read(call, raw)
        asked = call.outer.saved if isinstance(call, Inside) else None
        if made is None or not isinstance(value, Struct) or not isinstance(asked, Struct):
            return value
        told = {field.name for field in made.all if field.later is not None}
        given = dict(zip(asked.names, asked.values, strict=True))
        values = [
            Changed(given[name], after)
            if name in told and given.get(name, after) != after
            else after
            for name, after in zip(value.names, value.values, strict=True)
        ]
        return Struct(value.names, tuple(values), value.abbreviated)

    return Kind(decode=decode, later=later)


def _string_array(scope: Scope, spec: Spec) -> Kind:
    """``string_array[COUNT]``: an array of pointers to strings, 8 bytes each on any machine."""
    count = scope.number(spec.index)
    limit = scope.decoder.string_limit

    def decode(call: Call, raw: int) -> Value:
        total = count(call)
        wanted = min(total, call.decoder.array_limit)
        if not raw and total:
            return Address(0)
        data = read_exactly(call.memory, raw, wanted * 8) if wanted else b""
        if data is None:
            return Address(raw)
        window = Window(call.memory)
        items: list[Value] = []
        for pointer in struct.unpack(f"<{wanted}Q", data):
            found = window.string(pointer, limit) if pointer else None
            items.append(Address(pointer) if found is None else Text(*found))
        return Array(tuple(items), total > wanted)

    return Kind(decode=decode)


KINDS: dict[str, Factory] = {
    "bpf_insns": _bpf_insns,
    "ebpf_code": _ebpf_code,
    "bpf_filter": _filter(_plain, True),
    "seccomp_filter": _filter(_action, False),
    "seccomp_arg": _seccomp_argument,
    "kernel_version": _kernel_version,
    "log": _log,
    "bpf_ids": _ids,
    "bpf_batch": _batch,
    "bpf_object_info": _object_info,
    "string_array": _string_array,
}
