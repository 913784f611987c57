"""Structs: what the fields mean (``signatures/*.structs``), where they lie (the layouts).

A struct without a line there is shown with all fields of its layout, as numbers.
"""

from __future__ import annotations

import os
import struct

from seize.abi.layouts import layout
from seize.decode.kinds.base import UnknownKind
from seize.decode.memory import read_exactly
from seize.decode.signature import FOLDER, Spec, parse_kind, split
from seize.decode.values import Address, Array, Bytes, Date, Dated, Int, LazyStruct, Struct, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.abi.layouts import Layout
    from seize.decode.call import Call
    from seize.decode.kinds.base import Kind, Scope

    Get = Callable[[Call | None, bytes], Value]
    Pairs = tuple[tuple[str, Value], ...]

CODES = {
    "i8": "b",
    "u8": "B",
    "i16": "h",
    "u16": "H",
    "i32": "i",
    "u32": "I",
    "i64": "q",
    "u64": "Q",
}
NUMBERS = {"char", "ptr", *CODES}

FILES = ("time", "files", "process", "ipc", "network", "devices", "kernel")
"""The files of the structs, in ``signatures``."""

_texts: dict[str, str] = {}


def _index() -> dict[str, str]:
    if not _texts:
        for name in FILES:
            with open(os.path.join(FOLDER, f"{name}.structs"), encoding="utf-8") as stream:
                for line in stream.read().replace("\n ", " ").split("\n"):
                    if line and line[0] != "#":
                        _texts[line.split(None, 1)[0]] = line
    return _texts


def described() -> tuple[str, ...]:
    """The names of the structs that the files describe."""
    return tuple(_index())


def known(name: str) -> bool:
    """Whether a struct has a description or, on some architecture, a layout."""
    return name in _index() or any(layout(arch, name) for arch in ("x86_64", "i386"))


class Field:
    """One field of a shape: how to get it out of the struct's bytes."""

    __slots__ = ("brief", "get", "name", "pure")

    def __init__(self, name: str, get: Get, pure: bool, brief: bool) -> None:
        self.name = name
        self.get = get
        self.pure = pure
        self.brief = brief


class Shape:
    """A struct as one architecture has it: ``value`` makes it from bytes."""

    __slots__ = ("all", "brief", "name", "pure", "shortened", "size")

    def __init__(self, name: str, size: int, fields: tuple[Field, ...]) -> None:
        self.name = name
        self.size = size
        self.all = tuple((field.name, field.get) for field in fields)
        self.shortened = any(field.brief for field in fields)
        self.brief = (
            tuple((f.name, f.get) for f in fields if f.brief) if self.shortened else self.all
        )
        self.pure = all(field.pure for field in fields)

    def unpack(self, data: bytes, full: bool) -> Pairs:
        """``(name, value)`` pairs of the fields, all or the brief ones."""
        fields = self.all if full else self.brief
        return tuple([(name, get(None, data)) for name, get in fields])

    def value(self, call: Call | None, data: bytes) -> Value:
        """The struct in ``data``, which may be longer."""
        if self.pure:
            return LazyStruct(data[: self.size], self.unpack, self.shortened)
        full = not self.shortened or (call is not None and call.decoder.verbose)
        fields = self.all if full else self.brief
        return Struct(
            tuple([name for name, _ in fields]),
            tuple([get(call, data) for _, get in fields]),
            not full,
        )

    def at(self, call: Call, address: int) -> Value:
        """The struct at an address, or the address when it can't be read."""
        if not address:
            return Address(0)
        data = read_exactly(call.memory, address, self.size)
        return Address(address) if data is None else self.value(call, data)


def shape(scope: Scope, name: str) -> Shape:
    """The shape of a struct; raises ``UnknownKind`` when there is none of that name."""
    shapes = scope.decoder.shapes
    key = (scope.arch_name, name)
    made = shapes.get(key)
    if made is None:
        made = shapes[key] = _compile(scope, name)
    return made


