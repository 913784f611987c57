"""One field of a struct: where it lies in the bytes, what it means, when it is shown.

The numbers of a struct are to its fields what the registers are to the arguments of a call: a
length, a condition, a variant may name them.  A kind that needs the call sees an ``Inside``.
"""

from __future__ import annotations

import struct

from seize.decode.call import Call
from seize.decode.kinds.base import UnknownKind
from seize.decode.signature import ARRAYS, DIRECTIONS, Spec, parse_kind, split
from seize.decode.values import (
    Address,
    Array,
    Bytes,
    Changed,
    Date,
    Dated,
    HexBytes,
    Int,
    Value,
    Word,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.abi.layouts import Layout
    from seize.decode.kinds.base import Kind, Scope
    from seize.decode.shapes import Shape

    Get = Callable[[Call | None, bytes], Value]
    Later = Callable[[Call, bytes, Value], Value]
    Getter = Callable[[bytes], int]

CODES = {
    "i8": "b",
    "u8": "B",
    "i16": "h",
    "u16": "H",
    "i32": "i",
    "u32": "I",
    "i64": "q",
    "u64": "Q",
    "f32": "f",
    "f64": "d",
}
NUMBERS = {"char", "ptr", *CODES}
_MARKS = ("*", "?")
MOMENTS = (*DIRECTIONS, "after", "=>")
"""When a field is looked at; in, out and inout are as of an argument."""


class Numbers:
    """The numbers of a struct's fields, each taken out of the bytes when it is asked for."""

    __slots__ = ("data", "getters")

    def __init__(self, getters: tuple[Getter, ...], data: bytes) -> None:
        self.getters = getters
        self.data = data

    def __getitem__(self, index: int) -> int:
        return self.getters[index](self.data)


class Inside(Call):
    """The call, as the kind of a struct's field sees it: ``raw`` are the struct's fields.

    ``given`` is the size that the struct was said to have, if that isn't its own; ``address``
    is where the struct lies, or 0 where that isn't known; ``outer`` is the call itself.
    """

    __slots__ = ("address", "given", "outer")

    def __init__(self, outer: Call, numbers: Numbers, given: int | None, address: int = 0) -> None:
        self.outer: Call = outer.outer if isinstance(outer, Inside) else outer
        self.tid = outer.tid
        self.arch_name = outer.arch_name
        self.number = outer.number
        self.raw = numbers  # type: ignore[assignment]
        self.compiled = outer.compiled
        self.decoder = outer.decoder
        self.name = outer.name
        self.memory = outer.memory
        self.rval = outer.rval
        self.result = outer.result
        self.note = None
        self.error = outer.error
        self.failed = outer.failed
        self.finished = outer.finished
        self.given = given
        self.address = address


class Field:
    """One field of a shape: how to get it out of the struct's bytes.

    It lies from ``start`` to ``end``.  ``test`` tells by the numbers whether it is shown;
    ``after`` is what the struct's given size must exceed for that; ``later`` completes the
    field's value after the call, a ``late`` field is there only then; ``scant`` gets the number
    of one that the short form of the struct shows only if it isn't 0; ``inner`` is the shape of
    a struct.
    """

    __slots__ = (
        *("after", "brief", "end", "get", "inner", "late", "later", "name", "pure"),
        *("scant", "start", "test"),
    )

    def __init__(self, name: str, get: Get, pure: bool) -> None:
        self.name = name
        self.get = get
        self.pure = pure
        self.brief = self.late = False
        self.scant: Getter | None = None
        self.start = self.end = self.after = 0
        self.test: Callable[[Numbers], object] | None = None
        self.later: Later | None = None
        self.inner: Shape | None = None


def code_of(scope: Scope, type_name: str) -> str:
    """The ``struct`` code of a layout's number type."""
    if type_name == "ptr":
        return "Q" if scope.word == 8 else "I"
    return CODES[type_name]


def is_number(type_name: str) -> bool:
    """Whether a layout's type is an integer, a bit-field or a pointer."""
    return type_name in NUMBERS or "@" in type_name


def getter(scope: Scope, offset: int, type_name: str) -> Getter:
    """A function from a struct's bytes to the number at an offset."""
    if "@" in type_name:
        bits, _, unit = type_name[1:].partition(":")
        width, _, shift = bits.partition("@")
        mask, down = (1 << int(width)) - 1, int(shift)
        size = int(unit[1:]) // 8
        return lambda data: int.from_bytes(data[offset : offset + size], "little") >> down & mask
    code = "b" if type_name == "char" else code_of(scope, type_name)
    unpack = struct.Struct("<" + code).unpack_from

    def get(data: bytes) -> int:
        number: int = unpack(data, offset)[0]
        return number

    return get


def _whole(start: int, end: int) -> Getter:
    """All of an array, as a number: a condition may ask whether it is all zero."""
    return lambda data: int.from_bytes(data[start:end], "little")


def place(scope: Scope, lies: Layout) -> tuple[Getter, ...]:
    """Tell the scope where the numbers of a layout are; return how to get them."""
    getters: list[Getter] = []
    for index, (name, offset, type_name, count) in enumerate(lies[1]):
        scope.registers[name] = f"a[{index}]"
        if count == 1 and is_number(type_name):
            getters.append(getter(scope, offset, type_name))
        else:
            size = _size(scope, type_name) * count if is_number(type_name) else 0
            getters.append(_whole(offset, offset + size))
    return tuple(getters)


def split_field(text: str) -> tuple[str, str, str, str, str]:
    """``name[*|?][@other][:KIND] [if CONDITION]`` as (name, other, KIND, mark, condition)."""
    text, _, condition = text.partition(" if ")
    label, _, kind = text.partition(":")
    label, _, other = label.strip().partition("@")
    mark = label[-1:] if label[-1:] in _MARKS else other[-1:] if other[-1:] in _MARKS else ""
    label = label.rstrip("*?")
    return label, other.rstrip("*?") or label, kind.strip(), mark, condition.strip()


def name_sets(scope: Scope, texts: list[str]) -> None:
    """Tell the scope the sets of the fields, so that conditions may use their names."""
    for text in texts:
        label, source, kind, _, _ = split_field(text)
        words = kind.split()
        if words and words[0] in MOMENTS:
            words.pop(0)
        if source in scope.registers:
            scope.registers[label] = scope.registers[source]
        if words and words[0] in ("flags", "enum"):
            scope.sets[label] = scope.sets[source] = " ".join(words[1:])


def field(scope: Scope, lies: Layout, text: str) -> Field:
    """A field as written."""
    from seize.decode.kinds.numbers import condition

    label, source, kind_text, mark, test = split_field(text)
    found = _find(scope, lies, source)
    _, offset, type_name, count = found
    words = [word for word in split(kind_text, " ") if word]
    direction = words.pop(0) if words and words[0] in MOMENTS else "in"
    if words:
        made = _with_kind(scope, label, parse_kind(words, "structs", text), found)
    else:
        made = _plain(scope, label, found)
    made.brief = bool(mark)
    made.scant = getter(scope, offset, type_name) if mark == "?" else None
    if test:
        made.test = eval(f"lambda a: {condition(scope, test)}", {})
    if direction != "in":
        number = is_number(type_name)
        raw = getter(scope, offset, type_name) if number else _whole(offset, offset)
        _complete(scope, made, direction, raw)
    made.start, made.end = offset, offset + _size(scope, type_name) * count
    return made


def _find(scope: Scope, lies: Layout, source: str) -> tuple[str, int, str, int]:
    """The entry of a field, or of one within a field that is a struct: ``union.member``."""
    from seize.abi.layouts import layout

    head, _, rest = source.partition(".")
    for name, offset, type_name, count in lies[1]:
        if name == head:
            if not rest:
                return name, offset, type_name, count
            inner = layout(scope.arch_name, type_name)
            if inner is not None:
                member, start, kind, number = _find(scope, inner, rest)
                return member, offset + start, kind, number
    raise UnknownKind(f"no field {source!r}")


def _complete(scope: Scope, made: Field, direction: str, raw: Getter) -> None:
    """Make a field one that the call fills in (``out``) or changes (``inout``)."""
    get = made.get
    made.pure = False
    if direction == "after":
        made.late = True
        made.later = lambda call, data, before: get(call, data)
    elif direction == "=>":
        made.later = lambda call, data, before: Changed(before, get(call, data))
    elif direction == "out":
        made.get = lambda call, data: Address(raw(data))
        made.later = lambda call, data, before: get(call, data)
    elif made.later is None:

        def changed(call: Call, data: bytes, before: Value) -> Value:
            after = get(call, data)
            return before if after == before else Changed(before, after)

        made.later = changed


def _with_kind(scope: Scope, label: str, spec: Spec, entry: tuple[str, int, str, int]) -> Field:
    from seize.decode.kinds import MODULES, make

    _, offset, type_name, count = entry
    if spec.word == "dated":
        return _dated(scope, label, offset, type_name)
    if count != 1 and spec.word in (*ARRAYS, "bytes", "hexbytes"):
        from seize.decode import elements

        return elements.field(scope, label, spec, entry)
    if not is_number(type_name) and spec.word not in MODULES:
        return _inner(scope, label, spec.word, offset, count)
    kind = make(scope, spec)
    inline = kind.inline
    if inline is not None:
        size = _size(scope, type_name) * count
        return Field(label, lambda call, data: inline(data[offset : offset + size]), True)
    if not is_number(type_name) or (count != 1 and kind.pure is None):
        return _placed(label, kind, offset)
    if count != 1:
        return _numbers(scope, label, kind, offset, type_name, count)
    return _number(label, kind, getter(scope, offset, type_name))


def _placed(label: str, kind: Kind, offset: int) -> Field:
    """A field that is a struct, or several of something: its kind gets the address."""
    decode = kind.contextual()

    def get(call: Call | None, data: bytes) -> Value:
        address = call.address + offset if isinstance(call, Inside) and call.address else 0
        return Address(0) if call is None else decode(call, address)

    return Field(label, get, False)


def _number(label: str, kind: Kind, number: Getter) -> Field:
    pure = kind.pure
    if pure is not None:
        return Field(label, lambda call, data: pure(number(data)), True)
    decode = kind.contextual()

    def contextual(call: Call | None, data: bytes) -> Value:
        raw = number(data)
        return Int(raw) if call is None else decode(call, raw)

    made = Field(label, contextual, False)
    later = kind.later
    if later is not None:
        made.later = lambda call, data, before: later(call, number(data), before)
    return made


def _numbers(
    scope: Scope, label: str, kind: Kind, offset: int, type_name: str, count: int
) -> Field:
    pure = kind.pure
    if pure is None:
        raise UnknownKind(f"{label}: an array of what needs the call")
    return _array(scope, label, pure, offset, type_name, count)


def _array(
    scope: Scope, label: str, make: Callable[[int], Value], offset: int, type_name: str, count: int
) -> Field:
    numbers = struct.Struct(f"<{count}{code_of(scope, type_name)}").unpack_from
    most = scope.decoder.array_limit
    return Field(
        label,
        lambda call, data: Array(
            tuple([make(raw) for raw in numbers(data, offset)[:most]]), count > most
        ),
        True,
    )


def _size(scope: Scope, type_name: str) -> int:
    from seize.abi.layouts import layout

    if type_name == "char":
        return 1
    if "@" in type_name:
        return int(type_name.rpartition(":")[2][1:]) // 8
    if is_number(type_name):
        return struct.calcsize("<" + code_of(scope, type_name))
    own = layout(scope.arch_name, type_name)
    return own[0] if own else 0


def _dated(scope: Scope, label: str, offset: int, type_name: str) -> Field:
    """A struct of seconds and nanoseconds, and the date that it is."""
    from seize.decode.shapes import shape

    inner = shape(scope, type_name)
    numbers = struct.Struct("<qI").unpack_from

    def get(call: Call | None, data: bytes) -> Value:
        seconds, nanoseconds = numbers(data, offset)
        value = inner.value(call, data[offset : offset + inner.size])
        if not seconds and not nanoseconds:
            return value
        date = Date(seconds)
        date.nanoseconds = nanoseconds
        return Dated(value, date)

    return Field(label, get, True)


def _inner(scope: Scope, label: str, name: str, offset: int, count: int) -> Field:
    """A struct, or some of them, in the struct."""
    from seize.decode.shapes import shape

    inner = shape(scope, name)
    size = inner.size
    if count == 1:

        def one(call: Call | None, data: bytes) -> Value:
            given = call.given if isinstance(call, Inside) else None
            rest = None if given is None else given - offset
            return inner.value(call, data[offset : offset + size], rest)

        made = Field(label, one, inner.pure)
        made.inner = inner
        if inner.outputs:
            made.later = lambda call, data, before: inner.later(
                call, data[offset : offset + size], before
            )
        return made

    def several(call: Call | None, data: bytes) -> Value:
        parts = [data[offset + i * size : offset + (i + 1) * size] for i in range(count)]
        return Array(tuple([inner.value(call, part) for part in parts]))

    return Field(label, several, inner.pure)


_WIDE, _WIDE_SIZE = "u128", 16
"""A vector register: no number that anybody reads."""


def _real(number: float) -> Value:
    return Word(repr(number))


def _plain(scope: Scope, label: str, entry: tuple[str, int, str, int]) -> Field:
    """A field without a kind: a number, characters, numbers, a struct, structs."""
    _, offset, type_name, count = entry
    if type_name == "char" and count != 1:
        limit = scope.decoder.string_limit

        def characters(call: Call | None, data: bytes) -> Value:
            text = data[offset : offset + count].partition(b"\0")[0]
            return Bytes(text[:limit], len(text))

        return Field(label, characters, True)
    if type_name == _WIDE:
        end = offset + _WIDE_SIZE * count
        return Field(label, lambda call, data: HexBytes(data[offset:end], end - offset), True)
    if not is_number(type_name):
        return _inner(scope, label, type_name, offset, count)
    make: Callable[[int], Value] = Address if type_name == "ptr" else Int
    if type_name in ("f32", "f64"):
        make = _real
    if count == 1:
        number = getter(scope, offset, type_name)
        return Field(label, lambda call, data: make(number(data)), True)
    return _array(scope, label, make, offset, type_name, count)
