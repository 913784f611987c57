"""gdb's remote protocol without a tracee: framing, fields, expressions, descriptions."""

from __future__ import annotations

import binascii
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seize import arch
from seize.errors import MemoryFault, SeizeError, UsageError
from seize.gdbserver import signals
from seize.gdbserver.agent import MOST_STEPS, Broken, Expression
from seize.gdbserver.connection import Address, Listener, parse
from seize.gdbserver.description import Description
from seize.gdbserver.fields import ALL, Fields, Refused, ThreadId, unhex
from seize.gdbserver.formats import formatted
from seize.gdbserver.framing import (
    PACKET_SIZE,
    Acknowledged,
    Deframer,
    Interrupt,
    Packet,
    TooLong,
    escape,
    frame,
    lengthen,
    shorten,
    unescape,
)
from seize.gdbserver.table import split


def items(*chunks: bytes) -> list[object]:
    deframer = Deframer()
    return [item for chunk in chunks for item in deframer.feed(chunk)]


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        (b"$g#67", [Packet(b"g", True)]),
        (b"+$g#67+", [Acknowledged(True), Packet(b"g", True), Acknowledged(True)]),
        (b"-", [Acknowledged(False)]),
        (b"$g#68", [Packet(b"g", False)]),
        (b"$g#6z", [Packet(b"g", False)]),
        (b"\x03", [Interrupt()]),
        (b"\x03$?#3f", [Interrupt(), Packet(b"?", True)]),
        (b"rubbish$?#3F", [Packet(b"?", True)]),
        (b"$brok$?#3f", [Packet(b"?", True)]),
        (b"$#00", [Packet(b"", True)]),
        # A 0x03 inside of a packet is data.
        (b"$\x03#03", [Packet(b"\x03", True)]),
    ],
)
def test_a_line_is_cut_into_items_wherever_it_is_torn(sent: bytes, found: list[object]) -> None:
    assert items(sent) == found
    assert items(*(sent[at : at + 1] for at in range(len(sent)))) == found


def test_a_packet_that_is_too_long_is_skipped_and_not_kept() -> None:
    deframer = Deframer()
    assert list(deframer.feed(b"$")) == []
    for _ in range(20):
        assert list(deframer.feed(b"a" * PACKET_SIZE)) == []
    assert list(deframer.feed(b"#00$?#3f")) == [TooLong(), Packet(b"?", True)]


@given(st.binary())
@example(b"}#$*\x03]")
@example(b"}}")
def test_escaping_loses_nothing_and_leaves_no_mark(data: bytes) -> None:
    escaped = escape(data)
    assert unescape(escaped) == data
    assert items(frame(escaped)) == [Packet(escaped, True)]


@given(st.lists(st.tuples(st.sampled_from(b"0af+#$"), st.integers(1, 250))))
def test_run_lengths_are_undone_and_are_printable(runs: list[tuple[int, int]]) -> None:
    data = b"".join(bytes((byte,)) * count for byte, count in runs)
    short = shorten(data)
    assert lengthen(short) == data
    assert len(short) <= len(data)
    counts = [short[at + 1] for at, byte in enumerate(short) if byte == b"*"[0]]
    assert all(32 <= count < 127 and count not in b"#$%+-*}" for count in counts)


def test_a_run_is_written_as_the_manual_has_it() -> None:
    assert shorten(b"0000") == b"0* "
    assert lengthen(b"0* ") == b"0000"


def test_long_data_are_shortened_where_zeros_are() -> None:
    data = b"0" * 5000 + b"f" * 5000 + b"10000000002"
    assert lengthen(shorten(data)) == data
    assert len(shorten(data)) < 5300


