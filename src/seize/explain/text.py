"""Explanations as text, as wide as the terminal."""

from __future__ import annotations

from textwrap import wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    Json = dict[str, Any]

_DIRECTIONS = {"in": "in", "out": "out", "inout": "in, out"}


class Page:
    """Makes the text of explanations, ``width`` columns wide."""

    def __init__(self, width: int = 80) -> None:
        self.width = max(width, 40)
        self._makers: dict[str, Callable[[Json], Iterator[str]]] = {
            "call": self._call,
            "error": self._error,
            "signal": self._signal,
            "constant": self._constant,
            "request": self._request,
            "set": self._set,
            "struct": self._struct,
        }

    def text(self, told: list[Json]) -> str:
        """The text of some explanations, an empty line between them."""
        return "\n".join(
            "".join(f"{line.rstrip()}\n" for line in self._makers[entry["type"]](entry))
            for entry in told
        )

    def _wrapped(self, text: str, indent: int = 0, first: str = "") -> Iterator[str]:
        """A paragraph behind ``first``, its other lines below its beginning."""
        head = f"{first:<{indent}}"
        if len(head) > indent:
            yield head
            head = " " * indent
        lines = wrap(text, max(self.width - indent, 24), break_on_hyphens=False) or [""]
        yield head + lines[0]
        for line in lines[1:]:
            yield " " * indent + line

    def _hanging(self, text: str, indent: int, more: int = 0) -> Iterator[str]:
        """A paragraph whose other lines are further in than the first."""
        yield from wrap(
            text,
            self.width,
            initial_indent=" " * indent,
            subsequent_indent=" " * (more or indent + 4),
            break_on_hyphens=False,
        )

    def _table(self, rows: list[tuple[str, str]], indent: int = 4) -> Iterator[str]:
        column = min(max([len(left) for left, _ in rows], default=0) + indent + 2, 36)
        for left, right in rows:
            yield from self._wrapped(right, column, " " * indent + left)

    def _call(self, entry: Json) -> Iterator[str]:
        yield from self._wrapped(f"{entry['name']}: {entry['summary']}")
        yield ""
        yield from self._hanging(_signature(entry["name"], entry), 4)
        yield ""
        numbers = ", ".join(f"{number} on {arch}" for arch, number in entry["numbers"].items())
        yield from self._wrapped(numbers, 12, "  number")
        yield from self._form(entry)
        for arch, form in entry.get("elsewhere", {}).items():
            yield ""
            yield f"  on {arch}: {_signature(entry['name'], form)}"
            yield from self._form(form)
        yield from self._variants(entry)
        for name, members in entry["sets"].items():
            yield from self._members(name, members)
        for name, struct in entry["structs"].items():
            yield from self._fields(name, struct)
        if entry["errors"]:
            yield ""
            yield "  errors"
            yield from self._table([(e["name"], e["meaning"]) for e in entry["errors"]])
        yield ""
        page, section = entry["manual"][:-1].split("(")
        yield f"  more: {entry['manual']}, man {section} {page}"

    def _form(self, form: Json) -> Iterator[str]:
        if form["arguments"]:
            yield "  arguments"
            yield from self._table([_argument(argument) for argument in form["arguments"]])
        if form["result"]:
            yield from self._wrapped(form["result"], 12, "  result")

    def _variants(self, entry: Json) -> Iterator[str]:
        if not entry["variants"] and not entry.get("more_variants"):
            return
        yield ""
        yield "  variants"
        for variant in entry["variants"]:
            yield from self._hanging(", ".join(variant["values"]), 4, 4)
            yield from self._hanging(_signature(entry["name"], variant), 6)
            shown = [
                argument for argument in variant["arguments"] if argument not in entry["arguments"]
            ]
            yield from self._table([_argument(argument) for argument in shown], 8)
            if variant["result"] and variant["result"] != entry["result"]:
                yield from self._hanging(f"result: {variant['result']}", 8)
        if entry.get("more_variants"):
            more = "seize explain REQUEST tells what the argument of a request is"
            yield from self._wrapped(
                more if entry["name"] == "ioctl" else "more, by its flags", 4, "    "
            )

    def _members(self, name: str, members: list[Json]) -> Iterator[str]:
        yield ""
        yield f"  {name}"
        text = ", ".join(f"{member['name']}={_number(member['value'])}" for member in members)
        yield from self._wrapped(text, 4, "    ")

    def _fields(self, name: str, struct: Json) -> Iterator[str]:
        yield ""
        yield f"  struct {name}"
        yield from self._table([_argument(field) for field in struct["fields"]])
        for variant in struct["variants"]:
            yield from self._hanging(variant["when"], 4)
            yield from self._table([_argument(field) for field in variant["fields"]], 8)

    def _error(self, entry: Json) -> Iterator[str]:
        same = f", the same as {entry['same_as']}" if "same_as" in entry else ""
        yield f"{entry['name']}: error {entry['number']}{same}{_quoted(entry['message'])}"
        if entry["meaning"]:
            yield ""
            yield from self._wrapped(entry["meaning"], 4, "    ")
        for place in entry["with"]:
            yield ""
            yield from self._hanging(f"{', '.join(place['calls'])}:", 4)
            yield from self._hanging(place["meaning"], 8, 8)

    def _signal(self, entry: Json) -> Iterator[str]:
        yield f"{entry['name']}: signal {entry['number']}{_quoted(entry['message'])}"
        yield ""
        yield from self._wrapped(entry["meaning"], 4, "    ")
        yield from self._wrapped(f"If nothing else was said, it {entry['action']}.", 4, "    ")
        if entry["codes"]:
            yield from self._members("si_code", entry["codes"])

    def _constant(self, entry: Json) -> Iterator[str]:
        yield f"{entry['name']} = {_twice(entry['value'])}"
        for place in entry["sets"]:
            other = f" = {_number(place['value'])}" if place["value"] != entry["value"] else ""
            for arch, value in place.get("elsewhere", {}).items():
                other += f" ({_number(value)} on {arch})"
            users = f": {', '.join(place['used_by'])}" if place["used_by"] else ""
            yield from self._hanging(f"in {place['set']}{other}{users}", 4)
        for variant in entry.get("variants", ()):
            yield ""
            yield f"  {_signature(variant['call'], variant)}"
            yield from self._form(variant)

    def _request(self, entry: Json) -> Iterator[str]:
        yield f"{entry['name']} = {_number(entry['value'])}: a request of ioctl"
        if "same_as" in entry:
            yield f"    which others call {entry['same_as']}"
        if entry["argument"] is not None:
            yield "  argument"
            yield from self._table([_argument(entry["argument"])])
        for name, struct in entry.get("structs", {}).items():
            yield from self._fields(name, struct)

    def _set(self, entry: Json) -> Iterator[str]:
        users = ", ".join(entry["used_by"])
        yield from self._wrapped(f"{entry['name']}: names of {users}" if users else entry["name"])
        rows = [(m["name"], _twice(m["value"])) for m in entry["members"]]
        yield from self._table(rows)

    def _struct(self, entry: Json) -> Iterator[str]:
        lines = self._fields(entry["name"], entry)
        next(lines)
        yield from lines


def _number(value: int) -> str:
    return str(value) if -10 < value < 10 else f"{value:#x}"


def _twice(value: int) -> str:
    """``0x10 (16)``."""
    text = _number(value)
    return text if text == str(value) else f"{text} ({value})"


def _quoted(message: str) -> str:
    return f', "{message}"' if message else ""


def _signature(name: str, form: Json) -> str:
    return f"{name}({', '.join(argument['name'] for argument in form['arguments'])})"


def _argument(argument: Json) -> tuple[str, str]:
    """The name, and what there is to say of it."""
    text = argument["kind"]
    if argument.get("direction", "in") != "in":
        text += f" ({_DIRECTIONS[argument['direction']]})"
    if "condition" in argument:
        text += f", if {argument['condition']}"
    return argument["name"], text.removeprefix(", ")
