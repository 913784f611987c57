"""What people write for a place in a program: functions, lines, addresses, patterns."""

from __future__ import annotations

import re

from seize._frozen import frozen
from seize.errors import UsageError
from seize.kernel.demangle import PREFIX, demangle
from seize.stacks.reading import Malformed
from seize.symbols import constants as dw
from seize.symbols.cppnames import FunctionName, parse_function, without_templates
from seize.symbols.debuginfo import path_in
from seize.symbols.names import FUNCTIONS
from seize.symbols.ranges import entry_pc
from seize.symbols.scopes import qualified_name, scopes_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.symbols.debuginfo import DebugInfo
    from seize.symbols.dies import Die
    from seize.symbols.dwarf import Unit
    from seize.symbols.imagedata import ImageData
    from seize.symbols.images import Image
    from seize.symbols.names import Symbol, SymbolNames
    from seize.symbols.places import Place
    from seize.symbols.sourcelines import UnitLines
    from seize.symbols.space import Symbols

_NUMBER = r"0x[0-9a-fA-F]+|\d+"
_ADDRESS = re.compile(rf"\*\s*({_NUMBER})$|(0x[0-9a-fA-F]+)$")
_LINE = re.compile(r"(.+[^:]):(\d+)$")
_IN_FILE = re.compile(r"([^:]+\.\w+):([^:].*)$")
_OFFSET = re.compile(rf"\*?\s*(.+?)\s*\+\s*({_NUMBER})$")
_LOCALS = frozenset((dw.TAG_VARIABLE, dw.TAG_IMPORTED_MODULE, dw.TAG_IMPORTED_DECLARATION))


def resolve(symbols: Symbols, where: str | re.Pattern[str]) -> tuple[Place, ...]:
    """The places that ``where`` names, in the order of images and addresses, each once."""
    if isinstance(where, re.Pattern):
        starts = (s.address for s in symbols.symbols(where) if s.kind == "function")
        return _described(symbols, (symbols.after_prologue(start) for start in starts))
    text = where.strip()
    if not text or text.isdigit():
        raise UsageError(f"bad place '{where}': a function, FILE:LINE, *ADDRESS or SYMBOL+OFFSET")
    if address := _ADDRESS.match(text):
        return (symbols.describe(int(address[1] or address[2], 0)),)
    if line := _LINE.match(text):
        return _described(symbols, lines_at(symbols, line[1], int(line[2])))
    if in_file := _IN_FILE.match(text):
        places = resolve(symbols, in_file[2])
        return tuple(place for place in places if is_file(in_file[1], place.path, place.file))
    if moved := _OFFSET.match(text):
        return _moved(symbols, moved[1], int(moved[2], 0))
    if text.startswith("*"):
        return _moved(symbols, text[1:].strip(), 0)
    entries = function_entries(symbols, text)
    addresses = (symbols.after_prologue(at) if is_start else at for at, is_start in entries)
    return _described(symbols, addresses)


def _moved(symbols: Symbols, name: str, offset: int) -> tuple[Place, ...]:
    """The addresses so many bytes behind the beginning of a function, or of any symbol."""
    starts = [address for address, is_start in function_entries(symbols, name) if is_start]
    starts = starts or [s.address for s in symbols.symbols_named(name) if s.kind != "tls"]
    return _described(symbols, (start + offset for start in starts))


def _described(symbols: Symbols, addresses: Iterator[int]) -> tuple[Place, ...]:
    return tuple(symbols.describe(address) for address in dict.fromkeys(addresses))


# ---------------------------------------------------------------------- functions


def function_entries(symbols: Symbols, text: str) -> Iterator[tuple[int, bool]]:
    """Where a function is entered: (address, whether a function of its own begins there).

    The other ones are where it is inlined.
    """
    wanted = parse_function(text)
    for image in symbols.images:
        data = symbols.cache.of(image.module)
        found = data.entries.get(text)
        if found is None:
            found = data.entries[text] = _entries_in(data, text, wanted)
        for address in sorted(found):
            yield address + image.bias, found[address]


def _entries_in(data: ImageData, text: str, wanted: FunctionName) -> dict[int, bool]:
    """The same for one file, by the file's own addresses."""
    found: dict[int, bool] = {}
    for symbol in data.names.find(text):
        if symbol.kind == "function":
            found[symbol.address] = True
    for symbol in _mangled(data.names, wanted):
        if symbol.kind not in FUNCTIONS or symbol.address in found:
            continue
        if "." in symbol.name and not _begins(data.info, symbol.address):
            # A part that was moved away, not a clone.
            continue
        if wanted.means(parse_function(demangle(symbol.name))):
            found[symbol.address] = True
    for symbol in data.names.clones(text):
        function = None if data.info is None else data.info.function_at(symbol.address)
        if function is not None and function.any_name == text:
            found[symbol.address] = True
    if data.info is not None:
        for address in _inlined(data.info, wanted):
            found.setdefault(address, False)
    return found


