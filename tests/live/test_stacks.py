"""``seize trace -k``: the stacks of real programs, beside strace's where strace has them right."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import PROGRAMS
from tests.live.support import run_seize, seize, wait_until

Program = Callable[..., str]
FRAME = re.compile(r" > (.*?)\((?:(\S*)\+0x([0-9a-f]+))?\) \[0x([0-9a-f]+)\](?: (.*):(\d+))?")
BELOW_MAIN = re.compile(r"__libc_start\w*|__libc_init_first|_start|generic_start_main")
WAYS = ("calls", "deep 4", "handler", "altstack", "thread", "exec", "vdso")
"""Arguments of stk_calls, and what calls getppid then."""
CALLERS = ["third", "second", "first"]
NO_TABLES = ("-g0", "-fno-asynchronous-unwind-tables", "-fno-unwind-tables")


def traced(program: str, way: str, *options: str) -> str:
    """The trace of stk_calls going a way, with stacks."""
    done = run_seize("trace", "-f", *(options or ("-k",)), "-e", "quiet=all", program, *way.split())
    assert done.returncode == 0, done.stderr
    return done.stderr


def stacks_of(log: str, call: str = "getppid") -> list[list[str]]:
    """The stack lines that follow each line of a call."""
    found: list[list[str]] = []
    taking = False
    for line in log.splitlines():
        if line.startswith(" > "):
            if taking:
                found[-1].append(line)
            continue
        taking = re.match(rf"(\[pid +\d+\] |\d+ +)?(<\.\.\. )?{call}[( ]", line) is not None
        if taking:
            found.append([])
    return found


def names_of(stack: list[str]) -> list[str]:
    """The functions of a stack up to main, those of the C library's entry points left out."""
    matches = [FRAME.fullmatch(line) for line in stack]
    assert all(matches), stack
    names = [match[2] for match in matches if match is not None]
    ours = [name for name in names if name and not BELOW_MAIN.fullmatch(name)]
    return [name for name in ours if name not in ("__kernel_vsyscall", "start_thread")]


BUILDS: dict[str, tuple[int, tuple[str, ...]]] = {
    "without frame pointers": (64, ("-O2", "-fomit-frame-pointer")),
    "with frame pointers": (64, ("-O2", "-fno-omit-frame-pointer")),
    "not optimised": (64, ("-O0",)),
    "at a fixed place": (64, ("-O2", "-no-pie")),
    "static": (64, ("-O2", "-static", "-DSTATIC")),
    "only .debug_frame": (64, ("-O2", *NO_TABLES[1:])),
    "frame pointers alone": (64, ("-O2", "-fno-omit-frame-pointer", *NO_TABLES)),
    "only dynamic symbols": (64, ("-O2", "-s", "-rdynamic")),
    "32 bits": (32, ("-O2", "-fomit-frame-pointer")),
    "32 bits, static": (32, ("-O2", "-static", "-DSTATIC")),
    "32 bits, frame pointers alone": (32, ("-O2", "-fno-omit-frame-pointer", *NO_TABLES)),
}


@pytest.mark.parametrize("build", BUILDS, ids=str)
def test_the_functions_of_a_stack(program: Program, build: str) -> None:
    bits, flags = BUILDS[build]
    binary = program("stk_calls", bits=bits, flags=flags)
    (stack,) = stacks_of(traced(binary, "calls"))
    leaf, *callers = names_of(stack)
    assert leaf in ("getppid", "__getppid")
    assert callers == [*CALLERS, "main"]
    ((_, *frames),) = [names_of(stack) for stack in stacks_of(traced(binary, "deep 3"))]
    assert frames == ["deep"] * (len(frames) - 1) + ["main"]
    # The innermost call may have become a jump.
    assert len(frames) in (4, 5)


