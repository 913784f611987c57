"""Real programs under ``strace -f -v`` and ``seize trace -f -v``: how many lines are the same.

Programs of one order of events are compared line by line.  Of those whose threads race, two runs
of one tracer differ already: there a line is the same when one of its shape (every number and
address masked) is in the other log, and the calls whose number doesn't depend on scheduling are
counted.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.live.trace_log import Log, read_log
from tests.parity.harness import (
    HERE,
    SEIZE,
    STRACE,
    align,
    end,
    joined,
    launch,
    reason,
    wait,
)

SECONDS = 100
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?\b")
ADDRESS = re.compile(r"0x[0-9a-f]{5,}")
TIMES = re.compile(
    r"((?:tv_n?u?sec|[ru][su]_\w+|st_[amc]time(?:_nsec)?|si_[us]time)=)\d+(?: /\* [^*]+ \*/)?"
)
VARYING = re.compile(
    r"((?:st_ino|f_bfree|f_bavail|f_ffree|f_files|d_ino|d_off|st_dev|uptime|freeram|bufferram|procs)=)"
    r"[^,}]+"
)
LOADS = re.compile(r"loads=\[[^]]*\]")
RANDOM = re.compile(r'(getrandom\()"[^"]*"')
# git makes its names of eight bytes of /dev/urandom.
RANDOM_BYTES = re.compile(r'(read\(\d+, )"(?:[^"\\]|\\.)*"(, 8\) = 8)')
TEMPORARY = re.compile(r"/cc\w{6}\b|tmp_obj_\w{6}|/\.git/t\w{6}\b")
FUTEX = re.compile(r"(futex\(.*\) = ).*")
PARENT = re.compile(r"(getppid\(\) = )\d+")
MORE_EVENTS = re.compile(r"(?:, \{events=[^{}]*\{[^{}]*\}\})+\]")


@dataclass
class Figures:
    """What one comparison found; ``different`` pairs strace's line with ours ("" for none).

    ``lost`` is what doesn't fit together within a log, ``fewer`` the calls that strace saw more
    often: a program may make one more by itself, but hardly the same one twice.
    """

    name: str
    total: int = 0
    same: int = 0
    listed: int = 0
    different: list[tuple[str, str]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    fewer: list[str] = field(default_factory=list)

    @property
    def percent(self) -> float:
        """The share of lines that are identical, or differ by a listed reason."""
        return 100 * (self.same + self.listed) / max(self.total, 1)

    def __str__(self) -> str:
        return (
            f"{self.name:10} {self.total:6} lines, {self.same} identical, {self.listed} listed: "
            f"{self.percent:.2f} %; lost: {', '.join(self.lost + self.fewer) or 'none'}"
        )


@dataclass(frozen=True)
class Real:
    """One program: its ``run`` gives the log of a tracer; ``steady`` calls if threads race."""

    name: str
    run: Callable[[list[str], Path], str]
    steady: tuple[str, ...] = ()


def environment(home: Path) -> dict[str, str]:
    """The same few variables for both tracers."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LC_ALL": "C",
        "TZ": "UTC",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }


def start(
    tracer: list[str], log: Path, command: list[str], folder: Path
) -> subprocess.Popen[bytes]:
    """Start a command under a tracer, in a session of its own."""
    options = ["-f", "-v", "-o", str(log)]
    return launch(["setarch", "-R", *tracer, *options, *command], folder, environment(folder))


def finish(process: subprocess.Popen[bytes]) -> None:
    """Wait for the end; a failure is one."""
    errors = wait(process, SECONDS)
    if process.returncode:
        end(process)
        raise AssertionError(f"exit status {process.returncode}: {errors}")


def command(*words: str, prepare: Callable[[Path], None] | None = None) -> Callable[..., str]:
    """A program that just runs: its log."""

    def run(tracer: list[str], place: Path) -> str:
        folder = _fresh(place)
        if prepare is not None:
            prepare(folder)
        log = place / "log"
        finish(start(tracer, log, list(words), folder))
        return log.read_text(errors="surrogateescape")

    return run


def _fresh(place: Path) -> Path:
    shutil.rmtree(place, ignore_errors=True)
    folder = place / "folder"
    folder.mkdir(parents=True)
    return folder


def _source(folder: Path) -> None:
    (folder / "hello.c").write_text(
        '#include <stdio.h>\nint main(void) { return puts("hi") < 0; }\n'
    )


def _files(folder: Path) -> None:
    tree = folder / "tree"
    for number in range(40):
        path = tree / f"d{number % 5}" / f"file{number}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes([number]) * (number * 997))
        os.utime(path, (1_600_000_000, 1_600_000_000))


_GIT = (
    "export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1; "
    "export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b; "
    "export GIT_AUTHOR_DATE='1600000000 +0000' "
    "GIT_COMMITTER_DATE='1600000000 +0000'; "
    "git init -q . && git add tree && git commit -q -m first && git status && git log -p -1 --stat"
)

# Without a compressor behind a pipe, whose reads would vary with the speed of both.
_TAR = "tar cf tree.tar tree && mkdir new && tar xf tree.tar -C new && tar tvf tree.tar"


def busy_net(tracer: list[str], place: Path) -> str:
    """The threaded network program."""
    folder = _fresh(place)
    binary = folder / "busy_net"
    source = HERE / "real" / "busy_net.c"
    subprocess.run(["gcc", "-O1", "-pthread", "-o", str(binary), str(source)], check=True)
    log = place / "log"
    finish(start(tracer, log, [str(binary)], folder))
    return log.read_text(errors="surrogateescape")


