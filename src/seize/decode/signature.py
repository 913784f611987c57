"""The signature files: finding a system call's line, and reading it.

The grammar is told at the top of ``signatures/README``.  Files are only indexed when they
are opened; a line is parsed when its system call is first met.
"""

from __future__ import annotations

import os

from seize.errors import SeizeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

FOLDER = os.path.join(os.path.dirname(__file__), "signatures")
ARRAYS = ("array", "brief_array", "hidden_array")
DIRECTIONS = ("in", "out", "inout")


class SignatureError(SeizeError):
    """A line of a signature file can't be understood; says which, and why."""

    def __init__(self, where: str, text: str, problem: str) -> None:
        self.where = where
        self.problem = problem
        super().__init__(f"{where}: {problem} in: {text}")


class Spec:
    """A kind as written: ``word[index] params…``, ``target`` for ``&KIND`` and arrays."""

    __slots__ = ("index", "params", "target", "word")

    def __init__(
        self, word: str, index: str = "", params: tuple[str, ...] = (), target: Spec | None = None
    ) -> None:
        self.word = word
        self.index = index
        self.params = params
        self.target = target


class Argument:
    """One argument as written: name, direction, kind, condition, first register."""

    __slots__ = ("condition", "direction", "labelled", "name", "register", "spec")

    def __init__(
        self,
        name: str,
        spec: Spec | None,
        direction: str = "in",
        condition: str = "",
        register: int | None = None,
        labelled: bool = False,
    ) -> None:
        self.name = name
        self.spec = spec
        self.direction = direction
        self.condition = condition
        self.register = register
        self.labelled = labelled


class Line:
    """One signature: arguments, the kind of the result, and its variants.

    ``variants`` are ``(argument, mask, names, line)``: which ``line`` to use instead when
    ``argument & mask`` has one of ``names``; names of ``("@word",)`` ask the kind ``word``.
    """

    __slots__ = ("arguments", "result", "text", "variants", "where")

    def __init__(
        self, where: str, text: str, arguments: tuple[Argument, ...], result: Spec | None
    ) -> None:
        self.where = where
        self.text = text
        self.arguments = arguments
        self.result = result
        self.variants: list[tuple[str, int, tuple[str, ...], Line | None]] = []


class Source:
    """Signature files laid over each other: the line of a later file replaces an earlier one's."""

    def __init__(self, files: tuple[str, ...]) -> None:
        self._lines: dict[str, tuple[str, int, list[str]]] = {}
        for file in files:
            self._index(file)

    def _index(self, file: str) -> None:
        with open(file, encoding="utf-8") as stream:
            lines = stream.read().split("\n")
        name = os.path.basename(file)
        for number, line in enumerate(lines):
            if not line or line[0] in "# ":
                continue
            head = line.partition("(" if "(" in line else "=" if "=" in line else "{")[0]
            for word in head.split():
                self._lines[word] = (name, number, lines)

    def __iter__(self) -> object:
        return iter(self._lines)

    def __contains__(self, name: str) -> bool:
        return name in self._lines

    def text(self, name: str) -> tuple[str, list[str]]:
        """``(where, [line, indented lines…])`` of ``name``; raises KeyError."""
        file, number, lines = self._lines[name]
        end = number + 1
        while end < len(lines) and lines[end].startswith(" "):
            end += 1
        return f"{file}:{number + 1}", [line.partition(" #")[0] for line in lines[number:end]]

    def line(self, name: str) -> Line:
        """The parsed signature of ``name``; raises KeyError or SignatureError."""
        where, texts = self.text(name)
        head, paren, body = texts[0].partition("(")
        if not paren:
            other = head.partition("=")[2].strip()
            if not other or other == name:
                raise SignatureError(where, texts[0], "neither '(' nor '= OTHER'")
            if other not in self._lines:
                raise SignatureError(where, texts[0], f"no line for {other!r}")
            return self.line(other)
        line = parse("(" + body, where)
        for text in texts[1:]:
            if text.strip():
                _parse_variant(_owner(line, text), text, where)
        return line


