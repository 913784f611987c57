"""C expressions over a program's variables: read (`Parser`), and calculated in a frame."""

from __future__ import annotations

import re

from seize.errors import UsageError
from seize.symbols.calculation import INT, LONG, UNSIGNED_LONG, binary, number_value, unary
from seize.symbols.lookup import find_name, find_type, register_value
from seize.symbols.types import VOID, Type
from seize.symbols.values import Value, encode_float

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from seize.symbols.frames import Frame

    Caller: TypeAlias = Callable[[Value, list[Value], Type | None], Value]

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<float>(?:\d+\.\d*|\.\d+)(?:[eE][+-]?\d+)?[fFlL]?|\d+[eE][+-]?\d+)
  | (?P<int>0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)(?P<suffix>[uUlL]*)
  | (?P<char>'(?:\\.[0-7]*|[^\\'])')
  | (?P<string>"(?:\\.|[^\\"])*")
  | (?P<register>\$\w+)
  | (?P<name>[A-Za-z_]\w*)
  | (?P<operator><<|>>|<=|>=|==|!=|&&|\|\||->|::|[-+*/%&|^~!<>?:().,\[\]{}=])
    )""",
    re.VERBOSE,
)
_LEVELS = (
    *(("||",), ("&&",), ("|",), ("^",), ("&",), ("==", "!=")),
    *(("<", ">", "<=", ">="), ("<<", ">>"), ("+", "-"), ("*", "/", "%")),
)
# The operators whose first operand may decide alone, and by what.
_DECIDING = {"&&": False, "||": True}
_ESCAPES = {"n": 10, "t": 9, "r": 13, "a": 7, "b": 8, "f": 12, "v": 11, "e": 27}
_BASES: dict[frozenset[str], tuple[str, int, bool, str]] = {
    frozenset(words.split()): (code, size, is_signed, name)
    for words, code, size, is_signed, name in (
        ("char", "char", 1, True, "char"),
        ("signed char", "char", 1, True, "signed char"),
        ("unsigned char", "char", 1, False, "unsigned char"),
        ("short", "int", 2, True, "short"),
        ("unsigned short", "int", 2, False, "unsigned short"),
        ("int", "int", 4, True, "int"),
        ("signed", "int", 4, True, "int"),
        ("unsigned", "int", 4, False, "unsigned int"),
        ("unsigned int", "int", 4, False, "unsigned int"),
        ("long", "int", 8, True, "long"),
        ("long int", "int", 8, True, "long"),
        ("unsigned long", "int", 8, False, "unsigned long"),
        ("unsigned long int", "int", 8, False, "unsigned long"),
        ("float", "float", 4, True, "float"),
        ("double", "float", 8, True, "double"),
        ("long double", "float", 16, True, "long double"),
        ("void", "void", 1, False, "void"),
        ("bool", "bool", 1, False, "bool"),
        ("_Bool", "bool", 1, False, "_Bool"),
    )
}
_BASE_WORDS = frozenset(word for words in _BASES for word in words)
_TAG_WORDS = ("struct", "union", "class", "enum")
_QUALIFIERS = ("const", "volatile")


def evaluate(expression: str, frame: Frame, call: Caller | None = None) -> Value:
    """The value of an expression; UsageError, or MemoryFault, if it has none.

    ``call`` calls a function of the program: it is given what is called, the arguments, and the
    type that the result is cast to, if it is; without it, that is an error.
    """
    parser = _Parser(expression, frame, call)
    try:
        value = parser.comma()
    except RecursionError as error:
        raise UsageError("an expression that is nested too deeply") from error
    parser.expect_end()
    return value


class _Parser:
    """Reads an expression and calculates it on the way."""

    def __init__(self, text: str, frame: Frame, call: Caller | None) -> None:
        self.frame = frame
        self.call = call
        # Whether what is read now doesn't count: then nothing is calculated, nobody called.
        self.skipping = False
        self.text = text
        self.tokens: list[tuple[str, str]] = []
        self.position = 0
        at = 0
        while text[at:].strip():
            match = _TOKEN.match(text, at)
            if match is None or match.lastgroup is None:
                raise UsageError(f'Invalid character in expression "{text[at:].strip()}".')
            kind = "int" if match["int"] else match.lastgroup
            self.tokens.append((kind, match[0].strip()))
            at = match.end()
        if not self.tokens:
            raise UsageError("an empty expression")

    # ------------------------------------------------------------------ tokens

    def peek(self, ahead: int = 0) -> str:
        index = self.position + ahead
        return self.tokens[index][1] if index < len(self.tokens) else ""

    def kind(self, ahead: int = 0) -> str:
        index = self.position + ahead
        return self.tokens[index][0] if index < len(self.tokens) else ""

    def take(self, text: str) -> bool:
        if self.peek() == text and self.kind() in ("operator", "name"):
            self.position += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.take(text):
            raise self.error()

    def expect_end(self) -> None:
        if self.position < len(self.tokens):
            raise self.error()

    def error(self) -> UsageError:
        rest = " ".join(text for _, text in self.tokens[self.position :])
        return UsageError(f"A syntax error in expression, near `{rest}'.")

    # ------------------------------------------------------------------ operators

    def comma(self) -> Value:
        value = self.conditional()
        while self.take(","):
            value = self.conditional()
        return value

    def conditional(self) -> Value:
        condition = self.level(0)
        if not self.take("?"):
            return condition
        chosen = self.skipping or bool(condition)
        first = self.unless(not chosen, self.comma)
        self.expect(":")
        second = self.unless(chosen, self.conditional)
        return first if chosen else second

    def unless(self, skipped: bool, read: Callable[[], Value]) -> Value:
        """Read what counts unless it is ``skipped``."""
        before, self.skipping = self.skipping, self.skipping or skipped
        try:
            return read()
        finally:
            self.skipping = before

    def level(self, number: int) -> Value:
        if number == len(_LEVELS):
            return self.unary()
        value = self.level(number + 1)
        while self.kind() == "operator" and self.peek() in _LEVELS[number]:
            operator = self.peek()
            self.position += 1
            decides = operator in _DECIDING and not self.skipping
            decided = decides and bool(value) is _DECIDING[operator]
            other = self.unless(decided, lambda: self.level(number + 1))
            if not self.skipping:
                value = binary(operator, value, value if decided else other, self.frame.is_cpp)
        return value

    def unary(self, wanted: Type | None = None) -> Value:
        """Read an operand; ``wanted`` is what it is cast to."""
        if self.kind() == "operator":
            for operator in ("-", "+", "!", "~"):
                if self.take(operator):
                    value = self.unary()
                    return value if self.skipping else unary(operator, value, self.frame.is_cpp)
            if self.take("*"):
                return self.unary().dereference()
            if self.take("&"):
                return self.address_of(self.unary())
            if self.peek() == "(" and (type_ := self.type_in_parentheses()) is not None:
                return self.unary(type_).cast(type_)
            if self.take("{"):
                return self.at_address()
        if self.kind() == "name" and self.peek() == "sizeof":
            self.position += 1
            type_ = self.type_in_parentheses()
            size = self.unary().type.size if type_ is None else type_.size
            return number_value(size, UNSIGNED_LONG, self.frame.symbols)
        return self.postfix(self.primary(), wanted)

    def at_address(self) -> Value:
        """``{type} address``: what is there, as a value of that type."""
        type_ = self.type_name()
        if type_ is None:
            raise self.error()
        self.expect("}")
        return Value(type_, self.frame.symbols, address=self.unary().number())

    def address_of(self, value: Value) -> Value:
        value = value.referenced()
        if value.address is None:
            if value.register is not None:
                raise UsageError("Attempt to take address of value in register")
            raise UsageError("Attempt to take address of value not located in memory.")
        word = self.frame.symbols.word_size
        data = value.address.to_bytes(word, "little")
        return Value(value.type.pointer(word), self.frame.symbols, data=data)

    def postfix(self, value: Value, wanted: Type | None) -> Value:
        while True:
            if self.take("("):
                value = self.called(value, wanted)
            elif self.take("["):
                index = self.comma()
                self.expect("]")
                value = value[index.number()]
            elif self.take(".") or self.take("->"):
                name = self.peek()
                if self.kind() != "name":
                    raise self.error()
                self.position += 1
                value = value[name]
            else:
                return value

    def called(self, function: Value, wanted: Type | None) -> Value:
        arguments: list[Value] = []
        while not self.take(")"):
            if arguments:
                self.expect(",")
            arguments.append(self.conditional())
        if self.skipping:
            return number_value(0, INT, self.frame.symbols)
        if self.call is None:
            raise UsageError("No function can be called here.")
        return self.call(function, arguments, wanted)

    def primary(self) -> Value:
        kind, text = self.kind(), self.peek()
        symbols = self.frame.symbols
        if self.take("("):
            value = self.comma()
            self.expect(")")
            return value
        if kind == "name" or (kind == "operator" and text == "::"):
            return find_name(self.frame, self.qualified())
        self.position += 1
        if kind == "int":
            return self.integer(text)
        if kind == "float":
            data = encode_float(float(text.rstrip("fFlL")), 8)
            return Value(_base(frozenset(("double",))), symbols, data=data)
        if kind == "char":
            return number_value(_character(text[1:-1]), _base(frozenset(("char",))), symbols)
        if kind == "string":
            return self.string_literal(text[1:-1])
        if kind == "register":
            return register_value(self.frame, text[1:])
        self.position -= 1
        raise self.error()

    def integer(self, text: str) -> Value:
        digits = text.rstrip("uUlL")
        suffix = text[len(digits) :].lower()
        octal = len(digits) > 1 and digits[0] == "0" and digits.isdigit()
        number = int(digits, 8) if octal else int(digits, 0)
        if "l" in suffix or number >= 1 << 31:
            unsigned = "u" in suffix or number >= 1 << 63
            type_ = UNSIGNED_LONG if unsigned else LONG
            if "l" not in suffix and not digits.isdigit() and number < 1 << 32:
                type_ = _base(frozenset(("unsigned",)))
        else:
            type_ = _base(frozenset(("unsigned",))) if "u" in suffix else INT
        return number_value(number, type_, self.frame.symbols)

    def string_literal(self, text: str) -> Value:
        pieces = re.findall(r"\\[0-7]{1,3}|\\.|[^\\]", text)
        data = b"".join(
            bytes((_character(piece),)) if piece.startswith("\\") else piece.encode()
            for piece in (*pieces, "\\0")
        )
        return Value(_base(frozenset(("char",))).array(len(data)), self.frame.symbols, data=data)

    def qualified(self) -> str:
        """A name with namespaces and classes."""
        found = ""
        while True:
            if self.take("::"):
                found += "::"
            if self.kind() != "name":
                raise self.error()
            found += self.peek()
            self.position += 1
            if self.peek() != "::":
                return found

    # ------------------------------------------------------------------ types

    def type_in_parentheses(self) -> Type | None:
        """The type of a cast; None, and nothing is read, where there is none."""
        start = self.position
        if self.take("("):
            type_ = self.type_name()
            if type_ is not None and self.take(")"):
                return type_
        self.position = start
        return None

    def type_name(self) -> Type | None:
        type_ = self.base_type()
        if type_ is None:
            return None
        while True:
            if self.take("*"):
                type_ = type_.pointer(self.frame.symbols.word_size)
            elif self.peek() in _QUALIFIERS:
                self.position += 1
            elif self.peek() == "(" and self.peek(1) == "*" and self.peek(2) == ")":
                type_ = self.function_pointer(type_)
            elif self.peek() == "[" and self.kind(1) == "int" and self.peek(2) == "]":
                type_ = type_.array(int(self.peek(1), 0))
                self.position += 3
            else:
                return type_

    def function_pointer(self, result: Type) -> Type:
        self.position += 3
        self.expect("(")
        parameters = []
        while self.peek() != ")":
            parameter = self.type_name()
            if parameter is None:
                raise self.error()
            parameters.append(parameter)
            if not self.take(","):
                break
        self.expect(")")
        function = Type("function", 1, None, result, parameters=tuple(parameters))
        return function.pointer(self.frame.symbols.word_size)

    def base(self, words: frozenset[str]) -> Type:
        """A base type; a long is as wide as an address."""
        type_ = _base(words)
        word = self.frame.symbols.word_size
        if "long" not in words or type_.code != "int":
            return type_
        return Type("int", word, type_.tag, is_signed=type_.is_signed)

    def base_type(self) -> Type | None:
        while self.peek() in _QUALIFIERS:
            self.position += 1
        if self.kind() != "name":
            return None
        if self.peek() in _TAG_WORDS:
            self.position += 1
            name = self.qualified()
            found = find_type(self.frame, name)
            if found is None:
                raise UsageError(f"No struct type named {name}.")
            return found
        words: list[str] = []
        while self.peek() in _BASE_WORDS or (words and self.peek() in _QUALIFIERS):
            if self.peek() not in _QUALIFIERS:
                words.append(self.peek())
            self.position += 1
        if words:
            if words.count("long") == 2:
                unsigned = "unsigned" in words
                name = "unsigned long long" if unsigned else "long long"
                return Type("int", 8, name, is_signed=not unsigned)
            return self.base(frozenset(words))
        start = self.position
        name = self.qualified()
        if self.frame.find(name) is not None:
            self.position = start
            return None
        type_ = find_type(self.frame, name)
        if type_ is None:
            self.position = start
        return type_


def _base(words: frozenset[str]) -> Type:
    try:
        code, size, is_signed, name = _BASES[words]
    except KeyError:
        raise UsageError(f"No type named {' '.join(sorted(words))}.") from None
    return VOID if code == "void" else Type(code, size, name, is_signed=is_signed)


def _character(text: str) -> int:
    if not text.startswith("\\"):
        return ord(text)
    if text[1:].isdigit():
        return int(text[1:], 8) & 0xFF
    return _ESCAPES.get(text[1], ord(text[1]))
