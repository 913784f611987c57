"""Parse all headers of one architecture with libclang: constants and struct layouts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
STUBS = HERE / "stubs"

# Clang's target triple and the names of the header folders, for each architecture.
TARGETS = {
    "x86_64": ("x86_64-linux-gnu", "x86"),
    "i386": ("i386-linux-gnu", "x86"),
    "aarch64": ("aarch64-linux-gnu", "aarch64"),
}

ERROR, FATAL = 3, 4


class HeaderError(Exception):
    """The headers could not be parsed as a whole."""


@dataclass(frozen=True)
class Constant:
    """An integer macro or enumerator: its value and the header that defines it.

    ``text`` is a macro's body, ``enum`` the tag of an enumerator's type.
    """

    value: int
    header: str
    text: str = ""
    enum: str = ""


@dataclass(frozen=True)
class Field:
    """A member of a struct, anonymous unions and structs flattened.

    ``offset`` is in bytes; ``count`` is 1 for a scalar, N for an array, 0 for a flexible one.
    """

    name: str
    offset: int
    type: str
    count: int


@dataclass(frozen=True)
class Struct:
    """A struct or union: its size in bytes and its members in order of declaration."""

    name: str
    header: str
    size: int
    fields: tuple[Field, ...]


@dataclass
class Headers:
    """What the headers of one architecture say; ``macros`` holds each header and body of a name."""

    constants: dict[str, Constant] = field(default_factory=dict)
    structs: dict[str, Struct] = field(default_factory=dict)
    macros: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    diagnostics: list[str] = field(default_factory=list)


# Headers that can't be part of one translation unit: they need a private header, another byte
# order, or say that they must not be included directly.
UNFIT = (
    "linux/byteorder/big_endian.h",
    "linux/patchkey.h",
    "xen/",
    "asm-generic/",
    "asm/posix_types_",
    "asm/unistd_",
)

# Headers that include an asm/ header that aarch64 hasn't got.
WITHOUT_AARCH64 = ("linux/a.out.h",)

# Included before all others: what these define, others need without saying so.
FIRST = ("linux/types.h", "sys/socket.h", "linux/time.h", "asm/sigcontext.h", "linux/signal.h")

# The C library's headers, for constants that the kernel's UAPI headers don't carry.
LIBC_HEADERS = (
    *("dirent.h", "elf.h", "errno.h", "fcntl.h", "mqueue.h", "netinet/in.h", "netinet/tcp.h"),
    *(
        "netinet/udp.h",
        "poll.h",
        "sched.h",
        "scsi/scsi_ioctl.h",
        "scsi/sg.h",
        "signal.h",
        "sys/epoll.h",
        "sys/eventfd.h",
    ),
    *("sys/fanotify.h", "sys/file.h", "sys/inotify.h", "sys/ipc.h", "sys/mman.h", "sys/mount.h"),
    *("sys/msg.h", "sys/personality.h", "sys/pidfd.h", "sys/prctl.h", "sys/ptrace.h"),
    *("sys/quota.h", "sys/reboot.h", "sys/resource.h", "sys/sem.h", "sys/shm.h", "sys/signalfd.h"),
    *("sys/socket.h", "sys/stat.h", "sys/statfs.h", "sys/statvfs.h", "sys/swap.h", "sys/syslog.h"),
    *("sys/time.h", "sys/timerfd.h", "sys/timex.h", "sys/uio.h", "sys/un.h", "sys/wait.h"),
    *("sys/xattr.h", "termios.h", "time.h", "unistd.h"),
)

INTEGER_TYPES = {
    "BOOL": "u8",
    "CHAR_U": "char",
    "CHAR_S": "char",
    "SCHAR": "i8",
    "UCHAR": "u8",
    "POINTER": "ptr",
}
SIGNED = ("SHORT", "INT", "LONG", "LONGLONG", "INT128")
UNSIGNED = ("USHORT", "UINT", "ULONG", "ULONGLONG", "UINT128", "CHAR16", "CHAR32")


class Parser:
    """Parses the headers under ``include`` with ``cindex`` (the module ``clang.cindex``)."""

    def __init__(self, cindex: Any, include: Path) -> None:
        self.cindex = cindex
        self.include = include

    def uapi(self, arch: str) -> Headers:
        """Everything that the kernel's own headers, and ``kernel.h``, define for ``arch``."""
        _, folder = TARGETS[arch]
        places = [self.include / f"{folder}-linux-any", self.include / "any-linux-any"]
        names = {str(p.relative_to(place)) for place in places for p in place.rglob("*.h")}
        names -= {n for n in names if n.startswith(UNFIT)}
        if arch == "aarch64":
            names -= set(WITHOUT_AARCH64)
        source = "".join(f"#include <{name}>\n" for name in (*FIRST, *sorted(names)))
        source += f'#include "{HERE / "kernel.h"}"\n'
        headers = self._parse(arch, source, [STUBS, STUBS / "compiler", *places])
        if headers.diagnostics:
            raise HeaderError("\n".join(headers.diagnostics))
        return headers

    def libc(self, arch: str) -> Headers:
        """Everything that the C library's headers define for ``arch``."""
        _, folder = TARGETS[arch]
        names = (f"{folder}-linux-gnu", "generic-glibc", f"{folder}-linux-any", "any-linux-any")
        places = [STUBS / "compiler", *(self.include / name for name in names)]
        source = "".join(f"#include <{name}>\n" for name in LIBC_HEADERS)
        options = ["-D_GNU_SOURCE", "-D__GLIBC__=2", "-D__GLIBC_MINOR__=40"]
        return self._parse(arch, source, places, options)

    def _parse(
        self, arch: str, source: str, places: list[Path], options: list[str] | None = None
    ) -> Headers:
        headers = Headers()
        triple, _ = TARGETS[arch]
        arguments = ["-target", triple, "-nostdinc", "-ferror-limit=0", "-xc", "-std=gnu11", "-w"]
        arguments += [*(options or []), *(f"-isystem{place}" for place in places)]
        detailed = self.cindex.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD
        unit = self._unit(source, arguments, detailed)
        headers.diagnostics = _errors(unit)
        names = Names(places)
        for cursor in unit.cursor.get_children():
            kind = cursor.kind.name
            if kind == "MACRO_DEFINITION":
                _add_macro(headers, names, cursor)
            elif kind == "ENUM_DECL":
                _add_enum(headers, names, cursor)
            elif kind in ("STRUCT_DECL", "UNION_DECL") and cursor.is_definition():
                _add_struct(headers, names, cursor, cursor.spelling)
            elif kind == "TYPEDEF_DECL":
                _add_typedef(headers, names, cursor)
        self._evaluate(headers, source, arguments)
        return headers

    def _unit(self, source: str, arguments: list[str], options: int) -> Any:
        files = [("all.c", source)]
        unit = self.cindex.Index.create().parse("all.c", arguments, files, options)
        fatal = [d for d in unit.diagnostics if d.severity >= FATAL]
        if fatal:
            raise HeaderError("\n".join(f"{d.location}: {d.spelling}" for d in fatal))
        return unit

    def _evaluate(self, headers: Headers, source: str, arguments: list[str]) -> None:
        """Ask the compiler for the value of each macro that is an integer constant."""
        names = [name for name, bodies in headers.macros.items() if _may_be_integer(bodies[-1][1])]
        lines = [f"enum {{ V_{n} = (long long)(({n}) | 0), S_{n} = ({n}) < 0 }};" for n in names]
        start = source.count("\n") + 1
        unit = self._unit(source + "\n".join(lines), arguments, 0)
        bad = {d.location.line for d in unit.diagnostics if d.severity >= ERROR}
        values: dict[str, int] = {}
        for cursor in unit.cursor.get_children():
            place = cursor.location
            ours = str(place.file) == "all.c" and place.line >= start and place.line not in bad
            if ours and cursor.kind.name == "ENUM_DECL":
                values.update(_enumerators(cursor))
        for name in names:
            if f"V_{name}" in values:
                negative = values[f"S_{name}"]
                value = values[f"V_{name}"]
                header, text = headers.macros[name][-1]
                shown = value if negative or value >= 0 else value + (1 << 64)
                previous = headers.constants.get(name)
                enum = previous.enum if previous else ""
                headers.constants[name] = Constant(shown, header, text, enum)


