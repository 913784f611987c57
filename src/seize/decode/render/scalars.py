"""Numbers with a meaning, as strace writes them.

Enumerations and flags are shared between calls, so their text is kept on the value.
"""

from __future__ import annotations

from seize.decode import tables
from seize.decode.render.quote import STYLES, bracketed
from seize.decode.tables import unknown_word
from seize.decode.values import (
    Address,
    Date,
    Device,
    DirFd,
    Enum,
    Error,
    Fd,
    Flags,
    Handler,
    Hex,
    Id,
    Int,
    Interface,
    Limit,
    Mode,
    Octal,
    Padded,
    Pid,
    Signal,
    SigSet,
    Ticks,
    Time,
    WaitStatus,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

FILE_TYPES = {
    0o140000: "S_IFSOCK",
    0o120000: "S_IFLNK",
    0o100000: "S_IFREG",
    0o060000: "S_IFBLK",
    0o040000: "S_IFDIR",
    0o020000: "S_IFCHR",
    0o010000: "S_IFIFO",
}
MODE_BITS = ((0o4000, "S_ISUID"), (0o2000, "S_ISGID"), (0o1000, "S_ISVTX"))
AT_FDCWD = -100
_REMEMBERED = 1024
HANDLERS = {0: "SIG_DFL", 1: "SIG_IGN", 0xFFFFFFFF: "SIG_ERR", 0xFFFFFFFFFFFFFFFF: "SIG_ERR"}

_DELETED = " (deleted)"
"""What /proc says behind the name of a file that has none any more."""


def _hex(value: int) -> str:
    return f"{value:#x}" if value else "0"


def padded_text(value: Padded) -> str:
    """``0x0000ff``; a zero has no prefix: ``00``."""
    return f"{value:#0{value.digits}x}" if value else "0" * (value.digits or 1)


def address_text(value: Address) -> str:
    """An address; NULL for 0."""
    return hex(value) if value else "NULL"


def octal_text(value: int) -> str:
    """Octal with a leading 0, at least three digits."""
    return f"0{value:o}" if value > 0o77 else f"{value:03o}"


_modes: dict[int, str] = {}


def mode_text(value: Mode) -> str:
    """``S_IFREG|0644``, ``S_IFDIR|S_ISVTX|0777``."""
    text = _modes.get(value)
    if text is None:
        if len(_modes) >= _REMEMBERED:
            _modes.clear()
        text = _modes[value] = _mode(value)
    return text


def _mode(value: int) -> str:
    kind = FILE_TYPES.get(value & 0o170000)
    if kind is None and value & 0o170000:
        return octal_text(value)
    parts = [kind] if kind else []
    rest = value & ~0o170000 if kind else int(value)
    for bit, name in MODE_BITS:
        if rest & bit:
            parts.append(name)
            rest &= ~bit
    parts.append(octal_text(rest))
    return "|".join(parts)


def device_text(value: Device) -> str:
    """``makedev(0x8, 0x1)``."""
    return f"makedev({_hex(value.major)}, {_hex(value.minor)})"


def path_text(value: Fd, style: str = "") -> str:
    """``</tmp/x>``: what a descriptor stands for; ``style`` is that of strings."""
    path = value.path or ""
    if value.details is not None and not path.startswith("/"):
        return f"<{value.details}>"
    gone = path.endswith(_DELETED)
    name = path.removesuffix(_DELETED) if gone else path
    text = bracketed(name.encode("utf-8", "surrogateescape"), style)
    if value.details is not None:
        text += f"<{value.details}>"
    return f"<{text}>(deleted)" if gone else f"<{text}>"


def pid_text(value: Pid, style: str = "") -> str:
    """``3<cat> /* 25023 in strace's PID NS */``: the command, and the id where we are."""
    text = int.__repr__(value)
    if value.command is not None:
        text += f"<{bracketed(value.command.encode('utf-8', 'surrogateescape'), style)}>"
    return text if value.outer is None else f"{text} /* {value.outer} in strace's PID NS */"


def fd_text(value: Fd, style: str = "") -> str:
    """A descriptor, with its path if that is known."""
    if value.path is None:
        return int.__repr__(value)
    return int.__repr__(value) + path_text(value, style)


def dirfd_text(value: DirFd, style: str = "") -> str:
    """``AT_FDCWD``, or a descriptor."""
    if value == AT_FDCWD:
        return "AT_FDCWD" if value.path is None else f"AT_FDCWD{path_text(value, style)}"
    return fd_text(value, style)


def flags_text(value: Flags) -> str:
    """Names joined by ``|``, and the rest in hexadecimal."""
    text = value.shown
    if text is None:
        if value.names:
            text = "|".join(value.names)
            if value.rest:
                text += f"|{value.rest:#x}"
                if value.set == "socket_type_flags" and len(value.names) == 1:
                    text += f" /* {unknown_word(value.set)} */"
        elif value:
            word = unknown_word(value.set)
            text = f"{int(value):#x} /* {word} */" if word else f"{int(value):#x}"
        else:
            text = "0"
        value.shown = text
    return text


def enum_text(value: Enum) -> str:
    """The name, or the number and what it should have been."""
    if value.name is not None:
        return value.name
    word = unknown_word(value.set)
    number = f"{int(value):#x}" if value >= 0 else f"{int(value)}"
    if value == 0:
        number = "0"
    return f"{number} /* {word} */" if word else number


def signal_text(value: Signal) -> str:
    """SIGINT, SIGRT_1, or the number."""
    return "0" if value == 0 else value.name


_sigsets: dict[tuple[int, int], str] = {}


def sigset_text(value: SigSet) -> str:
    """``[INT CHLD]``, or ``~[KILL STOP]`` when most are in."""
    key = (int(value), value.width)
    text = _sigsets.get(key)
    if text is None:
        if len(_sigsets) >= _REMEMBERED:
            _sigsets.clear()
        text = _sigsets[key] = _sigset(*key)
    return text


def _sigset(mask: int, width: int) -> str:
    sign, numbers = _members(mask, width)
    return sign + "[" + " ".join([short_signal(number) for number in numbers]) + "]"


def _members(mask: int, width: int) -> tuple[str, list[int]]:
    sign = ""
    if mask.bit_count() >= width * 2 // 3:
        mask, sign = ~mask & (1 << width) - 1, "~"
    return sign, [bit + 1 for bit in range(width) if mask >> bit & 1]


def sigset_members(value: SigSet) -> tuple[str, list[int]]:
    """The numbers in a set, or with ``~`` those that are not when most are."""
    return _members(int(value), value.width)


def short_signal(number: int) -> str:
    """``INT`` for SIGINT, as in a set."""
    from seize.abi.names import signal_name

    return signal_name(number).removeprefix("SIG")


def status_text(value: WaitStatus) -> str:
    """A wait status by the macros of wait(2)."""
    status = int(value) & 0xFFFFFFFF
    if status & 0x7F == 0 and status >> 16 == 0:
        return f"{{WIFEXITED(s) && WEXITSTATUS(s) == {status >> 8 & 0xFF}}}"
    if status & 0xFF == 0x7F:
        event = status >> 16
        text = f"{{WIFSTOPPED(s) && WSTOPSIG(s) == {_stop_signal(status >> 8 & 0xFF)}}}"
        return f"{text} | {_event(event)}" if event else text
    if status == 0xFFFF:
        return "{WIFCONTINUED(s)}"
    if status >> 16 == 0 and status & 0x7F:
        core = " && WCOREDUMP(s)" if status & 0x80 else ""
        return f"{{WIFSIGNALED(s) && WTERMSIG(s) == {signal_text(Signal(status & 0x7F))}{core}}}"
    return _hex(status)


def _stop_signal(number: int) -> str:
    if number & 0x80:
        return f"{signal_text(Signal(number & 0x7F))} | 0x80"
    return signal_text(Signal(number))


def _event(event: int) -> str:
    table = dict(tables.flag_set("x86_64", "ptrace_event") or ())
    name = table.get(event)
    return f"{name} << 16" if name else f"{event:#x} << 16"


def date_text(value: Time, digits: int = 9) -> str:
    """The local date of a time in ISO 8601, its fraction of ``digits`` only if there is one."""
    import time

    try:
        local = time.localtime(value)
    except (ValueError, OverflowError, OSError):
        return int.__repr__(value)
    fraction = f".{value.nanoseconds:09d}"[: digits + 1] if value.nanoseconds else ""
    return time.strftime("%Y-%m-%dT%H:%M:%S", local) + fraction + time.strftime("%z", local)


def time_text(value: Time) -> str:
    """Seconds, with the date."""
    if not value and not value.nanoseconds:
        return "0"
    return f"{int(value)} /* {date_text(value)} */"


def limit_text(value: Limit) -> str:
    """``8192*1024``, ``RLIM64_INFINITY``, or the number."""
    if value == (1 << value.bits) - 1:
        return "RLIM64_INFINITY" if value.bits == 64 else "RLIM_INFINITY"
    if value > 1024 and value % 1024 == 0:
        return f"{value // 1024}*1024"
    return int.__repr__(value)


def handler_text(value: Handler) -> str:
    """``SIG_DFL``, ``SIG_IGN``, ``SIG_ERR`` or an address."""
    return HANDLERS.get(value) or hex(value)


def ticks_text(value: Ticks) -> str:
    """A time in hundredths of a second, with the seconds if there are any."""
    return f"{int(value)} /* {value // 100}.{value % 100:02d} s */" if value else "0"


def interface_text(value: Interface, style: str = "") -> str:
    """``if_nametoindex("eth0")``."""
    name = value.name.encode("utf-8", "surrogateescape")
    return f'if_nametoindex("{STYLES[style](name)}")'


SCALARS: dict[type, Callable[..., str]] = {
    Int: int.__repr__,
    Id: int.__repr__,
    Error: int.__repr__,
    Hex: _hex,
    Padded: padded_text,
    Octal: octal_text,
    Address: address_text,
    Pid: pid_text,
    Mode: mode_text,
    Device: device_text,
    Fd: fd_text,
    DirFd: dirfd_text,
    Flags: flags_text,
    Enum: enum_text,
    Signal: signal_text,
    SigSet: sigset_text,
    WaitStatus: status_text,
    Time: time_text,
    Date: date_text,
    Limit: limit_text,
    Handler: handler_text,
    Interface: interface_text,
    Ticks: ticks_text,
}
