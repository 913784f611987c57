"""The symbols of one address space."""

from __future__ import annotations

import re

from seize.errors import UsageError
from seize.kernel.demangle import demangle
from seize.stacks import CodeSpace, Malformed, by_names
from seize.symbols.imagedata import ImageCache
from seize.symbols.images import CodeView, Image, find_loader, images_of
from seize.symbols.linespec import resolve
from seize.symbols.names import Symbol
from seize.symbols.places import Place
from seize.symbols.prologue import after_prologue
from seize.symbols.scopes import activations_at, linkage_name, qualified_name, shown_name
from seize.symbols.stack import Stack
from seize.symbols.tls import tls_address
from seize.symbols.values import Value
from seize.symbols.variables import Surroundings, read_variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from seize.stacks.backend import Backend
    from seize.symbols.debuginfo import DebugInfo
    from seize.symbols.dies import Die
    from seize.symbols.dwarf import Unit
    from seize.symbols.frames import Frame
    from seize.symbols.images import Loader
    from seize.symbols.types import Field

_NUMBERED = re.compile(r"\.\d+$")
_HOOKS = ("_dl_debug_state", "r_debug_state", "_rtld_debug_state")


class Symbols:
    """What the images of one process are called, and where their source is.

    ``backend`` is the process; what is read of files is kept in ``cache``, which several
    address spaces may share.  All addresses are the process's own.
    """

    def __init__(self, backend: Backend, cache: ImageCache | None = None) -> None:
        self.backend = backend
        self.cache = cache or ImageCache()
        self.view = CodeView(backend)
        self.code = CodeSpace(self.cache.modules)
        self._images: tuple[Image, ...] | None = None
        self._symbols: dict[tuple[str, Image | None], Symbol | None] = {}

    # ------------------------------------------------------------------ images

    @property
    def images(self) -> tuple[Image, ...]:
        """The images that are mapped, as they were at the last refresh."""
        if self._images is None:
            self._images = images_of(self.backend, self.cache.modules)
        return self._images

    def refresh(self) -> tuple[tuple[Image, ...], tuple[Image, ...]]:
        """Read the map and the link map again: what is loaded since then, and what is gone.

        Raises TraceeGone where the process is dead.
        """
        before = {_identity(image) for image in self._images or ()}
        old = self._images or ()
        self.code.invalidate()
        self._symbols.clear()
        self._images = images_of(self.backend, self.cache.modules)
        now = {_identity(image) for image in self._images}
        loaded = tuple(image for image in self._images if _identity(image) not in before)
        return loaded, tuple(image for image in old if _identity(image) not in now)

    def image_at(self, address: int) -> Image | None:
        """The image that an address is in."""
        return next((image for image in self.images if address in image), None)

    @property
    def loader(self) -> Loader | None:
        """What the loader tells (struct r_debug); None where it has not begun, or there is none."""
        return find_loader(self.backend)

    def debug_hook(self) -> int | None:
        """The function that the loader calls when it has loaded or unloaded a library.

        None where there is no loader.
        """
        loader = self.loader
        if loader is not None:
            return loader.hook
        base = self.backend.auxv().get(_AT_BASE, 0)
        for image in self.images:
            if base and base in image:
                for name in _HOOKS:
                    for symbol in self.cache.of(image.module).names.find(name):
                        return symbol.address + image.bias
        return None

    # ------------------------------------------------------------------ names

    def symbol(self, name: str, *, first: Image | None = None) -> Symbol | None:
        """The first symbol of this (linkage) name, in the order of the images.

        That of the image ``first`` comes before the others.
        """
        key = name, first
        if key not in self._symbols:
            found = () if first is None else self.cache.of(first.module).names.find(name)
            own = next((_moved(symbol, first) for symbol in found), None) if first else None
            self._symbols[key] = own or next(self.symbols_named(name), None)
        return self._symbols[key]

    def symbols_named(self, name: str) -> Iterator[Symbol]:
        """All symbols of exactly this (linkage) name."""
        for image in self.images:
            for symbol in self.cache.of(image.module).names.find(name):
                yield _moved(symbol, image)

    def symbols(self, pattern: str | re.Pattern[str]) -> tuple[Symbol, ...]:
        """The symbols in whose (C++) names a regular expression is found."""
        compiled = compiled_pattern(pattern)
        return tuple(
            _moved(symbol, image)
            for image in self.images
            for symbol in self.cache.of(image.module).names.search(compiled, functions=False)
        )

    def resolve(self, where: str | re.Pattern[str]) -> tuple[Place, ...]:
        """The places of breakpoints that ``where`` names; none if nothing has such a name (yet).

        A function (``main``, ``ns::Class::method``, ``f(int)``), ``file.c:12``, ``file.c:f``,
        ``symbol+4``, ``*0x401136``, or a regular expression over the names of functions.  A
        function's place is behind its prologue, and wherever it is inlined.  Raises UsageError
        where the text makes no sense.
        """
        return resolve(self, where)

    # ------------------------------------------------------------------ by address

    def info_at(self, address: int) -> tuple[Image, DebugInfo | None] | None:
        """The image that an address is in, and its debugging information."""
        image = self.image_at(address)
        if image is None:
            return None
        return image, self.cache.of(image.module).info

    def describe(self, address: int, *, lookup: int | None = None) -> Place:
        """What is at an address; ``lookup`` is where to look it up (inside of a call before it)."""
        image = self.image_at(address)
        if image is None:
            return Place(address)
        inside = (address if lookup is None else lookup) - image.bias
        name, offset = self._symbol_over(image, inside)
        if name is not None and lookup is not None:
            offset += address - lookup
        data = self.cache.of(image.module)
        function, file, path, line, inlined = None, "", "", 0, False
        try:
            if data.info is not None:
                function, inlined = _function_over(data.info, inside)
                file, path, line = _line_over(data.info, inside)
        except (OSError, Malformed):
            # Damaged debugging information is as good as none.
            function = None
        return Place(address, name, offset, function, file, line, image, path, inlined)

    def describe_symbol(self, address: int) -> tuple[str, int] | None:
        """The name of the function or the variable over an address, and how far it is into it."""
        image = self.image_at(address)
        if image is None:
            return None
        name, offset = self._symbol_over(image, address - image.bias)
        return None if name is None else (name, offset)

    def _symbol_over(self, image: Image, address: int) -> tuple[str | None, int]:
        """The name of the function or the variable over an address, and how far it is into it."""
        data = self.cache.of(image.module)
        if data.names.is_code(address):
            stub = None if data.stubs is None else data.stubs.at(address)
            if stub is not None:
                return stub[0], address - stub[1]
            code = image.module.symbol(address)
            if code is None or (code.size and address >= code.address + code.size):
                # What is nearest isn't it.
                return None, 0
            return self._function_name(image, code.name, address), address - code.address
        variable = data.names.data_at(address)
        if variable is None:
            return None, 0
        # A static variable of a function: the compiler has numbered it.
        name = _NUMBERED.sub("", variable.name) if data.info else variable.name
        return demangle(name), address - variable.address

    def _function_name(self, image: Image, symbol: str, address: int) -> str:
        """A function's name; of a clone that the compiler has made, that of the original."""
        name, info = demangle(symbol), self.info_of(image)
        if "." in symbol and info is not None:
            function = info.function_at(address)
            original = None if function is None else function.any_name
            if original and symbol.startswith(f"{original}."):
                return original
            return name.partition(" [clone ")[0] if function is not None else name
        return name

    def line_block(self, address: int) -> tuple[int, int, str, int] | None:
        """The piece of a source line around an address: (start, end, file, line), end exclusive.

        None where the line isn't known.
        """
        found = self.info_at(address)
        if found is None or found[1] is None:
            return None
        image, info = found
        assert info is not None
        try:
            unit = info.unit_of(address - image.bias)
            lines = None if unit is None else info.lines(unit)
            block = None if lines is None else lines.block(address - image.bias)
        except (OSError, Malformed):
            # Damaged debugging information is as good as none.
            return None
        if block is None or lines is None:
            return None
        assert unit is not None
        name = info.file_name(unit, block.file)
        return block.start + image.bias, block.end + image.bias, name, block.line

    def is_statement(self, address: int) -> bool:
        """Whether the compiler says that a statement begins at exactly this address."""
        found = self.info_at(address)
        if found is None or found[1] is None:
            return False
        image, info = found
        assert info is not None
        unit = info.unit_of(address - image.bias)
        lines = None if unit is None else info.lines(unit)
        block = None if lines is None else lines.block(address - image.bias)
        return block is not None and block.is_stmt and block.start + image.bias == address

    def function_range(self, address: int) -> tuple[int, int] | None:
        """The code of the function (not an inlined one) around an address: (start, end)."""
        image = self.image_at(address)
        if image is None:
            return None
        symbol = image.module.symbol(address - image.bias)
        if symbol is None or not symbol.size:
            return None
        start = symbol.address + image.bias
        return (start, start + symbol.size) if start <= address < start + symbol.size else None

    def after_prologue(self, address: int) -> int:
        """Where the body of the function at ``address`` begins: the place of its breakpoint."""
        image = self.image_at(address)
        if image is None:
            return address
        module = image.module
        info = self.cache.of(module).info
        word = module.elf.word
        try:
            inside = after_prologue(info, module.function_bytes, address - image.bias, word)
        except (OSError, Malformed):
            # Damaged debugging information is as good as none.
            inside = after_prologue(None, module.function_bytes, address - image.bias, word)
        return inside + image.bias

    def is_in_prologue(self, address: int) -> bool:
        """Whether an address is before the body of its function."""
        found = self.function_range(address)
        return found is not None and address < self.after_prologue(found[0])

    # ------------------------------------------------------------------ stacks

    def stack(
        self, registers: Mapping[str, int], vector: Callable[[int], bytes | None] | None = None
    ) -> Stack:
        """The stack of a stopped thread.

        ``registers`` are its registers by the kernel's names; ``vector`` gives the bytes of a
        vector register by its number (0 for xmm0), where variables are in such.
        """
        machine, values = by_names(registers)
        thread = registers.get("fs_base" if machine.word == 8 else "gs_base")
        return Stack(self, machine, values, thread_pointer=thread, vector=vector)

    def frames(
        self, registers: Mapping[str, int], vector: Callable[[int], bytes | None] | None = None
    ) -> Iterator[Frame]:
        """Give the frames of a stopped thread, the innermost first: see `stack`.

        Nothing is raised for a broken stack: it ends.
        """
        return iter(self.stack(registers, vector))

    # ------------------------------------------------------------------ memory, for values

    @property
    def word_size(self) -> int:
        """The size of an address in bytes."""
        return self.backend.machine.word_size

    def read(self, address: int, size: int) -> bytes:
        """Memory; MemoryFault where it isn't there."""
        return self.backend.read(address, size)

    def read_prefix(self, address: int, size: int) -> bytes:
        """The readable beginning of memory."""
        return self.backend.read_prefix(address, size)

    def name_of(self, address: int, *, is_code: bool) -> str | None:
        """What an address is called: ``name+offset``; None if nothing is known there."""
        place = self.describe_symbol(address)
        if place is None:
            return None
        name, offset = place
        return f"{name}+{offset}" if offset else name

    def static_member(self, field: Field) -> Value:
        """The value of a static member of a class."""
        assert field.static is not None
        die = field.static
        image = next((i for i in self.images if self.info_of(i) and _is_of(self, i, die)), None)
        name, qualified = linkage_name(die), qualified_name(die)
        symbol = None if name is None or name == die.name else self.symbol(name)
        if symbol is None and image is not None and die.name:
            # The definition has the linkage name, not the declaration in the class.
            candidates = self.cache.of(image.module).names.mangled_with(die.name)
            found = (s for s in candidates if s.kind == "data" and demangle(s.name) == qualified)
            symbol = next((_moved(candidate, image) for candidate in found), None)
        if symbol is not None:
            return Value(field.type, self, address=symbol.address)
        if image is None:
            return Value(field.type, self, missing=((0, 8 * field.type.size),))
        return read_variable(die, Surroundings(self, image, die.unit, None))

    def info_of(self, image: Image) -> DebugInfo | None:
        """The debugging information of an image."""
        return self.cache.of(image.module).info

    def tls_address(self, image: Image, offset: int, thread_pointer: int) -> int | None:
        """The address of a thread's own variable: ``offset`` is that in the image's TLS block.

        ``thread_pointer`` is the thread's fs_base (on i386 the base of gs).  None where the
        C library doesn't tell, or the thread hasn't got the block yet.
        """
        return tls_address(self, image, offset, thread_pointer)

    def word(self, address: int, size: int) -> int:
        """A little-endian number in memory; Malformed if it can't be read."""
        data = self.backend.read_prefix(address, size)
        if len(data) != size:
            raise Malformed(f"no memory at {address:#x}")
        return int.from_bytes(data, "little")


