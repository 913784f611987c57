"""Random calls for the decoder, a bounded number of them: ``python -m bench.fuzz`` runs more."""

from __future__ import annotations

import os
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.fuzz import Fuzzer
from bench.fuzzing.cases import Cases
from bench.fuzzing.memory import BASE, Excess, FuzzMemory
from bench.fuzzing.subjects import PROTOCOLS, Subject, subjects
from seize.decode import Decoder
from seize.decode.decoder import ARCHITECTURES
from seize.decode.kinds.address import Addresses
from seize.decode.kinds.base import Memo, Scope
from seize.decode.kinds.siginfo import siginfo
from seize.decode.memory import PATH_MAX, read_string
from seize.decode.render.json import JsonValues
from seize.decode.render.strace import StraceText
from seize.decode.render.unjson import value as from_json
from seize.decode.values import Int, SigSet, Value
from tests.unit.decode_support import line, words

CASES = 15_000
VARYING = int.from_bytes(os.urandom(4), "big")
TOP = 1 << 64


@pytest.mark.parametrize("seed", [1, 2, VARYING], ids=["one", "two", "varying"])
def test_random_calls(seed: int) -> None:
    fuzzer = Fuzzer(seed)
    for index in range(CASES):
        fuzzer.run(index)
    findings = fuzzer.look().findings
    assert not findings, "python -m bench.fuzz " + "\n".join(findings.values())


def test_a_case_is_made_again_from_its_number() -> None:
    backwards = Cases(5)
    found = {index: repr(backwards.case(index)) for index in range(9000, 0, -900)}
    forwards = Cases(5)
    for index in sorted(found):
        assert repr(forwards.case(index)) == found[index]
    assert len(set(found.values())) == len(found)


def test_most_cases_are_of_known_calls_and_some_succeed_in_full() -> None:
    cases = Cases(6)
    made = [cases.case(index) for index in range(3000)]
    assert {case.arch_name for case in made} == set(ARCHITECTURES)
    assert sum(case.finished and not case.is_error for case in made) > 1500
    assert any(case.entry != case.exit for case in made)
    assert any(case.everywhere for case in made)


def test_a_failure_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: object, tid: int) -> int:
        raise ArithmeticError("broken on purpose")

    fuzzer = Fuzzer(7)
    monkeypatch.setattr(Decoder, "enter", broken)
    fuzzer.run(3)
    fuzzer.run(4)
    assert len(fuzzer.figures.findings) == 1
    (finding,) = fuzzer.figures.findings.values()
    assert finding.startswith("--seed 7 --only 3: ")


def test_too_many_reads_are_a_failure() -> None:
    memory = FuzzMemory(most_reads=2, most_bytes=100)
    memory.put(BASE, b"x" * 4096, False)
    memory.read_prefix(BASE, 50)
    with pytest.raises(Excess):
        memory.read_prefix(BASE, 51)
    memory.total = 0
    with pytest.raises(Excess):
        memory.read_prefix(BASE, 1)


# ---------------------------------------------------------------- parts, against a simple model


class _Counted(FuzzMemory):
    def __init__(self, base: int, data: bytes) -> None:
        super().__init__()
        self.put(base, data, False)


@given(
    text=st.binary(max_size=60).map(lambda data: data.replace(b"\0", b"x")),
    repeats=st.integers(1, 200),
    ended=st.booleans(),
    offset=st.integers(0, 4200),
    limit=st.one_of(st.integers(0, 300), st.just(PATH_MAX - 1)),
)
def test_a_string_is_what_lies_before_its_nul(
    text: bytes, repeats: int, ended: bool, offset: int, limit: int
) -> None:
    data = text * repeats
    memory = _Counted(BASE + offset, data + (b"\0" if ended else b""))
    found = read_string(memory, BASE + offset, limit)
    if len(data) <= limit:
        assert found == ((data, True) if ended else None)
    else:
        assert found == (data[:limit], False)
    assert memory.reads <= 4
    assert memory.total <= limit + 1


@given(base=st.integers(TOP - 300, TOP - 1), limit=st.integers(0, 5000))
def test_a_string_at_the_end_of_all_addresses(base: int, limit: int) -> None:
    memory = _Counted(base, b"a" * (TOP - base))
    found = read_string(memory, base, limit)
    assert found == (None if limit >= TOP - base else (b"a" * limit, False))


def _again(value: Value) -> None:
    """A value has a text, and the same one when it is made of its JSON."""
    for verbose in (False, True):
        text = StraceText(verbose=verbose)
        shown = text.value(value)
        assert text.value(from_json(JsonValues(verbose=verbose).value(value))) == shown


