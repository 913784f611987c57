"""What gdb prints of a program's variables, stacks and places is what we print.

The same stopped process is seen by both at once: C and C++, gcc and clang, with and without
optimization, DWARF 4 and 5.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from seize.errors import SeizeError
from seize.symbols import Frame
from tests.conftest import BUILD, PROGRAMS
from tests.live.gdb_oracle import Oracle, Stop, gdb_at, lines_of

C, CPP = PROGRAMS / "sym_values.c", PROGRAMS / "sym_classes.cc"
BUILDS = [
    (C, "gcc", "-O0", 5),
    (C, "gcc", "-O2", 4),
    (C, "gcc", "-m32", 5),
    (C, "gcc", "-gsplit-dwarf", 4),
    (C, "clang", "-O0", 4),
    (C, "clang", "-O2", 5),
    (CPP, "g++", "-O0", 4),
    (CPP, "g++", "-O2", 5),
    (CPP, "clang++", "-O0", 5),
    (CPP, "clang++", "-O2", 4),
]
# What is evaluated in functions, in all builds or only where nothing is optimized out.
ALWAYS = {
    "scalars": """depth + 1; depth * 2.5; sizeof(long); 'a'; "x"; 7 % -3; 077; 10.0 / 4; (char)98;
        (short)70000; -1 >> 1; 1 << 3; 4294967296; 0xffffffff; depth ? 5 : 6; global;
        &global; origin; origin.y + global; words; words[1]; *words; grid[1][2].x;
        &grid[1][2]; add; &add; *add; main; depth.x; *depth; BLUE; $pc; (enum color)5;
        !depth; ~depth; $sp == $fp; 1 && 0; 5 ^ 3; (enum flags)7; f + d""",
    "aggregates": """text; &text; *text; text[1]; text + 1; &text[1]; numbers; numbers[2];
        *(numbers + 3); same; many; points[0].y; matrix[1]; matrix[1][2]; wide; bits.b;
        bits.d; bits.a + bits.b; number.bytes; sizeof(text); floats; text == full;
        &many[10] - &many[0]""",
    "pointers": "string; *string; string[2]; string + 1; bad; *bad; ops[0]; twice",
    "leaf": "d; text",
    "objects": """pair.one + pair.two; pairs; empty; only; with_virtual; diamond; diamond.b; plain;
        *to_inner; reference + 1; &reference; inner_reference.tag; truth; wide; text;
        nothing; *function; ns::overloaded; (ns::Color)7; sizeof(pair); &pair""",
}
UNOPTIMIZED = {
    "scalars": "letter == 97; ull >> 60; -l % 1000; byte << 4; &l; us + s; (int)3.9",
    "aggregates": "color == GREEN; more; *where; &where->at; *(struct point *)&where->at",
    "pointers": """*to_global; **twice; *null; raw; *raw; (struct node *)raw; *inside; inside - 1;
        plain; unsteady->mode; list->next->next->name; list->letters; list->call;
        &list->points[1]; &*list; list->nothere; list->unnamed.d; (int (*)(int))op""",
    "blocks": "value; sizes; sizes[1]; sizeof(sizes); value + inner * deepest",
    "area": """this; *this; value; mode == on; count; limit; Derived::count; hidden; inner.color;
        ns::first; Color::green; value && false; *(ns::Base *)this; green""",
    "objects": "d.self.self.b; *base; derived->inner; ns::hidden; ns::secret",
    "secret": "more; hidden + n",
}
PLACES = {
    C: """main; leaf; add; twice_of; more_than; recursive; *main+4; sym_values.c:1;
        sym_values.c:add; sym_values.c:5000""",
    CPP: """main; ns::Derived::area; ns::Derived::area(int) const; area; ns::overloaded;
        twice; keep; Derived::area(int, double); overloaded(const char*, int);
        overloaded(char const *,int); ns::fill; fill<int, 3>; ns::Derived::Derived;
        ns::Derived::operator+=; secret; ns::Base::~Base; Pair::sum""",
}
LINE = re.compile(r'Line (\d+) of "(.*)" starts at address (0x\w+).* and ends at (0x\w+)')


def built(source: Path, compiler: str, level: str, version: int) -> str:
    """Compile a program once per source text and flags; return the binary's path."""
    options = ["-w", level, f"-gdwarf-{version}"]
    if compiler in ("clang", "clang++"):
        # Lest gdb shows what is nowhere as what it points to.
        options += ["-fno-vectorize", "-fno-slp-vectorize"]
    digest = hashlib.sha256(source.read_bytes() + repr((compiler, options)).encode()).hexdigest()
    target = BUILD / f"{source.stem}-{compiler}-{digest[:12]}"
    if not target.exists():
        BUILD.mkdir(exist_ok=True)
        partial = target.with_suffix(f".{os.getpid()}")
        command = [compiler, *options, "-o", str(partial), str(source)]
        subprocess.run(command, check=True, timeout=60)
        partial.rename(target)
    return str(target)


