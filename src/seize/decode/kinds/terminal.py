"""Terminals: struct termios in its three forms."""

from __future__ import annotations

import struct

from seize.decode.kinds.base import Kind
from seize.decode.kinds.sets import enumeration, flag_names
from seize.decode.memory import read_exactly
from seize.decode.values import Address, Array, Flags, Hex, Indexed, Int, Struct, Value, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec
    from seize.decode.tables import Table

_BAUD, _SIZE = 0x100F, 0x30
_INPUT_SHIFT = 16
_DELAYS = (0o400, 0o3000, 0o14000, 0o20000, 0o40000, 0o100000)
"""NLDLY, CRDLY, TABDLY, BSDLY, VTDLY, FFDLY: fields of the output flags."""

_XTABS = 0o14000

_DELAY_PREFIXES = ("NL", "CR", "TAB", "BS", "VT", "FF")


def _named(parts: list[str], bits: list[str], value: int, rest: int) -> Flags:
    """Numbers and bits; where there are no bits, strace leaves their place empty."""
    flags = Flags(value)
    if rest:
        bits = [*bits, f"{rest:#x}"]
    flags.names = (*parts, *(bits or [""]))
    return flags


class _Modes:
    def __init__(self, scope: Scope) -> None:
        self.input = scope.set("termios_iflag")
        self.output = scope.set("termios_oflag")
        self.control = scope.set("termios_cflag")
        self.local = scope.set("termios_lflag")
        self.delays = _by_prefix(scope.set("termios_oflag_delay"))
        self.bauds = dict(scope.set("termios_baud"))
        self.sizes = dict(scope.set("termios_cflag_size"))

    def bits(self, table: Table, value: int) -> Flags:
        names, rest = flag_names(table, value)
        return _named([], names, value, rest)

    def output_flags(self, value: int) -> Flags:
        delays = 0
        names = []
        for prefix, mask in zip(_DELAY_PREFIXES, _DELAYS, strict=True):
            delays |= mask
            if value & mask == _XTABS == mask:
                names.append("XTABS")
                continue
            names.append(
                self.delays.get(
                    (prefix, value & mask), f"{prefix}{(value & mask) and hex(value & mask)}"
                )
            )
        return _named(names, *_bits(self.output, value, delays))

    def control_flags(self, value: int) -> Flags:
        baud = self.bauds.get(value & _BAUD, f"{value & _BAUD:#x}")
        names = [baud, self.sizes[value & _SIZE]]
        entering = value >> _INPUT_SHIFT & _BAUD
        if entering:
            speed = self.bauds.get(entering, f"{entering:#x}")
            names.insert(1, f"{speed}<<IBSHIFT")
        numbers = _BAUD | _SIZE | _BAUD << _INPUT_SHIFT
        return _named(names, *_bits(self.control, value, numbers))


def _bits(table: Table, value: int, numbers: int) -> tuple[list[str], int, int]:
    names, rest = flag_names(table, value & ~numbers)
    return names, value, rest


def _by_prefix(table: Table) -> dict[tuple[str, int], str]:
    return {(name.rstrip("0123456789"), value): name for value, name in table}


class _Form:
    """What struct termios, its old short form and its longer form have in common."""

    def __init__(self, scope: Scope, layout: struct.Struct) -> None:
        self.modes = _Modes(scope)
        self.layout = layout
        self.discipline = enumeration(scope.set("tty_ldisc"), "tty_ldisc")
        self.places = _places(scope.set("termios_cc"))

    def at(self, call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, self.layout.size) if raw else None
        if data is None:
            return Address(raw)
        iflag, oflag, cflag, lflag, line, characters, *speeds = self.layout.unpack(data)
        modes = self.modes
        values: tuple[Value, ...] = (
            modes.bits(modes.input, iflag),
            modes.output_flags(oflag),
            modes.control_flags(cflag),
            modes.bits(modes.local, lflag),
        )
        if not call.decoder.verbose:
            return Struct(_NAMES[:4], values, True)
        values = (*values, self.discipline(line), Array(tuple(self.characters(characters))))
        names: tuple[str, ...] = _NAMES
        if speeds:
            names = (*names, "c_ispeed", "c_ospeed")
            values = (*values, *[Int(speed) for speed in speeds])
        return Struct(names, values)

    def characters(self, data: bytes) -> Iterator[Value]:
        """The control characters, each with the name of its place."""
        return (Indexed(self.places.get(i) or Int(i), Hex(c)) for i, c in enumerate(data))


def _places(table: Table) -> dict[int, Value]:
    return {index: Word(name) for index, name in table}


def _kind(layout: str) -> Factory:
    def factory(scope: Scope, spec: Spec) -> Kind:
        return Kind(decode=_Form(scope, struct.Struct(layout)).at)

    return factory


_NAMES = ("c_iflag", "c_oflag", "c_cflag", "c_lflag", "c_line", "c_cc")

KINDS: dict[str, Factory] = {
    "termios": _kind("<IIIIB19s"),
    "termios2": _kind("<IIIIB19sII"),
    "termio": _kind("<HHHHB8sx"),
}
