"""The packets of seize gdbserver, one by one, and what no packet may do."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seize.debug import BreakpointHit, Debugger, Process, Thread
from seize.errors import UsageError
from seize.gdbserver.connection import Address, Connection
from seize.gdbserver.framing import Deframer, Packet, escape, frame, lengthen, unescape
from seize.gdbserver.server import Server, Settings
from seize.gdbserver.session import Session
from seize.gdbserver.starting import Program
from tests.live.gdbclient import serving
from tests.live.support import in_state, wait_until

Build = Callable[..., str]
LARGEST = 1 << 20
FEATURES = b"multiprocess+;swbreak+;hwbreak+;fork-events+;vfork-events+;exec-events+;no-resumed+"


class Sheltered(Server):
    """A server that neither starts nor attaches to anything."""

    def start(self) -> Thread:
        raise UsageError("not here")

    def attach(self, pid: int) -> Thread:
        raise UsageError("not here")


class Client:
    """Hands packets to a session, without a line between them."""

    def __init__(self, debugger: Debugger, program: str) -> None:
        self.debugger = debugger
        self.program = program
        near, far = socket.socketpair()
        far.close()
        descriptor = near.detach()
        self.connection = Connection(descriptor, descriptor, debugger.wake, "a test")
        server = Sheltered(Settings(Address("tcp")), Program(), debugger)
        self.session = Session(server, self.connection)
        self.process = self.start()

    def start(self) -> Process:
        """Start the program, stopped in main."""
        process = self.debugger.spawn([self.program, "wait"], stdout=-3, aslr=False)
        self.session.select(next(iter(process.threads.values())))
        return process

    def revive(self) -> None:
        """Start the program again if a packet has ended it."""
        if not self.debugger.threads:
            self.debugger.kill()
            self.process = self.start()

    def ask(self, packet: bytes) -> bytes:
        """Give the reply to a packet that has one."""
        reply = self.session.answer(packet)
        assert reply is not None, packet
        return reply

    def state(self) -> str:
        """A checksum of all that the program has: registers, and what can be written or run."""
        thread = self.session.thread()
        total = hashlib.sha256(thread.registers.raw + thread.registers.extended.area)
        with open(f"/proc/{thread.tid}/mem", "rb", buffering=0) as memory:
            for mapping in thread.process.maps():
                if "w" in mapping.permissions or mapping.path == self.program:
                    memory.seek(mapping.start)
                    total.update(memory.read(min(mapping.size, LARGEST)))
        return total.hexdigest()

    def close(self) -> None:
        """Close the line."""
        self.connection.close()
        self.session.close()


@pytest.fixture
def program(program: Build) -> str:
    return program("served", flags=("-O0", "-static"))


@pytest.fixture
def client(program: str) -> Iterator[Client]:
    with Debugger() as debugger:
        made = Client(debugger, program)
        made.ask(b"qSupported:" + FEATURES)
        yield made
        made.close()


def test_features_are_those_that_both_know(client: Client) -> None:
    told = client.ask(b"qSupported:" + FEATURES).decode().split(";")
    for name in (
        *("multiprocess+", "swbreak+", "hwbreak+", "fork-events+", "vfork-events+"),
        *("exec-events+", "vContSupported+", "QThreadEvents+", "no-resumed+", "binary-upload+"),
        *("QNonStop+", "QStartNoAckMode+", "QCatchSyscalls+", "ConditionalBreakpoints+"),
        *("qXfer:features:read+", "qXfer:siginfo:write+", "QProgramSignals+"),
    ):
        assert name in told
    few = client.ask(b"qSupported:swbreak+;error-message-").decode().split(";")
    assert "multiprocess+" not in few
    assert "error-message+" not in few


def test_errors_have_text_where_the_client_reads_it(client: Client) -> None:
    assert re.fullmatch(rb"E[0-9a-f]{2}", client.ask(b"m0,8"))
    client.ask(b"qSupported:error-message+")
    assert client.ask(b"m0,8").startswith(b"E.can't read 8 bytes")


def test_registers_and_memory_are_written_and_read(client: Client) -> None:
    thread = client.session.thread()
    stack = thread.registers.sp - 4096
    assert client.ask(b"M%x,4:11223344" % stack) == b"OK"
    assert client.ask(b"m%x,4" % stack) == b"11223344"
    assert client.ask(b"X%x,3:\0\xff\x7d" % stack) == b"OK"
    assert client.ask(b"x%x,4" % stack) == b"b\0\xff\x7d\x44"
    assert client.ask(b"X%x,0:" % stack) == b"OK"
    assert client.ask(b"P0=8877665544332211") == b"OK"
    assert client.ask(b"p0") == b"8877665544332211"
    assert thread.registers.rax == 0x1122334455667788
    whole = client.ask(b"g")
    assert whole.startswith(b"8877665544332211")
    assert client.ask(b"G" + b"00" * 8 + whole[16:]) == b"OK"
    assert client.ask(b"g")[16:] == whole[16:]
    assert thread.registers.rax == 0


def test_a_breakpoint_is_hidden_and_the_hit_is_at_it(client: Client) -> None:
    (place,) = client.process.symbols.resolve("started")
    text = client.ask(b"m%x,10" % place.address)
    assert client.ask(b"Z0,%x,1" % place.address) == b"OK"
    assert client.ask(b"m%x,10" % place.address) == text
    assert client.session.answer(b"vCont;c") is None
    stop = client.debugger.wait()
    assert stop is not None
    reply = client.session.reporting.reply(stop)
    assert reply.startswith(b"T05swbreak:;")
    assert b";10:%b;" % place.address.to_bytes(8, "little").hex().encode() in reply
    client.session.waiting = False
    assert client.ask(b"z0,%x,1" % place.address) == b"OK"
    assert client.process.raw_memory.read(place.address, 16).hex().encode() == text


def test_watchpoints_are_of_every_kind_but_read(client: Client) -> None:
    (here,) = [s for s in client.process.symbols.symbols("^counter$") if s.size == 4]
    assert client.ask(b"Z3,%x,4" % here.address) == b""
    assert client.ask(b"Z2,%x,4" % here.address) == b"OK"
    assert client.ask(b"Z4,%x,4" % here.address) == b"OK"
    assert client.ask(b"Z2,%x,0" % here.address).startswith(b"E")
    assert client.ask(b"Z9,%x,4" % here.address) == b""


def test_threads_and_their_ids(client: Client) -> None:
    pid = client.process.pid
    assert client.ask(b"qC") == b"QCp%x.%x" % (pid, pid)
    assert client.ask(b"qfThreadInfo") == b"mp%x.%x" % (pid, pid)
    assert client.ask(b"qsThreadInfo") == b"l"
    assert client.ask(b"Tp%x.%x" % (pid, pid)) == b"OK"
    assert client.ask(b"Tp%x.1" % pid).startswith(b"E")
    assert client.ask(b"Hgp%x.0" % pid) == b"OK"
    assert client.ask(b"Hgp1.1").startswith(b"E")
    assert client.ask(b"qAttached:%x" % pid) == b"0"
    name = bytes.fromhex(client.ask(b"qThreadExtraInfo,p%x.%x" % (pid, pid)).decode())
    assert name.startswith(b"served")


def test_objects_are_read_in_pieces(client: Client) -> None:
    whole = client.ask(b"qXfer:features:read:target.xml:0,fffff")
    assert whole[:1] == b"l"
    assert b"org.gnu.gdb.i386.core" in whole
    pieces = b""
    while True:
        piece = client.ask(b"qXfer:features:read:target.xml:%x,333" % len(pieces))
        pieces += piece[1:]
        if piece[:1] == b"l":
            break
        assert len(piece) == 0x334
    assert pieces == whole[1:]
    pid = client.process.pid
    assert client.ask(b"qXfer:auxv:read::0,1000")[1:] == Path(f"/proc/{pid}/auxv").read_bytes()
    assert client.ask(b"qXfer:exec-file:read:%x:0,1000" % pid)[1:] == client.program.encode()
    assert b'<thread id="p%x.%x" core="' % (pid, pid) in client.ask(b"qXfer:threads:read::0,9999")
    assert client.ask(b"qXfer:features:read:other.xml:0,10") == b"E00"
    assert client.ask(b"qXfer:nothing:read::0,10") == b""
    assert b"<osdata" in client.ask(b"qXfer:osdata:read:processes:0,9999")


def test_signals_that_pass_are_those_that_are_named(client: Client) -> None:
    assert client.ask(b"QPassSignals:e;14;97") == b"OK"
    table = client.debugger.signals
    assert not table.get("SIGALRM").stop
    assert not table.get("SIGCHLD").stop
    assert table.get("SIGUSR1").stop
    assert client.ask(b"QPassSignals:") == b"OK"
    assert table.get("SIGALRM").stop
    assert client.ask(b"QPassSignals:zz").startswith(b"E")


def test_what_is_unknown_has_an_empty_reply(client: Client) -> None:
    for packet in (b"vMustReplyEmpty", b"QTDP:1", b"qUnknown:1", b"y", b"vFile:nothing:", b""):
        assert client.ask(packet) == b""


@pytest.mark.parametrize(
    "packet",
    [
        b"jModulesInfo:" + b"[" * 100_000,
        b'jModulesInfo:{"file":"/bin/true"}',
        b"jThreadExtendedInfo:" + b"[" * 100_000,
        b'jThreadExtendedInfo:{"thread":1e999}',
        b'jThreadExtendedInfo:{"thread":%b}' % (b"9" * 5000),
        b"QRestoreRegisterState:" + b"9" * 5000,
    ],
    ids=lambda packet: packet[:30].decode(),
)
def test_what_is_nested_or_long_beyond_measure_is_refused(client: Client, packet: bytes) -> None:
    assert client.ask(packet).startswith(b"E")


def test_a_watchpoint_that_the_kernel_refuses_takes_no_register(client: Client) -> None:
    for _ in range(2):
        assert client.ask(b"Z2,ffff800000000000,8").startswith(b"E")
    stack = client.session.thread().registers.sp & ~7
    for number in range(4):
        assert client.ask(b"Z2,%x,8" % (stack + 8 * number)) == b"OK"


def test_what_others_tell_while_a_program_is_started_is_kept(program: str) -> None:
    with Debugger(non_stop=True) as debugger:
        process = debugger.spawn([program, "wait"], stdout=-3)
        breakpoint_ = debugger.breakpoint("main")
        debugger.resume()
        # It has come there, but nobody has been told of it yet.
        wait_until(lambda: in_state(process.pid, "t"))
        server = Server(Settings(Address("tcp")), Program((program, "wait")), debugger)
        started = server.start()
        assert started.process is not process
        stop = debugger.wait()
        assert isinstance(stop, BreakpointHit)
        assert stop.process is process
        assert stop.breakpoints == (breakpoint_,)


def test_a_fifo_without_another_end_does_not_block(client: Client, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    name = os.fsencode(fifo).hex().encode()
    assert client.ask(b"QSetSTDIN:" + name) == b"OK"
    reading = client.session.server.program.streams[0]
    assert reading is not None
    assert os.get_blocking(reading)
    os.close(reading)
    assert client.ask(b"QSetSTDOUT:" + name) == b"E06"


def test_an_end_in_the_middle_of_anything_does_not_hang(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose_an_event(session: Session) -> None:
        process = session.debugger.spawn([program, "signal"], stdout=-3)
        session.debugger.resume()
        session.waiting = True
        os.waitpid(process.pid, 0)
        raise KeyboardInterrupt

    monkeypatch.setattr(Session, "run", lose_an_event)
    near, far = socket.socketpair()
    with far, pytest.raises(KeyboardInterrupt), Debugger() as debugger:
        server = Server(Settings(Address("tcp")), Program(), debugger)
        descriptor = near.detach()
        server.serve(Connection(descriptor, descriptor, debugger.wake, "a test"))


# ---------------------------------------------------------------------- what nobody may do

NUMBERS = st.one_of(
    st.integers(0, (1 << 64) - 1),
    st.sampled_from([0, 1, 0x401000, 0x4C0000, 0x7FFFFFFFE000, (1 << 64) - 1, 1 << 64, 1 << 70]),
)
HEXADECIMAL = st.binary(max_size=40).map(lambda data: data.hex().encode())
TEMPLATES = (
    *(b"m%,%", b"x%,%", b"M%,%:@", b"X%,%:$", b"g", b"G@", b"p%", b"P%=@", b"P%=@@", b"?", b"!"),
    *(b"Z0,%,1", b"z0,%,1", b"Z1,%,1", b"Z2,%,%", b"z2,%,8", b"Z4,%,4", b"Z0,%,1;X%,@", b"Z%,%,%"),
    *(b"Z0,%,1;cmds:0,X%,@", b"Hg%", b"Hc%", b"Hgp%.%", b"Tp%.%", b"qC", b"qSupported:$"),
    *(b"vCont;t", b"vCont;x", b"vCont;C%:p%.%", b"vCont;r%,%:%x", b"vCont", b"vCont;s:p-1.5"),
    *(b"qXfer:features:read:target.xml:%,%", b"qXfer:siginfo:write::%:$", b"qXfer:auxv:read:$"),
    *(
        b"qXfer:libraries-svr4:read:start=%;prev=%:%,%",
        b"qXfer:$:read::%,%",
        b"qXfer:threads:read::%,%",
    ),
    *(
        b"qSearch:memory:%;%;$",
        b"qCRC:%,%",
        b"qRcmd,@",
        b"qGetTLSAddr:%,%,%",
        b"qThreadExtraInfo,%",
    ),
    *(b"QPassSignals:%;%", b"QProgramSignals:%", b"QCatchSyscalls:1;%", b"QCatchSyscalls:$"),
    *(b"QEnvironmentHexEncoded:@", b"QEnvironmentUnset:@", b"QSetWorkingDir:@", b"QNonStop:%"),
    *(b"QDisableRandomization:%", b"QStartupWithShell:$", b"QThreadEvents:%", b"vKill;%", b"D;%"),
    *(b"vRun;@;@", b"vAttach;%", b"vFile:pread:%,%,%", b"vFile:close:%", b"vFile:fstat:%", b"R%"),
    *(b"qXfer:osdata:read:$:%,%", b"qXfer:exec-file:read:$:%,%", b"vStopped", b"vCtrlC", b"$"),
    # lldb's
    *(b"_M%,rwx", b"_M4096,$", b"_m%", b"jThreadsInfo", b"qMemoryRegionInfo:%", b"jModulesInfo:$"),
    *(b"QThreadSuffixSupported", b"QListThreadsInStopReply", b"QEnableErrorStrings", b"qHostInfo"),
    *(b"g;thread:%;", b"p%;thread:%;", b"P%=@;thread:%;", b"QSaveRegisterState;thread:%;"),
    *(b"QRestoreRegisterState:%;thread:%;", b"qRegisterInfo%", b"qThreadStopInfo%", b"qEcho:$"),
    *(b"qProcessInfo", b"qShlibInfoAddr", b"qModuleInfo:@;@", b"qFileLoadAddress:@", b"A%,%,@"),
    *(b"QSetDisableASLR:%", b"QEnvironment:$", b"QLaunchArch:$", b"jThreadExtendedInfo:$"),
    *(b"qGetWorkingDir", b"qWatchpointSupportInfo:", b"QSyncThreadState:%", b"qLaunchSuccess"),
)


@st.composite
def packets(draw: st.DrawFn) -> bytes:
    """A packet that is right, nearly right, or damaged in one place."""
    made = bytearray()
    for byte in draw(st.sampled_from(TEMPLATES)):
        match byte:
            case 0x25:
                made += b"%x" % draw(NUMBERS)
            case 0x40:
                made += draw(HEXADECIMAL)
            case 0x24:
                made += draw(st.binary(max_size=30))
            case _:
                made.append(byte)
    if made and draw(st.booleans()):
        place = draw(st.integers(0, len(made) - 1))
        made[place : place + draw(st.integers(0, 2))] = draw(st.binary(max_size=2))
    return bytes(made)


SLOW = [HealthCheck.too_slow]
# These may touch other files and processes than the test's.
UNSAFE = (b"vFile:open", b"vFile:unlink", b"vFile:pwrite", b"vFile:setfs")


def test_a_refused_packet_changes_nothing(program: str) -> None:
    with Debugger() as debugger:
        client = Client(debugger, program)

        @settings(
            max_examples=150,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
            database=None,
        )
        @given(st.lists(packets(), min_size=1, max_size=4))
        def check(sent: list[bytes]) -> None:
            for packet in sent:
                if packet.startswith(UNSAFE) or packet in (b"k", b"D", b"D1"):
                    continue
                client.revive()
                before = client.state()
                reply = client.session.answer(packet)
                assert reply is None or isinstance(reply, bytes)
                if client.session.something_runs:
                    client.session.close()
                    client.session.waiting = False
                elif not debugger.threads:
                    # R, which kills first, or a signal that was sent along.
                    continue
                elif reply is None or reply == b"" or re.match(rb"E(\d\d|\.)|F-1", reply):
                    assert client.state() == before, packet
                debugger.non_stop = False

        check()
        client.close()


# ---------------------------------------------------------------------- the line itself


class Line:
    """A client that sends what it likes."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("localhost", port), timeout=20)
        self.deframer = Deframer()
        self.items: list[object] = []

    def packet(self, data: bytes) -> bytes:
        """Send a packet, and return the reply's data."""
        self.socket.sendall(frame(escape(data)))
        while not (replies := [item for item in self.items if isinstance(item, Packet)]):
            came = self.socket.recv(65536)
            assert came
            self.items += self.deframer.feed(came)
        self.items.clear()
        self.socket.sendall(b"+")
        assert replies[0].intact
        return unescape(lengthen(replies[0].data))