def parse(text: str, where: str) -> Line:
    """The signature ``(arguments) -> result``."""
    text = text.strip()
    end = _closing(text)
    if not text.startswith("(") or end < 0:
        raise SignatureError(where, text, "unbalanced parentheses")
    rest = text[end + 1 :].strip()
    result: Spec | None = None
    if rest:
        arrow, _, words = rest.partition(" ")
        if arrow != "->" or not words:
            raise SignatureError(where, text, f"expected '-> KIND', not {rest!r}")
        result = parse_kind(words.split(), where, text)
    inner = split(text[1:end], ",")
    return Line(where, text, tuple(_argument(part, where) for part in inner), result)


NESTED = "    "


def _owner(line: Line, text: str) -> Line:
    """Which line a variant belongs to: one that is indented further, to the variant above it."""
    above = line.variants[-1][3] if line.variants else None
    return above if above is not None and text.startswith(NESTED) else line


def _parse_variant(line: Line, text: str, where: str) -> None:
    head, colon, body = text.partition(":")
    words = head.split()
    if not words or words[0] != "when" or len(words) < 2:
        raise SignatureError(where, text, "expected 'when ARGUMENT VALUES: (…)'")
    argument, mask, names = words[1], -1, words[2:]
    if names[:1] == ["&"]:
        mask, names = int(names[1], 0), names[2:]
    if not any(argument == own.name for own in line.arguments):
        raise SignatureError(where, text, f"no argument {argument!r}")
    if len(names) == 1 and names[0].startswith("@"):
        line.variants.append((argument, mask, tuple(names), None))
        return
    if not names or not colon:
        raise SignatureError(where, text, "expected 'when ARGUMENT VALUES: (…)'")
    variant = inherit(line, parse(body, where))
    line.variants.append((argument, mask, tuple(names), variant))


def inherit(line: Line, variant: Line) -> Line:
    """Give the variant's arguments without a kind those of the main line."""
    known = {argument.name: argument for argument in line.arguments}
    arguments = []
    for argument in variant.arguments:
        if argument.spec is None:
            if argument.name not in known:
                raise SignatureError(line.where, variant.text, f"no kind for {argument.name!r}")
            argument = known[argument.name]
        arguments.append(argument)
    return Line(line.where, variant.text, tuple(arguments), variant.result or line.result)


def _argument(text: str, where: str) -> Argument:
    name, colon, rest = text.partition(":")
    name = name.strip()
    labelled = name.startswith("=")
    name = name.lstrip("=")
    if not name.isidentifier():
        raise SignatureError(where, text, f"{name!r} is no argument name")
    if not colon:
        return Argument(name, None)
    rest, _, condition = rest.partition(" if ")
    words = rest.split()
    register: int | None = None
    if len(words) > 2 and words[-2] == "at":
        if not words[-1].isdigit() or int(words[-1]) > 5:
            raise SignatureError(where, text, f"no register {words[-1]!r}")
        register = int(words[-1])
        words = words[:-2]
    direction = "in"
    if words and words[0] in DIRECTIONS:
        direction = words.pop(0)
    spec = parse_kind(words, where, text)
    return Argument(name, spec, direction, condition.strip(), register, labelled)


def parse_kind(words: list[str], where: str, text: str) -> Spec:
    """A kind from its words: ``&KIND``, ``array[N] KIND``, ``word[N] params…``."""
    if not words or not words[0]:
        _fail(where, text, "a kind is missing")
    first = words[0]
    if first.startswith("&"):
        return Spec("&", target=parse_kind([first[1:], *words[1:]], where, text))
    word, bracket, index = first.partition("[")
    if bracket and not index.endswith("]"):
        _fail(where, text, f"']' is missing in {first!r}")
    if word in ARRAYS:
        return Spec(word, index[:-1], target=parse_kind(words[1:], where, text))
    return Spec(word, index[:-1], tuple(words[1:]))


def _fail(where: str, text: str, problem: str) -> NoReturn:
    raise SignatureError(where, text, problem)


def split(text: str, separator: str) -> list[str]:
    """Split at the separators outside brackets; empty text gives no part."""
    parts: list[str] = []
    depth = start = 0
    for position, char in enumerate(text):
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == separator and depth == 0:
            parts.append(text[start:position].strip())
            start = position + 1
    last = text[start:].strip()
    return [*parts, last] if last else parts


def _closing(text: str) -> int:
    depth = 0
    for position, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0 and char == ")":
            return position
    return -1
