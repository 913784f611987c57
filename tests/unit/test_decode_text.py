"""Strings, flags and numbers as strace writes them."""

from __future__ import annotations

import pytest

from seize.decode.kinds.siginfo import siginfo
from seize.decode.render.quote import quote
from seize.decode.render.scalars import (
    device_text,
    mode_text,
    octal_text,
    sigset_text,
    status_text,
)
from seize.decode.render.strace import StraceText
from seize.decode.values import Device, Mode, SigSet, WaitStatus
from tests.unit.decode_support import line


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", '""'),
        (b"plain text ~!", '"plain text ~!"'),
        (b'quote " and \\', r'"quote \" and \\"'),
        (b"\t\n\v\f\r", r'"\t\n\v\f\r"'),
        (b"\0", r'"\0"'),
        (b"\0\1\2", r'"\0\1\2"'),
        (b"\0" + b"1", r'"\0001"'),
        (b"\0" + b"7", r'"\0007"'),
        (b"\0" + b"8", r'"\08"'),
        (b"\1" + b"9", r'"\19"'),
        (b"\x1b[0m", r'"\33[0m"'),
        (b"\x1b" + b"0", r'"\0330"'),
        (b"\x7f\x80\xff", r'"\177\200\377"'),
        (b"\n1", r'"\n1"'),
        ("é".encode(), r'"\303\251"'),
    ],
)
def test_quoting(data: bytes, text: str) -> None:
    assert quote(data) == text


@pytest.mark.parametrize(
    ("mode", "text"),
    [
        (0o100644, "S_IFREG|0644"),
        (0o041777, "S_IFDIR|S_ISVTX|0777"),
        (0o106755, "S_IFREG|S_ISUID|S_ISGID|0755"),
        (0o020000, "S_IFCHR|000"),
        (0o644, "0644"),
    ],
)
def test_modes(mode: int, text: str) -> None:
    assert mode_text(Mode(mode)) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0, "000"), (7, "007"), (0o22, "022"), (0o644, "0644"), (0o1777, "01777")]
)
def test_octal_has_three_digits_at_least(value: int, text: str) -> None:
    assert octal_text(value) == text


def test_device_numbers() -> None:
    assert device_text(Device(0x0801)) == "makedev(0x8, 0x1)"
    assert device_text(Device(0)) == "makedev(0, 0)"
    assert device_text(Device(0x12345678)) == "makedev(0x456, 0x12378)"


@pytest.mark.parametrize(
    ("mask", "text"),
    [
        (0, "[]"),
        (0x10002, "[INT CHLD]"),
        (0xFFFFFFFFFFFFFFFF, "~[]"),
        (0xFFFFFFFFFFFBFEFF, "~[KILL STOP]"),
        (1 << 31 | 1 << 32, "[RTMIN RT_1]"),
        (1 << 63, "[RT_32]"),
        ((1 << 41) - 1, None),
    ],
)
def test_signal_sets(mask: int, text: str | None) -> None:
    if text is None:
        assert sigset_text(SigSet(mask)).startswith("[HUP INT")
    else:
        assert sigset_text(SigSet(mask)) == text


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (0, "{WIFEXITED(s) && WEXITSTATUS(s) == 0}"),
        (0xFF00, "{WIFEXITED(s) && WEXITSTATUS(s) == 255}"),
        (15, "{WIFSIGNALED(s) && WTERMSIG(s) == SIGTERM}"),
        (6 | 0x80, "{WIFSIGNALED(s) && WTERMSIG(s) == SIGABRT && WCOREDUMP(s)}"),
        (0x137F, "{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}"),
        (0x857F, "{WIFSTOPPED(s) && WSTOPSIG(s) == SIGTRAP | 0x80}"),
        (0x0004057F, "{WIFSTOPPED(s) && WSTOPSIG(s) == SIGTRAP} | PTRACE_EVENT_EXEC << 16"),
        (0xFFFF, "{WIFCONTINUED(s)}"),
    ],
)
def test_wait_statuses(status: int, text: str) -> None:
    assert status_text(WaitStatus(status)) == text


def _info(signo: int, errno: int, code: int, union: bytes) -> bytes:
    head = b"".join([n.to_bytes(4, "little", signed=True) for n in (signo, errno, code, 0)])
    return (head + union).ljust(128, b"\0")


def _ints(*numbers: int) -> bytes:
    return b"".join([n.to_bytes(4, "little", signed=True) for n in numbers])