def listed(texts: str) -> list[str]:
    return [text.strip() for text in texts.split(";")]


def stops_in(source: Path) -> list[str]:
    lines = source.read_text().splitlines()
    return [f"{source.name}:{n}" for n, line in enumerate(lines, 1) if "stop:" in line]


def around_stops(source: Path) -> list[str]:
    """The lines before, of and after the stops."""
    numbers = [int(where.rpartition(":")[2]) for where in stops_in(source)]
    return [f"{source.name}:{n + more}" for n in numbers for more in (-1, 0, 1)]


@pytest.fixture
def oracle(request: pytest.FixtureRequest) -> Iterator[tuple[Path, str, Oracle]]:
    source, compiler, level, version = request.param
    wanted = {name: listed(texts) for name, texts in ALWAYS.items()}
    if level != "-O2":
        for name, texts in UNOPTIMIZED.items():
            wanted[name] = wanted.get(name, []) + listed(texts)
    binary = built(source, compiler, level, version)
    places = [*listed(PLACES[source]), *around_stops(source)]
    with gdb_at(binary, stops_in(source), wanted, places) as found:
        yield source, level, found


def named(build: tuple[Path, str, str, int]) -> str:
    return "-".join(map(str, build[1:])).replace("--", "-")


@pytest.mark.parametrize("oracle", BUILDS, indirect=True, ids=named)
def test_what_gdb_prints_is_what_we_print(oracle: tuple[Path, str, Oracle]) -> None:
    _, _, gdb = oracle
    differences: list[str] = []
    seen = 0
    for stop in gdb.stops():
        seen += 1
        if seen == 1:
            differences += different_places(gdb, stop)
        differences += different_stop(stop)
    assert seen >= 5
    assert not differences, "\n".join(differences)


def different_places(gdb: Oracle, stop: Stop) -> list[str]:
    """Where breakpoints go."""
    found = []
    program = stop.symbols.images[0]
    for where, theirs in gdb.places.items():
        places = stop.symbols.resolve(where)
        ours = sorted({p.address - program.bias for p in places if p.image is program})
        if ours != sorted(set(theirs)):
            found.append(f"{where}: {[hex(a) for a in theirs]} / {[hex(a) for a in ours]}")
    return found


def different_stop(stop: Stop) -> list[str]:
    """The stack, the variables of its frames, expressions in them, the line."""
    found = []
    theirs = [line for line in stop.gdb["bt"].splitlines() if line.startswith("#")]
    frames = [frame for frame, _ in zip(stop.stack, theirs, strict=False)]
    ours = [f"#{frame.level:<3}{frame}" for frame in frames]
    found += compared("bt", theirs, ours)
    for frame, gdb in zip(frames, stop.gdb["frames"], strict=True):
        what = f"in {frame.function}"
        arguments = [(name, value.format()) for name, value, _ in frame.parameters()]
        args = lines_of(arguments, "No arguments.")
        found += compared(what, sorted(gdb["args"].splitlines()), args)
        variables = lines_of([(n, v.format()) for n, v in frame.variables()], "No locals.")
        found += compared(what, sorted(gdb["locals"].splitlines()), variables)
        for text, answer in gdb["values"].items():
            said = re.sub(r"^\$\d+ = ", "", answer.rstrip("\n"))
            found += compared(f"{what}: {text}", [said], [evaluated(frame, text)])
    match = LINE.match(stop.gdb["line"])
    assert match is not None, stop.gdb["line"]
    block = stop.symbols.line_block(frames[0].pc)
    told = (int(match[3], 16), int(match[4], 16), match[2], int(match[1]))
    return found + compared("line", [str(told)], [str(block)])


def evaluated(frame: Frame, text: str) -> str:
    try:
        value = str(frame.evaluate(text))
    except SeizeError as error:
        return f"error: {error}"
    # gdb refuses to print what we print as an error.
    return re.sub(r"^<error: (.*)>$", r"error: \1", value)


def compared(what: str, theirs: list[str], ours: list[str]) -> list[str]:
    return [] if theirs == ours else [f"{what}\n  gdb:  {theirs}\n  ours: {ours}"]
