"""Symbols, places and stacks of living programs: stripped or not, PIE or not, 32 bits too."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from seize import Exec, Tracer, ptrace
from seize.debug import PostmortemProcess
from seize.errors import UsageError
from seize.symbols import Frame, ImageCache, Stack, Symbols
from tests.live.gdb_oracle import LiveBackend
from tests.live.support import run_seize, wait_until

Program = Callable[..., str]


class Waiting:
    """A program that waits for a line, looked at while it is traced."""

    def __init__(self, process: subprocess.Popen[str], machine: str) -> None:
        self.process = process
        self.machine = machine
        self.cache = ImageCache()
        self.symbols = Symbols(LiveBackend(process.pid, machine), self.cache)

    def go_on(self) -> str:
        """Let it go on to its next word."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    @contextmanager
    def stopped(self, tid: int | None = None) -> Iterator[Stack]:
        """The stack of one of its threads, while it is stopped."""
        tid = self.process.pid if tid is None else tid
        wait_until(lambda: " S " in Path(f"/proc/{tid}/stat").read_text())
        ptrace.seize(tid)
        ptrace.interrupt(tid)
        os.waitpid(tid, 0x40000000)
        try:
            yield self.symbols.stack(ptrace.getregs(tid).as_dict())
        finally:
            ptrace.detach(tid)

    def functions(self) -> list[str]:
        with self.stopped() as stack:
            return [frame.function or "?" for frame in stack]


@contextmanager
def waiting(*command: str, machine: str = "x86_64") -> Iterator[Waiting]:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process:  # type: ignore[call-overload]
        found = Waiting(process, machine)
        try:
            assert process.stdout.readline()
            yield found
        finally:
            found.cache.close()
            process.kill()


def ours(names: list[str]) -> list[str]:
    """The functions from wait_here to main."""
    return names[names.index("wait_here") : names.index("main") + 1]


@pytest.mark.parametrize("flags", [("-O0",), ("-O2",), ("-O2", "-no-pie", "-static")], ids=str)
@pytest.mark.parametrize("bits", [64, 32])
def test_a_stack_by_symbols_alone(program: Program, bits: int, flags: tuple[str, ...]) -> None:
    binary = program("sym_places", bits=bits, flags=(*flags, "-g0", "-fno-optimize-sibling-calls"))
    with waiting(binary, "signal", machine="i386" if bits == 32 else "x86_64") as it:
        names = it.functions()
        assert ours(names)[0] == "wait_here"
        assert names.index("on_signal") == names.index("wait_here") + 1
        with it.stopped() as stack:
            marks = [frame.is_signal for frame in stack]
            assert marks.count(True) == 1
            assert all(frame.args == {} for frame in stack if frame.image is it.symbols.images[0])
            assert "<signal handler called>" in [str(frame) for frame in stack]
        (place,) = it.symbols.resolve("wait_here")
        assert place.symbol == "wait_here"
        assert it.symbols.resolve("sym_places.c:20") == ()


def test_a_stripped_program_has_its_frames(program: Program, tmp_path: Path) -> None:
    whole, stripped = program("sym_places", flags=("-O2",)), str(tmp_path / "stripped")
    subprocess.run(["strip", "-o", stripped, whole], check=True)
    with waiting(whole, "sort") as it, it.stopped() as stack:
        whole_stack = [frame.pc & 0xFFF for frame in stack if not frame.is_inlined]
    with waiting(stripped, "sort") as it, it.stopped() as stack:
        found = [frame.pc & 0xFFF for frame in stack if not frame.is_inlined]
        own = [frame for frame in stack if frame.image is it.symbols.images[0]]
        assert all(frame.function is None for frame in own)
        assert re.fullmatch(r"0x[0-9a-f]{16} in \?\? \(\)", str(own[0]))
    # What has ended by a jump isn't on the stack; only debugging information tells of it.
    assert found == [address for address in whole_stack if address in found]
    assert len(found) >= len(whole_stack) - 1


def test_a_separate_debug_file_has_lines_and_variables(program: Program, tmp_path: Path) -> None:
    whole = program("sym_places", flags=("-O0",))
    binary, debug = tmp_path / "binary", tmp_path / "binary.debug"
    subprocess.run(["objcopy", "--only-keep-debug", whole, debug], check=True)
    link = f"--add-gnu-debuglink={debug}"
    subprocess.run(["objcopy", "--strip-all", link, whole, binary], check=True)
    with waiting(str(binary)) as it, it.stopped() as stack:
        frame = next(frame for frame in stack if frame.function == "wait_here")
        assert int(frame.args["number"]) == 1
        assert frame.args["why"].string() == "here"
        assert frame.path.endswith("programs/sym_places.c")
        assert int(frame.evaluate("shared + number")) == 8
        assert [place.line for place in it.symbols.resolve("wait_here")] == [frame_line(whole)]


def frame_line(binary: str) -> int:
    """The line at which gdb puts a breakpoint on wait_here."""
    command = ["gdb", "-nx", "-batch", "-ex", "break wait_here", binary]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    match = re.search(r"line (\d+)\.", said)
    assert match is not None
    return int(match[1])