@pytest.mark.parametrize("arch_name", ARCHITECTURES)
@given(data=st.data())
def test_socket_addresses_of_any_bytes(arch_name: str, data: st.DataObject) -> None:
    family = struct.pack("<H", data.draw(st.integers(0, 50)))
    rest = data.draw(st.one_of(st.binary(max_size=126), st.just(bytes(126)), st.just(b"A" * 110)))
    _again(Addresses(Scope(arch_name, Decoder())).value(family + rest))


@pytest.mark.parametrize("word", [4, 8])
@given(
    numbers=st.tuples(st.integers(0, 70), st.integers(0, 140), st.integers(-10, 10)),
    rest=st.binary(min_size=116, max_size=116),
)
def test_siginfo_of_any_bytes(word: int, numbers: tuple[int, int, int], rest: bytes) -> None:
    _again(siginfo(struct.pack("<3i", *numbers) + rest, word))


@given(mask=st.integers(0, (1 << 64) - 1), width=st.sampled_from([32, 64]))
def test_the_text_of_a_signal_set_has_its_members(mask: int, width: int) -> None:
    signals = SigSet(mask & (1 << width) - 1)
    signals.width = width
    shown = StraceText(constants="raw").value(signals)
    numbers = {int(part) for part in shown.strip("~[]").split()}
    everything = set(range(1, width + 1))
    assert set(signals) == (everything - numbers if shown.startswith("~") else numbers)


# ---------------------------------------------------------------- memory without an end


@pytest.mark.parametrize("verbose", [False, True])
def test_vectors_of_messages_share_their_limits(verbose: bool) -> None:
    """Each message points to many buffers: together they would be millions."""
    header = words(BASE, 16, BASE, (1 << 31) - 1, BASE, 1 << 40, 0, 0)
    subject = Subject(verbose=verbose)
    subject.memory.put(BASE, header, True)
    for name, number in (("sendmmsg", 307), ("recvmmsg", 299)):
        args = (3, BASE, (1 << 31) - 1, 0, 0, 0)
        call = subject.decoder.enter(1, "x86_64", number, args, subject.memory)
        subject.decoder.exit(call, (1 << 31) - 1, False, subject.memory)
        assert call.name == name
        assert len(subject.text.exit(call)) < subject.longest


def test_vectors_in_vectors_share_a_limit() -> None:
    """Each iocb points to many buffers, too."""
    command = struct.pack("<QIIHHIQQQQII", 0, 0, 0, 8, 0, 3, BASE, 1 << 40, 0, 0, 0, 0)
    subject = Subject(verbose=True)
    subject.memory.put(BASE, command.ljust(128, b"\0") + words(*[BASE] * 16), True)
    args = (0, 1 << 40, BASE + 128, 0, 0, 0)
    call = subject.decoder.enter(1, "x86_64", 209, args, subject.memory)
    assert call.name == "io_submit"
    assert len(subject.text.enter(call)) < subject.longest


def test_what_is_remembered_is_bounded() -> None:
    decoder = Decoder()
    memory = FuzzMemory()
    table = decoder.tables["x86_64"]
    for number in range(1000, table.UNKNOWN_LIMIT + 2000):
        decoder.enter(1, "x86_64", number, (0,) * 6, memory)
    assert len(table) <= table.UNKNOWN_LIMIT + 1
    requests = table[16].switch
    assert requests is not None
    for request in range(requests[2].LIMIT + 200):
        decoder.enter(1, "x86_64", 16, (0, request, 0, 0, 0, 0), memory)
    assert len(requests[2]) <= requests[2].LIMIT
    memo = Memo(lambda raw: Int(raw))
    for number in range(3 * Memo.LIMIT):
        assert memo[number] == number
    assert len(memo) <= Memo.LIMIT


def test_no_line_is_without_end() -> None:
    shown = line("execve", BASE, BASE, BASE, memory={BASE: words(*[BASE] * 512)}, verbose=True)
    assert len(shown) < 1 << 20


def test_every_subject_is_another() -> None:
    tried = subjects()
    assert len({id(subject) for subject in tried}) >= 6
    assert {subject.decoder.verbose for subject in tried} == {False, True}


@pytest.mark.parametrize("verbose", [False, True])
def test_errors_about_errors_are_shown_to_some_depth(verbose: bool) -> None:
    """netlink's error messages quote a message: here each quotes the next."""
    subject = Subject(verbose=verbose)
    data = struct.pack("<IHHIIi", 0x7FFFFFFF, 2, 0, 1, 2, -2) * 3000
    subject.memory.put(BASE, data, False)
    route = PROTOCOLS.index("ROUTE")
    args = (route, BASE, len(data), 0, 0, 0)
    call = subject.decoder.enter(1, "x86_64", 44, args, subject.memory)
    shown = subject.text.enter(call)
    assert shown.startswith(f"sendto({route}, [{{nlmsg_len=2147483647, nlmsg_type=NLMSG_ERROR")
    assert 2 < shown.count("error=-ENOENT") < 100
