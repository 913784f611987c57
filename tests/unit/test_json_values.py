"""Values in JSON: every type has a form, and the text can be made again from it."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seize.abi.names import syscall_names
from seize.decode import Call, Decoder
from seize.decode.decoder import ARCHITECTURES
from seize.decode.render import forms, unjson
from seize.decode.render.json import JsonValues
from seize.decode.render.strace import StraceText
from seize.decode.values import (
    Bytes,
    Fd,
    Flags,
    HexBytes,
    Int,
    Mode,
    Path,
    Signal,
    SigSet,
    Struct,
    Tampered,
    Text,
    Value,
    WaitStatus,
    Word,
)
from tests.unit.decode_support import FakeMemory, enter, words
from tests.unit.json_support import validate
from tests.unit.test_decode_robust import BASE, contents, results, word

# What was done to a call is told by the call, not as a value.
ABSTRACT = {Value, Tampered}


def kinds_below(kind: type[Value]) -> set[type[Value]]:
    """A type and all that inherit from it."""
    return {kind}.union(*[kinds_below(child) for child in kind.__subclasses__()])


def write(value: Value, **options: Any) -> dict[str, Any]:
    """The object of a value, as it comes out of a file of JSON."""
    made: dict[str, Any] = json.loads(json.dumps(JsonValues(**options).value(value)))
    validate("value", made)
    return made


def text_of(call: Call, text: StraceText) -> str:
    return f"{text.enter(call)}{text.exit(call)} = {text.result(call)}"


def check(call: Call, *, verbose: bool = False) -> None:
    """The text of a call is that of its JSON."""
    text = StraceText(verbose=verbose)
    found = json.loads(json.dumps(call.to_json()))
    assert text_of(unjson.call(found), text) == text_of(call, text)


def test_every_type_of_value_has_a_form() -> None:
    has_form = {*forms.SCALARS, *forms.STRINGS, *forms.BUFFERS, *forms.COMPOUNDS, *forms.STRUCTS}
    own = {kind for kind in kinds_below(Value) if kind.__module__.startswith("seize.")}
    assert own - ABSTRACT == has_form


def test_every_form_has_a_definition_and_its_own_kind() -> None:
    named = [form[0] for form in (*forms.SCALARS.values(), *forms.COMPOUNDS.values())]
    named += [*forms.STRINGS.values(), *forms.BUFFERS.values(), "struct"]
    assert len(named) == len(set(named))
    for kind in named:
        with pytest.raises(AssertionError):
            validate("value", {"kind": kind, "nonsense": 1})


def test_numbers_are_exact() -> None:
    for number in (0, -1, (1 << 64) - 1, -(1 << 63), (1 << 53) + 1):
        assert write(Int(number)) == {"kind": "int", "value": number}
        assert unjson.value(write(Int(number))) == number


def test_flags_have_names_and_the_rest() -> None:
    flags = Flags(os.O_CLOEXEC | 1 << 30)
    flags.names, flags.rest, flags.set = ("O_CLOEXEC",), 1 << 30, "open_flags"
    assert write(flags) == {
        "kind": "flags",
        "value": os.O_CLOEXEC | 1 << 30,
        "set": "open_flags",
        "names": ["O_CLOEXEC"],
        "rest": 1 << 30,
    }
    again = unjson.value(write(flags))
    assert isinstance(again, Flags)
    assert (again.names, again.rest, again.set) == (("O_CLOEXEC",), 1 << 30, "open_flags")


def test_numbers_tell_what_they_mean() -> None:
    assert write(Mode(0o100644))["type"] == "S_IFREG"
    assert write(Mode(0o100644))["permissions"] == 0o644
    assert write(Signal(15))["name"] == "SIGTERM"
    assert write(SigSet(1 << 14 | 1))["names"] == ["SIGHUP", "SIGTERM"]
    assert write(WaitStatus(3 << 8))["exited"] == 3
    assert write(WaitStatus(11 | 0x80)) == {
        "kind": "wait_status",
        "value": 139,
        "killed": "SIGSEGV",
        "core": True,
    }
    assert write(WaitStatus(19 << 8 | 0x7F))["stopped"] == "SIGSTOP"
    assert write(WaitStatus(0xFFFF))["continued"] is True


def test_what_is_no_unicode_survives() -> None:
    name = b"caf\xe9 \xff"
    assert write(Path(name)) == {"kind": "path", "hex": name.hex(), "complete": True}
    assert write(Path("café".encode()))["text"] == "café"
    for value in (Path(name), Text(name), Bytes(name, 9), HexBytes(name, 6)):
        again = unjson.value(write(value))
        assert type(again) is type(value)
        assert isinstance(again, Text | Bytes)
        assert again.bytes == name
    fd = Fd(3)
    fd.path = name.decode("utf-8", "surrogateescape")
    assert write(fd) == {"kind": "fd", "value": 3, "path_hex": name.hex(), "details": None}
    again = unjson.value(write(fd))
    assert isinstance(again, Fd)
    assert again.path == fd.path


def test_strings_are_cut_as_in_the_text() -> None:
    assert write(Text(b"abcdef"), string_limit=3) == {
        "kind": "string",
        "text": "abc",
        "complete": False,
    }
    assert write(Path(b"abcdef"), string_limit=3)["text"] == "abcdef"
    assert write(Bytes(b"abcdef", 100), string_limit=3) == {
        "kind": "bytes",
        "text": "abc",
        "size": 100,
    }


def test_fields_without_a_name_and_twice_the_same_survive() -> None:
    struct = Struct(("a", "", "a", ""), (Int(1), Int(2), Int(3), Word("x")), True)
    found = write(struct)
    assert list(found["fields"]) == ["a", "#1", "a#2", "#3"]
    again = unjson.value(found)
    assert isinstance(again, Struct)
    assert again.names == struct.names
    assert again.abbreviated
    assert StraceText().value(again) == StraceText().value(struct)


def test_a_call_has_its_error() -> None:
    decoder, memory = Decoder(), FakeMemory({0x1000: b"/x\0"})
    call = enter(decoder, memory, "openat", -100, 0x1000, os.O_RDONLY | os.O_CLOEXEC)
    decoder.exit(call, -2, True, memory)
    found = call.to_json()
    validate("syscall_event", {**found, "pid": 1, "time": 1.5, "duration": 0.1})
    assert found["args"]["filename"] == {"kind": "path", "text": "/x", "complete": True}
    assert found["args"]["flags"]["names"] == ["O_RDONLY", "O_CLOEXEC"]
    assert found["error"] == {"name": "ENOENT", "number": 2, "message": os.strerror(2)}
    check(call)


def test_a_call_to_be_restarted_says_so() -> None:
    decoder, memory = Decoder(), FakeMemory()
    call = enter(decoder, memory, "pause")
    decoder.exit(call, -514, True, memory)
    found = call.to_json()
    assert found["error"]["restart"] is True
    assert found["error"]["name"] == "ERESTARTNOHAND"
    assert found["result"] is None
    check(call)


@pytest.mark.parametrize("wrong", [{}, {"kind": "int"}, {"kind": "moon"}, {"kind": "flags"}])
def test_what_is_no_value_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(unjson.NotOurs):
        unjson.value(wrong)


@pytest.mark.parametrize("arch_name", ARCHITECTURES)
@pytest.mark.parametrize(("fill", "verbose"), [(b"\1", False), (b"A", True), (b"\xff", True)])
def test_every_call_again_from_its_json(arch_name: str, fill: bytes, verbose: bool) -> None:
    decoder = Decoder(verbose=verbose)
    memory = FakeMemory({BASE: fill * (1 << 13)})
    for number in syscall_names(arch_name):
        for args, rval in (((3, *(BASE,) * 5), 8), ((BASE, 8, 8, 8, 8, 8), -1)):
            call = decoder.enter(1, arch_name, number, args, memory)
            decoder.exit(call, rval, rval < 0, memory)
            check(call, verbose=verbose)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_random_calls_again_from_their_json(data: st.DataObject) -> None:
    arch_name = data.draw(st.sampled_from(ARCHITECTURES))
    number = data.draw(st.sampled_from(sorted(syscall_names(arch_name))))
    args = tuple(data.draw(st.lists(word, min_size=6, max_size=6)))
    memory = FakeMemory({BASE: data.draw(contents)})
    decoder = Decoder()
    call = decoder.enter(1, arch_name, number, args, memory)
    rval = data.draw(results)
    decoder.exit(call, rval, -4096 < rval < 0, memory)
    check(call)
    validate("syscall_event", {**call.to_json(), "pid": 1, "time": 1.5, "duration": 0.1})


def test_a_call_in_python() -> None:
    decoder, memory = Decoder(), FakeMemory({BASE: words(5, 7)})
    call = enter(decoder, memory, "nanosleep", BASE, 0)
    decoder.exit(call, 0, False, memory)
    assert str(call) == "nanosleep({tv_sec=5, tv_nsec=7}, NULL) = 0"
    assert call.args.rqtp.tv_sec == 5
    assert call.result == 0
    assert call.to_json()["args"]["rqtp"]["fields"]["tv_sec"]["value"] == 5
