"""Calls, as the caller's debugging information describes them (DWARF 5, section 3.4).

They tell what arguments were when a function was entered, and which functions are missing on the
stack because they have jumped into the next one at their end (tail calls).
"""

from __future__ import annotations

from seize._frozen import frozen
from seize.stacks.reading import Cursor, Malformed
from seize.symbols import constants as dw
from seize.symbols.locations import entry_register, value_of
from seize.symbols.ranges import entry_pc
from seize.symbols.scopes import declaration, linkage_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.symbols.dies import Die
    from seize.symbols.frames import Frame
    from seize.symbols.images import Image
    from seize.symbols.space import Symbols
    from seize.symbols.variables import Surroundings

CALL_SITES = (dw.TAG_CALL_SITE, dw.TAG_GNU_CALL_SITE)
_CALL_PARAMETERS = (dw.TAG_CALL_SITE_PARAMETER, dw.TAG_GNU_CALL_SITE_PARAMETER)
_AT_CALL_PARAMETER = 0x80
_AT_GNU_CALL_SITE_TARGET, _AT_GNU_TAIL_CALL = 0x2113, 0x2115
_DEEPEST = 16
_MOST_CHAINS = 64


def value_at_entry(frame: Frame, register: int | None = None, parameter: Die | None = None) -> int:
    """What a register or a parameter was when a frame's function was entered.

    Told by the call site in the caller, in whose frame it is calculated; Malformed if unknown.
    """
    code, caller = argument_at_call(frame, register, None, parameter)
    return value_of(code, caller)


def argument_at_call(
    frame: Frame, register: int | None, distance: int | None, parameter: Die | None = None
) -> tuple[bytes, Surroundings]:
    """The expression of an argument at the call, and the caller to calculate it in.

    It is the argument in a register, or at a distance from the frame base, or that of a
    parameter; Malformed if nothing tells of it.
    """
    caller = frame.physical_caller()
    function = frame.function_die
    if caller is None or function is None or caller.function_die is None:
        raise Malformed("no caller that is known")
    if function.any_name == "main":
        # A stack is shown as far as main, and so what main was called with isn't looked for.
        raise Malformed("main has no caller that counts")
    site = call_site(caller)
    if site is None or not _calls(site, function, frame):
        raise Malformed("a call that nothing tells of")
    if _may_call_itself(frame, function):
        raise Malformed("a function that may have jumped to its own beginning")
    for child in site.children:
        if child.tag not in _CALL_PARAMETERS:
            continue
        place = child.block(dw.AT_LOCATION)
        if parameter is not None:
            origin = child.reference(dw.AT_ABSTRACT_ORIGIN) or child.reference(_AT_CALL_PARAMETER)
            matches = origin is not None and declaration(origin) is declaration(parameter)
        elif place is None:
            matches = False
        elif register is not None:
            matches = entry_register(place) == register
        else:
            matches = distance is not None and _stack_offset(place) == distance
        code = child.block(dw.AT_CALL_VALUE) or child.block(dw.AT_GNU_CALL_SITE_VALUE)
        if matches and code:
            return code, caller.surroundings()
    raise Malformed("a call that doesn't tell this argument")


def _stack_offset(code: bytes) -> int | None:
    """The distance from the stack pointer, if an expression is nothing but that."""
    return Cursor(code, 1).sleb() if code[:1] == b"\x77" else None


def call_site(caller: Frame) -> Die | None:
    """The call at which a frame goes on."""
    function, info = caller.function_die, caller.info
    if function is None or info is None:
        return None
    pc = caller.pc - caller.bias
    for die in info.entries_with(function, pc.to_bytes(function.unit.word, "little")):
        if die.tag in CALL_SITES and _return_pc(die) == pc:
            return die
    if not info.dwarf.section(".debug_addr"):
        return None
    # Addresses are told by numbers: they can't be sought.
    return next((site for site in _sites_below(function) if _return_pc(site) == pc), None)


def _return_pc(site: Die) -> int | None:
    address = site.address(dw.AT_CALL_RETURN_PC)
    return site.address(dw.AT_LOW_PC) if address is None else address


def _sites_below(die: Die) -> Iterator[Die]:
    for child in die.children:
        if child.tag in CALL_SITES:
            yield child
        elif child.tag in (dw.TAG_BLOCK, dw.TAG_INLINED):
            yield from _sites_below(child)


