"""What a name stands for that isn't a call's: an error, a signal, a constant, a set, a struct."""

from __future__ import annotations

import os
import pkgutil
import signal as signals
from functools import cache

from seize.abi import _generated
from seize.abi.names import errno_name, errno_number, ioctl_name, signal_name, signal_number
from seize.abi.restart import PRIVATE, RESTARTS
from seize.decode import shapes, tables
from seize.decode.decoder import ARCHITECTURES, source
from seize.decode.signature import SignatureError, inherit, parse
from seize.explain import calls, data
from seize.explain.words import sets_of, struct_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from seize.decode.signature import Argument, Line

    Json = dict[str, Any]


@cache
def sets() -> dict[str, tuple[tuple[int, str], ...]]:
    """All sets of the generated tables, as x86_64 has them."""
    found: dict[str, tuple[tuple[int, str], ...]] = {}
    for info in pkgutil.iter_modules(_generated.__path__):
        if info.name.endswith("flags"):
            module = __import__(f"seize.abi._generated.{info.name}", fromlist=["SETS"])
            found.update(module.SETS)
    return found


@cache
def _places() -> dict[str, list[tuple[str, int]]]:
    """The sets that a constant is in, with its value there."""
    found: dict[str, list[tuple[str, int]]] = {}
    for name, table in sets().items():
        for value, word in table:
            found.setdefault(word, []).append((name, value))
    return found


@cache
def requests() -> dict[str, int]:
    """The ioctl requests by name."""
    from seize.abi._generated import ioctls

    return {name: code for code, names in ioctls.NAMES.items() for name in names.split(" or ")}


_PRIVATE = "inside the kernel: a program sees it only where a driver lets it escape"


def message(number: int) -> str:
    """What is said of an error; nothing of one that never leaves the kernel, but for a restart."""
    if number in RESTARTS:
        return RESTARTS[number][1]
    return "" if number in PRIVATE else os.strerror(number)


def error(name: str) -> Json | None:
    """An error: its number and message, what it means, and with which calls."""
    number = errno_number(name)
    if number is None:
        return None
    first = errno_name(number)
    made: Json = {"type": "error", "name": name, "number": number}
    if first != name:
        made["same_as"] = first
    made["message"] = message(number)
    made["meaning"] = data.errnos().get(first, _PRIVATE if number in PRIVATE else "")
    meanings: dict[str, list[str]] = {}
    for call, known in data.errors().items():
        if first in known:
            meanings.setdefault(known[first], []).append(call)
    made["with"] = [{"calls": told, "meaning": text} for text, told in meanings.items()]
    return made


def signal(name: str) -> Json | None:
    """A signal: its number, what it does to a process, what it means, why it is sent."""
    number = signal_number(name)
    if number is None or name.isdigit():
        return None
    from seize.abi._generated.siginfo import CODES

    full = signal_name(number)
    action, meaning = data.signals().get(full, ("ends the process", "for the program's own use"))
    made: Json = {"type": "signal", "name": full, "number": number}
    made["message"] = signals.strsignal(number) or ""
    made["action"] = action
    made["meaning"] = meaning
    codes = CODES.get(full, {})
    made["codes"] = [{"name": word, "value": code} for code, word in codes.items()]
    return made


@cache
def _users() -> dict[str, dict[str, None]]:
    """Which arguments of which calls take their names from a set: ``openat(flags)``."""
    found: dict[str, dict[str, None]] = {}
    for arch in ARCHITECTURES:
        for call, line in _lines(arch):
            for argument in _arguments(line):
                if argument.spec is not None:
                    for name in _sets(argument):
                        found.setdefault(name, {})[f"{call}({argument.name})"] = None
    return found


def _lines(arch: str) -> Iterator[tuple[str, Line]]:
    from seize.abi.names import syscall_names

    lines = source(arch)
    for call in syscall_names(arch).values():
        if call in lines:
            yield call, lines.line(call)


def _arguments(line: Line) -> Iterator[Argument]:
    yield from line.arguments
    for *_, variant in line.variants:
        if variant is not None:
            yield from variant.arguments


def _sets(argument: Argument) -> Iterator[str]:
    spec = argument.spec
    if spec is not None:
        yield from sets_of(spec)
        struct = struct_of(spec)
        text = shapes.description(struct) if struct else None
        if text is not None:
            words = text.replace(",", " ").replace("}", " ").replace(";", " ").split()
            yield from [word for word in words if word in sets()]


def constant(name: str) -> Json | None:
    """A constant: its value, and where it is used."""
    entries: list[Json] = []
    for where, value in _places().get(name, ()):
        users = list(_users().get(where, ()))
        elsewhere = dict(_elsewhere(name, where, value))
        more = {"elsewhere": elsewhere} if elsewhere else {}
        entries.append({"set": where, "value": value, **more, "used_by": users})
    code = requests().get(name)
    if code is not None:
        return _request(name, code)
    if not entries:
        from seize.abi._generated import constants

        number: object = getattr(constants, name, None)
        if not isinstance(number, int):
            return None
        return {"type": "constant", "name": name, "value": number, "sets": []}
    made: Json = {"type": "constant", "name": name, "value": entries[0]["value"], "sets": entries}
    made["variants"] = _chosen().get(name, [])
    return made


def _elsewhere(name: str, where: str, value: int) -> Iterator[tuple[str, int]]:
    """The architectures on which a constant has another value."""
    for arch in ARCHITECTURES[1:]:
        table = tables.flag_set(arch, where) or ()
        others = [number for number, word in table if word == name]
        if others and value not in others:
            yield arch, others[0]


@cache
def _chosen() -> dict[str, list[Json]]:
    """The forms of calls that constants choose: ``prctl(PR_SET_NAME, arg2)``."""
    found: dict[str, list[Json]] = {}
    for call, line in _lines("x86_64"):
        for argument, mask, names, variant in line.variants:
            if variant is None:
                continue
            for name in names:
                form = {"call": call, "argument": argument, "mask": mask, **calls.form(variant)}
                found.setdefault(name, []).append(form)
    return found


def _request(name: str, code: int) -> Json:
    """A request of ioctl: its number, and what its argument is."""
    from seize.decode.compiler import find_hook
    from seize.decode.decoder import Decoder
    from seize.decode.kinds.base import Scope

    made: Json = {"type": "request", "name": name, "value": code}
    if (ioctl_name("x86_64", code) or name) != name:
        made["same_as"] = ioctl_name("x86_64", code)
    line = source("x86_64").line("ioctl")
    text = find_hook("ioctl")(Scope("x86_64", Decoder()), line, code)
    made["argument"] = None
    if text is None:
        return made
    try:
        variant = inherit(line, parse(text, line.where))
    except SignatureError:
        return made
    shown = calls.form(variant)["arguments"]
    if len(shown) > 2:
        made["argument"] = shown[2]
        word = shown[2].get("struct")
        made["structs"] = {word: calls.struct(word)} if word else {}
    return made


def named_set(name: str) -> Json | None:
    """A set of flags or an enumeration."""
    if name not in sets():
        return None
    users = list(_users().get(name, ()))
    return {"type": "set", "name": name, "members": calls.members(name), "used_by": users}


def struct(name: str) -> Json | None:
    """A struct: its fields, and its variants."""
    found = calls.struct(name)
    known = found["fields"] or shapes.description(name) is not None
    return {"type": "struct", "name": name, **found} if known else None


def everything() -> list[str]:
    """Every name that can be explained, for suggestions."""
    names = {*data.summaries(), *sets(), *shapes.described(), *requests(), *data.errnos()}
    names.update(data.signals(), _places())
    return sorted(names)
