"""ioctl: every request has a signature that compiles; outputs, exchanges, odd memory."""

from __future__ import annotations

import random
import struct

import pytest

from seize.abi._generated import ioctls
from seize.abi.names import ioctl_name
from seize.decode import Decoder
from seize.decode.decoder import ARCHITECTURES
from seize.decode.kinds.ioctl import lines
from seize.decode.render.strace import StraceText
from tests.unit.decode_support import FakeMemory, line, number_of

PAGE = 0x10000


def requests(arch_name: str) -> list[int]:
    """Every request that an architecture has a name for."""
    own = ioctls.OVERRIDES.get(arch_name, {})
    known = {**ioctls.NAMES, **own}
    return sorted(request for request, name in known.items() if name)


@pytest.mark.parametrize("arch_name", ARCHITECTURES)
def test_every_request_compiles(arch_name: str) -> None:
    table = Decoder().tables[arch_name][number_of(arch_name, "ioctl")]
    assert table.switch is not None
    for request in requests(arch_name):
        table.switch[2][request]


def test_every_line_is_about_a_request() -> None:
    known = {
        name
        for arch_name in ARCHITECTURES
        for request in requests(arch_name)
        for name in (ioctl_name(arch_name, request) or "").split(" or ")
    }
    for arch_name in ARCHITECTURES:
        assert set(lines(arch_name)) <= known  # type: ignore[call-overload]


@pytest.mark.parametrize("arch_name", ["x86_64", "i386"])
@pytest.mark.parametrize("content", ["zeros", "ones", "random"])
@pytest.mark.parametrize("verbose", [False, True], ids=["brief", "verbose"])
def test_every_request_in_any_memory(arch_name: str, content: str, verbose: bool) -> None:
    size = 4096
    data = {
        "zeros": bytes(size),
        "ones": b"\xff" * size,
        "random": random.Random(7).randbytes(size),
    }[content]
    decoder, text = Decoder(verbose=verbose), StraceText(verbose=verbose)
    memory = FakeMemory({PAGE: data})
    number = number_of(arch_name, "ioctl")
    for request in requests(arch_name):
        for rval in (0, 7, -25):
            call = decoder.enter(1, arch_name, number, (3, request, PAGE, 0, 0, 0), memory)
            left = text.enter(call)
            decoder.exit(call, rval, rval < 0, memory)
            assert left.startswith("ioctl(3, ")
            assert (left + text.exit(call)).endswith(")")


@pytest.mark.parametrize("arch_name", ["x86_64", "i386"])
def test_no_request_reads_much(arch_name: str) -> None:
    decoder = Decoder(verbose=True)
    number = number_of(arch_name, "ioctl")
    for request in requests(arch_name):
        memory = FakeMemory({PAGE: b"\xff" * (1 << 16)})
        call = decoder.enter(1, arch_name, number, (3, request, PAGE, 0, 0, 0), memory)
        decoder.exit(call, 0, False, memory)
        assert memory.reads < 3 * 8192 + 64, ioctl_name(arch_name, request)


def test_what_a_request_fills_in_is_shown_after_it() -> None:
    size = struct.pack("<4H", 24, 80, 0, 0)
    assert line("ioctl", 0, 0x5413, PAGE, after={PAGE: size}) == (
        "ioctl(0, TIOCGWINSZ, {ws_row=24, ws_col=80, ws_xpixel=0, ws_ypixel=0}) = 0"
    )
    assert line("ioctl", 0, 0x5413, PAGE, rval=-25, after={PAGE: size}) == (
        "ioctl(0, TIOCGWINSZ, 0x10000) = -1 ENOTTY (Inappropriate ioctl for device)"
    )


def test_what_goes_in_and_what_comes_out() -> None:
    asked = struct.pack("<I32s32sI", 3, b"", b"", 0)[:72].ljust(72, b"\0")
    told = struct.pack("<II32s32s", 3, 2, b"led", b"me")
    assert line("ioctl", 3, 0xC048B402, PAGE, memory={PAGE: asked}, after={PAGE: told}) == (
        "ioctl(3, GPIO_GET_LINEINFO_IOCTL, {line_offset=3} => "
        '{flags=GPIOLINE_FLAG_IS_OUT, name="led", consumer="me"}) = 0'
    )
    assert line("ioctl", 3, 0xC048B402, PAGE, rval=-9, memory={PAGE: asked}) == (
        "ioctl(3, GPIO_GET_LINEINFO_IOCTL, {line_offset=3}) = -1 EBADF (Bad file descriptor)"
    )


