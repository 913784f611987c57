"""From JSON's objects back to values and calls: what ``json`` wrote, to be rendered anew."""

from __future__ import annotations

from seize.decode import values as v
from seize.decode.call import Call
from seize.decode.compiler import Compiled
from seize.decode.decoder import Decoder
from seize.decode.render.forms import (
    BUFFERS,
    COMPOUNDS,
    PLAIN,
    SCALARS,
    STRINGS,
    VALUE,
    name_of,
)
from seize.errors import SeizeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Json = dict[str, Any]
    Reader = Callable[[Json], v.Value]


class NotOurs(SeizeError):
    """An object that isn't what ``seize trace --format json`` writes."""


def value(found: Json) -> v.Value:
    """The value that an object stands for; raises ``NotOurs``."""
    try:
        return _READERS[found["kind"]](found)
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise NotOurs(f"this is no value: {found!r:.100}: {problem!r}") from problem


def call(found: Json) -> Call:
    """The call that an object stands for, finished unless it says otherwise."""
    try:
        return _call(found)
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise NotOurs(f"this is no call: {found!r:.100}: {problem!r}") from problem


def _call(found: Json) -> Call:
    names = tuple(name_of(key) for key in found["args"])
    labelled = found.get("labelled", ())
    compiled = Compiled(found["name"], names, tuple(name in labelled for name in names))
    compiled.first_out = found.get("known", len(names))
    made = Call(found["tid"], found["abi"], found["number"], (), compiled, Decoder())
    made.values = [value(argument) for argument in found["args"].values()]
    made.finished = "unfinished" not in found
    error = found.get("error")
    if error is not None:
        made.failed, made.error = True, error["number"]
    if found["result"] is not None:
        made.result = value(found["result"])
    if "note" in found:
        made.note = value(found["note"])
    if "tampered" in found:
        made.note = v.Tampered(made.note)
        for word in found["tampered"]:
            setattr(made.note, word, True)
    return made


def _text(found: Json, key: str) -> str:
    if key in found:
        text: str = found[key]
        return text
    return bytes.fromhex(found[f"{key}_hex"]).decode("utf-8", "surrogateescape")


def _plain(found: Json, key: str) -> Any:
    part = found.get(key, found)
    if isinstance(part, list):
        return tuple(part)
    return _text(found, key) if part is found else part


def _data(found: Json) -> bytes:
    if "hex" in found:
        return bytes.fromhex(found["hex"])
    text: str = found["text"]
    return text.encode("utf-8")


def _scalar(kind: type[v.Int], attributes: tuple[str, ...]) -> Reader:
    def read(found: Json) -> v.Value:
        made = kind(found["value"])
        for attribute in attributes:
            setattr(made, attribute, _plain(found, attribute))
        return made

    return read


def _compound(kind: type[v.Value], parts: tuple[tuple[str, str, str], ...]) -> Reader:
    def read(found: Json) -> v.Value:
        made = kind.__new__(kind)
        for attribute, key, how in parts:
            if how == PLAIN:
                setattr(made, attribute, _plain(found, key))
            elif how == VALUE:
                setattr(made, attribute, value(found[key]))
            else:
                setattr(made, attribute, tuple([value(item) for item in found[key]]))
        return made

    return read


def _string(kind: type[v.Text]) -> Reader:
    return lambda found: kind(_data(found), found["complete"])


def _buffer(kind: type[v.Bytes]) -> Reader:
    return lambda found: kind(_data(found), found["size"])


def _struct(found: Json) -> v.Struct:
    fields = found["fields"]
    names = tuple([name_of(key) for key in fields])
    inner = tuple([value(field) for field in fields.values()])
    return v.Struct(names, inner, found["abbreviated"])


_READERS: dict[str, Reader] = {
    **{word: _scalar(kind, attributes) for kind, (word, attributes) in SCALARS.items()},
    **{word: _compound(kind, parts) for kind, (word, parts) in COMPOUNDS.items()},
    **{word: _string(kind) for kind, word in STRINGS.items()},
    **{word: _buffer(kind) for kind, word in BUFFERS.items()},
    "struct": _struct,
}
