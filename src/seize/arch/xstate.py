"""Where the x87 and vector registers are in what XSAVE stores (Intel's manual, volume 1, 13.4).

The register set NT_X86_XSTATE is an XSAVE area in the standard format: 512 bytes as FXSAVE
stores them, a header of 64, and one component after the other at places that the processor has
fixed.  The kernel fills in what a component holds that isn't in use; one that is written has
to be marked in the header (XSTATE_BV) to count.
"""

from __future__ import annotations

from struct import Struct

from seize._frozen import frozen
from seize.errors import Unsupported, UsageError

X87, SSE, AVX, OPMASK, ZMM_HI256, HI16_ZMM, PKRU = 0, 1, 2, 5, 6, 7, 9
"""Numbers of components, as the bits of XCR0 count them."""

FXSAVE_SIZE = 512
# Where the kernel leaves XCR0 in the bytes that FXSAVE keeps for software.
_XCR0_OFFSET = 464
_HEADER_OFFSET = 512
_AVX_OFFSET = 576
_QUAD = Struct("<Q")
_STATUS_OFFSET, _TAGS_OFFSET, _ST_OFFSET, _XMM_OFFSET = 2, 4, 32, 160
_KNOWN = 1 << X87 | 1 << SSE | 1 << AVX | 1 << OPMASK | 1 << ZMM_HI256 | 1 << HI16_ZMM | 1 << PKRU
_EMPTY_TAG, _VALID_TAG, _ZERO_TAG, _SPECIAL_TAG = 3, 0, 1, 2

# The components by number: offset and size in bytes.  Intel's processors keep the places of
# MPX (3 and 4), put APX (19) there, and add AMX (17 and 18); AMD's have never had those.
_INTEL = {
    AVX: (576, 256),
    3: (960, 64),
    4: (1024, 64),
    OPMASK: (1088, 64),
    ZMM_HI256: (1152, 512),
    HI16_ZMM: (1664, 1024),
    PKRU: (2688, 8),
    17: (2752, 64),
    18: (2816, 8192),
    19: (960, 128),
}
_AMD = {
    AVX: (576, 256),
    OPMASK: (832, 64),
    ZMM_HI256: (896, 512),
    HI16_ZMM: (1408, 1024),
    PKRU: (2432, 8),
}


def _used(xcr0: int) -> list[int]:
    return [number for number in range(2, 64) if xcr0 >> number & 1]


def _layout(xcr0: int, size: int) -> dict[int, tuple[int, int]]:
    """Tell the layout of an area of this size; an empty one if it isn't known."""
    used = _used(xcr0)
    for layout in (_INTEL, _AMD):
        if all(number in layout for number in used):
            end = max((sum(layout[number]) for number in used), default=_AVX_OFFSET)
            if end == size:
                return layout
    return {}


def components(xcr0: int, size: int) -> dict[int, int]:
    """Give the offsets of the components of an area, by number, as far as they are certain.

    The processor's manual leaves them to CPUID; which of the known layouts it is, the area's
    size tells.  Of an unknown one only AVX is given, whose place is the same everywhere.
    """
    found = {X87: 0, SSE: 0}
    if xcr0 >> AVX & 1 and size >= _AVX_OFFSET + 256:
        found[AVX] = _AVX_OFFSET
    layout = _layout(xcr0, size)
    found.update({n: layout[n][0] for n in _used(xcr0) if _KNOWN >> n & 1 and layout})
    return found


def in_intels_layout(area: bytes) -> bytes:
    """Give an XSAVE area as Intel's processors lay it out, which every debugger understands.

    An area of an unknown layout stays as it is.
    """
    if len(area) <= FXSAVE_SIZE:
        return area
    (xcr0,) = _QUAD.unpack_from(area, _XCR0_OFFSET)
    if _layout(xcr0, len(area)) is not _AMD:
        return area
    made = bytearray(max(sum(_INTEL[number]) for number in _used(xcr0)))
    made[:_AVX_OFFSET] = area[:_AVX_OFFSET]
    for number in _used(xcr0):
        (start, size), (place, _) = _AMD[number], _INTEL[number]
        made[place : place + size] = area[start : start + size]
    return bytes(made)


@frozen
class Piece:
    """``size`` bytes of a register, at ``offset`` in a component."""

    component: int
    offset: int
    size: int


def places(word_size: int) -> dict[str, tuple[Piece, ...]]:
    """Give the pieces of each register by gdb's name, the lowest bytes first."""
    controls = (("fctrl", 0, 2), ("fstat", 2, 2), ("fiseg", 12, 2), ("fioff", 8, 4))
    operands = (("foseg", 20, 2), ("fooff", 16, 4), ("fop", 6, 2))
    found: dict[str, tuple[Piece, ...]]
    found = {name: (Piece(X87, at, size),) for name, at, size in (*controls, *operands)}
    found["mxcsr"] = (Piece(SSE, 24, 4),)
    for number in range(8):
        found[f"st{number}"] = (Piece(X87, _ST_OFFSET + 16 * number, 10),)
        found[f"k{number}"] = (Piece(OPMASK, 8 * number, 8),)
    low = 16 if word_size == 8 else 8
    for number in range(low):
        xmm = Piece(SSE, _XMM_OFFSET + 16 * number, 16)
        ymmh = Piece(AVX, 16 * number, 16)
        zmmh = Piece(ZMM_HI256, 32 * number, 32)
        found[f"xmm{number}"] = (xmm,)
        found[f"ymm{number}"] = (xmm, ymmh)
        found[f"zmm{number}"] = (xmm, ymmh, zmmh)
        found[f"ymm{number}h"] = (ymmh,)
        found[f"zmm{number}h"] = (zmmh,)
    for number in range(16, 32) if word_size == 8 else ():
        at = 64 * (number - 16)
        found[f"xmm{number}"] = (Piece(HI16_ZMM, at, 16),)
        found[f"ymm{number}"] = (Piece(HI16_ZMM, at, 32),)
        found[f"zmm{number}"] = (Piece(HI16_ZMM, at, 64),)
        found[f"ymm{number}h"] = (Piece(HI16_ZMM, at + 16, 16),)
        found[f"zmm{number}h"] = (Piece(HI16_ZMM, at + 32, 32),)
    found["pkru"] = (Piece(PKRU, 0, 4),)
    return found


