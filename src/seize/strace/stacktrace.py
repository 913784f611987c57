"""The stacks of a trace (``-k``): when they are taken, and how they are written.

As strace does it, a call's stack is taken at its exit, where the map of the process is that of
after the call; but the stack of a call that doesn't come back to its caller, at its entry.
"""

from __future__ import annotations

from seize import kernel, ptrace
from seize.errors import PtraceError
from seize.kernel.demangle import demangle
from seize.memory import Memory
from seize.stacks import CodeSpace, Modules, state_of, unwind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    from seize.decode import Call
    from seize.engine import Process, Tracee
    from seize.stacks import Code, Frame, Module
    from seize.strace.settings import Settings

    Stack = list[dict[str, Any]]

    class Stacks(Protocol):
        """Where a printer has stacks from: a tracee, or what was recorded."""

        def enter(self, thread: Any, call: Call) -> None:
            """A call begins."""

        def exit(self, thread: Any, call: Call) -> Stack:
            """Give the stack of a call that is over."""

        def now(self, thread: Any) -> Stack:
            """Give the stack of a thread at any other stop."""

        def ended(self, thread: Any) -> Stack:
            """Give the stack that a thread had when it asked for its end."""


EXECS = frozenset(("execve", "execveat"))
EXITS = frozenset(("exit", "exit_group"))
CHANGES = EXECS | {"mremap", "shmat", "shmdt", "remap_file_pages"}
"""Calls after which other code may be mapped, whatever their arguments are."""
PROTECTS = frozenset(("mmap", "mmap2", "old_mmap", "mprotect", "pkey_mprotect"))
"""Calls after which other code may be mapped, if it may be executed."""
_PROT_EXEC = 4
_BLOCK = 1 << 16
_MOST_ENTRIES = 1 << 16


def changes_code(call: Call) -> bool:
    """Whether a call may change what code is mapped."""
    # The first mmap of i386 has its arguments in memory, and an address where others have prot.
    return call.name in CHANGES or (
        call.name in PROTECTS and (bool(call.raw[2] & _PROT_EXEC) or call.raw[2] > 0xFF)
    )


class _Traced:
    """What is known of one process: its code, and whether it runs the program to be traced."""

    __slots__ = ("has_begun", "space")

    def __init__(self, space: CodeSpace, has_begun: bool) -> None:
        self.space = space
        self.has_begun = has_begun


class LiveStacks:
    """Takes the stacks of tracees.

    ``stack_frames`` of the settings is how many frames are told at most; with "source" as
    ``stack_trace`` source lines are told too.
    """

    def __init__(self, settings: Settings) -> None:
        self._limit = settings.stack_frames
        self._with_lines = settings.stack_trace == "source"
        self._modules = Modules()
        self._reader = kernel.vm_reader(_BLOCK)
        self._processes: dict[Process, _Traced] = {}
        self._captured: dict[Tracee, Stack] = {}
        self._entries: dict[tuple[Module | None, str, int, bool], dict[str, Any]] = {}

    def close(self) -> None:
        """Close all files."""
        self._modules.close()

    # ------------------------------------------------------------------ when

    def enter(self, tracee: Tracee, call: Call) -> None:
        """A call begins: take its stack now if it has none afterwards."""
        # The stack of a call that wasn't shown in the end is nobody else's.
        self._captured.pop(tracee, None)
        # The execve that starts the command is called by us.
        if call.name in EXITS or (call.name in EXECS and self._process(tracee).has_begun):
            self._captured[tracee] = self.now(tracee)

    def exit(self, tracee: Tracee, call: Call) -> Stack:
        """Give the stack of a call that is over, and that was watched."""
        captured = self._captured.pop(tracee, None)
        return self.now(tracee) if captured is None else captured

    def watch(self, tracee: Tracee, call: Call) -> None:
        """A call is over, and may have changed the map; it needn't be one that is shown."""
        if changes_code(call):
            process = self._process(tracee)
            process.space.invalidate()
            process.has_begun = process.has_begun or call.name in EXECS

    def ended(self, tracee: Tracee) -> Stack:
        """Give the stack that a thread had when it asked for its end, if it did."""
        if not tracee.process.alive:
            self._processes.pop(tracee.process, None)
        return self._captured.pop(tracee, [])

    def _process(self, tracee: Tracee) -> _Traced:
        process = tracee.process
        known = self._processes.get(process)
        if known is None:
            known = _Traced(CodeSpace(self._modules), not process.spawned)
            self._processes[process] = known
        return known

    # ------------------------------------------------------------------ what

    def now(self, tracee: Tracee) -> Stack:
        """Take the stack of a stopped thread, as JSON has it; empty if it has died."""
        try:
            machine, registers = state_of(tracee.ask(ptrace.getregs))
        except PtraceError:
            return []
        space = self._process(tracee).space
        if tracee.process.filtered:
            # Calls that change the map may run unseen.
            space.invalidate()
        stack: Stack = []
        for frame in unwind(machine, registers, Memory(tracee.tid, self._reader), space):
            if len(stack) >= self._limit:
                stack.append({"error": "too many stack frames"})
                break
            code = frame.code
            if code is None or not code.mapping.path:
                stack.append({"error": "unexpected_backtracing_error", "address": frame.address})
                break
            stack.append(self._entry(frame, code))
        return stack

    def _entry(self, frame: Frame, code: Code) -> dict[str, Any]:
        address = code.file_offset(frame.address)
        key = code.module, code.mapping.path, address, frame.interrupted
        entry = self._entries.get(key)
        if entry is None:
            if len(self._entries) >= _MOST_ENTRIES:
                self._entries.clear()
            entry = self._entries[key] = self._described(frame, code, address)
        return entry

    def _described(self, frame: Frame, code: Code, address: int) -> dict[str, Any]:
        entry: dict[str, Any] = {"file": code.mapping.path, "function": None, "address": address}
        module = code.module
        if module is None:
            return entry
        looked_up = frame.image_address
        symbol = module.symbol(looked_up)
        if symbol is not None:
            entry["function"] = demangle(symbol.name)
            entry["offset"] = frame.address - code.bias - symbol.address
        line = module.line(looked_up) if self._with_lines else None
        if line is not None:
            entry["source"], entry["line"] = line
        return entry


def text_of_stack(stack: Stack) -> str:
    """The lines of a stack, as strace writes them."""
    return "".join(f" > {_text(entry)}\n" for entry in stack)


def _text(entry: dict[str, Any]) -> str:
    error = entry.get("error")
    if error is not None:
        address = entry.get("address")
        return f"{error}" if address is None else f"{error} [{address:#x}]"
    if not entry["function"]:
        return f"{entry['file']}() [{entry['address']:#x}]"
    place = f"{entry['function']}+{entry['offset']:#x}"
    source = f" {entry['source']}:{entry['line']}" if "source" in entry else ""
    return f"{entry['file']}({place}) [{entry['address']:#x}]{source}"
