"""From a signature to the functions that decode a call by it.

One Python function is made for a call's entry, and one for its exit where it has output
arguments: a list display with one small expression per argument, which is the fastest that
Python has.
"""

from __future__ import annotations

from seize.decode.kinds import make
from seize.decode.kinds.base import Kind, Scope, UnknownKind
from seize.decode.kinds.numbers import condition, variants_of
from seize.decode.signature import Argument, Line, SignatureError, Spec, parse
from seize.decode.values import Address, Error, Int, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode.call import Call
    from seize.decode.memory import MemoryReader

    Enter = Callable[[Call, tuple[int, ...]], list[Value]]
    Exit = Callable[[Call, tuple[int, ...], list[Value]], None]
    Result = Callable[[Call, int], Value]
    Demultiplex = Callable[[tuple[int, ...], MemoryReader], tuple[str, tuple[int, ...]] | None]
    Hook = Callable[[Scope, Line, int], str | None]

REGISTERS = 6


class Compiled:
    """What a decoder needs of one system call of one ABI.

    ``first_out`` is the index of the first argument that is completed at the exit (the number
    of arguments when there is none); ``labels`` says which are shown with their names;
    ``registers`` has the expression for each argument's register: ``a[0]``.
    """

    __slots__ = (
        "demultiplex",
        "enter",
        "exit",
        "fail",
        "first_out",
        "labels",
        "name",
        "names",
        "plain_result",
        "registers",
        "result",
        "switch",
    )

    enter: Enter
    exit: Exit | None
    fail: Exit | None
    result: Result
    plain_result: Callable[[int], Value] | None
    switch: tuple[int, int, Variants] | None
    demultiplex: Demultiplex | None

    def __init__(self, name: str, names: tuple[str, ...], labels: tuple[bool, ...]) -> None:
        self.name = name
        self.names = names
        self.labels = labels if True in labels else None
        self.first_out = len(names)
        self.registers: tuple[str, ...] = ()
        self.switch = None
        self.demultiplex = None


class Variants(dict[int, Compiled]):
    """The variant of a call for each value of its deciding argument, compiled when met."""

    LIMIT = 1024

    def __init__(self, main: Compiled, scope: Scope, line: Line) -> None:
        self._main = main
        self._scope = scope
        self._line = line
        self._lines: dict[int, Line] = {}
        self._hook: Hook | None = None
        self._read(line)

    def _read(self, line: Line) -> None:
        for argument, _, names, variant in line.variants:
            if variant is None:
                self._hook = find_hook(names[0][1:])
                continue
            for value in variants_of(self._scope, argument, names):
                self._lines[value] = variant

    def __missing__(self, value: int) -> Compiled:
        if len(self) >= self.LIMIT:
            self.clear()
        line = self._lines.get(value)
        if line is None and self._hook is not None:
            text = self._hook(self._scope, self._line, value)
            if text is not None:
                from seize.decode.signature import inherit

                line = inherit(self._line, parse(text, self._line.where))
                if self._scope.rewrite is not None:
                    line = self._scope.rewrite(self._scope, line)
        made = self._main if line is None else compile_line(self._scope, self._main.name, line)
        self[value] = made
        return made

    def compile_all(self) -> None:
        """Compile every written variant: for tests."""
        for value in self._lines:
            switch = self[value].switch
            if switch is not None:
                switch[2].compile_all()


def find_hook(word: str) -> Hook:
    """The function that writes a variant's signature for a value: ``when cmd @ioctl``."""
    try:
        hook: Hook = __import__(f"seize.decode.kinds.{word}", fromlist=["variant"]).variant
    except (ImportError, AttributeError):
        raise UnknownKind(f"unknown kind @{word}") from None
    return hook


def compile_line(scope: Scope, name: str, line: Line) -> Compiled:
    """Compile a signature; raises SignatureError naming its file and line."""
    scope = scope.fresh()
    try:
        return _compile(scope, name, line)
    except UnknownKind as problem:
        raise SignatureError(line.where, line.text, str(problem)) from None


def _compile(scope: Scope, name: str, line: Line) -> Compiled:
    arguments = line.arguments
    compiled = Compiled(
        name, tuple(a.name for a in arguments), tuple(a.labelled for a in arguments)
    )
    place(scope, arguments)
    kinds = [_kind(scope, argument) for argument in arguments]
    _allot(scope, arguments, kinds)
    compiled.registers = tuple([scope.registers[argument.name] for argument in arguments])
    names: dict[str, object] = {"Address": Address}
    entry = _entry(scope, arguments, kinds, names)
    compiled.enter = eval(f"lambda call, a: {entry}", names)
    compiled.exit, compiled.fail = _ends(scope, arguments, kinds, names)
    outs = [i for i, a in enumerate(arguments) if a.direction != "in"]
    compiled.first_out = outs[0] if outs else len(arguments)
    _result(scope, compiled, line.result)
    if line.variants:
        argument, mask = line.variants[0][0], line.variants[0][1]
        if any(variant[:2] != (argument, mask) for variant in line.variants):
            raise UnknownKind("variants must all look at the same argument")
        index = int(scope.registers[argument][2:-1])
        compiled.switch = (index, mask & 0xFFFFFFFF, Variants(compiled, scope, line))
    return compiled