@given(st.binary(max_size=300))
def test_nothing_on_the_line_breaks_the_deframer(data: bytes) -> None:
    for item in items(data, b"$?#3f"):
        assert isinstance(item, Packet | Interrupt | Acknowledged | TooLong)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (b"1f", ThreadId(None, 0x1F)),
        (b"-1", ThreadId(None, ALL)),
        (b"p2.3", ThreadId(2, 3)),
        (b"p2.-1", ThreadId(2, ALL)),
        (b"p2", ThreadId(2, ALL)),
        (b"p-1", ThreadId(ALL, ALL)),
        (b"p0.0", ThreadId(0, 0)),
    ],
)
def test_thread_ids(text: bytes, meant: ThreadId) -> None:
    fields = Fields(text)
    assert fields.thread_id() == meant
    fields.end()


@pytest.mark.parametrize("text", [b"", b"p", b"p1.", b"x", b"p-1.5", b"80000000", b"-2"])
def test_malformed_thread_ids_are_refused(text: bytes) -> None:
    with pytest.raises(Refused):
        Fields(text).thread_id()


@pytest.mark.parametrize("text", [b"1", b"zz", b"0x12", b"1 ", b"\xff\xff"])
def test_malformed_hexadecimal_is_refused(text: bytes) -> None:
    with pytest.raises(Refused):
        unhex(text)


def test_numbers_have_64_bits() -> None:
    assert Fields(b"ffffffffffffffff").number() == (1 << 64) - 1
    with pytest.raises(Refused):
        Fields(b"10000000000000000").number()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"qSupported:multiprocess+", b"qSupported"),
        (b"vCont;c", b"vCont"),
        (b"vCont?", b"vCont"),
        (b"m4000,8", b"m"),
        (b"Hgp1.1", b"H"),
        (b"?", b"?"),
        (b"!", b"!"),
        (b"_M10,rwx", b"_M"),
        (b"", b""),
        (b"jThreadsInfo", b"jThreadsInfo"),
        (b"qXfer:features:read:target.xml:0,100", b"qXfer"),
    ],
)
def test_names_of_packets(data: bytes, name: bytes) -> None:
    assert split(data) == (name, data[len(name) :])


def test_signals_are_gdbs_own() -> None:
    assert signals.to_gdb(10) == 30  # SIGUSR1
    assert signals.to_gdb(7) == 10  # SIGBUS
    assert signals.to_gdb(34) == 46
    assert signals.to_gdb(64) == 78
    for number in range(65):
        if signals.to_gdb(number) != signals.UNKNOWN:
            assert signals.from_gdb(signals.to_gdb(number)) == number
    assert signals.from_gdb(7) is None  # SIGEMT


# ---------------------------------------------------------------------- agent expressions


class Memory:
    def __init__(self) -> None:
        self.shown = ""

    def register(self, number: int) -> int:
        return (0x1122334455667788, (1 << 64) - 5)[number % 2]

    def read(self, address: int, size: int) -> bytes:
        if not 0x1000 <= address < 0x1100:
            raise MemoryFault(address, size)
        return (bytes(range(0x80, 0x100)) * 2)[address - 0x1000 :][:size]

    def show(self, text: str) -> None:
        self.shown += text


def value(code: str) -> int:
    return Expression(bytes.fromhex(code)).value(Memory())


