"""C++ names as text: their components, their parameters, and whether one means another."""

from __future__ import annotations

import re

from seize._frozen import frozen

_OPEN, _CLOSE = "<([{", ">)]}"
_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"\w")
_QUALIFIERS = re.compile(r"(\s*(const|volatile|&&?|noexcept|\[abi:\w+\]))+$")
_LEADING_CONST = re.compile(r"\bconst ((?:unsigned |signed |long |short )*[\w:]+(?:<.*>)?)")


@frozen
class FunctionName:
    """A name's components (``("ns", "Class", "method")``), and its parameters if they are told."""

    components: tuple[str, ...]
    parameters: str | None
    is_absolute: bool = False

    def means(self, other: FunctionName) -> bool:
        """Whether what somebody has typed means the function ``other``."""
        if self.parameters is not None and self.parameters != other.parameters:
            return False
        count = len(self.components)
        if self.is_absolute and count != len(other.components):
            return False
        theirs = other.components[-count:]
        return len(theirs) == count and all(map(_same, self.components, theirs))

    @property
    def identifier(self) -> str:
        """The last component without template arguments; a class's for its destructor."""
        return without_templates(self.components[-1]).removeprefix("~")


def _same(typed: str, real: str) -> bool:
    return typed == real or ("<" not in typed and typed == without_templates(real))


def without_templates(name: str) -> str:
    """A component without its template arguments."""
    if name.startswith("operator") or "<" not in name:
        return name
    return name[: name.index("<")].rstrip()


def parse_function(text: str) -> FunctionName:
    """Take a name apart, as it is demangled or typed."""
    text = _SPACES.sub(" ", text.strip())
    is_absolute = text.startswith("::")
    name, parameters = _split_parameters(text.removeprefix("::"))
    return FunctionName(tuple(_components(_without_result(name))), parameters, is_absolute)


def _split_parameters(text: str) -> tuple[str, str | None]:
    bare = text.partition(" [clone ")[0]
    bare = _QUALIFIERS.sub("", bare)
    if not bare.endswith(")"):
        return text, None
    depth = 0
    for index in range(len(bare) - 1, -1, -1):
        depth += (bare[index] == ")") - (bare[index] == "(")
        if not depth:
            break
    if not index or bare[index:] == "(anonymous namespace)":
        return text, None
    name = bare[:index]
    if name.endswith("operator"):
        # "operator()" without parameters.
        return text, None
    return name, canonical(bare[index + 1 : -1])


def canonical(parameters: str) -> str:
    """Parameters in one way of writing: ``char const*``, no needless spaces."""
    text = _LEADING_CONST.sub(r"\1 const", parameters)
    text = re.sub(r"\s*([*&,<>()])\s*", r"\1", text)
    return "" if text == "void" else text


def _without_result(name: str) -> str:
    """A template's demangled name begins with the type of its result: leave it out."""
    depth = 0
    for index in range(len(name) - 1, -1, -1):
        letter = name[index]
        if letter in _CLOSE and not name.endswith(("operator>", "operator>>", "operator->")):
            depth += 1
        elif letter in _OPEN:
            depth -= depth > 0
        elif letter == " " and not depth and not name[:index].endswith("operator"):
            return name[index + 1 :]
    return name


def _components(name: str) -> list[str]:
    found, depth, start = [], 0, 0
    for index, letter in enumerate(name):
        if name.startswith("operator", start):
            break
        if letter in _OPEN:
            depth += 1
        elif letter in _CLOSE:
            depth -= 1
        elif name.startswith("::", index) and not depth and index >= start:
            found.append(name[start:index])
            start = index + 2
    return [*found, name[start:]]