def _mangled(names: SymbolNames, wanted: FunctionName) -> list[Symbol]:
    """The C++ functions that may have a name."""
    if not wanted.identifier.startswith("operator"):
        return names.mangled_with(wanted.identifier)
    if len(wanted.components) > 1:
        return names.mangled_with(without_templates(wanted.components[-2]))
    return names.search(re.compile(rf"\b{re.escape(wanted.identifier)}"))


def _begins(info: DebugInfo | None, address: int) -> bool:
    """Whether a function begins at an address by the debugging information."""
    function = None if info is None else info.function_at(address)
    return function is not None and entry_pc(function) == address


def _inlined(info: DebugInfo, wanted: FunctionName) -> Iterator[int]:
    """Where functions of a name are inlined."""
    try:
        for address, die in info.inlined_named(wanted.components[-1]):
            name = qualified_name(die)
            if name is None:
                continue
            real = FunctionName(parse_function(name).components, _parameters(die))
            if wanted.means(real):
                yield address
    except (OSError, Malformed):
        # What is damaged has no names.
        return


def _parameters(die: Die) -> str | None:
    for attribute in (dw.AT_LINKAGE_NAME, dw.AT_MIPS_LINKAGE_NAME):
        owner = die.inherited(attribute)
        mangled = None if owner is None else owner.string(attribute)
        if mangled and mangled.startswith(PREFIX):
            return parse_function(demangle(mangled)).parameters
    return None


# ---------------------------------------------------------------------- lines


@frozen
class _Hit:
    """A statement of a line, and what it is in."""

    image: Image
    info: DebugInfo
    address: int
    function: Die | None
    block: Die | None


def lines_at(symbols: Symbols, file: str, line: int) -> Iterator[int]:
    """The addresses for breakpoints at a line: of the next that has code if it has none."""
    units = list(_units_of(symbols, file))
    hits = list(_hits(units, line))
    if not hits:
        following = [lines.next_line(files, line) for _, _, _, lines, files in units]
        nearest = min((number for number in following if number is not None), default=None)
        hits = [] if nearest is None else list(_hits(units, nearest))
    blocks: set[tuple[int, int]] = set()
    for hit in hits:
        # One line may be in several pieces; one of them stands for all in the same block.
        if hit.block is not None:
            key = hit.image.bias, id(hit.block)
            if key in blocks:
                continue
            blocks.add(key)
        address = hit.address + hit.image.bias
        if hit.function is not None:
            start = entry_pc(hit.function)
            if start is not None and start <= hit.address:
                address = max(address, symbols.after_prologue(start + hit.image.bias))
        yield address


def _hits(units: list[_Listed], line: int) -> Iterator[_Hit]:
    for image, info, _, lines, files in units:
        for row in lines.addresses_of(files, line):
            function = info.function_at(row.address)
            block = None
            if function is not None:
                scopes = scopes_at(function, row.address)
                block = next((s for s in reversed(scopes) if _has_locals(s)), function)
            yield _Hit(image, info, row.address, function, block)


def _has_locals(scope: Die) -> bool:
    return scope.tag != dw.TAG_BLOCK or any(child.tag in _LOCALS for child in scope.children)


def _units_of(symbols: Symbols, file: str) -> Iterator[_Listed]:
    """The units that have lines of a file, and the numbers of that file in them."""
    for image in symbols.images:
        data = symbols.cache.of(image.module)
        info = data.info
        if info is None or not info.may_have_file(file):
            continue
        if file not in data.listed:
            data.listed[file] = list(_units_in(info, file))
        for unit, lines, files in data.listed[file]:
            yield image, info, unit, lines, files


def _units_in(info: DebugInfo, file: str) -> Iterator[tuple[Unit, UnitLines, set[int]]]:
    """The same for one file that was loaded."""
    for unit in info.dwarf.units:
        try:
            files = _files_called(info, unit, file)
            lines = info.lines(unit) if files else None
        except (OSError, Malformed):
            # A damaged unit has no lines.
            continue
        if lines is not None:
            yield unit, lines, files


def _files_called(info: DebugInfo, unit: Unit, file: str) -> set[int]:
    if unit.kind in (dw.UT_TYPE, dw.UT_SPLIT_TYPE):
        return set()
    program = info.file_names(unit)
    if program is None:
        return set()
    folder = unit.root.string(dw.AT_COMP_DIR) or ""
    found = set()
    for number in range(program.file_count()):
        name = program.file_name(number)
        if is_file(file, path_in(folder, name), name):
            found.add(number)
    return found


def is_file(wanted: str, path: str, name: str) -> bool:
    """Whether a file is meant: by its path, or by the end of it."""
    return wanted in (path, name) or path.endswith(f"/{wanted}") or name.endswith(f"/{wanted}")


if TYPE_CHECKING:
    _Listed = tuple[Image, DebugInfo, Unit, UnitLines, set[int]]
