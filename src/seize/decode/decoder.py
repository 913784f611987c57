"""The decoder: from a system call's registers and memory to values."""

from __future__ import annotations

import os

from seize.abi.names import syscall_names
from seize.decode.call import Call
from seize.decode.compiler import Compiled, compile_line, error_value
from seize.decode.kinds.base import Scope
from seize.decode.signature import FOLDER, Source, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode.memory import MemoryReader
    from seize.decode.shapes import Shape
    from seize.decode.signature import Line

ARCHITECTURES = ("x86_64", "i386", "aarch64")
COMMON = (
    *("files", "names", "mount", "waiting", "memory", "process", "signals", "time", "sockets"),
    *("ipc", "system", "kernel"),
)
"""The signature files of every architecture."""

VERBOSE_ARRAY_LIMIT = 1 << 13
ARRAY_LIMIT = 1 << 16
ERESTART_RESTARTBLOCK = 516
INTERRUPTED_LIMIT = 4096
UNKNOWN = ", ".join(f"arg{index}:hex" for index in range(6))

_sources: dict[str, Source] = {}


def source(arch_name: str) -> Source:
    """The signatures of an architecture: the common ones, and its own."""
    if arch_name not in _sources:
        files = tuple(os.path.join(FOLDER, f"{name}.sig") for name in (*COMMON, arch_name))
        _sources[arch_name] = Source(files)
    return _sources[arch_name]


class Table(dict[int, Compiled]):
    """The compiled system calls of one ABI, each compiled when it is first met."""

    UNKNOWN_LIMIT = 4096

    def __init__(self, arch_name: str, decoder: Decoder) -> None:
        self.arch_name = arch_name
        self.scope = Scope(arch_name, decoder)
        self.names = syscall_names(arch_name)
        self._named: dict[str, Compiled] = {}

    def __missing__(self, number: int) -> Compiled:
        name = self.names.get(number) or f"syscall_{number & 0xFFFFFFFFFFFFFFFF:#x}"
        if name in source(self.arch_name):
            line = self.line(name)
        else:
            if len(self) > self.UNKNOWN_LIMIT:
                self.clear()
            line = parse(f"({UNKNOWN})", "unknown")
        made = self[number] = compile_line(self.scope, name, line)
        if self.arch_name == "i386":
            from seize.decode.demultiplex import FORMS

            made.demultiplex = FORMS.get(name)
        return made

    def line(self, name: str) -> Line:
        """What the arguments of the call ``name`` mean."""
        return source(self.arch_name).line(name)

    def named(self, name: str) -> Compiled:
        """The call that a multiplexer (socketcall, ipc) stands for."""
        made = self._named.get(name)
        if made is None:
            shown = name.removeprefix("old_")
            made = self._named[name] = compile_line(self.scope, shown, self.line(name))
        return made


class Tables(dict[str, Table]):
    """The table of each ABI, made when it is first met."""

    def __init__(self, decoder: Decoder) -> None:
        self.decoder = decoder

    def __missing__(self, arch_name: str) -> Table:
        made = self[arch_name] = self.decoder.table(arch_name)
        return made


class Decoder:
    """Decodes system calls, in two steps: what is known at the entry, the rest at the exit.

    ``string_limit`` bounds the bytes read of strings and the elements of arrays (strace's -s);
    ``verbose`` reads what is otherwise only counted (strace's -v); ``fd_paths`` gives the path
    that a thread's descriptor stands for (-y), ``fd_details`` what is to be said besides of one
    that has a path (-yy); ``netlink_protocol`` the protocol of a thread's netlink socket ("?" if
    that can't be known), ``netlink_family`` the name of a generic netlink family;
    ``anonymous_inode`` what a descriptor without a file is ("bpf-map");
    ``stack_pointer`` a thread's stack pointer, for the calls whose argument is on the stack.
    """

    def __init__(
        self,
        *,
        string_limit: int = 32,
        verbose: bool = False,
        fd_paths: Callable[[int, int], str | None] | None = None,
        fd_details: Callable[[int, int, str], str | None] | None = None,
        netlink_protocol: Callable[[int, int], str | None] | None = None,
        netlink_family: Callable[[int], str | None] | None = None,
        anonymous_inode: Callable[[int, int], str | None] | None = None,
        stack_pointer: Callable[[int], int | None] | None = None,
    ) -> None:
        self.string_limit = string_limit
        self.verbose = verbose
        self.fd_paths = fd_paths
        self.fd_details = fd_details
        self.netlink_protocol = netlink_protocol
        self.netlink_family = netlink_family
        self.anonymous_inode = anonymous_inode
        self.stack_pointer = stack_pointer
        self.array_limit = VERBOSE_ARRAY_LIMIT if verbose else min(string_limit, ARRAY_LIMIT)
        # The calls that restart_syscall(2) may take up again, by thread.
        self.interrupted: dict[int, str] = {}
        self.shapes: dict[tuple[str, str], Shape] = {}
        self.tables = Tables(self)

    def table(self, arch_name: str) -> Table:
        """Make the table of an ABI."""
        return Table(arch_name, self)

    def enter(
        self, tid: int, arch_name: str, number: int, args: tuple[int, ...], memory: MemoryReader
    ) -> Call:
        """Decode the input arguments of a call that the kernel is about to run.

        ``arch_name`` is the ABI of this very call; ``args`` the six argument registers.
        """
        compiled = self.tables[arch_name][number]
        if arch_name == "i386":
            args = tuple([value & 0xFFFFFFFF for value in args])
            if compiled.demultiplex is not None:
                compiled, args = self._demultiplex(compiled, args, memory)
        switch = compiled.switch
        while switch is not None:
            chosen = switch[2][args[switch[0]] & switch[1]]
            if chosen is compiled:
                break
            compiled = chosen
            switch = compiled.switch
        call = Call(tid, arch_name, number, args, compiled, self)
        call.memory = memory
        call.values = compiled.enter(call, args)
        return call

    def _remember(self, call: Call) -> None:
        if len(self.interrupted) >= INTERRUPTED_LIMIT:
            self.interrupted.clear()
        self.interrupted[call.tid] = call.name

    def _demultiplex(
        self, compiled: Compiled, args: tuple[int, ...], memory: MemoryReader
    ) -> tuple[Compiled, tuple[int, ...]]:
        """What a call that carries others in its arguments is really about."""
        demultiplex = compiled.demultiplex
        found = demultiplex(args, memory) if demultiplex is not None else None
        if found is None:
            return compiled, args
        return self.tables["i386"].named(found[0]), found[1]

    def exit(self, call: Call, rval: int, is_error: bool, memory: MemoryReader) -> None:
        """Complete a call by its result: the output arguments, ``result``, ``error``."""
        compiled = call.compiled
        call.memory = memory
        call.rval = rval
        call.finished = True
        if is_error:
            call.failed = True
            call.error = -rval
            call.result = error_value(-rval)
            if rval == -ERESTART_RESTARTBLOCK:
                self._remember(call)
            if compiled.fail is not None:
                compiled.fail(call, call.raw, call.values)
            return
        if compiled.exit is not None:
            compiled.exit(call, call.raw, call.values)
        plain = compiled.plain_result
        call.result = plain(rval) if plain is not None else compiled.result(call, rval)