@pytest.mark.parametrize("bits", [64, 32])
def test_the_variables_of_each_thread(program: Program, bits: int) -> None:
    binary = program("sym_places", bits=bits, flags=("-O0",))
    with waiting(binary, "thread", machine="i386" if bits == 32 else "x86_64") as it:
        first, second = sorted(it.symbols.backend.thread_ids())
        found, own = [], []
        for tid in (first, second):
            with it.stopped(tid) as stack:
                names = ("main", "worker")
                frame = next(frame for frame in stack if frame.function in names)
                found.append((frame.function, int(frame["shared"])))
                if bits == 64:
                    own.append((int(frame["own"]), frame["text"].string()))
    assert found == [("main", 7), ("worker", 7)]
    # Where a 32-bit thread's own data is, the registers don't tell.
    assert own == ([(5, "mine"), (52, "yours")] if bits == 64 else [])


def test_a_core_says_the_same(program: Program, tmp_path: Path) -> None:
    binary, core = program("sym_places", flags=("-O0",)), str(tmp_path / "core")
    with waiting(binary, "thread") as it:
        done = run_seize("core", str(it.process.pid), "-o", core)
        assert done.returncode == 0, done.stderr
        expected = []
        for tid in sorted(it.symbols.backend.thread_ids()):
            with it.stopped(tid) as stack:
                expected.append(shown(stack))
    with PostmortemProcess(core) as process:
        found = [shown(thread.frames()) for _, thread in sorted(process.threads.items())]
    assert found == expected
    assert any("wait_here" in line for line in found[1])


def shown(frames: Iterable[Frame]) -> list[str]:
    """The frames of our own functions, their variables, and what belongs to the thread."""
    own = [frame for frame in frames if frame.file.endswith("sym_places.c")]
    return [
        f"{frame} {[(name, str(value)) for name, value in frame.variables()]} {frame['own']}"
        for frame in own
    ]


def test_libraries_that_come_and_go(program: Program) -> None:
    shared = ("-O2", "-shared", "-fPIC", "-DOUTER=outerA", "-DINNER=innerA")
    library = program("stk_library", flags=shared)
    binary = program("sym_places", flags=("-O2",))
    with waiting(binary, "load", library) as it:
        symbols = it.symbols
        loaded, unloaded = symbols.refresh()
        assert unloaded == ()
        assert loaded[0].path == binary
        assert symbols.resolve("outerA") == ()
        hook = symbols.debug_hook()
        assert hook is not None
        assert symbols.describe(hook).symbol == "_dl_debug_state"
        assert it.go_on() == "loaded"
        (image,), gone = symbols.refresh()
        assert image.path == library
        assert image.link_map
        assert image.name == library
        assert gone == ()
        (place,) = symbols.resolve("outerA")
        assert place.image is image
        assert place.address in image
        assert it.go_on() == "unloaded"
        assert symbols.refresh() == ((), (image,))
        assert symbols.resolve("outerA") == ()


def test_before_the_loader_has_begun(program: Program) -> None:
    binary = program("sym_places", flags=("-O2",))
    seen = 0
    with Tracer() as tracer:
        process = tracer.spawn([binary])
        for stop in tracer:
            if not isinstance(stop, Exec):
                continue
            seen += 1
            symbols = Symbols(LiveBackend(process.pid))
            assert symbols.images[0].path == binary
            assert symbols.resolve("main")
            assert symbols.loader is None
            hook = symbols.debug_hook()
            assert hook is not None
            assert symbols.describe(hook).symbol == "_dl_debug_state"
            os.kill(process.pid, signal.SIGKILL)
    assert seen == 1


def test_places(program: Program) -> None:
    binary = program("sym_places", flags=("-O0",))
    with waiting(binary) as it:
        symbols = it.symbols
        (main,) = symbols.resolve("main")
        start = symbols.symbol("main")
        assert start is not None
        assert str(symbols.describe(start.address + 4)).startswith("main+4 at ")
        assert str(main).endswith(f"sym_places.c:{main.line}")
        assert symbols.resolve("main+4")[0].address == start.address + 4
        assert symbols.resolve(f"*{start.address:#x}")[0].address == start.address
        assert symbols.resolve("*main")[0].address == start.address
        assert symbols.after_prologue(start.address) == main.address
        assert symbols.is_in_prologue(start.address)
        assert not symbols.is_in_prologue(main.address)
        again = symbols.resolve(f"sym_places.c:{main.line}")
        assert [place.address for place in again] == [main.address]
        matching = symbols.resolve(re.compile("^(main|wait_here)$"))
        assert {place.function for place in matching} == {"main", "wait_here"}
        assert symbols.describe(0x10).symbol is None
        for bad in ("", "12", " "):
            with pytest.raises(UsageError):
                symbols.resolve(bad)
        data = symbols.symbol("shared")
        assert data is not None
        assert (data.kind, data.size) == ("data", 4)
        assert symbols.name_of(data.address + 2, is_code=False) == "shared+2"
        block = symbols.line_block(main.address)
        assert block is not None
        assert block[0] == main.address
        assert block[3] == main.line


def test_stubs_of_libraries_have_names(program: Program) -> None:
    binary = program("sym_places", flags=("-O0", "-fcf-protection=none"))
    listing = subprocess.run(["objdump", "-d", binary], check=True, capture_output=True, text=True)
    stubs = re.findall(r"^([0-9a-f]+) <(\w+@plt)>:$", listing.stdout, re.MULTILINE)
    assert len(stubs) > 5
    with waiting(binary) as it:
        bias = it.symbols.images[0].bias
        named = [it.symbols.describe(int(address, 16) + bias).symbol for address, _ in stubs]
    assert named == [name for _, name in stubs]
