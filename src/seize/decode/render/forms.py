"""What each type of value is in JSON: its kind, and which attributes it has there.

The writer (``json``) and the reader (``unjson``) both follow these tables, so a new type of
value is a line here, and a definition in ``seize/strace/schema.json``.
"""

from __future__ import annotations

from seize.decode import values as v

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

PLAIN, VALUE, VALUES = "plain", "value", "values"
"""How an attribute is written: as it is, as a value, as an array of values."""

TAMPERED = ("args", "retval", "delayed", "replaced")
"""What may have been done to a call that was tampered with: attributes of `Tampered`."""

SCALARS: dict[type[v.Int], tuple[str, tuple[str, ...]]] = {
    v.Int: ("int", ()),
    v.Hex: ("hex", ()),
    v.Padded: ("padded_hex", ("digits",)),
    v.Octal: ("octal", ()),
    v.Address: ("address", ()),
    v.Limit: ("limit", ("bits",)),
    v.Handler: ("handler", ()),
    v.Id: ("id", ()),
    v.Pid: ("pid", ("command", "outer")),
    v.Mode: ("mode", ()),
    v.Device: ("device", ()),
    v.Fd: ("fd", ("path", "details")),
    v.DirFd: ("dirfd", ("path", "details")),
    v.Signal: ("signal", ()),
    v.SigSet: ("sigset", ("width",)),
    v.Time: ("time", ("nanoseconds",)),
    v.Date: ("date", ("nanoseconds",)),
    v.WaitStatus: ("wait_status", ()),
    v.Enum: ("enum", ("set", "name")),
    v.Flags: ("flags", ("set", "names", "rest")),
    v.Interface: ("interface", ("name",)),
    v.Ticks: ("ticks", ()),
    v.Error: ("error", ("errno",)),
}
"""Numbers: the kind, and the attributes beside ``value``."""

STRINGS: dict[type[v.Text], str] = {
    v.Text: "string",
    v.Path: "path",
    v.Name: "name",
    v.AbstractPath: "abstract_path",
}
"""NUL-terminated strings, with ``complete``."""

BUFFERS: dict[type[v.Bytes], str] = {
    v.Bytes: "bytes",
    v.WholeBytes: "whole_bytes",
    v.HexBytes: "hex_bytes",
}
"""Buffers, with their ``size``."""

COMPOUNDS: dict[type[v.Value], tuple[str, tuple[tuple[str, str, str], ...]]] = {
    v.Array: (
        "array",
        (("items", "items", VALUES), ("more", "more", PLAIN), ("end", "end", PLAIN)),
    ),
    v.Pointer: ("pointer", (("target", "target", VALUE),)),
    v.Changed: ("changed", (("before", "before", VALUE), ("after", "after", VALUE))),
    v.Macro: ("macro", (("name", "name", PLAIN), ("arguments", "arguments", VALUES))),
    v.Word: ("word", (("word", "word", PLAIN),)),
    v.HardwareAddress: ("hardware_address", (("word", "address", PLAIN),)),
    v.Members: ("members", (("items", "items", VALUES), ("inverted", "inverted", PLAIN))),
    v.Labelled: ("labelled", (("label", "label", PLAIN), ("value", "inner", VALUE))),
    v.Indexed: ("indexed", (("index", "index", VALUE), ("value", "inner", VALUE))),
    v.Several: ("several", (("items", "items", VALUES),)),
    v.Noted: ("noted", (("value", "inner", VALUE), ("note", "note", PLAIN))),
    v.Contextual: (
        "contextual",
        (("value", "inner", VALUE), ("context", "context", PLAIN)),
    ),
    v.Dated: ("dated", (("value", "inner", VALUE), ("date", "date", VALUE))),
}
"""Values of values: the kind, and ``(attribute, key, how)`` of each part."""

STRUCTS = (v.Struct, v.LazyStruct)


def keys(names: Iterable[str]) -> list[str]:
    """A key for each of some names: the name, or ``NAME#INDEX`` if it is empty or taken."""
    listed = list(names)
    taken = set(listed)
    if len(taken) == len(listed) and "" not in taken:
        return listed
    taken.clear()
    found = []
    for index, name in enumerate(listed):
        key = name if name and name not in taken else f"{name}#{index}"
        taken.add(key)
        found.append(key)
    return found


def name_of(key: str) -> str:
    """The name that a key stands for."""
    return key.partition("#")[0]