def test_rubbish_and_a_line_that_breaks_leave_the_program_as_it_was(program: str) -> None:
    with serving("localhost:0", program, "wait") as server:
        created = server.wait_for(r"pid = (\d+)")
        for rubbish in (
            *(b"", b"\0" * 1000, b"$m0,", b"$" * 5000, b"\x03\x03\x03", b"+-+-+-" * 50, b"#00"),
            *(b"$g#00" * 20, b"}}}}#$}#", bytes(range(256)) * 20),
        ):
            line = Line(server.port)
            line.socket.sendall(rubbish)
            line.socket.close()
        line = Line(server.port)
        pid = line.packet(b"qC")
        assert pid == b"QC%x" % int(created[1])
        line.socket.sendall(b"$g#00")
        assert line.packet(b"?").startswith(b"T05")
        assert line.packet(b"vKill;%x" % int(created[1])) == b"OK"
        line.socket.close()
        status, _, said = server.end()
    assert status == 0
    assert "Traceback" not in said
    assert said.count("Remote side has terminated connection") == 10


def test_a_damaged_packet_is_asked_for_again(program: str) -> None:
    with serving("--once", "localhost:0", program, "wait") as server:
        line = Line(server.port)
        line.socket.sendall(b"$qC#00")
        received = line.socket.recv(100)
        assert received == b"-"
        assert line.packet(b"qC").startswith(b"QC")
        # Asked for once more, the reply comes once more.
        line.socket.sendall(b"-")
        data = b""
        while b"#" not in data[:-2]:
            data += line.socket.recv(100)
        assert b"$QC" in data
        line.socket.close()
        server.end()


