"""Named constants as numbers, or with their numbers: strace's ``-X raw`` and ``-X verbose``."""

from __future__ import annotations

from seize.decode.render import scalars
from seize.decode.render.quote import STYLES
from seize.decode.tables import unknown_word
from seize.decode.values import (
    Device,
    DirFd,
    Enum,
    Flags,
    Handler,
    Limit,
    Macro,
    Mode,
    Signal,
    SigSet,
    Text,
    Word,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Scalar = Callable[..., str]

_BASES = {"socket_type_flags": 0xF, "personality_flags": 0xFF}
"""Which sets have a part that is a number, and where it is."""

_SIGNAL = 0xFF
_PORT, _WORD = 2, 4
_IOC_SHIFTS = (30, 8, 0, 16)
_IOC_DIRECTIONS = {"_IOC_NONE": 0, "_IOC_WRITE": 1, "_IOC_READ": 2}


def _number(value: int) -> str:
    return f"{value:#x}" if value else "0"


def _flags(value: Flags) -> str:
    parts = _parts(value)
    if value.set == "clone_flags" and len(parts) > 1:
        return f"{_number(parts[0])}|{parts[1]}"
    return "|".join([_number(part) for part in parts])


def _parts(value: Flags) -> tuple[int, ...]:
    """A socket's type and its flags are written side by side; most others are one number.

    So are clone's flags and the signal for the parent, which comes last.
    """
    if value.set == "clone_flags" and value & _SIGNAL and value & ~_SIGNAL:
        return value & ~_SIGNAL, value & _SIGNAL
    mask = _BASES.get(value.set, 0)
    kind, rest = value & mask, value & ~mask
    return (kind, rest) if rest and (kind or mask == 0xFF) else (value,)


def _enum(value: Enum) -> str:
    return _number(value) if value >= 0 else f"{int(value)}"


def _sigset(value: SigSet) -> str:
    sign, numbers = scalars.sigset_members(value)
    return f"{sign}[{' '.join([str(number) for number in numbers])}]"


RAW: dict[type, Scalar] = {
    Flags: _flags,
    Enum: _enum,
    Mode: lambda value: scalars.octal_text(value),
    Device: _number,
    Signal: int.__repr__,
    SigSet: _sigset,
    Handler: _number,
    Limit: int.__repr__,
    DirFd: scalars.fd_text,
}


def _both(raw: Scalar, name: Scalar) -> Scalar:
    """A number, and what it is called in a comment."""

    def text(value: int) -> str:
        number, word = raw(value), name(value)
        if "/*" in word:
            return word
        return number if word == number else f"{number} /* {word} */"

    return text


def _verbose_flags(value: Flags) -> str:
    parts = _parts(value)
    if len(parts) == 1 or not value.names:
        return _flags_and_names(value)
    if value.set == "clone_flags":
        flags, signal = parts
        words = [*value.names[:-1], *([_number(value.rest)] if value.rest else [])]
        return f"{_number(flags)} /* {'|'.join(words)} */|{signal} /* {value.names[-1]} */"
    kind, rest = parts
    others = list(value.names[1:])
    if value.rest:
        others.append(_number(value.rest) if others else unknown_word(value.set))
    return f"{_number(kind)} /* {value.names[0]} */|{_number(rest)} /* {'|'.join(others)} */"


_flags_and_names = _both(_flags, scalars.flags_text)


def _verbose_sigset(value: SigSet) -> str:
    sign, numbers = scalars.sigset_members(value)
    words = [f"{number} /* {scalars.short_signal(number)} */" for number in numbers]
    return f"{sign}[{' '.join(words)}]"


def _verbose_dirfd(value: DirFd, style: str = "") -> str:
    if value != scalars.AT_FDCWD:
        return scalars.dirfd_text(value, style)
    where = scalars.path_text(value, style) if value.path is not None else ""
    return f"{int(value)} /* AT_FDCWD */{where}"


VERBOSE: dict[type, Scalar] = {
    Flags: _verbose_flags,
    Enum: _both(_enum, scalars.enum_text),
    Mode: _both(RAW[Mode], scalars.mode_text),
    Device: _both(RAW[Device], scalars.device_text),
    Signal: _both(int.__repr__, scalars.signal_text),
    SigSet: _verbose_sigset,
    Handler: _both(RAW[Handler], scalars.handler_text),
    Limit: _both(int.__repr__, scalars.limit_text),
    DirFd: _verbose_dirfd,
}

SCALARS: dict[str, dict[type, Scalar]] = {"raw": RAW, "verbose": VERBOSE}
"""What is written in place of names, by the values of ``--const-print-style``."""


def macro_raw(value: Macro) -> str | None:
    """What a macro stands for, bytes in memory or a number; None if it can't be told."""
    argument = value.arguments[-1] if value.arguments else None
    data: bytes | None = None
    if value.name == "htons" and isinstance(argument, int):
        data = int(argument).to_bytes(_PORT, "big")
    elif value.name == "htonl" and isinstance(argument, int):
        data = int(argument).to_bytes(_WORD, "big")
    elif value.name == "inet_addr" and isinstance(argument, Text):
        data = bytes([int(part) for part in argument.text.split(".")])
    elif value.name == "inet_pton":
        return _address(value)
    elif value.name == "_IOC":
        return _request(value)
    return None if data is None else f'"{STYLES["all"](data)}"'


def _request(value: Macro) -> str | None:
    """An ioctl's number, from its direction, type, number and size (asm-generic/ioctl.h)."""
    words = [argument.word for argument in value.arguments if isinstance(argument, Word)]
    if len(words) != len(_IOC_SHIFTS):
        return None
    direction = sum([_IOC_DIRECTIONS[word] for word in words[0].split("|")])
    numbers = (direction, *[int(word, 16) for word in words[1:]])
    return _number(sum([n << shift for n, shift in zip(numbers, _IOC_SHIFTS, strict=True)]))


def _address(value: Macro) -> str | None:
    """``sin6_addr="…"``: the macro itself names the field that it fills."""
    import socket

    text = next((part.text for part in value.arguments if isinstance(part, Text)), None)
    field = value.arguments[-1]
    if text is None or not isinstance(field, Word):
        return None
    data = socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)
    return f'{field.word.removeprefix("&")}="{STYLES["all"](data)}"'
