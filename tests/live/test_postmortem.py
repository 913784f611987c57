"""Core files read again: threads, stacks, memory and symbols as the process had them."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from seize import Tracer
from seize.corefile import writer
from seize.corefile.living import Living, save, stopped
from seize.debug import BreakpointHit, Debugger, PostmortemProcess, PostmortemThread
from seize.debug.registers import NT_PRSTATUS
from seize.engine.tracee import STOPPED
from seize.errors import MemoryFault, TraceeGone, Unsupported, UsageError
from seize.memory import Memory
from seize.stops.events import SignalDelivery
from tests.live.support import in_state, wait_until
from tests.live.test_core import PAGE, gdb, resting

Builder = Callable[..., str]
# Where the kernel writes core files into the process's folder, its own can be tried too.
PATTERN = Path("/proc/sys/kernel/core_pattern").read_text().strip()
MAKERS = ["seize", "gcore", *(["kernel"] if PATTERN == "core" else [])]


def functions(thread: PostmortemThread) -> list[str | None]:
    """The functions of our program on a stack, from the innermost on."""
    found = [frame.function for frame in thread.frames()]
    return [name for name in found if name in ("rest", "deeper", "run", "main")]


def of_the_kernel(pid: int, path: Path) -> None:
    """Let the kernel write a core file, into the folder that the process is in."""
    resource.prlimit(pid, resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    os.kill(pid, signal.SIGABRT)
    wait_until(lambda: in_state(pid, "Z"))
    (made,) = path.parent.glob("core*")
    made.rename(path)


def of_gdb(pid: int, path: Path) -> None:
    """Let gdb write a core file."""
    subprocess.run(
        ["gcore", "-o", str(path), str(pid)], capture_output=True, check=True, timeout=50
    )
    path.with_name(f"{path.name}.{pid}").rename(path)


@pytest.mark.parametrize("bits", [64, 32])
@pytest.mark.parametrize("maker", MAKERS)
def test_a_core_is_the_process(program: Builder, tmp_path: Path, bits: int, maker: str) -> None:
    binary = program("dbg_core", bits=bits, flags=("-O0",))
    core = tmp_path / "core"
    with resting(binary, folder=tmp_path) as (pid, at):
        text = text_of(pid, binary)
        stack = next(m for m in Memory(pid).maps() if m.path == "[stack]")
        if maker == "seize":
            save(pid, str(core))
        elif maker == "gcore":
            of_gdb(pid, core)
        else:
            of_the_kernel(pid, core)
    with PostmortemProcess(str(core)) as process:
        killed_by = signal.SIGABRT if maker == "kernel" else 0
        assert (process.pid, process.executable, process.signal) == (pid, binary, killed_by)
        assert process.backend.changed_files == ()
        main, one, two = (process.threads[tid] for tid in sorted(process.threads))
        assert main is process.thread
        assert main.tid == pid
        assert functions(main) == ["rest", *["deeper"] * 4, "main"]
        assert functions(one) == ["rest", *["deeper"] * 2, "run"]
        assert functions(two) == ["rest", *["deeper"] * 3, "run"]
        assert stack.start <= main.registers.sp < stack.end
        deeper = [frame for frame in one.frames() if frame.function == "deeper"]
        assert [frame.line for frame in deeper] == [line_of("return (depth ?")] * 2
        assert [int(frame["here"]) for frame in deeper] == [0, 1]
        if (maker, bits) != ("gcore", 32):  # gdb doesn't save where a segment begins
            marks = [int(each.frame.evaluate("mark")) for each in (main, one, two)]
            assert marks == [100, 101, 102]
        assert process.memory.u32[at["global"]] == 0x5EED
        symbol = process.symbols.symbol("global")
        assert symbol is not None
        assert symbol.address == at["global"]
        assert process.memory.read(at["own"] + PAGE - 2, 4) == b"pppp"
        assert process.memory.read(at["shared"], 4) == b"ssss"
        assert list(process.memory.search(b"m", at["sparse"], 1 << 28)) == [
            at["sparse"] + (1 << 27)
        ]
        # The program's text isn't in the core, but in its file.
        place, data = text
        assert process.memory.read(place, len(data)) == data
        assert "x" in next(m for m in process.maps() if m.start <= place < m.end).permissions
        assert (main.registers.fctrl, main.pending_signal) == (0x37F, killed_by)


def text_of(pid: int, binary: str) -> tuple[int, bytes]:
    """Where the program's text is mapped, and its first 64 bytes."""
    memory = Memory(pid)
    mapping = next(m for m in memory.code_maps() if m.path == binary)
    return mapping.start, memory.read(mapping.start, 64)


