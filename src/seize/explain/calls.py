"""What a system call is: its numbers, arguments, variants, flags, structs and errors."""

from __future__ import annotations

import os

from seize.abi.names import errno_number, syscall_number
from seize.decode import shapes, tables
from seize.decode.decoder import ARCHITECTURES, source
from seize.decode.fields import MOMENTS, split_field
from seize.decode.signature import parse_kind, split
from seize.explain import data
from seize.explain.words import sets_of, struct_of, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from seize.decode.signature import Argument, Line, Spec

    Json = dict[str, Any]

_USUAL = (
    (("fd", "dirfd"), ("EBADF",)),
    (("path",), ("ENOENT", "EACCES", "ENOTDIR", "ELOOP", "ENAMETOOLONG")),
)
_POINTERS = frozenset(("&", "array", "path", "str", "strings", "bytes", "iovec", "sigset", "fdset"))
"""The commonest of the kinds that look at memory."""


def call(name: str) -> Json | None:
    """All that there is to tell of a call; None if there is none of that name."""
    numbers = {arch: syscall_number(arch, name) for arch in ARCHITECTURES}
    summary = data.summaries().get(name)
    if summary is None:
        return None
    known = [arch for arch in ARCHITECTURES if numbers[arch] is not None]
    made: Json = {"type": "call", "name": name, "summary": summary}
    made["numbers"] = {arch: numbers[arch] for arch in known}
    described = [arch for arch in known if name in source(arch)]
    if described:
        lines = {arch: source(arch).line(name) for arch in described}
        _describe(made, lines)
    else:
        made.update(arguments=[], result=None, variants=[], sets={}, structs={}, errors=[])
    made["manual"] = data.manual(name)
    return made


def _describe(made: Json, lines: dict[str, Line]) -> None:
    first, *others = lines
    line = lines[first]
    made.update(form(line))
    made["variants"] = [
        {"argument": argument, "values": list(names), "mask": mask, **form(variant)}
        for argument, mask, names, variant in line.variants
        if variant is not None
    ]
    made["more_variants"] = any(variant is None for *_, variant in line.variants)
    different = {arch: form(lines[arch]) for arch in others if lines[arch].text != line.text}
    if different:
        made["elsewhere"] = different
    specs = list(_specs(line))
    found = dict.fromkeys(name for spec in specs for name in sets_of(spec))
    made["sets"] = {name: members(name) for name in found}
    structs = dict.fromkeys(name for spec in specs if (name := struct_of(spec)))
    made["structs"] = {name: struct(name) for name in structs}
    made["errors"] = _errors(made["name"], line)


def form(line: Line) -> Json:
    """The arguments and the result of a signature."""
    return {
        "arguments": [_argument(argument) for argument in line.arguments],
        "result": None if line.result is None else words(line.result),
    }


def _argument(argument: Argument) -> Json:
    spec = argument.spec
    made: Json = {"name": argument.name, "direction": argument.direction}
    made["kind"] = "" if spec is None else words(spec, argument.direction)
    if argument.condition:
        made["condition"] = argument.condition
    if spec is not None:
        sets = list(sets_of(spec))
        struct = struct_of(spec)
        made.update({"sets": sets} if sets else {}, **{"struct": struct} if struct else {})
    return made


def _specs(line: Line) -> Iterator[Spec]:
    """The kinds of a line and of its variants."""
    for one in (line, *[variant for *_, variant in line.variants if variant is not None]):
        yield from [argument.spec for argument in one.arguments if argument.spec is not None]
        if one.result is not None:
            yield one.result


def members(name: str, arch_name: str = "x86_64") -> list[Json]:
    """The names of a set, with their values."""
    table = tables.flag_set(arch_name, name) or ()
    return [{"name": word, "value": value} for value, word in table]


def _errors(name: str, line: Line) -> list[Json]:
    """What is told of this call, then what its arguments may always meet."""
    own = dict(data.errors().get(name, {}))
    kinds = {spec.word for spec in _specs(line)}
    for concerned, errors in _USUAL:
        if kinds.intersection(concerned):
            for word in errors:
                own.setdefault(word, data.errnos()[word])
    outputs = any(argument.direction != "in" for argument in line.arguments)
    if outputs or kinds & _POINTERS or any(struct_of(spec) for spec in _specs(line)):
        own.setdefault("EFAULT", data.errnos()["EFAULT"])
    return [error(word, meaning) for word, meaning in own.items()]


def error(name: str, meaning: str) -> Json:
    """An error's name, number, message, and what it means."""
    number = errno_number(name)
    assert number is not None, name
    return {"name": name, "number": number, "message": os.strerror(number), "meaning": meaning}


def struct(name: str) -> Json:
    """The fields of a struct in words, as they are described, or as they lie in memory.

    ``variants`` are what the struct is instead for some values of a field.
    """
    text = shapes.description(name)
    if text is None:
        return {"fields": _layout(name), "variants": []}
    first, *others = text.split("}")[:-1]
    head, _, body = first.partition("{")
    types = {field["name"]: field["kind"] for field in _layout(_lies(head))}
    fields = [_field(part, types) for part in _parts(body)]
    known = {field["name"]: field for field in fields}
    variants = []
    for other in others:
        head, _, body = other.partition("{")
        inner = [known.get(part, _field(part, types)) for part in _parts(body)]
        variants.append({"when": head.strip().rstrip(":"), "fields": inner})
    return {"fields": fields, "variants": variants}


def _lies(head: str) -> str:
    """The layout of a description: that of the struct's own name, or what it says."""
    name, *words = head.split()
    where = dict(zip(words[::2], words[1::2], strict=False)).get("of", name)
    return where.partition("|")[0]


def _parts(body: str) -> list[str]:
    body = body.strip().removesuffix("...")
    return [part for group in split(body, ";") for part in split(group, ",")]


def _field(text: str, types: dict[str, str]) -> Json:
    name, source, kind, _, condition = split_field(text)
    parts = [part for part in split(kind, " ") if part]
    if parts[:1] and parts[0] in MOMENTS:
        parts.pop(0)
    described = words(parse_kind(parts, "structs", text)) if parts else types.get(source, "")
    made = {"name": name, "kind": "a date" if parts[:1] == ["dated"] else described}
    return {**made, "condition": condition.strip()} if condition else made


def _layout(name: str) -> list[Json]:
    from seize.abi.layouts import layout

    found = layout("x86_64", name) or layout("i386", name)
    if found is None:
        return []
    return [
        {"name": field, "kind": _type(kind, count)}
        for field, _, kind, count in found[1]
        if not field.startswith(("__pad", "__unused", "_pad"))
    ]


def _type(kind: str, count: int) -> str:
    """The type of a field of a layout, in words."""
    if kind == "char":
        return f"{count} characters" if count > 1 else "a character"
    bits = kind.rpartition("u")[2].rpartition("i")[2]
    if kind == "ptr":
        text = "an address"
    elif kind[:1] == "b" and "@" in kind:
        width = kind[1:].partition("@")[0]
        text = "a bit" if width == "1" else f"a number of {width} bits"
    elif bits.isdigit() and kind[0] in "iuf":
        text = f"a number of {bits} bits"
    else:
        text = f"a struct {kind}"
    return text if count == 1 else f"an array of {count or 'any number'}, each {text}"
