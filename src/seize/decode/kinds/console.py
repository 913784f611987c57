"""The console's keyboard and bell."""

from __future__ import annotations

from seize.decode.kinds.base import Kind
from seize.decode.kinds.basic import signed
from seize.decode.kinds.device import letter
from seize.decode.kinds.sets import enumeration
from seize.decode.values import Flags, Hex, Int, Noted, Value, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec
    from seize.decode.tables import Table

CLOCK = 1193182
"""The ticks of the timer that makes the sound, in a second."""


def _pitch(scope: Scope, spec: Spec) -> Kind:
    """The divisor of the clock that gives the pitch; 0: no sound."""
    mask = (1 << scope.bits) - 1

    def make(raw: int) -> Value:
        raw &= mask
        pitch = CLOCK // raw if raw else 0
        return Noted(Int(raw), f"{pitch} Hz" if pitch else "off")

    return Kind(make)


def _tone(scope: Scope, spec: Spec) -> Kind:
    """A pitch in the low half, milliseconds in the high one."""

    def make(raw: int) -> Value:
        raw &= 0xFFFFFFFF
        divisor, duration = raw & 0xFFFF, raw >> 16
        number = Word(f"{duration}<<16|{divisor}") if duration else Int(divisor)
        sounds = divisor and duration
        return Noted(number, f"{CLOCK // divisor} Hz, {duration} ms" if sounds else "off")

    return Kind(make)


def _mode(scope: Scope, spec: Spec) -> Kind:
    """The keyboard's mode; a number that is none is shown as the signed one that it is."""
    names = dict(scope.set("kd_kbd_mode"))
    known = enumeration(scope.set("kd_kbd_mode"), "kd_kbd_mode")
    number = signed(32)
    return Kind(lambda raw: known(raw) if raw in names else Noted(number(raw), "K_???"))


def _table(scope: Scope, spec: Spec) -> Kind:
    """The keyboard's map: a usual one by its name, others by their modifiers."""
    usual = dict(scope.set("kd_table"))
    modifiers = tuple([(1 << bit, f"1<<{word}") for bit, word in scope.set("kd_modifier")])

    def make(raw: int) -> Value:
        from seize.decode.kinds.sets import flag_names

        flags = Flags(raw)
        name = usual.get(raw)
        names, flags.rest = ([name], 0) if name else flag_names(modifiers, raw)
        flags.names = tuple(names)
        return flags

    return Kind(make)


def _value(scope: Scope, spec: Spec) -> Kind:
    """What a key gives: its type and value, as K() makes it."""
    types, keys = dict(scope.set("kd_kt")), dict(scope.set("kd_key"))

    def make(raw: int) -> Value:
        kind, code = raw >> 8 & 0xFF, raw & 0xFF
        name = keys.get(raw)
        if name is None:
            family = types.get(kind)
            shown = letter(code) if family in _LETTERS else hex(code) if code else "0"
            name = f"K({family or (hex(kind) if kind else '0')}, {shown})"
        return Noted(Hex(raw), name)

    return Kind(make)


_LETTERS = ("KT_LATIN", "KT_LETTER", "KT_META")


def _function(scope: Scope, spec: Spec) -> Kind:
    """A function key, by the value that the key's code has."""
    keys = _function_keys(scope.set("kd_key"))

    def make(raw: int) -> Value:
        name = keys.get(raw)
        return Word(f"KVAL({name})") if name else Hex(raw)

    return Kind(make)


def _function_keys(table: Table) -> dict[int, str]:
    return {value & 0xFF: name for value, name in table if value >> 8 == 1}


KINDS: dict[str, Factory] = {
    "kbd_mode": _mode,
    "sound_pitch": _pitch,
    "sound_tone": _tone,
    "kb_table": _table,
    "kb_value": _value,
    "kb_func": _function,
}
