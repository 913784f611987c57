"""strace's ``inject=`` and ``fault=`` expressions, and what is added to them here.

    SET[:error=ERRNO|:retval=VALUE][:signal=SIG][:syscall=SYSCALL]
       [:delay_enter=TIME][:delay_exit=TIME][:poke_enter=@argN=HEX,…][:poke_exit=@argN=HEX,…]
       [:when=FIRST[..LAST][+[STEP]]]
       [:skip][:run][:arg=NAME=VALUE][:short=N|N/M][:rate=P][:seed=N][:path=GLOB][:fd=N]

The first three lines are strace(1)'s, "Tampering"; the last is explained in docs/tampering.md.
"""

from __future__ import annotations

import re

from seize._frozen import replace
from seize.abi import names
from seize.errors import UsageError
from seize.tampering.build import PURE, acts, parse_short
from seize.tampering.rule import Rule, parse_when

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from seize.tampering.rule import Calls

    Fields = dict[str, Any]

KINDS = ("inject", "fault")
DEFAULT_ERROR = "ENOSYS"
_MAX_ERRNO = 4095
_UNITS = {"": 1e-6, "s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_TIME = re.compile(r"\s*\+?((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(|s|ms|us|ns)")
_POKE = re.compile(r"@arg([1-7])=((?:[0-9a-fA-F]{2})+)")
_INTEGER = re.compile(r"\s*([+-]?)(0[xX][0-9a-fA-F]+|\d+)")
_WORD = 1 << 64
_ONLY_OF_INJECT = frozenset(
    (
        *("retval", "signal", "delay_enter", "delay_exit", "poke_enter", "poke_exit"),
        *("skip", "arg", "short"),
    )
)


def parse(
    kind: str,
    text: str,
    calls: Callable[[str], Calls],
    warn: Callable[[str], None] | None = None,
) -> Rule:
    """Make the rule of ``--inject`` or ``--fault`` (``kind``, without the dashes).

    ``calls`` makes a set of calls from the expression's first part; it raises UsageError for
    one that means nothing.  UsageError, in strace's words, for what can't be read; ``warn`` is
    told what may not be meant.
    """
    wanted, *words = text.split(":")
    fields: Fields = {}
    for word in words:
        # As with strace, nothing between two colons is nothing.
        if word and not _read(word, fields, kind):
            raise _invalid(kind, text)
    made = Rule(calls=calls(wanted), **fields)
    if not acts(made) or (made.syscall is not None and not _has_more_than_syscall(made)):
        if kind != "fault":
            raise _invalid(kind, text)
        made = replace(made, error=names.errno_number(DEFAULT_ERROR))
    if made.retval is not None and warn is not None:
        _check_result(made.retval, warn)
    return made


def _has_more_than_syscall(made: Rule) -> bool:
    return acts(replace(made, syscall=None))


def _invalid(kind: str, text: str) -> UsageError:
    return UsageError(f"invalid {kind} argument '{text}'")


def _read(word: str, fields: Fields, kind: str) -> bool:
    """Take in one part of an expression; False if it is no good."""
    name, equals, value = word.partition("=")
    reader = _READERS.get(name)
    if reader is None or (kind == "fault" and name in _ONLY_OF_INJECT):
        return False
    if bool(equals) == (name in ("skip", "run")):
        return False
    return reader(fields, value)


def _set(fields: Fields, name: str, value: object) -> bool:
    """Set a field that may be set once."""
    if value is None or name in fields:
        return False
    fields[name] = value
    return True


def _error(fields: Fields, text: str) -> bool:
    if "retval" in fields:
        return False
    is_number = text.isascii() and text.isdecimal()
    number = int(text) if is_number else names.errno_number(text.upper())
    is_errno = number is not None and 1 <= number <= _MAX_ERRNO
    return _set(fields, "error", number if is_errno else None)


def _retval(fields: Fields, text: str) -> bool:
    return "error" not in fields and _set(fields, "retval", _integer(text))


def _skip(fields: Fields, text: str) -> bool:
    return "error" in fields or "retval" in fields or _set(fields, "retval", 0)


def _signal(fields: Fields, text: str) -> bool:
    return _set(fields, "signal", names.signal_number(text))


def _syscall(fields: Fields, text: str) -> bool:
    return _set(fields, "syscall", text if text in PURE else None)


def seconds(text: str) -> float | None:
    """Read a time with its unit (s, ms, us, ns), microseconds without one; None if it is none."""
    found = _TIME.fullmatch(text)
    return found and float(found[1]) * _UNITS[found[2]]


def _delay(name: str) -> Callable[[Fields, str], bool]:
    def read(fields: Fields, text: str) -> bool:
        return _set(fields, name, seconds(text))

    return read


def _pokes(name: str) -> Callable[[Fields, str], bool]:
    def read(fields: Fields, text: str) -> bool:
        pokes: dict[int, bytes] = {}
        for part in text.split(","):
            found = _POKE.fullmatch(part)
            if found is not None and int(found[1]) not in pokes:
                pokes[int(found[1])] = bytes.fromhex(found[2])
            elif part:
                return False
        return _set(fields, name, tuple(pokes.items()) or None)

    return read


def _when(fields: Fields, text: str) -> bool:
    made = parse_when(text)
    fields["when"] = made
    return made is not None


def _argument(fields: Fields, text: str) -> bool:
    name, equals, value = text.partition("=")
    given = dict(fields.get("args", ()))
    if not name.isidentifier() or not equals or name in given:
        return False
    given[name] = _argument_value(value)
    fields["args"] = tuple(given.items())
    return True


def _argument_value(text: str) -> int | bytes:
    """A number, or constants joined by ``|``; anything else is text."""
    from seize.abi._generated import constants

    total = 0
    for part in text.split("|"):
        number = _integer(part)
        if number is None:
            number = getattr(constants, part, None) if part.isupper() else None
        if not isinstance(number, int):
            return text.encode("utf-8", "surrogateescape")
        total |= number
    return total


def _short(fields: Fields, text: str) -> bool:
    return _set(fields, "short", parse_short(text))


def _rate(fields: Fields, text: str) -> bool:
    try:
        rate = float(text)
    except ValueError:
        return False
    return _set(fields, "rate", rate if 0 <= rate <= 1 else None)


def _number(name: str) -> Callable[[Fields, str], bool]:
    def read(fields: Fields, text: str) -> bool:
        return text.isascii() and text.isdecimal() and _set(fields, name, int(text))

    return read


def _integer(text: str) -> int | None:
    """A number as strtoull(3) reads it, with base 0: 64 bits, unsigned."""
    found = _INTEGER.fullmatch(text)
    if found is None:
        return None
    digits = found[2]
    try:
        number = int(digits, 8 if digits.startswith("0") and digits.isdecimal() else 0)
    except ValueError:
        return None
    if number >= _WORD:
        return None
    return -number % _WORD if found[1] == "-" else number


_READERS: dict[str, Callable[[Fields, str], bool]] = {
    "error": _error,
    "retval": _retval,
    "signal": _signal,
    "syscall": _syscall,
    "delay_enter": _delay("delay_enter"),
    "delay_exit": _delay("delay_exit"),
    "poke_enter": _pokes("poke_enter"),
    "poke_exit": _pokes("poke_exit"),
    "when": _when,
    "skip": _skip,
    "run": lambda fields, text: _set(fields, "run", True),
    "arg": _argument,
    "short": _short,
    "rate": _rate,
    "seed": _number("seed"),
    "path": lambda fields, text: _set(fields, "path", text or None),
    "fd": _number("fd"),
}


def _check_result(retval: int, warn: Callable[[str], None]) -> None:
    """Tell of a result that the program will take for an error, or not get whole."""
    value = retval % _WORD
    narrow = value & 0xFFFFFFFF
    if _WORD - value <= _MAX_ERRNO:
        warn(f"Inadvertent injection of error {_WORD - value} is possible for retval={value}")
    elif (1 << 32) - narrow <= _MAX_ERRNO:
        warn(
            f"Inadvertent injection of error {(1 << 32) - narrow} is possible in compat "
            f"personality for retval={value}"
        )
    elif narrow != value:
        warn(f"Injected return value {value} will be clipped to {narrow} in compat personality")