@pytest.mark.parametrize(
    ("info", "text"),
    [
        (_info(0, 0, 0, b""), "{}"),
        (
            _info(17, 0, 1, _ints(7, 0, 3) + bytes(4) + (12).to_bytes(8, "little")),
            "{si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=7, si_uid=0, si_status=3, "
            "si_utime=12 /* 0.12 s */, si_stime=0}",
        ),
        (
            _info(17, 0, 2, _ints(7, 1000, 15)),
            "{si_signo=SIGCHLD, si_code=CLD_KILLED, si_pid=7, si_uid=1000, si_status=SIGTERM, "
            "si_utime=0, si_stime=0}",
        ),
        (
            _info(11, 0, 1, (8).to_bytes(8, "little")),
            "{si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x8}",
        ),
        (_info(5, 0, 0x80, b""), "{si_signo=SIGTRAP, si_code=SI_KERNEL, si_addr=NULL}"),
        (_info(14, 0, 0x80, b""), "{si_signo=SIGALRM, si_code=SI_KERNEL}"),
        (_info(13, 0, 0, _ints(5, 0)), "{si_signo=SIGPIPE, si_code=SI_USER, si_pid=5, si_uid=0}"),
        (
            _info(10, 0, -1, _ints(5, 0, 42)),
            "{si_signo=SIGUSR1, si_code=SI_QUEUE, si_pid=5, si_uid=0, si_int=42, si_ptr=0x2a}",
        ),
        (
            _info(10, 2, -77, _ints(5, 0)),
            "{si_signo=SIGUSR1, si_code=0xffffffb3, si_errno=ENOENT, si_pid=5, si_uid=0}",
        ),
        (
            _info(37, 0, -2, _ints(0, 0, 7)),
            "{si_signo=SIGRT_5, si_code=SI_TIMER, si_timerid=0, si_overrun=0, si_int=7, "
            "si_ptr=0x7}",
        ),
        (
            _info(29, 0, 1, (65).to_bytes(8, "little") + _ints(3)),
            "{si_signo=SIGIO, si_code=POLL_IN, si_band=65, si_fd=3}",
        ),
        (
            _info(31, 0, 1, (0x1000).to_bytes(8, "little") + _ints(39) + b"\x3e\0\0\xc0"),
            "{si_signo=SIGSYS, si_code=SYS_SECCOMP, si_call_addr=0x1000, "
            "si_syscall=__NR_getpid, si_arch=AUDIT_ARCH_X86_64}",
        ),
    ],
)
def test_siginfo(info: bytes, text: str) -> None:
    assert StraceText().value(siginfo(info)) == text


def test_siginfo_fields_by_name() -> None:
    value = siginfo(_info(17, 0, 1, _ints(7, 0, 3)))
    assert value.si_pid == 7
    assert value.si_code.name == "CLD_EXITED"
    with pytest.raises(AttributeError, match="no field 'si_addr'"):
        _ = value.si_addr


@pytest.mark.parametrize(
    ("prot", "text"),
    [
        (0, "PROT_NONE"),
        (5, "PROT_READ|PROT_EXEC"),
        (0x1001, "PROT_READ|0x1000"),
        (0x1000, "0x1000 /* PROT_??? */"),
    ],
)
def test_flags(prot: int, text: str) -> None:
    assert line("mprotect", 4096, 1, prot) == f"mprotect(0x1000, 1, {text}) = 0"


@pytest.mark.parametrize(
    ("whence", "text"), [(0, "SEEK_SET"), (4, "SEEK_HOLE"), (7, "0x7 /* SEEK_??? */")]
)
def test_enumerations(whence: int, text: str) -> None:
    assert line("lseek", 3, -5, whence, rval=-22) == (
        f"lseek(3, -5, {text}) = -1 EINVAL (Invalid argument)"
    )


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (2, "-1 ENOENT (No such file or directory)"),
        (11, "-1 EAGAIN (Resource temporarily unavailable)"),
        (512, "? ERESTARTSYS (To be restarted if SA_RESTART is set)"),
        (513, "? ERESTARTNOINTR (To be restarted)"),
        (514, "? ERESTARTNOHAND (To be restarted if no handler)"),
        (516, "? ERESTART_RESTARTBLOCK (Interrupted by signal)"),
    ],
)
def test_errors(error: int, text: str) -> None:
    assert line("pause", rval=-error) == f"pause() = {text}"
