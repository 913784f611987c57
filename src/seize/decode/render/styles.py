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
    HardwareAddress,
    Interface,
    Limit,
    Macro,
    Mode,
    Noted,
    Signal,
    SigSet,
    Text,
    Ticks,
    Value,
    Word,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Scalar = Callable[..., str]

_BASES = {"socket_type_flags": 0xF, "personality_flags": 0xFF}
"""Which sets have a part that is a number, and where it is."""

_DECIMAL = frozenset(("errno",))
"""Sets whose numbers are written in decimal."""

_IPC = frozenset(("ipc_flags", "shmget_flags"))
"""Sets of flags whose low bits are permissions."""

_PERMISSIONS = 0o777
_HUGE_SHIFT, _HUGE_MASK = 26, 0x3F
_SIGNAL = 0xFF
_PORT, _WORD = 2, 4
_IOC_SHIFTS = (30, 8, 0, 16)
_IOC_DIRECTIONS = {"_IOC_NONE": 0, "_IOC_WRITE": 1, "_IOC_READ": 2}


def _number(value: int) -> str:
    return f"{value:#x}" if value else "0"


def _flags(value: Flags) -> str:
    if value.set in _IPC:
        return _ipc(value, False)
    parts = _parts(value)
    if value.set == "clone_flags" and len(parts) > 1:
        return f"{_number(parts[0])}|{parts[1]}"
    return "|".join([_number(part) for part in parts])


def _ipc(value: Flags, names: bool) -> str:
    """Flags, the size of huge pages, and permissions, side by side."""
    huge = value >> _HUGE_SHIFT & _HUGE_MASK if value.set == "shmget_flags" else 0
    flags = value & ~_PERMISSIONS & ~(huge << _HUGE_SHIFT)
    words = value.names[: -2 if huge else -1]
    parts = [scalars.octal_text(value & _PERMISSIONS)]
    if huge:
        parts.insert(0, f"{huge}<<{_HUGE_SHIFT}" + (" /* SHM_HUGE_SHIFT */" if names else ""))
    if flags:
        is_known = names and not words[0].startswith("0x")
        parts.insert(0, _number(flags) + (f" /* {'|'.join(words)} */" if is_known else ""))
    return "|".join(parts)


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
    if value.set in _DECIMAL:
        return f"{int(value)}"
    if value.set == "siginfo_codes":
        return _number(value & 0xFFFFFFFF)
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
    Interface: lambda value, style="": int.__repr__(value),
    Ticks: int.__repr__,
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
    if value.set in _IPC:
        return _ipc(value, True)
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
    note = "|".join(others)
    text = f"{_number(kind)} /* {value.names[0]} */|{_number(rest)}"
    return f"{text} /* {note} */" if note else text


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
    Interface: lambda value, style="": f"{int(value)} /* {scalars.interface_text(value, style)} */",
}

SCALARS: dict[str, dict[type, Scalar]] = {"raw": RAW, "verbose": VERBOSE}
"""What is written in place of names, by the values of ``--const-print-style``."""


def address_raw(value: HardwareAddress) -> str:
    """The bytes of a hardware address."""
    return f'"{STYLES["all"](value.bytes)}"'


def address_verbose(value: HardwareAddress) -> str:
    """The bytes of a hardware address, and how it is usually written."""
    return f"{address_raw(value)} /* {value.word} */"


def _int(value: Value) -> int:
    """The number of an argument of a macro."""
    inner = value.value if isinstance(value, Noted) else value
    return int(inner) if isinstance(inner, int) else 0


def _signed(number: int) -> int:
    return number - (1 << 32) if number >> 31 else number


_NUMBERS: dict[str, Callable[..., str]] = {
    "QCMD": lambda command, kind: f"{(command << 8 | kind & 0xFF) & 0xFFFFFFFF}",
    "KERNEL_VERSION": lambda a, b, c: _number(a << 16 | b << 8 | c),
    "IOPRIO_PRIO_VALUE": lambda kind, data: f"{_signed(kind << 13 | data)}",
}
"""Macros that stand for a number that is made of their arguments."""


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
    elif value.name in _NUMBERS:
        return _NUMBERS[value.name](*[_int(part) for part in value.arguments])
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
    """``sin6_addr="…"``: the macro itself names the field that it fills, if it is one."""
    import socket

    text = next((part.text for part in value.arguments if isinstance(part, Text)), None)
    if text is None:
        return None
    data = socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)
    field = value.arguments[-1]
    name = f"{field.word.removeprefix('&')}=" if isinstance(field, Word) else ""
    return f'{name}"{STYLES["all"](data)}"'