def test_without_tables_and_frame_pointers(program: Program) -> None:
    binary = program("stk_calls", flags=("-O2", "-fomit-frame-pointer", *NO_TABLES))
    (stack,) = stacks_of(traced(binary, "calls"))
    assert names_of(stack)[1:] == [*CALLERS, "main"]


@pytest.mark.parametrize("bits", [64, 32])
@pytest.mark.parametrize("way", ["handler", "altstack"])
def test_from_a_signal_handler_to_what_it_interrupted(
    program: Program, bits: int, way: str
) -> None:
    binary = program("stk_calls", bits=bits, flags=("-O2",))
    log = traced(binary, way)
    (stack,) = stacks_of(log)
    names = names_of(stack)
    assert names[1:5] == [*CALLERS, "on_signal"]
    assert names[-3:] == ["send", "handle", "main"]
    # The signal was delivered where the interrupted part of that stack is.
    delivered = log[log.index("--- SIGUSR1") :].splitlines()[1:]
    interrupted = list(itertools.takewhile(lambda line: line.startswith(" > "), delivered))
    assert len(interrupted) >= 5
    assert stack[-len(interrupted) :] == interrupted


@pytest.mark.parametrize("bits", [64, 32])
def test_a_thread(program: Program, bits: int) -> None:
    binary = program("stk_calls", bits=bits, flags=("-O2",))
    (stack,) = stacks_of(traced(binary, "thread"))
    assert names_of(stack)[1:5] == [*CALLERS, "worker"]
    assert "main" not in names_of(stack)


def test_code_of_the_kernel(program: Program) -> None:
    binary = program("stk_calls", flags=("-O2",))
    (stack,) = stacks_of(traced(binary, "vdso"), "clock_gettime")
    assert stack[0].startswith(" > [vdso](")
    assert "clock_gettime" in stack[0]
    assert names_of(stack)[-1] == "main"


def test_code_that_was_made_at_run_time(program: Program) -> None:
    binary = program("stk_calls", flags=("-O2",))
    (stack,) = stacks_of(traced(binary, "made"))
    assert len(stack) == 1
    assert re.fullmatch(r" > unexpected_backtracing_error \[0x[0-9a-f]+\]", stack[0])


@pytest.mark.parametrize("options", [(), ("-e", "trace=getppid"), ("--seccomp-bpf",)], ids=str)
def test_libraries_at_the_same_place(program: Program, options: tuple[str, ...]) -> None:
    shared = ("-O2", "-shared", "-fPIC")
    libraries = [
        program("stk_library", flags=(*shared, f"-DOUTER=outer{name}", f"-DINNER=inner{name}"))
        for name in ("A", "B")
    ]
    binary = program("stk_calls", flags=("-O2",))
    log = traced(binary, " ".join(("load", *libraries)), "-k", *options)
    first, second = (names_of(stack) for stack in stacks_of(log))
    assert first[1:] == ["innerA", "outerA", "entry", "main"]
    assert second[1:] == ["innerB", "outerB", "entry", "main"]


def test_execve_has_the_stack_of_its_caller(program: Program) -> None:
    binary = program("stk_calls", flags=("-O2",))
    log = traced(binary, "exec")
    launch, again = stacks_of(log, "execve")
    # The command was started by us: its first stack is that of the new program.
    assert len(launch) == 1
    assert re.match(r" > \S+/ld-linux", launch[0])
    assert names_of(again) == ["execve", "execl", "main"]
    (stack,) = stacks_of(log)
    assert names_of(stack)[1:] == [*CALLERS, "main"]


def test_a_call_that_is_not_shown_leaves_no_stack(program: Program) -> None:
    binary = program("stk_calls", flags=("-O2",))
    log = traced(binary, "refused", "-k", "-z", "-e", "trace=execve,getppid")
    assert len(stacks_of(log, "execve")) == 1
    (stack,) = stacks_of(log)
    assert names_of(stack)[1:] == [*CALLERS, "main"]


