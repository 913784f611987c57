"""Structs: what the fields mean (``signatures/*.structs``), where they lie (the layouts).

A struct without a line there is shown with all fields of its layout, as numbers.
"""

from __future__ import annotations

import os

from seize.abi.layouts import layout
from seize.decode import fields
from seize.decode.fields import Field, Inside, Numbers
from seize.decode.kinds.base import UnknownKind
from seize.decode.memory import read_exactly
from seize.decode.signature import FOLDER, split
from seize.decode.values import Address, LazyStruct, Struct, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.abi.layouts import Layout
    from seize.decode.call import Call
    from seize.decode.fields import Getter
    from seize.decode.kinds.base import Scope

    Pairs = tuple[tuple[str, Value], ...]

CODES = fields.CODES

FILES = ("time", "files", "process", "ipc", "network", "kernel", "bpf")
"""The files of the structs, in ``signatures``."""

RARE = ("devices", "btrfs", "video")
"""Those of the structs that only ioctls reach, read when a name isn't in the others."""

_texts: dict[str, str] = {}
_rare: dict[str, str] = {}


def _read(files: tuple[str, ...], texts: dict[str, str]) -> dict[str, str]:
    if not texts:
        for name in files:
            with open(os.path.join(FOLDER, f"{name}.structs"), encoding="utf-8") as stream:
                for line in stream.read().replace("\n ", " ").split("\n"):
                    if line and line[0] != "#":
                        texts[line.split(None, 1)[0]] = line
    return texts


def description(name: str) -> str | None:
    """The line that describes a struct, or None."""
    return _read(FILES, _texts).get(name) or _read(RARE, _rare).get(name)


def described() -> tuple[str, ...]:
    """The names of the structs that the files describe."""
    return (*_read(FILES, _texts), *_read(RARE, _rare))


def known(name: str) -> bool:
    """Whether a struct has a description or, on some architecture, a layout."""
    return description(name) is not None or any(layout(arch, name) for arch in ("x86_64", "i386"))


class Shape:
    """A struct as one architecture has it: ``value`` makes it from bytes.

    ``least`` is the smallest size that may be given for it, ``sizer`` gets the size out of the
    struct itself, ``elided`` says that what lies behind ``end``, that of the last field, is only
    hinted at.
    """

    __slots__ = (
        "all",
        "brief",
        "conditional",
        "elided",
        "end",
        "getters",
        "least",
        "name",
        "outputs",
        "pure",
        "shortened",
        "size",
        "sizer",
        "switch",
    )

    def __init__(
        self, name: str, size: int, members: tuple[Field, ...], getters: tuple[Getter, ...] = ()
    ) -> None:
        self.name = name
        self.size = size
        self.getters = getters
        self.all = members
        self.shortened = any(field.brief for field in members)
        self.brief = tuple([f for f in members if f.brief]) if self.shortened else members
        self.conditional = any(field.test is not None for field in members)
        self.outputs = any(field.later is not None for field in members)
        self.pure = all(field.pure for field in members)
        self.end = max([field.end for field in members], default=size)
        self.least = 1
        self.elided = False
        self.sizer: Getter | None = None
        self.switch: tuple[Getter, int, dict[int, Shape]] | None = None

    def variant(self, data: bytes) -> Shape:
        """The shape that a deciding field of the struct asks for."""
        if self.switch is None:
            return self
        number, mask, variants = self.switch
        return variants.get(number(data) & mask, self)

    def extent(self, data: bytes) -> int:
        """Where the last field that is shown of ``data`` ends."""
        chosen = self.variant(data)
        numbers = Numbers(chosen.getters, data)
        end = 0
        for field in chosen.all:
            if field.test is None or field.test(numbers):
                inner = field.inner
                within = field.start + inner.extent(data[field.start :]) if inner else field.end
                end = max(end, within)
        return end

    def unpack(self, data: bytes, full: bool) -> Pairs:
        """``(name, value)`` pairs of the fields, all or the brief ones."""
        members = self.all if full else self.brief
        if self.conditional:
            numbers = Numbers(self.getters, data)
            members = tuple([f for f in members if f.test is None or f.test(numbers)])
        if not full and self.shortened:
            members = tuple([f for f in members if f.scant is None or f.scant(data)])
        return tuple([(field.name, field.get(None, data)) for field in members])

    def value(
        self, call: Call | None, data: bytes, given: int | None = None, address: int = 0
    ) -> Value:
        """The struct in ``data``, which may be longer; as if it had only ``given`` bytes."""
        if self.switch is not None:
            chosen = self.variant(data)
            if chosen is not self:
                return chosen.value(call, data, given, address)
        if self.pure and given is None:
            return LazyStruct(data[: self.size], self.unpack, self.shortened)
        full = not self.shortened or (call is not None and call.decoder.verbose)
        numbers = Numbers(self.getters, data)
        inside = None if call is None else Inside(call, numbers, given, address)
        late = call is not None and call.finished and not call.failed
        pairs = [
            (field.name, field.get(inside, data))
            for field in (self.all if full else self.brief)
            if (not field.after or given is None or field.after < given)
            and (late or not field.late)
            and (field.test is None or field.test(numbers))
            and (full or field.scant is None or field.scant(data))
        ]
        return Struct(
            tuple([name for name, _ in pairs]),
            tuple([value for _, value in pairs]),
            not full and self._hides(numbers, late),
        )

    def _hides(self, numbers: Numbers, late: bool) -> bool:
        """Whether the short form leaves out a field that the long form would have."""
        return any(
            not field.brief
            and (late or not field.late)
            and (field.test is None or field.test(numbers))
            for field in self.all
        )

    def later(
        self,
        call: Call,
        data: bytes,
        before: Value,
        address: int = 0,
        given: int | None = None,
    ) -> Value:
        """What ``before`` has become after the call: outputs, and what the kernel changed."""
        chosen = self.variant(data)
        if not isinstance(before, Struct) or isinstance(before, LazyStruct):
            return before
        numbers = Numbers(chosen.getters, data)
        inside = Inside(call, numbers, None, address)
        known = dict(zip(before.names, before.values, strict=True))
        pairs = []
        full = not chosen.shortened or call.decoder.verbose
        for field in chosen.all if full else chosen.brief:
            value = known.get(field.name)
            reached = not field.after or given is None or field.after < given
            if field.late and reached and (field.test is None or field.test(numbers)):
                pairs.append((field.name, field.get(inside, data)))
            elif value is not None:
                later = field.later
                pairs.append((field.name, later(inside, data, value) if later else value))
        return Struct(
            tuple([name for name, _ in pairs]),
            tuple([value for _, value in pairs]),
            not full and chosen._hides(numbers, True),
        )

    def at(self, call: Call, address: int) -> Value:
        """The struct at an address, or the address when it can't be read."""
        if not address:
            return Address(0)
        data = read_exactly(call.memory, address, self.size)
        return Address(address) if data is None else self.value(call, data, None, address)


