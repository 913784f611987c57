"""The index of addresses, .debug_aranges: which unit has code where (DWARF 5, 6.1.2)."""

from __future__ import annotations

from seize.stacks.reading import Cursor, Malformed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def aranges(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Give the ranges of addresses in a section: (start, end, the unit's offset in .debug_info).

    Raises ``Malformed`` where the section is damaged; what came before is good.
    """
    cursor = Cursor(data)
    while cursor.position < cursor.end:
        start = cursor.position
        length, offset_size = cursor.initial_length()
        end = cursor.position + length
        cursor.take(2)
        unit = cursor.unsigned(offset_size)
        word = cursor.byte()
        cursor.byte()
        if word not in (4, 8):
            raise Malformed(f"addresses of {word} bytes")
        # The pairs are aligned to their own size.
        cursor.take((start - cursor.position) % (2 * word))
        pairs = memoryview(cursor.take((end - cursor.position) // word // 2 * 2 * word))
        words = pairs.cast("Q" if word == 8 else "I").tolist()
        cursor.position = end
        for first, size in zip(words[0::2], words[1::2], strict=True):
            if size:
                yield first, first + size, unit