def test_a_client_that_goes_while_the_program_runs_is_no_loss(program: str) -> None:
    with serving("localhost:0", program, "wait") as server:
        pid = int(server.wait_for(r"pid = (\d+)")[1])
        line = Line(server.port)
        line.packet(b"qSupported:multiprocess+")
        line.socket.sendall(frame(b"vCont;c"))
        wait_until(lambda: len(os.listdir(f"/proc/{pid}/task")) == 4)
        line.socket.close()
        again = Line(server.port)
        assert again.packet(b"?").startswith(b"T")
        assert len(again.packet(b"qfThreadInfo").split(b",")) == 4
        again.packet(b"vKill;%x" % pid)
        again.socket.close()
        server.end()


def test_what_was_attached_to_has_stopped_without_a_signal(program: str) -> None:
    with subprocess.Popen([program, "wait"], stdout=subprocess.DEVNULL) as target:
        try:
            wait_until(lambda: len(os.listdir(f"/proc/{target.pid}/task")) == 4)
            with serving("--once", "--attach", "localhost:0", str(target.pid)) as server:
                line = Line(server.port)
                assert line.packet(b"?").startswith(b"T00")
                line.socket.close()
                server.end()
        finally:
            target.kill()


def test_one_client_signals_are_not_the_next_ones(program: str) -> None:
    with serving("localhost:0", program, "signal") as server:
        line = Line(server.port)
        assert line.packet(b"QPassSignals:1e") == b"OK"
        line.socket.close()
        line = Line(server.port)
        assert line.packet(b"vCont;c").startswith(b"T1e")
        assert line.packet(b"vCont;c") == b"W03"
        line.socket.close()
        server.end()


