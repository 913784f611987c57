"""What is known of one file, whichever processes map it: read once, and kept."""

from __future__ import annotations

from seize.stacks import Malformed, Modules
from seize.symbols.debuginfo import DebugInfo
from seize.symbols.names import SymbolNames
from seize.symbols.plt import Stubs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.stacks import Module
    from seize.stacks.elf import Elf
    from seize.symbols.dwarf import Unit
    from seize.symbols.sourcelines import UnitLines

_MOST_FILES = 4096


class ImageData:
    """The names and the debugging information of one file."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self._names: SymbolNames | None = None
        self._info: DebugInfo | None = None
        self._info_sought = False
        self._stubs: Stubs | None = None
        self._stubs_sought = False
        # What was looked up, by what was asked for: breakpoints ask again at each new library.
        self.entries: dict[str, dict[int, bool]] = {}
        self.listed: dict[str, list[tuple[Unit, UnitLines, set[int]]]] = {}

    @property
    def names(self) -> SymbolNames:
        """The symbols of the file, of its debug file and of .gnu_debugdata."""
        if self._names is None:
            module = self.module
            files = [elf for elf in (module.elf, module.debug, module.embedded) if elf is not None]
            try:
                self._names = SymbolNames(files)
            except (OSError, Malformed):
                # A damaged file has no names.
                self._names = SymbolNames([])
        return self._names

    @property
    def stubs(self) -> Stubs | None:
        """The stubs of the procedure linkage table; None if the file is damaged."""
        if not self._stubs_sought:
            self._stubs_sought = True
            try:
                self._stubs = Stubs(self.module.elf)
            except (OSError, Malformed):
                # As if it had none.
                self._stubs = None
        return self._stubs

    @property
    def info(self) -> DebugInfo | None:
        """The debugging information, in the file or in its debug file; None if there is none."""
        if not self._info_sought:
            self._info_sought = True
            for elf in (self.module.elf, self.module.debug):
                if elf is not None and _has_info(elf):
                    self._info = DebugInfo(elf)
                    break
        return self._info


def _has_info(elf: Elf) -> bool:
    try:
        section = elf.section(".debug_info")
    except (OSError, Malformed):
        # A damaged file has none.
        return False
    return section is not None and bool(elf.contents(section, 1))


class ImageCache:
    """The files that were read, each once, whichever processes map them."""

    def __init__(self, modules: Modules | None = None) -> None:
        self.modules = modules or Modules(most=_MOST_FILES)
        self._known: dict[Module, ImageData] = {}

    def of(self, module: Module) -> ImageData:
        """What is known of a file."""
        data = self._known.get(module)
        if data is None:
            data = self._known[module] = ImageData(module)
        return data

    def close(self) -> None:
        """Close all files."""
        self.modules.close()
        self._known.clear()
