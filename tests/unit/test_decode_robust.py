"""Whatever a program passes: decoding never raises, and what it reads is bounded."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seize.abi.names import syscall_names
from seize.decode import Decoder
from seize.decode.decoder import ARCHITECTURES
from seize.decode.render.strace import StraceText
from tests.unit.decode_support import FakeMemory, line, words

READ_LIMIT = 1 << 20
BASE = 0x10000
INTERESTING = (0, 1, 2, 7, 16, 0x7F, 1 << 31, (1 << 32) - 1, 1 << 63, (1 << 64) - 1)

word = st.one_of(
    st.sampled_from(INTERESTING),
    st.integers(0, 64),
    st.integers(BASE - 16, BASE + 4200),
    st.integers(0, (1 << 64) - 1),
)
contents = st.one_of(
    st.binary(max_size=300),
    st.lists(word, max_size=40).map(lambda numbers: words(*numbers)),
)
results = st.one_of(
    st.integers(-4095, -1), st.integers(0, 4096), st.sampled_from([1 << 31, 1 << 40, 1 << 62])
)
DECODERS = {verbose: Decoder(verbose=verbose) for verbose in (False, True)}
TEXTS = {verbose: StraceText(verbose=verbose) for verbose in (False, True)}


def run(arch_name: str, number: int, args: list[int], memory: FakeMemory, rval: int) -> str:
    shown = ""
    for verbose, decoder in DECODERS.items():
        text = TEXTS[verbose]
        call = decoder.enter(1, arch_name, number, tuple(args), memory)
        left = text.enter(call)
        decoder.exit(call, rval, -4096 < rval < 0, memory)
        shown = text.enter(call) + text.exit(call) + text.result(call)
        assert shown.startswith(left[: left.find("(") + 1])
    return shown


@pytest.mark.parametrize("arch_name", ARCHITECTURES)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_random_calls(arch_name: str, data: st.DataObject) -> None:
    number = data.draw(st.sampled_from(sorted(syscall_names(arch_name))))
    args = data.draw(st.lists(word, min_size=6, max_size=6))
    memory = FakeMemory({BASE: data.draw(contents)})
    run(arch_name, number, args, memory, data.draw(results))
    assert memory.largest <= READ_LIMIT


@pytest.mark.parametrize("arch_name", ARCHITECTURES)
@pytest.mark.parametrize("fill", [b"\0", b"\1", b"\xff", b"A"], ids=["zeros", "ones", "ff", "text"])
def test_every_call_with_pointers_everywhere(arch_name: str, fill: bytes) -> None:
    memory = FakeMemory({BASE: fill * (1 << 13)})
    for number in syscall_names(arch_name):
        for args in ([BASE] * 6, [3, BASE, BASE, BASE, BASE, BASE], [BASE, 8, 8, 8, 8, 8]):
            for rval in (-1, 8):
                run(arch_name, number, args, memory, rval)
    assert memory.largest <= READ_LIMIT


@pytest.mark.parametrize("arch_name", ARCHITECTURES)
def test_every_call_without_memory(arch_name: str) -> None:
    for number in syscall_names(arch_name):
        for value in INTERESTING:
            run(arch_name, number, [value] * 6, FakeMemory(), -14)
            run(arch_name, number, [value] * 6, FakeMemory(), 5)


HUGE = (1 << 63) - 1


@pytest.mark.parametrize(
    "call",
    [
        ("write", 1, BASE, HUGE),
        ("writev", 1, BASE, HUGE),
        ("poll", BASE, (1 << 31) - 1, 0),
        ("select", (1 << 31) - 1, BASE, BASE, BASE, 0),
        ("sched_setaffinity", 0, (1 << 31) - 1, BASE),
        ("mincore", 0, HUGE, BASE),
        ("setgroups", (1 << 31) - 1, BASE),
        ("sendto", 3, BASE, HUGE, 0, BASE, (1 << 31) - 1),
        ("setsockopt", 3, 1, 2, BASE, (1 << 31) - 1),
        ("setxattr", BASE, BASE, BASE, HUGE, 0),
        ("execve", BASE, BASE, BASE),
        ("process_madvise", 1, BASE, HUGE, 0, 0),
        ("name_to_handle_at", 3, BASE, BASE, BASE, 0),
        ("keyctl", 0, HUGE, HUGE, HUGE, HUGE),
    ],
    ids=lambda call: str(call[0]),
)
@pytest.mark.parametrize("verbose", [False, True])
def test_huge_lengths_read_little(call: tuple[str, int], verbose: bool) -> None:
    memory = {BASE: b"\1" * (1 << 21)}
    shown = line(call[0], *call[1:], memory=memory, verbose=verbose)
    assert shown.startswith(f"{call[0]}(")


def test_start_up_loads_nothing_heavy() -> None:
    source = """
import sys
import seize
before = set(sys.modules)
from seize.decode import Decoder
from seize.decode.render.strace import StraceText
class Memory:
    def read(self, address, size): return b"f\\0".ljust(size, b"\\0")
    read_prefix = read
decoder, text, memory = Decoder(), StraceText(), Memory()
for number, args in ((59, (8, 8, 8)), (257, (3, 8, 0)), (262, (3, 8, 8, 0)), (9, (0, 1, 3, 34)),
                     (0, (3, 8, 8)), (13, (2, 8, 8, 8)), (202, (8, 128, 1, 0)), (56, (17,))):
    call = decoder.enter(1, "x86_64", number, args + (0,) * (6 - len(args)), memory)
    decoder.exit(call, 2, False, memory)
    text.enter(call), text.exit(call), text.result(call)
heavy = {"typing", "dataclasses", "re", "enum", "inspect", "logging", "subprocess",
         "collections.abc", "pathlib", "importlib", "socket", "ctypes"}
print(sorted(heavy & (set(sys.modules) - before)))
"""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", source.replace("import sys", _PATH, 1)],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stdout.strip() == "[]"


_PATH = f"import sys; sys.path[:0] = {[path for path in sys.path if path]!r}"
