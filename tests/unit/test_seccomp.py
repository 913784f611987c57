"""The filter program, run by an interpreter of classic BPF over every call of both machines."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seize import arch
from seize.abi.names import syscall_names, syscall_number
from seize.engine import seccomp
from seize.errors import UsageError

ABIS = ("x86_64", "i386")
HIGHEST = 600
"""Above every number in the tables."""
X32_BIT = 0x40000000
STRANGE = (X32_BIT, X32_BIT + 59, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 100_000)
LD, JA, JEQ, JGT, JGE, JSET, RET = 0x20, 0x05, 0x15, 0x25, 0x35, 0x45, 0x06
TRACE, ALLOW = 0x7FF00000 | seccomp.TRACE_DATA, 0x7FFF0000
UNTRACED = 0x00800000


def run(program: bytes, machine: int, number: int) -> int:
    """The answer of a program."""
    return walk(list(struct.iter_unpack("=HBBI", program)), machine, number)[0]


def walk(
    instructions: list[tuple[int, int, int, int]], machine: int, number: int, argument: int = 0
) -> tuple[int, int]:
    """Run a program as seccomp(2) does; return its answer, and the instructions it took."""
    data = {0: number, 4: machine, 16: argument}
    accumulator = at = steps = 0
    while True:
        code, yes, no, operand = instructions[at]
        at += 1
        steps += 1
        if code == LD:
            accumulator = data[operand]
        elif code == JA:
            at += operand
        elif code == RET:
            return operand, steps
        else:
            compare = {JEQ: int.__eq__, JGT: int.__gt__, JGE: int.__ge__, JSET: int.__and__}[code]
            at += yes if compare(accumulator, operand) else no


def check(wanted: dict[str, set[int]]) -> seccomp.Filter:
    """Hold the program's answer for every number against the meaning of the set."""
    made = seccomp.Filter(wanted)
    instructions = list(struct.iter_unpack("=HBBI", made.program))
    assert len(instructions) <= 4096, "BPF_MAXINSNS, the kernel's limit"
    for name in ABIS:
        machine = arch.by_name(name).audit_arch
        always = {syscall_number(name, call) for call in seccomp.ALWAYS}
        unjudged = set(range(HIGHEST)) - set(syscall_names(name))
        traced = wanted.get(name, set()) | always | unjudged
        for number in range(HIGHEST):
            answer, _ = walk(instructions, machine, number)
            expected = TRACE if number in traced else ALLOW
            assert answer == expected, (name, number)
            assert made.wants(name, number) == (number in traced)
        for number in STRANGE:
            assert run(made.program, machine, number) == TRACE
    return made


def of(*names: str) -> dict[str, set[int]]:
    numbers = {name: {syscall_number(name, call) for call in names} for name in ABIS}
    return {name: {n for n in each if n is not None} for name, each in numbers.items()}


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        of("openat"),
        of("read", "write", "openat", "close"),
        of("socket"),
        {name: set(syscall_names(name)) for name in ABIS},
        {name: set(syscall_names(name)) - {0} for name in ABIS},
        {name: set(range(0, HIGHEST, 2)) for name in ABIS},
        {name: set(range(1, HIGHEST, 2)) for name in ABIS},
        {"i386": {102, 117}},
        {"x86_64": {257}},
    ],
)
def test_every_number_of_both_machines(wanted: dict[str, set[int]]) -> None:
    check(wanted)


numbers = st.sets(st.integers(0, HIGHEST), max_size=400)
runs = st.builds(
    lambda pairs: {n for start, size in pairs for n in range(start, start + size)},
    st.lists(st.tuples(st.integers(0, 480), st.integers(1, 60)), max_size=12),
)


@given(st.fixed_dictionaries(dict.fromkeys(ABIS, numbers | runs)))
def test_any_set(wanted: dict[str, set[int]]) -> None:
    check(wanted)


def test_a_few_calls_make_a_short_program() -> None:
    assert len(check(of("openat")).program) // 8 < 48
    assert len(check({name: set(syscall_names(name)) for name in ABIS}).program) // 8 < 12


def test_the_longest_search_is_short() -> None:
    """The worst set has an answer that differs from number to number."""
    program = check({name: set(range(0, HIGHEST, 2)) for name in ABIS}).program
    instructions = list(struct.iter_unpack("=HBBI", program))
    steps = [walk(instructions, 0xC000003E, number)[1] for number in range(HIGHEST)]
    assert max(steps) < 30


@pytest.mark.parametrize("machine", [0xC00000B7, 0x40000028, 0])
def test_calls_of_another_machine_are_traced(machine: int) -> None:
    program = seccomp.Filter(of("openat")).program
    assert run(program, machine, 0) == TRACE


def test_the_kernel_can_look_through_every_instruction() -> None:
    """Only for these instructions does it work out beforehand what is always allowed."""
    for wanted in (of("openat"), {name: set(range(0, HIGHEST, 2)) for name in ABIS}):
        codes = {code for code, *_ in struct.iter_unpack("=HBBI", seccomp.Filter(wanted).program)}
        assert codes <= {LD, JA, JEQ, JGT, JGE, JSET, RET}


def test_an_argument_is_looked_at_for_clone_alone() -> None:
    """What depends on one has no answer beforehand."""
    for name, clone in (("x86_64", 56), ("i386", 120)):
        machine = arch.by_name(name).audit_arch
        instructions = list(struct.iter_unpack("=HBBI", seccomp.Filter(of("openat")).program))
        for number in range(HIGHEST):
            plain, untraced = (
                walk(instructions, machine, number, flags)[0] for flags in (17, 17 | UNTRACED)
            )
            assert (plain != untraced) == (number == clone)
        assert walk(instructions, machine, clone, UNTRACED)[0] == TRACE
        assert walk(instructions, machine, clone, ~UNTRACED & 0xFFFFFFFF)[0] == ALLOW


def test_a_machine_that_is_not_x86() -> None:
    with pytest.raises(UsageError, match="aarch64"):
        seccomp.Filter({"aarch64": {1}})