def shape(scope: Scope, name: str) -> Shape:
    """The shape of a struct; raises ``UnknownKind`` when there is none of that name."""
    shapes = scope.decoder.shapes
    key = (scope.arch_name, name)
    made = shapes.get(key)
    if made is None:
        made = shapes[key] = _compile(scope.fresh(), name)
    return made


def _compile(scope: Scope, name: str) -> Shape:
    text = description(name)
    if text is None:
        own = layout(scope.arch_name, name)
        if own is None:
            raise UnknownKind(f"unknown struct {name!r}")
        shown = [f[0] for f in own[1] if not f[0].startswith(("__pad", "__unused", "_pad"))]
        return Shape(name, own[0], tuple([fields.field(scope, own, word) for word in shown]))
    head, _, rest = text.partition("{")
    words = head.split()[1:]
    options = dict(zip(words[::2], words[1::2], strict=False))
    if len(words) % 2 or set(options) - {"of", "from", "by"}:
        raise UnknownKind(f"struct {name}: can't understand {head!r}")
    found = _layout(scope, name, options.get("of", name))
    getters = fields.place(scope, found)
    body, rest = _braced(name, "{" + rest)
    made = _shape(scope, name, found, getters, body)
    made.least = int(options.get("from", "1"))
    if "by" in options:
        made.sizer = _number(scope, getters, options["by"])
    if rest:
        _add_variants(scope, made, found, body, rest)
    return made


def _layout(scope: Scope, name: str, where: str) -> Layout:
    for word in where.split("|"):
        found = layout(scope.arch_name, word)
        if found is not None:
            return found
    raise UnknownKind(f"struct {name}: no layout {where!r} on {scope.arch_name}")


def _braced(name: str, text: str) -> tuple[str, str]:
    """What is within the braces that ``text`` begins with, and what follows them."""
    inside, brace, rest = text.strip()[1:].partition("}")
    if not text.strip().startswith("{") or not brace:
        raise UnknownKind(f"struct {name}: braces are missing")
    return inside.strip(), rest.strip()


def _number(scope: Scope, getters: tuple[Getter, ...], name: str) -> Getter:
    register = scope.registers.get(name)
    if register is None:
        raise UnknownKind(f"no field {name!r}")
    return getters[int(register[2:-1])]


def _shape(scope: Scope, name: str, found: Layout, getters: tuple[Getter, ...], body: str) -> Shape:
    elided = body.endswith("...")
    groups = [split(group, ",") for group in split(body.removesuffix("..."), ";")]
    fields.name_sets(scope, [text for group in groups for text in group])
    members: list[Field] = []
    for index, group in enumerate(groups):
        made = [fields.field(scope, found, text) for text in group]
        for field in made:
            field.after = made[0].start if index else 0
        members += made
    shape = Shape(name, found[0], tuple(members), getters)
    shape.elided = elided
    return shape


def _add_variants(scope: Scope, made: Shape, found: Layout, body: str, rest: str) -> None:
    """``when FIELD [& MASK] VALUES: {…} …``"""
    from seize.decode.kinds.numbers import variants_of

    texts = [text for group in split(body, ";") for text in split(group, ",")]
    known = {fields.split_field(text)[0]: text for text in texts}
    variants: dict[int, Shape] = {}
    decider, mask = "", -1
    while rest:
        head, colon, rest = rest.partition(":")
        words = head.split()
        if not colon or len(words) < 3 or words[0] != "when":
            raise UnknownKind(f"struct {made.name}: expected 'when FIELD VALUES: {{…}}'")
        decider, values = words[1], words[2:]
        if values[0] == "&":
            mask, values = int(values[1], 0), values[2:]
        inner, rest = _braced(made.name, rest)
        chosen = _shape(scope, made.name, found, made.getters, _inherit(inner, known))
        for value in variants_of(scope, decider, tuple(values)):
            variants[value & mask] = chosen
        made.pure = made.pure and chosen.pure
        made.outputs = made.outputs or chosen.outputs
    made.switch = (_number(scope, made.getters, decider), mask, variants)


def _inherit(body: str, known: dict[str, str]) -> str:
    """Give the fields of a variant that have no kind the text of the main description."""
    groups = [
        ", ".join([known.get(text, text) for text in split(group, ",")])
        for group in split(body, ";")
    ]
    return "; ".join(groups)