@pytest.mark.parametrize(
    ("code", "result"),
    [
        ("22 07 22 03 02 27", 10),
        ("22 07 22 03 03 27", 4),
        ("22 03 22 07 03 27", (1 << 64) - 4),
        ("22 07 22 03 04 27", 21),
        ("26 0001 22 02 05 27", (1 << 64) - 2),  # -5 / 2
        ("26 0001 22 02 07 27", (1 << 64) - 1),  # -5 % 2
        ("22 07 22 02 06 27", 3),
        ("22 07 22 02 08 27", 1),
        ("22 01 22 04 09 27", 16),
        ("26 0001 22 01 0a 27", (1 << 64) - 3),
        ("26 0001 22 3f 0b 27", 1),
        ("22 05 0e 27", 0),
        ("22 00 0e 27", 1),
        ("22 0c 22 0a 0f 27", 8),
        ("22 0c 22 0a 10 27", 14),
        ("22 0c 22 0a 11 27", 6),
        ("22 00 12 27", (1 << 64) - 1),
        ("22 05 22 05 13 27", 1),
        ("26 0001 22 05 14 27", 1),
        ("26 0001 22 05 15 27", 0),
        ("22 ff 16 08 27", (1 << 64) - 1),
        ("26 0000 2a 10 27", 0x7788),
        ("23 1000 17 27", 0x80),
        ("23 1000 18 27", 0x8180),
        ("23 1000 19 27", 0x83828180),
        ("23 1000 1a 27", 0x8786858483828180),
        ("24 01020304 27", 0x01020304),
        ("25 0102030405060708 27", 0x0102030405060708),
        ("22 01 22 02 2b 03 27", 1),
        ("22 09 28 02 27", 18),
        ("22 09 22 01 29 27", 9),
        ("22 05 22 06 32 01 27", 5),
        ("22 01 22 02 22 03 33 29 29 27", 3),  # 1 2 3 -> 3 1 2
        ("27", 0),
        ("22 01 20 0008 22 02 27 22 03 27", 3),
        ("22 00 20 0008 22 02 27 22 03 27", 2),
        ("21 0005 22 02 22 07 27", 7),
    ],
)
def test_codes_of_expressions(code: str, result: int) -> None:
    assert value(code) == result


@pytest.mark.parametrize(
    "code",
    ["22", "01 27", "ff", "26 00", "34 00 0001 41", "21 0007 27", "22 01 20 0001 27", "0c 27"],
)
def test_malformed_expressions_are_refused(code: str) -> None:
    with pytest.raises(Refused):
        Expression(bytes.fromhex(code))


@pytest.mark.parametrize(
    "code", ["02 27", "22 01 22 00 05 27", "21 0000", "22 01", "29 27", "28 21 0000"]
)
def test_expressions_that_cannot_be_evaluated(code: str) -> None:
    with pytest.raises(Broken):
        value(code)


def test_an_endless_expression_ends() -> None:
    assert MOST_STEPS < 1_000_000
    with pytest.raises(Broken, match="end"):
        value("22 01 29 21 0000")


@given(st.binary(max_size=60))
def test_no_expression_breaks_the_evaluator(code: bytes) -> None:
    try:
        result = Expression(code).value(Memory())
    except (Refused, Broken, MemoryFault):
        return
    assert 0 <= result < 1 << 64


def test_printf() -> None:
    memory = Memory()
    template = b"x=%d c=%c\0"
    code = bytes.fromhex("22 41 22 2a 22 00 22 00")
    code += b"\x34\x02" + len(template).to_bytes(2, "big") + template + b"\x27"
    Expression(code).value(memory)
    assert memory.shown == "x=42 c=A"


@pytest.mark.parametrize(
    ("template", "values", "text"),
    [
        ("%d", [(1 << 32) - 1], "-1"),
        ("%u", [(1 << 64) - 1], "4294967295"),
        ("%ld", [(1 << 64) - 2], "-2"),
        ("%5d|%-5d|%05d", [1, 2, 3], "    1|2    |00003"),
        ("%#x %X %o", [255, 255, 8], "0xff FF 10"),
        ("%p", [0xABC], "0xabc"),
        ("100%% %s", [0x1000], "100% ab"),
        ("%.1s", [0x1000], "a"),
        ("%d %d", [7], "7 0"),
        ("%hhd", [0xFF], "-1"),
        ('a\\n\\t\\"\\\\n\\q', [], 'a\n\t"\\n\\q'),
    ],
)
def test_formats(template: str, values: list[int], text: str) -> None:
    def read(address: int, size: int) -> bytes:
        return b"ab\0"[address - 0x1000 :][:size]

    assert formatted(template, values, read) == text


# ---------------------------------------------------------------------- descriptions


