"""Whose a process id is: strace's -Y and --pidns-translation.

A tracee in a pid namespace of its own (pid_namespaces(7)) speaks of ids that mean something else
to us.  /proc tells each process's id in every namespace that it is in.
"""

from __future__ import annotations

import os

from seize.decode.render.quote import bracketed
from seize.decode.values import Array, Int, LazyStruct, Pid, Pointer, Struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.decode import Call
    from seize.decode.memory import MemoryReader
    from seize.decode.values import Value
    from seize.engine.protocols import CallDecoder

_RETURN_IDS = frozenset(("getpid", "gettid", "getppid", "fork", "vfork", "clone", "clone3"))
_ARGUMENTS = frozenset(("pid", "pid1", "pid2", "tgid"))
_WITHOUT = frozenset(("waitid", "perf_event_open"))
_FIELDS = frozenset(("si_pid", "l_pid", "pid"))
_PROCESS, _GROUP = "process", "group"
_BY_KIND = {
    "getpriority": (_PROCESS, _GROUP),
    "setpriority": (_PROCESS, _GROUP),
    "ioprio_get": ("", _PROCESS, _GROUP),
    "ioprio_set": ("", _PROCESS, _GROUP),
}
"""Calls whose first argument says what the second one is."""
_BY_COMMAND = {("fcntl", "F_SETOWN"): 2, ("fcntl64", "F_SETOWN"): 2, ("prctl", "PR_SET_PTRACER"): 1}
"""Calls of which one argument is a process id for one command."""
_NS_GET_PARENT = 0xB702


def command_name(tid: int) -> str | None:
    """The name of a thread's command, as /proc tells it (proc_pid_comm(5)); None if it is gone."""
    try:
        with open(f"/proc/{tid}/comm", "rb") as file:
            return file.read().removesuffix(b"\n").decode("utf-8", "surrogateescape")
    except OSError:
        return None


class ThreadNames:
    """The names of traced threads' commands: also of those that have just died.

    ``style`` is that of strings (-x).
    """

    def __init__(self, style: str) -> None:
        self._style = style
        self._known: dict[int, str] = {}

    def of_thread(self, tid: int) -> str:
        """``<cat>``, or nothing where no name was ever known."""
        name = command_name(tid)
        if name is not None:
            data = name.encode("utf-8", "surrogateescape")
            self._known[tid] = f"<{bracketed(data, self._style)}>"
        return self._known.get(tid, "")

    def forget(self, tid: int) -> None:
        """The thread has ended."""
        self._known.pop(tid, None)


class Namespaces:
    """Finds processes of other pid namespaces in ours."""

    def __init__(self) -> None:
        self._own = _namespace("self")
        self._found: dict[tuple[int, int], int] = {}

    def translate(self, tid: int, pid: int) -> int | None:
        """What ``pid``, as the thread ``tid`` speaks of it, is to us; None if that isn't known."""
        namespace = _namespace(tid)
        if namespace is None or namespace == self._own:
            return pid
        depth = len(_ids(tid)) - 1
        known = self._found.get((namespace, pid))
        if known is not None and self._is(known, namespace, depth, pid):
            return known
        for candidate in _everyone():
            if self._is(candidate, namespace, depth, pid):
                self._found[namespace, pid] = candidate
                return candidate
        return None

    def is_ours(self, tid: int) -> bool:
        """Whether a thread is in our namespace, as far as can be told."""
        return _namespace(tid) in (None, self._own)

    def _is(self, candidate: int, namespace: int, depth: int, pid: int) -> bool:
        ids = _ids(candidate)
        if len(ids) <= depth or ids[depth] != pid:
            return False
        return _is_within(candidate, namespace, len(ids) - 1 - depth)


def _namespace(tid: int | str) -> int | None:
    try:
        return os.stat(f"/proc/{tid}/ns/pid").st_ino
    except OSError:
        return None


def _ids(tid: int) -> list[int]:
    """The thread's id in each namespace that it is in, from /proc's to its own."""
    try:
        with open(f"/proc/{tid}/status", "rb") as file:
            for line in file:
                if line.startswith(b"NSpid:"):
                    return [int(word) for word in line.split()[1:]]
    except OSError:
        return []
    return []


