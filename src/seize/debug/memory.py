"""The memory of a stopped process, as the program means it: without the debugger's breakpoints."""

from __future__ import annotations

from struct import Struct
from struct import error as struct_error

from seize.debug.snapshots import Snapshot, take
from seize.errors import UsageError
from seize.memory.readable import Readable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any, Protocol

    from seize.memory import Mapping

    class RawMemory(Protocol):
        """An address space as it is: ``seize.memory.Memory``, or a core file's."""

        def read_prefix(self, address: int, size: int) -> bytes:
            """Return the readable beginning."""

        def read_forced(self, address: int, size: int) -> bytes:
            """Return the mapped beginning, whatever its protection."""

        def write(self, address: int, data: bytes, *, force: bool = False) -> None:
            """Write all of it."""

        def maps(self) -> tuple[Mapping, ...]:
            """Return the mappings."""

        def code_maps(self) -> tuple[Mapping, ...]:
            """Return the executable mappings."""

        def open_image(self, mapping: Mapping) -> str | None:
            """Return the path of what is mapped there."""

    class Shadow(Protocol):
        """Knows what the debugger has written over the program, such as breakpoints."""

        def hide(self, address: int, data: bytes) -> bytes:
            """Put into what was read what the program has there."""

        def write(self, address: int, data: bytes) -> bytes:
            """Take note of what the program has there now; return what to write really."""


_FORMS = {
    "u8": "B",
    "u16": "H",
    "u32": "I",
    "u64": "Q",
    "i8": "b",
    "i16": "h",
    "i32": "i",
    "i64": "q",
    "f32": "f",
    "f64": "d",
}
_CHUNK = 1 << 20


class Typed:
    """Memory as numbers of one type: ``memory.u32[address]``, and the same to assign.

    ``MemoryFault`` where it can't be read or written, ``UsageError`` for a value that doesn't
    fit.
    """

    __slots__ = ("_code", "_layout", "_memory", "form", "size")

    def __init__(self, memory: DebugMemory, form: str, code: str) -> None:
        self._memory = memory
        self._code = code
        self._layout = Struct(f"<{code}")
        self.form = form
        self.size = self._layout.size

    def __getitem__(self, address: int) -> Any:
        return self._layout.unpack(self._memory.read(address, self.size))[0]

    def __setitem__(self, address: int, value: float) -> None:
        self._memory.write(address, _packed(self._layout, self.form, (value,)))

    def array(self, address: int, count: int) -> tuple[Any, ...]:
        """Return so many numbers, one after the other."""
        if count < 0:
            raise UsageError(f"there is no array of {count} elements")
        if not count:
            return ()
        return Struct(f"<{count}{self._code}").unpack(self._memory.read(address, count * self.size))

    def set_array(self, address: int, values: Sequence[float]) -> None:
        """Write numbers one after the other."""
        layout = Struct(f"<{len(values)}{self._code}")
        self._memory.write(address, _packed(layout, self.form, values))


def _packed(layout: Struct, form: str, values: Sequence[Any]) -> bytes:
    try:
        return layout.pack(*values)
    except (struct_error, OverflowError) as error:
        shown = ", ".join(map(str, values))
        raise UsageError(f"{shown}: no value for {form} ({error})") from None


class _Form:
    """The attribute of a memory that shows it as numbers of one type."""

    __slots__ = ("form",)

    def __init__(self, form: str) -> None:
        self.form = form

    def __get__(self, memory: DebugMemory, owner: type[DebugMemory] | None = None) -> Typed:
        return Typed(memory, self.form, _FORMS[self.form])


