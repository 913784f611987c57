"""What a name in an expression means in a frame: variables, functions, enumerators, types."""

from __future__ import annotations

from seize.errors import UsageError
from seize.symbols import constants as dw
from seize.symbols.calculation import BOOL, number_value
from seize.symbols.ranges import entry_pc
from seize.symbols.scopes import qualified_name
from seize.symbols.types import VOID, Type
from seize.symbols.values import Value
from seize.symbols.variables import Surroundings, read_variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.symbols.debuginfo import DebugInfo
    from seize.symbols.dies import Die
    from seize.symbols.frames import Frame
    from seize.symbols.images import Image

_ANONYMOUS = "(anonymous namespace)::"
_VARIABLES = frozenset((dw.TAG_VARIABLE,))
_FUNCTIONS = frozenset((dw.TAG_SUBPROGRAM,))
_TYPES = frozenset(
    (
        *(dw.TAG_STRUCTURE, dw.TAG_CLASS, dw.TAG_UNION, dw.TAG_ENUMERATION, dw.TAG_TYPEDEF),
        dw.TAG_BASE_TYPE,
    )
)
_ENUMERATIONS = frozenset((dw.TAG_ENUMERATION,))


class UnknownFunction(Type):
    """The type of a function without debug information: that it returns int is only said.

    ``symbol`` is its name; ``is_resolver``: it isn't the function, but tells where that is
    (STT_GNU_IFUNC).
    """

    def __init__(self, symbol: str, *, is_resolver: bool = False) -> None:
        super().__init__("function", 1, None, Type("int", 4, "int", is_signed=True))
        self.symbol = symbol
        self.is_resolver = is_resolver


def find_name(frame: Frame, name: str) -> Value:
    """The value that a name has in a frame; UsageError if it has none."""
    found = frame.find(name)
    if found is None and frame.is_cpp and name in ("true", "false"):
        return number_value(int(name == "true"), BOOL, frame.symbols)
    if found is None and name != "this":
        found = _member(frame, name)
        if found is None:
            found = _outside(frame, name)
    if found is None:
        raise UsageError(f'No symbol "{name}" in current context.')
    return found


def _member(frame: Frame, name: str) -> Value | None:
    """A member of the object that a C++ function works on."""
    this = frame.find("this")
    if this is None:
        return None
    if not this.optimized_out:
        return this.dereference().find(name)
    if this.type.strip().referred.strip().has_member(name):
        raise UsageError("value has been optimized out")
    return None


def _outside(frame: Frame, name: str) -> Value | None:
    """A variable, a function or an enumerator outside of functions.

    What the frame's own unit has comes first, then what is global, then what other units have
    for themselves.
    """
    wanted = _meanings(frame, name)
    last = name.rpartition("::")[2]
    own = frame.scopes[0].unit if frame.scopes else None
    best: tuple[int, Image, DebugInfo, Die] | None = None
    for image, info in _places(frame):
        if best is None and image != frame.image:
            # A function of another image has a symbol: that is found sooner than its entry.
            symbol = frame.symbols.symbol(name)
            if symbol is not None and symbol.kind in ("function", "ifunc"):
                return _bare_symbol(frame, name)
        for die in info.named(last, _VARIABLES | _FUNCTIONS):
            rank = 0 if die.unit is own else 1 if die.inherited(dw.AT_EXTERNAL) else 2
            if not _is_defined(die):
                # Defined by another unit, declared, or optimized out.
                instances = (found for found in info.elsewhere(die) if _is_defined(found))
                instance = next(instances, None)
                die, rank = (instance, rank) if instance is not None else (die, rank + 3)
            if best is not None and rank >= best[0]:
                continue
            if _plain(die) in wanted:
                best = rank, image, info, die
        if best is not None and best[0] in (0, 1, 3):
            break
    if best is None:
        for other in (_enumerator(frame, wanted), _static_member(frame, name)):
            if other is not None:
                return other
        return _bare_symbol(frame, name)
    _, image, info, die = best
    if die.tag == dw.TAG_VARIABLE:
        return read_variable(die, Surroundings(frame.symbols, image, die.unit, frame))
    start = entry_pc(die)
    if start is None or die.unit.language in dw.LANG_ASM:
        return _bare_symbol(frame, name)
    return Value(info.types.of(die), frame.symbols, address=start + image.bias)


def _static_member(frame: Frame, name: str) -> Value | None:
    """A static member of a class that is named before it."""
    owner, _, last = name.rpartition("::")
    type_ = find_type(frame, owner) if owner else None
    field = None if type_ is None else type_.strip().field(last)
    if field is None or field.static is None:
        return None
    return frame.symbols.static_member(field)


def _plain(die: Die) -> str | None:
    """The qualified name, without namespaces that have no name."""
    name = qualified_name(die)
    return None if name is None else name.replace(_ANONYMOUS, "")


def _is_defined(die: Die) -> bool:
    if die.tag == dw.TAG_VARIABLE:
        return dw.AT_LOCATION in die or dw.AT_CONST_VALUE in die
    return bool(entry_pc(die))


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
    return [text.replace(_ANONYMOUS, "") for text in found]


def _enumerator(frame: Frame, wanted: list[str]) -> Value | None:
    if not frame.scopes:
        return None
    info = frame.info
    unit = frame.scopes[0].unit
    for die in [] if info is None else info.below(unit, _ENUMERATIONS):
        assert info is not None
        type_ = info.types.of(die)
        for name, value in type_.enumerators:
            if name.replace(_ANONYMOUS, "") in wanted:
                return number_value(value, type_, frame.symbols)
    return None


def _bare_symbol(frame: Frame, name: str) -> Value | None:
    """What only the symbol table knows: a function of unknown type; UsageError for data."""
    symbol = frame.symbols.symbol(name)
    if symbol is None or symbol.kind == "tls":
        return None
    if symbol.kind in ("function", "ifunc", "label"):
        type_ = None if symbol.kind == "ifunc" else _type_at(frame, symbol.address)
        if type_ is None:
            type_ = UnknownFunction(name, is_resolver=symbol.kind == "ifunc")
        return Value(type_, frame.symbols, address=symbol.address)
    raise UsageError(f"'{name}' has unknown type; cast it to its declared type")


def _type_at(frame: Frame, address: int) -> Type | None:
    """The type of the function that begins at an address, whatever name it has there."""
    image, info = frame.symbols.info_at(address) or (None, None)
    die = None if image is None or info is None else info.function_at(address - image.bias)
    if image is None or info is None or die is None:
        return None
    begins = entry_pc(die) == address - image.bias
    return info.types.of(die) if begins and die.unit.language not in dw.LANG_ASM else None


def find_type(frame: Frame, name: str) -> Type | None:
    """The type of a name: a struct's, a typedef's …; None if there is none."""
    wanted = _meanings(frame, name)
    last = name.rpartition("::")[2]
    for _, info in _places(frame):
        declared = None
        for die in _in_order(frame, info, last, _TYPES):
            if _plain(die) not in wanted:
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
        type_ = Type("function", 1, None, VOID, is_prototyped=False).pointer(word)
    elif name in _ADDRESSES:
        type_ = VOID.pointer(word)
    else:
        type_ = Type("int", word, "long" if word == 8 else "int", is_signed=True)
    return number_value(number, type_, frame.symbols)