def test_a_program_that_was_killed_while_nobody_looked_is_told_of(program: str) -> None:
    with serving("localhost:0", program, "wait") as server:
        pid = int(server.wait_for(r"pid = (\d+)")[1])
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: in_state(pid, "Z"))
        line = Line(server.port)
        assert line.packet(b"?") == b"X09"
        line.socket.close()
        assert server.end()[0] == 0


def test_a_program_that_was_killed_in_a_stop_ends_when_it_is_resumed(program: str) -> None:
    with serving("localhost:0", program, "wait") as server:
        pid = int(server.wait_for(r"pid = (\d+)")[1])
        line = Line(server.port)
        assert line.packet(b"?").startswith(b"T05")
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: in_state(pid, "Z"))
        assert line.packet(b"qXfer:siginfo:read::0,80").startswith(b"E")
        assert line.packet(b"vCont;c") == b"X09"
        line.socket.close()
        assert server.end()[0] == 0


def test_only_this_machine_can_connect_unless_told_otherwise(program: str) -> None:
    with serving("--once", ":0", program) as server:
        table = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
        places = re.findall(rf"^ *\d+: (\w+):{server.port:04X} \w+:0000 0A", table, re.M)
        assert places
        assert set(places) <= {"0100007F", "0" * 24 + "01000000"}
        assert "no authentication" in server.said
        Line(server.port).socket.close()
        server.end()
    with serving("--once", "0.0.0.0:0", program) as server:
        assert "other machines may connect" in server.said
        Line(server.port).socket.close()
        server.end()


def test_ipv6_and_local_sockets(program: str, tmp_path: Path) -> None:
    with serving("--once", "[::1]:0", program) as server:
        with socket.create_connection(("::1", server.port), timeout=20) as line:
            line.sendall(frame(b"qC"))
            assert line.recv(1) == b"+"
        server.end()
    path = tmp_path / "line"
    command = [sys.executable, "-m", "seize", "gdbserver", "--once", f"unix:{path}", program]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        wait_until(path.exists)
        with socket.socket(socket.AF_UNIX) as line:
            wait_until(lambda: line.connect_ex(str(path)) == 0)
            line.sendall(frame(b"qC"))
            assert line.recv(1) == b"+"
        assert process.wait(timeout=20) == 0
    assert not path.exists()
