"""Terminals: struct termios."""

from __future__ import annotations

import struct

from seize.decode.kinds.base import Kind
from seize.decode.kinds.sets import flag_names
from seize.decode.memory import read_exactly
from seize.decode.values import Address, Flags, HexBytes, Int, Struct, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec
    from seize.decode.tables import Table

_LAYOUT = struct.Struct("<IIIIB19s")
_BAUD, _SIZE = 0x100F, 0x30
_DELAYS = (0o400, 0o3000, 0o14000, 0o20000, 0o40000, 0o100000)
"""NLDLY, CRDLY, TABDLY, BSDLY, VTDLY, FFDLY: fields of the output flags."""

_XTABS = 0o14000

_DELAY_PREFIXES = ("NL", "CR", "TAB", "BS", "VT", "FF")


def _named(names: list[str], value: int, rest: int) -> Flags:
    flags = Flags(value)
    if rest:
        names.append(f"{rest:#x}")
    flags.names = tuple(names)
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
        flags = _named(names, value, rest)
        flags.shown = "" if not value else None
        return flags

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
        more, rest = flag_names(self.output, value & ~delays)
        return _named(names + more, value, rest)

    def control_flags(self, value: int) -> Flags:
        baud = self.bauds.get(value & _BAUD, f"{value & _BAUD:#x}")
        names = [baud, self.sizes[value & _SIZE]]
        more, rest = flag_names(self.control, value & ~(_BAUD | _SIZE))
        return _named(names + more, value, rest)


def _by_prefix(table: Table) -> dict[tuple[str, int], str]:
    return {(name.rstrip("0123456789"), value): name for value, name in table}


def _termios(scope: Scope, spec: Spec) -> Kind:
    """The kernel's struct termios, as TCGETS and TCSETS have it."""
    modes = _Modes(scope)

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, _LAYOUT.size) if raw else None
        if data is None:
            return Address(raw)
        iflag, oflag, cflag, lflag, line, characters = _LAYOUT.unpack(data)
        names: tuple[str, ...] = ("c_iflag", "c_oflag", "c_cflag", "c_lflag")
        values: tuple[Value, ...] = (
            modes.bits(modes.input, iflag),
            modes.output_flags(oflag),
            modes.control_flags(cflag),
            modes.bits(modes.local, lflag),
        )
        if not call.decoder.verbose:
            return Struct(names, values, True)
        names = (*names, "c_line", "c_cc")
        return Struct(names, (*values, Int(line), HexBytes(characters, len(characters))))

    return Kind(decode=decode)


KINDS: dict[str, Factory] = {"termios": _termios}
