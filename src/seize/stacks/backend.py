"""What stands behind a process that is looked at: a living one, or a core file.

Only protocols: nothing here is needed at run time.
"""

from __future__ import annotations

from typing import Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.arch import Arch
    from seize.memory import Mapping


class CodeMemory(Protocol):
    """What unwinding and naming read of an address space."""

    def read_prefix(self, address: int, size: int) -> bytes:
        """Return the readable beginning of ``size`` bytes at ``address``: maybe b""."""

    def code_maps(self) -> tuple[Mapping, ...]:
        """The executable mappings in the order of addresses; none if the process is gone."""

    def open_image(self, mapping: Mapping) -> str | None:
        """A path by which the file that is mapped there can be opened; None if there is none."""


class Backend(Protocol):
    """One process: its memory, its map, its threads and their registers.

    A living process raises ``TraceeGone`` once it is dead, ``MemoryFault`` for memory that isn't
    there; ``machine`` is that of its main program, ``executable`` the path of that.
    """

    @property
    def pid(self) -> int:
        """The process id."""

    @property
    def machine(self) -> Arch:
        """The machine that its program is for."""

    @property
    def executable(self) -> str:
        """The path of the program."""

    def read(self, address: int, size: int) -> bytes:
        """Return exactly ``size`` bytes; MemoryFault if not all can be read."""

    def read_prefix(self, address: int, size: int) -> bytes:
        """Return the readable beginning of ``size`` bytes at ``address``: maybe b""."""

    def cstring(self, address: int, limit: int = 1 << 20) -> bytes:
        """Return the bytes of a C string without its NUL; MemoryFault if it has no end."""

    def maps(self) -> tuple[Mapping, ...]:
        """All mappings in the order of addresses."""

    def auxv(self) -> dict[int, int]:
        """The auxiliary vector, getauxval(3), by AT_* number."""

    def thread_ids(self) -> tuple[int, ...]:
        """The ids of its threads."""

    def regset(self, tid: int, note_type: int) -> bytes:
        """The registers of a stopped thread: the contents of an NT_* note."""

    def open_image(self, mapping: Mapping) -> str | None:
        """A path by which the file that is mapped there can be opened; None if there is none."""
