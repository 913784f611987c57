"""Security contexts of files, descriptors and threads: ``--secontext``, selinux(8).

A file's context is an extended attribute, a thread's is in /proc.  Which one a file should have
is in the policy's own file: regular expressions, of which the last that matches counts.
"""

from __future__ import annotations

import os
import stat

from seize.decode.values import Contextual, DirFd, Fd, Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

    from seize.decode import Call
    from seize.decode.memory import MemoryReader
    from seize.decode.values import Value
    from seize.engine.protocols import CallDecoder

_ATTRIBUTE = "security.selinux"
_AT_FDCWD = -100
_POLICIES = "/etc/selinux"
_TYPES = {
    "--": stat.S_IFREG,
    "-d": stat.S_IFDIR,
    "-c": stat.S_IFCHR,
    "-b": stat.S_IFBLK,
    "-l": stat.S_IFLNK,
    "-p": stat.S_IFIFO,
    "-s": stat.S_IFSOCK,
}


class Contexts:
    """Reads contexts; ``wanted`` holds "full" (not the type alone) or "mismatch".

    With "mismatch", the context that the policy has for a file follows, where it is another one:
    ``tmp_t!!etc_t``.  ``policies`` is the folder of the policies.
    """

    def __init__(self, wanted: frozenset[str], policies: str = _POLICIES) -> None:
        self._is_full = "full" in wanted
        self._expected = Expected(policies) if "mismatch" in wanted else None

    def of_file(self, path: str, name: str) -> str | None:
        """The context of the file at ``path``, which its tracee calls ``name``."""
        found = _attribute(path)
        if found is None:
            return None
        shown = self._shown(found)
        if self._expected is not None:
            expected = self._expected.of(name, _mode(path))
            if expected is not None and self._shown(expected) != shown:
                return f"{shown}!!{self._shown(expected)}"
        return shown

    def of_descriptor(self, tid: int, fd: int) -> str | None:
        """The context of what a thread's descriptor stands for."""
        link = f"/proc/{tid}/fd/{fd}"
        try:
            name = os.readlink(link)
        except OSError:
            return None
        return self.of_file(link, name)

    def of_path(self, tid: int, path: str, fd: int) -> str | None:
        """The context of a path as a thread means it, from the directory ``fd`` if it must be."""
        if not path:
            return None
        base = f"/proc/{tid}/cwd" if fd == _AT_FDCWD else f"/proc/{tid}/fd/{fd}"
        if path.startswith("/"):
            return self.of_file(f"/proc/{tid}/root{path}", path)
        try:
            name = os.path.normpath(os.path.join(os.readlink(base), path))
        except OSError:
            return None
        return self.of_file(f"{base}/{path}", name)

    def of_thread(self, tid: int) -> str | None:
        """The context of a thread."""
        try:
            with open(f"/proc/{tid}/attr/current", "rb") as file:
                return self._shown(_text(file.read()))
        except OSError:
            return None

    def _shown(self, context: str) -> str:
        parts = context.split(":")
        return context if self._is_full or len(parts) < 3 else parts[2]


def _text(data: bytes) -> str:
    return data.rstrip(b"\0\n").decode("utf-8", "surrogateescape")


def _attribute(path: str) -> str | None:
    try:
        return _text(os.getxattr(path, _ATTRIBUTE))
    except (OSError, ValueError):
        return None


def _mode(path: str) -> int:
    try:
        return stat.S_IFMT(os.stat(path).st_mode)
    except OSError:
        return 0


class Expected:
    """What the policy in force says of files (file_contexts(5))."""

    def __init__(self, policies: str) -> None:
        self._rules: list[tuple[re.Pattern[str], int, str]] = []
        name = _policy(f"{policies}/config")
        for suffix in ("", ".homedirs", ".local"):
            self._load(f"{policies}/{name}/contexts/files/file_contexts{suffix}")

    def _load(self, path: str) -> None:
        import re

        try:
            with open(path, encoding="utf-8", errors="surrogateescape") as file:
                lines = [line.split() for line in file]
        except OSError:
            return
        for words in lines:
            if len(words) < 2 or words[0].startswith("#"):
                continue
            try:
                pattern = re.compile(words[0])
            except re.error:
                # An expression that only PCRE knows.
                continue
            self._rules.append((pattern, _TYPES.get(words[1], 0), words[-1]))

    def of(self, name: str, mode: int) -> str | None:
        """The context that a file of this name and type should have; None if there is none."""
        for pattern, wanted, context in reversed(self._rules):
            if wanted in (0, mode) and pattern.fullmatch(name):
                return None if context == "<<none>>" else context
        return None


def _policy(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            for line in file:
                key, _, value = line.partition("=")
                if key.strip() == "SELINUXTYPE":
                    return value.strip()
    except OSError:
        return ""
    return ""


class ContextDecoder:
    """Decodes as another decoder does, and adds the contexts of paths and descriptors."""

    def __init__(self, decoder: CallDecoder, contexts: Contexts) -> None:
        self._decoder = decoder
        self._contexts = contexts

    def enter(
        self, tid: int, arch_name: str, number: int, args: tuple[int, ...], memory: MemoryReader
    ) -> Call:
        """Decode the input arguments."""
        call = self._decoder.enter(tid, arch_name, number, args, memory)  # type: ignore[arg-type]
        if hasattr(call, "values"):
            self._look(call, 0, call.compiled.first_out)
        return call

    def exit(self, call: Call, rval: int, is_error: bool, memory: MemoryReader) -> None:
        """Complete a call; what was shown at its entry stays as it was then."""
        self._decoder.exit(call, rval, is_error, memory)  # type: ignore[arg-type]
        if not hasattr(call, "values"):
            return
        self._look(call, call.compiled.first_out, len(call.values))
        if call.result is not None:
            call.result = self._value(call.tid, call.result, _AT_FDCWD)

    def _look(self, call: Call, first: int, end: int) -> None:
        folder = _AT_FDCWD
        for index, value in enumerate(call.values[:end]):
            inner = value.value if isinstance(value, Contextual) else value
            if index >= first:
                call.values[index] = self._value(call.tid, value, folder)
            folder = int(inner) if isinstance(inner, DirFd) else _AT_FDCWD

    def _value(self, tid: int, value: Value, folder: int) -> Value:
        """The value, with its context if it has one."""
        context = None
        if isinstance(value, Fd) and value >= 0:
            context = self._contexts.of_descriptor(tid, value)
        elif type(value) is Path:
            context = self._contexts.of_path(tid, value.text, folder)
        return value if context is None else Contextual(value, context)