@pytest.mark.parametrize("machine", ["x86_64", "i386"])
@pytest.mark.parametrize("optional", [(), ("ymm0h",), ("ymm0h", "k0", "pkru")])
def test_a_description_numbers_each_register_once(machine: str, optional: tuple[str, ...]) -> None:
    made = Description(arch.by_name(machine), lambda name: name in optional)
    root = ElementTree.fromstring(made.document.decode())
    told = [(reg.get("name"), int(reg.get("regnum") or "-1")) for reg in root.iter("reg")]
    assert told == [(register.name, number) for number, register in enumerate(made.registers)]
    assert len({name for name, _ in told}) == len(told)
    sizes = sum(int(reg.get("bitsize") or 0) for reg in root.iter("reg"))
    assert sizes == 8 * made.size
    known = {kind.get("id") for kind in root.iter() if kind.get("id")}
    basic = ("int", "ieee", "uint", "data_ptr", "code_ptr", "i387_ext")
    for register in made.registers:
        assert register.kind in known or register.kind.startswith(basic)


def test_the_first_registers_are_where_clients_expect_them() -> None:
    made = Description(arch.by_name("x86_64"), lambda name: False)
    numbers = made.numbers
    assert [numbers[name] for name in ("rax", "rbp", "rsp", "rip", "eflags", "st0")] == [
        *(0, 6, 7, 16, 17, 24)
    ]
    assert (numbers["xmm0"], numbers["mxcsr"], numbers["orig_rax"]) == (40, 56, 57)
    small = Description(arch.by_name("i386"), lambda name: False).numbers
    assert [small[name] for name in ("eax", "esp", "eip", "gs", "st0", "xmm0", "orig_eax")] == [
        *(0, 4, 8, 15, 16, 32, 41)
    ]


# ---------------------------------------------------------------------- where to listen


@pytest.mark.parametrize(
    ("text", "kind", "where", "port"),
    [
        (":1234", "tcp", "localhost", 1234),
        ("localhost:0", "tcp", "localhost", 0),
        ("0.0.0.0:1", "tcp", "0.0.0.0", 1),
        ("[::1]:99", "tcp", "::1", 99),
        ("tcp6:[::1]:99", "tcp", "::1", 99),
        ("tcp:host:99", "tcp", "host", 99),
        ("stdio", "stdio", "", 0),
        ("-", "stdio", "", 0),
        ("unix:/tmp/x", "unix", "/tmp/x", 0),
    ],
)
def test_where_to_listen(text: str, kind: str, where: str, port: int) -> None:
    address = parse(text)
    assert (address.kind, address.where, address.port) == (kind, where, port)


@pytest.mark.parametrize(
    "text", ["", "1234", "host", "host:", "host:x", ":70000", "udp:x:1", ":-1"]
)
def test_no_place_to_listen(text: str) -> None:
    with pytest.raises(UsageError):
        parse(text)


def test_a_host_that_is_not_here_is_told() -> None:
    # TEST-NET-1, which nobody has.
    with pytest.raises(SeizeError, match=r"Can't bind address: .*, '192\.0\.2\.1' is another"):
        Listener(Address("tcp", "192.0.2.1"))


def test_a_port_that_is_taken_is_told_in_gdbservers_words() -> None:
    first = Listener(Address("tcp", "127.0.0.1", 0))
    try:
        with pytest.raises(SeizeError, match=r"^Can't bind address: Address already in use\.$"):
            Listener(Address("tcp", "127.0.0.1", first.port))
    finally:
        first.close()


def test_the_checksum_of_memory_is_the_protocols() -> None:
    # The polynomial 0x04c11db7 from the highest bit on, as the manual defines it.
    from seize.gdbserver.reading import crc

    def slowly(data: bytes) -> int:
        total = 0xFFFFFFFF
        for byte in data:
            total ^= byte << 24
            for _ in range(8):
                total = (total << 1 ^ (0x04C11DB7 if total >> 31 else 0)) & 0xFFFFFFFF
        return total

    for data in (b"", b"a", b"123456789", bytes(range(256))):
        assert crc([data]) == slowly(data)
        assert crc([data[:3], data[3:]]) == slowly(data)
    assert binascii.crc32(b"123456789") != slowly(b"123456789")
