"""Arithmetic on values, with C's conversions."""

from __future__ import annotations

from seize.errors import UsageError
from seize.symbols.types import REFERENCES, Type
from seize.symbols.values import NUMBERS, Value, encode_float

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.symbols.values import Space

INT = Type("int", 4, "int", is_signed=True)
LONG = Type("int", 8, "long", is_signed=True)
UNSIGNED_LONG = Type("int", 8, "unsigned long")
UNSIGNED = Type("int", 4, "unsigned int")
BOOL = Type("bool", 1, "bool")
DOUBLE = Type("float", 8, "double", is_signed=True)

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}
_INTEGERS: dict[str, Callable[[int, int], int]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "&": lambda a, b: a & b,
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "<<": lambda a, b: a << b if 0 <= b < 1024 else 0,
    ">>": lambda a, b: a >> b if b >= 0 else 0,
}
_FLOATS: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
}


def number_value(number: int, type_: Type, space: Space) -> Value:
    """A number of a type."""
    data = (number & (1 << 8 * type_.size) - 1).to_bytes(type_.size, "little")
    return Value(type_, space, data=data)


def _truth(value: bool, is_cpp: bool, space: Space) -> Value:
    return number_value(int(value), BOOL if is_cpp else INT, space)


def unary(operator: str, value: Value, is_cpp: bool) -> Value:
    """The value of ``-x``, ``+x``, ``!x`` or ``~x``."""
    value = value.referenced()
    if operator == "!":
        return _truth(not value, is_cpp, value.space)
    type_ = _promoted(value.type)
    if type_.code == "float":
        if operator == "~":
            raise UsageError("Argument to complement operation not an integer, boolean.")
        number = float(value)
        return _float(-number if operator == "-" else number, type_, value.space)
    whole = value.number()
    result = {"-": -whole, "+": whole, "~": ~whole}[operator]
    return number_value(result, type_, value.space)


def binary(operator: str, first: Value, second: Value, is_cpp: bool) -> Value:
    """The value of ``first operator second``."""
    first, second = first.referenced(), second.referenced()
    space = first.space
    if operator == "&&":
        return _truth(bool(first) and bool(second), is_cpp, space)
    if operator == "||":
        return _truth(bool(first) or bool(second), is_cpp, space)
    left, right = _element(first), _element(second)
    if operator in _COMPARISONS:
        return _truth(_COMPARISONS[operator](*_comparable(first, second)), is_cpp, space)
    if left is not None or right is not None:
        return _pointer_arithmetic(operator, first, second, left, right)
    type_ = _common(_promoted(first.type), _promoted(second.type))
    if type_.code == "float":
        return _float(_float_result(operator, float(first), float(second)), type_, space)
    a, b = _wrapped(first, type_), _wrapped(second, type_)
    if operator in ("<<", ">>"):
        type_ = _promoted(first.type)
        a, b = first.number(), second.number()
    if operator in ("/", "%"):
        if not b:
            raise UsageError("Division by zero")
        quotient = abs(a) // abs(b)
        quotient = -quotient if (a < 0) != (b < 0) else quotient
        return number_value(quotient if operator == "/" else a - b * quotient, type_, space)
    return number_value(_INTEGERS[operator](a, b), type_, space)


def _wrapped(value: Value, type_: Type) -> int:
    """The number as the common type has it."""
    number = value.number()
    return number if type_.is_signed else number & (1 << 8 * type_.size) - 1


def _comparable(first: Value, second: Value) -> tuple[float, float]:
    if "float" in (first.type.strip().code, second.type.strip().code):
        return float(first), float(second)
    if first.type.strip().code in NUMBERS and second.type.strip().code in NUMBERS:
        type_ = _common(_promoted(first.type), _promoted(second.type))
        return _wrapped(first, type_), _wrapped(second, type_)
    return first.number(), second.number()


def _float_result(operator: str, first: float, second: float) -> float:
    if operator in _FLOATS:
        return _FLOATS[operator](first, second)
    if operator != "/":
        raise UsageError("Integer only operation on a floating-point number.")
    if second:
        return first / second
    return float("nan") if not first or first != first else float("inf") * first


def _float(number: float, type_: Type, space: Space) -> Value:
    return Value(type_, space, data=encode_float(number, type_.size))


def _element(value: Value) -> Type | None:
    """What a pointer points to or an array consists of, or a function; None of anything else."""
    type_ = value.type.strip()
    if type_.code == "function":
        return type_
    return type_.referred if type_.code in ("pointer", "array") else None


def _pointer_arithmetic(
    operator: str, first: Value, second: Value, left: Type | None, right: Type | None
) -> Value:
    space, word = first.space, first.space.word_size
    if operator == "-" and left is not None and right is not None:
        distance = first.number() - second.number()
        return number_value(distance // max(left.size, 1), LONG, space)
    if operator == "+" and left is None:
        first, second, left, right = second, first, right, left
    if operator not in ("+", "-") or left is None or right is not None:
        raise UsageError("Argument to arithmetic operation not a number or boolean.")
    step = second.number() * max(left.size, 1)
    step = step if operator == "+" else -step
    if first.pointee is not None:
        whole, offset = first.pointee
        return Value(first.type, space, data=bytes(word), pointee=(whole, offset + step))
    number = first.number() + step
    type_ = first.type if first.type.strip().code == "pointer" else left.pointer(word)
    return number_value(number, type_, space)


def _promoted(type_: Type) -> Type:
    """The type that a number is calculated in alone."""
    bare = type_.strip()
    if bare.code in REFERENCES:
        bare = bare.referred.strip()
    if bare.code == "float":
        return bare
    if bare.code not in NUMBERS:
        raise UsageError("Argument to arithmetic operation not a number or boolean.")
    return INT if bare.size < 4 or (bare.size == 4 and bare.code in ("enum", "bool")) else bare


def _common(first: Type, second: Type) -> Type:
    """The type that two numbers are calculated in."""
    if "float" in (first.code, second.code):
        floats = [type_ for type_ in (first, second) if type_.code == "float"]
        return max(floats, key=lambda type_: type_.size)
    if first.size != second.size:
        return first if first.size > second.size else second
    return first if not first.is_signed else second