def _spec(argument: Argument) -> Spec:
    if argument.spec is None:
        raise UnknownKind(f"argument {argument.name!r} has no kind")
    return argument.spec


def place(scope: Scope, arguments: tuple[Argument, ...]) -> None:
    """A first guess of the registers, so that kinds may name any argument; and the sets."""
    register = 0
    for argument in arguments:
        spec = _spec(argument)
        if argument.register is not None:
            register = argument.register
        scope.registers[argument.name] = f"a[{register}]"
        register += 2 if _is_wide(scope, spec) else 1
        if spec.word in ("int", "uint", "long"):
            scope.widths[argument.name] = spec.word
        if spec.word in ("flags", "enum", "quota_command", "ipc_cmd"):
            scope.sets[argument.name] = " ".join(spec.params)
        else:
            # A kind may go by the name of its set; whether it does is seen when that is asked.
            scope.sets[argument.name] = spec.word


def _is_wide(scope: Scope, spec: Spec) -> bool:
    if spec.word not in ("loff", "uloff", "loff_hilo", "fanotify_mask"):
        return False
    return scope.word == 4 or spec.params == ("pair",)


def _kind(scope: Scope, argument: Argument) -> Kind:
    return make(scope, _spec(argument))


def _allot(scope: Scope, arguments: tuple[Argument, ...], kinds: list[Kind]) -> None:
    """Give each argument the registers that it takes."""
    register = 0
    for argument, kind in zip(arguments, kinds, strict=True):
        if argument.register is not None:
            register = argument.register
        if register + kind.width > REGISTERS:
            raise UnknownKind(f"no register is left for {argument.name!r}")
        low, high = (register + 1, register) if kind.high_first else (register, register + 1)
        scope.registers[argument.name] = (
            f"a[{register}]" if kind.width == 1 else f"a[{low}] | a[{high}] << {scope.bits}"
        )
        register += kind.width


def _entry(
    scope: Scope, arguments: tuple[Argument, ...], kinds: list[Kind], names: dict[str, object]
) -> str:
    """The expression of the list of values at the entry; a false condition drops the rest."""
    terms: list[tuple[str, str]] = []
    for index, (argument, kind) in enumerate(zip(arguments, kinds, strict=True)):
        register = scope.registers[argument.name]
        if argument.direction == "out":
            term = f"Address({register})"
        elif kind.pure is not None:
            names[f"k{index}"] = kind.pure
            term = f"k{index}({register})"
        else:
            names[f"k{index}"] = kind.decode
            term = f"k{index}(call, {register})"
        if argument.condition:
            terms.append((term, condition(scope, argument.condition)))
        elif terms and terms[-1][1]:
            raise UnknownKind("an argument after a conditional one needs a condition")
        else:
            terms.append((term, ""))
    source = "[" + ", ".join(term for term, test in terms if not test) + "]"
    tail = ""
    for term, test in reversed(terms):
        if test:
            tail = f" + ([{term}]{tail} if {test} else [])"
    return source + tail


def _ends(
    scope: Scope, arguments: tuple[Argument, ...], kinds: list[Kind], names: dict[str, object]
) -> tuple[Exit | None, Exit | None]:
    """The functions that complete the output arguments after success and after failure."""
    success: list[str] = []
    failure: list[str] = []
    for index, (argument, kind) in enumerate(zip(arguments, kinds, strict=True)):
        register = scope.registers[argument.name]
        guard = f"if len(v) > {index}: " if argument.condition else ""
        if argument.direction == "in":
            continue
        if kind.failed is not None:
            names[f"f{index}"] = kind.failed
            failure.append(f"{guard}v[{index}] = f{index}(call, {register}, v[{index}])")
        if kind.later is not None and argument.direction == "inout":
            names[f"k{index}x"] = kind.later
            success.append(f"{guard}v[{index}] = k{index}x(call, {register}, v[{index}])")
        else:
            names[f"k{index}x"] = kind.contextual()
            success.append(f"{guard}v[{index}] = k{index}x(call, {register})")
    return _function(success, names), _function(failure, names)


def _function(lines: list[str], names: dict[str, object]) -> Exit | None:
    if not lines:
        return None
    made: dict[str, Exit] = {}
    exec("def function(call, a, v):\n " + "\n ".join(lines), names, made)
    return made["function"]


def _result(scope: Scope, compiled: Compiled, spec: Spec | None) -> None:
    compiled.plain_result = Int
    compiled.result = lambda call, rval: Int(rval)
    if spec is None or spec.word == "int":
        return
    kind = make(scope, spec)
    mask = (1 << scope.bits) - 1
    pure, decode = kind.pure, kind.decode
    if pure is not None:
        masked = pure
        compiled.plain_result = lambda rval: masked(rval & mask)
        compiled.result = lambda call, rval: masked(rval & mask)
    elif decode is not None:
        full = decode
        compiled.plain_result = None
        compiled.result = lambda call, rval: full(call, rval & mask)


_errors: dict[int, Error] = {}


def error_value(number: int) -> Error:
    """The result of a call that failed with errno ``number``."""
    value = _errors.get(number)
    if value is None:
        value = Error(-1)
        value.errno = number
        if len(_errors) < 1024:
            _errors[number] = value
    return value
