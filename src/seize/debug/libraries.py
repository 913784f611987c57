"""Being told when the dynamic linker loads or unloads an image (its r_brk, see <link.h>)."""

from __future__ import annotations

from seize.errors import MemoryFault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

    from seize.debug.process import Process
    from seize.debug.reasons import LibrariesChanged
    from seize.debug.thread import Thread


class LibraryHook:
    """Sits where the dynamic linker calls when its list has changed."""

    def __init__(self, process: Process, address: int) -> None:
        self._process = process
        self._address = address
        self.reason: LibrariesChanged | None = None

    @classmethod
    def make(cls, process: Process) -> Self | None:
        """Insert one; None in a program without a dynamic linker."""
        address = process.symbols.debug_hook()
        if address is None:
            return None
        hook = cls(process, address)
        try:
            process.space.insert(process.raw_memory, address, hook)
        except MemoryFault:
            return None
        process.symbols.refresh()
        return hook

    def reached(self, thread: Thread) -> bool:
        """Look what has changed, and place breakpoints; True if somebody wants to be told."""
        process = thread.process
        loaded, unloaded = process.symbols.refresh()
        if not loaded and not unloaded:
            return False
        debugger = process.debugger
        debugger.control.place_breakpoints(process)
        self.reason = debugger.catchpoints.libraries(thread, loaded, unloaded)
        return self.reason is not None