def _is_within(tid: int, namespace: int, levels: int) -> bool:
    """Whether a thread's namespace, ``levels`` up, is that one (ioctl_ns(2))."""
    if not levels:
        return _namespace(tid) == namespace
    from fcntl import ioctl

    try:
        descriptor = os.open(f"/proc/{tid}/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        try:
            for _ in range(levels):
                parent = ioctl(descriptor, _NS_GET_PARENT)
                os.close(descriptor)
                descriptor = parent
            return os.fstat(descriptor).st_ino == namespace
        finally:
            os.close(descriptor)
    except OSError:
        return False


def _everyone() -> Iterator[int]:
    """Every process, then every other thread."""
    processes = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    yield from processes
    for pid in processes:
        try:
            yield from [int(name) for name in os.listdir(f"/proc/{pid}/task") if int(name) != pid]
        except OSError:
            # It has ended meanwhile.
            continue


class PidDecoder:
    """Decodes as another decoder does, and looks up the process ids in what it has found.

    ``wanted`` holds "comm" (the names of commands) or "pidns" (the ids in our namespace).
    """

    def __init__(self, decoder: CallDecoder, wanted: frozenset[str]) -> None:
        self._decoder = decoder
        self._names = "comm" in wanted
        self._outer = "pidns" in wanted
        self._namespaces = Namespaces()

    def enter(
        self, tid: int, arch_name: str, number: int, args: tuple[int, ...], memory: MemoryReader
    ) -> Call:
        """Decode the input arguments."""
        call = self._decoder.enter(tid, arch_name, number, args, memory)  # type: ignore[arg-type]
        self._look(call)
        return call

    def exit(self, call: Call, rval: int, is_error: bool, memory: MemoryReader) -> None:
        """Complete a call."""
        self._decoder.exit(call, rval, is_error, memory)  # type: ignore[arg-type]
        self._look(call)
        result = getattr(call, "result", None)
        if call.name in _RETURN_IDS and type(result) is Int and result > 0:
            call.result = self.pid(call.tid, result)

    def _look(self, call: Call) -> None:
        """Look up the ids among the arguments; one that isn't shown has none."""
        values: list[Value] = getattr(call, "values", [])
        if not values:
            return
        kinds = self._kinds(call)
        for index, value in enumerate(values):
            if type(value) is Int:
                if value > 0 and kinds[index]:
                    values[index] = self.pid(call.tid, value, kinds[index])
            else:
                values[index] = self.value(call.tid, value)

    def _kinds(self, call: Call) -> list[str]:
        """For each argument: whether it is the id of a process, or of a group of them."""
        name, values = call.name, call.values
        if name in _WITHOUT:
            return [""] * len(values)
        found = [_PROCESS if argument in _ARGUMENTS else "" for argument in call.args.names]
        first = values[0]
        by_kind = _BY_KIND.get(name)
        if by_kind is not None and isinstance(first, Int) and 0 <= first < len(by_kind):
            found[1] = by_kind[first]
        command = getattr(values[1] if name.startswith("fcntl") else first, "name", None)
        place = _BY_COMMAND.get((name, command or ""))
        if place is not None and place < len(found):
            found[place] = _PROCESS
        return found

    def pid(self, tid: int, number: int, kind: str = _PROCESS) -> Pid:
        """A process id as the thread ``tid`` knows it, with what there is to say of it."""
        made = Pid(number)
        ours = self._namespaces.translate(tid, number)
        if ours is not None:
            if self._names and kind == _PROCESS:
                made.command = command_name(ours)
            if self._outer and not self._namespaces.is_ours(tid):
                made.outer = ours
        return made

    def value(self, tid: int, value: Value) -> Value:
        """The same value, with the process ids in it looked up."""
        kind = type(value)
        if kind is Pointer:
            return Pointer(self.value(tid, value.target))  # type: ignore[attr-defined]
        if kind is Struct or kind is LazyStruct:
            return self._struct(tid, value)  # type: ignore[arg-type]
        if kind is Array:
            return self._array(tid, value)  # type: ignore[arg-type]
        return value

    def _array(self, tid: int, value: Array) -> Array:
        items = tuple([self.value(tid, item) for item in value.items])
        return Array(items, value.more, value.end)

    def _struct(self, tid: int, value: Struct) -> Struct:
        if isinstance(value, LazyStruct):
            unpack = value.unpack

            def fields(data: bytes, full: bool) -> tuple[tuple[str, Value], ...]:
                pairs = unpack(data, full)
                return tuple([(name, self._field(tid, name, field)) for name, field in pairs])

            return LazyStruct(value.data, fields, value.brief)
        pairs = zip(value.names, value.values, strict=True)
        found = tuple([self._field(tid, name, field) for name, field in pairs])
        return Struct(value.names, found, value.abbreviated)

    def _field(self, tid: int, name: str, value: Value) -> Value:
        if name in _FIELDS and type(value) is Int:
            return self.pid(tid, value) if value > 0 else value
        return self.value(tid, value)