class Names:
    """Turns a cursor's file into the name by which it is included."""

    def __init__(self, places: list[Path]) -> None:
        self._prefixes = [f"{place}/" for place in places]
        self._known: dict[str, str] = {}

    def of(self, cursor: Any) -> str:
        """The header's name, such as ``linux/fcntl.h``; empty for built-in macros."""
        file = cursor.location.file
        if file is None:
            return ""
        path = file.name
        if path not in self._known:
            short = next((path[len(p) :] for p in self._prefixes if path.startswith(p)), path)
            self._known[path] = Path(short).name if short.startswith("/") else short
        return self._known[path]


def _errors(unit: Any) -> list[str]:
    bad = [d for d in unit.diagnostics if d.severity >= ERROR]
    return [f"{d.location.file}:{d.location.line}: {d.spelling}" for d in bad]


def _may_be_integer(body: str) -> bool:
    return bool(body) and not any(c in body for c in '{};"') and "__attribute__" not in body


def _add_macro(headers: Headers, names: Names, cursor: Any) -> None:
    header = names.of(cursor)
    if not header:
        return
    tokens = [token.spelling for token in cursor.get_tokens()]
    if len(tokens) < 2:
        return
    after = cursor.extent.start.offset + len(tokens[0])
    function_like = tokens[1] == "(" and _second_offset(cursor) == after
    if not function_like:
        headers.macros.setdefault(cursor.spelling, []).append((header, " ".join(tokens[1:])))