def line_of(text: str) -> int:
    source = Path(__file__).parent.parent / "programs" / "dbg_core.c"
    return next(n for n, line in enumerate(source.read_text().splitlines(), 1) if text in line)


def test_nothing_runs(program: Builder, tmp_path: Path) -> None:
    core = str(tmp_path / "core")
    with resting(program("dbg_core")) as (pid, at):
        save(pid, core)
    with PostmortemProcess(core) as process:
        thread = process.thread
        for action in (process.run, process.kill, thread.step, thread.finish, thread.resume):
            with pytest.raises(UsageError, match="a core file, which can't run"):
                action()
        with pytest.raises(UsageError, match="can't be changed"):
            process.memory.u8[at["global"]] = 1
        thread.registers.rax = 5
        with pytest.raises(UsageError, match="a core file, which can't run"):
            thread.registers.flush()
        with pytest.raises(UsageError, match="got no signal"):
            thread.siginfo()
        with pytest.raises(Unsupported, match="register set 0x999"):
            thread.regset(0x999)
        with pytest.raises(MemoryFault):
            process.memory.read(at["secret"], 1)


def test_the_signal_that_stopped_a_thread(program: Builder, tmp_path: Path) -> None:
    """A tracer that has a thread in its signal-delivery-stop saves that signal too."""
    core = str(tmp_path / "core")
    with Tracer(syscalls=False) as tracer:
        tracer.spawn([program("dbg_registers")])
        for stop in tracer:
            if isinstance(stop, SignalDelivery) and stop.signal == signal.SIGTRAP:
                registers = stop.tracee.registers()
                writer.write(Living(stop.tracee.process), core)
                break
    with PostmortemProcess(core) as process:
        assert process.signal == signal.SIGTRAP
        assert process.thread.siginfo().signo == signal.SIGTRAP
        assert process.thread.registers.pc == registers.pc
        assert process.thread.registers.rax == 0x1122_3344_5566_7788
        assert process.thread.registers.ymm3.u8[0] == (64 * 3 * 7 + 3) & 0xFF
        assert process.thread.registers.raw == process.thread.regset(NT_PRSTATUS)
        assert process.thread.frame.function == "main"


def test_a_program_that_is_another_one_now(program: Builder, tmp_path: Path) -> None:
    place = tmp_path / "program"
    shutil.copy(program("dbg_core", flags=("-O0",)), place)
    core = str(tmp_path / "core")
    with resting(str(place)) as (pid, at):
        start, data = text_of(pid, str(place))
        save(pid, core)
    shutil.move(place, tmp_path / "kept")
    with PostmortemProcess(core) as process:
        assert process.backend.changed_files == ()
        with pytest.raises(MemoryFault):
            process.memory.read(start, 4)
    with PostmortemProcess(core, program=str(tmp_path / "kept")) as process:
        assert process.executable == str(tmp_path / "kept")
        assert process.memory.read(start, 64) == data
        assert functions(process.thread)[-1] == "main"
    shutil.copy(program("dbg_core", flags=("-O2",)), place)
    with PostmortemProcess(core) as process:
        assert process.backend.changed_files == (str(place),)
        with pytest.raises(MemoryFault):
            process.memory.read(start, 4)
        assert process.memory.u32[at["global"]] == 0x5EED
    root = tmp_path / "root"
    (root / str(place.parent)[1:]).mkdir(parents=True)
    shutil.move(tmp_path / "kept", root / str(place)[1:])
    with PostmortemProcess(core, root=str(root)) as process:
        assert process.memory.read(start, 64) == data


