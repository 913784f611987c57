"""Run by gdb: stops at breakpoints, tells what it sees at each, and waits to be told to go on.

What it tells is JSON, one stop on a line, written to the file descriptor SEIZE_OUT; a line of
SEIZE_IN continues.  The breakpoints and the expressions to print come in SEIZE_STOPS.
"""

import json
import os

import gdb  # type: ignore[import-not-found,import-untyped,unused-ignore]

GENERAL = (
    *("rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12"),
    *("r13", "r14", "r15", "rip", "cs", "fs_base", "gs_base"),
)


GENERAL_32 = ("eax", "ebx", "ecx", "edx", "esi", "edi", "ebp", "esp", "eip")


def said(command: str) -> str:
    """What gdb answers to a command, errors too."""
    try:
        return str(gdb.execute(command, to_string=True))
    except gdb.error as error:
        return f"error: {error}"


def number(name: str) -> int:
    return int(gdb.parse_and_eval(f"(unsigned long)${name}"))


def vector(index: int) -> str:
    halves = [int(gdb.parse_and_eval(f"$xmm{index}.v2_int64[{half}]")) for half in (1, 0)]
    return "".join(f"{half & (1 << 64) - 1:016x}" for half in halves)


def places_of(where: str) -> list[int]:
    """The addresses at which gdb puts a breakpoint."""
    before = {breakpoint.number for breakpoint in gdb.breakpoints()}
    said(f"tbreak {where}")
    fresh = [breakpoint for breakpoint in gdb.breakpoints() if breakpoint.number not in before]
    if not fresh:
        return []
    (made,) = fresh
    found = sorted(location.address for location in made.locations)
    made.delete()
    return found


def stop(expressions: dict[str, list[str]]) -> dict[str, object]:
    """Everything about the stop."""
    is_long = "x86-64" in gdb.selected_frame().architecture().name()
    registers = {name: number(name) for name in (GENERAL if is_long else GENERAL_32)}
    vectors = [vector(index) for index in range(16 if is_long else 8)]
    line = said("info line *$pc")
    frames = []
    depth = said("bt").count("\n#") + 1
    for level in range(depth):
        said(f"frame {level}")
        name = gdb.selected_frame().name() or ""
        found = {"args": said("info args"), "locals": said("info locals"), "name": name}
        wanted = expressions.get(name.rpartition("::")[2].partition("(")[0], [])
        found["values"] = {text: said(f"print {text}") for text in wanted}
        frames.append(found)
    return {
        "pid": gdb.selected_inferior().pid,
        "registers": registers,
        "vectors": vectors,
        "bt": said("bt"),
        "line": line,
        "frames": frames,
    }


def main() -> None:
    wanted = json.loads(os.environ["SEIZE_STOPS"])
    out, into = os.fdopen(int(os.environ["SEIZE_OUT"]), "w"), os.fdopen(int(os.environ["SEIZE_IN"]))
    for setting in (
        "pagination off",
        "confirm off",
        "width 0",
        "breakpoint pending off",
        "debuginfod enabled off",
    ):
        said(f"set {setting}")
    said("set startup-with-shell off")
    said("disable pretty-printer")
    places = {where: places_of(where) for where in wanted["places"]}
    print(json.dumps({"places": places}), file=out, flush=True)
    into.readline()
    for where in wanted["breakpoints"]:
        said(f"break {where}")
    said("run")
    while gdb.selected_inferior().pid:
        gdb.execute("frame 0", to_string=True)
        print(json.dumps(stop(wanted["expressions"])), file=out, flush=True)
        into.readline()
        said("continue")
    print(json.dumps({"end": True}), file=out, flush=True)


main()
