"""The value tree: what the arguments and the result of a system call mean.

Decoders build these values, renderers print them.  A scalar is an ``int`` with a meaning
(``call.args.count == 4096`` and ``call.args.flags & os.O_CREAT`` work as they read); text and
buffers have ``.bytes``; a ``Struct`` has its fields as attributes; an ``Array`` is a sequence.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any


class Value:
    """The root of all values."""

    __slots__ = ()

    if TYPE_CHECKING:
        # Most values are numbers or texts, and compare with such.
        def __eq__(self, other: object) -> bool: ...
        def __hash__(self) -> int: ...


class Int(int, Value):
    """A number printed in decimal."""


class Hex(Int):
    """A number printed in hexadecimal."""


class Padded(Hex):
    """A number printed in hexadecimal of at least ``digits`` places, as C's ``%#0Nx``."""

    digits: int = 0


class Limit(Int):
    """A resource limit of ``bits``; all ones mean that there is none."""

    bits: int = 64


class Handler(Int):
    """A signal's disposition: SIG_DFL, SIG_IGN, or a function's address."""


class Octal(Int):
    """A number printed in octal: permission bits, a umask."""


class Address(Int):
    """A pointer whose target isn't shown: NULL, unreadable, or of no interest."""


class Id(Int):
    """A user or group id; -1 means "no change"."""


class Pid(Int):
    """A process or thread id of the tracee's pid namespace, looked up.

    ``command`` is the name of its command, ``outer`` what it is in the tracer's namespace; None
    where that isn't known, wasn't asked for, or is the same.
    """

    command: str | None = None
    outer: int | None = None


class Mode(Int):
    """A file's type and permissions, as in ``st_mode``."""


class Device(Int):
    """A device number, as in ``st_rdev``: ``makedev(major, minor)``."""

    @property
    def major(self) -> int:
        """The major number (makedev(3))."""
        return (self >> 8 & 0xFFF) | (self >> 32 & ~0xFFF)

    @property
    def minor(self) -> int:
        """The minor number (makedev(3))."""
        return (self & 0xFF) | (self >> 12 & ~0xFF) & 0xFFFFFFFF


class Fd(Int):
    """A file descriptor.

    ``path`` is what it stands for, as /proc/PID/fd tells it, when that was asked for; ``details``
    is more of it, as strace writes it: ``TCP:[127.0.0.1:80->127.0.0.1:4000]``, ``char 1:3``.
    """

    path: str | None = None
    details: str | None = None


class DirFd(Fd):
    """A directory descriptor: ``AT_FDCWD`` is one."""


class Signal(Int):
    """A signal number."""

    @property
    def name(self) -> str:
        """SIGINT, SIGRTMIN, SIGRT_1, …, or the number."""
        from seize.abi.names import signal_name

        return signal_name(self)


class SigSet(Int):
    """A set of signals as a mask: bit 0 is signal 1.  ``in`` and iteration give numbers."""

    width: int = 64

    def __iter__(self) -> Iterator[int]:
        return (bit + 1 for bit in range(self.bit_length()) if self >> bit & 1)

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and number > 0 and bool(self >> (number - 1) & 1)


class Time(Int):
    """Seconds since the epoch, together with ``nanoseconds``."""

    nanoseconds: int = 0


class Date(Time):
    """A time of which only the date is shown."""


class WaitStatus(Int):
    """A wait status, as wait(2) stores it."""


class Enum(Int):
    """One of a list of named values; ``name`` is None for an unknown one."""

    name: str | None = None
    set: str = ""


class Flags(Int):
    """A set of flags.  ``names`` are the set ones in order, ``rest`` the bits without a name.

    ``"O_CLOEXEC" in flags`` asks for a flag by name; ``set`` names the table.
    """

    names: tuple[str, ...] = ()
    rest: int = 0
    set: str = ""
    shown: str | None = None  # the text that a renderer made: values are shared between calls

    def __contains__(self, name: object) -> bool:
        return name in self.names


class Interface(Int):
    """The number of a network interface, and its name on this machine."""

    name: str = ""


class Ticks(Int):
    """A time in hundredths of a second."""


class Error(Int):
    """The result of a failed call: -1, with the positive ``errno``."""

    errno: int = 0


