"""A place in a program's code, as people name it."""

from __future__ import annotations

from seize._frozen import frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.symbols.images import Image


@frozen
class Place:
    """An address of a process, and what is there.

    ``symbol`` is the (C++) name of the function or label before it, ``offset`` how many bytes
    before.  ``function`` is the innermost function by the debugging information, inlined or not.
    ``file`` and ``line`` are the source line: the file's name as the compiler was told it (see
    ``path``), "" and 0 if unknown.  ``image`` is None outside of all images.
    """

    address: int
    symbol: str | None = None
    offset: int = 0
    function: str | None = None
    file: str = ""
    line: int = 0
    image: Image | None = None
    path: str = ""
    """The whole path of the source file."""
    inlined: bool = False
    """Whether ``function`` is inlined here."""

    def __str__(self) -> str:
        """Such as ``main+4 at x.c:3``; what isn't known is left out."""
        if self.symbol is None:
            text = f"{self.address:#x}"
        else:
            text = f"{self.symbol}+{self.offset}" if self.offset else self.symbol
        return f"{text} at {self.file}:{self.line}" if self.line else text
