"""In-kernel filtering: a classic BPF program that lets only the wanted calls stop (seccomp(2)).

A filter can't be taken back, and a call that it wants fails with ENOSYS where nobody traces: so
filtered processes are followed into everything that they start, are never detached, and are
killed when the tracer ends.

The program answers SECCOMP_RET_TRACE for a wanted call, which makes a PTRACE_EVENT_SECCOMP stop,
and SECCOMP_RET_ALLOW for the others, which run at native speed.  Whatever the program can't
judge is traced: another machine's calls, x32's, numbers that have no name here.

It has two forms, and every system call ABI gets the shorter one that is good for it: a list
of comparisons, or a binary search of ranges.  Both consist of loads, comparisons and returns
alone, because for such programs the kernel (since 5.11) works out beforehand which calls they
always allow, and doesn't run them for these any more.  A table of bits would be shorter for
some sets, but it needs shifts, which the kernel doesn't look through.
"""

from __future__ import annotations

import os
from errno import EACCES, ENOSYS
from struct import Struct

from seize import arch, kernel
from seize.abi import names
from seize.abi._generated import constants as k
from seize.abi._generated import ptrace as pt
from seize.engine.tracee import STOPPED
from seize.errors import MemoryFault, UsageError
from seize.stops import events

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from seize.decode import Call
    from seize.engine.tracee import Tracee
    from seize.engine.tracer import Tracer

    Instruction = tuple[int, int, int, int]
    """``struct sock_filter``: code, jump if true, jump if false, operand."""

RET_TRACE = 0x7FF00000
RET_ALLOW = 0x7FFF0000
TRACE_DATA = 0x5E1E
"""The data of our RET_TRACE, by which a stop is known to be ours and not the program's own."""
ALWAYS = (
    *("clone3", "execve", "execveat", "restart_syscall"),
    *("sched_getaffinity", "sched_setaffinity"),
)
"""Calls that stop in any case: the engine needs to see them, and they are rare.

execve(2) ends a launch, restart_syscall(2) goes on with a call that may have been wanted, a
narrowed tracee (see ``seize.engine.narrow``) is shown its own CPU mask, and a child that isn't to
be traced (CLONE_UNTRACED) has to be, because it inherits the filter; clone(2) stops for that
only where it has that flag.
"""

_FOLLOW = (pt.PTRACE_O_TRACEFORK, pt.PTRACE_O_TRACEVFORK, pt.PTRACE_O_TRACECLONE)
_LOAD, _JUMP, _JEQ, _JGT, _JGE, _JSET, _RET = 0x20, 0x05, 0x15, 0x25, 0x35, 0x45, 0x06
_NUMBER, _ARCH, _FIRST_ARGUMENT = 0, 4, 16
"""Offsets in ``struct seccomp_data``."""
_TRACE = RET_TRACE | TRACE_DATA
_HIT = -1
_FARTHEST = 255
_LONGEST_LIST = 48
"""A longer list isn't searched one by one: not every kernel remembers the outcome."""
_CLONES = ("clone", "clone3")
_WORD = 8
_SOCK_FILTER = Struct("=HBBI")
_ABIS = ("x86_64", "i386")
"""The ABIs whose calls an x86-64 kernel runs, the usual one first."""


class Filter:
    """The wanted calls of each ABI, by number, and the ``program`` that tells them apart.

    ``calls`` maps the names of machines to system call numbers; a machine that isn't among
    them has no wanted calls.  UsageError for a machine other than x86_64 and i386.
    """

    def __init__(self, calls: Mapping[str, Iterable[int]]) -> None:
        for name in calls:
            if name not in _ABIS:
                raise UsageError(f"there is no filter for the system calls of {name!r}")
        self._unwanted = {name: _unwanted(name, calls.get(name, ())) for name in _ABIS}
        self.program = assemble(instructions(self._unwanted))

    def wants(self, arch_name: str, number: int) -> bool:
        """Whether the program answers SECCOMP_RET_TRACE."""
        return number not in self._unwanted.get(arch_name, ())