def test_a_core_of_a_debugged_process(program: Builder, tmp_path: Path) -> None:
    """It has neither breakpoint instructions nor program counters behind them."""
    binary = program("dbg_core", flags=("-O0",))
    core = str(tmp_path / "core")
    with Debugger() as debugger, open(os.devnull, "w") as nowhere:
        live = debugger.spawn([binary], stdout=nowhere)
        debugger.breakpoint("deeper", condition=lambda thread: thread.registers.rdi == 2)
        stop = debugger.run(timeout=30)
        assert isinstance(stop, BreakpointHit)
        thread = stop.thread
        assert thread is not None
        thread.registers.xmm7 = 0x1234
        thread.registers.r15 = 0x77
        address = stop.breakpoints[0].addresses[0]
        saved = live.save_core(core)
        assert saved.threads == len(live.threads)
        tids = list(live.threads)
        assert live.raw_memory.read(address, 1) == b"\xcc"
    with PostmortemProcess(core) as process:
        assert process.thread.tid == thread.tid
        assert sorted(process.threads) == sorted(tids)
        assert process.thread.pc == address
        assert process.memory.u8[address] != 0xCC
        assert (process.thread.registers.xmm7, process.thread.registers.r15) == (0x1234, 0x77)
        assert process.thread.frame.function == "deeper"
    told = gdb(binary, core, "bt", "info registers rip", f"x/1xb {address:#x}", "print depth")
    assert f"{address:#x}" in told
    assert "$1 = 2" in told


class Dying:
    """A process that is killed while its core is written."""

    def __init__(self, living: Living, reads: int) -> None:
        self.living, self.reads = living, reads
        self.pid, self.machine = living.pid, living.machine
        self.thread_ids, self.regset = living.thread_ids, living.regset
        self.siginfo = living.siginfo

    def read_prefix(self, address: int, size: int) -> bytes:
        self.reads -= 1
        if self.reads == 0:
            os.kill(self.pid, signal.SIGKILL)
            wait_until(lambda: in_state(self.pid, "Z"))
        return self.living.read_prefix(address, size)


def test_a_process_that_dies_meanwhile(program: Builder, tmp_path: Path) -> None:
    for reads in (1, 5, 15):
        with (
            resting(program("dbg_core")) as (pid, _),
            pytest.raises(TraceeGone),
            stopped(pid) as it,
        ):
            writer.write(Dying(it, reads), str(tmp_path / "core"))
        assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("bits", [64, 32])
def test_who_sent_the_signal(program: Builder, tmp_path: Path, bits: int) -> None:
    binary, core = program("dbg_core", bits=bits), str(tmp_path / "core")
    with resting(binary) as (pid, _), Tracer(syscalls=False) as tracer:
        process = tracer.attach(pid)
        while any(tracee.state != STOPPED for tracee in process.tracees.values()):
            tracer.next()
        os.kill(pid, signal.SIGUSR1)
        tracer.resume(process.tracees[pid])
        stop = tracer.next()
        assert isinstance(stop, SignalDelivery)
        writer.write(Living(process), core)
    with PostmortemProcess(core) as dead:
        thread = dead.thread
        assert (thread.pending_signal, thread.siginfo().pid) == (signal.SIGUSR1, os.getpid())
    told = gdb(binary, core, "print $_siginfo.si_signo", "print $_siginfo._sifields._kill.si_pid")
    assert told.splitlines()[-2:] == ["$1 = 10", f"$2 = {os.getpid()}"]