def _compile(scope: Scope, name: str) -> Shape:
    text = _index().get(name)
    if text is None:
        own = layout(scope.arch_name, name)
        if own is None:
            raise UnknownKind(f"unknown struct {name!r}")
        shown = [f[0] for f in own[1] if not f[0].startswith(("__pad", "__unused", "_pad"))]
        return Shape(name, own[0], tuple(_field(scope, own, field) for field in shown))
    head, brace, body = text.partition("{")
    if not brace or not body.rstrip().endswith("}"):
        raise UnknownKind(f"struct {name}: braces are missing")
    words = head.split()
    where = words[2] if len(words) == 3 and words[1] == "of" else name
    candidates = [layout(scope.arch_name, word) for word in where.split("|")]
    found = next((candidate for candidate in candidates if candidate is not None), None)
    if found is None:
        raise UnknownKind(f"struct {name}: no layout {where!r} on {scope.arch_name}")
    fields = [_field(scope, found, part) for part in split(body.rstrip()[:-1], ",")]
    return Shape(name, found[0], tuple(fields))


def _field(scope: Scope, lies: Layout, text: str) -> Field:
    """``name[*][@field][:KIND]``; ``@field``: another name in the layout; ``*``: brief."""
    label, _, kind_text = text.partition(":")
    label = label.strip()
    brief = label.endswith("*")
    label, _, source = label.rstrip("*").partition("@")
    found = [entry for entry in lies[1] if entry[0] == (source or label)]
    if not found:
        raise UnknownKind(f"no field {source or label!r}")
    _, offset, type_name, count = found[0]
    if kind_text:
        spec = parse_kind(kind_text.split(), "structs", text)
        get, pure = _with_kind(scope, spec, offset, type_name, count)
    else:
        get, pure = _plain(scope, offset, type_name, count)
    return Field(label, get, pure, brief)


def code_of(scope: Scope, type_name: str) -> str:
    """The ``struct`` code of a layout's number type."""
    if type_name == "ptr":
        return "Q" if scope.word == 8 else "I"
    return CODES[type_name]


def _with_kind(
    scope: Scope, spec: Spec, offset: int, type_name: str, count: int
) -> tuple[Get, bool]:
    from seize.decode.kinds import make

    if spec.word == "dated":
        return _dated(scope, offset, type_name)
    if type_name not in NUMBERS:
        raise UnknownKind(f"a {type_name} has fields of its own")
    unpack = struct.Struct("<" + code_of(scope, type_name)).unpack_from
    kind: Kind = make(scope, spec)
    pure = kind.pure
    if pure is None:
        decode = kind.contextual()

        def contextual(call: Call | None, data: bytes) -> Value:
            raw = unpack(data, offset)[0]
            return Int(raw) if call is None else decode(call, raw)

        return contextual, False
    if count == 1:
        return lambda call, data: pure(unpack(data, offset)[0]), True
    numbers = struct.Struct(f"<{count}{code_of(scope, type_name)}").unpack_from
    return (
        lambda call, data: Array(tuple([pure(raw) for raw in numbers(data, offset)])),
        True,
    )


def _dated(scope: Scope, offset: int, type_name: str) -> tuple[Get, bool]:
    """A struct of seconds and nanoseconds, and the date that it is."""
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

    return get, True


def _plain(scope: Scope, offset: int, type_name: str, count: int) -> tuple[Get, bool]:
    """A field without a kind: a number, characters, numbers, a struct, structs."""
    if type_name == "char":
        limit = scope.decoder.string_limit

        def characters(call: Call | None, data: bytes) -> Value:
            text = data[offset : offset + count].partition(b"\0")[0]
            return Bytes(text[:limit], len(text))

        return characters, True
    if type_name not in NUMBERS:
        inner = shape(scope, type_name)
        size = inner.size
        if count == 1:
            return lambda call, data: inner.value(call, data[offset : offset + size]), inner.pure

        def structs(call: Call | None, data: bytes) -> Value:
            parts = [data[offset + i * size : offset + (i + 1) * size] for i in range(count)]
            return Array(tuple([inner.value(call, part) for part in parts]))

        return structs, inner.pure
    make = Address if type_name == "ptr" else Int
    unpack = struct.Struct(f"<{count}{code_of(scope, type_name)}").unpack_from
    if count == 1:
        return lambda call, data: make(unpack(data, offset)[0]), True
    return lambda call, data: Array(tuple([make(n) for n in unpack(data, offset)])), True
