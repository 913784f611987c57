"""Input devices: the requests that carry an event's type, an axis or a length in their number."""

from __future__ import annotations

from seize.decode.kinds.base import Kind, UnknownKind
from seize.decode.kinds.sets import enumeration
from seize.decode.memory import read_exactly
from seize.decode.values import Address, Array, Int, Macro, Members, Struct, Value, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Pure, Scope
    from seize.decode.signature import Spec

_READ, _WRITE = 2, 1
_TYPE = ord("E")
_BITS, _GET_ABS, _SET_ABS = 0x20, 0x40, 0xC0
_TYPES = 0x20
_AXES = 0x40
_ABSINFO = 24
_MOST_BITS = 1 << 13
_BRIEF = 4
"""The members of a set of bits that are shown in the short form."""

# EVIOCG…(LENGTH): the number of the request, the name, and what comes.
_BY_LENGTH = {
    0x06: ("EVIOCGNAME", "bytes[ret]"),
    0x07: ("EVIOCGPHYS", "bytes[ret]"),
    0x08: ("EVIOCGUNIQ", "bytes[ret]"),
    0x09: ("EVIOCGPROP", "bits evdev_prop"),
    0x0A: ("EVIOCGMTSLOTS", "mt_slots"),
    0x18: ("EVIOCGKEY", "bits evdev_key"),
    0x19: ("EVIOCGLED", "bits evdev_led"),
    0x1A: ("EVIOCGSND", "bits evdev_snd"),
    0x1B: ("EVIOCGSW", "bits evdev_sw"),
}

# EVIOCGBIT(TYPE, LENGTH): the set of the type's codes.
_CODES = {
    0x00: "evdev_event",
    0x01: "evdev_key",
    0x02: "evdev_rel",
    0x03: "evdev_abs",
    0x04: "evdev_msc",
    0x05: "evdev_sw",
    0x11: "evdev_led",
    0x12: "evdev_snd",
    0x14: "evdev_rep",
    0x15: "evdev_ff",
    0x17: "evdev_ff_status",
}
_POWER = 0x16


def request(direction: int, kind: int, number: int, size: int) -> tuple[Value, str] | None:
    """A request of evdev that has no name of its own: how it is written, and its argument."""
    if kind != _TYPE:
        return None
    if direction == _WRITE:
        if _SET_ABS <= number < _SET_ABS + _AXES:
            name = Macro("EVIOCSABS", _named("evdev_abs", number - _SET_ABS))
            return name, "input_absinfo" if size >= _ABSINFO else "ptr"
        return None
    if direction != _READ:
        return None
    by_length = _BY_LENGTH.get(number)
    if by_length is not None:
        return Macro(by_length[0], Int(size)), f"out {by_length[1]}"
    if _BITS <= number < _BITS + _TYPES:
        kind_of = number - _BITS
        event: Value = Int(0) if kind_of == 0 else _named("evdev_event", kind_of)
        return Macro("EVIOCGBIT", event, Int(size)), f"out {_bits_of(kind_of)}"
    if _GET_ABS <= number < _GET_ABS + _AXES:
        name = Macro("EVIOCGABS", _named("evdev_abs", number - _GET_ABS))
        return name, "out input_absinfo" if size >= _ABSINFO else "ptr"
    return None


def _bits_of(kind: int) -> str:
    if kind == _POWER:
        return "&int"
    return f"bits {_CODES[kind]}" if kind in _CODES else "ptr"


_names: dict[str, Pure] = {}


def _named(set_name: str, value: int) -> Value:
    from seize.decode.tables import flag_set

    if set_name not in _names:
        _names[set_name] = enumeration(flag_set("x86_64", set_name) or (), set_name)
    return _names[set_name](value)


def _bits(scope: Scope, spec: Spec) -> Kind:
    """``bits SET``: a bit for each member of SET; the call tells how many bytes there are."""
    if len(spec.params) != 1:
        raise UnknownKind("bits needs SET")
    name = enumeration(scope.set(spec.params[0]), spec.params[0])
    highest = max([value for value, _ in scope.set(spec.params[0])])

    def decode(call: Call, raw: int) -> Value:
        size = min(call.rval or 0, call.raw[1] >> 16 & 0x3FFF, _MOST_BITS // 8)
        data = read_exactly(call.memory, raw, size) if raw and size > 0 else None
        if data is None:
            return Address(raw)
        bits = int.from_bytes(data, "little") & (1 << (_limit(highest))) - 1
        most = _MOST_BITS if call.decoder.verbose else _BRIEF
        found: list[Value] = []
        while bits:
            low = bits & -bits
            if len(found) == most:
                found.append(Word("..."))
                break
            found.append(name(low.bit_length() - 1))
            bits ^= low
        return Members(tuple(found))

    return Kind(decode=decode)


def _limit(highest: int) -> int:
    """How many bits a set with this highest member has: the kernel rounds up to a power of 2."""
    return 1 << highest.bit_length()


def _slots(scope: Scope, spec: Spec) -> Kind:
    """struct input_mt_request: a code, and the value of each slot."""
    code = enumeration(scope.set("evdev_mt_codes"), "evdev_mt_codes")

    def decode(call: Call, raw: int) -> Value:
        size = call.raw[1] >> 16 & 0x3FFF
        most = call.decoder.array_limit
        wanted = min(size, 4 * (most + 1)) & ~3
        data = read_exactly(call.memory, raw, wanted) if raw and wanted else None
        if data is None:
            return Address(raw)
        numbers = [
            int.from_bytes(data[i : i + 4], "little", signed=True) for i in range(0, wanted, 4)
        ]
        values = Array(tuple([Int(n) for n in numbers[1:]]), size // 4 - 1 > most)
        return Struct(("code", "values"), (code(numbers[0]), values))

    return Kind(decode=decode)


def _key_code(scope: Scope, spec: Spec) -> Kind:
    """A pair: the code of a key on the keyboard, and the key that it stands for."""
    key = enumeration(scope.set("evdev_key"), "evdev_key")

    def decode(call: Call, raw: int) -> Value:
        data = read_exactly(call.memory, raw, 8) if raw else None
        if data is None:
            return Address(raw)
        scan = Int(int.from_bytes(data[:4], "little"))
        return Array((scan, key(int.from_bytes(data[4:], "little"))))

    return Kind(decode=decode)


KINDS: dict[str, Factory] = {"bits": _bits, "mt_slots": _slots, "key_code": _key_code}
