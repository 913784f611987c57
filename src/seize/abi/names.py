"""Numbers to names and back: errors, signals, system calls, ioctl commands."""

from __future__ import annotations

from seize.abi._generated.errno import ALIASES as _ERRNO_ALIASES
from seize.abi._generated.errno import NAMES as _ERRNO
from seize.abi._generated.signals import NAMES as _SIGNALS
from seize.abi.restart import PRIVATE, RESTARTS

SIGRTMIN = 32  # the kernel's; the C library keeps the first two for itself
SIGRTMAX = 64

_errno_numbers: dict[str, int] = {}
_signal_numbers: dict[str, int] = {}
_calls: dict[str, dict[int, str]] = {}
_call_numbers: dict[str, dict[str, int]] = {}


def errno_name(number: int) -> str:
    """The name of an error number (positive), ``ENOENT`` for 2; ``ERRNO_999`` without a name.

    Knows the kernel's private ones as well (``ERESTARTSYS``).  See errno(3).
    """
    name = _ERRNO.get(number)
    if name is not None:
        return name
    if number in RESTARTS:
        return RESTARTS[number][0]
    return PRIVATE.get(number, f"ERRNO_{number}")


def errno_number(name: str) -> int | None:
    """The number of an error's name, second names (``EWOULDBLOCK``) included; None if unknown."""
    if not _errno_numbers:
        _errno_numbers.update({text: number for number, text in PRIVATE.items()})
        _errno_numbers.update({entry[0]: number for number, entry in RESTARTS.items()})
        _errno_numbers.update(_ERRNO_ALIASES)
        _errno_numbers.update({text: number for number, text in _ERRNO.items()})
    return _errno_numbers.get(name)


def signal_name(number: int) -> str:
    """The name of a signal; real-time ones are ``SIGRTMIN`` and ``SIGRT_1`` to ``SIGRT_32``.

    A number that is no signal gives its digits.  Real-time signals are counted from the kernel's
    SIGRTMIN, 32, as strace does; the C library's SIGRTMIN is ``SIGRT_2``.  See signal(7).
    """
    name = _SIGNALS.get(number)
    if name is not None:
        return name
    if number == SIGRTMIN:
        return "SIGRTMIN"
    if SIGRTMIN < number <= SIGRTMAX:
        return f"SIGRT_{number - SIGRTMIN}"
    return str(number)


def signal_number(text: str) -> int | None:
    """The signal meant by ``SIGINT``, ``INT``, ``sigint`` or ``2``; None if there is no such one.

    Real-time signals go by `signal_name`'s names, and ``SIGRTMAX``.
    """
    if text.isdecimal():
        number = int(text)
        return number if 1 <= number <= SIGRTMAX else None
    if not _signal_numbers:
        _signal_numbers.update({signal_name(n): n for n in range(1, SIGRTMAX + 1)})
        _signal_numbers.update({"SIGRTMAX": SIGRTMAX, "SIGPOLL": 29, "SIGIOT": 6, "SIGCLD": 17})
    name = text.upper()
    return _signal_numbers.get(name if name.startswith("SIG") else f"SIG{name}")


def syscall_names(arch: str) -> dict[int, str]:
    """Every system call of ``x86_64``, ``i386`` or ``aarch64``: number -> name.

    Raises `KeyError` for another architecture.
    """
    if arch not in _calls:
        _calls[arch] = _load_syscalls(arch)
    return _calls[arch]


def _load_syscalls(arch: str) -> dict[int, str]:
    if arch == "x86_64":
        from seize.abi._generated import syscalls_x86_64

        return syscalls_x86_64.NAMES
    if arch == "i386":
        from seize.abi._generated import syscalls_i386

        return syscalls_i386.NAMES
    if arch == "aarch64":
        from seize.abi._generated import syscalls_aarch64

        return syscalls_aarch64.NAMES
    raise KeyError(arch)


def syscall_name(arch: str, number: int) -> str | None:
    """The name of a system call, ``openat`` for 257 on ``x86_64``; None if it has none."""
    return syscall_names(arch).get(number)


def syscall_number(arch: str, name: str) -> int | None:
    """The number of a system call; None if the architecture hasn't got it."""
    numbers = _call_numbers.get(arch)
    if numbers is None:
        numbers = {text: number for number, text in syscall_names(arch).items()}
        _call_numbers[arch] = numbers
    return numbers.get(name)


def ioctl_name(arch: str, command: int) -> str | None:
    """The name of an ioctl command, ``TCGETS`` for 0x5401; None if it has none.

    Names that share a number are joined by `` or ``.  See ioctl_list(2).
    """
    from seize.abi._generated import ioctls

    command &= 0xFFFFFFFF
    name = ioctls.OVERRIDES.get(arch, {}).get(command)
    return (ioctls.NAMES.get(command) if name is None else name) or None


def ioctl_argument(arch: str, command: int) -> str | None:
    """What an ioctl's argument points to: a struct of `seize.abi.layouts` or a scalar type.

    None where it isn't known, or the argument is no pointer.
    """
    from seize.abi._generated import ioctls

    command &= 0xFFFFFFFF
    kind = ioctls.STRUCT_OVERRIDES.get(arch, {}).get(command)
    return (ioctls.STRUCTS.get(command) if kind is None else kind) or None