def filter_for(tracer: Tracer, calls: Mapping[str, Iterable[int]]) -> Filter | None:
    """The filter for a tracer's commands; None where this machine can't do it.

    UsageError for a tracer that wouldn't see all that filtered processes do.
    """
    follows = all(tracer.options & option for option in _FOLLOW)
    if not follows or tracer.operation != pt.PTRACE_SYSCALL:
        raise UsageError("filtering by seccomp needs system calls traced, and forks followed")
    return Filter(calls) if is_available() else None


def entry(tracer: Tracer, tracee: Tracee) -> events.SyscallEnter | None:
    """Turn the stop that a filter has made into the call's entry.

    None for an entry that was handed out already, where a tool has resumed the tracee by
    PTRACE_SYSCALL itself, and for what only a filter of the program's own has asked for.
    TraceeGone if it has died.
    """
    tracee.state = STOPPED
    gatherer = tracer.gatherer
    info = gatherer.syscall_info(tracee.tid)
    ours = info[11] == TRACE_DATA
    if not ours:
        refuse(tracee)
    if tracee.call is None:
        made = tracer.filter
        if ours or made is None or made.wants(gatherer.arch_names[info[1]], info[4]):
            tracee.step = pt.PTRACE_SYSCALL
            call = gatherer.enter(tracee, info[1], info[4], info[5:11])
            if call.name in _CLONES:
                _keep_traced(tracee, call)
            return events.SyscallEnter(tracee.tid, tracee, call)
    else:
        tracee.step = pt.PTRACE_SYSCALL
    tracer.resume(tracee)
    return None


def _keep_traced(tracee: Tracee, call: Call) -> None:
    """Take CLONE_UNTRACED away from a call that makes a child: the child inherits the filter."""
    flags = call.raw[0]
    if call.name == "clone":
        if flags & k.CLONE_UNTRACED:
            registers = tracee.registers()
            first = "rdi" if call.arch_name == "x86_64" else "rbx"
            setattr(registers, first, flags & ~k.CLONE_UNTRACED)
            tracee.set_registers(registers)
        return
    try:
        word = int.from_bytes(tracee.memory.read(flags, _WORD), "little")
        if word & k.CLONE_UNTRACED:
            changed = (word & ~k.CLONE_UNTRACED).to_bytes(_WORD, "little")
            tracee.memory.write(flags, changed, force=True)
    except MemoryFault:
        # The call will fail by itself.
        return


def is_available() -> bool:
    """Whether this kernel (since 4.14, on x86-64) has filters that can answer RET_TRACE."""
    if os.uname().machine != _ABIS[0]:
        return False
    try:
        kernel.seccomp_get_action_avail(RET_TRACE)
    except OSError:
        return False
    return True


def install(program: bytes) -> None:
    """Put the calling process under the filter, for good; OSError if that isn't possible.

    Without CAP_SYS_ADMIN it has to give up gaining privileges by execve (PR_SET_NO_NEW_PRIVS).
    """
    try:
        kernel.seccomp_set_mode_filter(program)
    except OSError as error:
        if error.errno != EACCES:
            raise
        kernel.prctl(k.PR_SET_NO_NEW_PRIVS, 1)
        kernel.seccomp_set_mode_filter(program)


def refuse(tracee: Tracee) -> None:
    """Let the call of a PTRACE_EVENT_SECCOMP stop fail with ENOSYS.

    That is what the kernel does where a filter of the program's own says SECCOMP_RET_TRACE and
    there is no tracer that has asked for these stops.
    """
    registers = tracee.registers()
    machine = arch.native()
    setattr(registers, machine.syscall_number, machine.word_mask)
    setattr(registers, machine.syscall_result, -ENOSYS & machine.word_mask)
    tracee.set_registers(registers)


def _unwanted(arch_name: str, wanted: Iterable[int]) -> frozenset[int]:
    always = {names.syscall_number(arch_name, name) for name in ALWAYS}
    return frozenset(names.syscall_names(arch_name)).difference(wanted, always)