def test_a_process_that_was_there_before(program: Program, tmp_path: Path) -> None:
    binary, log = program("stk_calls", flags=("-O2",)), tmp_path / "log"
    log.touch()
    options = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([binary, "wait"], **options) as process:  # type: ignore[call-overload]
        assert process.stdout.readline() == b"ready\n"
        with seize("trace", "-k", "-o", str(log), "-p", str(process.pid)) as tracer:
            wait_until(lambda: "read(0" in log.read_text())
            process.stdin.close()
            tracer.communicate(timeout=30)
    for call, callers in (("read", ["main"]), ("getppid", [*CALLERS, "main"])):
        stack = stacks_of(log.read_text(), call)[-1]
        assert names_of(stack)[-len(callers) :] == callers


def test_the_last_stack_of_a_thread(program: Program) -> None:
    binary = program("stk_calls", flags=("-O2",))
    lines = run_seize("trace", "-k", "-e", "trace=exit_group", binary).stderr.splitlines()
    ended = lines.index("+++ exited with 0 +++")
    assert lines[ended - 1].startswith("exit_group(0)")
    assert re.match(r" > \S+\(_exit\+0x", lines[ended + 1])
    done = run_seize("trace", "-k", "-e", "trace=kill", binary, "killed")
    assert done.returncode == -9
    # Whoever is killed has no more stack to show.
    assert done.stderr.splitlines()[-1] == "+++ killed by SIGKILL +++"


@pytest.mark.parametrize("limit", [1, 10, 256])
def test_a_limit_of_frames(program: Program, limit: int) -> None:
    binary = program("stk_calls", flags=("-O2",))
    options = ("-k",) if limit == 256 else ("-k", f"--stack-trace-frame-limit={limit}")
    (stack,) = stacks_of(traced(binary, "deep 300", *options))
    assert stack[limit:] == [" > too many stack frames"]
    assert names_of(stack[1:limit]) == ["deep"] * (limit - 1)


def test_a_deep_stack_to_its_end(program: Program) -> None:
    binary = program("stk_calls", flags=("-O2",))
    options = ("-k", "--stack-trace-frame-limit=100000", "-e", "trace=getppid")
    (stack,) = stacks_of(traced(binary, "deep 20000", *options))
    assert names_of(stack)[-1] == "main"
    assert 20000 <= len(names_of(stack)) <= 20003


def test_a_program_that_removes_itself(program: Program, tmp_path: Path) -> None:
    binary = str(tmp_path / "removed")
    shutil.copy(program("stk_calls", flags=("-O2",)), binary)
    (stack,) = stacks_of(traced(binary, "deleted"))
    assert names_of(stack)[1:] == [*CALLERS, "main"]


# ---------------------------------------------------------------------- source lines


@pytest.mark.parametrize("version", [4, 5])
@pytest.mark.parametrize("bits", [64, 32])
def test_source_lines(program: Program, version: int, bits: int) -> None:
    binary = program("stk_calls", bits=bits, flags=("-O0", f"-gdwarf-{version}"))
    source = PROGRAMS / "stk_calls.c"
    text = source.read_text().splitlines()
    (stack,) = stacks_of(traced(binary, "calls", "-kk"))
    lines = {}
    for line in stack:
        match = FRAME.fullmatch(line)
        assert match is not None
        if match[5] == str(source):
            lines[match[2]] = text[int(match[6]) - 1].strip()
    assert lines == {
        "third": "sink = getppid() + room[sink & 1];",
        "second": "third();",
        "first": "second();",
        "main": "first();",
    }
    plain = stacks_of(traced(binary, "calls", "-k"))[0]
    assert plain == [re.sub(r"\] \S+:\d+$", "]", line) for line in stack]


