"""Call frame information: .eh_frame and .debug_frame (DWARF 5, section 6.4; LSB, chapter 10).

A frame description entry (FDE) tells for a range of addresses how the caller's registers are
found; what several of them have in common is in their common information entry (CIE).
"""

from __future__ import annotations

from bisect import bisect_right

from seize._frozen import frozen
from seize.stacks.reading import Cursor, Malformed

_PE_ABSENT, _PE_OMIT = 0x00, 0xFF
_PE_PC_RELATIVE, _PE_DATA_RELATIVE = 0x10, 0x30
# Encodings of a fixed size: bytes, and whether they are signed.
_PE_FORMATS = {0x02: (2, False), 0x03: (4, False), 0x04: (8, False)} | {
    0x0A: (2, True),
    0x0B: (4, True),
    0x0C: (8, True),
}
_TABLE_ENCODING = 0x3B
"""A pair of signed 32-bit numbers relative to the header: what every linker writes."""
_COUNT_ENCODING = 0x03
_MOST_ENTRIES = 1 << 20


@frozen
class Cie:
    """What frame descriptions share.

    The caller's program counter is in ``return_register``.  ``is_signal`` tells that these are
    frames that a signal's delivery has made: the caller was interrupted, it didn't call.
    """

    code_alignment: int
    data_alignment: int
    return_register: int
    is_signal: bool
    pointer_encoding: int
    has_augmentation: bool
    instructions: bytes


@frozen
class Fde:
    """How to unwind from ``start`` to ``end`` (exclusive), virtual addresses of the image."""

    cie: Cie
    start: int
    end: int
    instructions: bytes


