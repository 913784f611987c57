"""Values as strace writes them."""

from __future__ import annotations

import os

from seize.decode.render.quote import STYLES
from seize.decode.render.scalars import SCALARS, date_text
from seize.decode.values import (
    AbstractPath,
    Address,
    Array,
    Bytes,
    Changed,
    Contextual,
    Dated,
    DirFd,
    Enum,
    Fd,
    Flags,
    HardwareAddress,
    HexBytes,
    Indexed,
    Interface,
    Labelled,
    LazyStruct,
    Macro,
    Members,
    Name,
    Noted,
    Path,
    Pid,
    Pointer,
    Several,
    Signal,
    Struct,
    Tampered,
    Text,
    Value,
    WholeBytes,
    Word,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from seize.decode.call import Call

    Render = Callable[[Value], str]


def _styled(render: Callable[..., str], style: str) -> Render:
    """The text of a value with the names beside it in the style of strings."""
    return lambda value: render(value, style)


class StraceText:
    """Makes strace's text of calls and values.

    ``enter(call)``, computed at the entry, and ``exit(call)``, computed at the exit, make up the
    line's left part, from the name to the closing parenthesis; ``result(call)`` is what follows
    the equals sign.  ``verbose`` shows structs whole; ``string_limit`` bounds strings.
    ``strings`` ("", "non-ascii-chars", "non-ascii", "all") says what is written in hexadecimal,
    ``constants`` ("abbrev", "raw", "verbose") whether named constants are written as names,
    numbers or both; ``names`` writes the name of each argument before it.
    """

    def __init__(
        self,
        *,
        verbose: bool = False,
        string_limit: int = 32,
        strings: str = "",
        constants: str = "abbrev",
        names: bool = False,
    ) -> None:
        self.verbose = verbose
        self.string_limit = string_limit
        self.names = names
        self._escape = STYLES[strings]
        self._errors: dict[int, str] = {}
        renders: dict[type, object] = {
            Text: self._text,
            Path: self._path,
            Name: self._path,
            Bytes: self._bytes,
            Struct: self._struct,
            LazyStruct: self._lazy_struct,
            Array: self._array,
            Pointer: self._pointer,
            Changed: self._changed,
            Macro: self._macro,
            Noted: self._noted,
            Dated: self._dated,
            Members: self._members,
            Contextual: lambda value: f"{self.value(value.value)} [{value.context}]",
            Labelled: lambda value: f"{value.label} {self.value(value.value)}",
            Indexed: lambda value: f"[{self.value(value.index)}]={self.value(value.value)}",
            Several: lambda value: ", ".join([self.value(item) for item in value.items]),
            HexBytes: self._hexbytes,
            WholeBytes: lambda value: f'"{self._escape(value.bytes)}"',
            AbstractPath: lambda value: f'@"{self._escape(value.bytes)}"',
            Word: lambda value: value.word,
            HardwareAddress: lambda value: value.word,
            **SCALARS,
        }
        scalars = SCALARS
        if constants != "abbrev":
            from seize.decode.render import styles

            scalars = {**SCALARS, **styles.SCALARS[constants]}
            renders.update(styles.SCALARS[constants])
            is_raw = constants == "raw"
            renders[Macro] = self._raw_macro if is_raw else self._verbose_macro
            renders[HardwareAddress] = styles.address_raw if is_raw else styles.address_verbose
            renders[Indexed] = self._raw_indexed if is_raw else self._verbose_indexed
        if strings:
            for kind in (Fd, DirFd, Pid, Interface):
                renders[kind] = _styled(scalars[kind], strings)
        self._renders: dict[type, Render] = renders  # type: ignore[assignment]
        self._note = self.value if constants == "abbrev" else self._named_note

    width: Callable[[str], int] = staticmethod(len)
    """The columns that a text takes on a screen."""

    def name(self, name: str) -> str:
        """The text of a call's name."""
        return name

    def event(self, text: str) -> str:
        """The text of a line that is no call: a signal, an end."""
        return text

    def value(self, value: Value) -> str:
        """The text of one value."""
        return self._renders[type(value)](value)

    def enter(self, call: Call) -> str:
        """``openat(AT_FDCWD, "x", ``: what is known at the entry."""
        compiled = call.compiled
        first = compiled.first_out
        values = call.values
        if compiled.labels is not None or self.names:
            parts = self._labelled(call)[:first]
        else:
            renders = self._renders
            parts = [renders[type(value)](value) for value in values[:first]]
        text = f"{call.name}({', '.join(parts)}"
        # clone, the only call with labels, has the comma behind where it was cut.
        return f"{text}, " if 0 < first < len(values) and compiled.labels is None else text

    def exit(self, call: Call) -> str:
        """The rest of the arguments, and the closing parenthesis."""
        compiled = call.compiled
        first = compiled.first_out
        values = call.values
        if first >= len(values):
            return ")"
        if compiled.labels is not None or self.names:
            rest = ", ".join(self._labelled(call)[first:]) + ")"
            return f", {rest}" if compiled.labels is not None and first else rest
        renders = self._renders
        if first == len(values) - 1:
            value = values[first]
            return renders[type(value)](value) + ")"
        return ", ".join([renders[type(value)](value) for value in values[first:]]) + ")"

    def _labelled(self, call: Call) -> list[str]:
        names, values = call.compiled.names, call.values
        labels = (True,) * len(names) if self.names else call.compiled.labels or ()
        return [
            f"{name}={self.value(value)}" if label else self.value(value)
            for label, name, value in zip(labels, names, values, strict=False)
        ]

    def result(self, call: Call) -> str:
        """What follows the equals sign: the result, an error with its message, a note."""
        if call.failed:
            text = self._errors.get(call.error) or self._error(call.error)
        elif call.result is None:
            return "?"
        else:
            value = call.result
            text = self._renders[type(value)](value)
            if type(value) is Address and not value:
                text = "0"
        note = call.note
        if note is not None:
            remark = ""
            if type(note) is Tampered:
                remark, note = tampered(note), note.note
            return f"{text} ({self._note(note)}){remark}" if note is not None else text + remark
        return text

    def _named_note(self, note: Value) -> str:
        # A remark on a result is there for the name: in whatever style, it is one.
        name = note.value if isinstance(note, Labelled) else note
        if isinstance(name, Enum | Signal) or (
            isinstance(name, Flags) and name.set not in ("personality_flags", "fcntl_fd_flags")
        ):
            text = SCALARS[type(name)](name)
            return f"{note.label} {text}" if isinstance(note, Labelled) else text
        return self.value(note)

    def _error(self, number: int) -> str:
        from seize.abi import restart
        from seize.abi.names import errno_name

        restarted = restart.RESTARTS.get(number)
        name = errno_name(number)
        if restarted is not None:
            text = f"? {name} ({restarted[1]})"
        elif name == f"ERRNO_{number}":
            text = f"-1 (errno {number})"
        else:
            text = f"-1 {name} ({os.strerror(number)})"
        if len(self._errors) < 1024:
            self._errors[number] = text
        return text

    def _text(self, value: Text) -> str:
        data = value.bytes
        if len(data) > self.string_limit:
            return f'"{self._escape(data[: self.string_limit])}"...'
        return f'"{self._escape(data)}"' if value.complete else f'"{self._escape(data)}"...'

    def _path(self, value: Text) -> str:
        return (
            f'"{self._escape(value.bytes)}"'
            if value.complete
            else f'"{self._escape(value.bytes)}"...'
        )

    def _bytes(self, value: Bytes) -> str:
        data = value.bytes
        if len(data) > self.string_limit:
            data = data[: self.string_limit]
        return (
            f'"{self._escape(data)}"' if value.size == len(data) else f'"{self._escape(data)}"...'
        )

    def _hexbytes(self, value: HexBytes) -> str:
        data = value.bytes[: self.string_limit]
        more = "" if value.size == len(data) else "..."
        return '"' + "".join([f"\\x{code:02x}" for code in data]) + f'"{more}'

    def _members(self, value: Members) -> str:
        sign = "~" if value.inverted else ""
        return f"{sign}[" + " ".join([self.value(item) for item in value.items]) + "]"

    def _struct(self, value: Struct) -> str:
        return self._fields(zip(value.names, value.values, strict=True), value.abbreviated)

    def _lazy_struct(self, value: LazyStruct) -> str:
        full = self.verbose
        return self._fields(value.unpack(value.data, full), value.brief and not full)

    def _fields(self, pairs: Iterable[tuple[str, Value]], is_brief: bool) -> str:
        renders = self._renders
        parts = [
            f"{name}={renders[type(field)](field)}" if name else renders[type(field)](field)
            for name, field in pairs
        ]
        if is_brief:
            parts.append("...")
        return "{" + ", ".join(parts) + "}"

    def _dated(self, value: Dated) -> str:
        parts = value.value
        short = isinstance(parts, Struct) and any(n == "tv_usec" for n, _ in parts.fields(True))
        return f"{self.value(parts)} /* {date_text(value.date, 6 if short else 9)} */"

    def _array(self, value: Array) -> str:
        renders = self._renders
        parts = [renders[type(item)](item) for item in value.items]
        if value.more:
            parts.append("...")
        if value.end is not None:
            parts.append(f"... /* {value.end:#x} */")
        return "[" + ", ".join(parts) + "]"

    def _pointer(self, value: Pointer) -> str:
        return f"[{self.value(value.target)}]"

    def _changed(self, value: Changed) -> str:
        return f"{self.value(value.before)} => {self.value(value.after)}"

    def _macro(self, value: Macro) -> str:
        return f"{value.name}({', '.join([self.value(item) for item in value.arguments])})"

    def _raw_macro(self, value: Macro) -> str:
        from seize.decode.render.styles import macro_raw

        return macro_raw(value) or self._macro(value)

    def _verbose_macro(self, value: Macro) -> str:
        from seize.decode.render.styles import macro_raw

        data = macro_raw(value)
        if data is None:
            return self._macro(value)
        if value.name == "inet_pton" and isinstance(value.arguments[-1], Word):
            # The field is named before its bytes already.
            value = Macro(value.name, *value.arguments[:-1])
        if value.name == "QCMD":
            # Within a remark its parts are names alone.
            return f"{data} /* {StraceText().value(value)} */"
        return f"{data} /* {self._macro(value)} */"

    def _raw_indexed(self, value: Indexed) -> str:
        # An index is written in decimal, whatever it is called.
        index = value.index
        place = f"{int(index)}" if isinstance(index, Enum) else self.value(index)
        return f"[{place}]={self.value(value.value)}"

    def _verbose_indexed(self, value: Indexed) -> str:
        index = value.index
        if isinstance(index, Enum):
            return f"[{int(index)} /* {index.name} */]={self.value(value.value)}"
        return f"[{self.value(index)}]={self.value(value.value)}"

    def _noted(self, value: Noted) -> str:
        return f"{self.value(value.value)} /* {value.note} */"


def tampered(what: Tampered) -> str:
    """What is said of a call that was tampered with: `` (INJECTED) (DELAYED)``."""
    text = ""
    if what.args:
        text = " (INJECTED: args, retval)" if what.retval else " (INJECTED: args)"
    elif what.retval:
        text = " (INJECTED)"
    return f"{text} (DELAYED)" if what.delayed else text
