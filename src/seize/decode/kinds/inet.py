"""Numbers and addresses of the network, as fields of structs have them."""

from __future__ import annotations

from seize.decode.kinds.address import inet_addr, inet_pton
from seize.decode.kinds.base import Kind
from seize.decode.kinds.named import Names, hardware, hex_bytes
from seize.decode.kinds.sets import enumeration
from seize.decode.values import Enum, Hex, HexBytes, Int, Macro, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec


def _named(scope: Scope, spec: Spec) -> Kind:
    """``named SET``: a number whose name is shown if it has one, and no remark if it hasn't."""
    make = enumeration(scope.set(spec.params[0]), spec.params[0])

    def convert(raw: int) -> Value:
        value = make(raw)
        return value if isinstance(value, Enum) and value.name is not None else Hex(raw)

    return Kind(convert)


def _noted_bits(scope: Scope, spec: Spec) -> Kind:
    """``noted_bits SET``: bits in hexadecimal, their names as a remark."""
    names = Names(scope)
    word = names.unknown(spec.params[0])
    return Kind(lambda raw: names.noted_flags(spec.params[0], raw, word))


def _htons(scope: Scope, spec: Spec) -> Kind:
    """``htons [SET]``: a number of 16 bits in network order, by its name in the set."""
    make = enumeration(scope.set(spec.params[0]), spec.params[0], 16) if spec.params else Int

    def convert(raw: int) -> Value:
        return Macro("htons", make((raw & 0xFF) << 8 | raw >> 8 & 0xFF))

    return Kind(convert)


def _htonl(scope: Scope, spec: Spec) -> Kind:
    """A number of 32 bits in network order."""
    return Kind(lambda raw: Macro("htonl", Int(int.from_bytes(raw.to_bytes(4, "little"), "big"))))


def _inet_addr(scope: Scope, spec: Spec) -> Kind:
    """An IPv4 address in the first four bytes of a field, or in a number."""
    return Kind(
        lambda raw: inet_addr((raw & 0xFFFFFFFF).to_bytes(4, "little")),
        inline=lambda data: inet_addr(data[:4]),
    )


def _inet_pton(scope: Scope, spec: Spec) -> Kind:
    """``inet_pton [NAME]``: an IPv6 address, of a field that is named so."""
    name = spec.params[0] if spec.params else ""
    return Kind(inline=lambda data: inet_pton(data[:16], name))


def _hardware(scope: Scope, spec: Spec) -> Kind:
    """A hardware address."""
    return Kind(inline=hardware)


def _octets(scope: Scope, spec: Spec) -> Kind:
    """Bytes in hexadecimal."""
    return Kind(inline=lambda data: HexBytes(data, len(data)))


def _bytes_listed(scope: Scope, spec: Spec) -> Kind:
    """Bytes as an array of numbers: ``[0x1, 00]``."""
    return Kind(inline=hex_bytes)


KINDS: dict[str, Factory] = {
    "named": _named,
    "noted_bits": _noted_bits,
    "htons": _htons,
    "htonl": _htonl,
    "inet_addr": _inet_addr,
    "inet_pton": _inet_pton,
    "hwaddr": _hardware,
    "hex_octets": _octets,
    "hex_array": _bytes_listed,
}
