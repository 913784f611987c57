"""Netlink messages, control messages and socket options: their files, and what they decode to."""

from __future__ import annotations

import struct

import pytest

from seize.decode import Decoder
from seize.decode.decoder import ARCHITECTURES
from seize.decode.kinds.attribute_special import SPECIAL
from seize.decode.kinds.attributes import Attributes, read_sections
from seize.decode.kinds.base import Scope, UnknownKind
from seize.decode.kinds.control import Controls
from seize.decode.kinds.netlink import Messages
from seize.decode.kinds.sockopt import Options
from seize.decode.values import Array
from tests.unit.decode_support import FakeMemory, enter, words

PAGE = 0x10000
SOL_SOCKET, SOL_IP, SOL_TCP = 1, 0, 6


@pytest.mark.parametrize("arch_name", ARCHITECTURES)
def test_every_section_of_attributes_compiles(arch_name: str) -> None:
    attributes = Attributes(Scope(arch_name, Decoder()), "netlink.attrs", SPECIAL)
    sections = [name for name in attributes.sections() if " " not in name]
    assert len(sections) > 50
    for name in sections:
        section = attributes.section(name)
        if section.set:
            words = attributes.sections()[name][1].keys() - {"*"}
            assert len(section.kinds) == len(words)


@pytest.mark.parametrize("arch_name", ARCHITECTURES)
def test_every_type_of_message_has_a_header(arch_name: str) -> None:
    scope = Scope(arch_name, Decoder())
    messages = Messages(scope)
    call = enter(Decoder(), FakeMemory(), "close", 0)
    types = dict(scope.set("rtm_types"))
    for kind in types:
        # Enough bytes for any header, all of them attributes of no known type behind it.
        data = struct.pack("<IHHII", 96, kind, 0, 0, 0) + bytes([2] * 80)
        assert isinstance(messages.message(call, "ROUTE", data), Array)


@pytest.mark.parametrize("arch_name", ARCHITECTURES)
def test_every_level_of_control_messages_and_options_compiles(arch_name: str) -> None:
    scope = Scope(arch_name, Decoder())
    controls = Controls(scope)
    for name in read_sections("control.messages"):
        assert controls.section(name).set
    levels = [number for number, _ in scope.set("sockopt_level")]
    for setting in (True, False):
        options = Options(scope, setting)
        assert len([level for level in levels if options.level(level)]) > 20


def test_a_section_that_is_not_there_is_an_error() -> None:
    attributes = Attributes(Scope("x86_64", Decoder()), "netlink.attrs", SPECIAL)
    with pytest.raises(UnknownKind, match="no section 'nothing'"):
        attributes.section("nothing")


def _sent(data: bytes, protocol: str = "ROUTE") -> str:
    decoder = Decoder(netlink_protocol=lambda tid, fd: protocol)
    memory = FakeMemory({PAGE: data})
    return str(enter(decoder, memory, "sendto", 3, PAGE, len(data), 0, 0, 0))


def _attribute(kind: int, data: bytes) -> bytes:
    padding = bytes(-len(data) % 4)
    return struct.pack("<HH", 4 + len(data), kind) + data + padding


def test_a_message_with_nested_attributes() -> None:
    inner = _attribute(1, b"bridge\0") + _attribute(2, _attribute(1, struct.pack("<I", 1500)))
    body = struct.pack("<BxHiII", 0, 772, 0, 1, 0) + _attribute(18, inner)
    data = struct.pack("<IHHII", 16 + len(body), 16, 0x305, 7, 0) + body
    assert _sent(data).startswith(
        "sendto(3, [{nlmsg_len=60, nlmsg_type=RTM_NEWLINK, nlmsg_flags=NLM_F_REQUEST|NLM_F_ACK"
        "|NLM_F_REPLACE|NLM_F_EXCL, nlmsg_seq=7, nlmsg_pid=0}, {ifi_family=AF_UNSPEC, "
        "ifi_type=ARPHRD_LOOPBACK, ifi_index=0, ifi_flags=IFF_UP, ifi_change=0}, "
        '[{nla_len=28, nla_type=IFLA_LINKINFO}, [[{nla_len=11, nla_type=IFLA_INFO_KIND}, "bridge"]'
        ", [{nla_len=12, nla_type=IFLA_INFO_DATA}, [{nla_len=8, nla_type=IFLA_BR_FORWARD_DELAY}, "
        "1500 /* 15.00 s */]]]]], 60, "
    )


