"""What inject and fault expressions mean, and which are refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seize.abi.names import errno_number
from seize.errors import UsageError
from seize.tampering import Named, Rule, When, rule, when
from seize.tampering.expression import parse
from seize.tampering.frames import frame, frames_from


def read(text: str, kind: str = "inject") -> Rule:
    return parse(kind, text, Named)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("error=EIO", {"error": 5}),
        ("error=eio", {"error": 5}),
        ("error=4095", {"error": 4095}),
        ("error=ERESTARTSYS", {"error": 512}),
        ("error=EWOULDBLOCK", {"error": 11}),
        ("retval=0", {"retval": 0}),
        ("retval=0x10", {"retval": 16}),
        ("retval=010", {"retval": 8}),
        ("retval= +5", {"retval": 5}),
        ("retval=-1", {"retval": 2**64 - 1}),
        ("signal=USR1", {"signal": 10}),
        ("signal=sigusr1", {"signal": 10}),
        ("signal=64", {"signal": 64}),
        ("error=EIO:syscall=getpid", {"error": 5, "syscall": "getpid"}),
        ("delay_enter=1", {"delay_enter": 1e-6}),
        ("delay_enter=1.5s:delay_exit=2ms", {"delay_enter": 1.5, "delay_exit": 0.002}),
        ("delay_exit=1e3us", {"delay_exit": 0.001}),
        ("delay_exit=.5ns", {"delay_exit": 0.5e-9}),
        ("poke_enter=@arg1=6162", {"poke_enter": ((1, b"ab"),)}),
        ("poke_exit=@arg7=00,@arg2=ff", {"poke_exit": ((7, b"\0"), (2, b"\xff"))}),
        ("poke_enter=@arg1=61,", {"poke_enter": ((1, b"a"),)}),
        (":error=EIO::", {"error": 5}),
        ("error=EIO:when=3", {"error": 5, "when": When(3, None, 0)}),
        ("error=EIO:when=1:when=2", {"error": 5, "when": When(2, None, 0)}),
        ("skip", {"retval": 0}),
        ("error=EIO:run", {"error": 5, "run": True}),
        ("arg=pathname=/dev/null", {"args": (("pathname", b"/dev/null"),)}),
        ("arg=fd=1:arg=flags=0x10", {"args": (("fd", 1), ("flags", 16))}),
        ("arg=flags=O_RDWR|O_TRUNC", {"args": (("flags", 0o1002),)}),
        ("short=512", {"short": 512}),
        ("short=1/4", {"short": 0.25}),
        ("error=EIO:rate=0.5:seed=7", {"error": 5, "rate": 0.5, "seed": 7}),
        ("error=EIO:path=/etc/*:fd=3", {"error": 5, "path": "/etc/*", "fd": 3}),
    ],
)
def test_what_is_read(text: str, wanted: dict[str, object]) -> None:
    made = read(f"chdir:{text}")
    assert isinstance(made.calls, Named)
    assert made.calls.names == {"chdir"}
    changed = {
        name: getattr(made, name)
        for name in Rule.__match_args__
        if name != "calls" and getattr(made, name) != getattr(Rule(made.calls), name)
    }
    assert changed == wanted


BAD = [
    *(
        "",
        "when=1",
        "error=FOO",
        "error=0",
        "error=4096",
        "error=5:retval=3",
        "error=EIO:error=EIO",
    ),
    *("error=", "error= EIO", "error=0x5", "retval=", "retval=-", "retval=99999999999999999999"),
    *("retval=1:retval=2", "retval=08", "signal=0", "signal=65", "signal=FOO", "signal=RTMIN+2"),
    *("signal=USR1:signal=2", "syscall=getpid", "syscall=open:error=EIO", "error=EIO:syscall="),
    *("error=EIO:syscall=39", "error=EIO:syscall=getpid:syscall=gettid", "delay_enter=x"),
    *("delay_enter=-1", "delay_enter=0x10", "delay_enter=1m", "delay_enter=5 s", "delay_enter=inf"),
    *("delay_enter=", "delay_enter=s", "delay_enter=1:delay_enter=2", "poke_enter=@arg0=61"),
    *("poke_enter=@arg8=61", "poke_enter=@arg1=6", "poke_enter=@arg1=", "poke_enter=arg1=61"),
    *("poke_enter=@arg1=61,@arg1=62", "poke_enter=@arg01=61", "poke_exit=@arg1=zz", "bogus=1"),
    *("error=EIO:when=0", "error=EIO:when=", "error=EIO:when=65536", "error=EIO:when=1+0"),
    *("error=EIO:when=3..2", "error=EIO:when=1..65535", "error=EIO:when=1..", "error=EIO:when=1.2"),
    *(
        "error=EIO:when=1+65536",
        "error=EIO:when=1+1+1",
        "error=EIO:when=1+2..3",
        "error=EIO:when=1 ",
    ),
    *("error=EIO:WHEN=5", "error=5EIO"),
]
"""Refused by strace 6.1 as well: tests/live/test_tampering_trace.py asks it."""

OWN_BAD = [
    *(
        "skip=1",
        "skip:error=EIO",
        "run",
        "error=EIO:run=1",
        "arg=1=2",
        "arg=fd",
        "short=",
        "short=-1",
    ),
    *("short=2/1", "short=1/0", "error=EIO:rate=2", "error=EIO:rate=x", "error=EIO:seed=x"),
    *("error=EIO:path=", "error=EIO:fd=-1", "arg=fd=1:arg=fd=2"),
]


@pytest.mark.parametrize("text", BAD + OWN_BAD)
def test_what_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(f"chdir:{text}")
    assert str(caught.value) == f"invalid inject argument 'chdir:{text}'"


def test_a_set_that_means_nothing() -> None:
    with pytest.raises(UsageError, match="invalid system call 'foo'"):
        read("foo:error=EIO")
    with pytest.raises(UsageError, match="invalid inject argument 'foo:error=BAD'"):
        read("foo:error=BAD")


def test_fault() -> None:
    enosys = errno_number("ENOSYS")
    assert read("chdir", "fault").error == enosys
    second = read("chdir:when=2", "fault")
    assert (second.error, second.when) == (enosys, When(2, None, 0))
    assert read("chdir:syscall=getpid", "fault").error == enosys
    assert read("chdir:error=EIO", "fault").error == 5
    for text in (
        "retval=3",
        "signal=USR1",
        "delay_enter=1",
        "poke_exit=@arg1=61",
        "skip",
        "short=1",
    ):
        with pytest.raises(UsageError, match="invalid fault argument"):
            read(f"chdir:{text}", "fault")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2", [2]),
        ("2+", [2, 3, 4, 5, 6, 7, 8, 9]),
        ("2+3", [2, 5, 8]),
        ("2..4", [2, 3, 4]),
        ("2..8+3", [2, 5, 8]),
        ("2..7+3", [2, 5]),
        ("2..4+", [2, 3, 4]),
        ("+1", [1]),
        (" 1", [1]),
        ("01..+3", [1, 2, 3]),
    ],
)
def test_when(text: str, wanted: list[int]) -> None:
    made = when(text)
    assert [ordinal for ordinal in range(1, 10) if made.includes(ordinal)] == wanted


@given(st.integers(1, 65535), st.integers(1, 65534) | st.none(), st.integers(1, 65535) | st.none())
def test_any_when(first: int, last: int | None, step: int | None) -> None:
    text = f"{first}{'' if last is None else f'..{last}'}{'' if step is None else f'+{step}'}"
    if last is not None and last < first:
        with pytest.raises(UsageError):
            when(text)
        return
    made = when(text)
    wanted = range(first, last + 1) if last is not None else range(first, first + 300_000)
    picked = list(wanted[:: step or 1]) if last is not None or step else [first]
    for ordinal in (*picked[:3], *picked[-3:]):
        assert made.includes(ordinal)
    assert not made.includes(first - 1)
    assert made.includes(first + 1) == (first + 1 in picked)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("0", None),
        ("-1", "Inadvertent injection of error 1 is possible for retval=18446744073709551615"),
        (
            "0x1ffffffff",
            "Inadvertent injection of error 1 is possible in compat personality for "
            "retval=8589934591",
        ),
        (
            "-4096",
            "Injected return value 18446744073709547520 will be clipped to 4294963200 in "
            "compat personality",
        ),
    ],
)
def test_results_to_be_warned_of(value: str, wanted: str | None) -> None:
    told: list[str] = []
    parse("inject", f"chdir:retval={value}", Named, told.append)
    assert told == ([] if wanted is None else [wanted])


def test_rules_of_a_program() -> None:
    made = rule(["read", "write"], error=5, when=3)
    assert isinstance(made.calls, Named)
    assert made.calls.names == {"read", "write"}
    assert made.when == When(3, None, 0)
    assert made.calls.wants("i386", 3)
    assert not made.calls.wants("x86_64", 3)
    chosen: Callable[..., object] = lambda call: True  # noqa: E731
    assert rule(chosen, skip=True).where is chosen
    with pytest.raises(UsageError, match=r"chdir has no argument 'path'; there are: pathname"):
        rule("chdir", args={"path": 1})


def test_frames() -> None:
    import os

    descriptor = os.memfd_create("frames")
    try:
        os.write(descriptor, frame(b"one") + frame(b"two") + frame(b"three")[:5])
        found, offset = frames_from(descriptor, 0)
        assert found == [b"one", b"two"]
        os.write(descriptor, frame(b"three")[5:])
        assert frames_from(descriptor, offset)[0] == [b"three"]
    finally:
        os.close(descriptor)
