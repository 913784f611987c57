"""What the kernel says of this process's own netlink sockets, and of generic families."""

from __future__ import annotations

import os
import socket

from seize.strace.netlink import Netlink

UEVENTS = 15


def test_the_protocol_of_a_socket_with_an_address() -> None:
    netlink = Netlink()
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, UEVENTS) as channel:
        assert netlink.protocol(os.getpid(), channel.fileno()) == "?"
        channel.bind((0, 0))
        assert netlink.protocol(os.getpid(), channel.fileno()) == "KOBJECT_UEVENT"


def test_no_other_descriptor_has_one() -> None:
    netlink = Netlink()
    reading, writing = os.pipe()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
        assert netlink.protocol(os.getpid(), channel.fileno()) is None
    assert netlink.protocol(os.getpid(), reading) is None
    os.close(reading)
    os.close(writing)
    assert netlink.protocol(os.getpid(), reading) is None


def test_a_number_that_is_used_again_for_another_socket() -> None:
    netlink = Netlink()
    numbers = []
    for protocol, name in ((UEVENTS, "KOBJECT_UEVENT"), (socket.NETLINK_ROUTE, "ROUTE")):
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol) as channel:
            channel.bind((0, 0))
            numbers.append(channel.fileno())
            assert netlink.protocol(os.getpid(), channel.fileno()) == name
    assert numbers[0] == numbers[1]


def test_the_families_that_there_are() -> None:
    netlink = Netlink()
    assert netlink.family(16) == "nlctrl"
    assert netlink.family(0xFFFF) is None
