"""What a name in an expression means in a frame: variables, functions, enumerators, types."""

from __future__ import annotations

from seize.errors import UsageError
from seize.symbols import constants as dw
from seize.symbols.calculation import number_value
from seize.symbols.ranges import entry_pc
from seize.symbols.scopes import qualified_name
from seize.symbols.types import VOID, Type
from seize.symbols.values import Value
from seize.symbols.variables import Surroundings, read_variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.symbols.debuginfo import DebugInfo
    from seize.symbols.dwarf import Die
    from seize.symbols.frames import Frame
    from seize.symbols.images import Image

_VARIABLES = frozenset((dw.TAG_VARIABLE,))
_FUNCTIONS = frozenset((dw.TAG_SUBPROGRAM,))
_TYPES = frozenset(
    (
        *(dw.TAG_STRUCTURE, dw.TAG_CLASS, dw.TAG_UNION, dw.TAG_ENUMERATION, dw.TAG_TYPEDEF),
        dw.TAG_BASE_TYPE,
    )
)
_ENUMERATIONS = frozenset((dw.TAG_ENUMERATION,))


def find_name(frame: Frame, name: str) -> Value:
    """The value that a name has in a frame; UsageError if it has none."""
    found = frame.find(name)
    if found is None and name != "this":
        found = _member(frame, name) or _outside(frame, name)
    if found is None:
        raise UsageError(f'No symbol "{name}" in current context.')
    return found


def _member(frame: Frame, name: str) -> Value | None:
    """A member of the object that a C++ function works on."""
    this = frame.find("this")
    return None if this is None or this.optimized_out else this.dereference().find(name)


def _outside(frame: Frame, name: str) -> Value | None:
    """A variable, a function or an enumerator outside of functions."""
    wanted = _meanings(frame, name)
    last = name.rpartition("::")[2]
    for image, info in _places(frame):
        for die in _in_order(frame, info, last, _VARIABLES):
            if qualified_name(die) in wanted and (
                dw.AT_LOCATION in die or dw.AT_CONST_VALUE in die
            ):
                return read_variable(die, Surroundings(frame.symbols, image, die.unit, frame))
    for image, info in _places(frame):
        for die in _in_order(frame, info, last, _FUNCTIONS):
            start = entry_pc(die)
            if start and qualified_name(die) in wanted:
                type_ = info.types.of(die)
                return Value(type_, frame.symbols, address=start + image.bias)
    return _enumerator(frame, wanted) or _bare_symbol(frame, name)


def _places(frame: Frame) -> Iterator[tuple[Image, DebugInfo]]:
    """The images with debugging information, that of the frame first."""
    own = frame.image
    for image in sorted(frame.symbols.images, key=lambda image: image != own):
        info = frame.symbols.info_of(image)
        if info is not None:
            yield image, info


def _in_order(frame: Frame, info: DebugInfo, name: str, tags: frozenset[int]) -> list[Die]:
    """The entries of a name, those of the frame's own unit first."""
    unit = frame.scopes[0].unit if frame.scopes else None
    return sorted(info.named(name, tags), key=lambda die: die.unit is not unit)


def _meanings(frame: Frame, name: str) -> list[str]:
    """The qualified names that a name may stand for in the function of a frame."""
    if name.startswith("::"):
        return [name[2:]]
    found = [name]
    prefix = (frame.function or "").rpartition("::")[0]
    while prefix:
        found.insert(0, f"{prefix}::{name}")
        prefix = prefix.rpartition("::")[0]
    anonymous = [f"(anonymous namespace)::{name}"]
    return found + anonymous


def _enumerator(frame: Frame, wanted: list[str]) -> Value | None:
    if not frame.scopes:
        return None
    info = frame.info
    unit = frame.scopes[0].unit
    for die in [] if info is None else info.below(unit, _ENUMERATIONS):
        assert info is not None
        type_ = info.types.of(die)
        for name, value in type_.enumerators:
            if name in wanted:
                return number_value(value, type_, frame.symbols)
    return None


def _bare_symbol(frame: Frame, name: str) -> Value | None:
    """What only the symbol table knows: a function of unknown type; UsageError for data."""
    symbol = frame.symbols.symbol(name)
    if symbol is None or symbol.kind == "tls":
        return None
    if symbol.kind in ("function", "ifunc", "label"):
        type_ = Type("function", 1, None, Type("int", 4, "int", is_signed=True))
        return Value(type_, frame.symbols, address=symbol.address)
    raise UsageError(f"'{name}' has unknown type; cast it to its declared type")


def find_type(frame: Frame, name: str) -> Type | None:
    """The type of a name: a struct's, a typedef's …; None if there is none."""
    wanted = _meanings(frame, name)
    last = name.rpartition("::")[2]
    for _, info in _places(frame):
        declared = None
        for die in _in_order(frame, info, last, _TYPES):
            if qualified_name(die) not in wanted:
                continue
            if not die.flag(dw.AT_DECLARATION):
                return info.types.of(die)
            declared = declared or info.types.of(die)
        if declared is not None:
            return declared
    return None


_SYNONYMS = {
    8: {"pc": "rip", "sp": "rsp", "fp": "rbp"},
    4: {"pc": "eip", "sp": "esp", "fp": "ebp"},
}
_ADDRESSES = ("rsp", "rbp", "esp", "ebp")


def register_value(frame: Frame, name: str) -> Value:
    """The value of a register in a frame; UsageError if it has none of the name."""
    word = frame.machine.word
    name = _SYNONYMS[word].get(name, name)
    number = frame.registers.get(name)
    if number is None:
        raise UsageError(f"no register ${name} is known in this frame")
    if name in ("rip", "eip"):
        type_ = Type("function", 1, None, VOID, parameters=()).pointer(word)
    elif name in _ADDRESSES:
        type_ = VOID.pointer(word)
    else:
        type_ = Type("int", word, "long" if word == 8 else "int", is_signed=True)
    return number_value(number, type_, frame.symbols)
