"""What a kind is, and what it may know about the call that it is compiled for."""

from __future__ import annotations

from seize.decode import tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode.call import Call
    from seize.decode.decoder import Decoder
    from seize.decode.signature import Line
    from seize.decode.values import Value

    Pure = Callable[[int], Value]
    Decode = Callable[[Call, int], Value]
    Later = Callable[[Call, int, Value], Value]
    Number = Callable[[Call], int]
    Inline = Callable[[bytes], Value]


class UnknownKind(Exception):
    """A kind, a set or an argument that a signature names doesn't exist."""


class Kind:
    """How a raw argument becomes a value: by itself (``pure``) or with the call's memory.

    ``later`` completes a value at a successful exit (an ``inout`` argument), ``failed`` at a
    failed one (most then stay as they were).  ``width`` is the number of registers it takes;
    ``high_first`` tells their order when there are two.  ``inline`` makes a value of the bytes
    of a struct's field that is no number.
    """

    __slots__ = ("decode", "failed", "high_first", "inline", "later", "pure", "width")

    def __init__(
        self,
        pure: Pure | None = None,
        decode: Decode | None = None,
        later: Later | None = None,
        failed: Later | None = None,
        width: int = 1,
        high_first: bool = False,
        inline: Inline | None = None,
    ) -> None:
        self.pure = pure
        self.decode = decode
        self.later = later
        self.failed = failed
        self.width = width
        self.high_first = high_first
        self.inline = inline

    def contextual(self) -> Decode:
        """The kind as a function of the call and the raw value, pure or not."""
        if self.decode is not None:
            return self.decode
        pure = self.pure
        assert pure is not None
        return lambda call, raw: pure(raw)


class Memo(dict[int, "Value"]):
    """A bounded cache of the values that a pure function makes; index it to call it."""

    __slots__ = ("make",)
    LIMIT = 512

    def __init__(self, make: Pure) -> None:
        self.make = make

    def __missing__(self, raw: int) -> Value:
        if len(self) >= self.LIMIT:
            self.clear()
        value = self[raw] = self.make(raw)
        return value


class Scope:
    """What a signature is compiled for: the ABI, the decoder, and where its arguments are.

    ``rewrite`` changes a variant that is written when its value is met.
    """

    __slots__ = ("arch_name", "decoder", "registers", "rewrite", "sets", "widths", "word")

    def __init__(self, arch_name: str, decoder: Decoder) -> None:
        self.arch_name = arch_name
        self.decoder = decoder
        self.word = 4 if arch_name == "i386" else 8
        self.rewrite: Callable[[Scope, Line], Line] | None = None
        self.registers: dict[str, str] = {}
        self.sets: dict[str, str] = {}
        self.widths: dict[str, str] = {}

    def fresh(self) -> Scope:
        """The same ABI and decoder, with no arguments yet."""
        made = Scope(self.arch_name, self.decoder)
        made.rewrite = self.rewrite
        return made

    @property
    def bits(self) -> int:
        """The bits of a word of the ABI."""
        return self.word * 8

    def number(self, text: str) -> Number:
        """A length as a signature writes it, as a function of the call.

        ``ret``, a number, an argument's name, ``*name`` (the int that it points to), a product.
        """
        from seize.decode.kinds.numbers import number

        return number(self, text)

    def has_set(self, name: str) -> bool:
        """Whether there is a set of that name."""
        return tables.flag_set(self.arch_name, name) is not None

    def set(self, name: str) -> tables.Table:
        """The flag set ``name`` as this architecture has it; raises ``UnknownKind``."""
        table = tables.flag_set(self.arch_name, name)
        if table is None:
            raise UnknownKind(f"unknown set {name!r}")
        return table