class DebugMemory(Readable):
    """Reads and writes the address space of a process that is debugged.

    What the debugger has inserted doesn't show, and what is written under it is kept for when
    it is taken out again.  Protection doesn't count: read-only pages can be written (private
    ones are copied first, so no file is changed), unreadable ones read.

    ``raw`` gives the address space as it is now, ``word_size`` the size of a pointer in bytes.
    """

    u8, u16, u32, u64 = _Form("u8"), _Form("u16"), _Form("u32"), _Form("u64")
    i8, i16, i32, i64 = _Form("i8"), _Form("i16"), _Form("i32"), _Form("i64")
    f32, f64 = _Form("f32"), _Form("f64")

    def __init__(
        self,
        raw: Callable[[], RawMemory],
        shadow: Shadow | None = None,
        word_size: int = 8,
    ) -> None:
        self._raw = raw
        self._shadow = shadow
        self.word_size = word_size

    def read_prefix(self, address: int, size: int) -> bytes:
        """Return the readable beginning of ``size`` bytes at ``address``: maybe b""."""
        raw = self._raw()
        data = raw.read_prefix(address, size)
        if len(data) < size:
            data += raw.read_forced(address + len(data), size - len(data))
        return data if self._shadow is None or not data else self._shadow.hide(address, data)

    def write(self, address: int, data: bytes) -> None:
        """Write all of ``data`` at ``address``; MemoryFault if that is not possible."""
        raw = self._raw()
        if self._shadow is not None:
            # The shadow must not take note of what can't be written.
            self.read(address, len(data))
            data = self._shadow.write(address, data)
        raw.write(address, data, force=True)

    def maps(self) -> tuple[Mapping, ...]:
        """Return the mappings in the order of addresses."""
        return self._raw().maps()

    def code_maps(self) -> tuple[Mapping, ...]:
        """Return the executable mappings in the order of addresses."""
        return self._raw().code_maps()

    def open_image(self, mapping: Mapping) -> str | None:
        """Return a path by which the file behind a mapping can be opened; None if there is none."""
        return self._raw().open_image(mapping)

    # ------------------------------------------------------------------ typed

    @property
    def pointer(self) -> Typed:
        """Memory as pointers of the program's machine."""
        form = "u64" if self.word_size == 8 else "u32"
        return Typed(self, form, _FORMS[form])

    def unpack(self, form: str, address: int) -> tuple[Any, ...]:
        """Read a struct by its layout in the words of ``struct``, such as ``"<IHH8s"``.

        Without a byte order it is little-endian, and without padding.
        """
        layout = _layout(form)
        return layout.unpack(self.read(address, layout.size)) if layout.size else ()

    def pack(self, form: str, address: int, *values: Any) -> None:
        """Write a struct by its layout."""
        self.write(address, _packed(_layout(form), repr(form), values))

    # ------------------------------------------------------------------ searching and comparing

    def search(
        self,
        pattern: bytes,
        start: int | None = None,
        size: int | None = None,
        *,
        alignment: int = 1,
    ) -> Iterator[int]:
        """Give the addresses where ``pattern`` is, in ascending order; overlapping ones too.

        From ``start``, ``size`` bytes far (default: all of the address space), over what is
        mapped there and can be read; only at multiples of ``alignment``.
        """
        if not pattern or alignment < 1 or (size is not None and size < 0):
            raise UsageError("a search needs at least one byte, an alignment and a size above 0")
        first = 0 if start is None else start
        last = 1 << 64 if size is None else first + size
        for begin, end in _readable(self.maps(), first, last):
            yield from self._search(pattern, begin, end, alignment)

    def _search(self, pattern: bytes, begin: int, end: int, alignment: int) -> Iterator[int]:
        overlap = len(pattern) - 1
        kept = b""
        while begin < end:
            size = min(_CHUNK, end - begin)
            data = kept + (fresh := self.read_prefix(begin, size))
            base = begin - len(kept)
            place = data.find(pattern)
            while place >= 0:
                if not (base + place) % alignment:
                    yield base + place
                place = data.find(pattern, place + 1)
            if len(fresh) < size:
                # A page that can't be read: such as that of a file that has become shorter.
                begin = (begin + len(fresh) & -4096) + 4096
                kept = b""
            else:
                begin += size
                kept = data[-overlap:] if overlap else b""

    def snapshot(
        self,
        what: Callable[[Mapping], bool] | Iterable[tuple[int, int]] | None = None,
        *,
        limit: int = 1 << 30,
    ) -> Snapshot:
        """Keep a copy of memory, to compare it later (``before.diff(after)``).

        ``what`` tells which: mappings by a function, or (address, size) pairs; by default
        everything that the program may write.  UsageError if it is more than ``limit`` bytes.
        """
        return take(self, what, limit)


def _layout(form: str) -> Struct:
    try:
        return Struct(form if form[:1] in ("<", ">", "!", "=", "@") else f"<{form}")
    except struct_error as error:
        raise UsageError(f"{form!r} is no layout of a struct: {error}") from None


def _readable(maps: tuple[Mapping, ...], first: int, last: int) -> Iterator[tuple[int, int]]:
    """Give the readable ranges between two addresses; mappings side by side are one."""
    begin = end = 0
    for mapping in maps:
        if mapping.permissions[0] != "r" or mapping.end <= first or mapping.start >= last:
            continue
        if mapping.start != end:
            if end > begin:
                yield begin, end
            begin = max(mapping.start, first)
        end = min(mapping.end, last)
    if end > begin:
        yield begin, end