def test_a_message_of_another_socket_is_bytes() -> None:
    assert _sent(b"\x10\0\0\0\x12\0\x01\x03", "") == (
        r'sendto(3, "\20\0\0\0\22\0\1\3", 8, 0, NULL, 0)'
    )


def test_an_error_quotes_its_message() -> None:
    quoted = struct.pack("<IHHII", 20, 18, 5, 1, 0)
    data = struct.pack("<IHHIIi", 36, 2, 0x100, 1, 9, -2) + quoted
    assert (
        "nlmsg_type=NLMSG_ERROR, nlmsg_flags=NLM_F_CAPPED, nlmsg_seq=1, nlmsg_pid=9}, "
        "{error=-ENOENT, msg={nlmsg_len=20, nlmsg_type=RTM_GETLINK, "
    ) in _sent(data)


def test_errors_about_errors_end() -> None:
    data = b""
    for depth in range(400):
        data = struct.pack("<IHHIIi", 36 + 20 * depth, 2, 0, 0, 0, -1) + data[:20000]
    assert _sent(data).count("NLMSG_ERROR") < 40


def test_nested_attributes_end() -> None:
    data = b""
    for _ in range(300):
        data = struct.pack("<HH", 4 + len(data), 26) + data
    body = bytes(16) + data
    assert "nlmsg_len=" in _sent(struct.pack("<IHHII", 16 + len(body), 16, 0, 0, 0) + body)


def _control(level: int, kind: int, data: bytes) -> str:
    control = struct.pack("<QII", 16 + len(data), level, kind) + data
    memory = FakeMemory({PAGE: words(0, 0, 0, 0, PAGE + 0x100, len(control), 0)})
    memory.pieces[PAGE + 0x100] = control
    return str(enter(Decoder(), memory, "sendmsg", 3, PAGE, 0))


def test_control_messages_by_level() -> None:
    assert "cmsg_type=SCM_RIGHTS, cmsg_data=[4, 5]}]" in _control(
        SOL_SOCKET, 1, struct.pack("<II", 4, 5)
    )
    assert "cmsg_type=SCM_CREDENTIALS, cmsg_data={pid=1, uid=2, gid=3}}]" in _control(
        SOL_SOCKET, 2, struct.pack("<III", 1, 2, 3)
    )
    assert "cmsg_level=SOL_IP, cmsg_type=IP_TTL, cmsg_data=[64]}]" in _control(
        SOL_IP, 2, struct.pack("<I", 64)
    )


def test_a_control_message_of_no_length_is_the_last() -> None:
    control = struct.pack("<QIIQII", 0, SOL_SOCKET, 1, 0, SOL_SOCKET, 1)
    memory = FakeMemory({PAGE: words(0, 0, 0, 0, PAGE + 0x100, len(control), 0)})
    memory.pieces[PAGE + 0x100] = control
    assert str(enter(Decoder(), memory, "sendmsg", 3, PAGE, 0)).count("cmsg_len") == 1


def _option(level: int, name: int, data: bytes) -> str:
    memory = FakeMemory({PAGE: data})
    return str(enter(Decoder(), memory, "setsockopt", 3, level, name, PAGE, len(data)))


def test_options_by_level() -> None:
    assert _option(SOL_SOCKET, 13, struct.pack("<II", 1, 10)) == (
        "setsockopt(3, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=10}, 8)"
    )
    assert _option(SOL_TCP, 13, b"reno") == 'setsockopt(3, SOL_TCP, TCP_CONGESTION, "reno", 4)'
    assert _option(SOL_IP, 35, bytes([224, 0, 0, 1, 127, 0, 0, 1])) == (
        'setsockopt(3, SOL_IP, IP_ADD_MEMBERSHIP, {imr_multiaddr=inet_addr("224.0.0.1"), '
        'imr_interface=inet_addr("127.0.0.1")}, 8)'
    )
    assert _option(SOL_TCP, 1, b"\1\0\0\0") == "setsockopt(3, SOL_TCP, TCP_NODELAY, [1], 4)"