class Text(Value):
    """A NUL-terminated string; ``complete`` is false when it was longer than what was read."""

    __slots__ = ("bytes", "complete")

    def __init__(self, data: bytes, complete: bool = True) -> None:
        self.bytes = data
        self.complete = complete

    @property
    def text(self) -> str:
        """The string, decoded as file names are (surrogateescape)."""
        return self.bytes.decode("utf-8", "surrogateescape")

    def __str__(self) -> str:
        return self.text

    def __fspath__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            return self.text == other
        if isinstance(other, Text):
            return self.bytes == other.bytes and self.complete == other.complete
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.bytes!r})"


class Path(Text):
    """A file name, shown whole up to PATH_MAX."""

    __slots__ = ()


class Name(Text):
    """A short name that is shown whole: of an interface, an algorithm, an address as text."""

    __slots__ = ()


class Bytes(Value):
    """A buffer: the first ``bytes`` of ``size``."""

    __slots__ = ("bytes", "size")

    def __init__(self, data: bytes, size: int) -> None:
        self.bytes = data
        self.size = size

    @property
    def truncated(self) -> bool:
        """Whether the buffer is longer than what was read of it."""
        return self.size > len(self.bytes)

    def __repr__(self) -> str:
        return f"Bytes({self.bytes!r}, {self.size})"


class WholeBytes(Bytes):
    """A buffer that is shown whole, whatever the limit of strings."""

    __slots__ = ()


class HexBytes(Bytes):
    """A buffer that is no text: random bytes, an address."""

    __slots__ = ()


class AbstractPath(Path):
    """The name of a socket in the abstract namespace, without the leading NUL."""

    __slots__ = ()


class Struct(Value):
    """Named fields in order.  ``abbreviated``: there are more that weren't looked at.

    A field's name may be empty: then it is shown by its value alone.
    """

    __slots__ = ("abbreviated", "names", "values")

    def __init__(
        self, names: tuple[str, ...], values: tuple[Value, ...], abbreviated: bool = False
    ) -> None:
        self.names = names
        self.values = values
        self.abbreviated = abbreviated

    def fields(self, full: bool) -> tuple[tuple[str, Value], ...]:
        """``(name, value)`` pairs: all of them, or the few that a summary shows."""
        return tuple(zip(self.names, self.values, strict=True))

    def is_brief(self, full: bool) -> bool:
        """Whether ``fields(full)`` leaves any field out."""
        return self.abbreviated

    def __getattr__(self, name: str) -> Any:
        for field, value in self.fields(True):
            if field == name:
                return value
        raise AttributeError(f"no field {name!r}; there are {[f for f, _ in self.fields(True)]}")

    def __repr__(self) -> str:
        return "{" + ", ".join(f"{n}={v!r}" for n, v in self.fields(True)) + "}"


class LazyStruct(Struct):
    """A struct kept as its bytes; fields are made when they are looked at.

    ``unpack`` gives the fields of the bytes, all or the brief ones.
    """

    __slots__ = ("brief", "data", "unpack")

    def __init__(
        self,
        data: bytes,
        unpack: Callable[[bytes, bool], tuple[tuple[str, Value], ...]],
        brief: bool,
    ) -> None:
        self.data = data
        self.unpack = unpack
        self.brief = brief

    def fields(self, full: bool) -> tuple[tuple[str, Value], ...]:
        """``(name, value)`` pairs: all of them, or the few that a summary shows."""
        return self.unpack(self.data, full)

    def is_brief(self, full: bool) -> bool:
        """Whether ``fields(full)`` leaves any field out."""
        return self.brief and not full


class Array(Value):
    """A sequence of values; ``more`` says that there are others that weren't read.

    ``end`` is the address at which memory ended, when that cut the array short.
    """

    __slots__ = ("end", "items", "more")

    def __init__(
        self, items: tuple[Value, ...], more: bool = False, end: int | None = None
    ) -> None:
        self.items = items
        self.more = more
        self.end = end

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Value]:
        return iter(self.items)

    def __getitem__(self, index: int) -> Value:
        return self.items[index]

    def __repr__(self) -> str:
        return f"Array({list(self.items)!r}{', ...' if self.more else ''})"


class Pointer(Value):
    """A pointer to one scalar: ``*target``."""

    __slots__ = ("target",)

    def __init__(self, target: Value) -> None:
        self.target = target

    def __int__(self) -> int:
        return int(self.target)  # type: ignore[call-overload, no-any-return]

    def __repr__(self) -> str:
        return f"Pointer({self.target!r})"


