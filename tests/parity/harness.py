"""Run a program under strace and under seize, and compare the two logs line by line.

A program is ``programs/NAME.c``.  Comment lines at its top may say ``// options: -v`` (for both
tracers), ``// bits: 64`` (or 32; both is usual) and ``// libs: -lrt``.  What comes before its
``run()`` isn't compared.  Lines are compared thread by thread, with calls that were cut by
another thread put together again, pids numbered and stack addresses masked.

A difference that is right is listed in ``differences/*.toml``::

    [[difference]]
    reason = "strace 6.1 doesn't know this flag"     # why ours is right
    programs = ["mmap*"]                             # where (default: everywhere)
    strace = '0x100000 /\\* MAP_\\?\\?\\? \\*/'           # regular expressions: what strace has,
    seize = 'MAP_FIXED_NOREPLACE'                    # and what we have in its place

The rest of the two lines must be the same.  An empty ``strace`` or ``seize`` pattern is not
allowed; ``lines = true`` says that the whole line is on one side only, where the other pattern
is left out.
"""

from __future__ import annotations

import contextlib
import difflib
import fnmatch
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
PROGRAMS = HERE / "programs"
BUILD = PROGRAMS / ".build"
BEGINS = "close(-2141)"
SECONDS = 30

_HEADER = re.compile(r"// (options|bits|libs): *(.*)")
_LINE = re.compile(r"(\d+) +(.*)")
_CUT = " <unfinished ...>"
_RESUMED = re.compile(r"<\.\.\. (\w+) resumed>")
STACK = re.compile(r"0x7ffffff[0-9a-f]{5}\b|0xffff[0-9a-f]{4}\b")

INODE = re.compile(
    r"(\b(?:socket|pipe|[A-Z][A-Za-z0-9-]+):\[|(?<=INODE)->|"
    r"\\x73\\x6f\\x63\\x6b\\x65\\x74\\x3a\\x5b)(?:\d{3,}|(?:\\x3\d)+)(?=[],\\-])"
)
ALIGNED = re.compile(r"\) +=(?= )")
PORT = re.compile(r"((?:127\.0\.0\.1|\[::1\]):)\d{5}(?=->|\])")


@dataclass(frozen=True)
class Program:
    """One program of the corpus, for one ABI."""

    name: str
    bits: int
    options: tuple[str, ...] = ()
    libs: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}-{self.bits}"


@dataclass
class Comparison:
    """What the comparison of two logs gave; ``unlisted`` are pairs of strace's and our line."""

    identical: int = 0
    listed: Counter[str] = field(default_factory=Counter)
    unlisted: list[tuple[str, str]] = field(default_factory=list)

    @property
    def lines(self) -> int:
        """The number of lines that were compared."""
        return self.identical + sum(self.listed.values()) + len(self.unlisted)

    def add(self, other: Comparison) -> None:
        """Count another comparison's lines in."""
        self.identical += other.identical
        self.listed.update(other.listed)
        self.unlisted.extend(other.unlisted)


@dataclass(frozen=True)
class Difference:
    """A difference that is as it should be."""

    reason: str
    strace: re.Pattern[str] | None
    seize: re.Pattern[str] | None
    programs: tuple[str, ...]

    def concerns(self, program: str) -> bool:
        """Whether it may appear in this program."""
        return any(fnmatch.fnmatchcase(program, pattern) for pattern in self.programs)


def corpus(patterns: tuple[str, ...] = ("*",)) -> list[Program]:
    """Every program whose name matches, once for each ABI."""
    found = []
    for path in sorted(PROGRAMS.glob("*.c")):
        if not any(fnmatch.fnmatchcase(path.stem, pattern) for pattern in patterns):
            continue
        said = dict(_headers(path))
        options, libs = (tuple(said.get(word, "").split()) for word in ("options", "libs"))
        for bits in said.get("bits", "64 32").split():
            found.append(Program(path.stem, int(bits), options, libs))
    return found


