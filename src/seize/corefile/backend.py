"""A core file as the process that it was: memory, mappings, threads and registers."""

from __future__ import annotations

from bisect import bisect_right

from seize.corefile.images import Images
from seize.corefile.reader import CoreFile
from seize.errors import Unsupported, UsageError
from seize.memory import Mapping
from seize.memory.readable import Readable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import NoReturn, Self

    from seize.arch import Arch
    from seize.corefile.layout import MappedFile
    from seize.corefile.reader import CoreThread

_AT_PHDR, _AT_ENTRY, _AT_RANDOM, _AT_SYSINFO_EHDR = 3, 9, 25, 33
_NO_DEVICE = "00:00"


class CoreBackend(Readable):
    """The process that a core file is of; see ``seize.stacks.backend.Backend``.

    Memory that isn't in the core, such as program text, is read of the files that were mapped,
    if they are below ``root`` and still the same.  ``program`` is where the main program is,
    if not where it was.  ``changed_files`` are those that were found to be others now.

    Raises ``BadCore`` for what is no core file.
    """

    def __init__(self, path: str, *, root: str = "", program: str | None = None) -> None:
        self.core = CoreFile(path)
        self._files = sorted(self.core.files, key=lambda each: each.start)
        self._starts = [each.start for each in self._files]
        main = self._main_file()
        instead = {} if main is None or program is None else {main.path: program}
        self._images = Images(self.core, root, instead)
        self._executable = program or ("" if main is None else main.path)
        self._maps: tuple[Mapping, ...] | None = None

    def close(self) -> None:
        """Close the core and the files that it names."""
        self._images.close()
        self.core.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # ------------------------------------------------------------------ what it was

    @property
    def pid(self) -> int:
        """The process id that it had."""
        return self.core.pid

    @property
    def machine(self) -> Arch:
        """The machine that its program is for."""
        return self.core.machine

    @property
    def executable(self) -> str:
        """The path of the program; "" if the core doesn't tell."""
        return self._executable

    @property
    def changed_files(self) -> tuple[str, ...]:
        """Files that the core names, and that aren't what they were when it was written."""
        for path in {each.path for each in self._files}:
            self._images.of(path)
        return tuple(sorted(self._images.changed))

    def auxv(self) -> dict[int, int]:
        """The auxiliary vector, getauxval(3), by AT_* number."""
        return self.core.auxv

    def thread_ids(self) -> tuple[int, ...]:
        """The ids of its threads, the one that a signal killed first."""
        return tuple(self.core.threads)

    def thread(self, tid: int) -> CoreThread:
        """A thread; UsageError if the core has none of that id."""
        found = self.core.threads.get(tid)
        if found is None:
            raise UsageError(f"'{self.core.path}' has no thread {tid}")
        return found

    def regset(self, tid: int, note_type: int) -> bytes:
        """The registers of a thread; ``Unsupported`` for a set that the core doesn't have."""
        found = self.thread(tid).regsets.get(note_type)
        if found is None:
            raise Unsupported(f"register set {note_type:#x}", "a core file that has it")
        return found

    def siginfo(self, tid: int) -> bytes:
        """The siginfo_t of the signal that a thread was about to get; b"" if there is none."""
        return self.thread(tid).siginfo

    # ------------------------------------------------------------------ memory

    def _file_at(self, address: int) -> MappedFile | None:
        index = bisect_right(self._starts, address) - 1
        if index < 0 or address >= self._files[index].end:
            return None
        return self._files[index]

    def _main_file(self) -> MappedFile | None:
        """The mapping of the program itself, which has the program headers and the entry."""
        for kind in (_AT_PHDR, _AT_ENTRY):
            found = self._file_at(self.core.auxv.get(kind, 0))
            if found is not None:
                return found
        return None

    def read_prefix(self, address: int, size: int) -> bytes:
        """Return the readable beginning of ``size`` bytes at ``address``: maybe b""."""
        parts: list[bytes] = []
        while size > 0:
            data = self.core.read_prefix(address, size) or self._read_file(address, size)
            if not data:
                break
            parts.append(data)
            address += len(data)
            size -= len(data)
        return b"".join(parts)

    def _read_file(self, address: int, size: int) -> bytes:
        """Read what a file has at an address, up to where the core itself has something."""
        file = self._file_at(address)
        image = None if file is None else self._images.of(file.path)
        if file is None or image is None:
            return b""
        end = min(address + size, file.end)
        following = self.core.next_data(address)
        if following is not None:
            end = min(end, following)
        return image.read(file.offset + address - file.start, end - address)

    def read_forced(self, address: int, size: int) -> bytes:
        """Return b"": everything that there is can be read."""
        return b""

    def write(self, address: int, data: bytes, *, force: bool = False) -> NoReturn:
        """Refuse: UsageError."""
        raise UsageError(f"'{self.core.path}' is a core file, which can't be changed")

    # ------------------------------------------------------------------ mappings

    def maps(self) -> tuple[Mapping, ...]:
        """All mappings that the core tells of, in the order of addresses.

        What is shared and which device a file is on isn't known any more.
        """
        if self._maps is None:
            known = [self._mapping(s.address, s.size, s.permissions) for s in self.core.segments]
            for file in self._files:
                if self.core.segment_at(file.start) is None:
                    known.append(self._mapping(file.start, file.end - file.start, None))
            self._maps = tuple(sorted(known, key=lambda mapping: mapping.start))
        return self._maps

    def _mapping(self, start: int, size: int, permissions: str | None) -> Mapping:
        file = self._file_at(start)
        if file is None:
            name = self._name(start, start + size)
            return Mapping(start, start + size, permissions or "r--p", 0, _NO_DEVICE, 0, name)
        offset = file.offset + start - file.start
        image = self._images.of(file.path)
        if permissions is None:
            permissions = "r--p" if image is None else image.permissions(offset)
        inode = 0 if image is None else image.inode
        return Mapping(start, start + size, permissions, offset, _NO_DEVICE, inode, file.path)

    def _name(self, start: int, end: int) -> str:
        """What /proc/PID/maps calls memory without a file."""
        for kind, name in ((_AT_SYSINFO_EHDR, "[vdso]"), (_AT_RANDOM, "[stack]")):
            if start <= self.core.auxv.get(kind, 0) < end:
                return name
        return ""

    def code_maps(self) -> tuple[Mapping, ...]:
        """The executable mappings in the order of addresses."""
        return tuple(mapping for mapping in self.maps() if "x" in mapping.permissions)

    def open_image(self, mapping: Mapping) -> str | None:
        """A path by which the file that was mapped there can be opened; None if there is none."""
        file = self._file_at(mapping.start)
        image = None if file is None else self._images.of(file.path)
        return None if image is None else image.path