def test_a_field_that_changes_and_fields_that_appear() -> None:
    before = struct.pack("<IIIIBB2x", 4, 1, 1, 0, 0, 0)
    after = struct.pack("<IIIIBB2x", 2, 1, 1, 0, 0, 0)
    assert line("ioctl", 3, 0xC0145608, PAGE, memory={PAGE: before}, after={PAGE: after}) == (
        "ioctl(3, VIDIOC_REQBUFS, {type=V4L2_BUF_TYPE_VIDEO_CAPTURE, "
        "memory=V4L2_MEMORY_MMAP, count=4 => 2}) = 0"
    )
    api = struct.pack("<QQQ", 0xAA, 0, 0x8000000000000003)
    assert line("ioctl", 3, 0xC018AA3F, PAGE, memory={PAGE: api}) == (
        "ioctl(3, UFFDIO_API, {api=0xaa, features=0, "
        "ioctls=1<<_UFFDIO_REGISTER|1<<_UFFDIO_UNREGISTER|1<<_UFFDIO_API}) = 0"
    )


def test_an_array_behind_a_struct() -> None:
    head = struct.pack("<QQIIII", 0, 1 << 40, 0, 2, 8, 0)
    extent = struct.pack("<QQQ16xI12x", 0, 4096, 8192, 1)
    text = line("ioctl", 3, 0xC020660B, PAGE, memory={PAGE: head + 2 * extent}, verbose=True)
    assert text.count("fe_length=8192, fe_flags=FIEMAP_EXTENT_LAST") == 2
    cut = line("ioctl", 3, 0xC020660B, PAGE, memory={PAGE: head + extent}, verbose=True)
    assert cut.endswith("... /* 0x10058 */]}) = 0")


def test_requests_that_carry_numbers() -> None:
    bits = bytes([0b10010]) + bytes(7)
    assert line("ioctl", 3, 0x80604521, PAGE, rval=8, after={PAGE: bits}) == (
        "ioctl(3, EVIOCGBIT(EV_KEY, 96), [KEY_ESC KEY_3]) = 8"
    )
    assert line("ioctl", 3, 0x81004506, PAGE, rval=4, after={PAGE: b"abc\0"}) == (
        'ioctl(3, EVIOCGNAME(256), "abc\\0") = 4'
    )


@pytest.mark.parametrize("request_", [0, 0xDEADBEEF, 0xFFFFFFFF, 0x12345678])
def test_unknown_requests(request_: int) -> None:
    assert line("ioctl", 3, request_, 5, rval=-25).startswith("ioctl(3, _IOC(_IOC_")


def test_a_descriptor_as_the_result() -> None:
    decoder = Decoder(fd_paths=lambda tid, fd: f"/path/{fd}")
    memory = FakeMemory()
    call = decoder.enter(1, "x86_64", 16, (3, 0xB701, 0, 0, 0, 0), memory)
    decoder.exit(call, 5, False, memory)
    assert str(call) == "ioctl(3</path/3>, NS_GET_USERNS) = 5</path/5>"


def pidfd_info(size: int) -> str:
    """PIDFD_GET_INFO with a struct of some size, which asks for two things and gets them."""
    request = 0xC000FF0B | size << 16
    asked = struct.pack("<Q", 0x11) + b"\xee" * 120
    told = struct.pack("<QQ12I2Q", 0x11, 7, *range(100, 111), 0, 5, 0)
    memory, after = {PAGE: asked}, {PAGE: told + b"\xee" * 40}
    return line("ioctl", 3, request, PAGE, memory=memory, after=after)


def test_a_struct_that_has_grown_is_of_the_size_that_the_request_has() -> None:
    start = "ioctl(3, PIDFD_GET_INFO, {mask=PIDFD_INFO_PID|PIDFD_INFO_COREDUMP => "
    assert pidfd_info(64).startswith(start)
    assert pidfd_info(64).endswith(
        "ppid=102, ruid=103, rgid=104, euid=105, egid=106, "
        "suid=107, sgid=108, fsuid=109, fsgid=110}) = 0"
    )
    for size in (72, 88, 96):
        assert pidfd_info(size).endswith("fsgid=110, coredump_mask=0x5}) = 0")
    assert pidfd_info(4) == "ioctl(3, PIDFD_GET_INFO, 0x10000) = 0"


def test_the_namespaces_of_mounts() -> None:
    data = struct.pack("<IIQ", 16, 20, 4)
    told = "{size=16, nr_mounts=20, mnt_ns_id=4}"
    assert line("ioctl", 3, 0x8010B70A, PAGE, memory={PAGE: data}) == (
        f"ioctl(3, NS_MNT_GET_INFO, {told}) = 0"
    )
    assert line("ioctl", 3, 0x8018B70B, PAGE, rval=5, memory={PAGE: data + bytes(8)}) == (
        f"ioctl(3, NS_MNT_GET_NEXT, {told}) = 5"
    )
    assert line("ioctl", 3, 0x4010B70A, PAGE).startswith("ioctl(3, _IOC(_IOC_WRITE, 0xb7, 0xa, ")