_places: dict[int, dict[str, tuple[Piece, ...]]] = {}


class ExtendedState:
    """The x87 and vector registers of one thread, taken from a register set.

    ``data`` is an XSAVE area, or just the 512 bytes of FXSAVE.  ``changed`` tells whether
    anything was written.
    """

    __slots__ = ("_area", "_bases", "_places", "changed")

    def __init__(self, data: bytes, word_size: int) -> None:
        self._area = bytearray(data)
        self.changed = False
        xcr0 = _QUAD.unpack_from(data, _XCR0_OFFSET)[0] if len(data) > FXSAVE_SIZE else 3
        self._bases = components(xcr0, len(data))
        if word_size not in _places:
            _places[word_size] = places(word_size)
        self._places = _places[word_size]

    @property
    def area(self) -> bytes:
        """The register set as it is now."""
        return bytes(self._area)

    def has(self, name: str) -> bool:
        """Tell whether the processor has a register of this name."""
        if name == "ftag" or (name[:2] == "mm" and name[2:] in tuple("01234567")):
            return True
        pieces = self._places.get(name)
        return pieces is not None and all(piece.component in self._bases for piece in pieces)

    def _pieces(self, name: str) -> tuple[Piece, ...]:
        if name[:2] == "mm":
            # MMX registers are the x87's by their fixed numbers; FXSAVE stores from the top on.
            top = self._area[_STATUS_OFFSET + 1] >> 3 & 7
            return (Piece(X87, _ST_OFFSET + 16 * ((int(name[2:]) - top) % 8), 8),)
        if not self.has(name):
            raise Unsupported(f"the register {name}", "a processor that has it")
        return self._places[name]

    def read(self, name: str) -> bytes:
        """Return a register's bytes; ``Unsupported`` if the processor lacks it."""
        if name == "ftag":
            return self._tags().to_bytes(2, "little")
        starts = [(self._bases[p.component] + p.offset, p.size) for p in self._pieces(name)]
        return b"".join(self._area[start : start + size] for start, size in starts)

    def write(self, name: str, data: bytes) -> None:
        """Replace a register's bytes; ``UsageError`` for a wrong number of them."""
        if name == "ftag":
            self._check(name, data, 2)
            self._set_tags(int.from_bytes(data, "little"))
            return
        pieces = self._pieces(name)
        self._check(name, data, sum(piece.size for piece in pieces))
        for piece in pieces:
            start = self._bases[piece.component] + piece.offset
            self._area[start : start + piece.size] = data[: piece.size]
            data = data[piece.size :]
            self._use(piece.component)

    def _check(self, name: str, data: bytes, size: int) -> None:
        if len(data) != size:
            raise UsageError(f"{name} has {size} bytes, not {len(data)}")

    def _use(self, component: int) -> None:
        """Mark a component as one that isn't in its initial state."""
        self.changed = True
        if len(self._area) > FXSAVE_SIZE:
            (in_use,) = _QUAD.unpack_from(self._area, _HEADER_OFFSET)
            _QUAD.pack_into(self._area, _HEADER_OFFSET, in_use | 1 << component)

    def _tags(self) -> int:
        """The tag word, two bits for each register, of which FXSAVE keeps one."""
        kept, top = self._area[_TAGS_OFFSET], self._area[_STATUS_OFFSET + 1] >> 3 & 7
        word = 0
        for number in range(8):
            tag = _EMPTY_TAG
            if kept >> number & 1:
                start = _ST_OFFSET + 16 * ((number - top) % 8)
                tag = _tag(bytes(self._area[start : start + 10]))
            word |= tag << 2 * number
        return word

    def _set_tags(self, word: int) -> None:
        tags = (word >> 2 * number & 3 for number in range(8))
        self._area[_TAGS_OFFSET] = sum(
            (tag != _EMPTY_TAG) << number for number, tag in enumerate(tags)
        )
        self._use(X87)


def _tag(raw: bytes) -> int:
    """Say what a register that isn't empty holds: a valid number, zero, or something special."""
    exponent = int.from_bytes(raw[8:], "little") & 0x7FFF
    significand = int.from_bytes(raw[:8], "little")
    if exponent == 0:
        return _SPECIAL_TAG if significand else _ZERO_TAG
    return _VALID_TAG if significand >> 63 and exponent != 0x7FFF else _SPECIAL_TAG
