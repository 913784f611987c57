"""Signatures that show less: arguments as numbers, structs as addresses (-e raw, -e verbose)."""

from __future__ import annotations

from seize.decode.compiler import place
from seize.decode.decoder import Decoder, Table
from seize.decode.kinds import MODULES, make
from seize.decode.kinds.base import Scope, UnknownKind
from seize.decode.signature import Argument, Line, Spec

_HEX, _ADDRESS = Spec("hex"), Spec("ptr")
_LONG = 8
_NO_REGISTER = frozenset(("signal_frame", "resumed"))
"""What is no argument: it comes from the stack, or from an earlier call."""

# Words that tell no more than a number or a text: they stay where nothing is dereferenced.
_PLAIN_MODULES = frozenset(("basic", "sets", "results", "scheduling", "keys", "mount", "quota"))
_PLAIN = frozenset(
    (
        *("path", "str", "bytes", "hexbytes", "hostname", "comm", "xattr"),
        *("clone_flags", "personality", "personality_result", "entry_number", "ioprio"),
        *("noted_ioprio", "futex_op", "futex_wake_op", "statx_flags", "fanotify_mask"),
        *("fanotify_dirfd", "sockopt_name", "protocol", "ipc_cmd", "ipc_flags", "shmat_address"),
        *("ioctl_cmd", "kexec_flags", "swap_flags", "syslog_action", "log_level", "int_result"),
        *("xfeature", "vector_length", "noted_vector_length", "tagged_addr", "noted_tagged_addr"),
        *("pid_type", "signal_frame", "resumed", "select_result", "user_offset"),
    )
)
_BUFFERS = {"netlink": "", "received": "ret"}
"""What is read as messages: only its bytes are shown then, so many."""
_POINTERS = frozenset(("sched_param", "sched_attr", "sched_setting"))


class RawTable(Table):
    """The calls of an ABI with their registers as numbers."""

    def line(self, name: str) -> Line:
        """As many arguments as registers, each in hexadecimal, and so the result."""
        return raw(self.scope, super().line(name))


class AddressTable(Table):
    """The calls of an ABI with the addresses of structs and arrays in place of them."""

    def line(self, name: str) -> Line:
        """The usual arguments, only that nothing but texts is read."""
        self.scope.rewrite = addresses
        return addresses(self.scope, super().line(name))


class RawDecoder(Decoder):
    """Decodes nothing: each argument is what its register holds."""

    def table(self, arch_name: str) -> Table:
        """Make the table of an ABI."""
        return RawTable(arch_name, self)


class AddressDecoder(Decoder):
    """Decodes numbers and texts, and follows no other pointer."""

    def table(self, arch_name: str) -> Table:
        """Make the table of an ABI."""
        return AddressTable(arch_name, self)


def raw(scope: Scope, line: Line) -> Line:
    """The signature with a number for each register that the arguments, or a variant's, take."""
    names: dict[int, str] = {}
    for one in (line, *[variant for *_, variant in line.variants if variant is not None]):
        names = {**_registers(scope.fresh(), one), **names}
    arguments = [
        Argument(names.get(register, f"arg{register}"), _HEX)
        for register in range(max(names, default=-1) + 1)
    ]
    result = line.result if line.result is not None and line.result.word == "none" else _HEX
    return Line(line.where, line.text, tuple(arguments), result)


def _registers(scope: Scope, line: Line) -> dict[int, str]:
    """The registers that a signature takes, with the name of what is in each."""
    place(scope, line.arguments)
    names: dict[int, str] = {}
    for argument in line.arguments:
        spec = argument.spec
        if spec is None or spec.word in _NO_REGISTER:
            continue
        register = int(scope.registers[argument.name][2:-1])
        width = make(scope, spec).width
        if scope.word == _LONG and argument is line.arguments[-1]:
            # The upper half of a pair, which is empty where a register holds all of it.
            width = 1
        for index in range(width):
            names[register + index] = f"{argument.name}_{index + 1}" if index else argument.name
    return names


def addresses(scope: Scope, line: Line) -> Line:
    """The signature with addresses in place of what is behind them."""
    scope = scope.fresh()
    place(scope, line.arguments)
    result = line.result
    if result is not None and result.word in ("poll_result", "recvmmsg_result"):
        result = None
    made = Line(line.where, line.text, tuple(_shown(scope, a) for a in line.arguments), result)
    for argument, mask, names, variant in line.variants:
        less = None if variant is None else addresses(scope, variant)
        made.variants.append((argument, mask, names, less))
    return made


def _shown(scope: Scope, argument: Argument) -> Argument:
    spec = argument.spec
    if spec is None or _is_plain(scope, spec):
        return argument
    return Argument(
        argument.name,
        Spec("bytes", _BUFFERS[spec.word] or spec.index) if spec.word in _BUFFERS else _ADDRESS,
        argument.direction,
        argument.condition,
        argument.register,
        argument.labelled,
    )


def _is_plain(scope: Scope, spec: Spec) -> bool:
    word = spec.word
    if word in _PLAIN or (MODULES.get(word) in _PLAIN_MODULES and word not in _POINTERS):
        return True
    if word in ("&", "array", "hidden_array", "brief_array"):
        return False
    try:
        return make(scope, spec).pure is not None
    except UnknownKind:
        # It depends on an argument that this variant hasn't got; that is said elsewhere.
        return False