def assemble(program: list[Instruction]) -> bytes:
    """Pack instructions as seccomp(2) takes them."""
    return b"".join([_SOCK_FILTER.pack(*each) for each in program])


def instructions(unwanted: Mapping[str, frozenset[int]]) -> list[Instruction]:
    """The program that allows these calls, by ABI and number, and traces all others."""
    program: list[Instruction] = [(_LOAD, 0, 0, _ARCH)]
    for name, numbers in unwanted.items():
        clone = names.syscall_number(name, "clone")
        special = _clone(clone) if clone in numbers else []
        block = [(_LOAD, 0, 0, _NUMBER), *special, *_shorter(_ranges(numbers))]
        audit_arch = arch.by_name(name).audit_arch
        if len(block) <= _FARTHEST:
            program.append((_JEQ, 0, len(block), audit_arch))
        else:
            program += ((_JEQ, 1, 0, audit_arch), (_JUMP, 0, 0, len(block)))
        program += block
    program.append((_RET, 0, 0, _TRACE))
    return program


def _clone(number: int | None) -> list[Instruction]:
    """Trace a clone(2) whose child wouldn't be traced; its flags are the first argument."""
    tests: list[Instruction] = [
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_JSET, 0, 1, k.CLONE_UNTRACED),
        (_RET, 0, 0, _TRACE),
        (_RET, 0, 0, RET_ALLOW),
    ]
    return [(_JEQ, 0, len(tests), number or 0), *tests]


def _ranges(allowed: frozenset[int]) -> list[tuple[int, int]]:
    """The ranges in which all numbers have one answer: where each begins, and the answer."""
    ranges = [(0, RET_ALLOW if 0 in allowed else _TRACE)]
    for number in sorted(allowed | {number + 1 for number in allowed}):
        answer = RET_ALLOW if number in allowed else _TRACE
        if answer != ranges[-1][1]:
            ranges.append((number, answer))
    return ranges


def _shorter(ranges: list[tuple[int, int]]) -> list[Instruction]:
    forms = [_search(ranges)]
    for answer, others in ((RET_ALLOW, _TRACE), (_TRACE, RET_ALLOW)):
        listed = _list(ranges, answer, others)
        if len(listed) <= _LONGEST_LIST:
            forms.append(listed)
    return min(forms, key=len)


def _list(ranges: list[tuple[int, int]], answer: int, others: int) -> list[Instruction]:
    """Compare with each range that has this answer, one after the other; the rest has the other."""
    tests: list[Instruction] = []
    ends: list[int | None] = [start for start, _ in ranges[1:]]
    for (start, found), end in zip(ranges, [*ends, None], strict=True):
        if found != answer:
            continue
        if end is None:
            tests.append((_JGE, _HIT, 0, start))
        elif end == start + 1:
            tests.append((_JEQ, _HIT, 0, start))
        else:
            tests += ((_JGE, 0, 1, start), (_JGT, 0, _HIT, end - 1))
    program: list[Instruction] = []
    for index, (code, *jumps, operand) in enumerate(tests):
        # A hit jumps to the last instruction of the form.
        yes, no = (len(tests) - index if jump == _HIT else jump for jump in jumps)
        program.append((code, yes, no, operand))
    return [*program, (_RET, 0, 0, others), (_RET, 0, 0, answer)]


def _search(ranges: list[tuple[int, int]]) -> list[Instruction]:
    """Find the range by halving."""
    if len(ranges) == 1:
        return [(_RET, 0, 0, ranges[0][1])]
    middle = len(ranges) // 2
    below, above = _search(ranges[:middle]), _search(ranges[middle:])
    start = ranges[middle][0]
    if len(below) <= _FARTHEST:
        return [(_JGE, len(below), 0, start), *below, *above]
    return [(_JGE, 0, 1, start), (_JUMP, 0, 0, len(below)), *below, *above]