def _headers(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text().splitlines():
        if not line.startswith("//"):
            return
        match = _HEADER.fullmatch(line)
        if match:
            yield match[1], match[2]


def build(program: Program) -> Path:
    """Compile a program once for each text of it; return the binary."""
    source = PROGRAMS / f"{program.name}.c"
    flags = [f"-m{program.bits}", "-O1", "-Wall", "-Werror", "-pthread"]
    headers = [header.read_bytes() for header in sorted(PROGRAMS.glob("*.h"))]
    parts = [source.read_bytes(), *headers, repr(flags).encode()]
    digest = hashlib.sha256(b"".join(parts)).hexdigest()[:12]
    target = BUILD / f"{program}-{digest}"
    if not target.exists():
        BUILD.mkdir(exist_ok=True)
        partial = target.with_suffix(f".{os.getpid()}")
        command = ["gcc", *flags, "-o", str(partial), str(source), *program.libs]
        subprocess.run(command, check=True, timeout=60)
        partial.rename(target)
    return target


def log_of(tracer: list[str], program: Program, options: tuple[str, ...] = ()) -> str:
    """The log that a tracer writes of a program, in a folder made anew at the same place."""
    binary = build(program)
    # Both tracers see the same paths: the folder's name takes part in what is compared.
    place = Path(tempfile.gettempdir()) / f"parity-{os.getpid()}" / str(program)
    shutil.rmtree(place, ignore_errors=True)
    folder = place / "folder"
    folder.mkdir(parents=True)
    log = place / "log"
    tail = ["-f", "-o", str(log), *program.options, *options, str(binary)]
    try:
        _run(["setarch", "-R", *tracer, *tail], folder)
        return log.read_text(errors="surrogateescape")
    finally:
        shutil.rmtree(place, ignore_errors=True)
        with contextlib.suppress(OSError):
            # The last one of those that run side by side can.
            place.parent.rmdir()


def _run(command: list[str], folder: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "TZ": "UTC"}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    process = launch(command, folder, environment)
    errors = wait(process, SECONDS)
    # The program's own status is the tracer's, too.
    if errors and process.returncode:
        raise AssertionError(f"{' '.join(command)}: {errors}")


def launch(
    command: list[str],
    folder: Path,
    environment: dict[str, str],
    stdout: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start a command in a session of its own; its errors are kept, its output if asked for."""
    return subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def wait(process: subprocess.Popen[bytes], seconds: float) -> str:
    """Wait for the end, and return the errors; one that takes too long is killed."""
    try:
        _, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        end(process)
        process.communicate()
        raise
    return errors.decode(errors="replace")


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a tracer's session: a tracee outlives a tracer that failed."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


STRACE = ["strace"]
SEIZE = [sys.executable, "-m", "seize", "trace"]


def threads(log: str) -> list[list[str]]:
    """The lines of each thread from the program's beginning on; masked, cut calls whole."""
    found = _whole(log)
    for first in list(found)[:1]:
        # Looked for before masking: the mark has a number that some process may have, too.
        found[first] = _from_beginning(found[first])
    return _masked(found)


def joined(log: str) -> list[list[str]]:
    """The lines of each thread in the order of their appearance; masked, cut calls whole."""
    return _masked(_whole(log))


def _whole(log: str) -> dict[int, list[str]]:
    """The lines of each thread, cut calls put together."""
    lines: dict[int, list[str]] = {}
    cut: dict[int, str] = {}
    for entry in log.splitlines():
        match = _LINE.fullmatch(entry)
        if match is None:
            raise AssertionError(f"no line of a log: {entry!r}")
        tid, line = int(match[1]), match[2]
        own = lines.setdefault(tid, [])
        if line.endswith(_CUT):
            cut[tid] = line.removesuffix(_CUT)
            continue
        resumed = _RESUMED.match(line)
        if resumed and tid in cut:
            line = cut.pop(tid) + line[resumed.end() :]
        own.append(line)
    for tid, begun in cut.items():
        lines[tid].append(begun + _CUT)
    return lines


def _from_beginning(lines: list[str]) -> list[str]:
    for index, line in enumerate(lines):
        if BEGINS in line:
            return lines[index + 1 :]
    raise AssertionError("the program never began")


def _masked(lines: dict[int, list[str]]) -> list[list[str]]:
    numbers = {str(tid): f"PID{index}" for index, tid in enumerate(lines)}
    pids = re.compile(r"\b(" + "|".join(numbers) + r")\b")
    return [[mask(line, pids, numbers) for line in own] for own in lines.values()]


def mask(line: str, pids: re.Pattern[str], numbers: dict[str, str]) -> str:
    """A line without what differs from run to run."""
    line = pids.sub(lambda found: numbers[found[1]], line)
    line = STACK.sub("STACK", line)
    for _ in range(2):
        # The second time, that of the peer.
        line = INODE.sub(r"\1INODE", line)
    line = PORT.sub(r"\1PORT", line)
    # The result is aligned: how far, depends on what was masked.
    return ALIGNED.sub(") =", line)


@cache
def differences() -> tuple[Difference, ...]:
    """All listed differences."""
    found = []
    for path in sorted((HERE / "differences").glob("*.toml")):
        for entry in tomllib.loads(path.read_text()).get("difference", []):
            found.append(_difference(path.name, entry))
    return tuple(found)


def _difference(where: str, entry: dict[str, object]) -> Difference:
    allowed = {"reason", "programs", "strace", "seize", "lines"}
    patterns = [entry.get("strace"), entry.get("seize")]
    whole = entry.get("lines", False)
    if set(entry) - allowed or not entry.get("reason") or (None in patterns) != whole:
        raise AssertionError(f"{where}: can't be understood: {entry}")
    strace, seize = (re.compile(str(text)) if text else None for text in patterns)
    programs = entry.get("programs", ["*"])
    assert isinstance(programs, list)
    return Difference(str(entry["reason"]), strace, seize, tuple(programs))


used: set[Difference] = set()
"""The listed differences that were met."""


def reason(program: str, theirs: str, ours: str) -> str | None:
    """Why two lines may differ as they do; None if nobody has said."""
    found = _explained(program, theirs, ours)
    used.update(found)
    return "; ".join([one.reason for one in found]) or None


def _explained(program: str, theirs: str, ours: str) -> list[Difference]:
    """The listed differences that make two lines the same."""
    reasons: list[Difference] = []
    for one in differences():
        if not one.concerns(program):
            continue
        if one.strace is None or one.seize is None:
            line, pattern = (ours, one.seize) if one.strace is None else (theirs, one.strace)
            if pattern and pattern.search(line) and "" in (theirs, ours):
                return [one]
            continue
        # Where it appears on both sides, the same mark takes its place.
        if one.strace.search(theirs) and one.seize.search(ours):
            mark = f"«{len(reasons)}»"
            theirs, ours = one.strace.sub(mark, theirs), one.seize.sub(mark, ours)
            reasons.append(one)
            if theirs == ours:
                return reasons
    return []


def compare(program: str, theirs: list[list[str]], ours: list[list[str]]) -> Comparison:
    """Compare the threads of two logs."""
    result = Comparison()
    count = max(len(theirs), len(ours))
    theirs = theirs + [[]] * (count - len(theirs))
    ours = ours + [[]] * (count - len(ours))
    for left, right in zip(theirs, ours, strict=True):
        for pair in align(left, right):
            if pair[0] == pair[1]:
                result.identical += 1
                continue
            why = reason(program, *pair)
            if why is None:
                result.unlisted.append(pair)
            else:
                result.listed[why] += 1
    return result


def align(left: list[str], right: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs of lines that belong together; an empty line stands for a missing one."""
    heads = [[line.partition("(")[0] for line in side] for side in (left, right)]
    matcher = difflib.SequenceMatcher(None, heads[0], heads[1], autojunk=False)
    for _, i, j, k, m in matcher.get_opcodes():
        for step in range(max(j - i, m - k)):
            yield (
                left[i + step] if i + step < j else "",
                right[k + step] if k + step < m else "",
            )


def check(program: Program) -> Comparison:
    """Run a program under both tracers, and compare."""
    theirs = threads(log_of(STRACE, program))
    ours = threads(log_of(SEIZE, program))
    return compare(program.name, theirs, ours)
