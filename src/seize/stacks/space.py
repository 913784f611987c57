"""The code of a process: which file is mapped where."""

from __future__ import annotations

from bisect import bisect_right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.memory import Mapping
    from seize.stacks.backend import CodeMemory
    from seize.stacks.modules import Module, Modules


class Code:
    """One executable mapping, and the image that it shows a part of.

    ``bias`` is the difference between addresses in the process and in the image.  ``module`` is
    None where there is no image: code made at run time, or a file that can't be read.
    """

    __slots__ = ("bias", "mapping", "module")

    def __init__(self, mapping: Mapping, module: Module | None) -> None:
        self.mapping = mapping
        first = None if module is None else module.elf.address_of(mapping.offset)
        self.bias = mapping.start - (first or 0)
        self.module = None if first is None else module

    def file_offset(self, address: int) -> int:
        """Where in the file the byte at an address of the process is."""
        return address - self.mapping.start + self.mapping.offset


class CodeSpace:
    """The executable mappings of one process, read again when they may have changed."""

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        # In the order of addresses: where mappings begin, what they are, what is known of them.
        self._starts: list[int] = []
        self._mappings: list[Mapping] = []
        self._codes: list[Code | None] = []
        self._stale = True
        self._fresh = False

    def invalidate(self) -> None:
        """Read the map again before it is used next: a call has changed it."""
        self._stale = True

    def begin(self) -> None:
        """A new stack is taken: an unknown address may be a reason to read the map again."""
        self._fresh = False

    def find(self, address: int, memory: CodeMemory) -> Code | None:
        """The code at an address, None if nothing executable is mapped there."""
        if not self._stale:
            found = self._find(address, memory)
            if found is not None or self._fresh:
                return found
        self._read(memory)
        return self._find(address, memory)

    def _find(self, address: int, memory: CodeMemory) -> Code | None:
        index = bisect_right(self._starts, address) - 1
        if index < 0 or address >= self._mappings[index].end:
            return None
        code = self._codes[index]
        if code is None:
            mapping = self._mappings[index]
            code = self._codes[index] = Code(mapping, self._modules.of(mapping, memory))
        return code

    def _read(self, memory: CodeMemory) -> None:
        known = dict(zip(self._mappings, self._codes, strict=True))
        self._mappings = list(memory.code_maps())
        self._starts = [mapping.start for mapping in self._mappings]
        self._codes = [known.get(mapping) for mapping in self._mappings]
        self._stale, self._fresh = False, True
