"""A living process under the debugger, as symbols and core files want to see it."""

from __future__ import annotations

from errno import ESRCH
from struct import Struct

from seize.errors import TraceeGone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.arch import Arch
    from seize.debug.process import Process
    from seize.memory import Mapping, Memory


class NativeBackend:
    """The ``Backend`` of a process that is debugged: see ``seize.stacks.backend``."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def machine(self) -> Arch:
        """The machine that its program is for."""
        return self._process.machine

    @property
    def executable(self) -> str:
        """The path of the program."""
        return self._process.executable

    @property
    def raw(self) -> Memory:
        """Its memory, with the breakpoint instructions that were inserted."""
        return self._process.raw_memory

    def read(self, address: int, size: int) -> bytes:
        """Return exactly ``size`` bytes; MemoryFault if not all can be read."""
        return self._process.memory.read(address, size)

    def read_prefix(self, address: int, size: int) -> bytes:
        """Return the readable beginning of ``size`` bytes at ``address``: maybe b""."""
        return self._process.memory.read_prefix(address, size)

    def cstring(self, address: int, limit: int = 1 << 20) -> bytes:
        """Return the bytes of a C string without its NUL; MemoryFault if it has no end."""
        return self._process.memory.cstring(address, limit)

    def maps(self) -> tuple[Mapping, ...]:
        """All mappings in the order of addresses."""
        return self.raw.maps()

    def code_maps(self) -> tuple[Mapping, ...]:
        """The executable mappings in the order of addresses; none if the process is gone."""
        return self.raw.code_maps()

    def auxv(self) -> dict[int, int]:
        """The auxiliary vector, getauxval(3), by AT_* number."""
        try:
            with open(f"/proc/{self.raw.tid}/auxv", "rb") as file:
                data = file.read()
        except OSError as error:
            raise TraceeGone("reading /proc/PID/auxv", self.pid, error.errno or ESRCH) from error
        pair = Struct("<2Q" if self.machine.word_size == 8 else "<2I")
        return dict(pair.iter_unpack(data[: len(data) // pair.size * pair.size]))

    def thread_ids(self) -> tuple[int, ...]:
        """The ids of its threads."""
        return tuple(self._process.threads)

    def regset(self, tid: int, note_type: int) -> bytes:
        """The registers of a stopped thread: the contents of an NT_* note."""
        return self._process.threads[tid].regset(note_type)

    def open_image(self, mapping: Mapping) -> str | None:
        """A path by which the file that is mapped there can be opened; None if there is none."""
        return self.raw.open_image(mapping)