_AT_BASE = 7


def _is_of(symbols: Symbols, image: Image, die: Die) -> bool:
    info = symbols.info_of(image)
    return info is not None and info.dwarf is die.unit.owner.dwarf


def _identity(image: Image) -> tuple[str, int, int]:
    return image.path, image.bias, id(image.module)


def _moved(symbol: Symbol, image: Image) -> Symbol:
    if symbol.kind == "tls":
        return symbol
    return Symbol(symbol.name, symbol.address + image.bias, symbol.size, symbol.kind)


def compiled_pattern(pattern: str | re.Pattern[str]) -> re.Pattern[str]:
    """A regular expression; UsageError where the text is none."""
    try:
        return re.compile(pattern)
    except re.error as error:
        raise UsageError(f"bad regular expression '{pattern}': {error}") from error


def _function_over(info: DebugInfo, address: int) -> tuple[str | None, bool]:
    function = info.function_at(address)
    if function is None:
        return None, False
    innermost: Die = activations_at(function, address)[0][0]
    return shown_name(innermost), innermost is not function


def _line_over(info: DebugInfo, address: int) -> tuple[str, str, int]:
    unit: Unit | None = info.unit_of(address)
    lines = None if unit is None else info.lines(unit)
    block = None if lines is None else lines.block(address)
    if block is None or lines is None or unit is None:
        return "", "", 0
    return info.file_name(unit, block.file), info.path(unit, block.file), block.line