def test_a_separate_debug_file(program: Program, tmp_path: Path) -> None:
    whole, debug = program("stk_calls", flags=("-O2",)), tmp_path / "binary.debug"
    binary = tmp_path / "binary"
    subprocess.run(["objcopy", "--only-keep-debug", whole, debug], check=True)
    link = f"--add-gnu-debuglink={debug}"
    subprocess.run(["objcopy", "--strip-all", link, whole, binary], check=True)
    (stack,) = stacks_of(traced(str(binary), "calls", "-kk"))
    assert names_of(stack)[1:] == [*CALLERS, "main"]
    assert re.search(r"\(third\+0x[0-9a-f]+\) \[0x[0-9a-f]+\] \S+/stk_calls\.c:\d+$", stack[1])
    debug.unlink()
    (stack,) = stacks_of(traced(str(binary), "calls", "-kk"))
    assert "third" not in names_of(stack)
    assert len(stack) >= 7


# ---------------------------------------------------------------------- beside strace


@pytest.mark.parametrize("way", [way for way in WAYS if way not in ("vdso", "thread")])
@pytest.mark.parametrize("build", ["without frame pointers", "with frame pointers"])
def test_the_same_frames_as_strace(program: Program, tmp_path: Path, build: str, way: str) -> None:
    """The places are all the same; so are the names, but where strace's guess is wrong.

    Strace takes the exported function before a place, however far away; so only the names in
    the program itself, which has all of its symbols, are compared.
    """
    binary = program("stk_calls", flags=BUILDS[build][1])
    log = tmp_path / "log"
    command = ["strace", "-f", "-k", "-o", str(log), binary, *way.split()]
    subprocess.run(command, check=True, timeout=30)
    theirs = [line for line in log.read_text().splitlines() if line.startswith(" > ")]
    ours = [line for line in traced(binary, way).splitlines() if line.startswith(" > ")]
    assert [place(line) for line in ours] == [place(line) for line in theirs]
    assert [line for line in ours if binary in line] == [line for line in theirs if binary in line]


def test_names_of_cpp(program: Program, tmp_path: Path) -> None:
    binary, log = program("stk_mangled", flags=("-O1",)), tmp_path / "log"
    subprocess.run(["strace", "-k", "-o", str(log), binary], check=True, timeout=30)
    theirs, ours = (
        [line for line in text.splitlines() if line.startswith(f" > {binary}")]
        for text in (log.read_text(), run_seize("trace", "-k", binary).stderr)
    )
    assert ours == theirs
    for name in ("ns::inner(int, char const*)+", "outer()+", "_Zebra+"):
        assert any(f"({name}" in line for line in ours), name


def place(line: str) -> tuple[str, str]:
    """The file and the address of a frame."""
    match = FRAME.fullmatch(line)
    assert match is not None, line
    return match[1], match[4]


# ---------------------------------------------------------------------- JSON


def test_stacks_in_json(program: Program, tmp_path: Path) -> None:
    import jsonschema

    import seize.strace

    binary = program("stk_calls", flags=("-O2",))
    log = tmp_path / "log.json"
    options = ("-kk", "--format", "json", "-o", str(log))
    done = run_seize("trace", *options, binary, "handler")
    assert done.returncode == 0
    events = [json.loads(line) for line in log.read_text().splitlines()]
    schema = json.loads((Path(seize.strace.__file__).parent / "schema.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    for event in events:
        validator.validate(event)
        assert ("stack" in event) == (event["type"] in ("syscall", "signal"))
    (call,) = (event for event in events if event.get("name") == "getppid")
    frame = call["stack"][1]
    assert frame["file"] == binary
    assert frame["function"] == "third"
    assert frame["source"] == str(PROGRAMS / "stk_calls.c")
    # The text again: the same stacks, at the same lines.
    text = run_seize("trace", "-kk", binary, "handler").stderr
    again = run_seize("render", str(log)).stdout
    assert shape(again) == shape(text)


def shape(text: str) -> list[str]:
    """The stack lines whole, of the others only what call or event they are."""
    lines = text.splitlines()
    return [line if line.startswith(" > ") else re.split(r"[( ]", line)[0] for line in lines]
