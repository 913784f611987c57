"""Where the variables of one thread are (``__thread``): the thread's table of blocks.

glibc says itself where in its structures the parts are, in descriptors for debuggers
(``_thread_db_*``: the size of a field in bits, how many there are, its offset).
"""

from __future__ import annotations

from seize.errors import SeizeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.symbols.images import Image
    from seize.symbols.space import Symbols

_UNALLOCATED = (1 << 64) - 1


def tls_address(symbols: Symbols, image: Image, offset: int, thread_pointer: int) -> int | None:
    """The address of a variable; None where the thread has none, or nothing tells."""
    word = symbols.word_size
    try:
        module_place = _offset(symbols, "link_map_l_tls_modid")
        table_place = _offset(symbols, "pthread_dtvp")
        if module_place is None or table_place is None or not image.link_map:
            return None
        number = _word(symbols, image.link_map + module_place, word)
        table = _word(symbols, thread_pointer + table_place, word)
        block = _word(symbols, table + number * 2 * word, word)
    except SeizeError:
        # The thread is so new, or so old, that its memory isn't in order.
        return None
    if not number or block in (0, _UNALLOCATED, _UNALLOCATED >> 32):
        return None
    return block + offset & (1 << 8 * word) - 1


def _offset(symbols: Symbols, name: str) -> int | None:
    symbol = symbols.symbol(f"_thread_db_{name}")
    if symbol is None:
        return None
    return _word(symbols, symbol.address + 8, 4)


def _word(symbols: Symbols, address: int, size: int) -> int:
    return int.from_bytes(symbols.read(address, size), "little")
