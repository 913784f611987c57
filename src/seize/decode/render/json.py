"""Values as objects for JSON: typed, exact, and enough to make the text again.

docs/json.md describes the form, ``seize/strace/schema.json`` defines it.
"""

from __future__ import annotations

import os

from seize.abi.restart import RESTARTS
from seize.decode.render.forms import (
    BUFFERS,
    COMPOUNDS,
    PLAIN,
    SCALARS,
    STRINGS,
    TAMPERED,
    VALUE,
    keys,
)
from seize.decode.values import (
    Bytes,
    Device,
    DirFd,
    Handler,
    HexBytes,
    Int,
    Mode,
    Name,
    Path,
    Signal,
    SigSet,
    Struct,
    Tampered,
    Text,
    Value,
    WaitStatus,
    WholeBytes,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from seize.decode.call import Call

    Json = dict[str, Any]


class JsonValues:
    """Makes JSON's objects of values and calls.

    ``verbose`` and ``string_limit`` mean what they mean for the text: whether structs are shown
    whole, and how much of a string.
    """

    def __init__(self, *, verbose: bool = False, string_limit: int = 32) -> None:
        self.verbose = verbose
        self.string_limit = string_limit
        self._writers: dict[type, Callable[[Any], Json]] = {}

    def value(self, value: Value) -> Json:
        """The object of one value."""
        kind = type(value)
        writer = self._writers.get(kind)
        if writer is None:
            writer = self._writers[kind] = self._writer(kind)
        return writer(value)

    def call(self, call: Call) -> Json:
        """The object of a call: arguments, and what came of it as far as that is known."""
        made: Json = {"abi": call.arch_name, "name": call.name, "number": call.number}
        made["args"] = self.arguments(call)
        labels = call.compiled.labels
        if labels is not None:
            pairs = zip(call.args.names, labels, strict=False)
            made["labelled"] = [name for name, labelled in pairs if labelled]
        result = call.result
        if call.failed:
            made["error"] = error(call.error)
            # What the program never sees is no result of it.
            result = None if call.error in RESTARTS else result
        made["result"] = None if result is None else self.value(result)
        note = call.note
        if type(note) is Tampered:
            made["tampered"] = [word for word in TAMPERED if getattr(note, word)]
            note = note.note
        if note is not None:
            made["note"] = self.value(note)
        return made

    def arguments(self, call: Call) -> Json:
        """The arguments by name, in order."""
        written = [self.value(value) for value in call.values]
        return dict(zip(keys(call.args.names), written, strict=True))

    def _writer(self, kind: type) -> Callable[[Any], Json]:
        if kind in SCALARS:
            return _scalar(kind)
        if kind in COMPOUNDS:
            return self._compound(kind)
        if kind in STRINGS:
            return self._string
        if kind in BUFFERS:
            return self._buffer
        return self._struct

    def _compound(self, kind: type[Value]) -> Callable[[Any], Json]:
        word, parts = COMPOUNDS[kind]

        def write(value: Any) -> Json:
            made: Json = {"kind": word}
            for attribute, key, how in parts:
                part = getattr(value, attribute)
                if how == PLAIN:
                    _put(made, key, part)
                elif how == VALUE:
                    made[key] = self.value(part)
                else:
                    made[key] = [self.value(item) for item in part]
            return made

        return write

    def _string(self, value: Text) -> Json:
        data, complete = value.bytes, value.complete
        if len(data) > self.string_limit and not isinstance(value, Path | Name):
            data, complete = data[: self.string_limit], False
        return {"kind": STRINGS[type(value)], **_data(data), "complete": complete}

    def _buffer(self, value: Bytes) -> Json:
        data = value.bytes
        if not isinstance(value, WholeBytes):
            data = data[: self.string_limit]
        form = {"hex": data.hex()} if isinstance(value, HexBytes) else _data(data)
        return {"kind": BUFFERS[type(value)], **form, "size": value.size}

    def _struct(self, value: Struct) -> Json:
        pairs = value.fields(self.verbose)
        names = keys([name for name, _ in pairs])
        fields = {key: self.value(field) for key, (_, field) in zip(names, pairs, strict=True)}
        return {"kind": "struct", "fields": fields, "abbreviated": value.is_brief(self.verbose)}


def error(number: int) -> Json:
    """What is told of an errno; ``restart`` marks those that the program never sees."""
    from seize.abi.names import errno_name

    restarted = RESTARTS.get(number)
    if restarted is not None:
        name, message = restarted
        return {"name": name, "number": number, "message": message, "restart": True}
    return {"name": errno_name(number), "number": number, "message": os.strerror(number)}


def _scalar(kind: type[Int]) -> Callable[[Any], Json]:
    word, attributes = SCALARS[kind]
    more = _MORE.get(kind)

    def write(value: Any) -> Json:
        made: Json = {"kind": word, "value": int(value)}
        for attribute in attributes:
            _put(made, attribute, getattr(value, attribute))
        if more is not None:
            made.update(more(value))
        return made

    return write


def _put(made: Json, key: str, part: object) -> None:
    """A text that no Unicode text stands for goes under another key, in hexadecimal."""
    if isinstance(part, str) and not part.isascii():
        made.update(_data(part.encode("utf-8", "surrogateescape"), key, f"{key}_hex"))
    else:
        made[key] = list(part) if isinstance(part, tuple) else part


def _data(data: bytes, text: str = "text", hexadecimal: str = "hex") -> Json:
    try:
        return {text: data.decode("utf-8")}
    except UnicodeDecodeError:
        return {hexadecimal: data.hex()}


def _mode(value: Mode) -> Json:
    from seize.decode.render.scalars import FILE_TYPES

    return {"type": FILE_TYPES.get(value & 0o170000), "permissions": int(value) & 0o7777}


def _sigset(value: SigSet) -> Json:
    from seize.abi.names import signal_name

    return {"names": [signal_name(number) for number in value]}


def _wait_status(value: WaitStatus) -> Json:
    from seize.abi.names import signal_name

    status = int(value)
    ended = status >> 8 & 0xFF
    if status & 0x7F == 0:
        return {"exited": ended}
    if status == 0xFFFF:
        return {"continued": True}
    if status & 0xFF == 0x7F:
        return {"stopped": signal_name(ended & 0x7F)}
    return {"killed": signal_name(status & 0x7F), "core": bool(status & 0x80)}


def _handler(value: Handler) -> Json:
    from seize.decode.render.scalars import HANDLERS

    return {"name": HANDLERS.get(value)}


_MORE: dict[type[Int], Callable[[Any], Json]] = {
    Mode: _mode,
    Device: lambda value: {"major": value.major, "minor": value.minor},
    DirFd: lambda value: {"name": "AT_FDCWD" if value == -100 else None},
    Signal: lambda value: {"name": value.name},
    SigSet: _sigset,
    WaitStatus: _wait_status,
    Handler: _handler,
}
"""What the number means, for those who read it; the reader of JSON has no use for it."""
