"""Lengths and conditions: the little expressions of a signature, as Python functions."""

from __future__ import annotations

from seize.decode.kinds.base import UnknownKind
from seize.decode.memory import read_exactly
from seize.decode.tables import flag_set

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds.base import Number, Scope


_ARCHITECTURES = ("x86_64", "i386", "aarch64")


def _register(scope: Scope, name: str) -> str:
    if name not in scope.registers:
        raise UnknownKind(f"no argument {name!r}")
    return scope.registers[name]


def _pointed(call: Call, address: int) -> int:
    data = read_exactly(call.memory, address, 4) if address else None
    return int.from_bytes(data or b"", "little")


def _argument(call: Call, name: str) -> int:
    """An argument of the call that a struct belongs to."""
    outer: Call = getattr(call, "outer", call)
    return outer.raw[outer.compiled.names.index(name)]


def _term(scope: Scope, text: str) -> str:
    if text == "ret":
        return "call.rval"
    if text[:1].isdigit():
        return str(int(text, 0))
    if text.startswith("^"):
        return f"argument(call, {text[1:]!r})"
    if text.startswith("*"):
        return f"pointed(call, {_register(scope, text[1:])})"
    register = f"({_register(scope, text)})"
    width = scope.widths.get(text)
    if width == "uint":
        return f"({register} & 0xFFFFFFFF)"
    bits = scope.bits if width == "long" else 32
    low, sign = (1 << bits) - 1, 1 << bits - 1
    return f"((({register} & {low:#x}) ^ {sign:#x}) - {sign:#x})" if width else register


def number(scope: Scope, text: str) -> Number:
    """The length ``text``: products of arguments, numbers, ``ret`` and ``*argument``."""
    source = "*".join(_term(scope, part.strip()) for part in text.split(" x "))
    made: Number = eval(f"lambda call, a=None: {source.replace('a[', 'call.raw[')}", _NAMES)
    return made


_NAMES: dict[str, object] = {"pointed": _pointed, "argument": _argument}


def condition(scope: Scope, text: str) -> str:
    """A condition as Python source over ``a``: ``arg``, ``arg & A|B``, ``arg == A``, … or …."""
    first, _, rest = text.partition(" or ")
    if rest:
        return f"({condition(scope, first)} or {condition(scope, rest)})"
    words = text.split()
    source = _register(scope, words[0])
    if len(words) == 1:
        return source
    if len(words) != 3 or words[1] not in ("&", "==", "!="):
        raise UnknownKind(f"can't understand the condition {text!r}")
    value = 0
    for name in words[2].split("|"):
        value |= constant(scope, words[0], name)
    return f"({source}) {words[1]} {value:#x}"


def constant(scope: Scope, argument: str, name: str) -> int:
    """The value of ``name`` in the sets of ``argument``, or a number; ``name<<8``: shifted."""
    name, _, shift = name.partition("<<")
    if shift:
        return constant(scope, argument, name) << int(shift)
    if name[:1].isdigit() or name[:1] == "-":
        return int(name, 0)
    for set_name in scope.sets.get(argument, "").split():
        if set_name == "of" or set_name[:1].isdigit() or not scope.has_set(set_name):
            continue
        for value, known in scope.set(set_name):
            if known == name:
                return value
    raise UnknownKind(f"no value {name!r} in the set of {argument!r}")


def variants_of(scope: Scope, argument: str, names: tuple[str, ...]) -> list[int]:
    """The values of ``names``, but for those that only other architectures have."""
    found = []
    for name in names:
        try:
            found.append(constant(scope, argument, name))
        except UnknownKind:
            sets = scope.sets.get(argument, "").split()
            tables = [flag_set(arch, word) or () for arch in _ARCHITECTURES for word in sets]
            if not any(name == known for table in tables for _, known in table):
                raise
    return found