def _second_offset(cursor: Any) -> int:
    tokens = cursor.get_tokens()
    next(tokens)
    return int(next(tokens).extent.start.offset)


def _add_enum(headers: Headers, names: Names, cursor: Any) -> None:
    header = names.of(cursor)
    for name, value in _enumerators(cursor):
        headers.constants[name] = Constant(value, header, enum=cursor.spelling)


def _enumerators(cursor: Any) -> list[tuple[str, int]]:
    children = [c for c in cursor.get_children() if c.kind.name == "ENUM_CONSTANT_DECL"]
    return [(c.spelling, c.enum_value) for c in children]


def _add_typedef(headers: Headers, names: Names, cursor: Any) -> None:
    target = cursor.underlying_typedef_type.get_canonical()
    if target.kind.name != "RECORD":
        return
    declaration = target.get_declaration()
    unnamed = not declaration.spelling or "(" in declaration.spelling
    if unnamed or (cursor.spelling not in headers.structs and declaration.is_definition()):
        _add_struct(headers, names, declaration, cursor.spelling)


def _add_struct(headers: Headers, names: Names, cursor: Any, name: str) -> None:
    if not name or "(" in name or cursor.type.get_size() < 0:
        return
    fields = tuple(_fields(headers, names, cursor.type, name, 0))
    headers.structs[name] = Struct(name, names.of(cursor), cursor.type.get_size(), fields)


def _fields(headers: Headers, names: Names, record: Any, owner: str, base: int) -> list[Field]:
    found: list[Field] = []
    for member in record.get_fields():
        bits = member.get_field_offsetof()
        offset = base + bits // 8
        if member.is_bitfield():
            if member.spelling:
                found.append(_bit_field(member, base, bits))
        elif not member.spelling or "(" in member.spelling:
            found += _fields(headers, names, member.type.get_canonical(), owner, offset)
        else:
            kind, count = _type(headers, names, member.type, f"{owner}.{member.spelling}")
            found.append(Field(member.spelling, offset, kind, count))
    return found


def _bit_field(member: Any, base: int, bits: int) -> Field:
    unit = member.type.get_size() * 8
    start = bits // unit * unit
    kind = f"b{member.get_bitfield_width()}@{bits - start}:u{unit}"
    return Field(member.spelling, base + start // 8, kind, 1)


def _type(headers: Headers, names: Names, type_: Any, owner: str) -> tuple[str, int]:
    type_ = type_.get_canonical()
    kind = type_.kind.name
    if kind == "CONSTANTARRAY":
        inner, count = _type(headers, names, type_.element_type, owner)
        return inner, count * type_.element_count
    if kind == "INCOMPLETEARRAY":
        inner, _ = _type(headers, names, type_.element_type, owner)
        return inner, 0
    if kind == "RECORD":
        declaration = type_.get_declaration()
        name = declaration.spelling
        if not name or "(" in name:
            name = owner
        if name not in headers.structs:
            _add_struct(headers, names, declaration, name)
        return name, 1
    if kind in INTEGER_TYPES:
        return INTEGER_TYPES[kind], 1
    size = type_.get_size()
    if kind == "ENUM":
        return f"u{size * 8}", 1
    if kind in SIGNED or kind in UNSIGNED:
        return f"{'i' if kind in SIGNED else 'u'}{size * 8}", 1
    if kind in ("FLOAT", "DOUBLE", "FLOAT128", "LONGDOUBLE"):
        return f"f{size * 8}", 1
    raise HeaderError(f"{owner}: unknown type {kind} {type_.spelling}")
