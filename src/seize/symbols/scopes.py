"""Functions, inlined functions and blocks: what is around an address, and how it is called."""

from __future__ import annotations

from seize.kernel.demangle import PREFIX, demangle
from seize.symbols import constants as dw
from seize.symbols.ranges import ranges_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.symbols.debuginfo import DebugInfo
    from seize.symbols.dies import Die

_SCOPES = frozenset((dw.TAG_BLOCK, dw.TAG_INLINED))
_NAMED = frozenset(
    (
        *(dw.TAG_NAMESPACE, dw.TAG_STRUCTURE, dw.TAG_CLASS, dw.TAG_UNION, dw.TAG_ENUMERATION),
        dw.TAG_INTERFACE,
    )
)
_DEEPEST = 100


def scopes_at(function: Die, address: int) -> list[Die]:
    """The function, and the blocks and inlined functions in it that an address is in, inwards."""
    found = [function]
    while True:
        for child in found[-1].children:
            if child.tag in _SCOPES and _covers(child, address):
                found.append(child)
                break
        else:
            return found


def _covers(die: Die, address: int) -> bool:
    return any(start <= address < end for start, end in ranges_of(die))


def activations_at(function: Die, address: int) -> list[list[Die]]:
    """The functions that are active at an address, the innermost first.

    Each is the entry of the (inlined) function, and of the blocks in it that the address is in.
    """
    found: list[list[Die]] = []
    for die in scopes_at(function, address):
        if not found or die.tag == dw.TAG_INLINED:
            found.insert(0, [die])
        else:
            found[0].append(die)
    return found


def declaration(die: Die) -> Die:
    """What an entry completes or instantiates: the place where its name belongs."""
    for _ in range(_DEEPEST):
        original = die.reference(dw.AT_ABSTRACT_ORIGIN) or die.reference(dw.AT_SPECIFICATION)
        if original is None:
            break
        die = original
    return die


def qualified_name(die: Die) -> str | None:
    """The name with the namespaces and classes that it is in: ``ns::Class::method``."""
    instance, die = die, declaration(die)
    name = die.name
    if name is None or not die.unit.is_cpp:
        return name
    parent = die.parent
    for _ in range(_DEEPEST):
        if parent is None or parent.tag not in _NAMED:
            break
        if parent.tag != dw.TAG_ENUMERATION or parent.flag(dw.AT_ENUM_CLASS):
            outer = parent.name
            if outer is None and parent.tag == dw.TAG_NAMESPACE:
                outer = "(anonymous namespace)"
            if outer is None:
                # A class without a name, such as a lambda's: only the linker may have one.
                mangled = linkage_name(instance) or ""
                return demangle(mangled) if mangled.startswith(PREFIX) else name
            name = f"{outer}::{name}"
        parent = declaration(parent).parent
    return name


def shown_name(die: Die) -> str | None:
    """The name of a function as gdb shows it: of C the symbol's, if that is another."""
    return qualified_name(die) if die.unit.is_cpp else linkage_name(die)


def linkage_name(die: Die) -> str | None:
    """The symbol that the linker knows a function by."""
    for attribute in (dw.AT_LINKAGE_NAME, dw.AT_MIPS_LINKAGE_NAME):
        owner = die.inherited(attribute)
        if owner is not None:
            return owner.string(attribute)
    return die.any_name


def source_of(info: DebugInfo, die: Die, file: int, line: int) -> tuple[str, str, int]:
    """Where an entry's attributes say that it is: the file's name, its path, and the line."""
    number, at = die.number(file), die.number(line)
    if number is None or at is None:
        return "", "", at or 0
    return info.file_name(die.unit, number), info.path(die.unit, number), at