class Changed(Value):
    """A value that the kernel changed: what it was at entry and at exit."""

    __slots__ = ("after", "before")

    def __init__(self, before: Value, after: Value) -> None:
        self.before = before
        self.after = after

    def __int__(self) -> int:
        return int(self.after)  # type: ignore[call-overload, no-any-return]

    def __repr__(self) -> str:
        return f"Changed({self.before!r}, {self.after!r})"


class Macro(Value):
    """A value written as a C macro or function would make it: ``htons(80)``."""

    __slots__ = ("arguments", "name")

    def __init__(self, name: str, *arguments: Value) -> None:
        self.name = name
        self.arguments = arguments

    def __repr__(self) -> str:
        return f"Macro({self.name!r}, {self.arguments!r})"


class Word(Value):
    """A word shown as it is: the name of a constant, of a field's address."""

    __slots__ = ("word",)

    def __init__(self, word: str) -> None:
        self.word = word

    def __repr__(self) -> str:
        return f"Word({self.word!r})"


class HardwareAddress(Word):
    """A hardware address: ``02:fc:00:00:00:01``."""

    __slots__ = ()

    @property
    def bytes(self) -> bytes:
        """The bytes that it is made of."""
        return bytes.fromhex(self.word.replace(":", ""))


class Members(Value):
    """A set of numbers, as in a ``fd_set`` or a CPU mask; a last ``...`` stands for others.

    ``inverted``: the items are those that aren't in the set.
    """

    __slots__ = ("inverted", "items")

    def __init__(self, items: tuple[Value, ...], inverted: bool = False) -> None:
        self.items = items
        self.inverted = inverted

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Value]:
        return iter(self.items)

    def __contains__(self, item: object) -> bool:
        return (item in self.items) != self.inverted

    def __repr__(self) -> str:
        return f"Members({'~' if self.inverted else ''}{list(self.items)!r})"


class Labelled(Value):
    """A value with a word before it: ``left {tv_sec=1, tv_nsec=0}``."""

    __slots__ = ("label", "value")

    def __init__(self, label: str, value: Value) -> None:
        self.label = label
        self.value = value

    def __repr__(self) -> str:
        return f"Labelled({self.label!r}, {self.value!r})"


class Indexed(Value):
    """An element of an array with the name of its place: ``[VINTR]=0x3``."""

    __slots__ = ("index", "value")

    def __init__(self, index: Value, value: Value) -> None:
        self.index = index
        self.value = value

    def __repr__(self) -> str:
        return f"Indexed({self.index!r}, {self.value!r})"


class Several(Value):
    """Values side by side, as in the note of a select."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[Value, ...]) -> None:
        self.items = items

    def __repr__(self) -> str:
        return f"Several({self.items!r})"


class Noted(Value):
    """A value and a remark on it: ``0x7ffe… /* 23 vars */``."""

    __slots__ = ("note", "value")

    def __init__(self, value: Value, note: str) -> None:
        self.value = value
        self.note = note

    def __repr__(self) -> str:
        return f"Noted({self.value!r}, {self.note!r})"


class Contextual(Value):
    """A file or a descriptor, and its security context: ``"x" [tmp_t]``."""

    __slots__ = ("context", "value")

    def __init__(self, value: Value, context: str) -> None:
        self.value = value
        self.context = context

    def __int__(self) -> int:
        return int(self.value)  # type: ignore[call-overload, no-any-return]

    def __repr__(self) -> str:
        return f"Contextual({self.value!r}, {self.context!r})"


class Dated(Value):
    """A struct of a time, and the date that it is."""

    __slots__ = ("date", "value")

    def __init__(self, value: Value, date: Date) -> None:
        self.value = value
        self.date = date

    def __repr__(self) -> str:
        return f"Dated({self.value!r}, {self.date!r})"


class Tampered(Value):
    """The note of a call that was tampered with, around the note that it has besides.

    ``args`` and ``retval``: what its arguments point to (or they themselves), and its result,
    were replaced.  ``delayed``: it was held up.  ``replaced``: the kernel didn't run it, so that
    even exit_group(2) comes back.  ``change`` is the tampering's own.
    """

    __slots__ = ("args", "change", "delayed", "note", "replaced", "retval")

    def __init__(self, note: Value | None = None, change: object = None) -> None:
        self.note = note
        self.change = change
        self.args = self.retval = self.delayed = self.replaced = False

    def __repr__(self) -> str:
        words = [word for word in ("args", "retval", "delayed") if getattr(self, word)]
        return f"Tampered({self.note!r}, {', '.join(words)})"
