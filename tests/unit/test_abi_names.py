"""The façade over the tables of names."""

from __future__ import annotations

import errno
import signal
import subprocess
import sys

import pytest

from seize.abi import names
from seize.abi.restart import ERESTARTSYS, RESTARTS


def test_errno_names_agree_with_python() -> None:
    ours = {number: names.errno_name(number) for number in errno.errorcode}
    aliases = {errno.ENOTSUP: "EOPNOTSUPP", errno.EDEADLK: "EDEADLK", errno.EAGAIN: "EAGAIN"}
    assert ours == {**errno.errorcode, **aliases}


def test_errno_numbers_know_second_names() -> None:
    assert names.errno_number("EWOULDBLOCK") == errno.EAGAIN
    assert names.errno_number("ENOTSUP") == errno.EOPNOTSUPP
    assert names.errno_number("ENOENT") == 2
    assert names.errno_number("EVERYTHING") is None


def test_private_errors_of_the_kernel_have_names() -> None:
    assert names.errno_name(ERESTARTSYS) == "ERESTARTSYS"
    assert names.errno_number("ERESTART_RESTARTBLOCK") == 516
    assert names.errno_name(524) == "ENOTSUPP"
    assert names.errno_name(4000) == "ERRNO_4000"
    assert all(message for _, message in RESTARTS.values())


def test_signal_names_agree_with_python() -> None:
    standard = [s for s in signal.Signals if s < names.SIGRTMIN]
    assert len(standard) >= 31
    assert [names.signal_name(s) for s in standard] == [
        {signal.SIGABRT: "SIGABRT", signal.SIGIO: "SIGIO"}.get(s, s.name) for s in standard
    ]


@pytest.mark.parametrize(
    ("number", "name"),
    [(32, "SIGRTMIN"), (33, "SIGRT_1"), (34, "SIGRT_2"), (64, "SIGRT_32"), (0, "0"), (65, "65")],
)
def test_real_time_signals_count_from_the_kernels_first(number: int, name: str) -> None:
    assert names.signal_name(number) == name


@pytest.mark.parametrize("text", ["SIGINT", "INT", "int", "sigint", "2"])
def test_signal_number_takes_every_spelling(text: str) -> None:
    assert names.signal_number(text) == 2


def test_every_signal_goes_there_and_back() -> None:
    for number in range(1, 65):
        assert names.signal_number(names.signal_name(number)) == number
    assert names.signal_number("SIGPOLL") == names.signal_number("SIGIO")
    assert names.signal_number("SIGRTMAX") == 64
    for text in ("0", "65", "SIGNONE", "", "-1"):
        assert names.signal_number(text) is None


@pytest.mark.parametrize(
    ("arch", "name", "number"),
    [("x86_64", "openat", 257), ("i386", "openat", 295), ("aarch64", "openat", 56)],
)
def test_system_calls_go_there_and_back(arch: str, name: str, number: int) -> None:
    assert names.syscall_number(arch, name) == number
    assert names.syscall_name(arch, number) == name
    for other, text in names.syscall_names(arch).items():
        assert names.syscall_number(arch, text) == other


def test_unknown_system_calls_and_architectures() -> None:
    assert names.syscall_name("x86_64", 100_000) is None
    assert names.syscall_number("aarch64", "open") is None
    with pytest.raises(KeyError):
        names.syscall_names("vax")


def test_loading_the_tables_imports_nothing_heavy() -> None:
    code = (
        "import sys, seize; before = set(sys.modules)\n"
        "from seize.abi import names\n"
        "from seize.abi._generated import constants, flags, ioctls, layouts_x86_64, ptrace\n"
        "names.syscall_names('x86_64')\n"
        "print(*sorted(m for m in set(sys.modules) - before if not m.startswith('seize')))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stdout.split() in ([], ["__future__"])