def redis(tracer: list[str], place: Path) -> str:
    """A Redis server under the load of redis-benchmark, on loopback."""
    folder = _fresh(place)
    log = place / "log"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    settings = ["--bind", "127.0.0.1", "--port", port, "--save", "", "--dir", str(folder)]
    server = start(tracer, log, ["redis-server", *settings], folder)
    try:
        _until_it_answers(int(port), server)
        load = ["redis-benchmark", "-p", port, "-n", "1500", "-c", "8", "-t", "set,get,lpush", "-q"]
        subprocess.run(load, check=True, timeout=SECONDS, stdout=subprocess.DEVNULL)
        with socket.create_connection(("127.0.0.1", int(port))) as connection:
            connection.sendall(b"SHUTDOWN NOSAVE\r\n")
        finish(server)
    finally:
        end(server)
        server.communicate()
    return log.read_text(errors="surrogateescape")


def _until_it_answers(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the server doesn't answer")


BUSY_STEADY = (
    *("socket", "connect", "sendto", "sendmsg", "recvmsg", "bind", "listen", "clone3"),
    *("madvise", "eventfd2", "timerfd_create", "timerfd_settime", "memfd_create", "prctl"),
    *("epoll_create1", "shutdown", "wait4", "fork", "clone", "setsockopt", "exit", "execve"),
)
PROGRAMS = (
    Real("gcc", command("gcc", "-O1", "-o", "hello", "hello.c", prepare=_source)),
    Real("python3", command(sys.executable, "-c", "import json, socket, subprocess")),
    Real("git", command("sh", "-c", _GIT, prepare=_files)),
    Real("tar", command("sh", "-c", _TAR, prepare=_files)),
    Real("busy_net", busy_net, BUSY_STEADY),
    Real("redis", redis, ("socket", "bind", "listen", "clone3", "execve", "exit_group")),
)


def light(line: str) -> str:
    """A line without times, inodes, and names that are made up in each run."""
    line = TIMES.sub(r"\1N", line)
    line = VARYING.sub(r"\1N", line)
    line = LOADS.sub("loads=[N]", line)
    line = RANDOM.sub(r"\1RANDOM", line)
    line = RANDOM_BYTES.sub(r"\1RANDOM\2", line)
    line = PARENT.sub(r"\1PARENT", line)
    return TEMPORARY.sub("TEMPORARY", line)


def shape(line: str) -> str:
    """A line without any number, without how many events were ready, and who won a race."""
    line = FUTEX.sub(r"\1RESULT", line)
    return MORE_EVENTS.sub("]", NUMBER.sub("N", ADDRESS.sub("ADDRESS", light(line))))


def compare(program: Real, place: Path) -> Figures:
    """Run a program under both tracers, and compare."""
    theirs, ours = program.run(STRACE, place), program.run(SEIZE, place)
    shutil.rmtree(place, ignore_errors=True)
    figures = Figures(program.name)
    figures.lost = read_log(ours).problems
    figures.lost += [f"strace's own log: {problem}" for problem in read_log(theirs).problems]
    if program.steady:
        _racing(program, theirs, ours, figures)
    else:
        _in_order(program, theirs, ours, figures)
    return figures


def _in_order(program: Real, theirs: str, ours: str, figures: Figures) -> None:
    """Thread by thread, line by line."""
    left, right = joined(theirs), joined(ours)
    if len(left) != len(right):
        figures.lost.append(f"{len(left)} threads of strace's, {len(right)} of ours")
    for one, other in zip(left, right, strict=False):
        for pair in align([light(line) for line in one], [light(line) for line in other]):
            tell(program, figures, *pair)
    for name, count in (_calls(theirs) - _calls(ours)).items():
        figures.fewer.append(f"{count} {name}")


def _calls(log: str) -> Counter[str]:
    return read_log(log).calls


def tell(program: Real, figures: Figures, theirs: str, ours: str) -> None:
    """Count two lines that belong together; one of them may be missing."""
    figures.total += 1
    if theirs == ours:
        figures.same += 1
    elif reason(program.name, theirs, ours) is not None:
        figures.listed += 1
    else:
        figures.different.append((theirs, ours))


def _racing(program: Real, theirs: str, ours: str, figures: Figures) -> None:
    """By the shapes of lines, both ways, and by the counts of what doesn't race."""
    left = Counter(shape(line) for thread in joined(theirs) for line in thread)
    right = Counter(shape(line) for thread in joined(ours) for line in thread)
    for own, other, ours_first in ((left, right, False), (right, left, True)):
        for line, count in own.items():
            figures.total += count
            if line in other:
                figures.same += count
                continue
            pairs = (("", line) if ours_first else (line, "") for _ in range(count))
            figures.different.extend(pairs)
    expected, found = read_log(theirs), read_log(ours)
    figures.fewer += _missing(program.steady, expected, found)


def _missing(steady: tuple[str, ...], expected: Log, found: Log) -> list[str]:
    return [
        f"{name}: {found.calls[name]} of {expected.calls[name]}"
        for name in steady
        if found.calls[name] != expected.calls[name]
    ]


def main() -> int:
    """Compare the programs named by the arguments (all by default), and print the figures."""
    import tempfile

    worst = 100.0
    for program in PROGRAMS:
        if sys.argv[1:] and program.name not in sys.argv[1:]:
            continue
        with tempfile.TemporaryDirectory() as place:
            figures = compare(program, Path(place) / "place")
        print(figures)
        for theirs, ours in figures.different[:40]:
            print(f"  strace {theirs[:300]}\n  seize  {ours[:300]}")
        worst = min(worst, 0.0 if figures.lost or figures.fewer else figures.percent)
    return 0 if worst >= 98 else 1


if __name__ == "__main__":
    sys.exit(main())
