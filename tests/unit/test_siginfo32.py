"""The siginfo_t of 32-bit programs, beside the compiler's own for that machine."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seize.ptrace.siginfo import SIGINFO_SIZE, SigInfo
from seize.ptrace.siginfo32 import from_32_bits, to_32_bits

# Each: the C expression to set, and the same as a SigInfo.
CASES = [
    ("i.si_signo=10; i.si_pid=7; i.si_uid=8;", SigInfo.make(10, 0, pid=7, uid=8)),
    (
        "i.si_signo=40; i.si_code=-1; i.si_pid=7; i.si_uid=8; i.si_value.sival_int=9;",
        SigInfo.make(40, -1, pid=7, uid=8, value=9),
    ),
    (
        "i.si_signo=40; i.si_code=-2; i.si_timerid=3; i.si_overrun=4; i.si_value.sival_int=5;",
        SigInfo.make(40, -2, timerid=3, overrun=4, value=5),
    ),
    (
        "i.si_signo=17; i.si_code=1; i.si_pid=7; i.si_uid=8; i.si_status=9; i.si_utime=10;"
        " i.si_stime=11;",
        SigInfo.make(17, 1, pid=7, uid=8, status=9, utime=10, stime=11),
    ),
    ("i.si_signo=11; i.si_code=1; i.si_addr=(void *)64;", SigInfo.make(11, 1, addr=64)),
    (
        "i.si_signo=11; i.si_code=3; i.si_addr=(void *)64; i.si_lower=(void *)65;"
        " i.si_upper=(void *)66;",
        SigInfo.make(11, 3, addr=64, lower=65, upper=66),
    ),
    (
        "i.si_signo=11; i.si_code=4; i.si_addr=(void *)64; i.si_pkey=6;",
        SigInfo.make(11, 4, addr=64, pkey=6),
    ),
    (
        "i.si_signo=7; i.si_code=4; i.si_addr=(void *)64; i.si_addr_lsb=12;",
        SigInfo.make(7, 4, addr=64, addr_lsb=12),
    ),
    ("i.si_signo=29; i.si_code=1; i.si_band=3; i.si_fd=4;", SigInfo.make(29, 1, band=3, fd=4)),
    (
        "i.si_signo=31; i.si_code=1; i.si_call_addr=(void *)9; i.si_syscall=5; i.si_arch=6;",
        SigInfo.make(31, 1, call_addr=9, syscall=5, arch=6),
    ),
]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """What a 32-bit compiler makes of the cases."""
    folder = tmp_path_factory.mktemp("siginfo")
    source = folder / "cases.c"
    body = "".join(
        f"{{ siginfo_t i; memset(&i, 0, sizeof i); {text} fwrite(&i, 1, sizeof i, stdout); }}\n"
        for text, _ in CASES
    )
    source.write_text(
        "#define _GNU_SOURCE\n#include <signal.h>\n#include <stdio.h>\n#include <string.h>\n"
        f"int main(void)\n{{\n{body}return 0;\n}}\n"
    )
    program = str(Path(folder, "cases"))
    subprocess.run(["gcc", "-m32", "-o", program, str(source)], check=True, timeout=60)
    data = subprocess.run([program], capture_output=True, check=True, timeout=20).stdout
    return [data[at : at + SIGINFO_SIZE] for at in range(0, len(data), SIGINFO_SIZE)]


def test_the_compilers_layout(compiled: list[bytes]) -> None:
    assert len(compiled) == len(CASES)
    for (text, info), data in zip(CASES, compiled, strict=True):
        assert to_32_bits(info) == data, text
        assert from_32_bits(data) == info, text


@given(st.binary(max_size=SIGINFO_SIZE))
def test_bytes_come_back_as_what_they_mean(data: bytes) -> None:
    info = from_32_bits(data)
    assert from_32_bits(to_32_bits(info)) == info


def test_long_words_are_cut() -> None:
    info = SigInfo.make(11, 1, addr=0x1_2345_6789)
    assert from_32_bits(to_32_bits(info)).addr == 0x2345_6789
    assert from_32_bits(to_32_bits(SigInfo.make(40, -1, errno=-3))).errno == -3