class FrameTable:
    """The frame descriptions of one section, found by address.

    ``data`` is the section, which belongs at the virtual ``address``; ``is_eh`` tells .eh_frame
    from .debug_frame.  ``header`` and ``header_address`` are .eh_frame_hdr, whose sorted table
    is used if it is of the usual kind.  All methods raise ``Malformed`` for bad data.
    """

    def __init__(
        self,
        data: bytes,
        address: int,
        word: int,
        is_eh: bool,
        header: bytes = b"",
        header_address: int = 0,
    ) -> None:
        self._data = data
        self._address = address
        self._word = word
        self._is_eh = is_eh
        self._mask = (1 << 8 * word) - 1
        self._cies: dict[int, Cie] = {}
        # First addresses in order, and the offsets of their entries.
        self._starts: list[int] = []
        self._offsets: list[int] = []
        if not self._read_header(header, header_address):
            self._scan()

    def find(self, address: int) -> Fde | None:
        """The description of ``address``, or None if nothing tells."""
        index = bisect_right(self._starts, address) - 1
        if index < 0:
            return None
        fde = self._entry(self._offsets[index])
        if isinstance(fde, Fde) and fde.start <= address < fde.end:
            return fde
        return None

    # ------------------------------------------------------------------ the index

    def _read_header(self, header: bytes, address: int) -> bool:
        """Take the sorted table of .eh_frame_hdr; False if there is none of the usual kind."""
        if len(header) < 4 or header[0] != 1:
            return False
        _, section_encoding, count_encoding, table_encoding = header[:4]
        if count_encoding != _COUNT_ENCODING or table_encoding != _TABLE_ENCODING:
            return False
        cursor = Cursor(header, 4)
        self._pointer(cursor, section_encoding, address)
        count = cursor.unsigned(4)
        if count > _MOST_ENTRIES:
            raise Malformed(f"an .eh_frame_hdr of {count} entries")
        pairs = memoryview(cursor.take(8 * count)).cast("i")
        mask, shift = self._mask, address - self._address
        self._starts = [address + start & mask for start in pairs[0::2].tolist()]
        self._offsets = [shift + offset for offset in pairs[1::2].tolist()]
        return True

    def _scan(self) -> None:
        """Read every entry, where no table tells their places."""
        found: list[tuple[int, int]] = []
        cursor = Cursor(self._data)
        for _ in range(_MOST_ENTRIES):
            if cursor.position >= cursor.end:
                break
            start = cursor.position
            length, _ = cursor.initial_length()
            if not length:
                # The end of .eh_frame of one object; another's may follow.
                continue
            following = cursor.position + length
            try:
                entry = self._entry(start)
            except Malformed:
                entry = None
            if isinstance(entry, Fde):
                found.append((entry.start, start))
            if following > cursor.end:
                break
            cursor.position = following
        found.sort()
        self._starts = [start for start, _ in found]
        self._offsets = [offset for _, offset in found]

    # ------------------------------------------------------------------ entries

    def _entry(self, offset: int) -> Fde | Cie | None:
        """Read the entry at an offset; None for an empty one."""
        cursor = Cursor(self._data, offset)
        length, offset_size = cursor.initial_length()
        if not length:
            return None
        cursor = Cursor(self._data, cursor.position, cursor.position + length)
        id_place = cursor.position
        pointer = cursor.unsigned(4 if self._is_eh else offset_size)
        if self._is_eh:
            return self._fde(cursor, id_place - pointer) if pointer else self._cie(cursor)
        if pointer == (1 << 8 * offset_size) - 1:
            return self._cie(cursor)
        return self._fde(cursor, pointer)

    def _cie_at(self, offset: int) -> Cie:
        cie = self._cies.get(offset)
        if cie is None:
            # An entry that claims to be its own CIE would be one for ever.
            self._cies[offset] = _NO_CIE
            entry = self._entry(offset)
            if not isinstance(entry, Cie):
                raise Malformed(f"there is no CIE at {offset}")
            cie = self._cies[offset] = entry
        if cie is _NO_CIE:
            raise Malformed(f"there is no CIE at {offset}")
        return cie

    def _cie(self, cursor: Cursor) -> Cie:
        version = cursor.byte()
        if version not in (1, 3, 4):
            raise Malformed(f"a CIE of version {version}")
        augmentation = cursor.cstring()
        if version == 4 and (cursor.byte() != self._word or cursor.byte()):
            raise Malformed("a CIE of another address size")
        code_alignment, data_alignment = cursor.uleb(), cursor.sleb()
        return_register = cursor.byte() if version == 1 else cursor.uleb()
        encoding, is_signal = _PE_ABSENT, False
        if augmentation[:1] == b"z":
            size = cursor.uleb()
            inner = Cursor(cursor.data, cursor.position, cursor.position + size)
            encoding, is_signal = self._augmentation(inner, augmentation[1:])
            cursor.take(size)
        elif augmentation:
            raise Malformed(f"a CIE with the augmentation {augmentation!r}")
        return Cie(
            code_alignment,
            data_alignment,
            return_register,
            is_signal,
            encoding,
            bool(augmentation),
            cursor.take(cursor.end - cursor.position),
        )

    def _augmentation(self, cursor: Cursor, letters: bytes) -> tuple[int, bool]:
        """Read a CIE's augmentation data: the encoding of pointers, whether frames are signals'."""
        encoding, is_signal = _PE_ABSENT, False
        for letter in letters:
            if letter == ord("R"):
                encoding = cursor.byte()
            elif letter == ord("S"):
                is_signal = True
            elif letter == ord("L"):
                cursor.byte()
            elif letter == ord("P"):
                self._pointer(cursor, cursor.byte(), self._address)
            elif letter != ord("B"):
                # What it means, and how long it is, nobody knows.
                break
        return encoding, is_signal

    def _fde(self, cursor: Cursor, cie_offset: int) -> Fde:
        cie = self._cie_at(cie_offset)
        start = self._pointer(cursor, cie.pointer_encoding, self._address)
        size = self._pointer(cursor, cie.pointer_encoding & 0x0F, 0)
        if cie.has_augmentation:
            cursor.take(cursor.uleb())
        instructions = cursor.take(cursor.end - cursor.position)
        return Fde(cie, start, start + size, instructions)

    def _pointer(self, cursor: Cursor, encoding: int, base: int) -> int:
        """Read an encoded pointer; ``base`` is where the data that the cursor reads belongs."""
        if encoding == _PE_OMIT:
            return 0
        place = base + cursor.position
        form = encoding & 0x0F
        if form == 0x00:
            value = cursor.unsigned(self._word)
        elif form == 0x01:
            value = cursor.uleb()
        elif form == 0x09:
            value = cursor.sleb()
        elif form in _PE_FORMATS:
            size, is_signed = _PE_FORMATS[form]
            value = cursor.signed(size) if is_signed else cursor.unsigned(size)
        else:
            raise Malformed(f"a pointer in the encoding {encoding:#x}")
        relative_to = encoding & 0x70
        if relative_to == _PE_PC_RELATIVE:
            value += place
        elif relative_to == _PE_DATA_RELATIVE:
            value += base
        elif relative_to:
            raise Malformed(f"a pointer in the encoding {encoding:#x}")
        return value & self._mask


_NO_CIE = Cie(0, 0, 0, False, 0, False, b"")
