"""What the signatures say of a call: which constants, and which structs, would make sense."""

from __future__ import annotations

from functools import cache

from bench.fuzzing.structures import BUILDERS, Builder, described
from seize.abi._generated import flags, ioctls
from seize.abi.names import syscall_names
from seize.decode import Decoder, shapes
from seize.decode.decoder import source
from seize.decode.kinds.base import Scope, UnknownKind
from seize.decode.kinds.ioctl import variant
from seize.decode.kinds.numbers import constant
from seize.decode.signature import Argument, Line, Spec

_SCALARS = (
    "int uint long ulong size i64 u64 short byte loff loff_hilo hex raw hex32 hex64 octal umode "
    "mode dev id id16 signal fd dirfd pid clockid flags enum mmap_flags clone_flags"
)
SCALARS = frozenset(_SCALARS.split())
SHARED = tuple(sorted({value for table in flags.SETS.values() for value, _ in table}))
"""The constants of all sets: whatever a word in memory may mean."""

IOCTLS = tuple(ioctls.NAMES)


class Hints:
    """Of each register: the ``values`` that have a name, whether it is a pointer, to what."""

    def __init__(self, word: int) -> None:
        self.word = word
        self.values: list[tuple[int, ...]] = [()] * 6
        self.is_pointer = [False] * 6
        self.builders: list[list[Builder]] = [[] for _ in range(6)]
        self.multiplexed = self.is_ioctl = False


@cache
def hints(arch_name: str, number: int) -> Hints:
    """What is known of a system call's registers; nothing of one without a signature."""
    found = Hints(4 if arch_name == "i386" else 8)
    name = syscall_names(arch_name).get(number, "")
    if name in source(arch_name):
        scope = Scope(arch_name, Decoder())
        line = source(arch_name).line(name)
        for each in (line, *[other for _, _, _, other in line.variants]):
            if each is not None:
                _learn(found, scope, each)
        _learn_variants(found, scope, line)
    if name in ("socketcall", "ipc"):
        found.multiplexed = found.is_pointer[1] = found.is_pointer[4] = True
        found.values[0] = tuple(range(26))
    if name == "ioctl":
        found.values[1] = IOCTLS
        found.is_ioctl = found.is_pointer[2] = True
    return found


@cache
def request_builders(arch_name: str, request: int) -> list[Builder]:
    """What the argument of an ioctl may point to."""
    scope = Scope(arch_name, Decoder())
    text = variant(scope, source(arch_name).line("ioctl"), request) or ""
    words = text.replace("[", " ").replace(":", " ").replace(")", " ").split()
    known = [described(arch_name, word) for word in words if shapes.known(word)]
    return known + [BUILDERS[word] for word in words if word in BUILDERS]


def _learn(found: Hints, scope: Scope, line: Line) -> None:
    register = 0
    for argument in line.arguments:
        if argument.register is not None:
            register = argument.register
        if argument.spec is None or register > 5:
            continue
        scope.registers[argument.name] = f"a[{register}]"
        _learn_argument(found, scope, register, argument)
        wide = argument.spec.word in ("loff", "loff_hilo") and scope.word == 4
        register += 2 if wide else 1


def _learn_argument(found: Hints, scope: Scope, register: int, argument: Argument) -> None:
    spec = argument.spec
    assert spec is not None
    if spec.word in ("flags", "enum"):
        scope.sets[argument.name] = " ".join(spec.params)
    known = [word for word in (spec.word, *spec.params) if scope.has_set(word)]
    values = {value for word in known for value, _ in scope.set(word)}
    found.values[register] = tuple(sorted(values | set(found.values[register])))
    if spec.word in SCALARS:
        return
    found.is_pointer[register] = True
    for builder in _builders(scope, spec):
        if builder not in found.builders[register]:
            found.builders[register].append(builder)


def _builders(scope: Scope, spec: Spec) -> list[Builder]:
    word = spec.target.word if spec.target is not None else spec.word
    if word in BUILDERS:
        return [BUILDERS[word]]
    if shapes.known(word):
        return [described(scope.arch_name, word)]
    return []


def _learn_variants(found: Hints, scope: Scope, line: Line) -> None:
    for argument, _, names, other in line.variants:
        if other is None:
            continue
        register = int(scope.registers[argument][2:-1])
        try:
            values = [constant(scope, argument, name) for name in names]
        except UnknownKind:
            continue
        found.values[register] = (*found.values[register], *values)