def _calls(site: Die, function: Die, frame: Frame) -> bool:
    """Whether a call site calls this very function (not one that has jumped to it)."""
    caller, start = frame.physical_caller(), entry_pc(function)
    if caller is None or caller.image is None or start is None:
        return False
    if _names(site, function):
        return True
    called = _target(frame.symbols, caller.image, site)
    if called is not None:
        return called.address == start + frame.bias
    target = site.block(dw.AT_CALL_TARGET) or site.block(_AT_GNU_CALL_SITE_TARGET)
    if target is None:
        return False
    return value_of(target, caller.surroundings()) == start + frame.bias


def _origin(site: Die) -> Die | None:
    """The entry of what a call site calls."""
    return site.reference(dw.AT_CALL_ORIGIN) or site.reference(dw.AT_ABSTRACT_ORIGIN)


def _names(site: Die, function: Die) -> bool:
    """Whether a call site names a function."""
    origin = _origin(site)
    if origin is None:
        return False
    if declaration(origin) is declaration(function):
        return True
    return linkage_name(origin) == linkage_name(function)


# ---------------------------------------------------------------------- tail calls


def tail_calls(callee: Frame, caller: Frame) -> list[int]:
    """The functions that ended by a jump between a caller and what runs, the innermost first.

    Each is told by the address behind its jump.  Where there are several ways from the one to
    the other, none are told; Malformed if it can't be said how many there are.
    """
    function, symbols = callee.function_die, caller.symbols
    site = call_site(caller)
    start = None if function is None else entry_pc(function)
    if function is None or site is None or start is None or caller.image is None:
        return []
    if _names(site, function):
        return []
    called = _target(symbols, caller.image, site)
    goal = start + callee.bias
    if called is None or called.address == goal:
        return []
    chains: list[list[int]] = []
    _follow(symbols, called, goal, [], [], chains)
    return chains[0][::-1] if len(chains) == 1 else []


def _may_call_itself(frame: Frame, function: Die) -> bool:
    """Whether a function may have come to its beginning again by tail calls."""
    symbols, image, start = frame.symbols, frame.image, entry_pc(function)
    info = frame.info
    if image is None or info is None or start is None:
        return False
    known = info.may_call_itself.get(function)
    if known is None:
        chains: list[list[int]] = []
        own = _Target(start + image.bias, image, function)
        try:
            _follow(symbols, own, own.address, [], [], chains)
            known = bool(chains)
        except Malformed:
            # It jumps to wherever.
            known = True
        info.may_call_itself[function] = known
    return known


@frozen
class _Target:
    """A function that is called: where it is entered, and what is known of it."""

    address: int
    image: Image
    die: Die


def _follow(
    symbols: Symbols,
    function: _Target,
    goal: int,
    way: list[int],
    seen: list[int],
    chains: list[list[int]],
) -> None:
    """Find the ways from a function to another by tail calls alone."""
    if len(way) >= _DEEPEST or len(chains) >= _MOST_CHAINS or function.address in seen:
        return
    for site in _sites_below(function.die):
        if not (site.flag(dw.AT_CALL_TAIL_CALL) or site.flag(_AT_GNU_TAIL_CALL)):
            continue
        origin = _origin(site)
        name = None if origin is None else linkage_name(origin)
        pc, target = _return_pc(site), _target(symbols, function.image, site)
        if target is None and (name is None or symbols.symbol(name) is None):
            raise Malformed("a jump to wherever: there may be more ways")
        if pc is None or target is None:
            continue
        step = [*way, pc + function.image.bias]
        if target.address == goal:
            chains.append(step)
        else:
            _follow(symbols, target, goal, step, [*seen, function.address], chains)


def _target(symbols: Symbols, image: Image, site: Die) -> _Target | None:
    """The function that a call site calls; None if that isn't told, or it has no entry."""
    origin = _origin(site)
    info = symbols.info_of(image)
    if origin is None or info is None:
        return None
    start = entry_pc(origin)
    if start is not None:
        return _Target(start + image.bias, image, origin)
    for start, _, die in info.functions(origin.unit):
        if entry_pc(die) == start and declaration(die) is declaration(origin):
            return _Target(start + image.bias, image, die)
    name = linkage_name(origin)
    symbol = None if name is None else symbols.symbol(name, first=image)
    place = None if symbol is None else symbols.info_at(symbol.address)
    if symbol is None or place is None or place[1] is None:
        return None
    elsewhere, more = place
    assert more is not None
    found = more.function_at(symbol.address - elsewhere.bias)
    return None if found is None else _Target(symbol.address, elsewhere, found)
