"""Names, numbers and strings as text: what needs no program."""

from __future__ import annotations

import struct

import pytest

from seize.symbols.cppnames import parse_function
from seize.symbols.floats import float_text
from seize.symbols.text import quoted_character, quoted_string
from seize.symbols.types import Type, declare
from seize.symbols.values import decode_float, encode_float

INT = Type("int", 4, "int", is_signed=True)
CHAR = Type("char", 1, "char", is_signed=True)


@pytest.mark.parametrize(
    ("typed", "demangled", "means"),
    [
        ("method", "ns::Class::method(int)", True),
        ("Class::method", "ns::Class::method(int)", True),
        ("::method", "ns::Class::method(int)", False),
        ("::ns::Class::method", "ns::Class::method(int)", True),
        ("ns::method", "ns::Class::method(int)", False),
        ("method(int)", "ns::Class::method(int) const", True),
        ("method(long)", "ns::Class::method(int)", False),
        ("f(const char *, int)", "f(char const*, int)", True),
        ("f(void)", "f()", True),
        ("fill", "int ns::fill<int, 3>(int const&)", True),
        ("fill<int, 3>", "int ns::fill<int, 3>(int const&)", True),
        ("fill<int, 4>", "int ns::fill<int, 3>(int const&)", False),
        ("Pair::sum", "Pair<std::map<int, char> >::sum() const", True),
        ("operator()", "ns::F::operator()(int)", True),
        ("operator<<", "ns::operator<<(ns::S&, int)", True),
        ("F::operator==", "ns::F::operator==(ns::F const&) const", True),
        ("~Base", "ns::Base::~Base()", True),
        ("secret", "ns::(anonymous namespace)::secret(int)", True),
        ("(anonymous namespace)::secret", "ns::(anonymous namespace)::secret(int)", True),
    ],
)
def test_what_a_typed_name_means(typed: str, demangled: str, means: bool) -> None:
    assert parse_function(typed).means(parse_function(demangled)) is means


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (struct.pack("<f", 0.1), "0.100000001"),
        (struct.pack("<d", 0.1), "0.10000000000000001"),
        (struct.pack("<d", 3.0), "3"),
        (struct.pack("<d", -2.5e-7), "-2.4999999999999999e-07"),
        (struct.pack("<d", 1e100), "1e+100"),
        (struct.pack("<d", 1e16), "10000000000000000"),
        (struct.pack("<d", 0.0), "0"),
        (struct.pack("<d", -0.0), "-0"),
        (struct.pack("<d", float("inf")), "inf"),
        (struct.pack("<d", float("-inf")), "-inf"),
        (struct.pack("<Q", 0x7FF8 << 48), "nan(0x8000000000000)"),
        (struct.pack("<Q", 0xFFF8 << 48), "-nan(0x8000000000000)"),
        (bytes.fromhex("cdccccccccccccccfb3f") + bytes(6), "0.100000000000000000001"),
    ],
)
def test_numbers(data: bytes, text: str) -> None:
    assert float_text(data) == text


@pytest.mark.parametrize("number", [0.1, -3.0, 1e30, 2.0**-40])
@pytest.mark.parametrize("size", [8, 16])
def test_a_number_comes_back(number: float, size: int) -> None:
    assert decode_float(encode_float(number, size)) == number


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"hello", '"hello"'),
        (b"", '""'),
        (b'tab\t"quote" \\ \x01\xff end', '"tab\\t\\"quote\\" \\\\ \\001\\377 end"'),
        (b"a" * 10, '"aaaaaaaaaa"'),
        (b"a" * 11, "'a' <repeats 11 times>"),
        (b"=====" + b"-" * 58, "\"=====\", '-' <repeats 58 times>"),
        (b"-" * 20 + b"x", "'-' <repeats 20 times>, \"x\""),
        ("größer".encode(), '"größer"'),
        (b"ab" * 150, '"' + "ab" * 100 + '"...'),
    ],
)
def test_strings(data: bytes, text: str) -> None:
    assert quoted_string(data, 1, "") == text


def test_characters() -> None:
    assert quoted_character(97, 1, "") == "'a'"
    assert quoted_character(0, 1, "") == "'\\000'"
    assert quoted_character(-61, 1, "") == "'\\303'"
    assert quoted_character(39, 1, "") == "'\\''"
    assert quoted_character(0x20AC, 4, "L") == "L'€'"


def test_types() -> None:
    function = Type("function", 1, None, INT, parameters=(INT, CHAR.pointer(8)))
    names = [
        (INT.pointer(8), "int *"),
        (INT.array(3).array(2), "int [2][3]"),
        (CHAR.pointer(8).array(4), "char *[4]"),
        (INT.array(3).pointer(8), "int (*)[3]"),
        (function, "int (int, char *)"),
        (function.pointer(8), "int (*)(int, char *)"),
        (function.pointer(8).array(2), "int (*[2])(int, char *)"),
        (Type("const", 0, None, CHAR).pointer(8), "const char *"),
        (Type("const", 0, None, CHAR.pointer(8)), "char * const"),
        (Type("const", 0, None, CHAR.pointer(8)).pointer(8), "char * const *"),
        (Type("reference", 8, None, INT), "int &"),
    ]
    assert [type_.name for type_, _ in names] == [text for _, text in names]
    assert declare(INT.array(2), "x") == "int x[2]"
